package nks_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

func TestNodeGroupsAutoscaler(t *testing.T) {
	t.Parallel()
	const getOperation, setOperation = "nks-get-autoscaler", "nks-set-autoscaler"
	get := func(ctx context.Context, k *nks.Client, cluster, nodeGroup string) (*nks.Autoscaler, error) {
		return k.NodeGroups.GetAutoscaler(ctx, cluster, nodeGroup)
	}
	read := want(getOperation, http.MethodGet, groupPath+"/autoscale", "")
	expected := &nks.Autoscaler{
		Enable: true, PodReplicas: 1, MaxNodeCount: 10, MinNodeCount: 2, ScaleDownDelayAfterAdd: 10, ScaleDownEnable: new(true), ScaleDownUnneededTime: 10,
		ScaleDownUtilThresh: 50, ClusterAutoscale: "nodegroupfeature",
	}
	apitest.Check(t, read, documented(getOperation), expected,
		on(func(ctx context.Context, k *nks.Client) (*nks.Autoscaler, error) {
			return get(ctx, k, "my cluster", "workers")
		}))
	// The table of the guide says that all of them are texts.
	apitest.Check(t, read, apitest.Reply{Body: `{"ca_enable": "True", "ca_pod_replicas": "1", "ca_max_node_count": "10", "ca_min_node_count": "2",
		"ca_scale_down_delay_after_add": "10", "ca_scale_down_enable": "True", "ca_scale_down_unneeded_time": "10", "ca_scale_down_util_thresh": "50",
		"clusterautoscale": "nodegroupfeature"}`}, expected,
		on(func(ctx context.Context, k *nks.Client) (*nks.Autoscaler, error) {
			return get(ctx, k, "my cluster", "workers")
		}))
	refusesIDs(t, getOperation, clusterArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := get(ctx, k, id, "g")
		return err
	})
	refusesIDs(t, getOperation, nodeGroupArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := get(ctx, k, "web", id)
		return err
	})

	set := func(autoscaler nks.Autoscaler) change {
		return func(ctx context.Context, k *nks.Client, cluster, nodeGroup string) (string, error) {
			return k.NodeGroups.SetAutoscaler(ctx, cluster, nodeGroup, autoscaler)
		}
	}
	w := want(setOperation, http.MethodPost, groupPath+"/autoscale", "@")
	checkNodeGroupChange(t, w, groupUUID, set(nks.Autoscaler{
		Enable: true, PodReplicas: 1, MaxNodeCount: 10, MinNodeCount: 1, ScaleDownDelayAfterAdd: 30, ScaleDownEnable: new(true), ScaleDownUnneededTime: 20,
		ScaleDownUtilThresh: 40, ClusterAutoscale: "is not sent",
	}))
	sends(t, w, `{"ca_enable": false}`, documented(setOperation), func(ctx context.Context, k *nks.Client) error {
		_, err := set(nks.Autoscaler{})(ctx, k, "my cluster", "workers")
		return err
	})
	for field, autoscaler := range map[string]nks.Autoscaler{
		"PodReplicas, MaxNodeCount, MinNodeCount, ScaleDownUnneededTime, ScaleDownUtilThresh, ScaleDownDelayAfterAdd": {
			PodReplicas: -1, MaxNodeCount: -1, MinNodeCount: -1, ScaleDownUnneededTime: -1, ScaleDownUtilThresh: -1, ScaleDownDelayAfterAdd: -1,
		},
		"MinNodeCount": {MaxNodeCount: 2, MinNodeCount: 3},
	} {
		refuses(t, setOperation, field, func(ctx context.Context, k *nks.Client) error {
			_, err := set(autoscaler)(ctx, k, "web", "g")
			return err
		})
	}
}

