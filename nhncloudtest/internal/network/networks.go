package network

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"

	crand "crypto/rand"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

// Network is a VPC; the API shows it as a vpc and as a network.
type Network struct {
	ID, Name string
	Subnets  []*Subnet
	External bool

	tenant  string
	cidr    netip.Prefix
	created time.Time
}

// Subnet is a part of a network, with the addresses in use.
type Subnet struct {
	ID, Name string
	Network  *Network
	CIDR     netip.Prefix
	Gateway  netip.Addr

	used map[netip.Addr]string // by whom
	next netip.Addr            // where to look for a free address
}

// Port is where something touches a subnet.
type Port struct {
	ID     string
	Subnet *Subnet
	IP     netip.Addr
	MAC    string
}

func (n *Network) addSubnet(id, name, cidr string) {
	prefix := netip.MustParsePrefix(cidr)
	gateway := prefix.Addr().Next()
	n.Subnets = append(n.Subnets, &Subnet{
		ID: id, Name: name, Network: n, CIDR: prefix, Gateway: gateway,
		used: map[netip.Addr]string{}, next: gateway.Next(),
	})
}

// defaultNetwork is the VPC that every tenant begins with. The second subnet
// has room for some thousand servers.
func defaultNetwork(region, tenant string, at time.Time) *Network {
	n := &Network{
		ID: frame.FixedID("network", region, tenant), Name: "Default Network", tenant: tenant,
		cidr: netip.MustParsePrefix("192.168.0.0/16"), created: at,
	}
	n.addSubnet(frame.FixedID("subnet", region, tenant), "Default Network", "192.168.0.0/24")
	n.addSubnet(frame.FixedID("wide subnet", region, tenant), "Wide Subnet", "192.168.64.0/18")
	return n
}

// externalNetwork is the way to the internet, shared by all tenants.
func externalNetwork(region string, at time.Time) *Network {
	n := &Network{
		ID: frame.FixedID("external network", region), Name: "public_network", tenant: identity.Operator,
		cidr: netip.MustParsePrefix("0.0.0.0/0"), External: true, created: at,
	}
	n.addSubnet(frame.FixedID("external subnet", region), "public_snat_gateway", "100.127.64.0/24")
	return n
}

// Last is the last address that servers can have.
func (sn *Subnet) Last() netip.Addr {
	base := binary.BigEndian.Uint32(sn.CIDR.Addr().AsSlice())
	size := uint32(1) << (32 - sn.CIDR.Bits())
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, base+size-2)))
}

// take finds a free address.
func (sn *Subnet) take() (netip.Addr, bool) {
	first, last := sn.Gateway.Next(), sn.Last()
	total := 1 << (32 - sn.CIDR.Bits())
	for ip, tried := sn.next, 0; tried < total; ip, tried = ip.Next(), tried+1 {
		if last.Less(ip) {
			ip = first
		}
		if _, ok := sn.used[ip]; !ok {
			sn.next = ip.Next()
			return ip, true
		}
	}
	return netip.Addr{}, false
}

// Free is how many addresses are left.
func (sn *Subnet) Free() int { return 1<<(32-sn.CIDR.Bits()) - 3 - len(sn.used) }

// Owner is who has an address, if anybody does.
func (sn *Subnet) Owner(ip netip.Addr) (string, bool) {
	owner, ok := sn.used[ip]
	return owner, ok
}

// Lends tells whether an address is one of those that servers can have.
func (sn *Subnet) Lends(ip netip.Addr) bool {
	return sn.CIDR.Contains(ip) && sn.Gateway.Less(ip) && !sn.Last().Less(ip)
}

// Connect makes a port with an address, or any free one when it is the zero
// one; nil when there is none.
func (sn *Subnet) Connect(owner string, ip netip.Addr) *Port {
	if !ip.IsValid() {
		var ok bool
		if ip, ok = sn.take(); !ok {
			return nil
		}
	}
	sn.used[ip] = owner
	return &Port{ID: frame.NewID(), Subnet: sn, IP: ip, MAC: newMAC()}
}

// Release gives the address of a port back, and ends what leads to it.
func (p *Project) Release(pt *Port) {
	delete(pt.Subnet.used, pt.IP)
	if f := p.FloatingIPOf(pt.ID); f != nil {
		f.Port = nil
	}
}

func newMAC() string {
	var b [3]byte
	_, _ = crand.Read(b[:])
	return fmt.Sprintf("fa:16:3e:%02x:%02x:%02x", b[0], b[1], b[2])
}

// Subnets are all that the tenant sees, in a fresh slice.
func (p *Project) Subnets() []*Subnet {
	var out []*Subnet
	for _, n := range p.Networks {
		out = append(out, n.Subnets...)
	}
	return out
}
