package network_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
)

// floating makes a floating IP and returns its path.
func (w *world) floating() string {
	w.T.Helper()
	return "floatingips/" + id(w.make("floatingip", "floatingips", object{"floating_network_id": w.external()}))
}

func TestFloatingIP(t *testing.T) {
	w := newWorld(t)
	request := cloudtest.Fixture(t, "network-v2-create-floatingip.request")
	request["floatingip"].(object)["floating_network_id"] = w.external()
	made := w.do(201, "POST", "floatingips", request)
	cloudtest.SameShape(t, "network-v2-create-floatingip.response", made)
	cloudtest.SameShape(t, "network-v2-list-floatingips.response", w.get("floatingips"))
	floating := made["floatingip"].(object)
	assert.Equal(t, object{
		"id": id(floating), "floating_network_id": w.external(), "router_id": nil, "fixed_ip_address": nil, "floating_ip_address": "100.127.64.2",
		"tenant_id": w.TenantID, "status": "DOWN", "port_id": nil, "delete_protection": false, "label": "",
	}, floating)
	path := "floatingips/" + id(floating)
	cloudtest.SameShape(t, "network-v2-get-floatingip.response", w.get(path))
	status := func() any { return w.show("floatingip", path)["status"] }

	w.ResetRequests()
	changed := w.do(200, "PUT", path, cloudtest.Fixture(t, "network-v2-update-floatingip.request"))
	cloudtest.SameShape(t, "network-v2-update-floatingip.response", changed)
	assert.Equal(t, 1, w.Count("network-v2-update-floatingip"))
	w.refused(409, "FloatingIPDeleteProtected", "100.127.64.2", "DELETE", path, nil)
	assert.Len(t, w.list("floatingips?delete_protection=true&label=LABEL", "floatingips"), 1)
	w.change("floatingip", path, object{"delete_protection": false, "description": "mine"})
	assert.Equal(t, "mine", w.show("floatingip", path)["description"])

	port := w.make("port", "ports", object{"network_id": w.NetworkID()})
	connected := w.do(200, "PUT", path, object{"floatingip": object{"port_id": id(port)}})
	delete(connected["floatingip"].(object), "description")
	cloudtest.SameShape(t, "network-v2-associate-floatingip.response", connected)
	assert.Equal(t, 1, w.Count("network-v2-associate-floatingip"))
	assert.Equal(t, "192.168.0.2", cloudtest.At(connected, "floatingip", "fixed_ip_address"))
	assert.Equal(t, w.table(w.NetworkID()), cloudtest.At(connected, "floatingip", "router_id"))
	assert.Equal(t, "DOWN", cloudtest.At(connected, "floatingip", "status"))
	w.Done()
	assert.Equal(t, "ACTIVE", status())
	w.change("floatingip", path, object{"port_id": id(port)})
	assert.Equal(t, "ACTIVE", status(), "that changed nothing")
	assert.Equal(t, []string{id(floating)}, ids(w.list("floatingips?port_id="+id(port)+"&status=ACTIVE&fixed_ip_address=192.168.0.2", "floatingips")))
	w.refused(409, "FloatingIPInUse", id(port), "DELETE", path, nil)
	other := w.floating()
	w.refused(409, "FloatingIPPortAlreadyAssociated", "already has a floating IP", "PUT", other, object{"floatingip": object{"port_id": id(port)}})

	freed := w.change("floatingip", path, object{"port_id": nil})
	assert.Nil(t, freed["port_id"])
	assert.Equal(t, "ACTIVE", freed["status"])
	w.Done()
	assert.Equal(t, "DOWN", status())
	w.change("floatingip", path, object{"port_id": nil})
	w.change("floatingip", path, object{"port_id": id(port)})
	w.gone("ports/" + id(port))
	w.Done()
	assert.Equal(t, "DOWN", status(), "its port is gone")
	w.gone(path)
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		w.refused(404, "FloatingIPNotFound", id(floating), method, path, nil)
	}
	w.Login(w.ObjectStorageTenantID)
	w.refused(404, "FloatingIPNotFound", "", "GET", other, nil)
}

