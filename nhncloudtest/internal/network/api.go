package network

import (
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// call is a request on its way through its handler.
type call struct {
	*frame.Call
	project *Project
}

// API is what the frame serves.
func (s *Service) API() *frame.API {
	return &frame.API{
		Name: "network", Dialect: Dialect{}, Admit: s.identity.Admit,
		Catalog: frame.Catalog{Type: "network", Name: "neutron", Path: "/network"},
		Routes:  append(s.routes(), frame.Discovery{Version: "v2.0", Path: "/v2.0"}.Routes()...),
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

	add("network-v2-list-security-groups", "GET", "security-groups", listSecurityGroups)
	add("network-v2-get-security-group", "GET", "security-groups/{id}", getSecurityGroup)
	add("network-v2-list-security-group-rules", "GET", "security-group-rules", listRules)
	add("network-v2-get-security-group-rule", "GET", "security-group-rules/{id}", getRule)
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
	return frame.Answer(http.StatusOK, object{single: fields(c, body(found))})
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
