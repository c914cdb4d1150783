package network

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// briefBody is the port as those show it who look for the users of a security
// group.
func (pt *Port) briefBody() object {
	fixed, groups := []object{}, []string{}
	for _, f := range pt.Fixed {
		fixed = append(fixed, object{"subnet_id": f.Subnet.ID, "ip_address": f.IP.String()})
	}
	for _, g := range pt.SecurityGroups {
		groups = append(groups, g.ID)
	}
	return object{
		"id": pt.ID, "name": pt.Name, "status": pt.Status(), "admin_state_up": !pt.down, "network_id": pt.Network.ID,
		"tenant_id": pt.tenant, "project_id": pt.tenant, "device_owner": pt.DeviceOwner, "device_id": pt.DeviceID,
		"mac_address": pt.MAC, "fixed_ips": fixed, "security_groups": groups,
	}
}

func (pt *Port) body() object {
	o := pt.briefBody()
	delete(o, "project_id")
	pairs := []object{}
	for _, p := range pt.pairs {
		pairs = append(pairs, object{"ip_address": p.ip, "mac_address": p.mac})
	}
	o["allowed_address_pairs"], o["port_security_enabled"], o["binding:vnic_type"] = pairs, !pt.insecure, "normal"
	o["extra_dhcp_opts"] = append([]object{}, pt.dhcp...)
	if pt.description != nil {
		o["description"] = pt.description
	}
	return o
}

func listPorts(c *call) frame.Reply {
	for _, value := range c.Query["fixed_ips"] {
		if key, _, ok := strings.Cut(value, "="); !ok || !slices.Contains([]string{"ip_address", "ip_address_substr", "subnet_id"}, key) {
			return *badRequest("Invalid input for fixed_ips. Reason: '%s' is none of ip_address, ip_address_substr and subnet_id with a value.", value)
		}
	}
	return list(c, "ports", bodies(c.project.Ports, (*Port).body), map[string]Filter{
		"admin_state": func(o object, values []string) bool { return equal("admin_state_up")(o, values) },
		"fixed_ips":   hasFixed,
	})
}

// hasFixed tells whether one of the addresses of a port is as asked for: for
// each key one of its values.
func hasFixed(o object, values []string) bool {
	wanted := map[string][]string{}
	for _, value := range values {
		key, text, _ := strings.Cut(value, "=")
		wanted[key] = append(wanted[key], text)
	}
	return slices.ContainsFunc(o["fixed_ips"].([]object), func(f object) bool {
		for key, texts := range wanted {
			if !slices.ContainsFunc(texts, func(text string) bool {
				if key == "ip_address_substr" {
					return strings.Contains(frame.Str(f, "ip_address"), text)
				}
				return f[key] == text
			}) {
				return false
			}
		}
		return true
	})
}

func getPort(c *call) frame.Reply {
	return one(c, "port", c.project.Ports, aPort, (*Port).body)
}

func listSecurityGroupPorts(c *call) frame.Reply {
	if !c.Query.Has("security_group_id") {
		return *badRequest("Failed to parse request. Required attribute 'security_group_id' not specified")
	}
	return list(c, "security_group_ports", bodies(c.project.Ports, (*Port).briefBody), map[string]Filter{
		"security_group_id": func(o object, values []string) bool { return equal("security_groups")(o, values) },
	})
}

// portOrder is what a request says of a port.
type portOrder struct {
	fixed  []Fixed // nil when any will do
	groups []*SecurityGroup

	moved, regrouped, repaired bool // which of them are given
	pairs                      []addressPair
}

// port reads what create and update have in common into the port, and the rest
// into an order.
func (c *call) portFields(in *input, pt *Port) (o portOrder) {
	if name, given := in.name(); given {
		pt.Name = name
	}
	if up, given := in.flag("admin_state_up"); given {
		pt.down = !up
	}
	if on, given := in.flag("port_security_enabled"); given {
		pt.insecure = !on
	}
	if text, given := in.text("description", maxName); given {
		pt.description = text
	}
	if mac, given := in.mac("mac_address"); given && mac != pt.MAC {
		in.Refuse(c.project.changeMAC(pt, mac))
	}
	var ids []string
	ids, o.regrouped = in.uuids("security_groups")
	for _, id := range ids {
		g, r := find(c.project.SecurityGroups, aSecurityGroup, id)
		in.Refuse(r)
		if !slices.Contains(o.groups, g) {
			o.groups = append(o.groups, g)
		}
	}
	o.fixed, o.moved = in.fixedIPs(pt.Network)
	o.pairs, o.repaired = in.addressPairs(pt)
	in.dhcpOptions(pt)
	return o
}

