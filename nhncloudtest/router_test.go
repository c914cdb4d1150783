package nhncloudtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStrictness(t *testing.T) {
	w := newWorld(t)
	sameError(t, "compute_404_path", w.compute("GET", "/nope", nil))
	sameError(t, "compute_404_wrong_method", w.compute("PUT", "/servers", object{}))
	sameError(t, "compute_400_wrong_project", w.call("GET", "/compute/v2/00000000000000000000000000000000/servers", nil))
	sameError(t, "compute_400_not_json", w.compute("POST", "/servers", "{"))
	sameError(t, "compute_400_not_json", w.compute("POST", "/servers", "[]"))
	sameError(t, "compute_400_not_json", w.compute("POST", "/servers", "null"))
	sameError(t, "compute_400_not_json", w.compute("POST", "/servers", "{}{}"))
	sameError(t, "compute_413_body", w.compute("POST", "/servers", `{"x":"`+strings.Repeat("x", 200_000)+`"}`))

	res, err := w.try("GET", "/compute/v2/"+w.TenantID+"/nope", nil, http.Header{"Accept": {"*/*"}})
	require.NoError(t, err)
	sameError(t, "compute_404_path_anyaccept", res)

	res, err = w.try("POST", "/compute/v2/"+w.TenantID+"/servers", object{}, http.Header{"Content-Type": {"text/plain"}})
	require.NoError(t, err)
	assert.Equal(t, 415, res.status)
	assert.EqualValues(t, 415, at(res.body, "badMediaType", "code"))
	res, err = w.try("POST", "/compute/v2/"+w.TenantID+"/os-keypairs", object{"keypair": object{"name": "k"}},
		http.Header{"Content-Type": {"application/json; charset=utf-8"}})
	require.NoError(t, err)
	assert.Equal(t, 200, res.status)
}

func TestUnknownPaths(t *testing.T) {
	w := newWorld(t)
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
		res := w.call("GET", path, nil)
		assert.Equal(t, 404, res.status, path)
		assert.Contains(t, res.body, key, path)
	}
	assert.Equal(t, 1, w.CountRequests(func(r nhncloudtest.RecordedRequest) bool {
		return r.Path == "/compute/v2/"+w.TenantID+"//servers" && r.Operation == ""
	}))
}

func TestHeaders(t *testing.T) {
	w := newWorld(t)
	for path, nova := range map[string]bool{
		"/compute/v2/" + w.TenantID + "/servers":      true,
		"/compute/v2/" + w.TenantID + "/servers/nope": true,
		"/compute/v2/" + w.TenantID + "/nope":         true,
		"/image/v2/images":                            false,
		"/network/v2.0/networks":                      false,
		"/volume/v2/" + w.TenantID + "/volumes":       false,
	} {
		res := w.call("GET", path, nil)
		id := res.header.Get("X-Openstack-Request-Id")
		assert.Regexp(t, `^req-[0-9a-f]{8}-[0-9a-f-]{27}$`, id, path)
		if nova {
			assert.Equal(t, id, res.header.Get("X-Compute-Request-Id"), path)
		} else {
			assert.Empty(t, res.header.Get("X-Compute-Request-Id"), path)
		}
		assert.NotEmpty(t, res.header.Get("Content-Length"), path)
		assert.Equal(t, "Sun, 01 Mar 2026 12:00:00 GMT", res.header.Get("Date"), "the cloud's own time")
	}
}
