package network

import (
	crand "crypto/rand"
	"fmt"
	"net/netip"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Port is where something touches a network.
type Port struct {
	ID, Name, MAC         string
	Network               *Network
	Fixed                 []Fixed
	SecurityGroups        []*SecurityGroup
	DeviceID, DeviceOwner string // empty while nothing uses it

	tenant      string
	device      Device
	lent        bool // it was there before its device, and will be afterwards
	down        bool // by order of the administrator
	insecure    bool // port security is off
	pairs       []addressPair
	dhcp        []object // extra_dhcp_opts
	description any      // nil while it never had one
}

// Fixed is an address of a port.
type Fixed struct {
	Subnet *Subnet
	IP     netip.Addr
}

// addressPair is who besides the port may send through it.
type addressPair struct{ ip, mac string }

// Device is what a port is plugged into.
type Device interface {
	NICStatus() string // of the ports: ACTIVE, BUILD or DOWN
	Unplugged(*Port)   // the port is gone
}

// Keeper is a Device whose port goes with it and not before.
type Keeper interface {
	KeepsPort() string // the reason
}

func (pt *Port) keeper() (k Keeper, ok bool) {
	if pt != nil {
		k, ok = pt.device.(Keeper)
	}
	return k, ok
}

func (pt *Port) id() string { return pt.ID }

// Status is ACTIVE, BUILD or DOWN.
func (pt *Port) Status() string {
	if pt.down || pt.device == nil {
		return down
	}
	return pt.device.NICStatus()
}

// Secured tells whether the port can have security groups.
func (pt *Port) Secured() bool { return !pt.insecure }

// Has tells whether an address is one of the port.
func (pt *Port) Has(ip netip.Addr) bool {
	return slices.ContainsFunc(pt.Fixed, func(f Fixed) bool { return f.IP == ip })
}

// Port finds a port; nil when there is none.
func (p *Project) Port(id string) *Port {
	pt, _ := byID(p.Ports, id)
	return pt
}

// addPort makes a port without addresses.
func (p *Project) addPort(n *Network, groups []*SecurityGroup) *Port {
	pt := &Port{ID: frame.NewID(), MAC: newMAC(), Network: n, tenant: p.place.Tenant, SecurityGroups: slices.Clone(groups)}
	p.Ports = append(p.Ports, pt)
	return pt
}

// Subnet finds a subnet that the tenant sees; nil when there is none.
func (p *Project) Subnet(id string) *Subnet {
	sn, _ := byID(p.Subnets(), id)
	return sn
}

// Plug makes a port for a device, with an address, or any free one when that is
// the zero one; nil when there is none.
func (p *Project) Plug(d Device, id, owner string, sn *Subnet, ip netip.Addr, groups []*SecurityGroup) *Port {
	if ip.IsValid() {
		sn.used[ip] = id
	} else {
		var ok bool
		if ip, ok = sn.take(id); !ok {
			return nil
		}
	}
	pt := p.addPort(sn.Network, groups)
	pt.Fixed = []Fixed{{sn, ip}}
	pt.device, pt.DeviceID, pt.DeviceOwner = d, id, owner
	return pt
}

// Lend gives a port that is there to a device.
func (pt *Port) Lend(d Device, id, owner string) {
	pt.device, pt.DeviceID, pt.DeviceOwner, pt.lent = d, id, owner, true
	pt.claim(id)
}

// claim notes who has the addresses of the port.
func (pt *Port) claim(owner string) {
	for _, f := range pt.Fixed {
		f.Subnet.used[f.IP] = owner
	}
}

// Unplug takes a port from its device. One that was lent stays.
func (p *Project) Unplug(pt *Port) {
	if !pt.lent {
		p.removePort(pt)
		return
	}
	pt.device, pt.DeviceID, pt.DeviceOwner, pt.lent = nil, "", "", false
	pt.claim(pt.ID)
}

// removePort gives the addresses of a port back, and ends what leads to it.
func (p *Project) removePort(pt *Port) {
	for _, f := range pt.Fixed {
		p.giveBack(pt, f)
	}
	p.Ports = without(p.Ports, pt)
}

func (p *Project) giveBack(pt *Port, f Fixed) {
	delete(f.Subnet.used, f.IP)
	if fip := p.FloatingIPOf(pt, f.IP); fip != nil {
		fip.Unbind()
	}
}

// allocate takes the addresses that a request asks for, or one of any subnet
// where it asks for none. The port keeps what it has already, where that will do.
func (pt *Port) allocate(wanted []Fixed) ([]Fixed, *frame.Reply) {
	if wanted == nil {
		for _, sn := range pt.Network.Subnets {
			if ip, ok := sn.take(pt.ID); ok {
				return []Fixed{{sn, ip}}, nil
			}
		}
		if len(pt.Network.Subnets) > 0 {
			return nil, noAddress(pt.Network)
		}
		return nil, nil // as neutron does: a port without addresses
	}
	kept := slices.DeleteFunc(slices.Clone(pt.Fixed), func(f Fixed) bool { return slices.Contains(wanted, f) })
	var taken []Fixed
	for i := range wanted {
		f := &wanted[i]
		if j := slices.IndexFunc(kept, func(k Fixed) bool { return k.Subnet == f.Subnet }); !f.IP.IsValid() && j >= 0 {
			*f = kept[j]
			kept = slices.Delete(kept, j, j+1)
			continue
		}
		if slices.Contains(pt.Fixed, *f) && !slices.Contains(wanted[:i], *f) {
			continue
		}
		if r := f.Subnet.reserve(&f.IP, pt.ID); r != nil {
			for _, f := range taken {
				delete(f.Subnet.used, f.IP)
			}
			return nil, r
		}
		taken = append(taken, *f)
	}
	return wanted, nil
}

// reserve takes an address, or a free one in place of the zero one.
func (sn *Subnet) reserve(ip *netip.Addr, owner string) *frame.Reply {
	if !ip.IsValid() {
		free, ok := sn.take(owner)
		if !ok {
			return noAddress(sn.Network)
		}
		*ip = free
		return nil
	}
	if _, used := sn.used[*ip]; used || *ip == sn.Gateway {
		return conflict("IpAddressAlreadyAllocated", "IP address %s already allocated in subnet %s", *ip, sn.ID)
	}
	sn.used[*ip] = owner
	return nil
}

func newMAC() string {
	var b [3]byte
	_, _ = crand.Read(b[:])
	return fmt.Sprintf("fa:16:3e:%02x:%02x:%02x", b[0], b[1], b[2])
}
