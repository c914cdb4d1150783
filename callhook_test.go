package nhncloud_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

type hookKey struct{}

// notes returns a hook that notes what it is told, and puts its name behind what
// is in the context already.
func notes(name string, to *[]string, ended *nhncloud.Response) nhncloud.CallHook {
	return func(ctx context.Context, call nhncloud.Call) (context.Context, func(nhncloud.Response, error)) {
		outer, _ := ctx.Value(hookKey{}).(string)
		*to = append(*to, strings.TrimSpace(outer+" "+name+" begins "+call.Operation))
		return context.WithValue(ctx, hookKey{}, outer+name), func(r nhncloud.Response, err error) {
			*to = append(*to, name+" ends")
			if err != nil {
				(*to)[len(*to)-1] += ": " + err.Error()
			}
			*ended = r
		}
	}
}

// A hook is around the attempts, which have its context.
func TestCallHook(t *testing.T) {
	t.Parallel()
	var got []string
	var outer, inner nhncloud.Response
	seen := func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			name, _ := r.Context().Value(hookKey{}).(string)
			got = append(got, "attempt in "+name)
			return next.RoundTrip(r)
		})
	}
	client, _ := scriptClient(t, []nhncloud.Option{
		nhncloud.WithCallHook(notes("a", &got, &outer)), nhncloud.WithCallHook(notes("b", &got, &inner)), nhncloud.WithMiddleware(seen),
		nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}),
	}, answer(503, ""), answer(200, thingAnswer, "X-Openstack-Request-Id", "req-cccb8cc1-9363-4a2d-b5e9-9bc0c5e6d4b1"))
	var captured nhncloud.Response
	_, err := nhncloud.Fetch[thing](nhncloud.CaptureResponse(t.Context(), &captured), client, getRequest())
	require.NoError(t, err)
	assert.Equal(t, []string{"a begins test-get", "a b begins test-get", "attempt in ab", "attempt in ab", "b ends", "a ends"}, got)
	assert.Equal(t, outer, inner)
	assert.Equal(t, 200, outer.StatusCode)
	assert.Equal(t, 2, outer.Attempts)
	assert.Equal(t, "req-cccb8cc1-9363-4a2d-b5e9-9bc0c5e6d4b1", outer.RequestID)
	assert.Nil(t, outer.Header)
	assert.GreaterOrEqual(t, outer.Duration, captured.Duration)

	got = nil
	derived, err := client.With(nhncloud.WithCallHook(notes("c", &got, &inner)))
	require.NoError(t, err)
	require.NoError(t, derived.Do(t.Context(), getRequest(), nil))
	assert.Len(t, got, 7, "the derived client has its hook besides")
	got = nil
	require.NoError(t, client.Do(t.Context(), getRequest(), nil))
	assert.Len(t, got, 5, "and the other one doesn't")
}

// A hook hears of calls that fail, before they are sent as after, and of those
// that panic.
func TestCallHookOfFailures(t *testing.T) {
	t.Parallel()
	var got []string
	var response nhncloud.Response
	client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithCallHook(notes("a", &got, &response))},
		answer(404, "", "X-Openstack-Request-Id", "static-token"))
	err := client.Do(t.Context(), getRequest(), nil)
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	assert.Equal(t, []string{"a begins test-get", "a ends: " + err.Error()}, got)
	assert.Equal(t, 404, response.StatusCode)
	assert.Equal(t, "[REDACTED]", response.RequestID)

	err = client.Do(t.Context(), nhncloud.Request{Operation: "x"}, nil)
	requireRefused(t, err, "Service")
	assert.Zero(t, response.StatusCode)
	assert.Zero(t, response.Attempts)

	request := createRequest()
	request.Body = nhncloud.NewBody("", -1, func() (io.ReadCloser, error) { return panics{}, nil })
	assert.Panics(t, func() { _ = client.Do(t.Context(), request, nil) })
	assert.Equal(t, "a ends: nhncloud: the call panicked", got[len(got)-1])

	_, err = nhncloud.NewClient(goodConfig(), nhncloud.WithCallHook(nil))
	requireRefused(t, err, "WithCallHook")
}

type panics struct{}

func (panics) Read([]byte) (int, error) { panic("broken") }
func (panics) Close() error             { return nil }

// A hook that has nothing to add returns nothing; one that adds a trace for
// net/http is heard.
func TestCallHookAndTrace(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	traced := 0
	hook := func(ctx context.Context, call nhncloud.Call) (context.Context, func(nhncloud.Response, error)) {
		if call.Operation != "compute-v2-list-availability-zones" {
			return nil, nil
		}
		return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { traced++ }}), nil
	}
	client := cloudClient(t, cloud, nhncloud.WithCallHook(hook))
	require.NoError(t, client.Do(t.Context(), nhncloud.Request{
		Operation: "compute-v2-list-availability-zones", Service: nhncloud.ServiceCompute, Method: "GET", Path: "/v2/{tenantId}/os-availability-zone",
	}, nil))
	assert.NotZero(t, traced)
}

// Middleware prints URLs as the SDK does.
func TestRedactedURL(t *testing.T) {
	t.Parallel()
	var got []string
	prints := func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			got = append(got, nhncloud.RedactedURL(r))
			return nil, errors.New("not sent")
		})
	}
	client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithMiddleware(prints), nhncloud.WithRetry(nhncloud.NoRetry)}, answer(200, ""))
	const secret = nhncloud.Secret("sesame-open")
	for _, part := range []struct {
		id, query string
		secrets   []nhncloud.Secret
	}{
		{"1", "", nil},
		{"static-token", "", nil},
		{string(secret), "", []nhncloud.Secret{secret}},
		{"1", "marker=static-token&temp_url_sig=abc", nil},
	} {
		request := getRequest()
		request.Args, request.Query, request.Secrets = []string{part.id}, part.query, part.secrets
		require.Error(t, client.Do(t.Context(), request, nil))
	}
	const base = "https://compute.example.com/v2/" + testTenant + "/things/"
	assert.Equal(t, []string{
		base + "1", base + "[REDACTED]", base + "[REDACTED]", base + "1?marker=[REDACTED]&temp_url_sig=[REDACTED]",
	}, got)

	r, err := http.NewRequestWithContext(t.Context(), "GET", "https://user:pass@h/v1.0/appkeys/k/x?token=t", nil)
	require.NoError(t, err)
	assert.Equal(t, "https://h/v1.0/appkeys/[REDACTED]/x?token=[REDACTED]", nhncloud.RedactedURL(r), "a request of others")
}
