package nhncloud_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// goodConfig needs nothing more.
func goodConfig() nhncloud.Config {
	return nhncloud.Config{
		Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: testTenant, Username: "user@example.com", Password: "secret",
	}
}

// requireRefused checks that an argument was refused, under the name of field.
func requireRefused(t *testing.T, err error, field string) *nhncloud.Error {
	t.Helper()
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, field, e.Field)
	assert.Zero(t, e.StatusCode)
	assert.Zero(t, e.Attempts)
	assert.NotContains(t, err.Error(), "\n")
	return e
}

func TestNewClientNamesAllThatIsMissing(t *testing.T) {
	t.Parallel()
	const (
		environment = "Environment is missing (one of public, gov, ngsc, ninc, ngovc, ngoic, ncgn)"
		password    = "Password is missing (the API password, which is not that of the console)"
		region      = "Region is missing (such as KR1)"
		tenant      = "TenantID is missing (see Compute > Instance > Set API Endpoint in the console; or AppKey, for the v1.0 API alone)"
		username    = "Username is missing (the e-mail address or IAM id of the account)"
	)
	for name, test := range map[string]struct {
		config  nhncloud.Config
		options []nhncloud.Option
		want    []string
	}{
		"everything": {want: []string{environment, password, region, tenant, username}},
		"with a token source": {
			options: []nhncloud.Option{nhncloud.WithTokenSource(&numbered{})},
			want:    []string{region, tenant},
		},
		"v1.0 alone": {
			config: nhncloud.Config{AppKey: "key"},
			want:   []string{environment, password, username},
		},
		"v1.0 alone, with an endpoint of another service": {
			config: nhncloud.Config{AppKey: "key", Username: "u", Password: "p", Endpoints: map[nhncloud.Service]string{nhncloud.ServiceIdentity: "https://i.example.com"}},
			want:   []string{environment},
		},
		"tenant": {
			config: nhncloud.Config{Environment: nhncloud.Gov, TenantID: "t", Username: "u"},
			want:   []string{password, region},
		},
		"tenant, with the endpoint of v1.0": {
			config: nhncloud.Config{Region: nhncloud.KR1, TenantID: "t", AppKey: "key", Username: "u", Password: "p", Endpoints: map[nhncloud.Service]string{nhncloud.ServiceAppKey: "https://a.example.com"}},
			want:   []string{environment},
		},
		"an auth URL stands for the environment": {
			config: nhncloud.Config{AuthURL: "https://identity.example.com"},
			want:   []string{password, region, tenant, username},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := nhncloud.NewClient(test.config, test.options...)
			assert.Nil(t, client)
			e := requireRefused(t, err, "Config")
			want := "is not usable: " + strings.Join(test.want, "; ")
			assert.Equal(t, want, e.Message)
			assert.Equal(t, "nhncloud: Config "+want, err.Error())
		})
	}
}

