package blockstorage

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// SnapshotsService calls the operations on snapshots of volumes.
type SnapshotsService struct{ client *nhncloud.Client }

// Snapshot is what a volume held at some time. Volumes can be made from it, and
// its volume can't be deleted while it is there.
type Snapshot struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Status      SnapshotStatus    `json:"status"`
	Size        int               `json:"size"`                                       // of the volume, in GB
	VolumeID    string            `json:"volume_id"`                                  // that it was made of
	Progress    string            `json:"os-extended-snapshot-attributes:progress"`   // such as "100%"; not in summaries
	TenantID    string            `json:"os-extended-snapshot-attributes:project_id"` // not in summaries
	Metadata    map[string]string `json:"metadata"`
	CreatedAt   time.Time         `json:"created_at"`
}

// SnapshotStatus is the status of a snapshot. It is an open type.
type SnapshotStatus string

// The statuses of a snapshot.
const (
	SnapshotCreating      SnapshotStatus = "creating"
	SnapshotAvailable     SnapshotStatus = "available" // volumes can be made from it
	SnapshotBackingUp     SnapshotStatus = "backing-up"
	SnapshotDeleting      SnapshotStatus = "deleting"
	SnapshotDeleted       SnapshotStatus = "deleted"
	SnapshotError         SnapshotStatus = "error"          // the creation failed
	SnapshotErrorDeleting SnapshotStatus = "error_deleting" // the deletion failed
	SnapshotUnmanaging    SnapshotStatus = "unmanaging"     // is being given up by the service
	SnapshotRestoring     SnapshotStatus = "restoring"      // a volume is made from it
)

const (
	getSnapshot           = "blockstorage-v2-get-snapshot"
	listSnapshots         = "blockstorage-v2-list-snapshots-detail"
	listSnapshotSummaries = "blockstorage-v2-list-snapshots"
)

// SnapshotListOptions sorts a listing of snapshots and picks a page of it. A nil
// pointer and zero fields stand for the order of the service and the first page.
// The guide has no such options for snapshots; they are those of volumes, which
// block storage of OpenStack has for both.
type SnapshotListOptions struct {
	Sort   string `url:"sort,omitempty"`   // field and direction, such as "name:asc" or "created_at:desc"
	Limit  int    `url:"limit,omitempty"`  // of a page
	Offset int    `url:"offset,omitempty"` // how many to skip
	Marker string `url:"marker,omitempty"` // id of the snapshot before the first one wanted
}

type snapshotPage struct {
	Items []*Snapshot   `json:"snapshots"`
	Links []linked.Link `json:"snapshots_links"`
}

// List returns one page of snapshots in full. Use [SnapshotsService.All] for all
// of them.
//
// API: GET /v2/{tenantId}/snapshots/detail (blockstorage-v2-list-snapshots-detail; Storage-Block-Storage en/public-api.md)
func (s *SnapshotsService) List(ctx context.Context, options *SnapshotListOptions) ([]*Snapshot, error) {
	return linked.Listed(s.page(ctx, listSnapshots, "/v2/{tenantId}/snapshots/detail", options, nil))
}

// ListSummaries returns one page of snapshots without their Progress and TenantID.
//
// API: GET /v2/{tenantId}/snapshots (blockstorage-v2-list-snapshots; Storage-Block-Storage en/public-api.md)
func (s *SnapshotsService) ListSummaries(ctx context.Context, options *SnapshotListOptions) ([]*Snapshot, error) {
	return linked.Listed(s.page(ctx, listSnapshotSummaries, "/v2/{tenantId}/snapshots", options, nil))
}

// All returns an iterator over all snapshots in full, or those behind the Offset or
// the Marker; it fetches page after page while the loop goes on. Limit is the size
// of a page, 1,000 when it is 0, not of the listing.
func (s *SnapshotsService) All(ctx context.Context, options *SnapshotListOptions) iter.Seq2[*Snapshot, error] {
	return s.all(ctx, listSnapshots, "/v2/{tenantId}/snapshots/detail", options)
}

// AllSummaries is [SnapshotsService.All] without Progress and TenantID.
func (s *SnapshotsService) AllSummaries(ctx context.Context, options *SnapshotListOptions) iter.Seq2[*Snapshot, error] {
	return s.all(ctx, listSnapshotSummaries, "/v2/{tenantId}/snapshots", options)
}

// all walks along the links to the next pages, for which the service has to be
// given a limit. One that knows no pages of snapshots has all of them on the first.
func (s *SnapshotsService) all(ctx context.Context, operation, path string, options *SnapshotListOptions) iter.Seq2[*Snapshot, error] {
	own := SnapshotListOptions{Limit: 1000}
	if options != nil {
		limit := own.Limit
		if own = *options; own.Limit == 0 {
			own.Limit = limit
		}
	}
	return linked.All(operation, func(next url.Values) (*linked.Page[Snapshot], error) { return s.page(ctx, operation, path, &own, next) })
}

