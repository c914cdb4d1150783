package nks

import (
	"context"
	"net/http"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// StopNodes begins to stop nodes of a group, given by the UUIDs of their servers,
// and returns the UUID of the group. Pods move to other nodes. A group with an
// autoscaler is refused. Wait with [NodeGroupsService.WaitForComplete].
//
// API: POST /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/stop_node (nks-stop-nodes; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) StopNodes(ctx context.Context, cluster, nodeGroup string, nodes []string) (uuid string, err error) {
	const operation = "nks-stop-nodes"
	body, err := nodeList(operation, nodes)
	if err != nil {
		return "", err
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPost,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/stop_node",
		Args:        []string{cluster, nodeGroup},
		Body:        body,
		ResponseKey: "uuid",
	})
}

// StartNodes begins to start nodes of a group that were stopped, given by the
// UUIDs of their servers, and returns the UUID of the group. Wait with
// [NodeGroupsService.WaitForComplete].
//
// API: POST /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/start_node (nks-start-nodes; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) StartNodes(ctx context.Context, cluster, nodeGroup string, nodes []string) (uuid string, err error) {
	const operation = "nks-start-nodes"
	body, err := nodeList(operation, nodes)
	if err != nil {
		return "", err
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPost,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/start_node",
		Args:        []string{cluster, nodeGroup},
		Body:        body,
		ResponseKey: "uuid",
	})
}

// nodeList is the body of a change of several nodes.
func nodeList(operation string, nodes []string) (map[string]string, error) {
	var check nhncloud.ArgumentCheck
	check.RefuseIf(len(nodes) == 0, "nodes", "must not be empty")
	checkJoined(&check, "nodes", ":", nodes)
	return map[string]string{"node_list": strings.Join(nodes, ":")}, check.Err(operation)
}
