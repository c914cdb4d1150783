package apitest

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// CheckCreate is [Check] for an operation that makes something new each time:
// it is sent again where the service says that it has not acted, unless the
// context forbids it, and after no other failure.
func CheckCreate[T any](t *testing.T, want Want, reply Reply, expected T, call func(ctx context.Context, client *nhncloud.Client) (T, error)) {
	t.Helper()
	Check(t, want, reply, expected, call)
	retries := nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 3, BaseDelay: 1})
	once := func(t *testing.T, ctx context.Context, failure Reply) {
		t.Helper()
		m := New(t, retries)
		m.Expect(want, failure)
		_, err := call(ctx, m.Client)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, 1, e.Attempts)
	}
	for name, refusal := range map[string]Reply{
		"429":                  {Status: http.StatusTooManyRequests},
		"503 with Retry-After": {Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"0"}}},
	} {
		t.Run("again after "+name, func(t *testing.T) {
			t.Parallel()
			m := New(t, retries)
			m.Expect(want, refusal)
			m.Expect(want, reply)
			got, err := call(t.Context(), m.Client)
			require.NoError(t, err)
			assert.Equal(t, expected, got)
		})
		t.Run("not again after "+name+" where that is forbidden", func(t *testing.T) {
			t.Parallel()
			once(t, nhncloud.ContextWithRetry(t.Context(), nhncloud.NoRetry), refusal)
		})
	}
	for name, failure := range map[string]Reply{
		"500":                 {Status: http.StatusInternalServerError},
		"502":                 {Status: http.StatusBadGateway},
		"503":                 {Status: http.StatusServiceUnavailable},
		"504":                 {Status: http.StatusGatewayTimeout},
		"a broken connection": {Err: errors.New("connection reset by peer")},
	} {
		t.Run("not again after "+name, func(t *testing.T) {
			t.Parallel()
			once(t, t.Context(), failure)
		})
	}
}
