package objectstorage

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// finish makes the object of the parts. That is either not begun or brought to
// an end, whatever becomes of the context, as long as that has grace: nobody
// could tell what an attempt that is broken off does.
func (u *uploading) finish(ctx context.Context) (*PutResult, error) {
	if u.unchanged != nil {
		if err := u.unchanged(); err != nil {
			return nil, transfer.Unsendable(opUpload, err)
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, &nhncloud.Error{Operation: opUpload, Err: err}
	}
	f := &flight{whole: true}
	long, cancel := transfer.Outlasting(ctx, maxLinger, f.under)
	defer cancel()
	traced := f.traced(hurried{long, ctx})
	u.asked = true
	var put *PutResult
	var err error
	if u.options.Dynamic {
		put, err = u.service.PutDynamic(traced, u.container, u.name, u.segments, u.prefix+"/", &u.options.PutOptions)
	} else {
		put, err = u.service.PutStatic(traced, u.container, u.name, u.parts, &u.options.PutOptions)
	}
	if err != nil && mayBeDone(err) {
		if found := u.findMade(); found != nil {
			put, err = found, nil
		}
		u.uncertain = err != nil && (f.under() && long.Err() != nil || timedOut(err))
	}
	if err != nil {
		return nil, endedWith(ctx, err)
	}
	put.Size = 0
	for _, segment := range u.parts {
		put.Size += segment.Bytes
	}
	return put, nil
}

// mayBeDone reports whether a request may have been done although it failed.
func mayBeDone(err error) bool {
	var e *nhncloud.Error
	return errors.As(err, &e) && (e.Attempts > 1 || e.StatusCode < 400 || e.StatusCode >= 500)
}

// timedOut reports whether a request was given up by something on its way that
// did not hear of its end.
func timedOut(err error) bool {
	var e *nhncloud.Error
	var network net.Error
	return errors.As(err, &e) && e.StatusCode == http.StatusGatewayTimeout || errors.As(err, &network) && network.Timeout()
}

// findMade returns the object if it is there in spite of a failure, and made of
// parts that this upload has sent. An older one may be made of all the others.
func (u *uploading) findMade() *PutResult {
	if len(u.made) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(u.grace, transfer.MaxCleanup)
	defer cancel()
	found, _ := u.find(ctx)
	return found
}

// find returns the object if it is made of the parts, or nil.
func (u *uploading) find(ctx context.Context) (*PutResult, error) {
	object, err := u.service.Head(ctx, u.container, u.name)
	if err != nil {
		return nil, err
	}
	found := &PutResult{ETag: object.ETag, LastModified: object.LastModified}
	if u.options.Dynamic {
		if object.Dynamic != u.segments+"/"+u.prefix+"/" {
			found = nil
		}
		return found, nil
	}
	if !object.Static || !transfer.Same(object.ETag, combinedETag(u.parts)) {
		return nil, nil
	}
	segments, err := u.service.Segments(ctx, u.container, u.name)
	if err != nil || !slices.EqualFunc(segments, u.parts, func(a, b Segment) bool { return a.Container == b.Container && a.Name == b.Name }) {
		return nil, err
	}
	return found, nil
}
