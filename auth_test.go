package nhncloud_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// cloudClient returns a client of the in-memory cloud.
func cloudClient(t *testing.T, cloud *nhncloudtest.Server, options ...nhncloud.Option) *nhncloud.Client {
	t.Helper()
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	require.NoError(t, err)
	client, err := nhncloud.NewClient(config, append([]nhncloud.Option{nhncloud.WithMiddleware(apitest.Record)}, options...)...)
	require.NoError(t, err)
	return client
}

// storm makes n calls at once and returns how many failed.
func storm(n int, call func() error) int {
	var start, done sync.WaitGroup
	var failed atomic.Int64
	start.Add(1)
	for range n {
		done.Go(func() {
			start.Wait()
			if call() != nil {
				failed.Add(1)
			}
		})
	}
	start.Done()
	done.Wait()
	return int(failed.Load())
}

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

// A login that hangs is given up after a minute.
func TestLoginHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := newGate()
		client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, answer(200, thingAnswer))
		start := time.Now()
		require.ErrorIs(t, client.Do(t.Context(), getRequest(), nil), context.DeadlineExceeded)
		assert.Equal(t, time.Minute, time.Since(start))
	})
}

// numbered issues token-1, token-2, …, each of which lives for life.
type numbered struct {
	life  time.Duration
	calls atomic.Int64
	fail  atomic.Bool
}

func (s *numbered) Token(context.Context, nhncloud.Scope) (*nhncloud.Token, error) {
	n := s.calls.Add(1)
	if s.fail.Load() {
		return nil, errors.New("login is down")
	}
	t := &nhncloud.Token{ID: nhncloud.Secret("token-" + string(rune('0'+n)))}
	if s.life > 0 {
		t.ExpiresAt = time.Now().Add(s.life)
	}
	return t, nil
}

// tokenSeen is a step that answers and notes the token.
func tokenSeen(seen *[]string) step {
	return func(r *http.Request) (*http.Response, error) {
		*seen = append(*seen, r.Header.Get("X-Auth-Token"))
		return answer(200, thingAnswer)(r)
	}
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

// The clocks of the service and of this machine need not agree: the life of a
// token counts from its arrival.
func TestTokenOfAServiceWithAnotherClock(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]time.Time{
		"years behind": time.Date(2020, 4, 29, 3, 32, 28, 0, time.UTC),
		"years ahead":  time.Date(2099, 4, 29, 3, 32, 28, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := nhncloudtest.Start(t, nhncloudtest.WithManualClock(start))
			client := cloudClient(t, cloud)
			for range 3 {
				_, err := compute.New(client).Zones.List(t.Context())
				require.NoError(t, err)
			}
			assert.Equal(t, 1, cloud.Logins())
			cloud.Advance(13 * time.Hour)
			_, err := compute.New(client).Zones.List(t.Context())
			require.NoError(t, err, "the service refuses the token, and the client logs in again")
			assert.Equal(t, 2, cloud.Logins())
		})
	}
}

// A 401 in the middle of things: one new login, the same request again.
func TestTokenRefused(t *testing.T) {
	t.Parallel()
	unauthorized := answer(401, `{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}`)

	t.Run("once", func(t *testing.T) {
		t.Parallel()
		for _, request := range []nhncloud.Request{getRequest(), createRequest(), actionRequest()} {
			var seen []string
			client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(&numbered{}), nhncloud.WithRetry(nhncloud.NoRetry)},
				unauthorized, tokenSeen(&seen))
			require.NoError(t, client.Do(t.Context(), request, new(thing)))
			assert.Equal(t, []string{"token-2"}, seen)
			assert.Equal(t, 2, sent.count())
			assert.Equal(t, sent.sent[0], sent.sent[1])
		}
	})
	t.Run("again", func(t *testing.T) {
		t.Parallel()
		source := &numbered{}
		client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, unauthorized)
		err := client.Do(t.Context(), getRequest(), nil)
		require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
		assert.Equal(t, 2, sent.count(), "one new login is enough")
		assert.EqualValues(t, 2, source.calls.Load())
	})
	t.Run("static token", func(t *testing.T) {
		t.Parallel()
		client, sent := scriptClient(t, nil, unauthorized)
		err := client.Do(t.Context(), getRequest(), nil)
		require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
		assert.Contains(t, err.Error(), "refused token again")
		assert.Equal(t, 1, sent.count())
	})
	t.Run("login fails", func(t *testing.T) {
		t.Parallel()
		source := &numbered{}
		client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, func(r *http.Request) (*http.Response, error) {
			source.fail.Store(true)
			return unauthorized(r)
		})
		err := client.Do(t.Context(), getRequest(), nil)
		require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
		assert.Contains(t, err.Error(), "login is down")
		assert.Contains(t, err.Error(), "test-get")
		assert.Equal(t, 1, sent.count())
	})
	t.Run("body read once", func(t *testing.T) {
		t.Parallel()
		client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(&numbered{})}, unauthorized)
		request := createRequest()
		request.Body = nhncloud.NewBodyReader("text/plain", -1, http.NoBody)
		require.ErrorIs(t, client.Do(t.Context(), request, nil), nhncloud.ErrUnauthorized)
		assert.Equal(t, 1, sent.count())
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

