package objectstorage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// maxLook is how much of the time for cleaning up may go into finding out what
// must stay.
const maxLook = 2 * time.Second

// LeftoverError is the cause of a failure after which something is left behind
// in the account that could not be deleted, such as parts of an object that did
// not come to be. [ObjectsService.DeleteMany] deletes it later; look before where
// Reason says that an object may still need it.
type LeftoverError struct {
	Objects []Location // what is left, or may be
	Reason  error      // why it could not be deleted
	Err     error      // cause of the failure itself; nil where the service told it
}

// Error tells what is left.
func (e *LeftoverError) Error() string {
	text := ""
	if e.Err != nil {
		text = e.Err.Error() + "; "
	}
	return text + "left behind: " + e.places() + ": " + e.Reason.Error()
}

// places names the objects, or where they are if they are many.
func (e *LeftoverError) places() string {
	const most = 3
	if len(e.Objects) <= most {
		names := make([]string, len(e.Objects))
		for i, place := range e.Objects {
			names[i] = fmt.Sprintf("%q", place.Container+"/"+place.Name)
		}
		return strings.Join(names, ", ")
	}
	first := e.Objects[0]
	common := first.Name
	for _, place := range e.Objects {
		for place.Container != first.Container || !strings.HasPrefix(place.Name, common) {
			if common == "" {
				return fmt.Sprintf("%d objects, the first of which is %q", len(e.Objects), first.Container+"/"+first.Name)
			}
			common = common[:len(common)-1]
		}
	}
	common = common[:strings.LastIndexByte(common, '/')+1]
	return fmt.Sprintf("%d objects that begin with %q", len(e.Objects), first.Container+"/"+common)
}

// Unwrap returns the cause of the failure itself.
func (e *LeftoverError) Unwrap() error { return e.Err }

// leaving returns a failure that tells what is left behind, too.
func leaving(failure error, objects []Location, reason error) error {
	if len(objects) == 0 {
		return failure
	}
	own := *asError(opUpload, failure)
	if before, ok := own.Err.(*LeftoverError); ok {
		own.Err = &LeftoverError{Objects: slices.Concat(before.Objects, objects), Reason: fmt.Errorf("%w; %w", before.Reason, reason), Err: before.Err}
		return &own
	}
	own.Err = &LeftoverError{Objects: objects, Reason: reason, Err: own.Err}
	return &own
}

// asError returns a failure as the error that it is, or has as its cause.
func asError(operation string, failure error) *nhncloud.Error {
	var e *nhncloud.Error
	if !errors.As(failure, &e) {
		e = &nhncloud.Error{Operation: operation, Err: failure}
	}
	return e
}

// deleteBad deletes an object that arrived damaged, unless it was replaced
// since, or nothing tells which one it is. It returns the failure, which tells
// whether the object is still there.
func (s *ObjectsService) deleteBad(ctx context.Context, args []string, etag string, failure error) error {
	if etag == "" {
		return failure
	}
	ctx, cancel := transfer.CleanupContext(ctx)
	defer cancel()
	place := Location{args[0], objectIn(args)}
	object, err := s.Head(ctx, place.Container, place.Name)
	if err == nil && transfer.Same(object.ETag, etag) {
		err = s.Delete(ctx, place.Container, place.Name)
	}
	if err == nil || errors.Is(err, nhncloud.ErrNotFound) {
		return failure
	}
	return leaving(failure, []Location{place}, err)
}

// cleanUp deletes the parts that were made, but for those that an object of
// that name has by now: another upload of the same content may have taken them.
// It returns the failure, which tells what is left.
func (u *uploading) cleanUp(failure error) error {
	made := u.made
	if u.options.KeepParts {
		made = u.damaged
	}
	if len(made) == 0 {
		return failure
	}
	if u.uncertain {
		return leaving(failure, made, errors.New("the service may still make the object of them"))
	}
	ctx, cancel := context.WithTimeout(u.grace, transfer.MaxCleanup)
	defer cancel()
	used, err := u.used(ctx)
	if err != nil && u.asked { // better parts without an object than the other way round
		return leaving(failure, made, err)
	}
	places := without(made, used)
	var left []Location
	var reason error
	for i, err := range u.service.deleteEach(ctx, places, max(defaultConcurrency, u.options.Concurrency)) {
		if errors.Is(err, nhncloud.ErrNotFound) {
			if err = nil; u.adrift[places[i]] {
				err = errors.New("the service may still store it")
			}
		}
		if err != nil {
			left = append(left, places[i])
			if reason == nil {
				reason = err
			}
		}
	}
	return leaving(failure, left, reason)
}

// used returns the segments that the object of that name has by now.
func (u *uploading) used(ctx context.Context) ([]Location, error) {
	ctx, cancel := context.WithTimeout(ctx, maxLook)
	defer cancel()
	used, err := u.service.segmentsOf(ctx, u.container, u.name)
	if errors.Is(err, nhncloud.ErrNotFound) {
		return nil, nil
	}
	return used, err
}
