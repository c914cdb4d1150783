package network_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
)

func TestSecurityGroup(t *testing.T) {
	w := newWorld(t)
	cloudtest.SameShape(t, "network-v2-list-security-groups.response", w.get("security-groups"))
	cloudtest.SameShape(t, "network-v2-list-security-group-rules.response", w.get("security-group-rules"))
	def := "security-groups/" + id(w.list("security-groups?name=default", "security_groups")[0])
	cloudtest.SameShape(t, "network-v2-get-security-group.response", w.get(def))
	rule := id(w.list("security-group-rules?port_range_min=22", "security_group_rules")[0])
	cloudtest.SameShape(t, "network-v2-get-security-group-rule.response", w.get("security-group-rules/"+rule))

	made := w.do(201, "POST", "security-groups", cloudtest.Fixture(t, "network-v2-create-security-group.request"))
	cloudtest.SameShape(t, "network-v2-create-security-group.response", made)
	group := id(made["security_group"])
	path := "security-groups/" + group
	assert.Len(t, cloudtest.At(made, "security_group", "security_group_rules"), 2, "everything may go out")
	changed := w.do(200, "PUT", path, cloudtest.Fixture(t, "network-v2-update-security-group.request"))
	cloudtest.SameShape(t, "network-v2-update-security-group.response", changed)
	assert.Equal(t, "new-webservers", w.show("security_group", path)["name"])
	assert.Equal(t, "", w.change("security_group", path, object{"description": ""})["description"])
	assert.Equal(t, "", w.make("security_group", "security-groups", object{})["name"], "a group needs no name")

	w.refused(409, "SecurityGroupDefaultAlreadyExists", "", "POST", "security-groups", object{"security_group": object{"name": "default"}})
	w.refused(409, "SecurityGroupCannotUpdateDefault", "", "PUT", def, object{"security_group": object{"name": "other"}})
	w.refused(409, "SecurityGroupCannotUpdateDefault", "", "PUT", path, object{"security_group": object{"name": "default"}})
	w.refused(409, "SecurityGroupCannotRemoveDefault", "", "DELETE", def, nil)
	w.change("security_group", def, object{"name": "default", "description": "mine"})
	w.refused(400, "HTTPBadRequest", "'None' is not a valid string", "POST", "security-groups", object{"security_group": object{"name": nil}})
	w.refused(400, "HTTPBadRequest", "Unrecognized attribute(s) 'stateful'", "PUT", path, object{"security_group": object{"stateful": true}})
	w.refused(400, "HTTPBadRequest", "Resource body required", "POST", "security-groups", nil)
	w.refused(400, "HTTPBadRequest", "Resource body required", "PUT", path, nil)

	port := w.make("port", "ports", object{"network_id": w.NetworkID(), "security_groups": []string{group}})
	cloudtest.SameError(t, "network_409_secgroup_in_use", w.Call("DELETE", "/network/v2.0/"+path, nil))
	w.gone("ports/" + id(port))
	w.gone(path)
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		w.refused(404, "SecurityGroupNotFound", "Security group "+group+" does not exist", method, path, nil)
	}
	w.Login(w.ObjectStorageTenantID)
	w.refused(404, "SecurityGroupNotFound", "", "GET", def, nil)
	w.refused(404, "SecurityGroupRuleNotFound", "", "DELETE", "security-group-rules/"+rule, nil)
}

