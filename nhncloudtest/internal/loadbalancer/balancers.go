package loadbalancer

import (
	"net/netip"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// balancer is a load balancer, the root of its tree.
type balancer struct {
	id, name, description string
	kind                  string // shared or dedicated
	up                    bool
	status                string // of the whole tree
	subnet                *network.Subnet
	wanted                netip.Addr // the address that was asked for
	port                  *network.Port
	groups                []*aclGroup
	project               *project
}

const (
	active        = "ACTIVE"
	pendingCreate = "PENDING_CREATE"
	pendingUpdate = "PENDING_UPDATE"
	pendingDelete = "PENDING_DELETE"

	online  = "ONLINE"
	offline = "OFFLINE"

	portOwner = "neutron:LOADBALANCERV2"
)

func (b *balancer) key() string     { return b.id }
func (b *balancer) tree() *balancer { return b }

// NICStatus is that of the port with the address.
func (b *balancer) NICStatus() string {
	if b.status == pendingCreate {
		return "DOWN"
	}
	return active
}

// Unplugged is never called: the port is kept.
func (b *balancer) Unplugged(*network.Port) {}

// KeepsPort says why the port can't be deleted by hand.
func (b *balancer) KeepsPort() string { return "has device owner " + portOwner }

// busy refuses a change while another one is under way.
func (b *balancer) busy() *frame.Reply {
	if b == nil || b.status == active || b.status == "" {
		return nil
	}
	return conflict("Load Balancer %s is immutable and cannot be updated.", b.id)
}

// begin begins a change of the tree, which ends after a while, and with it what is
// to go.
func (b *balancer) begin(c *call, status string, gone part) {
	if b == nil {
		if gone != nil {
			gone.leave()
		}
		return
	}
	if b.status == "" {
		status = pendingCreate
	}
	b.status = status
	c.Frame.After(c.Now, changed{b, gone})
}

func (b *balancer) body() object {
	operating := offline
	if b.up && b.status != pendingCreate {
		operating = online
	}
	o := object{
		"id": b.id, "name": b.name, "description": b.description, "tenant_id": b.project.place.Tenant, "admin_state_up": b.up,
		"loadbalancer_type": b.kind, "provider": "haproxy", "provisioning_status": b.status, "operating_status": operating,
		"workflow_status": "SUCCESS", "vip_address": b.port.Fixed[0].IP.String(), "vip_port_id": b.port.ID, "vip_subnet_id": b.subnet.ID,
		"listeners": refs(of(b.project.listeners, b)...), "pools": refs(of(b.project.pools, b)...),
		"ipacl_groups": []object{}, "ipacl_group_action": nil,
	}
	if b.status != active {
		o["workflow_status"] = "RUNNING"
	}
	if len(b.groups) > 0 {
		bound := []object{}
		for _, g := range b.groups {
			bound = append(bound, object{"ipacl_group_id": g.id})
		}
		o["ipacl_groups"], o["ipacl_group_action"] = bound, b.groups[0].action
	}
	return o
}

// of are the parts that belong to a load balancer.
func of[P part](all []P, b *balancer) (found []P) {
	for _, x := range all {
		if x.tree() == b {
			found = append(found, x)
		}
	}
	return found
}

var balancers = &resource[balancer, *balancer]{
	single: "loadbalancer", plural: "loadbalancers", argument: "load_balancer", title: aBalancer,
	limit:     func(q Quota) int { return q.LoadBalancers },
	in:        func(c *call) (*[]*balancer, *frame.Reply) { return &c.project.balancers, nil },
	read:      readBalancer,
	settle:    plugBalancer,
	removable: (*call).childless,
}

func readBalancer(c *call, in *input, b, old *balancer) {
	if old == nil {
		*b = balancer{id: frame.NewID(), up: true, kind: "shared", project: c.project}
		in.need("vip_subnet_id")
		in.tenant(c)
		subnetID, _ := in.id("vip_subnet_id")
		b.subnet = c.subnet(in, "vip_subnet_id", subnetID)
		b.wanted = in.address("vip_address")
		in.choice("loadbalancer_type", &b.kind, "shared", "dedicated")
		provider := "haproxy"
		in.choice("provider", &provider, provider)
	}
	in.named(&b.name, &b.description, &b.up)
}

// subnet finds a subnet of the tenant's own.
func (c *call) subnet(in *input, name, id string) *network.Subnet {
	sn := c.project.network.Subnet(id)
	switch {
	case in.Refused != nil:
	case sn == nil:
		in.Refuse(badRequest("Subnet %s not found.", id))
	case sn.Network.External:
		in.invalid(name, id, "The subnet belongs to an external network")
	}
	return sn
}

// plugBalancer gives a new load balancer its port.
func plugBalancer(c *call, b, old *balancer) *frame.Reply {
	if old != nil {
		return nil
	}
	if b.wanted.IsValid() {
		if !b.subnet.Lends(b.wanted) {
			return badRequest("IP address %s is not a valid IP for the specified subnet %s.", b.wanted, b.subnet.ID)
		}
		if _, taken := b.subnet.Owner(b.wanted); taken {
			return conflict("IP address %s already allocated in subnet %s", b.wanted, b.subnet.ID)
		}
	}
	b.port = c.project.network.Plug(b, b.id, portOwner, b.subnet, b.wanted, nil)
	if b.port == nil {
		return conflict("No more IP addresses available on network %s.", b.subnet.Network.ID)
	}
	b.port.Name = "loadbalancer-" + b.id
	return nil
}

// childless refuses to delete a load balancer that has something.
func (c *call) childless(b *balancer) *frame.Reply {
	if len(of(c.project.listeners, b))+len(of(c.project.pools, b)) > 0 {
		return invalid("Cannot delete Load Balancer %s - it has children", b.id)
	}
	return nil
}

// deleteBalancer deletes a load balancer, with all that it has where that is asked
// for.
func deleteBalancer(c *call) frame.Reply {
	b, r := balancers.find(c)
	cascade, ok := frame.AsBool(c.Query.Get("cascade"))
	switch {
	case r != nil:
	case c.Query.Has("cascade") && !ok:
		r = badRequest("Invalid input for field/attribute cascade. Value: '%s'. Value should be one of: True, False", c.Query.Get("cascade"))
	default:
		r = b.busy()
	}
	if r == nil && !cascade {
		r = c.childless(b)
	}
	if r != nil {
		return *r
	}
	b.begin(c, pendingDelete, b)
	return frame.Answer(204, nil)
}

func (b *balancer) leave() {
	p := b.project
	for _, l := range of(p.listeners, b) {
		l.leave()
	}
	for _, pl := range of(p.pools, b) {
		pl.leave()
	}
	p.balancers = without(p.balancers, b)
	p.network.Unplug(b.port)
}