func TestFloatingIPOfAddresses(t *testing.T) {
	w := newWorld(t)
	port := w.make("port", "ports", object{
		"network_id": w.NetworkID(), "fixed_ips": []object{{"ip_address": "192.168.0.5"}, {"ip_address": "192.168.0.6"}},
	})
	bare := w.make("port", "ports", object{"network_id": w.NetworkID(), "fixed_ips": []object{}})
	floating := w.make("floatingip", "floatingips", object{
		"floating_network_id": w.external(), "port_id": id(port), "fixed_ip_address": "192.168.0.5", "label": "l", "delete_protection": "true",
	})
	assert.Equal(t, "192.168.0.5", floating["fixed_ip_address"])
	path := "floatingips/" + id(floating)
	moved := w.change("floatingip", path, object{"port_id": id(port), "fixed_ip_address": "192.168.0.6"})
	assert.Equal(t, "192.168.0.6", moved["fixed_ip_address"], "it moves without being disconnected first")
	for _, c := range []struct {
		fields  object
		status  int
		kind    string
		message string
	}{
		{object{"port_id": id(port)}, 400, "BadRequest", "multiple fixed IPv4 addresses"},
		{object{"port_id": id(port), "fixed_ip_address": "1.2.3.4"}, 400, "BadRequest", "does not have fixed ip 1.2.3.4"},
		{object{"port_id": id(bare)}, 400, "BadRequest", "that has no fixed IPv4 addresses"},
		{object{"port_id": nobody}, 404, "PortNotFound", nobody},
		{object{"port_id": "x"}, 400, "HTTPBadRequest", "'x' is not a valid UUID"},
		{object{"fixed_ip_address": "192.168.0.5"}, 400, "BadRequest", "cannot be specified without a port_id"},
		{object{"label": long(65)}, 400, "HTTPBadRequest", "maximum length of 64"},
		{object{"delete_protection": "x"}, 400, "InvalidInput", "'x' cannot be converted"},
		{object{"floating_ip_address": "1.2.3.4"}, 400, "HTTPBadRequest", "read-only attribute floating_ip_address"},
	} {
		w.refused(c.status, c.kind, c.message, "PUT", path, object{"floatingip": c.fields})
	}
	w.refused(400, "HTTPBadRequest", "Resource body required", "PUT", path, nil)
	moved = w.change("port", "ports/"+id(port), object{"fixed_ips": []object{{"ip_address": "192.168.0.5"}}})
	assert.Len(t, moved["fixed_ips"], 1)
	assert.Nil(t, w.show("floatingip", path)["port_id"], "the address that it led to is gone")

	for fields, message := range map[*object]string{
		{}:                                     "'floating_network_id' not specified",
		{"floating_network_id": w.NetworkID()}: "is not a valid external network",
		{"floating_network_id": nobody}:        "is not a valid external network",
		{"floating_network_id": nil}:           "'None' is not a valid UUID",
		{"floating_network_id": nobody, "nope": 1}: "Unrecognized",
	} {
		res := w.Call("POST", "/network/v2.0/floatingips", object{"floatingip": *fields})
		assert.Equal(t, 400, res.Status)
		assert.Contains(t, res.Text, message)
	}
	w.refused(404, "PortNotFound", nobody, "POST", "floatingips", object{"floatingip": object{"floating_network_id": w.external(), "port_id": nobody}})
	assert.Len(t, w.list("floatingips", "floatingips"), 1, "none is left over")
	for range 252 {
		w.floating()
	}
	w.refused(409, "IpAddressGenerationFailure", w.external(), "POST", "floatingips", object{"floatingip": object{"floating_network_id": w.external()}})
}

// TestFloatingIPNeedsGateway shows that what leads to a floating IP stays as
// long as it is needed.
func TestFloatingIPNeedsGateway(t *testing.T) {
	w := newWorld(t)
	vpc := w.vpc("v", "10.0.0.0/16")
	subnet := w.subnet(vpc, "10.0.0.0/24")
	table := "routingtables/" + w.table(vpc)
	port := id(w.make("port", "ports", object{"network_id": vpc}))
	path := w.floating()
	connect := object{"floatingip": object{"port_id": port}}
	w.refused(404, "ExternalGatewayForFloatingIPNotFound", "is not reachable from subnet "+subnet, "PUT", path, connect)
	gateway := id(w.make("internetgateway", "internetgateways", object{"name": "ig", "external_network_id": w.external()}))
	w.do(200, "PUT", table+"/attach_gateway", object{"gateway_id": gateway})
	w.do(200, "PUT", path, connect)

	w.refused(409, "RouterExternalGatewayInUseByFloatingIp", gateway[:0], "PUT", table+"/detach_gateway", nil)
	w.refused(409, "RouterExternalGatewayInUseByFloatingIp", "", "DELETE", "internetgateways/"+gateway, nil)
	other := id(w.make("routingtable", "routingtables", object{"name": "t", "vpc_id": vpc}))
	attach := "vpcsubnets/" + subnet + "/attach_routingtable"
	w.refused(409, "RouterInterfaceInUseByFloatingIP", subnet, "PUT", attach, object{"routingtable_id": other})
	w.refused(409, "RouterInterfaceInUseByFloatingIP", subnet, "PUT", "routingtables/"+other+"/set_as_default", nil)
	w.do(200, "PUT", attach, object{"routingtable_id": w.table(vpc)})
	w.do(200, "PUT", "routingtables/"+other+"/set_as_default", nil)
	w.refused(409, "RouterInterfaceInUseByFloatingIP", subnet, "PUT", "vpcsubnets/"+subnet+"/detach_routingtable", nil)
	w.change("floatingip", path, object{"port_id": nil})
	w.do(200, "PUT", "vpcsubnets/"+subnet+"/detach_routingtable", nil)
	w.gone("internetgateways/" + gateway)
}
