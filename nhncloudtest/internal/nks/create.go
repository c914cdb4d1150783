package nks

import (
	"regexp"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// clusterFields are those that a request for a cluster can have.
var clusterFields = []string{
	"name", "cluster_template_id", "keypair", "node_count", "labels", "flavor_id", "fixed_network", "fixed_subnet",
	"create_timeout", "addons", "api_ep_ipacl",
}

// order is a request for a cluster, looked through.
type order struct {
	cluster *cluster
	labels  object // as given
	flavor  *compute.Flavor
	image   *image.Image
	nodes   int
}

// known refuses a request with a field that there is none of.
func known(argument string, body object, fields ...string) *frame.Reply {
	for k := range body {
		if !slices.Contains(fields, k) {
			return badRequest("Unknown attribute for argument %s: %s", argument, k)
		}
	}
	return nil
}

// need refuses a request without one of the fields.
func need(body object, fields ...string) *frame.Reply {
	for _, f := range fields {
		if v := body[f]; v == nil || v == "" {
			return missing(f)
		}
	}
	return nil
}

func createCluster(c *call) frame.Reply {
	o, r := c.readCluster()
	if r != nil {
		return *r
	}
	cl := o.cluster
	g := cl.newGroup("default-worker", o.flavor, o.image, o.labels, o.nodes)
	c.project.clusters = append(c.project.clusters, cl)
	t := task{
		event: "CLUSTER_CREATE", about: cl.resource(), parts: []part{{state: cl.state, doing: creating}, g.part(creating)},
		start: func() string {
			if problem := cl.start(c.Now); problem != "" {
				return problem
			}
			return g.launch(g.count, c.Now)
		},
	}
	for _, a := range cl.addons {
		t.parts = append(t.parts, part{state: a.state, doing: creating})
	}
	cl.begin(c.Now, t)
	return accepted(cl.id)
}

// start makes what a cluster has besides its nodes.
func (cl *cluster) start(now time.Time) (problem string) {
	api, err := cl.project.service.listen(cl, "0")
	if err != nil {
		return "Failed to start the Kubernetes API: " + err.Error()
	}
	cl.api = api
	cl.renew(now)
	return cl.guard()
}

func (c *call) readCluster() (*order, *frame.Reply) {
	body := c.Body
	if r := known("cluster", body, clusterFields...); r != nil {
		return nil, r
	}
	if r := need(body, "cluster_template_id"); r != nil {
		return nil, r
	}
	if template := shown(body["cluster_template_id"]); template != templateName && template != templateID {
		return nil, badRequest("ClusterTemplate %s could not be found.", template)
	}
	if r := need(body, "name", "keypair", "node_count", "flavor_id", "fixed_network", "fixed_subnet", "labels"); r != nil {
		return nil, r
	}
	o := &order{cluster: &cluster{
		state: &state{},
		id:    frame.NewID(), name: shown(body["name"]), stack: frame.NewID(), key: shown(body["keypair"]), timeout: 60,
		flavor: shown(body["flavor_id"]), project: c.project,
	}}
	for _, read := range []func(object, *order) *frame.Reply{
		c.readNames, c.readNetwork, c.readNodes, c.readClusterLabels, c.readRanges, c.readWay, c.readExtras,
	} {
		if r := read(body, o); r != nil {
			return nil, r
		}
	}
	return o, nil
}

var nameForm = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$`)

// checkName checks the name of a cluster or a node group.
func checkName(v any) *frame.Reply {
	name, ok := v.(string)
	if !ok || !nameForm.MatchString(name) {
		return invalid("name", v, "A name has at most 20 lowercase letters, digits and hyphens, begins with a letter and ends with none of the hyphens.")
	}
	return nil
}

func (c *call) readNames(body object, o *order) *frame.Reply {
	if r := checkName(body["name"]); r != nil {
		return r
	}
	if c.project.compute.Region.Keys[o.cluster.key] == nil {
		return badRequest("Unable to find keypair %s.", o.cluster.key)
	}
	if v, given := body["create_timeout"]; given && v != nil {
		n, ok := frame.AsInt(v)
		if !ok || n < 0 {
			return invalid("create_timeout", v, "Value should be greater or equal to 0")
		}
		o.cluster.timeout = n
	}
	return nil
}

func (c *call) readNetwork(body object, o *order) *frame.Reply {
	id := shown(body["fixed_network"])
	vpc := c.project.network.Network(id)
	if vpc == nil || vpc.External {
		return badRequest("Unable to find fixed network %s.", id)
	}
	id = shown(body["fixed_subnet"])
	i := slices.IndexFunc(vpc.Subnets, func(sn *network.Subnet) bool { return sn.ID == id })
	if i < 0 {
		return badRequest("Unable to find fixed subnet %s.", id)
	}
	o.cluster.subnet = vpc.Subnets[i]
	return nil
}

func (c *call) readNodes(body object, o *order) (r *frame.Reply) {
	if o.flavor, r = c.flavor(body["flavor_id"]); r != nil {
		return r
	}
	o.nodes, r = nodeCount(body["node_count"], "node_count")
	return r
}

// flavor finds a flavor by its id.
func (c *call) flavor(ref any) (*compute.Flavor, *frame.Reply) {
	id := shown(ref)
	for _, f := range c.project.compute.Region.Flavors {
		if f.ID == id {
			return f, nil
		}
	}
	return nil, badRequest("Unable to find flavor %s.", id)
}

// mostNodes is how many nodes a node group can have.
const mostNodes = 10

func nodeCount(v any, field string) (int, *frame.Reply) {
	n, ok := frame.AsInt(v)
	switch {
	case !ok:
		return 0, invalid(field, v, "Wrong type. Expected '<class 'int'>'")
	case n < 1:
		return 0, invalid(field, v, "Value should be greater or equal to 1")
	case n > mostNodes:
		return 0, refused(403, "Resource limit exceeded: You have reached the maximum nodes per node group, %d.", mostNodes)
	}
	return n, nil
}

func (c *call) readClusterLabels(body object, o *order) (r *frame.Reply) {
	if o.labels, r = readLabels(body); r != nil {
		return r
	}
	for _, label := range []string{
		"availability_zone", "node_image", "boot_volume_type", "boot_volume_size", "cert_manager_api", "ca_enable", "kube_tag",
		"master_lb_floating_ip_enabled",
	} {
		if v := o.labels[label]; v == nil || v == "" {
			return missing("labels." + label)
		}
	}
	cl := o.cluster
	cl.image = shown(o.labels["node_image"])
	if o.image, r = c.image(cl.image, "labels.node_image"); r != nil {
		return r
	}
	if on, _ := frame.AsBool(o.labels["cert_manager_api"]); !on {
		return invalid("labels.cert_manager_api", o.labels["cert_manager_api"], "It must be 'True'.")
	}
	cl.version = shown(o.labels["kube_tag"])
	if !versions[cl.version] {
		return invalid("labels.kube_tag", cl.version, "The Kubernetes version is not supported.")
	}
	if r := c.checkGroupLabels(o.labels, o.image, o.flavor, o.nodes); r != nil {
		return r
	}
	for _, label := range []string{"master_lb_floating_ip_enabled", "strict_sg_rules"} {
		if v, given := o.labels[label]; given {
			if _, ok := frame.AsBool(v); !ok {
				return invalid("labels."+label, v, "It is neither 'True' nor 'False'.")
			}
		}
	}
	cl.labels = clusterLabels(o.labels)
	for k, v := range imageLabels(o.image, o.flavor.ExtraSpecs["flavor_type"]) {
		cl.labels[k] = v
	}
	cl.labels["server_group_meta"] = "k8s_" + cl.id + "_" + frame.NewID()
	return nil
}

// image finds an image that nodes can be made of.
func (c *call) image(id, field string) (*image.Image, *frame.Reply) {
	img := c.project.service.images.Find(c.Place(), id)
	switch {
	case img == nil:
		return nil, badRequest("Image %s could not be found.", id)
	case img.Status != "active":
		return nil, invalid(field, id, "The image is not active.")
	case img.Windows():
		return nil, invalid(field, id, "Nodes can't be made of the image.")
	}
	return img, nil
}

// readWay checks the way to the internet that the nodes have.
func (c *call) readWay(_ object, o *order) *frame.Reply {
	external := frame.Str(o.labels, "external_network_id")
	switch {
	case o.cluster.subnet.Online() && external == "":
		return missing("labels.external_network_id")
	case o.cluster.subnet.Online() && len(list(o.labels, "external_subnet_id_list")) == 0:
		return missing("labels.external_subnet_id_list")
	case !o.cluster.subnet.Online() && external != "":
		return invalid("labels.external_network_id", external, "The subnet is not connected to an internet gateway.")
	case !o.cluster.subnet.Online() && frame.Str(o.labels, "ncr_sgw") == "":
		return missing("labels.ncr_sgw")
	case !o.cluster.subnet.Online() && frame.Str(o.labels, "obs_sgw") == "":
		return missing("labels.obs_sgw")
	case external == "":
		return nil
	}
	vpc := c.project.network.Network(external)
	if vpc == nil || !vpc.External {
		return badRequest("Unable to find external network %s.", external)
	}
	for _, id := range list(o.labels, "external_subnet_id_list") {
		if !slices.ContainsFunc(vpc.Subnets, func(sn *network.Subnet) bool { return sn.ID == id }) {
			return badRequest("Unable to find external subnet %s.", id)
		}
	}
	return nil
}

// readExtras reads the add-ons and the access control that a cluster begins with.
func (c *call) readExtras(body object, o *order) (r *frame.Reply) {
	if v, given := body["api_ep_ipacl"]; given && v != nil {
		if o.cluster.acl, r = readACL(frame.Sub(body, "api_ep_ipacl")); r != nil {
			return r
		}
	}
	v, given := body["addons"]
	if !given || v == nil {
		v = defaultAddons()
	}
	all, ok := v.([]any)
	if !ok {
		return invalid("addons", v, "Wrong type. Expected '<class 'list'>'")
	}
	for _, e := range all {
		request, _ := e.(object)
		a, r := o.cluster.order(request)
		if r != nil {
			return r
		}
		o.cluster.addons = append(o.cluster.addons, a)
	}
	for _, t := range addonTypes {
		if t.mandatory && !slices.ContainsFunc(o.cluster.addons, func(a *installed) bool { return a.offer.kind == t.name }) {
			return invalid("addons", v, "An add-on of the type %s is mandatory.", t.name)
		}
	}
	return nil
}
