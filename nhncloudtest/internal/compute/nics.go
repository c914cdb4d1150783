package compute

import (
	"net/http"
	"net/netip"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// nic is a network that a new server asks for: a port that is there, or
// subnets to choose from and perhaps the address.
type nic struct {
	port    *network.Port
	subnets []*network.Subnet
	fixed   netip.Addr
}

// nic reads an element of networks: the id of a port, a network or a subnet, a
// fixed address, or one of the latter two with the address.
func (p *Project) nic(m object) (nic, *frame.Reply) {
	var n nic
	var r *frame.Reply
	switch {
	case frame.Str(m, "port") != "":
		n.port, r = p.freePort(frame.Str(m, "port"), frame.Str(m, "fixed_ip"))
		return n, r
	case frame.Str(m, "subnet") != "":
		n.subnets = slices.DeleteFunc(p.Network.Subnets(), func(s *network.Subnet) bool { return s.ID != frame.Str(m, "subnet") })
		if len(n.subnets) == 0 {
			return n, frame.BadRequest("Subnet %s could not be found.", frame.Str(m, "subnet"))
		}
	case frame.Str(m, "uuid") != "":
		vpc := p.Network.Network(frame.Str(m, "uuid"))
		if vpc == nil {
			return n, frame.BadRequest("Network %s could not be found.", frame.Str(m, "uuid"))
		}
		if n.subnets = vpc.Subnets; len(n.subnets) == 0 {
			return n, frame.BadRequest("Network %s requires a subnet in order to boot instances on.", vpc.ID)
		}
	case frame.Str(m, "fixed_ip") != "":
		n.subnets = slices.DeleteFunc(p.Network.Subnets(), func(s *network.Subnet) bool { return s.Network.External })
		if len(n.subnets) == 0 {
			return n, frame.BadRequest("Fixed IP %s is not a valid ip address for any network.", frame.Str(m, "fixed_ip"))
		}
	default:
		return n, frame.BadRequest("Bad networks format: network uuid, subnet, port or fixed_ip is missing")
	}
	if n.subnets[0].Network.External {
		return n, frame.Refused(http.StatusForbidden, "It is not allowed to create an interface on external network %s", n.subnets[0].Network.ID)
	}
	return n.at(frame.Str(m, "fixed_ip"))
}

// freePort finds a port that a server can get.
func (p *Project) freePort(id, fixed string) (*network.Port, *frame.Reply) {
	pt := p.Network.Port(id)
	switch {
	case pt == nil:
		return nil, frame.BadRequest("Port %s could not be found.", id)
	case fixed != "":
		return nil, frame.BadRequest("Specified Fixed IP '%s' cannot be used with port '%s': the two cannot be specified together.", fixed, id)
	case pt.DeviceID != "":
		return nil, frame.Conflict("Port %s is still in use.", id)
	case len(pt.Fixed) == 0:
		return nil, frame.BadRequest("Port %s requires a FixedIP in order to be used.", id)
	}
	return pt, nil
}

// at narrows the choice of subnets down to the one that has an address.
func (n nic) at(fixed string) (nic, *frame.Reply) {
	if fixed == "" {
		return n, nil
	}
	ip, err := netip.ParseAddr(fixed)
	if err != nil {
		return n, frame.BadRequest("Invalid fixed IP Address %s", fixed)
	}
	for _, sn := range n.subnets {
		if !sn.Lends(ip) {
			continue
		}
		if owner, ok := sn.Owner(ip); ok {
			return n, frame.BadRequest("Fixed IP address %s is already in use on instance %s.", fixed, owner)
		}
		return nic{subnets: []*network.Subnet{sn}, fixed: ip}, nil
	}
	return n, frame.BadRequest("Fixed IP %s is not a valid ip address for network %s.", fixed, n.subnets[0].Network.ID)
}

// connect gives a server its port. One that was there before keeps its
// security groups.
func (n nic) connect(v *Server, groups []*network.SecurityGroup) (*network.Port, *frame.Reply) {
	owner := "compute:" + v.Zone
	if n.port != nil {
		n.port.Lend(v, v.ID, owner)
		return n.port, nil
	}
	for _, sn := range n.subnets {
		if pt := v.project.Network.Plug(v, v.ID, owner, sn, n.fixed, groups); pt != nil {
			return pt, nil
		}
	}
	return nil, frame.BadRequest("No fixed IP addresses available for network: %s", n.subnets[0].Network.ID)
}

// free is how many addresses are left for new servers.
func (n nic) free() int {
	sum := 0
	for _, sn := range n.subnets {
		sum += sn.Free()
	}
	return sum
}

// Address is one of a server, on one of its ports.
type Address struct {
	Port *network.Port
	network.Fixed
}

// Addresses are those of the ports of a server.
func (v *Server) Addresses() []Address {
	var out []Address
	for _, pt := range v.Ports {
		for _, f := range pt.Fixed {
			out = append(out, Address{pt, f})
		}
	}
	return out
}

// NICStatus is the status of the ports of the server.
func (v *Server) NICStatus() string {
	switch {
	case v.power == powerOn || v.power == powerPaused:
		return "ACTIVE"
	case v.vm == vmBuilding && v.Placed:
		return "BUILD"
	}
	return "DOWN"
}

// Unplugged takes a port that is gone from the server.
func (v *Server) Unplugged(pt *network.Port) {
	v.Ports = slices.DeleteFunc(v.Ports, func(o *network.Port) bool { return o == pt })
}

// unplug takes all ports from the server.
func (v *Server) unplug() {
	for _, pt := range v.Ports {
		v.project.Network.Unplug(pt)
	}
	v.Ports = nil
}
