package v1_test

import (
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNetworksV1(t *testing.T) {
	w := newWorld(t)
	networks := w.v1("GET", "/networks", nil)["networks"].([]any)
	require.Len(t, networks, 2)
	for _, n := range networks {
		sameShapeV1(t, "network-v1-list-networks", "networks", n)
	}
	assert.Equal(t, w.NetworkID(), cloudtest.At(networks, 0, "id"))
	assert.Equal(t, w.SubnetID(), cloudtest.At(networks, 0, "subnets", 0))
	assert.Equal(t, true, cloudtest.At(networks, 1, "router:external"))
	assert.Equal(t, networks[:1], w.v1("GET", "/networks?id="+w.NetworkID(), nil)["networks"])
	assert.Equal(t, "Network nope could not be found.", w.v1Fails(20404, "GET", "/networks?id=nope", nil))

	subnets := w.v1("GET", "/subnets", nil)["subnets"].([]any)
	require.Len(t, subnets, 3)
	for _, sn := range subnets {
		sameShapeV1(t, "network-v1-list-subnets", "subnets", sn)
	}
	assert.Equal(t, object{
		"id": w.SubnetID(), "name": "Default Network", "networkId": w.NetworkID(), "cidr": "192.168.0.0/24", "gatewayIp": "192.168.0.1",
		"ipVersion": 4., "enableDhcp": true, "hostRoutes": []any{},
		"allocationPools": []any{object{"start": "192.168.0.2", "end": "192.168.0.254"}},
	}, subnets[0])
}

// v2Group is a security group as network v2.0 shows it.
func (w *world) v2Group(id string) object {
	w.T.Helper()
	res := w.Call("GET", "/network/v2.0/security-groups/"+id, nil)
	require.Equal(w.T, 200, res.Status, "%s", res.Text)
	return res.Body["security_group"].(object)
}

func groupBody(name, description any) object {
	o := object{"name": name}
	if description != nil {
		o["description"] = description
	}
	return object{"securityGroup": o}
}

func TestSecurityGroupsV1(t *testing.T) {
	w := newWorld(t)
	groups := w.v1("GET", "/security-groups", nil)["securityGroups"].([]any)
	require.Len(t, groups, 2)
	for _, g := range groups {
		sameShapeV1(t, "network-v1-list-security-groups", "securityGroups", g)
	}
	assert.Equal(t, "default", cloudtest.At(groups, 0, "name"))
	def := cloudtest.At(groups, 0, "id").(string)
	rules := cloudtest.At(groups, 0, "securityGroupRules").([]any)
	require.Len(t, rules, 4)
	assert.Equal(t, def, cloudtest.At(rules, 0, "remoteGroupId"))
	assert.Equal(t, "ingress", cloudtest.At(rules, 0, "direction"))

	made := w.v1("POST", "/security-groups", groupBody("db", "databases"))["securityGroup"].(object)
	sameShapeV1(t, "network-v1-create-security-group", "securityGroup", made)
	assert.Equal(t, "databases", made["description"])
	id := made["id"].(string)
	assert.Equal(t, "egress", cloudtest.At(made, "securityGroupRules", 1, "direction"))
	assert.Equal(t, "IPv6", cloudtest.At(made, "securityGroupRules", 1, "ethertype"))
	assert.Len(t, cloudtest.At(made, "securityGroupRules"), 2)
	assert.Equal(t, []any{made}, w.v1("GET", "/security-groups?id="+id, nil)["securityGroups"])
	assert.Equal(t, "db", w.v2Group(id)["name"])

	path := "/security-groups/" + id
	changed := w.v1("PUT", path, groupBody("database", nil))["securityGroup"]
	sameShapeV1(t, "network-v1-update-security-group", "securityGroup", changed)
	assert.Equal(t, object{"id": id, "name": "database", "description": "databases"}, changed)
	assert.Equal(t, "", cloudtest.At(w.v1("PUT", path, groupBody("database", "")), "securityGroup", "description"))
	assert.Equal(t, "database", w.v2Group(id)["name"])
	w.v1("PUT", "/security-groups/"+def, groupBody("default", "changed"))

	for name, c := range map[string]struct {
		body any
		code int
	}{
		"nothing":     {object{}, -4},
		"no name":     {object{"securityGroup": object{}}, -4},
		"long name":   {groupBody(strings.Repeat("x", 256), nil), -4},
		"description": {groupBody("x", 1), -4},
		"default":     {groupBody("default", nil), 24409},
	} {
		w.v1Fails(c.code, "POST", "/security-groups", c.body)
		assert.NotEmpty(t, w.v1Fails(c.code, "PUT", path, c.body), name)
	}
	w.v1Fails(24409, "PUT", "/security-groups/"+def, groupBody("other", nil))
	w.v1Fails(24404, "PUT", "/security-groups/nope", groupBody("x", nil))
	w.v1Fails(24404, "GET", "/security-groups?id=nope", nil)
	w.v1Fails(24404, "DELETE", "/security-groups?id=nope", nil)
	w.v1Fails(-4, "DELETE", "/security-groups", nil)
	w.v1Fails(24409, "DELETE", "/security-groups?id="+def, nil)

	server := w.instance("s", object{"securityGroups": []object{{"name": "database"}}})
	assert.Equal(t, "Security Group "+id+" in use.", w.v1Fails(24409, "DELETE", "/security-groups?id="+id, nil))
	w.actV1(server, "addSecurityGroup", "name", "default")
	w.actV1(server, "removeSecurityGroup", "name", "database")
	w.v1("POST", "/security-group-rules", ruleBody(def, object{"remoteGroupId": id, "remoteIpPrefix": nil}))
	assert.Len(t, w.v2Group(def)["security_group_rules"], 5)
	w.v1Empty("DELETE", "/security-groups?id="+id, nil)
	assert.Len(t, w.v2Group(def)["security_group_rules"], 4, "rules about the group go with it")
	assert.Equal(t, 404, w.Call("GET", "/network/v2.0/security-groups/"+id, nil).Status)
}

func TestSecurityGroupsOfOneName(t *testing.T) {
	w := newWorld(t)
	first := cloudtest.At(w.v1("POST", "/security-groups", groupBody("twin", nil)), "securityGroup", "id").(string)
	w.v1("POST", "/security-groups", groupBody("twin", nil))
	id := w.instance("s", nil)
	w.actFails(24409, id, "addSecurityGroup", "name", "twin")
	w.Action(id, 409, object{"addSecurityGroup": object{"name": "twin"}})
	body := w.U2Body("t")
	body["security_groups"] = []object{{"name": "twin"}}
	assert.Equal(t, 409, w.Compute("POST", "/servers", object{"server": body}).Status)
	w.actV1(id, "addSecurityGroup", "name", first)
}

// ruleBody asks for a rule; nil fields are left out.
func ruleBody(group string, more object) object {
	o := object{
		"direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "portRangeMin": 3306, "portRangeMax": 3307,
		"remoteIpPrefix": "10.0.0.0/8", "securityGroupId": group,
	}
	for k, v := range more {
		o[k] = v
		if v == nil {
			delete(o, k)
		}
	}
	return object{"securityGroupRule": o}
}

func TestSecurityRulesV1(t *testing.T) {
	w := newWorld(t)
	all := w.v1("GET", "/security-group-rules", nil)["securityGroupRules"].([]any)
	require.Len(t, all, 9)
	for _, r := range all {
		sameShapeV1(t, "network-v1-list-security-group-rules", "securityGroupRules", r)
	}
	group := cloudtest.At(w.v1("POST", "/security-groups", groupBody("g", nil)), "securityGroup", "id").(string)
	made := w.v1("POST", "/security-group-rules", ruleBody(group, nil))["securityGroupRule"].(object)
	sameShapeV1(t, "network-v1-create-security-group-rule", "securityGroupRule", made)
	assert.Equal(t, object{
		"direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "portRangeMin": 3306., "portRangeMax": 3307.,
		"remoteIpPrefix": "10.0.0.0/8", "remoteGroupId": nil, "securityGroupId": group, "id": made["id"],
	}, made)
	id := made["id"].(string)
	assert.Equal(t, []any{made}, w.v1("GET", "/security-group-rules?id="+id, nil)["securityGroupRules"])
	nested := cloudtest.At(w.v1("GET", "/security-groups?id="+group, nil), "securityGroups", 0, "securityGroupRules", 2)
	assert.Equal(t, "", cloudtest.At(nested, "description"))
	assert.Equal(t, made, without(nested.(object), "description"))
	res := w.Call("GET", "/network/v2.0/security-group-rules/"+id, nil)
	assert.EqualValues(t, 3307, cloudtest.At(res.Body, "security_group_rule", "port_range_max"))
	assert.Equal(t, "Security group rule already exists. Rule id is "+id+".",
		w.v1Fails(24409, "POST", "/security-group-rules", ruleBody(group, nil)))

	for name, c := range map[string]struct {
		more object
		want object
	}{
		"any protocol": {object{"protocol": nil, "portRangeMin": nil, "portRangeMax": nil}, object{"protocol": nil, "portRangeMin": nil}},
		"null in words": {
			object{"protocol": "null", "portRangeMin": nil, "portRangeMax": nil, "direction": "egress"}, object{"protocol": nil},
		},
		"IPv6":         {object{"ethertype": "IPv6", "remoteIpPrefix": "::/0"}, object{"remoteIpPrefix": "::/0"}},
		"no ethertype": {object{"ethertype": nil, "remoteIpPrefix": "1.2.3.4"}, object{"ethertype": "IPv4", "remoteIpPrefix": "1.2.3.4/32"}},
		"group":        {object{"remoteIpPrefix": nil, "remoteGroupId": group}, object{"remoteIpPrefix": nil, "remoteGroupId": group}},
		"text":         {object{"portRangeMin": "1", "portRangeMax": "65535"}, object{"portRangeMin": 1., "portRangeMax": 65535.}},
	} {
		got := w.v1("POST", "/security-group-rules", ruleBody(group, c.more))["securityGroupRule"]
		for k, v := range c.want {
			assert.Equal(t, v, cloudtest.At(got, k), "%s: %s", name, k)
		}
	}
	for name, more := range map[string]object{
		"both remotes":      {"remoteGroupId": group},
		"no remote":         {"remoteIpPrefix": nil},
		"no direction":      {"direction": nil},
		"direction":         {"direction": "sideways"},
		"ethertype":         {"ethertype": "IPv5"},
		"protocol":          {"protocol": "gre"},
		"protocol a number": {"protocol": 6},
		"prefix":            {"remoteIpPrefix": "10.0.0.0/33"},
		"prefix of IPv6":    {"remoteIpPrefix": "::/0"},
		"no group":          {"securityGroupId": nil},
		"one port":          {"portRangeMax": nil},
		"ports turned":      {"portRangeMax": 1},
		"port 0":            {"portRangeMin": 0},
		"port 65536":        {"portRangeMax": 65536},
		"port a word":       {"portRangeMin": "ssh"},
		"port of anything":  {"protocol": nil},
	} {
		assert.NotEmpty(t, w.v1Fails(-4, "POST", "/security-group-rules", ruleBody(group, more)), name)
	}
	w.v1Fails(-4, "POST", "/security-group-rules", object{})
	w.v1Fails(24404, "POST", "/security-group-rules", ruleBody("nope", nil))
	w.v1Fails(24404, "POST", "/security-group-rules", ruleBody(group, object{"remoteIpPrefix": nil, "remoteGroupId": "nope"}))

	w.v1Empty("DELETE", "/security-group-rules?id="+id, nil)
	w.v1Fails(24404, "DELETE", "/security-group-rules?id="+id, nil)
	w.v1Fails(24404, "GET", "/security-group-rules?id="+id, nil)
	w.v1Fails(-4, "DELETE", "/security-group-rules", nil)
	assert.Equal(t, 404, w.Call("GET", "/network/v2.0/security-group-rules/"+id, nil).Status)
}

// floatingIP allocates a floating IP.
func (w *world) floatingIP() object {
	w.T.Helper()
	pool := cloudtest.At(w.v1("GET", "/floating-ip-pools", nil), "pools", 0, "id")
	return w.v1("POST", "/floating-ips", object{"pool": object{"id": pool}})["floatingip"].(object)
}

func TestFloatingIPs(t *testing.T) {
	w := newWorld(t)
	pools := w.v1("GET", "/floating-ip-pools", nil)["pools"].([]any)
	require.Len(t, pools, 1)
	sameShapeV1(t, "network-v1-list-floating-ip-pools", "pools", pools[0])
	assert.Equal(t, []any{}, w.v1("GET", "/floating-ips", nil)["floatingips"])

	made := w.floatingIP()
	sameShapeV1(t, "network-v1-create-floating-ip", "floatingip", made)
	assert.Equal(t, "DOWN", made["status"])
	assert.Equal(t, pools[0], made["pool"])
	id, address := made["id"].(string), made["floatingIpAddress"].(string)
	one := func() object {
		list := w.v1("GET", "/floating-ips?id="+id, nil)["floatingips"].([]any)
		require.Len(t, list, 1)
		return list[0].(object)
	}
	sameShapeV1(t, "network-v1-list-floating-ips", "floatingips", one(), "fixedIpAddress", "portId", "routerId")

	created := w.v1("POST", "/instances", w.instanceBody("s", nil))["instance"]
	server := cloudtest.At(created, "id").(string)
	w.actFails(10409, server, "addFloatingIp", "address", address, "ipAddress", "192.168.0.2")
	w.Done()
	fixed := cloudtest.At(w.detail(server), "addresses", 0, "ipAddress").(string)
	w.actFails(-4, server, "addFloatingIp", "address", address)
	w.actFails(-4, server, "removeFloatingIp")
	w.actFails(22404, server, "addFloatingIp", "address", "1.2.3.4", "ipAddress", fixed)
	w.actFails(22404, server, "removeFloatingIp", "address", "1.2.3.4")
	w.actFails(22400, server, "addFloatingIp", "address", address, "ipAddress", "192.168.0.99")
	w.actFails(22409, server, "removeFloatingIp", "address", address)

	assert.Len(t, w.actV1(server, "addFloatingIp", "address", address, "ipAddress", fixed), 1)
	bound := one()
	sameShapeV1(t, "network-v1-list-floating-ips", "floatingips", bound)
	assert.Equal(t, "ACTIVE", bound["status"])
	assert.Equal(t, fixed, bound["fixedIpAddress"])
	assert.Equal(t, address, cloudtest.At(w.detail(server), "addresses", 0, "floatingIpAddress"))
	addresses := cloudtest.At(w.GetServer(server), "addresses", "Default Network").([]any)
	require.Len(t, addresses, 2)
	assert.Equal(t, object{
		"addr": address, "version": 4., "OS-EXT-IPS:type": "floating",
		"OS-EXT-IPS-MAC:mac_addr": cloudtest.At(addresses, 0, "OS-EXT-IPS-MAC:mac_addr"),
	}, addresses[1])
	w.v1Fails(22409, "DELETE", "/floating-ips?id="+id, nil)
	w.actFails(22409, server, "addFloatingIp", "address", address, "ipAddress", fixed)
	second := w.floatingIP()["floatingIpAddress"].(string)
	assert.NotEqual(t, address, second)
	assert.Contains(t, w.actFails(22409, server, "addFloatingIp", "address", second, "ipAddress", fixed), "already has a floating IP")

	other := w.U2("other")
	w.actFails(22409, other, "removeFloatingIp", "address", address)
	assert.Len(t, w.actV1(server, "removeFloatingIp", "address", address), 1)
	assert.Equal(t, "DOWN", one()["status"])
	assert.Len(t, cloudtest.At(w.GetServer(server), "addresses", "Default Network"), 1)

	w.actV1(server, "addFloatingIp", "address", address, "ipAddress", fixed)
	w.v1Empty("DELETE", "/instances?id="+server, nil)
	w.actFails(10409, server, "addFloatingIp", "address", second, "ipAddress", fixed)
	w.Done()
	assert.Equal(t, "DOWN", one()["status"], "the instance is gone")
	w.v1Empty("DELETE", "/floating-ips?id="+id, nil)
	w.v1Fails(22404, "DELETE", "/floating-ips?id="+id, nil)
	w.v1Fails(22404, "GET", "/floating-ips?id="+id, nil)
	assert.Len(t, w.v1("GET", "/floating-ips", nil)["floatingips"], 1)

	w.v1Fails(-4, "DELETE", "/floating-ips", nil)
	w.v1Fails(-4, "POST", "/floating-ips", object{})
	w.v1Fails(-4, "POST", "/floating-ips", object{"pool": object{}})
	w.v1Fails(22404, "POST", "/floating-ips", object{"pool": object{"id": w.NetworkID()}})
}

func TestNoFloatingIPLeft(t *testing.T) {
	w := newWorld(t)
	ask := object{"pool": object{"id": cloudtest.At(w.v1("GET", "/floating-ip-pools", nil), "pools", 0, "id")}}
	var last object
	for range 253 {
		last = w.v1("POST", "/floating-ips", ask)["floatingip"].(object)
	}
	assert.Equal(t, "No available IP", w.v1Fails(20001, "POST", "/floating-ips", ask))
	w.v1Empty("DELETE", "/floating-ips?id="+last["id"].(string), nil)
	assert.Equal(t, last["floatingIpAddress"], cloudtest.At(w.v1("POST", "/floating-ips", ask), "floatingip", "floatingIpAddress"))
}
