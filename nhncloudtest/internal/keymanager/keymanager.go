package keymanager

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

type object = frame.Object

// Service is the state of the key manager.
type Service struct {
	identity *identity.Service
	projects map[frame.Place]*project
}

// project is what one tenant has in one region, in the order in which it was made.
type project struct {
	secrets    []*secret
	containers []*container
}

// New makes the service without secrets.
func New(id *identity.Service) *Service {
	s := &Service{identity: id, projects: map[frame.Place]*project{}}
	for _, place := range id.Places() {
		s.projects[place] = &project{}
	}
	return s
}

// call is a request on its way through its handler.
type call struct {
	*frame.Call
	project *project
}

// API is what the frame serves.
func (s *Service) API() *frame.API {
	var routes []frame.Route
	add := func(operation, method, path string, do func(*call) frame.Reply) {
		routes = append(routes, frame.Route{Operation: operation, Method: method, Path: "/v1/" + path, Handle: func(c *frame.Call) frame.Reply {
			return do(&call{c, s.projects[c.Place()]})
		}})
	}
	add("loadbalancer-v1-list-secrets", "GET", "secrets", listSecrets)
	add("loadbalancer-v1-create-secret", "POST", "secrets", createSecret)
	add("loadbalancer-v1-get-secret", "GET", "secrets/{id}", getSecret)
	add("loadbalancer-v1-update-secret", "PUT", "secrets/{id}", updateSecret)
	add("loadbalancer-v1-delete-secret", "DELETE", "secrets/{id}", deleteSecret)
	add("", "GET", "secrets/{id}/payload", getPayload)
	add("loadbalancer-v1-list-secret-containers", "GET", "containers", listContainers)
	add("loadbalancer-v1-create-secret-container", "POST", "containers", createContainer)
	add("loadbalancer-v1-get-secret-container", "GET", "containers/{id}", getContainer)
	add("loadbalancer-v1-delete-secret-container", "DELETE", "containers/{id}", deleteContainer)
	return &frame.API{
		Name: "key-manager", Dialect: dialect{}, Admit: s.identity.Admit,
		Routes:  append(routes, frame.Discovery{Version: "v1", Path: "/v1"}.Routes()...),
		Catalog: frame.Catalog{Type: "key-manager", Name: "barbican", Path: "/key-manager"},
	}
}

// dialect is how the service words its errors: {"code", "title", "description"}.
type dialect struct{ frame.OpenStack }

// Fail is an error.
func (dialect) Fail(_ *frame.Call, status int, message string) frame.Reply {
	r := frame.Answer(status, object{"code": status, "title": frame.StatusText(status), "description": message})
	r.Message = message
	return r
}

// Unknown answers a path that the service does not have.
func (d dialect) Unknown(c *frame.Call) frame.Reply {
	return d.Fail(c, http.StatusNotFound, frame.NoSuchPath)
}

// Read reads the JSON object of a call that makes something.
func (d dialect) Read(c *frame.Call) *frame.Reply {
	if c.Route.Method != http.MethodPost {
		return nil
	}
	return frame.ReadObject(d, c, "Failed to parse the JSON body of the request.")
}

func refused(status int, format string, args ...any) *frame.Reply {
	r := dialect{}.Fail(nil, status, fmt.Sprintf(format, args...))
	return &r
}

// mismatch refuses a body that is not as it should be.
func mismatch(schema, format string, args ...any) *frame.Reply {
	return refused(http.StatusBadRequest, "Provided object does not match schema '%s': %s", schema, fmt.Sprintf(format, args...))
}

// ref is the address of something.
func (c *call) ref(path, id string) string {
	return c.Frame.URL + c.Region.Prefix + "/key-manager/v1/" + path + "/" + id
}

// idOf is the id in an address.
func idOf(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

const timeLayout = "2006-01-02T15:04:05"

// page answers a page of a list, with the addresses of the pages around it.
func page(c *call, plural string, all []object) frame.Reply {
	const limitDefault, limitMax = 10, 100
	limit, ok := frame.AsInt(c.Query.Get("limit"))
	if !ok || limit < 1 {
		limit = limitDefault
	}
	limit = min(limit, limitMax)
	offset, _ := frame.AsInt(c.Query.Get("offset"))
	offset = max(offset, 0)
	from := min(offset, len(all))
	shown := slices.Clone(all[from:min(from+limit, len(all))])
	answer := object{plural: append([]object{}, shown...), "total": len(all)}
	around := func(name string, offset int) {
		q := c.Request.URL.Query()
		q.Set("limit", fmt.Sprint(limit))
		q.Set("offset", fmt.Sprint(offset))
		answer[name] = c.Frame.URL + c.Request.URL.Path + "?" + q.Encode()
	}
	if offset > 0 {
		around("previous", max(offset-limit, 0))
	}
	if offset+limit < len(all) {
		around("next", offset+limit)
	}
	return frame.Answer(http.StatusOK, answer)
}

// known refuses a body, or a query, with what the service does not know.
func known(schema string, body object, names ...string) *frame.Reply {
	for _, key := range sortedKeys(body) {
		if !slices.Contains(names, key) {
			return mismatch(schema, "Additional properties are not allowed ('%s' was unexpected)", key)
		}
	}
	return nil
}
