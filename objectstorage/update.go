package objectstorage

import (
	"context"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// ObjectUpdate is what [ObjectsService.Update] sets. What is not in it is gone
// afterwards: all other metadata, and the time at which the object would have
// been deleted.
type ObjectUpdate struct {
	ContentType        string // stays as it is when empty
	ContentEncoding    string
	ContentDisposition string
	CacheControl       string
	Metadata           map[string]string
	DeleteAt           time.Time
	DeleteAfter        time.Duration
	RetainUntil        time.Time
	// Dynamic is that of the [Object], for a dynamic large object, which loses its
	// segments without it.
	Dynamic string
}

// Update replaces the metadata of an object.
//
// API: POST /v1/{Account}/{Container}/{Object} (objectstorage-post-object-metadata; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Update(ctx context.Context, container, name string, update ObjectUpdate) error {
	const operation = "objectstorage-post-object-metadata"
	if err := checkObject(operation, container, name); err != nil {
		return err
	}
	header, err := (&PutOptions{
		ContentType: update.ContentType, ContentEncoding: update.ContentEncoding, ContentDisposition: update.ContentDisposition,
		CacheControl: update.CacheControl, Metadata: update.Metadata,
		DeleteAt: update.DeleteAt, DeleteAfter: update.DeleteAfter, RetainUntil: update.RetainUntil,
	}).header(operation)
	if err != nil {
		return err
	}
	if update.Dynamic != "" {
		from, prefix, _ := cutLocation(update.Dynamic)
		if err := checkLocation(operation, "Dynamic", "Dynamic", Location{from, prefix}); err != nil {
			return err
		}
		setHeader(&header, "X-Object-Manifest", escapedPath(from, prefix))
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodPost,
		Path:         "/v1/{Account}/{Container}/{Object...}",
		Args:         []string{container, name},
		Header:       header,
		Idempotency:  nhncloud.IdempotencyAlways,
		SuccessCodes: codesAccepted,
	}, nil)
}
