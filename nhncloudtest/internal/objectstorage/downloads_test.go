package objectstorage_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestConditions(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.object("/box/x", "hello")
	const before, at, after = "Sun, 01 Mar 2026 12:00:00 GMT", "Sun, 01 Mar 2026 12:00:01 GMT", "Sun, 01 Mar 2026 12:00:02 GMT"
	tag := sum("hello")
	for _, c := range []struct {
		header, value string
		status        int
	}{
		{"If-Match", tag, 200},
		{"If-Match", `"` + tag + `"`, 200},
		{"If-Match", "*", 200},
		{"If-Match", `"other", "` + tag + `"`, 200},
		{"If-Match", "other", 412},
		{"If-None-Match", tag, 304},
		{"If-None-Match", "*", 304},
		{"If-None-Match", `"other"`, 200},
		{"If-Modified-Since", before, 200},
		{"If-Modified-Since", at, 304},
		{"If-Modified-Since", "nonsense", 200},
		{"If-Unmodified-Since", before, 412},
		{"If-Unmodified-Since", at, 200},
		{"If-Unmodified-Since", after, 200},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			res := s.want(c.status, method, "/box/x", "", c.header, c.value)
			assert.Equal(t, tag, res.Header.Get("Etag"), "%s: %s", c.header, c.value)
			if c.status != 200 {
				assert.Empty(t, res.Text)
			}
		}
	}
	s.want(412, "PUT", "/box/x", "other", "If-None-Match", "*")
	assert.Equal(t, "If-None-Match only supports *", s.want(400, "PUT", "/box/x", "other", "If-None-Match", tag).Text)
	s.object("/box/new", "other", "If-None-Match", "*")
	assert.Equal(t, "hello", s.want(200, "GET", "/box/x", "").Text)
}

func TestRanges(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.object("/box/x", "0123456789", "Content-Type", "text/plain", "X-Object-Meta-A", "b")
	s.object("/box/empty", "")
	for header, want := range map[string]string{
		"bytes=0-0": "0", "bytes=3-5": "345", "bytes=7-": "789", "bytes=-3": "789", "bytes=0-99": "0123456789", "bytes=-99": "0123456789",
		"bytes= 1-2": "12",
	} {
		res := s.want(206, "GET", "/box/x", "", "Range", header)
		assert.Equal(t, want, res.Text, header)
		assert.Equal(t, fmt.Sprint(len(want)), res.Header.Get("Content-Length"), header)
		first := strings.Index("0123456789", want)
		assert.Equal(t, fmt.Sprintf("bytes %d-%d/10", first, first+len(want)-1), res.Header.Get("Content-Range"), header)
	}
	for _, header := range []string{"bytes=5-3", "bytes=x-", "bytes=-", "lines=1-2", "bytes=3", "bytes=1-x", "bytes=0-1,", "bytes=0-1,3", "bytes=--3"} {
		assert.Equal(t, "0123456789", s.want(200, "GET", "/box/x", "", "Range", header).Text, header)
	}
	for _, header := range []string{"bytes=10-", "bytes=99-100", "bytes=-0"} {
		res := s.want(416, "GET", "/box/x", "", "Range", header)
		assert.Equal(t, "bytes */10", res.Header.Get("Content-Range"))
		assert.Equal(t, "<html><h1>Requested Range Not Satisfiable</h1><p>The Range requested is not available.</p></html>", res.Text)
		assert.Equal(t, "text/plain", res.Header.Get("Content-Type"))
		assert.Equal(t, "b", res.Header.Get("X-Object-Meta-A"))
	}
	s.want(416, "GET", "/box/empty", "", "Range", "bytes=0-")
	s.want(200, "GET", "/box/empty", "", "Range", "bytes=-5")
	s.want(200, "HEAD", "/box/x", "", "Range", "bytes=1-2")
}

func TestRFCETags(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Rfc-Compliant-Etags", "true")
	tag := `"` + sum("x") + `"`
	assert.Equal(t, tag, s.object("/box/x", "x").Header.Get("Etag"))
	assert.Equal(t, tag, s.want(200, "GET", "/box/x", "").Header.Get("Etag"))
	assert.Equal(t, tag, s.want(201, "COPY", "/box/x", "", "Destination", "box/y").Header.Get("Etag"))
	s.object("/box/y", "x", "Etag", tag)
	s.want(304, "GET", "/box/x", "", "If-None-Match", tag)
	s.want(204, "POST", "/box", "", "X-Container-Rfc-Compliant-Etags", "false")
	assert.Equal(t, sum("x"), s.want(200, "GET", "/box/x", "").Header.Get("Etag"))
}
