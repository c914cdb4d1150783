package endpoint_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud/internal/endpoint"
)

func TestSplitVersion(t *testing.T) {
	t.Parallel()
	for template, want := range map[string][2]string{
		"/v2/{tenantId}/servers/{serverId}":  {"/v2/{tenantId}", "/servers/{serverId}"},
		"/v2/{tenantId}":                     {"/v2/{tenantId}", ""},
		"/v2/{tenantId}/":                    {"/v2/{tenantId}", "/"},
		"/v2.0/networks":                     {"/v2.0", "/networks"},
		"/v2.0/networks/{tenantId}":          {"/v2.0", "/networks/{tenantId}"},
		"/v1/{Account}":                      {"/v1/{Account}", ""},
		"/v1/{Account}/{container}/{object}": {"/v1/{Account}", "/{container}/{object}"},
		"/v1/{account}/x":                    {"/v1", "/{account}/x"},
		"/v1/clusters":                       {"/v1", "/clusters"},
		"/v1.0/appkeys/{appkey}/tokens":      {"/v1.0", "/appkeys/{appkey}/tokens"},
		"/v2":                                {"/v2", ""},
		"/v2/":                               {"/v2", "/"},
		"/v22.1.3/x":                         {"/v22.1.3", "/x"},
		"/":                                  {"", "/"},
		"":                                   {"", ""},
		"/v":                                 {"", "/v"},
		"/v/x":                               {"", "/v/x"},
		"/v.1/x":                             {"", "/v.1/x"},
		"/vpcs":                              {"", "/vpcs"},
		"/v2x/servers":                       {"", "/v2x/servers"},
		"/V2/servers":                        {"", "/V2/servers"},
		"v2/servers":                         {"", "v2/servers"},
		"/images/v2":                         {"", "/images/v2"},
		"//v2/x":                             {"", "//v2/x"},
		"/v２/x":                              {"", "/v２/x"},
		"/v2{tenantId}/x":                    {"", "/v2{tenantId}/x"},
		"/v2/{tenantId}{x}":                  {"/v2/{tenantId}", "{x}"},
		"/v2.0/users/{api-user-id}/credentials/x": {"/v2.0", "/users/{api-user-id}/credentials/x"},
	} {
		version, rest := endpoint.SplitVersion(template)
		assert.Equal(t, want, [2]string{version, rest}, template)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	const (
		servers    = "/v2/{tenantId}/servers"
		networks   = "/v2.0/networks"
		containers = "/v1/{Account}/{container}"
		tokens     = "/v1.0/appkeys/{appkey}/tokens"
	)
	for _, test := range []struct{ base, template, want string }{
		{"", servers, servers},
		{"/prefix", servers, servers},
		{"/v2", servers, "/{tenantId}/servers"},
		{"/prefix/v2.1", servers, "/{tenantId}/servers"},
		{"/v2/6cdebe3e", servers, "/servers"},
		{"/prefix/v2/6cdebe3e", servers, "/servers"},
		{"/v2/6cdebe3e/x", servers, servers},
		{"", networks, networks},
		{"/v2.0", networks, "/networks"},
		{"/a/b/v2.0", networks, "/networks"},
		{"/v1/network", networks, networks}, // not a version, but where the service is
		{"/v1", containers, "/{Account}/{container}"},
		{"/v1/AUTH_6cdebe3e", containers, "/{container}"},
		{"", containers, containers},
		{"/compute", tokens, tokens},
		{"/compute/v1.0", tokens, "/appkeys/{appkey}/tokens"},
		{"/v2/x", "/servers", "/servers"},
		{"/v2", "/servers", "/servers"},
		{"", "", ""},
		{"v2", networks, networks},
		{"/v2/", networks, networks},
	} {
		assert.Equal(t, test.want, endpoint.Missing(test.base, test.template), "%q + %q", test.base, test.template)
	}
}

func FuzzSplitVersion(f *testing.F) {
	for _, seed := range []string{"", "/", "/v2/{tenantId}/servers", "/v2.0/networks", "/v1/{Account}/{container}", "/v", "v2", "//", "/v2//", "/v2/{tenantId}{Account}"} {
		f.Add(seed, "/prefix/v2")
		f.Add(seed, "/v2/x")
	}
	f.Fuzz(func(t *testing.T, template, base string) {
		version, rest := endpoint.SplitVersion(template)
		assert.Equal(t, template, version+rest)
		if version != "" {
			assert.True(t, strings.HasPrefix(version, "/v"))
			assert.NotContains(t, strings.TrimSuffix(strings.TrimSuffix(version[1:], "/{tenantId}"), "/{Account}"), "/")
			again, _ := endpoint.SplitVersion(version)
			assert.Equal(t, version, again)
		}
		missing := endpoint.Missing(base, template)
		assert.True(t, strings.HasSuffix(template, missing))
		assert.True(t, strings.HasSuffix(missing, rest), "only the version may be left out")
		assert.Equal(t, template, endpoint.Missing("", template))
	})
}
