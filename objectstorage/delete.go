package objectstorage

import (
	"context"
	"errors"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/parallel"
)

// DeleteResult tells how the deletion of one object went.
type DeleteResult struct {
	Name string
	Err  error // nil when it is gone
}

// defaultConcurrency is how many requests a call makes at the same time, where
// the caller does not say.
const defaultConcurrency = 8

// DeleteMany deletes objects of a container, several at the same time; 0 stands
// for 8. It returns a result for each name, in their order, and an error when
// one of them failed. An object that does not exist is no failure.
func (s *ObjectsService) DeleteMany(ctx context.Context, container string, names []string, concurrency int) ([]DeleteResult, error) {
	const operation = "objectstorage-delete-object"
	if concurrency < 0 {
		return nil, nhncloud.NewArgumentError(operation, "concurrency", "must not be negative")
	}
	if concurrency == 0 {
		concurrency = defaultConcurrency
	}
	places := make([]Location, len(names))
	for i, name := range names {
		if err := checkObject(operation, container, name); err != nil {
			return nil, err
		}
		places[i] = Location{container, name}
	}
	results := make([]DeleteResult, len(names))
	var first error
	for i, err := range s.deleteEach(ctx, places, concurrency) {
		if errors.Is(err, nhncloud.ErrNotFound) {
			err = nil
		}
		results[i] = DeleteResult{names[i], err}
		if first == nil {
			first = err
		}
	}
	return results, first
}

// deleteEach deletes objects, several at the same time, and returns what became
// of each.
func (s *ObjectsService) deleteEach(ctx context.Context, places []Location, concurrency int) []error {
	errs := make([]error, len(places))
	parallel.Each(concurrency, len(places), func(i int) bool {
		errs[i] = s.Delete(ctx, places[i].Container, places[i].Name)
		return true
	})
	return errs
}
