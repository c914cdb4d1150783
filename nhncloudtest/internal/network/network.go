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

// Quota limits what a tenant can have in a region; zero means no limit.
type Quota struct {
	VPCs, InternetGateways, FloatingIPs, SecurityGroups int

	Subnets, RoutingTables int // of a VPC
	Routes                 int // of a routing table, not counting those that are there by themselves
}

// Service is the state of the network service.
type Service struct {
	quota    Quota
	frame    *frame.Frame
	identity *identity.Service
	projects map[frame.Place]*Project
}

// Project is what one tenant has in one region. Everything is in the order in
// which it was made.
type Project struct {
	Networks       []*Network // with the external one, which all tenants see
	SecurityGroups []*SecurityGroup
	FloatingIPs    []*FloatingIP
	Ports          []*Port

	gateways []*Gateway
	service  *Service
	place    frame.Place
}

// New makes the service with what a new tenant finds in it.
func New(f *frame.Frame, id *identity.Service, quota Quota) *Service {
	s := &Service{quota: quota, frame: f, identity: id, projects: map[frame.Place]*Project{}}
	now := f.Now()
	external := map[*frame.Region]*Network{}
	for _, rg := range f.Regions {
		external[rg] = externalNetwork(rg.Name, now)
	}
	for _, place := range id.Places() {
		p := &Project{
			service: s, place: place,
			Networks:       []*Network{defaultNetwork(place, now), external[place.Region]},
			SecurityGroups: defaultSecurityGroups(place.Region.Name, place.Tenant),
		}
		p.defaultGateway(now)
		s.projects[place] = p
	}
	return s
}

// At is what a tenant has in a region.
func (s *Service) At(place frame.Place) *Project { return s.projects[place] }

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

// Read reads the JSON object of a call that has a body. Some changes are
// ordered without one.
func (d Dialect) Read(c *frame.Call) *frame.Reply {
	if len(c.Raw) == 0 {
		return nil
	}
	return frame.ReadObject(d, c, "Body contains invalid data")
}

func failed(status int, kind, message string) frame.Reply {
	r := frame.Answer(status, object{"NeutronError": object{"type": kind, "message": message, "detail": ""}})
	r.Message = message
	return r
}

func refused(status int, kind, format string, args ...any) *frame.Reply {
	r := failed(status, kind, fmt.Sprintf(format, args...))
	return &r
}

func conflict(kind, format string, args ...any) *frame.Reply {
	return refused(http.StatusConflict, kind, format, args...)
}

func badRequest(format string, args ...any) *frame.Reply {
	return refused(http.StatusBadRequest, "HTTPBadRequest", format, args...)
}

// invalidInput is how most values are refused that are of the right type.
func invalidInput(format string, args ...any) *frame.Reply {
	return refused(http.StatusBadRequest, "InvalidInput", "Invalid input for operation: "+format, args...)
}

// overQuota refuses to add one to what there is, when the limit is reached.
func overQuota(resource string, used, limit int) *frame.Reply {
	if limit == 0 || used < limit {
		return nil
	}
	return conflict("OverQuota", "Quota exceeded for resources: ['%s'].", resource)
}

// kind is what a resource is called in the error that there is none.
type kind struct{ name, message string }

var (
	aVPC           = kind{"VpcNotFound", "Vpc %s could not be found."}
	aVPCSubnet     = kind{"VpcSubnetNotFound", "VpcSubnet %s could not be found."}
	aNetwork       = kind{"NetworkNotFound", "Network %s could not be found."}
	aSubnet        = kind{"SubnetNotFound", "Subnet %s could not be found."}
	aRoutingTable  = kind{"RoutingtableNotFound", "Routingtable %s could not be found."}
	aRoute         = kind{"RouteNotFound", "Route %s could not be found."}
	aGateway       = kind{"InternetgatewayNotFound", "Internetgateway %s could not be found."}
	aPort          = kind{"PortNotFound", "Port %s could not be found."}
	aFloatingIP    = kind{"FloatingIPNotFound", "Floating IP %s could not be found"}
	aSecurityGroup = kind{"SecurityGroupNotFound", "Security group %s does not exist"}
	aSecurityRule  = kind{"SecurityGroupRuleNotFound", "Security group rule %s does not exist"}
)

func (k kind) missing(id string) *frame.Reply {
	return refused(http.StatusNotFound, k.name, k.message, id)
}

// thing is what has an id.
type thing interface{ id() string }

func byID[T thing](all []T, id string) (found T, ok bool) {
	i := slices.IndexFunc(all, func(t T) bool { return t.id() == id })
	if i < 0 {
		return found, false
	}
	return all[i], true
}

// find finds one by its id, or says that there is none.
func find[T thing](all []T, k kind, id string) (T, *frame.Reply) {
	found, ok := byID(all, id)
	if !ok {
		return found, k.missing(id)
	}
	return found, nil
}

func without[T comparable](all []T, gone T) []T {
	return slices.DeleteFunc(all, func(t T) bool { return t == gone })
}
