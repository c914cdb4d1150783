package objectstorage

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
)

// Location is the place of an object.
type Location struct {
	Container string
	Name      string
}

// CopyOptions says how to copy. A nil pointer stands for a copy that has the
// content and all metadata of its source.
type CopyOptions struct {
	// Metadata is set on the copy, and replaces that of the source where the
	// names are the same.
	Metadata map[string]string
	// ContentType replaces that of the source.
	ContentType string
	// FreshMetadata leaves the metadata of the source out.
	FreshMetadata bool
	// Manifest copies the manifest of a large object instead of its content, so
	// that both share their segments. Content of more than 5 GB can be copied in
	// no other way.
	Manifest bool
}

func (o *CopyOptions) header(operation string) (http.Header, error) {
	header := make(http.Header, 3)
	if o.ContentType != "" {
		header.Set("Content-Type", o.ContentType)
	}
	if o.FreshMetadata {
		header.Set("X-Fresh-Metadata", "true")
	}
	return header, setMetadata(operation, header, metaPrefix, o.Metadata)
}

// Copy copies an object within the service, over what may be at its target. It
// works on NHN Cloud and on any other Swift, manifests included. An answer with
// neither an MD5 as ETag nor the source of the copy is an [nhncloud.ErrBadAnswer].
//
// API: COPY /v1/{Account}/{SourceContainer}/{SourceObject} (objectstorage-copy-object; Storage-Object-Storage en/api-guide.md)
// API: COPY /v1/{Account}/{SourceContainer}/{SourceObject} (objectstorage-copy-manifest; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Copy(ctx context.Context, from, to Location, options *CopyOptions) (*PutResult, error) {
	operation := "objectstorage-copy-object"
	var o CopyOptions
	if options != nil {
		o = *options
	}
	query := url.Values{}
	if o.Manifest {
		operation = "objectstorage-copy-manifest"
		query.Set("multipart-manifest", "get")
	}
	if err := checkCopy(operation, from, to); err != nil {
		return nil, err
	}
	header, err := o.header(operation)
	if err != nil {
		return nil, err
	}
	header.Set("Destination", escapedPath(to.Container, to.Name))
	return s.copy(ctx, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceObjectStorage,
		Method:      "COPY",
		Path:        "/v1/{Account}/{SourceContainer}/{SourceObject...}",
		Args:        []string{from.Container, from.Name},
		Query:       query,
		Header:      header,
		Idempotency: nhncloud.IdempotencyAlways,
	})
}

// CopyByPut does what [ObjectsService.Copy] does where something on the way
// lets no method but the common ones through. A manifest is copied in the form
// that NHN Cloud documents, which other Swifts answer with an
// [nhncloud.ErrNotFound].
//
// API: PUT /v1/{Account}/{TargetContainer}/{TargetObject} (objectstorage-copy-object-put; Storage-Object-Storage en/api-guide.md)
// API: PUT /v1/{Account}/{TargetContainer}/{TargetObject} (objectstorage-copy-manifest-put; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) CopyByPut(ctx context.Context, from, to Location, options *CopyOptions) (*PutResult, error) {
	operation := "objectstorage-copy-object-put"
	var o CopyOptions
	if options != nil {
		o = *options
	}
	source := escapedPath(from.Container, from.Name)
	if o.Manifest {
		operation = "objectstorage-copy-manifest-put"
		source += "; multipart-manifest=get"
	}
	if err := checkCopy(operation, from, to); err != nil {
		return nil, err
	}
	header, err := o.header(operation)
	if err != nil {
		return nil, err
	}
	header.Set("X-Copy-From", source)
	result, err := s.copy(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceObjectStorage,
		Method:    http.MethodPut,
		Path:      "/v1/{Account}/{TargetContainer}/{TargetObject...}",
		Args:      []string{to.Container, to.Name},
		Header:    header,
		Body:      nhncloud.NewBodyBytes("", nil),
	})
	if o.Manifest && errors.Is(err, nhncloud.ErrNotFound) {
		err = noting(err, "a Swift that is not NHN Cloud's takes manifests only by Copy")
	}
	return result, err
}

func checkCopy(operation string, from, to Location) error {
	if err := checkLocation(operation, "SourceContainer", "SourceObject", from); err != nil {
		return err
	}
	return checkLocation(operation, "TargetContainer", "TargetObject", to)
}

func (s *ObjectsService) copy(ctx context.Context, request nhncloud.Request) (*PutResult, error) {
	request.SuccessCodes = codesCreated
	resp, err := s.client.Open(ctx, request)
	if err != nil {
		return nil, err
	}
	result := resultOf(resp, 0)
	if !isMD5(result.ETag) && resp.Header.Get("X-Copied-From") == "" {
		return nil, badAnswer(request.Operation, resp, "nothing in the answer shows that there is a copy")
	}
	return result, nil
}
