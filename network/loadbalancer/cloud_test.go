package loadbalancer_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// site is a cloud with a load balancer that is ready.
type site struct {
	*apitest.World
	*loadbalancer.Client
	ctx      context.Context
	balancer *loadbalancer.LoadBalancer
}

func newSite(t *testing.T) *site {
	t.Helper()
	w := apitest.NewWorld(t)
	s := &site{World: w, Client: loadbalancer.New(w.Core), ctx: t.Context()}
	made, err := s.LoadBalancers.Create(s.ctx, loadbalancer.LoadBalancerCreateRequest{Name: "web", VIPSubnetID: s.SubnetID()})
	require.NoError(t, err)
	assert.Equal(t, loadbalancer.ProvisioningPendingCreate, made.ProvisioningStatus)
	assert.Equal(t, loadbalancer.OperatingOffline, made.OperatingStatus)
	s.balancer, err = s.LoadBalancers.WaitForOperatingStatus(s.ctx, made.ID, loadbalancer.OperatingOnline, w.Waiting())
	require.NoError(t, err)
	return s
}

// change makes a change when the load balancer is ready for it.
func change[T any](s *site, change func(ctx context.Context) (T, error)) (made T) {
	s.T.Helper()
	require.NoError(s.T, s.LoadBalancers.WhenReady(s.ctx, s.balancer.ID, s.Waiting(), func(ctx context.Context) (err error) {
		made, err = change(ctx)
		return err
	}))
	return made
}

// remove deletes something when the load balancer is ready for it.
func (s *site) remove(del func(ctx context.Context, id string) error, id string) {
	s.T.Helper()
	change(s, func(ctx context.Context) (any, error) { return nil, del(ctx, id) })
}

func TestLoadBalancerLife(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	listener := change(s, func(ctx context.Context) (*loadbalancer.Listener, error) {
		return s.Listeners.Create(ctx, loadbalancer.ListenerCreateRequest{LoadBalancerID: s.balancer.ID, Protocol: loadbalancer.ProtocolHTTP, ProtocolPort: 80})
	})
	assert.Equal(t, []loadbalancer.Ref{{ID: s.balancer.ID}}, listener.LoadBalancers)
	assert.Equal(t, s.TenantID, listener.TenantID)

	// The tree is being changed, and takes no other change.
	poolRequest := loadbalancer.PoolCreateRequest{
		ListenerID: listener.ID, LBAlgorithm: loadbalancer.AlgorithmRoundRobin, Protocol: loadbalancer.ProtocolHTTP,
	}
	_, err := s.Pools.Create(s.ctx, poolRequest)
	require.ErrorIs(t, err, nhncloud.ErrConflict)
	assert.ErrorContains(t, err, "is immutable and cannot be updated")
	pool := change(s, func(ctx context.Context) (*loadbalancer.Pool, error) { return s.Pools.Create(ctx, poolRequest) })
	listener, err = s.Listeners.Get(s.ctx, listener.ID)
	require.NoError(t, err)
	assert.Equal(t, pool.ID, listener.DefaultPoolID)

	port, err := network.New(s.Core).Ports.Create(s.ctx, network.PortCreateRequest{NetworkID: s.NetworkID()})
	require.NoError(t, err)
	member := change(s, func(ctx context.Context) (*loadbalancer.Member, error) {
		return s.Members.Create(ctx, pool.ID, loadbalancer.MemberCreateRequest{
			SubnetID: s.SubnetID(), Address: port.FixedIPs[0].IPAddress, ProtocolPort: 8080,
		})
	})
	assert.Equal(t, loadbalancer.OperatingInactive, member.OperatingStatus)
	monitor := change(s, func(ctx context.Context) (*loadbalancer.HealthMonitor, error) {
		return s.HealthMonitors.Create(ctx, loadbalancer.HealthMonitorCreateRequest{
			PoolID: pool.ID, Type: loadbalancer.MonitorHTTP, Delay: 5, Timeout: 3, MaxRetries: 2,
		})
	})
	s.balancer, err = s.LoadBalancers.WaitForReady(s.ctx, s.balancer.ID, s.Waiting())
	require.NoError(t, err)
	assert.Equal(t, []loadbalancer.Ref{{ID: listener.ID}}, s.balancer.Listeners)
	assert.Equal(t, []loadbalancer.Ref{{ID: pool.ID}}, s.balancer.Pools)
	member, err = s.Members.Get(s.ctx, pool.ID, member.ID)
	require.NoError(t, err)
	assert.Equal(t, loadbalancer.OperatingOffline, member.OperatingStatus, "no server is on the port")
	pool, err = s.Pools.Get(s.ctx, pool.ID)
	require.NoError(t, err)
	assert.Equal(t, monitor.ID, pool.HealthMonitorID)
	assert.Equal(t, []loadbalancer.Ref{{ID: member.ID}}, pool.Members)

	require.ErrorIs(t, s.LoadBalancers.Delete(s.ctx, s.balancer.ID), nhncloud.ErrInvalidArgument, "it has children")
	s.remove(s.HealthMonitors.Delete, monitor.ID)
	s.remove(func(ctx context.Context, id string) error { return s.Members.Delete(ctx, pool.ID, id) }, member.ID)
	s.remove(s.Pools.Delete, pool.ID)
	s.remove(s.Listeners.Delete, listener.ID)
	s.remove(s.LoadBalancers.Delete, s.balancer.ID)
	require.NoError(t, s.LoadBalancers.WaitForDeletion(s.ctx, s.balancer.ID, s.Waiting()))
	_, err = network.New(s.Core).Ports.Get(s.ctx, s.balancer.VIPPortID)
	require.ErrorIs(t, err, nhncloud.ErrNotFound, "the port goes with the load balancer")
}

