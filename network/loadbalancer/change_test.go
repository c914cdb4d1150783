package loadbalancer_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// TestChanges has what a changed spec makes of a load balancer that is there:
// what is changed, and what is removed with Prune besides.
func TestChanges(t *testing.T) {
	t.Parallel()
	type spec = loadbalancer.Spec
	ground := newGround(t)
	whole := wholeSpec(t, ground.SubnetID(), "192.168.0.4", "192.168.0.5")
	rule := func(value string) loadbalancer.L7RuleCreateRequest {
		return loadbalancer.L7RuleCreateRequest{Type: loadbalancer.L7Path, CompareType: loadbalancer.L7StartsWith, Value: value}
	}
	reject := func(name string) loadbalancer.L7PolicySpec {
		return loadbalancer.L7PolicySpec{Name: name, Action: loadbalancer.L7Reject, Rules: []loadbalancer.L7RuleCreateRequest{rule("/" + name)}}
	}
	for name, test := range map[string]struct {
		before        func(s *spec) // nil for the whole spec
		change        func(s *spec)
		want, removed []string
	}{
		"nothing": {change: func(s *spec) {
			// What is not set stays.
			s.Description, s.AdminStateUp, s.Listeners[0].ConnectionLimit, s.Listeners[0].Name, s.Listeners[0].Pool.SessionPersistence = "", nil, nil, "", nil
			s.Listeners[0].Pool.Members[0].Weight, s.Listeners[0].TLSVersion, s.Listeners[1].L7Policies[0].RedirectHTTPCode = nil, "", 0
		}},
		"load balancer": {change: func(s *spec) { s.Description, s.AdminStateUp = "closed", new(false) }, want: []string{"update load balancer shop: Description, AdminStateUp"}},
		"listener": {
			change: func(s *spec) {
				l := &s.Listeners[0]
				l.Name, l.Description, l.AdminStateUp, l.ConnectionLimit, l.KeepaliveTimeout = "tls", "safer", new(false), new(3000), new(60)
				l.EnableXForwardedFor, l.ProxyProtocol, l.TLSVersion = new(false), new(true), "TLSv1.3"
				l.SNIContainerRefs = []loadbalancer.KeyManagerRef{""} // is filled in
			},
			want: []string{"update listener 443: Name, Description, AdminStateUp, ConnectionLimit, KeepaliveTimeout, ProxyProtocol, EnableXForwardedFor, TLSVersion, SNIContainerRefs"},
		},
		"another listener": {
			change:  func(s *spec) { s.Listeners[1].ProtocolPort = 8080 },
			want:    []string{"create listener 8080", "create L7 policy 8080/to-https", "create L7 rule 8080/to-https/PATH STARTS_WITH /"},
			removed: []string{"delete L7 policy 80/to-https", "delete listener 80"},
		},
		"another pool": {
			change:  func(s *spec) { s.Pools[0].Name, s.Listeners[0].L7Policies[1].RedirectPool = "pictures", "pictures" },
			want:    []string{"create pool pictures", "create health monitor pictures", "create member pictures/192.168.0.4:8080", "update L7 policy 443/images: RedirectPoolID"},
			removed: []string{"delete pool images"},
		},
		"another default pool": {change: func(s *spec) { s.Listeners[1].PoolName = "images" }, want: []string{"update listener 80: DefaultPoolID"}},
		"no default pool":      {change: func(s *spec) { s.Listeners[1].PoolName = "" }, removed: []string{"update listener 80: DefaultPoolID"}},
		"pool": {
			change: func(s *spec) {
				p := s.Listeners[0].Pool
				p.Description, p.LBAlgorithm, p.AdminStateUp, p.MemberPort, p.SessionPersistence = "pages", loadbalancer.AlgorithmSourceIP, new(false), 8080, new(loadbalancer.SessionPersistence{})
			},
			want: []string{"update pool web: Description, LBAlgorithm, AdminStateUp, MemberPort, SessionPersistence"},
		},
		"member": {change: func(s *spec) {
			s.Listeners[0].Pool.Members[1].Weight, s.Listeners[0].Pool.Members[1].AdminStateUp = new(0), new(false)
		}, want: []string{"update member web/192.168.0.5:8080: Weight, AdminStateUp"}},
		"another member": {
			change:  func(s *spec) { s.Listeners[0].Pool.Members[1].ProtocolPort = 80 },
			want:    []string{"create member web/192.168.0.5:80"},
			removed: []string{"delete member web/192.168.0.5:8080"},
		},
		"monitor": {
			change: func(s *spec) {
				*s.Listeners[0].Pool.HealthMonitor = loadbalancer.HealthMonitorSpec{
					Type: loadbalancer.MonitorHTTP, Delay: 10, Timeout: 1, MaxRetries: 3, AdminStateUp: new(false), HealthCheckPort: new(loadbalancer.MonitorPort(81)),
					HTTPMethod: "HEAD", URLPath: "/", ExpectedCodes: "204", HostHeader: "shop",
				}
			},
			want: []string{"update health monitor web: Delay, Timeout, MaxRetries, AdminStateUp, HealthCheckPort, HTTPMethod, URLPath, ExpectedCodes, HostHeader"},
		},
		"another monitor": {change: func(s *spec) { s.Listeners[0].Pool.HealthMonitor.Type = loadbalancer.MonitorHTTPS }, want: []string{"delete health monitor web", "create health monitor web"}},
		"no monitor":      {change: func(s *spec) { s.Listeners[0].Pool.HealthMonitor = nil }, removed: []string{"delete health monitor web"}},
		"policy": {
			change: func(s *spec) {
				p := &s.Listeners[1].L7Policies[0]
				p.Description, p.AdminStateUp, p.RedirectURL, p.RedirectHTTPCode = "safe", new(false), "https://#{host}/", 302
			},
			want: []string{"update L7 policy 80/to-https: Description, AdminStateUp, RedirectHTTPCode, RedirectURL"},
		},
		"another action": {
			change: func(s *spec) {
				p := &s.Listeners[1].L7Policies[0]
				p.Action, p.RedirectPool, p.RedirectURL, p.RedirectHTTPCode = loadbalancer.L7RedirectToPool, "images", "", 0
				p = &s.Listeners[0].L7Policies[1]
				p.Action, p.RedirectPool, p.RedirectURL = loadbalancer.L7RedirectToURL, "", "https://images/"
			},
			want: []string{"update L7 policy 443/images: Action, RedirectURL", "update L7 policy 80/to-https: Action, RedirectPoolID"},
		},
		"no policy": {
			change:  func(s *spec) { s.Listeners[0].L7Policies = s.Listeners[0].L7Policies[1:] },
			removed: []string{"delete L7 policy 443/no-dots"},
		},
		"order of policies": {
			before: func(s *spec) {
				s.Listeners[1].L7Policies = []loadbalancer.L7PolicySpec{reject("a"), reject("b"), reject("c")}
			},
			change: func(s *spec) {
				s.Listeners[1].L7Policies = []loadbalancer.L7PolicySpec{reject("c"), reject("a"), reject("n"), reject("b")}
			},
			want: []string{"create L7 policy 80/n", "create L7 rule 80/n/PATH STARTS_WITH /n", "update L7 policy 80/c: Position"},
		},
		"another rule": {
			change: func(s *spec) { s.Listeners[1].L7Policies[0].Rules[0].Value = "/shop" },
			want:   []string{"update L7 rule 80/to-https/PATH STARTS_WITH /shop: Value"},
		},
		"rule": {
			change: func(s *spec) { s.Listeners[1].L7Policies[0].Rules[0].AdminStateUp = new(false) },
			want:   []string{"update L7 rule 80/to-https/PATH STARTS_WITH /: AdminStateUp"},
		},
		"other rules": {
			change: func(s *spec) {
				s.Listeners[0].L7Policies[1].Rules = []loadbalancer.L7RuleCreateRequest{
					s.Listeners[0].L7Policies[1].Rules[1], {Type: loadbalancer.L7Cookie, CompareType: loadbalancer.L7EqualTo, Key: "beta", Value: "1"}, rule("/pictures"),
				}
			},
			want: []string{"update L7 rule 443/images/COOKIE beta EQUAL_TO 1: Type, CompareType, Key, Value", "create L7 rule 443/images/PATH STARTS_WITH /pictures"},
		},
		"fewer rules": {
			change:  func(s *spec) { s.Listeners[0].L7Policies[1].Rules = s.Listeners[0].L7Policies[1].Rules[:1] },
			removed: []string{"delete L7 rule 443/images/HEADER Accept not CONTAINS image"},
		},
		"another protocol": {
			change: func(s *spec) {
				s.Listeners[1] = loadbalancer.ListenerSpec{Protocol: loadbalancer.ProtocolTCP, ProtocolPort: 80}
			},
			want: nil, // it is refused
			removed: []string{
				"delete L7 policy 80/to-https", "delete listener 80", "create listener 80",
			},
		},
		"group": {
			change: func(s *spec) {
				g := &s.IPACLGroups[0]
				g.Description = "we"
				g.Targets = []loadbalancer.IPACLGroupTarget{{CIDRAddress: "203.0.113.7/32", Description: "them"}, {CIDRAddress: "198.51.100.0/24"}}
			},
			want:    []string{"update IP ACL group office: Description", "update IP ACL target office/203.0.113.7: Description", "create IP ACL target office/198.51.100.0/24"},
			removed: []string{"delete IP ACL target office/10.0.0.0/8"},
		},
		"another group": {
			change: func(s *spec) {
				s.IPACLGroups = append(s.IPACLGroups, loadbalancer.IPACLGroupCreateRequest{Name: "home", Action: loadbalancer.IPACLAllow, Targets: []loadbalancer.IPACLGroupTarget{}})
			},
			want: []string{"create IP ACL group home", "update IP ACL binding shop: IPACLGroups"},
		},
		"no group": {change: func(s *spec) { s.IPACLGroups = nil }, removed: []string{"update IP ACL binding shop: IPACLGroups"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newGround(t)
			s := clone(whole)
			if test.before != nil {
				test.before(&s)
			}
			_, err := l.Apply(t.Context(), s, l.options())
			require.NoError(t, err)
			test.change(&s)
			for i := range s.Listeners[0].SNIContainerRefs {
				s.Listeners[0].SNIContainerRefs[i], err = l.SecretContainers.CreateCertificate(t.Context(), *certificate(t, "other", nextYear()))
				require.NoError(t, err)
			}
			if name != "another protocol" {
				r, err := l.Apply(t.Context(), s, l.options())
				require.NoError(t, err)
				assert.ElementsMatch(t, test.want, words(r.Changes))
			}
			prune := l.pruning()
			r, err := l.Apply(t.Context(), s, prune)
			require.NoError(t, err)
			assert.ElementsMatch(t, test.removed, words(r.Changes))
			r, err = l.Apply(t.Context(), s, prune)
			require.NoError(t, err)
			assert.Empty(t, words(r.Changes))
		})
	}
}

