package netcheck

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// Rule is a rule of a security group, in the words of the services.
type Rule struct {
	Direction, Ethertype, Protocol string
	PortRangeMin, PortRangeMax     *int
	RemoteGroupID, RemoteIPPrefix  string
}

// IsAnyProtocol reports whether a rule with the protocol is for all of them. It
// also knows the word that a guide has for null.
func IsAnyProtocol(protocol string) bool { return protocol == "" || protocol == "null" }

// Check refuses what can't be right in a rule that is to be created. The prefix
// stands before the names of its fields, such as "rules[2].".
func (r Rule) Check(check *nhncloud.ArgumentCheck, prefix string) {
	switch r.Direction {
	case "":
		check.Required(prefix+"Direction", r.Direction)
	case "ingress", "egress":
	default:
		check.Refuse(prefix+"Direction", `must be "ingress" or "egress"`)
	}
	switch r.Ethertype {
	case "", "IPv4", "IPv6":
	default:
		check.Refuse(prefix+"Ethertype", `must be "IPv4" or "IPv6"`)
	}
	r.checkPorts(check, prefix)
	r.checkRemote(check, prefix)
}

// checkPorts knows that ICMP has no ports: the two are its type and its code,
// either of which may be the larger.
func (r Rule) checkPorts(check *nhncloud.ArgumentCheck, prefix string) {
	lowest, highest, problem := 1, 65535, "must be between 1 and 65,535"
	icmp := r.protocol() == icmp || r.protocol() == icmpV6
	if icmp {
		lowest, highest, problem = 0, 255, "must be between 0 and 255, because it is a type or a code of ICMP"
	}
	outside := func(port *int) bool { return port != nil && (*port < lowest || *port > highest) }
	if r.PortRangeMin == nil && r.PortRangeMax == nil {
		return
	}
	check.RefuseIf(IsAnyProtocol(r.Protocol), prefix+"Protocol", "must be set with a port range")
	check.RefuseIf(outside(r.PortRangeMin), prefix+"PortRangeMin", problem)
	check.RefuseIf(outside(r.PortRangeMax), prefix+"PortRangeMax", problem)
	switch {
	case icmp:
		check.RefuseIf(r.PortRangeMin == nil, prefix+"PortRangeMin", "must be set with PortRangeMax, because a code of ICMP needs its type")
	case r.PortRangeMin != nil && r.PortRangeMax != nil:
		check.RefuseIf(*r.PortRangeMin > *r.PortRangeMax, prefix+"PortRangeMin", "must not be larger than PortRangeMax")
	}
}

func (r Rule) checkRemote(check *nhncloud.ArgumentCheck, prefix string) {
	if r.RemoteIPPrefix == "" {
		return
	}
	check.RefuseIf(r.RemoteGroupID != "", prefix+"RemoteIPPrefix", "must be empty with a RemoteGroupID")
	network := Network(check, prefix+"RemoteIPPrefix", r.RemoteIPPrefix)
	if network.IsValid() && (r.Ethertype == "IPv4" || r.Ethertype == "IPv6") {
		check.RefuseIf(network.Addr().Is4() != (r.Ethertype == "IPv4"), prefix+"RemoteIPPrefix", "must be a network of the Ethertype")
	}
}

// RuleKey is what makes a rule another one than others of its security group.
type RuleKey struct {
	direction, ethertype, protocol, group, network string
	first, last                                    int
}

const anyPort = -1

// Key returns what the service compares a rule by, which refuses to make a
// second one that is alike: the ethertype that is taken where none is given, the
// number of the protocol, and the network, where all addresses are as good as
// none. Neutron does so since its releases 9 (numbers) and 11 (all addresses),
// in _rule_to_key of its securitygroups_db.py. The key leaves out the host bits
// of a network as well, which change nothing in what a rule lets through, though
// Neutron keeps two rules that differ in them.
func (r Rule) Key() RuleKey {
	key := RuleKey{
		direction: strings.ToLower(r.Direction), ethertype: r.ethertype(), protocol: r.protocol(),
		group: r.RemoteGroupID, network: networkKey(r.RemoteIPPrefix), first: anyPort, last: anyPort,
	}
	if r.PortRangeMin != nil {
		key.first = *r.PortRangeMin
	}
	if r.PortRangeMax != nil {
		key.last = *r.PortRangeMax
	}
	return key
}

const (
	ipV6         = "ipv6"
	icmp, icmpV6 = "1", "58"
)

func (r Rule) ethertype() string {
	if r.Ethertype == "" {
		return "ipv4"
	}
	return strings.ToLower(r.Ethertype)
}

// protocolNumbers are the protocols that the service knows by name.
var protocolNumbers = map[string]string{
	"ip": "0", "icmp": icmp, "igmp": "2", "ipip": "4", "tcp": "6", "egp": "8", "udp": "17", "dccp": "33", "ipv6-encap": "41", "ipv6-route": "43",
	"ipv6-frag": "44", "rsvp": "46", "gre": "47", "esp": "50", "ah": "51", "ipv6-icmp": icmpV6, "icmpv6": icmpV6, "ipv6-nonxt": "59", "ipv6-opts": "60",
	"ospf": "89", "vrrp": "112", "pgm": "113", "sctp": "132", "udplite": "136",
}

// protocol returns the number of the protocol as text, and "" for any.
func (r Rule) protocol() string {
	name := strings.ToLower(r.Protocol)
	if IsAnyProtocol(name) || name == "any" {
		return ""
	}
	number, known := protocolNumbers[name]
	if n, err := strconv.Atoi(name); !known && err == nil {
		number = strconv.Itoa(n)
	}
	switch {
	case number == icmp && r.ethertype() == ipV6:
		return icmpV6
	case number == "":
		return name
	}
	return number
}

func networkKey(text string) string {
	network, err := netip.ParsePrefix(text)
	if address, fault := netip.ParseAddr(text); fault == nil {
		network, err = netip.PrefixFrom(address, address.BitLen()), nil
	}
	switch {
	case err != nil:
		return text
	case network.Bits() == 0:
		return ""
	}
	return network.Masked().String()
}
