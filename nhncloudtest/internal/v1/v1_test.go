package v1_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAppKeyAdmission(t *testing.T) {
	w := newWorld(t)
	path := "/appkey/v1.0/appkeys/" + w.AppKey
	good := w.Token
	w.v1("GET", "/instances", nil)
	access := w.v1("POST", "/tokens", object{"auth": object{"username": w.Username, "password": w.Password}})["access"]
	own := cloudtest.At(access, "token", "id").(string)
	w.Login(w.ObjectStorageTenantID)
	foreign := w.Token

	for name, c := range map[string]struct {
		token, method, path string
		body                any
		code                int
	}{
		"token of v1.0":    {own, "GET", path + "/instances", nil, 0},
		"token of v2":      {good, "GET", path + "/instances", nil, 0},
		"no token":         {"", "GET", path + "/instances", nil, -1},
		"no token, action": {"", "POST", path + "/instances/x/action", object{"action": "start"}, -1},
		"unknown token":    {"nope", "GET", path + "/instances", nil, 50401},
		"foreign tenant":   {foreign, "GET", path + "/instances", nil, -3},
		"foreign appkey":   {good, "GET", "/appkey/v1.0/appkeys/other/instances", nil, -3},
		"unknown path":     {good, "GET", path + "/nope", nil, -7},
		"unknown method":   {good, "PATCH", path + "/instances", nil, -7},
		"dots in the path": {good, "GET", path + "/../instances", nil, -7},
		"root":             {"", "GET", "/appkey", nil, -7},
		"no JSON":          {good, "POST", path + "/keypairs", "{", -8},
		"no body":          {good, "POST", path + "/keypairs", nil, -8},
		"a list":           {good, "PUT", path + "/security-groups/x", "[]", -8},
		"no JSON, action":  {good, "POST", path + "/instances/x/action", "start", -8},
		"action, a list":   {good, "POST", path + "/instances/x/action", object{"action": []string{"start"}}, 10404},
	} {
		w.Token = c.token
		res := w.Call(c.method, c.path, c.body)
		if c.code == 0 {
			assert.Equal(t, true, cloudtest.At(res.Body, "header", "isSuccessful"), name)
			continue
		}
		assert.NotEmpty(t, w.v1Failed(res, c.code, name), name)
		assert.Empty(t, res.Header.Get("X-Openstack-Request-Id"), name)
	}

	w.Token = own
	assert.Equal(t, 200, w.Compute("GET", "/servers", nil).Status, "a token of v1.0 is one of v2")
	w.Advance(12 * time.Hour)
	assert.Equal(t, "The request you have made requires authentication.", w.v1Fails(50401, "GET", "/instances", nil))
	w.Login(w.TenantID)
	w.RevokeTokens()
	w.v1Fails(50401, "DELETE", "/instances?id=x", nil)
}

func TestAppKeyRegion(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithRegions("JP1", "KR2", "KR1"))
	zones := w.v1("GET", "/availability-zones", nil)["zones"]
	assert.Equal(t, "kr2-pub-a", cloudtest.At(zones, 0, "zoneName"))
	assert.Equal(t, w.URL()+"/appkey", w.AppKeyURL())
	assert.Equal(t, 404, w.Call("GET", "/kr2/appkey/v1.0/appkeys/"+w.AppKey+"/flavors", nil).Status, "one host for all regions")
	w.v1("POST", "/keypairs", object{"keypair": object{"name": "k"}})
	res := w.Call("GET", "/kr2/compute/v2/"+w.TenantID+"/os-keypairs", nil)
	assert.Len(t, res.Body["keypairs"], 1)
	assert.Empty(t, w.Compute("GET", "/os-keypairs", nil).Body["keypairs"])
}

func TestAppKeyElsewhere(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithRegions("JP1"))
	w.v1("POST", "/tokens", object{"auth": object{"username": w.Username, "password": w.Password}})
	assert.Equal(t, "Not supported: region JP1", w.v1Fails(-7, "GET", "/instances", nil))
}

