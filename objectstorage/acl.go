package objectstorage

import (
	"context"
	"net/netip"
	"strconv"
	"strings"
)

// ACL says who may use a container beside the users of its tenant. An empty one
// lets in nobody else.
type ACL struct {
	Read  []ACLElement // GET and HEAD of the container and its objects
	Write []ACLElement // PUT, POST, DELETE and COPY of objects
	View  []ACLElement // GET and HEAD of the container, HEAD of its objects
}

// ACLElement lets somebody in. Elements about referrers count in their order:
// the last one that fits decides. It is an open type.
type ACLElement string

// The elements of an ACL that take no names. ACLAnyone and ACLListings are for
// reading alone.
const (
	ACLAnyone   ACLElement = ".r:*"       // whoever it is, without a token
	ACLListings ACLElement = ".rlistings" // lets those in who come without a token list the objects, beside another element
	ACLAllUsers ACLElement = "*:*"        // whoever has a token, of any tenant
)

// ACLUser lets a user in who has a token of the tenant. "*" stands for all
// users or all tenants. The id of the user is that in [nhncloud.Token].
func ACLUser(tenantID, userID string) ACLElement { return ACLElement(tenantID + ":" + userID) }

// ACLReferrer lets those read who were sent by pages of the host, without a
// token; ".example.com" stands for all hosts below example.com. Anybody can
// claim to be sent by any page.
func ACLReferrer(host string) ACLElement { return ACLElement(".r:" + host) }

// ACLNotReferrer keeps those out who were sent by pages of the host.
func ACLNotReferrer(host string) ACLElement { return ACLElement(".r:-" + host) }

func aclOf(value string) []ACLElement {
	var elements []ACLElement
	for _, text := range split(value, ",") {
		elements = append(elements, ACLElement(text))
	}
	return elements
}

// IPACL says from where a container may be used. If Allowed has rules, all
// other addresses are kept out and Denied does not count. A mistake may keep
// the caller out, who then can't correct it.
type IPACL struct {
	Allowed []IPRule
	Denied  []IPRule
}

// IPRule is about the addresses of a network. The service knows IPv4 alone.
type IPRule struct {
	Access  IPAccess
	Network netip.Prefix // of 32 bits for a single address; invalid where the service has what can't be read, which is then in Access
}

// IPAccess is what an [IPRule] is about. It is an open type.
type IPAccess string

// What an [IPRule] can be about.
const (
	IPRead  IPAccess = "r" // GET and HEAD
	IPWrite IPAccess = "w" // PUT, POST, DELETE and COPY
	IPAll   IPAccess = "a" // both
)

func ipRulesOf(value string) []IPRule {
	var rules []IPRule
	for _, text := range split(value, ",") {
		rule := IPRule{Access: IPAccess(text)}
		if network, err := networkOf(text[1:]); err == nil {
			rule = IPRule{Access: IPAccess(text[:1]), Network: network}
		}
		rules = append(rules, rule)
	}
	return rules
}

func networkOf(text string) (netip.Prefix, error) {
	if strings.Contains(text, "/") {
		return netip.ParsePrefix(text)
	}
	addr, err := netip.ParseAddr(text)
	return netip.PrefixFrom(addr, addr.BitLen()), err
}

func networkText(network netip.Prefix) string {
	if network.IsSingleIP() {
		return network.Addr().String()
	}
	return network.String()
}

// ServiceGatewayAccess is what may come through a service gateway, whatever the
// [IPACL] says. It is an open type.
type ServiceGatewayAccess string

// What may come through a service gateway.
const (
	ServiceGatewayRead      ServiceGatewayAccess = "read"  // GET and HEAD
	ServiceGatewayWrite     ServiceGatewayAccess = "write" // PUT, POST, DELETE and COPY
	ServiceGatewayReadWrite ServiceGatewayAccess = "rw"    // both
	ServiceGatewayDeny      ServiceGatewayAccess = "deny"  // nothing
)

func (w *settingsWriter) acl(setting Setting, elements []ACLElement) {
	texts := make([]string, len(elements))
	for i, element := range elements {
		text := string(element)
		switch {
		case strings.TrimSpace(text) == "":
			w.refuse("ACL", "has an empty element")
		case strings.Contains(text, ","):
			w.refuse("ACL", "has an element with a comma: "+strconv.Quote(text))
		case strings.HasPrefix(text, ":") || strings.HasSuffix(text, ":"):
			w.refuse("ACL", "has an element with nothing beside its colon: "+strconv.Quote(text))
		}
		texts[i] = text
	}
	w.set(setting, texts...)
}

func (w *settingsWriter) ipRules(setting Setting, rules []IPRule) {
	texts := make([]string, len(rules))
	for i, rule := range rules {
		switch {
		case rule.Access == "":
			w.refuse("IPACL", "has a rule without Access")
		case !rule.Network.IsValid():
			w.refuse("IPACL", "has a rule without a Network: "+strconv.Quote(string(rule.Access)))
		}
		texts[i] = string(rule.Access) + networkText(rule.Network)
	}
	w.set(setting, texts...)
}

// SetACL sets who may use a container, and unsets what is empty in the ACL.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-acl; Storage-Object-Storage en/acl-guide.md)
func (s *ContainersService) SetACL(ctx context.Context, name string, acl ACL) error {
	return s.update(ctx, "objectstorage-set-container-acl", name, ContainerSettings{ACL: &acl})
}

// SetIPACL sets from where a container may be used, and unsets what is empty in
// the IPACL.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-ip-acl; Storage-Object-Storage en/acl-guide.md)
func (s *ContainersService) SetIPACL(ctx context.Context, name string, acl IPACL) error {
	return s.update(ctx, "objectstorage-set-container-ip-acl", name, ContainerSettings{IPACL: &acl})
}

// SetServiceGatewayACL sets what may come through a service gateway. An empty
// access unsets it: the [IPACL] counts then.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-service-gateway-acl; Storage-Object-Storage en/acl-guide.md)
func (s *ContainersService) SetServiceGatewayACL(ctx context.Context, name string, access ServiceGatewayAccess) error {
	return s.update(ctx, "objectstorage-set-container-service-gateway-acl", name, ContainerSettings{ServiceGateway: &access})
}
