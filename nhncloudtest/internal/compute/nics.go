package compute

import (
	"net/http"
	"net/netip"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// nic is a network that a new server asks for: subnets to choose from, and
// perhaps the address.
type nic struct {
	subnets []*network.Subnet
	fixed   netip.Addr
}

// nic reads an element of networks: a network id, a subnet id, a fixed
// address, or one of these with the address.
func (p *Project) nic(m object) (nic, *frame.Reply) {
	var n nic
	all := p.Network.Subnets()
	switch {
	case frame.Str(m, "port") != "":
		return n, frame.BadRequest("Port %s could not be found.", frame.Str(m, "port"))
	case frame.Str(m, "subnet") != "":
		n.subnets = slices.DeleteFunc(all, func(s *network.Subnet) bool { return s.ID != frame.Str(m, "subnet") })
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
		n.subnets = slices.DeleteFunc(all, func(s *network.Subnet) bool { return s.Network.External })
		if len(n.subnets) == 0 {
			return n, frame.BadRequest("Fixed IP %s is not a valid ip address for any network.", frame.Str(m, "fixed_ip"))
		}
	default:
		return n, frame.BadRequest("Bad networks format: network uuid, subnet, port or fixed_ip is missing")
	}
	if n.subnets[0].Network.External {
		return n, frame.Refused(http.StatusForbidden, "It is not allowed to create an interface on external network %s", n.subnets[0].Network.ID)
	}
	fixed := frame.Str(m, "fixed_ip")
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

// connect takes an address for a server.
func (n nic) connect(server string) (*network.Port, *frame.Reply) {
	for _, sn := range n.subnets {
		if pt := sn.Connect(server, n.fixed); pt != nil {
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
