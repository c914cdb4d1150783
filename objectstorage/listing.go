package objectstorage

import (
	"context"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// ObjectEntry is an object in a listing, or, in a listing with a delimiter, a
// group of objects.
type ObjectEntry struct {
	Name         string    `json:"name"`
	Bytes        int64     `json:"bytes"`
	Hash         string    `json:"hash"` // MD5 of the content; of a large object, what the service has for it
	ContentType  string    `json:"content_type"`
	LastModified time.Time `json:"last_modified"`
	SLOETag      string    `json:"slo_etag"` // of a static large object
	Subdir       string    `json:"subdir"`   // beginning that the objects of a group share; all else is empty
}

// ObjectListOptions narrows a listing of objects. A nil pointer and zero fields
// stand for all of them.
type ObjectListOptions struct {
	Prefix    string `url:"prefix,omitempty"`     // that the names begin with
	Delimiter string `url:"delimiter,omitempty"`  // groups names by what stands before it after the prefix, as "/" does with folders
	Marker    string `url:"marker,omitempty"`     // names after this one
	EndMarker string `url:"end_marker,omitempty"` // names before this one
	Limit     int    `url:"limit,omitempty"`      // of a page; the service has 10,000 by default and at the most
}

type objectQuery struct {
	ObjectListOptions
	Format string `url:"format"`
}

// List returns one page of the objects in a container, sorted by name.
//
// API: GET /v1/{Account}/{Container} (objectstorage-list-objects; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) List(ctx context.Context, container string, options *ObjectListOptions) ([]*ObjectEntry, error) {
	entries, err := s.page(ctx, container, options, 0)
	if err != nil {
		return nil, err
	}
	return pointers(entries), nil
}

func pointers[T any](items []T) []*T {
	list := make([]*T, len(items))
	for i := range items {
		list[i] = &items[i]
	}
	return list
}

// page fetches a page. Room for as many entries as are expected saves the
// decoder from moving them.
func (s *ObjectsService) page(ctx context.Context, container string, options *ObjectListOptions, expected int) ([]ObjectEntry, error) {
	const operation = "objectstorage-list-objects"
	if err := checkContainer(operation, "Container", container); err != nil {
		return nil, err
	}
	query := objectQuery{Format: "json"}
	if options != nil {
		if options.Limit < 0 {
			return nil, nhncloud.NewArgumentError(operation, "Limit", "must not be negative")
		}
		query.ObjectListOptions = *options
	}
	entries := make([]ObjectEntry, 0, expected)
	err := s.client.Do(ctx, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodGet,
		Path:         "/v1/{Account}/{Container}",
		Args:         []string{container},
		Query:        query,
		SuccessCodes: codesOKOrEmpty,
	}, &entries)
	switch {
	case noContent(err):
		return nil, nil
	case err == nil && entries == nil:
		err = &nhncloud.Error{Operation: operation, Message: "there is no list in the answer", Err: nhncloud.ErrBadAnswer}
	case slices.ContainsFunc(entries, func(e ObjectEntry) bool { return e.Name == "" && e.Subdir == "" }):
		err = &nhncloud.Error{Operation: operation, Message: "the list has an entry without a name", Err: nhncloud.ErrBadAnswer}
	}
	return entries, noContainer(err)
}

// All returns an iterator over the objects in a container, sorted by name. It
// keeps one page in memory.
//
// API: GET /v1/{Account}/{Container} (objectstorage-list-objects; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) All(ctx context.Context, container string, options *ObjectListOptions) iter.Seq2[*ObjectEntry, error] {
	var own ObjectListOptions
	if options != nil {
		own = *options
	}
	return func(yield func(*ObjectEntry, error) bool) {
		expected := 0
		for {
			entries, err := s.page(ctx, container, &own, expected)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range entries {
				if !yield(&entries[i], nil) {
					return
				}
			}
			if len(entries) == 0 {
				return
			}
			last := entries[len(entries)-1].Name + entries[len(entries)-1].Subdir
			if last <= own.Marker {
				yield(nil, &nhncloud.Error{
					Operation: "objectstorage-list-objects", Message: "the listing came back to a name that it had before", Err: nhncloud.ErrBadAnswer,
				})
				return
			}
			own.Marker, expected = last, len(entries)
		}
	}
}
