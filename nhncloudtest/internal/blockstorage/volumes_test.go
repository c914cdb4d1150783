package blockstorage_test

import (
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVolumeLife(t *testing.T) {
	w := cloudtest.New(t)
	res := w.Volume("POST", "/volumes", cloudtest.Fixture(t, "blockstorage-v2-create-volume.request"))
	require.Equal(t, 202, res.Status, "%s", res.Text)
	cloudtest.SameShape(t, "blockstorage-v2-create-volume.response", res.Body)
	id := cloudtest.At(res.Body, "volume", "id").(string)
	assert.Equal(t, "creating", w.VolumeStatus(id))
	assert.Equal(t, 400, w.Volume("DELETE", "/volumes/"+id, nil).Status)
	w.Done()
	assert.Equal(t, "available", w.VolumeStatus(id))
	cloudtest.SameShape(t, "blockstorage-v2-get-volume.response", w.Volume("GET", "/volumes/"+id, nil).Body)
	cloudtest.SameShape(t, "blockstorage-v2-list-volumes.response", w.Volume("GET", "/volumes", nil).Body)
	cloudtest.SameShape(t, "blockstorage-v2-list-volumes-detail.response", w.Volume("GET", "/volumes/detail", nil).Body)
	cloudtest.SameShape(t, "blockstorage-v2-list-volume-types.response", w.Volume("GET", "/types", nil).Body)

	res = w.Volume("DELETE", "/volumes/"+id, nil)
	assert.Equal(t, 202, res.Status)
	assert.Empty(t, res.Text)
	assert.Equal(t, "deleting", w.VolumeStatus(id))
	w.Done()
	for _, method := range []string{"GET", "DELETE"} {
		assert.Equal(t, 404, w.Volume(method, "/volumes/"+id, nil).Status)
	}
}

func TestCreateVolume(t *testing.T) {
	w := cloudtest.New(t)
	create := func(body object) cloudtest.Result { return w.Volume("POST", "/volumes", object{"volume": body}) }
	res := create(object{
		"size": "30", "name": "data", "description": "d", "volume_type": "General SSD", "availability_zone": "kr-pub-b",
		"metadata": object{"k": "v"}, "imageRef": w.ImageID("Rocky"), "nhn_encryption": object{"skm_key_id": "k"},
	})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	v := res.Body["volume"].(object)
	assert.EqualValues(t, 30, v["size"])
	assert.Equal(t, "data", v["name"])
	assert.Equal(t, "d", v["description"])
	assert.Equal(t, "General SSD", v["volume_type"])
	assert.Equal(t, "true", v["bootable"])
	assert.Equal(t, true, v["encrypted"])
	assert.Equal(t, object{"k": "v"}, v["metadata"])
	w.Done()
	assert.Equal(t, object{"skm_key_id": "k", "skm_key_version": 1.}, v["nhn_encryption"])
	res = create(object{"source_volid": v["id"]})
	copied := res.Body["volume"].(object)
	assert.Equal(t, v["id"], copied["source_volid"])
	for _, key := range []string{"size", "volume_type", "availability_zone", "bootable", "encrypted", "nhn_encryption"} {
		assert.Equal(t, v[key], copied[key], "a copy has the %s of its original", key)
	}
	copied = create(object{"source_volid": v["id"], "size": 40, "volume_type": "General HDD"}).Body["volume"].(object)
	assert.EqualValues(t, 40, copied["size"])
	assert.Equal(t, "General HDD", copied["volume_type"])

	for name, c := range map[string]struct {
		body   object
		status int
	}{
		"no size":       {object{}, 400},
		"size":          {object{"size": "x"}, 400},
		"size zero":     {object{"size": 0}, 400},
		"negative":      {object{"size": -1}, 400},
		"size a list":   {object{"size": []int{1}}, 400},
		"name":          {object{"size": 1, "name": 1}, 400},
		"long name":     {object{"size": 1, "name": strings.Repeat("a", 256)}, 400},
		"description":   {object{"size": 1, "description": true}, 400},
		"encryption":    {object{"size": 1, "nhn_encryption": object{}}, 400},
		"two sources":   {object{"size": 30, "source_volid": v["id"], "imageRef": w.ImageID("Rocky")}, 400},
		"zone of copy":  {object{"source_volid": v["id"], "availability_zone": "kr-pub-a"}, 400},
		"zone":          {object{"size": 1, "availability_zone": "nope"}, 400},
		"type":          {object{"size": 1, "volume_type": "nope"}, 404},
		"snapshot":      {object{"size": 1, "snapshot_id": "nope"}, 404},
		"source":        {object{"source_volid": "nope"}, 404},
		"smaller":       {object{"size": 5, "source_volid": v["id"]}, 400},
		"image":         {object{"size": 20, "imageRef": "nope"}, 400},
		"image minimum": {object{"size": 5, "imageRef": w.ImageID("Rocky")}, 400},
		"metadata":      {object{"size": 5, "metadata": object{"k": 1}}, 400},
	} {
		assert.Equal(t, c.status, create(c.body).Status, name)
	}
	assert.Equal(t, 400, w.Volume("POST", "/volumes", object{}).Status)
}

func TestVolumeLists(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithPageLimits(2, 4))
	var ids []string
	for _, name := range []string{"b", "a", "d", "c", "e"} {
		res := w.Volume("POST", "/volumes", object{"volume": object{"size": 10, "name": name}})
		ids = append(ids, cloudtest.At(res.Body, "volume", "id").(string))
	}
	names := func(query string) string {
		res := w.Volume("GET", "/volumes?"+query, nil)
		require.Equal(t, 200, res.Status, "%s", res.Text)
		out := ""
		for _, v := range res.Body["volumes"].([]any) {
			out += cloudtest.At(v, "name").(string)
		}
		return out
	}
	assert.Equal(t, "ecda", names(""))
	assert.Equal(t, "abcd", names("sort=name:asc"))
	assert.Equal(t, "edcb", names("sort=name"))
	assert.Equal(t, "abcd", names("sort=size:desc,name:asc"))
	assert.Equal(t, "bc", names("sort=name:asc&limit=2&offset=1"))
	assert.Equal(t, "", names("offset=9"))
	assert.Equal(t, "ab", names("marker="+ids[2]))
	assert.Equal(t, "a", names("name=a"))
	assert.Equal(t, "", names("status=in-use"))
	assert.Equal(t, 5, w.CountPages("/volume/v2/"+w.TenantID+"/volumes/detail?limit=2", "volumes", "volumes_links"))
	for query, status := range map[string]int{"limit=x": 400, "offset=-1": 400, "sort=nope": 400, "marker=nope": 404} {
		assert.Equal(t, status, w.Volume("GET", "/volumes?"+query, nil).Status, query)
	}
}
