package loadbalancer

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// aclGroup is a group of addresses that load balancers let in or keep out. It is
// no part of their trees: it can be changed at any time.
type aclGroup struct {
	id, name, description, action string

	project *project
	order   []*aclTarget // what the request wants for targets; nil for those it has
}

func (g *aclGroup) key() string     { return g.id }
func (g *aclGroup) tree() *balancer { return nil }

// binds tells whether a load balancer has the group.
func (g *aclGroup) binds(b *balancer) bool { return slices.Contains(b.groups, g) }

func (g *aclGroup) body() object {
	bound, targets := []object{}, 0
	for _, b := range g.project.balancers {
		if g.binds(b) {
			bound = append(bound, object{"loadbalancer_id": b.id})
		}
	}
	for _, t := range g.project.targets {
		if t.group == g.id {
			targets++
		}
	}
	return object{
		"id": g.id, "name": g.name, "description": g.description, "action": g.action, "tenant_id": g.project.place.Tenant,
		"loadbalancers": bound, "ipacl_target_count": strconv.Itoa(targets),
	}
}

var aclGroups = &resource[aclGroup, *aclGroup]{
	single: "ipacl_group", plural: "ipacl_groups", argument: "ipacl_group_", title: anACLGroup,
	in:      func(c *call) (*[]*aclGroup, *frame.Reply) { return &c.project.groups, nil },
	read:    readACLGroup,
	changed: aclGroupChanged,
}

func readACLGroup(c *call, in *input, g, old *aclGroup) {
	if old == nil {
		*g = aclGroup{id: frame.NewID(), project: c.project}
		in.need("action")
		in.tenant(c)
		in.choice("action", &g.action, "ALLOW", "DENY")
	}
	in.text("name", maxText, &g.name)
	in.text("description", maxText, &g.description)
	g.order = nil
	v, given := in.Value("ipacl_targets")
	if !given {
		return
	}
	elements, ok := v.([]any)
	if !ok {
		in.invalid("ipacl_targets", v, "Value should be a list")
	}
	g.order = []*aclTarget{}
	for _, e := range elements {
		o, _ := e.(object)
		sub := newInput(o, in.argument+".ipacl_targets")
		t := &aclTarget{id: frame.NewID(), group: g.id, project: c.project}
		sub.target(t)
		in.Refuse(sub.done())
		if slices.ContainsFunc(g.order, func(other *aclTarget) bool { return other.cidr == t.cidr }) {
			in.Refuse(duplicateTarget(t))
		}
		g.order = append(g.order, t)
	}
}

func (g *aclGroup) leave() {
	p := g.project
	for _, b := range p.balancers {
		b.groups = without(b.groups, g)
	}
	g.order = []*aclTarget{}
	aclGroupChanged(p, g, nil)
	p.groups = without(p.groups, g)
}

// aclGroupChanged gives a group the targets that were asked for.
func aclGroupChanged(p *project, g, _ *aclGroup) {
	if g.order != nil {
		p.targets = slices.DeleteFunc(p.targets, func(t *aclTarget) bool { return t.group == g.id })
		p.targets = append(p.targets, g.order...)
	}
}

// aclTarget is an address of a group, or a range of them.
type aclTarget struct {
	id, group, cidr, description string
	project                      *project
}

func (t *aclTarget) key() string     { return t.id }
func (t *aclTarget) tree() *balancer { return nil }
func (t *aclTarget) leave()          { t.project.targets = without(t.project.targets, t) }

func (t *aclTarget) body() object {
	return object{
		"id": t.id, "ipacl_group_id": t.group, "cidr_address": t.cidr, "description": t.description, "tenant_id": t.project.place.Tenant,
	}
}

// target reads what a new target has.
func (in *input) target(t *aclTarget) {
	in.need("cidr_address")
	in.text("cidr_address", maxText, &t.cidr)
	in.text("description", maxText, &t.description)
	address, _, _ := strings.Cut(t.cidr, "/")
	ip, err := netip.ParseAddr(address)
	if strings.Contains(t.cidr, "/") && err == nil {
		_, err = netip.ParsePrefix(t.cidr)
	}
	if err != nil || !ip.Is4() {
		in.invalid("cidr_address", t.cidr, "Value should be an IPv4 address or a range of them in CIDR format")
	}
}

func duplicateTarget(t *aclTarget) *frame.Reply {
	return conflict("Another IP ACL target of this IP ACL group already has cidr_address %s", t.cidr)
}

var aclTargets = &resource[aclTarget, *aclTarget]{
	single: "ipacl_target", plural: "ipacl_targets", argument: "ipacl_target_", title: "IP ACL Target",
	in:     func(c *call) (*[]*aclTarget, *frame.Reply) { return &c.project.targets, nil },
	read:   readACLTarget,
	settle: settleACLTarget,
}

func readACLTarget(c *call, in *input, t, old *aclTarget) {
	if old != nil {
		in.text("description", maxText, &t.description)
		return
	}
	*t = aclTarget{id: frame.NewID(), project: c.project}
	in.need("ipacl_group_id")
	in.tenant(c)
	t.group, _ = in.id("ipacl_group_id")
	_, r := byID(c.project.groups, t.group, anACLGroup)
	in.Refuse(r)
	in.target(t)
}

// settleACLTarget refuses a target that is there already.
func settleACLTarget(c *call, t, old *aclTarget) *frame.Reply {
	for _, other := range c.project.targets {
		if old == nil && other.group == t.group && other.cidr == t.cidr {
			return duplicateTarget(t)
		}
	}
	return nil
}

// bindACLGroups gives a load balancer those groups that the request names, in
// place of those that it has.
func bindACLGroups(c *call) frame.Reply {
	const key = "ipacl_groups_binding"
	b, r := balancers.find(c)
	if r != nil {
		return *r
	}
	in := newInput(c.Body, key+"_")
	elements, ok := c.Body[key].([]any)
	if _, given := in.Value(key); !given {
		in.Refuse(missing(key))
	} else if !ok {
		in.invalid(key, c.Body[key], "Value should be a list")
	}
	var groups []*aclGroup
	for i, e := range elements {
		o, _ := e.(object)
		sub := newInput(o, fmt.Sprintf("%s[%d]", key, i))
		sub.need("ipacl_group_id")
		id, _ := sub.id("ipacl_group_id")
		if in.Refuse(sub.done()); in.Refused != nil {
			break
		}
		g, r := byID(c.project.groups, id, anACLGroup)
		switch {
		case r != nil:
		case slices.Contains(groups, g):
			r = invalid("IP ACL Group %s is named twice.", id)
		case len(groups) > 0 && groups[0].action != g.action:
			r = invalid("The IP ACL groups of a load balancer have to have the same action.")
		}
		in.Refuse(r)
		groups = append(groups, g)
	}
	if r = in.done(); r == nil {
		r = b.busy()
	}
	if r != nil {
		return *r
	}
	b.groups = groups
	bound := []object{}
	for _, g := range groups {
		bound = append(bound, object{"loadbalancer_id": b.id, "ipacl_group_id": g.id})
	}
	b.begin(c, pendingUpdate, nil)
	return frame.Answer(http.StatusOK, bound)
}
