package objectstorage

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// isCopy tells whether the data of an upload are those of another object.
func (c *call) isCopy() bool {
	return c.Request.Method == "COPY" || c.Request.Header.Get("X-Copy-From") != ""
}

// copySource is the path in X-Copy-From, and whether the manifest alone is to
// be copied.
func (c *call) copySource() (path string, manifest bool) {
	path, parameter, found := strings.Cut(c.Request.Header.Get("X-Copy-From"), ";")
	manifest = c.wantsManifest() || found && strings.TrimSpace(parameter) == "multipart-manifest=get"
	if found && strings.TrimSpace(parameter) != "multipart-manifest=get" {
		path = c.Request.Header.Get("X-Copy-From")
	}
	return path, manifest
}

// copyFrom is the form with PUT: the path names what is made.
func copyFrom(c *call) *frame.Reply {
	if c.Request.ContentLength != 0 {
		return textReply(http.StatusBadRequest, plainType, "Copy requests require a zero byte body")
	}
	path, manifest := c.copySource()
	container, name, ok := splitPath(path)
	if !ok {
		return textReply(http.StatusPreconditionFailed, htmlType,
			"X-Copy-From header must be of the form <container name>/<object name>")
	}
	from, rep := c.otherAccount("X-Copy-From-Account")
	if rep != nil {
		return rep
	}
	return c.copy(copyOrder{from, container, name, c.account, c.container, c.object, manifest})
}

// copyObject is the form with COPY: the path names what is copied.
func copyObject(c *call) *frame.Reply {
	destination := c.Request.Header.Get("Destination")
	if destination == "" {
		return textReply(http.StatusPreconditionFailed, htmlType, "Destination header required")
	}
	container, name, ok := splitPath(destination)
	if !ok {
		return textReply(http.StatusPreconditionFailed, htmlType,
			"Destination header must be of the form <container name>/<object name>")
	}
	to, rep := c.otherAccount("Destination-Account")
	if rep != nil {
		return rep
	}
	return c.copy(copyOrder{c.account, c.container, c.object, to, container, name, c.wantsManifest()})
}

// splitPath reads a path of the form container/object in a header.
func splitPath(path string) (container, name string, ok bool) {
	container, name, _ = strings.Cut(strings.TrimPrefix(unescaped(path), "/"), "/")
	return container, name, container != "" && name != "" && validName(container+name)
}

// otherAccount is the account that a header names; that of the path when it
// does not.
func (c *call) otherAccount(header string) (*Account, *frame.Reply) {
	name := unescaped(c.Request.Header.Get(header))
	switch account := c.store.accounts[name]; {
	case name == "":
		return c.account, nil
	case account == nil:
		return nil, c.denied()
	default:
		return account, nil
	}
}

// copyOrder says what is copied where.
type copyOrder struct {
	from                    *Account
	fromContainer, fromName string
	to                      *Account
	toContainer, toName     string
	manifest                bool // not what it stands for
}

func (c *call) copy(order copyOrder) *frame.Reply {
	// The source is read as by a GET.
	c.account, c.container, c.object = order.from, order.fromContainer, order.fromName
	source, rep := c.found(reading)
	if rep != nil {
		return rep
	}
	c.Query.Del("format")
	c.Query.Del("multipart-manifest")
	if order.manifest {
		c.Query.Set("multipart-manifest", "get")
	}
	v, rep := c.view(source)
	if rep != nil {
		return rep
	}
	got := c.send(v)
	if got.Content != nil {
		defer got.Content.Close()
	}
	switch {
	case got.Status >= 300:
		return got
	case got.Status == http.StatusPartialContent && got.Header.Get("Content-Range") == "":
		return textReply(http.StatusNotImplemented, plainType, "A copy of several ranges is not supported.")
	}
	limit, again := c.service.sizeLimit(), order.manifest && source.slo != nil
	if got.Size() > limit && !again {
		return errorReply(http.StatusRequestEntityTooLarge)
	}

	c.account, c.container, c.object = order.to, order.toContainer, order.toName
	cont, o, rep := c.begin(c.container, c.object, c.copyHeader(source, order.manifest))
	if rep != nil {
		return rep
	}
	if !isTrue(c.Request.Header.Get("X-Fresh-Metadata")) {
		o.retainUntil = source.retainUntil
	}
	switch {
	case again:
		list := make([]frame.Object, len(source.slo.segments))
		for i, g := range source.slo.segments {
			list[i] = g.raw()
		}
		if rep := c.makeManifest(o, frame.Encode(list)); rep != nil {
			return rep
		}
	case got.Status == http.StatusOK && !v.large:
		o.data, o.etag = source.data, source.etag // data don't change: one copy is enough
		o.data.Retain()
	default:
		data, sum, rep := c.keep(got.Content, got.Size(), limit)
		if data == nil {
			if rep == nil {
				rep = errorReply(http.StatusConflict) // a segment is gone
			}
			return rep
		}
		o.data, o.etag = data, sum
	}
	rep = c.commit(cont, o)
	if rep.Status != http.StatusCreated {
		return rep
	}
	maps.Copy(rep.Header, userMetadata(o.meta))
	rep.Header.Set("X-Copied-From", quotePath(order.fromContainer+"/"+order.fromName))
	rep.Header.Set("X-Copied-From-Account", order.from.name)
	rep.Header.Set("X-Copied-From-Last-Modified", v.header.Get("Last-Modified"))
	return rep
}

// copyHeader are the headers that the copy is made with: those of the source,
// unless fresh ones are wanted, and over them those of the request.
func (c *call) copyHeader(source *Object, manifest bool) http.Header {
	h := http.Header{}
	if !isTrue(c.Request.Header.Get("X-Fresh-Metadata")) {
		h = source.header()
		h.Del("X-Object-Manifest")
	}
	h.Set("Content-Type", source.contentType)
	if link := source.meta.Get("X-Object-Manifest"); link != "" && manifest {
		h.Set("X-Object-Manifest", link)
	}
	if c.Request.Header.Get("X-Delete-After") != "" {
		h.Del("X-Delete-At")
	}
	for k, v := range c.Request.Header {
		if k == "Content-Type" && v[0] == "" {
			continue
		}
		h[k] = slices.Clone(v)
	}
	return h
}

func userMetadata(h http.Header) http.Header {
	out := http.Header{}
	for k, v := range h {
		if strings.HasPrefix(k, "X-Object-Meta-") {
			out[k] = v
		}
	}
	return out
}
