package nhncloud_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

const storageTenant = "04a2c5b7de7e4d66b970ad950081a7c3"

// network is a cloud that answers every login with a catalog, and every other
// call with {}. A token tells which tenant it was issued for.
type network struct {
	catalog string // JSON; "" for none

	mu     sync.Mutex
	logins []string // URLs
	calls  []string // URLs
	tokens []string // of the calls
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !strings.HasSuffix(r.URL.Path, "/tokens") {
		n.calls = append(n.calls, r.URL.String())
		n.tokens = append(n.tokens, r.Header.Get("X-Auth-Token"))
		return answer(200, `{"header": {"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}}`)(r)
	}
	n.logins = append(n.logins, r.URL.String())
	var body struct{ Auth struct{ TenantID string } }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return nil, err
	}
	catalog := n.catalog
	if catalog == "" {
		catalog = "[]"
	}
	return answer(200, fmt.Sprintf(`{
		"header": {"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"},
		"access": {"token": {"id": "token of %s", "expires": "2126-01-01T00:00:00Z"}, "serviceCatalog": %s}
	}`, body.Auth.TenantID, catalog))(r)
}

// entry is a service in a catalog, with pairs of region and URL.
func entry(kind string, endpoints ...string) string {
	var list []string
	for i := 0; i+1 < len(endpoints); i += 2 {
		list = append(list, fmt.Sprintf(`{"region": %q, "publicURL": %q}`, endpoints[i], endpoints[i+1]))
	}
	return fmt.Sprintf(`{"type": %q, "name": "x", "endpoints": [%s]}`, kind, strings.Join(list, ", "))
}

func networkClient(t *testing.T, n *network, change func(*nhncloud.Config), options ...nhncloud.Option) *nhncloud.Client {
	t.Helper()
	config := goodConfig()
	config.AppKey, config.ObjectStorageTenantID = "appkey", storageTenant
	if change != nil {
		change(&config)
	}
	client, err := nhncloud.NewClient(config, append([]nhncloud.Option{nhncloud.WithHTTPClient(&http.Client{Transport: n})}, options...)...)
	require.NoError(t, err)
	return client
}

func call(service nhncloud.Service, path string, args ...string) nhncloud.Request {
	return nhncloud.Request{Operation: "op", Service: service, Method: http.MethodGet, Path: path, Args: args}
}

const (
	computePath = "/v2/{tenantId}/servers/{serverId}"
	networkPath = "/v2.0/vpcs/{vpcId}"
)

