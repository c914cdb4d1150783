package network

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

type object = frame.Object

// Service is the state of the network service.
type Service struct {
	identity *identity.Service
	projects map[frame.Place]*Project
	users    []func(frame.Place, *SecurityGroup) bool
}

// Project is what one tenant has in one region.
type Project struct {
	Networks       []*Network // the first one is the default VPC
	SecurityGroups []*SecurityGroup
	FloatingIPs    []*FloatingIP // oldest first

	service *Service
	place   frame.Place
}

// New makes the service with what a new tenant finds in it.
func New(f *frame.Frame, id *identity.Service) *Service {
	s := &Service{identity: id, projects: map[frame.Place]*Project{}}
	now := f.Now()
	external := map[*frame.Region]*Network{}
	for _, rg := range f.Regions {
		external[rg] = externalNetwork(rg.Name, now)
	}
	for _, place := range id.Places() {
		name := place.Region.Name
		s.projects[place] = &Project{
			service: s, place: place,
			Networks:       []*Network{defaultNetwork(name, place.Tenant, now), external[place.Region]},
			SecurityGroups: defaultSecurityGroups(name, place.Tenant),
		}
	}
	return s
}

// At is what a tenant has in a region.
func (s *Service) At(place frame.Place) *Project { return s.projects[place] }

// OnUse asks those who use security groups before one is removed.
func (s *Service) OnUse(uses func(frame.Place, *SecurityGroup) bool) { s.users = append(s.users, uses) }

func (s *Service) inUse(place frame.Place, g *SecurityGroup) bool {
	return slices.ContainsFunc(s.users, func(uses func(frame.Place, *SecurityGroup) bool) bool { return uses(place, g) })
}

// Dialect is how the service words its errors: {"NeutronError": {type,
// message, detail}}.
type Dialect struct{ frame.OpenStack }

// Fail is an error that is named after its status.
func (Dialect) Fail(_ *frame.Call, status int, message string) frame.Reply {
	return failed(status, "HTTP"+strings.ReplaceAll(http.StatusText(status), " ", ""), message)
}

// Unknown answers a path that the service does not have.
func (d Dialect) Unknown(c *frame.Call) frame.Reply {
	return d.Fail(c, http.StatusNotFound, frame.NoSuchPath)
}

func failed(status int, kind, message string) frame.Reply {
	r := frame.Answer(status, object{"NeutronError": object{"type": kind, "message": message, "detail": ""}})
	r.Message = message
	return r
}

func conflict(kind, format string, args ...any) *frame.Reply {
	r := failed(http.StatusConflict, kind, fmt.Sprintf(format, args...))
	return &r
}
