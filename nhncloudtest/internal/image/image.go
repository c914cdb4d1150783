package image

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

type object = frame.Object

// Service is the state of the image service.
type Service struct {
	frame    *frame.Frame
	identity *identity.Service
	blobs    *blob.Store
	images   map[*frame.Region][]*Image // oldest first
}

// Config says what there is.
type Config struct {
	Images []Spec // those that everybody has, beside the built-in ones
	Dir    string // below which large files are kept; that for temporary files when empty
}

// New makes the service with the images that everybody has.
func New(f *frame.Frame, id *identity.Service, cfg Config) *Service {
	s := &Service{frame: f, identity: id, blobs: &blob.Store{Base: cfg.Dir}, images: map[*frame.Region][]*Image{}}
	now := f.Now()
	for _, rg := range f.Regions {
		for _, spec := range slices.Concat(builtIn(), cfg.Images) {
			s.add(rg, spec, "public", identity.Operator, now)
		}
	}
	return s
}

// API is what the frame serves.
func (s *Service) API() *frame.API {
	return &frame.API{
		Name: "image", Dialect: Dialect{}, Admit: s.identity.Admit, Close: s.blobs.Close,
		Catalog: frame.Catalog{Type: "image", Name: "glance", Path: "/image"},
		Routes: append([]frame.Route{
			{Operation: "image-v2-list-images", Method: "GET", Path: "/v2/images", Handle: s.list},
			{Operation: "image-v2-create-image", Method: "POST", Path: "/v2/images", Handle: s.create},
			{Operation: "image-v2-get-image", Method: "GET", Path: "/v2/images/{imageId}", Handle: s.get},
			{Method: "PATCH", Path: "/v2/images/{imageId}", Handle: s.patch, ActionOf: changed, Actions: map[string]frame.Route{
				"":           {Operation: "image-v2-update-image", Handle: s.patch},
				"visibility": {Operation: "image-v2-update-visibility", Handle: s.patch},
			}},
			{Operation: "image-v2-delete-image", Method: "DELETE", Path: "/v2/images/{imageId}", Handle: s.delete},
			{Operation: "image-v2-upload-image-file", Method: "PUT", Path: "/v2/images/{imageId}/file", Handle: s.upload, Streams: true},
			{Operation: "image-v2-download-image-file", Method: "GET", Path: "/v2/images/{imageId}/file", Handle: s.download},
			{Operation: "image-v2-add-tag", Method: "PUT", Path: "/v2/images/{imageId}/tags/{tag}", Handle: s.addTag},
			{Operation: "image-v2-remove-tag", Method: "DELETE", Path: "/v2/images/{imageId}/tags/{tag}", Handle: s.removeTag},
			{Operation: "image-v2-create-member", Method: "POST", Path: "/v2/images/{imageId}/members", Handle: s.createMember},
			{Operation: "image-v2-list-members", Method: "GET", Path: "/v2/images/{imageId}/members", Handle: s.listMembers},
			{Operation: "image-v2-get-member", Method: "GET", Path: "/v2/images/{imageId}/members/{memberId}", Handle: s.getMember},
			{Operation: "image-v2-update-member", Method: "PUT", Path: "/v2/images/{imageId}/members/{memberId}", Handle: s.updateMember},
			{Operation: "image-v2-delete-member", Method: "DELETE", Path: "/v2/images/{imageId}/members/{memberId}", Handle: s.deleteMember},
		}, frame.Discovery{Version: "v2.0", Path: "/v2"}.Routes()...),
	}
}

// Dialect is how the service words its errors: as the web framework does.
type Dialect struct{ frame.OpenStack }

// Fail is an error of the web framework.
func (Dialect) Fail(c *frame.Call, status int, message string) frame.Reply {
	return frame.WebError(c, status, message)
}

// Unknown answers a path that the service does not have.
func (Dialect) Unknown(c *frame.Call) frame.Reply {
	return frame.WebError(c, http.StatusNotFound, frame.NoSuchPath)
}

func failed(c *frame.Call, status int, format string, args ...any) *frame.Reply {
	r := frame.WebError(c, status, fmt.Sprintf(format, args...))
	return &r
}

// detailed is an error with what the service says below what the web framework
// says by itself.
func detailed(c *frame.Call, status int, format string, args ...any) *frame.Reply {
	explanation := map[int]string{
		http.StatusForbidden: "Access was denied to this resource.",
		http.StatusConflict:  "There was a conflict when trying to complete your request.",
	}[status]
	r := frame.WebDetail(c, status, explanation, fmt.Sprintf(format, args...))
	return &r
}

