package nhncloudtest

import (
	"net/http"
	"slices"
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

func (p *project) group(id string) *serverGroup {
	for _, g := range p.groups {
		if g.id == id {
			return g
		}
	}
	return nil
}

func createServerGroup(c *call) reply {
	request := sub(c.body, "server_group")
	if request == nil {
		return *required("", c.body, "server_group")
	}
	for _, key := range []string{"name", "policies"} {
		if _, ok := request[key]; !ok {
			return *required("server_group", request, key)
		}
	}
	if r := checkName(request["name"]); r != nil {
		return *r
	}
	policies, _ := request["policies"].([]any)
	switch {
	case len(policies) == 0:
		return *invalid("policies", request["policies"], pyRepr(request["policies"])+" is too short")
	case len(policies) > 1:
		return *invalid("policies", policies, pyRepr(policies)+" is too long")
	case policies[0] != "anti-affinity":
		return *invalid("0", policies[0], pyRepr(policies[0])+" is not one of ['anti-affinity']")
	}
	g := &serverGroup{id: newID(), name: str(request, "name")}
	c.project.groups = append(c.project.groups, g)
	return answer(http.StatusOK, object{"server_group": g.body()})
}

func listServerGroups(c *call) reply {
	groups := []object{}
	for _, g := range c.project.groups {
		groups = append(groups, g.body())
	}
	return answer(http.StatusOK, object{"server_groups": groups})
}

func getServerGroup(c *call) reply {
	g := c.project.group(c.value("servergroupId"))
	if g == nil {
		return *notFound("Instance group %s could not be found.", c.value("servergroupId"))
	}
	return answer(http.StatusOK, object{"server_group": g.body()})
}

func deleteServerGroup(c *call) reply {
	g := c.project.group(c.value("servergroupId"))
	if g == nil {
		return *notFound("Instance group %s could not be found.", c.value("servergroupId"))
	}
	c.project.groups = slices.DeleteFunc(c.project.groups, func(o *serverGroup) bool { return o == g })
	return answer(http.StatusNoContent, nil)
}
