package interop

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/keymanager/v1/containers"
	"github.com/gophercloud/gophercloud/v2/openstack/keymanager/v1/secrets"
	"github.com/gophercloud/gophercloud/v2/openstack/loadbalancer/v2/l7policies"
	"github.com/gophercloud/gophercloud/v2/openstack/loadbalancer/v2/listeners"
	"github.com/gophercloud/gophercloud/v2/openstack/loadbalancer/v2/loadbalancers"
	"github.com/gophercloud/gophercloud/v2/openstack/loadbalancer/v2/monitors"
	"github.com/gophercloud/gophercloud/v2/openstack/loadbalancer/v2/pools"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/ports"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// balancers is a client for load balancers, which are on the endpoint of the
// network service.
func (c *cloud) balancers() *gophercloud.ServiceClient {
	c.t.Helper()
	sc := c.network()
	sc.ResourceBase = sc.Endpoint + "v2.0/"
	return sc
}

func (c *cloud) keys() *gophercloud.ServiceClient { return c.client(openstack.NewKeyManagerV1) }

func TestLoadBalancers(t *testing.T) {
	c := newCloud(t)
	ctx, lb := t.Context(), c.balancers()
	made, err := loadbalancers.Create(ctx, lb, loadbalancers.CreateOpts{Name: "web", VipSubnetID: c.SubnetID()}).Extract()
	require.NoError(t, err)
	balancer, err := loadbalancers.Get(ctx, lb, made.ID).Extract()
	require.NoError(t, err)
	assert.Equal(t, []string{"ACTIVE", "ONLINE"}, []string{balancer.ProvisioningStatus, balancer.OperatingStatus})
	port, err := ports.Get(ctx, c.network(), balancer.VipPortID).Extract()
	require.NoError(t, err)
	assert.Equal(t, balancer.VipAddress, port.FixedIPs[0].IPAddress)

	limit := 100
	listener, err := listeners.Create(ctx, lb, listeners.CreateOpts{LoadbalancerID: made.ID, Protocol: listeners.ProtocolHTTP, ProtocolPort: 80, ConnLimit: &limit}).Extract()
	require.NoError(t, err)
	assert.Equal(t, []listeners.LoadBalancerID{{ID: made.ID}}, listener.Loadbalancers)
	pool, err := pools.Create(ctx, lb, pools.CreateOpts{
		ListenerID: listener.ID, LBMethod: pools.LBMethodRoundRobin, Protocol: pools.ProtocolHTTP, Persistence: &pools.SessionPersistence{Type: "SOURCE_IP"},
	}).Extract()
	require.NoError(t, err)
	assert.Equal(t, "SOURCE_IP", pool.Persistence.Type)
	pool, err = pools.Update(ctx, lb, pool.ID, pools.UpdateOpts{Persistence: &pools.SessionPersistence{}}).Extract()
	require.NoError(t, err)
	assert.Empty(t, pool.Persistence.Type)
	weight := 5
	member, err := pools.CreateMember(ctx, lb, pool.ID, pools.CreateMemberOpts{
		SubnetID: c.SubnetID(), Address: balancer.VipAddress, ProtocolPort: 80, Weight: &weight,
	}).Extract()
	require.NoError(t, err)
	monitor, err := monitors.Create(ctx, lb, monitors.CreateOpts{PoolID: pool.ID, Type: "HTTP", Delay: 5, Timeout: 3, MaxRetries: 2, URLPath: "/up"}).Extract()
	require.NoError(t, err)
	monitor, err = monitors.Update(ctx, lb, monitor.ID, monitors.UpdateOpts{Delay: 10}).Extract()
	require.NoError(t, err)
	assert.Equal(t, 10, monitor.Delay)
	weight = 0
	member, err = pools.UpdateMember(ctx, lb, pool.ID, member.ID, pools.UpdateMemberOpts{Weight: &weight}).Extract()
	require.NoError(t, err)
	assert.Zero(t, member.Weight)
	pages, err := pools.ListMembers(lb, pool.ID, pools.ListMembersOpts{Address: balancer.VipAddress}).AllPages(ctx)
	require.NoError(t, err)
	members, err := pools.ExtractMembers(pages)
	require.NoError(t, err)
	require.Len(t, members, 1)
	assert.Equal(t, "ACTIVE", members[0].OperatingStatus)

	err = loadbalancers.Delete(ctx, lb, made.ID, nil).ExtractErr()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusBadRequest), err)
	require.NoError(t, monitors.Delete(ctx, lb, monitor.ID).ExtractErr())
	require.NoError(t, pools.DeleteMember(ctx, lb, pool.ID, member.ID).ExtractErr())
	require.NoError(t, loadbalancers.Delete(ctx, lb, made.ID, loadbalancers.DeleteOpts{Cascade: true}).ExtractErr())
	_, err = loadbalancers.Get(ctx, lb, made.ID).Extract()
	gone(t, err)
	_, err = listeners.Get(ctx, lb, listener.ID).Extract()
	gone(t, err)
}

