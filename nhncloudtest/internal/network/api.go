package network

import (
	"net/http"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// call is a request on its way through its handler.
type call struct {
	*frame.Call
	project *Project
}

// API is what the frame serves, with the calls of services that share the endpoint.
func (s *Service) API(more ...frame.Route) *frame.API {
	return &frame.API{
		Name: "network", Dialect: Dialect{}, Admit: s.identity.Admit,
		Catalog: frame.Catalog{Type: "network", Name: "neutron", Path: "/network"},
		Routes:  slices.Concat(s.routes(), more, frame.Discovery{Version: "v2.0", Path: "/v2.0"}.Routes()),
	}
}

func (s *Service) routes() []frame.Route {
	var routes []frame.Route
	add := func(operation, method, path string, do func(*call) frame.Reply) {
		routes = append(routes, frame.Route{Operation: operation, Method: method, Path: "/v2.0/" + path, Handle: s.handle(do)})
	}
	add("network-v2-list-networks", "GET", "networks", listNetworks)
	add("", "GET", "networks/{id}", getNetwork)
	add("network-v2-list-subnets", "GET", "subnets", listSubnets)
	add("", "GET", "subnets/{id}", getSubnet)

	add("network-v2-list-vpcs", "GET", "vpcs", listVPCs)
	add("network-v2-create-vpc", "POST", "vpcs", createVPC)
	add("network-v2-get-vpc", "GET", "vpcs/{id}", getVPC)
	add("network-v2-update-vpc", "PUT", "vpcs/{id}", updateVPC)
	add("network-v2-delete-vpc", "DELETE", "vpcs/{id}", deleteVPC)

	add("network-v2-list-vpcsubnets", "GET", "vpcsubnets", listVPCSubnets)
	add("network-v2-create-vpcsubnet", "POST", "vpcsubnets", createVPCSubnet)
	add("network-v2-get-vpcsubnet", "GET", "vpcsubnets/{id}", getVPCSubnet)
	add("network-v2-update-vpcsubnet", "PUT", "vpcsubnets/{id}", updateVPCSubnet)
	add("network-v2-delete-vpcsubnet", "DELETE", "vpcsubnets/{id}", deleteVPCSubnet)
	add("network-v2-attach-vpcsubnet-routingtable", "PUT", "vpcsubnets/{id}/attach_routingtable", attachRoutingTable)
	add("network-v2-detach-vpcsubnet-routingtable", "PUT", "vpcsubnets/{id}/detach_routingtable", detachRoutingTable)

	add("network-v2-list-routingtables", "GET", "routingtables", listRoutingTables)
	add("network-v2-create-routingtable", "POST", "routingtables", createRoutingTable)
	add("network-v2-get-routingtable", "GET", "routingtables/{id}", getRoutingTable)
	add("network-v2-update-routingtable", "PUT", "routingtables/{id}", updateRoutingTable)
	add("network-v2-delete-routingtable", "DELETE", "routingtables/{id}", deleteRoutingTable)
	add("network-v2-attach-routingtable-gateway", "PUT", "routingtables/{id}/attach_gateway", attachGateway)
	add("network-v2-detach-routingtable-gateway", "PUT", "routingtables/{id}/detach_gateway", detachGateway)
	add("network-v2-set-default-routingtable", "PUT", "routingtables/{id}/set_as_default", setDefaultRoutingTable)
	add("network-v2-list-routingtable-gateways", "GET", "routingtables/{id}/related_gateways", listRelatedGateways)

	add("network-v2-list-routes", "GET", "routes", listRoutes)
	add("network-v2-create-route", "POST", "routes", createRoute)
	add("network-v2-get-route", "GET", "routes/{id}", getRoute)
	add("network-v2-update-route", "PUT", "routes/{id}", updateRoute)
	add("network-v2-delete-route", "DELETE", "routes/{id}", deleteRoute)

	add("network-v2-list-internetgateways", "GET", "internetgateways", listGateways)
	add("network-v2-create-internetgateway", "POST", "internetgateways", createGateway)
	add("network-v2-get-internetgateway", "GET", "internetgateways/{id}", getGateway)
	add("network-v2-delete-internetgateway", "DELETE", "internetgateways/{id}", deleteGateway)

	add("network-v2-list-ports", "GET", "ports", listPorts)
	add("network-v2-create-port", "POST", "ports", createPort)
	add("network-v2-get-port", "GET", "ports/{id}", getPort)
	add("network-v2-update-port", "PUT", "ports/{id}", updatePort)
	add("network-v2-delete-port", "DELETE", "ports/{id}", deletePort)

	add("network-v2-list-security-groups", "GET", "security-groups", listSecurityGroups)
	add("network-v2-create-security-group", "POST", "security-groups", createSecurityGroup)
	add("network-v2-get-security-group", "GET", "security-groups/{id}", getSecurityGroup)
	add("network-v2-update-security-group", "PUT", "security-groups/{id}", updateSecurityGroup)
	add("network-v2-delete-security-group", "DELETE", "security-groups/{id}", deleteSecurityGroup)
	add("network-v2-list-security-group-rules", "GET", "security-group-rules", listRules)
	add("network-v2-create-security-group-rule", "POST", "security-group-rules", createRule)
	add("network-v2-get-security-group-rule", "GET", "security-group-rules/{id}", getRule)
	add("network-v2-delete-security-group-rule", "DELETE", "security-group-rules/{id}", deleteRule)
	add("network-v2-list-security-group-ports", "GET", "security-group-ports", listSecurityGroupPorts)

	add("network-v2-list-floatingips", "GET", "floatingips", listFloatingIPs)
	add("network-v2-create-floatingip", "POST", "floatingips", createFloatingIP)
	add("network-v2-get-floatingip", "GET", "floatingips/{id}", getFloatingIP)
	add("network-v2-update-floatingip", "PUT", "floatingips/{id}", updateFloatingIP)
	routes[len(routes)-1].Actions = map[string]frame.Route{
		"connect": {Operation: "network-v2-associate-floatingip", Handle: s.handle(updateFloatingIP)},
	}
	routes[len(routes)-1].ActionOf = func(body object) string {
		if _, given := frame.Sub(body, "floatingip")["port_id"]; given {
			return "connect"
		}
		return ""
	}
	add("network-v2-delete-floatingip", "DELETE", "floatingips/{id}", deleteFloatingIP)
	return routes
}

func (s *Service) handle(do func(*call) frame.Reply) func(*frame.Call) frame.Reply {
	return func(c *frame.Call) frame.Reply { return do(&call{c, s.At(c.Place())}) }
}

// one answers the element that the path names.
func one[T thing](c *call, single string, all []T, k kind, body func(T) object) frame.Reply {
	found, r := find(all, k, c.Value("id"))
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{single: Fields(c.Call, body(found))})
}

