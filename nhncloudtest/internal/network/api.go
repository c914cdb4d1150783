package network

import "github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"

// API is what the frame serves.
func (s *Service) API() *frame.API {
	var routes []frame.Route
	add := func(listID, getID, path, plural, single, kind string, all, full func(*Project) []object) {
		routes = append(routes,
			frame.Route{Operation: listID, Method: "GET", Path: "/v2.0/" + path, Handle: func(c *frame.Call) frame.Reply {
				return list(c, plural, all(s.At(c.Place())))
			}},
			frame.Route{Operation: getID, Method: "GET", Path: "/v2.0/" + path + "/{id}", Handle: func(c *frame.Call) frame.Reply {
				return get(c, single, kind, full(s.At(c.Place())))
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
	return &frame.API{
		Name: "network", Dialect: Dialect{}, Admit: s.identity.Admit,
		Catalog: frame.Catalog{Type: "network", Name: "neutron", Path: "/network"},
		Routes:  append(routes, frame.Discovery{Version: "v2.0", Path: "/v2.0"}.Routes()...),
	}
}

func networkBodies(p *Project) []object {
	var out []object
	for _, n := range p.Networks {
		ids := []string{}
		for _, sn := range n.Subnets {
			ids = append(ids, sn.ID)
		}
		out = append(out, object{
			"id": n.ID, "name": n.Name, "status": "ACTIVE", "subnets": ids, "router:external": n.External,
			"tenant_id": n.tenant, "admin_state_up": true, "mtu": 0, "shared": n.External, "port_security_enabled": true,
		})
	}
	return out
}

func subnetBodies(p *Project) []object {
	var out []object
	for _, sn := range p.Subnets() {
		out = append(out, object{
			"id": sn.ID, "name": sn.Name, "network_id": sn.Network.ID, "tenant_id": sn.Network.tenant,
			"cidr": sn.CIDR.String(), "gateway_ip": sn.Gateway.String(), "ip_version": 4, "enable_dhcp": true,
			"allocation_pools": []object{{"start": sn.Gateway.Next().String(), "end": sn.Last().String()}},
			"dns_nameservers":  []any{}, "host_routes": []any{},
			"ipv6_ra_mode": nil, "ipv6_address_mode": nil, "subnetpool_id": nil,
		})
	}
	return out
}

func vpcBodies(p *Project) []object {
	var out []object
	for _, n := range p.Networks {
		out = append(out, n.vpc())
	}
	return out
}

func (n *Network) vpc() object {
	return object{
		"id": n.ID, "name": n.Name, "tenant_id": n.tenant, "cidrv4": n.cidr.String(), "state": "available",
		"create_time": frame.Spaced(n.created), "shared": n.External, "router:external": n.External,
	}
}

// fullVPCBodies add what only the look at one VPC shows.
func fullVPCBodies(p *Project) []object {
	var out []object
	for _, n := range p.Networks {
		o := n.vpc()
		tables, subnets := []object{}, []object{}
		if !n.External {
			tables = append(tables, n.routingTable())
		}
		for _, sn := range n.Subnets {
			b := sn.vpcSubnet()
			b["enable_dhcp"], b["hidden"] = true, false
			subnets = append(subnets, b)
		}
		o["routingtables"], o["subnets"] = tables, subnets
		out = append(out, o)
	}
	return out
}

// RouterID is the id of the routing table of the network, which stands for its
// router too.
func (n *Network) RouterID() string { return frame.FixedID("routing table", n.ID) }

func (n *Network) routingTable() object {
	return object{
		"id": n.RouterID(), "name": "vpc-" + n.ID[:13], "default_table": true,
		"gateway_id": nil, "explicit": false,
	}
}

func vpcSubnetBodies(p *Project) []object {
	var out []object
	for _, sn := range p.Subnets() {
		out = append(out, sn.vpcSubnet())
	}
	return out
}

func (sn *Subnet) vpcSubnet() object {
	n := sn.Network
	o := object{
		"id": sn.ID, "name": sn.Name, "vpc_id": n.ID, "tenant_id": n.tenant, "cidr": sn.CIDR.String(),
		"gateway": sn.Gateway.String(), "state": "available", "create_time": frame.Spaced(n.created),
		"available_ip_count": sn.Free(), "shared": n.External, "router:external": n.External, "routes": []any{},
		"vpc": object{
			"id": n.ID, "name": n.Name, "cidrv4": n.cidr.String(), "state": "available", "shared": n.External,
		},
	}
	if !n.External {
		o["routingtable"] = n.routingTable()
	}
	return o
}

func securityGroupBodies(p *Project) []object {
	var out []object
	for _, g := range p.SecurityGroups {
		out = append(out, g.body())
	}
	return out
}

func ruleBodies(p *Project) []object {
	var out []object
	for _, g := range p.SecurityGroups {
		for _, r := range g.Rules {
			out = append(out, r.body(g))
		}
	}
	return out
}
