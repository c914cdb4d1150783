package network

import (
	"net/http"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// RoutingTable says where the packets of the subnets go that are attached to
// it.
type RoutingTable struct {
	ID, Name string

	vpc         *Network
	isDefault   bool
	distributed bool
	gateway     *Gateway
	routes      []*Route // the local one first
	created     time.Time
}

func (t *RoutingTable) id() string { return t.ID }

func (n *Network) addTable(id, name string, at time.Time) *RoutingTable {
	t := &RoutingTable{ID: id, Name: name, vpc: n, distributed: true, created: at}
	t.routes = []*Route{{ID: frame.FixedID("local route", id), table: t, gateway: local}}
	n.tables = append(n.tables, t)
	return t
}

func (n *Network) addDefaultTable(id string, at time.Time) *RoutingTable {
	t := n.addTable(id, "vpc-"+n.ID[:13], at)
	t.isDefault = true
	return t
}

// defaultTable is the routing table of the subnets that are not attached to
// one explicitly; nil in an external network.
func (n *Network) defaultTable() *RoutingTable {
	for _, t := range n.tables {
		if t.isDefault {
			return t
		}
	}
	return nil
}

// tables are the routing tables of the tenant.
func (p *Project) tables() []*RoutingTable {
	var out []*RoutingTable
	for _, n := range p.Networks {
		out = append(out, n.tables...)
	}
	return out
}

// subnets are those that are attached, explicitly or not.
func (t *RoutingTable) subnets() []*Subnet {
	var out []*Subnet
	for _, sn := range t.vpc.Subnets {
		if sn.Table() == t {
			out = append(out, sn)
		}
	}
	return out
}

// brief is how VPCs and subnets show the table.
func (t *RoutingTable) brief() object {
	o := object{"id": t.ID, "name": t.Name, "default_table": t.isDefault}
	if t.gateway != nil {
		o["gateway_id"] = t.gateway.ID
	}
	return o
}

// body is the table as lists show it.
func (t *RoutingTable) body() object {
	o := t.brief()
	if t.gateway != nil {
		o["gateway_name"] = t.gateway.Name
	}
	o["tenant_id"], o["distributed"], o["state"], o["create_time"] = t.vpc.tenant, t.distributed, "available", frame.Spaced(t.created)
	return o
}

// changedBody is the table as create and update show it.
func (t *RoutingTable) changedBody() object {
	o := t.body()
	delete(o, "gateway_id")
	delete(o, "gateway_name")
	return o
}

// detailedBody is the table as a list with details shows it.
func (t *RoutingTable) detailedBody() object {
	o := t.body()
	subnets := []object{}
	for _, sn := range t.subnets() {
		subnets = append(subnets, object{"id": sn.ID, "name": sn.Name})
	}
	o["vpcs"], o["subnets"] = []object{{"id": t.vpc.ID, "name": t.vpc.Name}}, subnets
	return o
}

// fullBody is the table as the look at one shows it.
func (t *RoutingTable) fullBody() object {
	o := t.body()
	subnets, routes := []string{}, []object{}
	for _, sn := range t.subnets() {
		subnets = append(subnets, sn.ID)
	}
	for _, r := range t.routes {
		b := r.body()
		delete(b, "description")
		routes = append(routes, b)
	}
	o["vpcs"], o["subnets"], o["routes"] = []string{t.vpc.ID}, subnets, routes
	return o
}

// activeBody is the table after a gateway was attached or detached, or it
// became the default one.
func (t *RoutingTable) activeBody() object {
	o := t.fullBody()
	o["activated"] = true
	for _, r := range o["routes"].([]object) {
		r["hidden"] = false
	}
	return o
}

func listRoutingTables(c *call) frame.Reply {
	body := (*RoutingTable).body
	if detail, _ := frame.AsBool(c.Query.Get("detail")); detail {
		body = (*RoutingTable).detailedBody
	}
	return list(c, "routingtables", bodies(c.project.tables(), body), nil)
}

func getRoutingTable(c *call) frame.Reply {
	return one(c, "routingtable", c.project.tables(), aRoutingTable, (*RoutingTable).fullBody)
}

func createRoutingTable(c *call) frame.Reply {
	in, r := c.input("routingtable")
	if r != nil {
		return *r
	}
	in.need("name", "vpc_id")
	in.tenant(c)
	name, _ := in.name()
	vpcID := in.uuid("vpc_id")
	distributed, given := in.flag("distributed")
	if r := in.done(); r != nil {
		return *r
	}
	n, r := c.project.vpc(vpcID)
	if r == nil {
		r = overQuota("routingtable", len(n.tables), c.project.service.quota.RoutingTables)
	}
	if r != nil {
		return *r
	}
	t := n.addTable(frame.NewID(), name, c.Now)
	t.distributed = distributed || !given
	return frame.Answer(http.StatusCreated, object{"routingtable": t.changedBody()})
}

func updateRoutingTable(c *call) frame.Reply {
	t, r := find(c.project.tables(), aRoutingTable, c.Value("id"))
	if r != nil {
		return *r
	}
	in, r := c.input("routingtable")
	if r != nil {
		return *r
	}
	in.fixed("vpc_id", "default_table", "gateway_id", "tenant_id", "project_id")
	name, named := in.name()
	distributed, switched := in.flag("distributed")
	if r = in.done(); r == nil {
		if named {
			t.Name = name
		}
		if switched {
			t.distributed = distributed
		}
	}
	return changed("routingtable", r, t.changedBody)
}

func deleteRoutingTable(c *call) frame.Reply {
	t, r := find(c.project.tables(), aRoutingTable, c.Value("id"))
	switch {
	case r != nil:
	case t.isDefault:
		r = conflict("RoutingtableInUse", "Routingtable %s is the default one of vpc %s and can't be deleted.", t.ID, t.vpc.ID)
	case len(t.subnets()) > 0:
		r = conflict("RoutingtableInUse", "Routingtable %s still has subnets attached.", t.ID)
	default:
		t.detach()
		t.vpc.tables = without(t.vpc.tables, t)
	}
	return deleted(r)
}

// setDefaultRoutingTable makes a table the default one of its VPC. Subnets
// that are not attached to one explicitly go over to it.
func setDefaultRoutingTable(c *call) frame.Reply {
	t, r := find(c.project.tables(), aRoutingTable, c.Value("id"))
	if r != nil {
		return *r
	}
	moving := slices.DeleteFunc(slices.Clone(t.vpc.Subnets), func(sn *Subnet) bool { return sn.table != nil })
	if r = c.project.reroute(t, moving...); r == nil {
		t.vpc.defaultTable().isDefault = false
		t.isDefault = true
	}
	return changed("routingtable", r, t.activeBody)
}

// reroute refuses to move subnets to a table that doesn't lead to the internet
// while floating IPs lead into them.
func (p *Project) reroute(to *RoutingTable, subnets ...*Subnet) *frame.Reply {
	for _, sn := range subnets {
		if to.gateway == nil && p.floatingInto(sn) {
			return conflict("RouterInterfaceInUseByFloatingIP", "Router interface for subnet %s on router %s cannot be deleted, "+
				"as it is required by one or more floating IPs.", sn.ID, sn.Table().ID)
		}
	}
	return nil
}

// floatingInto tells whether a floating IP leads to an address of the subnet.
func (p *Project) floatingInto(sn *Subnet) bool {
	return slices.ContainsFunc(p.FloatingIPs, func(f *FloatingIP) bool { return f.Port != nil && f.Fixed.Subnet == sn })
}