func TestSecurityRule(t *testing.T) {
	w := newWorld(t)
	group := id(w.make("security_group", "security-groups", object{"name": "g"}))
	request := cloudtest.Fixture(t, "network-v2-create-security-group-rule.request")
	fields := request["security_group_rule"].(object)
	fields["security_group_id"], fields["remote_group_id"] = group, group
	made := w.do(201, "POST", "security-group-rules", request)
	cloudtest.SameShape(t, "network-v2-create-security-group-rule.response", made)
	assert.EqualValues(t, 80, cloudtest.At(made, "security_group_rule", "port_range_min"), "a text becomes a number")
	assert.Len(t, w.show("security_group", "security-groups/"+group)["security_group_rules"], 3)
	w.refused(409, "SecurityGroupRuleExists", "Rule id is "+id(made["security_group_rule"])+".", "POST", "security-group-rules", request)
	cloudtest.SameError(t, "network_409_secgroup_rule_exists", w.Call("POST", "/network/v2.0/security-group-rules", request))

	ask := func(more object) object {
		o := object{"security_group_id": group, "direction": "ingress"}
		for k, v := range more {
			if o[k] = v; v == missing {
				delete(o, k)
			}
		}
		return o
	}
	for _, c := range []struct{ more, want object }{
		{object{}, object{"protocol": nil, "ethertype": "IPv4", "port_range_min": nil, "remote_ip_prefix": nil, "description": ""}},
		{object{"protocol": nil, "ethertype": "ipv6", "description": "d"}, object{"ethertype": "IPv6", "description": "d"}},
		{object{"protocol": "icmp"}, object{"protocol": "icmp", "port_range_max": nil}},
		{object{"protocol": "icmp", "port_range_min": 0, "port_range_max": 0}, object{"port_range_min": 0., "port_range_max": 0.}},
		{object{"protocol": "icmp", "port_range_min": 8}, object{"port_range_min": 8., "port_range_max": nil}},
		{object{"protocol": "TCP", "port_range_min": 1, "port_range_max": 65535}, object{"protocol": "tcp", "port_range_max": 65535.}},
		{object{"protocol": 6, "port_range_min": 22, "port_range_max": 22}, object{"protocol": "6"}},
		{object{"protocol": "vrrp", "remote_ip_prefix": "10.1.2.3"}, object{"protocol": "vrrp", "remote_ip_prefix": "10.1.2.3/32"}},
		{object{"direction": "egress", "remote_group_id": nil, "remote_ip_prefix": nil, "protocol": "udp"}, object{"direction": "egress"}},
	} {
		got := w.make("security_group_rule", "security-group-rules", ask(c.more))
		for k, v := range c.want {
			assert.Equal(t, v, got[k], "%v: %s", c.more, k)
		}
	}
	for _, c := range []struct {
		more    object
		status  int
		kind    string
		message string
	}{
		{object{"security_group_id": missing}, 400, "HTTPBadRequest", "'security_group_id' not specified"},
		{object{"direction": missing}, 400, "HTTPBadRequest", "'direction' not specified"},
		{object{"direction": "sideways"}, 400, "HTTPBadRequest", "'sideways' is not in ['ingress', 'egress']"},
		{object{"ethertype": "IPv5"}, 400, "SecurityGroupRuleInvalidEtherType", "'IPv5' not supported"},
		{object{"protocol": "nope"}, 400, "SecurityGroupRuleInvalidProtocol", "protocol nope not supported"},
		{object{"protocol": 256}, 400, "SecurityGroupRuleInvalidProtocol", "256"},
		{object{"protocol": "tcp", "port_range_min": "ssh", "port_range_max": 22}, 400, "SecurityGroupInvalidPortValue", "Invalid value for port ssh"},
		{object{"protocol": "tcp", "port_range_min": 1, "port_range_max": 65536}, 400, "SecurityGroupInvalidPortValue", "65536"},
		{object{"protocol": "tcp", "port_range_min": 0, "port_range_max": 9}, 400, "SecurityGroupInvalidPortValue", "Invalid value for port 0"},
		{object{"protocol": "tcp", "port_range_max": 0}, 400, "SecurityGroupInvalidPortValue", "Invalid value for port 0"},
		{object{"protocol": "tcp", "port_range_min": 9, "port_range_max": 8}, 400, "SecurityGroupInvalidPortRange", "must be <="},
		{object{"protocol": "tcp", "port_range_min": 9}, 400, "SecurityGroupInvalidPortRange", "must be <="},
		{object{"protocol": "17", "port_range_max": 9}, 400, "SecurityGroupInvalidPortRange", "must be <="},
		{object{"port_range_min": 9, "port_range_max": 9}, 400, "SecurityGroupProtocolRequiredWithPorts", "protocol"},
		{object{"protocol": "gre", "port_range_min": 9, "port_range_max": 9}, 400, "SecurityGroupInvalidProtocolForPort", "gre"},
		{object{"protocol": "icmp", "port_range_min": 256}, 400, "SecurityGroupInvalidIcmpValue", "ICMP type (port_range_min) 256"},
		{object{"protocol": "icmp", "port_range_min": 8, "port_range_max": 256}, 400, "SecurityGroupInvalidIcmpValue", "ICMP code"},
		{object{"protocol": "icmp", "port_range_max": 1}, 400, "SecurityGroupMissingIcmpType", "ICMP code (port-range-max) 1"},
		{object{"remote_ip_prefix": "10.0.0.0/33"}, 400, "InvalidCIDR", "Invalid CIDR 10.0.0.0/33"},
		{object{"remote_ip_prefix": 5}, 400, "InvalidCIDR", "Invalid CIDR 5"},
		{object{"remote_ip_prefix": "::/0"}, 400, "SecurityGroupRuleParameterConflict", "Conflicting value ethertype IPv4 for CIDR ::/0"},
		{object{"remote_ip_prefix": "1.0.0.0/8", "remote_group_id": group}, 400, "SecurityGroupRemoteGroupAndRemoteIpPrefix", "Only"},
		{object{"security_group_id": nobody}, 404, "SecurityGroupNotFound", nobody},
		{object{"remote_group_id": nobody}, 404, "SecurityGroupNotFound", nobody},
		{object{"remote_group_id": "x"}, 400, "HTTPBadRequest", "'x' is not a valid UUID"},
		{object{"nope": "x"}, 400, "HTTPBadRequest", "Unrecognized attribute(s) 'nope'"},
	} {
		w.refused(c.status, c.kind, c.message, "POST", "security-group-rules", object{"security_group_rule": ask(c.more)})
	}
	rule := "security-group-rules/" + id(made["security_group_rule"])
	w.gone(rule)
	w.refused(404, "SecurityGroupRuleNotFound", "does not exist", "GET", rule, nil)
	w.refused(404, "SecurityGroupRuleNotFound", "does not exist", "DELETE", rule, nil)
	w.refused(404, "HTTPNotFound", "", "PUT", rule, object{"security_group_rule": object{}})
}

