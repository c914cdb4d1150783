package loadbalancer

import (
	"cmp"
	"math"
	"net/url"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// policy is what a listener does with some requests.
type policy struct {
	id, name, description string
	up                    bool
	action                string
	pool                  *pool  // to redirect to
	url                   string // to redirect to
	code                  int    // of the redirect to a URL
	position              int    // among those of the listener, from 1 on
	listener              *listener
	rules                 []*rule
}

const toPool, toURL = "REDIRECT_TO_POOL", "REDIRECT_TO_URL"

func (p *policy) key() string     { return p.id }
func (p *policy) tree() *balancer { return p.listener.balancer }

func (p *policy) body() object {
	o := object{
		"id": p.id, "name": p.name, "description": p.description, "tenant_id": p.tree().project.place.Tenant, "admin_state_up": p.up,
		"listener_id": p.listener.id, "action": p.action, "position": p.position, "rules": refs(p.rules...),
		"redirect_pool_id": nil, "redirect_url": frame.Nullable(p.url), "redirect_http_code": frame.Nullable(p.code),
	}
	if p.pool != nil {
		o["redirect_pool_id"] = p.pool.id
	}
	return o
}

var policies = &resource[policy, *policy]{
	single: "l7policy", plural: "l7policies", argument: "l7policy_", title: aPolicy,
	in:      func(c *call) (*[]*policy, *frame.Reply) { return &c.project.policies, nil },
	read:    readPolicy,
	changed: policyChanged,
}

func readPolicy(c *call, in *input, p, old *policy) {
	if old == nil {
		*p = policy{id: frame.NewID(), up: true, position: math.MaxInt32}
		in.need("listener_id", "action")
		in.tenant(c)
		id, _ := in.id("listener_id")
		l, r := byID(c.project.listeners, id, aListener)
		if r == nil && !l.web() {
			r = invalid("A %s listener cannot have L7 policies; only an HTTP or a %s listener has.", l.protocol, terminated)
		}
		in.Refuse(r)
		p.listener = l
	}
	in.named(&p.name, &p.description, &p.up)
	in.number("position", 1, math.MaxInt32, &p.position)
	in.choice("action", &p.action, toPool, toURL, "REJECT")
	c.redirect(in, p)
}

// redirect reads where a policy leads to. What belongs to another action goes.
func (c *call) redirect(in *input, p *policy) {
	id, _ := in.id("redirect_pool_id")
	target, _ := in.id("redirect_url")
	code, _ := in.Value("redirect_http_code")
	if in.Refused != nil {
		return
	}
	if id != "" && p.action != toPool || (target != "" || code != nil) && p.action != toURL {
		in.Refuse(invalid("An L7 policy has a redirect_pool_id with %s, and a redirect_url and a redirect_http_code with %s alone.", toPool, toURL))
		return
	}
	if p.action != toPool {
		p.pool = nil
	}
	if p.action != toURL {
		p.url, p.code = "", 0
	}
	switch p.action {
	case toPool:
		var r *frame.Reply
		if id != "" {
			p.pool, r = byID(of(c.project.pools, p.tree()), id, aPool)
		}
		switch {
		case r != nil:
			in.Refuse(r)
		case p.pool == nil:
			in.Refuse(missing("redirect_pool_id"))
		default:
			in.Refuse(fits(p.listener, p.pool))
		}
	case toURL:
		p.code = cmp.Or(p.code, 302)
		if code != nil {
			in.number("redirect_http_code", 301, 302, &p.code)
		}
		in.text("redirect_url", 2048, &p.url)
		if p.url == "" {
			in.Refuse(missing("redirect_url"))
		} else if _, err := url.Parse(placeholders.Replace(p.url)); err != nil {
			in.invalid("redirect_url", p.url, "Value should be a URL")
		}
	}
}

func (p *policy) leave() {
	all := p.tree().project
	all.policies = without(all.policies, p)
	count(all, p.listener, nil)
}

// policyChanged puts a policy where it wants to be.
func policyChanged(all *project, p, _ *policy) { count(all, p.listener, p) }

// count counts the policies of a listener anew, with one that has another place.
func count(project *project, l *listener, p *policy) {
	var all []*policy
	for _, other := range project.policies {
		if other.listener == l && other != p {
			all = append(all, other)
		}
	}
	slices.SortFunc(all, func(a, b *policy) int { return cmp.Compare(a.position, b.position) })
	if p != nil {
		all = slices.Insert(all, min(p.position-1, len(all)), p)
	}
	for i, other := range all {
		other.position = i + 1
	}
}
