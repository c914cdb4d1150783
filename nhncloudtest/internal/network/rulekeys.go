package network

import (
	"slices"
	"strings"
)

// ruleKey is what a rule differs in from the others of its group.
type ruleKey struct {
	direction, ethertype, protocol, group, prefix string
	min, max                                      int
}

const anyPort = -1

// everywhere are the ways to say that a rule is for all addresses.
var everywhere = []string{"0.0.0.0/0", "::/0", ""}

// key is what Neutron compares rules by (_rule_to_key of its
// securitygroups_db.py): not by their description; since its release 9 by the
// number of a protocol that has a name, and since 11 with all addresses as good
// as none. Host bits of a prefix count.
func (r *SecurityRule) key() ruleKey {
	k := ruleKey{
		direction: r.Direction, ethertype: r.Ethertype, protocol: protocolNumber(r.Protocol, r.Ethertype),
		group: r.RemoteGroup, prefix: r.RemotePrefix, min: anyPort, max: anyPort,
	}
	if slices.Contains(everywhere, k.prefix) {
		k.prefix = ""
	}
	if r.PortMin != nil {
		k.min = *r.PortMin
	}
	if r.PortMax != nil {
		k.max = *r.PortMax
	}
	return k
}

// numbers are those of the protocols that have a name. The second name of 0 is
// one for itself, as it is there.
var numbers = map[string]string{
	"ah": "51", "dccp": "33", "egp": "8", "esp": "50", "gre": "47", "icmp": "1", "igmp": "2", "ip": "0", "ipip": "4", "ipv6-encap": "41",
	"ipv6-frag": "44", "ipv6-icmp": "58", "icmpv6": "58", "ipv6-nonxt": "59", "ipv6-opts": "60", "ipv6-route": "43", "ospf": "89",
	"pgm": "113", "rsvp": "46", "sctp": "132", "tcp": "6", "udp": "17", "udplite": "136", "vrrp": "112",
}

func protocolNumber(protocol, ethertype string) string {
	protocol = ofICMP(protocol, ethertype)
	if number, named := numbers[protocol]; named {
		return number
	}
	return protocol
}

// ofICMP turns the older names and the number of ICMP into those that it has
// with IPv6.
func ofICMP(protocol, ethertype string) string {
	switch {
	case ethertype != "IPv6":
	case protocol == "icmp" || protocol == "icmpv6":
		return "ipv6-icmp"
	case protocol == "1":
		return "58"
	}
	return protocol
}

// ofIPv6 tells whether there is a protocol with IPv6 alone.
func ofIPv6(protocol string) bool {
	return strings.HasPrefix(protocol, "ipv6-") || slices.Contains([]string{"icmpv6", "41", "43", "44", "58", "59", "60"}, protocol)
}
