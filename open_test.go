package nhncloud_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// closing tells when it was closed.
type closing struct {
	io.Reader
	gone chan struct{}
}

func newClosing(text string) *closing {
	return &closing{strings.NewReader(text), make(chan struct{})}
}

func (c *closing) Close() error {
	close(c.gone)
	return nil
}

func (c *closing) isClosed() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	body := newClosing(strings.Repeat("x", 1000))
	client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithMaxResponse(10), nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond})},
		answer(503, "busy"),
		func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 206, Header: http.Header{"Etag": {"abc"}, "X-Trans-Id": {"tx1"}}, ContentLength: 1000, Body: body, Request: r}, nil
		})
	var details nhncloud.Response
	resp, err := client.Open(nhncloud.CaptureResponse(t.Context(), &details), getRequest())
	require.NoError(t, err)
	assert.Equal(t, 206, resp.StatusCode)
	assert.EqualValues(t, 1000, resp.ContentLength)
	assert.Equal(t, "abc", resp.Header.Get("ETag"))
	assert.Nil(t, resp.Request, "it has the token")
	assert.False(t, body.isClosed(), "the body is the caller's")
	got, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Len(t, got, 1000)
	require.NoError(t, resp.Body.Close())
	assert.True(t, body.isClosed())
	assert.Equal(t, 2, sent.count())
	assert.Equal(t, 2, details.Attempts)
	assert.Equal(t, "tx1", details.RequestID)
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, answer(404, "<html><h1>Not Found</h1></html>"), answer(304, ""), fails(errors.New("reset")))
	resp, err := client.Open(t.Context(), getRequest())
	assert.Nil(t, resp)
	assertKind(t, nhncloud.ErrNotFound, asError(t, err))
	_, err = client.Open(t.Context(), getRequest())
	assertKind(t, nhncloud.ErrNotModified, asError(t, err))
	_, err = client.Open(t.Context(), getRequest())
	assertKind(t, nhncloud.ErrUnavailable, asError(t, err))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = client.Open(ctx, getRequest())
	assert.ErrorIs(t, err, context.Canceled)
	_, err = client.Open(t.Context(), v1Request())
	requireRefused(t, err, "Service")
}

// What is wrong with the content itself does not get better by sending again.
func TestBodyError(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk on fire")
	client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond})}, answer(200, ""))
	request := getRequest()
	request.Method = http.MethodPut
	request.Body = nhncloud.NewBody("", 5, func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("ab"), failing{&nhncloud.BodyError{Err: cause}})), nil
	})
	err := client.Do(t.Context(), request, nil)
	require.ErrorIs(t, err, cause)
	assert.ErrorContains(t, err, "disk on fire")
	assert.Equal(t, 1, asError(t, err).Attempts)
	assert.Zero(t, sent.count())
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestRetryPolicyOf(t *testing.T) {
	t.Parallel()
	client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 7})}, answer(200, ""))
	assert.Equal(t, nhncloud.RetryPolicy{MaxAttempts: 7, BaseDelay: 500 * time.Millisecond, MaxDelay: 20 * time.Second, MaxRetryAfter: time.Minute}, client.RetryPolicy(t.Context()))
	assert.Equal(t, 1, client.RetryPolicy(nhncloud.ContextWithRetry(t.Context(), nhncloud.NoRetry)).MaxAttempts)
}

func TestURL(t *testing.T) {
	t.Parallel()
	client, sent := scriptClient(t, nil, answer(200, ""))
	request := getRequest()
	request.Args, request.Query = []string{"a b"}, url.Values{"x": {"1"}}
	got, err := client.URL(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, "https://compute.example.com/v2/"+testTenant+"/things/a%20b?x=1", got.String())
	assert.Zero(t, sent.count())
	request.Args = nil
	_, err = client.URL(t.Context(), request)
	requireRefused(t, err, "thingId")
}

// scopeSource notes what it is asked for.
type scopeSource struct{ scopes []nhncloud.Scope }

func (s *scopeSource) Token(_ context.Context, scope nhncloud.Scope) (*nhncloud.Token, error) {
	s.scopes = append(s.scopes, scope)
	return &nhncloud.Token{ID: "token of " + nhncloud.Secret(scope.TenantID)}, nil
}

func TestWhoseToken(t *testing.T) {
	t.Parallel()
	var sent []string
	source := new(scopeSource)
	client, err := nhncloud.NewClient(nhncloud.Config{Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: "tenant", ObjectStorageTenantID: "storage"},
		nhncloud.WithTokenSource(source),
		nhncloud.WithHTTPClient(&http.Client{Transport: nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			sent = append(sent, r.Header.Get("X-Auth-Token"))
			return answer(204, "")(r)
		})}))
	require.NoError(t, err)
	for _, request := range []nhncloud.Request{
		{Service: nhncloud.ServiceIdentity},
		{Service: nhncloud.ServiceIdentity, TokenService: nhncloud.ServiceObjectStorage},
		{Service: nhncloud.ServiceIdentity, Anonymous: true},
	} {
		request.Method, request.Path = http.MethodGet, "/v2.0/x"
		require.NoError(t, client.Do(t.Context(), request, nil))
	}
	assert.Equal(t, []string{"token of tenant", "token of storage", ""}, sent)
	assert.Len(t, source.scopes, 2)
}
