package loadbalancer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// ground is a cloud to apply specs to.
type ground struct {
	*apitest.World
	*loadbalancer.Client
	ports []string // that are there before
}

func newGround(t *testing.T) *ground {
	t.Helper()
	w := apitest.NewWorld(t, nhncloudtest.WithEd25519Keys())
	g := &ground{World: w, Client: loadbalancer.New(w.Core)}
	g.ports = g.portIDs()
	return g
}

func (g *ground) portIDs() []string {
	g.T.Helper()
	var ids []string
	for _, port := range collected(g.T, network.New(g.Core).Ports.All(g.T.Context(), nil)) {
		ids = append(ids, port.ID)
	}
	return ids
}

// options lets time pass while it is waited.
func (g *ground) options() *loadbalancer.ApplyOptions {
	return &loadbalancer.ApplyOptions{Wait: g.Waiting(), IPACLGroups: true}
}

// pruning are options that remove what is not wanted.
func (g *ground) pruning() *loadbalancer.ApplyOptions {
	options := g.options()
	options.Prune = true
	return options
}

// progress are options that tell of each change.
func (g *ground) progress(tell func(loadbalancer.Change)) *loadbalancer.ApplyOptions {
	options := g.options()
	options.Progress = tell
	return options
}

// nothingLeft asserts that nothing of any load balancer is there.
func (g *ground) nothingLeft(at string) {
	g.T.Helper()
	require.Empty(g.T, inventoryOf(g.T, g.Client), at)
	require.ElementsMatch(g.T, g.ports, g.portIDs(), at)
}

// changing are the requests that change something.
func (g *ground) changing() int {
	return g.CountRequests(func(r nhncloudtest.RecordedRequest) bool { return r.Method != http.MethodGet })
}

// cloudFaults are the ways in which a request goes wrong, and how clients try
// again.
var cloudFaults = map[string]struct {
	fault nhncloudtest.Fault
	retry nhncloud.RetryPolicy
}{
	"done":              {nhncloudtest.Fault{ResetAfter: true}, nhncloud.NoRetry},
	"done, tried again": {nhncloudtest.Fault{ResetAfter: true}, nhncloud.RetryPolicy{BaseDelay: time.Microsecond}},
	"fails":             {nhncloudtest.Fault{Status: http.StatusInternalServerError}, nhncloud.NoRetry},
}

// everyRequest calls do for each request that there is, with a fault of each kind
// that hits it as soon as it is injected. Where the race detector looks on, it is
// one in seven requests, others for each kind.
func everyRequest(t *testing.T, least int, do func(t *testing.T, ctx context.Context, at string, inject func(g *ground) *nhncloudtest.Injected) (fired bool)) {
	step, first := 1, 0
	if apitest.Race {
		step = 7
	}
	for name, kind := range cloudFaults {
		first++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := nhncloud.ContextWithRetry(t.Context(), kind.retry)
			for n := first % step; ; n += step {
				fired := do(t, ctx, fmt.Sprintf("request %d", n+1), func(g *ground) *nhncloudtest.Injected {
					fault := kind.fault
					fault.Path, fault.After, fault.Times, fault.Optional = "/lbaas/|/v1/(secrets|containers)", n, 1, true
					return g.Inject(fault)
				})
				if !fired {
					assert.Greater(t, n, least)
					return
				}
			}
		})
	}
}

// TestApplyFaults has one request after the other go wrong, once, and applies the
// spec again. What is there then is what an undisturbed run makes, and it goes
// without a trace.
func TestApplyFaults(t *testing.T) {
	t.Parallel()
	undisturbed := newGround(t)
	s := cloudSpec(t, undisturbed)
	_, err := undisturbed.Apply(t.Context(), s, undisturbed.options())
	require.NoError(t, err)
	want := inventoryOf(t, undisturbed.Client)
	everyRequest(t, 20, func(t *testing.T, ctx context.Context, at string, inject func(g *ground) *nhncloudtest.Injected) bool {
		g := newGround(t)
		fault := inject(g)
		_, err := g.Apply(ctx, s, g.options())
		fault.Remove()
		if fault.Fired() == 0 {
			require.NoError(t, err)
			return false
		}
		var failed *loadbalancer.ApplyError
		if errors.As(err, &failed) {
			require.NotEmpty(t, failed.Step.Kind, at)
			require.Contains(t, err.Error(), fmt.Sprintf("%v, after %d changes: nhncloud: loadbalancer-v", failed.Step, len(failed.Changes)))
		}
		r, err := g.Apply(t.Context(), s, g.options())
		require.NoError(t, err, at)
		require.Equal(t, want, inventoryOf(t, g.Client), at)
		g.ResetRequests()
		again, err := g.Apply(t.Context(), s, g.pruning())
		require.NoError(t, err, at)
		require.Empty(t, words(again.Changes), at)
		require.Zero(t, g.changing(), at)
		require.Equal(t, r.Resources, again.Resources, at)
		_, err = g.DeleteAll(t.Context(), s, g.options())
		require.NoError(t, err, at)
		g.nothingLeft(at)
		return true
	})
}

// TestDeleteAllFaults is that for what takes it down.
func TestDeleteAllFaults(t *testing.T) {
	t.Parallel()
	s := cloudSpec(t, newGround(t))
	everyRequest(t, 15, func(t *testing.T, ctx context.Context, at string, inject func(g *ground) *nhncloudtest.Injected) bool {
		g := newGround(t)
		_, err := g.Apply(t.Context(), s, g.options())
		require.NoError(t, err)
		fault := inject(g)
		_, err = g.DeleteAll(ctx, s, g.options())
		fault.Remove()
		if err != nil {
			require.NotZero(t, fault.Fired())
			_, err = g.DeleteAll(t.Context(), s, g.options())
			require.NoError(t, err, at)
		}
		g.nothingLeft(at)
		g.ResetRequests()
		r, err := g.DeleteAll(t.Context(), s, g.options())
		require.NoError(t, err, at)
		require.Empty(t, r.Changes, at)
		require.Zero(t, g.changing(), at)
		return fault.Fired() > 0
	})
}

// cloudSpec is a whole spec in the subnet of a cloud.
func cloudSpec(t *testing.T, g *ground) loadbalancer.Spec {
	t.Helper()
	return wholeSpec(t, g.SubnetID(), "192.168.0.4", "192.168.0.5")
}
