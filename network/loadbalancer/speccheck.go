package loadbalancer

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/nhncloud-go/nhncloud"
)

// inList is the name of an element of a list.
func inList(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

// takes has for the protocols of listeners those of the pools that they take, in
// OpenStack. What is not among them is up to the service.
var takes = map[Protocol][]Protocol{
	ProtocolTCP:             {ProtocolTCP, ProtocolHTTP, ProtocolHTTPS},
	ProtocolHTTP:            {ProtocolHTTP},
	ProtocolHTTPS:           {ProtocolHTTPS, ProtocolTCP},
	ProtocolTerminatedHTTPS: {ProtocolHTTP, ProtocolHTTPS},
}

// specCheck is what a spec is checked with.
type specCheck struct {
	*Spec
	pools map[string]*PoolSpec
	// stored are the certificates by the fields that they stand in.
	stored map[string]storedCertificate
}

// check refuses what can't be right, and returns the certificates, by the ports
// of their listeners.
func (s *Spec) check(check *nhncloud.ArgumentCheck) map[int]storedCertificate {
	c := specCheck{s, map[string]*PoolSpec{}, map[string]storedCertificate{}}
	check.Required("Name", s.Name)
	request := s.request()
	request.check(check)
	pools, fields := s.pools()
	for i, pool := range pools {
		check.Within(fields[i], func(check *nhncloud.ArgumentCheck) { c.pool(check, pool) })
	}
	certificates := map[int]storedCertificate{}
	ports := map[int]bool{}
	for i := range s.Listeners {
		listener := &s.Listeners[i]
		check.Within(inList("Listeners", i), func(check *nhncloud.ArgumentCheck) {
			check.RefuseIf(ports[listener.ProtocolPort], "ProtocolPort", "must not be that of another listener")
			ports[listener.ProtocolPort] = true
			c.listener(check, listener, certificates)
		})
	}
	c.groups(check)
	return certificates
}

func (c *specCheck) pool(check *nhncloud.ArgumentCheck, pool *PoolSpec) {
	check.Required("Name", pool.Name)
	check.RefuseIf(pool.Name != "" && c.pools[pool.Name] != nil, "Name", "must not be that of another pool")
	c.pools[pool.Name] = pool
	request := pool.request(anything)
	request.check(check)
	seen := map[string]bool{}
	for i := range pool.Members {
		member := &pool.Members[i]
		check.Within(inList("Members", i), func(check *nhncloud.ArgumentCheck) {
			member.check(check)
			name := memberName(member.Address, member.ProtocolPort)
			check.RefuseIf(seen[name], "Address", "must not be, with the ProtocolPort, that of another member")
			seen[name] = true
		})
	}
	if pool.HealthMonitor != nil {
		check.Within("HealthMonitor", func(check *nhncloud.ArgumentCheck) {
			request := pool.HealthMonitor.request(anything)
			request.check(check)
		})
	}
}

func (c *specCheck) listener(check *nhncloud.ArgumentCheck, listener *ListenerSpec, certificates map[int]storedCertificate) {
	ref := listener.DefaultTLSContainerRef
	if listener.Certificate != nil {
		check.RefuseIf(ref != "", "DefaultTLSContainerRef", "must not be set with a Certificate")
		check.RefuseIf(slices.Contains([]Protocol{ProtocolTCP, ProtocolHTTP, ProtocolHTTPS}, listener.Protocol),
			"Certificate", fmt.Sprintf("must not be set with a Protocol that has no certificate, such as %s", listener.Protocol))
		check.Within("Certificate", func(check *nhncloud.ArgumentCheck) {
			certificates[listener.ProtocolPort] = c.certificate(check, listener.Certificate)
		})
		ref = ""
		if listener.Protocol == ProtocolTerminatedHTTPS {
			ref = anything
		}
	}
	request := listener.request(anything, "", ref)
	request.check(check)
	check.RefuseIf(listener.Pool != nil && listener.PoolName != "", "PoolName", "must not be set with a Pool")
	switch {
	case listener.Pool != nil:
		checkTakes(check, "Pool.Protocol", listener.Protocol, listener.Pool.Protocol)
	case listener.PoolName != "":
		c.poolName(check, "PoolName", listener.Protocol, listener.PoolName)
	}
	check.RefuseIf(len(listener.L7Policies) > 0 && (listener.Protocol == ProtocolTCP || listener.Protocol == ProtocolHTTPS),
		"L7Policies", fmt.Sprintf("must be empty with %s, which tells the load balancer nothing of the requests", listener.Protocol))
	names := map[string]bool{}
	for i := range listener.L7Policies {
		policy := &listener.L7Policies[i]
		check.Within(inList("L7Policies", i), func(check *nhncloud.ArgumentCheck) {
			check.RefuseIf(policy.Name != "" && names[policy.Name], "Name", "must not be that of another policy of the listener")
			names[policy.Name] = true
			c.policy(check, listener.Protocol, policy)
		})
	}
}

// certificate refuses two certificates of the same name, of which one would be
// taken for the renewal of the other.
func (c *specCheck) certificate(check *nhncloud.ArgumentCheck, certificate *Certificate) storedCertificate {
	stored := certificate.stored(certificate.read(check))
	if other, ok := c.stored[certificate.Name]; ok {
		check.RefuseIf(other.name != stored.name, "Name", "must not be that of another certificate")
	}
	c.stored[certificate.Name] = stored
	return stored
}

func checkTakes(check *nhncloud.ArgumentCheck, field string, listener, pool Protocol) {
	among, known := takes[listener]
	check.RefuseIf(known && pool != "" && takes[pool] != nil && pool != ProtocolTerminatedHTTPS && !slices.Contains(among, pool),
		field, fmt.Sprintf("must be one that a listener of %s takes, not %s", listener, pool))
}

// poolName refuses the name of a pool that is none of the spec, or speaks
// something else.
func (c *specCheck) poolName(check *nhncloud.ArgumentCheck, field string, protocol Protocol, name string) {
	pool := c.pools[name]
	if pool == nil {
		check.Refuse(field, "must be the Name of a pool of the spec")
		return
	}
	checkTakes(check, field, protocol, pool.Protocol)
}

func (c *specCheck) policy(check *nhncloud.ArgumentCheck, protocol Protocol, policy *L7PolicySpec) {
	check.Required("Name", policy.Name)
	redirectPool := ""
	if policy.Action == L7RedirectToPool {
		if policy.RedirectPool == "" {
			check.Refuse("RedirectPool", "must not be empty with L7RedirectToPool")
		} else {
			c.poolName(check, "RedirectPool", protocol, policy.RedirectPool)
		}
		redirectPool = anything
	}
	request := policy.request(anything, redirectPool, 0)
	request.check(check)
	var seen []ruleValue
	for i := range policy.Rules {
		rule := &policy.Rules[i]
		check.Within(inList("Rules", i), func(check *nhncloud.ArgumentCheck) {
			rule.check(check)
			value := valueOf(rule)
			check.RefuseIf(slices.Contains(seen, value), "Value", "must not be that of a rule which is the same otherwise")
			seen = append(seen, value)
		})
	}
}

// groups checks the groups of IP ACLs.
func (c *specCheck) groups(check *nhncloud.ArgumentCheck) {
	names := map[string]bool{}
	for i := range c.IPACLGroups {
		group := &c.IPACLGroups[i]
		check.Within(inList("IPACLGroups", i), func(check *nhncloud.ArgumentCheck) {
			check.Required("Name", group.Name)
			check.RefuseIf(group.Name != "" && names[group.Name], "Name", "must not be that of another group")
			names[group.Name] = true
			group.check(check)
			check.RefuseIf(group.Action != "" && c.IPACLGroups[0].Action != "" && group.Action != c.IPACLGroups[0].Action, "Action", "must be that of the other groups")
			seen := map[string]bool{}
			for j, target := range group.Targets {
				address := canonicalCIDR(target.CIDRAddress)
				check.RefuseIf(target.CIDRAddress != "" && seen[address], inList("Targets", j)+".CIDRAddress", "must not be that of another target")
				seen[address] = true
			}
		})
	}
}

// canonicalCIDR is the form in which addresses and networks are compared: a
// network of one address is that address.
func canonicalCIDR(text string) string {
	if network, err := netip.ParsePrefix(text); err == nil {
		if network.IsSingleIP() {
			return network.Addr().String()
		}
		return network.Masked().String()
	}
	if address, err := netip.ParseAddr(text); err == nil {
		return address.String()
	}
	return text
}
