// Package gatewaytest is what the tests of the gateway share: a cloud in memory with
// two regions, tokens for it, and things in it.
package gatewaytest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/backend"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// World is a cloud, and who calls it.
type World struct {
	testing.TB
	Cloud        *nhncloudtest.Server
	Backend      *backend.Cloud
	SDK          *nhncloud.Client // for what tests do past the gateway
	Token        string           // for the tenant of the cloud
	StorageToken string           // for the tenant of its object storage
}

// New starts a cloud. Retries of the gateway wait hardly.
func New(t testing.TB, options ...nhncloudtest.Option) *World {
	t.Helper()
	options = append([]nhncloudtest.Option{
		nhncloudtest.WithRegions("KR1", "KR2"), nhncloudtest.WithTransition(time.Millisecond), nhncloudtest.WithEd25519Keys(),
	}, options...)
	w := &World{TB: t, Cloud: nhncloudtest.Start(t, options...)}
	w.SDK = testclient.New(w.Cloud)
	var err error
	w.Backend, err = backend.Memory(w.Cloud, []string{"kr1", "kr2"}, nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Microsecond}))
	require.NoError(t, err)
	t.Cleanup(w.Backend.Close)
	w.Token, w.StorageToken = w.Login(w.Cloud.TenantID), w.Login(w.Cloud.ObjectStorageTenantID)
	return w
}

// Login returns a token.
func (w *World) Login(tenantID string) string {
	w.Helper()
	token, err := w.SDK.IssueToken(w.Context(), tenantID)
	require.NoError(w, err)
	return string(token.ID)
}

// Headers are those of a caller in the first region, for whatever path.
func (w *World) Headers() map[string]string {
	return map[string]string{
		"Content-Type": "application/json", "X-NHN-Region": "kr1", "X-NHN-Token": w.Token, "X-NHN-Tenant-ID": w.Cloud.TenantID,
	}
}

// StorageHeaders are those for object storage.
func (w *World) StorageHeaders() map[string]string {
	return map[string]string{
		"Content-Type": "application/json", "X-NHN-Region": "kr1", "X-NHN-Token": w.StorageToken,
		"X-NHN-Storage-Account": "AUTH_" + w.Cloud.ObjectStorageTenantID,
	}
}

// Answer is what a handler answered.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// JSON returns the body as what encoding/json makes of it.
func (a Answer) JSON(t testing.TB) any {
	t.Helper()
	require.Equal(t, "application/json", a.Header.Get("Content-Type"), a.Body)
	var value any
	require.NoError(t, json.Unmarshal([]byte(a.Body), &value), a.Body)
	return value
}

// Do sends a request to a handler. An empty header is not sent.
func Do(handler http.Handler, method, path, body string, headers map[string]string) Answer {
	return DoContext(context.Background(), handler, method, path, body, headers)
}

// DoContext is Do with a context.
func DoContext(ctx context.Context, handler http.Handler, method, path, body string, headers map[string]string) Answer {
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	for name, value := range headers {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, r)
	return Answer{recorder.Code, recorder.Header(), recorder.Body.String()}
}
