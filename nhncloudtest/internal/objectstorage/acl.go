package objectstorage

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// visitor is who calls.
type visitor struct {
	tenant, user string // of the token; empty without a good one
	ip           netip.Addr
	pass         func(account, container string) bool // what a temporary URL opens
	prefix       string                               // of the names that it opens
	query        string                               // of links to what else it opens; empty when that is nothing
}

// access is what somebody wants.
type access int

const (
	reading access = iota // of an object
	viewing               // of an object's headers
	listing               // of a container
	writing               // of an object
	owning                // of a container and its settings
)

// owner tells whether the account belongs to the tenant of the token.
func (c *call) owner() bool {
	return c.who.tenant != "" && c.account.name == "AUTH_"+c.who.tenant
}

// denied is the answer to those who may not: 401 to who has no token, as with a
// temporary URL, else 403.
func (c *call) denied() *frame.Reply {
	if c.who.tenant != "" {
		return errorReply(http.StatusForbidden)
	}
	return errorReply(http.StatusUnauthorized)
}

// may tells whether the visitor has access to a container, or to the account
// when that is nil.
func (c *call) may(kind access, account *Account, cont *Container, object bool) bool {
	if cont != nil && !cont.lets(c.who.ip, kind) {
		return false
	}
	if c.who.pass != nil {
		return cont != nil && c.who.pass(account.name, cont.name)
	}
	if c.who.tenant != "" && account.name == "AUTH_"+c.who.tenant {
		return true
	}
	if cont == nil {
		return false
	}
	switch kind {
	case reading:
		return c.allowed(cont.settings["X-Container-Read"], object)
	case viewing, listing:
		return c.allowed(cont.settings["X-Container-Read"], object) || c.allowed(cont.settings["X-Container-View"], object)
	case writing:
		return c.allowed(cont.settings["X-Container-Write"], object)
	}
	return false
}

// allowed tells whether an access list has the visitor in it.
func (c *call) allowed(list string, object bool) bool {
	var referrers, roles []string
	for element := range strings.SplitSeq(list, ",") {
		if host, ok := strings.CutPrefix(element, ".r:"); ok {
			referrers = append(referrers, host)
		} else {
			roles = append(roles, element)
		}
	}
	if c.who.tenant != "" {
		for _, tenant := range []string{c.who.tenant, "*"} {
			for _, user := range []string{c.who.user, "*"} {
				if slices.Contains(roles, tenant+":"+user) {
					return true
				}
			}
		}
	}
	return referrerAllowed(c.Request.Referer(), referrers) && (object || slices.Contains(roles, ".rlistings"))
}

// referrerAllowed goes through the hosts in their order; the last that fits
// decides.
func referrerAllowed(referrer string, hosts []string) bool {
	from := "unknown"
	if u, err := url.Parse(referrer); err == nil && u.Hostname() != "" {
		from = u.Hostname()
	}
	allow := false
	for _, host := range hosts {
		host, deny := strings.CutPrefix(host, "-")
		if host == from || strings.HasPrefix(host, ".") && strings.HasSuffix(from, host) || host == "*" && !deny {
			allow = !deny
		}
	}
	return allow
}

// cleanACL is an access list in the form in which it is kept.
func cleanACL(name, value string) (string, *frame.Reply) {
	var out []string
	for raw := range strings.SplitSeq(value, ",") {
		raw = strings.TrimSpace(raw)
		first, second, colon := strings.Cut(raw, ":")
		first, second = strings.TrimSpace(first), strings.TrimSpace(second)
		switch {
		case raw == "":
		case !colon || !strings.HasPrefix(first, "."):
			out = append(out, raw)
		case !slices.Contains([]string{".r", ".ref", ".referer", ".referrer"}, first):
			return "", textReply(http.StatusBadRequest, htmlType, "Unknown designator '%s' in ACL: '%s'", first, raw)
		case name != "X-Container-Read":
			return "", textReply(http.StatusBadRequest, htmlType, "Referrers not allowed in write ACL: '%s'", raw)
		default:
			host, deny := strings.CutPrefix(second, "-")
			host = strings.TrimSpace(host)
			if host != "*" {
				host = strings.TrimSpace(strings.TrimPrefix(host, "*"))
			}
			if host == "" || host == "." {
				return "", textReply(http.StatusBadRequest, htmlType, "No host/domain value after referrer designation in ACL: '%s'", raw)
			}
			if deny {
				host = "-" + host
			}
			out = append(out, ".r:"+host)
		}
	}
	return strings.Join(out, ","), nil
}

// lets tells whether the lists of addresses let somebody in.
func (cont *Container) lets(ip netip.Addr, kind access) bool {
	verb := "r"
	if kind == writing || kind == owning {
		verb = "w"
	}
	if list := cont.settings["X-Container-Ip-Acl-Allowed-List"]; list != "" {
		return onIPList(list, ip, verb)
	}
	return !onIPList(cont.settings["X-Container-Ip-Acl-Denied-List"], ip, verb)
}

func onIPList(list string, ip netip.Addr, verb string) bool {
	for element := range strings.SplitSeq(list, ",") {
		right, network, ok := parseIPElement(element)
		if ok && (right == "a" || right == verb) && network.Contains(ip) {
			return true
		}
	}
	return false
}

// parseIPElement reads an element such as r192.168.0.1 or a172.16.0.0/24.
func parseIPElement(element string) (right string, network netip.Prefix, ok bool) {
	element = strings.TrimSpace(element)
	if element == "" || !strings.Contains("rwa", element[:1]) {
		return "", netip.Prefix{}, false
	}
	text := element[1:]
	if !strings.Contains(text, "/") {
		text += "/32"
	}
	network, err := netip.ParsePrefix(text)
	return element[:1], network, err == nil && network.Addr().Is4()
}

func checkIPList(name, value string) (string, *frame.Reply) {
	for element := range strings.SplitSeq(value, ",") {
		if _, _, ok := parseIPElement(element); !ok {
			return "", badSetting(name)
		}
	}
	return value, nil
}

// unescaped is text without its percent-encoding.
func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}
