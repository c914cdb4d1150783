package objectstorage

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// byteRange is a range of so many bytes, or of all from the offset on where the
// length is 0.
func byteRange(offset, length int64) string {
	end := ""
	if length > 0 && length <= math.MaxInt64-offset {
		end = strconv.FormatInt(offset+length-1, 10)
	}
	return "bytes=" + strconv.FormatInt(offset, 10) + "-" + end
}

// readRange takes the place of the content from the answer to a request for a
// range, and makes sure that it is the one that was asked for: all of it, and
// nothing else.
func (c *Content) readRange(resp *http.Response, offset, length int64) error {
	err := c.parseRange(resp)
	if err == nil && resp.StatusCode == http.StatusPartialContent {
		first, size := wantedRange(offset, length, c.Size)
		if c.Offset != first || c.Length != size {
			err = fmt.Errorf("the service answered with another range, %s", c.rangeText())
		}
	}
	if err != nil {
		return badAnswer(c.request.Operation, resp, err.Error())
	}
	return nil
}

// wantedRange returns where a range begins in an object of a size, and how long
// it is there.
func wantedRange(offset, length, size int64) (first, count int64) {
	if offset < 0 {
		first = max(0, size+offset)
		return first, size - first
	}
	count = size - offset
	if length > 0 {
		count = min(count, length)
	}
	return offset, count
}

// parseRange reads the place and the size of the content.
func (c *Content) parseRange(resp *http.Response) error {
	if resp.StatusCode != http.StatusPartialContent {
		if resp.ContentLength == 0 && transfer.Same(c.ETag, emptyMD5) {
			return nil // an empty object, which has no ranges
		}
		return errors.New("the service ignored the range")
	}
	place, err := transfer.ContentRange(resp.Header)
	if err != nil {
		return err
	}
	c.Offset, c.Length, c.Size = place.First, place.Last-place.First+1, place.Size
	if resp.ContentLength >= 0 && resp.ContentLength != c.Length {
		return fmt.Errorf("the service answered with %d bytes for the range %s", resp.ContentLength, c.rangeText())
	}
	return nil
}

// rangeText is the range that was read, as a Content-Range has it.
func (c *Content) rangeText() string {
	return fmt.Sprintf("bytes %d-%d/%d", c.Offset, c.Offset+c.Length-1, c.Size)
}
