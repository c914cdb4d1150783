package loadbalancer

import (
	"net/netip"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// member is an address that a pool passes on to.
type member struct {
	id     string
	ip     netip.Addr
	port   int
	weight int
	up     bool
	subnet *network.Subnet
	pool   *pool
}

func (m *member) key() string     { return m.id }
func (m *member) tree() *balancer { return m.pool.balancer }

// operating tells what is known of the member: whoever has its address answers the
// health monitor as long as the port is up.
func (m *member) operating() string {
	switch {
	case !m.up:
		return online
	case m.pool.monitor() == nil || !m.pool.monitor().up || m.tree().status != active:
		return "INACTIVE"
	}
	for _, pt := range m.tree().project.network.Ports {
		if pt.Network == m.subnet.Network && pt.Has(m.ip) && pt.Status() == active {
			return active
		}
	}
	return offline
}

func (m *member) leave() { m.pool.members = without(m.pool.members, m) }

func (m *member) body() object {
	return object{
		"id": m.id, "tenant_id": m.tree().project.place.Tenant, "address": m.ip.String(), "protocol_port": m.port,
		"weight": m.weight, "admin_state_up": m.up, "subnet_id": m.subnet.ID, "operating_status": m.operating(),
	}
}

// pool is the one that the path names.
func (c *call) pool() (*pool, *frame.Reply) {
	return byID(c.project.pools, c.Value("pool"), aPool)
}

var members = &resource[member, *member]{
	single: "member", plural: "members", argument: "member_", title: "Member",
	limit: func(q Quota) int { return q.Members },
	in: func(c *call) (*[]*member, *frame.Reply) {
		pl, r := c.pool()
		if r != nil {
			return nil, r
		}
		return &pl.members, nil
	},
	read: readMember, settle: settleMember,
}

func readMember(c *call, in *input, m, old *member) {
	if old == nil {
		pl, _ := c.pool()
		*m = member{id: frame.NewID(), weight: 1, up: true, pool: pl}
		in.need("address", "protocol_port", "subnet_id")
		in.tenant(c)
		m.ip = in.address("address")
		in.number("protocol_port", 1, 65535, &m.port)
		id, _ := in.id("subnet_id")
		m.subnet = c.subnet(in, "subnet_id", id)
		if in.Refused == nil && !m.subnet.CIDR.Contains(m.ip) {
			in.Refuse(badRequest("IP address %s is not a valid IP for the specified subnet %s.", m.ip, id))
		}
	}
	in.number("weight", 0, 256, &m.weight)
	in.flag("admin_state_up", &m.up)
}

// settleMember refuses a member that is there already.
func settleMember(_ *call, m, old *member) *frame.Reply {
	if old != nil {
		return nil
	}
	for _, other := range m.pool.members {
		if other.ip == m.ip && other.port == m.port {
			return conflict("Another member on this pool is already using ip %s on protocol_port %d", m.ip, m.port)
		}
	}
	return nil
}
