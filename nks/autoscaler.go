package nks

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// Autoscaler is the cluster autoscaler of a node group, which adds nodes for pods
// that find no room and removes those that have little to do. What is 0 or nil is
// left as it is, or to the service.
type Autoscaler struct {
	Enable                 bool   `json:"ca_enable"`
	PodReplicas            int    `json:"ca_pod_replicas,omitzero"`
	MaxNodeCount           int    `json:"ca_max_node_count,omitzero"`
	MinNodeCount           int    `json:"ca_min_node_count,omitzero"`
	ScaleDownEnable        *bool  `json:"ca_scale_down_enable,omitzero"`
	ScaleDownUnneededTime  int    `json:"ca_scale_down_unneeded_time,omitzero"`   // minutes that a node has to be below the threshold
	ScaleDownUtilThresh    int    `json:"ca_scale_down_util_thresh,omitzero"`     // percent of its resources
	ScaleDownDelayAfterAdd int    `json:"ca_scale_down_delay_after_add,omitzero"` // minutes after nodes were added
	ClusterAutoscale       string `json:"clusterautoscale,omitzero"`              // in answers, such as "nodegroupfeature"
}

func (a *Autoscaler) check(check *nhncloud.ArgumentCheck, prefix string) {
	const problem = "must not be negative"
	check.RefuseIf(a.PodReplicas < 0, prefix+"PodReplicas", problem)
	check.RefuseIf(a.MaxNodeCount < 0, prefix+"MaxNodeCount", problem)
	check.RefuseIf(a.MinNodeCount < 0, prefix+"MinNodeCount", problem)
	check.RefuseIf(a.MaxNodeCount > 0 && a.MinNodeCount > a.MaxNodeCount, prefix+"MinNodeCount", "must not be larger than MaxNodeCount")
	check.RefuseIf(a.ScaleDownUnneededTime < 0, prefix+"ScaleDownUnneededTime", problem)
	check.RefuseIf(a.ScaleDownUtilThresh < 0, prefix+"ScaleDownUtilThresh", problem)
	check.RefuseIf(a.ScaleDownDelayAfterAdd < 0, prefix+"ScaleDownDelayAfterAdd", problem)
}

// GetAutoscaler returns the cluster autoscaler of a node group.
//
// API: GET /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/autoscale (nks-get-autoscaler; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) GetAutoscaler(ctx context.Context, cluster, nodeGroup string) (*Autoscaler, error) {
	return nhncloud.Fetch[Autoscaler](ctx, s.client, nhncloud.Request{
		Operation: "nks-get-autoscaler",
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/autoscale",
		Args:      []string{cluster, nodeGroup},
	})
}

// SetAutoscaler begins to change the cluster autoscaler of a node group and returns
// the UUID of the group. Wait with [NodeGroupsService.WaitForComplete]. A group with
// stopped nodes or a metric-based autoscaler is refused.
//
// API: POST /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/autoscale (nks-set-autoscaler; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) SetAutoscaler(ctx context.Context, cluster, nodeGroup string, autoscaler Autoscaler) (uuid string, err error) {
	const operation = "nks-set-autoscaler"
	var check nhncloud.ArgumentCheck
	autoscaler.check(&check, "")
	if err := check.Err(operation); err != nil {
		return "", err
	}
	autoscaler.ClusterAutoscale = "" // in answers alone
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPost,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}/autoscale",
		Args:        []string{cluster, nodeGroup},
		Body:        autoscaler,
		ResponseKey: "uuid",
	})
}
