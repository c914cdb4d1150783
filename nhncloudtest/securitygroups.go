package nhncloudtest

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
)

type securityGroup struct {
	id, name, description, tenant string
	rules                         []*securityRule
}

// securityRule lets traffic through. Empty and zero values stand for anything.
type securityRule struct {
	id, description      string
	direction, ethertype string
	protocol             string
	portMin, portMax     int
	remoteGroup          string // id
	remotePrefix         string
}

const defaultGroup = "default"

func defaultSecurityGroups(region, tenant string) []*securityGroup {
	group := func(name, description string, rules ...securityRule) *securityGroup {
		g := &securityGroup{id: fixedID("security group", region, tenant, name), name: name, description: description, tenant: tenant}
		for i, r := range rules {
			r.id = fixedID("rule", g.id, fmt.Sprint(i))
			g.rules = append(g.rules, &r)
		}
		return g
	}
	open := func(port int) securityRule {
		return securityRule{
			direction: "ingress", ethertype: "IPv4", protocol: "tcp", portMin: port, portMax: port, remotePrefix: "0.0.0.0/0",
		}
	}
	out4, out6 := securityRule{direction: "egress", ethertype: "IPv4"}, securityRule{direction: "egress", ethertype: "IPv6"}
	def := group(defaultGroup, "Default security group",
		securityRule{direction: "ingress", ethertype: "IPv4"}, out4, securityRule{direction: "ingress", ethertype: "IPv6"}, out6)
	def.rules[0].remoteGroup, def.rules[2].remoteGroup = def.id, def.id
	web := group("web", "SSH, HTTP and HTTPS from everywhere", out4, out6, open(22), open(80), open(443))
	return []*securityGroup{def, web}
}

func (p *project) defaultSecurity() []*securityGroup { return []*securityGroup{p.security[0]} }

// securityGroup finds a group by its id.
func (p *project) securityGroup(id string) *securityGroup {
	for _, g := range p.security {
		if g.id == id {
			return g
		}
	}
	return nil
}

// securityGroupNamed finds a group by its name or id, in the words of compute.
// Names need not be unique.
func (p *project) securityGroupNamed(ref string) (*securityGroup, *reply) {
	if g := p.securityGroup(ref); g != nil {
		return g, nil
	}
	var found []*securityGroup
	for _, g := range p.security {
		if g.name == ref {
			found = append(found, g)
		}
	}
	switch len(found) {
	case 0:
		return nil, notFound("Unable to find security_group with name or id '%s'", ref)
	case 1:
		return found[0], nil
	}
	return nil, conflict("Multiple security_group matches found for name '%s', use an ID to be more specific.", ref)
}

// addSecurityGroup makes a group that lets everything out.
func (p *project) addSecurityGroup(name, description string) (*securityGroup, *reply) {
	if name == defaultGroup {
		return nil, neutronConflict("SecurityGroupDefaultAlreadyExists", "Default security group already exists.")
	}
	g := &securityGroup{id: newID(), name: name, description: description, tenant: p.tenant.id}
	for _, ethertype := range []string{"IPv4", "IPv6"} {
		g.rules = append(g.rules, &securityRule{id: newID(), direction: "egress", ethertype: ethertype})
	}
	p.security = append(p.security, g)
	return g, nil
}

func (g *securityGroup) rename(name string) *reply {
	if name != g.name && (g.name == defaultGroup || name == defaultGroup) {
		return neutronConflict("SecurityGroupCannotUpdateDefault", "Updating default security group not allowed.")
	}
	g.name = name
	return nil
}

// removeSecurityGroup takes away a group that no server has, and the rules of
// other groups that speak of it.
func (p *project) removeSecurityGroup(g *securityGroup) *reply {
	if g.name == defaultGroup {
		return neutronConflict("SecurityGroupCannotRemoveDefault", "Insufficient rights for removing default security group.")
	}
	for _, v := range p.servers {
		if slices.Contains(v.security, g) {
			return neutronConflict("SecurityGroupInUse", "Security Group %s in use.", g.id)
		}
	}
	p.security = slices.DeleteFunc(p.security, func(o *securityGroup) bool { return o == g })
	for _, o := range p.security {
		o.rules = slices.DeleteFunc(o.rules, func(r *securityRule) bool { return r.remoteGroup == g.id })
	}
	return nil
}

// addRule adds a rule that the group does not have yet.
func (g *securityGroup) addRule(r securityRule) (*securityRule, *reply) {
	for _, o := range g.rules {
		r.id, r.description = o.id, o.description
		if r == *o {
			return nil, neutronConflict("SecurityGroupRuleExists", "Security group rule already exists. Rule id is %s.", o.id)
		}
	}
	r.id, r.description = newID(), ""
	g.rules = append(g.rules, &r)
	return &r, nil
}

// ruleByID finds a rule and the group that it belongs to.
func (p *project) ruleByID(id string) (*securityGroup, *securityRule) {
	for _, g := range p.security {
		for _, r := range g.rules {
			if r.id == id {
				return g, r
			}
		}
	}
	return nil, nil
}

func (g *securityGroup) body() object {
	rules := []object{}
	for _, r := range g.rules {
		rules = append(rules, r.body(g))
	}
	return object{
		"id": g.id, "name": g.name, "description": g.description, "tenant_id": g.tenant, "security_group_rules": rules,
	}
}

func (r *securityRule) body(g *securityGroup) object {
	return object{
		"id": r.id, "security_group_id": g.id, "tenant_id": g.tenant, "description": r.description,
		"direction": r.direction, "ethertype": r.ethertype, "protocol": nullable(r.protocol),
		"port_range_min": nullable(r.portMin), "port_range_max": nullable(r.portMax),
		"remote_group_id": nullable(r.remoteGroup), "remote_ip_prefix": nullable(r.remotePrefix),
	}
}

// nullable is nil for the zero value.
func nullable[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// parsePrefix reads a network in CIDR notation or a single address, of the IP
// version that the ethertype names.
func parsePrefix(text, ethertype string) (string, bool) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			return "", false
		}
		prefix = netip.PrefixFrom(ip, ip.BitLen())
	}
	return prefix.Masked().String(), prefix.Addr().Is4() == (ethertype == "IPv4")
}

func neutronConflict(kind, format string, args ...any) *reply {
	r := neutronError(http.StatusConflict, kind, fmt.Sprintf(format, args...))
	return &r
}
