package nhncloudtest

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	crand "crypto/rand"
)

// network is a VPC; the API shows it as a vpc and as a network.
type network struct {
	id, name, tenant string
	cidr             netip.Prefix
	external, shared bool
	created          time.Time
	subnets          []*subnet
}

type subnet struct {
	id, name string
	network  *network
	cidr     netip.Prefix
	gateway  netip.Addr
	used     map[netip.Addr]string // by server
	next     netip.Addr            // where to look for a free address
}

// port is where a server touches a subnet.
type port struct {
	id     string
	subnet *subnet
	ip     netip.Addr
	mac    string
}

func (n *network) addSubnet(id, name, cidr string) {
	prefix := netip.MustParsePrefix(cidr)
	gateway := prefix.Addr().Next()
	n.subnets = append(n.subnets, &subnet{
		id: id, name: name, network: n, cidr: prefix, gateway: gateway,
		used: map[netip.Addr]string{}, next: gateway.Next(),
	})
}

// defaultNetwork is the VPC that every tenant begins with. The second subnet
// has room for some thousand servers.
func defaultNetwork(region, tenant string, at time.Time) *network {
	n := &network{
		id: fixedID("network", region, tenant), name: "Default Network", tenant: tenant,
		cidr: netip.MustParsePrefix("192.168.0.0/16"), created: at,
	}
	n.addSubnet(fixedID("subnet", region, tenant), "Default Network", "192.168.0.0/24")
	n.addSubnet(fixedID("wide subnet", region, tenant), "Wide Subnet", "192.168.64.0/18")
	return n
}

// externalNetwork is the way to the internet, shared by all tenants.
func externalNetwork(region string, at time.Time) *network {
	n := &network{
		id: fixedID("external network", region), name: "public_network", tenant: operatorTenant,
		cidr: netip.MustParsePrefix("0.0.0.0/0"), external: true, shared: true, created: at,
	}
	n.addSubnet(fixedID("external subnet", region), "public_snat_gateway", "100.127.64.0/24")
	return n
}

// last is the last address that servers can have.
func (sn *subnet) last() netip.Addr {
	base := binary.BigEndian.Uint32(sn.cidr.Addr().AsSlice())
	size := uint32(1) << (32 - sn.cidr.Bits())
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, base+size-2)))
}

