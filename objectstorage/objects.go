package objectstorage

import (
	"context"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// ObjectsService calls the operations on objects.
type ObjectsService struct{ client *nhncloud.Client }

// Object is what the service tells of an object beside its content.
type Object struct {
	Name               string
	ContentType        string
	Size               int64     // bytes; -1 where the service does not tell, as of a dynamic large object with very many segments
	ETag               string    // MD5 of the content; of a large object, that of the ETags of its segments
	LastModified       time.Time // to the second
	Timestamp          time.Time // when the content or metadata was last written, to 10 microseconds
	ContentEncoding    string
	ContentDisposition string
	CacheControl       string
	Metadata           map[string]string // names are in lower case, with "-" for "_"
	DeleteAt           time.Time         // when the service deletes it; zero for never
	RetainUntil        time.Time         // until when it is locked; zero for not
	Static             bool              // is a static large object (SLO)
	Dynamic            string            // "container/prefix" of the segments of a dynamic large object (DLO)
}

// objectOf reads the header of an answer.
func objectOf(name string, header http.Header) Object {
	o := Object{Name: name, Size: transfer.UnknownSize}
	for field, values := range header {
		switch value := values[0]; field {
		case "Content-Type":
			o.ContentType = value
		case "Content-Length":
			o.Size = sizeIn(value)
		case "Etag":
			o.ETag = trimETag(value)
		case "Last-Modified":
			o.LastModified = httpTimeIn(value)
		case "X-Timestamp":
			o.Timestamp = unixIn(value)
		case "Content-Encoding":
			o.ContentEncoding = value
		case "Content-Disposition":
			o.ContentDisposition = value
		case "Cache-Control":
			o.CacheControl = value
		case "X-Delete-At":
			o.DeleteAt = unixIn(value)
		case "X-Object-Worm-Retain-Until":
			o.RetainUntil = unixIn(value)
		case "X-Static-Large-Object":
			o.Static = boolIn(value)
		case "X-Object-Manifest":
			o.Dynamic = unescaped(value)
		}
	}
	o.Metadata = metadataOf(header, metaPrefix)
	return o
}

// known reports whether an answer was one about an object: a proxy may answer
// with a page of its own.
func (o *Object) known() bool {
	return isMD5(o.ETag) || !o.LastModified.IsZero() || !o.Timestamp.IsZero() || o.Static || o.Dynamic != ""
}

const metaPrefix = "X-Object-Meta-"

// Head returns what the service tells of an object.
//
// API: HEAD /v1/{Account}/{Container}/{Object} (objectstorage-head-object; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Head(ctx context.Context, container, name string) (*Object, error) {
	const operation = "objectstorage-head-object"
	if err := checkObject(operation, container, name); err != nil {
		return nil, err
	}
	resp, err := s.client.Open(ctx, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodHead,
		Path:         "/v1/{Account}/{Container}/{Object...}",
		Args:         []string{container, name},
		SuccessCodes: codesOK,
	})
	if err != nil {
		return nil, err
	}
	drain(resp.Body)
	object := objectOf(name, resp.Header)
	if !object.known() {
		return nil, badAnswer(operation, resp, "the answer tells nothing of an object")
	}
	return &object, nil
}

// Delete deletes an object. The segments of a large object stay; see
// [ObjectsService.DeleteLarge].
//
// API: DELETE /v1/{Account}/{Container}/{Object} (objectstorage-delete-object; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Delete(ctx context.Context, container, name string) error {
	const operation = "objectstorage-delete-object"
	if err := checkObject(operation, container, name); err != nil {
		return err
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodDelete,
		Path:         "/v1/{Account}/{Container}/{Object...}",
		Args:         []string{container, name},
		SuccessCodes: codesNoContent,
	}, nil)
}
