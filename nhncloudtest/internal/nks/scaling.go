package nks

import (
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// byHand refuses to change the nodes of a group by hand that the autoscaler
// looks after.
func (g *nodeGroup) byHand(doing string) *frame.Reply {
	if g.scales() {
		return unsupported("%s a nodegroup on which the cluster autoscaler is enabled", doing)
	}
	return nil
}

// resize gives a node group another number of nodes.
func resize(c *call) frame.Reply {
	cl, r := c.changeable("Resizing")
	if r == nil {
		r = known("cluster_resize_req", c.Body, "node_count", "nodegroup", "nodes_to_remove")
	}
	if r == nil {
		r = need(c.Body, "node_count", "nodegroup")
	}
	if r != nil {
		return *r
	}
	g, r := cl.group(shown(c.Body["nodegroup"]))
	if r == nil {
		r = g.byHand("Resizing")
	}
	if r != nil {
		return *r
	}
	count, r := nodeCount(c.Body["node_count"], "node_count")
	if r != nil {
		return *r
	}
	gone, r := g.toRemove(c.Body["nodes_to_remove"], count)
	if r != nil {
		return *r
	}
	before := g.count
	g.update(c.Now, task{
		event: "CLUSTER_RESIZE",
		start: func() string {
			g.count = count
			if count > before {
				return g.launch(count-before, c.Now)
			}
			return g.remove(gone, c.Now)
		},
	})
	return accepted(cl.id)
}

// toRemove are the nodes that go when a group shrinks: those that are named, and
// where these are not enough the latest of the others.
func (g *nodeGroup) toRemove(given any, count int) ([]*compute.Server, *frame.Reply) {
	named, ok := given.([]any)
	if given != nil && !ok {
		return nil, invalid("nodes_to_remove", given, "Wrong type. Expected '<class 'list'>'")
	}
	var gone []*compute.Server
	for _, id := range named {
		v, r := g.node(shown(id), "nodes_to_remove")
		if r != nil {
			return nil, r
		}
		if !slices.Contains(gone, v) {
			gone = append(gone, v)
		}
	}
	surplus := max(g.count-count, 0)
	if len(gone) > surplus {
		return nil, invalid("nodes_to_remove", given, "A change from %d nodes to %d removes %d.", g.count, count, surplus)
	}
	for _, v := range slices.Backward(g.nodes()) {
		if len(gone) < surplus && !slices.Contains(gone, v) {
			gone = append(gone, v)
		}
	}
	return gone, nil
}

// readNodeList reads the nodes that are to be started or stopped.
func (c *call) readNodeList(g *nodeGroup) (nodes []*compute.Server, r *frame.Reply) {
	if r := need(c.Body, "node_list"); r != nil {
		return nil, r
	}
	for _, id := range strings.Split(shown(c.Body["node_list"]), ":") {
		v, r := g.node(id, "node_list")
		if r != nil {
			return nil, r
		}
		if !slices.Contains(nodes, v) {
			nodes = append(nodes, v)
		}
	}
	return nodes, nil
}

func stopNodes(c *call) frame.Reply {
	g, r := c.changeableGroup()
	if r == nil {
		r = g.byHand("Stopping nodes of")
	}
	if r != nil {
		return *r
	}
	nodes, r := c.readNodeList(g)
	switch {
	case r != nil:
		return *r
	case len(nodes)+g.stopped() >= len(g.nodes()):
		return *unsupported("Stopping all nodes of a nodegroup")
	}
	return c.power(g, nodes, "ACTIVE", "NODEGROUP_NODE_ACTION_STOP_NODE", (*compute.Server).Stop)
}

func startNodes(c *call) frame.Reply {
	g, r := c.changeableGroup()
	if r != nil {
		return *r
	}
	nodes, r := c.readNodeList(g)
	if r != nil {
		return *r
	}
	return c.power(g, nodes, "SHUTOFF", "NODEGROUP_NODE_ACTION_START_NODE", (*compute.Server).Start)
}

// power starts or stops nodes that are in a status.
func (c *call) power(g *nodeGroup, nodes []*compute.Server, status, event string, do func(*compute.Server, time.Time) *frame.Reply) frame.Reply {
	for _, v := range nodes {
		if v.Status() != status {
			return *invalid("node_list", v.ID, "The node is %s.", v.Status())
		}
	}
	g.update(c.Now, task{event: event, start: func() string {
		for _, v := range nodes {
			if r := do(v, c.Now); r != nil {
				return r.Message
			}
		}
		return ""
	}})
	return accepted(g.id)
}

// changeFlavor gives the nodes of a group another flavor, which is two steps for
// a server: the resize, and its confirmation.
func changeFlavor(c *call) frame.Reply {
	g, r := c.changeableGroup()
	if r == nil {
		r = need(c.Body, "flavor_id")
	}
	if r == nil {
		r = g.checkBuffer(c.Body)
	}
	if r != nil {
		return *r
	}
	flavor, r := c.flavor(c.Body["flavor_id"])
	switch {
	case r != nil:
		return *r
	case g.flavor.Local() || flavor.Local():
		return *unsupported("Changing flavor %s to %s", g.flavor.Name, flavor.Name)
	case flavor == g.flavor:
		return *invalid("flavor_id", flavor.ID, "The nodes have that flavor.")
	case g.stopped() > 0:
		return *unsupported("Changing the flavor of a nodegroup with stopped nodes")
	}
	g.update(c.Now, task{
		event: "NODEGROUP_UPDATE_FLAVOR", transitions: 2,
		start: func() string {
			for _, v := range g.nodes() {
				if r := v.Resize(flavor, c.Now); r != nil {
					return r.Message
				}
			}
			return ""
		},
		end: hasFlavor{g, flavor},
	})
	return accepted(g.id)
}

// checkBuffer checks how many nodes a rolling change puts in and takes out.
func (g *nodeGroup) checkBuffer(body object) *frame.Reply {
	most := g.setting("ca_max_node_count", mostNodes)
	for _, limit := range []struct {
		field       string
		least, most int
	}{{"num_buffer_nodes", 0, max(most-g.count, 0)}, {"num_max_unavailable_nodes", 1, g.count}} {
		v := body[limit.field]
		if v == nil {
			continue
		}
		if n, ok := frame.AsInt(v); !ok || n < limit.least || n > limit.most {
			return invalid(limit.field, v, "It is not between %d and %d.", limit.least, limit.most)
		}
	}
	return nil
}

// upgrade gives the control plane or a node group another version of Kubernetes.
func upgrade(c *call) frame.Reply {
	cl, r := c.changeable("Upgrading")
	if r == nil {
		r = known("cluster_upgrade_req", c.Body, "version", "num_buffer_nodes", "num_max_unavailable_nodes")
	}
	if r == nil {
		r = need(c.Body, "version")
	}
	if r != nil {
		return *r
	}
	version := shown(c.Body["version"])
	if !versions[version] {
		return *invalid("version", version, "The Kubernetes version is not supported.")
	}
	if c.Value("nodegroup") == masterName {
		return c.upgradeMaster(cl, version)
	}
	g, r := cl.group(c.Value("nodegroup"))
	if r == nil {
		r = g.checkBuffer(c.Body)
	}
	switch {
	case r != nil:
		return *r
	case version == g.version:
		return *invalid("version", version, "The nodegroup has that version.")
	case version != cl.version:
		return *invalid("version", version, "The control plane has version %s and is upgraded first.", cl.version)
	case g.stopped() > 0:
		return *unsupported("Upgrading a nodegroup with stopped nodes")
	}
	g.update(c.Now, task{event: "NODEGROUP_UPGRADE", end: hasVersion{group: g, version: version}})
	return accepted(g.id)
}

// upgradeMaster upgrades the control plane, to a later version that is at most
// one minor version ahead of that of all nodes.
func (c *call) upgradeMaster(cl *cluster, version string) frame.Reply {
	from, _ := minor(cl.version)
	to, _ := minor(version)
	switch {
	case compareVersions(version, cl.version) <= 0:
		return *invalid("version", version, "The control plane has version %s; there is no way back.", cl.version)
	case to > from+1:
		return *invalid("version", version, "The control plane has version %s; an upgrade is to the next minor version.", cl.version)
	case cl.coeVersion() != cl.version:
		return *unsupported("Upgrading the control plane ahead of all nodegroups")
	}
	cl.begin(c.Now, task{
		event: "NODEGROUP_UPGRADE", about: resource{"nodegroup", cl.masterID(), masterName},
		parts: []part{{state: cl.state, doing: updating}}, end: hasVersion{cluster: cl, version: version},
	})
	return accepted(cl.masterID())
}

// masterID is the id of the node group of the control plane.
func (cl *cluster) masterID() string { return frame.FixedID(masterName, cl.id) }

func setUserScript(c *call) frame.Reply {
	g, r := c.changeableGroup()
	if r == nil {
		r = known("userscript", c.Body, "contents")
	}
	if r != nil {
		return *r
	}
	contents, ok := c.Body["contents"].(string)
	if !ok {
		return *missing("contents")
	}
	g.update(c.Now, task{event: "NODEGROUP_USERSCRIPT_UPDATE", end: labelled{group: g, set: object{"user_script_v2": contents}}})
	return accepted(g.id)
}
