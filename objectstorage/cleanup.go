package objectstorage

import (
	"context"
	"errors"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// deleteBad deletes an object that arrived damaged, unless it was replaced
// since.
func (s *ObjectsService) deleteBad(ctx context.Context, args []string, etag string) {
	ctx, cancel := cleanupContext(ctx)
	defer cancel()
	name := objectIn(args)
	if object, err := s.Head(ctx, args[0], name); err == nil && object.ETag == etag {
		_ = s.Delete(ctx, args[0], name)
	}
}

// cleanupContext returns a context for what has to be done after a failure,
// which may be that the context of the call has ended.
func cleanupContext(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
}

// cleanUp deletes the parts that were made, but for those that an object of
// that name has by now: another upload of the same content may have taken them.
func (u *uploading) cleanUp(ctx context.Context) {
	if u.options.KeepParts || len(u.made) == 0 {
		return
	}
	ctx, cancel := cleanupContext(ctx)
	defer cancel()
	used, err := u.service.segmentsOf(ctx, u.container, u.name)
	if err != nil && !errors.Is(err, nhncloud.ErrNotFound) && u.asked {
		return // better parts without an object than the other way round
	}
	_ = u.service.deleteSegments(ctx, without(u.made, used))
}
