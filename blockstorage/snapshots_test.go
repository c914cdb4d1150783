package blockstorage_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const snapshotID = "f63af601-43cd-41ab-8905-e1e93995f366"

// documentedSummary is the snapshot of the short listing.
func documentedSummary(t *testing.T) *blockstorage.Snapshot {
	t.Helper()
	return &blockstorage.Snapshot{
		ID: snapshotID, Name: "SNAPSHOT", Status: blockstorage.SnapshotAvailable, Size: 50, VolumeID: volumeID,
		Metadata: map[string]string{}, CreatedAt: at(t, "2020-03-03T11:03:40"),
	}
}

// documentedSnapshot is the snapshot of the listing in full and the look-up.
func documentedSnapshot(t *testing.T) *blockstorage.Snapshot {
	t.Helper()
	s := documentedSummary(t)
	s.Progress, s.TenantID = "100%", "6cdebe3eb0094910bc41f1d42ebe4cb7"
	return s
}

func TestSnapshotsGet(t *testing.T) {
	t.Parallel()
	const operation = "blockstorage-v2-get-snapshot"
	apitest.Check(t, want(operation, http.MethodGet, "/snapshots/"+snapshotID, ""), documented(operation), documentedSnapshot(t),
		on(func(ctx context.Context, b *blockstorage.Client) (*blockstorage.Snapshot, error) {
			return b.Snapshots.Get(ctx, snapshotID)
		}))
	refusesIDs(t, operation, "snapshotId", func(ctx context.Context, b *blockstorage.Client, id string) error {
		_, err := b.Snapshots.Get(ctx, id)
		return err
	})
}

func TestSnapshotsCreate(t *testing.T) {
	t.Parallel()
	const operation, volume = "blockstorage-v2-create-snapshot", "5aa119a8-d25b-45a7-8d1b-88e127885635"
	create := func(request blockstorage.SnapshotCreateRequest) func(context.Context, *blockstorage.Client) (*blockstorage.Snapshot, error) {
		return func(ctx context.Context, b *blockstorage.Client) (*blockstorage.Snapshot, error) {
			return b.Snapshots.Create(ctx, request)
		}
	}
	w := want(operation, http.MethodPost, "/snapshots", "@")
	apitest.CheckCreate(t, w, documented(operation), &blockstorage.Snapshot{
		ID: "f2ae2667-b3b7-47ef-aa31-efab536888b9", Name: "SNAPSHOT", Status: blockstorage.SnapshotCreating, Size: 20, VolumeID: volume,
		Metadata: map[string]string{}, CreatedAt: at(t, "2020-03-02T13:51:33").Add(318695 * time.Microsecond),
	}, on(create(blockstorage.SnapshotCreateRequest{VolumeID: volume, Name: "SNAPSHOT-001", Description: "Daily backup", Force: true})))
	sends(t, w, `{"snapshot": {"volume_id": "v"}}`, documented(operation), func(ctx context.Context, b *blockstorage.Client) error {
		_, err := create(blockstorage.SnapshotCreateRequest{VolumeID: "v"})(ctx, b)
		return err
	})
	refuses(t, operation, "VolumeID", func(ctx context.Context, b *blockstorage.Client) error {
		_, err := create(blockstorage.SnapshotCreateRequest{Name: "x"})(ctx, b)
		return err
	})
}

func TestSnapshotsDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "blockstorage-v2-delete-snapshot", "/snapshots", "", "snapshotId", func(ctx context.Context, b *blockstorage.Client, id string) error {
		return b.Snapshots.Delete(ctx, id)
	})
}
