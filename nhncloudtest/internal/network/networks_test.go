package network_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func get(w *cloudtest.World, path string) object {
	w.T.Helper()
	res := w.Call("GET", "/network/v2.0/"+path, nil)
	require.Equal(w.T, 200, res.Status, "%s", res.Text)
	return res.Body
}

func TestNetworks(t *testing.T) {
	w := cloudtest.New(t)
	cloudtest.SameShape(t, "network-v2-list-networks.response", get(w, "networks"))
	cloudtest.SameShape(t, "network-v2-list-subnets.response", get(w, "subnets"))
	cloudtest.SameShape(t, "network-v2-list-vpcs.response", get(w, "vpcs"))
	cloudtest.SameShape(t, "network-v2-list-security-groups.response", get(w, "security-groups"))
	cloudtest.SameShape(t, "network-v2-list-security-group-rules.response", get(w, "security-group-rules"))
	inside := get(w, "vpcsubnets?router:external=false")
	cloudtest.SameShape(t, "network-v2-list-vpcsubnets.response", inside)
	cloudtest.SameShape(t, "network-v2-get-vpcsubnet.response", get(w, "vpcsubnets/"+w.SubnetID()))
	outside := cloudtest.At(get(w, "vpcs?router%3Aexternal=True"), "vpcs", 0, "id").(string)
	cloudtest.SameShape(t, "network-v2-get-vpc.response", get(w, "vpcs/"+outside))
	group := cloudtest.At(get(w, "security-groups?name=default"), "security_groups", 0, "id").(string)
	cloudtest.SameShape(t, "network-v2-get-security-group.response", get(w, "security-groups/"+group))
	rule := cloudtest.At(get(w, "security-group-rules?port_range_min=22"), "security_group_rules", 0, "id").(string)
	cloudtest.SameShape(t, "network-v2-get-security-group-rule.response", get(w, "security-group-rules/"+rule))

	vpc := get(w, "vpcs/"+w.NetworkID())["vpc"].(object)
	assert.Equal(t, "Default Network", vpc["name"])
	assert.Equal(t, "192.168.0.0/16", vpc["cidrv4"])
	assert.Equal(t, "2026-03-01 12:00:00", vpc["create_time"])
	assert.Len(t, vpc["subnets"], 2)
	assert.Len(t, vpc["routingtables"], 1)
	assert.Equal(t, "192.168.0.0/24", cloudtest.At(get(w, "subnets/"+w.SubnetID()), "subnet", "cidr"))
	assert.Equal(t, "192.168.0.254", cloudtest.At(get(w, "subnets/"+w.SubnetID()), "subnet", "allocation_pools", 0, "end"))

	free := cloudtest.At(get(w, "vpcsubnets/"+w.SubnetID()), "vpcsubnet", "available_ip_count").(float64)
	w.U2("s")
	assert.Equal(t, free-1, cloudtest.At(get(w, "vpcsubnets/"+w.SubnetID()), "vpcsubnet", "available_ip_count"))
}

func TestNetworkLists(t *testing.T) {
	w := cloudtest.New(t)
	assert.Len(t, get(w, "networks?shared=true")["networks"], 1)
	assert.Len(t, get(w, "networks?tenant_id="+w.TenantID)["networks"], 1)
	assert.Len(t, get(w, "networks?name=public_network&name=x")["networks"], 1)
	assert.Empty(t, get(w, "networks?nope=x")["networks"])
	assert.Len(t, get(w, "security-group-rules?remote_group_id=&direction=egress")["security_group_rules"], 4)
	up := get(w, "subnets?sort_key=cidr&sort_dir=asc&fields=cidr&fields=nope")["subnets"].([]any)
	down := get(w, "subnets?sort_key=cidr&sort_dir=desc&fields=cidr")["subnets"].([]any)
	assert.Equal(t, object{"cidr": "100.127.64.0/24"}, up[0])
	assert.Equal(t, up[0], down[len(down)-1])
	assert.Equal(t, object{"id": w.NetworkID()}, get(w, "networks/"+w.NetworkID()+"?fields=id")["network"])
	assert.Equal(t, 3, w.CountPages("/network/v2.0/subnets?limit=1", "subnets", "subnets_links"))
	for _, query := range []string{"limit=x", "limit=-1", "limit=1&marker=nope"} {
		res := w.Call("GET", "/network/v2.0/subnets?"+query, nil)
		assert.Equal(t, 400, res.Status, query)
		assert.Contains(t, res.Body, "NeutronError")
	}
	cloudtest.SameError(t, "network_404_network", w.Call("GET", "/network/v2.0/networks/00000000-0000-0000-0000-000000000000", nil))
}
