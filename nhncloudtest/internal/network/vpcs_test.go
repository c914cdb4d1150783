package network_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDefaultNetwork(t *testing.T) {
	w := newWorld(t)
	cloudtest.SameShape(t, "network-v2-list-networks.response", w.get("networks"))
	cloudtest.SameShape(t, "network-v2-list-subnets.response", w.get("subnets"))
	cloudtest.SameShape(t, "network-v2-list-vpcs.response", w.get("vpcs"))
	cloudtest.SameShape(t, "network-v2-list-vpcsubnets.response", w.get("vpcsubnets?router:external=false"))
	cloudtest.SameShape(t, "network-v2-get-vpcsubnet.response", w.get("vpcsubnets/"+w.SubnetID()))
	cloudtest.SameShape(t, "network-v2-get-vpc.response", w.get("vpcs/"+w.external()))

	vpc := w.show("vpc", "vpcs/"+w.NetworkID())
	assert.Equal(t, "Default Network", vpc["name"])
	assert.Equal(t, "192.168.0.0/16", vpc["cidrv4"])
	assert.Equal(t, "2026-03-01 12:00:00", vpc["create_time"])
	assert.Len(t, vpc["subnets"], 2)
	assert.Len(t, vpc["routingtables"], 1)
	assert.NotEmpty(t, cloudtest.At(vpc, "routingtables", 0, "gateway_id"))
	subnet := w.show("subnet", "subnets/"+w.SubnetID())
	assert.Equal(t, "192.168.0.0/24", subnet["cidr"])
	assert.Equal(t, "192.168.0.254", cloudtest.At(subnet, "allocation_pools", 0, "end"))

	free := w.show("vpcsubnet", "vpcsubnets/"+w.SubnetID())["available_ip_count"].(float64)
	w.U2("s")
	assert.Equal(t, free-1, w.show("vpcsubnet", "vpcsubnets/"+w.SubnetID())["available_ip_count"])
	cloudtest.SameError(t, "network_404_network", w.Call("GET", "/network/v2.0/networks/"+nobody, nil))
}

func TestVPC(t *testing.T) {
	w := newWorld(t)
	made := w.do(201, "POST", "vpcs", cloudtest.Fixture(t, "network-v2-create-vpc.request"))
	want := cloudtest.Fixture(t, "network-v2-create-vpc.response")
	documented := want["vpc"].(object)
	documented["id"] = documented["id:"] // a slip of the guide
	delete(documented, "id:")
	cloudtest.CompareShape(t, "create-vpc", want, made)
	vpc := made["vpc"].(object)
	assert.Equal(t, object{
		"id": vpc["id"], "name": "vpc-test1", "tenant_id": w.TenantID, "state": "available", "cidrv4": "10.10.0.0/16",
		"create_time": "2026-03-01 12:00:00.000000", "shared": false,
	}, vpc)
	path := "vpcs/" + id(vpc)
	assert.Equal(t, "vpc-"+id(vpc)[:13], cloudtest.At(w.get(path), "vpc", "routingtables", 0, "name"))
	assert.Empty(t, cloudtest.At(w.get(path), "vpc", "subnets"))
	assert.Equal(t, []string{w.NetworkID(), w.external(), id(vpc)}, ids(w.list("vpcs", "vpcs")))
	assert.Equal(t, "ACTIVE", w.show("network", "networks/"+id(vpc))["status"])

	w.subnet(id(vpc), "10.10.4.0/22")
	changed := w.do(200, "PUT", path, cloudtest.Fixture(t, "network-v2-update-vpc.request"))
	cloudtest.SameShape(t, "network-v2-update-vpc.response", changed)
	assert.Equal(t, "10.10.0.0/20", w.show("vpc", path)["cidrv4"])
	assert.Equal(t, "vpc-update_test", w.show("vpc", path)["name"])
	w.change("vpc", path, object{})
	w.change("vpc", path, object{"name": "한글"})
	w.refused(400, "InvalidInput", "is not within 10.10.0.0/22", "PUT", path, object{"vpc": object{"cidrv4": "10.10.0.0/22"}})
	w.refused(400, "HTTPBadRequest", "read-only attribute tenant_id", "PUT", path, object{"vpc": object{"tenant_id": w.TenantID}})

	w.gone(path)
	w.refused(404, "VpcNotFound", "Vpc "+id(vpc)+" could not be found.", "GET", path, nil)
	w.refused(404, "VpcNotFound", "", "PUT", path, object{"vpc": object{}})
	w.refused(404, "VpcNotFound", "", "DELETE", path, nil)
	assert.Len(t, w.list("vpcsubnets", "vpcsubnets"), 3, "its subnet is gone")
	assert.Len(t, w.list("routingtables", "routingtables"), 1, "so is its table")
}

