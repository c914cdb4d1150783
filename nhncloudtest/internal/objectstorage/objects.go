package objectstorage

import (
	"cmp"
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// size is how many bytes a GET gives, as lists have it: a dynamic manifest
// counts by itself.
func (o *Object) size() int64 {
	if o.slo != nil {
		return o.slo.size
	}
	return o.data.Size
}

// target finds the container of the path for somebody who may write into it.
func (c *call) target(container string) (*Container, *frame.Reply) {
	cont := c.account.containers[container]
	if !c.may(writing, c.account, cont, true) {
		return nil, c.denied()
	}
	if cont == nil {
		return nil, errorReply(http.StatusNotFound)
	}
	return cont, nil
}

// found finds the object of the path for somebody who may read it.
func (c *call) found(kind access) (*Object, *frame.Reply) {
	cont := c.account.containers[c.container]
	if !c.may(kind, c.account, cont, true) {
		return nil, c.denied()
	}
	o := c.account.object(c.container, c.object)
	if o == nil {
		return nil, errorReply(http.StatusNotFound)
	}
	return o, nil
}

func postObject(c *call) *frame.Reply {
	if _, rep := c.target(c.container); rep != nil {
		return rep
	}
	o := c.account.object(c.container, c.object)
	if o == nil {
		return errorReply(http.StatusNotFound)
	}
	h := c.Request.Header
	if rep := checkMetadata(h, "Object"); rep != nil {
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
	o.contentType = cmp.Or(h.Get("Content-Type"), o.contentType)
	o.stamp = c.store.stamp(c.Now)
	o.expiry.Cancel()
	c.store.planExpiry(o)
	return newReply(http.StatusAccepted)
}

func deleteObject(c *call) *frame.Reply {
	if c.Query.Get("multipart-manifest") == "delete" {
		return deleteManifest(c)
	}
	if rep := c.stillExpires(); rep != nil {
		return rep
	}
	return c.deleteOne(c.container, c.object)
}

// deleteOne deletes one object.
func (c *call) deleteOne(container, name string) *frame.Reply {
	cont, rep := c.target(container)
	if rep != nil {
		return rep
	}
	o := cont.objects[name]
	if rep := o.locked(c.Now); rep != nil {
		return rep
	}
	if rep := c.archive(cont, o); rep != nil {
		return rep
	}
	if rep := c.markDeleted(cont, name); rep != nil {
		return rep
	}
	if o == nil {
		return errorReply(http.StatusNotFound)
	}
	c.store.remove(o)
	return newReply(http.StatusNoContent)
}
