package loadbalancer_test

import (
	"context"
	"errors"
	"fmt"
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

// trouble is a way in which a request goes wrong.
type trouble struct {
	lost   bool // it is done all the same
	status int  // of the answer; 0 for none
	slow   bool // the model is slow, and the client tries again
}

var troubles = map[string]trouble{
	"broken": {false, 0, false}, "lost": {true, 0, false}, "500": {false, 500, false}, "500 and done": {true, 500, false}, "503": {false, 503, false},
	"lost, slow": {true, 0, true}, "500 and done, slow": {true, 500, true}, "503, slow": {false, 503, true},
}

// model returns one for the trouble.
func (tr trouble) model() *model {
	if tr.slow {
		return newSlowModel()
	}
	return newModel()
}

// arm has a request of the model go wrong, counted from now on.
func (tr trouble) arm(m *model, n int) {
	m.asked, m.broken, m.lost, m.status = 0, n, tr.lost, tr.status
}

// TestApplyFaults has one request after the other go wrong, once, and applies the
// spec again. What is there then is what an undisturbed run makes.
func TestApplyFaults(t *testing.T) {
	t.Parallel()
	s := wholeSpec(t, "subnet", "10.0.0.4", "10.0.0.5")
	undisturbed := newModel()
	_, err := undisturbed.client(t).Apply(t.Context(), s, nil)
	require.NoError(t, err)
	want := inventoryOf(t, undisturbed.client(t))
	for name, trouble := range troubles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := 1; ; n++ {
				m := trouble.model()
				trouble.arm(m, n)
				l := m.client(t)
				_, err := l.Apply(t.Context(), s, nil)
				at := fmt.Sprintf("request %d", n)
				if m.asked < n {
					require.NoError(t, err)
					assert.Greater(t, n, 40)
					break
				}
				var failed *loadbalancer.ApplyError
				if errors.As(err, &failed) {
					assert.NotEmpty(t, failed.Step.Kind, at)
					assert.Contains(t, err.Error(), fmt.Sprintf("%v, after %d changes: nhncloud: ", failed.Step, len(failed.Changes)))
				}
				r, err := l.Apply(t.Context(), s, nil)
				require.NoError(t, err, at)
				require.NotNil(t, r.LoadBalancer)
				require.Equal(t, want, inventoryOf(t, l), at)
				m.sent = nil
				_, err = l.Apply(t.Context(), s, &loadbalancer.ApplyOptions{Prune: true})
				require.NoError(t, err, at)
				require.Empty(t, m.sent, at)
			}
		})
	}
}

// TestDeleteAllFaults is that for what takes it all down.
func TestDeleteAllFaults(t *testing.T) {
	t.Parallel()
	s := wholeSpec(t, "subnet", "10.0.0.4", "10.0.0.5")
	options := &loadbalancer.ApplyOptions{IPACLGroups: true}
	for name, trouble := range troubles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := 1; ; n++ {
				m := trouble.model()
				l := m.client(t)
				_, err := l.Apply(t.Context(), s, nil)
				require.NoError(t, err)
				trouble.arm(m, n)
				_, err = l.DeleteAll(t.Context(), s, options)
				at := fmt.Sprintf("request %d", n)
				if m.asked < n {
					require.NoError(t, err)
					assert.Greater(t, n, 25)
					break
				}
				if err != nil {
					_, err = l.DeleteAll(t.Context(), s, options)
					require.NoError(t, err, at)
				}
				require.Empty(t, inventoryOf(t, l), at)
				r, err := l.DeleteAll(t.Context(), s, options)
				require.NoError(t, err, at)
				require.Empty(t, r.Changes, at)
			}
		})
	}
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
	s := wholeSpec(t, "subnet", "10.0.0.4")
	for n := 0; ; n++ {
		l := newSlowModel().client(t)
		ctx, cancel := context.WithCancel(t.Context())
		made := 0
		r, err := l.Apply(ctx, s, &loadbalancer.ApplyOptions{Progress: func(loadbalancer.Change) {
			if made++; made > n {
				cancel()
			}
		}})
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
		again, err := l.Apply(t.Context(), s, nil)
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
	l := newModel().client(t)
	one := wholeSpec(t, "subnet", "10.0.0.4")
	two := wholeSpec(t, "subnet", "10.0.0.5")
	two.Name, two.Listeners = "other", two.Listeners[1:]
	two.Listeners[0].PoolName = "images"
	options := &loadbalancer.ApplyOptions{Prune: true, IPACLGroups: true}
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
	assert.Empty(t, inventoryOf(t, l))
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
