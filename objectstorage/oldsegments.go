package objectstorage

import (
	"context"
	"errors"
	"slices"

	"github.com/nhncloud-go/nhncloud"
)

// oldSegments returns the segments of the object that will be overwritten, as
// far as they are to be deleted.
func (u *uploading) oldSegments(ctx context.Context) ([]Location, error) {
	if !u.options.DeleteOldSegments {
		return nil, nil
	}
	places, err := u.service.segmentsOf(ctx, u.container, u.name)
	if errors.Is(err, nhncloud.ErrNotFound) {
		return nil, nil
	}
	return places, err
}

// deleteOld deletes the segments of the object that was overwritten, but for
// those that the new one has as well.
func (u *uploading) deleteOld(ctx context.Context, old []Location) error {
	used := []Location{{u.container, u.name}}
	for _, segment := range u.parts {
		used = append(used, Location{segment.Container, segment.Name})
	}
	return u.service.deleteSegments(ctx, without(old, used))
}

// without returns the places but for those that are used.
func without(places, used []Location) []Location {
	keep := make(map[Location]bool, len(used))
	for _, place := range used {
		keep[place] = true
	}
	return slices.DeleteFunc(places, func(place Location) bool { return keep[place] })
}

// segmentsOf returns where the segments of an object are; nothing for one that
// is not large.
func (s *ObjectsService) segmentsOf(ctx context.Context, container, name string) ([]Location, error) {
	object, err := s.Head(ctx, container, name)
	if err != nil {
		return nil, err
	}
	var places []Location
	if object.Static {
		segments, err := s.Segments(ctx, container, name)
		if err != nil {
			return nil, err
		}
		for _, segment := range segments {
			places = append(places, Location{segment.Container, segment.Name})
		}
	}
	if from, prefix, _ := cutLocation(object.Dynamic); prefix != "" {
		for entry, err := range s.All(ctx, from, &ObjectListOptions{Prefix: prefix}) {
			if err != nil {
				return nil, err
			}
			places = append(places, Location{from, entry.Name})
		}
	}
	return places, nil
}

// deleteSegments deletes objects, and tells of the first failure.
func (s *ObjectsService) deleteSegments(ctx context.Context, places []Location) error {
	_, err := s.deleteAll(ctx, places, defaultConcurrency)
	return err
}
