package nhncloudtest

import "slices"

func listNetworksV1(c *call) (object, *reply) {
	list, r := listV1(c, "Network", c.project.networks, func(n *network) string { return n.id }, func(n *network) object {
		subnets := []string{}
		for _, sn := range n.subnets {
			subnets = append(subnets, sn.id)
		}
		return object{
			"id": n.id, "name": n.name, "status": "ACTIVE", "adminStateUp": true, "router:external": n.external, "subnets": subnets,
		}
	})
	return object{"networks": list}, r
}

func listSubnetsV1(c *call) (object, *reply) {
	subnets := []object{}
	for _, sn := range c.project.subnets() {
		subnets = append(subnets, object{
			"id": sn.id, "name": sn.name, "networkId": sn.network.id, "cidr": sn.cidr.String(), "gatewayIp": sn.gateway.String(),
			"ipVersion": 4, "enableDhcp": true, "hostRoutes": []any{},
			"allocationPools": []object{{"start": sn.gateway.Next().String(), "end": sn.last().String()}},
		})
	}
	return object{"subnets": subnets}, nil
}

// Security groups.

func (g *securityGroup) bodyV1() object {
	rules := []object{}
	for _, r := range g.rules {
		o := r.bodyV1(g)
		o["description"] = r.description
		rules = append(rules, o)
	}
	return object{"id": g.id, "name": g.name, "description": g.description, "securityGroupRules": rules}
}

func listSecurityGroupsV1(c *call) (object, *reply) {
	list, r := listV1(c, "Security group", c.project.security,
		func(g *securityGroup) string { return g.id }, (*securityGroup).bodyV1)
	return object{"securityGroups": list}, r
}

// theGroup finds a security group by its id.
func (c *call) theGroup(id string) (*securityGroup, *reply) {
	if g := c.project.securityGroup(id); g != nil {
		return g, nil
	}
	return nil, areaSecurityGroup.notFound("Security group", id)
}

// readGroupV1 reads name and description of a security group.
func (c *call) readGroupV1() (name, description string, r *reply) {
	request, r := c.request("securityGroup")
	if r != nil {
		return "", "", r
	}
	names, r := texts(request, "name")
	if r != nil {
		return "", "", r
	}
	description, r = optionalText(request, "description")
	return names[0], description, r
}

func createSecurityGroupV1(c *call) (object, *reply) {
	name, description, r := c.readGroupV1()
	if r != nil {
		return nil, r
	}
	g, r := c.project.addSecurityGroup(name, description)
	if r != nil {
		return nil, areaSecurityGroup.relay(r)
	}
	return object{"securityGroup": g.bodyV1()}, nil
}

func updateSecurityGroupV1(c *call) (object, *reply) {
	g, r := c.theGroup(c.value("securityGroupId"))
	if r != nil {
		return nil, r
	}
	name, description, r := c.readGroupV1()
	if r != nil {
		return nil, r
	}
	if r := g.rename(name); r != nil {
		return nil, areaSecurityGroup.relay(r)
	}
	if sub(c.body, "securityGroup")["description"] != nil {
		g.description = description
	}
	return object{"securityGroup": object{"id": g.id, "name": g.name, "description": g.description}}, nil
}

func deleteSecurityGroupV1(c *call) (object, *reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	g, r := c.theGroup(id)
	if r != nil {
		return nil, r
	}
	return nil, areaSecurityGroup.relay(c.project.removeSecurityGroup(g))
}

// Rules.

func (r *securityRule) bodyV1(g *securityGroup) object {
	return object{
		"id": r.id, "securityGroupId": g.id, "direction": r.direction, "ethertype": r.ethertype, "protocol": nullable(r.protocol),
		"portRangeMin": nullable(r.portMin), "portRangeMax": nullable(r.portMax),
		"remoteGroupId": nullable(r.remoteGroup), "remoteIpPrefix": nullable(r.remotePrefix),
	}
}

func listRulesV1(c *call) (object, *reply) {
	var all []object
	for _, g := range c.project.security {
		for _, r := range g.rules {
			all = append(all, r.bodyV1(g))
		}
	}
	list, r := listV1(c, "Security group rule", all,
		func(o object) string { return o["id"].(string) }, func(o object) object { return o })
	return object{"securityGroupRules": list}, r
}

func createRuleV1(c *call) (object, *reply) {
	request, r := c.request("securityGroupRule")
	if r != nil {
		return nil, r
	}
	ids, r := texts(request, "securityGroupId")
	if r != nil {
		return nil, r
	}
	rule, r := readRule(request)
	if r != nil {
		return nil, r
	}
	g, r := c.theGroup(ids[0])
	if r != nil {
		return nil, r
	}
	if rule.remoteGroup != "" {
		if _, r := c.theGroup(rule.remoteGroup); r != nil {
			return nil, r
		}
	}
	made, r := g.addRule(rule)
	if r != nil {
		return nil, areaSecurityGroup.relay(r)
	}
	return object{"securityGroupRule": made.bodyV1(g)}, nil
}