func TestNewClientRefusesContradictions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*nhncloud.Config)
		want   string
	}{
		"environment": {func(c *nhncloud.Config) { c.Environment = "publik" }, `Environment "publik" is not one of public, gov, ngsc, ninc, ngovc, ngoic, ncgn`},
		"region":      {func(c *nhncloud.Config) { c.Region = "KR9" }, `Region "KR9" is not in environment "public", which has JP1, KR1, KR2, KR3, US1`},
		"region of another": {
			func(c *nhncloud.Config) { c.Environment, c.Region = nhncloud.NGSC, nhncloud.KR1 },
			`Region "KR1" is not in environment "ngsc", which has KR4`,
		},
		"auth URL of another": {
			func(c *nhncloud.Config) {
				c.AuthURL = "https://api-identity-infrastructure.gov-nhncloudservice.com/v2.0"
			},
			`AuthURL is the one of environment "gov", but Environment is "public"`,
		},
		"v3":                    {func(c *nhncloud.Config) { c.AuthURL = "https://identity.example.com/v3/" }, "AuthURL ends in /v3, but NHN Cloud has identity v2.0 only"},
		"plain http":            {func(c *nhncloud.Config) { c.AuthURL = "http://identity.example.com" }, "AuthURL is plain http"},
		"address, not loopback": {func(c *nhncloud.Config) { c.AuthURL = "http://192.0.2.1/v2.0" }, "AuthURL is plain http"},
		"looks like loopback":   {func(c *nhncloud.Config) { c.AuthURL = "http://localhost.example.com" }, "AuthURL is plain http"},
		"relative":              {func(c *nhncloud.Config) { c.AuthURL = "/v2.0" }, "AuthURL is not an absolute http or https URL"},
		"without scheme":        {func(c *nhncloud.Config) { c.AuthURL = "identity.example.com/v2.0" }, "AuthURL is not an absolute http or https URL"},
		"without host":          {func(c *nhncloud.Config) { c.AuthURL = "https:///v2.0" }, "AuthURL is not an absolute http or https URL"},
		"other scheme":          {func(c *nhncloud.Config) { c.AuthURL = "ftp://identity.example.com" }, "AuthURL is not an absolute http or https URL"},
		"no URL":                {func(c *nhncloud.Config) { c.AuthURL = "https://identity.example.com:port" }, "AuthURL is not a URL"},
		"user":                  {func(c *nhncloud.Config) { c.AuthURL = "https://user:" + marker + "@identity.example.com" }, "AuthURL may not have a query, a fragment or a user"},
		"query":                 {func(c *nhncloud.Config) { c.AuthURL = "https://identity.example.com?a=" + marker }, "AuthURL may not have a query, a fragment or a user"},
		"fragment":              {func(c *nhncloud.Config) { c.AuthURL = "https://identity.example.com/#" + marker }, "AuthURL may not have a query, a fragment or a user"},
		"tenant with a slash":   {func(c *nhncloud.Config) { c.TenantID = "a/b" }, `TenantID must not have a slash: "a/b"`},
		"tenant up":             {func(c *nhncloud.Config) { c.TenantID = ".." }, `TenantID must not be ".."`},
		"storage tenant":        {func(c *nhncloud.Config) { c.ObjectStorageTenantID = "." }, `ObjectStorageTenantID must not be "."`},
		"appkey":                {func(c *nhncloud.Config) { c.AppKey = "a\nb" }, `AppKey must not have a control character: "a\nb"`},
		"endpoint":              {func(c *nhncloud.Config) { c.Endpoints = map[nhncloud.Service]string{"compute": "http://c.example.com"} }, `Endpoints["compute"] is plain http`},
		"endpoint with a query": {func(c *nhncloud.Config) {
			c.Endpoints = map[nhncloud.Service]string{"compute": "https://c.example.com?" + marker}
		}, `Endpoints["compute"] may not have a query`},
		"endpoint of no service": {func(c *nhncloud.Config) {
			c.Endpoints = map[nhncloud.Service]string{"": "https://c.example.com"}
		}, `Endpoints[""] names no service`},
		"username":       {func(c *nhncloud.Config) { c.Username = "\xff" + marker }, "Username must be UTF-8"},
		"password":       {func(c *nhncloud.Config) { c.Password = "\xff" + marker }, "Password must be UTF-8"},
		"empty endpoint": {func(c *nhncloud.Config) { c.Endpoints = map[nhncloud.Service]string{"compute": ""} }, `Endpoints["compute"] is not an absolute`},
		"two names of a service": {func(c *nhncloud.Config) {
			c.Endpoints = map[nhncloud.Service]string{"volume": "https://a.example.com", "volumev2": "https://b.example.com"}
		}, `Endpoints["volumev2"] is there under another name`},
		"a password in AuthURL": {func(c *nhncloud.Config) { c.AuthURL, c.Password = "ftp://"+marker, marker }, "AuthURL is not"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := goodConfig()
			test.change(&config)
			client, err := nhncloud.NewClient(config)
			assert.Nil(t, client)
			e := requireRefused(t, err, "Config")
			assert.Contains(t, e.Message, test.want)
			assert.NotContains(t, e.Message, ";  ", "one problem, one sentence")
			assert.NotContains(t, err.Error(), marker)
		})
	}

	t.Run("all at once", func(t *testing.T) {
		t.Parallel()
		_, err := nhncloud.NewClient(nhncloud.Config{
			Environment: "moon", Region: "X", TenantID: "a/b", AuthURL: "x", Endpoints: map[nhncloud.Service]string{"image": "y", "network": "z"},
		})
		e := requireRefused(t, err, "Config")
		for _, want := range []string{"Environment ", "TenantID ", "AuthURL ", `Endpoints["image"]`, `Endpoints["network"]`, "Username ", "Password "} {
			assert.Contains(t, e.Message, want)
		}
	})
}

