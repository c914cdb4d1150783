package network_test

import (
	"fmt"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
)

func TestRoutingTable(t *testing.T) {
	w := newWorld(t)
	cloudtest.SameShape(t, "network-v2-list-routingtables.response", w.get("routingtables"))
	cloudtest.SameShape(t, "network-v2-list-routingtables.response.2", w.get("routingtables?detail=true"))
	assert.Equal(t, w.get("routingtables"), w.get("routingtables?detail=false"))
	first := id(w.list("routingtables?default_table=true", "routingtables")[0])
	table := w.get("routingtables/" + first)
	cloudtest.SameShape(t, "network-v2-get-routingtable.response", table)
	assert.Equal(t, "192.168.0.0/16", cloudtest.At(table, "routingtable", "routes", 0, "cidr"))
	assert.Equal(t, "local", cloudtest.At(table, "routingtable", "routes", 0, "gateway"))
	assert.EqualValues(t, 0, cloudtest.At(table, "routingtable", "routes", 1, "mask"))

	vpc := w.vpc("v", "10.0.0.0/16")
	subnet := w.subnet(vpc, "10.0.0.0/24")
	request := cloudtest.Fixture(t, "network-v2-create-routingtable.request")
	request["routingtable"].(object)["vpc_id"] = vpc
	made := w.do(201, "POST", "routingtables", request)
	cloudtest.SameShape(t, "network-v2-create-routingtable.response", made)
	second := id(made["routingtable"])
	assert.Equal(t, true, cloudtest.At(made, "routingtable", "distributed"))
	changed := w.do(200, "PUT", "routingtables/"+second, cloudtest.Fixture(t, "network-v2-update-routingtable.request"))
	cloudtest.SameShape(t, "network-v2-update-routingtable.response", changed)
	assert.Equal(t, false, cloudtest.At(changed, "routingtable", "distributed"))
	w.change("routingtable", "routingtables/"+second, object{})
	assert.Equal(t, []string{second}, ids(w.list("routingtables?distributed=false", "routingtables")))

	attach, detach := "vpcsubnets/"+subnet+"/attach_routingtable", "vpcsubnets/"+subnet+"/detach_routingtable"
	w.refused(409, "RoutingtableNotAttached", subnet, "PUT", detach, nil)
	attached := w.do(200, "PUT", attach, object{"routingtable_id": second})
	cloudtest.SameShape(t, "network-v2-attach-vpcsubnet-routingtable.response", attached)
	assert.Equal(t, object{"id": second, "name": "centralized", "default_table": false, "explicit": true},
		cloudtest.At(attached, "vpcsubnet", "routingtable"))
	assert.Equal(t, []any{subnet}, w.show("routingtable", "routingtables/"+second)["subnets"])
	assert.Empty(t, w.show("routingtable", "routingtables/"+w.table(vpc))["subnets"])
	assert.Equal(t, subnet, cloudtest.At(w.list("routingtables?detail=true&id="+second, "routingtables"), 0, "subnets", 0, "id"))
	w.refused(409, "RoutingtableInUse", "still has subnets", "DELETE", "routingtables/"+second, nil)
	w.refused(400, "InvalidInput", "is not in vpc", "PUT", attach, object{"routingtable_id": first})
	w.refused(404, "RoutingtableNotFound", nobody, "PUT", attach, object{"routingtable_id": nobody})
	w.refused(400, "HTTPBadRequest", "'routingtable_id' not specified", "PUT", attach, nil)
	w.refused(400, "HTTPBadRequest", "Unrecognized", "PUT", attach, object{"vpcsubnet": object{}})
	detached := w.do(200, "PUT", detach, nil)
	want := cloudtest.Fixture(t, "network-v2-detach-vpcsubnet-routingtable.response")
	delete(want["vpcsubnet"].(object)["routingtable"].(object), "gateway_id") // this VPC has none
	cloudtest.CompareShape(t, "detach-routingtable", want, detached)
	assert.Equal(t, w.table(vpc), cloudtest.At(detached, "vpcsubnet", "routingtable", "id"))

	set := w.do(200, "PUT", "routingtables/"+second+"/set_as_default", nil)
	cloudtest.SameShape(t, "network-v2-set-default-routingtable.response", set)
	assert.Equal(t, []any{subnet}, cloudtest.At(set, "routingtable", "subnets"), "it is attached implicitly and goes over")
	w.do(200, "PUT", "routingtables/"+second+"/set_as_default", nil)
	old := id(w.list("routingtables?default_table=false", "routingtables")[0])
	w.do(200, "PUT", attach, object{"routingtable_id": second})
	w.do(200, "PUT", "routingtables/"+old+"/set_as_default", nil)
	assert.Equal(t, []any{subnet}, w.show("routingtable", "routingtables/"+second)["subnets"], "it stays where it is explicitly")
	w.do(200, "PUT", detach, nil)
	w.refused(409, "RoutingtableInUse", "is the default one", "DELETE", "routingtables/"+old, nil)
	w.gone("routingtables/" + second)

	w.refused(400, "HTTPBadRequest", "read-only attribute vpc_id", "PUT", "routingtables/"+old, object{"routingtable": object{"vpc_id": vpc}})
	w.refused(400, "HTTPBadRequest", "Resource body required", "PUT", "routingtables/"+old, nil)
	w.refused(400, "HTTPBadRequest", "Resource body required", "POST", "routingtables", nil)
	for fields, message := range map[*object]string{
		{"vpc_id": vpc}: "'name' not specified", {"name": "x"}: "'vpc_id' not specified",
	} {
		w.refused(400, "HTTPBadRequest", message, "POST", "routingtables", object{"routingtable": *fields})
	}
	w.refused(400, "InvalidInput", "'maybe' cannot be converted to boolean", "POST", "routingtables",
		object{"routingtable": object{"name": "x", "vpc_id": vpc, "distributed": "maybe"}})
	w.refused(404, "VpcNotFound", "", "POST", "routingtables", object{"routingtable": object{"name": "x", "vpc_id": nobody}})
	for _, call := range []string{
		"GET", "PUT", "DELETE", "PUT /set_as_default", "PUT /attach_gateway", "PUT /detach_gateway", "GET /related_gateways",
	} {
		var method, rest string
		_, _ = fmt.Sscan(call, &method, &rest)
		w.refused(404, "RoutingtableNotFound", second, method, "routingtables/"+second+rest, nil)
	}
}

