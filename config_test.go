package nhncloud_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
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
	for name, test := range map[string]struct {
		config  nhncloud.Config
		options []nhncloud.Option
		want    string
	}{
		"everything": {
			want: "Environment is missing; Password is missing; Region is missing; TenantID is missing (or AppKey, for the v1.0 API alone); Username is missing",
		},
		"with a token source": {
			options: []nhncloud.Option{nhncloud.WithTokenSource(nhncloud.StaticToken("t"))},
			want:    "Region is missing; TenantID is missing (or AppKey, for the v1.0 API alone)",
		},
		"v1.0 alone": {
			config: nhncloud.Config{AppKey: "key"},
			want:   "Environment is missing; Password is missing; Username is missing",
		},
		"tenant": {
			config: nhncloud.Config{Environment: nhncloud.Gov, TenantID: "t", Username: "u"},
			want:   "Password is missing; Region is missing",
		},
		"an auth URL stands for the environment": {
			config: nhncloud.Config{AuthURL: "https://identity.example.com"},
			want:   "Password is missing; Region is missing; TenantID is missing (or AppKey, for the v1.0 API alone); Username is missing",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := nhncloud.NewClient(test.config, test.options...)
			assert.Nil(t, client)
			e := requireRefused(t, err, "Config")
			assert.Equal(t, "is not usable: "+test.want, e.Message)
			assert.Equal(t, "nhncloud: Config is not usable: "+test.want, err.Error())
		})
	}
}

func TestNewClientRefusesContradictions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*nhncloud.Config)
		want   string
	}{
		"environment":            {func(c *nhncloud.Config) { c.Environment = "publik" }, `Environment "publik" is not one of public, gov, ngsc, ninc, ngovc, ngoic, ncgn`},
		"environment in capital": {func(c *nhncloud.Config) { c.Environment = "Public" }, `Environment "Public" is not one of`},
		"region":                 {func(c *nhncloud.Config) { c.Region = "KR9" }, `Region "KR9" is not in environment "public", which has JP1, KR1, KR2, KR3, US1`},
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
	t.Run("own tokens", func(t *testing.T) {
		t.Parallel()
		_, err := nhncloud.NewClient(nhncloud.Config{Region: "KR1", TenantID: "t"}, nhncloud.WithTokenSource(nhncloud.StaticToken("t")))
		assert.NoError(t, err, "neither an account nor an environment is needed")
	})
}

func lookupIn(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := variables[name]
		return v, ok
	}
}