func TestAppKeyFaults(t *testing.T) {
	w := newWorld(t)
	for operation, c := range map[string]struct {
		method, path string
		body         any
		code         int
	}{
		"compute-v1-list-instances":               {"GET", "/instances", nil, 10503},
		"compute-v1-list-flavors":                 {"GET", "/flavors", nil, 11503},
		"compute-v1-list-availability-zones":      {"GET", "/availability-zones", nil, 12503},
		"keypair-v1-list-keypairs":                {"GET", "/keypairs", nil, 13503},
		"network-v1-list-networks":                {"GET", "/networks", nil, 20503},
		"network-v1-list-subnets":                 {"GET", "/subnets", nil, 21503},
		"network-v1-create-floating-ip":           {"POST", "/floating-ips", object{}, 22503},
		"network-v1-delete-security-group-rule":   {"DELETE", "/security-group-rules?id=x", nil, 24503},
		"image-v1-list-images":                    {"GET", "/images", nil, 30503},
		"blockstorage-v1-list-volumes":            {"GET", "/volumes", nil, 40503},
		"identity-v1-get-token":                   {"GET", "/tokens?id=x", nil, 50503},
		"compute-v1-instance-action-upload-image": {"POST", "/instances/x/action", object{"action": "uploadImage"}, 10503},
	} {
		f := w.Inject(nhncloudtest.Fault{Operation: operation, Status: 503, Times: 1, RetryAfter: time.Second})
		res := w.Call(c.method, "/appkey/v1.0/appkeys/"+w.AppKey+c.path, c.body)
		assert.Equal(t, "Service Unavailable", w.v1Failed(res, c.code, operation))
		assert.Equal(t, "1", res.Header.Get("Retry-After"))
		assert.Equal(t, 1, f.Fired(), operation)
		assert.Equal(t, 1, w.Count(operation))
		f.Remove()
	}
	requests := w.Requests()
	assert.Equal(t, 200, requests[len(requests)-1].Status)

	const list = "compute-v1-list-instances"
	w.Inject(nhncloudtest.Fault{Operation: list, Times: 1, Status: 302})
	w.v1Fails(-2, "GET", "/instances", nil)
	w.Inject(nhncloudtest.Fault{Operation: list, Times: 1, Status: 502, Body: "<html>"})
	res := w.Call("GET", "/appkey/v1.0/appkeys/"+w.AppKey+"/instances", nil)
	assert.Equal(t, 502, res.Status, "a Body is an answer of its own")
	assert.Equal(t, "<html>", res.Text)
	w.Inject(nhncloudtest.Fault{Path: "/instances$", Times: 1, Status: 502})
	res = w.Call("GET", "/appkey/v1.0/appkeys/"+w.AppKey+"/instances", nil)
	assert.Equal(t, 502, res.Status, "as of a proxy")
	assert.EqualValues(t, 10502, cloudtest.At(res.Body, "header", "resultCode"))

	w.Inject(nhncloudtest.Fault{Operation: "keypair-v1-create-keypair", Times: 1, ResetAfter: true})
	_, err := w.Try("POST", "/appkey/v1.0/appkeys/"+w.AppKey+"/keypairs", object{"keypair": object{"name": "k"}}, nil)
	require.Error(t, err)
	w.v1Fails(13409, "POST", "/keypairs", object{"keypair": object{"name": "k"}})
}

func TestAppKeyRecords(t *testing.T) {
	w := newWorld(t)
	id := w.U2("s")
	w.ResetRequests()
	w.v1("POST", "/instances/"+id+"/action", object{"action": "stop"})
	w.v1Fails(-4, "POST", "/instances/"+id+"/action", object{"action": "fly"})
	w.v1Fails(-4, "POST", "/instances/"+id+"/action", object{"stop": nil})
	w.v1Fails(10404, "POST", "/instances/nope/action", object{"action": "fly"})
	w.v1Fails(-7, "GET", "/nope", nil)
	got := w.Requests()
	require.Len(t, got, 5)
	assert.Equal(t, "compute-v1-instance-action-stop", got[0].Operation)
	assert.Equal(t, http.StatusOK, got[0].Status)
	assert.True(t, strings.HasSuffix(got[0].Path, "/action"))
	for _, r := range got[1:] {
		assert.Empty(t, r.Operation)
	}
	assert.Equal(t, 1, w.Count("compute-v1-instance-action-stop"))
}
