package apitest_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	blockstoragev1 "github.com/nhncloud-go/nhncloud/blockstorage/v1"
	"github.com/nhncloud-go/nhncloud/compute"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/keypair"
	keypairv1 "github.com/nhncloud-go/nhncloud/keypair/v1"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID5rpUkcwA2F+iWwVhe4FrBF/SMJ7vvetm2fB9ivuY5G me@example.com"

// made is a cloud in which something is made.
type made struct {
	t      *testing.T
	cloud  *nhncloudtest.Server
	client *nhncloud.Client // whose first POST is done, and answered with 429
	honest *nhncloud.Client
}

func newMade(t *testing.T) *made {
	t.Helper()
	m := &made{t: t}
	m.cloud, m.honest = apitest.NewCloud(t, nhncloudtest.WithTransition(0))
	_, err := keypair.New(m.honest).KeyPairs.Create(t.Context(), "deploy")
	require.NoError(t, err)
	m.client, err = m.honest.With(nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}), nhncloud.WithMiddleware(deny()))
	require.NoError(t, err)
	return m
}

// deny turns the good answer to the first POST into a refusal.
func deny() nhncloud.Middleware {
	var once sync.Once
	return func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err == nil && r.Method == http.MethodPost && resp.StatusCode < 300 && r.Header.Get("X-Auth-Token") != "" {
				once.Do(func() {
					_, _ = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
					resp.StatusCode, resp.Status, resp.Body, resp.ContentLength = http.StatusTooManyRequests, "429 Too Many Requests", http.NoBody, 0
				})
			}
			return resp, err
		})
	}
}

// count is how many of the elements are wanted.
func count[T any](t *testing.T, items []*T, err error, wanted func(*T) bool) int {
	t.Helper()
	require.NoError(t, err)
	n := 0
	for _, item := range items {
		if wanted(item) {
			n++
		}
	}
	return n
}

func (m *made) server() string { return m.cloud.AddServers(1)[0] }

func (m *made) volume() string {
	m.t.Helper()
	volume, err := blockstoragev1.New(m.honest).Volumes.Create(m.t.Context(), blockstoragev1.VolumeCreateRequest{Name: "v", AvailabilityZone: "kr-pub-a", Size: 10})
	require.NoError(m.t, err)
	return volume.ID
}

func (m *made) group() string {
	m.t.Helper()
	group, err := networkv1.New(m.honest).SecurityGroups.Create(m.t.Context(), networkv1.SecurityGroupCreateRequest{Name: "rules"})
	require.NoError(m.t, err)
	return group.ID
}

// repeated is a call that is repeated after a 429.
type repeated struct {
	create func(ctx context.Context, m *made) error
	again  error // that the second call ends with
	seen   int   // of what was to be made once
	see    func(ctx context.Context, m *made) int
}

