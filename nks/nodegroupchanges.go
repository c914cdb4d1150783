package nks

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// FlavorChangeRequest gives the nodes of a group another flavor, one after the
// other. FlavorID is required.
type FlavorChangeRequest struct {
	FlavorID               string `json:"flavor_id"`
	NumBufferNodes         *int   `json:"num_buffer_nodes,omitzero"`          // nodes that are added meanwhile; 1 where it is nil
	NumMaxUnavailableNodes *int   `json:"num_max_unavailable_nodes,omitzero"` // nodes that are changed at a time; 1 where it is nil
}

// ChangeFlavor begins to give the nodes of a group another flavor and returns the
// UUID of the group. Wait with [NodeGroupsService.WaitForComplete].
//
// API: PATCH /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME} (nks-change-nodegroup-flavor; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) ChangeFlavor(ctx context.Context, cluster, nodeGroup string, request FlavorChangeRequest) (uuid string, err error) {
	const operation = "nks-change-nodegroup-flavor"
	var check nhncloud.ArgumentCheck
	check.Required("FlavorID", request.FlavorID)
	checkCounts(&check, request.NumBufferNodes, request.NumMaxUnavailableNodes)
	if err := check.Err(operation); err != nil {
		return "", err
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodPatch,
		Path:      "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}",
		Args:      []string{cluster, nodeGroup},
		Body: struct {
			Type string `json:"type"`
			FlavorChangeRequest
		}{"flavor_id", request},
		ResponseKey: "uuid",
	})
}

// FloatingIPAutoBind tells whether the nodes of a group get floating IPs by
// themselves. Where it is enabled, BindSubnetID is required.
type FloatingIPAutoBind struct {
	Enable       bool   `json:"fip_auto_bind_enable"`
	BindSubnetID string `json:"fip_bind_subnet,omitzero"` // the nodes' network interface in this subnet gets it
	Selector     string `json:"fip_selector,omitzero"`    // tells the floating IPs that may be taken
}

func (b *FloatingIPAutoBind) check(check *nhncloud.ArgumentCheck, prefix string) {
	check.RefuseIf(b.Enable && b.BindSubnetID == "", prefix+"BindSubnetID", "must not be empty")
}

// SetFloatingIPAutoBind begins to change whether the nodes of a group get floating
// IPs by themselves, and returns the UUID of the group. Wait with
// [NodeGroupsService.WaitForComplete].
//
// API: PATCH /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME} (nks-set-floatingip-auto-bind; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) SetFloatingIPAutoBind(ctx context.Context, cluster, nodeGroup string, bind FloatingIPAutoBind) (uuid string, err error) {
	const operation = "nks-set-floatingip-auto-bind"
	var check nhncloud.ArgumentCheck
	bind.check(&check, "")
	if err := check.Err(operation); err != nil {
		return "", err
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPatch,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}",
		Args:        []string{cluster, nodeGroup},
		Body:        map[string]any{"type": "fip_auto_bind", "fip_auto_bind_update_info": bind},
		ResponseKey: "uuid",
	})
}

// SetNodeLabels begins to replace the Kubernetes labels that the nodes of a group
// have, by the guide up to 20, and returns the UUID of the group. An empty map takes
// them away. Wait with [NodeGroupsService.WaitForComplete].
//
// API: PATCH /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME} (nks-set-node-labels; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) SetNodeLabels(ctx context.Context, cluster, nodeGroup string, labels map[string]string) (uuid string, err error) {
	const operation = "nks-set-node-labels"
	if _, unnamed := labels[""]; unnamed {
		return "", nhncloud.NewArgumentError(operation, "labels", "must not have an empty name")
	}
	if labels == nil {
		labels = map[string]string{}
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPatch,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}",
		Args:        []string{cluster, nodeGroup},
		Body:        map[string]any{"type": "k8s_node_labels", "k8s_node_labels": labels},
		ResponseKey: "uuid",
	})
}

// SetUserScript begins to replace the script that is run when a node of the group
// is set up, and returns the UUID of the group. "" takes it away. Wait with
// [NodeGroupsService.WaitForComplete].
//
// API: POST /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/userscript (nks-set-user-script; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) SetUserScript(ctx context.Context, cluster, nodeGroup string, script nhncloud.Secret) (uuid string, err error) {
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   "nks-set-user-script",
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPost,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/userscript",
		Args:        []string{cluster, nodeGroup},
		Body:        map[string]string{"contents": string(script)},
		ResponseKey: "uuid",
		Secrets:     []nhncloud.Secret{script},
	})
}
