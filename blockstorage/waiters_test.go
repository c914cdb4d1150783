package blockstorage_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

// seen is what a waiter gets to see: statuses, or those of failures.
type seen []any

// wait lets a waiter look, and returns its error.
func (s seen) wait(t *testing.T, w apitest.Want, key string, wait func(ctx context.Context, b *blockstorage.Client, options *nhncloud.WaitOptions) error) error {
	t.Helper()
	var looks []apitest.Look
	for _, one := range s {
		switch one := one.(type) {
		case string:
			looks = append(looks, apitest.Look{Status: one, Reply: apitest.Reply{Body: fmt.Sprintf(`{%q: {"id": "x", "status": %q}}`, key, one)}})
		case int:
			looks = append(looks, apitest.Look{Failed: true, Reply: apitest.Reply{Status: one}})
		}
	}
	if n := len(looks); n > 0 && s[n-1] == gone {
		looks[n-1] = apitest.Look{Status: "gone", Reply: apitest.Reply{Status: http.StatusNotFound}}
	}
	return apitest.WaitThrough(t, w, looks, func(ctx context.Context, client *nhncloud.Client, options *nhncloud.WaitOptions) error {
		return wait(ctx, blockstorage.New(client), options)
	})
}

// gone is a look that finds nothing, where that is no failure.
const gone = "gone"

func TestVolumesWait(t *testing.T) {
	t.Parallel()
	w := want("blockstorage-v2-get-volume", http.MethodGet, "/volumes/x", "")
	until := func(status blockstorage.VolumeStatus) func(context.Context, *blockstorage.Client, *nhncloud.WaitOptions) error {
		return func(ctx context.Context, b *blockstorage.Client, options *nhncloud.WaitOptions) error {
			volume, err := b.Volumes.WaitForStatus(ctx, "x", status, options)
			if err == nil {
				assert.Equal(t, &blockstorage.Volume{ID: "x", Status: status}, volume)
			}
			return err
		}
	}
	uploaded := func(ctx context.Context, b *blockstorage.Client, options *nhncloud.WaitOptions) error {
		_, err := b.Volumes.WaitForUpload(ctx, "x", options)
		return err
	}
	deleted := func(ctx context.Context, b *blockstorage.Client, options *nhncloud.WaitOptions) error {
		return b.Volumes.WaitForDeletion(ctx, "x", options)
	}
	for name, test := range map[string]struct {
		seen seen
		wait func(context.Context, *blockstorage.Client, *nhncloud.WaitOptions) error
		err  error
	}{
		"available":            {seen{"creating", "downloading", "available"}, until(blockstorage.StatusAvailable), nil},
		"in use":               {seen{"available", "attaching", "in-use"}, until(blockstorage.StatusInUse), nil},
		"error is wanted":      {seen{"creating", "error"}, until(blockstorage.StatusError), nil},
		"passing failure":      {seen{"creating", 503, "available"}, until(blockstorage.StatusAvailable), nil},
		"failed":               {seen{"creating", "error"}, until(blockstorage.StatusAvailable), nhncloud.ErrFailedState},
		"backup failed":        {seen{"error_backing-up"}, until(blockstorage.StatusAvailable), nhncloud.ErrFailedState},
		"restoring failed":     {seen{"error_restoring"}, until(blockstorage.StatusAvailable), nhncloud.ErrFailedState},
		"extending failed":     {seen{"error_extending"}, until(blockstorage.StatusAvailable), nhncloud.ErrFailedState},
		"is being deleted":     {seen{"deleting"}, until(blockstorage.StatusAvailable), nhncloud.ErrFailedState},
		"gone meanwhile":       {seen{"creating", 404}, until(blockstorage.StatusAvailable), nhncloud.ErrNotFound},
		"uploaded":             {seen{"uploading", "available"}, uploaded, nil},
		"uploaded, in use":     {seen{"uploading", "in-use"}, uploaded, nil},
		"upload, failed":       {seen{"uploading", "error"}, uploaded, nhncloud.ErrFailedState},
		"deleted":              {seen{"deleting", 503, "deleting", gone}, deleted, nil},
		"deleted before":       {seen{gone}, deleted, nil},
		"deletion failed":      {seen{"deleting", "error_deleting"}, deleted, nhncloud.ErrFailedState},
		"deletion called off":  {seen{"deleting", "available"}, deleted, nhncloud.ErrFailedState},
		"deletion not allowed": {seen{"deleting", 403}, deleted, nhncloud.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				assert.ErrorIs(t, test.seen.wait(t, w, "volume", test.wait), test.err)
			})
		})
	}
}

func TestSnapshotsWait(t *testing.T) {
	t.Parallel()
	w := want("blockstorage-v2-get-snapshot", http.MethodGet, "/snapshots/x", "")
	available := func(ctx context.Context, b *blockstorage.Client, options *nhncloud.WaitOptions) error {
		snapshot, err := b.Snapshots.WaitForStatus(ctx, "x", blockstorage.SnapshotAvailable, options)
		if err == nil {
			assert.Equal(t, &blockstorage.Snapshot{ID: "x", Status: blockstorage.SnapshotAvailable}, snapshot)
		}
		return err
	}
	deleted := func(ctx context.Context, b *blockstorage.Client, options *nhncloud.WaitOptions) error {
		return b.Snapshots.WaitForDeletion(ctx, "x", options)
	}
	for name, test := range map[string]struct {
		seen seen
		wait func(context.Context, *blockstorage.Client, *nhncloud.WaitOptions) error
		err  error
	}{
		"available":        {seen{"creating", 503, "available"}, available, nil},
		"after a restore":  {seen{"restoring", "available"}, available, nil},
		"failed":           {seen{"creating", "error"}, available, nhncloud.ErrFailedState},
		"is being deleted": {seen{"deleting"}, available, nhncloud.ErrFailedState},
		"is deleted":       {seen{"deleted"}, available, nhncloud.ErrFailedState},
		"gone meanwhile":   {seen{404}, available, nhncloud.ErrNotFound},
		"deleted":          {seen{"deleting", "deleted", gone}, deleted, nil},
		"deletion failed":  {seen{"deleting", "error_deleting"}, deleted, nhncloud.ErrFailedState},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				assert.ErrorIs(t, test.seen.wait(t, w, "snapshot", test.wait), test.err)
			})
		})
	}
}
