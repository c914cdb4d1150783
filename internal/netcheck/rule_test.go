package netcheck_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

func cut(text string) (before, after string) {
	before, after, _ = strings.Cut(text, " ")
	return before, after
}

func TestRuleCheck(t *testing.T) {
	t.Parallel()
	const ingress = "ingress"
	tcp := func(first, last *int) netcheck.Rule {
		return netcheck.Rule{Direction: ingress, Protocol: "tcp", PortRangeMin: first, PortRangeMax: last}
	}
	protocol := func(name string, first, last *int) netcheck.Rule {
		r := tcp(first, last)
		r.Protocol = name
		return r
	}
	remote := func(ethertype, prefix, group string) netcheck.Rule {
		return netcheck.Rule{Direction: ingress, Ethertype: ethertype, RemoteIPPrefix: prefix, RemoteGroupID: group}
	}
	for name, test := range map[string]struct {
		rule  netcheck.Rule
		field string
	}{
		"anything":                  {netcheck.Rule{Direction: "egress"}, ""},
		"one port":                  {tcp(new(22), new(22)), ""},
		"all ports":                 {tcp(new(1), new(65535)), ""},
		"first port alone":          {tcp(new(1024), nil), ""},
		"last port alone":           {tcp(nil, new(1024)), ""},
		"port 0":                    {tcp(new(0), new(22)), "PortRangeMin"},
		"ports 0":                   {tcp(new(0), new(0)), "PortRangeMin, PortRangeMax"},
		"negative port":             {tcp(new(-1), new(22)), "PortRangeMin"},
		"port 65,536":               {tcp(new(22), new(65536)), "PortRangeMax"},
		"ports in disorder":         {tcp(new(23), new(22)), "PortRangeMin"},
		"protocol by number":        {protocol("6", new(0), new(22)), "PortRangeMin"},
		"unknown protocol":          {protocol("quic", new(443), new(443)), ""},
		"ports of any":              {protocol("", new(22), new(22)), "Protocol"},
		"ports of null":             {protocol("null", new(22), nil), "Protocol"},
		"ICMP":                      {protocol("icmp", nil, nil), ""},
		"ICMP type":                 {protocol("icmp", new(8), nil), ""},
		"ICMP type 0, code 0":       {protocol("ICMP", new(0), new(0)), ""},
		"ICMP code below type":      {protocol("1", new(8), new(0)), ""},
		"ICMP type 256":             {protocol("icmp", new(256), nil), "PortRangeMin"},
		"ICMP code 256":             {protocol("ipv6-icmp", new(255), new(256)), "PortRangeMax"},
		"ICMP code alone":           {protocol("icmp", nil, new(0)), "PortRangeMin"},
		"no direction":              {netcheck.Rule{}, "Direction"},
		"unknown direction":         {netcheck.Rule{Direction: "Ingress"}, "Direction"},
		"IPv4":                      {remote("IPv4", "10.0.0.0/8", ""), ""},
		"IPv6":                      {remote("IPv6", "2001:db8::/32", ""), ""},
		"ethertype of the service":  {remote("", "2001:db8::/32", ""), ""},
		"unknown ethertype":         {remote("ipv4", "", ""), "Ethertype"},
		"group":                     {remote("", "", "g"), ""},
		"group and prefix":          {remote("", "10.0.0.0/8", "g"), "RemoteIPPrefix"},
		"host bits":                 {remote("", "10.0.0.1/8", ""), "RemoteIPPrefix"},
		"no CIDR":                   {remote("", "10.0.0.1", ""), "RemoteIPPrefix"},
		"IPv4 network of IPv6 rule": {remote("IPv6", "10.0.0.0/8", ""), "RemoteIPPrefix"},
		"IPv6 network of IPv4 rule": {remote("IPv4", "::/0", ""), "RemoteIPPrefix"},
	} {
		var check nhncloud.ArgumentCheck
		test.rule.Check(&check, "")
		err := check.Err("op")
		if test.field == "" {
			assert.NoError(t, err, name)
			continue
		}
		var e *nhncloud.Error
		if assert.True(t, errors.As(err, &e), name) {
			assert.Equal(t, test.field, e.Field, name)
		}
	}
}

