package nks

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// installed is an add-on of a cluster.
type installed struct {
	*state
	id      string
	cluster *cluster
	offer   *offer
	options object
}

func (a *installed) body() object {
	return object{
		"uuid": a.id, "project_id": a.cluster.project.place.Tenant, "cluster_uuid": a.cluster.id, "cluster_name": a.cluster.name,
		"type": a.offer.kind, "name": a.offer.name, "version": a.offer.version, "options": a.options,
		"status": a.status, "status_reason": frame.Nullable(a.reason), "scope": "cluster", "target_uuid": a.cluster.id,
		"created_at": formatTime(a.created), "updated_at": frame.OrNull(a.updated, formatTime),
	}
}

// order reads a request for an add-on that the cluster does not have.
func (cl *cluster) order(request object) (*installed, *frame.Reply) {
	r := known("addon", request, "name", "version", "options", "resolve_conflicts")
	if r == nil {
		r = need(request, "name", "version")
	}
	if r != nil {
		return nil, r
	}
	name, version := shown(request["name"]), shown(request["version"])
	o := findOffer(name, version)
	if o == nil {
		return nil, badRequest("Addon %s of version %s could not be found.", name, version)
	}
	for _, other := range cl.addons {
		if other.offer.kind == o.kind && other.status != creating+broken {
			return nil, refused(http.StatusConflict, "Addon %s of type %s is already installed.", other.offer.name, o.kind)
		}
	}
	a := &installed{state: &state{}, id: frame.NewID(), cluster: cl, offer: o, options: object{}}
	for _, schema := range o.options {
		a.options[shown(schema["name"])] = schema["default"]
	}
	return a, a.choose(request["options"], false)
}

// choose reads the options of a request. Some stay what they were at first.
func (a *installed) choose(given any, later bool) *frame.Reply {
	if given == nil {
		return nil
	}
	options, ok := given.(object)
	if !ok {
		return invalid("options", given, "Wrong type. Expected '<class 'dict'>'")
	}
	for name, v := range options {
		i := slices.IndexFunc(a.offer.options, func(schema object) bool { return schema["name"] == name })
		if i < 0 {
			return invalid("options", name, "There is no such option.")
		}
		schema := a.offer.options[i]
		switch choices := schema["choices"].([]string); {
		case !slices.Contains(choices, shown(v)):
			return invalid("options."+name, v, "It is none of %v.", choices)
		case later && schema["updatable"] == false && a.options[name] != v:
			return invalid("options."+name, v, "It can't be changed.")
		}
		a.options[name] = v
	}
	return nil
}

// checkResolve checks what is done about conflicts.
func checkResolve(body object) *frame.Reply {
	r := need(body, "resolve_conflicts")
	if r == nil && !slices.Contains([]string{"none", "overwrite", "preserve"}, shown(body["resolve_conflicts"])) {
		r = invalid("resolve_conflicts", body["resolve_conflicts"], "It is none of none, overwrite and preserve.")
	}
	return r
}

// change begins a change of an add-on.
func (a *installed) change(now time.Time, event, doing string, end frame.Deed) {
	a.cluster.begin(now, task{
		event: event, about: a.cluster.resource(), end: end,
		parts: []part{{state: a.cluster.state, doing: updating}, {state: a.state, doing: doing}},
	})
}

// addon finds the add-on that the path names, by its id or its name.
func (c *call) addon(cl *cluster) (*installed, *frame.Reply) {
	ref := c.Value("addon")
	for _, a := range cl.addons {
		if a.id == ref || a.offer.name == ref {
			return a, nil
		}
	}
	return nil, noAddon(ref)
}

func listClusterAddons(c *call) frame.Reply {
	cl, r := c.cluster()
	if r != nil {
		return *r
	}
	addons := []object{}
	for _, a := range cl.addons {
		addons = append(addons, a.body())
	}
	return frame.Answer(http.StatusOK, object{"addons": addons})
}

func getClusterAddon(c *call) frame.Reply {
	cl, r := c.cluster()
	if r != nil {
		return *r
	}
	a, r := c.addon(cl)
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, a.body())
}

func installAddon(c *call) frame.Reply {
	cl, r := c.changeable("Updating")
	if r == nil {
		r = checkResolve(c.Body)
	}
	if r != nil {
		return *r
	}
	a, r := cl.order(c.Body)
	if r != nil {
		return *r
	}
	cl.addons = slices.DeleteFunc(cl.addons, func(o *installed) bool { return o.offer.kind == a.offer.kind }) // one that failed
	cl.addons = append(cl.addons, a)
	a.change(c.Now, "CLUSTER_INSTALL_ADDON", creating, nil)
	return accepted(cl.id)
}

func updateAddon(c *call) frame.Reply {
	cl, r := c.changeable("Updating")
	if r != nil {
		return *r
	}
	a, r := c.addon(cl)
	if r == nil {
		r = known("addon", c.Body, "version", "options", "resolve_conflicts")
	}
	if r == nil {
		r = need(c.Body, "version")
	}
	if r == nil {
		r = checkResolve(c.Body)
	}
	if r != nil {
		return *r
	}
	to := findOffer(a.offer.name, shown(c.Body["version"]))
	if to == nil {
		return *badRequest("Addon %s of version %s could not be found.", a.offer.name, shown(c.Body["version"]))
	}
	changed := &installed{offer: to, options: maps.Clone(a.options)}
	if r := changed.choose(c.Body["options"], true); r != nil {
		return *r
	}
	a.change(c.Now, "CLUSTER_UPDATE_ADDON", updating, addonIs{a, to, changed.options})
	return accepted(cl.id)
}

// removeAddon takes an add-on away, unless it is of a type that clusters need.
func removeAddon(c *call) frame.Reply {
	cl, r := c.changeable("Updating")
	if r != nil {
		return *r
	}
	a, r := c.addon(cl)
	if r != nil {
		return *r
	}
	if slices.ContainsFunc(addonTypes, func(t addonType) bool { return t.name == a.offer.kind && t.mandatory }) {
		return *unsupported("Removing addon %s of the mandatory type %s", a.offer.name, a.offer.kind)
	}
	a.change(c.Now, "CLUSTER_UNINSTALL_ADDON", deleting, addonGone{a})
	return accepted(cl.id)
}
