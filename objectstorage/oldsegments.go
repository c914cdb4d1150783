package objectstorage

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// oldSegments are those of an object that is overwritten or deleted.
type oldSegments struct {
	places  []Location
	foreign string // container that others are in, which was not named; "" for none
}

// segmentsOf returns where the segments of an object are; nothing for one that
// is not large.
func (s *ObjectsService) segmentsOf(ctx context.Context, container, name string) ([]Location, error) {
	segments, err := s.segmentsWithin(ctx, container, name, func(string) bool { return true })
	return segments.places, err
}

// segmentsWithin is segmentsOf for segments that are to be deleted: whoever may
// write to a container can make an object there of segments anywhere.
func (s *ObjectsService) segmentsWithin(ctx context.Context, container, name string, allowed func(container string) bool) (oldSegments, error) {
	var old oldSegments
	object, err := s.Head(ctx, container, name)
	if err != nil {
		return old, err
	}
	if object.Static {
		segments, err := s.Segments(ctx, container, name)
		if err != nil {
			return old, err
		}
		for _, segment := range segments {
			if !allowed(segment.Container) {
				old.foreign = segment.Container
				continue
			}
			old.places = append(old.places, Location{segment.Container, segment.Name})
		}
	}
	from, prefix, _ := cutLocation(object.Dynamic)
	switch {
	case prefix == "": // is no dynamic one, or would be the whole container
	case !allowed(from):
		old.foreign = from
	default:
		for entry, err := range s.All(ctx, from, &ObjectListOptions{Prefix: prefix}) {
			if err != nil {
				return old, err
			}
			old.places = append(old.places, Location{from, entry.Name})
		}
	}
	return old, nil
}

// segmentContainer is where the parts of the objects in a container are stored,
// if no other one is named.
func segmentContainer(container string) string {
	const suffix = "_segments"
	if len(container)+len(suffix) > maxContainerName {
		container = transfer.HexMD5([]byte(container))
	}
	return container + suffix
}

// DeleteLarge deletes an object and, if it is a large one, its segments: first
// the object, so that it is never without them. A failure to delete a segment
// leaves the others to be deleted, and comes with a [LeftoverError]. Copies of a
// manifest lose their segments, too.
//
// Whoever may write to a container can make an object there of segments that are
// anywhere. Only those in the container itself and in that of its segments, as
// [ObjectsService.Upload] names it, are deleted. An object with others is refused
// before anything is deleted; see [ObjectsService.DeleteLargeWithin].
func (s *ObjectsService) DeleteLarge(ctx context.Context, container, name string) error {
	return s.DeleteLargeWithin(ctx, container, name)
}

// DeleteLargeWithin is [ObjectsService.DeleteLarge] for an object whose segments
// are in other containers.
func (s *ObjectsService) DeleteLargeWithin(ctx context.Context, container, name string, segmentContainers ...string) error {
	const operation = "objectstorage-delete-object"
	allowed := append([]string{container, segmentContainer(container)}, segmentContainers...)
	old, err := s.segmentsWithin(ctx, container, name, func(container string) bool { return slices.Contains(allowed, container) })
	if err != nil {
		return err
	}
	if old.foreign != "" {
		return nhncloud.NewArgumentError(operation, "segmentContainers", fmt.Sprintf("must have %q, where the object has segments, if they are to be deleted", old.foreign))
	}
	if err := s.Delete(ctx, container, name); err != nil {
		return err
	}
	return s.deleteSegments(ctx, old.places)
}

// deleteSegments deletes objects. It fails with the first failure, which tells
// of all that are left.
func (s *ObjectsService) deleteSegments(ctx context.Context, places []Location) error {
	var left []Location
	var first error
	for i, err := range s.deleteEach(ctx, places, defaultConcurrency) {
		if err != nil && !errors.Is(err, nhncloud.ErrNotFound) {
			left = append(left, places[i])
			if first == nil {
				first = err
			}
		}
	}
	return leaving(first, left, errors.New("they could not be deleted"))
}

// oldSegments returns the segments of the object that will be overwritten, as
// far as they are to be deleted.
func (u *uploading) oldSegments(ctx context.Context) (oldSegments, error) {
	if !u.options.DeleteOldSegments {
		return oldSegments{}, nil
	}
	allowed := []string{u.container, u.segments, segmentContainer(u.container)}
	old, err := u.service.segmentsWithin(ctx, u.container, u.name, func(container string) bool { return slices.Contains(allowed, container) })
	if errors.Is(err, nhncloud.ErrNotFound) {
		return oldSegments{}, nil
	}
	return old, err
}

// deleteOld deletes the segments of the object that was overwritten, but for
// those that the new one has as well. It looks before whether the new one is
// there: they are not to be had again.
func (u *uploading) deleteOld(ctx context.Context, old oldSegments, put *PutResult) error {
	used := []Location{{u.container, u.name}}
	for _, segment := range u.parts {
		used = append(used, Location{segment.Container, segment.Name})
	}
	places := without(old.places, used)
	if len(places) > 0 {
		there, err := u.shows(ctx, put)
		if err != nil {
			return leaving(err, places, errors.New("nothing tells whether the new object is there"))
		}
		if !there {
			err = &nhncloud.Error{Operation: opUpload, Message: "the service does not show the new object", Err: nhncloud.ErrBadAnswer}
			return leaving(err, places, errors.New("the old object may still be there"))
		}
		if err := u.service.deleteSegments(ctx, places); err != nil {
			return err
		}
	}
	if old.foreign != "" {
		return nhncloud.NewArgumentError(opUpload, "SegmentContainer", fmt.Sprintf("must be %q if the segments of the overwritten object there are to be deleted", old.foreign))
	}
	return nil
}

// leavingOld returns the failure of an upload that may have overwritten the old
// object all the same, whose segments stay: nobody knows whether it needs them.
func (u *uploading) leavingOld(old oldSegments, failure error) error {
	if !u.asked || !mayBeDone(failure) || asError(opUpload, failure).Field != "" {
		return failure
	}
	return leaving(failure, old.places, errors.New("they are of the old object, which may still be there"))
}

// shows reports whether the service shows the object that was stored.
func (u *uploading) shows(ctx context.Context, put *PutResult) (bool, error) {
	if len(u.parts) > 0 {
		found, err := u.find(ctx)
		return found != nil, err
	}
	object, err := u.service.Head(ctx, u.container, u.name)
	if err != nil {
		return false, err
	}
	return !object.Static && object.Dynamic == "" && object.Size == put.Size && (put.ETag == "" || transfer.Same(object.ETag, put.ETag)), nil
}

// without returns the places but for those that are used.
func without(places, used []Location) []Location {
	keep := make(map[Location]bool, len(used))
	for _, place := range used {
		keep[place] = true
	}
	return slices.DeleteFunc(slices.Clone(places), func(place Location) bool { return keep[place] })
}