func TestVPCToTheInternet(t *testing.T) {
	w := newWorld(t)
	fields := object{"name": "v", "cidrv4": "10.0.0.0/24", "external_network_id": w.external()}
	vpc := id(w.make("vpc", "vpcs", fields))
	gateway := cloudtest.At(w.show("vpc", "vpcs/"+vpc), "routingtables", 0, "gateway_id").(string)
	assert.Equal(t, "ig-"+w.table(vpc)[:13], w.show("internetgateway", "internetgateways/"+gateway)["name"])
	w.gone("vpcs/" + vpc)
	w.refused(404, "InternetgatewayNotFound", "", "GET", "internetgateways/"+gateway, nil)

	fields["external_network_id"] = w.NetworkID()
	w.refused(400, "BadRequest", "is not an external network", "POST", "vpcs", object{"vpc": fields})
	fields["external_network_id"] = nobody
	w.refused(404, "NetworkNotFound", nobody, "POST", "vpcs", object{"vpc": fields})
	fields["external_network_id"] = nil
	w.make("vpc", "vpcs", fields)
}

func TestVPCRefused(t *testing.T) {
	w := newWorld(t)
	cloudtest.SameError(t, "network_400_not_json", w.Call("POST", "/network/v2.0/vpcs", "{"))
	res := w.Call("POST", "/network/v2.0/vpcs", object{"vpc": object{"nope": 1}})
	cloudtest.SameError(t, "network_400_bad_body", res)
	cloudtest.SameError(t, "network_400_bad_cidr", w.Call("POST", "/network/v2.0/vpcs", object{"vpc": object{"name": "x", "cidrv4": "zzz"}}))
	w.refused(400, "HTTPBadRequest", "Resource body required", "POST", "vpcs", nil)
	w.refused(400, "HTTPBadRequest", "Unable to find 'vpc' in request body", "POST", "vpcs", object{"network": object{}})
	w.refused(400, "HTTPBadRequest", "Unable to find 'vpc' in request body", "PUT", "vpcs/"+w.NetworkID(), object{"vpc": "x"})
	for _, c := range []struct{ fields, kind, message any }{
		{object{"cidrv4": "10.0.0.0/16"}, "HTTPBadRequest", "Required attribute 'name' not specified"},
		{object{"name": "x"}, "HTTPBadRequest", "Required attribute 'cidrv4' not specified"},
		{object{"name": 5, "cidrv4": "10.0.0.0/16"}, "HTTPBadRequest", "Invalid input for name. Reason: '5' is not a valid string."},
		{object{"name": long(256), "cidrv4": "10.0.0.0/16"}, "HTTPBadRequest", "exceeds maximum length of 255"},
		{object{"name": "x", "cidrv4": "10.0.0.1/16"}, "HTTPBadRequest", "'10.0.0.0/16' is recommended"},
		{object{"name": "x", "cidrv4": "fd00::/8"}, "HTTPBadRequest", "is not an IPv4 network"},
		{object{"name": "x", "cidrv4": "10.0.0.0/28"}, "InvalidInput", "too small"},
		{object{"name": "x", "cidrv4": "172.0.0.0/8"}, "InvalidInput", "not in a private range"},
		{object{"name": "x", "cidrv4": "192.253.0.0/24"}, "InvalidInput", "not in a private range"},
		{object{"name": "x", "cidrv4": "169.254.0.0/24"}, "InvalidInput", "not in a private range"},
		{object{"name": "x", "cidrv4": "10.0.0.0/16", "tenant_id": "other"}, "HTTPBadRequest", "requires admin privileges"},
		{object{"name": "x", "cidrv4": "10.0.0.0/16", "external_network_id": "x"}, "HTTPBadRequest", "'x' is not a valid UUID."},
	} {
		w.refused(400, c.kind.(string), c.message.(string), "POST", "vpcs", object{"vpc": c.fields})
	}
	for _, cidr := range []string{"10.0.0.0/8", "10.0.0.0/24", "172.16.0.0/16", "192.168.0.0/24"} {
		w.make("vpc", "vpcs", object{"name": "x", "cidrv4": cidr, "tenant_id": w.TenantID, "project_id": w.TenantID})
	}
	res, err := w.Try("POST", "/network/v2.0/vpcs", object{}, map[string][]string{"Content-Type": {"text/plain"}})
	require.NoError(t, err)
	assert.Equal(t, 415, res.Status)
	w.refused(404, "HTTPNotFound", "could not be found", "PUT", "vpcs/"+w.external(), object{"vpc": object{"name": "mine"}})
	w.refused(404, "HTTPNotFound", "could not be found", "DELETE", "vpcs/"+w.external(), nil)
	w.refused(404, "HTTPNotFound", "could not be found", "POST", "networks", object{"network": object{"name": "x"}})
}