// clone copies what a test changes.
func clone(s loadbalancer.Spec) loadbalancer.Spec {
	s.Listeners = append([]loadbalancer.ListenerSpec(nil), s.Listeners...)
	for i := range s.Listeners {
		l := &s.Listeners[i]
		l.L7Policies = append([]loadbalancer.L7PolicySpec(nil), l.L7Policies...)
		for j := range l.L7Policies {
			l.L7Policies[j].Rules = append([]loadbalancer.L7RuleCreateRequest(nil), l.L7Policies[j].Rules...)
		}
		if l.Pool != nil {
			l.Pool = new(clonePool(*l.Pool))
		}
	}
	s.Pools = append([]loadbalancer.PoolSpec(nil), s.Pools...)
	for i := range s.Pools {
		s.Pools[i] = clonePool(s.Pools[i])
	}
	s.IPACLGroups = append([]loadbalancer.IPACLGroupCreateRequest(nil), s.IPACLGroups...)
	return s
}

func clonePool(p loadbalancer.PoolSpec) loadbalancer.PoolSpec {
	p.Members = append([]loadbalancer.MemberCreateRequest(nil), p.Members...)
	if p.HealthMonitor != nil {
		p.HealthMonitor = new(*p.HealthMonitor)
	}
	return p
}

// TestConflicts has what is there and can't become what a spec wants. Nothing is
// changed then.
func TestConflicts(t *testing.T) {
	t.Parallel()
	whole := wholeSpec(t, "subnet", "10.0.0.4")
	whole.VIPAddress, whole.Type = "10.0.0.9", loadbalancer.TypeShared
	deny := func(s *loadbalancer.Spec) {
		s.IPACLGroups = []loadbalancer.IPACLGroupCreateRequest{{Name: "bad", Action: loadbalancer.IPACLDeny, Targets: []loadbalancer.IPACLGroupTarget{}}}
	}
	for fields, change := range map[string]func(s *loadbalancer.Spec){
		"VIPSubnetID, VIPAddress, Type": func(s *loadbalancer.Spec) {
			s.VIPSubnetID, s.VIPAddress, s.Type = "other", "10.0.0.10", loadbalancer.TypeDedicated
		},
		"Pools[0].Protocol": func(s *loadbalancer.Spec) {
			s.Pools[0].Protocol = loadbalancer.ProtocolHTTPS
		},
		"Listeners[1].Protocol": func(s *loadbalancer.Spec) {
			s.Listeners[1] = loadbalancer.ListenerSpec{Protocol: loadbalancer.ProtocolTCP, ProtocolPort: 80}
		},
		"IPACLGroups[0].Action": deny,
	} {
		m := newModel()
		l := m.client(t)
		s := clone(whole)
		if fields == "Pools[0].Protocol" { // which must not be behind a listener of HTTP
			s.Listeners = nil
		}
		_, err := l.Apply(t.Context(), s, nil)
		require.NoError(t, err)
		change(&s)
		m.sent = nil
		_, err = l.Apply(t.Context(), s, nil)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e, fields)
		assert.ErrorIs(t, err, nhncloud.ErrConflict)
		assert.Equal(t, fields, e.Field)
		assert.Empty(t, m.sent)
	}
}

