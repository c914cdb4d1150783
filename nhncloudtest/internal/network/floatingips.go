package network

import (
	"net/netip"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// FloatingIP is an address of the external network that a port of a server can
// be reached at.
type FloatingIP struct {
	ID     string
	Subnet *Subnet
	IP     netip.Addr
	Port   *Port // nil while it is not bound
}

// Status tells whether it is bound.
func (f *FloatingIP) Status() string {
	if f.Port == nil {
		return "DOWN"
	}
	return "ACTIVE"
}

// AddFloatingIP takes a free address of a network; nil when there is none.
func (p *Project) AddFloatingIP(pool *Network) *FloatingIP {
	for _, sn := range pool.Subnets {
		id := frame.NewID()
		if ip, ok := sn.take(id); ok {
			f := &FloatingIP{ID: id, Subnet: sn, IP: ip}
			p.FloatingIPs = append(p.FloatingIPs, f)
			return f
		}
	}
	return nil
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

// FloatingIPOf finds the floating IP of a port.
func (p *Project) FloatingIPOf(port string) *FloatingIP {
	for _, f := range p.FloatingIPs {
		if f.Port != nil && f.Port.ID == port {
			return f
		}
	}
	return nil
}

// RemoveFloatingIP gives an address back that is not bound.
func (p *Project) RemoveFloatingIP(f *FloatingIP) *frame.Reply {
	if f.Port != nil {
		return conflict("FloatingIPInUse", "Floating IP %s is associated with port %s.", f.IP, f.Port.ID)
	}
	delete(f.Subnet.used, f.IP)
	p.FloatingIPs = slices.DeleteFunc(p.FloatingIPs, func(o *FloatingIP) bool { return o == f })
	return nil
}

// Bind makes the floating IP lead to a port.
func (p *Project) Bind(f *FloatingIP, pt *Port) *frame.Reply {
	if f.Port != nil {
		return conflict("FloatingIPPortAlreadyAssociated", "Floating IP %s is already associated with port %s.", f.IP, f.Port.ID)
	}
	if p.FloatingIPOf(pt.ID) != nil {
		return conflict("FloatingIPPortAlreadyAssociated",
			"Cannot associate floating IP %s with port %s using fixed IP %s, as that fixed IP already has a floating IP.", f.IP, pt.ID, pt.IP)
	}
	f.Port = pt
	return nil
}
