package blockstorage

import (
	"net/http"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

type object = frame.Object

// Config says how the service works, and where it finds images.
type Config struct {
	Quota Quota
	// Image looks an image up that a volume is to be made from.
	Image func(place frame.Place, ref string) (Image, bool)
	// SaveImage begins to save a volume as an image, and gives its id.
	SaveImage func(place frame.Place, spec ImageSpec, now time.Time) (id string)
}

// Image is what a volume can be made from.
type Image struct {
	Active     bool // it can be used
	MinDisk    int  // GB that the volume needs
	Properties map[string]string
}

// ImageSpec is an image that is to be made of a volume.
type ImageSpec struct {
	Name                        string
	DiskFormat, ContainerFormat string
	Visibility                  string // private or shared
	Protected                   bool
	MinDisk                     int               // GB of the volume
	Properties                  map[string]string // of the image that the volume was made from
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
	Volumes   []*Volume   // oldest first
	Snapshots []*Snapshot // oldest first

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
	const volumes, snapshots, types = "/v2/{tenantId}/volumes", "/v2/{tenantId}/snapshots", "/v2/{tenantId}/types"
	handle := func(do func(*call) frame.Reply) func(*frame.Call) frame.Reply {
		return func(c *frame.Call) frame.Reply { return do(&call{c, s.At(c.Place())}) }
	}
	route := func(operation, method, path string, do func(*call) frame.Reply) frame.Route {
		return frame.Route{Operation: operation, Method: method, Path: path, Handle: handle(do)}
	}
	action := route("", "POST", volumes+"/{volumeId}/action", unknownAction)
	action.Actions = map[string]frame.Route{
		uploadImage: {Operation: "blockstorage-v2-volume-action-upload-image", Handle: handle(upload)},
	}
	return &frame.API{
		Name: "volume", Dialect: dialect{}, Admit: s.identity.Admit,
		Catalog: frame.Catalog{Type: "volumev2", Name: "cinderv2", Path: "/volume/v2/{tenantId}"},
		Routes: append([]frame.Route{
			route("blockstorage-v2-list-volume-types", "GET", types, listTypes),
			route("", "GET", types+"/{typeId}", getType),
			route("", "POST", types, createType),
			route("blockstorage-v2-list-volumes", "GET", volumes, listVolumes),
			route("blockstorage-v2-list-volumes-detail", "GET", volumes+"/detail", listVolumesDetail),
			route("blockstorage-v2-create-volume", "POST", volumes, createVolume),
			route("blockstorage-v2-get-volume", "GET", volumes+"/{volumeId}", getVolume),
			route("blockstorage-v2-delete-volume", "DELETE", volumes+"/{volumeId}", deleteVolume),
			action,
			route("blockstorage-v2-list-snapshots", "GET", snapshots, listSnapshots),
			route("blockstorage-v2-list-snapshots-detail", "GET", snapshots+"/detail", listSnapshotsDetail),
			route("blockstorage-v2-create-snapshot", "POST", snapshots, createSnapshot),
			route("blockstorage-v2-get-snapshot", "GET", snapshots+"/{snapshotId}", getSnapshot),
			route("blockstorage-v2-delete-snapshot", "DELETE", snapshots+"/{snapshotId}", deleteSnapshot),
		}, frame.Discovery{Version: "v2.0", Path: "/v2"}.Routes()...),
	}
}

// dialect is cinder's: nova's but for two details.
type dialect struct{ frame.Nova }

// Misdirected is said of a tenant in the path that is not that of the token.
func (dialect) Misdirected() string { return "Malformed request url" }

// Sign adds the ids of the request. JSON is never said to be UTF-8.
func (d dialect) Sign(c *frame.Call, rep frame.Reply, h http.Header, now time.Time) {
	d.Nova.Sign(c, rep, h, now)
	if strings.HasPrefix(h.Get("Content-Type"), frame.JSONType) {
		h.Set("Content-Type", frame.JSONType)
	}
}
