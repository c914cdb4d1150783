package network

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// local is the gateway of the route within the VPC.
const local = "local"

// Route is a line of a routing table.
type Route struct {
	ID string

	table       *RoutingTable
	cidr        netip.Prefix // of those that are made by hand
	gateway     string
	internet    *Gateway // of the one that leads there
	description any      // nil while it has none
}

func (r *Route) id() string { return r.ID }

// byHand tells whether the route can be changed: whether it is not there by
// itself.
func (r *Route) byHand() bool { return r.gateway != local && r.internet == nil }

// to is where the route leads.
func (r *Route) to() netip.Prefix {
	if r.gateway == local {
		return r.table.vpc.cidr
	}
	return r.cidr
}

func (r *Route) body() object {
	o := object{
		"id": r.ID, "routingtable_id": r.table.ID, "tenant_id": r.table.vpc.tenant, "cidr": r.to().String(),
		"mask": r.to().Bits(), "gateway": r.gateway, "description": r.description,
	}
	if r.internet != nil {
		o["gateway_id"] = r.internet.ID
	}
	return o
}

// routes are those of all routing tables of the tenant.
func (p *Project) routes() []*Route {
	var out []*Route
	for _, t := range p.tables() {
		out = append(out, t.routes...)
	}
	return out
}

func listRoutes(c *call) frame.Reply {
	return list(c, "routes", bodies(c.project.routes(), (*Route).body), nil)
}

func getRoute(c *call) frame.Reply {
	return one(c, "route", c.project.routes(), aRoute, (*Route).body)
}

// routeFields reads what a route says, into the route.
func (in *input) routeFields(r *Route) {
	if cidr, given := in.cidr("cidr"); given {
		r.cidr = cidr
	}
	if _, given := in.Body["gateway"]; given {
		r.gateway = in.address("gateway").String()
	}
	const most = 256 // bytes
	if text, given := in.text("description", most); given {
		if len(text) > most {
			in.invalid("description", "it has more than 256 bytes.")
		}
		r.description = text
	}
}

// check refuses a route that its table cannot have.
func (r *Route) check() *frame.Reply {
	gateway, _ := netip.ParseAddr(r.gateway)
	if !r.table.vpc.cidr.Contains(gateway) {
		return invalidInput("gateway %s can't be reached, it is not within the cidr %s of the vpc.", r.gateway, r.table.vpc.cidr)
	}
	return r.unique()
}

// unique refuses a route to where its table has one already.
func (r *Route) unique() *frame.Reply {
	for _, o := range r.table.routes {
		if o.ID != r.ID && o.to() == r.cidr {
			return conflict("RouteAlreadyExists", "Routingtable %s already has a route to %s. Route id is %s.", r.table.ID, r.cidr, o.ID)
		}
	}
	return nil
}

func createRoute(c *call) frame.Reply {
	in, r := c.input("route")
	if r != nil {
		return *r
	}
	in.need("routingtable_id", "cidr", "gateway", "description")
	in.tenant(c)
	tableID := in.uuid("routingtable_id")
	made := &Route{ID: frame.NewID()}
	in.routeFields(made)
	if r := in.done(); r != nil {
		return *r
	}
	t, r := find(c.project.tables(), aRoutingTable, tableID)
	if r == nil {
		made.table = t
		r = made.check()
	}
	if r == nil {
		r = overQuota("route", t.countByHand(), c.project.service.quota.Routes)
	}
	if r != nil {
		return *r
	}
	t.routes = append(t.routes, made)
	return frame.Answer(http.StatusCreated, object{"route": made.body()})
}

func (t *RoutingTable) countByHand() int {
	n := 0
	for _, r := range t.routes {
		if r.byHand() {
			n++
		}
	}
	return n
}

// routeByHand finds the route of the path, for a change.
func (c *call) routeByHand() (*Route, *frame.Reply) {
	found, r := find(c.project.routes(), aRoute, c.Value("id"))
	if r == nil && !found.byHand() {
		r = conflict("RouteInUse", "Route %s is there by itself, it can't be changed or deleted.", found.ID)
	}
	return found, r
}

func updateRoute(c *call) frame.Reply {
	found, r := c.routeByHand()
	if r != nil {
		return *r
	}
	in, r := c.input("route")
	if r != nil {
		return *r
	}
	in.fixed("routingtable_id", "tenant_id", "project_id")
	next := *found
	in.routeFields(&next)
	if r = in.done(); r == nil {
		r = next.check()
	}
	if r == nil {
		*found = next
	}
	return changed("route", r, found.body)
}

func deleteRoute(c *call) frame.Reply {
	found, r := c.routeByHand()
	if r == nil {
		found.table.routes = without(found.table.routes, found)
	}
	return deleted(r)
}

// listRelatedGateways shows the gateways to other networks that the routes lead
// to. They are devices with a port in the VPC.
func listRelatedGateways(c *call) frame.Reply {
	t, r := find(c.project.tables(), aRoutingTable, c.Value("id"))
	if r != nil {
		return *r
	}
	gateways := []object{}
	for _, pt := range c.project.Ports {
		if pt.Network == t.vpc && strings.HasPrefix(pt.DeviceOwner, gatewayPrefix) && t.leadsTo(pt) {
			gateways = append(gateways, object{"type": pt.DeviceOwner, "id": pt.DeviceID, "name": pt.Name})
		}
	}
	return frame.Answer(http.StatusOK, object{"gateways": gateways})
}

// gatewayPrefix is how the kinds of these gateways begin.
const gatewayPrefix = "goblin:"

func (t *RoutingTable) leadsTo(pt *Port) bool {
	return slices.ContainsFunc(t.routes, func(r *Route) bool {
		ip, err := netip.ParseAddr(r.gateway)
		return err == nil && pt.Has(ip)
	})
}
