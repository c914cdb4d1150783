package compute

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/imagecheck"
	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// ImageUpdateRequest changes an image. A nil field is left as it is, and so is
// each property that is not named. The visibility is changed by
// [ImagesService.SetVisibility].
type ImageUpdateRequest struct {
	Name          *string
	OSType        *OSType
	OSDistro      *string
	OSVersion     *string
	MinDisk       *int // GB
	MinRAM        *int // MB
	Protected     *bool
	AllowDownload *bool
	// Tags are all that the image is to have; none where it is empty and not nil.
	// [ImagesService.AddTag] and [ImagesService.RemoveTag] change a single one.
	Tags []string
	// Properties are set, whether the image has them or not.
	Properties map[string]string
	// RemoveProperties takes properties off the image, which has to have them.
	RemoveProperties []string
}

// patchOperation is one operation of a JSON patch.
type patchOperation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// patchOf is what sets a member that every image has.
func patchOf(name string, value any) patchOperation {
	return patchOperation{Op: "replace", Path: "/" + name, Value: value}
}

// patchType is the content type of a patch. An "add" of this version replaces
// what is there.
const patchType = "application/openstack-images-v2.1-json-patch"

const (
	updateImage     = "image-v2-update-image"
	nothingToUpdate = "or another field must be set, because there is nothing to change otherwise"
)

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func (r *ImageUpdateRequest) check(patch []patchOperation) error {
	var check nhncloud.ArgumentCheck
	check.RefuseIf(len(patch) == 0, "Name", nothingToUpdate)
	if r.Name != nil {
		imagecheck.Name(&check, "Name", *r.Name)
	}
	check.RefuseIf(r.OSType != nil && *r.OSType == "", "OSType", "must not be empty")
	check.RefuseIf(r.MinDisk != nil && *r.MinDisk < 0, "MinDisk", "must not be negative")
	check.RefuseIf(r.MinRAM != nil && *r.MinRAM < 0, "MinRAM", "must not be negative")
	for i, tag := range r.Tags {
		checkTag(&check, fmt.Sprintf("Tags[%d]", i), tag)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Properties)) {
		checkProperty(&check, "Properties", name)
	}
	for i, name := range r.RemoveProperties {
		_, set := r.Properties[name]
		again := slices.Contains(r.RemoveProperties[:i], name)
		check.RefuseIf(set || again, "RemoveProperties["+strconv.Quote(name)+"]", "is named twice")
		if name != "os_distro" && name != "os_version" && name != allowDownload { // they are properties, too
			checkProperty(&check, "RemoveProperties", name)
		}
	}
	return check.Err(updateImage)
}

// patch is the request as the service takes it, in an order of its own.
func (r *ImageUpdateRequest) patch() []patchOperation {
	var patch []patchOperation
	if r.Name != nil {
		patch = append(patch, patchOf("name", *r.Name))
	}
	if r.MinDisk != nil {
		patch = append(patch, patchOf("min_disk", *r.MinDisk))
	}
	if r.MinRAM != nil {
		patch = append(patch, patchOf("min_ram", *r.MinRAM))
	}
	if r.Protected != nil {
		patch = append(patch, patchOf("protected", *r.Protected))
	}
	if r.Tags != nil {
		patch = append(patch, patchOf("tags", r.Tags))
	}
	set := func(name, value string) {
		patch = append(patch, patchOperation{Op: "add", Path: "/" + pointerEscapes.Replace(name), Value: value})
	}
	if r.OSType != nil {
		set("os_type", string(*r.OSType))
	}
	if r.OSDistro != nil {
		set("os_distro", *r.OSDistro)
	}
	if r.OSVersion != nil {
		set("os_version", *r.OSVersion)
	}
	if r.AllowDownload != nil {
		set(allowDownload, strconv.FormatBool(*r.AllowDownload))
	}
	for _, name := range slices.Sorted(maps.Keys(r.Properties)) {
		set(name, r.Properties[name])
	}
	for _, name := range r.RemoveProperties {
		patch = append(patch, patchOperation{Op: "remove", Path: "/" + pointerEscapes.Replace(name)})
	}
	return patch
}

