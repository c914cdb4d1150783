package compute_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
)

func TestFlavors(t *testing.T) {
	w := cloudtest.New(t)
	cloudtest.SameShape(t, "compute-v2-list-flavors.response", w.Compute("GET", "/flavors", nil).Body)
	res := w.Compute("GET", "/flavors/detail", nil)
	cloudtest.SameShape(t, "compute-v2-list-flavors-detail.response", res.Body)
	all := res.Body["flavors"].([]any)
	assert.Len(t, all, len(w.Flavors()))
	assert.Contains(t, res.Text, `"rxtx_factor":1`)

	for query, check := range map[string]func(f any) bool{
		"minRam=8192": func(f any) bool { return cloudtest.At(f, "ram").(float64) >= 8192 },
		"minDisk=50":  func(f any) bool { return cloudtest.At(f, "disk").(float64) >= 50 },
	} {
		some := w.Compute("GET", "/flavors/detail?"+query, nil).Body["flavors"].([]any)
		assert.NotEmpty(t, some)
		assert.Less(t, len(some), len(all))
		for _, f := range some {
			assert.True(t, check(f), query)
		}
	}
	assert.Equal(t, 400, w.Compute("GET", "/flavors?minRam=much", nil).Status)
	assert.Equal(t, 400, w.Compute("GET", "/flavors?limit=-1", nil).Status)
	assert.Equal(t, 400, w.Compute("GET", "/flavors?marker=nope", nil).Status)
	assert.Equal(t, len(all), w.CountPages("/compute/v2/"+w.TenantID+"/flavors?limit=4", "flavors", "flavors_links"))

	id := w.FlavorID("x1.c32m256")
	res = w.Compute("GET", "/flavors/"+id, nil)
	assert.EqualValues(t, 262144, cloudtest.At(res.Body, "flavor", "ram"))
	assert.Equal(t, object{"extra_specs": object{"flavor_type": "performance"}}, w.Compute("GET", "/flavors/"+id+"/os-extra_specs", nil).Body)
	assert.Equal(t, object{"flavor_type": "performance"}, w.Compute("GET", "/flavors/"+id+"/os-extra_specs/flavor_type", nil).Body)
	assert.Contains(t, w.Compute("GET", "/flavors/"+id+"/os-extra_specs/nope", nil).Text, "has no extra specs with key nope.")
	for _, path := range []string{"/flavors/nope", "/flavors/nope/os-extra_specs", "/flavors/nope/os-extra_specs/x", "/flavors/" + id + "/os-extra_specs/nope"} {
		assert.Equal(t, 404, w.Compute("GET", path, nil).Status, path)
	}
	assert.Empty(t, w.FlavorID("nope"))
}

func TestZones(t *testing.T) {
	w := cloudtest.New(t)
	res := w.Compute("GET", "/os-availability-zone", nil)
	cloudtest.SameShape(t, "compute-v2-list-availability-zones.response", res.Body)
	assert.Equal(t, "kr-pub-a", cloudtest.At(res.Body, "availabilityZoneInfo", 0, "zoneName"))
}