func TestNodeGroupsSetMetricAutoscaler(t *testing.T) {
	t.Parallel()
	const operation = "nks-set-metric-autoscaler"
	set := func(autoscaler nks.MetricAutoscaler) change {
		return func(ctx context.Context, k *nks.Client, cluster, nodeGroup string) (string, error) {
			return k.NodeGroups.SetMetricAutoscaler(ctx, cluster, nodeGroup, autoscaler)
		}
	}
	// The example of the guide has "True" where its table has a Boolean.
	w := want(operation, http.MethodPatch, groupPath, `{"type": "metric_base_autoscale",
		"mba_scale_out": {"enable": true, "max_node_count": 6, "rules_operator": "or", "delay": 10, "adjustment_count": 2,
			"rules": [{"metric": "GROUP_CPU_USAGE", "threshold": 80, "duration": 2}]},
		"mba_scale_in": {"enable": true, "min_node_count": 2, "rules_operator": "or", "delay": 5, "adjustment_count": 1,
			"rules": [{"metric": "GROUP_CPU_USAGE", "threshold": 50, "duration": 2}]}}`)
	checkNodeGroupChange(t, w, groupUUID, set(nks.MetricAutoscaler{
		ScaleOut: &nks.MetricScaleOut{
			Enable: true, MaxNodeCount: 6, RulesOperator: nks.RulesOr, Delay: 10, AdjustmentCount: 2,
			Rules: []nks.MetricRule{{Metric: nks.MetricCPUUsage, Threshold: 80, Duration: 2}},
		},
		ScaleIn: &nks.MetricScaleIn{
			Enable: true, MinNodeCount: 2, RulesOperator: nks.RulesOr, Delay: 5, AdjustmentCount: 1,
			Rules: []nks.MetricRule{{Metric: nks.MetricCPUUsage, Threshold: 50, Duration: 2}},
		},
	}))
	for body, autoscaler := range map[string]nks.MetricAutoscaler{
		"@nks-set-metric-autoscaler.request.2.json":                            {ScaleOut: &nks.MetricScaleOut{}, ScaleIn: &nks.MetricScaleIn{}},
		`{"type": "metric_base_autoscale", "mba_scale_in": {"enable": false}}`: {ScaleIn: &nks.MetricScaleIn{}},
	} {
		sends(t, w, body, documented(operation), func(ctx context.Context, k *nks.Client) error {
			_, err := set(autoscaler)(ctx, k, "my cluster", "workers")
			return err
		})
	}
	for field, autoscaler := range map[string]nks.MetricAutoscaler{
		"ScaleOut":                      {},
		"ScaleOut.Rules, ScaleIn.Rules": {ScaleOut: &nks.MetricScaleOut{Enable: true}, ScaleIn: &nks.MetricScaleIn{Enable: true}},
		"ScaleIn.Rules[0].Metric, ScaleIn.Rules[0].Threshold, ScaleIn.Rules[0].Duration": {
			ScaleIn: &nks.MetricScaleIn{Rules: []nks.MetricRule{{Threshold: -1}}},
		},
	} {
		refuses(t, operation, field, func(ctx context.Context, k *nks.Client) error {
			_, err := set(autoscaler)(ctx, k, "web", "g")
			return err
		})
	}
}

func TestNodeGroupsChangeFlavor(t *testing.T) {
	t.Parallel()
	const operation = "nks-change-nodegroup-flavor"
	changeFlavor := func(request nks.FlavorChangeRequest) change {
		return func(ctx context.Context, k *nks.Client, cluster, nodeGroup string) (string, error) {
			return k.NodeGroups.ChangeFlavor(ctx, cluster, nodeGroup, request)
		}
	}
	w := want(operation, http.MethodPatch, groupPath, "@")
	checkNodeGroupChange(t, w, groupUUID, changeFlavor(nks.FlavorChangeRequest{
		FlavorID: "1d0d6983-8e9d-44dc-810e-d7689afa372c", NumBufferNodes: new(1), NumMaxUnavailableNodes: new(1),
	}))
	sends(t, w, `{"type": "flavor_id", "flavor_id": "f"}`, documented(operation), func(ctx context.Context, k *nks.Client) error {
		_, err := changeFlavor(nks.FlavorChangeRequest{FlavorID: "f"})(ctx, k, "my cluster", "workers")
		return err
	})
	refuses(t, operation, "FlavorID, NumBufferNodes, NumMaxUnavailableNodes", func(ctx context.Context, k *nks.Client) error {
		_, err := changeFlavor(nks.FlavorChangeRequest{NumBufferNodes: new(-1), NumMaxUnavailableNodes: new(0)})(ctx, k, "web", "g")
		return err
	})
}

