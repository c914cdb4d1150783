package network

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Gateway is an internet gateway. A routing table that it is attached to leads
// to the internet.
type Gateway struct {
	ID, Name string

	project  *Project
	external *Network
	table    *RoutingTable // nil while it is not attached
	address  netip.Addr    // while it is attached
	state    string
	migrate  string // what a move to another host has come to
	created  time.Time
	pending  *frame.Event
}

const (
	available   = "available"
	unavailable = "unavailable"
	migrating   = "migrating"

	notMoving = "none"
	unbinding = "unbinding_progress"
	binding   = "binding_progress"
)

func (g *Gateway) id() string { return g.ID }

func gatewayName(t *RoutingTable) string { return "ig-" + t.ID[:13] }

// newBody is the gateway as create shows it.
func (g *Gateway) newBody() object {
	return object{
		"id": g.ID, "name": g.Name, "external_network_id": g.external.ID, "state": g.state,
		"create_time": frame.Spaced(g.created), "tenant_id": g.project.place.Tenant, "migrate_status": g.migrate,
	}
}

func (g *Gateway) body() object {
	o := g.newBody()
	o["migrate_error"], o["routingtable_id"] = nil, nil
	if g.table != nil {
		o["routingtable_id"] = g.table.ID
	}
	return o
}

func listGateways(c *call) frame.Reply {
	return list(c, "internetgateways", bodies(c.project.gateways, (*Gateway).body), nil)
}

func getGateway(c *call) frame.Reply {
	return one(c, "internetgateway", c.project.gateways, aGateway, (*Gateway).body)
}

func createGateway(c *call) frame.Reply {
	in, r := c.input("internetgateway")
	if r != nil {
		return *r
	}
	in.need("name", "external_network_id")
	in.tenant(c)
	name, _ := in.name()
	externalID := in.uuid("external_network_id")
	if r := in.done(); r != nil {
		return *r
	}
	g, r := c.project.addGateway(name, externalID, c.Now)
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusCreated, object{"internetgateway": g.newBody()})
}

// addGateway makes a gateway to an external network.
func (p *Project) addGateway(name, externalID string, at time.Time) (*Gateway, *frame.Reply) {
	n, r := find(p.Networks, aNetwork, externalID)
	switch {
	case r != nil:
		return nil, r
	case !n.External:
		return nil, refused(http.StatusBadRequest, "BadRequest", "Bad internetgateway request: Network %s is not an external network.", n.ID)
	}
	if r := overQuota("internetgateway", len(p.gateways), p.service.quota.InternetGateways); r != nil {
		return nil, r
	}
	g := &Gateway{
		ID: frame.NewID(), Name: name, project: p, external: n, state: unavailable, migrate: notMoving, created: at,
	}
	p.gateways = append(p.gateways, g)
	return g, nil
}

// defaultGateway lets the VPC that a tenant begins with lead to the internet.
func (p *Project) defaultGateway(at time.Time) {
	t := p.Networks[0].defaultTable()
	_ = p.openUp(t, p.Networks[1].ID, at) // there is nothing yet that could be in the way
	t.gateway.pending.Cancel()
	t.gateway.state = available
}

// openUp makes a gateway to an external network and attaches it to a table.
func (p *Project) openUp(t *RoutingTable, externalID string, at time.Time) *frame.Reply {
	g, r := p.addGateway(gatewayName(t), externalID, at)
	if r == nil {
		if r = t.attach(g, at); r != nil {
			p.removeGateway(g)
		}
	}
	return r
}

// attach lets a routing table lead to the internet. The gateway works when the
// transition is over.
func (t *RoutingTable) attach(g *Gateway, at time.Time) *frame.Reply {
	switch {
	case t.gateway != nil:
		return conflict("GatewayAlreadyAttached", "Routingtable %s already has internetgateway %s attached.", t.ID, t.gateway.ID)
	case g.table != nil:
		return conflict("GatewayInUse", "Internetgateway %s is attached to routingtable %s.", g.ID, g.table.ID)
	}
	way := &Route{ID: frame.NewID(), table: t, cidr: netip.MustParsePrefix("0.0.0.0/0"), internet: g}
	if r := way.unique(); r != nil {
		return r
	}
	address, ok := g.external.transit.take(g.ID)
	if !ok {
		return noAddress(g.external)
	}
	t.gateway, g.table, g.address, way.gateway = g, t, address, address.String()
	t.routes = append(t.routes, way)
	g.pending = g.project.service.frame.After(at, gatewayWorks{g})
	return nil
}

// move takes the gateway from its host and sets it up on another one, half of
// the transition each.
func (g *Gateway) move(at time.Time) {
	f := g.project.service.frame
	g.pending.Cancel()
	g.state, g.migrate = migrating, unbinding
	g.pending = f.Plan(at.Add(f.Transition/2), gatewayLeft{g})
}

// detach takes the gateway from the table, if there is one.
func (t *RoutingTable) detach() {
	g := t.gateway
	if g == nil {
		return
	}
	g.pending.Cancel()
	delete(g.external.transit.used, g.address)
	for _, r := range t.routes {
		if r.internet == g {
			t.routes = without(t.routes, r)
			break
		}
	}
	t.gateway, g.table, g.state, g.migrate = nil, nil, unavailable, notMoving
}

// unneeded refuses to cut a table off that floating IPs need.
func (p *Project) unneeded(t *RoutingTable) *frame.Reply {
	for _, sn := range t.subnets() {
		if p.floatingInto(sn) {
			return conflict("RouterExternalGatewayInUseByFloatingIp", "Gateway cannot be updated for router %s, "+
				"since a gateway to external network %s is required by one or more floating IPs.", t.ID, t.gateway.external.ID)
		}
	}
	return nil
}

func attachGateway(c *call) frame.Reply {
	t, r := find(c.project.tables(), aRoutingTable, c.Value("id"))
	if r != nil {
		return *r
	}
	in := newInput(c.Body)
	in.need("gateway_id")
	id := in.uuid("gateway_id")
	if r = in.done(); r != nil {
		return *r
	}
	g, r := find(c.project.gateways, aGateway, id)
	if r == nil {
		r = t.attach(g, c.Now)
	}
	return changed("routingtable", r, t.activeBody)
}

func detachGateway(c *call) frame.Reply {
	t, r := find(c.project.tables(), aRoutingTable, c.Value("id"))
	switch {
	case r != nil:
		return *r
	case t.gateway == nil:
		r = conflict("GatewayNotAttached", "Routingtable %s has no internetgateway attached.", t.ID)
	default:
		r = c.project.unneeded(t)
	}
	if r == nil {
		t.detach()
	}
	return changed("routingtable", r, t.activeBody)
}

func deleteGateway(c *call) frame.Reply {
	g, r := find(c.project.gateways, aGateway, c.Value("id"))
	if r == nil && g.table != nil {
		r = c.project.unneeded(g.table)
	}
	if r == nil {
		c.project.removeGateway(g)
	}
	return deleted(r)
}

// removeGateway takes a gateway away, also from its table.
func (p *Project) removeGateway(g *Gateway) {
	if g.table != nil {
		g.table.detach()
	}
	p.gateways = without(p.gateways, g)
}

func noAddress(n *Network) *frame.Reply {
	return conflict("IpAddressGenerationFailure", "No more IP addresses available on network %s.", n.ID)
}
