package blockstoragev1

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/volumestate"
)

// VolumesService calls the operations on volumes.
type VolumesService struct{ client *nhncloud.Client }

// Volume is a volume, in the console a block storage.
type Volume struct {
	ID               string             `json:"id"`
	Name             string             `json:"name"`
	Description      string             `json:"description"`
	Status           VolumeStatus       `json:"status"`
	Size             int                `json:"size"` // GB
	VolumeType       VolumeType         `json:"volumeType"`
	AvailabilityZone string             `json:"availabilityZone"`
	Attachments      []VolumeAttachment `json:"attachments"` // empty while it is attached to no instance
	Metadata         map[string]string  `json:"metadata"`
	CreatedAt        time.Time          `json:"createdAt"`
}

// VolumeAttachment tells where a volume is attached.
type VolumeAttachment struct {
	AttachmentID string `json:"attachmentId"`
	InstanceID   string `json:"instanceId"`
	Device       string `json:"device"` // such as "/dev/vdb"
}

// VolumeStatus is the status of a volume. It is an open type.
type VolumeStatus string

// The statuses of a volume.
const (
	StatusCreating        VolumeStatus = "creating"
	StatusAvailable       VolumeStatus = "available" // can be attached
	StatusAttaching       VolumeStatus = "attaching"
	StatusDetaching       VolumeStatus = "detaching"
	StatusInUse           VolumeStatus = "in-use" // attached
	StatusDeleting        VolumeStatus = "deleting"
	StatusError           VolumeStatus = "error"          // the creation failed
	StatusErrorDeleting   VolumeStatus = "error_deleting" // the deletion failed
	StatusBackingUp       VolumeStatus = "backing-up"
	StatusRestoringBackup VolumeStatus = "restoring-backup"
	StatusErrorBackingUp  VolumeStatus = "error_backing-up"
	StatusErrorRestoring  VolumeStatus = "error_restoring"
	StatusDownloading     VolumeStatus = "downloading" // an image is written to it
	StatusUploading       VolumeStatus = "uploading"   // an image is made of it
)

// VolumeType is the kind of disk behind a volume. It is an open type.
type VolumeType string

// The types of a volume.
const (
	VolumeGeneralHDD VolumeType = "General HDD"
	VolumeGeneralSSD VolumeType = "General SSD"
)

// List returns the volumes of the project.
//
// API: GET /v1.0/appkeys/{appkey}/volumes (blockstorage-v1-list-volumes; Storage-Block-Storage en/api-guide.md)
func (s *VolumesService) List(ctx context.Context) ([]*Volume, error) {
	return nhncloud.FetchList[Volume](ctx, s.client, nhncloud.Request{
		Operation:   "blockstorage-v1-list-volumes",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/volumes",
		ResponseKey: "volumes",
	})
}

// Get returns a volume.
//
// API: GET /v1.0/appkeys/{appkey}/volumes (blockstorage-v1-list-volumes; Storage-Block-Storage en/api-guide.md)
func (s *VolumesService) Get(ctx context.Context, id string) (*Volume, error) {
	const operation = "blockstorage-v1-list-volumes"
	if err := nhncloud.CheckID(operation, "volumeId", id); err != nil {
		return nil, err
	}
	return nhncloud.FetchOne(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/volumes",
		Query:       url.Values{"id": {id}},
		ResponseKey: "volumes",
	}, func(v *Volume) bool { return v.ID == id })
}

// VolumeCreateRequest describes a volume to create. Name, AvailabilityZone and
// Size are required.
type VolumeCreateRequest struct {
	Name             string            `json:"name"`
	AvailabilityZone string            `json:"availabilityZone"`
	Size             int               `json:"size"` // GB; 10 to 1,000 in steps of 10
	Description      string            `json:"description,omitzero"`
	VolumeType       VolumeType        `json:"volumeType,omitzero"` // "" for that of the service
	Metadata         map[string]string `json:"metadata,omitzero"`
}

// Create begins to create a volume and returns it. Wait for [StatusAvailable]
// with [VolumesService.WaitForStatus].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [VolumesService.List] shows two volumes of the Name. A value of the
// caller's own in Metadata tells them from those of other calls.
//
// API: POST /v1.0/appkeys/{appkey}/volumes (blockstorage-v1-create-volume; Storage-Block-Storage en/api-guide.md)
func (s *VolumesService) Create(ctx context.Context, request VolumeCreateRequest) (*Volume, error) {
	const operation = "blockstorage-v1-create-volume"
	var check nhncloud.ArgumentCheck
	check.Required("Name", request.Name)
	check.Required("AvailabilityZone", request.AvailabilityZone)
	check.RefuseIf(request.Size <= 0, "Size", "must be positive")
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Volume](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodPost,
		Path:        "/v1.0/appkeys/{appkey}/volumes",
		Body:        map[string]VolumeCreateRequest{"volume": request},
		ResponseKey: "volume",
	})
}

// Delete begins to delete a volume, which must be in [StatusAvailable],
// [StatusInUse], [StatusError] or [StatusErrorRestoring]. Wait with
// [VolumesService.WaitForDeletion].
//
// API: DELETE /v1.0/appkeys/{appkey}/volumes (blockstorage-v1-delete-volume; Storage-Block-Storage en/api-guide.md)
func (s *VolumesService) Delete(ctx context.Context, id string) error {
	const operation = "blockstorage-v1-delete-volume"
	if err := nhncloud.CheckID(operation, "volumeId", id); err != nil {
		return err
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceAppKey,
		Method:    http.MethodDelete,
		Path:      "/v1.0/appkeys/{appkey}/volumes",
		Query:     url.Values{"id": {id}},
	}, nil)
}

func (s *VolumesService) waiter(id string) nhncloud.Waiter[*Volume, VolumeStatus] {
	return volumestate.Waiter("blockstorage-v1-list-volumes", id, s.Get, func(volume *Volume) VolumeStatus { return volume.Status })
}

// WaitForStatus waits until a volume has the status and returns it. It ends
// with an [nhncloud.ErrFailedState] when the volume gets into one of the error
// statuses, or is deleted, instead.
func (s *VolumesService) WaitForStatus(ctx context.Context, id string, status VolumeStatus, options *nhncloud.WaitOptions) (*Volume, error) {
	return s.waiter(id).Until(ctx, options, status)
}

// WaitForDeletion waits until a volume is gone. It ends with an
// [nhncloud.ErrFailedState] when the deletion failed.
func (s *VolumesService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return s.waiter(id).UntilGone(ctx, options)
}