func TestURLs(t *testing.T) {
	t.Parallel()
	override := func(service nhncloud.Service, url string) func(*nhncloud.Config) {
		return func(c *nhncloud.Config) { c.Endpoints = map[nhncloud.Service]string{service: url} }
	}
	compute := call(nhncloud.ServiceCompute, computePath, "s")
	vpc := call(nhncloud.ServiceNetwork, networkPath, "n")
	cluster := call(nhncloud.ServiceKubernetes, "/v1/clusters/{id}", "c")
	object := call(nhncloud.ServiceObjectStorage, "/v1/{Account}/{container}", "o")
	tokens := call(nhncloud.ServiceAppKey, "/v1.0/appkeys/{appkey}/instances")
	const (
		table    = "https://kr1-api-instance-infrastructure.nhncloudservice.com/v2/" + testTenant + "/servers/s"
		tableVPC = "https://kr1-api-network-infrastructure.nhncloudservice.com/v2.0/vpcs/n"
		account  = "AUTH_" + storageTenant
	)
	for name, test := range map[string]struct {
		catalog string
		change  func(*nhncloud.Config)
		request nhncloud.Request
		want    string
	}{
		"table, version and tenant": {request: compute, want: table},
		"table, version":            {request: vpc, want: tableVPC},
		"table, lower case":         {change: func(c *nhncloud.Config) { c.Region = "kr1" }, request: compute, want: table},
		"table, other region": {
			change: func(c *nhncloud.Config) { c.Region = nhncloud.US1 }, request: vpc,
			want: "https://us1-api-network-infrastructure.nhncloudservice.com/v2.0/vpcs/n",
		},
		"table, other environment": {
			change: func(c *nhncloud.Config) { c.Environment, c.Region = nhncloud.NCGN, nhncloud.KR1 }, request: object,
			want: "https://api-object-storage.gncloud.go.kr/v1/" + account + "/o",
		},
		"table, object storage": {request: object, want: "https://kr1-api-object-storage.nhncloudservice.com/v1/" + account + "/o"},
		"object storage of the same tenant": {
			change: func(c *nhncloud.Config) { c.ObjectStorageTenantID = "" }, request: object,
			want: "https://kr1-api-object-storage.nhncloudservice.com/v1/AUTH_" + testTenant + "/o",
		},

		"override, bare":             {change: override("compute", "https://c.example.com"), request: compute, want: "https://c.example.com/v2/" + testTenant + "/servers/s"},
		"override, slash":            {change: override("compute", "https://c.example.com/"), request: compute, want: "https://c.example.com/v2/" + testTenant + "/servers/s"},
		"override, spaces":           {change: override("compute", " https://c.example.com/ "), request: compute, want: "https://c.example.com/v2/" + testTenant + "/servers/s"},
		"override, version":          {change: override("compute", "https://c.example.com/v2"), request: compute, want: "https://c.example.com/v2/" + testTenant + "/servers/s"},
		"override, version, slashes": {change: override("compute", "https://c.example.com/v2.1//"), request: compute, want: "https://c.example.com/v2.1/" + testTenant + "/servers/s"},
		"override, tenant":           {change: override("compute", "https://c.example.com/v2/"+testTenant), request: compute, want: "https://c.example.com/v2/" + testTenant + "/servers/s"},
		"override, tenant, slash":    {change: override("compute", "https://c.example.com/v2/"+testTenant+"/"), request: compute, want: "https://c.example.com/v2/" + testTenant + "/servers/s"},
		"override, prefix":           {change: override("compute", "https://c.example.com:8774/a/b"), request: compute, want: "https://c.example.com:8774/a/b/v2/" + testTenant + "/servers/s"},
		"override, prefix, escaped":  {change: override("compute", "https://c.example.com/a%20b/v2"), request: call("compute", computePath, "ü"), want: "https://c.example.com/a%20b/v2/" + testTenant + "/servers/%C3%BC"},
		"override, version v2.0":     {change: override("network", "https://n.example.com/v2.0/"), request: vpc, want: "https://n.example.com/v2.0/vpcs/n"},
		"override, no version":       {change: override("network", "https://n.example.com/network"), request: vpc, want: "https://n.example.com/network/v2.0/vpcs/n"},
		"override, version before":   {change: override("network", "https://n.example.com/v1/network"), request: vpc, want: "https://n.example.com/v1/network/v2.0/vpcs/n"},
		"override, account":          {change: override("object-store", "https://o.example.com/v1/"+account), request: object, want: "https://o.example.com/v1/" + account + "/o"},
		"override, no account":       {change: override("object-store", "https://o.example.com/v1"), request: object, want: "https://o.example.com/v1/" + account + "/o"},
		"override before catalog": {
			catalog: entry("compute", "KR1", "https://catalog.example.com"),
			change:  override("compute", "https://c.example.com"), request: compute, want: "https://c.example.com/v2/" + testTenant + "/servers/s",
		},
		"override, alias":            {change: override("container-infra", "https://k.example.com"), request: cluster, want: "https://k.example.com/v1/clusters/c"},
		"override, called by alias":  {change: override("kubernetes", "https://k.example.com/v1"), request: call("container-infra", "/v1/clusters/{id}", "c"), want: "https://k.example.com/v1/clusters/c"},
		"override, strange service":  {change: override("database", "https://d.example.com"), request: call("database", "/v1.0/instances"), want: "https://d.example.com/v1.0/instances"},
		"override, path has none":    {change: override("compute", "https://c.example.com/v2/x"), request: call("compute", "/"), want: "https://c.example.com/v2/x/"},
		"override, loopback":         {change: override("compute", "http://127.0.0.1:8774/v2.0"), request: call("compute", "/v2.0/x"), want: "http://127.0.0.1:8774/v2.0/x"},
		"override, v1.0":             {change: override("appkey-v1.0", "https://a.example.com/compute/"), request: tokens, want: "https://a.example.com/compute/v1.0/appkeys/appkey/instances"},
		"override, v1.0 and version": {change: override("appkey-v1.0", "https://a.example.com/v1.0"), request: tokens, want: "https://a.example.com/v1.0/appkeys/appkey/instances"},
		"v1.0":                       {request: tokens, want: "https://api-compute.cloud.toast.com/compute/v1.0/appkeys/appkey/instances"},

		"catalog, tenant":     {catalog: entry("compute", "KR2", "https://two.example.com/v2/t", "KR1", "https://one.example.com/v2/t"), request: compute, want: "https://one.example.com/v2/t/servers/s"},
		"catalog, bare":       {catalog: entry("network", "KR1", "https://one.example.com"), request: vpc, want: "https://one.example.com/v2.0/vpcs/n"},
		"catalog, version":    {catalog: entry("network", "KR1", "https://one.example.com/v2.0"), request: vpc, want: "https://one.example.com/v2.0/vpcs/n"},
		"catalog, lower case": {catalog: entry("network", "kr1", "https://one.example.com/"), request: vpc, want: "https://one.example.com/v2.0/vpcs/n"},
		"catalog, account":    {catalog: entry("object-store", "KR1", "https://one.example.com/v1/"+account), request: object, want: "https://one.example.com/v1/" + account + "/o"},
		"catalog, alias":      {catalog: entry("container-infra", "KR1", "https://one.example.com/v1"), request: cluster, want: "https://one.example.com/v1/clusters/c"},
		"catalog, volume":     {catalog: entry("volume", "KR1", "https://one.example.com/v2/t"), request: call(nhncloud.ServiceBlockStorage, "/v2/{tenantId}/volumes"), want: "https://one.example.com/v2/t/volumes"},
		"catalog, volumev2":   {catalog: entry("volumev2", "KR1", "https://one.example.com/v2/t"), request: call("volume", "/v2/{tenantId}/volumes"), want: "https://one.example.com/v2/t/volumes"},
		"catalog, strange service": {
			catalog: entry("database", "KR1", "https://one.example.com/trove/v1.0/t"), request: call("database", "/v1.0/{tenantId}/instances"), want: "https://one.example.com/trove/v1.0/t/instances",
		},
		"catalog, several entries": {
			catalog: entry("compute", "KR2", "https://two.example.com") + "," + entry("compute", "KR1", "https://one.example.com"), request: compute,
			want: "https://one.example.com/v2/" + testTenant + "/servers/s",
		},
		"catalog without the region":  {catalog: entry("compute", "KR2", "https://two.example.com", "JP1", "https://jp.example.com"), request: compute, want: table},
		"catalog without the service": {catalog: entry("compute", "KR1", "https://one.example.com"), request: vpc, want: tableVPC},
		"catalog without the URL":     {catalog: entry("compute", "KR1", ""), request: compute, want: table},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := &network{catalog: "[" + test.catalog + "]"}
			client := networkClient(t, n, test.change)
			for range 2 { // found, and remembered
				require.NoError(t, client.Do(t.Context(), test.request, nil))
			}
			assert.Equal(t, []string{test.want, test.want}, n.calls)
			assert.Len(t, n.logins, 1)
		})
	}
}

