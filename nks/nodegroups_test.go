package nks_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

const (
	groupCluster = "96742ac4-02e7-4b1d-a242-02876c0bd3f8"
	groupUUID    = "018b06c5-1293-4081-8242-167a1cb9f262"
	groupPath    = "/clusters/my%20cluster/nodegroups/workers"
)

func TestNodeGroupsList(t *testing.T) {
	t.Parallel()
	const operation = "nks-list-nodegroups"
	apitest.Check(t, want(operation, http.MethodGet, "/clusters/web/nodegroups", ""), documented(operation), []*nks.NodeGroup{{
		UUID: groupUUID, Name: nks.DefaultNodeGroup, Role: "worker", Status: nks.StatusUpdateComplete, FlavorID: "069bdcff-e9b6-42c8-83ce-4c743ea30394",
		ImageID: "96aff4ab-d221-4688-8364-2fcf02d50547", NodeCount: 2, MinNodeCount: 1, MaxNodeCount: 10, StackID: "f04c157a-78e3-4bfc-a83e-fbe7c01ab616",
	}}, on(func(ctx context.Context, k *nks.Client) ([]*nks.NodeGroup, error) {
		return k.NodeGroups.List(ctx, "web")
	}))
	refusesIDs(t, operation, clusterArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := nhncloud.Collect(k.NodeGroups.All(ctx, id))
		return err
	})
}

func TestNodeGroupsGet(t *testing.T) {
	t.Parallel()
	const operation = "nks-get-nodegroup"
	group := &nks.NodeGroup{
		UUID: groupUUID, ID: 2697, Name: nks.DefaultNodeGroup, ClusterID: groupCluster, Role: "worker", Status: nks.StatusUpdateComplete,
		StatusReason: "Stack UPDATE completed successfully", FlavorID: "069bdcff-e9b6-42c8-83ce-4c743ea30394", ImageID: "96aff4ab-d221-4688-8364-2fcf02d50547",
		NodeCount: 2, MinNodeCount: 2, MaxNodeCount: 10, NodeAddresses: []string{"192.168.0.40", "192.168.0.19"},
		ProjectID: "1ffeaca9bbf94ab1aa9cffdec29a258a", StackID: "f04c157a-78e3-4bfc-a83e-fbe7c01ab616",
		CreatedAt: at(t, "2021-10-23T10:06:19+00:00"), UpdatedAt: at(t, "2021-10-28T02:13:15+00:00"),
		Links: links("/clusters/" + groupCluster + "/nodegroups/" + groupUUID),
		Labels: nks.NodeGroupLabels{
			BootVolumeSize: 20, BootVolumeType: "General HDD", KubeTag: "v1.19.13", NodeImage: "96aff4ab-d221-4688-8364-2fcf02d50547",
			ExternalNetworkID: "751b8227-7b45-440a-9349-dbf829d0aba5", ExternalSubnetIDs: []string{"59ddc195-76b1-431d-9693-f09880747dc6"},
			Autoscaler: nks.Autoscaler{
				Enable: true, PodReplicas: 1, MaxNodeCount: 10, MinNodeCount: 2, ScaleDownDelayAfterAdd: 10, ScaleDownEnable: new(true), ScaleDownUnneededTime: 10,
				ScaleDownUtilThresh: 50, ClusterAutoscale: "nodegroupfeature",
			},
			CertManagerAPI: true, StrictSGRules: true, PlatformVersion: "1.202511.0",
			Other: map[string]any{
				"flavor_type": "memory", "hypervisor_type": "qemu", "kube_version_status": "LATEST", "login_username": "centos",
				"master_lb_floating_ip_enabled": "true", "os_arch": "amd64", "os_distro": "CentOS", "os_type": "linux", "os_version": "7.8",
				"project_domain": "NORMAL", "server_group_meta": "k8s_96742ac4-02e7-4b1d-a242-02876c0bd3f8_018b06c5-1293-4081-8242-167a1cb9f262",
			},
		},
	}
	apitest.Check(t, want(operation, http.MethodGet, groupPath, ""), documented(operation), group,
		on(func(ctx context.Context, k *nks.Client) (*nks.NodeGroup, error) {
			return k.NodeGroups.Get(ctx, "my cluster", "workers")
		}))
	assert.Equal(t, "v1.19.13", group.KubernetesVersion())
	assert.Equal(t, "v1.32.3", (&nks.NodeGroup{Version: "v1.32.3", Labels: group.Labels}).KubernetesVersion())
	refusesIDs(t, operation, clusterArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.NodeGroups.Get(ctx, id, "workers")
		return err
	})
	refusesIDs(t, operation, nodeGroupArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.NodeGroups.Get(ctx, "web", id)
		return err
	})
}

