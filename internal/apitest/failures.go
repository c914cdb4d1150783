package apitest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// Failures runs an operation through everything that may go wrong with it: an
// error of the service, a broken connection, a finished context, and, for an
// operation whose answer has content, answers that can't be read. Want is the
// request it sends, documented the answer to it; call makes it and returns its
// error, after it has asserted that a failed call returns nothing else.
func Failures(t *testing.T, want Want, documented Reply, call func(ctx context.Context, client *nhncloud.Client) error) {
	t.Helper()
	fail := func(t *testing.T, reply Reply) *nhncloud.Error {
		t.Helper()
		m := New(t)
		m.Expect(want, reply)
		err := call(t.Context(), m.Client)
		require.Error(t, err)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, want.Operation, e.Operation)
		assert.Equal(t, want.Method, e.Method)
		assert.Equal(t, strings.Replace(want.URL, AppKey, "[REDACTED]", 1), e.URL, "errors hide the appkey")
		assert.Equal(t, 1, e.Attempts)
		assert.Contains(t, err.Error(), want.Operation)
		assert.NotContains(t, err.Error(), Token)
		return e
	}

	t.Run("not found", func(t *testing.T) {
		t.Parallel()
		e := fail(t, Reply{
			Status: http.StatusNotFound,
			Header: http.Header{"X-Openstack-Request-Id": {"req-3f639b02"}},
			Body:   `{"itemNotFound": {"code": 404, "message": "It could not be found."}}`,
		})
		assert.ErrorIs(t, e, nhncloud.ErrNotFound)
		assert.Equal(t, http.StatusNotFound, e.StatusCode)
		assert.Equal(t, "itemNotFound", e.Code)
		assert.Equal(t, "It could not be found.", e.Message)
		assert.Equal(t, "req-3f639b02", e.RequestID)
	})
	t.Run("service down", func(t *testing.T) {
		t.Parallel()
		e := fail(t, Reply{Status: http.StatusServiceUnavailable, Body: "<html><h1>Service Unavailable</h1></html>"})
		assert.ErrorIs(t, e, nhncloud.ErrUnavailable)
		assert.Equal(t, "Service Unavailable", e.Message)
	})
	t.Run("connection broken", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("connection reset by peer")
		e := fail(t, Reply{Err: broken})
		assert.ErrorIs(t, e, nhncloud.ErrUnavailable)
		assert.ErrorIs(t, e, broken)
	})
	t.Run("context cancelled", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := call(ctx, New(t).Client)
		assert.ErrorIs(t, err, context.Canceled)
	})
	if want.isV1() {
		failedEnvelopes(t, documented, fail)
	}
	if documented.Body == "" {
		return
	}
	t.Run("unreadable", func(t *testing.T) {
		t.Parallel()
		for name, body := range map[string]string{
			"empty":     "",
			"html":      "<html><body>Welcome to the proxy</body></html>",
			"truncated": `{"server": {"id": "1", "na`,
			"stranger":  `{"hello": "world"}`,
			"array":     `[1, 2]`,
			"number":    `12`,
			"null":      `null`,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				e := fail(t, Reply{Body: body})
				assert.ErrorIs(t, e, nhncloud.ErrBadAnswer)
				if name == "empty" || name == "truncated" {
					assert.ErrorIs(t, e, io.ErrUnexpectedEOF)
				}
				if name == "html" && !strings.Contains(e.Message, "Welcome to the proxy") {
					assert.Regexp(t, "keypair|kubeconfig", want.Operation, "only answers with secrets are not quoted")
				}
			})
		}
	})
}
