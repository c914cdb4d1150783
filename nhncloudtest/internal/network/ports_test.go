package network_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
)

// withFields are documented payloads with what their field tables have and
// their examples lack.
func withFields(t *testing.T, name, single string) object {
	o := cloudtest.Fixture(t, name)
	maps.Copy(o[single].(object), object{"extra_dhcp_opts": []any{}, "binding:vnic_type": "normal", "port_security_enabled": true})
	return o
}

func TestPort(t *testing.T) {
	w := newWorld(t)
	vpc := w.vpc("v", "10.0.0.0/16")
	subnet := w.subnet(vpc, "10.0.0.0/24")
	request := cloudtest.Fixture(t, "network-v2-create-port.request")
	request["port"].(object)["network_id"] = vpc
	made := w.do(201, "POST", "ports", request)
	cloudtest.CompareShape(t, "create-port", withFields(t, "network-v2-create-port.response", "port"), made)
	port := made["port"].(object)
	def := id(w.list("security-groups?name=default", "security_groups")[0])
	assert.Equal(t, object{
		"id": id(port), "name": "private-port", "status": "DOWN", "admin_state_up": true, "network_id": vpc, "tenant_id": w.TenantID,
		"device_owner": "", "device_id": "", "mac_address": port["mac_address"], "port_security_enabled": true,
		"fixed_ips":       []any{object{"subnet_id": subnet, "ip_address": "10.0.0.2"}},
		"security_groups": []any{def}, "allowed_address_pairs": []any{}, "extra_dhcp_opts": []any{}, "binding:vnic_type": "normal",
	}, port)
	path := "ports/" + id(port)
	cloudtest.SameShape(t, "network-v2-list-ports.response", w.get("ports"))
	cloudtest.SameShape(t, "network-v2-get-port.response", w.get(path))
	changed := w.do(200, "PUT", path, cloudtest.Fixture(t, "network-v2-update-port.request"))
	cloudtest.CompareShape(t, "update-port", withFields(t, "network-v2-update-port.response", "port"), changed)
	assert.Equal(t, port, changed["port"])
	assert.Equal(t, object{"id": id(port), "name": "private-port"}, w.show("port", path+"?fields=id&fields=name"))

	web := id(w.list("security-groups?name=web", "security_groups")[0])
	next := w.change("port", path, object{
		"name": "", "description": "mine", "admin_state_up": false, "mac_address": "AA:bb:cc:dd:ee:ff", "security_groups": []string{web, web},
		"allowed_address_pairs": []object{{"ip_address": "10.0.9.0/24"}, {"ip_address": "10.0.9.9", "mac_address": "aa:bb:cc:dd:ee:01"}},
		"extra_dhcp_opts":       []object{{"opt_name": "mtu", "opt_value": "1400"}, {"opt_name": "x", "opt_value": "y", "ip_version": 4}},
	})
	for field, want := range (object{
		"name": "", "description": "mine", "admin_state_up": false, "mac_address": "aa:bb:cc:dd:ee:ff", "security_groups": []any{web},
		"allowed_address_pairs": []any{
			object{"ip_address": "10.0.9.0/24", "mac_address": "aa:bb:cc:dd:ee:ff"},
			object{"ip_address": "10.0.9.9", "mac_address": "aa:bb:cc:dd:ee:01"},
		},
	}) {
		assert.Equal(t, want, next[field], field)
	}
	next = w.change("port", path, object{"extra_dhcp_opts": []object{{"opt_name": "mtu", "opt_value": nil}}})
	assert.Equal(t, []any{object{"opt_name": "x", "opt_value": "y", "ip_version": 4.}}, next["extra_dhcp_opts"])
	assert.Len(t, next["allowed_address_pairs"], 2, "what is not named stays")
	next = w.change("port", path, object{"security_groups": []any{}, "allowed_address_pairs": []any{}})
	assert.Equal(t, []any{}, next["security_groups"])
	assert.Equal(t, []any{}, next["allowed_address_pairs"])
	w.change("port", path, object{"port_security_enabled": false})
	w.gone(path)
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		w.refused(404, "PortNotFound", "Port "+id(port)+" could not be found.", method, path, nil)
	}
}

