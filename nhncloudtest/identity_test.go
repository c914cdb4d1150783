package nhncloudtest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestToken(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithRegions("KR2", "KR1"))
	body := w.login(w.TenantID)
	want := fixture(t, "identity-v2-create-token.response")
	// The documented catalog lacks two services that exist.
	catalog := at(body, "access", "serviceCatalog").([]any)
	kinds := map[string]object{}
	for _, e := range catalog {
		kinds[at(e, "type").(string)] = e.(object)
	}
	for _, kind := range []string{"object-store", "container-infra"} {
		require.Contains(t, kinds, kind)
		catalog = slices.DeleteFunc(catalog, func(e any) bool { return at(e, "type") == kind })
	}
	assert.Len(t, catalog, len(at(want, "access", "serviceCatalog").([]any)))
	body["access"].(object)["serviceCatalog"] = catalog
	compareShape(t, "", want, body)

	assert.Equal(t, "2026-03-02T00:00:00Z", at(body, "access", "token", "expires"))
	assert.Equal(t, "2026-03-01T12:00:00.000000", at(body, "access", "token", "issued_at"))
	url := func(kind string, n int) any { return at(kinds[kind], "endpoints", n, "publicURL") }
	assert.Equal(t, w.URL()+"/compute/v2/"+w.TenantID, url("compute", 0))
	assert.Equal(t, w.URL()+"/kr1/compute/v2/"+w.TenantID, url("compute", 1))
	assert.Equal(t, w.URL()+"/network", url("network", 0))
	assert.Equal(t, w.AuthURL(), url("identity", 0))
	assert.Equal(t, "KR1", at(kinds["image"], "endpoints", 1, "region"))

	// Regions do not share servers.
	w.AddServers(1)
	assert.Len(t, w.compute("GET", "/servers", nil).body["servers"], 1)
	assert.Empty(t, w.call("GET", "/kr1/compute/v2/"+w.TenantID+"/servers", nil).body["servers"])
}

func TestObjectStorageToken(t *testing.T) {
	w := newWorld(t)
	body := w.login(w.ObjectStorageTenantID)
	delete(body["access"].(object), "user") // documented on the other page only
	delete(body["access"].(object), "metadata")
	compareShape(t, "", fixture(t, "identity-v2-create-token.response.objectstorage"), body)
	assert.Equal(t, w.URL()+"/object-store/v1/AUTH_"+w.ObjectStorageTenantID,
		at(body, "access", "serviceCatalog", 0, "endpoints", 0, "publicURL"))
	sameError(t, "compute_400_wrong_project", w.compute("GET", "/servers", nil))
	assert.Empty(t, w.call("GET", "/compute/v2/"+w.ObjectStorageTenantID+"/servers", nil).body["servers"])
}

func TestTokenRefused(t *testing.T) {
	w := newWorld(t)
	login := func(body any) result { return w.call("POST", "/identity/v2.0/tokens", body) }
	sameError(t, "identity_401_bad_password", login(loginBody(w.TenantID, w.Username, "wrong")))
	sameError(t, "identity_401_bad_password", login(loginBody(w.TenantID, "nobody", w.Password)))
	sameError(t, "identity_401_no_such_tenant", login(loginBody("00000000000000000000000000000000", w.Username, w.Password)))
	sameError(t, "identity_400_bad_body", login("{"))
	sameError(t, "identity_400_bad_body", login(object{}))
	for _, body := range []object{loginBody("", "u", "p"), loginBody(w.TenantID, "", "p"), loginBody(w.TenantID, "u", "")} {
		assert.Equal(t, 400, login(body).status)
	}
	res, err := w.try("POST", "/identity/v2.0/tokens", loginBody(w.TenantID, w.Username, w.Password),
		http.Header{"Content-Type": {"text/plain"}})
	require.NoError(t, err)
	assert.Equal(t, 400, res.status)
	assert.Equal(t, 1, w.Logins())
}