// bodies are the elements of a list as it shows them.
func bodies[T any](all []T, body func(T) object) []object {
	var out []object
	for _, t := range all {
		out = append(out, body(t))
	}
	return out
}

// mine finds what the path names, for a change. What belongs to somebody else
// can be seen but not touched; the service pretends that it is not there.
func mine[T interface {
	thing
	owner() string
}](c *call, all []T, k kind) (T, *frame.Reply) {
	found, r := find(all, k, c.Value("id"))
	if r == nil && found.owner() != c.Tenant {
		r = refused(http.StatusNotFound, "HTTPNotFound", frame.NoSuchPath)
	}
	return found, r
}

// made is a new resource.
type made interface {
	body() object
	remove(*Project)
}

// create makes what the body describes: one under the name for one, or several
// under the name for several, of which either all or none come about.
func (c *call) create(single, plural string, create func(*call, *input) (made, *frame.Reply)) frame.Reply {
	elements, several := c.Body[plural].([]any)
	if !several {
		in, r := c.input(single)
		if r != nil {
			return *r
		}
		m, r := create(c, in)
		if r != nil {
			return *r
		}
		return frame.Answer(http.StatusCreated, object{single: m.body()})
	}
	if len(elements) == 0 {
		return *badRequest("Resources required")
	}
	var all []made
	for _, e := range elements {
		o, _ := e.(object)
		m, r := create(c, newInput(o))
		if r != nil {
			for _, m := range all {
				m.remove(c.project)
			}
			return *r
		}
		all = append(all, m)
	}
	return frame.Answer(http.StatusCreated, object{plural: bodies(all, made.body)})
}

// changed answers a change: with what is wrong, or what is there now.
func changed(single string, r *frame.Reply, body func() object) frame.Reply {
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{single: body()})
}

// deleted answers that something is gone.
func deleted(r *frame.Reply) frame.Reply {
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusNoContent, nil)
}
