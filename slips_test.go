package nhncloud_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// What is missing in a configuration from the environment is told by the names
// of the variables, and so is what was set under another name.
func TestMissingVariables(t *testing.T) {
	t.Parallel()
	const (
		password = "Password is missing (NHNCLOUD_PASSWORD or OS_PASSWORD)"
		region   = "Region is missing (NHNCLOUD_REGION or OS_REGION_NAME)"
		tenant   = "TenantID is missing (NHNCLOUD_TENANT_ID, OS_TENANT_ID or OS_PROJECT_ID; or NHNCLOUD_APPKEY, for the v1.0 API alone)"
		username = "Username is missing (NHNCLOUD_USERNAME or OS_USERNAME)"
	)
	slip := func(set, wanted string) string { return set + " is set, but not read; is " + wanted + " meant?" }
	account := map[string]string{"NHNCLOUD_REGION": "KR1", "NHNCLOUD_TENANT_ID": "t", "NHNCLOUD_USERNAME": "u"} // no password
	for name, test := range map[string]struct {
		base map[string]string
		set  string // with the marker for a value
		want []string
	}{
		"nothing":  {want: []string{password, region, tenant, username}},
		"region":   {base: map[string]string{"NHNCLOUD_TENANT_ID": "t", "NHNCLOUD_USERNAME": "u", "NHNCLOUD_PASSWORD": "p"}, want: []string{region}},
		"password": {base: account, want: []string{password}},
		"v1.0":     {base: map[string]string{"NHNCLOUD_APPKEY": "k", "NHNCLOUD_USERNAME": "u"}, want: []string{password}},

		"user":    {set: "NHNCLOUD_USER", want: []string{password, region, tenant, username, slip("NHNCLOUD_USER", "NHNCLOUD_USERNAME")}},
		"tenant":  {set: "NHNCLOUD_TENANT", want: []string{password, region, tenant, username, slip("NHNCLOUD_TENANT", "NHNCLOUD_TENANT_ID")}},
		"project": {set: "OS_PROJECT_NAME", want: []string{password, region, tenant, username, slip("OS_PROJECT_NAME", "NHNCLOUD_TENANT_ID")}},
		"appkey":  {set: "NHNCLOUD_APP_KEY", want: []string{password, region, tenant, username, slip("NHNCLOUD_APP_KEY", "NHNCLOUD_APPKEY")}},
		"pass":    {base: account, set: "NHNCLOUD_API_PASSWORD", want: []string{password, slip("NHNCLOUD_API_PASSWORD", "NHNCLOUD_PASSWORD")}},
		"env":     {base: account, set: "NHNCLOUD_ENV", want: []string{password, slip("NHNCLOUD_ENV", "NHNCLOUD_ENVIRONMENT")}},
		"endpoint": {
			base: account, set: "NHNCLOUD_ENDPOINT_OBJECT_STORAGE",
			want: []string{password, slip("NHNCLOUD_ENDPOINT_OBJECT_STORAGE", "NHNCLOUD_ENDPOINT_OBJECTSTORAGE")},
		},
		"compute":                     {base: account, set: "NHNCLOUD_COMPUTE_ENDPOINT", want: []string{password, slip("NHNCLOUD_COMPUTE_ENDPOINT", "NHNCLOUD_ENDPOINT_COMPUTE")}},
		"what is set needs no advice": {base: account, set: "NHNCLOUD_USER", want: []string{password}},
		"blank is not set":            {base: map[string]string{"NHNCLOUD_USER": " "}, want: []string{password, region, tenant, username}},
		"another program's":           {base: account, set: "NHNCLOUD_OPERATIONS_LOG", want: []string{password}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := map[string]string{test.set: marker}
			for name, value := range test.base {
				set[name] = value
			}
			config, err := nhncloud.ConfigFrom(lookupIn(set))
			require.NoError(t, err)
			_, err = nhncloud.NewClient(config)
			e := requireRefused(t, err, "Config")
			assert.Equal(t, "is not usable: "+strings.Join(test.want, "; "), e.Message)
		})
	}
}

// A slip that leaves nothing missing is no error: it is told to the logger. What
// the program has set itself meanwhile is no slip any more.
func TestSlipsAreLogged(t *testing.T) {
	t.Parallel()
	config, err := nhncloud.ConfigFrom(lookupIn(map[string]string{
		"NHNCLOUD_REGION": "KR1", "NHNCLOUD_TENANT_ID": "t", "NHNCLOUD_USER": marker, "NHNCLOUD_PASSWORD": "p",
		"NHNCLOUD_ENV": "gov", "NHNCLOUD_ENDPOINT_BLOCK_STORAGE": "https://" + marker, "OS_PROJECT_NAME": marker,
	}))
	require.NoError(t, err)
	config.Username = "from a flag"
	var w warnings
	client, err := nhncloud.NewClient(config, w.option())
	require.NoError(t, err)
	_, err = client.With(nhncloud.WithRegion(nhncloud.KR2))
	require.NoError(t, err)
	lines := w.lines()
	require.Len(t, lines, 2)
	assert.Contains(t, lines[0], "NHNCLOUD_ENV is set, but not read; is NHNCLOUD_ENVIRONMENT meant?")
	assert.Contains(t, lines[1], "NHNCLOUD_ENDPOINT_BLOCK_STORAGE is set, but not read; is NHNCLOUD_ENDPOINT_BLOCKSTORAGE meant?")
	assert.NotContains(t, strings.Join(lines, ""), marker)
}

// In the environment of the process every name is looked at, also those that
// nobody has thought of.
func TestSlipsInTheEnvironment(t *testing.T) {
	for _, name := range []string{"NHNCLOUD_REGION", "OS_REGION_NAME", "NHNCLOUD_USERNAME", "OS_USERNAME", "NHNCLOUD_AUTH_URL", "OS_AUTH_URL"} {
		t.Setenv(name, "")
	}
	for name, want := range map[string]string{
		"NHNCLOUD_REGOIN":          "NHNCLOUD_REGION",
		"NHN_CLOUD_REGION":         "NHNCLOUD_REGION",
		"nhncloud_region":          "NHNCLOUD_REGION",
		"NHNCLOUD_USERNAMES":       "NHNCLOUD_USERNAME",
		"NHNCLUOD_USERNAME":        "NHNCLOUD_USERNAME",
		"NHNCLOUD_AUTH_URI":        "NHNCLOUD_AUTH_URL",
		"NHNCLOUD_REGION_OF_MINE":  "",
		"NHNCLOUD_OPERATIONS_LOG2": "",
		"MY_NHNCLOUD_REGION":       "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, marker)
			config, err := nhncloud.ConfigFromEnv()
			require.NoError(t, err)
			_, err = nhncloud.NewClient(config)
			e := requireRefused(t, err, "Config")
			if want == "" {
				assert.NotContains(t, e.Message, name+" is set")
			} else {
				assert.Contains(t, e.Message, name+" is set, but not read; is "+want+" meant?")
			}
			assert.NotContains(t, e.Message, marker)
		})
	}
}
