package interop

import (
	"net/http"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/keypairs"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/containerinfra/v1/clusters"
	"github.com/gophercloud/gophercloud/v2/openstack/containerinfra/v1/nodegroups"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/subnets"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKubernetes makes a cluster as one of Magnum is made, but for the labels that
// NHN Cloud wants.
func TestKubernetes(t *testing.T) {
	const transition = time.Minute
	c := newCloud(t, nhncloudtest.WithTransition(transition))
	ctx, magnum := t.Context(), c.client(openstack.NewContainerInfraV1)
	_, err := keypairs.Create(ctx, c.client(openstack.NewComputeV2), keypairs.CreateOpts{Name: "nodes"}).Extract()
	require.NoError(t, err)
	outside := c.outside()
	pages, err := subnets.List(c.network(), subnets.ListOpts{NetworkID: outside}).AllPages(ctx)
	require.NoError(t, err)
	ways, err := subnets.ExtractSubnets(pages)
	require.NoError(t, err)
	require.NotEmpty(t, ways)
	one := 1
	request := clusters.CreateOpts{
		Name: "gopher", ClusterTemplateID: "iaas_console", Keypair: "nodes", NodeCount: &one, FlavorID: c.FlavorID("m2.c2m4"),
		FixedNetwork: c.NetworkID(), FixedSubnet: c.SubnetID(), Labels: map[string]string{
			"availability_zone": "kr-pub-a", "node_image": c.ImageID("Ubuntu"), "boot_volume_type": "General SSD", "boot_volume_size": "50",
			"cert_manager_api": "True", "ca_enable": "False", "kube_tag": "v1.31.4", "master_lb_floating_ip_enabled": "True",
			"external_network_id": outside, "external_subnet_id_list": ways[0].ID,
		},
	}
	_, err = clusters.Create(ctx, magnum, request).Extract()
	require.True(t, gophercloud.ResponseCodeIs(err, http.StatusNotAcceptable), err)

	magnum.Microversion = "latest"
	id, err := clusters.Create(ctx, magnum, request).Extract()
	require.NoError(t, err)
	settle := func(want string) *clusters.Cluster {
		t.Helper()
		c.Advance(transition)
		cluster, err := clusters.Get(ctx, magnum, id).Extract()
		require.NoError(t, err)
		require.Equal(t, want, cluster.Status, cluster.StatusReason)
		return cluster
	}
	cluster := settle("CREATE_COMPLETE")
	assert.Equal(t, "gopher", cluster.Name)
	assert.Equal(t, "v1.31.4", cluster.COEVersion)
	assert.Equal(t, c.SubnetID(), cluster.FixedSubnet)
	assert.Len(t, cluster.NodeAddresses, 1)
	pages, err = clusters.List(magnum, nil).AllPages(ctx)
	require.NoError(t, err)
	all, err := clusters.ExtractClusters(pages)
	require.NoError(t, err)
	assert.Len(t, all, 1)

	two := 2
	_, err = clusters.Resize(ctx, magnum, id, clusters.ResizeOpts{NodeCount: &two, NodeGroup: "default-worker"}).Extract()
	require.NoError(t, err)
	_, err = clusters.Resize(ctx, magnum, id, clusters.ResizeOpts{NodeCount: &one, NodeGroup: "default-worker"}).Extract()
	require.ErrorContains(t, err, "is not supported")
	settle("UPDATE_COMPLETE")

	group, err := nodegroups.Create(ctx, magnum, id, nodegroups.CreateOpts{
		Name: "more", FlavorID: c.FlavorID("m2.c2m4"), ImageID: c.ImageID("Rocky"), NodeCount: &one,
		Labels: map[string]string{"availability_zone": "kr-pub-b", "boot_volume_type": "General HDD", "boot_volume_size": "20", "ca_enable": "False"},
	}).Extract()
	require.NoError(t, err)
	settle("UPDATE_COMPLETE")
	pages, err = nodegroups.List(magnum, id, nodegroups.ListOpts{}).AllPages(ctx)
	require.NoError(t, err)
	groups, err := nodegroups.ExtractNodeGroups(pages)
	require.NoError(t, err)
	assert.Len(t, groups, 2)
	group, err = nodegroups.Get(ctx, magnum, id, group.UUID).Extract()
	require.NoError(t, err)
	assert.Equal(t, "CREATE_COMPLETE", group.Status)
	assert.Equal(t, "v1.31.4", group.Version)
	nodes, err := servers.List(c.client(openstack.NewComputeV2), nil).AllPages(ctx)
	require.NoError(t, err)
	found, err := servers.ExtractServers(nodes)
	require.NoError(t, err)
	assert.Len(t, found, 3)

	require.NoError(t, nodegroups.Delete(ctx, magnum, id, group.UUID).ExtractErr())
	settle("UPDATE_COMPLETE")
	require.NoError(t, clusters.Delete(ctx, magnum, id).ExtractErr())
	c.Advance(transition)
	_, err = clusters.Get(ctx, magnum, id).Extract()
	require.True(t, gophercloud.ResponseCodeIs(err, http.StatusNotFound), err)
}
