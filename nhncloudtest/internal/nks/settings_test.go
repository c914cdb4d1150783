package nks_test

import (
	"fmt"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
)

func TestAutoscaler(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("auto", nil, object{"node_count": 2})
	group := path + "/nodegroups/default-worker"
	before := w.get(group + "/autoscale")
	cloudtest.SameShape(t, "nks-get-autoscaler.response", before)
	assert.Equal(t, false, before["ca_enable"])
	assert.Equal(t, true, before["ca_scale_down_enable"])
	assert.EqualValues(t, 50, before["ca_scale_down_util_thresh"])
	for message, body := range map[string]object{
		"ca_enable. Value: 'None'.":                 {},
		"ca_enable. Value: 'x'.":                    {"ca_enable": "x"},
		"Unknown attribute for argument autoscale:": {"ca_enable": true, "odd": 1},
		"ca_min_node_count. Value: '0'.":            {"ca_enable": true, "ca_min_node_count": 0},
		"ca_max_node_count. Value: 'x'.":            {"ca_enable": true, "ca_max_node_count": "x"},
		"The node count 2 is not between 3 and 10.": {"ca_enable": true, "ca_min_node_count": 3},
		"The node count 2 is not between 1 and 1.":  {"ca_enable": true, "ca_max_node_count": 1},
	} {
		w.refused(400, message, "POST", group+"/autoscale", body)
	}
	request := cloudtest.Fixture(t, "nks-set-autoscaler.request")
	w.changed("NODEGROUP_SET_CLUSTER_AUTOSCALER", path, "POST", group+"/autoscale", request)
	now := w.get(group + "/autoscale")
	for k, v := range request {
		assert.Equal(t, v, now[k], k)
	}
	assert.Equal(t, "True", cloudtest.At(w.get(group), "labels", "ca_enable"))
	w.refused(400, "Stopping nodes of a nodegroup on which the cluster autoscaler is enabled", "POST", group+"/stop_node", object{"node_list": "x"})
	w.refused(404, "Nodegroup nope", "GET", path+"/nodegroups/nope/autoscale", nil)
}

func TestMetricAutoscaler(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("metric", nil, nil)
	group := path + "/nodegroups/default-worker"
	policy := func(changes object) object {
		p := object{"enable": true, "rules": []object{{"metric": "GROUP_CPU_USAGE", "threshold": 80, "duration": 2}}}
		merge(p, changes)
		return object{"type": "metric_base_autoscale", "mba_scale_out": p}
	}
	rule := func(metric, threshold, duration any) object {
		return policy(object{"rules": []object{{"metric": metric, "threshold": threshold, "duration": duration}}})
	}
	for message, body := range map[string]object{
		"mba_scale_out. Value: 'None'.":                         {"type": "metric_base_autoscale"},
		"mba_scale_in. Value: 'x'.":                             {"type": "metric_base_autoscale", "mba_scale_in": "x"},
		"mba_scale_out.enable. Value: 'None'.":                  policy(object{"enable": nil}),
		"mba_scale_out.rules_operator. Value: 'xor'.":           policy(object{"rules_operator": "xor"}),
		"mba_scale_out.delay. Value: '61'.":                     policy(object{"delay": 61}),
		"mba_scale_out.rules. Value: 'None'.":                   policy(object{"rules": nil}),
		"mba_scale_out.rules.threshold. Value: 'None'.":         rule("GROUP_CPU_USAGE", nil, 2),
		"mba_scale_out.rules.metric. Value: 'MOOD'.":            rule("MOOD", 1, 2),
		"mba_scale_out.duration. Value: '1'.":                   rule("GROUP_CPU_USAGE", 1, 1),
		"mba_scale_out.rules.threshold. Value: 'x'. Wrong type": rule("GROUP_CPU_USAGE", "x", 2),
	} {
		w.refused(400, message, "PATCH", group, body)
	}
	for _, fixture := range []string{"nks-set-metric-autoscaler.request", "nks-set-metric-autoscaler.request.2"} {
		w.changed("NODEGROUP_SET_METRIC_BASE_AUTOSCALER", path, "PATCH", group, cloudtest.Fixture(t, fixture))
	}
	assert.JSONEq(t, `{"enable": false}`, cloudtest.At(w.get(group), "labels", "mba_scale_in").(string))
}