func TestConfigFrom(t *testing.T) {
	t.Parallel()
	all := map[string]string{
		"NHNCLOUD_ENVIRONMENT":              "gov",
		"NHNCLOUD_AUTH_URL":                 "https://a.example.com",
		"NHNCLOUD_REGION":                   "KR2",
		"NHNCLOUD_TENANT_ID":                "tenant",
		"NHNCLOUD_OBJECT_STORAGE_TENANT_ID": "storage",
		"NHNCLOUD_APPKEY":                   "appkey",
		"NHNCLOUD_USERNAME":                 "user",
		"NHNCLOUD_PASSWORD":                 "password",
		"NHNCLOUD_ENDPOINT_APPKEY":          "https://e.example.com/a",
		"NHNCLOUD_ENDPOINT_BLOCKSTORAGE":    "https://e.example.com/b",
		"NHNCLOUD_ENDPOINT_COMPUTE":         "https://e.example.com/c",
		"NHNCLOUD_ENDPOINT_IMAGE":           "https://e.example.com/i",
		"NHNCLOUD_ENDPOINT_KEYMANAGER":      "https://e.example.com/m",
		"NHNCLOUD_ENDPOINT_KUBERNETES":      "https://e.example.com/k",
		"NHNCLOUD_ENDPOINT_NETWORK":         "https://e.example.com/n",
		"NHNCLOUD_ENDPOINT_OBJECTSTORAGE":   "https://e.example.com/o",
	}
	whole := nhncloud.Config{
		Environment: nhncloud.Gov, AuthURL: "https://a.example.com", Region: nhncloud.KR2, TenantID: "tenant",
		ObjectStorageTenantID: "storage", AppKey: "appkey", Username: "user", Password: "password",
		Endpoints: map[nhncloud.Service]string{
			nhncloud.ServiceAppKey:        "https://e.example.com/a",
			nhncloud.ServiceBlockStorage:  "https://e.example.com/b",
			nhncloud.ServiceCompute:       "https://e.example.com/c",
			nhncloud.ServiceImage:         "https://e.example.com/i",
			nhncloud.ServiceKeyManager:    "https://e.example.com/m",
			nhncloud.ServiceKubernetes:    "https://e.example.com/k",
			nhncloud.ServiceNetwork:       "https://e.example.com/n",
			nhncloud.ServiceObjectStorage: "https://e.example.com/o",
		},
	}
	openstack := map[string]string{
		"OS_AUTH_URL": "https://os.example.com", "OS_REGION_NAME": "OS1", "OS_TENANT_ID": "os-tenant", "OS_USERNAME": "os-user", "OS_PASSWORD": "os-password",
	}
	both := maps.Clone(all)
	maps.Copy(both, openstack)
	both["OS_PROJECT_ID"] = "another"

	for name, test := range map[string]struct {
		variables map[string]string
		want      nhncloud.Config
	}{
		"nothing":               {nil, nhncloud.Config{Environment: nhncloud.Public}},
		"everything":            {all, whole},
		"NHNCLOUD before OS":    {both, whole},
		"OS alone":              {openstack, nhncloud.Config{AuthURL: "https://os.example.com", Region: "OS1", TenantID: "os-tenant", Username: "os-user", Password: "os-password"}},
		"project":               {map[string]string{"OS_PROJECT_ID": "p"}, nhncloud.Config{Environment: nhncloud.Public, TenantID: "p"}},
		"tenant and project":    {map[string]string{"OS_TENANT_ID": "p", "OS_PROJECT_ID": " p "}, nhncloud.Config{Environment: nhncloud.Public, TenantID: "p"}},
		"blank is not set":      {map[string]string{"NHNCLOUD_TENANT_ID": " ", "OS_TENANT_ID": "", "OS_PROJECT_ID": "p", "NHNCLOUD_PASSWORD": "", "OS_PASSWORD": "x"}, nhncloud.Config{Environment: nhncloud.Public, TenantID: "p", Password: "x"}},
		"spaces":                {map[string]string{"NHNCLOUD_USERNAME": " u\n", "NHNCLOUD_PASSWORD": " pass word "}, nhncloud.Config{Environment: nhncloud.Public, Username: "u", Password: " pass word "}},
		"a password of spaces":  {map[string]string{"NHNCLOUD_PASSWORD": "  ", "OS_PASSWORD": "x"}, nhncloud.Config{Environment: nhncloud.Public, Password: "  "}},
		"environment by letter": {map[string]string{"NHNCLOUD_ENVIRONMENT": "NGSC"}, nhncloud.Config{Environment: nhncloud.NGSC}},
		"no default beside an auth URL": {
			map[string]string{"OS_AUTH_URL": "https://a.example.com"}, nhncloud.Config{AuthURL: "https://a.example.com"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := nhncloud.ConfigFrom(lookupIn(test.variables))
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}

	t.Run("tenant against project", func(t *testing.T) {
		t.Parallel()
		got, err := nhncloud.ConfigFrom(lookupIn(map[string]string{"OS_TENANT_ID": "a", "OS_PROJECT_ID": "b", "OS_PASSWORD": marker}))
		e := requireRefused(t, err, "OS_TENANT_ID")
		assert.Contains(t, e.Message, "OS_PROJECT_ID")
		assert.Contains(t, e.Message, "NHNCLOUD_TENANT_ID")
		assert.Zero(t, got)
	})
}

// The names of the variables are those of the real environment.
func TestConfigFromEnv(t *testing.T) {
	cloud := nhncloudtest.Start(t)
	for _, variable := range cloud.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	config, err := nhncloud.ConfigFromEnv()
	require.NoError(t, err)
	assert.Equal(t, cloud.TenantID, config.TenantID)
	client, err := nhncloud.NewClient(config)
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	_, err = compute.New(client).Zones.List(t.Context())
	require.NoError(t, err)
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		option nhncloud.Option
		field  string
	}{
		"http client":     {nhncloud.WithHTTPClient(nil), "WithHTTPClient"},
		"attempts":        {nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: -1}), "RetryPolicy.MaxAttempts"},
		"base delay":      {nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: -1}), "RetryPolicy.BaseDelay"},
		"max delay":       {nhncloud.WithRetry(nhncloud.RetryPolicy{MaxDelay: -time.Second}), "RetryPolicy.MaxDelay"},
		"max retry after": {nhncloud.WithRetry(nhncloud.RetryPolicy{MaxRetryAfter: -1}), "RetryPolicy.MaxRetryAfter"},
		"middleware":      {nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper { return next }, nil), "WithMiddleware"},
		"user agent":      {nhncloud.WithUserAgent("a\r\nX-Evil: 1"), "WithUserAgent"},
		"DEL":             {nhncloud.WithUserAgent("a\x7f"), "WithUserAgent"},
		"max response 0":  {nhncloud.WithMaxResponse(0), "WithMaxResponse"},
		"max response -1": {nhncloud.WithMaxResponse(-1), "WithMaxResponse"},
		"token source":    {nhncloud.WithTokenSource(nil), "WithTokenSource"},
		"region":          {nhncloud.WithRegion("KR4"), "Config"},
		"no region":       {nhncloud.WithRegion(""), "Config"},
		"endpoint":        {nhncloud.WithEndpoint(nhncloud.ServiceCompute, "compute.example.com"), "Config"},
		"plain endpoint":  {nhncloud.WithEndpoint(nhncloud.ServiceCompute, "http://compute.example.com"), "Config"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := nhncloud.NewClient(goodConfig(), test.option)
			assert.Nil(t, client)
			requireRefused(t, err, test.field)

			good, err := nhncloud.NewClient(goodConfig(), nil, nhncloud.WithLogger(nil), nhncloud.WithTokenCache(nil), nhncloud.WithMiddleware())
			require.NoError(t, err, "nil options and the like do nothing")
			client, err = good.With(nil, test.option)
			assert.Nil(t, client)
			requireRefused(t, err, test.field)
		})
	}
	t.Run("policy of a call", func(t *testing.T) {
		t.Parallel()
		client, sent := scriptClient(t, nil, answer(200, thingAnswer))
		ctx := nhncloud.ContextWithRetry(t.Context(), nhncloud.RetryPolicy{MaxAttempts: -1})
		requireRefused(t, client.Do(ctx, getRequest(), nil), "RetryPolicy.MaxAttempts")
		assert.Zero(t, sent.count())
	})
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	const own = "nhncloud-go/" + nhncloud.Version + " (go"
	for name, test := range map[string]struct {
		options []nhncloud.Option
		want    string
	}{
		"default": {nil, own},
		"program": {[]nhncloud.Option{nhncloud.WithUserAgent("백업/1.2")}, "백업/1.2 " + own},
		"empty":   {[]nhncloud.Option{nhncloud.WithUserAgent("")}, own},
		"last":    {[]nhncloud.Option{nhncloud.WithUserAgent("a/1"), nhncloud.WithUserAgent("b/1")}, "b/1 " + own},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got string
			client, _ := scriptClient(t, test.options, func(r *http.Request) (*http.Response, error) {
				got = r.Header.Get("User-Agent")
				return answer(204, "")(r)
			})
			require.NoError(t, client.Do(t.Context(), getRequest(), nil))
			assert.True(t, strings.HasPrefix(got, test.want), got)
		})
	}
}

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

func TestRegionsOfEnvironments(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []nhncloud.Region{nhncloud.JP1, nhncloud.KR1, nhncloud.KR2, nhncloud.KR3, nhncloud.US1}, nhncloud.Public.Regions())
	assert.Equal(t, []nhncloud.Region{nhncloud.KR4}, nhncloud.NGOIC.Regions())
	assert.Empty(t, nhncloud.Environment("moon").Regions())
	first := nhncloud.Public.Regions()
	slices.Reverse(first)
	assert.Equal(t, nhncloud.JP1, nhncloud.Public.Regions()[0], "each caller has a list of its own")
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