// TestAmbiguous has names that several have.
func TestAmbiguous(t *testing.T) {
	t.Parallel()
	whole := wholeSpec(t, "subnet", "10.0.0.4")
	for field, double := range map[string]string{
		"Name": "loadbalancers", "Pools[0].Name": "pools", "Listeners[0].L7Policies[0].Name": "l7policies", "IPACLGroups[0].Name": "ipacl-groups",
	} {
		m := newModel()
		l := m.client(t)
		_, err := l.Apply(t.Context(), whole, nil)
		require.NoError(t, err)
		twin := object{}
		for key, value := range m.objects[double][0] {
			twin[key] = value
		}
		twin["id"] = "twin"
		m.objects[double] = append(m.objects[double], twin)
		_, err = l.Apply(t.Context(), whole, nil)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e, field)
		assert.ErrorIs(t, err, nhncloud.ErrConflict)
		assert.Equal(t, field, e.Field)
	}
}

// TestRenewal puts another certificate in the place of one. The older one goes
// with Prune, as soon as nothing uses it.
func TestRenewal(t *testing.T) {
	t.Parallel()
	l := newGround(t)
	s := cloudSpec(t, l)
	_, err := l.Apply(t.Context(), s, l.options())
	require.NoError(t, err)
	older := s.Listeners[0].Certificate
	other := clone(s)
	other.Name = "other"
	_, err = l.Apply(t.Context(), other, l.options())
	require.NoError(t, err)
	assert.Len(t, collected(t, l.SecretContainers.All(t.Context(), nil)), 1, "both use it")

	prune := l.pruning()
	s.Listeners[0].Certificate = certificate(t, older.Name, time.Now().AddDate(2, 0, 0))
	r, err := l.Apply(t.Context(), s, prune)
	require.NoError(t, err)
	require.Len(t, r.Changes, 4)
	assert.Equal(t, "update listener 443: DefaultTLSContainerRef", r.Changes[3].String())
	assert.Len(t, collected(t, l.SecretContainers.All(t.Context(), nil)), 2, "the other load balancer uses the older one")

	other.Listeners[0].Certificate = s.Listeners[0].Certificate
	r, err = l.Apply(t.Context(), other, prune)
	require.NoError(t, err)
	require.Len(t, r.Changes, 4)
	assert.Equal(t, "update listener 443: DefaultTLSContainerRef", r.Changes[0].String())
	assert.Equal(t, loadbalancer.ActionDelete, r.Changes[1].Action)
	assert.Equal(t, loadbalancer.KindCertificate, r.Changes[1].Kind)
	assert.Len(t, collected(t, l.SecretContainers.All(t.Context(), nil)), 1)
	assert.Len(t, collected(t, l.Secrets.All(t.Context(), nil)), 2)

	// The first one to go leaves the other what they share.
	_, err = l.DeleteAll(t.Context(), s, l.options())
	require.NoError(t, err)
	assert.Len(t, collected(t, l.SecretContainers.All(t.Context(), nil)), 1)
	r, err = l.Apply(t.Context(), other, prune)
	require.NoError(t, err)
	assert.Empty(t, words(r.Changes))
	_, err = l.DeleteAll(t.Context(), other, l.options())
	require.NoError(t, err)
	l.nothingLeft("")
}