func TestLoadBalancerPages(t *testing.T) {
	c := newCloud(t)
	ctx, lb := t.Context(), c.balancers()
	for range 5 {
		_, err := loadbalancers.Create(ctx, lb, loadbalancers.CreateOpts{VipSubnetID: c.SubnetID()}).Extract()
		require.NoError(t, err)
	}
	pages, err := loadbalancers.List(lb, loadbalancers.ListOpts{Limit: 2, SortKey: "id"}).AllPages(ctx)
	require.NoError(t, err)
	list, err := loadbalancers.ExtractLoadBalancers(pages)
	require.NoError(t, err)
	assert.Len(t, list, 5)
}

// TestPendingLoadBalancer finds a tree that is being changed closed to others.
func TestPendingLoadBalancer(t *testing.T) {
	c := newCloud(t, nhncloudtest.WithTransition(time.Hour))
	ctx, lb := t.Context(), c.balancers()
	made, err := loadbalancers.Create(ctx, lb, loadbalancers.CreateOpts{VipSubnetID: c.SubnetID()}).Extract()
	require.NoError(t, err)
	assert.Equal(t, "PENDING_CREATE", made.ProvisioningStatus)
	create := listeners.CreateOpts{LoadbalancerID: made.ID, Protocol: listeners.ProtocolTCP, ProtocolPort: 80}
	_, err = listeners.Create(ctx, lb, create).Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusConflict), err)
	c.Advance(time.Hour)
	_, err = listeners.Create(ctx, lb, create).Extract()
	require.NoError(t, err)
}

func TestL7Policies(t *testing.T) {
	c := newCloud(t)
	ctx, lb := t.Context(), c.balancers()
	balancer, err := loadbalancers.Create(ctx, lb, loadbalancers.CreateOpts{VipSubnetID: c.SubnetID()}).Extract()
	require.NoError(t, err)
	listener, err := listeners.Create(ctx, lb, listeners.CreateOpts{LoadbalancerID: balancer.ID, Protocol: listeners.ProtocolHTTP, ProtocolPort: 80}).Extract()
	require.NoError(t, err)
	policy, err := l7policies.Create(ctx, lb, l7policies.CreateOpts{
		ListenerID: listener.ID, Action: l7policies.ActionRedirectToURL, RedirectURL: "https://example.com/", RedirectHttpCode: 301,
	}).Extract()
	require.NoError(t, err)
	assert.EqualValues(t, 1, policy.Position)
	assert.EqualValues(t, 301, policy.RedirectHttpCode)
	rule, err := l7policies.CreateRule(ctx, lb, policy.ID, l7policies.CreateRuleOpts{
		RuleType: l7policies.TypePath, CompareType: l7policies.CompareTypeStartWith, Value: "/a", Invert: true,
	}).Extract()
	require.NoError(t, err)
	rule, err = l7policies.UpdateRule(ctx, lb, policy.ID, rule.ID, l7policies.UpdateRuleOpts{Value: "/b"}).Extract()
	require.NoError(t, err)
	assert.Equal(t, "/b", rule.Value)
	policy, err = l7policies.Update(ctx, lb, policy.ID, l7policies.UpdateOpts{Action: l7policies.ActionReject}).Extract()
	require.NoError(t, err)
	assert.Empty(t, policy.RedirectURL)
	require.NoError(t, l7policies.DeleteRule(ctx, lb, policy.ID, rule.ID).ExtractErr())
	require.NoError(t, l7policies.Delete(ctx, lb, policy.ID).ExtractErr())
	_, err = l7policies.Get(ctx, lb, policy.ID).Extract()
	gone(t, err)
}

