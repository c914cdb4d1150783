package identity_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestToken(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithRegions("KR2", "KR1"))
	body := w.Login(w.TenantID)
	want := cloudtest.Fixture(t, "identity-v2-create-token.response")
	// The documented catalog lacks two services that exist.
	catalog := cloudtest.At(body, "access", "serviceCatalog").([]any)
	kinds := map[string]object{}
	for _, e := range catalog {
		kinds[cloudtest.At(e, "type").(string)] = e.(object)
	}
	for _, kind := range []string{"object-store", "container-infra"} {
		require.Contains(t, kinds, kind)
		catalog = slices.DeleteFunc(catalog, func(e any) bool { return cloudtest.At(e, "type") == kind })
	}
	assert.Len(t, catalog, len(cloudtest.At(want, "access", "serviceCatalog").([]any)))
	body["access"].(object)["serviceCatalog"] = catalog
	cloudtest.CompareShape(t, "", want, body)

	assert.Equal(t, "2026-03-02T00:00:00Z", cloudtest.At(body, "access", "token", "expires"))
	assert.Equal(t, "2026-03-01T12:00:00.000000", cloudtest.At(body, "access", "token", "issued_at"))
	url := func(kind string, n int) any { return cloudtest.At(kinds[kind], "endpoints", n, "publicURL") }
	assert.Equal(t, w.URL()+"/compute/v2/"+w.TenantID, url("compute", 0))
	assert.Equal(t, w.URL()+"/kr1/compute/v2/"+w.TenantID, url("compute", 1))
	assert.Equal(t, w.URL()+"/network", url("network", 0))
	assert.Equal(t, w.AuthURL(), url("identity", 0))
	assert.Equal(t, "KR1", cloudtest.At(kinds["image"], "endpoints", 1, "region"))

	// Regions do not share servers.
	w.AddServers(1)
	assert.Len(t, w.Compute("GET", "/servers", nil).Body["servers"], 1)
	assert.Empty(t, w.Call("GET", "/kr1/compute/v2/"+w.TenantID+"/servers", nil).Body["servers"])
}

func TestObjectStorageToken(t *testing.T) {
	w := cloudtest.New(t)
	body := w.Login(w.ObjectStorageTenantID)
	delete(body["access"].(object), "user") // documented on the other page only
	delete(body["access"].(object), "metadata")
	cloudtest.CompareShape(t, "", cloudtest.Fixture(t, "identity-v2-create-token.response.objectstorage"), body)
	assert.Equal(t, w.URL()+"/object-store/v1/AUTH_"+w.ObjectStorageTenantID,
		cloudtest.At(body, "access", "serviceCatalog", 0, "endpoints", 0, "publicURL"))
	cloudtest.SameError(t, "compute_400_wrong_project", w.Compute("GET", "/servers", nil))
	assert.Empty(t, w.Call("GET", "/compute/v2/"+w.ObjectStorageTenantID+"/servers", nil).Body["servers"])
}

func TestTokenRefused(t *testing.T) {
	w := cloudtest.New(t)
	login := func(body any) cloudtest.Result { return w.Call("POST", "/identity/v2.0/tokens", body) }
	cloudtest.SameError(t, "identity_401_bad_password", login(cloudtest.LoginBody(w.TenantID, w.Username, "wrong")))
	cloudtest.SameError(t, "identity_401_bad_password", login(cloudtest.LoginBody(w.TenantID, "nobody", w.Password)))
	cloudtest.SameError(t, "identity_401_no_such_tenant", login(cloudtest.LoginBody("00000000000000000000000000000000", w.Username, w.Password)))
	cloudtest.SameError(t, "identity_400_bad_body", login("{"))
	cloudtest.SameError(t, "identity_400_bad_body", login(object{}))
	for _, body := range []object{cloudtest.LoginBody("", "u", "p"), cloudtest.LoginBody(w.TenantID, "", "p"), cloudtest.LoginBody(w.TenantID, "u", "")} {
		assert.Equal(t, 400, login(body).Status)
	}
	res, err := w.Try("POST", "/identity/v2.0/tokens", cloudtest.LoginBody(w.TenantID, w.Username, w.Password),
		http.Header{"Content-Type": {"text/plain"}})
	require.NoError(t, err)
	assert.Equal(t, 400, res.Status)
	assert.Equal(t, 1, w.Logins())
}

func TestTokenLife(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithTokenLifetime(time.Hour))
	status := func() int { return w.Compute("GET", "/servers", nil).Status }
	assert.Equal(t, 200, status())
	w.Advance(time.Hour - time.Second)
	assert.Equal(t, 200, status())
	w.Advance(time.Second)
	assert.Equal(t, 401, status())
	w.Login(w.TenantID)
	w.ExpireTokens()
	assert.Equal(t, 401, status())
	w.Login(w.TenantID)
	w.RevokeTokens()
	assert.Equal(t, 401, status())
	assert.Equal(t, 3, w.Logins())
}

func TestOldTokensAreForgotten(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithTokenLifetime(time.Minute))
	first := w.Token
	for range 1100 {
		w.Login(w.TenantID)
		w.Advance(time.Second)
	}
	assert.Equal(t, 1101, w.Logins())
	w.Token = first
	assert.Equal(t, 401, w.Compute("GET", "/servers", nil).Status)
}

func TestNoToken(t *testing.T) {
	w := cloudtest.New(t)
	w.Token = ""
	for _, path := range []string{"/compute/v2/" + w.TenantID + "/servers", "/compute/v2/nope/nope", "/volume/v2/x/volumes", "/image/v2/images"} {
		res := w.Call("GET", path, nil)
		cloudtest.SameError(t, "compute_401", res)
		assert.True(t, strings.HasPrefix(res.Header.Get("Www-Authenticate"), "Keystone uri="), path)
	}
	cloudtest.SameError(t, "network_401", w.Call("GET", "/network/v2.0/networks", nil))
}
