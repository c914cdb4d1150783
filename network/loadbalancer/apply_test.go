package loadbalancer_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

func words(changes []loadbalancer.Change) []string {
	list := make([]string, len(changes))
	for i, c := range changes {
		list[i] = c.String()
	}
	return list
}

// TestApplyTwice sends nothing the second time.
func TestApplyTwice(t *testing.T) {
	t.Parallel()
	m := newModel()
	l := m.client(t)
	s := wholeSpec(t, "subnet", "10.0.0.4", "10.0.0.5")
	planned, err := l.Plan(t.Context(), s, nil)
	require.NoError(t, err)
	assert.Empty(t, m.sent)
	r, err := l.Apply(t.Context(), s, nil)
	require.NoError(t, err)
	assert.Equal(t, words(planned), words(r.Changes))
	m.sent = nil
	r, err = l.Apply(t.Context(), s, &loadbalancer.ApplyOptions{Prune: true})
	require.NoError(t, err)
	assert.Empty(t, words(r.Changes))
	assert.Empty(t, m.sent)
}

// TestApplyCanceled ends with the context, wherever that ends, and goes on from
// there the next time.
func TestApplyCanceled(t *testing.T) {
	t.Parallel()
	for n := 0; ; n++ {
		l := newGround(t)
		s := cloudSpec(t, l)
		ctx, cancel := context.WithCancel(t.Context())
		made := 0
		r, err := l.Apply(ctx, s, l.progress(func(loadbalancer.Change) {
			if made++; made > n {
				cancel()
			}
		}))
		cancel()
		if made <= n {
			require.NoError(t, err)
			assert.Greater(t, n, 15)
			return
		}
		require.ErrorIs(t, err, context.Canceled)
		assert.Len(t, r.Changes, n+1)
		assert.Nil(t, r.LoadBalancer)
		var failed *loadbalancer.ApplyError
		if errors.As(err, &failed) {
			assert.Equal(t, r.Changes, failed.Changes)
		}
		again, err := l.Apply(t.Context(), s, l.options())
		require.NoError(t, err)
		for _, change := range r.Changes {
			if change.ID != "" && change.Kind != loadbalancer.KindSecret {
				assert.Equal(t, change.ID, again.ID(change.Kind, change.Name), change)
			}
		}
		assert.Empty(t, again.ID(loadbalancer.KindPool, "none"))
	}
}

// TestShared lets two load balancers go by the same group, which stays until the
// last one is gone.
func TestShared(t *testing.T) {
	t.Parallel()
	l := newGround(t)
	one, two := cloudSpec(t, l), cloudSpec(t, l)
	two.Name, two.Listeners = "other", two.Listeners[1:]
	two.Listeners[0].PoolName = "images"
	options := l.pruning()
	for _, s := range []loadbalancer.Spec{one, two} {
		_, err := l.Apply(t.Context(), s, options)
		require.NoError(t, err)
	}
	groups := collected(t, l.IPACLGroups.All(t.Context(), nil))
	require.Len(t, groups, 1)
	assert.Len(t, groups[0].LoadBalancers, 2)
	for _, s := range []loadbalancer.Spec{one, two} {
		r, err := l.Apply(t.Context(), s, options)
		require.NoError(t, err)
		assert.Empty(t, r.Changes)
	}
	_, err := l.DeleteAll(t.Context(), one, options)
	require.NoError(t, err)
	assert.Len(t, collected(t, l.IPACLGroups.All(t.Context(), nil)), 1)
	r, err := l.Apply(t.Context(), two, options)
	require.NoError(t, err)
	assert.Empty(t, r.Changes)
	_, err = l.DeleteAll(t.Context(), two, options)
	require.NoError(t, err)
	assert.Empty(t, inventoryOf(t, l.Client))
}

// TestBroken has a load balancer that the service gave up. It takes no change,
// but can be taken down.
func TestBroken(t *testing.T) {
	t.Parallel()
	m := newModel()
	l := m.client(t)
	s := wholeSpec(t, "subnet", "10.0.0.4")
	_, err := l.Apply(t.Context(), s, nil)
	require.NoError(t, err)
	m.stays = "ERROR"
	_, err = l.Apply(t.Context(), s, nil)
	require.ErrorIs(t, err, nhncloud.ErrFailedState)
	_, err = l.DeleteAll(t.Context(), s, &loadbalancer.ApplyOptions{IPACLGroups: true})
	require.NoError(t, err)
	assert.Empty(t, inventoryOf(t, l))
}

// TestBeingDeleted waits until a load balancer of the name is gone.
func TestBeingDeleted(t *testing.T) {
	t.Parallel()
	m := newModel()
	l := m.client(t)
	s := loadbalancer.Spec{Name: "shop", VIPSubnetID: "subnet"}
	first, err := l.Apply(t.Context(), s, nil)
	require.NoError(t, err)
	m.stays = "PENDING_DELETE"
	looks := 0
	m.refuse = func(r *http.Request) int {
		if strings.HasSuffix(r.URL.Path, first.LoadBalancer.ID) {
			if looks++; looks == 3 {
				m.remove("loadbalancers", "loadbalancers", first.LoadBalancer.ID)
				m.stays = ""
			}
		}
		return 0
	}
	second, err := l.Apply(t.Context(), s, nil)
	require.NoError(t, err)
	assert.NotEqual(t, first.LoadBalancer.ID, second.LoadBalancer.ID)
}
