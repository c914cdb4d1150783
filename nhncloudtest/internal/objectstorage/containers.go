package objectstorage

import (
	"cmp"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// visible finds the container of the path for somebody who may see it.
func (c *call) visible(kind access) (*Container, *frame.Reply) {
	cont := c.account.containers[c.container]
	if !c.may(kind, c.account, cont, false) {
		return nil, c.denied()
	}
	if cont == nil {
		return nil, errorReply(http.StatusNotFound)
	}
	return cont, nil
}

func getContainer(c *call) *frame.Reply {
	cont, rep := c.visible(listing)
	if rep != nil {
		return rep
	}
	if c.Request.Method == http.MethodGet && c.Query.Has("policy") {
		rep := newReply(http.StatusOK)
		rep.Header.Set("Content-Type", frame.JSONType+"; charset=utf-8")
		rep.Body = frame.Encode(cont.policy.document())
		return rep
	}
	kind, rep := c.listingType()
	if rep != nil {
		return rep
	}
	h := http.Header{}
	if !c.Query.Has("format") {
		h.Set("Vary", "Accept")
	}
	h.Set("X-Container-Object-Count", strconv.Itoa(len(cont.objects)))
	h.Set("X-Container-Bytes-Used", strconv.FormatInt(cont.bytes, 10))
	h.Set("X-Timestamp", unixStamp(cont.created))
	h.Set("Last-Modified", lastModified(cont.put))
	h.Set("Accept-Ranges", "bytes")
	h.Set("X-Storage-Policy", cont.class)
	for k, v := range cont.settings {
		if c.owner() || !ownerOnly[k] {
			h.Set(k, v)
		}
	}
	if c.Request.Method == http.MethodHead {
		h.Set("Content-Type", kind+"; charset=utf-8")
		return &frame.Reply{Status: http.StatusNoContent, Header: h}
	}
	return c.listObjects(cont, kind, h)
}

func putContainer(c *call) *frame.Reply {
	cont := c.account.containers[c.container]
	if !c.may(owning, c.account, cont, false) {
		return c.denied()
	}
	if rep := checkMetadata(c.Request.Header, "Container"); rep != nil {
		return rep
	}
	if n := len(c.container); n > 256 {
		return textReply(http.StatusBadRequest, htmlType, "Container name length of %d longer than 256", n)
	}
	if cont == nil && (strings.ContainsAny(c.container, "'\"`<>; ") || c.container == "." || c.container == ".." ||
		net.ParseIP(c.container) != nil) {
		return textReply(http.StatusBadRequest, htmlType, "Container name is not allowed")
	}
	class := strings.ToLower(c.Request.Header.Get("X-Storage-Policy"))
	if class != "" && class != "standard" && class != "economy" {
		return textReply(http.StatusBadRequest, plainType, "Invalid X-Storage-Policy '%s'", c.Request.Header.Get("X-Storage-Policy"))
	}
	if cont != nil && class != "" && class != cont.class {
		return errorReply(http.StatusConflict)
	}
	changes, rep := c.settings(cont, cont == nil)
	if rep != nil {
		return rep
	}
	now := c.store.stamp(c.Now)
	status := http.StatusAccepted
	if cont == nil {
		cont = c.account.add(c.container, now)
		cont.class = cmp.Or(class, cont.class)
		status = http.StatusCreated
	}
	cont.put = now
	cont.apply(changes)
	if status == http.StatusAccepted {
		return errorReply(status)
	}
	return newReply(status)
}

func postContainer(c *call) *frame.Reply {
	cont, rep := c.visible(owning)
	if rep != nil {
		return rep
	}
	if rep := checkMetadata(c.Request.Header, "Container"); rep != nil {
		return rep
	}
	var policy *containerPolicy
	if c.isPolicy() {
		data, err := c.readAll(1 << 20)
		if err != nil {
			return nil
		}
		if policy, rep = parsePolicy(data); rep != nil {
			return rep
		}
		if cont = c.account.containers[c.container]; cont == nil {
			return errorReply(http.StatusNotFound)
		}
	}
	changes, rep := c.settings(cont, false)
	if rep != nil {
		return rep
	}
	cont.put = c.store.stamp(c.Now)
	cont.apply(changes)
	if policy != nil && policy.given {
		cont.policy = policy
	}
	return newReply(http.StatusNoContent)
}

// isPolicy tells a policy document from a change by headers.
func (c *call) isPolicy() bool {
	return strings.HasPrefix(c.Request.Header.Get("Content-Type"), frame.JSONType) && c.Request.ContentLength != 0
}

func deleteContainer(c *call) *frame.Reply {
	cont, rep := c.visible(owning)
	if rep != nil {
		return rep
	}
	if len(cont.objects) > 0 {
		return errorReply(http.StatusConflict)
	}
	c.account.remove(cont)
	return newReply(http.StatusNoContent)
}

func (a *Account) remove(cont *Container) {
	delete(a.containers, cont.name)
	a.names.remove(cont.name)
}
