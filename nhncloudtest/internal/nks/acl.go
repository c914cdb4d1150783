package nks

import (
	"net/http"
	"net/netip"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// acl says who gets through to the Kubernetes API of a cluster.
type acl struct {
	on      bool
	action  string // ALLOW or DENY
	targets []aclTarget
}

type aclTarget struct {
	address     string // as it was given
	prefix      netip.Prefix
	description string
}

// lets tells whether an address gets through.
func (a acl) lets(ip netip.Addr) bool {
	if !a.on {
		return true
	}
	for _, t := range a.targets {
		if t.prefix.Contains(ip.Unmap()) {
			return a.action == "ALLOW"
		}
	}
	return a.action == "DENY"
}

// mostTargets is how many targets an access list has at most.
const mostTargets = 100

func readACL(body object) (a acl, r *frame.Reply) {
	on, ok := frame.AsBool(body["enable"])
	switch {
	case body["enable"] == nil:
		return a, missing("enable")
	case !ok:
		return a, invalid("enable", body["enable"], "It is neither 'true' nor 'false'.")
	case !on:
		return a, nil // all else is ignored
	}
	a.on, a.action = true, frame.Str(body, "action")
	targets, _ := body["ipacl_targets"].([]any)
	switch {
	case body["action"] == nil:
		return a, missing("action")
	case a.action != "ALLOW" && a.action != "DENY":
		return a, invalid("action", body["action"], "It is neither 'ALLOW' nor 'DENY'.")
	case len(targets) == 0:
		return a, missing("ipacl_targets")
	case len(targets) > mostTargets:
		return a, refused(http.StatusForbidden, "Resource limit exceeded: You have reached the maximum targets of an access list, %d.", mostTargets)
	}
	for _, e := range targets {
		m, _ := e.(object)
		t := aclTarget{address: frame.Str(m, "cidr_address"), description: frame.Str(m, "description")}
		prefix, err := netip.ParsePrefix(t.address)
		if err != nil {
			var ip netip.Addr
			if ip, err = netip.ParseAddr(t.address); err == nil {
				prefix = netip.PrefixFrom(ip, ip.BitLen())
			}
		}
		if err != nil || !prefix.Addr().Is4() {
			return a, invalid("cidr_address", m["cidr_address"], "It is no IPv4 address or network.")
		}
		t.prefix = prefix.Masked()
		a.targets = append(a.targets, t)
	}
	return a, nil
}

func setACL(c *call) frame.Reply {
	cl, r := c.changeable("Updating")
	if r == nil {
		r = known("api_ep_ipacl", c.Body, "enable", "action", "ipacl_targets")
	}
	if r != nil {
		return *r
	}
	a, r := readACL(c.Body)
	if r != nil {
		return *r
	}
	cl.update(c.Now, "CLUSTER_API_EP_IPACL_UPDATE", hasACL{cl, a})
	return accepted(cl.id)
}

func getACL(c *call) frame.Reply {
	cl, r := c.cluster()
	if r != nil {
		return *r
	}
	o := object{"cluster_uuid": cl.id, "enable": "false"}
	if cl.acl.on {
		targets := []object{}
		for _, t := range cl.acl.targets {
			target := object{"cidr_address": t.address}
			if t.description != "" {
				target["description"] = t.description
			}
			targets = append(targets, target)
		}
		o["enable"], o["action"], o["ipacl_targets"] = "true", cl.acl.action, targets
	}
	return frame.Answer(http.StatusOK, o)
}