// documentedNodeGroup is the documented request for a node group.
func documentedNodeGroup() nks.NodeGroupCreateRequest {
	return nks.NodeGroupCreateRequest{
		Name: "added-nodegroup", NodeCount: 1, FlavorID: "6ef27f21-c774-4c0e-84ff-7dd4a762571f", ImageID: "f462a2a5-ba24-46d6-b7a1-9a9febcd3cfc",
		Labels: nks.NodeGroupLabels{AvailabilityZone: "kr2-pub-b", BootVolumeSize: 20, BootVolumeType: "General HDD"},
	}
}

func TestNodeGroupsCreate(t *testing.T) {
	t.Parallel()
	const operation, uuid = "nks-create-nodegroup", "a3366f2f-a1f3-45ef-8390-10536e8060ff"
	apitest.CheckCreate(t, want(operation, http.MethodPost, "/clusters/web/nodegroups", capital(t, "@nks-create-nodegroup.request.json")), documented(operation), &nks.NodeGroup{
		UUID: uuid, Name: "added-nodegroup", ClusterID: groupCluster, Role: "worker", FlavorID: "6ef27f21-c774-4c0e-84ff-7dd4a762571f",
		ImageID: "f462a2a5-ba24-46d6-b7a1-9a9febcd3cfc", NodeCount: 1, MinNodeCount: 1, ProjectID: "1ffeaca9bbf94ab1aa9cffdec29a258a",
		Links: links("/clusters/" + groupCluster + "/nodegroups/" + uuid),
		Labels: nks.NodeGroupLabels{
			AvailabilityZone: "kr2-pub-b", BootVolumeSize: 20, BootVolumeType: "General HDD",
			Autoscaler: nks.Autoscaler{
				PodReplicas: 1, MaxNodeCount: 10, MinNodeCount: 1, ScaleDownEnable: new(true), ScaleDownUnneededTime: 10, ScaleDownUtilThresh: 50,
				ClusterAutoscale: "nodegroupfeature",
			},
		},
	}, on(func(ctx context.Context, k *nks.Client) (*nks.NodeGroup, error) {
		return k.NodeGroups.Create(ctx, "web", documentedNodeGroup())
	}))
	refuses(t, operation, "Name, FlavorID, ImageID, NodeCount, Labels.AvailabilityZone, Labels.BootVolumeType, Labels.BootVolumeSize",
		func(ctx context.Context, k *nks.Client) error {
			_, err := k.NodeGroups.Create(ctx, "web", nks.NodeGroupCreateRequest{NodeCount: -1})
			return err
		})
	refusesIDs(t, operation, clusterArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.NodeGroups.Create(ctx, id, documentedNodeGroup())
		return err
	})
}

func TestNodeGroupsDelete(t *testing.T) {
	t.Parallel()
	const operation = "nks-delete-nodegroup"
	apitest.CheckEmpty(t, want(operation, http.MethodDelete, groupPath, ""), apitest.Reply{Status: http.StatusNoContent},
		func(ctx context.Context, client *nhncloud.Client) error {
			return nks.New(client).NodeGroups.Delete(ctx, "my cluster", "workers")
		})
	refusesIDs(t, operation, clusterArg, func(ctx context.Context, k *nks.Client, id string) error { return k.NodeGroups.Delete(ctx, id, "g") })
	refusesIDs(t, operation, nodeGroupArg, func(ctx context.Context, k *nks.Client, id string) error { return k.NodeGroups.Delete(ctx, "web", id) })
}

func TestNodeGroupsUpgrade(t *testing.T) {
	t.Parallel()
	const operation = "nks-upgrade-nodegroup"
	upgrade := func(request nks.NodeGroupUpgradeRequest) change {
		return func(ctx context.Context, k *nks.Client, cluster, nodeGroup string) (string, error) {
			return k.NodeGroups.Upgrade(ctx, cluster, nodeGroup, request)
		}
	}
	w := want(operation, http.MethodPost, groupPath+"/upgrade", "@")
	checkNodeGroupChange(t, w, groupUUID, upgrade(nks.NodeGroupUpgradeRequest{Version: "v1.19.13"}))
	sends(t, w, `{"version": "v1.32.3", "num_buffer_nodes": 0, "num_max_unavailable_nodes": 2}`, documented(operation), func(ctx context.Context, k *nks.Client) error {
		_, err := upgrade(nks.NodeGroupUpgradeRequest{Version: "v1.32.3", NumBufferNodes: new(0), NumMaxUnavailableNodes: new(2)})(ctx, k, "my cluster", "workers")
		return err
	})
	refuses(t, operation, "Version, NumBufferNodes, NumMaxUnavailableNodes", func(ctx context.Context, k *nks.Client) error {
		_, err := upgrade(nks.NodeGroupUpgradeRequest{NumBufferNodes: new(-1), NumMaxUnavailableNodes: new(0)})(ctx, k, "web", "g")
		return err
	})
}