func TestRuleCheckPrefix(t *testing.T) {
	t.Parallel()
	var check nhncloud.ArgumentCheck
	netcheck.Rule{Direction: "up", Ethertype: "IP", PortRangeMin: new(0), PortRangeMax: new(0), RemoteGroupID: "g", RemoteIPPrefix: "here"}.Check(&check, "rules[2].")
	var e *nhncloud.Error
	if assert.ErrorAs(t, check.Err("op"), &e) {
		assert.Equal(t, "rules[2].Direction, rules[2].Ethertype, rules[2].Protocol, rules[2].PortRangeMin, rules[2].PortRangeMax, rules[2].RemoteIPPrefix", e.Field)
	}
}

func TestRuleKey(t *testing.T) {
	t.Parallel()
	web := netcheck.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "tcp", PortRangeMin: new(80), PortRangeMax: new(80), RemoteIPPrefix: "10.0.0.0/8"}
	ping := netcheck.Rule{Direction: "ingress", Ethertype: "IPv6", Protocol: "icmp"}
	everything := netcheck.Rule{Direction: "egress"}
	with := func(r netcheck.Rule, change func(*netcheck.Rule)) netcheck.Rule {
		change(&r)
		return r
	}
	for name, same := range map[string][2]netcheck.Rule{
		"itself":            {web, web},
		"ethertype":         {web, with(web, func(r *netcheck.Rule) { r.Ethertype = "" })},
		"case":              {web, with(web, func(r *netcheck.Rule) { r.Direction, r.Ethertype, r.Protocol = "INGRESS", "ipv4", "TCP" })},
		"protocol number":   {web, with(web, func(r *netcheck.Rule) { r.Protocol = "6" })},
		"host bits":         {web, with(web, func(r *netcheck.Rule) { r.RemoteIPPrefix = "10.1.2.3/8" })},
		"address":           {with(web, func(r *netcheck.Rule) { r.RemoteIPPrefix = "10.0.0.1" }), with(web, func(r *netcheck.Rule) { r.RemoteIPPrefix = "10.0.0.1/32" })},
		"everywhere":        {everything, with(everything, func(r *netcheck.Rule) { r.RemoteIPPrefix = "0.0.0.0/0" })},
		"everywhere, IPv6":  {ping, with(ping, func(r *netcheck.Rule) { r.RemoteIPPrefix = "::/0" })},
		"any protocol":      {everything, with(everything, func(r *netcheck.Rule) { r.Protocol = "any" })},
		"null":              {everything, with(everything, func(r *netcheck.Rule) { r.Protocol = "null" })},
		"ICMP of IPv6":      {ping, with(ping, func(r *netcheck.Rule) { r.Protocol = "ipv6-icmp" })},
		"old name of ICMP":  {ping, with(ping, func(r *netcheck.Rule) { r.Protocol = "icmpv6" })},
		"number of ICMP":    {ping, with(ping, func(r *netcheck.Rule) { r.Protocol = "1" })},
		"unknown protocol":  {with(web, func(r *netcheck.Rule) { r.Protocol = "quic" }), with(web, func(r *netcheck.Rule) { r.Protocol = "QUIC" })},
		"number with zeros": {web, with(web, func(r *netcheck.Rule) { r.Protocol = "06" })},
	} {
		assert.Equal(t, same[0].Key(), same[1].Key(), name)
	}
	for name, other := range map[string]func(*netcheck.Rule){
		"direction":   func(r *netcheck.Rule) { r.Direction = "egress" },
		"ethertype":   func(r *netcheck.Rule) { r.Ethertype = "IPv6" },
		"protocol":    func(r *netcheck.Rule) { r.Protocol = "udp" },
		"number":      func(r *netcheck.Rule) { r.Protocol = "7" },
		"first port":  func(r *netcheck.Rule) { r.PortRangeMin = new(79) },
		"last port":   func(r *netcheck.Rule) { r.PortRangeMax = new(81) },
		"any port":    func(r *netcheck.Rule) { r.PortRangeMin, r.PortRangeMax = nil, nil },
		"network":     func(r *netcheck.Rule) { r.RemoteIPPrefix = "10.0.0.0/9" },
		"everywhere":  func(r *netcheck.Rule) { r.RemoteIPPrefix = "" },
		"no network":  func(r *netcheck.Rule) { r.RemoteIPPrefix = "here" },
		"by a group":  func(r *netcheck.Rule) { r.RemoteIPPrefix, r.RemoteGroupID = "", "g" },
		"other group": func(r *netcheck.Rule) { r.RemoteGroupID = "h" },
	} {
		assert.NotEqual(t, web.Key(), with(web, other).Key(), name)
	}
}
