package cloudsyaml_test

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2/openstack/config/clouds"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/cloudsyaml"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// folder is one with files by their names.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

// env returns a look-up in pairs of names and values.
func env(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

const (
	authURL = "https://api-identity-infrastructure.nhncloudservice.com/v2.0"
	tenant  = "6cdebe3eb0094910bc41f1d42ebe4cb7"
	plain   = `clouds:
  nhn:
    auth:
      auth_url: ` + authURL + `
      username: user@example.com
      password: sesame
      project_id: ` + tenant + `
    region_name: KR1
    interface: public
    identity_api_version: 2
`
)

// What gophercloud makes of files is what this package makes of them.
func TestLikeGophercloud(t *testing.T) {
	for name, test := range map[string]struct {
		files  map[string]string
		region string // OS_REGION_NAME
		want   nhncloud.Config
	}{
		"plain": {map[string]string{"clouds.yaml": plain}, "", nhncloud.Config{Region: nhncloud.KR1, Password: "sesame"}},
		"region of the environment": {
			map[string]string{"clouds.yaml": plain}, "JP1", nhncloud.Config{Region: nhncloud.JP1, Password: "sesame"},
		},
		"secure.yaml wins": {
			map[string]string{"clouds.yaml": plain, "secure.yaml": "clouds: {nhn: {auth: {password: other}}, b: {auth: {password: x}}}"},
			"", nhncloud.Config{Region: nhncloud.KR1, Password: "other"},
		},
		"empty values of secure.yaml": {
			map[string]string{"clouds.yaml": plain, "secure.yaml": "clouds: {nhn: {auth: {password: '', username: }}}"},
			"", nhncloud.Config{Region: nhncloud.KR1, Password: "sesame"},
		},
		"numbers": {
			map[string]string{"clouds.yaml": strings.Replace(plain, "sesame", "0123", 1)}, "", nhncloud.Config{Region: nhncloud.KR1, Password: "0123"},
		},
		"quotes and a comment": {
			map[string]string{"clouds.yaml": strings.Replace(plain, "sesame", `"a # b\"" # c`, 1)}, "", nhncloud.Config{Region: nhncloud.KR1, Password: `a # b"`},
		},
		"JSON": {
			map[string]string{"clouds.yaml": `{"clouds": {"nhn": {"auth": {"auth_url": "` + authURL + `", "username": "user@example.com", "password": "p", "project_id": "` + tenant + `"}, "region_name": "KR2"}}}`},
			"", nhncloud.Config{Region: nhncloud.KR2, Password: "p"},
		},
		"anchors": {
			map[string]string{"clouds.yaml": `
base: &base {username: user@example.com, project_id: ` + tenant + `, password: low}
clouds:
  nhn:
    auth: {<<: *base, auth_url: "` + authURL + `", password: high}
    region_name: KR1
`}, "", nhncloud.Config{Region: nhncloud.KR1, Password: "high"},
		},
		"profile": {
			map[string]string{
				"clouds.yaml":        "clouds: {nhn: {profile: toast, auth: {username: user@example.com, password: p, project_id: " + tenant + "}}}",
				"clouds-public.yaml": "public-clouds: {toast: {auth: {auth_url: '" + authURL + "', username: nobody}, region_name: KR3}}",
			}, "", nhncloud.Config{Region: nhncloud.KR3, Password: "p"},
		},
		"cloud as the profile": {
			map[string]string{
				"clouds.yaml":        "clouds: {nhn: {cloud: toast, region_name: KR2, auth: {username: user@example.com, password: p, project_id: " + tenant + "}}}",
				"clouds-public.yaml": "public-clouds: {toast: {auth: {auth_url: '" + authURL + "'}, region_name: KR3}}",
			}, "", nhncloud.Config{Region: nhncloud.KR2, Password: "p"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, test.files)
			t.Chdir(dir)
			t.Setenv("OS_CLOUD", "nhn")
			t.Setenv("OS_REGION_NAME", test.region)
			t.Setenv("OS_CLIENT_CONFIG_FILE", "")
			t.Setenv("OS_INTERFACE", "")
			auth, endpoints, _, err := clouds.Parse()
			require.NoError(t, err)
			test.want.AuthURL, test.want.TenantID, test.want.Username = authURL, tenant, "user@example.com"
			assert.Equal(t, test.want, nhncloud.Config{
				AuthURL: auth.IdentityEndpoint, TenantID: auth.TenantID, Username: auth.Username,
				Password: nhncloud.Secret(auth.Password), Region: nhncloud.Region(endpoints.Region),
			}, "gophercloud")

			cloud, err := cloudsyaml.Load("")
			require.NoError(t, err)
			assert.Equal(t, test.want, cloud.Config)
			assert.Equal(t, "nhn", cloud.Name)
			assert.Equal(t, "clouds.yaml", cloud.File)
			assert.Nil(t, cloud.TLS)
			client, err := cloud.NewClient()
			require.NoError(t, err)
			assert.Equal(t, nhncloud.Public, client.Config().Environment, "it follows from the URL")
		})
	}
}

