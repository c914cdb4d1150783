package blockstorage

import (
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

type object = frame.Object

// Config says how the service works.
type Config struct {
	MaxVolumes int // that a tenant can have in a region; 0 for any number
	// MinDisk looks an image up that a volume is to be made from, and gives the
	// GB that it needs.
	MinDisk func(place frame.Place, ref string) (gb int, ok bool)
}

// Service is the state of block storage.
type Service struct {
	Config
	frame    *frame.Frame
	identity *identity.Service
	projects map[frame.Place]*Project
}

// Project is what one tenant has in one region.
type Project struct {
	Volumes []*Volume // oldest first

	service *Service
	place   frame.Place
}

// New makes the service without volumes.
func New(f *frame.Frame, id *identity.Service, cfg Config) *Service {
	s := &Service{Config: cfg, frame: f, identity: id, projects: map[frame.Place]*Project{}}
	for _, place := range id.Places() {
		s.projects[place] = &Project{service: s, place: place}
	}
	return s
}

// At is what a tenant has in a region.
func (s *Service) At(place frame.Place) *Project { return s.projects[place] }

// call is a request on its way through its handler.
type call struct {
	*frame.Call
	project *Project
}

// API is what the frame serves.
func (s *Service) API() *frame.API {
	const volumes = "/v2/{tenantId}/volumes"
	route := func(operation, method, path string, handle func(*call) frame.Reply) frame.Route {
		return frame.Route{Operation: operation, Method: method, Path: path, Handle: func(c *frame.Call) frame.Reply {
			return handle(&call{c, s.At(c.Place())})
		}}
	}
	return &frame.API{
		Name: "volume", Dialect: frame.Nova{}, Admit: s.identity.Admit,
		Catalog: frame.Catalog{Type: "volumev2", Name: "cinderv2", Path: "/volume/v2/{tenantId}"},
		Routes: append([]frame.Route{
			route("blockstorage-v2-list-volume-types", "GET", "/v2/{tenantId}/types", listTypes),
			route("blockstorage-v2-list-volumes", "GET", volumes, list),
			route("blockstorage-v2-list-volumes-detail", "GET", volumes+"/detail", listDetail),
			route("blockstorage-v2-create-volume", "POST", volumes, create),
			route("blockstorage-v2-get-volume", "GET", volumes+"/{volumeId}", get),
			route("blockstorage-v2-delete-volume", "DELETE", volumes+"/{volumeId}", remove),
		}, frame.Discovery{Version: "v2.0", Path: "/v2"}.Routes()...),
	}
}
