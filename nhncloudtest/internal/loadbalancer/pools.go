package loadbalancer

import (
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// pool is a group of members.
type pool struct {
	id, name, description string
	algorithm, protocol   string
	up                    bool
	memberPort            int
	persistence, cookie   string
	listener              *listener // whose default pool a new one becomes
	balancer              *balancer
	members               []*member
}

func (pl *pool) key() string     { return pl.id }
func (pl *pool) tree() *balancer { return pl.balancer }

// monitor is the health monitor of the pool; nil when it has none.
func (pl *pool) monitor() *monitor {
	all := pl.balancer.project.monitors
	if i := slices.IndexFunc(all, func(m *monitor) bool { return m.pool == pl }); i >= 0 {
		return all[i]
	}
	return nil
}

func (pl *pool) body() object {
	var used []*listener
	for _, l := range pl.balancer.project.listeners {
		if l.pool == pl {
			used = append(used, l)
		}
	}
	o := object{
		"id": pl.id, "name": pl.name, "description": pl.description, "tenant_id": pl.balancer.project.place.Tenant,
		"lb_algorithm": pl.algorithm, "protocol": pl.protocol, "admin_state_up": pl.up, "member_port": pl.memberPort,
		"session_persistence": nil, "healthmonitor_id": nil, "loadbalancers": refs(pl.balancer), "listeners": refs(used...),
		"members": refs(pl.members...),
	}
	if pl.persistence != "" {
		o["session_persistence"] = object{"type": pl.persistence, "cookie_name": frame.Nullable(pl.cookie)}
	}
	if m := pl.monitor(); m != nil {
		o["healthmonitor_id"] = m.id
	}
	return o
}

var pools = &resource[pool, *pool]{
	single: "pool", plural: "pools", argument: "pool_", title: aPool,
	limit:   func(q Quota) int { return q.Pools },
	filters: map[string]network.Filter{"loadbalancer_id": hasRef("loadbalancers"), "listener_id": hasRef("listeners")},
	in:      func(c *call) (*[]*pool, *frame.Reply) { return &c.project.pools, nil },
	read:    readPool, settle: settlePool, changed: poolChanged, removable: unusedPool,
}

func readPool(c *call, in *input, pl, old *pool) {
	if old == nil {
		*pl = pool{id: frame.NewID(), up: true, memberPort: -1}
		in.need("lb_algorithm", "protocol")
		in.tenant(c)
		in.choice("protocol", &pl.protocol, "TCP", "HTTP", "HTTPS")
		in.Refuse(c.findTree(in, pl))
	}
	in.number("member_port", -1, 65535, &pl.memberPort)
	if pl.memberPort == 0 {
		in.invalid("member_port", 0, "Value should be -1 or at least 1")
	}
	in.choice("lb_algorithm", &pl.algorithm, "ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP")
	in.named(&pl.name, &pl.description, &pl.up)
	in.sessionPersistence(pl)
}

// findTree finds where a new pool belongs.
func (c *call) findTree(in *input, pl *pool) (r *frame.Reply) {
	balancerID, _ := in.id("loadbalancer_id")
	listenerID, _ := in.id("listener_id")
	if balancerID == "" && listenerID == "" {
		return invalid("Must provide at least one of: loadbalancer_id, listener_id")
	}
	if balancerID != "" {
		if pl.balancer, r = byID(c.project.balancers, balancerID, aBalancer); r != nil {
			return r
		}
	}
	if listenerID == "" {
		return nil
	}
	l, r := byID(c.project.listeners, listenerID, aListener)
	switch {
	case r != nil:
		return r
	case pl.balancer != nil && pl.balancer != l.balancer:
		return invalid("Listener %s is not on load balancer %s.", listenerID, balancerID)
	}
	pl.listener, pl.balancer = l, l.balancer
	return fits(l, pl)
}

// sessionPersistence reads how clients stay with their member; null takes it away.
func (in *input) sessionPersistence(pl *pool) {
	v, given := in.Value("session_persistence")
	if !given {
		return
	}
	fields, ok := v.(object)
	pl.persistence, pl.cookie = "", ""
	switch {
	case v == nil:
		return
	case !ok:
		in.invalid("session_persistence", v, "Value should be an object")
		return
	}
	sub := newInput(fields, in.argument+".session_persistence")
	sub.need("type")
	sub.choice("type", &pl.persistence, "SOURCE_IP", "HTTP_COOKIE", "APP_COOKIE")
	sub.text("cookie_name", maxText, &pl.cookie)
	if sub.Refused == nil && (pl.persistence == "APP_COOKIE") != (pl.cookie != "") {
		sub.Refuse(invalid("session_persistence: a cookie_name is required with APP_COOKIE, and only with that."))
	}
	in.Refuse(sub.done())
}

// settlePool refuses a second default pool of a listener.
func settlePool(_ *call, pl, old *pool) *frame.Reply {
	if old == nil && pl.listener != nil && pl.listener.pool != nil {
		return conflict("This listener already has a default pool")
	}
	return nil
}

// unusedPool refuses to delete a pool that a policy leads to.
func unusedPool(c *call, pl *pool) *frame.Reply {
	for _, p := range c.project.policies {
		if p.pool == pl {
			return conflict("Pool %s is in use by L7 policy %s", pl.id, p.id)
		}
	}
	return nil
}

// poolChanged makes a new pool the default one.
func poolChanged(_ *project, pl, old *pool) {
	if old == nil && pl.listener != nil {
		pl.listener.pool = pl
	}
}

func (pl *pool) leave() {
	p := pl.balancer.project
	for _, l := range p.listeners {
		if l.pool == pl {
			l.pool = nil
		}
	}
	p.monitors = slices.DeleteFunc(p.monitors, func(m *monitor) bool { return m.pool == pl })
	p.pools = without(p.pools, pl)
}