// The certificates are those that gophercloud reads.
func TestCertificates(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	dir := folder(t, map[string]string{
		"ca.pem": ca, "empty.pem": "", "home/ca.pem": ca,
		"clouds.yaml": plain + "    cacert: ca.pem\n  open: {verify: false, auth: {auth_url: 'https://localhost'}}\n",
	})
	t.Chdir(dir)
	t.Setenv("OS_CACERT", "")
	_, _, theirs, err := clouds.Parse(clouds.WithCloudName("nhn"))
	require.NoError(t, err)
	cloud, err := cloudsyaml.LoadFrom("nhn", env())
	require.NoError(t, err)
	assert.True(t, theirs.RootCAs.Equal(cloud.TLS.RootCAs))
	assert.False(t, cloud.TLS.InsecureSkipVerify)
	cloud, err = cloudsyaml.LoadFrom("nhn", env("OS_CACERT", "~/ca.pem", "HOME", filepath.Join(dir, "home")))
	require.NoError(t, err)
	assert.True(t, theirs.RootCAs.Equal(cloud.TLS.RootCAs))

	// The client trusts what the file names, and nothing else.
	for name, want := range map[string]bool{"nhn": true, "bare": false, "open": true} {
		cloud.TLS = nil
		if name != "bare" {
			cloud, err = cloudsyaml.LoadFrom(name, env())
			require.NoError(t, err)
		}
		cloud.Config = nhncloud.Config{
			Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: tenant,
			Endpoints: map[nhncloud.Service]string{nhncloud.ServiceCompute: server.URL},
		}
		cloud.Token = "token"
		client, err := cloud.NewClient(nhncloud.WithRetry(nhncloud.NoRetry))
		require.NoError(t, err)
		_, err = compute.New(client).Servers.Get(t.Context(), "1")
		assert.Equal(t, want, errors.Is(err, nhncloud.ErrNotFound), "%s: %v", name, err)
		client.CloseIdleConnections()
	}
	for fields, want := range map[string]string{
		"cacert: none.pem": "cacert can't be read", "cacert: empty.pem": "cacert has no certificate", "cert: ca.pem": "key is missing",
		"key: ca.pem": "cert is missing", "cert: ca.pem\n    key: ca.pem": "cert can't be used", "verify: perhaps": "verify has to be true or false",
	} {
		require.NoError(t, os.WriteFile("clouds.yaml", []byte(plain+"    "+fields+"\n"), 0o600))
		_, err := cloudsyaml.LoadFrom("nhn", env())
		require.ErrorIs(t, err, nhncloud.ErrInvalidArgument, fields)
		assert.ErrorContains(t, err, want)
	}
}

// Regions are names, or names with values.
func TestRegions(t *testing.T) {
	dir := folder(t, map[string]string{"clouds.yaml": plain + `
  two: {auth: {auth_url: "` + authURL + `", project_id: a}, regions: [KR1, {name: JP1, values: {auth: {project_id: b}}}, KR2]}
  bad: {auth: {auth_url: "` + authURL + `"}, regions: KR1}
  nameless: {auth: {auth_url: "` + authURL + `"}, regions: [{values: {}}]}
`})
	t.Chdir(dir)
	for region, want := range map[string]nhncloud.Config{
		"": {Region: "KR1", TenantID: "a"}, "JP1": {Region: "JP1", TenantID: "b"}, "KR2": {Region: "KR2", TenantID: "a"},
	} {
		cloud, err := cloudsyaml.LoadFrom("two", env("OS_REGION_NAME", region))
		require.NoError(t, err)
		want.AuthURL = authURL
		assert.Equal(t, want, cloud.Config)
	}
	_, err := cloudsyaml.LoadFrom("two", env("OS_REGION_NAME", "US1"))
	require.ErrorContains(t, err, "clouds.two.regions has no US1 but KR1, JP1, KR2")
	_, err = cloudsyaml.LoadFrom("bad", env())
	require.ErrorContains(t, err, "clouds.bad.regions has to be a list")
	_, err = cloudsyaml.LoadFrom("nameless", env())
	require.ErrorContains(t, err, "clouds.nameless.regions[0] has no name")
}

