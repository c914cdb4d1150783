package nhncloudtest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

const octetStream = "application/octet-stream"

// size is how many bytes a GET gives, as lists have it: a dynamic manifest
// counts by itself.
func (o *swiftObject) size() int64 {
	if o.slo != nil {
		return o.slo.size
	}
	return o.data.size
}

// keptHeaders are the headers of objects that are kept besides
// X-Object-Meta-….
var keptHeaders = []string{
	"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires", "X-Object-Manifest", "X-Robots-Tag",
}

// metadata takes what is kept out of the headers of a request.
func metadata(h http.Header) http.Header {
	out := http.Header{}
	for k, v := range h {
		if value := strings.Join(v, ","); value != "" && (strings.HasPrefix(k, "X-Object-Meta-") || slices.Contains(keptHeaders, k)) {
			out.Set(k, value)
		}
	}
	return out
}

// target finds the container of the path for somebody who may write into it.
func (c *swiftCall) target(container string) (*swiftContainer, *swiftReply) {
	cont := c.account.containers[container]
	if !c.may(writing, c.account, cont, true) {
		return nil, c.denied()
	}
	if cont == nil {
		return nil, swiftError(http.StatusNotFound)
	}
	return cont, nil
}

// found finds the object of the path for somebody who may read it.
func (c *swiftCall) found(kind access) (*swiftObject, *swiftReply) {
	cont := c.account.containers[c.container]
	if !c.may(kind, c.account, cont, true) {
		return nil, c.denied()
	}
	o := c.account.object(c.container, c.object)
	if o == nil {
		return nil, swiftError(http.StatusNotFound)
	}
	return o, nil
}

// Uploads.

func putObject(c *swiftCall) *swiftReply {
	h := c.req.Header
	switch {
	case h.Get("X-Copy-From") != "" && c.isManifest():
		return swiftText(http.StatusMethodNotAllowed, swiftHTML, "Multipart Manifest PUTs cannot be COPY requests")
	case h.Get("X-Copy-From") != "":
		return copyFrom(c)
	case c.isManifest():
		return putManifest(c)
	case h.Get("X-Static-Large-Object") != "":
		return swiftText(http.StatusBadRequest, swiftHTML, "X-Static-Large-Object is a reserved header. "+
			"To create a static large object add query param multipart-manifest=put.")
	}
	cont, o, rep := c.begin(c.container, c.object, h)
	if rep != nil {
		return rep
	}
	data, sum, rep := c.receive()
	if data == nil {
		return rep
	}
	o.data, o.etag = data, sum
	if want := bareETag(h.Get("Etag")); want != "" && want != sum {
		data.release()
		rep := swiftError(http.StatusUnprocessableEntity)
		rep.header.Set("Last-Modified", lastModified(c.now))
		return rep
	}
	return c.commit(cont, o)
}

// begin checks all that can be checked before the data come, and gives the
// object to be with its metadata.
func (c *swiftCall) begin(container, name string, h http.Header) (*swiftContainer, *swiftObject, *swiftReply) {
	fail := func(rep *swiftReply) (*swiftContainer, *swiftObject, *swiftReply) { return nil, nil, rep }
	bad := func(status int, format string, args ...any) (*swiftContainer, *swiftObject, *swiftReply) {
		return fail(swiftText(status, plainType, format, args...))
	}
	if manifest := h.Get("X-Object-Manifest"); h["X-Object-Manifest"] != nil {
		cont, prefix, _ := strings.Cut(manifest, "/")
		if cont == "" || prefix == "" || strings.ContainsAny(manifest, "?&") || prefix[0] == '/' {
			return fail(swiftText(http.StatusBadRequest, swiftHTML, "X-Object-Manifest must be in the format container/prefix"))
		}
	}
	cont, rep := c.target(container)
	if rep != nil {
		return fail(rep)
	}
	switch none := h.Get("If-None-Match"); {
	case none == "" || c.isCopy():
	case none != "*":
		return bad(http.StatusBadRequest, "If-None-Match only supports *")
	case cont.objects[name] != nil:
		return fail(swiftError(http.StatusPreconditionFailed))
	}
	if !c.isCopy() && !c.isManifest() && c.req.ContentLength > c.srv.objectSizeLimit() {
		return bad(http.StatusRequestEntityTooLarge, "Your request is too large.")
	}
	if !c.isCopy() && c.req.ContentLength == 0 && c.req.Header.Get("Content-Length") == "" && c.req.ProtoMajor == 1 {
		return bad(http.StatusLengthRequired, "Missing Content-Length header.")
	}
	if len(name) > 1024 {
		return bad(http.StatusBadRequest, "Object name length of %d longer than 1024", len(name))
	}
	if rep := checkSwiftMetadata(h, "Object"); rep != nil {
		return fail(rep)
	}
	o := &swiftObject{name: name, contentType: h.Get("Content-Type"), meta: metadata(h)}
	if o.contentType == "" || isTrue(h.Get("X-Detect-Content-Type")) {
		o.contentType = guessType(name)
	}
	if o.deleteAt, rep = c.deleteAt(h); rep != nil {
		return fail(rep)
	}
	if rep := cont.refuses(name); rep != nil {
		return fail(rep)
	}
	if rep := cont.objects[name].locked(c.now); rep != nil {
		return fail(rep)
	}
	return cont, o, nil
}