func TestInternetGateway(t *testing.T) {
	w := newWorld(t)
	cloudtest.SameShape(t, "network-v2-list-internetgateways.response", w.get("internetgateways"))
	assert.Equal(t, "available", cloudtest.At(w.list("internetgateways", "internetgateways"), 0, "state"))
	vpc := w.vpc("v", "10.0.20.0/24")
	table := "routingtables/" + w.table(vpc)
	made := w.do(201, "POST", "internetgateways", object{"internetgateway": object{"name": "ig", "external_network_id": w.external()}})
	cloudtest.SameShape(t, "network-v2-create-internetgateway.response", made)
	gateway := id(made["internetgateway"])
	state := func() any { return w.show("internetgateway", "internetgateways/"+gateway)["state"] }
	assert.Equal(t, "unavailable", state())

	attached := w.do(200, "PUT", table+"/attach_gateway", object{"gateway_id": gateway})
	cloudtest.SameShape(t, "network-v2-attach-routingtable-gateway.response", attached)
	assert.Equal(t, "100.127.65.4", cloudtest.At(attached, "routingtable", "routes", 1, "gateway"))
	cloudtest.SameShape(t, "network-v2-get-internetgateway.response", w.get("internetgateways/"+gateway))
	assert.Equal(t, "unavailable", state())
	w.Done()
	assert.Equal(t, "available", state())
	assert.Len(t, w.list("internetgateways?routingtable_id="+w.table(vpc), "internetgateways"), 1)
	assert.Empty(t, w.get(table + "/related_gateways")["gateways"])

	other := id(w.make("internetgateway", "internetgateways", object{"name": "ig", "external_network_id": w.external()}))
	w.refused(409, "GatewayAlreadyAttached", gateway, "PUT", table+"/attach_gateway", object{"gateway_id": other})
	second := "routingtables/" + id(w.make("routingtable", "routingtables", object{"name": "t", "vpc_id": vpc}))
	w.refused(409, "GatewayInUse", gateway, "PUT", second+"/attach_gateway", object{"gateway_id": gateway})
	w.refused(404, "InternetgatewayNotFound", nobody, "PUT", second+"/attach_gateway", object{"gateway_id": nobody})
	w.refused(400, "HTTPBadRequest", "'gateway_id' not specified", "PUT", second+"/attach_gateway", nil)
	route := w.make("route", "routes", object{
		"routingtable_id": w.show("routingtable", second)["id"], "cidr": "0.0.0.0/0", "gateway": "10.0.20.9", "description": "",
	})
	w.refused(409, "RouteAlreadyExists", id(route), "PUT", second+"/attach_gateway", object{"gateway_id": other})
	w.gone("routes/" + id(route))
	w.do(200, "PUT", second+"/attach_gateway", object{"gateway_id": other})
	w.gone(second)
	assert.Nil(t, w.show("internetgateway", "internetgateways/"+other)["routingtable_id"], "it outlives its table")

	detached := w.do(200, "PUT", table+"/detach_gateway", nil)
	cloudtest.SameShape(t, "network-v2-detach-routingtable-gateway.response", detached)
	assert.Equal(t, "unavailable", state())
	w.refused(409, "GatewayNotAttached", w.table(vpc), "PUT", table+"/detach_gateway", nil)
	w.do(200, "PUT", table+"/attach_gateway", object{"gateway_id": gateway})
	w.gone("internetgateways/" + gateway)
	assert.Len(t, w.show("routingtable", table)["routes"], 1, "its route went with it")
	w.refused(404, "InternetgatewayNotFound", gateway, "DELETE", "internetgateways/"+gateway, nil)
	w.refused(404, "InternetgatewayNotFound", gateway, "GET", "internetgateways/"+gateway, nil)

	w.refused(400, "HTTPBadRequest", "Resource body required", "POST", "internetgateways", nil)
	w.refused(400, "HTTPBadRequest", "'external_network_id' not specified", "POST", "internetgateways",
		object{"internetgateway": object{"name": "x"}})
	w.refused(404, "NetworkNotFound", nobody, "POST", "internetgateways",
		object{"internetgateway": object{"name": "x", "external_network_id": nobody}})
}