// What goes beyond OpenStack, and what other tools put into such files.
func TestFields(t *testing.T) {
	dir := folder(t, map[string]string{"clouds.yml": `
clouds:
  nhn:
    auth: {tenant_id: ` + tenant + `, username: u, password: p}
    auth_type: v2password
    region_name: KR1
    compute_api_version: "2.1"
    compute_endpoint_override: https://compute.example.com
    volume_endpoint_override: https://volume.example.com
    object_store_endpoint_override: https://objects.example.com
    nhncloud: {environment: gov, appkey: key, object_storage_tenant_id: o}
  token: {auth: {auth_url: "` + authURL + `", token: t0ken}, auth_type: v2token}
`})
	t.Chdir(dir)
	cloud, err := cloudsyaml.LoadFrom("nhn", env())
	require.NoError(t, err)
	assert.Equal(t, nhncloud.Config{
		Environment: nhncloud.Gov, Region: "KR1", TenantID: tenant, Username: "u", Password: "p", AppKey: "key", ObjectStorageTenantID: "o",
		Endpoints: map[nhncloud.Service]string{
			nhncloud.ServiceCompute: "https://compute.example.com", nhncloud.ServiceBlockStorage: "https://volume.example.com",
			nhncloud.ServiceObjectStorage: "https://objects.example.com",
		},
	}, cloud.Config)
	assert.Equal(t, "clouds.yml", cloud.File)
	cloud, err = cloudsyaml.LoadFrom("token", env())
	require.NoError(t, err)
	assert.Equal(t, nhncloud.Secret("t0ken"), cloud.Token)
	for _, verb := range []string{"%v", "%+v", "%#v", "%d"} {
		assert.Equal(t, "cloudsyaml.Cloud(token)", fmt.Sprintf(verb, cloud))
	}
}

// What NHN Cloud can't do is refused by its name.
func TestRefused(t *testing.T) {
	t.Chdir(folder(t, nil))
	for field, want := range map[string]string{
		"auth_type: v3password":              "auth_type needs identity v3",
		"auth_type: v3applicationcredential": "auth_type needs identity v3",
		"auth_type: token":                   "auth.token is missing for auth_type token",
		"identity_api_version: 3":            "identity_api_version has to be 2",
		"interface: internal":                "interface has to be public",
		"endpoint_type: adminURL":            "interface has to be public",
		"dns_endpoint_override: https://x":   "dns_endpoint_override is of a service that the SDK does not know",
		"volume_endpoint_override: https://x\n    volumev2_endpoint_override: https://y": "volumev2_endpoint_override differs",
		"region_name: [KR1]":                               "region_name has to be a text",
		"auth: {application_credential_id: a}":             "auth.application_credential_id needs identity v3, and NHN Cloud has v2.0, without application credentials",
		"auth: {user_id: u}":                               "auth.user_id needs identity v3",
		"auth: {trust_id: t}":                              "auth.trust_id needs identity v3",
		"auth: {user_domain_name: corp}":                   "auth.user_domain_name names a domain",
		"auth: {project_name: p, user_domain_id: default}": "auth.project_name can't be looked up",
		"auth: {project_id: p, tenant_id: q}":              "auth.tenant_id differs from auth.project_id",
		"auth: {username: u}":                              "auth.auth_url is missing",
	} {
		require.NoError(t, os.WriteFile("clouds.yaml", []byte("clouds:\n  nhn:\n    "+field+"\n"), 0o600))
		_, err := cloudsyaml.LoadFrom("", env())
		require.ErrorIs(t, err, nhncloud.ErrInvalidArgument, field)
		assert.ErrorContains(t, err, "clouds.nhn."+want)
	}
	_, err := cloudsyaml.LoadFrom("", env("OS_INTERFACE", "admin"))
	assert.ErrorContains(t, err, "interface has to be public")
	_, err = cloudsyaml.LoadFrom("other", env())
	assert.ErrorContains(t, err, "cloud other is not in clouds.yaml, which has nhn")
	require.NoError(t, os.WriteFile("clouds.yaml", []byte("clouds: {a: {}, b: {}}"), 0o600))
	_, err = cloudsyaml.LoadFrom("", env())
	assert.ErrorContains(t, err, "OS_CLOUD is not set; clouds.yaml has a, b")
	_, err = cloudsyaml.LoadFrom("", nil)
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
}