func TestFixedIPs(t *testing.T) {
	w := newWorld(t)
	vpc := w.vpc("v", "10.0.0.0/16")
	first, second := w.subnet(vpc, "10.0.0.0/28"), w.subnet(vpc, "10.0.1.0/24")
	addresses := func(port object) []string {
		var out []string
		for _, f := range port["fixed_ips"].([]any) {
			out = append(out, f.(object)["ip_address"].(string))
		}
		return out
	}
	port := w.make("port", "ports", object{"network_id": vpc, "fixed_ips": []object{
		{"subnet_id": second}, {"ip_address": "10.0.0.9"}, {"subnet_id": first, "ip_address": "10.0.0.10"},
	}})
	assert.Equal(t, []string{"10.0.1.2", "10.0.0.9", "10.0.0.10"}, addresses(port))
	path := "ports/" + id(port)
	taken := object{"port": object{"network_id": vpc, "fixed_ips": []object{{"subnet_id": first}, {"ip_address": "10.0.0.9"}}}}
	w.refused(409, "IpAddressAlreadyAllocated", "10.0.0.9 already allocated in subnet "+first, "POST", "ports", taken)
	assert.EqualValues(t, 11, w.show("vpcsubnet", "vpcsubnets/"+first)["available_ip_count"], "nothing is kept of what failed")

	moved := w.change("port", path, object{"fixed_ips": []object{{"subnet_id": second}, {"ip_address": "10.0.0.10"}, {"subnet_id": first}}})
	assert.Equal(t, []string{"10.0.1.2", "10.0.0.10", "10.0.0.9"}, addresses(moved), "it keeps what will do")
	moved = w.change("port", path, object{"fixed_ips": []object{{"subnet_id": second}, {"subnet_id": second}}})
	assert.Equal(t, []string{"10.0.1.2", "10.0.1.3"}, addresses(moved))
	assert.EqualValues(t, 13, w.show("vpcsubnet", "vpcsubnets/"+first)["available_ip_count"])
	w.refused(409, "IpAddressAlreadyAllocated", "", "PUT", path, object{"port": object{"fixed_ips": []object{
		{"ip_address": "10.0.1.2"}, {"ip_address": "10.0.1.2"},
	}}})
	assert.Equal(t, []string{"10.0.1.2", "10.0.1.3"}, addresses(w.show("port", path)))
	moved = w.change("port", path, object{"fixed_ips": []object{}})
	assert.Empty(t, moved["fixed_ips"])
	assert.Empty(t, addresses(w.make("port", "ports", object{"network_id": w.vpc("bare", "10.0.0.0/24")})), "no subnet, no address")

	ask := func(fixed ...object) object { return object{"port": object{"network_id": vpc, "fixed_ips": fixed}} }
	for _, c := range []struct {
		body    object
		status  int
		kind    string
		message string
	}{
		{ask(object{}), 400, "InvalidInput", "IP allocation requires subnet_id or ip_address."},
		{ask(object{"subnet_id": w.SubnetID()}), 400, "InvalidInput", "included invalid subnet"},
		{ask(object{"subnet_id": first, "ip_address": "10.0.1.9"}), 400, "InvalidIpForSubnet", "10.0.1.9"},
		{ask(object{"ip_address": "10.9.0.1"}), 400, "InvalidIpForNetwork", "10.9.0.1"},
		{ask(object{"ip_address": "10.0.0.15"}), 400, "InvalidIpForNetwork", "broadcast"[:0]},
		{ask(object{"ip_address": "10.0.0.1"}), 409, "IpAddressAlreadyAllocated", "10.0.0.1"},
		{ask(object{"ip_address": "zzz"}), 400, "HTTPBadRequest", "'zzz' is not a valid IP address."},
		{ask(object{"subnet_id": "x"}), 400, "HTTPBadRequest", "'x' is not a valid UUID."},
		{ask(object{"nope": "x"}), 400, "HTTPBadRequest", "Unrecognized attribute(s) 'nope'"},
		{ask(slices.Repeat([]object{{"subnet_id": first}}, 6)...), 400, "InvalidInput", "Exceeded maximum amount"},
	} {
		w.refused(c.status, c.kind, c.message, "POST", "ports", c.body)
	}
	for range 13 {
		w.make("port", "ports", object{"network_id": vpc, "fixed_ips": []object{{"subnet_id": first}}})
	}
	w.refused(409, "IpAddressGenerationFailure", "No more IP addresses available on network "+vpc, "POST", "ports", ask(object{"subnet_id": first}))
	full := w.vpc("full", "10.0.0.0/24")
	w.subnet(full, "10.0.0.0/28")
	for range 13 {
		w.make("port", "ports", object{"network_id": full})
	}
	w.refused(409, "IpAddressGenerationFailure", full, "POST", "ports", object{"port": object{"network_id": full}})
	res := w.Call("POST", "/network/v2.0/ports", ask(object{"ip_address": "10.0.1.50"}))
	assert.Equal(t, 201, res.Status)
	want := cloudtest.Fixture(t, "errors/network_409_ip_in_use")["body"].(object)["NeutronError"].(object)
	w.refused(409, want["type"].(string), "IP address 10.0.1.50 already allocated in subnet "+second, "POST", "ports", ask(object{"ip_address": "10.0.1.50"}))
}

