package nhncloudtest

import (
	"net/netip"
	"slices"
)

// floatingIP is an address of the external network that a port of a server can
// be reached at.
type floatingIP struct {
	id     string
	subnet *subnet
	ip     netip.Addr
	port   *port // nil while it is not bound
}

func (f *floatingIP) status() string {
	if f.port == nil {
		return "DOWN"
	}
	return "ACTIVE"
}

// addFloatingIP takes a free address of a network; nil when there is none.
func (p *project) addFloatingIP(pool *network) *floatingIP {
	for _, sn := range pool.subnets {
		if ip, ok := sn.take(); ok {
			f := &floatingIP{id: newID(), subnet: sn, ip: ip}
			sn.used[ip] = f.id
			p.floating = append(p.floating, f)
			return f
		}
	}
	return nil
}

// floatingIPAt finds a floating IP by its address.
func (p *project) floatingIPAt(address string) *floatingIP {
	for _, f := range p.floating {
		if f.ip.String() == address {
			return f
		}
	}
	return nil
}

// floatingIPOf finds the floating IP of a port.
func (p *project) floatingIPOf(port string) *floatingIP {
	for _, f := range p.floating {
		if f.port != nil && f.port.id == port {
			return f
		}
	}
	return nil
}

// removeFloatingIP gives an address back that is not bound.
func (p *project) removeFloatingIP(f *floatingIP) *reply {
	if f.port != nil {
		return neutronConflict("FloatingIPInUse", "Floating IP %s is associated with port %s.", f.ip, f.port.id)
	}
	delete(f.subnet.used, f.ip)
	p.floating = slices.DeleteFunc(p.floating, func(o *floatingIP) bool { return o == f })
	return nil
}

// bind makes the floating IP lead to the port of a server that has the fixed
// address.
func (f *floatingIP) bind(v *server, fixed string) *reply {
	i := slices.IndexFunc(v.ports, func(pt port) bool { return pt.ip.String() == fixed })
	switch {
	case i < 0:
		return badRequest("Specified fixed address not assigned to instance")
	case f.port != nil:
		return neutronConflict("FloatingIPPortAlreadyAssociated", "Floating IP %s is already associated with port %s.", f.ip, f.port.id)
	}
	pt := &v.ports[i]
	if o := v.project.floatingIPOf(pt.id); o != nil {
		return neutronConflict("FloatingIPPortAlreadyAssociated",
			"Cannot associate floating IP %s with port %s using fixed IP %s, as that fixed IP already has a floating IP.", f.ip, pt.id, pt.ip)
	}
	f.port = pt
	return nil
}

// unbind ends what bind did.
func (f *floatingIP) unbind(v *server) *reply {
	if f.port == nil || !slices.ContainsFunc(v.ports, func(pt port) bool { return pt.id == f.port.id }) {
		return conflict("Floating IP %s is not associated with instance %s.", f.ip, v.id)
	}
	f.port = nil
	return nil
}
