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

// SecurityGroups are those of the ports of a server.
func (v *Server) SecurityGroups() []*network.SecurityGroup {
	var out []*network.SecurityGroup
	for _, pt := range v.Ports {
		for _, g := range pt.SecurityGroups {
			if !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
	}
	return out
}

// AddGroup gives the ports of a server a security group, but for those without
// port security.
func (v *Server) AddGroup(g *network.SecurityGroup, now time.Time) *frame.Reply {
	if len(v.Ports) == 0 {
		return frame.NotFound("instance_id %s could not be found as device id on any ports", v.ID)
	}
	for _, pt := range v.Ports {
		if pt.Secured() && !slices.Contains(pt.SecurityGroups, g) {
			pt.SecurityGroups = append(slices.Clone(pt.SecurityGroups), g)
			v.Updated = now
		}
	}
	return nil
}

// RemoveGroup takes a security group from the ports of a server.
func (v *Server) RemoveGroup(g *network.SecurityGroup, now time.Time) *frame.Reply {
	if !slices.Contains(v.SecurityGroups(), g) {
		return frame.NotFound("Security group %s not associated with the instance %s", g.Name, v.ID)
	}
	for _, pt := range v.Ports {
		pt.SecurityGroups = slices.DeleteFunc(slices.Clone(pt.SecurityGroups), func(o *network.SecurityGroup) bool { return o == g })
	}
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
