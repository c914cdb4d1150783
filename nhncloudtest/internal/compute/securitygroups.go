package compute

import (
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

func addSecurityGroup(c *call) frame.Reply {
	return c.act(func(v *Server) *frame.Reply { return c.joinGroup("addSecurityGroup", v.AddGroup) })
}

func removeSecurityGroup(c *call) frame.Reply {
	return c.act(func(v *Server) *frame.Reply { return c.joinGroup("removeSecurityGroup", v.RemoveGroup) })
}

// joinGroup finds the security group that the body of an action names.
func (c *call) joinGroup(action string, do func(*network.SecurityGroup, time.Time) *frame.Reply) *frame.Reply {
	request := frame.Sub(c.Body, action)
	name := frame.Str(request, "name")
	if name == "" {
		return frame.Required(action, request, "name")
	}
	g, r := c.project.SecurityGroup(name)
	if r != nil {
		return r
	}
	return do(g, c.Now)
}

// AddGroup gives a server a security group.
func (v *Server) AddGroup(g *network.SecurityGroup, now time.Time) *frame.Reply {
	if !slices.Contains(v.SecurityGroups, g) {
		v.SecurityGroups = append(slices.Clone(v.SecurityGroups), g)
		v.Updated = now
	}
	return nil
}

// RemoveGroup takes a security group from a server.
func (v *Server) RemoveGroup(g *network.SecurityGroup, now time.Time) *frame.Reply {
	if !slices.Contains(v.SecurityGroups, g) {
		return frame.NotFound("Security group %s not associated with the instance %s", g.Name, v.ID)
	}
	v.SecurityGroups = slices.DeleteFunc(slices.Clone(v.SecurityGroups), func(o *network.SecurityGroup) bool { return o == g })
	v.Updated = now
	return nil
}

// SecurityGroup finds a group by its name or id. Names need not be unique.
func (p *Project) SecurityGroup(ref string) (*network.SecurityGroup, *frame.Reply) {
	if g := p.Network.SecurityGroup(ref); g != nil {
		return g, nil
	}
	var found []*network.SecurityGroup
	for _, g := range p.Network.SecurityGroups {
		if g.Name == ref {
			found = append(found, g)
		}
	}
	switch len(found) {
	case 0:
		return nil, frame.NotFound("Unable to find security_group with name or id '%s'", ref)
	case 1:
		return found[0], nil
	}
	return nil, frame.Conflict("Multiple security_group matches found for name '%s', use an ID to be more specific.", ref)
}
