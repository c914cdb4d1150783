package network

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// SecurityGroup is a list of what is let through.
type SecurityGroup struct {
	ID, Name, Description string
	Rules                 []*SecurityRule
	tenant                string
}

// SecurityRule lets traffic through. Empty and zero values stand for anything.
type SecurityRule struct {
	ID                   string
	Description          string
	Direction, Ethertype string
	Protocol             string
	PortMin, PortMax     int
	RemoteGroup          string // id
	RemotePrefix         string
}

func (g *SecurityGroup) id() string { return g.ID }

const defaultGroup = "default"

func defaultSecurityGroups(region, tenant string) []*SecurityGroup {
	group := func(name, description string, rules ...SecurityRule) *SecurityGroup {
		g := &SecurityGroup{ID: frame.FixedID("security group", region, tenant, name), Name: name, Description: description, tenant: tenant}
		for i, r := range rules {
			r.ID = frame.FixedID("rule", g.ID, fmt.Sprint(i))
			g.Rules = append(g.Rules, &r)
		}
		return g
	}
	open := func(port int) SecurityRule {
		return SecurityRule{
			Direction: "ingress", Ethertype: "IPv4", Protocol: "tcp", PortMin: port, PortMax: port, RemotePrefix: "0.0.0.0/0",
		}
	}
	out4, out6 := SecurityRule{Direction: "egress", Ethertype: "IPv4"}, SecurityRule{Direction: "egress", Ethertype: "IPv6"}
	def := group(defaultGroup, "Default security group",
		SecurityRule{Direction: "ingress", Ethertype: "IPv4"}, out4, SecurityRule{Direction: "ingress", Ethertype: "IPv6"}, out6)
	def.Rules[0].RemoteGroup, def.Rules[2].RemoteGroup = def.ID, def.ID
	web := group("web", "SSH, HTTP and HTTPS from everywhere", out4, out6, open(22), open(80), open(443))
	return []*SecurityGroup{def, web}
}

// DefaultSecurityGroup is what a server gets that asks for none.
func (p *Project) DefaultSecurityGroup() *SecurityGroup { return p.SecurityGroups[0] }

// SecurityGroup finds a group by its id; nil when there is none.
func (p *Project) SecurityGroup(id string) *SecurityGroup {
	for _, g := range p.SecurityGroups {
		if g.ID == id {
			return g
		}
	}
	return nil
}

// AddSecurityGroup makes a group that lets everything out.
func (p *Project) AddSecurityGroup(name, description string) (*SecurityGroup, *frame.Reply) {
	if name == defaultGroup {
		return nil, conflict("SecurityGroupDefaultAlreadyExists", "Default security group already exists.")
	}
	g := &SecurityGroup{ID: frame.NewID(), Name: name, Description: description, tenant: p.place.Tenant}
	for _, ethertype := range []string{"IPv4", "IPv6"} {
		g.Rules = append(g.Rules, &SecurityRule{ID: frame.NewID(), Direction: "egress", Ethertype: ethertype})
	}
	p.SecurityGroups = append(p.SecurityGroups, g)
	return g, nil
}

// Rename gives a group another name.
func (g *SecurityGroup) Rename(name string) *frame.Reply {
	if name != g.Name && (g.Name == defaultGroup || name == defaultGroup) {
		return conflict("SecurityGroupCannotUpdateDefault", "Updating default security group not allowed.")
	}
	g.Name = name
	return nil
}

// RemoveSecurityGroup takes away a group that nothing uses, and the rules of
// other groups that speak of it.
func (p *Project) RemoveSecurityGroup(g *SecurityGroup) *frame.Reply {
	if g.Name == defaultGroup {
		return conflict("SecurityGroupCannotRemoveDefault", "Insufficient rights for removing default security group.")
	}
	if p.service.inUse(p.place, g) {
		return conflict("SecurityGroupInUse", "Security Group %s in use.", g.ID)
	}
	p.SecurityGroups = slices.DeleteFunc(p.SecurityGroups, func(o *SecurityGroup) bool { return o == g })
	for _, o := range p.SecurityGroups {
		o.Rules = slices.DeleteFunc(o.Rules, func(r *SecurityRule) bool { return r.RemoteGroup == g.ID })
	}
	return nil
}

// AddRule adds a rule that the group does not have yet.
func (g *SecurityGroup) AddRule(r SecurityRule) (*SecurityRule, *frame.Reply) {
	for _, o := range g.Rules {
		r.ID, r.Description = o.ID, o.Description
		if r == *o {
			return nil, conflict("SecurityGroupRuleExists", "Security group rule already exists. Rule id is %s.", o.ID)
		}
	}
	r.ID, r.Description = frame.NewID(), ""
	g.Rules = append(g.Rules, &r)
	return &r, nil
}

func listSecurityGroups(c *call) frame.Reply {
	return list(c, "security_groups", bodies(c.project.SecurityGroups, (*SecurityGroup).body), nil)
}

func getSecurityGroup(c *call) frame.Reply {
	return one(c, "security_group", c.project.SecurityGroups, aSecurityGroup, (*SecurityGroup).body)
}

// listed is a rule as the lists of rules hold it.
type listed struct {
	*SecurityRule
	group *SecurityGroup
}

func (l listed) id() string   { return l.ID }
func (l listed) body() object { return l.SecurityRule.body(l.group) }

func (p *Project) rules() []listed {
	var out []listed
	for _, g := range p.SecurityGroups {
		for _, r := range g.Rules {
			out = append(out, listed{r, g})
		}
	}
	return out
}

func listRules(c *call) frame.Reply {
	return list(c, "security_group_rules", bodies(c.project.rules(), listed.body), nil)
}

func getRule(c *call) frame.Reply {
	return one(c, "security_group_rule", c.project.rules(), aSecurityRule, listed.body)
}

// RuleByID finds a rule and the group that it belongs to.
func (p *Project) RuleByID(id string) (*SecurityGroup, *SecurityRule) {
	for _, g := range p.SecurityGroups {
		for _, r := range g.Rules {
			if r.ID == id {
				return g, r
			}
		}
	}
	return nil, nil
}

func (g *SecurityGroup) body() object {
	rules := []object{}
	for _, r := range g.Rules {
		rules = append(rules, r.body(g))
	}
	return object{
		"id": g.ID, "name": g.Name, "description": g.Description, "tenant_id": g.tenant, "security_group_rules": rules,
	}
}

func (r *SecurityRule) body(g *SecurityGroup) object {
	return object{
		"id": r.ID, "security_group_id": g.ID, "tenant_id": g.tenant, "description": r.Description,
		"direction": r.Direction, "ethertype": r.Ethertype, "protocol": frame.Nullable(r.Protocol),
		"port_range_min": frame.Nullable(r.PortMin), "port_range_max": frame.Nullable(r.PortMax),
		"remote_group_id": frame.Nullable(r.RemoteGroup), "remote_ip_prefix": frame.Nullable(r.RemotePrefix),
	}
}

// ParsePrefix reads a network in CIDR notation or a single address, of the IP
// version that the ethertype names.
func ParsePrefix(text, ethertype string) (string, bool) {
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
