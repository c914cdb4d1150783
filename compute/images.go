package compute

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/go-querystring/query"

	"github.com/nhncloud-go/nhncloud"
)

// ImagesService calls the operations on images. Who else may use one is told by
// [ImageMembersService].
type ImagesService struct{ client *nhncloud.Client }

// Image is an image to boot servers from.
type Image struct {
	ID              string          `json:"id" wire:"required"` // an answer has no wrapper that would tell an image from anything else
	Name            string          `json:"name"`
	Status          ImageStatus     `json:"status"`
	Visibility      ImageVisibility `json:"visibility"`
	Owner           string          `json:"owner"`        // tenant id
	Size            int64           `json:"size"`         // bytes; 0 while unknown
	VirtualSize     int64           `json:"virtual_size"` // bytes; 0 while unknown
	Checksum        string          `json:"checksum"`     // MD5
	MinDisk         int             `json:"min_disk"`     // GB that the root disk must have
	MinRAM          int             `json:"min_ram"`      // MB that the flavor must have
	DiskFormat      string          `json:"disk_format"`
	ContainerFormat string          `json:"container_format"`
	Protected       bool            `json:"protected"` // changes and deletion are refused
	OSType          OSType          `json:"os_type"`
	OSDistro        string          `json:"os_distro"`
	OSVersion       string          `json:"os_version"`
	OSHashAlgo      string          `json:"os_hash_algo"` // of OSHashValue, such as "sha512"
	OSHashValue     string          `json:"os_hash_value"`
	OSHidden        bool            `json:"os_hidden"`
	Tags            []string        `json:"tags"`
	CreatedAt       time.Time       `json:"created_at"`
	UpdatedAt       time.Time       `json:"updated_at"`
	Self            string          `json:"self"`
	File            string          `json:"file"`
	Schema          string          `json:"schema"`
	// Properties are all further members of the image, such as login_username and
	// description. Encoded again, they are one member.
	Properties map[string]any `json:"properties" wire:"rest"`
}

// Property returns a property as text, and "" where the image has none of that
// name. Those that are fields, such as os_type, are found as well.
func (i *Image) Property(name string) string {
	switch name {
	case "os_type":
		return string(i.OSType)
	case "os_distro":
		return i.OSDistro
	case "os_version":
		return i.OSVersion
	}
	switch v := i.Properties[name].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// AllowsDownload reports whether the service hands the file of an image out.
func (i *Image) AllowsDownload() bool { return strings.EqualFold(i.Property(allowDownload), "true") }

// OSType is the kind of system that an image has. It is an open type.
type OSType string

// The kinds of systems.
const (
	OSLinux   OSType = "linux"
	OSWindows OSType = "windows"
)

// ImageStatus is the status of an image. It is an open type.
type ImageStatus string

// The statuses of an image.
const (
	ImageQueued        ImageStatus = "queued" // it has an id, but no data yet
	ImageSaving        ImageStatus = "saving"
	ImageActive        ImageStatus = "active" // usable
	ImageKilled        ImageStatus = "killed" // it is of no use any more
	ImageDeleted       ImageStatus = "deleted"
	ImagePendingDelete ImageStatus = "pending_delete"
)

// ImageVisibility is who sees an image. It is an open type.
type ImageVisibility string

// The visibilities of an image.
const (
	ImagePublic  ImageVisibility = "public"
	ImagePrivate ImageVisibility = "private"
	ImageShared  ImageVisibility = "shared"
)

// ImageListOptions narrows a listing of images. A nil pointer and zero fields
// stand for all of them.
type ImageListOptions struct {
	Name       string          `url:"name,omitempty"`
	Visibility ImageVisibility `url:"visibility,omitempty"`
	Owner      string          `url:"owner,omitempty"` // tenant id
	Status     ImageStatus     `url:"status,omitempty"`
	SizeMin    int64           `url:"size_min,omitempty"` // bytes
	SizeMax    int64           `url:"size_max,omitempty"` // bytes
	SortKey    string          `url:"sort_key,omitempty"` // attribute; the service sorts by created_at by default
	SortDir    string          `url:"sort_dir,omitempty"` // "asc" or "desc"
	// MemberStatus is that of the tenant for images that others share with it,
	// or [ImageMemberAll]. By default it is [ImageMemberAccepted].
	MemberStatus ImageMemberStatus `url:"member_status,omitempty"`
	Limit        int               `url:"limit,omitempty"`  // of a page; the service has 100 by default and 1,000 at the most
	Marker       string            `url:"marker,omitempty"` // id of the image before the first one wanted
	// Properties filters by properties, such as os_type, and by what has no field
	// here: nhncloud_product, which is "compute", "gpu" or "container", and
	// [ImagesForNKS].
	Properties map[string]string `url:"-"`
}

// ImagesForNKS is the filter that the guide of NKS has for the base images of its
// nodes: true, beside [ImagePublic].
const ImagesForNKS = "nhncloud_allow_nks_cpu_flavor"

func (o *ImageListOptions) values(operation string) (url.Values, error) {
	if o == nil {
		return url.Values{}, nil
	}
	var check nhncloud.ArgumentCheck
	check.RefuseIf(o.Limit < 0, "Limit", "must not be negative")
	check.RefuseIf(o.SizeMin < 0, "SizeMin", "must not be negative")
	check.RefuseIf(o.SizeMax < 0, "SizeMax", "must not be negative")
	_, unnamed := o.Properties[""]
	check.RefuseIf(unnamed, "Properties", "must not have an empty name")
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	values, err := query.Values(o)
	if err != nil {
		return nil, err
	}
	for name, value := range o.Properties {
		values.Set(name, value)
	}
	return values, nil
}

type imagePage struct {
	Images []*Image `json:"images"`
	Next   string   `json:"next"` // relative URL
}

// List returns one page of images. Use [ImagesService.All] for all of them.
//
// API: GET /v2/images (image-v2-list-images; Compute-Image en/public-api.md)
func (s *ImagesService) List(ctx context.Context, options *ImageListOptions) ([]*Image, error) {
	page, err := s.page(ctx, options)
	if err != nil {
		return nil, err
	}
	return page.Images, nil
}

func (s *ImagesService) page(ctx context.Context, options *ImageListOptions) (*imagePage, error) {
	const operation = "image-v2-list-images"
	values, err := options.values(operation)
	if err != nil {
		return nil, err
	}
	page, err := nhncloud.Fetch[imagePage](ctx, s.client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceImage,
		Method:    http.MethodGet,
		Path:      "/v2/images",
		Query:     values,
	})
	if err != nil {
		return nil, err
	}
	page.Images = present(page.Images)
	return page, nil
}

