package computev1

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// ImagesService calls the operations on images.
type ImagesService struct{ client *nhncloud.Client }

// Image is an image to boot instances from.
type Image struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Status     ImageStatus       `json:"status"`
	Size       int64             `json:"size"`       // bytes
	MinDisk    int               `json:"minDisk"`    // GB that the root disk must have
	MinRAM     int               `json:"minRam"`     // MB that the flavor must have
	DiskFormat string            `json:"diskFormat"` // such as "qcow2"
	Public     bool              `json:"isPublic"`
	Protected  bool              `json:"protected"` // deletion is refused
	Properties map[string]string `json:"properties"`
	CreatedAt  time.Time         `json:"createdAt"`
	UpdatedAt  time.Time         `json:"updatedAt"`
}

// ImageStatus is the status of an image. It is an open type.
type ImageStatus string

// The statuses of an image.
const (
	ImageQueued        ImageStatus = "queued" // it has an id, but no data yet
	ImageSaving        ImageStatus = "saving"
	ImageActive        ImageStatus = "active" // usable
	ImageKilled        ImageStatus = "killed" // the upload of its data failed
	ImageDeleted       ImageStatus = "deleted"
	ImagePendingDelete ImageStatus = "pending_delete"
	ImageDeactivated   ImageStatus = "deactivated" // its data can't be used
)

// ImageListOptions picks a page of a listing, which is sorted by the time of
// creation. A nil pointer and zero fields stand for all of it, as far as the
// service puts no limit of its own.
type ImageListOptions struct {
	Limit  int    `url:"limit,omitempty"`  // of a page
	Marker string `url:"marker,omitempty"` // id of the image to go on from
}

// List returns one page of images. Use [ImagesService.All] for all of them.
//
// API: GET /v1.0/appkeys/{appkey}/images (image-v1-list-images; Compute-Image en/old/api-guide.md)
func (s *ImagesService) List(ctx context.Context, options *ImageListOptions) ([]*Image, error) {
	const operation = "image-v1-list-images"
	if options != nil && options.Limit < 0 {
		return nil, nhncloud.NewArgumentError(operation, "Limit", "must not be negative")
	}
	return nhncloud.FetchList[Image](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/images",
		Query:       options,
		ResponseKey: "images",
	})
}

// All returns an iterator over all images, or those after the Marker; it
// fetches page after page while the loop goes on. Limit is the size of a page,
// 100 when it is 0, not of the listing.
func (s *ImagesService) All(ctx context.Context, options *ImageListOptions) iter.Seq2[*Image, error] {
	var own ImageListOptions
	if options != nil {
		own = *options
	}
	if own.Limit == 0 {
		own.Limit = 100 // a marker counts only together with a limit
	}
	return linked.ByMarker(own.Marker, own.Limit, func(image *Image) string { return image.ID }, func(marker string, limit int) (*linked.Page[Image], error) {
		images, err := s.List(ctx, &ImageListOptions{Limit: limit, Marker: marker})
		return &linked.Page[Image]{Items: images}, err
	})
}

// Delete deletes an image. Only those that a user made can be deleted.
//
// API: DELETE /v1.0/appkeys/{appkey}/images (image-v1-delete-image; Compute-Image en/old/api-guide.md)
func (s *ImagesService) Delete(ctx context.Context, id string) error {
	const operation = "image-v1-delete-image"
	if err := nhncloud.CheckID(operation, "imageId", id); err != nil {
		return err
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceAppKey,
		Method:    http.MethodDelete,
		Path:      "/v1.0/appkeys/{appkey}/images",
		Query:     url.Values{"id": {id}},
	}, nil)
}
