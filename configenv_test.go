package nhncloud_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

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
			assert.EqualExportedValues(t, test.want, got)
		})
	}

	t.Run("nothing to tell", func(t *testing.T) {
		t.Parallel()
		got, err := nhncloud.ConfigFrom(lookupIn(all))
		require.NoError(t, err)
		assert.Equal(t, whole, got, "it is no other than one that a program writes down")
	})
	t.Run("no lookup", func(t *testing.T) {
		t.Parallel()
		_, err := nhncloud.ConfigFrom(nil)
		requireRefused(t, err, "lookup")
	})
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