// Files are looked for where other tools look for them.
func TestSearchPath(t *testing.T) {
	named := func(user string) string { return strings.Replace(plain, "user@example.com", user, 1) }
	dir := folder(t, map[string]string{
		"xdg/openstack/clouds.yaml": named("xdg"), "home/.config/openstack/clouds.yaml": named("home"), "own/my.yaml": named("own"),
		"home/.config/openstack/secure.yaml": "clouds: {nhn: {auth: {password: from-home}}}",
		"own/secret.yaml":                    "clouds: {nhn: {auth: {password: from-own}}}", "cwd/x": "",
	})
	t.Chdir(filepath.Join(dir, "cwd"))
	home, xdg, own := filepath.Join(dir, "home"), filepath.Join(dir, "xdg"), filepath.Join(dir, "own")
	for _, test := range []struct {
		env            []string
		user, password string
	}{
		{[]string{"HOME", home}, "home", "from-home"},
		{[]string{"HOME", home, "XDG_CONFIG_HOME", xdg}, "xdg", "sesame"},
		{[]string{"HOME", home, "OS_CLIENT_CONFIG_FILE", filepath.Join(own, "my.yaml")}, "own", "from-home"},
		{[]string{"OS_CLIENT_CONFIG_FILE", filepath.Join(own, "my.yaml"), "OS_CLIENT_SECURE_FILE", filepath.Join(own, "secret.yaml")}, "own", "from-own"},
	} {
		cloud, err := cloudsyaml.LoadFrom("nhn", env(test.env...))
		require.NoError(t, err)
		assert.Equal(t, test.user, cloud.Config.Username)
		assert.Equal(t, nhncloud.Secret(test.password), cloud.Config.Password)
	}
	_, err := cloudsyaml.LoadFrom("nhn", env())
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.ErrorContains(t, err, "find clouds.yaml in ., ")
	_, err = cloudsyaml.LoadFrom("nhn", env("OS_CLIENT_CONFIG_FILE", "none.yaml"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoError(t, os.WriteFile("clouds.yaml", []byte("clouds: {nhn: {profile: toast}}"), 0o600))
	_, err = cloudsyaml.LoadFrom("nhn", env())
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.ErrorContains(t, err, "clouds-public.yaml")
}

// No error tells what stands in a file.
func TestErrorsQuoteNothing(t *testing.T) {
	t.Chdir(folder(t, nil))
	const secret = "s3same0pen"
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range 9 {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 10), ","))
	}
	for name, text := range map[string]string{
		"alias":       "clouds:\n  nhn:\n    auth:\n      password: *" + secret,
		"tag":         "password: !!int " + secret + "\nclouds: [",
		"tab":         "clouds:\n\tpassword: " + secret,
		"colon":       "clouds:\n  password: " + secret + ": x: y",
		"quote":       `clouds: {password: "` + secret,
		"percent":     "clouds:\n  password: %" + secret,
		"scalar":      secret,
		"list":        "- " + secret,
		"twice":       "clouds: {nhn: {password: a, password: " + secret + "}}",
		"key":         "clouds: {? [" + secret + "] : x}",
		"bytes":       "clouds: \x00" + secret,
		"a list":      "clouds: {nhn: {auth: {password: [" + secret + "]}}}",
		"token":       "clouds: {nhn: {auth: {auth_url: x, token: {a: " + secret + "}}}}",
		"bomb":        bomb + "password: " + secret,
		"large":       "#" + secret + strings.Repeat("x", 1<<20),
		"no mappings": "clouds: " + secret,
		"a text":      "clouds: {nhn: " + secret + "}",
	} {
		require.NoError(t, os.WriteFile("clouds.yaml", []byte(text), 0o600))
		_, err := cloudsyaml.LoadFrom("nhn", env())
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), secret, name)
		assert.NotContains(t, err.Error(), secret[:5], name)
	}
	for _, text := range []string{"", "# nothing", "null"} {
		require.NoError(t, os.WriteFile("clouds.yaml", []byte(text), 0o600))
		_, err := cloudsyaml.LoadFrom("nhn", env())
		require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	}
}

// A file leads to a client that logs in.
func TestClient(t *testing.T) {
	cloud := nhncloudtest.Start(t)
	t.Chdir(folder(t, map[string]string{
		"clouds.yaml": "clouds: {test: {auth: {auth_url: '" + cloud.AuthURL() + "', username: '" + cloud.Username + "', project_id: " + cloud.TenantID + "}, region_name: " + cloud.Region + "}}",
		"secure.yaml": "clouds: {test: {auth: {password: '" + cloud.Password + "'}}}",
	}))
	loaded, err := cloudsyaml.LoadFrom("", env())
	require.NoError(t, err)
	client, err := loaded.NewClient()
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	_, err = compute.New(client).Zones.List(t.Context())
	require.NoError(t, err)
}
