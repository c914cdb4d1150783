package nhncloudtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (w *world) network(path string) object {
	w.t.Helper()
	res := w.call("GET", "/network/v2.0/"+path, nil)
	require.Equal(w.t, 200, res.status, "%s", res.text)
	return res.body
}

func TestNetworks(t *testing.T) {
	w := newWorld(t)
	sameShape(t, "network-v2-list-networks.response", w.network("networks"))
	sameShape(t, "network-v2-list-subnets.response", w.network("subnets"))
	sameShape(t, "network-v2-list-vpcs.response", w.network("vpcs"))
	sameShape(t, "network-v2-list-security-groups.response", w.network("security-groups"))
	sameShape(t, "network-v2-list-security-group-rules.response", w.network("security-group-rules"))
	inside := w.network("vpcsubnets?router:external=false")
	sameShape(t, "network-v2-list-vpcsubnets.response", inside)
	sameShape(t, "network-v2-get-vpcsubnet.response", w.network("vpcsubnets/"+w.SubnetID()))
	outside := at(w.network("vpcs?router%3Aexternal=True"), "vpcs", 0, "id").(string)
	sameShape(t, "network-v2-get-vpc.response", w.network("vpcs/"+outside))
	group := at(w.network("security-groups?name=default"), "security_groups", 0, "id").(string)
	sameShape(t, "network-v2-get-security-group.response", w.network("security-groups/"+group))
	rule := at(w.network("security-group-rules?port_range_min=22"), "security_group_rules", 0, "id").(string)
	sameShape(t, "network-v2-get-security-group-rule.response", w.network("security-group-rules/"+rule))

	vpc := w.network("vpcs/" + w.NetworkID())["vpc"].(object)
	assert.Equal(t, "Default Network", vpc["name"])
	assert.Equal(t, "192.168.0.0/16", vpc["cidrv4"])
	assert.Equal(t, "2026-03-01 12:00:00", vpc["create_time"])
	assert.Len(t, vpc["subnets"], 2)
	assert.Len(t, vpc["routingtables"], 1)
	assert.Equal(t, "192.168.0.0/24", at(w.network("subnets/"+w.SubnetID()), "subnet", "cidr"))
	assert.Equal(t, "192.168.0.254", at(w.network("subnets/"+w.SubnetID()), "subnet", "allocation_pools", 0, "end"))

	free := at(w.network("vpcsubnets/"+w.SubnetID()), "vpcsubnet", "available_ip_count").(float64)
	w.u2("s")
	assert.Equal(t, free-1, at(w.network("vpcsubnets/"+w.SubnetID()), "vpcsubnet", "available_ip_count"))
}

func TestNetworkLists(t *testing.T) {
	w := newWorld(t)
	assert.Len(t, w.network("networks?shared=true")["networks"], 1)
	assert.Len(t, w.network("networks?tenant_id=" + w.TenantID)["networks"], 1)
	assert.Len(t, w.network("networks?name=public_network&name=x")["networks"], 1)
	assert.Empty(t, w.network("networks?nope=x")["networks"])
	assert.Len(t, w.network("security-group-rules?remote_group_id=&direction=egress")["security_group_rules"], 4)
	up := w.network("subnets?sort_key=cidr&sort_dir=asc&fields=cidr&fields=nope")["subnets"].([]any)
	down := w.network("subnets?sort_key=cidr&sort_dir=desc&fields=cidr")["subnets"].([]any)
	assert.Equal(t, object{"cidr": "100.127.64.0/24"}, up[0])
	assert.Equal(t, up[0], down[len(down)-1])
	assert.Equal(t, object{"id": w.NetworkID()}, w.network("networks/" + w.NetworkID() + "?fields=id")["network"])
	assert.Equal(t, 3, countPages(w, "/network/v2.0/subnets?limit=1", "subnets", "subnets_links"))
	for _, query := range []string{"limit=x", "limit=-1", "limit=1&marker=nope"} {
		res := w.call("GET", "/network/v2.0/subnets?"+query, nil)
		assert.Equal(t, 400, res.status, query)
		assert.Contains(t, res.body, "NeutronError")
	}
	sameError(t, "network_404_network", w.call("GET", "/network/v2.0/networks/00000000-0000-0000-0000-000000000000", nil))
}
