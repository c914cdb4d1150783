package objectstorage

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// archiveOf is where a container keeps earlier versions; "" when it does not.
func (cont *Container) archiveOf() string { return unescaped(cont.settings["X-History-Location"]) }

// archiveName is the name of a version of an object.
func archiveName(name string, at time.Time) string {
	return fmt.Sprintf("%03x%s/%s", len(name), name, unixStamp(at))
}

// archive keeps a copy of an object that is to be replaced or deleted, where
// its container wants that. A nil object needs no copy.
func (c *call) archive(cont *Container, old *Object) *frame.Reply {
	if cont.archiveOf() == "" || old == nil {
		return nil
	}
	into := c.account.containers[cont.archiveOf()]
	if into == nil {
		return errorReply(http.StatusPreconditionFailed)
	}
	version := *old
	version.name = archiveName(old.name, old.stamp)
	version.meta, version.expiry, version.deleteAt = old.meta.Clone(), nil, cont.versionExpiry(c.Now)
	version.stamp = c.store.stamp(c.Now)
	version.data.Retain()
	c.store.put(into, &version)
	return nil
}

// markDeleted notes in the archive that an object was deleted.
func (c *call) markDeleted(cont *Container, name string) *frame.Reply {
	if cont.archiveOf() == "" {
		return nil
	}
	into := c.account.containers[cont.archiveOf()]
	if into == nil {
		return errorReply(http.StatusPreconditionFailed)
	}
	data, sum, _ := c.store.blobs.NewWriter(0).Finish()
	now := c.store.stamp(c.Now)
	c.store.put(into, &Object{
		name: archiveName(name, now), data: data, etag: sum, contentType: "application/x-deleted;swift_versions_deleted=1",
		meta: http.Header{}, stamp: now, deleteAt: cont.versionExpiry(c.Now),
	})
	return nil
}

func (cont *Container) versionExpiry(now time.Time) int64 {
	if keep := cont.days("X-Versions-Retention"); keep > 0 {
		return now.Add(keep).Unix()
	}
	return 0
}

// locked refuses to touch an object that is still locked; nil is not.
func (o *Object) locked(now time.Time) *frame.Reply {
	if o == nil || !time.Unix(o.retainUntil, 0).After(now) {
		return nil
	}
	return errorReply(http.StatusForbidden)
}

// retain is until when an object is locked after a change by a header, which
// may be empty. A lock can only be made longer, and the object must not expire
// before its end.
func (o *Object) retain(header string, deleteAt int64) (int64, *frame.Reply) {
	until := o.retainUntil
	if header != "" {
		n, err := strconv.ParseInt(header, 10, 48)
		if err != nil || o.container.settings["X-Container-Worm-Retention-Day"] == "" || n < until {
			return 0, badSetting("X-Object-Worm-Retain-Until")
		}
		until = n
	}
	if deleteAt != 0 && deleteAt < until {
		return 0, badSetting("X-Delete-At")
	}
	return until, nil
}
