package nks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// setFloatingIPAutoBind keeps how nodes get floating IPs. None is connected: of
// which ones the real service takes, its guide says too little.
func setFloatingIPAutoBind(c *call) frame.Reply {
	g, r := c.changeableGroup()
	if r != nil {
		return *r
	}
	info := frame.Sub(c.Body, "fip_auto_bind_update_info")
	if info == nil {
		return *missing("fip_auto_bind_update_info")
	}
	on, ok := frame.AsBool(info["fip_auto_bind_enable"])
	subnet := frame.Str(info, "fip_bind_subnet")
	allowed := append(list(g.labels, "additional_subnet_id_list"), g.cluster.subnet.ID)
	switch {
	case !ok:
		return *invalid("fip_auto_bind_enable", info["fip_auto_bind_enable"], "It is neither 'True' nor 'False'.")
	case on && subnet == "":
		return *missing("fip_bind_subnet")
	case on && !slices.Contains(allowed, subnet):
		return *invalid("fip_bind_subnet", subnet, "It is not the subnet of the cluster, nor a further one of the nodegroup.")
	}
	g.update(c.Now, task{event: "NODEGROUP_UPDATE_FIP_AUTO_BIND", end: labelled{group: g, set: object{
		"fip_auto_bind_enable": truth(on), "fip_bind_subnet": subnet, "fip_selector": frame.Str(info, "fip_selector"),
	}}})
	return accepted(g.id)
}

// mostNodeLabels is how many labels the nodes of a group can have.
const mostNodeLabels = 20

// The forms of labels in Kubernetes.
var (
	labelKey   = regexp.MustCompile(`^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$`)
	labelValue = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$`)
)

// setNodeLabels replaces the labels that the nodes have in Kubernetes.
func setNodeLabels(c *call) frame.Reply {
	g, r := c.changeableGroup()
	if r != nil {
		return *r
	}
	labels, ok := c.Body["k8s_node_labels"].(object)
	switch {
	case !ok:
		return *missing("k8s_node_labels")
	case len(labels) > mostNodeLabels:
		return *invalid("k8s_node_labels", fmt.Sprint(len(labels)), "There are at most %d labels.", mostNodeLabels)
	}
	for k, v := range labels {
		value, ok := v.(string)
		if !ok || !labelKey.MatchString(k) || !labelValue.MatchString(value) {
			return *invalid("k8s_node_labels", k+"="+shown(v), "It is no label of Kubernetes.")
		}
	}
	g.update(c.Now, task{event: "NODEGROUP_UPDATE_K8S_NODE_LABELS", end: labelled{group: g, set: object{
		"k8s_node_labels": string(frame.Encode(labels)),
	}}})
	return accepted(g.id)
}

// nodeLabels are the labels of the nodes in Kubernetes: a JSON object, or as a
// request may have them, pairs with commas between.
func (g *nodeGroup) nodeLabels() map[string]string {
	text, labels := frame.Str(g.labels, "k8s_node_labels"), map[string]string{}
	if o, err := frame.ParseObject([]byte(text)); err == nil {
		for k, v := range o {
			labels[k] = shown(v)
		}
		return labels
	}
	for _, pair := range commas(text) {
		if k, v, ok := strings.Cut(pair, "="); ok {
			labels[strings.TrimSpace(k)] = strings.TrimSpace(v)
		}
	}
	return labels
}

// setControlPlaneLog says where the logs of the control plane go. There are none.
func setControlPlaneLog(c *call) frame.Reply {
	cl, r := c.changeable("Updating")
	if r != nil {
		return *r
	}
	log, ok := c.Body["control_plane_log"].(object)
	if !ok {
		return *missing("control_plane_log")
	}
	if r := checkControlPlaneLog(log); r != nil {
		return *r
	}
	cl.update(c.Now, "CLUSTER_UPDATE_CONTROL_PLANE_LOG", labelled{cluster: cl, set: object{"control_plane_log": string(frame.Encode(log))}})
	return accepted(cl.id)
}

func checkControlPlaneLog(log object) *frame.Reply {
	on, ok := frame.AsBool(log["enable"])
	switch {
	case !ok:
		return invalid("control_plane_log.enable", log["enable"], "It is neither 'True' nor 'False'.")
	case !on:
		return nil
	}
	needed := []string{"type", "sgw"}
	switch log["type"] {
	case "lncs":
		needed = append(needed, "lncs_appkey")
	case "obs":
		needed = append(needed, "obs_api_url")
	case nil:
	default:
		return invalid("control_plane_log.type", log["type"], "It is neither 'lncs' nor 'obs'.")
	}
	for _, field := range needed {
		if frame.Str(log, field) == "" {
			return missing("control_plane_log." + field)
		}
	}
	if v := log["upload_interval"]; v != nil {
		if n, ok := frame.AsInt(v); !ok || n < 1 || n > 60 {
			return invalid("control_plane_log.upload_interval", v, "It is not between 1 and 60.")
		}
	}
	if v := log["obs_store_as"]; v != nil && v != "gzip" && v != "text" {
		return invalid("control_plane_log.obs_store_as", v, "It is neither 'gzip' nor 'text'.")
	}
	return nil
}

// updateServiceGateways swaps the service gateways that a cluster was made with.
func updateServiceGateways(c *call) frame.Reply {
	cl, r := c.changeable("Updating")
	if r == nil {
		r = known("update_sgw_req", c.Body, "ncr_sgw", "obs_sgw")
	}
	if r == nil {
		r = need(c.Body, "ncr_sgw", "obs_sgw")
	}
	switch {
	case r != nil:
		return *r
	case frame.Str(cl.labels, "ncr_sgw") == "" || frame.Str(cl.labels, "obs_sgw") == "":
		return *unsupported("Changing the service gateways of a cluster that was made without them")
	}
	ncr, obs := shown(c.Body["ncr_sgw"]), shown(c.Body["obs_sgw"])
	cl.update(c.Now, "CLUSTER_UPDATE_SGW", labelled{cluster: cl, set: object{"ncr_sgw": ncr, "obs_sgw": obs}})
	return accepted(cl.id)
}

// renewCertificate gives the cluster new certificates, which are good for some
// years.
func renewCertificate(c *call) frame.Reply {
	cl, r := c.changeable("Updating")
	if r == nil {
		r = known("certificate", c.Body, "term_of_validity")
	}
	if r == nil {
		r = need(c.Body, "term_of_validity")
	}
	if r != nil {
		return *r
	}
	years, ok := frame.AsInt(c.Body["term_of_validity"])
	if !ok || years < 1 || years > 5 {
		return *invalid("term_of_validity", c.Body["term_of_validity"], "It is not between 1 and 5.")
	}
	cl.update(c.Now, "CLUSTER_ROTATE_CERTIFICATE", renewed{cl, fmt.Sprint(years)})
	return accepted(cl.id)
}
