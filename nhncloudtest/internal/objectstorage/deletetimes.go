package objectstorage

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// lastDeleteAt is the latest time at which an object can expire, in 2286: Swift
// sorts these times as text of ten digits.
const lastDeleteAt = 9_999_999_999

// deleteAt is when the headers of a request say that the object expires; 0
// where they don't.
func (c *call) deleteAt(h http.Header) (int64, *frame.Reply) {
	name, from := "X-Delete-At", int64(0)
	if h["X-Delete-After"] != nil {
		name, from = "X-Delete-After", c.Now.Unix()
	} else if h[name] == nil {
		return 0, nil
	}
	bad := func(format string) (int64, *frame.Reply) {
		return 0, textReply(http.StatusBadRequest, plainType, format, name)
	}
	n, ok := parseSeconds(h.Get(name))
	if !ok {
		return bad("Non-integer %s")
	}
	at := min(max(from+n, 0), lastDeleteAt)
	if !time.Unix(at, 0).After(c.Now) {
		return bad("%s in past")
	}
	return at, nil
}

// parseSeconds reads an integer of any length; what is far beyond all times that
// an object can have is a far time.
func parseSeconds(text string) (int64, bool) {
	text = strings.TrimSpace(text)
	n, err := strconv.ParseInt(text, 10, 48)
	if err == nil {
		return n, true
	}
	digits := strings.TrimLeft(text, "+-")
	if digits == "" || len(text)-len(digits) > 1 || !frame.IsDigits(digits) {
		return 0, false
	}
	if text[0] == '-' {
		return -1 << 47, true
	}
	return 1 << 47, true
}

// stillExpires refuses a deletion that is meant for an object which expires at
// another time.
func (c *call) stillExpires() *frame.Reply {
	const name = "X-If-Delete-At"
	cont, rep := c.target(c.container)
	if rep != nil || c.Request.Header[name] == nil {
		return rep
	}
	want, err := strconv.ParseFloat(strings.TrimSpace(c.Request.Header.Get(name)), 64)
	o := cont.objects[c.object]
	switch {
	case err != nil || math.IsNaN(want) || math.IsInf(want, 0):
		return textReply(http.StatusBadRequest, htmlType, "Bad %s header value", name)
	case o == nil:
		return errorReply(http.StatusNotFound)
	case want != float64(o.deleteAt):
		return textReply(http.StatusPreconditionFailed, htmlType, "%s and X-Delete-At do not match", name)
	}
	return nil
}
