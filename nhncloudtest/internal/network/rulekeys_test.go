package network_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestSameRules wants each rule of a line to be the first one of it, and the
// lines to be different rules.
func TestSameRules(t *testing.T) {
	w := newWorld(t)
	group := id(w.make("security_group", "security-groups", object{"name": "g"}))
	ask := func(more object) object {
		o := object{"security_group_id": group, "direction": "ingress"}
		for k, v := range more {
			o[k] = v
		}
		return o
	}
	for _, alike := range [][]object{
		{{}, {"remote_ip_prefix": "0.0.0.0/0"}, {"protocol": "any"}, {"protocol": nil, "description": "other"}, {"ethertype": "ipv4"}},
		{{"ethertype": "IPv6", "remote_ip_prefix": "::/0"}, {"ethertype": "IPv6"}},
		{{"direction": "egress", "remote_ip_prefix": "10.0.0.0/8"}},
		{{"remote_ip_prefix": "10.0.0.0/8"}},
		{{"remote_ip_prefix": "10.1.2.3/8"}},
		{{"remote_ip_prefix": "10.0.0.0/0"}},
		{{"remote_ip_prefix": "10.1.2.3"}, {"remote_ip_prefix": "10.1.2.3/32"}},
		{{"remote_group_id": group}},
		{{"protocol": "tcp", "remote_ip_prefix": "0.0.0.0/0"}, {"protocol": "6"}, {"protocol": 6}, {"protocol": "TCP"}},
		{{"protocol": 17, "port_range_min": 53, "port_range_max": 53}, {"protocol": "udp", "port_range_min": "53", "port_range_max": 53}},
		{{"protocol": "udp", "port_range_min": 53, "port_range_max": 54}},
		{{"protocol": "udp", "port_range_min": 52, "port_range_max": 53}},
		{{"protocol": "ip"}, {"protocol": "0"}},
		{{"protocol": "hopopt"}},
		{{"protocol": 99}},
		{{"protocol": "icmp"}, {"protocol": "1"}},
		{{"protocol": "icmp", "ethertype": "IPv6"}, {"protocol": "1", "ethertype": "IPv6"}, {"protocol": "icmpv6", "ethertype": "IPv6"},
			{"protocol": "58", "ethertype": "IPv6"}, {"protocol": "ipv6-icmp", "ethertype": "IPv6"}},
	} {
		first := id(w.make("security_group_rule", "security-group-rules", ask(alike[0])))
		for _, again := range alike {
			w.refused(409, "SecurityGroupRuleExists", "Rule id is "+first+".", "POST", "security-group-rules", object{"security_group_rule": ask(again)})
		}
	}
}

func TestICMPOfIPv6(t *testing.T) {
	w := newWorld(t)
	group := id(w.make("security_group", "security-groups", object{"name": "g"}))
	for given, kept := range map[string]string{"icmp": "ipv6-icmp", "1": "58", "6": "6"} {
		group := id(w.make("security_group", "security-groups", object{"name": "of its own"}))
		made := w.make("security_group_rule", "security-group-rules",
			object{"security_group_id": group, "direction": "ingress", "ethertype": "IPv6", "protocol": given})
		assert.Equal(t, kept, made["protocol"])
	}
	for _, protocol := range []string{"icmpv6", "ipv6-icmp", "ipv6-route", "58", "43"} {
		w.refused(400, "SecurityGroupEthertypeConflictWithProtocol", "Invalid ethertype IPv4 for protocol "+protocol+".", "POST", "security-group-rules",
			object{"security_group_rule": object{"security_group_id": group, "direction": "ingress", "protocol": protocol}})
	}
}
