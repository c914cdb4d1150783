package v1

import (
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

func ruleBody(r *network.SecurityRule, g *network.SecurityGroup) object {
	return object{
		"id": r.ID, "securityGroupId": g.ID, "direction": r.Direction, "ethertype": r.Ethertype, "protocol": frame.Nullable(r.Protocol),
		"portRangeMin": r.PortMin, "portRangeMax": r.PortMax,
		"remoteGroupId": frame.Nullable(r.RemoteGroup), "remoteIpPrefix": frame.Nullable(r.RemotePrefix),
	}
}

func listRules(c *call) (object, *frame.Reply) {
	var all []object
	for _, g := range c.network.SecurityGroups {
		for _, r := range g.Rules {
			all = append(all, ruleBody(r, g))
		}
	}
	list, r := listing(c, "Security group rule", all,
		func(o object) string { return o["id"].(string) }, func(o object) object { return o })
	return object{"securityGroupRules": list}, r
}

func createRule(c *call) (object, *frame.Reply) {
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
	if rule.RemoteGroup != "" {
		if _, r := c.theGroup(rule.RemoteGroup); r != nil {
			return nil, r
		}
	}
	made, r := g.AddRule(rule)
	if r != nil {
		return nil, areaSecurityGroup.relay(r)
	}
	return object{"securityGroupRule": ruleBody(made, g)}, nil
}

// readRule reads a rule. "null" is a protocol as null is.
func readRule(request object) (network.SecurityRule, *frame.Reply) {
	var rule network.SecurityRule
	for key, field := range map[string]*string{
		"direction": &rule.Direction, "ethertype": &rule.Ethertype, "protocol": &rule.Protocol,
		"remoteGroupId": &rule.RemoteGroup, "remoteIpPrefix": &rule.RemotePrefix,
	} {
		var r *frame.Reply
		if *field, r = optionalText(request, key); r != nil {
			return rule, r
		}
	}
	if rule.Ethertype == "" {
		rule.Ethertype = "IPv4"
	}
	if rule.Protocol == "null" {
		rule.Protocol = ""
	}
	switch {
	case rule.Direction != "ingress" && rule.Direction != "egress":
		return rule, badParameters("direction must be ingress or egress")
	case rule.Ethertype != "IPv4" && rule.Ethertype != "IPv6":
		return rule, badParameters("ethertype must be IPv4 or IPv6")
	case !slices.Contains([]string{"", "icmp", "tcp", "udp"}, rule.Protocol):
		return rule, badParameters("protocol must be icmp, tcp, udp or null")
	case (rule.RemoteGroup == "") == (rule.RemotePrefix == ""):
		return rule, badParameters("either remoteGroupId or remoteIpPrefix must be given")
	}
	if rule.RemotePrefix != "" {
		prefix, ok := network.ParsePrefix(rule.RemotePrefix, rule.Ethertype)
		if !ok {
			return rule, badParameters("remoteIpPrefix is no %s prefix", rule.Ethertype)
		}
		rule.RemotePrefix = prefix
	}
	return rule, readPorts(request, &rule)
}

// readPorts reads the range of ports: both ends or none.
func readPorts(request object, r *network.SecurityRule) *frame.Reply {
	given := 0
	for key, field := range map[string]**int{"portRangeMin": &r.PortMin, "portRangeMax": &r.PortMax} {
		v := request[key]
		if v == nil {
			continue
		}
		given++
		n, ok := frame.AsInt(v)
		if !ok || n < 1 || n > 65535 {
			return badParameters("%s must be 1 to 65535", key)
		}
		*field = &n
	}
	switch {
	case given == 1 || given == 2 && *r.PortMin > *r.PortMax:
		return badParameters("portRangeMin and portRangeMax must be a range")
	case given == 2 && r.Protocol == "":
		return badParameters("ports need a protocol")
	}
	return nil
}

func deleteRule(c *call) (object, *frame.Reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	g, rule := c.network.RuleByID(id)
	if g == nil {
		return nil, areaSecurityGroup.notFound("Security group rule", id)
	}
	g.Rules = slices.DeleteFunc(g.Rules, func(o *network.SecurityRule) bool { return o == rule })
	return nil, nil
}
