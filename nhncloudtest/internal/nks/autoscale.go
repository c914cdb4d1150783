package nks

import (
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// The settings of both autoscalers are kept and shown. Nothing scales by
// itself: the nodes have nothing to do.

// autoscaler are the settings of the cluster autoscaler and what they may be;
// those without a least value are booleans.
var autoscaler = map[string]struct{ least, most int }{
	"ca_enable": {}, "ca_scale_down_enable": {},
	"ca_pod_replicas": {1, 10}, "ca_max_node_count": {1, mostNodes}, "ca_min_node_count": {1, mostNodes},
	"ca_scale_down_delay_after_add": {1, 1440}, "ca_scale_down_unneeded_time": {1, 1440}, "ca_scale_down_util_thresh": {1, 100},
}

// checkAutoscaler checks the settings that an object has, for a group of so many
// nodes.
func checkAutoscaler(settings object, prefix string, count int) *frame.Reply {
	limits := map[string]int{"ca_min_node_count": 1, "ca_max_node_count": mostNodes}
	for name, is := range autoscaler {
		v := settings[name]
		if v == nil || v == "" {
			continue
		}
		if is.most == 0 {
			if _, ok := frame.AsBool(v); !ok {
				return invalid(prefix+name, v, "It is neither 'True' nor 'False'.")
			}
			continue
		}
		n, ok := frame.AsInt(v)
		if !ok || n < is.least || n > is.most {
			return invalid(prefix+name, v, "It is not between %d and %d.", is.least, is.most)
		}
		limits[name] = n
	}
	if on, _ := frame.AsBool(settings["ca_enable"]); on && (limits["ca_min_node_count"] > count || limits["ca_max_node_count"] < count) {
		return invalid(prefix+"ca_min_node_count", settings["ca_min_node_count"],
			"The node count %d is not between %d and %d.", count, limits["ca_min_node_count"], limits["ca_max_node_count"])
	}
	return nil
}

func getAutoscaler(c *call) frame.Reply {
	g, r := c.group()
	if r != nil {
		return *r
	}
	o := object{"clusterautoscale": g.labels["clusterautoscale"]}
	for name, is := range autoscaler {
		if is.most > 0 {
			o[name] = g.setting(name, 0)
			continue
		}
		on, _ := frame.AsBool(g.labels[name])
		o[name] = on
	}
	return frame.Answer(http.StatusOK, o)
}

func setAutoscaler(c *call) frame.Reply {
	g, r := c.changeableGroup()
	if r == nil {
		r = need(c.Body, "ca_enable")
	}
	if r != nil {
		return *r
	}
	settings := object{}
	for name := range autoscaler {
		settings[name] = g.labels[name]
		if v := c.Body[name]; v != nil {
			settings[name] = text(v)
		}
	}
	for name := range c.Body {
		if _, ok := autoscaler[name]; !ok && name != "clusterautoscale" {
			return *badRequest("Unknown attribute for argument autoscale: %s", name)
		}
	}
	if r := checkAutoscaler(settings, "", g.count); r != nil {
		return *r
	}
	if on, _ := frame.AsBool(settings["ca_enable"]); on && g.stopped() > 0 {
		return *unsupported("Enabling the cluster autoscaler on a nodegroup with stopped nodes")
	}
	g.update(c.Now, task{event: "NODEGROUP_SET_CLUSTER_AUTOSCALER", end: labelled{group: g, set: settings}})
	return accepted(g.id)
}

// metrics are what the metric-based autoscaler can look at.
var metrics = []string{
	"GROUP_CPU_USAGE", "GROUP_MEMORY_USAGE", "GROUP_DISK_READ_BYTES", "GROUP_DISK_WRITE_BYTES", "GROUP_NETWORK_SENT_BYTES", "GROUP_NETWORK_RECV_BYTES",
}

func setMetricAutoscaler(c *call) frame.Reply {
	g, r := c.changeableGroup()
	if r != nil {
		return *r
	}
	policies := object{}
	for _, name := range []string{"mba_scale_out", "mba_scale_in"} {
		v, given := c.Body[name]
		if !given || v == nil {
			continue
		}
		policy, ok := v.(object)
		if !ok {
			return *invalid(name, v, "Wrong type. Expected '<class 'dict'>'")
		}
		if r := checkPolicy(name, policy); r != nil {
			return *r
		}
		policies[name] = string(frame.Encode(policy))
	}
	if len(policies) == 0 {
		return *missing("mba_scale_out")
	}
	g.update(c.Now, task{event: "NODEGROUP_SET_METRIC_BASE_AUTOSCALER", end: labelled{group: g, set: policies}})
	return accepted(g.id)
}

// checkPolicy checks one direction of the metric-based autoscaler. One that is
// off needs nothing else.
func checkPolicy(name string, policy object) *frame.Reply {
	on, ok := frame.AsBool(policy["enable"])
	switch {
	case !ok:
		return invalid(name+".enable", policy["enable"], "It is neither 'True' nor 'False'.")
	case !on:
		return nil
	}
	if op := shown(policy["rules_operator"]); policy["rules_operator"] != nil && !strings.EqualFold(op, "and") && !strings.EqualFold(op, "or") {
		return invalid(name+".rules_operator", op, "It is neither 'AND' nor 'OR'.")
	}
	check := func(o object, field string, least, most int) *frame.Reply {
		if n, ok := frame.AsInt(o[field]); o[field] != nil && (!ok || n < least || n > most) {
			return invalid(name+"."+field, o[field], "It is not between %d and %d.", least, most)
		}
		return nil
	}
	for field, most := range map[string]int{"delay": 60, "adjustment_count": 10, "max_node_count": mostNodes, "min_node_count": mostNodes} {
		if r := check(policy, field, 1, most); r != nil {
			return r
		}
	}
	rules, _ := policy["rules"].([]any)
	if len(rules) == 0 {
		return missing(name + ".rules")
	}
	for _, e := range rules {
		rule, _ := e.(object)
		for _, field := range []string{"metric", "threshold", "duration"} {
			if rule[field] == nil {
				return missing(name + ".rules." + field)
			}
		}
		if !slices.Contains(metrics, shown(rule["metric"])) {
			return invalid(name+".rules.metric", rule["metric"], "There is no such metric.")
		}
		if r := check(rule, "duration", 2, 60); r != nil {
			return r
		}
		if _, ok := frame.AsInt(rule["threshold"]); !ok {
			return invalid(name+".rules.threshold", rule["threshold"], "Wrong type. Expected '<class 'int'>'")
		}
	}
	return nil
}
