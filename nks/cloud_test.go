package nks_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nks"
)

// farm is a cloud with a cluster "web" of two nodes.
type farm struct {
	*apitest.World
	*nks.Client
	ctx     context.Context
	cluster *nks.Cluster
}

func newFarm(t *testing.T, options ...nhncloudtest.Option) *farm {
	t.Helper()
	w := apitest.NewWorld(t, options...)
	f := &farm{World: w, Client: nks.New(w.Core), ctx: t.Context()}
	uuid, err := f.Clusters.CreateSimple(f.ctx, f.simple("web"))
	require.NoError(t, err)
	f.cluster, err = f.Clusters.WaitForComplete(f.ctx, uuid, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, []string{"CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"}, w.Seen)
	return f
}

func (f *farm) simple(name string) nks.SimpleCluster {
	f.T.Helper()
	external, err := network.New(f.Core).VPCs.FindExternal(f.ctx)
	require.NoError(f.T, err)
	subnets, err := nhncloud.Collect(network.New(f.Core).Subnets.All(f.ctx, &network.SubnetListOptions{VPCID: external.ID}))
	require.NoError(f.T, err)
	require.NotEmpty(f.T, subnets)
	return nks.SimpleCluster{
		Name: name, VPCID: f.NetworkID(), SubnetID: f.SubnetID(), InstanceType: "m2.c4m8", KeyName: "deploy", KubernetesVersion: "v1.30.3",
		AvailabilityZone: "kr-pub-a", ExternalNetworkID: external.ID, ExternalSubnetID: subnets[0].ID, NodeCount: 2,
	}
}

// done waits for the end of a change of the cluster.
func (f *farm) done(_ string, err error) {
	f.T.Helper()
	require.NoError(f.T, err)
	f.cluster, err = f.Clusters.WaitForComplete(f.ctx, "web", f.Waiting())
	require.NoError(f.T, err)
	assert.Equal(f.T, "UPDATE_IN_PROGRESS", f.Seen[0], "a change shows at once")
}

// group returns a node group.
func (f *farm) group(name string) *nks.NodeGroup {
	f.T.Helper()
	group, err := f.NodeGroups.Get(f.ctx, "web", name)
	require.NoError(f.T, err)
	return group
}

// servers are the ids of all nodes.
func (f *farm) servers() (ids []string) {
	f.T.Helper()
	for server, err := range compute.New(f.Core).Servers.All(f.ctx, nil) {
		require.NoError(f.T, err)
		ids = append(ids, server.ID)
	}
	return ids
}