// All returns an iterator over all images; it fetches page after page while the
// loop goes on.
func (s *ImagesService) All(ctx context.Context, options *ImageListOptions) iter.Seq2[*Image, error] {
	var own ImageListOptions
	if options != nil {
		own = *options
	}
	return nhncloud.Paginate(own.Marker, func(marker string) (nhncloud.Page[*Image], error) {
		own := own
		own.Marker = marker
		page, err := s.page(ctx, &own)
		if err != nil {
			return nhncloud.Page[*Image]{}, err
		}
		if page.Next == "" {
			return nhncloud.Page[*Image]{Items: page.Images}, nil
		}
		next, err := url.Parse(page.Next)
		if err != nil || next.Query().Get("marker") == "" {
			return nhncloud.Page[*Image]{}, &nhncloud.Error{
				Operation: "image-v2-list-images",
				Message:   fmt.Sprintf("the link to the next page, %q, has no marker", page.Next),
				Err:       nhncloud.ErrBadAnswer,
			}
		}
		return nhncloud.Page[*Image]{Items: page.Images, Next: next.Query().Get("marker")}, nil
	})
}

// Get returns an image.
//
// API: GET /v2/images/{imageId} (image-v2-get-image; Compute-Image en/public-api.md)
func (s *ImagesService) Get(ctx context.Context, id string) (*Image, error) {
	return nhncloud.Fetch[Image](ctx, s.client, nhncloud.Request{
		Operation: "image-v2-get-image",
		Service:   nhncloud.ServiceImage,
		Method:    http.MethodGet,
		Path:      "/v2/images/{imageId}",
		Args:      []string{id},
	})
}

// Delete deletes an image. One that is protected, or public, is an
// [nhncloud.ErrForbidden].
//
// API: DELETE /v2/images/{imageId} (image-v2-delete-image; Compute-Image en/public-api.md)
func (s *ImagesService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "image-v2-delete-image",
		Service:   nhncloud.ServiceImage,
		Method:    http.MethodDelete,
		Path:      "/v2/images/{imageId}",
		Args:      []string{id},
	}, nil)
}

func (s *ImagesService) waiter(id string) nhncloud.Waiter[*Image, ImageStatus] {
	return nhncloud.Waiter[*Image, ImageStatus]{
		Operation: "image-v2-get-image",
		Resource:  "image",
		ID:        id,
		Look:      s.Get,
		Status:    func(image *Image) ImageStatus { return image.Status },
		Failed:    []ImageStatus{ImageKilled},
		Deleting:  []ImageStatus{ImagePendingDelete},
		Deleted:   []ImageStatus{ImageDeleted},
	}
}

// WaitForActive waits until an image is usable and returns it. It ends with an
// [nhncloud.ErrFailedState] when the image is killed or being removed instead.
func (s *ImagesService) WaitForActive(ctx context.Context, id string, options *nhncloud.WaitOptions) (*Image, error) {
	return s.waiter(id).Until(ctx, options, ImageActive)
}

// WaitForDeletion waits until an image is not found any more.
func (s *ImagesService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return s.waiter(id).UntilGone(ctx, options)
}