// What a caller captures is about its call, not about the login before it.
func TestCaptureResponse(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	client := cloudClient(t, cloud)
	var outer, inner nhncloud.Response
	ctx := nhncloud.CaptureResponse(nhncloud.CaptureResponse(t.Context(), &outer), &inner)
	_, err := compute.New(client).Servers.Get(ctx, "nope")
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	assert.Equal(t, 1, cloud.Logins())
	for _, r := range []nhncloud.Response{outer, inner} {
		assert.Equal(t, 404, r.StatusCode)
		assert.Equal(t, 1, r.Attempts)
		assert.NotEmpty(t, r.RequestID)
		assert.Equal(t, r.RequestID, r.Header.Get("X-Openstack-Request-Id"))
		assert.Positive(t, r.Duration)
	}
}

// Bad tokens of a source never reach the wire.
func TestTokenSourceReturnsNonsense(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]*nhncloud.Token{
		"nil": nil, "empty": {}, "header injection": {ID: "abc\r\nX-Evil: 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(sourceFunc(func() *nhncloud.Token { return token }))}, answer(200, ""))
			err := client.Do(t.Context(), getRequest(), nil)
			require.Error(t, err)
			assert.NotContains(t, err.Error(), "Evil")
			assert.Zero(t, sent.count())
		})
	}
}

type sourceFunc func() *nhncloud.Token

func (f sourceFunc) Token(context.Context, nhncloud.Scope) (*nhncloud.Token, error) { return f(), nil }

// The scopes have tokens of their own, and clients of several regions share one.
func TestTokensByScope(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t, nhncloudtest.WithRegions("KR1", "KR2"))
	client := cloudClient(t, cloud)
	v2, err := client.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, cloud.TenantID, v2.TenantID)
	assert.NotEmpty(t, v2.UserID)
	assert.NotEmpty(t, v2.Roles)
	assert.True(t, v2.ExpiresAt.After(v2.IssuedAt))
	again, err := client.Token(t.Context())
	require.NoError(t, err)
	assert.Same(t, v2, again)
	v1, err := client.AppKeyToken(t.Context())
	require.NoError(t, err)
	assert.NotEqual(t, v2.ID, v1.ID)
	assert.Empty(t, v1.Catalog)
	assert.Equal(t, 2, cloud.Logins())

	second, err := client.With(nhncloud.WithRegion(nhncloud.KR2))
	require.NoError(t, err)
	_, err = compute.New(second).Zones.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 2, cloud.Logins())

	looked, err := client.GetAppKeyToken(t.Context(), v1.ID)
	require.NoError(t, err)
	assert.Equal(t, v1.ID, looked.ID)
	assert.Equal(t, v1.ExpiresAt.Unix(), looked.ExpiresAt.Unix())
	_, err = client.GetAppKeyToken(t.Context(), "unknown")
	require.Error(t, err)
	_, err = client.GetAppKeyToken(t.Context(), "")
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	_, err = client.IssueToken(t.Context(), "")
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)

	alone := staticClient(t, "https://compute.example.com")
	config := alone.Config()
	config.TenantID, config.AppKey = "tenant", ""
	alone, err = nhncloud.NewClient(config, nhncloud.WithTokenSource(nhncloud.StaticToken("x")))
	require.NoError(t, err)
	_, err = alone.AppKeyToken(t.Context())
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
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
