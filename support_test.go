package nhncloud_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

const testTenant = "6cdebe3eb0094910bc41f1d42ebe4cb7"

// getRequest is a call that may be repeated at will.
func getRequest() nhncloud.Request {
	return nhncloud.Request{
		Operation:   "test-get",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/things/{thingId}",
		Args:        []string{"1"},
		ResponseKey: "thing",
	}
}

// createRequest is a call that makes something new each time.
func createRequest() nhncloud.Request {
	return nhncloud.Request{
		Operation:   "test-create",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodPost,
		Path:        "/v2/{tenantId}/things",
		Body:        map[string]string{"name": "x"},
		ResponseKey: "thing",
	}
}

// actionRequest is a call that must reach the service at most once.
func actionRequest() nhncloud.Request {
	r := createRequest()
	r.Operation, r.Idempotency = "test-action", nhncloud.IdempotencyUnsafe
	return r
}

type thing struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

const thingAnswer = `{"thing": {"id": "1", "name": "x"}}`

// staticClient returns a client with a fixed token whose compute endpoint is url.
func staticClient(t *testing.T, url string, options ...nhncloud.Option) *nhncloud.Client {
	t.Helper()
	client, err := nhncloud.NewClient(nhncloud.Config{
		Environment: nhncloud.Public,
		Region:      nhncloud.KR1,
		TenantID:    testTenant,
		AppKey:      "appkey",
		Endpoints:   map[nhncloud.Service]string{nhncloud.ServiceCompute: url, nhncloud.ServiceAppKey: url},
	}, append([]nhncloud.Option{nhncloud.WithTokenSource(nhncloud.StaticToken("static-token"))}, options...)...)
	require.NoError(t, err)
	return client
}

// script answers requests without a network, one step after the other; the
// last step repeats.
type script struct {
	mu    sync.Mutex
	steps []step
	sent  []string // bodies
}

type step func(r *http.Request) (*http.Response, error)

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		_ = r.Body.Close()
		body = string(b)
	}
	s.mu.Lock()
	next := s.steps[min(len(s.sent), len(s.steps)-1)]
	s.sent = append(s.sent, body)
	s.mu.Unlock()
	return next(r)
}

func (s *script) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sent)
}

// scriptClient returns a client whose requests are answered by the steps.
func scriptClient(t *testing.T, options []nhncloud.Option, steps ...step) (*nhncloud.Client, *script) {
	t.Helper()
	s := &script{steps: steps}
	options = append([]nhncloud.Option{nhncloud.WithHTTPClient(&http.Client{Transport: s})}, options...)
	return staticClient(t, "https://compute.example.com/v2/"+testTenant, options...), s
}

// answer is a step that answers.
func answer(status int, body string, header ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.Copy(w, strings.NewReader(body))
		resp := w.Result()
		resp.Request = r
		return resp, nil
	}
}

// fails is a step without an answer.
func fails(err error) step {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}
