package objectstorage

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

func getObject(c *call) *frame.Reply {
	kind := reading
	if c.Request.Method == http.MethodHead {
		kind = viewing
	}
	o, rep := c.found(kind)
	if rep != nil {
		return rep
	}
	v, rep := c.view(o)
	if rep != nil {
		return rep
	}
	return c.send(v)
}

// view is an object as it is shown: itself, or what its segments make.
type view struct {
	header http.Header
	etag   string
	stamp  time.Time
	parts  []blob.Part
	large  bool // of several segments
	single bool // takes one range alone
	gone   bool // the first of them is gone
}

// view makes the view of an object that a request asks for.
func (c *call) view(o *Object) (view, *frame.Reply) {
	v := view{header: o.header(), etag: o.etag, stamp: o.stamp, parts: []blob.Part{o.data.Whole()}}
	v.header.Set("Etag", o.container.showETag(v.etag))
	raw := c.Query.Get("multipart-manifest") == "get"
	switch {
	case o.slo != nil && raw:
		o.slo.show(&v, c.Query.Get("format") == "raw")
	case o.slo != nil:
		v.etag, v.large = o.slo.etag, true
		v.header.Set("Etag", quoted(v.etag))
		v.header.Set("X-Manifest-Etag", o.etag)
		v.parts = c.segments(o.slo, 0)
	case o.meta.Get("X-Object-Manifest") != "" && !raw:
		rep := c.dynamic(o, &v)
		if rep != nil {
			return view{}, rep
		}
	}
	v.gone = len(v.parts) > 0 && v.parts[0].Blob == nil
	return v, nil
}

// header are the headers that an object is shown with.
func (o *Object) header() http.Header {
	h := o.meta.Clone()
	h.Set("Content-Type", o.contentType)
	h.Set("Last-Modified", lastModified(o.stamp))
	h.Set("X-Timestamp", unixStamp(o.stamp))
	h.Set("Accept-Ranges", "bytes")
	if o.deleteAt != 0 {
		h.Set("X-Delete-At", strconv.FormatInt(o.deleteAt, 10))
	}
	if o.retainUntil != 0 {
		h.Set("X-Object-Worm-Retain-Until", strconv.FormatInt(o.retainUntil, 10))
	}
	if o.slo != nil {
		h.Set("X-Static-Large-Object", "True")
	}
	return h
}

// send answers with an object, or the part of it that is asked for.
func (c *call) send(v view) *frame.Reply {
	rep := &frame.Reply{Status: http.StatusOK, Header: v.header}
	if status := condition(c.Request.Header, v.etag, v.stamp); status != 0 {
		rep.Status = status
		return rep
	}
	parts, size := v.parts, blob.SizeOf(v.parts)
	if c.Request.Method != http.MethodHead {
		if v.gone {
			return errorReply(http.StatusConflict)
		}
		asked := c.Request.Header.Get("Range")
		if v.single && strings.Contains(asked, ",") {
			asked = ""
		}
		spans, ok := blob.Ranges(asked, size)
		switch {
		case !ok:
			failed := errorReply(http.StatusRequestedRangeNotSatisfiable)
			v.header.Set("Content-Range", fmt.Sprintf("bytes */%d", size))
			failed.Header = v.header
			return failed
		case len(spans) == 1:
			rep.Status = http.StatusPartialContent
			v.header.Set("Content-Range", spans[0].Of(size))
			parts = blob.Cut(parts, spans[0].Off, spans[0].N)
		case spans != nil:
			rep.Status = http.StatusPartialContent
			parts = multipart(v.header, parts, spans, size)
		}
	}
	rep.Content = blob.NewContent(parts)
	return rep
}

// condition is the status that the conditions of a request lead to; 0 when
// they are met.
func condition(h http.Header, etag string, changed time.Time) int {
	changed = wholeSecond(changed)
	since, _ := http.ParseTime(h.Get("If-Modified-Since"))
	until, _ := http.ParseTime(h.Get("If-Unmodified-Since"))
	switch none, only := h.Get("If-None-Match"), h.Get("If-Match"); {
	case none != "" && matchesETag(none, etag):
		return http.StatusNotModified
	case only != "" && !matchesETag(only, etag):
		return http.StatusPreconditionFailed
	case !since.IsZero() && !changed.After(since):
		return http.StatusNotModified
	case !until.IsZero() && changed.After(until):
		return http.StatusPreconditionFailed
	}
	return 0
}

func matchesETag(list, etag string) bool {
	for tag := range strings.SplitSeq(list, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || tag != "" && bareETag(tag) == etag {
			return true
		}
	}
	return false
}
