package compute

import (
	"context"
	"iter"
	"net/http"
	"strconv"

	"github.com/nhncloud-go/nhncloud"
)

// VolumeAttachmentsService calls the operations on the volumes of a server.
type VolumeAttachmentsService struct{ client *nhncloud.Client }

// VolumeAttachment tells where a volume is attached.
type VolumeAttachment struct {
	ID       string `json:"id"` // same as VolumeID
	VolumeID string `json:"volumeId"`
	ServerID string `json:"serverId"`
	Device   string `json:"device"` // such as "/dev/vdb"
}

// VolumeAttachmentListOptions picks a page of a listing.
type VolumeAttachmentListOptions struct {
	Limit  int `url:"limit,omitempty"`
	Offset int `url:"offset,omitempty"` // how many to skip
}

// List returns one page of the volumes attached to a server, root volume
// included. Without options it is all of them, as far as the service puts no
// limit of its own.
//
// API: GET /v2/{tenantId}/servers/{serverId}/os-volume_attachments (compute-v2-list-volume-attachments; Compute-Instance en/public-api.md)
func (s *VolumeAttachmentsService) List(ctx context.Context, serverID string, options *VolumeAttachmentListOptions) ([]*VolumeAttachment, error) {
	const operation = "compute-v2-list-volume-attachments"
	if options != nil {
		var check nhncloud.ArgumentCheck
		check.RefuseIf(options.Limit < 0, "Limit", "must not be negative")
		check.RefuseIf(options.Offset < 0, "Offset", "must not be negative")
		if err := check.Err(operation); err != nil {
			return nil, err
		}
	}
	return nhncloud.FetchList[VolumeAttachment](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/servers/{serverId}/os-volume_attachments",
		Args:        []string{serverID},
		Query:       options,
		ResponseKey: "volumeAttachments",
	})
}

// All returns an iterator over all volumes attached to a server.
func (s *VolumeAttachmentsService) All(ctx context.Context, serverID string) iter.Seq2[*VolumeAttachment, error] {
	const limit = 100
	return nhncloud.Paginate("0", func(marker string) (nhncloud.Page[*VolumeAttachment], error) {
		offset, _ := strconv.Atoi(marker)
		items, err := s.List(ctx, serverID, &VolumeAttachmentListOptions{Limit: limit, Offset: offset})
		page := nhncloud.Page[*VolumeAttachment]{Items: items}
		if len(items) >= limit {
			page.Next = strconv.Itoa(offset + len(items))
		}
		return page, err
	})
}

// Get returns one attachment. A volume that is not attached to the server is an
// [nhncloud.ErrNotFound].
//
// API: GET /v2/{tenantId}/servers/{serverId}/os-volume_attachments/{volumeId} (compute-v2-get-volume-attachment; Compute-Instance en/public-api.md)
func (s *VolumeAttachmentsService) Get(ctx context.Context, serverID, volumeID string) (*VolumeAttachment, error) {
	return nhncloud.Fetch[VolumeAttachment](ctx, s.client, nhncloud.Request{
		Operation:   "compute-v2-get-volume-attachment",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/servers/{serverId}/os-volume_attachments/{volumeId}",
		Args:        []string{serverID, volumeID},
		ResponseKey: "volumeAttachment",
	})
}

// Attach begins to attach a volume to a server. The volume must be in the
// availability zone of the server; one that is not available, such as one that is
// attached already, is an [nhncloud.ErrConflict].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call is such a conflict, and [VolumeAttachmentsService.Get]
// shows the attachment.
//
// API: POST /v2/{tenantId}/servers/{serverId}/os-volume_attachments (compute-v2-attach-volume; Compute-Instance en/public-api.md)
func (s *VolumeAttachmentsService) Attach(ctx context.Context, serverID, volumeID string) (*VolumeAttachment, error) {
	const operation = "compute-v2-attach-volume"
	if volumeID == "" {
		return nil, nhncloud.NewArgumentError(operation, "volumeID", "must not be empty")
	}
	type attachment struct {
		VolumeID string `json:"volumeId"`
	}
	return nhncloud.Fetch[VolumeAttachment](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodPost,
		Path:        "/v2/{tenantId}/servers/{serverId}/os-volume_attachments",
		Args:        []string{serverID},
		Body:        map[string]attachment{"volumeAttachment": {volumeID}},
		ResponseKey: "volumeAttachment",
	})
}

// Detach begins to detach a volume from a server. Wait with
// [VolumeAttachmentsService.WaitForDetach].
//
// API: DELETE /v2/{tenantId}/servers/{serverId}/os-volume_attachments/{volumeId} (compute-v2-detach-volume; Compute-Instance en/public-api.md)
func (s *VolumeAttachmentsService) Detach(ctx context.Context, serverID, volumeID string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "compute-v2-detach-volume",
		Service:   nhncloud.ServiceCompute,
		Method:    http.MethodDelete,
		Path:      "/v2/{tenantId}/servers/{serverId}/os-volume_attachments/{volumeId}",
		Args:      []string{serverID, volumeID},
	}, nil)
}

// WaitForDetach waits until a volume is not attached to the server any more.
func (s *VolumeAttachmentsService) WaitForDetach(ctx context.Context, serverID, volumeID string, options *nhncloud.WaitOptions) error {
	return nhncloud.Waiter[*VolumeAttachment, string]{
		Operation: "compute-v2-get-volume-attachment",
		Resource:  "attachment to server " + serverID + " of volume",
		ID:        volumeID,
		Look: func(ctx context.Context, volumeID string) (*VolumeAttachment, error) {
			return s.Get(ctx, serverID, volumeID)
		},
		Status: func(*VolumeAttachment) string { return "attached" },
	}.UntilGone(ctx, options)
}
