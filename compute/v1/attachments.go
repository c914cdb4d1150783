package computev1

import (
	"context"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
)

// VolumeAttachment tells where a volume is attached.
type VolumeAttachment struct {
	ID       string `json:"id"`
	VolumeID string `json:"volumeId"`
	Device   string `json:"device"` // such as "/dev/vdc"
}

// AttachVolume begins to attach a volume to an instance.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, it refuses the second call, and [InstancesService.Get] shows the
// volume.
//
// API: POST /v1.0/appkeys/{appkey}/instances/{instanceId}/attachments (compute-v1-attach-volume; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) AttachVolume(ctx context.Context, id, volumeID string) (*VolumeAttachment, error) {
	const operation = "compute-v1-attach-volume"
	if volumeID == "" {
		return nil, nhncloud.NewArgumentError(operation, "volumeID", "must not be empty")
	}
	type attachment struct {
		VolumeID string `json:"volumeId"`
	}
	return nhncloud.Fetch[VolumeAttachment](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodPost,
		Path:        "/v1.0/appkeys/{appkey}/instances/{instanceId}/attachments",
		Args:        []string{id},
		Body:        map[string]attachment{"attachment": {volumeID}},
		ResponseKey: "attachment",
	})
}

// DetachVolume begins to detach a volume from an instance.
//
// API: DELETE /v1.0/appkeys/{appkey}/instances/{instanceId}/attachments (compute-v1-detach-volume; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) DetachVolume(ctx context.Context, id, volumeID string) error {
	const operation = "compute-v1-detach-volume"
	if err := nhncloud.CheckID(operation, "volumeId", volumeID); err != nil {
		return err
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceAppKey,
		Method:    http.MethodDelete,
		Path:      "/v1.0/appkeys/{appkey}/instances/{instanceId}/attachments",
		Args:      []string{id},
		Query:     url.Values{"volumeId": {volumeID}},
	}, nil)
}
