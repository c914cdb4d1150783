package v1

import (
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

func groupBody(g *network.SecurityGroup) object {
	rules := []object{}
	for _, r := range g.Rules {
		o := ruleBody(r, g)
		o["description"] = r.Description
		rules = append(rules, o)
	}
	return object{"id": g.ID, "name": g.Name, "description": g.Description, "securityGroupRules": rules}
}

func listSecurityGroups(c *call) (object, *frame.Reply) {
	list, r := listing(c, "Security group", c.network.SecurityGroups,
		func(g *network.SecurityGroup) string { return g.ID }, groupBody)
	return object{"securityGroups": list}, r
}

// theGroup finds a security group by its id.
func (c *call) theGroup(id string) (*network.SecurityGroup, *frame.Reply) {
	if g := c.network.SecurityGroup(id); g != nil {
		return g, nil
	}
	return nil, areaSecurityGroup.notFound("Security group", id)
}

// readGroup reads name and description of a security group.
func (c *call) readGroup() (name, description string, r *frame.Reply) {
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

func createSecurityGroup(c *call) (object, *frame.Reply) {
	name, description, r := c.readGroup()
	if r != nil {
		return nil, r
	}
	g, r := c.network.AddSecurityGroup(name, description)
	if r != nil {
		return nil, areaSecurityGroup.relay(r)
	}
	return object{"securityGroup": groupBody(g)}, nil
}

func updateSecurityGroup(c *call) (object, *frame.Reply) {
	g, r := c.theGroup(c.Value("securityGroupId"))
	if r != nil {
		return nil, r
	}
	name, description, r := c.readGroup()
	if r != nil {
		return nil, r
	}
	if r := g.Rename(name); r != nil {
		return nil, areaSecurityGroup.relay(r)
	}
	if frame.Sub(c.Body, "securityGroup")["description"] != nil {
		g.Description = description
	}
	return object{"securityGroup": object{"id": g.ID, "name": g.Name, "description": g.Description}}, nil
}

func deleteSecurityGroup(c *call) (object, *frame.Reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	g, r := c.theGroup(id)
	if r != nil {
		return nil, r
	}
	return nil, areaSecurityGroup.relay(c.network.RemoveSecurityGroup(g))
}
