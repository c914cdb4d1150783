package nhncloud_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

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
		for size, attempts := range map[int]int{3: 2, 64<<10 + 1: 1} { // what is kept can be sent again
			before := sent.count()
			request.Body = nhncloud.NewBodyReader("text/plain", -1, strings.NewReader(strings.Repeat("x", size)))
			require.ErrorIs(t, client.Do(t.Context(), request, nil), nhncloud.ErrUnauthorized)
			assert.Equal(t, attempts, sent.count()-before, "%d bytes", size)
		}
	})
}
