package nks

import (
	"fmt"
	"strconv"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// versionInfo is the version that the control plane tells.
func (cl *cluster) versionInfo() object {
	y, _ := minor(cl.version)
	return object{
		"major": "1", "minor": strconv.Itoa(y), "gitVersion": cl.version, "gitCommit": "", "gitTreeState": "clean",
		"buildDate": "1970-01-01T00:00:00Z", "goVersion": "go1.22", "compiler": "gc", "platform": "linux/amd64",
	}
}

// nodeList are the nodes that Kubernetes knows. Those that are made, stopped or
// deleted are not among them.
func (cl *cluster) nodeList(now time.Time) object {
	items := []object{}
	for _, g := range cl.groups {
		for _, v := range g.nodes() {
			switch v.Status() {
			case "BUILD", "SHUTOFF", "DELETED":
				continue
			}
			if v.Task != "deleting" && v.Task != "powering-off" {
				items = append(items, g.nodeBody(v, now))
			}
		}
	}
	return object{
		"kind": "NodeList", "apiVersion": "v1", "metadata": object{"resourceVersion": strconv.FormatInt(now.Unix(), 10)}, "items": items,
	}
}

// nodeBody is a node as Kubernetes shows it.
func (g *nodeGroup) nodeBody(v *compute.Server, now time.Time) object {
	labels := object{
		"beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux",
		"kubernetes.io/hostname": v.Name, "node.kubernetes.io/instance-type": v.Flavor.Name, "topology.kubernetes.io/zone": v.Zone,
		"topology.kubernetes.io/region": g.cluster.project.place.Region.Name, "magnum.openstack.org/nodegroup": g.name,
		"magnum.openstack.org/role": "worker",
	}
	for k, value := range g.nodeLabels() {
		labels[k] = value
	}
	resources := object{
		"cpu": strconv.Itoa(v.Flavor.VCPUs), "memory": fmt.Sprintf("%dMi", v.Flavor.RAM), "pods": "110", "ephemeral-storage": "0",
	}
	kubernetesTruth, reason, message := "True", "KubeletReady", "kubelet is posting ready status"
	if !ready(v) {
		kubernetesTruth, reason, message = "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."
	}
	return object{
		"metadata": object{
			"name": v.Name, "uid": v.ID, "creationTimestamp": frame.Seconds(v.Created), "labels": labels,
			"resourceVersion": strconv.FormatInt(v.Updated.Unix(), 10),
		},
		"spec": object{"providerID": "openstack:///" + v.ID},
		"status": object{
			"capacity": resources, "allocatable": resources,
			"conditions": []object{{
				"type": "Ready", "status": kubernetesTruth, "reason": reason, "message": message,
				"lastHeartbeatTime": frame.Seconds(now), "lastTransitionTime": frame.Seconds(v.Launched),
			}},
			"addresses": []object{{"type": "InternalIP", "address": g.cluster.address(v)}, {"type": "Hostname", "address": v.Name}},
			"nodeInfo": object{
				"machineID": v.ID, "systemUUID": v.ID, "bootID": v.ID, "kernelVersion": "", "osImage": g.image.Name,
				"containerRuntimeVersion": "containerd://1.7", "kubeletVersion": g.version, "kubeProxyVersion": g.version,
				"operatingSystem": "linux", "architecture": "amd64",
			},
		},
	}
}