// A service that a region lacks is never called elsewhere.
func TestServiceIsNotInTheRegion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		catalog string
		change  func(*nhncloud.Config)
		request nhncloud.Request
		want    string
	}{
		"table": {
			change:  func(c *nhncloud.Config) { c.Region = nhncloud.JP1 },
			request: call("container-infra", "/v1/clusters"),
			want:    `service "kubernetes" is not in region "JP1"; regions that have it: KR1, KR2, KR3`,
		},
		"catalog and table": {
			catalog: entry("kubernetes", "us2", "https://us2.example.com", "KR1", "https://kr1.example.com"),
			change:  func(c *nhncloud.Config) { c.Region = nhncloud.JP1 },
			request: call(nhncloud.ServiceKubernetes, "/v1/clusters"),
			want:    `service "kubernetes" is not in region "JP1"; regions that have it: KR1, KR2, KR3, US2`,
		},
		"unknown installation": {
			catalog: entry("compute", "RegionOne", "https://one.example.com"),
			change:  func(c *nhncloud.Config) { c.Environment, c.AuthURL = "", "https://identity.example.com" },
			request: call(nhncloud.ServiceCompute, computePath, "s"),
			want:    `service "compute" is not in region "KR1"; regions that have it: REGIONONE`,
		},
		"nowhere": {
			request: call("database", "/v1.0/instances"),
			want:    `service "database" is not in region "KR1"; regions that have it: none`,
		},
		"v1.0": {
			change:  func(c *nhncloud.Config) { c.Environment = nhncloud.Gov },
			request: call(nhncloud.ServiceAppKey, "/v1.0/appkeys/{appkey}/instances"),
			want:    `environment "gov" has no v1.0 API; only public has`,
		},
		"v1.0 of an unknown installation": {
			change:  func(c *nhncloud.Config) { c.Environment, c.AuthURL = "", "https://identity.example.com" },
			request: call(nhncloud.ServiceAppKey, "/v1.0/appkeys/{appkey}/instances"),
			want:    `the v1.0 API has no endpoint: set Config.Environment or Config.Endpoints["appkey-v1.0"]`,
		},
		"catalog with plain http": {
			catalog: entry("compute", "KR1", "http://kr1.example.com"),
			request: call(nhncloud.ServiceCompute, computePath, "s"),
			want:    `endpoint of compute: "http://kr1.example.com" is plain http, which would send the token unencrypted; use https or WithInsecureHTTP`,
		},
		"catalog with nonsense": {
			catalog: entry("compute", "KR1", "kr1.example.com"),
			request: call(nhncloud.ServiceCompute, computePath, "s"),
			want:    `endpoint of compute: "kr1.example.com" is not an absolute http or https URL`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := &network{catalog: "[" + test.catalog + "]"}
			err := networkClient(t, n, test.change).Do(t.Context(), test.request, nil)
			require.ErrorIs(t, err, nhncloud.ErrEndpointNotFound)
			var e *nhncloud.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, test.want, e.Message)
			assert.NotEmpty(t, e.Operation)
			assert.Empty(t, n.calls, "nothing is sent to a place that was guessed")
		})
	}

	t.Run("plain http by will", func(t *testing.T) {
		t.Parallel()
		n := &network{catalog: "[" + entry("compute", "KR1", "http://kr1.example.com") + "]"}
		client := networkClient(t, n, nil, nhncloud.WithInsecureHTTP())
		require.NoError(t, client.Do(t.Context(), call(nhncloud.ServiceCompute, computePath, "s"), nil))
		assert.Equal(t, []string{"http://kr1.example.com/v2/" + testTenant + "/servers/s"}, n.calls)
	})
	t.Run("no identity", func(t *testing.T) {
		t.Parallel()
		config := goodConfig()
		config.Environment = ""
		client, err := nhncloud.NewClient(config, nhncloud.WithTokenSource(nhncloud.StaticToken("t")), nhncloud.WithHTTPClient(&http.Client{Transport: &network{}}))
		require.NoError(t, err)
		_, err = client.IssueToken(t.Context(), testTenant)
		require.ErrorIs(t, err, nhncloud.ErrEndpointNotFound)
		assert.ErrorContains(t, err, "set Config.Environment or Config.AuthURL")
	})
}