// changeMAC gives a port another MAC address.
func (p *Project) changeMAC(pt *Port, mac string) *frame.Reply {
	if pt.device != nil {
		return conflict("PortBound", "Unable to complete operation on port %s, port is already bound, port type: ovs, old_mac %s, new_mac %s.", pt.ID, pt.MAC, mac)
	}
	for _, o := range p.Ports {
		if o.Network == pt.Network && o.MAC == mac {
			return conflict("MacAddressInUse", "Unable to complete operation for network %s. The mac address %s is in use.", pt.Network.ID, mac)
		}
	}
	pt.MAC = mac
	return nil
}

// fixedIPs reads the addresses that a port is to have in its network.
func (in *input) fixedIPs(n *Network) ([]Fixed, bool) {
	list, given := in.list("fixed_ips")
	if !given {
		return nil, false
	}
	const most = 5
	if len(list) > most {
		in.Refuse(invalidInput("Exceeded maximum amount of fixed ips per port."))
	}
	wanted := []Fixed{}
	for _, e := range list {
		subnetID, ip := e.uuid("subnet_id"), e.address("ip_address")
		in.Refuse(e.done())
		if in.Refused != nil {
			return nil, true
		}
		f, r := n.fixed(subnetID, ip)
		in.Refuse(r)
		wanted = append(wanted, f)
	}
	return wanted, true
}

// fixed finds the subnet of an address, either of which may be missing.
func (n *Network) fixed(subnetID string, ip netip.Addr) (Fixed, *frame.Reply) {
	sn, known := byID(n.Subnets, subnetID)
	switch {
	case subnetID != "" && !known:
		return Fixed{}, invalidInput("Failed to create port on network %s, because fixed_ips included invalid subnet %s.", n.ID, subnetID)
	case subnetID != "" && ip.IsValid() && !sn.Lends(ip) && ip != sn.Gateway:
		return Fixed{}, refused(http.StatusBadRequest, "InvalidIpForSubnet", "IP address %s is not a valid IP for the specified subnet.", ip)
	case subnetID != "":
		return Fixed{sn, ip}, nil
	case !ip.IsValid():
		return Fixed{}, invalidInput("IP allocation requires subnet_id or ip_address.")
	}
	for _, sn := range n.Subnets {
		if sn.Lends(ip) || ip == sn.Gateway {
			return Fixed{sn, ip}, nil
		}
	}
	return Fixed{}, refused(http.StatusBadRequest, "InvalidIpForNetwork",
		"IP address %s is not a valid IP for any of the subnets on the specified network.", ip)
}

// addressPairs reads who else may send through a port.
func (in *input) addressPairs(pt *Port) (pairs []addressPair, given bool) {
	list, given := in.list("allowed_address_pairs")
	const most = 10
	if len(list) > most {
		in.Refuse(refused(http.StatusBadRequest, "AllowedAddressPairExhausted",
			"The number of allowed address pair exceeds the maximum %d.", most))
	}
	for _, e := range list {
		e.need("ip_address")
		text, _ := e.text("ip_address", maxName)
		mac, other := e.mac("mac_address")
		if !other {
			mac = pt.MAC
		}
		_, err := netip.ParsePrefix(text)
		if _, single := netip.ParseAddr(text); err != nil && single != nil {
			e.invalid("allowed_address_pairs", "'"+text+"' is not a valid IP address.")
		}
		in.Refuse(e.done())
		pair := addressPair{text, mac}
		if slices.Contains(pairs, pair) {
			in.Refuse(refused(http.StatusBadRequest, "DuplicateAddressPairInRequest",
				"Request contains duplicate address pair: mac_address %s ip_address %s.", mac, text))
		}
		pairs = append(pairs, pair)
	}
	return pairs, given
}

