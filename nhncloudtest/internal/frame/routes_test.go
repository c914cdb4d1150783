package frame_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStrictness(t *testing.T) {
	w := cloudtest.New(t)
	cloudtest.SameError(t, "compute_404_path", w.Compute("GET", "/nope", nil))
	cloudtest.SameError(t, "compute_404_wrong_method", w.Compute("PUT", "/servers", object{}))
	cloudtest.SameError(t, "compute_400_wrong_project", w.Call("GET", "/compute/v2/00000000000000000000000000000000/servers", nil))
	cloudtest.SameError(t, "compute_400_not_json", w.Compute("POST", "/servers", "{"))
	cloudtest.SameError(t, "compute_400_not_json", w.Compute("POST", "/servers", "[]"))
	cloudtest.SameError(t, "compute_400_not_json", w.Compute("POST", "/servers", "null"))
	cloudtest.SameError(t, "compute_400_not_json", w.Compute("POST", "/servers", "{}{}"))
	cloudtest.SameError(t, "compute_413_body", w.Compute("POST", "/servers", `{"x":"`+strings.Repeat("x", 200_000)+`"}`))

	res, err := w.Try("GET", "/compute/v2/"+w.TenantID+"/nope", nil, http.Header{"Accept": {"*/*"}})
	require.NoError(t, err)
	cloudtest.SameError(t, "compute_404_path_anyaccept", res)

	res, err = w.Try("POST", "/compute/v2/"+w.TenantID+"/servers", object{}, http.Header{"Content-Type": {"text/plain"}})
	require.NoError(t, err)
	assert.Equal(t, 415, res.Status)
	assert.EqualValues(t, 415, cloudtest.At(res.Body, "badMediaType", "code"))
	res, err = w.Try("POST", "/compute/v2/"+w.TenantID+"/os-keypairs", object{"keypair": object{"name": "k"}},
		http.Header{"Content-Type": {"application/json; charset=utf-8"}})
	require.NoError(t, err)
	assert.Equal(t, 200, res.Status)
}

func TestUnknownPaths(t *testing.T) {
	w := cloudtest.New(t)
	for path, key := range map[string]string{
		"/network/v2.0/nope":                 "NeutronError",
		"/image/v2/nope":                     "title",
		"/volume/v2/" + w.TenantID + "/nope": "title",
		"/identity/v3/auth/tokens":           "error",
		"/nope":                              "error",
		"/":                                  "error",
		"/compute/v2/" + w.TenantID + "//servers":           "title",
		"/compute/v2/" + w.TenantID + "/servers/../servers": "title",
		"/network/v2.0/./networks":                          "NeutronError",
		"/nope/../compute":                                  "error",
	} {
		res := w.Call("GET", path, nil)
		assert.Equal(t, 404, res.Status, path)
		assert.Contains(t, res.Body, key, path)
	}
	assert.Equal(t, 1, w.CountRequests(func(r nhncloudtest.RecordedRequest) bool {
		return r.Path == "/compute/v2/"+w.TenantID+"//servers" && r.Operation == ""
	}))
}

func TestHeaders(t *testing.T) {
	w := cloudtest.New(t)
	for path, nova := range map[string]bool{
		"/compute/v2/" + w.TenantID + "/servers":      true,
		"/compute/v2/" + w.TenantID + "/servers/nope": true,
		"/compute/v2/" + w.TenantID + "/nope":         true,
		"/image/v2/images":                            false,
		"/network/v2.0/networks":                      false,
		"/volume/v2/" + w.TenantID + "/volumes":       true,
	} {
		res := w.Call("GET", path, nil)
		id := res.Header.Get("X-Openstack-Request-Id")
		assert.Regexp(t, `^req-[0-9a-f]{8}-[0-9a-f-]{27}$`, id, path)
		if nova {
			assert.Equal(t, id, res.Header.Get("X-Compute-Request-Id"), path)
		} else {
			assert.Empty(t, res.Header.Get("X-Compute-Request-Id"), path)
		}
		assert.NotEmpty(t, res.Header.Get("Content-Length"), path)
		assert.Equal(t, "Sun, 01 Mar 2026 12:00:00 GMT", res.Header.Get("Date"), "the cloud's own time")
	}
}

func TestDiscovery(t *testing.T) {
	w := cloudtest.New(t)
	w.Token = ""
	for path, want := range map[string]int{
		"/identity": 300, "/identity/": 300, "/identity/v2.0": 200, "/identity/v2.0/": 200,
		"/compute/": 200, "/compute/v2/": 200, "/image/": 200, "/network/": 200, "/network/v2.0": 200, "/volume/v2": 200,
	} {
		res := w.Call("GET", path, nil)
		assert.Equal(t, want, res.Status, path)
		assert.Contains(t, res.Text, `"id":"v2.0"`, path)
	}
}