func TestCloudCluster(t *testing.T) {
	t.Parallel()
	f := newFarm(t)
	assert.Equal(t, "v1.30.3", f.cluster.Labels.KubeTag)
	assert.Equal(t, 2, f.cluster.NodeCount)
	assert.True(t, f.cluster.Labels.CertManagerAPI && f.cluster.Labels.MasterLBFloatingIPEnabled)
	clusters, err := nhncloud.Collect(f.Clusters.All(f.ctx))
	require.NoError(t, err)
	require.Len(t, clusters, 1)
	assert.Equal(t, f.cluster.UUID, clusters[0].UUID)

	config, err := f.Clusters.GetKubeconfig(f.ctx, "web")
	require.NoError(t, err)
	server, err := config.Server()
	require.NoError(t, err)
	assert.Equal(t, f.cluster.APIAddress, server)
	before, err := config.ClientCertificateExpiry()
	require.NoError(t, err)
	f.done(f.Clusters.RenewCertificate(f.ctx, "web", 5))
	path := filepath.Join(t.TempDir(), "web.kubeconfig")
	require.NoError(t, f.Clusters.SaveKubeconfig(f.ctx, "web", path, nil))
	config, err = f.Clusters.GetKubeconfig(f.ctx, "web")
	require.NoError(t, err)
	after, err := config.ClientCertificateExpiry()
	require.NoError(t, err)
	assert.True(t, after.After(before), "%v, then %v", before, after)

	f.done(f.Clusters.SetAPIEndpointIPACL(f.ctx, "web", nks.APIEndpointIPACL{
		Enable: true, Action: nks.IPACLAllow, Targets: []nks.IPACLTarget{{CIDRAddress: "10.0.0.0/8", Description: "office"}},
	}))
	acl, err := f.Clusters.GetAPIEndpointIPACL(f.ctx, "web")
	require.NoError(t, err)
	assert.True(t, acl.Enable)
	assert.Equal(t, []nks.IPACLTarget{{CIDRAddress: "10.0.0.0/8", Description: "office"}}, acl.Targets)
	f.done(f.Clusters.SetControlPlaneLog(f.ctx, "web", nks.ControlPlaneLog{Enable: true, Type: nks.LogToLNCS, ServiceGatewayID: f.SubnetID(), LNCSAppKey: "appkey"}))
	assert.Contains(t, string(f.cluster.Labels.ControlPlaneLog), "appkey")

	events, err := nhncloud.Collect(f.Events.All(f.ctx, f.cluster.UUID))
	require.NoError(t, err)
	require.NotEmpty(t, events)
	event, err := f.Events.Get(f.ctx, f.cluster.UUID, events[0].UUID)
	require.NoError(t, err)
	assert.Equal(t, []any{"CLUSTER_CREATE", nks.EventSuccess}, []any{event.Type, event.State})

	require.NoError(t, f.Clusters.Delete(f.ctx, "web"))
	require.NoError(t, f.Clusters.WaitForDeletion(f.ctx, "web", f.Waiting()))
	assert.Empty(t, f.servers())
	_, err = f.Clusters.Get(f.ctx, "web")
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
}