func TestPortRefused(t *testing.T) {
	w := newWorld(t)
	web := id(w.list("security-groups?name=web", "security_groups")[0])
	ask := func(more object) object {
		o := object{"network_id": w.NetworkID()}
		for k, v := range more {
			o[k] = v
		}
		return object{"port": o}
	}
	eleven := make([]object, 11)
	for i := range eleven {
		eleven[i] = object{"ip_address": "10.0.0.1", "mac_address": "aa:bb:cc:dd:ee:0" + "0123456789a"[i:i+1]}
	}
	port := w.make("port", "ports", ask(object{"mac_address": "aa:bb:cc:dd:ee:ff"})["port"].(object))
	for _, c := range []struct {
		more    object
		status  int
		kind    string
		message string
	}{
		{object{"network_id": nobody}, 404, "NetworkNotFound", nobody},
		{object{"network_id": "x"}, 400, "HTTPBadRequest", "'x' is not a valid UUID"},
		{object{"network_id": w.external()}, 403, "PolicyNotAuthorized", "disallowed by policy"},
		{object{"tenant_id": w.ObjectStorageTenantID}, 400, "HTTPBadRequest", "requires admin"},
		{object{"security_groups": []string{nobody}}, 404, "SecurityGroupNotFound", "Security group " + nobody + " does not exist"},
		{object{"security_groups": []string{"web"}}, 400, "HTTPBadRequest", "'web' is not a valid UUID"},
		{object{"security_groups": nil}, 400, "HTTPBadRequest", "'None' is not a list"},
		{object{"security_groups": []string{web}, "port_security_enabled": false}, 400, "PortSecurityAndIPRequiredForSecurityGroups", "must be enabled"},
		{object{"allowed_address_pairs": "x"}, 400, "HTTPBadRequest", "'x' is not a list"},
		{object{"allowed_address_pairs": []any{"x"}}, 400, "HTTPBadRequest", "'x' is not a dictionary"},
		{object{"allowed_address_pairs": []object{{}}}, 400, "HTTPBadRequest", "'ip_address' not specified"},
		{object{"allowed_address_pairs": []object{{"ip_address": "x"}}}, 400, "HTTPBadRequest", "'x' is not a valid IP address"},
		{object{"allowed_address_pairs": []object{{"ip_address": "1.1.1.1", "mac_address": "x"}}}, 400, "HTTPBadRequest", "'x' is not a valid MAC"},
		{object{"allowed_address_pairs": []object{{"ip_address": "1.1.1.1"}, {"ip_address": "1.1.1.1"}}}, 400, "DuplicateAddressPairInRequest", "1.1.1.1"},
		{object{"allowed_address_pairs": eleven}, 400, "AllowedAddressPairExhausted", "maximum 10"},
		{object{"allowed_address_pairs": []object{{"ip_address": "1.1.1.1"}}, "port_security_enabled": false}, 409, "AddressPairAndPortSecurityRequired", ""},
		{object{"extra_dhcp_opts": []object{{"opt_name": "x"}}}, 400, "HTTPBadRequest", "'opt_value' not specified"},
		{object{"extra_dhcp_opts": []object{{"opt_name": "x", "opt_value": "y", "ip_version": 6}}}, 400, "HTTPBadRequest", "ip_version"},
		{object{"mac_address": "aa:bb:cc:dd:ee:ff"}, 409, "MacAddressInUse", "aa:bb:cc:dd:ee:ff"},
		{object{"mac_address": "aa:bb:cc:dd:ee:ff:00:11"}, 400, "HTTPBadRequest", "not a valid MAC"},
		{object{"admin_state_up": 7}, 400, "InvalidInput", "'7' cannot be converted to boolean"},
		{object{"device_id": 7}, 400, "HTTPBadRequest", "'7' is not a valid string"},
		{object{"nope": 7}, 400, "HTTPBadRequest", "Unrecognized attribute(s) 'nope'"},
	} {
		w.refused(c.status, c.kind, c.message, "POST", "ports", ask(c.more))
	}
	w.refused(400, "HTTPBadRequest", "'network_id' not specified", "POST", "ports", object{"port": object{}})
	path := "ports/" + id(port)
	w.refused(400, "HTTPBadRequest", "read-only attribute device_id", "PUT", path, object{"port": object{"device_id": "x"}})
	w.refused(400, "HTTPBadRequest", "Resource body required", "PUT", path, nil)
	w.refused(409, "PortSecurityPortHasSecurityGroup", "", "PUT", path, object{"port": object{"port_security_enabled": false}})
	assert.Len(t, w.list("ports", "ports"), 1, "nothing is left over of what was refused")

	w.Login(w.ObjectStorageTenantID)
	w.refused(404, "PortNotFound", "", "GET", path, nil)
	assert.Empty(t, w.list("ports", "ports"))
}