func long(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'x'
	}
	return string(b)
}

func TestVPCSubnet(t *testing.T) {
	w := newWorld(t)
	vpc := w.vpc("v", "10.0.0.0/8")
	request := cloudtest.Fixture(t, "network-v2-create-vpcsubnet.request")
	request["vpcsubnet"].(object)["vpc_id"] = vpc
	made := w.do(201, "POST", "vpcsubnets", request)
	cloudtest.SameShape(t, "network-v2-create-vpcsubnet.response", made)
	subnet := id(made["vpcsubnet"])
	path := "vpcsubnets/" + subnet
	assert.Equal(t, "10.3.0.1", cloudtest.At(made, "vpcsubnet", "gateway"))
	assert.Equal(t, []any{subnet}, w.show("network", "networks/"+vpc)["subnets"])
	full := w.show("vpcsubnet", path)
	assert.Equal(t, vpc, cloudtest.At(full, "vpc", "id"))
	assert.EqualValues(t, 65533, full["available_ip_count"])
	assert.Equal(t, object{
		"id": w.table(vpc), "name": "vpc-" + vpc[:13], "default_table": true, "explicit": false,
	}, full["routingtable"])

	changed := w.do(200, "PUT", path, cloudtest.Fixture(t, "network-v2-update-vpcsubnet.request"))
	cloudtest.SameShape(t, "network-v2-update-vpcsubnet.response", changed)
	assert.Equal(t, "subnet_update_test", w.show("subnet", "subnets/"+subnet)["name"])
	w.refused(400, "HTTPBadRequest", "read-only attribute cidr", "PUT", path, object{"vpcsubnet": object{"cidr": "10.4.0.0/16"}})
	w.refused(400, "HTTPBadRequest", "Unable to find", "PUT", path, object{})

	w.subnet(vpc, "10.8.0.0/15")
	cloudtest.SameError(t, "network_400_subnet_overlap", w.Call("POST", "/network/v2.0/vpcsubnets", object{"vpcsubnet": object{
		"vpc_id": vpc, "name": "x", "cidr": "10.9.0.0/24",
	}}))
	for _, c := range []struct {
		fields  object
		status  int
		kind    string
		message string
	}{
		{object{"vpc_id": vpc, "name": "x", "cidr": "10.0.0.0/8"}, 400, "InvalidInput", "overlaps"},
		{object{"vpc_id": vpc, "name": "x", "cidr": "11.0.0.0/24"}, 400, "InvalidInput", "is not within the cidr 10.0.0.0/8"},
		{object{"vpc_id": vpc, "name": "x", "cidr": "0.0.0.0/0"}, 400, "InvalidInput", "is not within"},
		{object{"vpc_id": vpc, "name": "x", "cidr": "10.4.0.0/29"}, 400, "InvalidInput", "too small"},
		{object{"vpc_id": vpc, "name": "x", "cidr": "zzz"}, 400, "InvalidInput", "zzz is not in a CIDR format."},
		{object{"vpc_id": vpc, "name": "x"}, 400, "HTTPBadRequest", "'cidr' not specified"},
		{object{"vpc_id": vpc, "cidr": "10.4.0.0/24"}, 400, "HTTPBadRequest", "'name' not specified"},
		{object{"name": "x", "cidr": "10.4.0.0/24"}, 400, "HTTPBadRequest", "'vpc_id' not specified"},
		{object{"vpc_id": nil, "name": "x", "cidr": "10.4.0.0/24"}, 400, "HTTPBadRequest", "'None' is not a valid UUID."},
		{object{"vpc_id": nobody, "name": "x", "cidr": "10.4.0.0/24"}, 404, "VpcNotFound", nobody},
		{object{"vpc_id": w.external(), "name": "x", "cidr": "10.4.0.0/24"}, 403, "PolicyNotAuthorized", "external"},
	} {
		w.refused(c.status, c.kind, c.message, "POST", "vpcsubnets", object{"vpcsubnet": c.fields})
	}
	w.refused(400, "HTTPBadRequest", "Resource body required", "POST", "vpcsubnets", nil)

	w.gone(path)
	w.refused(404, "VpcSubnetNotFound", "", "DELETE", path, nil)
	w.refused(404, "VpcSubnetNotFound", "", "PUT", path, object{"vpcsubnet": object{"name": "x"}})
	w.refused(404, "VpcSubnetNotFound", "", "PUT", path+"/attach_routingtable", nil)
	w.refused(404, "VpcSubnetNotFound", "", "PUT", path+"/detach_routingtable", nil)
	w.refused(404, "SubnetNotFound", "", "GET", "subnets/"+subnet, nil)
	w.subnet(vpc, "10.3.0.0/28")
}

