package nks

import (
	"sync"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

type object = frame.Object

// Service is the state of the Kubernetes service.
type Service struct {
	identity *identity.Service
	images   *image.Service
	frame    *frame.Frame
	projects map[frame.Place]*project
	seq      int // of the numbers that node groups and events have
	failures []failure

	running sync.WaitGroup // what the Kubernetes APIs of the clusters run
}

// project is what one tenant has in one region.
type project struct {
	service  *Service
	place    frame.Place
	compute  *compute.Project
	network  *network.Project
	clusters []*cluster // oldest first
}

// New makes the service without clusters.
func New(f *frame.Frame, id *identity.Service, servers *compute.Service) *Service {
	s := &Service{identity: id, images: servers.Images, frame: f, projects: map[frame.Place]*project{}}
	for _, place := range id.Places() {
		p := servers.At(place)
		s.projects[place] = &project{service: s, place: place, compute: p, network: p.Network}
	}
	return s
}

// call is a request on its way through its handler.
type call struct {
	*frame.Call
	project *project
}

// number is the next one of the numbers that node groups and events have.
func (s *Service) number() int {
	s.seq++
	return s.seq
}

// close stops the Kubernetes APIs of all clusters.
func (s *Service) close() {
	s.frame.Lock()
	s.leave()
	s.frame.Unlock()
	s.running.Wait()
}
