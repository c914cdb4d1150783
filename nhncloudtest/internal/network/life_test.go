package network_test

import (
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// site is what a service that is reached from outside stands on.
type site struct {
	*world
	vpc, subnet, table, gateway, group, port, server, floating string
}

// build builds a site in the order in which one thing needs another.
func build(w *world) *site {
	w.T.Helper()
	s := &site{world: w}
	s.vpc = w.vpc("site", "10.20.0.0/16")
	s.subnet = w.subnet(s.vpc, "10.20.1.0/24")
	s.gateway = id(w.make("internetgateway", "internetgateways", object{"name": "ig-site", "external_network_id": w.external()}))
	s.table = id(w.make("routingtable", "routingtables", object{"name": "site", "vpc_id": s.vpc}))
	w.do(200, "PUT", "routingtables/"+s.table+"/attach_gateway", object{"gateway_id": s.gateway})
	w.do(200, "PUT", "vpcsubnets/"+s.subnet+"/attach_routingtable", object{"routingtable_id": s.table})
	s.group = id(w.make("security_group", "security-groups", object{"name": "site"}))
	for _, port := range []int{22, 80} {
		w.make("security_group_rule", "security-group-rules", object{
			"security_group_id": s.group, "direction": "ingress", "protocol": "tcp", "port_range_min": port, "port_range_max": port,
			"remote_ip_prefix": "0.0.0.0/0",
		})
	}
	s.port = id(w.make("port", "ports", object{"network_id": s.vpc, "security_groups": []string{s.group}}))
	body := w.U2Body("site")
	body["networks"] = []object{{"port": s.port}}
	res := w.Compute("POST", "/servers", object{"server": body})
	require.Equal(w.T, 202, res.Status, "%s", res.Text)
	s.server = cloudtest.At(res.Body, "server", "id").(string)
	w.Done()
	s.floating = id(w.make("floatingip", "floatingips", object{"floating_network_id": w.external(), "port_id": s.port}))
	w.Done()
	return s
}

func TestLife(t *testing.T) {
	w := newWorld(t)
	before := w.inventory()
	s := build(w)
	assert.Equal(t, "ACTIVE", w.show("floatingip", "floatingips/"+s.floating)["status"])
	assert.Equal(t, "ACTIVE", w.show("port", "ports/"+s.port)["status"])
	assert.Equal(t, "available", w.show("internetgateway", "internetgateways/"+s.gateway)["state"])
	assert.Len(t, cloudtest.At(w.GetServer(s.server), "addresses", "site"), 2)
	res := w.Call("GET", "/appkey/v1.0/appkeys/"+w.AppKey+"/floating-ips?id="+s.floating, nil)
	assert.Equal(t, s.table, cloudtest.At(res.Body, "floatingips", 0, "routerId"), "the old API shows the same")

	w.change("floatingip", "floatingips/"+s.floating, object{"port_id": nil})
	w.gone("floatingips/" + s.floating)
	require.Equal(t, 204, w.Compute("DELETE", "/servers/"+s.server, nil).Status)
	w.Done()
	w.gone("ports/" + s.port)
	w.gone("security-groups/" + s.group)
	w.do(200, "PUT", "routingtables/"+s.table+"/detach_gateway", nil)
	w.gone("internetgateways/" + s.gateway)
	w.do(200, "PUT", "vpcsubnets/"+s.subnet+"/detach_routingtable", nil)
	w.gone("routingtables/" + s.table)
	w.gone("vpcsubnets/" + s.subnet)
	w.gone("vpcs/" + s.vpc)
	assert.Equal(t, before, w.inventory())
}

// inventory is what all lists show.
func (w *world) inventory() map[string]object {
	w.T.Helper()
	all := map[string]object{}
	for _, path := range strings.Fields("vpcs vpcsubnets networks subnets routingtables routes internetgateways ports security-groups floatingips") {
		all[path] = w.get(path)
	}
	return all
}

// TestVPCInUse takes a VPC down from the top while it is in use, and sees what
// stands in the way.
func TestVPCInUse(t *testing.T) {
	w := newWorld(t)
	s := build(w)
	want := cloudtest.Fixture(t, "errors/network_409_network_in_use")["body"].(object)["NeutronError"].(object)
	w.refused(409, want["type"].(string), "Unable to complete operation on network "+s.vpc+
		". There are one or more ports still in use on the network, id for these ports is: "+s.port+".", "DELETE", "vpcs/"+s.vpc, nil)
	w.refused(409, "SubnetInUse", "One or more ports have an IP allocation", "DELETE", "vpcsubnets/"+s.subnet, nil)
	w.refused(409, "RoutingtableInUse", "", "DELETE", "routingtables/"+s.table, nil)
	w.refused(409, "RouterExternalGatewayInUseByFloatingIp", "", "DELETE", "internetgateways/"+s.gateway, nil)
	w.refused(409, "FloatingIPInUse", "", "DELETE", "floatingips/"+s.floating, nil)
	w.refused(409, "SecurityGroupInUse", "", "DELETE", "security-groups/"+s.group, nil)

	w.gone("ports/" + s.port)
	assert.Nil(t, w.show("floatingip", "floatingips/"+s.floating)["port_id"])
	assert.Empty(t, w.GetServer(s.server)["addresses"])
	w.gone("vpcs/" + s.vpc)
	for path, plural := range map[string]string{
		"vpcsubnets?vpc_id=" + s.vpc: "vpcsubnets", "routingtables?id=" + s.table: "routingtables",
		"routes?routingtable_id=" + s.table: "routes", "internetgateways?id=" + s.gateway: "internetgateways",
	} {
		assert.Empty(t, w.list(path, plural), "%s went with it", plural)
	}
	w.gone("floatingips/" + s.floating)
	w.gone("security-groups/" + s.group)
}
