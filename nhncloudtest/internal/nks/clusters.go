package nks

import (
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// cluster is a Kubernetes cluster.
type cluster struct {
	*state
	id, name, stack string
	key             string // name of the key pair
	subnet          *network.Subnet
	flavor, image   string // ids, of the first node group
	timeout         int    // minutes
	labels          object
	version         string // of the control plane
	security        *network.SecurityGroup
	groups          []*nodeGroup
	addons          []*installed
	events          []*event
	acl             acl
	authority       *authority
	admin           credentials
	serving         credentials
	api             *kubernetesAPI

	project *project
	pending *frame.Event
}

// templateID is the id of the one cluster template, which requests call by its
// name.
var templateID = frame.FixedID("cluster template")

const templateName = "iaas_console"

func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }

func noCluster(ref string) *frame.Reply {
	return refused(http.StatusNotFound, "Cluster %s could not be found.", ref)
}

// cluster finds the cluster that the path names, by its id or its name.
func (c *call) cluster() (*cluster, *frame.Reply) {
	ref := c.Value("cluster")
	var found []*cluster
	for _, cl := range c.project.clusters {
		if cl.id == ref {
			return cl, nil
		}
		if cl.name == ref {
			found = append(found, cl)
		}
	}
	switch len(found) {
	case 0:
		return nil, noCluster(ref)
	case 1:
		return found[0], nil
	}
	return nil, refused(http.StatusConflict, "Multiple clusters exist with same name. Please use the cluster uuid instead.")
}

// changeable finds the cluster that the path names, for a change.
func (c *call) changeable(doing string) (*cluster, *frame.Reply) {
	cl, r := c.cluster()
	if r == nil {
		r = cl.free(doing)
	}
	return cl, r
}

func listClusters(c *call) frame.Reply {
	clusters := []object{}
	for _, cl := range c.project.clusters {
		clusters = append(clusters, c.clusterSummary(cl))
	}
	return frame.Answer(http.StatusOK, object{"clusters": clusters})
}

func getCluster(c *call) frame.Reply {
	cl, r := c.cluster()
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, c.clusterBody(cl))
}

// nodeCount is how many nodes all node groups have.
func (cl *cluster) nodeCount() int {
	n := 0
	for _, g := range cl.groups {
		n += g.count
	}
	return n
}

// clusterSummary is the cluster as lists show it.
func (c *call) clusterSummary(cl *cluster) object {
	return object{
		"uuid": cl.id, "name": cl.name, "status": cl.status, "stack_id": cl.stack, "cluster_template_id": templateID,
		"create_timeout": cl.timeout, "docker_volume_size": nil, "flavor_id": cl.flavor, "keypair": cl.key,
		"node_count": cl.nodeCount(), "labels": cl.shownLabels(), "links": c.links("clusters/" + cl.id),
		"health_status": cl.health(),
	}
}

func (c *call) clusterBody(cl *cluster) object {
	o := c.clusterSummary(cl)
	addresses := []string{}
	for _, g := range cl.groups {
		addresses = append(addresses, g.addresses()...)
	}
	o["node_addresses"], o["health_status_reason"] = addresses, cl.healthReason()
	o["api_address"], o["coe_version"], o["container_version"] = nil, cl.coeVersion(), "1.12.6"
	if cl.up() {
		o["api_address"] = cl.api.url
	}
	o["fixed_network"], o["fixed_subnet"], o["floating_ip_enabled"] = cl.subnet.Network.ID, cl.subnet.ID, false
	o["project_id"], o["user_id"] = cl.project.place.Tenant, identity.UserID
	o["status_reason"] = frame.Nullable(cl.reason)
	o["created_at"], o["updated_at"] = formatTime(cl.created), frame.OrNull(cl.updated, formatTime)
	return o
}

// up tells whether the control plane of the cluster runs.
func (cl *cluster) up() bool {
	return cl.status != creating+inProgress && cl.status != creating+broken && cl.api != nil
}

// coeVersion is the version that the cluster tells; it lags behind that of the
// control plane until all node groups have that too.
func (cl *cluster) coeVersion() string {
	version := cl.version
	for _, g := range cl.groups {
		if compareVersions(g.version, version) < 0 {
			version = g.version
		}
	}
	return version
}

// health is what the service thinks of a cluster; nothing while it is made.
func (cl *cluster) health() any {
	if !cl.up() {
		return nil
	}
	for _, g := range cl.groups {
		for _, v := range g.nodes() {
			if !ready(v) && v.Status() != "SHUTOFF" {
				return "UNHEALTHY"
			}
		}
	}
	return "HEALTHY"
}

func (cl *cluster) healthReason() object {
	o := object{}
	if !cl.up() {
		return o
	}
	o["api"] = "ok"
	for _, g := range cl.groups {
		for _, v := range g.nodes() {
			o[v.Name+".Ready"] = truth(ready(v))
		}
	}
	return o
}

// deleteCluster begins to delete a cluster with its nodes, whatever else is
// under way, as Heat does.
func deleteCluster(c *call) frame.Reply {
	cl, r := c.cluster()
	if r != nil {
		return *r
	}
	if cl.status == deleting+inProgress {
		return frame.Answer(http.StatusNoContent, nil)
	}
	t := task{
		event: "CLUSTER_DELETE", about: cl.resource(), parts: []part{{state: cl.state, doing: deleting}},
		start: func() string {
			for _, g := range cl.groups {
				if problem := g.remove(g.nodes(), c.Now); problem != "" {
					return problem
				}
			}
			return ""
		},
		end: clusterGone{cl},
	}
	for _, g := range cl.groups {
		t.parts = append(t.parts, g.part(deleting))
	}
	cl.begin(c.Now, t)
	return frame.Answer(http.StatusNoContent, nil)
}
