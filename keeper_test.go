package nhncloud_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// 1,000 calls at once make one login: without a token, with one that the
// service has revoked, and with one that has expired there.
func TestTokenStorm(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	client := cloudClient(t, cloud)
	zones := compute.New(client).Zones
	list := func() error {
		_, err := zones.List(t.Context())
		return err
	}
	for i, spoil := range []func(){func() {}, cloud.RevokeTokens, cloud.ExpireTokens} {
		spoil()
		assert.Zero(t, storm(1000, list), "failed calls")
		assert.Equal(t, i+1, cloud.Logins())
	}
}

// gate is a token source whose logins wait until they are let through.
type gate struct {
	calls atomic.Int64
	begun chan struct{}
	open  chan error
	ctx   atomic.Pointer[context.Context]
}

func newGate() *gate { return &gate{begun: make(chan struct{}, 100), open: make(chan error)} }

func (g *gate) Token(ctx context.Context, _ nhncloud.Scope) (*nhncloud.Token, error) {
	n := g.calls.Add(1)
	g.ctx.Store(&ctx)
	g.begun <- struct{}{}
	select {
	case err := <-g.open:
		if err != nil {
			return nil, err
		}
		return &nhncloud.Token{ID: nhncloud.Secret("token-" + string(rune('0'+n)))}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// The caller that began a login goes away; the others get their token.
func TestLoginOutlivesTheCallerWhoBeganIt(t *testing.T) {
	t.Parallel()
	source := newGate()
	client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, answer(200, thingAnswer))
	leader, cancel := context.WithCancel(t.Context())
	leaderErr := make(chan error, 1)
	go func() { leaderErr <- client.Do(leader, getRequest(), nil) }()
	<-source.begun

	followers := make(chan error, 10)
	for range cap(followers) {
		go func() { followers <- client.Do(t.Context(), getRequest(), nil) }()
	}
	cancel()
	require.ErrorIs(t, <-leaderErr, context.Canceled)
	require.NoError(t, (*source.ctx.Load()).Err(), "the login goes on")
	source.open <- nil
	for range cap(followers) {
		require.NoError(t, <-followers)
	}
	assert.EqualValues(t, 1, source.calls.Load())
	assert.Equal(t, 10, sent.count())
}

// A login that fails is reported to all that wait for it, and tried again by
// the next call.
func TestLoginFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := newGate()
		client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, answer(200, thingAnswer))
		refused := errors.New("the vault is sealed")
		results := make(chan error, 10)
		for range cap(results) {
			go func() { results <- client.Do(t.Context(), getRequest(), nil) }()
		}
		synctest.Wait()
		source.open <- refused
		for range cap(results) {
			err := <-results
			require.ErrorIs(t, err, refused)
			assert.Contains(t, err.Error(), "test-get")
		}
		assert.EqualValues(t, 1, source.calls.Load())
		assert.Zero(t, sent.count())

		go func() { results <- client.Do(t.Context(), getRequest(), nil) }()
		synctest.Wait()
		source.open <- nil
		require.NoError(t, <-results)
		assert.EqualValues(t, 2, source.calls.Load())
	})
}

// A token is replaced in the background ahead of its end; calls go on with the
// old one meanwhile, and if the login fails, as long as it lives.
func TestTokenIsReplacedAheadOfItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen []string
		source := &numbered{life: time.Hour}
		client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, tokenSeen(&seen))
		call := func() string {
			require.NoError(t, client.Do(t.Context(), getRequest(), nil))
			synctest.Wait() // for a login in the background
			return seen[len(seen)-1]
		}
		assert.Equal(t, "token-1", call())
		time.Sleep(54 * time.Minute)
		assert.Equal(t, "token-1", call())
		assert.EqualValues(t, 1, source.calls.Load(), "too early for a new one")

		time.Sleep(90 * time.Second)
		assert.Equal(t, "token-1", call(), "the call did not wait for the new one")
		assert.EqualValues(t, 2, source.calls.Load())
		assert.Equal(t, "token-2", call())

		source.fail.Store(true)
		time.Sleep(56 * time.Minute)
		for range 20 {
			assert.Equal(t, "token-2", call())
		}
		assert.EqualValues(t, 3, source.calls.Load(), "a failing login is not tried with every call")
		time.Sleep(11 * time.Second)
		assert.Equal(t, "token-2", call())
		assert.EqualValues(t, 4, source.calls.Load())

		time.Sleep(4 * time.Minute) // its end
		require.Error(t, client.Do(t.Context(), getRequest(), nil))
		source.fail.Store(false)
		assert.Equal(t, "token-6", call())
	})
}

// A caller that stops waiting for a login returns at once.
func TestWaitingForALoginEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := newGate()
		client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, answer(200, thingAnswer))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		require.ErrorIs(t, client.Do(ctx, getRequest(), nil), context.DeadlineExceeded)
		assert.Equal(t, time.Second, time.Since(start))
		source.open <- nil
	})
}

// A login serves all that wait, so the policy of the one call that began it
// does not count.
func TestLoginFollowsThePolicyOfTheClient(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	client := cloudClient(t, cloud, nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond}))
	cloud.Inject(nhncloudtest.Fault{Operation: "identity-v2-create-token", Status: 503, Times: 2})
	_, err := compute.New(client).Zones.List(nhncloud.ContextWithRetry(t.Context(), nhncloud.NoRetry))
	require.NoError(t, err)
	assert.Equal(t, 3, cloud.Count("identity-v2-create-token"))
}
