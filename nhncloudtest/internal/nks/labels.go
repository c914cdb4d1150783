package nks

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
)

// Labels hold most settings of clusters and node groups. Clients send booleans
// and numbers as such or as text; what comes back is text, but for the lists.

// truth is a boolean as labels have it.
func truth(b bool) string {
	if b {
		return "True"
	}
	return "False"
}

// text is a value as labels have it.
func text(v any) any {
	switch v := v.(type) {
	case bool:
		return truth(v)
	case json.Number:
		return v.String()
	}
	return v
}

// readLabels reads the labels of a request. A null is none.
func readLabels(body object) (object, *frame.Reply) {
	given, ok := body["labels"].(object)
	if !ok {
		return nil, invalid("labels", body["labels"], "Wrong type. Expected '%s'", "<class 'dict'>")
	}
	labels := object{}
	for k, v := range given {
		switch v.(type) {
		case nil:
		case object:
			return nil, invalid("labels."+k, v, "Labels are texts, numbers, booleans and lists.")
		default:
			labels[k] = text(v)
		}
	}
	return labels, nil
}

// worker tells whether a label is about the nodes alone.
func worker(label string) bool {
	for _, begin := range []string{"boot_volume_", "ca_", "mba_", "user_script", "extra_", "fip_", "k8s_node_labels"} {
		if strings.HasPrefix(label, begin) {
			return true
		}
	}
	return false
}

// controlPlane are the labels that are about the cluster as a whole.
var controlPlane = []string{
	"service_cluster_ip_range", "pods_network_cidr", "pods_network_subnet", "ncr_sgw", "obs_sgw", "control_plane_log",
	"term_of_validity", "certificate_expiry", "cni_driver", "etcd_volume_size",
}

// imageLabels are those that tell of the image and the flavor of the nodes.
func imageLabels(img *image.Image, flavorType string) object {
	return object{
		"node_image": img.ID, "flavor_type": flavorType, "hypervisor_type": img.Properties["hypervisor_type"],
		"login_username": img.Properties["login_username"], "os_arch": img.Properties["os_architecture"],
		"os_distro": img.Properties["os_distro"], "os_type": img.Properties["os_type"], "os_version": img.Properties["os_version"],
		"project_domain": "NORMAL", "clusterautoscale": "nodegroupfeature", "platform_version": "1.202511.0",
	}
}

// clusterLabels are the labels of a new cluster: those that it was made with,
// what those leave open, and what the service adds.
func clusterLabels(given object) object {
	labels := object{
		"etcd_volume_size": "10", "service_cluster_ip_range": defaultServices, "pods_network_cidr": defaultPods,
		"pods_network_subnet": defaultPodSubnet, "strict_sg_rules": "False", "term_of_validity": "5",
	}
	for k, v := range given {
		if !worker(k) {
			labels[k] = v
		}
	}
	return labels
}

// shownLabels are the labels of a cluster as answers have them.
func (cl *cluster) shownLabels() object {
	o := maps.Clone(cl.labels)
	o["kube_tag"], o["kube_version_status"] = cl.version, versionStatus(cl.version)
	if cl.authority != nil {
		o["certificate_expiry"] = formatTime(cl.admin.expires)
	}
	return o
}

// groupDefaults are what the labels of a node group leave open.
var groupDefaults = object{
	"ca_pod_replicas": "1", "ca_max_node_count": "10", "ca_min_node_count": "1", "ca_scale_down_delay_after_add": "10",
	"ca_scale_down_enable": "true", "ca_scale_down_unneeded_time": "10", "ca_scale_down_util_thresh": "50",
	"clusterautoscale": "nodegroupfeature", "user_script_v2": "",
}

// groupLabels are the labels of a new node group of a cluster.
func groupLabels(cl *cluster, given object) object {
	labels := maps.Clone(groupDefaults)
	for _, from := range []object{cl.labels, given} {
		for k, v := range from {
			if !slices.Contains(controlPlane, k) {
				labels[k] = v
			}
		}
	}
	return labels
}

func (g *nodeGroup) shownLabels() object {
	o := maps.Clone(g.labels)
	o["kube_tag"], o["kube_version_status"] = g.version, versionStatus(g.version)
	return o
}

// list is a list of ids that is joined with colons.
func list(labels object, label string) []string {
	text := frame.Str(labels, label)
	if text == "" {
		return nil
	}
	return strings.Split(text, ":")
}
