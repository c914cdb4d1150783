package loadbalancer

import (
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Routes are the calls of the service, for the API of the network service, whose
// endpoint they share.
func (s *Service) Routes() []frame.Route {
	r := &routes{service: s}
	serve(r, "loadbalancer", "/loadbalancers", balancers)
	r.all[len(r.all)-1].Handle = s.handle(deleteBalancer)
	serve(r, "listener", "/listeners", listeners)
	serve(r, "pool", "/pools", pools)
	serve(r, "member", "/pools/{pool}/members", members)
	serve(r, "healthmonitor", "/healthmonitors", monitors)
	serve(r, "errorpage", "/listeners/{listener}/errorpages", errorPages)
	serve(r, "l7policy", "/l7policies", policies)
	serve(r, "l7rule", "/l7policies/{policy}/rules", rules)
	serve(r, "ipacl-group", "/ipacl-groups", aclGroups)
	serve(r, "ipacl-target", "/ipacl-targets", aclTargets)
	r.add("bind-ipacl-groups", "PUT", "/loadbalancers/{id}/bind_ipacl_groups", bindACLGroups)
	return r.all
}

type routes struct {
	service *Service
	all     []frame.Route
}

func (r *routes) add(operation, method, path string, do func(*call) frame.Reply) {
	r.all = append(r.all, frame.Route{
		Operation: "loadbalancer-v2-" + operation, Method: method, Path: "/v2.0/lbaas" + path,
		Dialect: dialect{}, Handle: r.service.handle(do),
	})
}

func (s *Service) handle(do func(*call) frame.Reply) func(*frame.Call) frame.Reply {
	return func(c *frame.Call) frame.Reply { return do(&call{c, s, s.projects[c.Place()]}) }
}

// serve adds the five calls of a kind of parts.
func serve[V any, P pointer[V]](r *routes, name, path string, k *resource[V, P]) {
	r.add("list-"+strings.ReplaceAll(name+"s", "ys", "ies"), "GET", path, k.list)
	r.add("create-"+name, "POST", path, k.create)
	r.add("get-"+name, "GET", path+"/{id}", k.get)
	r.add("update-"+name, "PUT", path+"/{id}", k.update)
	r.add("delete-"+name, "DELETE", path+"/{id}", k.delete)
}