// deleteAt is when the headers of a request say that the object expires; 0
// where they don't.
func (c *swiftCall) deleteAt(h http.Header) (int64, *swiftReply) {
	bad := func(text string) (int64, *swiftReply) {
		return 0, swiftText(http.StatusBadRequest, plainType, "%s", text)
	}
	now := c.now.Unix()
	if text := h.Get("X-Delete-After"); text != "" {
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 48)
		switch {
		case err != nil:
			return bad("Non-integer X-Delete-After")
		case n <= 0:
			return bad("X-Delete-After in past")
		}
		return now + n, nil
	}
	text := h.Get("X-Delete-At")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 48)
	switch {
	case err != nil:
		return bad("Non-integer X-Delete-At")
	case !time.Unix(n, 0).After(c.now):
		return bad("X-Delete-At in past")
	}
	return n, nil
}

// receive takes the body in, without holding the lock. Without data there is
// a reply, or none when the client broke off.
func (c *swiftCall) receive() (*blob, string, *swiftReply) {
	limit := c.srv.objectSizeLimit()
	return c.keep(io.LimitReader(c.body, limit+1), c.req.ContentLength, limit)
}

// keep makes a blob of what a reader gives.
func (c *swiftCall) keep(src io.Reader, expected, limit int64) (*blob, string, *swiftReply) {
	w := newBlobWriter(c.store.blobs, expected)
	var data *blob
	var sum string
	err := c.outside(func() (err error) {
		if _, err = io.Copy(w, src); err == nil && w.size <= limit {
			data, sum, err = w.finish()
		}
		if data == nil {
			w.discard()
		}
		return err
	})
	switch {
	case errors.Is(err, errNoSpace):
		return nil, "", swiftError(http.StatusInsufficientStorage)
	case err != nil:
		return nil, "", nil
	case data == nil:
		return nil, "", swiftError(http.StatusRequestEntityTooLarge)
	}
	return data, sum, nil
}

// commit makes an uploaded object the current one. What could have changed
// while its data came is checked again.
func (c *swiftCall) commit(cont *swiftContainer, o *swiftObject) *swiftReply {
	refuse := func(rep *swiftReply) *swiftReply {
		o.data.release()
		return rep
	}
	old := cont.objects[o.name]
	switch {
	case c.account.containers[cont.name] != cont:
		return refuse(swiftError(http.StatusNotFound))
	case c.req.Header.Get("If-None-Match") == "*" && old != nil && !c.isCopy():
		return refuse(swiftError(http.StatusPreconditionFailed))
	}
	if rep := old.locked(c.now); rep != nil {
		return refuse(rep)
	}
	if o.deleteAt == 0 {
		o.deleteAt = cont.expiryOf(o.name, c.now)
	}
	if lock := cont.days("X-Container-Worm-Retention-Day"); lock > 0 && o.retainUntil == 0 {
		o.retainUntil = c.now.Add(lock).Unix()
	}
	if rep := c.archive(cont, old); rep != nil {
		return refuse(rep)
	}
	o.stamp = c.store.stamp(c.now)
	c.store.put(cont, o)
	rep := swiftOK(http.StatusCreated)
	rep.header.Set("Last-Modified", lastModified(o.stamp))
	rep.header.Set("Etag", cont.showETag(o.etag))
	if o.slo != nil {
		rep.header.Set("Etag", quoted(o.slo.etag))
	}
	return rep
}

func quoted(s string) string { return `"` + s + `"` }

// showETag is an ETag as the container wants it shown.
func (cont *swiftContainer) showETag(etag string) string {
	if cont.rfcETags() {
		return quoted(etag)
	}
	return etag
}

func bareETag(etag string) string {
	if len(etag) > 1 && etag[0] == '"' && etag[len(etag)-1] == '"' {
		return etag[1 : len(etag)-1]
	}
	return etag
}

// guessedTypes are the content types of names, where the request has none.
var guessedTypes = map[string]string{
	".txt": "text/plain", ".html": "text/html", ".htm": "text/html", ".css": "text/css", ".csv": "text/csv", ".xml": "text/xml",
	".js": "application/javascript", ".json": jsonType, ".pdf": "application/pdf", ".zip": "application/zip",
	".tar": "application/x-tar", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
	".svg": "image/svg+xml", ".mp3": "audio/mpeg", ".mp4": "video/mp4",
}