func TestSeveralPorts(t *testing.T) {
	w := newWorld(t)
	fields := object{"network_id": w.NetworkID(), "fixed_ips": []object{{"ip_address": "192.168.0.9"}}}
	ports := w.do(201, "POST", "ports", object{"ports": []object{fields, {"network_id": w.NetworkID()}}})["ports"].([]any)
	assert.Len(t, ports, 2)
	w.gone("ports/" + id(ports[0]))
	w.refused(409, "IpAddressAlreadyAllocated", "", "POST", "ports", object{"ports": []object{fields, fields}})
	assert.Len(t, w.list("ports", "ports"), 1, "all or none")
	w.refused(400, "HTTPBadRequest", "Resources required", "POST", "ports", object{"ports": []object{}})
	w.refused(400, "HTTPBadRequest", "'network_id' not specified", "POST", "ports", object{"ports": []any{"x"}})
}

func TestPortFilters(t *testing.T) {
	w := newWorld(t)
	web := id(w.list("security-groups?name=web", "security_groups")[0])
	one := w.make("port", "ports", object{
		"network_id": w.NetworkID(), "name": "one", "fixed_ips": []object{{"ip_address": "192.168.0.9"}, {"ip_address": "192.168.64.7"}},
		"security_groups": []string{web}, "device_owner": "network:virtual_ip", "device_id": "dev",
	})
	w.make("port", "ports", object{"network_id": w.NetworkID(), "admin_state_up": false})
	subnet := "subnet_id=" + w.SubnetID()
	for query, want := range map[string]int{
		"": 2, "name=one": 1, "network_id=" + w.NetworkID(): 2, "status=DOWN": 2, "status=ACTIVE": 0,
		"admin_state=false": 1, "admin_state_up=true": 1, "device_id=dev": 1, "device_owner=network%3Avirtual_ip": 1,
		"security_groups=" + web: 1, "mac_address=" + one["mac_address"].(string): 1, "tenant_id=" + w.TenantID: 2,
		"fixed_ips=ip_address%3D192.168.0.9":                                            1,
		"fixed_ips=ip_address%3D192.168.0.9&fixed_ips=ip_address%3D192.168.0.2":         2,
		"fixed_ips=ip_address_substr%3D192.168.0.":                                      2,
		"fixed_ips=ip_address_substr%3D64.7":                                            1,
		"fixed_ips=" + subnet:                                                           2,
		"fixed_ips=" + subnet + "&fixed_ips=ip_address=192.168.0.9":                     1,
		"fixed_ips=" + subnet + "&fixed_ips=ip_address=192.168.64.7":                    0,
		"fixed_ips=ip_address=192.168.64.7&fixed_ips=ip_address_substr=192&sort_key=id": 1,
	} {
		assert.Len(t, w.list("ports?"+query, "ports"), want, query)
	}
	w.refused(400, "HTTPBadRequest", "'192.168.0.9' is none of ip_address", "GET", "ports?fixed_ips=192.168.0.9", nil)

	users := w.get("security-group-ports?security_group_id=" + web)
	cloudtest.SameShape(t, "network-v2-list-security-group-ports.response", users)
	assert.Equal(t, []string{id(one)}, ids(users["security_group_ports"].([]any)))
	assert.Equal(t, w.TenantID, cloudtest.At(users, "security_group_ports", 0, "project_id"))
	assert.Empty(t, w.list("security-group-ports?security_group_id="+nobody, "security_group_ports"))
	w.refused(400, "HTTPBadRequest", "'security_group_id' not specified", "GET", "security-group-ports", nil)
}

