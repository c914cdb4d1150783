package compute

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/imagecheck"
)

// ImageCreateRequest describes an image to create. Name and OSType are required.
type ImageCreateRequest struct {
	Name   string // up to 255 bytes
	OSType OSType // [OSLinux] or [OSWindows]
	// DiskFormat and ContainerFormat are those of the file, such as "qcow2" or
	// "raw", and "bare".
	DiskFormat      string
	ContainerFormat string
	OSDistro        string          // such as "ubuntu"
	OSVersion       string          // such as "Server 22.04 LTS"
	MinDisk         int             // GB that the root disk must have
	MinRAM          int             // MB that the flavor must have
	Visibility      ImageVisibility // [ImagePrivate] or [ImageShared]; the service has the former by default
	Protected       bool            // deletion is refused until that is taken back
	Tags            []string        // each up to 255 characters, the first of which is not "_"
	// AllowDownload sets the property nhncloud_allow_download, without which the
	// service does not hand the file out.
	AllowDownload bool
	// Properties are further ones of the image, such as login_username.
	Properties map[string]string
}

const (
	createImage   = "image-v2-create-image"
	allowDownload = "nhncloud_allow_download"
	maxImageText  = 255 // characters of tags and names of properties
)

// imageFields are the members of an image that have a field to set them, or a
// method, and imageReadOnly those that the service alone sets.
var (
	imageFields = map[string]string{
		"name": "Name", "os_type": "OSType", "os_distro": "OSDistro", "os_version": "OSVersion", "disk_format": "DiskFormat",
		"container_format": "ContainerFormat", "min_disk": "MinDisk", "min_ram": "MinRAM", "visibility": "Visibility",
		"protected": "Protected", "tags": "Tags", allowDownload: "AllowDownload",
	}
	imageReadOnly = []string{
		"id", "owner", "status", "size", "virtual_size", "checksum", "created_at", "updated_at", "self", "file", "schema",
		"direct_url", "locations", "location", "stores", "os_hash_algo", "os_hash_value", "os_hidden", "deleted", "deleted_at",
	}
)

// checkProperty refuses what can't be a property beside the fields.
func checkProperty(check *nhncloud.ArgumentCheck, field, name string) {
	refuse := func(problem string) { check.Refuse(field+"["+strconv.Quote(name)+"]", problem) }
	own, typed := imageFields[name]
	switch {
	case name == "":
		check.Refuse(field, "must not have an empty name")
	case typed:
		refuse("is the field " + own)
	case slices.Contains(imageReadOnly, name):
		refuse("is set by the service alone")
	case name != strings.TrimSpace(name):
		refuse("has a space at its beginning or end, which the service would drop")
	case utf8.RuneCountInString(name) > maxImageText:
		refuse(fmt.Sprintf("has a name of more than %d characters", maxImageText))
	}
}

// checkTag refuses what the service takes for no tag.
func checkTag(check *nhncloud.ArgumentCheck, field, tag string) {
	switch {
	case tag == "":
		check.Refuse(field, "must not be empty")
	case strings.HasPrefix(tag, "_"):
		check.Refuse(field, "must not begin with _: "+strconv.Quote(tag))
	case utf8.RuneCountInString(tag) > maxImageText:
		check.Refuse(field, fmt.Sprintf("must not have more than %d characters", maxImageText))
	}
}

func (r *ImageCreateRequest) check() error {
	var check nhncloud.ArgumentCheck
	imagecheck.Name(&check, "Name", r.Name)
	check.Required("OSType", string(r.OSType))
	check.RefuseIf(r.MinDisk < 0, "MinDisk", "must not be negative")
	check.RefuseIf(r.MinRAM < 0, "MinRAM", "must not be negative")
	for i, tag := range r.Tags {
		checkTag(&check, fmt.Sprintf("Tags[%d]", i), tag)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Properties)) {
		checkProperty(&check, "Properties", name)
	}
	return check.Err(createImage)
}

// body is the request with the properties beside its members.
func (r *ImageCreateRequest) body() map[string]any {
	body := map[string]any{"name": r.Name, "os_type": r.OSType}
	for name, value := range map[string]string{
		"disk_format": r.DiskFormat, "container_format": r.ContainerFormat, "os_distro": r.OSDistro, "os_version": r.OSVersion,
		"visibility": string(r.Visibility),
	} {
		if value != "" {
			body[name] = value
		}
	}
	for name, value := range map[string]int{"min_disk": r.MinDisk, "min_ram": r.MinRAM} {
		if value != 0 {
			body[name] = value
		}
	}
	if r.Protected {
		body["protected"] = true
	}
	if len(r.Tags) > 0 {
		body["tags"] = r.Tags
	}
	if r.AllowDownload {
		body[allowDownload] = "true"
	}
	for name, value := range r.Properties {
		body[name] = value
	}
	return body
}

// Create creates an image without a file, in [ImageQueued], and returns it. It
// can be used once [ImagesService.Upload] has given it one;
// [ImagesService.CreateAndUpload] does both.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [ImagesService.List] shows one more of the Name in [ImageQueued].
//
// API: POST /v2/images (image-v2-create-image; Compute-Image en/public-api.md)
func (s *ImagesService) Create(ctx context.Context, request ImageCreateRequest) (*Image, error) {
	if err := request.check(); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Image](ctx, s.client, nhncloud.Request{
		Operation: createImage,
		Service:   nhncloud.ServiceImage,
		Method:    http.MethodPost,
		Path:      "/v2/images",
		Body:      request.body(),
	})
}
