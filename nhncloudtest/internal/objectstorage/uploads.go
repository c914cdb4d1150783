package objectstorage

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

func putObject(c *call) *frame.Reply {
	h := c.Request.Header
	switch {
	case h.Get("X-Copy-From") != "" && c.isManifest():
		return textReply(http.StatusMethodNotAllowed, htmlType, "Multipart Manifest PUTs cannot be COPY requests")
	case h.Get("X-Copy-From") != "":
		return copyFrom(c)
	case c.isManifest():
		return putManifest(c)
	case h.Get("X-Static-Large-Object") != "":
		return textReply(http.StatusBadRequest, htmlType, "X-Static-Large-Object is a reserved header. "+
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
		data.Release()
		rep := errorReply(http.StatusUnprocessableEntity)
		rep.Header.Set("Last-Modified", lastModified(c.Now))
		return rep
	}
	return c.commit(cont, o)
}

// begin checks all that can be checked before the data come, and gives the
// object to be with its metadata.
func (c *call) begin(container, name string, h http.Header) (*Container, *Object, *frame.Reply) {
	fail := func(rep *frame.Reply) (*Container, *Object, *frame.Reply) { return nil, nil, rep }
	bad := func(status int, format string, args ...any) (*Container, *Object, *frame.Reply) {
		return fail(textReply(status, plainType, format, args...))
	}
	if manifest := h.Get("X-Object-Manifest"); h["X-Object-Manifest"] != nil {
		cont, prefix, _ := strings.Cut(manifest, "/")
		if cont == "" || prefix == "" || strings.ContainsAny(manifest, "?&") || prefix[0] == '/' {
			return fail(textReply(http.StatusBadRequest, htmlType, "X-Object-Manifest must be in the format container/prefix"))
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
		return fail(errorReply(http.StatusPreconditionFailed))
	}
	if !c.isCopy() && !c.isManifest() && c.Request.ContentLength > c.service.sizeLimit() {
		return bad(http.StatusRequestEntityTooLarge, "Your request is too large.")
	}
	if !c.isCopy() && c.Request.ContentLength == 0 && c.Request.Header.Get("Content-Length") == "" && c.Request.ProtoMajor == 1 {
		return bad(http.StatusLengthRequired, "Missing Content-Length header.")
	}
	if len(name) > 1024 {
		return bad(http.StatusBadRequest, "Object name length of %d longer than 1024", len(name))
	}
	if rep := checkMetadata(h, "Object"); rep != nil {
		return fail(rep)
	}
	o := &Object{name: name, contentType: h.Get("Content-Type"), meta: metadata(h)}
	if o.contentType == "" || isTrue(h.Get("X-Detect-Content-Type")) {
		o.contentType = guessType(name)
	}
	if o.deleteAt, rep = c.deleteAt(h); rep != nil {
		return fail(rep)
	}
	if rep := cont.refuses(name); rep != nil {
		return fail(rep)
	}
	if rep := cont.objects[name].locked(c.Now); rep != nil {
		return fail(rep)
	}
	return cont, o, nil
}

// receive takes the body in, without holding the lock. Without data there is
// a reply, or none when the client broke off.
func (c *call) receive() (*blob.Blob, string, *frame.Reply) {
	limit := c.service.sizeLimit()
	return c.keep(io.LimitReader(c.Stream, limit+1), c.Request.ContentLength, limit)
}

// keep makes a blob of what a reader gives.
func (c *call) keep(src io.Reader, expected, limit int64) (*blob.Blob, string, *frame.Reply) {
	w := c.store.blobs.NewWriter(expected)
	var data *blob.Blob
	var sum string
	err := c.outside(func() (err error) {
		if _, err = io.Copy(w, src); err == nil && w.Size() <= limit {
			data, sum, err = w.Finish()
		}
		if data == nil {
			w.Discard()
		}
		return err
	})
	switch {
	case errors.Is(err, blob.ErrNoSpace):
		return nil, "", errorReply(http.StatusInsufficientStorage)
	case err != nil:
		return nil, "", nil
	case data == nil:
		return nil, "", errorReply(http.StatusRequestEntityTooLarge)
	}
	return data, sum, nil
}

// commit makes an uploaded object the current one. What could have changed
// while its data came is checked again.
func (c *call) commit(cont *Container, o *Object) *frame.Reply {
	refuse := func(rep *frame.Reply) *frame.Reply {
		o.data.Release()
		return rep
	}
	old := cont.objects[o.name]
	switch {
	case c.account.containers[cont.name] != cont:
		return refuse(errorReply(http.StatusNotFound))
	case c.Request.Header.Get("If-None-Match") == "*" && old != nil && !c.isCopy():
		return refuse(errorReply(http.StatusPreconditionFailed))
	}
	if rep := old.locked(c.Now); rep != nil {
		return refuse(rep)
	}
	if o.deleteAt == 0 {
		o.deleteAt = cont.expiryOf(o.name, c.Now)
	}
	if lock := cont.days("X-Container-Worm-Retention-Day"); lock > 0 && o.retainUntil == 0 {
		o.retainUntil = c.Now.Add(lock).Unix()
	}
	if rep := c.archive(cont, old); rep != nil {
		return refuse(rep)
	}
	o.stamp = c.store.stamp(c.Now)
	c.store.put(cont, o)
	rep := newReply(http.StatusCreated)
	rep.Header.Set("Last-Modified", lastModified(o.stamp))
	rep.Header.Set("Etag", cont.showETag(o.etag))
	if o.slo != nil {
		rep.Header.Set("Etag", quoted(o.slo.etag))
	}
	return rep
}

func quoted(s string) string { return `"` + s + `"` }

// showETag is an ETag as the container wants it shown.
func (cont *Container) showETag(etag string) string {
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
