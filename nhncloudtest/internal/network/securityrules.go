package network

import (
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

const (
	ingress = "ingress"
	egress  = "egress"
)

// SecurityRule lets traffic through. What is empty or nil stands for anything.
type SecurityRule struct {
	ID                   string
	Description          string
	Direction, Ethertype string
	Protocol             string
	PortMin, PortMax     *int
	RemoteGroup          string // id
	RemotePrefix         string
}

// AddRule adds a rule that the group does not have yet.
func (g *SecurityGroup) AddRule(r SecurityRule) (*SecurityRule, *frame.Reply) {
	for _, o := range g.Rules {
		if r.key() == o.key() {
			return nil, conflict("SecurityGroupRuleExists", "Security group rule already exists. Rule id is %s.", o.ID)
		}
	}
	r.ID = frame.NewID()
	g.Rules = append(g.Rules, &r)
	return &r, nil
}

// RuleByID finds a rule and the group that it belongs to.
func (p *Project) RuleByID(id string) (*SecurityGroup, *SecurityRule) {
	l, _ := byID(p.rules(), id)
	return l.group, l.SecurityRule
}

func (r *SecurityRule) body(g *SecurityGroup) object {
	number := func(n *int) any {
		if n == nil {
			return nil
		}
		return *n
	}
	return object{
		"id": r.ID, "security_group_id": g.ID, "tenant_id": g.tenant, "description": r.Description,
		"direction": r.Direction, "ethertype": r.Ethertype, "protocol": frame.Nullable(r.Protocol),
		"port_range_min": number(r.PortMin), "port_range_max": number(r.PortMax),
		"remote_group_id": frame.Nullable(r.RemoteGroup), "remote_ip_prefix": frame.Nullable(r.RemotePrefix),
	}
}

// ParsePrefix reads a network in CIDR notation or a single address, of the IP
// version that the ethertype names. Host bits stay.
func ParsePrefix(text, ethertype string) (string, bool) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			return "", false
		}
		prefix = netip.PrefixFrom(ip, ip.BitLen())
	}
	return prefix.String(), prefix.Addr().Is4() == (ethertype == "IPv4")
}

// listed is a rule as the lists of rules hold it.
type listed struct {
	*SecurityRule
	group *SecurityGroup
}

func (l listed) id() string        { return l.ID }
func (l listed) body() object      { return l.SecurityRule.body(l.group) }
func (l listed) remove(_ *Project) { l.group.Rules = without(l.group.Rules, l.SecurityRule) }

func (p *Project) rules() []listed {
	var out []listed
	for _, g := range p.SecurityGroups {
		for _, r := range g.Rules {
			out = append(out, listed{r, g})
		}
	}
	return out
}

func listRules(c *call) frame.Reply {
	return list(c, "security_group_rules", bodies(c.project.rules(), listed.body), nil)
}

func getRule(c *call) frame.Reply {
	return one(c, "security_group_rule", c.project.rules(), aSecurityRule, listed.body)
}

func deleteRule(c *call) frame.Reply {
	l, r := find(c.project.rules(), aSecurityRule, c.Value("id"))
	if r == nil {
		l.remove(c.project)
	}
	return deleted(r)
}

func createRule(c *call) frame.Reply {
	return c.create("security_group_rule", "security_group_rules", (*call).newRule)
}

func (c *call) newRule(in *input) (made, *frame.Reply) {
	in.need("security_group_id", "direction")
	in.tenant(c)
	groupID := in.uuid("security_group_id")
	rule := in.rule()
	r := in.done()
	if r == nil {
		r = rule.check()
	}
	if r != nil {
		return nil, r
	}
	g, r := find(c.project.SecurityGroups, aSecurityGroup, groupID)
	if r == nil && rule.RemoteGroup != "" {
		_, r = find(c.project.SecurityGroups, aSecurityGroup, rule.RemoteGroup)
	}
	if r != nil {
		return nil, r
	}
	added, r := g.AddRule(rule)
	if r != nil {
		return nil, r
	}
	return listed{added, g}, nil
}

// rule reads what a rule says.
func (in *input) rule() (r SecurityRule) {
	r.Direction, _ = in.text("direction", maxName)
	if r.Direction != ingress && r.Direction != egress {
		in.invalid("direction", "'"+frame.PyStr(in.Body["direction"])+"' is not in ['ingress', 'egress'].")
	}
	r.Ethertype = "IPv4"
	if v, given := in.Value("ethertype"); given {
		text, _ := v.(string)
		i := slices.IndexFunc([]string{"IPv4", "IPv6"}, func(known string) bool { return strings.EqualFold(known, text) })
		if i < 0 {
			in.Refuse(badRule("InvalidEtherType", "Security group rule for ethertype '%s' not supported. Allowed values are ['IPv4', 'IPv6'].", frame.PyStr(v)))
		} else {
			r.Ethertype = []string{"IPv4", "IPv6"}[i]
		}
	}
	r.Protocol = ofICMP(in.protocol(), r.Ethertype)
	r.PortMin, r.PortMax = in.port("port_range_min"), in.port("port_range_max")
	r.RemoteGroup, _ = in.uuidOrNull("remote_group_id")
	if v, given := in.Value("remote_ip_prefix"); given && v != nil {
		text, _ := v.(string)
		prefix, fits := ParsePrefix(text, r.Ethertype)
		switch {
		case prefix == "":
			in.Refuse(refused(http.StatusBadRequest, "InvalidCIDR", "Invalid CIDR %s given as IP prefix.", frame.PyStr(v)))
		case !fits:
			in.Refuse(badRule("ParameterConflict", "Conflicting value ethertype %s for CIDR %s", r.Ethertype, text))
		}
		r.RemotePrefix = prefix
	}
	r.Description, _ = in.text("description", maxName)
	return r
}

