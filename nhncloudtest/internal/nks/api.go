package nks

import (
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// API is what the frame serves.
func (s *Service) API() *frame.API {
	const (
		clusters = "/v1/clusters"
		one      = clusters + "/{cluster}"
		groups   = one + "/nodegroups"
		group    = groups + "/{nodegroup}"
		addons   = one + "/addons"
	)
	var routes []frame.Route
	add := func(operation, method, path string, do func(*call) frame.Reply) *frame.Route {
		routes = append(routes, frame.Route{Operation: operation, Method: method, Path: path, Handle: s.handle(do)})
		return &routes[len(routes)-1]
	}
	// list adds a call that is documented with a slash at its end, and goes without.
	list := func(operation, method, path string, do func(*call) frame.Reply) {
		add(operation, method, path, do)
		add(operation, method, path+"/{$}", do)
	}
	add("nks-list-clusters", "GET", clusters, listClusters)
	add("nks-create-cluster", "POST", clusters, createCluster)
	add("nks-get-cluster", "GET", one, getCluster)
	add("nks-delete-cluster", "DELETE", one, deleteCluster)
	s.byType(add("", "PATCH", one, unknownType), map[string]change{
		"control_plane_log": {"nks-set-control-plane-log", setControlPlaneLog},
	})
	add("nks-list-cluster-events", "GET", one+"/events", listEvents)
	add("nks-get-cluster-event", "GET", one+"/events/{event}", getEvent)
	add("nks-resize-nodegroup", "POST", one+"/actions/resize", resize)
	add("nks-update-service-gateways", "POST", one+"/actions/update_sgw", updateServiceGateways)
	add("nks-get-kubeconfig", "GET", one+"/config", getKubeconfig)
	add("nks-set-api-endpoint-ipacl", "POST", one+"/api_ep_ipacl", setACL)
	add("nks-get-api-endpoint-ipacl", "GET", one+"/api_ep_ipacl", getACL)
	add("nks-renew-certificate", "PATCH", "/v1/certificates/{cluster}", renewCertificate)

	add("nks-list-nodegroups", "GET", groups, listNodeGroups)
	add("nks-create-nodegroup", "POST", groups, createNodeGroup)
	add("nks-get-nodegroup", "GET", group, getNodeGroup)
	add("nks-delete-nodegroup", "DELETE", group, deleteNodeGroup)
	s.byType(add("", "PATCH", group, unknownType), map[string]change{
		"metric_base_autoscale": {"nks-set-metric-autoscaler", setMetricAutoscaler},
		"flavor_id":             {"nks-change-nodegroup-flavor", changeFlavor},
		"fip_auto_bind":         {"nks-set-floatingip-auto-bind", setFloatingIPAutoBind},
		"k8s_node_labels":       {"nks-set-node-labels", setNodeLabels},
	})
	add("nks-stop-nodes", "POST", group+"/stop_node", stopNodes)
	add("nks-start-nodes", "POST", group+"/start_node", startNodes)
	add("nks-get-autoscaler", "GET", group+"/autoscale", getAutoscaler)
	add("nks-set-autoscaler", "POST", group+"/autoscale", setAutoscaler)
	add("nks-upgrade-nodegroup", "POST", group+"/upgrade", upgrade)
	add("nks-set-user-script", "POST", group+"/userscript", setUserScript)

	list("nks-list-addon-types", "GET", "/v1/addon_types", listAddonTypes)
	add("nks-get-addon-type", "GET", "/v1/addon_types/{type}", getAddonType)
	list("nks-list-addons", "GET", "/v1/addons", listAddons)
	add("nks-get-addon", "GET", "/v1/addons/{addon}", getAddon)
	list("nks-list-cluster-addons", "GET", addons, listClusterAddons)
	list("nks-install-cluster-addon", "POST", addons, installAddon)
	add("nks-get-cluster-addon", "GET", addons+"/{addon}", getClusterAddon)
	add("nks-update-cluster-addon", "PATCH", addons+"/{addon}", updateAddon)
	add("nks-remove-cluster-addon", "DELETE", addons+"/{addon}", removeAddon)
	add("nks-get-supports", "GET", "/v1/supports", getSupports)
	return &frame.API{
		Name: "container-infra", Dialect: dialect{}, Admit: s.admit, Close: s.close, Routes: routes,
		Catalog: frame.Catalog{Type: "container-infra", Name: "magnum", Path: "/container-infra/v1"},
	}
}

func (s *Service) handle(do func(*call) frame.Reply) func(*frame.Call) frame.Reply {
	return func(c *frame.Call) frame.Reply { return do(&call{c, s.projects[c.Place()]}) }
}

// change is one of those that share a path and are told apart by the type in
// the body.
type change struct {
	operation string
	do        func(*call) frame.Reply
}

func (s *Service) byType(route *frame.Route, changes map[string]change) {
	route.Actions = map[string]frame.Route{}
	for name, ch := range changes {
		route.Actions[name] = frame.Route{Operation: ch.operation, Handle: s.handle(ch.do)}
	}
	route.ActionOf = func(body object) string { return frame.Str(body, "type") }
}

func unknownType(c *call) frame.Reply {
	if c.Body["type"] == nil {
		return *missing("type")
	}
	return *invalid("type", c.Body["type"], "There is no such change.")
}

// accepted answers a change with the id of what it is about.
func accepted(id string) frame.Reply {
	return frame.Answer(http.StatusAccepted, object{"uuid": id})
}

// links are those of something, below the base of the service.
func (c *call) links(path string) []object {
	base := c.Frame.URL + c.Region.Prefix + "/" + c.API.Name
	return []object{{"href": base + "/v1/" + path, "rel": "self"}, {"href": base + "/" + path, "rel": "bookmark"}}
}
