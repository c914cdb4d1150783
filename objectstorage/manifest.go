package objectstorage

import (
	"context"
	"errors"
	"slices"

	"github.com/nhncloud-go/nhncloud"
)

// finish makes the object of the parts. That is either not begun or brought to
// an end, whatever becomes of the context: nobody could tell what an attempt
// that is broken off does.
func (u *uploading) finish(ctx context.Context) (*PutResult, error) {
	if u.unchanged != nil {
		if err := u.unchanged(); err != nil {
			return nil, fileError(opUpload, err)
		}
	}
	ctx, cancel := outlasting(ctx, func() bool { return true })
	defer cancel()
	u.asked = true
	var put *PutResult
	var err error
	if u.options.Dynamic {
		put, err = u.service.PutDynamic(ctx, u.container, u.name, u.segments, u.prefix+"/", &u.options.PutOptions)
	} else {
		put, err = u.service.PutStatic(ctx, u.container, u.name, u.parts, &u.options.PutOptions)
	}
	var e *nhncloud.Error
	if errors.As(err, &e) && (e.Attempts > 1 || e.StatusCode < 400 || e.StatusCode >= 500) {
		// It may have been done all the same.
		if found := u.find(ctx); found != nil {
			put, err = found, nil
		}
	}
	if err != nil {
		return nil, err
	}
	put.Size = 0
	for _, segment := range u.parts {
		put.Size += segment.Bytes
	}
	return put, nil
}

// find returns the object if it is made of the parts that this upload has made,
// or nil.
func (u *uploading) find(ctx context.Context) *PutResult {
	object, err := u.service.Head(ctx, u.container, u.name)
	if err != nil || len(u.made) == 0 {
		return nil
	}
	if u.options.Dynamic {
		if object.Dynamic != u.segments+"/"+u.prefix+"/" {
			return nil
		}
		return &PutResult{ETag: object.ETag, LastModified: object.LastModified}
	}
	if !object.Static || object.ETag != combinedETag(u.parts) {
		return nil
	}
	segments, err := u.service.Segments(ctx, u.container, u.name)
	if err != nil || !slices.EqualFunc(segments, u.parts, func(a, b Segment) bool { return a.Container == b.Container && a.Name == b.Name }) {
		return nil
	}
	return &PutResult{ETag: object.ETag, LastModified: object.LastModified}
}
