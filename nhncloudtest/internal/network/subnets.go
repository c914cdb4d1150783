package network

import (
	"encoding/binary"
	"net/http"
	"net/netip"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Subnet is a part of a network, with the addresses in use.
type Subnet struct {
	ID, Name string
	Network  *Network
	CIDR     netip.Prefix
	Gateway  netip.Addr

	table   *RoutingTable // attached explicitly; nil for the default one
	created time.Time
	used    map[netip.Addr]string // by whom
	next    netip.Addr            // where to look for a free address
}

func (sn *Subnet) id() string    { return sn.ID }
func (sn *Subnet) owner() string { return sn.Network.tenant }

func (n *Network) newSubnet(id, name string, cidr netip.Prefix, at time.Time) *Subnet {
	gateway := cidr.Addr().Next()
	return &Subnet{
		ID: id, Name: name, Network: n, CIDR: cidr, Gateway: gateway, created: at,
		used: map[netip.Addr]string{}, next: gateway.Next(),
	}
}

func (n *Network) addSubnet(id, name string, cidr netip.Prefix, at time.Time) *Subnet {
	sn := n.newSubnet(id, name, cidr, at)
	n.Subnets = append(n.Subnets, sn)
	return sn
}

// Subnets are all that the tenant sees, in a fresh slice.
func (p *Project) Subnets() []*Subnet {
	var out []*Subnet
	for _, n := range p.Networks {
		out = append(out, n.Subnets...)
	}
	return out
}

// Table is the routing table that the subnet is attached to, explicitly or as
// the default one; nil in the external network.
func (sn *Subnet) Table() *RoutingTable {
	if sn.table != nil {
		return sn.table
	}
	return sn.Network.defaultTable()
}

// Online tells whether the routing table of the subnet has an internet gateway.
func (sn *Subnet) Online() bool {
	t := sn.Table()
	return t != nil && t.gateway != nil
}

// Last is the last address that servers can have.
func (sn *Subnet) Last() netip.Addr {
	base := binary.BigEndian.Uint32(sn.CIDR.Addr().AsSlice())
	size := uint32(1) << (32 - sn.CIDR.Bits())
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, base+size-2)))
}

// take takes a free address; false when there is none.
func (sn *Subnet) take(owner string) (netip.Addr, bool) {
	if sn.Free() == 0 {
		return netip.Addr{}, false
	}
	first, last := sn.Gateway.Next(), sn.Last()
	for ip := sn.next; ; ip = ip.Next() {
		if last.Less(ip) {
			ip = first
		}
		if _, ok := sn.used[ip]; !ok {
			sn.next = ip.Next()
			sn.used[ip] = owner
			return ip, true
		}
	}
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

// changedBody is the subnet as the calls that change it show it.
func (sn *Subnet) changedBody() object {
	n := sn.Network
	return object{
		"id": sn.ID, "name": sn.Name, "vpc_id": n.ID, "tenant_id": n.tenant, "cidr": sn.CIDR.String(),
		"gateway": sn.Gateway.String(), "state": "available", "create_time": frame.Spaced(sn.created), "shared": n.External,
	}
}

// body is the subnet as lists show it.
func (sn *Subnet) body() object {
	n, o := sn.Network, sn.changedBody()
	o["available_ip_count"], o["router:external"], o["routes"] = sn.Free(), n.External, []any{}
	o["vpc"] = object{
		"id": n.ID, "name": n.Name, "cidrv4": n.cidr.String(), "state": "available", "shared": n.External,
	}
	if t := sn.Table(); t != nil {
		b := t.brief()
		b["explicit"] = sn.table != nil
		o["routingtable"] = b
	}
	return o
}

// fullBody is the subnet as it stands in its VPC, and after it was attached to
// another routing table.
func (sn *Subnet) fullBody() object {
	o := sn.body()
	o["enable_dhcp"], o["hidden"] = true, false
	return o
}

func listVPCSubnets(c *call) frame.Reply {
	return list(c, "vpcsubnets", bodies(c.project.Subnets(), (*Subnet).body), nil)
}

func getVPCSubnet(c *call) frame.Reply {
	return one(c, "vpcsubnet", c.project.Subnets(), aVPCSubnet, (*Subnet).body)
}

func createVPCSubnet(c *call) frame.Reply {
	in, r := c.input("vpcsubnet")
	if r != nil {
		return *r
	}
	in.need("vpc_id", "cidr", "name")
	in.tenant(c)
	vpcID := in.uuid("vpc_id")
	name, _ := in.name()
	cidr, _ := in.cidr("cidr")
	if r := in.done(); r != nil {
		return *r
	}
	n, r := c.project.vpc(vpcID)
	if r == nil {
		r = n.room(cidr)
	}
	if r == nil {
		r = overQuota("vpcsubnet", len(n.Subnets), c.project.service.quota.Subnets)
	}
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusCreated, object{"vpcsubnet": n.addSubnet(frame.NewID(), name, cidr, c.Now).changedBody()})
}