// Update changes an image and returns it: by all that the request says, or by
// nothing. A property to remove that the image does not have is an
// [nhncloud.ErrConflict], and an image of another tenant an
// [nhncloud.ErrForbidden].
//
// API: PATCH /v2/images/{imageId} (image-v2-update-image; Compute-Image en/public-api.md)
func (s *ImagesService) Update(ctx context.Context, id string, request ImageUpdateRequest) (*Image, error) {
	patch := request.patch()
	if err := request.check(patch); err != nil {
		return nil, err
	}
	body, err := patchBody(updateImage, patch)
	if err != nil {
		return nil, err
	}
	again := nhncloud.IdempotencyAlways
	if len(request.RemoveProperties) > 0 { // which are not there the second time
		again = nhncloud.IdempotencyByMethod
	}
	return nhncloud.Fetch[Image](ctx, s.client, nhncloud.Request{
		Operation:   updateImage,
		Service:     nhncloud.ServiceImage,
		Method:      http.MethodPatch,
		Path:        "/v2/images/{imageId}",
		Args:        []string{id},
		Body:        body,
		Idempotency: again,
	})
}

func patchBody(operation string, patch []patchOperation) (*nhncloud.Body, error) {
	encoded, err := wire.Marshal(patch)
	if err != nil {
		return nil, &nhncloud.Error{Operation: operation, Field: "Body", Message: "can't be encoded as JSON", Err: err}
	}
	return nhncloud.NewBodyBytes(patchType, encoded), nil
}

// SetVisibility makes an image [ImageShared], so that it can have members, or
// [ImagePrivate], and returns it.
//
// API: PATCH /v2/images/{imageId} (image-v2-update-visibility; Compute-Image en/public-api.md)
func (s *ImagesService) SetVisibility(ctx context.Context, id string, visibility ImageVisibility) (*Image, error) {
	const operation = "image-v2-update-visibility"
	if visibility == "" {
		return nil, nhncloud.NewArgumentError(operation, "visibility", fmt.Sprintf("must be %s or %s", ImagePrivate, ImageShared))
	}
	body, err := patchBody(operation, []patchOperation{patchOf("visibility", visibility)})
	if err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Image](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceImage,
		Method:      http.MethodPatch,
		Path:        "/v2/images/{imageId}",
		Args:        []string{id},
		Body:        body,
		Idempotency: nhncloud.IdempotencyAlways,
	})
}

// AddTag puts a tag on an image, which may have it already. It has at most 255
// characters and does not begin with "_".
//
// API: PUT /v2/images/{imageId}/tags/{tag} (image-v2-add-tag; Compute-Image en/public-api.md)
func (s *ImagesService) AddTag(ctx context.Context, id, tag string) error {
	const operation = "image-v2-add-tag"
	var check nhncloud.ArgumentCheck
	checkTag(&check, "tag", tag)
	if err := check.Err(operation); err != nil {
		return err
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceImage,
		Method:    http.MethodPut,
		Path:      "/v2/images/{imageId}/tags/{tag}",
		Args:      []string{id, tag},
	}, nil)
}

// RemoveTag takes a tag off an image. One that it does not have is an
// [nhncloud.ErrNotFound].
//
// API: DELETE /v2/images/{imageId}/tags/{tag} (image-v2-remove-tag; Compute-Image en/public-api.md)
func (s *ImagesService) RemoveTag(ctx context.Context, id, tag string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "image-v2-remove-tag",
		Service:   nhncloud.ServiceImage,
		Method:    http.MethodDelete,
		Path:      "/v2/images/{imageId}/tags/{tag}",
		Args:      []string{id, tag},
	}, nil)
}