// The identity service is where the configuration says, not where the catalog does.
func TestIdentityIsNotFromTheCatalog(t *testing.T) {
	t.Parallel()
	const path = "/v2.0/users/{userId}/credentials/OS-EC2"
	for name, test := range map[string]struct {
		change func(*nhncloud.Config)
		want   string // base
	}{
		"environment":     {nil, "https://api-identity-infrastructure.nhncloudservice.com/v2.0"},
		"auth URL":        {func(c *nhncloud.Config) { c.AuthURL = "https://i.example.com" }, "https://i.example.com/v2.0"},
		"auth URL, slash": {func(c *nhncloud.Config) { c.AuthURL = "https://i.example.com/" }, "https://i.example.com/v2.0"},
		"with version":    {func(c *nhncloud.Config) { c.AuthURL = "https://i.example.com/v2.0/" }, "https://i.example.com/v2.0"},
		"with the call":   {func(c *nhncloud.Config) { c.AuthURL = "https://i.example.com/v2.0/tokens/" }, "https://i.example.com/v2.0"},
		"below a prefix":  {func(c *nhncloud.Config) { c.AuthURL = "https://i.example.com/identity" }, "https://i.example.com/identity/v2.0"},
		"override": {func(c *nhncloud.Config) {
			c.Endpoints = map[nhncloud.Service]string{nhncloud.ServiceIdentity: "https://o.example.com"}
		}, "https://o.example.com/v2.0"},
		"override of both": {func(c *nhncloud.Config) {
			c.AuthURL, c.Endpoints = "https://i.example.com", map[nhncloud.Service]string{nhncloud.ServiceIdentity: "https://o.example.com/v2.0"}
		}, "https://o.example.com/v2.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := &network{catalog: "[" + entry("identity", "KR1", "https://catalog.example.com/v2.0") + "]"}
			require.NoError(t, networkClient(t, n, test.change).Do(t.Context(), call(nhncloud.ServiceIdentity, path, "u"), nil))
			assert.Equal(t, []string{test.want + "/tokens"}, n.logins)
			assert.Equal(t, []string{test.want + "/users/u/credentials/OS-EC2"}, n.calls)
		})
	}
}