func TestTokenV1(t *testing.T) {
	w := newWorld(t)
	path := "/appkey/v1.0/appkeys/" + w.AppKey + "/tokens"
	creds := func(user, password string) object {
		return object{"auth": object{"username": user, "password": password}}
	}
	made := w.call("POST", path, creds(w.Username, w.Password))
	sameShape(t, "identity-v1-create-token.response", made.body)
	assert.Equal(t, true, at(made.body, "header", "isSuccessful"))
	assert.Empty(t, made.header.Get("X-Openstack-Request-Id"), "another gateway")
	id := at(made.body, "access", "token", "id").(string)
	found := w.call("GET", path+"?id="+id, nil)
	sameShape(t, "identity-v1-get-token.response", found.body)
	assert.Equal(t, made.body["access"], found.body["access"])

	// The token is good for the v2 API of the same tenant.
	w.token = id
	assert.Equal(t, 200, w.compute("GET", "/servers", nil).status)

	for name, c := range map[string]struct {
		res  result
		code int
	}{
		"password":     {w.call("POST", path, creds(w.Username, "wrong")), 50401},
		"no password":  {w.call("POST", path, creds(w.Username, "")), -4},
		"no JSON":      {w.call("POST", path, "{"), -8},
		"appkey":       {w.call("POST", "/appkey/v1.0/appkeys/other/tokens", creds(w.Username, w.Password)), -3},
		"appkey, get":  {w.call("GET", "/appkey/v1.0/appkeys/other/tokens?id="+id, nil), -3},
		"no id":        {w.call("GET", path, nil), -4},
		"unknown id":   {w.call("GET", path+"?id=nope", nil), 50404},
		"unknown path": {w.call("GET", "/appkey/v1.0/nope", nil), -7},
	} {
		assert.Equal(t, 200, c.res.status, name)
		assert.Equal(t, false, at(c.res.body, "header", "isSuccessful"), name)
		assert.EqualValues(t, c.code, at(c.res.body, "header", "resultCode"), name)
		assert.NotEmpty(t, at(c.res.body, "header", "resultMessage"), name)
		assert.Len(t, c.res.body, 1, name)
	}
	w.Advance(12 * time.Hour)
	assert.EqualValues(t, 50404, at(w.call("GET", path+"?id="+id, nil).body, "header", "resultCode"))
}

func TestTokenLife(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithTokenLifetime(time.Hour))
	status := func() int { return w.compute("GET", "/servers", nil).status }
	assert.Equal(t, 200, status())
	w.Advance(time.Hour - time.Second)
	assert.Equal(t, 200, status())
	w.Advance(time.Second)
	assert.Equal(t, 401, status())
	w.login(w.TenantID)
	w.ExpireTokens()
	assert.Equal(t, 401, status())
	w.login(w.TenantID)
	w.RevokeTokens()
	assert.Equal(t, 401, status())
	assert.Equal(t, 3, w.Logins())
}

func TestOldTokensAreForgotten(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithTokenLifetime(time.Minute))
	first := w.token
	for range 1100 {
		w.login(w.TenantID)
		w.Advance(time.Second)
	}
	assert.Equal(t, 1101, w.Logins())
	w.token = first
	assert.Equal(t, 401, w.compute("GET", "/servers", nil).status)
}

func TestNoToken(t *testing.T) {
	w := newWorld(t)
	w.token = ""
	for _, path := range []string{"/compute/v2/" + w.TenantID + "/servers", "/compute/v2/nope/nope", "/volume/v2/x/volumes", "/image/v2/images"} {
		res := w.call("GET", path, nil)
		sameError(t, "compute_401", res)
		assert.True(t, strings.HasPrefix(res.header.Get("Www-Authenticate"), "Keystone uri="), path)
	}
	sameError(t, "network_401", w.call("GET", "/network/v2.0/networks", nil))
}

func TestDiscovery(t *testing.T) {
	w := newWorld(t)
	w.token = ""
	for path, want := range map[string]int{
		"/identity": 300, "/identity/": 300, "/identity/v2.0": 200, "/identity/v2.0/": 200,
		"/compute/": 200, "/compute/v2/": 200, "/image/": 200, "/network/": 200, "/network/v2.0": 200, "/volume/v2": 200,
	} {
		res := w.call("GET", path, nil)
		assert.Equal(t, want, res.status, path)
		assert.Contains(t, res.text, `"id":"v2.0"`, path)
	}
}