func TestSeveralRules(t *testing.T) {
	w := newWorld(t)
	group := id(w.make("security_group", "security-groups", object{"name": "g"}))
	rule := func(port int) object {
		return object{"security_group_id": group, "direction": "ingress", "protocol": "tcp", "port_range_min": port, "port_range_max": port}
	}
	count := func() int {
		return len(w.list("security-group-rules?security_group_id="+group, "security_group_rules"))
	}
	several := object{"security_group_rules": []object{rule(1), rule(2)}}
	assert.Len(t, w.do(201, "POST", "security-group-rules", several)["security_group_rules"], 2)
	assert.Equal(t, 4, count())
	w.refused(409, "SecurityGroupRuleExists", "", "POST", "security-group-rules", object{"security_group_rules": []object{rule(3), rule(2)}})
	assert.Equal(t, 4, count(), "all or none")
	groups := object{"security_groups": []object{{"name": "a"}, {"name": "default"}}}
	w.refused(409, "SecurityGroupDefaultAlreadyExists", "", "POST", "security-groups", groups)
	assert.Empty(t, w.list("security-groups?name=a", "security_groups"))
}

func TestSecurityGroupQuota(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithQuota(nhncloudtest.Quota{SecurityGroups: 3, FloatingIPs: 1}))
	w.make("security_group", "security-groups", object{"name": "g"})
	res := w.Call("POST", "/network/v2.0/security-groups", object{"security_group": object{"name": "q18"}})
	cloudtest.SameError(t, "network_409_quota", res)
	fields := object{"floating_network_id": w.external()}
	w.make("floatingip", "floatingips", fields)
	w.refused(409, "OverQuota", "['floatingip']", "POST", "floatingips", object{"floatingip": fields})
	path := "/appkey/v1.0/appkeys/" + w.AppKey + "/floating-ips"
	res = w.Call("POST", path, object{"pool": object{"id": w.external()}})
	assert.EqualValues(t, 22409, cloudtest.At(res.Body, "header", "resultCode"), "the old API counts them too")
}
