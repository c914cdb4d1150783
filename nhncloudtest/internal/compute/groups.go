package compute

import (
	"net/http"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// serverGroup is a placement policy.
type serverGroup struct {
	id, name string
	members  []string
}

func (g *serverGroup) body() object {
	return object{
		"id": g.id, "name": g.name, "policies": []string{"anti-affinity"},
		"members": append([]string{}, g.members...), "metadata": object{},
	}
}

func (p *Project) group(id string) *serverGroup {
	for _, g := range p.groups {
		if g.id == id {
			return g
		}
	}
	return nil
}

func createServerGroup(c *call) frame.Reply {
	request := frame.Sub(c.Body, "server_group")
	if request == nil {
		return *frame.Required("", c.Body, "server_group")
	}
	for _, key := range []string{"name", "policies"} {
		if _, ok := request[key]; !ok {
			return *frame.Required("server_group", request, key)
		}
	}
	if r := checkName(request["name"]); r != nil {
		return *r
	}
	policies, _ := request["policies"].([]any)
	switch {
	case len(policies) == 0:
		return *frame.Invalid("policies", request["policies"], frame.PyRepr(request["policies"])+" is too short")
	case len(policies) > 1:
		return *frame.Invalid("policies", policies, frame.PyRepr(policies)+" is too long")
	case policies[0] != "anti-affinity":
		return *frame.Invalid("0", policies[0], frame.PyRepr(policies[0])+" is not one of ['anti-affinity']")
	}
	g := &serverGroup{id: frame.NewID(), name: frame.Str(request, "name")}
	c.project.groups = append(c.project.groups, g)
	return frame.Answer(http.StatusOK, object{"server_group": g.body()})
}

func listServerGroups(c *call) frame.Reply {
	groups := []object{}
	for _, g := range c.project.groups {
		groups = append(groups, g.body())
	}
	return frame.Answer(http.StatusOK, object{"server_groups": groups})
}

func getServerGroup(c *call) frame.Reply {
	g := c.project.group(c.Value("servergroupId"))
	if g == nil {
		return *frame.NotFound("Instance group %s could not be found.", c.Value("servergroupId"))
	}
	return frame.Answer(http.StatusOK, object{"server_group": g.body()})
}

func deleteServerGroup(c *call) frame.Reply {
	g := c.project.group(c.Value("servergroupId"))
	if g == nil {
		return *frame.NotFound("Instance group %s could not be found.", c.Value("servergroupId"))
	}
	c.project.groups = slices.DeleteFunc(c.project.groups, func(o *serverGroup) bool { return o == g })
	return frame.Answer(http.StatusNoContent, nil)
}