func guessType(name string) string {
	return orElse(guessedTypes[strings.ToLower(path.Ext(name))], octetStream)
}

// Downloads.

func getObject(c *swiftCall) *swiftReply {
	kind := reading
	if c.req.Method == http.MethodHead {
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
	parts  []part
	large  bool // of several segments
	gone   bool // the first of them is gone
}

// view makes the view of an object that a request asks for.
func (c *swiftCall) view(o *swiftObject) (view, *swiftReply) {
	v := view{header: o.header(), etag: o.etag, stamp: o.stamp, parts: []part{o.data.whole()}}
	v.header.Set("Etag", o.container.showETag(v.etag))
	raw := c.query.Get("multipart-manifest") == "get"
	switch {
	case o.slo != nil && raw:
		o.slo.show(&v, c.query.Get("format") == "raw")
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
	v.gone = len(v.parts) > 0 && v.parts[0].blob == nil
	return v, nil
}

// header are the headers that an object is shown with.
func (o *swiftObject) header() http.Header {
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
func (c *swiftCall) send(v view) *swiftReply {
	rep := &swiftReply{status: http.StatusOK, header: v.header}
	if status := condition(c.req.Header, v.etag, v.stamp); status != 0 {
		rep.status = status
		return rep
	}
	parts, size := v.parts, sizeOf(v.parts)
	if c.req.Method != http.MethodHead {
		if v.gone {
			return swiftError(http.StatusConflict)
		}
		off, n, ok := byteRange(c.req.Header.Get("Range"), size)
		switch {
		case !ok:
			failed := swiftError(http.StatusRequestedRangeNotSatisfiable)
			v.header.Set("Content-Range", fmt.Sprintf("bytes */%d", size))
			failed.header = v.header
			return failed
		case n >= 0:
			rep.status = http.StatusPartialContent
			v.header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", off, off+n-1, size))
			parts = cutParts(parts, off, n)
		}
	}
	rep.content = newContent(parts)
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

// byteRange reads a Range header. n is -1 where the whole is to be sent: with
// no range, a malformed one, or several. ok is false for one outside.
func byteRange(header string, size int64) (off, n int64, ok bool) {
	whole := func() (int64, int64, bool) { return 0, -1, true }
	spec, isRange := strings.CutPrefix(header, "bytes=")
	first, last, dash := strings.Cut(strings.TrimSpace(spec), "-")
	if !isRange || !dash {
		return whole()
	}
	from, err1 := strconv.ParseInt(first, 10, 64)
	to, err2 := strconv.ParseInt(last, 10, 64)
	switch {
	case first != "" && err1 != nil || last != "" && err2 != nil || first == "" && last == "" || first != "" && last != "" && to < from || to < 0:
		return whole()
	case first == "" && to == 0:
		return 0, 0, false
	case first == "" && size == 0:
		return whole()
	case first == "":
		n := min(to, size)
		return size - n, n, true
	case from >= size:
		return 0, 0, false
	case last == "":
		return from, size - from, true
	}
	return from, min(to+1, size) - from, true
}

// Changes.

func postObject(c *swiftCall) *swiftReply {
	if _, rep := c.target(c.container); rep != nil {
		return rep
	}
	o := c.account.object(c.container, c.object)
	if o == nil {
		return swiftError(http.StatusNotFound)
	}
	h := c.req.Header
	if rep := checkSwiftMetadata(h, "Object"); rep != nil {
		return rep
	}
	at, rep := c.deleteAt(h)
	if rep != nil {
		return rep
	}
	until, rep := o.retain(h.Get("X-Object-Worm-Retain-Until"), at)
	if rep != nil {
		return rep
	}
	o.meta, o.deleteAt, o.retainUntil = metadata(h), at, until
	o.contentType = orElse(h.Get("Content-Type"), o.contentType)
	o.stamp = c.store.stamp(c.now)
	o.expiry.cancel()
	c.store.planExpiry(o)
	return swiftOK(http.StatusAccepted)
}

func deleteObject(c *swiftCall) *swiftReply {
	if c.query.Get("multipart-manifest") == "delete" {
		return deleteManifest(c)
	}
	return c.deleteOne(c.container, c.object)
}

// deleteOne deletes one object.
func (c *swiftCall) deleteOne(container, name string) *swiftReply {
	cont, rep := c.target(container)
	if rep != nil {
		return rep
	}
	o := cont.objects[name]
	if rep := o.locked(c.now); rep != nil {
		return rep
	}
	if rep := c.archive(cont, o); rep != nil {
		return rep
	}
	if rep := c.markDeleted(cont, name); rep != nil {
		return rep
	}
	if o == nil {
		return swiftError(http.StatusNotFound)
	}
	c.store.remove(o)
	return swiftOK(http.StatusNoContent)
}
