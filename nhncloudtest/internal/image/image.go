package image

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

type object = frame.Object

// Service is the state of the image service.
type Service struct {
	frame    *frame.Frame
	identity *identity.Service
	images   map[*frame.Region][]*Image // oldest first
}

// New makes the service with the images that everybody has, and more.
func New(f *frame.Frame, id *identity.Service, more []Spec) *Service {
	s := &Service{frame: f, identity: id, images: map[*frame.Region][]*Image{}}
	now := f.Now()
	for _, rg := range f.Regions {
		for _, spec := range slices.Concat(builtIn(), more) {
			s.add(rg, spec, "public", identity.Operator, now)
		}
	}
	return s
}

// API is what the frame serves.
func (s *Service) API() *frame.API {
	return &frame.API{
		Name: "image", Dialect: Dialect{}, Admit: s.identity.Admit,
		Catalog: frame.Catalog{Type: "image", Name: "glance", Path: "/image"},
		Routes: append([]frame.Route{
			{Operation: "image-v2-list-images", Method: "GET", Path: "/v2/images", Handle: s.list},
			{Operation: "image-v2-get-image", Method: "GET", Path: "/v2/images/{imageId}", Handle: s.get},
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

// Visible are the images that a tenant can see, oldest first, in a fresh slice.
func (s *Service) Visible(place frame.Place) []*Image {
	var out []*Image
	for _, img := range s.images[place.Region] {
		if img.Visibility == "public" || img.Owner == place.Tenant {
			out = append(out, img)
		}
	}
	return out
}

// Find finds an image that a tenant can see, by its id or a URL that ends in
// it; nil when there is none.
func (s *Service) Find(place frame.Place, ref string) *Image {
	id := ref[strings.LastIndex(ref, "/")+1:]
	for _, img := range s.Visible(place) {
		if img.ID == id {
			return img
		}
	}
	return nil
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
	s.frame.After(now, func(at time.Time) { img.Status, img.Updated = "active", at })
	return img
}

// Remove takes an image away.
func (s *Service) Remove(rg *frame.Region, img *Image) {
	s.images[rg] = slices.DeleteFunc(s.images[rg], func(o *Image) bool { return o == img })
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