// unauthorized is the error for what only the owner of an image, or the
// operator, may do.
func unauthorized(c *frame.Call, action string) *frame.Reply {
	return failed(c, http.StatusForbidden, "You are not authorized to complete %s action.", action)
}

// notFound is the error for an image that is not there.
func notFound(c *frame.Call, id string) *frame.Reply {
	return failed(c, http.StatusNotFound, "No image found with ID %s", id)
}

// Visible are the images that a tenant has in its lists, oldest first, in a
// fresh slice: of those that are shared with it, the ones that it accepted.
func (s *Service) Visible(place frame.Place) []*Image { return s.visible(place, "accepted") }

// visible are the images that a tenant can see; of those that are shared with
// it, the ones of a status, or all.
func (s *Service) visible(place frame.Place, status string) []*Image {
	var out []*Image
	for _, img := range s.images[place.Region] {
		if img.Visibility == "public" || img.Owner == place.Tenant || img.sharedWith(place.Tenant, status) {
			out = append(out, img)
		}
	}
	return out
}

// sharedWith tells whether an image is shared with a tenant, and whether the
// answer of that is of a status.
func (img *Image) sharedWith(tenant, status string) bool {
	if img.Visibility != "shared" {
		return false
	}
	m := img.member(tenant)
	return m != nil && (status == "all" || m.status == status)
}

// Find finds an image that a tenant can use, by its id or a URL that ends in
// it; nil when there is none. One that is shared with it can be used at once.
func (s *Service) Find(place frame.Place, ref string) *Image {
	id := ref[strings.LastIndex(ref, "/")+1:]
	for _, img := range s.visible(place, "all") {
		if img.ID == id {
			return img
		}
	}
	return nil
}

// find is Find for a call on an image.
func (s *Service) find(c *frame.Call) (*Image, *frame.Reply) {
	img := s.Find(c.Place(), c.Value("imageId"))
	if img == nil {
		return nil, notFound(c, c.Value("imageId"))
	}
	return img, nil
}

// own finds an image that the tenant may change.
func (s *Service) own(c *frame.Call, action string) (*Image, *frame.Reply) {
	img, r := s.find(c)
	if r == nil && img.Owner != c.Tenant {
		r = unauthorized(c, action)
	}
	return img, r
}

// Add adds a public image to the first region.
func (s *Service) Add(spec Spec) Spec {
	s.frame.Lock()
	defer s.frame.Unlock()
	made := s.add(s.frame.Regions[0], spec, "public", identity.Operator, s.frame.Time())
	spec.ID, spec.MinDisk = made.ID, made.MinDisk
	return spec
}

// Save begins to save a private image.
func (s *Service) Save(place frame.Place, spec Spec, now time.Time) *Image {
	img := s.add(place.Region, spec, "private", place.Tenant, now)
	img.Status = "saving"
	img.saved = s.frame.After(now, isSaved{img})
	return img
}

// Remove takes an image away.
func (s *Service) Remove(rg *frame.Region, img *Image) {
	s.images[rg] = slices.DeleteFunc(s.images[rg], func(o *Image) bool { return o == img })
	if img.data != nil {
		img.data.Release()
		img.data = nil
	}
}

// statuses are those that an image can have.
var statuses = []string{"queued", "saving", "active", "killed", "deleted", "pending_delete", "deactivated"}

// SetStatus puts an image of the first region into a status; "deleted" removes
// it.
func (s *Service) SetStatus(id, status string) error {
	if !slices.Contains(statuses, status) {
		return fmt.Errorf("an image has no status %q", status)
	}
	s.frame.Lock()
	defer s.frame.Unlock()
	rg := s.frame.Regions[0]
	for _, img := range s.images[rg] {
		if img.ID == id {
			img.saved.Cancel()
			img.Status, img.Updated = status, s.frame.Time()
			if status == "deleted" {
				s.Remove(rg, img)
			}
			return nil
		}
	}
	return fmt.Errorf("there is no image %q", id)
}

// NewestID is the id of the newest image in the first region whose name begins
// as given; "" when there is none.
func (s *Service) NewestID(name string) string {
	s.frame.Lock()
	defer s.frame.Unlock()
	for _, img := range slices.Backward(s.images[s.frame.Regions[0]]) {
		if strings.HasPrefix(img.Name, name) {
			return img.ID
		}
	}
	return ""
}
