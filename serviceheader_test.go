package nhncloud_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// headersClient returns a client, and what sends a request to a service with it
// and returns the header that arrived.
func headersClient(t *testing.T, options ...nhncloud.Option) (*nhncloud.Client, func(*nhncloud.Client, nhncloud.Service, http.Header) http.Header) {
	t.Helper()
	var got http.Header
	transport := nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		got = r.Header
		return answer(204, "")(r)
	})
	client, err := nhncloud.NewClient(goodConfig(), append([]nhncloud.Option{
		nhncloud.WithTokenSource(nhncloud.StaticToken("static-token")), nhncloud.WithHTTPClient(&http.Client{Transport: transport}),
	}, options...)...)
	require.NoError(t, err)
	return client, func(client *nhncloud.Client, service nhncloud.Service, header http.Header) http.Header {
		t.Helper()
		require.NoError(t, client.Do(t.Context(), nhncloud.Request{Operation: "op", Service: service, Method: http.MethodGet, Path: "/v1/x", Header: header}, nil))
		return got
	}
}

// NKS wants to be told the version with each call, by whatever name it is called.
func TestVersionOfKubernetes(t *testing.T) {
	t.Parallel()
	const name = "OpenStack-API-Version"
	client, send := headersClient(t)
	for service, want := range map[nhncloud.Service]string{
		nhncloud.ServiceKubernetes: "container-infra latest", "container-infra": "container-infra latest",
		nhncloud.ServiceCompute: "", nhncloud.ServiceNetwork: "", nhncloud.ServiceObjectStorage: "",
	} {
		assert.Equal(t, want, send(client, service, nil).Get(name), service)
	}
	assert.Equal(t, []string{"container-infra 1.8"}, send(client, "kubernetes", http.Header{"openstack-api-version": {"container-infra 1.8"}}).Values(name), "the request wins")
	assert.Equal(t, "container-infra latest", send(client, "kubernetes", nil).Get(name), "and leaves nothing behind")

	other, err := client.With(nhncloud.WithServiceHeader("container-infra", name, "container-infra 1.9"))
	require.NoError(t, err)
	assert.Equal(t, []string{"container-infra 1.9"}, send(other, "kubernetes", nil).Values(name))
	none, err := other.With(nhncloud.WithServiceHeader(nhncloud.ServiceKubernetes, name))
	require.NoError(t, err)
	assert.NotContains(t, send(none, "kubernetes", nil), http.CanonicalHeaderKey(name))
	assert.Equal(t, []string{"container-infra 1.9"}, send(other, "kubernetes", nil).Values(name), "what is derived leaves the client alone")
	assert.Equal(t, []string{"container-infra latest"}, send(client, "kubernetes", nil).Values(name))
}

func TestServiceHeader(t *testing.T) {
	t.Parallel()
	values := []string{"a", "b"}
	client, send := headersClient(t, nhncloud.WithServiceHeader(nhncloud.ServiceCompute, "x-two", values...),
		nhncloud.WithServiceHeader(nhncloud.ServiceCompute, "X-Empty", ""), nhncloud.WithServiceHeader(nhncloud.ServiceCompute, "accept", "text/plain"),
		nhncloud.WithServiceHeader("database", "X-Other", "c"))
	values[0] = "changed"
	got := send(client, nhncloud.ServiceCompute, nil)
	assert.Equal(t, []string{"a", "b"}, got["X-Two"])
	assert.Equal(t, []string{""}, got["X-Empty"])
	assert.Equal(t, []string{"text/plain"}, got["Accept"])
	assert.Equal(t, []string{"static-token"}, got["X-Auth-Token"])
	assert.NotContains(t, got, "X-Other")
	got = send(client, nhncloud.ServiceImage, nil)
	assert.NotContains(t, got, "X-Two")
	assert.Equal(t, []string{"application/json"}, got["Accept"])
}

// The header of the login is that of the client that logs in.
func TestServiceHeaderOfLogins(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	transport := nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		seen[r.URL.Host] = r.Header.Get("X-Gateway")
		return answer(200, `{"access": {"token": {"id": "token", "expires": "2126-01-01T00:00:00Z"}}}`)(r)
	})
	client, err := nhncloud.NewClient(goodConfig(), nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
	require.NoError(t, err)
	for _, want := range []string{"one", "two"} {
		client, err = client.With(nhncloud.WithServiceHeader(nhncloud.ServiceIdentity, "X-Gateway", want))
		require.NoError(t, err)
		require.NoError(t, client.Do(t.Context(), call(nhncloud.ServiceNetwork, networkPath, "n"), nil))
		assert.Equal(t, map[string]string{"api-identity-infrastructure.nhncloudservice.com": want, "kr1-api-network-infrastructure.nhncloudservice.com": ""}, seen)
	}
}

// Keys of a gateway are no more to be shown than other secrets.
func TestServiceHeaderIsNotShown(t *testing.T) {
	t.Parallel()
	client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithServiceHeader(nhncloud.ServiceCompute, "Authorization", "Bearer "+marker)},
		answer(400, `{"badRequest": {"code": 400, "message": "no idea what Bearer `+marker+` is"}}`))
	err := client.Do(t.Context(), getRequest(), nil)
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	assert.Equal(t, 1, sent.count())
	assertHidden(t, err, marker)
	assertHidden(t, client, marker)
}