// TestNoGatewayAddressLeft fills the addresses that internet gateways get.
func TestNoGatewayAddressLeft(t *testing.T) {
	w := newWorld(t)
	fields := object{"name": "v", "cidrv4": "10.0.0.0/24", "external_network_id": w.external()}
	for range 251 { // two tenants have one each
		w.make("vpc", "vpcs", fields)
	}
	w.refused(409, "IpAddressGenerationFailure", "No more IP addresses", "POST", "vpcs", object{"vpc": fields})
	assert.Len(t, w.list("internetgateways", "internetgateways"), 252, "none is left over")
}

func TestRoute(t *testing.T) {
	w := newWorld(t)
	vpc := w.vpc("v", "172.16.0.0/16")
	table := w.table(vpc)
	request := cloudtest.Fixture(t, "network-v2-create-route.request")
	request["route"].(object)["routingtable_id"] = table
	made := w.do(201, "POST", "routes", request)
	cloudtest.SameShape(t, "network-v2-create-route.response", made)
	route := id(made["route"])
	path := "routes/" + route
	cloudtest.SameShape(t, "network-v2-get-route.response", w.get(path))
	assert.Equal(t, []string{route}, ids(w.list("routes?mask=24&gateway=172.16.10.19", "routes")))
	assert.Len(t, w.list("routes?routingtable_id="+table, "routes"), 2)
	changed := w.do(200, "PUT", path, cloudtest.Fixture(t, "network-v2-update-route.request"))
	cloudtest.SameShape(t, "network-v2-update-route.response", changed)
	w.change("route", path, object{"gateway": "172.16.0.5", "cidr": "1.1.1.0/24", "description": "new"})
	assert.Equal(t, object{
		"id": route, "routingtable_id": table, "tenant_id": w.TenantID, "cidr": "1.1.1.0/24", "mask": 24., "gateway": "172.16.0.5",
		"description": "new",
	}, w.show("route", path))
	w.change("route", path, object{"description": "한글"})

	all := w.list("routes", "routes")
	internet := id(w.list("routes?cidr=0.0.0.0%2F0", "routes")[0])
	cloudtest.SameShape(t, "network-v2-list-routes.response", w.get("routes"))
	assert.Nil(t, cloudtest.At(all, 0, "description"))
	for _, fixed := range []string{id(all[0]), internet} {
		w.refused(409, "RouteInUse", fixed, "PUT", "routes/"+fixed, object{"route": object{"description": "x"}})
		w.refused(409, "RouteInUse", fixed, "DELETE", "routes/"+fixed, nil)
	}
	w.change("vpc", "vpcs/"+vpc, object{"cidrv4": "172.16.0.0/12"})
	assert.Equal(t, "172.16.0.0/12", cloudtest.At(w.show("routingtable", "routingtables/"+table), "routes", 0, "cidr"))

	fields := func(more object) object {
		o := object{"routingtable_id": table, "cidr": "2.0.0.0/8", "gateway": "172.16.0.5", "description": "x"}
		for k, v := range more {
			if o[k] = v; v == missing {
				delete(o, k)
			}
		}
		return object{"route": o}
	}
	for _, c := range []struct {
		more    object
		status  int
		kind    string
		message string
	}{
		{object{"routingtable_id": missing}, 400, "HTTPBadRequest", "'routingtable_id' not specified"},
		{object{"cidr": missing}, 400, "HTTPBadRequest", "'cidr' not specified"},
		{object{"gateway": missing}, 400, "HTTPBadRequest", "'gateway' not specified"},
		{object{"description": missing}, 400, "HTTPBadRequest", "'description' not specified"},
		{object{"description": long(257)}, 400, "HTTPBadRequest", "exceeds maximum length of 256"},
		{object{"description": "한" + long(254)}, 400, "HTTPBadRequest", "more than 256 bytes"},
		{object{"cidr": "2.0.0.1/8"}, 400, "HTTPBadRequest", "'2.0.0.0/8' is recommended"},
		{object{"gateway": "local"}, 400, "HTTPBadRequest", "'local' is not a valid IP address"},
		{object{"gateway": "::1"}, 400, "HTTPBadRequest", "'::1' is not a valid IP address"},
		{object{"gateway": "10.0.0.1"}, 400, "InvalidInput", "can't be reached"},
		{object{"routingtable_id": nobody}, 404, "RoutingtableNotFound", nobody},
		{object{"cidr": "1.1.1.0/24"}, 409, "RouteAlreadyExists", "Route id is " + route},
		{object{"cidr": "172.16.0.0/12"}, 409, "RouteAlreadyExists", "Route id is"},
	} {
		w.refused(c.status, c.kind, c.message, "POST", "routes", fields(c.more))
	}
	w.make("route", "routes", fields(nil)["route"].(object))
	w.refused(409, "RouteAlreadyExists", "", "PUT", path, object{"route": object{"cidr": "2.0.0.0/8"}})
	w.refused(400, "HTTPBadRequest", "read-only attribute routingtable_id", "PUT", path, object{"route": object{"routingtable_id": table}})
	w.refused(400, "HTTPBadRequest", "Resource body required", "PUT", path, nil)
	w.refused(400, "HTTPBadRequest", "Resource body required", "POST", "routes", nil)
	w.gone(path)
	w.refused(404, "RouteNotFound", route, "GET", path, nil)
	w.refused(404, "RouteNotFound", route, "PUT", path, nil)
	w.refused(404, "RouteNotFound", route, "DELETE", path, nil)
}

// missing stands for a field that is left out.
const missing = "\x00missing"
