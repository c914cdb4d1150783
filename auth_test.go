package nhncloud_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
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
	t := &nhncloud.Token{ID: nhncloud.Secret(fmt.Sprintf("token-%d", n))}
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

// A token that was got elsewhere is sent without a tenant, but never to a path that
// has one.
func TestStaticTokenWithoutTenant(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	base := cloudClient(t, cloud)
	issued, err := base.IssueToken(t.Context(), cloud.TenantID)
	require.NoError(t, err)
	endpoints := map[nhncloud.Service]string{}
	for _, service := range []nhncloud.Service{nhncloud.ServiceCompute, nhncloud.ServiceNetwork, nhncloud.ServiceObjectStorage} {
		url, ok := cloud.EndpointURL(cloud.Region, string(service))
		require.True(t, ok)
		endpoints[service] = url
	}
	config := nhncloud.Config{Region: nhncloud.KR1, Endpoints: endpoints}
	client, err := nhncloud.NewClient(config, nhncloud.WithTokenSource(nhncloud.StaticToken(issued.ID)))
	require.NoError(t, err)

	vpcs := nhncloud.Request{Operation: "network-v2-list-vpcs", Service: nhncloud.ServiceNetwork, Method: "GET", Path: "/v2.0/vpcs", ResponseKey: "vpcs"}
	list, err := nhncloud.FetchList[map[string]any](t.Context(), client, vpcs)
	require.NoError(t, err)
	require.Len(t, list, 2)

	sent := len(cloud.Requests())
	for service, path := range map[nhncloud.Service]string{
		nhncloud.ServiceCompute: "/v2/{tenantId}/servers/{serverId}", nhncloud.ServiceObjectStorage: "/v1/{Account}/{Container}",
	} {
		err := client.Do(t.Context(), nhncloud.Request{Operation: "x", Service: service, Method: "GET", Path: path, Args: []string{"id"}}, nil)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
		assert.Equal(t, "Config.TenantID", e.Field)
	}
	assert.Len(t, cloud.Requests(), sent)

	config.ObjectStorageTenantID = cloud.ObjectStorageTenantID
	token, err := base.IssueToken(t.Context(), cloud.ObjectStorageTenantID)
	require.NoError(t, err)
	client, err = nhncloud.NewClient(config, nhncloud.WithTokenSource(nhncloud.StaticToken(token.ID)))
	require.NoError(t, err)
	require.NoError(t, client.Do(t.Context(), nhncloud.Request{
		Operation: "objectstorage-put-container", Service: nhncloud.ServiceObjectStorage, Method: "PUT", Path: "/v1/{Account}/{Container}", Args: []string{"photos"},
	}, nil))
}