func TestNewClientCompletesTheConfig(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*nhncloud.Config)
		want   func(*nhncloud.Config)
	}{
		"as it is":      {func(*nhncloud.Config) {}, func(*nhncloud.Config) {}},
		"region":        {func(c *nhncloud.Config) { c.Region = "kr2" }, func(c *nhncloud.Config) { c.Region = nhncloud.KR2 }},
		"environment":   {func(c *nhncloud.Config) { c.Environment = "PubLic" }, func(c *nhncloud.Config) { c.Environment = nhncloud.Public }},
		"v1.0, nowhere": {func(c *nhncloud.Config) { c.TenantID, c.Region, c.AppKey = "", "", "key" }, func(c *nhncloud.Config) {}},
		"environment of the auth URL": {
			func(c *nhncloud.Config) {
				c.Environment, c.Region = "", "kr4"
				c.AuthURL = "https://API-identity-infrastructure.ngovc.com:443/v2.0/"
			},
			func(c *nhncloud.Config) { c.Environment, c.Region = nhncloud.NGOVC, nhncloud.KR4 },
		},
		"unknown auth URL": {func(c *nhncloud.Config) {
			c.Environment, c.AuthURL, c.Region = "", "https://identity.example.com", "moon"
		}, func(c *nhncloud.Config) { c.Region = "MOON" }},
		"proxy before the cloud": {func(c *nhncloud.Config) { c.AuthURL = "https://proxy.example.com/identity/v2.0/tokens" }, func(*nhncloud.Config) {}},
		"loopback":               {func(c *nhncloud.Config) { c.AuthURL = "http://127.0.0.1:1/identity" }, func(*nhncloud.Config) {}},
		"loopback v6":            {func(c *nhncloud.Config) { c.AuthURL = "http://[::1]:1" }, func(*nhncloud.Config) {}},
		"localhost":              {func(c *nhncloud.Config) { c.AuthURL = "http://LOCALHOST:1" }, func(*nhncloud.Config) {}},
		"endpoints": {
			func(c *nhncloud.Config) {
				c.Endpoints = map[nhncloud.Service]string{"container-infra": "https://k.example.com"}
			},
			func(c *nhncloud.Config) {
				c.Endpoints = map[nhncloud.Service]string{"kubernetes": "https://k.example.com"}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := goodConfig()
			test.change(&config)
			given := config
			given.Endpoints = maps.Clone(config.Endpoints)
			client, err := nhncloud.NewClient(config)
			require.NoError(t, err)
			assert.Equal(t, given, config, "what the caller gave is not changed")

			want := config
			test.want(&want)
			want.Password = ""
			got := client.Config()
			if len(want.Endpoints) == 0 {
				assert.Empty(t, got.Endpoints)
				got.Endpoints = want.Endpoints
			}
			assert.Equal(t, want, got)
		})
	}
	t.Run("plain http by will", func(t *testing.T) {
		t.Parallel()
		config := goodConfig()
		config.AuthURL = "http://identity.example.com"
		_, err := nhncloud.NewClient(config, nhncloud.WithInsecureHTTP())
		assert.NoError(t, err)
	})
	t.Run("an endpoint to log in at", func(t *testing.T) {
		t.Parallel()
		config := nhncloud.Config{AppKey: "key", Username: "u", Password: "p", Endpoints: map[nhncloud.Service]string{nhncloud.ServiceAppKey: "https://a.example.com"}}
		_, err := nhncloud.NewClient(config)
		require.NoError(t, err, "the v1.0 API needs no environment then")
		config.TenantID, config.Region = "t", nhncloud.KR1
		config.Endpoints[nhncloud.ServiceIdentity] = "https://i.example.com"
		_, err = nhncloud.NewClient(config)
		require.NoError(t, err, "nor does the v2 API")
	})
	t.Run("own tokens", func(t *testing.T) {
		t.Parallel()
		_, err := nhncloud.NewClient(nhncloud.Config{Region: "KR1", TenantID: "t"}, nhncloud.WithTokenSource(nhncloud.StaticToken("t")))
		assert.NoError(t, err, "neither an account nor an environment is needed")
		_, err = nhncloud.NewClient(nhncloud.Config{Region: "KR1"}, nhncloud.WithTokenSource(&numbered{}))
		assert.ErrorContains(t, err, "TenantID is missing", "a source is asked for the token of a tenant")
		_, err = nhncloud.NewClient(nhncloud.Config{TenantID: "t"}, nhncloud.WithTokenSource(nhncloud.StaticToken("t")))
		assert.ErrorContains(t, err, "Region is missing")
	})
}

func TestRegionsOfEnvironments(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []nhncloud.Region{nhncloud.JP1, nhncloud.KR1, nhncloud.KR2, nhncloud.KR3, nhncloud.US1}, nhncloud.Public.Regions())
	assert.Equal(t, []nhncloud.Region{nhncloud.KR4}, nhncloud.NGOIC.Regions())
	assert.Equal(t, []nhncloud.Region{nhncloud.KR4}, nhncloud.Environment("NGoic").Regions())
	assert.Empty(t, nhncloud.Environment("moon").Regions())
	first := nhncloud.Public.Regions()
	slices.Reverse(first)
	assert.Equal(t, nhncloud.JP1, nhncloud.Public.Regions()[0], "each caller has a list of its own")
}
