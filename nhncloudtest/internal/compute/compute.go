package compute

import (
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blockstorage"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

type object = frame.Object

// Config says how the service works.
type Config struct {
	Quota    Quota
	MaxCount int      // servers that one request can create
	Ed25519  bool     // what generated key pairs are; RSA otherwise
	Flavors  []Flavor // besides the built-in ones
}

// Quota limits what a tenant can have in a region; zero means no limit.
type Quota struct {
	Servers, VCPUs, RAM, KeyPairs int
}

// Below are the services that compute takes things from.
type Below struct {
	Identity *identity.Service
	Networks *network.Service
	Volumes  *blockstorage.Service
	Images   *image.Service
}

// Service is the state of compute.
type Service struct {
	Below
	Config   Config
	frame    *frame.Frame
	regions  map[*frame.Region]*Region
	projects map[frame.Place]*Project
}

// Region is what all tenants share in a region.
type Region struct {
	Flavors []*Flavor
	Keys    map[string]*KeyPair // by name

	service *Service
	keySeq  int
}

// Project is what one tenant has in one region.
type Project struct {
	Place   frame.Place
	Region  *Region
	Network *network.Project
	Volumes *blockstorage.Project
	Servers []*Server // oldest first

	service *Service
	byID    map[string]*Server
	deleted []*Server // the last ones, for changes-since
	groups  []*serverGroup
}

// New makes the service without servers.
func New(f *frame.Frame, below Below, cfg Config) *Service {
	s := &Service{
		Below: below, Config: cfg, frame: f,
		regions: map[*frame.Region]*Region{}, projects: map[frame.Place]*Project{},
	}
	for _, rg := range f.Regions {
		s.regions[rg] = &Region{service: s, Keys: map[string]*KeyPair{}}
		for _, fl := range slices.Concat(builtInFlavors(), cfg.Flavors) {
			s.regions[rg].addFlavor(fl)
		}
	}
	for _, place := range below.Identity.Places() {
		s.projects[place] = &Project{
			Place: place, Region: s.regions[place.Region], service: s, byID: map[string]*Server{},
			Network: below.Networks.At(place), Volumes: below.Volumes.At(place),
		}
	}
	return s
}

// At is what a tenant has in a region.
func (s *Service) At(place frame.Place) *Project { return s.projects[place] }

// call is a request on its way through its handler.
type call struct {
	*frame.Call
	region  *Region
	project *Project
}