// TestHTTPSSite serves HTTPS with a certificate, an error page, an IP ACL and a
// redirect.
func TestHTTPSSite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	end := nextYear().Truncate(time.Second)
	pair := certificate(t, "shop.example.com", end)
	secret := func(name loadbalancer.ContainerSecretName, payload nhncloud.Secret) loadbalancer.ContainerSecret {
		ref, err := s.Secrets.Create(s.ctx, loadbalancer.SecretCreateRequest{
			Name: string(name), Payload: payload, PayloadContentType: loadbalancer.ContentTypeText,
		})
		require.NoError(t, err)
		return loadbalancer.ContainerSecret{Name: name, Ref: ref}
	}
	container, err := s.SecretContainers.Create(s.ctx, loadbalancer.SecretContainerCreateRequest{
		Type: loadbalancer.ContainerCertificate, Secrets: []loadbalancer.ContainerSecret{
			secret(loadbalancer.ContainedCertificate, nhncloud.Secret(pair.Certificate)), secret(loadbalancer.ContainedPrivateKey, pair.PrivateKey),
		},
	})
	require.NoError(t, err)
	listener := change(s, func(ctx context.Context) (*loadbalancer.Listener, error) {
		return s.Listeners.Create(ctx, loadbalancer.ListenerCreateRequest{
			LoadBalancerID: s.balancer.ID, Protocol: loadbalancer.ProtocolTerminatedHTTPS, ProtocolPort: 443, DefaultTLSContainerRef: container,
		})
	})
	assert.True(t, end.Equal(listener.CertExpireDate), listener.CertExpireDate)
	used, err := s.SecretContainers.Get(s.ctx, container.ID())
	require.NoError(t, err)
	assert.Len(t, used.Consumers, 1)
	assert.Equal(t, "shop.example.com", used.CommonName)

	page := change(s, func(ctx context.Context) (*loadbalancer.ErrorPage, error) {
		return s.ErrorPages.Create(ctx, listener.ID, loadbalancer.ErrorPageCreateRequest{Code: 503, ContentType: loadbalancer.ErrorPagePlain, Body: "soon"})
	})
	policy := change(s, func(ctx context.Context) (*loadbalancer.L7Policy, error) {
		return s.L7Policies.Create(ctx, loadbalancer.L7PolicyCreateRequest{ListenerID: listener.ID, Action: loadbalancer.L7Reject})
	})
	rule := change(s, func(ctx context.Context) (*loadbalancer.L7Rule, error) {
		return s.L7Rules.Create(ctx, policy.ID, loadbalancer.L7RuleCreateRequest{Type: loadbalancer.L7Path, CompareType: loadbalancer.L7StartsWith, Value: "/x"})
	})
	assert.False(t, rule.Invert)
	group, err := s.IPACLGroups.Create(s.ctx, loadbalancer.IPACLGroupCreateRequest{
		Action: loadbalancer.IPACLDeny, Targets: []loadbalancer.IPACLGroupTarget{{CIDRAddress: "203.0.113.0/24"}},
	})
	require.NoError(t, err)
	assert.Equal(t, 1, group.TargetCount)
	bound := change(s, func(ctx context.Context) ([]*loadbalancer.IPACLBinding, error) {
		return s.IPACLGroups.Bind(ctx, s.balancer.ID, group.ID)
	})
	assert.Len(t, bound, 1)
	s.balancer, err = s.LoadBalancers.WaitForReady(s.ctx, s.balancer.ID, s.Waiting())
	require.NoError(t, err)
	assert.Equal(t, loadbalancer.IPACLDeny, s.balancer.IPACLGroupAction)

	s.remove(func(ctx context.Context, id string) error { return s.ErrorPages.Delete(ctx, listener.ID, id) }, page.ID)
	s.remove(s.L7Policies.Delete, policy.ID)
	s.remove(s.Listeners.Delete, listener.ID)
	require.NoError(t, s.IPACLGroups.Delete(s.ctx, group.ID))
	s.remove(s.LoadBalancers.Delete, s.balancer.ID)
	require.NoError(t, s.LoadBalancers.WaitForDeletion(s.ctx, s.balancer.ID, s.Waiting()))
	require.NoError(t, s.SecretContainers.Delete(s.ctx, container.ID()))
}
