package network

import (
	"fmt"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// SecurityGroup is a list of what is let through.
type SecurityGroup struct {
	ID, Name, Description string
	Rules                 []*SecurityRule
	tenant                string
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
			Direction: ingress, Ethertype: "IPv4", Protocol: "tcp", PortMin: &port, PortMax: &port, RemotePrefix: "0.0.0.0/0",
		}
	}
	out4, out6 := SecurityRule{Direction: egress, Ethertype: "IPv4"}, SecurityRule{Direction: egress, Ethertype: "IPv6"}
	def := group(defaultGroup, "Default security group",
		SecurityRule{Direction: ingress, Ethertype: "IPv4"}, out4, SecurityRule{Direction: ingress, Ethertype: "IPv6"}, out6)
	def.Rules[0].RemoteGroup, def.Rules[2].RemoteGroup = def.ID, def.ID
	web := group("web", "SSH, HTTP and HTTPS from everywhere", out4, out6, open(22), open(80), open(443))
	return []*SecurityGroup{def, web}
}

// DefaultSecurityGroup is what a server gets that asks for none.
func (p *Project) DefaultSecurityGroup() *SecurityGroup { return p.SecurityGroups[0] }

// SecurityGroup finds a group by its id; nil when there is none.
func (p *Project) SecurityGroup(id string) *SecurityGroup {
	g, _ := byID(p.SecurityGroups, id)
	return g
}

// AddSecurityGroup makes a group that lets everything out.
func (p *Project) AddSecurityGroup(name, description string) (*SecurityGroup, *frame.Reply) {
	if name == defaultGroup {
		return nil, conflict("SecurityGroupDefaultAlreadyExists", "Default security group already exists.")
	}
	if r := overQuota("security_group", len(p.SecurityGroups), p.service.quota.SecurityGroups); r != nil {
		return nil, r
	}
	g := &SecurityGroup{ID: frame.NewID(), Name: name, Description: description, tenant: p.place.Tenant}
	for _, ethertype := range []string{"IPv4", "IPv6"} {
		g.Rules = append(g.Rules, &SecurityRule{ID: frame.NewID(), Direction: egress, Ethertype: ethertype})
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

// RemoveSecurityGroup takes away a group that no port has, and the rules of
// other groups that speak of it.
func (p *Project) RemoveSecurityGroup(g *SecurityGroup) *frame.Reply {
	if g.Name == defaultGroup {
		return conflict("SecurityGroupCannotRemoveDefault", "Insufficient rights for removing default security group.")
	}
	if slices.ContainsFunc(p.Ports, func(pt *Port) bool { return slices.Contains(pt.SecurityGroups, g) }) {
		return conflict("SecurityGroupInUse", "Security Group %s in use.", g.ID)
	}
	g.remove(p)
	return nil
}

func (g *SecurityGroup) remove(p *Project) {
	p.SecurityGroups = without(p.SecurityGroups, g)
	for _, o := range p.SecurityGroups {
		o.Rules = slices.DeleteFunc(o.Rules, func(r *SecurityRule) bool { return r.RemoteGroup == g.ID })
	}
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

func listSecurityGroups(c *call) frame.Reply {
	return list(c, "security_groups", bodies(c.project.SecurityGroups, (*SecurityGroup).body), nil)
}

func getSecurityGroup(c *call) frame.Reply {
	return one(c, "security_group", c.project.SecurityGroups, aSecurityGroup, (*SecurityGroup).body)
}

func createSecurityGroup(c *call) frame.Reply {
	return c.create("security_group", "security_groups", (*call).newSecurityGroup)
}

func (c *call) newSecurityGroup(in *input) (made, *frame.Reply) {
	in.tenant(c)
	name, _ := in.name()
	description, _ := in.text("description", maxName)
	if r := in.done(); r != nil {
		return nil, r
	}
	g, r := c.project.AddSecurityGroup(name, description)
	if r != nil {
		return nil, r
	}
	return g, nil
}

func updateSecurityGroup(c *call) frame.Reply {
	g, r := find(c.project.SecurityGroups, aSecurityGroup, c.Value("id"))
	if r != nil {
		return *r
	}
	in, r := c.input("security_group")
	if r != nil {
		return *r
	}
	in.fixed("tenant_id", "project_id", "security_group_rules")
	name, named := in.name()
	description, described := in.text("description", maxName)
	r = in.done()
	if r == nil && named {
		r = g.Rename(name)
	}
	if r == nil && described {
		g.Description = description
	}
	return changed("security_group", r, g.body)
}

func deleteSecurityGroup(c *call) frame.Reply {
	g, r := find(c.project.SecurityGroups, aSecurityGroup, c.Value("id"))
	if r == nil {
		r = c.project.RemoveSecurityGroup(g)
	}
	return deleted(r)
}