// TestUnnamed removes what has no name, and a certificate that only a listener
// tells of.
func TestUnnamed(t *testing.T) {
	t.Parallel()
	m := newModel()
	l := m.client(t)
	s := wholeSpec(t, "subnet", "10.0.0.4")
	s.IPACLGroups = nil
	_, err := l.Apply(t.Context(), s, nil)
	require.NoError(t, err)
	for _, collection := range []string{"pools", "l7policies"} {
		for _, o := range m.objects[collection] {
			delete(o, "name")
		}
	}
	policy, pool := m.objects["l7policies"][0]["id"].(string), m.objects["pools"][0]["id"].(string)
	r, err := l.DeleteAll(t.Context(), loadbalancer.Spec{Name: s.Name}, nil)
	require.NoError(t, err)
	assert.Contains(t, words(r.Changes), "delete L7 policy 443/"+policy)
	assert.Contains(t, words(r.Changes), "delete pool "+pool)
	assert.Empty(t, inventoryOf(t, l))
	assert.Empty(t, r.Resources)
}

// TestBrokenContainer stores a certificate again whose container has lost its
// secrets, and with Prune takes the rest away.
func TestBrokenContainer(t *testing.T) {
	t.Parallel()
	m := newModel()
	l := m.client(t)
	s := wholeSpec(t, "subnet", "10.0.0.4")
	_, err := l.Apply(t.Context(), s, nil)
	require.NoError(t, err)
	m.objects["containers"][0]["secret_refs"] = []any{}
	r, err := l.Apply(t.Context(), s, &loadbalancer.ApplyOptions{Prune: true})
	require.NoError(t, err)
	require.Len(t, r.Changes, 3)
	assert.Equal(t, "update listener 443: DefaultTLSContainerRef", r.Changes[1].String())
	assert.Equal(t, loadbalancer.ActionDelete, r.Changes[2].Action)
	assert.Len(t, m.objects["containers"], 1)
	assert.Len(t, m.objects["secrets"], 2, "they are taken again")
	r, err = l.Apply(t.Context(), s, &loadbalancer.ApplyOptions{Prune: true})
	require.NoError(t, err)
	assert.Empty(t, r.Changes)
}