func TestNodeSettings(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("node", nil, nil)
	group := path + "/nodegroups/default-worker"
	labels := func(key string, value any) object {
		return object{"type": "k8s_node_labels", "k8s_node_labels": object{key: value}}
	}
	many := object{}
	for i := range 21 {
		many[fmt.Sprint("k", i)] = "v"
	}
	bind := func(info any) object { return object{"type": "fip_auto_bind", "fip_auto_bind_update_info": info} }
	for message, body := range map[string]object{
		"k8s_node_labels. Value: 'None'.":      {"type": "k8s_node_labels"},
		"There are at most 20 labels.":         {"type": "k8s_node_labels", "k8s_node_labels": many},
		"Value: '-=x'.":                        labels("-", "x"),
		"Value: 'x=1'.":                        labels("x", 1),
		"Value: 'x=a b'.":                      labels("x", "a b"),
		"fip_auto_bind_update_info. Value":     bind(nil),
		"fip_auto_bind_enable. Value: 'None'.": bind(object{}),
		"fip_bind_subnet. Value: 'None'.":      bind(object{"fip_auto_bind_enable": true}),
		"fip_bind_subnet. Value: 'x'.":         bind(object{"fip_auto_bind_enable": true, "fip_bind_subnet": "x"}),
	} {
		w.refused(400, message, "PATCH", group, body)
	}
	w.changed("NODEGROUP_UPDATE_K8S_NODE_LABELS", path, "PATCH", group, cloudtest.Fixture(t, "nks-set-node-labels.request"))
	assert.JSONEq(t, `{"node_type": "production", "pod_type": "opt"}`, cloudtest.At(w.get(group), "labels", "k8s_node_labels").(string))
	w.changed("NODEGROUP_UPDATE_FIP_AUTO_BIND", path, "PATCH", group,
		bind(object{"fip_auto_bind_enable": true, "fip_bind_subnet": w.SubnetID(), "fip_selector": "nks-fip"}))
	assert.Equal(t, "nks-fip", cloudtest.At(w.get(group), "labels", "fip_selector"))
	w.refused(400, "contents. Value: 'None'.", "POST", group+"/userscript", object{})
	w.refused(400, "Unknown attribute", "POST", group+"/userscript", object{"odd": 1})
	w.changed("NODEGROUP_USERSCRIPT_UPDATE", path, "POST", group+"/userscript", cloudtest.Fixture(t, "nks-set-user-script.request"))
	assert.Equal(t, "user script contents here...", cloudtest.At(w.get(group), "labels", "user_script_v2"))
}

func TestControlPlaneLog(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("log", nil, nil)
	log := func(o any) object { return object{"type": "control_plane_log", "control_plane_log": o} }
	obs := func(changes object) object {
		o := object{"enable": true, "type": "obs", "sgw": "a", "obs_api_url": "https://example.com"}
		merge(o, changes)
		return log(o)
	}
	for message, body := range map[string]object{
		"There is no such change.":                          {"type": "nope"},
		"control_plane_log. Value: 'None'.":                 log(nil),
		"control_plane_log.enable. Value: 'None'.":          log(object{}),
		"control_plane_log.type. Value: 'None'.":            obs(object{"type": nil}),
		"control_plane_log.type. Value: 'x'.":               obs(object{"type": "x"}),
		"control_plane_log.sgw. Value: 'None'.":             obs(object{"sgw": nil}),
		"control_plane_log.lncs_appkey. Value: 'None'.":     obs(object{"type": "lncs"}),
		"control_plane_log.obs_api_url. Value: 'None'.":     obs(object{"obs_api_url": nil}),
		"control_plane_log.upload_interval. Value: '61'.":   obs(object{"upload_interval": 61}),
		"control_plane_log.obs_store_as. Value: 'parquet'.": obs(object{"obs_store_as": "parquet"}),
	} {
		w.refused(400, message, "PATCH", path, body)
	}
	for _, number := range []string{"", ".2", ".3"} {
		request := cloudtest.Fixture(t, "nks-set-control-plane-log.request"+number)
		w.changed("CLUSTER_UPDATE_CONTROL_PLANE_LOG", path, "PATCH", path, request)
	}
	assert.JSONEq(t, `{"enable": false}`, cloudtest.At(w.get(path), "labels", "control_plane_log").(string))
}

func TestACL(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("acl", nil, nil)
	cloudtest.SameShape(t, "nks-get-api-endpoint-ipacl.response.2", w.get(path+"/api_ep_ipacl"))
	target := func(address any) object {
		return object{"enable": "true", "action": "ALLOW", "ipacl_targets": []any{object{"cidr_address": address}}}
	}
	for message, body := range map[string]object{
		"Unknown attribute":                   {"odd": 1},
		"enable. Value: 'None'.":              {},
		"enable. Value: 'x'.":                 {"enable": "x"},
		"action. Value: 'None'.":              {"enable": "True"},
		"action. Value: 'allow'.":             {"enable": "True", "action": "allow", "ipacl_targets": []any{object{}}},
		"ipacl_targets. Value: 'None'.":       {"enable": "True", "action": "ALLOW"},
		"cidr_address. Value: 'x'.":           target("x"),
		"cidr_address. Value: '::1'. It is n": target("::1"),
	} {
		w.refused(400, message, "POST", path+"/api_ep_ipacl", body)
	}
	many := target("10.0.0.1")
	for range 100 {
		many["ipacl_targets"] = append(many["ipacl_targets"].([]any), object{"cidr_address": "10.0.0.1"})
	}
	w.refused(403, "Resource limit exceeded", "POST", path+"/api_ep_ipacl", many)
	w.changed("CLUSTER_API_EP_IPACL_UPDATE", path, "POST", path+"/api_ep_ipacl", cloudtest.Fixture(t, "nks-set-api-endpoint-ipacl.request"))
	acl := w.get(path + "/api_ep_ipacl")
	cloudtest.CompareShape(t, "acl", object{
		"cluster_uuid": "", "enable": "", "action": "", "ipacl_targets": []any{object{"cidr_address": ""}, object{"cidr_address": "", "description": ""}},
	}, acl)
	assert.Equal(t, "true", acl["enable"])
	assert.Equal(t, "10.10.22.3/24", cloudtest.At(acl, "ipacl_targets", 1, "cidr_address"))
	assert.Equal(t, "Your Friends", cloudtest.At(acl, "ipacl_targets", 1, "description"))
	w.changed("CLUSTER_API_EP_IPACL_UPDATE", path, "POST", path+"/api_ep_ipacl", object{"enable": "false", "action": "nonsense"})
	assert.Equal(t, "false", w.get(path + "/api_ep_ipacl")["enable"])
}
