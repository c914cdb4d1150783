package objectstorage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// look makes sure that the object may be stored, before parts are sent for
// nothing. The service looks again when all of them are there.
func (u *uploading) look(ctx context.Context) error {
	_, err := u.service.Head(ctx, u.container, u.name)
	switch {
	case err == nil && u.options.NoOverwrite:
		return &nhncloud.Error{Operation: opUpload, Message: "there is an object of that name", Err: nhncloud.ErrPreconditionFailed}
	case errors.Is(err, nhncloud.ErrNotFound):
		// The object or the container: only a listing tells.
		_, err = u.service.List(ctx, u.container, &ObjectListOptions{Prefix: u.name, Limit: 1})
	}
	return err
}

// findExisting looks for parts that an earlier upload has left, and makes sure
// that their container exists.
//
// All parts that are made have a prefix of their own: none that another object
// needs is ever overwritten, or deleted when the upload fails.
func (u *uploading) findExisting(ctx context.Context) error {
	base := u.container + "/" + u.name // objects of several containers can have their parts in one
	if len(base) > maxObjectName-100 {
		base = transfer.HexMD5([]byte(base))
	}
	u.named = !u.options.Dynamic && !u.options.SkipChecksum
	if u.named {
		base += fmt.Sprintf("/slo/%d", u.partSize)
	}
	u.prefix = base + "/" + rand.Text()
	there := u.prefix + "/" // nothing is, but there may be no container
	if u.named {
		there = base + "/"
	}
	u.existing = map[string]Segment{}
	for entry, err := range u.service.All(ctx, u.segments, &ObjectListOptions{Prefix: there}) {
		if errors.Is(err, nhncloud.ErrNotFound) {
			_, err := (&ContainersService{u.service.client}).Create(ctx, u.segments, nil)
			return err
		}
		if err != nil {
			return err
		}
		u.existing[path.Base(entry.Name)] = Segment{Container: u.segments, Name: entry.Name, Hash: entry.Hash, Bytes: entry.Bytes}
	}
	return nil
}
