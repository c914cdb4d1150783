package objectstorage

import (
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// owned refuses those whom the account does not belong to.
func (c *call) owned() *frame.Reply {
	if c.owner() {
		return nil
	}
	return c.denied()
}

func getAccount(c *call) *frame.Reply {
	if rep := c.owned(); rep != nil {
		return rep
	}
	kind, rep := c.listingType()
	if rep != nil {
		return rep
	}
	h := http.Header{}
	var objects int
	var size int64
	for _, cont := range c.account.containers {
		objects += len(cont.objects)
		size += cont.bytes
	}
	if !c.Query.Has("format") {
		h.Set("Vary", "Accept")
	}
	h.Set("X-Account-Container-Count", strconv.Itoa(len(c.account.containers)))
	h.Set("X-Account-Object-Count", strconv.Itoa(objects))
	h.Set("X-Account-Bytes-Used", strconv.FormatInt(size, 10))
	h.Set("X-Timestamp", unixStamp(c.account.created))
	h.Set("Accept-Ranges", "bytes")
	for k, v := range c.account.meta {
		h.Set(k, v)
	}
	if c.Request.Method == http.MethodHead {
		h.Set("Content-Type", kind+"; charset=utf-8")
		// 200 as in NHN Cloud's example; Swift itself says 204.
		return &frame.Reply{Status: http.StatusOK, Header: h}
	}
	return c.listContainers(kind, h)
}

func postAccount(c *call) *frame.Reply {
	if rep := c.owned(); rep != nil {
		return rep
	}
	if rep := checkMetadata(c.Request.Header, "Account"); rep != nil {
		return rep
	}
	meta := maps.Clone(c.account.meta)
	for k, v := range c.changes("Account") {
		if strings.HasPrefix(k, "X-Account-Meta-") {
			setOrUnset(meta, k, v)
		}
	}
	if rep := checkTotal(meta, "X-Account-Meta-"); rep != nil {
		return rep
	}
	c.account.meta = meta
	return newReply(http.StatusNoContent)
}

// deleteAccount is refused to everybody.
func deleteAccount(c *call) *frame.Reply { return c.denied() }
