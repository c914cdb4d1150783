package nhncloud_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// What is derived of a client leaves that client alone.
func TestWith(t *testing.T) {
	t.Parallel()
	var order []string
	mark := func(name string) nhncloud.Middleware {
		return func(next http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				order = append(order, name+" "+r.URL.Host)
				return next.RoundTrip(r)
			})
		}
	}
	middleware := make([]nhncloud.Middleware, 0, 10) // room that two derived clients could share
	middleware = append(middleware, mark("base"))
	endpoints := map[nhncloud.Service]string{nhncloud.ServiceCompute: "https://base.example.com/v2/" + testTenant}
	config := goodConfig()
	config.Endpoints = endpoints
	transport := nhncloud.RoundTripperFunc(answer(200, thingAnswer))
	base, err := nhncloud.NewClient(config, nhncloud.WithHTTPClient(&http.Client{Transport: transport}),
		nhncloud.WithTokenSource(nhncloud.StaticToken("t")), nhncloud.WithMiddleware(middleware...),
		nhncloud.WithEndpoint(nhncloud.ServiceImage, "https://image.example.com"))
	require.NoError(t, err)
	assert.Equal(t, map[nhncloud.Service]string{nhncloud.ServiceCompute: "https://base.example.com/v2/" + testTenant}, endpoints, "the map of the caller")

	one, err := base.With(nhncloud.WithMiddleware(mark("one")), nhncloud.WithEndpoint(nhncloud.ServiceCompute, "https://one.example.com/v2/"+testTenant))
	require.NoError(t, err)
	two, err := base.With(nhncloud.WithMiddleware(mark("two")), nhncloud.WithRegion("kr2"))
	require.NoError(t, err)
	endpoints[nhncloud.ServiceCompute] = "https://changed.example.com"
	base.Config().Endpoints[nhncloud.ServiceCompute] = "https://changed.example.com"

	for _, step := range []struct {
		client *nhncloud.Client
		want   []string
	}{
		{base, []string{"base base.example.com"}},
		{one, []string{"base one.example.com", "one one.example.com"}},
		{two, []string{"base base.example.com", "two base.example.com"}},
		{base, []string{"base base.example.com"}},
	} {
		order = nil
		require.NoError(t, step.client.Do(t.Context(), getRequest(), new(thing)))
		assert.Equal(t, step.want, order)
	}
	assert.Equal(t, nhncloud.KR1, base.Config().Region)
	assert.Equal(t, nhncloud.KR2, two.Config().Region)
	assert.Equal(t, "https://image.example.com", one.Config().Endpoints[nhncloud.ServiceImage])
}

// Derived clients share the token, unless an option changes who logs in.
func TestWithSharesTokens(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	base := cloudClient(t, cloud)
	list := func(c *nhncloud.Client) {
		t.Helper()
		_, err := compute.New(c).Zones.List(t.Context())
		require.NoError(t, err)
	}
	with := func(options ...nhncloud.Option) *nhncloud.Client {
		t.Helper()
		c, err := base.With(options...)
		require.NoError(t, err)
		return c
	}
	sharing := with(nhncloud.WithUserAgent("x"), nhncloud.WithRetry(nhncloud.NoRetry), nhncloud.WithMaxResponse(1<<20))
	list(sharing)
	list(base)
	assert.Equal(t, 1, cloud.Logins(), "the derived client logged in for both")

	issued, err := base.IssueToken(t.Context(), cloud.TenantID)
	require.NoError(t, err)
	assert.Equal(t, 2, cloud.Logins())
	own := with(nhncloud.WithTokenSource(nhncloud.StaticToken(issued.ID)), nhncloud.WithEndpoint(nhncloud.ServiceCompute, issued.Catalog[0].Endpoints[0].PublicURL))
	list(own)
	token, err := own.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, issued.ID, token.ID)
	token, err = base.Token(t.Context())
	require.NoError(t, err)
	assert.NotEqual(t, issued.ID, token.ID, "the one of the original stays")
	assert.Equal(t, 2, cloud.Logins())

	cached := with(nhncloud.WithTokenCache(nhncloud.FileTokenCache(t.TempDir())))
	list(cached)
	assert.Equal(t, 3, cloud.Logins(), "a cache has tokens of its own")
}

func TestTokenWithoutAScope(t *testing.T) {
	t.Parallel()
	config := goodConfig()
	config.TenantID, config.AppKey = "", "key"
	client, err := nhncloud.NewClient(config)
	require.NoError(t, err)
	_, err = client.Token(t.Context())
	requireRefused(t, err, "Config")
	err = client.Do(t.Context(), nhncloud.Request{Operation: "op", Service: nhncloud.ServiceNetwork, Method: "GET", Path: "/v2.0/networks"}, nil)
	e := requireRefused(t, err, "Config.TenantID")
	assert.Equal(t, "op", e.Operation)

	config.TenantID, config.AppKey = testTenant, ""
	client, err = nhncloud.NewClient(config)
	require.NoError(t, err)
	_, err = client.AppKeyToken(t.Context())
	requireRefused(t, err, "Config")
	err = client.Do(t.Context(), nhncloud.Request{Operation: "op", Service: nhncloud.ServiceAppKey, Method: "GET", Path: "/v1.0/x"}, nil)
	requireRefused(t, err, "Config.AppKey")
	_, err = client.IssueAppKeyToken(t.Context())
	requireRefused(t, err, "Config.AppKey")
}

func TestTokenOfASourceThatFails(t *testing.T) {
	t.Parallel()
	client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(failingSource{})}, answer(200, ""))
	_, err := client.Token(t.Context())
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	require.ErrorIs(t, err, errVault)
	_, err = client.AppKeyToken(t.Context())
	require.ErrorIs(t, err, errVault)
}

var errVault = errors.New("the vault is closed")

type failingSource struct{}

func (failingSource) Token(context.Context, nhncloud.Scope) (*nhncloud.Token, error) {
	return nil, errVault
}

func TestCloseIdleConnections(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {}))
	defer server.Close()
	transport := &closer{RoundTripper: http.DefaultTransport}
	client := staticClient(t, server.URL, nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
	client.CloseIdleConnections()
	assert.Equal(t, 1, transport.closed)
	// A transport that has nothing to close.
	bare, _ := scriptClient(t, nil, fails(errors.New("x")))
	bare.CloseIdleConnections()
	_, err := bare.Token(context.Background())
	require.NoError(t, err)
}

type closer struct {
	http.RoundTripper
	closed int
}

func (c *closer) CloseIdleConnections() { c.closed++ }