// certificate makes one for a name, with its key, in PEM.
func certificate(t *testing.T, name string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(t, err)
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	inPEM := func(kind string, data []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}))
	}
	return inPEM("CERTIFICATE", der), inPEM("PRIVATE KEY", encoded)
}

func TestSecretsAndContainers(t *testing.T) {
	c := newCloud(t)
	ctx, keys, lb := t.Context(), c.keys(), c.balancers()
	certificate, key := certificate(t, "example.com")
	expiration := time.Now().Add(time.Hour)
	cert, err := secrets.Create(ctx, keys, secrets.CreateOpts{
		Name: "certificate", Payload: certificate, PayloadContentType: "text/plain", SecretType: secrets.CertificateSecret, Expiration: &expiration,
	}).Extract()
	require.NoError(t, err)
	private, err := secrets.Create(ctx, keys, secrets.CreateOpts{Name: "key", SecretType: secrets.PrivateSecret}).Extract()
	require.NoError(t, err)
	id := private.SecretRef[len(private.SecretRef)-36:]
	require.NoError(t, secrets.Update(ctx, keys, id, secrets.UpdateOpts{ContentType: "text/plain", Payload: key}).ExtractErr())
	payload, err := secrets.GetPayload(ctx, keys, id, secrets.GetPayloadOpts{PayloadContentType: "text/plain"}).Extract()
	require.NoError(t, err)
	assert.Equal(t, key, string(payload))
	got, err := secrets.Get(ctx, keys, id).Extract()
	require.NoError(t, err)
	assert.Equal(t, "private", got.SecretType)
	pages, err := secrets.List(keys, secrets.ListOpts{Limit: 1}).AllPages(ctx)
	require.NoError(t, err)
	all, err := secrets.ExtractSecrets(pages)
	require.NoError(t, err)
	assert.Len(t, all, 2)

	made, err := containers.Create(ctx, keys, containers.CreateOpts{Type: containers.CertificateContainer, Name: "tls", SecretRefs: []containers.SecretRef{
		{Name: "certificate", SecretRef: cert.SecretRef}, {Name: "private_key", SecretRef: private.SecretRef},
	}}).Extract()
	require.NoError(t, err)
	balancer, err := loadbalancers.Create(ctx, lb, loadbalancers.CreateOpts{VipSubnetID: c.SubnetID()}).Extract()
	require.NoError(t, err)
	listener, err := listeners.Create(ctx, lb, listeners.CreateOpts{
		LoadbalancerID: balancer.ID, Protocol: listeners.ProtocolTerminatedHTTPS, ProtocolPort: 443, DefaultTlsContainerRef: made.ContainerRef,
	}).Extract()
	require.NoError(t, err)
	assert.Equal(t, made.ContainerRef, listener.DefaultTlsContainerRef)
	containerID := made.ContainerRef[len(made.ContainerRef)-36:]
	tls, err := containers.Get(ctx, keys, containerID).Extract()
	require.NoError(t, err)
	require.Len(t, tls.Consumers, 1)
	assert.Contains(t, tls.Consumers[0].URL, balancer.ID)
	require.NoError(t, listeners.Delete(ctx, lb, listener.ID).ExtractErr())
	tls, err = containers.Get(ctx, keys, containerID).Extract()
	require.NoError(t, err)
	assert.Empty(t, tls.Consumers)
	require.NoError(t, containers.Delete(ctx, keys, containerID).ExtractErr())
	require.NoError(t, secrets.Delete(ctx, keys, id).ExtractErr())
	_, err = secrets.Get(ctx, keys, id).Extract()
	gone(t, err)
}
