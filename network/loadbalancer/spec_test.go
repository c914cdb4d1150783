package loadbalancer_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// certificate makes one that is good until a time.
func certificate(t testing.TB, name string, until time.Time) *loadbalancer.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name}, NotBefore: until.AddDate(-1, 0, 0), NotAfter: until, DNSNames: []string{name}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return &loadbalancer.Certificate{
		Name:        name,
		Certificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		PrivateKey:  nhncloud.Secret(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
	}
}

func nextYear() time.Time { return time.Now().AddDate(1, 0, 0) }

// wholeSpec has all there is in a spec but for what only one load balancer in a
// subnet can have. The addresses are in the subnet.
func wholeSpec(t testing.TB, subnetID string, addresses ...string) loadbalancer.Spec {
	t.Helper()
	members := make([]loadbalancer.MemberCreateRequest, len(addresses))
	for i, address := range addresses {
		members[i] = loadbalancer.MemberCreateRequest{SubnetID: subnetID, Address: address, ProtocolPort: 8080, Weight: new(i + 1)}
	}
	first := members[0]
	return loadbalancer.Spec{
		Name: "shop", VIPSubnetID: subnetID, Description: "the shop", AdminStateUp: new(true),
		Listeners: []loadbalancer.ListenerSpec{{
			Protocol: loadbalancer.ProtocolTerminatedHTTPS, ProtocolPort: 443, Name: "https", Description: "safe", ConnectionLimit: new(2000), KeepaliveTimeout: new(300),
			TLSVersion: "TLSv1.2", Certificate: certificate(t, "shop.example.com", nextYear()), EnableXForwardedFor: new(true), ProxyProtocol: new(false),
			Pool: &loadbalancer.PoolSpec{
				Name: "web", LBAlgorithm: loadbalancer.AlgorithmRoundRobin, Protocol: loadbalancer.ProtocolHTTP, Description: "all pages",
				SessionPersistence: &loadbalancer.SessionPersistence{Type: loadbalancer.PersistenceAppCookie, CookieName: "id"}, Members: members,
				HealthMonitor: &loadbalancer.HealthMonitorSpec{
					Type: loadbalancer.MonitorHTTP, Delay: 30, Timeout: 5, MaxRetries: 2, HTTPMethod: "GET", URLPath: "/health", ExpectedCodes: "200-204",
				},
			},
			L7Policies: []loadbalancer.L7PolicySpec{
				{Name: "no-dots", Action: loadbalancer.L7Reject, Rules: []loadbalancer.L7RuleCreateRequest{{Type: loadbalancer.L7Path, CompareType: loadbalancer.L7Regex, Value: `^/\.`}}},
				{Name: "images", Action: loadbalancer.L7RedirectToPool, RedirectPool: "images", Rules: []loadbalancer.L7RuleCreateRequest{
					{Type: loadbalancer.L7Path, CompareType: loadbalancer.L7StartsWith, Value: "/images"},
					{Type: loadbalancer.L7Header, CompareType: loadbalancer.L7Contains, Key: "Accept", Value: "image", Invert: true},
				}},
			},
		}, {
			Protocol: loadbalancer.ProtocolHTTP, ProtocolPort: 80, PoolName: "web",
			L7Policies: []loadbalancer.L7PolicySpec{{
				Name: "to-https", Action: loadbalancer.L7RedirectToURL, RedirectURL: "https://#{host}:443/#{path}?#{query}", RedirectHTTPCode: 301,
				Rules: []loadbalancer.L7RuleCreateRequest{{Type: loadbalancer.L7Path, CompareType: loadbalancer.L7StartsWith, Value: "/"}},
			}},
		}},
		Pools: []loadbalancer.PoolSpec{{
			Name: "images", LBAlgorithm: loadbalancer.AlgorithmLeastConnections, Protocol: loadbalancer.ProtocolHTTP,
			Members:       []loadbalancer.MemberCreateRequest{first},
			HealthMonitor: &loadbalancer.HealthMonitorSpec{Type: loadbalancer.MonitorTCP, Delay: 30, Timeout: 5, MaxRetries: 2},
		}},
		IPACLGroups: []loadbalancer.IPACLGroupCreateRequest{{
			Name: "office", Action: loadbalancer.IPACLAllow, Description: "who may",
			Targets: []loadbalancer.IPACLGroupTarget{{CIDRAddress: "10.0.0.0/8", Description: "us"}, {CIDRAddress: "203.0.113.7"}},
		}},
	}
}