func TestCloudNodeGroups(t *testing.T) {
	t.Parallel()
	f := newFarm(t)
	worker := f.group(nks.DefaultNodeGroup)
	made, err := f.NodeGroups.Create(f.ctx, "web", nks.NodeGroupCreateRequest{
		Name: "batch", FlavorID: worker.FlavorID, ImageID: worker.ImageID,
		Labels: nks.NodeGroupLabels{AvailabilityZone: "kr-pub-b", BootVolumeType: "General HDD", BootVolumeSize: 30, UserScript: "echo here"},
	})
	require.NoError(t, err)
	_, err = f.Clusters.Resize(f.ctx, "web", nks.ResizeRequest{NodeGroup: nks.DefaultNodeGroup, NodeCount: 3})
	assert.ErrorIs(t, err, nhncloud.ErrConflict, "a second change waits for the first")
	batch, err := f.NodeGroups.WaitForComplete(f.ctx, "web", made.UUID, f.Waiting())
	require.NoError(t, err)
	assert.Equal(t, []any{"batch", 1, 30, "kr-pub-b"}, []any{batch.Name, batch.NodeCount, batch.Labels.BootVolumeSize, batch.Labels.AvailabilityZone})
	require.Len(t, f.servers(), 3)

	f.done(f.Clusters.Resize(f.ctx, "web", nks.ResizeRequest{NodeGroup: "batch", NodeCount: 2}))
	assert.Equal(t, 2, f.group("batch").NodeCount)
	f.done(f.NodeGroups.SetNodeLabels(f.ctx, "web", "batch", map[string]string{"pod_type": "opt"}))
	f.done(f.NodeGroups.SetUserScript(f.ctx, "web", "batch", "echo there"))
	assert.Equal(t, nhncloud.Secret("echo there"), f.group("batch").Labels.UserScript)
	f.done(f.NodeGroups.SetFloatingIPAutoBind(f.ctx, "web", "batch", nks.FloatingIPAutoBind{Enable: true, BindSubnetID: f.SubnetID(), Selector: "x"}))
	assert.Equal(t, nks.FloatingIPAutoBind{Enable: true, BindSubnetID: f.SubnetID(), Selector: "x"}, f.group("batch").Labels.FloatingIPAutoBind)
	f.done(f.NodeGroups.ChangeFlavor(f.ctx, "web", "batch", nks.FlavorChangeRequest{FlavorID: f.FlavorID("m2.c2m4")}))
	assert.Equal(t, f.FlavorID("m2.c2m4"), f.group("batch").FlavorID)

	f.done(f.NodeGroups.SetAutoscaler(f.ctx, "web", "batch", nks.Autoscaler{Enable: true, MinNodeCount: 1, MaxNodeCount: 5, ScaleDownEnable: new(false)}))
	autoscaler, err := f.NodeGroups.GetAutoscaler(f.ctx, "web", "batch")
	require.NoError(t, err)
	assert.Equal(t, []any{true, 1, 5, new(false)}, []any{autoscaler.Enable, autoscaler.MinNodeCount, autoscaler.MaxNodeCount, autoscaler.ScaleDownEnable})
	f.done(f.NodeGroups.SetAutoscaler(f.ctx, "web", "batch", nks.Autoscaler{}))
	f.done(f.NodeGroups.SetMetricAutoscaler(f.ctx, "web", "batch", nks.MetricAutoscaler{ScaleOut: &nks.MetricScaleOut{
		Enable: true, MaxNodeCount: 6, RulesOperator: nks.RulesOr, Delay: 10, AdjustmentCount: 2,
		Rules: []nks.MetricRule{{Metric: nks.MetricCPUUsage, Threshold: 80, Duration: 2}},
	}}))
	assert.Contains(t, f.group("batch").Labels.MetricScaleOut, "GROUP_CPU_USAGE")

	require.NoError(t, f.NodeGroups.Delete(f.ctx, "web", "batch"))
	require.NoError(t, f.NodeGroups.WaitForDeletion(f.ctx, "web", "batch", f.Waiting()))
	nodes := f.servers()
	require.Len(t, nodes, 2)
	f.done(f.NodeGroups.StopNodes(f.ctx, "web", nks.DefaultNodeGroup, nodes[:1]))
	status, _ := f.ServerStatus(nodes[0])
	assert.Equal(t, "SHUTOFF", status)
	f.done(f.NodeGroups.StartNodes(f.ctx, "web", nks.DefaultNodeGroup, nodes[:1]))
	status, _ = f.ServerStatus(nodes[0])
	assert.Equal(t, "ACTIVE", status)
	f.done(f.Clusters.Resize(f.ctx, "web", nks.ResizeRequest{NodeGroup: nks.DefaultNodeGroup, NodeCount: 1, NodesToRemove: nodes[1:]}))
	assert.Equal(t, nodes[:1], f.servers())
	groups, err := f.NodeGroups.List(f.ctx, "web")
	require.NoError(t, err)
	assert.NotEmpty(t, groups)
}

func TestCloudAddons(t *testing.T) {
	t.Parallel()
	f := newFarm(t)
	types, err := f.Addons.ListTypes(f.ctx)
	require.NoError(t, err)
	require.NotEmpty(t, types)
	offered, err := f.Addons.List(f.ctx)
	require.NoError(t, err)
	require.NotEmpty(t, offered)
	installed, err := f.Addons.ListInstalled(f.ctx, "web")
	require.NoError(t, err)
	require.NotEmpty(t, installed)
	one := installed[0]
	update := nks.AddonUpdateRequest{Version: one.Version, ResolveConflicts: nks.ResolveOverwrite}
	_, err = f.Addons.Update(f.ctx, "web", one.Name, update)
	require.NoError(t, err)
	addon, err := f.Addons.WaitForComplete(f.ctx, "web", one.Name, f.Waiting())
	require.NoError(t, err)
	assert.Equal(t, nks.StatusUpdateComplete, addon.Status)

	require.NoError(t, f.FailKubernetesTask("CLUSTER_UPDATE_ADDON", "the deployment did not get ready"))
	_, err = f.Addons.Update(f.ctx, "web", one.Name, update)
	require.NoError(t, err)
	_, err = f.Addons.WaitForComplete(f.ctx, "web", one.Name, f.Waiting())
	assert.ErrorIs(t, err, nhncloud.ErrFailedState)
	assert.ErrorContains(t, err, "CLUSTER_UPDATE_ADDON of web failed: the deployment did not get ready")
}

