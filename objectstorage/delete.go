package objectstorage

import (
	"context"
	"errors"
	"sync"

	"github.com/nhncloud-go/nhncloud"
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
	errs, err := s.deleteAll(ctx, places, concurrency)
	results := make([]DeleteResult, len(names))
	for i, name := range names {
		results[i] = DeleteResult{name, errs[i]}
	}
	return results, err
}

// deleteAll deletes objects, several at the same time. It returns what became of
// each, and the first failure. An object that does not exist is none.
func (s *ObjectsService) deleteAll(ctx context.Context, places []Location, concurrency int) (errs []error, first error) {
	errs = make([]error, len(places))
	inParallel(concurrency, len(places), func(i int) {
		if err := s.Delete(ctx, places[i].Container, places[i].Name); !errors.Is(err, nhncloud.ErrNotFound) {
			errs[i] = err
		}
	})
	for _, err := range errs {
		if err != nil {
			return errs, err
		}
	}
	return errs, nil
}

// inParallel calls work for each number below count, in at most concurrency
// goroutines.
func inParallel(concurrency, count int, work func(i int)) {
	var group sync.WaitGroup
	next := make(chan int)
	for range min(concurrency, count) {
		group.Go(func() {
			for i := range next {
				work(i)
			}
		})
	}
	for i := range count {
		next <- i
	}
	close(next)
	group.Wait()
}

// DeleteLarge deletes an object and, if it is a large one, its segments: first
// the object, so that it is never without them. A failure to delete a segment
// leaves the others to be deleted. Copies of a manifest lose their segments, too.
func (s *ObjectsService) DeleteLarge(ctx context.Context, container, name string) error {
	segments, err := s.segmentsOf(ctx, container, name)
	if err != nil {
		return err
	}
	if err := s.Delete(ctx, container, name); err != nil {
		return err
	}
	return s.deleteSegments(ctx, segments)
}