// take finds a free address.
func (sn *subnet) take() (netip.Addr, bool) {
	first, last := sn.gateway.Next(), sn.last()
	total := 1 << (32 - sn.cidr.Bits())
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

func (sn *subnet) free() int { return 1<<(32-sn.cidr.Bits()) - 3 - len(sn.used) }

// nic is a network that a new server asks for: subnets to choose from, and
// perhaps the address.
type nic struct {
	subnets []*subnet
	fixed   netip.Addr
}

// nic reads an element of networks: a network id, a subnet id, a fixed
// address, or one of these with the address.
func (p *project) nic(m object) (nic, *reply) {
	var n nic
	all := p.subnets()
	switch {
	case str(m, "port") != "":
		return n, badRequest("Port %s could not be found.", str(m, "port"))
	case str(m, "subnet") != "":
		n.subnets = slices.DeleteFunc(all, func(s *subnet) bool { return s.id != str(m, "subnet") })
		if len(n.subnets) == 0 {
			return n, badRequest("Subnet %s could not be found.", str(m, "subnet"))
		}
	case str(m, "uuid") != "":
		n.subnets = slices.DeleteFunc(all, func(s *subnet) bool { return s.network.id != str(m, "uuid") })
		if len(n.subnets) == 0 {
			return n, badRequest("Network %s could not be found.", str(m, "uuid"))
		}
	case str(m, "fixed_ip") != "":
		n.subnets = slices.DeleteFunc(all, func(s *subnet) bool { return s.network.external })
	default:
		return n, badRequest("Bad networks format: network uuid, subnet, port or fixed_ip is missing")
	}
	if n.subnets[0].network.external {
		return n, refused(http.StatusForbidden, "It is not allowed to create an interface on external network %s", n.subnets[0].network.id)
	}
	fixed := str(m, "fixed_ip")
	if fixed == "" {
		return n, nil
	}
	ip, err := netip.ParseAddr(fixed)
	if err != nil {
		return n, badRequest("Invalid fixed IP Address %s", fixed)
	}
	for _, sn := range n.subnets {
		if !sn.cidr.Contains(ip) || !sn.gateway.Less(ip) || sn.last().Less(ip) {
			continue
		}
		if owner, ok := sn.used[ip]; ok {
			return n, badRequest("Fixed IP address %s is already in use on instance %s.", fixed, owner)
		}
		return nic{subnets: []*subnet{sn}, fixed: ip}, nil
	}
	return n, badRequest("Fixed IP %s is not a valid ip address for network %s.", fixed, n.subnets[0].network.id)
}

// connect takes an address for a server.
func (n nic) connect(server string) (port, *reply) {
	for _, sn := range n.subnets {
		ip, ok := n.fixed, n.fixed.IsValid()
		if !ok {
			ip, ok = sn.take()
		}
		if ok {
			sn.used[ip] = server
			return port{id: newID(), subnet: sn, ip: ip, mac: newMAC()}, nil
		}
	}
	return port{}, badRequest("No fixed IP addresses available for network: %s", n.subnets[0].network.id)
}

func newMAC() string {
	var b [3]byte
	_, _ = crand.Read(b[:])
	return fmt.Sprintf("fa:16:3e:%02x:%02x:%02x", b[0], b[1], b[2])
}

// subnets are all that the tenant sees, in a fresh slice.
func (p *project) subnets() []*subnet {
	var out []*subnet
	for _, n := range p.networks {
		out = append(out, n.subnets...)
	}
	return out
}

// The reading calls of network v2.0.

func (s *Server) networkService() *service {
	var routes []route
	add := func(list, get, path, plural, single, kind string, all, full func(*call) []object) {
		routes = append(routes,
			route{operation: list, method: "GET", path: "/v2.0/" + path, handle: func(c *call) reply {
				return c.listNeutron(plural, all(c))
			}},
			route{operation: get, method: "GET", path: "/v2.0/" + path + "/{id}", handle: func(c *call) reply {
				return c.getNeutron(single, kind, full(c))
			}},
		)
	}
	add("network-v2-list-networks", "", "networks", "networks", "network", "Network", networkBodies, networkBodies)
	add("network-v2-list-subnets", "", "subnets", "subnets", "subnet", "Subnet", subnetBodies, subnetBodies)
	add("network-v2-list-vpcs", "network-v2-get-vpc", "vpcs", "vpcs", "vpc", "Vpc", vpcBodies, fullVPCBodies)
	add("network-v2-list-vpcsubnets", "network-v2-get-vpcsubnet", "vpcsubnets", "vpcsubnets", "vpcsubnet", "VpcSubnet",
		vpcSubnetBodies, vpcSubnetBodies)
	add("network-v2-list-security-groups", "network-v2-get-security-group", "security-groups", "security_groups",
		"security_group", "SecurityGroup", securityGroupBodies, securityGroupBodies)
	add("network-v2-list-security-group-rules", "network-v2-get-security-group-rule", "security-group-rules",
		"security_group_rules", "security_group_rule", "SecurityGroupRule", ruleBodies, ruleBodies)
	return &service{name: "network", dialect: neutron, routes: append(routes, discovery("network")...)}
}

func networkBodies(c *call) []object {
	var out []object
	for _, n := range c.project.networks {
		ids := []string{}
		for _, sn := range n.subnets {
			ids = append(ids, sn.id)
		}
		out = append(out, object{
			"id": n.id, "name": n.name, "status": "ACTIVE", "subnets": ids, "router:external": n.external,
			"tenant_id": n.tenant, "admin_state_up": true, "mtu": 0, "shared": n.shared, "port_security_enabled": true,
		})
	}
	return out
}

func subnetBodies(c *call) []object {
	var out []object
	for _, sn := range c.project.subnets() {
		out = append(out, object{
			"id": sn.id, "name": sn.name, "network_id": sn.network.id, "tenant_id": sn.network.tenant,
			"cidr": sn.cidr.String(), "gateway_ip": sn.gateway.String(), "ip_version": 4, "enable_dhcp": true,
			"allocation_pools": []object{{"start": sn.gateway.Next().String(), "end": sn.last().String()}},
			"dns_nameservers":  []any{}, "host_routes": []any{},
			"ipv6_ra_mode": nil, "ipv6_address_mode": nil, "subnetpool_id": nil,
		})
	}
	return out
}

func vpcBodies(c *call) []object {
	var out []object
	for _, n := range c.project.networks {
		out = append(out, n.vpc())
	}
	return out
}

func (n *network) vpc() object {
	return object{
		"id": n.id, "name": n.name, "tenant_id": n.tenant, "cidrv4": n.cidr.String(), "state": "available",
		"create_time": spaced(n.created), "shared": n.shared, "router:external": n.external,
	}
}

// fullVPCBodies add what only the look at one VPC shows.
func fullVPCBodies(c *call) []object {
	var out []object
	for _, n := range c.project.networks {
		o := n.vpc()
		tables, subnets := []object{}, []object{}
		if !n.external {
			tables = append(tables, n.routingTable())
		}
		for _, sn := range n.subnets {
			b := sn.vpcSubnet()
			b["enable_dhcp"], b["hidden"] = true, false
			subnets = append(subnets, b)
		}
		o["routingtables"], o["subnets"] = tables, subnets
		out = append(out, o)
	}
	return out
}

func (n *network) routingTable() object {
	return object{
		"id": fixedID("routing table", n.id), "name": "vpc-" + n.id[:13], "default_table": true,
		"gateway_id": nil, "explicit": false,
	}
}

func vpcSubnetBodies(c *call) []object {
	var out []object
	for _, sn := range c.project.subnets() {
		out = append(out, sn.vpcSubnet())
	}
	return out
}

func (sn *subnet) vpcSubnet() object {
	n := sn.network
	o := object{
		"id": sn.id, "name": sn.name, "vpc_id": n.id, "tenant_id": n.tenant, "cidr": sn.cidr.String(),
		"gateway": sn.gateway.String(), "state": "available", "create_time": spaced(n.created),
		"available_ip_count": sn.free(), "shared": n.shared, "router:external": n.external, "routes": []any{},
		"vpc": object{
			"id": n.id, "name": n.name, "cidrv4": n.cidr.String(), "state": "available", "shared": n.shared,
		},
	}
	if !n.external {
		o["routingtable"] = n.routingTable()
	}
	return o
}

func securityGroupBodies(c *call) []object {
	var out []object
	for _, g := range c.project.security {
		out = append(out, g.body())
	}
	return out
}

func ruleBodies(c *call) []object {
	var out []object
	for _, g := range c.project.security {
		for _, r := range g.rules {
			out = append(out, r.body(g))
		}
	}
	return out
}

// getNeutron answers the element that the path names.
func (c *call) getNeutron(single, kind string, all []object) reply {
	id := c.value("id")
	for _, o := range all {
		if o["id"] == id {
			return answer(http.StatusOK, object{single: c.fields(o)})
		}
	}
	return neutronError(http.StatusNotFound, kind+"NotFound", kind+" "+id+" could not be found.")
}

// notNeutronFilters are the query keys of a list that do not compare a field.
var notNeutronFilters = []string{"fields", "sort_key", "sort_dir", "limit", "marker", "offset", "page_reverse", "detail"}

// listNeutron answers a list as neutron does: every field can be asked for,
// with several values even, and limit cuts it into pages.
func (c *call) listNeutron(plural string, all []object) reply {
	found := []object{}
next:
	for _, o := range all {
		for key, values := range c.query {
			if slices.Contains(notNeutronFilters, key) {
				continue
			}
			if !slices.ContainsFunc(values, func(v string) bool { return sameText(o[key], v) || o[key] == nil && v == "" }) {
				continue next
			}
		}
		found = append(found, o)
	}
	if key := c.query.Get("sort_key"); key != "" {
		slices.SortStableFunc(found, func(a, b object) int { return cmp.Compare(fmt.Sprint(a[key]), fmt.Sprint(b[key])) })
		if c.query.Get("sort_dir") == "desc" {
			slices.Reverse(found)
		}
	}
	answered := object{}
	if c.query.Has("limit") {
		limit, ok := asInt(c.query.Get("limit"))
		if !ok || limit < 0 {
			return neutronError(http.StatusBadRequest, "HTTPBadRequest", "Bad limit request: limit must be an integer greater than or equal to 0.")
		}
		marker := c.query.Get("marker")
		page, ok := cutPage(found, func(o object) string { return o["id"].(string) }, marker, cmp.Or(limit, len(found)))
		if !ok {
			return neutronError(http.StatusBadRequest, "BadRequest", fmt.Sprintf("Bad %s request: marker %s not found.", plural, marker))
		}
		if limit > 0 && len(page) == limit {
			u := url.URL{Path: c.req.URL.Path, RawQuery: c.nextQuery(page[limit-1]["id"].(string))}
			answered[plural+"_links"] = []object{link("next", c.srv.url+u.String())}
		}
		found = page
	}
	list := []object{}
	for _, o := range found {
		list = append(list, c.fields(o))
	}
	answered[plural] = list
	return answer(http.StatusOK, answered)
}

// fields keeps the fields that the query names, or all.
func (c *call) fields(o object) object {
	names := c.query["fields"]
	if len(names) == 0 {
		return o
	}
	kept := object{}
	for _, name := range names {
		for _, n := range strings.Split(name, ",") {
			if v, ok := o[n]; ok {
				kept[n] = v
			}
		}
	}
	return kept
}