// page gets the first page, or the one of the query.
func (s *SnapshotsService) page(ctx context.Context, operation, path string, options *SnapshotListOptions, next url.Values) (*linked.Page[Snapshot], error) {
	if options != nil {
		if err := linked.CheckPaging(operation, options.Limit, options.Offset); err != nil {
			return nil, err
		}
	}
	page, err := nhncloud.Fetch[snapshotPage](ctx, s.client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceBlockStorage,
		Method:    http.MethodGet,
		Path:      path,
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[Snapshot])(page), err
}

// Get returns a snapshot.
//
// API: GET /v2/{tenantId}/snapshots/{snapshotId} (blockstorage-v2-get-snapshot; Storage-Block-Storage en/public-api.md)
func (s *SnapshotsService) Get(ctx context.Context, id string) (*Snapshot, error) {
	return nhncloud.Fetch[Snapshot](ctx, s.client, nhncloud.Request{
		Operation:   getSnapshot,
		Service:     nhncloud.ServiceBlockStorage,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/snapshots/{snapshotId}",
		Args:        []string{id},
		ResponseKey: "snapshot",
	})
}

// SnapshotCreateRequest describes a snapshot to create. VolumeID is required.
type SnapshotCreateRequest struct {
	VolumeID    string `json:"volume_id"`
	Name        string `json:"name,omitzero"`
	Description string `json:"description,omitzero"`
	// Force takes a volume that is attached too. What the server has not written to
	// it yet is missing in the snapshot.
	Force bool `json:"force,omitzero"`
}

// Create begins to create a snapshot of a volume and returns it. Wait for
// [SnapshotAvailable] with [SnapshotsService.WaitForStatus]. A volume that is not
// available, or with Force attached, is an [nhncloud.ErrConflict], a quota that is
// used up an [nhncloud.ErrQuotaExceeded].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [SnapshotsService.All] shows two snapshots of the volume under the
// Name. A value of the caller's own in Description tells them from those of other
// calls.
//
// API: POST /v2/{tenantId}/snapshots (blockstorage-v2-create-snapshot; Storage-Block-Storage en/public-api.md)
func (s *SnapshotsService) Create(ctx context.Context, request SnapshotCreateRequest) (*Snapshot, error) {
	const operation = "blockstorage-v2-create-snapshot"
	if request.VolumeID == "" {
		return nil, nhncloud.NewArgumentError(operation, "VolumeID", "must not be empty")
	}
	return nhncloud.Fetch[Snapshot](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceBlockStorage,
		Method:      http.MethodPost,
		Path:        "/v2/{tenantId}/snapshots",
		Body:        map[string]SnapshotCreateRequest{"snapshot": request},
		ResponseKey: "snapshot",
	})
}

// Delete begins to delete a snapshot. One that has something done to it is an
// [nhncloud.ErrConflict]. Wait with [SnapshotsService.WaitForDeletion].
//
// API: DELETE /v2/{tenantId}/snapshots/{snapshotId} (blockstorage-v2-delete-snapshot; Storage-Block-Storage en/public-api.md)
func (s *SnapshotsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "blockstorage-v2-delete-snapshot",
		Service:   nhncloud.ServiceBlockStorage,
		Method:    http.MethodDelete,
		Path:      "/v2/{tenantId}/snapshots/{snapshotId}",
		Args:      []string{id},
	}, nil)
}

func (s *SnapshotsService) waiter(id string) nhncloud.Waiter[*Snapshot, SnapshotStatus] {
	return nhncloud.Waiter[*Snapshot, SnapshotStatus]{
		Operation:      getSnapshot,
		Resource:       "snapshot",
		ID:             id,
		Look:           s.Get,
		Status:         func(snapshot *Snapshot) SnapshotStatus { return snapshot.Status },
		Failed:         []SnapshotStatus{SnapshotError},
		Deleting:       []SnapshotStatus{SnapshotDeleting},
		Deleted:        []SnapshotStatus{SnapshotDeleted},
		DeletionFailed: []SnapshotStatus{SnapshotErrorDeleting},
	}
}

// WaitForStatus waits until a snapshot has the status and returns it. It ends with
// an [nhncloud.ErrFailedState] when the snapshot gets into [SnapshotError], or is
// deleted, instead.
func (s *SnapshotsService) WaitForStatus(ctx context.Context, id string, status SnapshotStatus, options *nhncloud.WaitOptions) (*Snapshot, error) {
	return s.waiter(id).Until(ctx, options, status)
}

// WaitForDeletion waits until a snapshot is not found any more, or has been shown
// as deleted for a few seconds. It ends with an [nhncloud.ErrFailedState] when the
// deletion failed.
func (s *SnapshotsService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return s.waiter(id).UntilGone(ctx, options)
}
