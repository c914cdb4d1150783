package nhncloud_test

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// tokenFunc is a source that calls the function with the number of the login.
type tokenFunc struct {
	logins atomic.Int64
	token  func(ctx context.Context, login int64) (*nhncloud.Token, error)
}

func (s *tokenFunc) Token(ctx context.Context, _ nhncloud.Scope) (*nhncloud.Token, error) {
	return s.token(ctx, s.logins.Add(1))
}

func hang(ctx context.Context, _ int64) (*nhncloud.Token, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// A login that hangs is given up, which the caller learns as what it is.
func TestLoginHangs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options []nhncloud.Option
		want    time.Duration
	}{
		"default": {nil, nhncloud.DefaultLoginTimeout},
		"shorter": {[]nhncloud.Option{nhncloud.WithLoginTimeout(time.Second)}, time.Second},
		"longer":  {[]nhncloud.Option{nhncloud.WithLoginTimeout(time.Hour)}, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				options := append(test.options, nhncloud.WithTokenSource(&tokenFunc{token: hang}))
				client, sent := scriptClient(t, options, answer(200, thingAnswer))
				start := time.Now()
				err := client.Do(t.Context(), getRequest(), nil)
				assert.Equal(t, test.want, time.Since(start))
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.ErrorIs(t, err, nhncloud.ErrUnavailable)
				assert.ErrorContains(t, err, "test-get: the login did not end within "+test.want.String()+"; see WithLoginTimeout")
				assert.Zero(t, sent.count())
			})
		})
	}
}

// A source that does not look at its context holds nobody up much longer.
func TestLoginThatIgnoresItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		source := &tokenFunc{token: func(_ context.Context, login int64) (*nhncloud.Token, error) {
			if login == 1 {
				<-release
			}
			return &nhncloud.Token{ID: "token"}, nil
		}}
		client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, answer(200, thingAnswer))
		start := time.Now()
		require.ErrorIs(t, client.Do(t.Context(), getRequest(), nil), nhncloud.ErrUnavailable)
		assert.Equal(t, nhncloud.DefaultLoginTimeout+time.Second, time.Since(start))
		require.NoError(t, client.Do(t.Context(), getRequest(), nil), "the next call logs in anew")
		close(release) // what comes now comes too late
		synctest.Wait()
		require.NoError(t, client.Do(t.Context(), getRequest(), nil))
		assert.EqualValues(t, 2, source.logins.Load())
		assert.Equal(t, 2, sent.count())
	})
}

// A login that hangs since the service was not well does not fail the calls that
// begin when it is again: they log in for themselves, once.
func TestCallsAfterAHangingLogin(t *testing.T) {
	t.Parallel()
	for name, hanging := range map[string]int64{"well again": 1, "still not well": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				source := &tokenFunc{token: func(ctx context.Context, login int64) (*nhncloud.Token, error) {
					if login <= hanging {
						return hang(ctx, login)
					}
					return &nhncloud.Token{ID: "token"}, nil
				}}
				client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source), nhncloud.WithLoginTimeout(10 * time.Second)}, answer(200, thingAnswer))
				start := time.Now()
				first := make(chan error, 1)
				go func() { first <- client.Do(t.Context(), getRequest(), nil) }()
				synctest.Wait()
				time.Sleep(9 * time.Second)
				failed := storm(100, func() error { return client.Do(t.Context(), getRequest(), nil) })
				require.ErrorIs(t, <-first, nhncloud.ErrUnavailable)
				assert.EqualValues(t, 2, source.logins.Load(), "one login for all")
				if hanging == 1 {
					assert.Zero(t, failed)
					assert.Equal(t, 10*time.Second, time.Since(start))
				} else {
					assert.Equal(t, 100, failed, "nobody waits for a third")
					assert.Equal(t, 20*time.Second, time.Since(start))
				}
			})
		})
	}
}

// What a source panics with goes on in the callers, who may expect it, and
// leaves the client usable.
func TestTokenSourcePanics(t *testing.T) {
	t.Parallel()
	fault := errors.New("nil map")
	source := &tokenFunc{token: func(_ context.Context, login int64) (*nhncloud.Token, error) {
		switch login {
		case 1:
			panic(fault)
		case 2:
			runtime.Goexit()
		}
		return &nhncloud.Token{ID: "token"}, nil
	}}
	client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, answer(200, thingAnswer))
	assert.PanicsWithValue(t, fault, func() { _ = client.Do(t.Context(), getRequest(), nil) })
	require.ErrorContains(t, client.Do(t.Context(), getRequest(), nil), "ended the goroutine of the login")
	require.NoError(t, client.Do(t.Context(), getRequest(), nil))
	assert.Equal(t, 1, sent.count())
}
