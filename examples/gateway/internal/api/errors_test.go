package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/gatewaytest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// assertError asserts that an answer is an error in the form of the API, with a word
// in its text.
func assertError(t *testing.T, code int, word string, answer gatewaytest.Answer) {
	t.Helper()
	assert.Equal(t, code, answer.Status, answer.Body)
	got, ok := answer.JSON(t).(map[string]any)
	require.True(t, ok)
	sameShape(t, "error", payload(t, "identity-v2-create-token.gateway.error"), got)
	assert.InDelta(t, code, got["code"], 0)
	assert.Contains(t, got["error"], word)
}

// What the cloud answers an endpoint with becomes one of five codes, and its words
// stay.
func TestErrorsOfTheCloud(t *testing.T) {
	t.Parallel()
	codes := map[int]int{
		400: 400, 401: 401, 403: 403, 404: 404, 405: 400, 409: 400, 429: 500, 500: 500, 501: 400, 503: 500,
	}
	for _, e := range endpoints {
		t.Run(e.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ask := e.ready(t, w, true)
			for status, code := range codes {
				fault := w.Cloud.Inject(nhncloudtest.Fault{Operation: e.operation, Status: status})
				answer := ask()
				fault.Remove()
				assertError(t, code, "", answer)
				assert.NotContains(t, answer.Body, w.Token)
				assert.NotContains(t, answer.Body, w.StorageToken)
				assert.Positive(t, fault.Fired(), status)
			}
			for _, fault := range []nhncloudtest.Fault{{Reset: true}, {Status: 200, Body: "<html>"}} {
				fault.Operation = e.operation
				injected := w.Cloud.Inject(fault)
				if e.status != http.StatusNoContent && !strings.HasSuffix(e.path, "/action/") && e.path != "/storage/containers/create/" || fault.Reset {
					assertError(t, 500, "", ask())
				} else {
					ask() // the content is not looked at
				}
				injected.Remove()
			}
		})
	}
}

// The words of the cloud are those of the answer.
func TestWordsOfTheCloud(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	fault := w.Cloud.Inject(nhncloudtest.Fault{Operation: "network-v2-list-vpcs", Status: 403, Body: `{"NeutronError": {"type": "Forbidden", "message": "서울은 안 됩니다", "detail": ""}}`})
	assertError(t, 403, "서울은 안 됩니다", w.do("GET", "/api/nhn/vpc/", "", w.Headers()))
	fault.Remove()

	busy := w.Cloud.Inject(nhncloudtest.Fault{Operation: "network-v2-list-vpcs", Status: 429, RetryAfter: 50 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second) // so that nobody waits for that
	defer cancel()
	answer := gatewaytest.DoContext(ctx, w.api, "GET", "/api/nhn/vpc/", "", w.Headers())
	assertError(t, 500, "", answer)
	assert.Equal(t, "50", answer.Header.Get("Retry-After"))
	busy.Remove()

	headers := w.Headers()
	assertError(t, 404, "could not be found", w.do("GET", "/api/nhn/compute/instances/none/", "", headers))
	headers["X-NHN-Token"] = "made-up"
	assertError(t, 401, "requires authentication", w.do("GET", "/api/nhn/vpc/", "", headers))
}

// A request without one of its headers, or with one that can't be right, does not
// reach the cloud.
func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Cloud.ResetRequests()
	for _, e := range endpoints[1:] {
		t.Run(e.name(), func(t *testing.T) {
			path, body := "/api/nhn"+strings.NewReplacer("{", "", "}", "").Replace(e.path), ""
			if e.request != "" {
				body = endpoint{request: e.request}.body(t, w)
			}
			without := func(name, value string) map[string]string {
				headers := e.headers(w)
				headers[name] = value
				return headers
			}
			assertError(t, 401, "X-NHN-Token", w.do(e.method, path, body, without("X-NHN-Token", "")))
			assertError(t, 400, "X-NHN-Region", w.do(e.method, path, body, without("X-NHN-Region", "")))
			for _, region := range []string{"kr3", "KR", "kr1,kr2", "../kr1"} {
				assertError(t, 400, "X-NHN-Region", w.do(e.method, path, body, without("X-NHN-Region", region)))
			}
			switch {
			case strings.HasPrefix(e.path, "/compute/"):
				assertError(t, 400, "X-NHN-Tenant-ID", w.do(e.method, path, body, without("X-NHN-Tenant-ID", "")))
				assertError(t, 400, "X-NHN-Tenant-ID", w.do(e.method, path, body, without("X-NHN-Tenant-ID", "../x")))
			case strings.HasPrefix(e.path, "/storage/"):
				for _, account := range []string{"", "AUTH_", "a/b"} {
					assertError(t, 400, "X-NHN-Storage-Account", w.do(e.method, path, body, without("X-NHN-Storage-Account", account)))
				}
			}
		})
	}
	assert.Empty(t, w.Cloud.Requests())
	assertError(t, 401, "X-NHN-Token", w.do("GET", "/api/nhn/vpc/", "", nil))
}

// Regions have any case, and accounts a prefix or none.
func TestHeaderForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	headers := w.Headers()
	for _, region := range []string{"kr1", "KR1", "Kr2", "kR2"} {
		headers["X-NHN-Region"] = region
		assert.Equal(t, 200, w.do("GET", "/api/nhn/vpc/", "", headers).Status)
		requests := w.Cloud.Requests()
		assert.Equal(t, strings.EqualFold(region, "kr2"), strings.HasPrefix(requests[len(requests)-1].Path, "/kr2/"), region)
	}
	headers = w.StorageHeaders()
	headers["X-NHN-Storage-Account"] = w.Cloud.ObjectStorageTenantID
	assert.Equal(t, 200, w.do("GET", "/api/nhn/storage/containers/", "", headers).Status)
}
