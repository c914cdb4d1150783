package network

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

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
	tables  []*RoutingTable // the default one among them
	transit *Subnet         // of an external network: where internet gateways have their addresses
}

func (n *Network) id() string    { return n.ID }
func (n *Network) owner() string { return n.tenant }

// DefaultNetworkID is the id of the VPC that a tenant begins with.
func DefaultNetworkID(place frame.Place) string {
	return frame.FixedID("network", place.Region.Name, place.Tenant)
}

// DefaultSubnetID is the id of the first subnet of that VPC.
func DefaultSubnetID(place frame.Place) string {
	return frame.FixedID("subnet", place.Region.Name, place.Tenant)
}

// Network finds a network by its id; nil when there is none.
func (p *Project) Network(id string) *Network {
	n, _ := byID(p.Networks, id)
	return n
}

// defaultNetwork makes the VPC that a tenant begins with. The second subnet
// has room for some thousand servers.
func defaultNetwork(place frame.Place, at time.Time) *Network {
	region, tenant := place.Region.Name, place.Tenant
	n := &Network{
		ID: DefaultNetworkID(place), Name: "Default Network", tenant: tenant,
		cidr: netip.MustParsePrefix("192.168.0.0/16"), created: at,
	}
	n.addSubnet(DefaultSubnetID(place), "Default Network", netip.MustParsePrefix("192.168.0.0/24"), at)
	n.addSubnet(frame.FixedID("wide subnet", region, tenant), "Wide Subnet", netip.MustParsePrefix("192.168.64.0/18"), at)
	n.addDefaultTable(frame.FixedID("routing table", n.ID), at)
	return n
}

// externalNetwork is the way to the internet, shared by all tenants.
func externalNetwork(region string, at time.Time) *Network {
	n := &Network{
		ID: frame.FixedID("external network", region), Name: "public_network", tenant: identity.Operator,
		cidr: netip.MustParsePrefix("0.0.0.0/0"), External: true, created: at,
	}
	n.transit = n.newSubnet(frame.FixedID("transit subnet", region), "", netip.MustParsePrefix("100.127.65.0/24"), at)
	n.addSubnet(frame.FixedID("external subnet", region), "public_snat_gateway", netip.MustParsePrefix("100.127.64.0/24"), at)
	return n
}

// body is the VPC as lists show it.
func (n *Network) body() object {
	return object{
		"id": n.ID, "name": n.Name, "tenant_id": n.tenant, "cidrv4": n.cidr.String(), "state": "available",
		"create_time": frame.Spaced(n.created), "shared": n.External, "router:external": n.External,
	}
}

// fullBody adds what only the look at one VPC shows.
func (n *Network) fullBody() object {
	o := n.body()
	tables, subnets := []object{}, []object{}
	for _, t := range n.tables {
		b := t.brief()
		b["explicit"] = false
		tables = append(tables, b)
	}
	for _, sn := range n.Subnets {
		subnets = append(subnets, sn.fullBody())
	}
	o["routingtables"], o["subnets"] = tables, subnets
	return o
}

// changedBody is the VPC as the calls that change it show it.
func (n *Network) changedBody() object {
	o := n.body()
	o["create_time"] = n.created.UTC().Format("2006-01-02 15:04:05.000000")
	delete(o, "router:external")
	return o
}

func listVPCs(c *call) frame.Reply {
	return list(c, "vpcs", bodies(c.project.Networks, (*Network).body), nil)
}

func getVPC(c *call) frame.Reply {
	return one(c, "vpc", c.project.Networks, aVPC, (*Network).fullBody)
}

// vpcCIDR reads the range of a VPC: a private one that is not too small.
func (in *input) vpcCIDR() (netip.Prefix, bool) {
	cidr, given := in.cidr("cidrv4")
	if !given || in.Refused != nil {
		return cidr, given
	}
	private := slices.ContainsFunc([]string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}, func(s string) bool {
		return within(cidr, netip.MustParsePrefix(s))
	})
	switch {
	case !private:
		in.Refuse(invalidInput("cidrv4 %s is not in a private range: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.", cidr))
	case cidr.Bits() > 24:
		in.Refuse(invalidInput("cidrv4 %s is too small, the prefix has at most 24 bits.", cidr))
	}
	return cidr, given
}

// within tells whether a network is a part of another one, or all of it.
func within(part, whole netip.Prefix) bool {
	return whole.Bits() <= part.Bits() && whole.Contains(part.Addr())
}

func createVPC(c *call) frame.Reply {
	in, r := c.input("vpc")
	if r != nil {
		return *r
	}
	in.need("name", "cidrv4")
	in.tenant(c)
	name, _ := in.name()
	cidr, _ := in.vpcCIDR()
	externalID, _ := in.uuidOrNull("external_network_id")
	n := &Network{ID: frame.NewID(), Name: name, tenant: c.Tenant, cidr: cidr, created: c.Now}
	t := n.addDefaultTable(frame.NewID(), c.Now)
	r = in.done()
	if r == nil {
		r = overQuota("vpc", len(c.project.Networks)-1, c.project.service.quota.VPCs)
	}
	if r == nil && externalID != "" {
		r = c.project.openUp(t, externalID, c.Now)
	}
	if r != nil {
		return *r
	}
	c.project.Networks = append(c.project.Networks, n)
	return frame.Answer(http.StatusCreated, object{"vpc": n.changedBody()})
}

func updateVPC(c *call) frame.Reply {
	n, r := mine(c, c.project.Networks, aVPC)
	if r != nil {
		return *r
	}
	in, r := c.input("vpc")
	if r != nil {
		return *r
	}
	in.fixed("tenant_id", "project_id", "external_network_id")
	name, named := in.name()
	cidr, resized := in.vpcCIDR()
	if resized && in.Refused == nil {
		for _, sn := range n.Subnets {
			if !within(sn.CIDR, cidr) {
				in.Refuse(invalidInput("subnet %s with cidr %s is not within %s.", sn.ID, sn.CIDR, cidr))
			}
		}
	}
	if r = in.done(); r == nil {
		if named {
			n.Name = name
		}
		if resized {
			n.cidr = cidr
		}
	}
	return changed("vpc", r, n.changedBody)
}

// deleteVPC deletes a VPC in which nothing has an address, with its subnets,
// routing tables and the internet gateways of those.
func deleteVPC(c *call) frame.Reply {
	n, r := mine(c, c.project.Networks, aVPC)
	if r == nil {
		r = c.project.empty(n)
	}
	if r == nil {
		for _, t := range n.tables {
			if t.gateway != nil {
				c.project.removeGateway(t.gateway)
			}
		}
		c.project.Networks = without(c.project.Networks, n)
	}
	return deleted(r)
}

// empty refuses what cannot be done while something has a port in the VPC.
func (p *Project) empty(n *Network) *frame.Reply {
	var ids []string
	for _, pt := range p.Ports {
		if pt.Network == n {
			ids = append(ids, pt.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return conflict("NetworkInUse", "Unable to complete operation on network %s. There are one or more ports still in use on the network, "+
		"id for these ports is: %s.", n.ID, strings.Join(ids, ","))
}
