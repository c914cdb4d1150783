package loadbalancer

import (
	"fmt"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

type object = frame.Object

// Certificates is where the certificates of listeners come from.
type Certificates interface {
	// Certificate looks into a container for a certificate with its key, and tells
	// when it ends; false when there is none that can be used.
	Certificate(place frame.Place, ref string) (expires time.Time, ok bool)
	// Consume notes who uses a container, and Release that it does so no more.
	Consume(place frame.Place, ref, consumer string)
	Release(place frame.Place, ref, consumer string)
}

// Quota limits what a tenant can have in a region, and the members of a pool. Zero
// means no limit.
type Quota struct{ LoadBalancers, Listeners, Pools, HealthMonitors, Members int }

// Service is the state of the load balancer service.
type Service struct {
	quota        Quota
	identity     *identity.Service
	certificates Certificates
	projects     map[frame.Place]*project
}

// project is what one tenant has in one region, each in the order in which it was
// made.
type project struct {
	service   *Service
	place     frame.Place
	network   *network.Project
	balancers []*balancer
	listeners []*listener
	pools     []*pool
	monitors  []*monitor
	policies  []*policy
	groups    []*aclGroup
	targets   []*aclTarget
}

// New makes the service without load balancers.
func New(id *identity.Service, networks *network.Service, certificates Certificates, quota Quota) *Service {
	s := &Service{quota: quota, identity: id, certificates: certificates, projects: map[frame.Place]*project{}}
	for _, place := range id.Places() {
		s.projects[place] = &project{service: s, place: place, network: networks.At(place)}
	}
	return s
}

// call is a request on its way through its handler.
type call struct {
	*frame.Call
	service *Service
	project *project
}

// dialect is how the service words its errors: {"faultcode", "faultstring",
// "debuginfo"}. It is that of its routes alone; paths that are not there are the
// network service's to answer.
type dialect struct{ network.Dialect }

// Fail is an error.
func (dialect) Fail(_ *frame.Call, status int, message string) frame.Reply {
	code := "Client"
	if status >= http.StatusInternalServerError {
		code = "Server"
	}
	r := frame.Answer(status, object{"faultcode": code, "faultstring": message, "debuginfo": nil})
	r.Message = message
	return r
}

// Read reads the JSON object of a call that has a body.
func (d dialect) Read(c *frame.Call) *frame.Reply {
	return frame.ReadObject(d, c, "Invalid input for field/attribute body. Value: 'None'. Request body is not a JSON object.")
}

func refused(status int, format string, args ...any) *frame.Reply {
	r := dialect{}.Fail(nil, status, fmt.Sprintf(format, args...))
	return &r
}

func conflict(format string, args ...any) *frame.Reply {
	return refused(http.StatusConflict, format, args...)
}

func badRequest(format string, args ...any) *frame.Reply {
	return refused(http.StatusBadRequest, format, args...)
}

// invalid is how requests are refused that can't be as a whole.
func invalid(format string, args ...any) *frame.Reply {
	return badRequest("Validation failure: "+format, args...)
}

func notFound(title, id string) *frame.Reply {
	return refused(http.StatusNotFound, "%s %s not found.", title, id)
}