// TestSpecRefused has what a spec is refused for, before anything is sent.
func TestSpecRefused(t *testing.T) {
	t.Parallel()
	type spec = loadbalancer.Spec
	listener := func(change func(l *loadbalancer.ListenerSpec)) func(s *spec) {
		return func(s *spec) { change(&s.Listeners[0]) }
	}
	pool := func(change func(p *loadbalancer.PoolSpec)) func(s *spec) {
		return func(s *spec) { change(s.Listeners[0].Pool) }
	}
	policy := func(change func(p *loadbalancer.L7PolicySpec)) func(s *spec) {
		return func(s *spec) { change(&s.Listeners[1].L7Policies[0]) }
	}
	other := certificate(t, "shop.example.com", nextYear())
	for fields, change := range map[string]func(s *spec){
		"Name, VIPSubnetID": func(s *spec) { s.Name, s.VIPSubnetID = "", "" },
		"VIPAddress":        func(s *spec) { s.VIPAddress = "here" },

		"Listeners[0].ProtocolPort":           listener(func(l *loadbalancer.ListenerSpec) { l.ProtocolPort = 0 }),
		"Listeners[1].ProtocolPort":           func(s *spec) { s.Listeners[1].ProtocolPort = 443 },
		"Listeners[1].Protocol":               func(s *spec) { s.Listeners[1].Protocol = "" },
		"Listeners[0].ConnectionLimit":        listener(func(l *loadbalancer.ListenerSpec) { l.ConnectionLimit = new(0) }),
		"Listeners[0].KeepaliveTimeout":       listener(func(l *loadbalancer.ListenerSpec) { l.KeepaliveTimeout = new(-1) }),
		"Listeners[0].SNIContainerRefs[0]":    listener(func(l *loadbalancer.ListenerSpec) { l.SNIContainerRefs = []loadbalancer.KeyManagerRef{""} }),
		"Listeners[0].PoolName":               listener(func(l *loadbalancer.ListenerSpec) { l.PoolName = "images" }),
		"Listeners[1].PoolName":               func(s *spec) { s.Listeners[1].PoolName = "none" },
		"Listeners[1].Certificate":            func(s *spec) { s.Listeners[1].Certificate = s.Listeners[0].Certificate },
		"Listeners[0].DefaultTLSContainerRef": listener(func(l *loadbalancer.ListenerSpec) { l.Certificate = nil }),
		"Listeners[1].TLSVersion":             func(s *spec) { s.Listeners[1].TLSVersion = "TLSv1.2" },

		"Listeners[0].Certificate.PrivateKey": listener(func(l *loadbalancer.ListenerSpec) { l.Certificate.PrivateKey = other.PrivateKey }),
		"Listeners[0].Certificate.Passphrase": listener(func(l *loadbalancer.ListenerSpec) { l.Certificate.Passphrase = "needless" }),
		"Listeners[0].Certificate.Name":       listener(func(l *loadbalancer.ListenerSpec) { l.Certificate.Name = "" }),
		"Listeners[0].Certificate.Certificate": listener(func(l *loadbalancer.ListenerSpec) {
			l.Certificate = certificate(t, "shop.example.com", time.Now().Add(-time.Minute))
		}),
		"Listeners[0].Certificate.Intermediates": listener(func(l *loadbalancer.ListenerSpec) { l.Certificate.Intermediates = "-----BEGIN" }),
		"Listeners[2].Certificate.Name": func(s *spec) {
			s.Listeners = append(s.Listeners, loadbalancer.ListenerSpec{Protocol: loadbalancer.ProtocolTerminatedHTTPS, ProtocolPort: 8443, Certificate: other})
		},

		"Listeners[0].Pool.Name":                          func(s *spec) { s.Listeners[0].Pool.Name, s.Listeners[1].PoolName = "images", "" },
		"Listeners[0].Pool.LBAlgorithm":                   pool(func(p *loadbalancer.PoolSpec) { p.LBAlgorithm = "" }),
		"Listeners[0].Pool.MemberPort":                    pool(func(p *loadbalancer.PoolSpec) { p.MemberPort = 70000 }),
		"Listeners[0].Pool.SessionPersistence.CookieName": pool(func(p *loadbalancer.PoolSpec) { p.SessionPersistence.CookieName = "" }),
		"Listeners[0].Pool.Members[1].Weight":             pool(func(p *loadbalancer.PoolSpec) { p.Members[1].Weight = new(257) }),
		"Pools[0].Name, Listeners[0].Pool.Members[0].Weight, Listeners[0].L7Policies[1].RedirectPool": func(s *spec) {
			s.Listeners[0].Pool.Members[0].Weight, s.Pools[0].Name = new(-1), ""
		},
		"Listeners[0].Pool.Members[1].Address":              pool(func(p *loadbalancer.PoolSpec) { p.Members[1].Address = "" }),
		"Listeners[0].Pool.Members[1].ProtocolPort":         pool(func(p *loadbalancer.PoolSpec) { p.Members[1].ProtocolPort = 0 }),
		"Listeners[0].Pool.HealthMonitor.Delay":             pool(func(p *loadbalancer.PoolSpec) { p.HealthMonitor.Delay = 0 }),
		"Listeners[0].Pool.HealthMonitor.HealthCheckPort":   pool(func(p *loadbalancer.PoolSpec) { p.HealthMonitor.HealthCheckPort = new(loadbalancer.MonitorPort(-1)) }),
		"Listeners[0].Pool.Protocol, Listeners[1].PoolName": pool(func(p *loadbalancer.PoolSpec) { p.Protocol = loadbalancer.ProtocolTCP }),
		"Listeners[0].L7Policies[1].RedirectPool":           listener(func(l *loadbalancer.ListenerSpec) { l.L7Policies[1].RedirectPool = "" }),
		"Listeners[0].L7Policies[0].Name":                   listener(func(l *loadbalancer.ListenerSpec) { l.L7Policies[0].Name = "" }),
		"Listeners[0].L7Policies[1].Name":                   listener(func(l *loadbalancer.ListenerSpec) { l.L7Policies[1].Name = "no-dots" }),
		"Listeners[0].L7Policies[0].Rules[0].Value":         listener(func(l *loadbalancer.ListenerSpec) { l.L7Policies[0].Rules[0].Value = "(" }),
		"Listeners[0].L7Policies[1].Rules[1].Key":           listener(func(l *loadbalancer.ListenerSpec) { l.L7Policies[1].Rules[1].Key = "" }),
		"Listeners[1].L7Policies[0].RedirectURL":            policy(func(p *loadbalancer.L7PolicySpec) { p.RedirectURL = "" }),
		"Listeners[1].L7Policies[0].Action":                 policy(func(p *loadbalancer.L7PolicySpec) { p.Action = "" }),
		"Listeners[1].L7Policies[0].Rules[1].Value":         policy(func(p *loadbalancer.L7PolicySpec) { p.Rules = append(p.Rules, p.Rules[0]) }),
		"Listeners[1].L7Policies":                           func(s *spec) { s.Listeners[1].Protocol, s.Listeners[1].PoolName = loadbalancer.ProtocolHTTPS, "" },
		"Pools[0].Members[1].Address":                       func(s *spec) { s.Pools[0].Members = append(s.Pools[0].Members[:1:1], s.Pools[0].Members[0]) },
		"IPACLGroups[0].Name":                               func(s *spec) { s.IPACLGroups[0].Name = "" },
		"IPACLGroups[0].Action":                             func(s *spec) { s.IPACLGroups[0].Action = "" },
		"IPACLGroups[0].Targets[1].CIDRAddress":             func(s *spec) { s.IPACLGroups[0].Targets[1].CIDRAddress = "everyone" },
		"IPACLGroups[1].Action": func(s *spec) {
			s.IPACLGroups = append(s.IPACLGroups, loadbalancer.IPACLGroupCreateRequest{Name: "b", Action: loadbalancer.IPACLDeny})
		},
		"IPACLGroups[1].Name": func(s *spec) { s.IPACLGroups = append(s.IPACLGroups, s.IPACLGroups[0]) },
		"IPACLGroups[0].Targets[2].CIDRAddress": func(s *spec) {
			s.IPACLGroups[0].Targets = append(s.IPACLGroups[0].Targets, loadbalancer.IPACLGroupTarget{CIDRAddress: "203.0.113.7/32"})
		},
	} {
		s := wholeSpec(t, "subnet", "10.0.0.4", "10.0.0.5")
		change(&s)
		for _, call := range []func(ctx context.Context, l *loadbalancer.Client) error{
			func(ctx context.Context, l *loadbalancer.Client) error {
				_, err := l.Apply(ctx, s, nil)
				return err
			},
			func(ctx context.Context, l *loadbalancer.Client) error {
				_, err := l.Plan(ctx, s, &loadbalancer.ApplyOptions{Prune: true})
				return err
			},
		} {
			refuses(t, "", fields, call)
		}
	}
	refuses(t, "", "Name", func(ctx context.Context, l *loadbalancer.Client) error {
		_, err := l.DeleteAll(ctx, loadbalancer.Spec{}, nil)
		return err
	})
}
