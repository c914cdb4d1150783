package nks_test

import (
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What was recorded of the real service is said here too.
func TestRecordedErrors(t *testing.T) {
	w := newWorld(t)
	call := func(method, path, version string, body any) cloudtest.Result {
		header := http.Header{}
		if version != "" {
			header["OpenStack-API-Version"] = []string{version}
		}
		res, err := w.Try(method, "/container-infra/v1/"+path, body, header)
		require.NoError(t, err)
		return res
	}
	const latest = "container-infra latest"
	for name, res := range map[string]cloudtest.Result{
		"nks_400_missing":                 call("POST", "clusters", latest, object{"name": "x"}),
		"nks_400_name_taken_bad_template": call("POST", "clusters", latest, object{"name": "x", "cluster_template_id": "nope"}),
		"nks_400_schema":                  call("POST", "clusters", latest, object{"name": "x", "nope": 1}),
		"nks_404":                         call("GET", "clusters/nope", latest, nil),
		"nks_404_path":                    call("GET", "nope", latest, nil),
		"nks_406_nodegroups_no_version":   call("GET", "clusters/x/nodegroups", "", nil),
		"nks_406_version":                 call("GET", "clusters", "container-infra 9.9", nil),
	} {
		t.Run(name, func(t *testing.T) { cloudtest.SameError(t, name, res) })
	}
	res, err := w.Try("GET", "/container-infra/v1/nope", nil, map[string][]string{"Accept": {"*/*"}})
	require.NoError(t, err)
	cloudtest.SameError(t, "nks_404_path_anyaccept", res)
	w.Token = "nonsense"
	cloudtest.SameError(t, "nks_401", call("GET", "clusters", latest, nil))
}

func TestVersions(t *testing.T) {
	w := newWorld(t)
	for version, status := range map[string]int{
		"": 406, "container-infra 1.1": 406, "container-infra 1.8": 406, "container-infra 1.9": 200, "container-infra 1.10": 200,
		"container-infra 1.11": 406, "container-infra 2.1": 406, "container-infra nope": 406, "compute latest": 406,
		"compute 2.1, container-infra latest": 200,
	} {
		header := http.Header{}
		if version != "" {
			header.Set("OpenStack-API-Version", version)
		}
		for path, function := range map[string]string{"clusters": "get_all", "supports": "get_all", "addons/": "get_all", "addon_types/cni": "get_one"} {
			res, err := w.Try("GET", "/container-infra/v1/"+path, nil, header)
			require.NoError(t, err)
			assert.Equal(t, status, res.Status, "%s with %q: %s", path, version, res.Text)
			if version == "container-infra 1.8" {
				assert.Contains(t, res.Text, "Version 1.8 was requested but the requested API "+function+" is not supported")
			}
			if status == 200 {
				assert.Equal(t, "container-infra 1.10", res.Header.Get("OpenStack-API-Version"))
				assert.Equal(t, "container-infra 1.1", res.Header.Get("OpenStack-API-Minimum-Version"))
			}
		}
	}
	res, err := w.Try("DELETE", "/container-infra/v1/clusters/x", nil, nil)
	require.NoError(t, err)
	assert.Contains(t, res.Text, "the requested API delete is not supported")
}
