package nks

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// MetricAutoscaler is the metric-based autoscaler of a node group, which adds and
// removes nodes by what Cloud Monitoring measures. What is nil is left as it is.
type MetricAutoscaler struct {
	ScaleOut *MetricScaleOut `json:"mba_scale_out,omitzero"`
	ScaleIn  *MetricScaleIn  `json:"mba_scale_in,omitzero"`
}

// MetricScaleOut tells when nodes are added. Where it is enabled, Rules are
// required; what is 0 is left to the service.
type MetricScaleOut struct {
	Enable          bool          `json:"enable"`
	MaxNodeCount    int           `json:"max_node_count,omitzero"`
	RulesOperator   RulesOperator `json:"rules_operator,omitzero"`
	Delay           int           `json:"delay,omitzero"`            // minutes until the next time, by the guide 1 to 60
	AdjustmentCount int           `json:"adjustment_count,omitzero"` // nodes to add, by the guide 1 to 10
	Rules           []MetricRule  `json:"rules,omitzero"`
}

// MetricScaleIn tells when nodes are removed, as [MetricScaleOut] does for those
// that are added.
type MetricScaleIn struct {
	Enable          bool          `json:"enable"`
	MinNodeCount    int           `json:"min_node_count,omitzero"`
	RulesOperator   RulesOperator `json:"rules_operator,omitzero"`
	Delay           int           `json:"delay,omitzero"`            // minutes until the next time, by the guide 1 to 60
	AdjustmentCount int           `json:"adjustment_count,omitzero"` // nodes to remove, by the guide 1 to 10
	Rules           []MetricRule  `json:"rules,omitzero"`
}

// RulesOperator tells whether one rule is enough. It is an open type.
type RulesOperator string

// The operators between rules, in the letters of the examples of the guide. Its
// table has them in capitals.
const (
	RulesAnd RulesOperator = "and"
	RulesOr  RulesOperator = "or"
)

// MetricRule is a condition for adding or removing nodes. All fields are required.
type MetricRule struct {
	Metric    Metric `json:"metric"`
	Threshold int    `json:"threshold"` // percent, or bytes by the Metric
	Duration  int    `json:"duration"`  // minutes that it has to last, by the guide 2 to 60
}

// Metric is what is measured of the nodes of a group. It is an open type.
type Metric string

// The metrics of a [MetricRule].
const (
	MetricCPUUsage             Metric = "GROUP_CPU_USAGE"
	MetricMemoryUsage          Metric = "GROUP_MEMORY_USAGE"
	MetricDiskReadBytes        Metric = "GROUP_DISK_READ_BYTES"
	MetricDiskWriteBytes       Metric = "GROUP_DISK_WRITE_BYTES"
	MetricNetworkSentBytes     Metric = "GROUP_NETWORK_SENT_BYTES"
	MetricNetworkReceivedBytes Metric = "GROUP_NETWORK_RECV_BYTES"
)

func (a *MetricAutoscaler) check(operation string) error {
	var check nhncloud.ArgumentCheck
	check.RefuseIf(a.ScaleOut == nil && a.ScaleIn == nil, "ScaleOut", "must be set where ScaleIn is not, because there is nothing to change")
	if out := a.ScaleOut; out != nil {
		checkRules(&check, "ScaleOut.", out.Enable, out.Rules)
	}
	if in := a.ScaleIn; in != nil {
		checkRules(&check, "ScaleIn.", in.Enable, in.Rules)
	}
	return check.Err(operation)
}

func checkRules(check *nhncloud.ArgumentCheck, prefix string, enable bool, rules []MetricRule) {
	check.RefuseIf(enable && len(rules) == 0, prefix+"Rules", "must not be empty")
	for i, rule := range rules {
		field := indexed(prefix+"Rules", i)
		check.Required(field+".Metric", string(rule.Metric))
		check.RefuseIf(rule.Threshold < 0, field+".Threshold", "must not be negative")
		check.RefuseIf(rule.Duration <= 0, field+".Duration", "must be positive")
	}
}

// SetMetricAutoscaler begins to change the metric-based autoscaler of a node group
// and returns the UUID of the group. Wait with [NodeGroupsService.WaitForComplete].
//
// API: PATCH /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME} (nks-set-metric-autoscaler; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) SetMetricAutoscaler(ctx context.Context, cluster, nodeGroup string, autoscaler MetricAutoscaler) (uuid string, err error) {
	const operation = "nks-set-metric-autoscaler"
	if err := autoscaler.check(operation); err != nil {
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
			MetricAutoscaler
		}{"metric_base_autoscale", autoscaler},
		ResponseKey: "uuid",
	})
}