// Object storage has a tenant of its own, with a token of its own.
func TestObjectStorageToken(t *testing.T) {
	t.Parallel()
	n := &network{}
	client := networkClient(t, n, nil)
	object := call(nhncloud.ServiceObjectStorage, "/v1/{Account}")
	for _, request := range []nhncloud.Request{object, call(nhncloud.ServiceNetwork, "/v2.0/networks"), object} {
		require.NoError(t, client.Do(t.Context(), request, nil))
	}
	assert.Equal(t, []string{"token of " + storageTenant, "token of " + testTenant, "token of " + storageTenant}, n.tokens)
	assert.Len(t, n.logins, 2)
	assert.Equal(t, "https://kr1-api-object-storage.nhncloudservice.com/v1/AUTH_"+storageTenant, n.calls[0])
}

// Regions of one client family share the token and nothing else.
func TestEndpointsOfSeveralRegions(t *testing.T) {
	t.Parallel()
	n := &network{catalog: "[" + entry("compute", "KR1", "https://one.example.com", "KR2", "https://two.example.com") + "]"}
	one := networkClient(t, n, nil)
	two, err := one.With(nhncloud.WithRegion(nhncloud.KR2))
	require.NoError(t, err)
	for _, client := range []*nhncloud.Client{one, two, one} {
		require.NoError(t, client.Do(t.Context(), call(nhncloud.ServiceCompute, "/v2/x"), nil))
	}
	assert.Equal(t, []string{"https://one.example.com/v2/x", "https://two.example.com/v2/x", "https://one.example.com/v2/x"}, n.calls)
	assert.Len(t, n.logins, 1)
}
