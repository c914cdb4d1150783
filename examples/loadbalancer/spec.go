package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// spec says what the load balancer is to be.
func (b *builder) spec(subnet *network.Subnet, addresses []string) (loadbalancer.Spec, error) {
	certificate, err := b.certificate()
	if err != nil {
		return loadbalancer.Spec{}, err
	}
	var members []loadbalancer.MemberCreateRequest
	for _, address := range addresses {
		members = append(members, loadbalancer.MemberCreateRequest{SubnetID: subnet.ID, Address: address, ProtocolPort: 80})
	}
	return loadbalancer.Spec{
		Name:        b.name,
		VIPSubnetID: subnet.ID,
		Listeners: []loadbalancer.ListenerSpec{{
			Protocol:     loadbalancer.ProtocolTerminatedHTTPS,
			ProtocolPort: 443,
			Certificate:  certificate,
			Pool: &loadbalancer.PoolSpec{
				Name:        b.name,
				LBAlgorithm: loadbalancer.AlgorithmRoundRobin,
				Protocol:    loadbalancer.ProtocolHTTP,
				Members:     members,
				HealthMonitor: &loadbalancer.HealthMonitorSpec{
					Type: loadbalancer.MonitorHTTP, Delay: 10, Timeout: 5, MaxRetries: 3, URLPath: "/", ExpectedCodes: "200",
				},
			},
		}, {
			Protocol:     loadbalancer.ProtocolHTTP,
			ProtocolPort: 80,
			PoolName:     b.name,
			L7Policies: []loadbalancer.L7PolicySpec{{
				Name:             "to-https",
				Action:           loadbalancer.L7RedirectToURL,
				RedirectURL:      "https://#{host}:443/#{path}?#{query}",
				RedirectHTTPCode: 301,
				Rules:            []loadbalancer.L7RuleCreateRequest{{Type: loadbalancer.L7Path, CompareType: loadbalancer.L7StartsWith, Value: "/"}},
			}},
		}},
		IPACLGroups: []loadbalancer.IPACLGroupCreateRequest{{
			Name:    b.name,
			Action:  loadbalancer.IPACLDeny,
			Targets: []loadbalancer.IPACLGroupTarget{{CIDRAddress: b.keepOut.Masked().String()}},
		}},
	}, nil
}

// certificate makes a certificate that nobody has to trust: it is its own
// authority. A real one comes from one, and is renewed by another spec.
func (b *builder) certificate() (*loadbalancer.Certificate, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "shop.example.com"}, DNSNames: []string{"shop.example.com"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, 90), KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	b.Say("Made a certificate for shop.example.com, good until %s.", template.NotAfter.Format(time.DateOnly))
	return &loadbalancer.Certificate{
		Name:        b.name,
		Certificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		PrivateKey:  nhncloud.Secret(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
	}, nil
}
