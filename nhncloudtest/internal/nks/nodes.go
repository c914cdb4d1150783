package nks

import (
	"fmt"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blockstorage"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// nodes are the servers of a node group that are still there.
func (g *nodeGroup) nodes() []*compute.Server {
	var out []*compute.Server
	for _, id := range g.servers {
		if v := g.cluster.project.compute.Server(id); v != nil {
			out = append(out, v)
		}
	}
	return out
}

// ready tells whether a node works.
func ready(v *compute.Server) bool { return v.Status() == "ACTIVE" }

// addresses are those of the nodes in the subnet of the cluster.
func (g *nodeGroup) addresses() []string {
	out := []string{}
	for _, v := range g.nodes() {
		if ip := g.cluster.address(v); ip != "" {
			out = append(out, ip)
		}
	}
	return out
}

// address is the one that a node has in the subnet of the cluster.
func (cl *cluster) address(v *compute.Server) string {
	for _, a := range v.Addresses() {
		if a.Subnet == cl.subnet {
			return a.IP.String()
		}
	}
	return ""
}

// launch makes so many nodes more, and says what went wrong.
func (g *nodeGroup) launch(n int, now time.Time) (problem string) {
	p := g.cluster.project.compute
	for range n {
		name := fmt.Sprintf("%s-%s-%s-node-%d", g.cluster.name, g.name[:min(9, len(g.name))], g.tag, g.made)
		o, r := p.ReadOrder(g.server(name))
		var v *compute.Server
		if r == nil {
			v, r = p.Launch(o, now)
		}
		if r != nil {
			return "Failed to create node " + name + ": " + r.Message
		}
		g.made++
		g.servers = append(g.servers, v.ID)
		g.furnish(v)
	}
	return ""
}

// server is the request for a node.
func (g *nodeGroup) server(name string) object {
	cl, labels := g.cluster, g.labels
	networks := []any{object{"subnet": cl.subnet.ID}}
	for _, id := range list(labels, "additional_subnet_id_list") {
		networks = append(networks, object{"subnet": id})
	}
	server := object{
		"name": name, "flavorRef": g.flavor.ID, "key_name": cl.key, "availability_zone": shown(labels["availability_zone"]),
		"networks": networks, "security_groups": []any{object{"name": cl.security.ID}},
	}
	devices := []any{}
	if g.flavor.Local() {
		server["imageRef"] = g.image.ID
	} else {
		devices = append(devices, volume(object{
			"source_type": "image", "uuid": g.image.ID, "boot_index": "0", "volume_type": labels["boot_volume_type"],
			"volume_size": shown(labels["boot_volume_size"]),
		}, labels["boot_volume_key_id"], labels["boot_volume_appkey"]))
	}
	extra, _ := labels["extra_volumes"].([]any)
	for _, e := range extra {
		m := e.(object)
		devices = append(devices, volume(object{
			"source_type": "blank", "volume_type": m["volume_type"], "volume_size": shown(text(m["volume_size"])),
		}, m["volume_key_id"], m["volume_appkey"]))
	}
	server["block_device_mapping_v2"] = devices
	return object{"server": server}
}

// volume is one that a node has to itself, encrypted where there is a key.
func volume(device object, key, appKey any) object {
	device["destination_type"], device["delete_on_termination"] = "volume", true
	if key != nil && key != "" {
		device["nhn_encryption"] = object{"skm_key_id": key, "skm_appkey": appKey}
	}
	return device
}

// furnish gives a new node what a request for a server does not say: names for
// its volumes, and further security groups.
func (g *nodeGroup) furnish(v *compute.Server) {
	extra := 0
	for _, a := range v.Attached {
		if !a.Root {
			a.Volume.Name = blockstorage.TextOf(fmt.Sprintf("%s-%s-%s-extra-volume-%d", g.cluster.name, g.name, v.Name, extra))
			extra++
		}
	}
	groups, _ := g.labels["extra_security_groups"].([]any)
	for _, e := range groups {
		m := e.(object)
		for _, pt := range v.Ports {
			if !slices.ContainsFunc(pt.Fixed, func(f network.Fixed) bool { return f.Subnet.ID == m["target_subnet"] }) {
				continue
			}
			for _, id := range commas(m["security_group_ids"]) {
				if sg := g.cluster.project.network.SecurityGroup(id); sg != nil && !slices.Contains(pt.SecurityGroups, sg) {
					pt.SecurityGroups = append(slices.Clone(pt.SecurityGroups), sg)
				}
			}
		}
	}
}

// remove begins to delete nodes, and says what went wrong.
func (g *nodeGroup) remove(nodes []*compute.Server, now time.Time) (problem string) {
	for _, v := range nodes {
		if r := v.Destroy(now); r != nil {
			return "Failed to delete node " + v.Name + ": " + r.Message
		}
	}
	return ""
}

// node finds a node by the id of its server.
func (g *nodeGroup) node(id, field string) (*compute.Server, *frame.Reply) {
	for _, v := range g.nodes() {
		if v.ID == id {
			return v, nil
		}
	}
	return nil, invalid(field, id, "Node %s could not be found in node group %s.", id, g.name)
}

// stopped are the nodes that do not run.
func (g *nodeGroup) stopped() int {
	n := 0
	for _, v := range g.nodes() {
		if v.Status() == "SHUTOFF" {
			n++
		}
	}
	return n
}