func TestRelatedGateways(t *testing.T) {
	w := newWorld(t)
	vpc := w.vpc("v", "10.0.0.0/16")
	path := "routingtables/" + w.table(vpc) + "/related_gateways"
	_, _, err := w.AddGateway(vpc, "peering", "p")
	assert.ErrorContains(t, err, "no VPC with a subnet")
	w.subnet(vpc, "10.0.0.0/28")
	gateway, address, err := w.AddGateway(vpc, "natgateway", "Test NAT Gateway")
	assert.NoError(t, err)
	assert.Empty(t, w.get(path)["gateways"])
	for _, cidr := range []string{"1.0.0.0/8", "2.0.0.0/8"} {
		w.make("route", "routes", object{"routingtable_id": w.table(vpc), "cidr": cidr, "gateway": address, "description": ""})
	}
	cloudtest.SameShape(t, "network-v2-list-routingtable-gateways.response", w.get(path))
	assert.Equal(t, []any{object{"type": "goblin:natgateway", "id": gateway, "name": "Test NAT Gateway"}}, w.get(path)["gateways"])
	port := w.list("ports?device_id="+gateway, "ports")[0]
	assert.Equal(t, "ACTIVE", port.(object)["status"])
	w.gone("ports/" + id(port))
	assert.Empty(t, w.get(path)["gateways"])
	for range 13 {
		_, _, err = w.AddGateway(vpc, "peering", "p")
		assert.NoError(t, err)
	}
	_, _, err = w.AddGateway(vpc, "peering", "p")
	assert.ErrorContains(t, err, "no address left")
}

func TestRestartGateway(t *testing.T) {
	w := newWorld(t)
	gateway := id(w.list("internetgateways", "internetgateways")[0])
	look := func() [2]any {
		g := w.show("internetgateway", "internetgateways/"+gateway)
		return [2]any{g["state"], g["migrate_status"]}
	}
	assert.NoError(t, w.RestartGateway(gateway))
	assert.Equal(t, [2]any{"migrating", "unbinding_progress"}, look())
	w.Advance(cloudtest.Transition / 2)
	assert.Equal(t, [2]any{"migrating", "binding_progress"}, look())
	w.Done()
	assert.Equal(t, [2]any{"available", "none"}, look())
	assert.NoError(t, w.RestartGateway(gateway))
	w.do(200, "PUT", "routingtables/"+w.table(w.NetworkID())+"/detach_gateway", nil)
	w.Done()
	assert.Equal(t, [2]any{"unavailable", "none"}, look())
	assert.ErrorContains(t, w.RestartGateway(gateway), "no internet gateway that is attached")
	assert.Error(t, w.RestartGateway(nobody))
}