func badRule(kind, format string, args ...any) *frame.Reply {
	return refused(http.StatusBadRequest, "SecurityGroupRule"+kind, format, args...)
}

// badGroup is how the ports of a rule are refused.
func badGroup(kind, format string, args ...any) *frame.Reply {
	return refused(http.StatusBadRequest, "SecurityGroup"+kind, format, args...)
}

var (
	protocols = []string{
		"ah", "dccp", "egp", "esp", "gre", "hopopt", "icmp", "igmp", "ip", "ipip", "ipv6-encap", "ipv6-frag", "ipv6-icmp", "icmpv6",
		"ipv6-nonxt", "ipv6-opts", "ipv6-route", "ospf", "pgm", "rsvp", "sctp", "tcp", "udp", "udplite", "vrrp",
	}
	withPorts = []string{"tcp", "udp", "sctp", "dccp", "udplite", "6", "17", "132", "33", "136"}
	withTypes = []string{"icmp", "icmpv6", "ipv6-icmp", "1", "58"}
)

// protocol reads the name or the number of a protocol; null and "any" are any.
func (in *input) protocol() string {
	v, given := in.Value("protocol")
	if !given || v == nil || v == "any" {
		return ""
	}
	if n, ok := frame.AsInt(v); ok && n >= 0 && n <= 255 {
		return strconv.Itoa(n)
	}
	text := strings.ToLower(frame.PyStr(v))
	if !slices.Contains(protocols, text) {
		in.Refuse(badRule("InvalidProtocol", "Security group rule protocol %s not supported. "+
			"Only protocol values [%s] and integer representations [0 to 255] are supported.", frame.PyStr(v), strings.Join(protocols, ", ")))
	}
	return text
}

// port reads an end of the range of ports.
func (in *input) port(name string) *int {
	v, given := in.Value(name)
	if !given || v == nil {
		return nil
	}
	n, ok := frame.AsInt(v)
	if !ok || n < 0 || n > 65535 {
		in.Refuse(badGroup("InvalidPortValue", "Invalid value for port %s", frame.PyStr(v)))
	}
	return &n
}

// check refuses what does not go together.
func (r *SecurityRule) check() *frame.Reply {
	switch {
	case r.RemoteGroup != "" && r.RemotePrefix != "":
		return badGroup("RemoteGroupAndRemoteIpPrefix", "Only remote_ip_prefix or remote_group_id may be provided.")
	case r.Ethertype == "IPv4" && ofIPv6(r.Protocol):
		return badGroup("EthertypeConflictWithProtocol", "Invalid ethertype IPv4 for protocol %s.", r.Protocol)
	case r.PortMin == nil && r.PortMax == nil:
		return nil
	case r.Protocol == "":
		return badGroup("ProtocolRequiredWithPorts", "Must also specify protocol if port range is given.")
	case slices.Contains(withTypes, r.Protocol):
		return r.checkType()
	case !slices.Contains(withPorts, r.Protocol):
		return badGroup("InvalidProtocolForPort", "Invalid protocol %s for port range, only supported for [%s].",
			r.Protocol, strings.Join(withPorts, ", "))
	case r.PortMin != nil && *r.PortMin == 0 || r.PortMax != nil && *r.PortMax == 0:
		return badGroup("InvalidPortValue", "Invalid value for port 0")
	case r.PortMin == nil || r.PortMax == nil || *r.PortMin > *r.PortMax:
		return badGroup("InvalidPortRange", "For TCP/UDP protocols, port_range_min must be <= port_range_max")
	}
	return nil
}

// checkType refuses a type and code of ICMP, which come as ports, when they are
// none.
func (r *SecurityRule) checkType() *frame.Reply {
	for _, v := range []struct {
		field, attr string
		n           *int
	}{{"type", "port_range_min", r.PortMin}, {"code", "port_range_max", r.PortMax}} {
		if v.n != nil && *v.n > 255 {
			return badGroup("InvalidIcmpValue", "Invalid value for ICMP %s (%s) %d. It must be 0 to 255.", v.field, v.attr, *v.n)
		}
	}
	if r.PortMin == nil {
		return badGroup("MissingIcmpType", "ICMP code (port-range-max) %d is provided but ICMP type (port-range-min) is missing.", *r.PortMax)
	}
	return nil
}
