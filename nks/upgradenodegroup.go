package nks

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// NodeGroupUpgradeRequest gives a node group another Kubernetes version. Version is
// required.
type NodeGroupUpgradeRequest struct {
	Version                string `json:"version"`                            // such as "v1.32.3"
	NumBufferNodes         *int   `json:"num_buffer_nodes,omitzero"`          // nodes that are added meanwhile; 1 where it is nil
	NumMaxUnavailableNodes *int   `json:"num_max_unavailable_nodes,omitzero"` // nodes that are upgraded at a time; 1 where it is nil
}

const upgradeNodeGroup = "nks-upgrade-nodegroup"

// Upgrade begins to upgrade a node group and returns its UUID. The one called
// [ControlPlane] comes first. [ClustersService.Upgrade] does it for the whole
// cluster.
//
// API: POST /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/upgrade (nks-upgrade-nodegroup; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) Upgrade(ctx context.Context, cluster, nodeGroup string, request NodeGroupUpgradeRequest) (uuid string, err error) {
	var check nhncloud.ArgumentCheck
	check.Required("Version", request.Version)
	checkCounts(&check, request.NumBufferNodes, request.NumMaxUnavailableNodes)
	if err := check.Err(upgradeNodeGroup); err != nil {
		return "", err
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   upgradeNodeGroup,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPost,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/upgrade",
		Args:        []string{cluster, nodeGroup},
		Body:        request,
		ResponseKey: "uuid",
	})
}