// vpc finds a VPC of the tenant for something new in it.
func (p *Project) vpc(id string) (*Network, *frame.Reply) {
	n, r := find(p.Networks, aVPC, id)
	if r == nil && n.External {
		r = refused(http.StatusForbidden, "PolicyNotAuthorized", "VPC %s is external and belongs to another tenant", id)
	}
	return n, r
}

// room refuses a range for a new subnet that is too small, outside of the VPC
// or not free.
func (n *Network) room(cidr netip.Prefix) *frame.Reply {
	switch {
	case !within(cidr, n.cidr):
		return invalidInput("Requested subnet with cidr: %s is not within the cidr %s of vpc %s.", cidr, n.cidr, n.ID)
	case cidr.Bits() > 28:
		return invalidInput("Requested subnet with cidr: %s is too small, the prefix has at most 28 bits.", cidr)
	}
	for _, sn := range n.Subnets {
		if sn.CIDR.Overlaps(cidr) {
			return invalidInput("Requested subnet with cidr: %s for network: %s overlaps with another subnet.", cidr, n.ID)
		}
	}
	return nil
}

func updateVPCSubnet(c *call) frame.Reply {
	sn, r := mine(c, c.project.Subnets(), aVPCSubnet)
	if r != nil {
		return *r
	}
	in, r := c.input("vpcsubnet")
	if r != nil {
		return *r
	}
	in.fixed("vpc_id", "cidr", "tenant_id", "project_id")
	name, named := in.name()
	if r = in.done(); r == nil && named {
		sn.Name = name
	}
	return changed("vpcsubnet", r, sn.changedBody)
}

func deleteVPCSubnet(c *call) frame.Reply {
	sn, r := mine(c, c.project.Subnets(), aVPCSubnet)
	switch {
	case r != nil:
	case len(sn.used) > 0:
		r = conflict("SubnetInUse", "Unable to complete operation on subnet %s: One or more ports have an IP allocation from this subnet.", sn.ID)
	default:
		sn.Network.Subnets = without(sn.Network.Subnets, sn)
	}
	return deleted(r)
}

func attachRoutingTable(c *call) frame.Reply {
	sn, r := mine(c, c.project.Subnets(), aVPCSubnet)
	if r != nil {
		return *r
	}
	in := newInput(c.Body)
	in.need("routingtable_id")
	id := in.uuid("routingtable_id")
	if r = in.done(); r != nil {
		return *r
	}
	t, r := find(c.project.tables(), aRoutingTable, id)
	switch {
	case r != nil:
	case t.vpc != sn.Network:
		r = invalidInput("routingtable %s is not in vpc %s of subnet %s.", t.ID, sn.Network.ID, sn.ID)
	default:
		r = c.project.reroute(t, sn)
	}
	if r == nil {
		sn.table = t
	}
	return changed("vpcsubnet", r, sn.fullBody)
}

func detachRoutingTable(c *call) frame.Reply {
	sn, r := mine(c, c.project.Subnets(), aVPCSubnet)
	if r != nil {
		return *r
	}
	if sn.table == nil {
		r = conflict("RoutingtableNotAttached", "Subnet %s is not explicitly attached to a routingtable.", sn.ID)
	} else {
		r = c.project.reroute(sn.Network.defaultTable(), sn)
	}
	if r == nil {
		sn.table = nil
	}
	return changed("vpcsubnet", r, sn.fullBody)
}
