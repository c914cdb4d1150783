package blockstorage_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What was recorded of the real service is said here too.
func TestRecordedErrors(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithQuota(nhncloudtest.Quota{Gigabytes: 1000}))
	require.Equal(t, 202, w.Volume("POST", "/volumes", object{"volume": object{"size": 30}}).Status)
	create := func(volume object) cloudtest.Result { return w.Volume("POST", "/volumes", object{"volume": volume}) }
	for name, res := range map[string]cloudtest.Result{
		"volume_400_not_json":      w.Volume("POST", "/volumes", "{"),
		"volume_400_schema":        create(object{"size": "x"}),
		"volume_400_wrong_project": w.Call("GET", "/volume/v2/00000000000000000000000000000000/volumes", nil),
		"volume_403_types":         w.Volume("POST", "/types", object{"volume_type": object{"name": "zz"}}),
		"volume_404":               w.Volume("GET", "/volumes/00000000-0000-0000-0000-000000000000", nil),
		"volume_404_bad_type":      create(object{"size": 1, "volume_type": "nope"}),
		"volume_404_path":          w.Volume("GET", "/nope", nil),
		"volume_413_quota":         create(object{"size": 5000}),
	} {
		t.Run(name, func(t *testing.T) { cloudtest.SameError(t, name, res) })
	}
	res, err := w.Try("GET", "/volume/v2/"+w.TenantID+"/nope", nil, map[string][]string{"Accept": {"*/*"}})
	require.NoError(t, err)
	cloudtest.SameError(t, "volume_404_path_anyaccept", res)
	assert.Equal(t, "0", create(object{"size": 5000}).Header.Get("Retry-After"))
	w.Token = "nonsense"
	cloudtest.SameError(t, "volume_401", w.Volume("GET", "/volumes", nil))
}

func TestQuotas(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithQuota(nhncloudtest.Quota{Volumes: 2, Snapshots: 1, Gigabytes: 45}))
	volume := func(gb int) cloudtest.Result {
		return w.Volume("POST", "/volumes", object{"volume": object{"size": gb}})
	}
	id := cloudtest.At(volume(10).Body, "volume", "id")
	w.Done()
	snapshot := func() cloudtest.Result {
		return w.Volume("POST", "/snapshots", object{"snapshot": object{"volume_id": id}})
	}
	require.Equal(t, 202, snapshot().Status)
	w.Done()
	res := snapshot()
	assert.Equal(t, 413, res.Status)
	assert.Equal(t, "SnapshotLimitExceeded: Maximum number of snapshots allowed (1) exceeded", cloudtest.At(res.Body, "overLimit", "message"))
	assert.Contains(t, volume(30).Text, "Requested 30G, quota is 45G and 20G has been consumed.")
	require.Equal(t, 202, volume(20).Status)
	assert.Contains(t, snapshot().Text, "Requested 10G, quota is 45G and 40G has been consumed.")
	assert.Contains(t, volume(1).Text, "VolumeLimitExceeded: Maximum number of volumes allowed (2) exceeded")
}

func TestTypes(t *testing.T) {
	w := cloudtest.New(t)
	listed := w.Volume("GET", "/types", nil).Body["volume_types"].([]any)
	require.Len(t, listed, 4)
	first := listed[0].(object)
	assert.Equal(t, "General SSD", first["name"])
	assert.Equal(t, first, w.Volume("GET", "/types/"+first["id"].(string), nil).Body["volume_type"])
	assert.Equal(t, 404, w.Volume("GET", "/types/General%20SSD", nil).Status, "a name is no id")
}