func TestCloudCreationFails(t *testing.T) {
	t.Parallel()
	f := newFarm(t)
	require.NoError(t, f.FailKubernetesTask("CLUSTER_CREATE", "no host was found"))
	uuid, err := f.Clusters.CreateSimple(f.ctx, f.simple("shop"))
	require.NoError(t, err)
	cluster, err := f.Clusters.WaitForComplete(f.ctx, uuid, f.Waiting())
	assert.ErrorIs(t, err, nhncloud.ErrFailedState)
	assert.ErrorContains(t, err, "cluster "+uuid+" does not become COMPLETE")
	assert.ErrorContains(t, err, "CLUSTER_CREATE of shop failed: no host was found")
	assert.Equal(t, nks.StatusCreateFailed, cluster.Status, "what was seen last comes along")
	require.NoError(t, f.Clusters.Delete(f.ctx, uuid))
	require.NoError(t, f.Clusters.WaitForDeletion(f.ctx, uuid, f.Waiting()))

	ctx, cancel := context.WithTimeout(f.ctx, time.Minute)
	defer cancel()
	require.NoError(t, f.Clusters.Delete(f.ctx, "web"))
	_, err = f.Clusters.WaitForComplete(ctx, "web", f.Waiting())
	assert.ErrorIs(t, err, nhncloud.ErrFailedState, "it is being deleted")
}

func TestCloudUpgrade(t *testing.T) {
	t.Parallel()
	f := newFarm(t)
	var steps []nks.UpgradeProgress
	options := &nks.UpgradeOptions{Wait: f.Waiting(), Progress: func(p nks.UpgradeProgress) { steps = append(steps, p) }}
	assert.ErrorIs(t, f.Clusters.Upgrade(f.ctx, "web", "v1.32.3", options), nhncloud.ErrInvalidArgument)
	assert.ErrorIs(t, f.Clusters.Upgrade(f.ctx, "web", "v1.29.3", options), nhncloud.ErrInvalidArgument)
	require.NoError(t, f.FailKubernetesTask("NODEGROUP_UPGRADE", "no node could be drained"))
	err := f.Clusters.Upgrade(f.ctx, "web", "v1.31.4", options)
	assert.ErrorIs(t, err, nhncloud.ErrFailedState)
	assert.ErrorContains(t, err, "no node could be drained")

	f = newFarm(t)
	options.Wait, steps = f.Waiting(), nil
	for _, version := range []string{"v1.31.4", "v1.32.3"} {
		require.NoError(t, f.Clusters.Upgrade(f.ctx, "web", version, options))
		assert.Equal(t, version, f.group(nks.DefaultNodeGroup).KubernetesVersion())
	}
	assert.Equal(t, []nks.UpgradeProgress{
		{NodeGroup: nks.ControlPlane, Stage: nks.UpgradeBegun, Version: "v1.30.3"}, {NodeGroup: nks.ControlPlane, Stage: nks.UpgradeDone, Version: "v1.30.3"},
		{NodeGroup: nks.DefaultNodeGroup, Stage: nks.UpgradeBegun, Version: "v1.30.3"}, {NodeGroup: nks.DefaultNodeGroup, Stage: nks.UpgradeDone, Version: "v1.30.3"},
	}, steps[:4])
	assert.Len(t, steps, 8)
	_, err = f.NodeGroups.Get(f.ctx, "web", nks.ControlPlane)
	assert.ErrorIs(t, err, nhncloud.ErrForbidden)
}