func TestNodeGroupsSetFloatingIPAutoBind(t *testing.T) {
	t.Parallel()
	const operation = "nks-set-floatingip-auto-bind"
	set := func(bind nks.FloatingIPAutoBind) change {
		return func(ctx context.Context, k *nks.Client, cluster, nodeGroup string) (string, error) {
			return k.NodeGroups.SetFloatingIPAutoBind(ctx, cluster, nodeGroup, bind)
		}
	}
	w := want(operation, http.MethodPatch, groupPath, "@")
	checkNodeGroupChange(t, w, groupUUID, set(nks.FloatingIPAutoBind{Enable: true, Selector: "nks-fip", BindSubnetID: "7f3237f6-ce05-4e9c-bce8-bbaabd22e83a"}))
	sends(t, w, `{"type": "fip_auto_bind", "fip_auto_bind_update_info": {"fip_auto_bind_enable": false}}`, documented(operation), func(ctx context.Context, k *nks.Client) error {
		_, err := set(nks.FloatingIPAutoBind{})(ctx, k, "my cluster", "workers")
		return err
	})
	refuses(t, operation, "BindSubnetID", func(ctx context.Context, k *nks.Client) error {
		_, err := set(nks.FloatingIPAutoBind{Enable: true})(ctx, k, "web", "g")
		return err
	})
}

func TestNodeGroupsSetNodeLabels(t *testing.T) {
	t.Parallel()
	const operation = "nks-set-node-labels"
	set := func(labels map[string]string) change {
		return func(ctx context.Context, k *nks.Client, cluster, nodeGroup string) (string, error) {
			return k.NodeGroups.SetNodeLabels(ctx, cluster, nodeGroup, labels)
		}
	}
	w := want(operation, http.MethodPatch, groupPath, "@")
	checkNodeGroupChange(t, w, groupUUID, set(map[string]string{"node_type": "production", "pod_type": "opt"}))
	sends(t, w, `{"type": "k8s_node_labels", "k8s_node_labels": {}}`, documented(operation), func(ctx context.Context, k *nks.Client) error {
		_, err := set(nil)(ctx, k, "my cluster", "workers")
		return err
	})
	refuses(t, operation, "labels", func(ctx context.Context, k *nks.Client) error {
		_, err := set(map[string]string{"": "x"})(ctx, k, "web", "g")
		return err
	})
}

func TestNodeGroupsSetUserScript(t *testing.T) {
	t.Parallel()
	const operation = "nks-set-user-script"
	set := func(script nhncloud.Secret) change {
		return func(ctx context.Context, k *nks.Client, cluster, nodeGroup string) (string, error) {
			return k.NodeGroups.SetUserScript(ctx, cluster, nodeGroup, script)
		}
	}
	w := want(operation, http.MethodPost, groupPath+"/userscript", "@")
	checkNodeGroupChange(t, w, groupUUID, set("user script contents here..."))
	sends(t, w, `{"contents": ""}`, documented(operation), func(ctx context.Context, k *nks.Client) error {
		_, err := set("")(ctx, k, "my cluster", "workers")
		return err
	})
}

func TestNodeGroupsNodes(t *testing.T) {
	t.Parallel()
	const uuid = "439aa682-398f-4061-a4d1-116da6b1154e"
	for operation, test := range map[string]struct {
		path  string
		nodes []string
		call  func(k *nks.Client) func(ctx context.Context, cluster, nodeGroup string, nodes []string) (string, error)
	}{
		"nks-stop-nodes": {
			"/stop_node", []string{"bdaa560c-7a30-4249-9438-2df27fa1e9d38", "68ff49ee-4111-4212-8e9e-88835cb0ebaa"},
			func(k *nks.Client) func(context.Context, string, string, []string) (string, error) {
				return k.NodeGroups.StopNodes
			},
		},
		"nks-start-nodes": {
			"/start_node", []string{"bdaa560c-7a30-4249-9438-2df27fa1e9d38"},
			func(k *nks.Client) func(context.Context, string, string, []string) (string, error) {
				return k.NodeGroups.StartNodes
			},
		},
	} {
		checkNodeGroupChange(t, want(operation, http.MethodPost, groupPath+test.path, "@"), uuid,
			func(ctx context.Context, k *nks.Client, cluster, nodeGroup string) (string, error) {
				return test.call(k)(ctx, cluster, nodeGroup, test.nodes)
			})
		for field, nodes := range map[string][]string{"nodes": nil, "nodes[0], nodes[1]": {"", "a:b"}} {
			refuses(t, operation, field, func(ctx context.Context, k *nks.Client) error {
				_, err := test.call(k)(ctx, "web", "g", nodes)
				return err
			})
		}
	}
}