// TestActedAllTheSame holds the documentation of what is repeated after a 429 to
// what it says a caller can see when the service had acted.
func TestActedAllTheSame(t *testing.T) {
	t.Parallel()
	actAllTheSame(t, map[string]repeated{
		"compute Servers.Create": {func(ctx context.Context, m *made) error {
			request, err := compute.SimpleServer{
				Name: "web", ImageID: m.cloud.ImageID("Ubuntu"), FlavorID: m.cloud.FlavorID("u2.c1m1"), SubnetID: m.cloud.SubnetID(), KeyName: "deploy",
			}.Request(&compute.Flavor{ID: m.cloud.FlavorID("u2.c1m1"), Disk: 20})
			require.NoError(m.t, err)
			request.Metadata = map[string]string{"call": "17"}
			_, err = compute.New(m.client).Servers.Create(ctx, request)
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			servers, err := compute.New(m.honest).Servers.List(ctx, &compute.ServerListOptions{Name: "^web$"})
			return count(m.t, servers, err, func(s *compute.Server) bool { return s.Metadata["call"] == "17" })
		}},
		"compute ServerGroups.Create": {func(ctx context.Context, m *made) error {
			_, err := compute.New(m.client).ServerGroups.Create(ctx, compute.ServerGroupCreateRequest{Name: "db"})
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			groups, err := compute.New(m.honest).ServerGroups.List(ctx)
			return count(m.t, groups, err, func(g *compute.ServerGroup) bool { return g.Name == "db" })
		}},
		"compute/v1 Instances.Create": {func(ctx context.Context, m *made) error {
			_, err := computev1.New(m.client).Instances.Create(ctx, computev1.InstanceCreateRequest{
				Name: "web", ImageID: m.cloud.ImageID("Ubuntu"), FlavorID: m.cloud.FlavorID("u2.c1m1"), Networks: []computev1.InstanceNetwork{{SubnetID: m.cloud.SubnetID()}},
				AvailabilityZone: "kr-pub-a", KeyName: "deploy", SecurityGroups: []string{"default"},
			})
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			instances, err := computev1.New(m.honest).Instances.ListSummaries(ctx)
			return count(m.t, instances, err, func(i *computev1.InstanceSummary) bool { return i.Name == "web" })
		}},
		"keypair Create": {func(ctx context.Context, m *made) error {
			_, err := keypair.New(m.client).KeyPairs.Create(ctx, "once")
			return err
		}, nhncloud.ErrConflict, 1, func(ctx context.Context, m *made) int {
			pairs, err := keypair.New(m.honest).KeyPairs.List(ctx)
			return count(m.t, pairs, err, func(k *keypair.KeyPair) bool { return k.Name == "once" })
		}},
		"keypair/v1 Import": {func(ctx context.Context, m *made) error {
			_, err := keypairv1.New(m.client).KeyPairs.Import(ctx, "once", publicKey)
			return err
		}, nhncloud.ErrConflict, 1, func(ctx context.Context, m *made) int {
			pair, err := keypairv1.New(m.honest).KeyPairs.Get(ctx, "once")
			return count(m.t, []*keypairv1.KeyPair{pair}, err, func(k *keypairv1.KeyPair) bool { return k.PublicKey == publicKey })
		}},
		"network/v1 SecurityGroups.Create": {func(ctx context.Context, m *made) error {
			_, err := networkv1.New(m.client).SecurityGroups.Create(ctx, networkv1.SecurityGroupCreateRequest{Name: "shop"})
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			groups, err := networkv1.New(m.honest).SecurityGroups.List(ctx)
			return count(m.t, groups, err, func(g *networkv1.SecurityGroup) bool { return g.Name == "shop" })
		}},
		"network/v1 SecurityGroupRules.Create": {func(ctx context.Context, m *made) error {
			_, err := networkv1.New(m.client).SecurityGroupRules.Create(ctx, networkv1.SecurityGroupRuleCreateRequest{
				SecurityGroupID: m.group(), Direction: networkv1.DirectionIngress, Ethertype: networkv1.EthertypeIPv4, Protocol: networkv1.ProtocolTCP,
				PortRangeMin: new(443), PortRangeMax: new(443), RemoteIPPrefix: "0.0.0.0/0",
			})
			return err
		}, nhncloud.ErrConflict, 1, func(ctx context.Context, m *made) int {
			groups, err := networkv1.New(m.honest).SecurityGroups.List(ctx)
			return count(m.t, groups, err, func(g *networkv1.SecurityGroup) bool {
				return g.Name == "rules" && len(g.SecurityGroupRules) > 0 && *g.SecurityGroupRules[len(g.SecurityGroupRules)-1].PortRangeMin == 443
			})
		}},
		"network/v1 FloatingIPs.Create": {func(ctx context.Context, m *made) error {
			pools, err := networkv1.New(m.honest).FloatingIPPools.List(ctx)
			require.NoError(m.t, err)
			_, err = networkv1.New(m.client).FloatingIPs.Create(ctx, pools[0].ID)
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			ips, err := networkv1.New(m.honest).FloatingIPs.List(ctx)
			return count(m.t, ips, err, func(f *networkv1.FloatingIP) bool { return f.Status == networkv1.FloatingIPDown })
		}},
		"blockstorage/v1 Volumes.Create": {func(ctx context.Context, m *made) error {
			_, err := blockstoragev1.New(m.client).Volumes.Create(ctx, blockstoragev1.VolumeCreateRequest{
				Name: "data", AvailabilityZone: "kr-pub-a", Size: 10, Metadata: map[string]string{"call": "17"},
			})
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			volumes, err := blockstoragev1.New(m.honest).Volumes.List(ctx)
			return count(m.t, volumes, err, func(v *blockstoragev1.Volume) bool { return v.Name == "data" && v.Metadata["call"] == "17" })
		}},
		"compute VolumeAttachments.Attach": {func(ctx context.Context, m *made) error {
			_, err := compute.New(m.client).VolumeAttachments.Attach(ctx, m.server(), m.volume())
			return err
		}, nhncloud.ErrConflict, 1, func(ctx context.Context, m *made) int {
			volumes, err := blockstoragev1.New(m.honest).Volumes.List(ctx)
			return count(m.t, volumes, err, func(v *blockstoragev1.Volume) bool { return len(v.Attachments) == 1 })
		}},
		"compute/v1 Instances.AttachVolume": {func(ctx context.Context, m *made) error {
			_, err := computev1.New(m.client).Instances.AttachVolume(ctx, m.server(), m.volume())
			return err
		}, nhncloud.ErrConflict, 1, func(ctx context.Context, m *made) int {
			instances, err := computev1.New(m.honest).Instances.List(ctx)
			return count(m.t, instances, err, func(i *computev1.Instance) bool { return len(i.Volumes.Attachments) == 1 })
		}},
	})
}

func actAllTheSame(t *testing.T, calls map[string]repeated) {
	t.Helper()
	for name, test := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMade(t)
			assert.ErrorIs(t, test.create(t.Context(), m), test.again)
			assert.Equal(t, test.seen, test.see(t.Context(), m))
		})
		t.Run(name+", repetition forbidden", func(t *testing.T) {
			t.Parallel()
			m := newMade(t)
			assert.ErrorIs(t, test.create(nhncloud.ContextWithRetry(t.Context(), nhncloud.NoRetry), m), nhncloud.ErrRateLimited)
			assert.Equal(t, 1, test.see(t.Context(), m))
		})
	}
}