func TestStrangers(t *testing.T) {
	w := newWorld(t)
	vpc := w.vpc("v", "10.0.0.0/16")
	subnet := w.subnet(vpc, "10.0.0.0/24")
	table := w.table(vpc)
	w.Login(w.ObjectStorageTenantID)
	for path, kind := range map[string]string{
		"networks/" + vpc: "NetworkNotFound", "vpcs/" + vpc: "VpcNotFound", "vpcsubnets/" + subnet: "VpcSubnetNotFound",
		"subnets/" + subnet: "SubnetNotFound", "routingtables/" + table: "RoutingtableNotFound",
	} {
		w.refused(404, kind, "could not be found", "GET", path, nil)
	}
	w.refused(404, "VpcNotFound", "", "DELETE", "vpcs/"+vpc, nil)
	assert.Len(t, w.list("vpcs", "vpcs"), 2)
}

func TestQuotas(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithQuota(nhncloudtest.Quota{
		VPCs: 2, Subnets: 1, RoutingTables: 2, Routes: 1, InternetGateways: 2,
	}))
	over := func(resource, path string, body object) {
		t.Helper()
		w.refused(409, "OverQuota", "Quota exceeded for resources: ['"+resource+"'].", "POST", path, body)
	}
	vpc := w.vpc("v", "10.0.0.0/16")
	over("vpc", "vpcs", object{"vpc": object{"name": "x", "cidrv4": "10.0.0.0/16"}})
	w.subnet(vpc, "10.0.0.0/24")
	over("vpcsubnet", "vpcsubnets", object{"vpcsubnet": object{"vpc_id": vpc, "name": "x", "cidr": "10.0.1.0/24"}})
	fields := object{"name": "t", "vpc_id": vpc}
	table := id(w.make("routingtable", "routingtables", fields))
	over("routingtable", "routingtables", object{"routingtable": fields})
	route := object{"routingtable_id": table, "cidr": "1.0.0.0/8", "gateway": "10.0.0.2", "description": ""}
	w.make("route", "routes", route)
	route["cidr"] = "2.0.0.0/8"
	over("route", "routes", object{"route": route})
	fields = object{"name": "t", "external_network_id": w.external()}
	w.make("internetgateway", "internetgateways", fields)
	over("internetgateway", "internetgateways", object{"internetgateway": fields})
}
