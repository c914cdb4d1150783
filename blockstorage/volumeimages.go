package blockstorage

import (
	"context"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/imagecheck"
)

// ImageUploadRequest describes an image to make of a volume. ImageName is
// required; it has up to 255 bytes.
type ImageUploadRequest struct {
	ImageName string `json:"image_name"`
	// Force takes a volume that is attached too, of which the image may not be
	// consistent unless the server is stopped.
	Force           bool            `json:"force,omitzero"`
	DiskFormat      string          `json:"disk_format,omitzero"`      // such as "qcow2"; "" for that of the service
	ContainerFormat string          `json:"container_format,omitzero"` // such as "bare"; "" for that of the service
	Visibility      ImageVisibility `json:"visibility,omitzero"`       // "" for that of the service
	Protected       bool            `json:"protected,omitzero"`        // changes and deletion are refused
}

// ImageVisibility is who sees an image. It is an open type.
type ImageVisibility string

// The visibilities that an image of a volume can have.
const (
	ImagePrivate ImageVisibility = "private"
	ImageShared  ImageVisibility = "shared"
)

// ImageUpload tells about an image that is being made of a volume.
type ImageUpload struct {
	ImageID           string       `json:"image_id"`
	ImageName         string       `json:"image_name"`
	DiskFormat        string       `json:"disk_format"`
	ContainerFormat   string       `json:"container_format"`
	VolumeID          string       `json:"id"`
	VolumeDescription string       `json:"display_description"`
	VolumeType        VolumeType   `json:"volume_type"`
	Status            VolumeStatus `json:"status"` // of the volume: [StatusUploading]
	Size              int          `json:"size"`   // of the volume, in GB
	UpdatedAt         time.Time    `json:"updated_at" wire:"null"`
}

// imageUpload is the answer, in which a type has another member for who sees it
// than in the listing of types.
type imageUpload struct {
	ImageUpload
	VolumeType struct {
		VolumeType
		IsPublic bool `json:"is_public"`
	} `json:"volume_type"`
}

// UploadImage begins to make an image of a volume and returns what the service
// tells about it. It is how a server that boots from a volume is made an image of;
// for one with a local disk (flavors u2) it is CreateImage of package compute. A
// volume that is not available, or with Force attached, is an
// [nhncloud.ErrConflict].
//
// Wait with [VolumesService.WaitForUpload] until the volume is free again, and with
// WaitForActive of the images of package compute until the image can be used. The
// call is sent once, whatever happens to it: if it fails without an answer, look
// for an image of the name.
//
// API: POST /v2/{tenantId}/volumes/{volumeId}/action (blockstorage-v2-volume-action-upload-image; Storage-Block-Storage en/public-api.md)
func (s *VolumesService) UploadImage(ctx context.Context, id string, request ImageUploadRequest) (*ImageUpload, error) {
	const operation, action = "blockstorage-v2-volume-action-upload-image", "os-volume_upload_image"
	var check nhncloud.ArgumentCheck
	imagecheck.Name(&check, "ImageName", request.ImageName)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	answer, err := nhncloud.Fetch[imageUpload](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceBlockStorage,
		Method:      http.MethodPost,
		Path:        "/v2/{tenantId}/volumes/{volumeId}/action",
		Args:        []string{id},
		Body:        map[string]ImageUploadRequest{action: request},
		ResponseKey: action,
		Idempotency: nhncloud.IdempotencyUnsafe,
	})
	if err != nil {
		return nil, err
	}
	upload := answer.ImageUpload
	upload.VolumeType = answer.VolumeType.VolumeType
	upload.VolumeType.IsPublic = answer.VolumeType.IsPublic || upload.VolumeType.IsPublic
	return &upload, nil
}

// WaitForUpload waits until no image is being made of a volume any more, so that
// it is [StatusAvailable] or [StatusInUse], and returns it. Whether the image came
// out well, the image tells. It ends with an [nhncloud.ErrFailedState] when the
// volume gets into one of the error statuses, or is deleted, instead.
func (s *VolumesService) WaitForUpload(ctx context.Context, id string, options *nhncloud.WaitOptions) (*Volume, error) {
	return s.waiter(id).Until(ctx, options, StatusAvailable, StatusInUse)
}
