package objectstorage

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

func byteRange(offset, length int64) string {
	end := ""
	if length > 0 {
		end = strconv.FormatInt(offset+length-1, 10)
	}
	return "bytes=" + strconv.FormatInt(offset, 10) + "-" + end
}

// readRange takes the place of the content from the answer to a request for a
// range, and makes sure that it is the one that was asked for.
func (c *Content) readRange(resp *http.Response, offset, length int64) error {
	err := c.parseRange(resp)
	if err == nil && (offset >= 0 && c.Offset != offset || offset < 0 && c.Length > -offset || length > 0 && c.Length > length) {
		err = errors.New("the service answered with another range")
	}
	if err != nil {
		return &nhncloud.Error{
			Operation: c.request.Operation, StatusCode: resp.StatusCode, Message: err.Error(), Err: nhncloud.ErrBadAnswer,
		}
	}
	return nil
}

func (c *Content) parseRange(resp *http.Response) error {
	if resp.StatusCode != http.StatusPartialContent {
		if resp.ContentLength == 0 {
			return nil // an empty object, which has no ranges
		}
		return errors.New("the service ignored the range")
	}
	place := strings.TrimPrefix(resp.Header.Get("Content-Range"), "bytes ")
	first, rest, _ := strings.Cut(place, "-")
	last, size, _ := strings.Cut(rest, "/")
	numbers := [3]int64{}
	for i, text := range []string{first, last, size} {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("the service answered with Content-Range %q", resp.Header.Get("Content-Range"))
		}
		numbers[i] = n
	}
	c.Offset, c.Length, c.Size = numbers[0], numbers[1]-numbers[0]+1, numbers[2]
	if resp.ContentLength >= 0 && resp.ContentLength != c.Length {
		return fmt.Errorf("the service answered with %d bytes for Content-Range %q", resp.ContentLength, resp.Header.Get("Content-Range"))
	}
	return nil
}