// readRule reads a rule. "null" is a protocol as null is.
func readRule(request object) (securityRule, *reply) {
	var rule securityRule
	for key, field := range map[string]*string{
		"direction": &rule.direction, "ethertype": &rule.ethertype, "protocol": &rule.protocol,
		"remoteGroupId": &rule.remoteGroup, "remoteIpPrefix": &rule.remotePrefix,
	} {
		var r *reply
		if *field, r = optionalText(request, key); r != nil {
			return rule, r
		}
	}
	if rule.ethertype == "" {
		rule.ethertype = "IPv4"
	}
	if rule.protocol == "null" {
		rule.protocol = ""
	}
	switch {
	case rule.direction != "ingress" && rule.direction != "egress":
		return rule, badParameters("direction must be ingress or egress")
	case rule.ethertype != "IPv4" && rule.ethertype != "IPv6":
		return rule, badParameters("ethertype must be IPv4 or IPv6")
	case !slices.Contains([]string{"", "icmp", "tcp", "udp"}, rule.protocol):
		return rule, badParameters("protocol must be icmp, tcp, udp or null")
	case (rule.remoteGroup == "") == (rule.remotePrefix == ""):
		return rule, badParameters("either remoteGroupId or remoteIpPrefix must be given")
	}
	if rule.remotePrefix != "" {
		prefix, ok := parsePrefix(rule.remotePrefix, rule.ethertype)
		if !ok {
			return rule, badParameters("remoteIpPrefix is no %s prefix", rule.ethertype)
		}
		rule.remotePrefix = prefix
	}
	return rule, rule.readPorts(request)
}

// readPorts reads the range of ports: both ends or none.
func (r *securityRule) readPorts(request object) *reply {
	given := 0
	for key, field := range map[string]*int{"portRangeMin": &r.portMin, "portRangeMax": &r.portMax} {
		v := request[key]
		if v == nil {
			continue
		}
		given++
		n, ok := asInt(v)
		if !ok || n < 1 || n > 65535 {
			return badParameters("%s must be 1 to 65535", key)
		}
		*field = n
	}
	switch {
	case given == 1 || r.portMin > r.portMax:
		return badParameters("portRangeMin and portRangeMax must be a range")
	case given == 2 && r.protocol == "":
		return badParameters("ports need a protocol")
	}
	return nil
}

func deleteRuleV1(c *call) (object, *reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	g, rule := c.project.ruleByID(id)
	if g == nil {
		return nil, areaSecurityGroup.notFound("Security group rule", id)
	}
	g.rules = slices.DeleteFunc(g.rules, func(o *securityRule) bool { return o == rule })
	return nil, nil
}

// Floating IPs.

// pools are the networks that floating IPs come from.
func (p *project) pools() []*network {
	return slices.DeleteFunc(slices.Clone(p.networks), func(n *network) bool { return !n.external })
}

func (n *network) poolV1() object { return object{"id": n.id, "name": n.name} }

func (f *floatingIP) bodyV1() object {
	o := object{
		"id": f.id, "floatingIpAddress": f.ip.String(), "pool": f.subnet.network.poolV1(), "status": f.status(),
	}
	if f.port != nil {
		o["fixedIpAddress"], o["portId"] = f.port.ip.String(), f.port.id
		o["routerId"] = f.port.subnet.network.routingTable()["id"]
	}
	return o
}

func listPoolsV1(c *call) (object, *reply) {
	pools := []object{}
	for _, n := range c.project.pools() {
		pools = append(pools, n.poolV1())
	}
	return object{"pools": pools}, nil
}

func listFloatingIPsV1(c *call) (object, *reply) {
	list, r := listV1(c, "Floating IP", c.project.floating, func(f *floatingIP) string { return f.id }, (*floatingIP).bodyV1)
	return object{"floatingips": list}, r
}

func createFloatingIPV1(c *call) (object, *reply) {
	request, r := c.request("pool")
	if r != nil {
		return nil, r
	}
	ids, r := texts(request, "id")
	if r != nil {
		return nil, r
	}
	for _, pool := range c.project.pools() {
		if pool.id != ids[0] {
			continue
		}
		f := c.project.addFloatingIP(pool)
		if f == nil {
			return nil, failedHeader(20001, "No available IP")
		}
		return object{"floatingip": f.bodyV1()}, nil
	}
	return nil, areaFloatingIP.notFound("Floating IP pool", ids[0])
}

func deleteFloatingIPV1(c *call) (object, *reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	for _, f := range c.project.floating {
		if f.id == id {
			return nil, areaFloatingIP.relay(c.project.removeFloatingIP(f))
		}
	}
	return nil, areaFloatingIP.notFound("Floating IP", id)
}
