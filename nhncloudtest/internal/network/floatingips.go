package network

import (
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

const (
	active = "ACTIVE"
	down   = "DOWN"
)

// FloatingIP is an address of the external network that a port of a server can
// be reached at.
type FloatingIP struct {
	ID     string
	Subnet *Subnet
	IP     netip.Addr
	Port   *Port // nil while it is not bound
	Fixed  Fixed // the address of the port that it leads to
	Status string

	project     *Project
	protected   bool
	label       string
	description any // nil while it never had one
	pending     *frame.Event
}

func (f *FloatingIP) id() string { return f.ID }

// Full tells whether no address is left in the network.
func (n *Network) Full() bool {
	return !slices.ContainsFunc(n.Subnets, func(sn *Subnet) bool { return sn.Free() > 0 })
}

// AddFloatingIP takes a free address of a network.
func (p *Project) AddFloatingIP(pool *Network) (*FloatingIP, *frame.Reply) {
	if r := overQuota("floatingip", len(p.FloatingIPs), p.service.quota.FloatingIPs); r != nil {
		return nil, r
	}
	for _, sn := range pool.Subnets {
		id := frame.NewID()
		if ip, ok := sn.take(id); ok {
			f := &FloatingIP{ID: id, Subnet: sn, IP: ip, Status: down, project: p}
			p.FloatingIPs = append(p.FloatingIPs, f)
			return f, nil
		}
	}
	return nil, noAddress(pool)
}

// FloatingIPAt finds a floating IP by its address.
func (p *Project) FloatingIPAt(address string) *FloatingIP {
	for _, f := range p.FloatingIPs {
		if f.IP.String() == address {
			return f
		}
	}
	return nil
}

// FloatingIPOf finds the floating IP of an address of a port.
func (p *Project) FloatingIPOf(pt *Port, ip netip.Addr) *FloatingIP {
	for _, f := range p.FloatingIPs {
		if f.Port == pt && f.Fixed.IP == ip {
			return f
		}
	}
	return nil
}

// RemoveFloatingIP gives an address back that is neither bound nor protected.
func (p *Project) RemoveFloatingIP(f *FloatingIP) *frame.Reply {
	switch {
	case f.Port != nil:
		return conflict("FloatingIPInUse", "Floating IP %s is associated with port %s.", f.IP, f.Port.ID)
	case f.protected:
		return conflict("FloatingIPDeleteProtected", "Floating IP %s is protected from deletion.", f.IP)
	}
	f.remove(p)
	return nil
}

func (f *FloatingIP) remove(p *Project) {
	f.pending.Cancel()
	delete(f.Subnet.used, f.IP)
	p.FloatingIPs = without(p.FloatingIPs, f)
}

// Bind makes a floating IP that is free lead to an address of a port, at once.
func (p *Project) Bind(f *FloatingIP, pt *Port, ip netip.Addr) *frame.Reply {
	if f.Port != nil {
		return conflict("FloatingIPPortAlreadyAssociated", "Floating IP %s is already associated with port %s.", f.IP, f.Port.ID)
	}
	r := p.lead(f, pt, ip)
	if r == nil {
		f.pending.Cancel()
		f.Status = active
	}
	return r
}

// Unbind ends that at once.
func (f *FloatingIP) Unbind() {
	f.pending.Cancel()
	f.Port, f.Fixed, f.Status = nil, Fixed{}, down
}

// become changes the status at the end of a transition.
func (f *FloatingIP) become(at time.Time, status string) {
	f.pending.Cancel()
	f.pending = f.project.service.frame.After(at, floatingIPIs{f, status})
}

// lead makes a floating IP lead to an address of a port, wherever it led so
// far.
func (p *Project) lead(f *FloatingIP, pt *Port, ip netip.Addr) *frame.Reply {
	if other := p.FloatingIPOf(pt, ip); other != nil && other != f {
		return conflict("FloatingIPPortAlreadyAssociated",
			"Cannot associate floating IP %s (%s) with port %s using fixed IP %s, as that fixed IP already has a floating IP on external network %s.",
			f.IP, f.ID, pt.ID, ip, f.Subnet.Network.ID)
	}
	fixed := pt.Fixed[slices.IndexFunc(pt.Fixed, func(o Fixed) bool { return o.IP == ip })]
	if g := fixed.Subnet.Table().gateway; g == nil || g.external != f.Subnet.Network {
		return refused(http.StatusNotFound, "ExternalGatewayForFloatingIPNotFound",
			"External network %s is not reachable from subnet %s.  Therefore, cannot associate Port %s with a Floating IP.",
			f.Subnet.Network.ID, fixed.Subnet.ID, pt.ID)
	}
	f.Port, f.Fixed = pt, fixed
	return nil
}

func (f *FloatingIP) body() object {
	o := object{
		"id": f.ID, "floating_network_id": f.Subnet.Network.ID, "floating_ip_address": f.IP.String(), "status": f.Status,
		"tenant_id": f.project.place.Tenant, "port_id": nil, "fixed_ip_address": nil, "router_id": nil,
		"delete_protection": f.protected, "label": f.label,
	}
	if f.Port != nil {
		o["port_id"], o["fixed_ip_address"], o["router_id"] = f.Port.ID, f.Fixed.IP.String(), f.Fixed.Subnet.Table().ID
	}
	if f.description != nil {
		o["description"] = f.description
	}
	return o
}

func listFloatingIPs(c *call) frame.Reply {
	return list(c, "floatingips", bodies(c.project.FloatingIPs, (*FloatingIP).body), nil)
}

func getFloatingIP(c *call) frame.Reply {
	return one(c, "floatingip", c.project.FloatingIPs, aFloatingIP, (*FloatingIP).body)
}

func createFloatingIP(c *call) frame.Reply {
	return c.create("floatingip", "floatingips", (*call).newFloatingIP)
}

func (c *call) newFloatingIP(in *input) (made, *frame.Reply) {
	in.need("floating_network_id")
	in.tenant(c)
	poolID := in.uuid("floating_network_id")
	o := in.floatingIP()
	if r := in.done(); r != nil {
		return nil, r
	}
	pool := c.project.Network(poolID)
	if pool == nil || !pool.External {
		return nil, badFloatingIP("Network %s is not a valid external network", poolID)
	}
	f, r := c.project.AddFloatingIP(pool)
	if r != nil {
		return nil, r
	}
	if r := c.order(f, o); r != nil {
		f.remove(c.project)
		return nil, r
	}
	return f, nil
}

func updateFloatingIP(c *call) frame.Reply {
	f, r := find(c.project.FloatingIPs, aFloatingIP, c.Value("id"))
	if r != nil {
		return *r
	}
	in, r := c.input("floatingip")
	if r != nil {
		return *r
	}
	in.fixed("floating_network_id", "floating_ip_address", "tenant_id", "project_id")
	o := in.floatingIP()
	if r = in.done(); r == nil {
		r = c.order(f, o)
	}
	return changed("floatingip", r, f.body)
}

func deleteFloatingIP(c *call) frame.Reply {
	f, r := find(c.project.FloatingIPs, aFloatingIP, c.Value("id"))
	if r == nil {
		r = c.project.RemoveFloatingIP(f)
	}
	return deleted(r)
}

func badFloatingIP(format string, args ...any) *frame.Reply {
	return refused(http.StatusBadRequest, "BadRequest", "Bad floatingip request: "+format+".", args...)
}

// floatingOrder is what a request says of a floating IP.
type floatingOrder struct {
	portID, label               string
	fixed                       netip.Addr
	protected                   bool
	description                 any
	connect, labelled, guarding bool // which of them are given
}

func (in *input) floatingIP() (o floatingOrder) {
	o.portID, o.connect = in.uuidOrNull("port_id")
	if v, given := in.Value("fixed_ip_address"); given && v != nil {
		o.fixed = in.address("fixed_ip_address")
	}
	const most = 64
	o.label, o.labelled = in.text("label", most)
	o.protected, o.guarding = in.flag("delete_protection")
	if text, given := in.text("description", maxName); given {
		o.description = text
	}
	if o.fixed.IsValid() && o.portID == "" {
		in.Refuse(badFloatingIP("fixed_ip_address cannot be specified without a port_id"))
	}
	return o
}

// order does to a floating IP what a request says.
func (c *call) order(f *FloatingIP, o floatingOrder) *frame.Reply {
	if o.portID != "" {
		if r := c.connect(f, o); r != nil {
			return r
		}
	}
	if o.connect && o.portID == "" && f.Port != nil {
		f.Port, f.Fixed = nil, Fixed{}
		f.become(c.Now, down)
	}
	if o.labelled {
		f.label = o.label
	}
	if o.guarding {
		f.protected = o.protected
	}
	if o.description != nil {
		f.description = o.description
	}
	return nil
}

// connect makes a floating IP lead to a port.
func (c *call) connect(f *FloatingIP, o floatingOrder) *frame.Reply {
	pt, r := find(c.project.Ports, aPort, o.portID)
	switch {
	case r != nil:
		return r
	case o.fixed.IsValid() && !pt.Has(o.fixed):
		return badFloatingIP("Port %s does not have fixed ip %s", pt.ID, o.fixed)
	case len(pt.Fixed) == 0:
		return badFloatingIP("Cannot add floating IP to port %s that has no fixed IPv4 addresses", pt.ID)
	case len(pt.Fixed) > 1 && !o.fixed.IsValid():
		return badFloatingIP("Port %s has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP", pt.ID)
	case !o.fixed.IsValid():
		o.fixed = pt.Fixed[0].IP
	}
	if f.Port == pt && f.Fixed.IP == o.fixed {
		return nil
	}
	if r := c.project.lead(f, pt, o.fixed); r != nil {
		return r
	}
	f.become(c.Now, active)
	return nil
}