// dhcpOptions reads the options that the port gets by DHCP. They add to those
// that are there; one without a value goes.
func (in *input) dhcpOptions(pt *Port) {
	list, _ := in.list("extra_dhcp_opts")
	options := slices.Clone(pt.dhcp)
	for _, e := range list {
		e.need("opt_name", "opt_value")
		name, _ := e.text("opt_name", maxName)
		version, versioned := e.Value("ip_version")
		if n, ok := frame.AsInt(version); versioned && (!ok || n != 4) {
			e.invalid("extra_dhcp_opts", "the ip_version is not 4.")
		}
		value, _ := e.Value("opt_value")
		options = slices.DeleteFunc(options, func(o object) bool { return o["opt_name"] == name })
		if value != nil {
			text, _ := e.text("opt_value", maxName)
			options = append(options, object{"opt_name": name, "opt_value": text, "ip_version": 4})
		}
		in.Refuse(e.done())
	}
	pt.dhcp = options
}

// settle gives the port what an order says, as far as port security allows it.
func (pt *Port) settle(o portOrder) *frame.Reply {
	groups, pairs := pt.SecurityGroups, pt.pairs
	if o.regrouped {
		groups = o.groups
	}
	if o.repaired {
		pairs = o.pairs
	}
	switch {
	case pt.insecure && o.regrouped && len(groups) > 0:
		return refused(http.StatusBadRequest, "PortSecurityAndIPRequiredForSecurityGroups",
			"Port security must be enabled and port must have an IP address in order to use security groups.")
	case pt.insecure && len(groups) > 0:
		return conflict("PortSecurityPortHasSecurityGroup", "Port has security group associated. "+
			"Cannot disable port security or IP address until security group is removed.")
	case pt.insecure && len(pairs) > 0:
		return conflict("AddressPairAndPortSecurityRequired", "Port Security must be enabled in order to have allowed address pairs on a port.")
	}
	pt.SecurityGroups, pt.pairs = groups, pairs
	return nil
}

func createPort(c *call) frame.Reply { return c.create("port", "ports", (*call).newPort) }

func (c *call) newPort(in *input) (made, *frame.Reply) {
	p := c.project
	in.need("network_id")
	in.tenant(c)
	networkID := in.uuid("network_id")
	if in.Refused != nil {
		return nil, in.Refused
	}
	n, r := find(p.Networks, aNetwork, networkID)
	switch {
	case r != nil:
		return nil, r
	case n.External:
		return nil, refused(http.StatusForbidden, "PolicyNotAuthorized", "rule:create_port is disallowed by policy")
	}
	pt := &Port{ID: frame.NewID(), MAC: newMAC(), Network: n, tenant: c.Tenant}
	o := c.portFields(in, pt)
	pt.DeviceID, _ = in.text("device_id", maxName)
	pt.DeviceOwner, _ = in.text("device_owner", maxName)
	if !o.regrouped && !pt.insecure {
		pt.SecurityGroups = []*SecurityGroup{p.DefaultSecurityGroup()}
	}
	if r = in.done(); r == nil {
		r = pt.settle(o)
	}
	if r == nil {
		pt.Fixed, r = pt.allocate(o.fixed)
	}
	if r != nil {
		return nil, r
	}
	p.Ports = append(p.Ports, pt)
	return pt, nil
}

func (pt *Port) remove(p *Project) { p.removePort(pt) }

func updatePort(c *call) frame.Reply {
	pt, r := find(c.project.Ports, aPort, c.Value("id"))
	if r != nil {
		return *r
	}
	in, r := c.input("port")
	if r != nil {
		return *r
	}
	in.fixed("network_id", "device_id", "device_owner", "tenant_id", "project_id")
	next := *pt
	o := c.portFields(in, &next)
	if r = in.done(); r == nil {
		r = next.settle(o)
	}
	if r == nil && o.moved {
		next.Fixed, r = next.allocate(o.fixed)
	}
	if r == nil {
		for _, f := range pt.Fixed {
			if !slices.Contains(next.Fixed, f) {
				c.project.giveBack(pt, f)
			}
		}
		*pt = next
		if pt.DeviceID != "" {
			pt.claim(pt.DeviceID)
		}
	}
	return changed("port", r, pt.body)
}

// deletePort deletes a port. The server that it is plugged into loses it; other
// devices keep theirs.
func deletePort(c *call) frame.Reply {
	pt, r := find(c.project.Ports, aPort, c.Value("id"))
	if k, ok := pt.keeper(); r == nil && ok {
		r = conflict("ServicePortInUse", "Port %s cannot be deleted directly via the port API: %s.", pt.ID, k.KeepsPort())
	}
	if r == nil {
		if pt.device != nil {
			pt.device.Unplugged(pt)
		}
		c.project.removePort(pt)
	}
	return deleted(r)
}
