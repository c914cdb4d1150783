package nks

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
)

// nodeGroup is a group of nodes of a cluster that are made alike.
type nodeGroup struct {
	*state
	number          int
	id, name, stack string
	tag             string // in the names of its nodes
	cluster         *cluster
	flavor          *compute.Flavor
	image           *image.Image
	labels          object
	version         string   // of Kubernetes on the nodes
	count           int      // nodes that it is to have
	servers         []string // their ids
	made            int      // nodes that it ever had
}

// masterName is the node group of the control plane. It can be upgraded, but
// its users don't get to see it.
const masterName = "default-master"

// newGroup adds a node group without nodes to a cluster.
func (cl *cluster) newGroup(name string, flavor *compute.Flavor, img *image.Image, given object, count int) *nodeGroup {
	g := &nodeGroup{
		state:  &state{},
		number: cl.project.service.number(), id: frame.NewID(), name: name, stack: frame.NewID(), tag: frame.NewHexID()[:12],
		cluster: cl, flavor: flavor, image: img, labels: groupLabels(cl, given), version: cl.version, count: count,
	}
	for k, v := range imageLabels(img, flavor.ExtraSpecs["flavor_type"]) {
		g.labels[k] = v
	}
	g.labels["server_group_meta"] = "k8s_" + cl.id + "_" + g.id
	cl.groups = append(cl.groups, g)
	return g
}

// setting is the number that a label has, or another one.
func (g *nodeGroup) setting(label string, otherwise int) int {
	n, err := strconv.Atoi(shown(g.labels[label]))
	if err != nil {
		return otherwise
	}
	return n
}

// scales tells whether the cluster autoscaler looks after the node group.
func (g *nodeGroup) scales() bool {
	on, _ := frame.AsBool(g.labels["ca_enable"])
	return on
}

// summary is the node group as lists show it.
func (g *nodeGroup) summary() object {
	return object{
		"uuid": g.id, "name": g.name, "flavor_id": g.flavor.ID, "image_id": g.image.ID, "is_default": false, "role": "worker",
		"min_node_count": g.setting("ca_min_node_count", 1), "max_node_count": g.setting("ca_max_node_count", mostNodes),
		"node_count": g.count, "stack_id": g.stack, "status": g.status,
	}
}

func (c *call) groupBody(g *nodeGroup) object {
	o := g.summary()
	o["id"], o["cluster_id"], o["project_id"], o["docker_volume_size"] = g.number, g.cluster.id, g.cluster.project.place.Tenant, nil
	o["labels"], o["links"], o["node_addresses"] = g.shownLabels(), c.links("clusters/"+g.cluster.id+"/nodegroups/"+g.id), g.addresses()
	o["status_reason"], o["version"] = frame.Nullable(g.reason), g.version
	o["created_at"], o["updated_at"] = formatTime(g.created), frame.OrNull(g.updated, formatTime)
	return o
}

// group finds the node group of a cluster by its id or its name.
func (cl *cluster) group(ref string) (*nodeGroup, *frame.Reply) {
	if ref == masterName {
		return nil, refused(http.StatusForbidden, "Policy doesn't allow nodegroup:get to be performed.")
	}
	for _, g := range cl.groups {
		if g.id == ref || g.name == ref {
			return g, nil
		}
	}
	return nil, refused(http.StatusNotFound, "Nodegroup %s could not be found.", ref)
}

// group finds the node group that the path names.
func (c *call) group() (*nodeGroup, *frame.Reply) {
	cl, r := c.cluster()
	if r != nil {
		return nil, r
	}
	return cl.group(c.Value("nodegroup"))
}

// changeableGroup finds the node group that the path names, for a change.
func (c *call) changeableGroup() (*nodeGroup, *frame.Reply) {
	g, r := c.group()
	if r == nil {
		r = g.cluster.free("Updating")
	}
	return g, r
}

func listNodeGroups(c *call) frame.Reply {
	cl, r := c.cluster()
	if r != nil {
		return *r
	}
	groups := []object{}
	for _, g := range cl.groups {
		groups = append(groups, g.summary())
	}
	return frame.Answer(http.StatusOK, object{"nodegroups": groups})
}

func getNodeGroup(c *call) frame.Reply {
	g, r := c.group()
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, c.groupBody(g))
}

func createNodeGroup(c *call) frame.Reply {
	cl, r := c.changeable("Creating a nodegroup of")
	if r != nil {
		return *r
	}
	g, r := c.readNodeGroup(cl)
	if r != nil {
		return *r
	}
	cl.begin(c.Now, task{
		event: "NODEGROUP_CREATE", about: g.resource(), parts: []part{{state: cl.state, doing: updating}, g.part(creating)},
		start: func() string { return g.launch(g.count, c.Now) },
	})
	o := c.groupBody(g)
	for _, k := range []string{
		"id", "created_at", "updated_at", "docker_volume_size", "is_default", "node_addresses", "stack_id", "status", "status_reason", "version",
	} {
		delete(o, k)
	}
	o["max_node_count"] = nil
	return frame.Answer(http.StatusAccepted, o)
}

func (c *call) readNodeGroup(cl *cluster) (*nodeGroup, *frame.Reply) {
	body := c.Body
	r := known("nodegroup", body, "name", "node_count", "flavor_id", "image_id", "labels")
	if r == nil {
		r = need(body, "name", "flavor_id", "image_id", "labels")
	}
	if r == nil {
		r = checkName(body["name"])
	}
	if r != nil {
		return nil, r
	}
	name := shown(body["name"])
	if name == masterName || slices.ContainsFunc(cl.groups, func(g *nodeGroup) bool { return g.name == name }) {
		return nil, refused(http.StatusConflict, "A node group with name %s already exists in the cluster %s.", name, cl.id)
	}
	flavor, r := c.flavor(body["flavor_id"])
	if r != nil {
		return nil, r
	}
	img, r := c.image(shown(body["image_id"]), "image_id")
	if r != nil {
		return nil, r
	}
	count := 1
	if v := body["node_count"]; v != nil {
		if count, r = nodeCount(v, "node_count"); r != nil {
			return nil, r
		}
	}
	labels, r := readLabels(body)
	if r != nil {
		return nil, r
	}
	for _, label := range []string{"availability_zone", "boot_volume_type", "boot_volume_size", "ca_enable"} {
		if v := labels[label]; v == nil || v == "" {
			return nil, missing("labels." + label)
		}
	}
	if r := c.checkGroupLabels(labels, img, flavor, count); r != nil {
		return nil, r
	}
	return cl.newGroup(name, flavor, img, labels, count), nil
}

func deleteNodeGroup(c *call) frame.Reply {
	g, r := c.changeableGroup()
	if r != nil {
		return *r
	}
	cl := g.cluster
	cl.begin(c.Now, task{
		event: "NODEGROUP_DELETE", about: g.resource(), parts: []part{{state: cl.state, doing: updating}, g.part(deleting)},
		start: func() string { return g.remove(g.nodes(), c.Now) },
		end:   groupGone{g},
	})
	return frame.Answer(http.StatusNoContent, nil)
}
