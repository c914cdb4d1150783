package v1_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// volumeBody asks for a volume; nil fields are left out.
func volumeBody(more object) object {
	o := object{"name": "data", "availabilityZone": "kr-pub-a", "size": 10}
	for k, v := range more {
		o[k] = v
		if v == nil {
			delete(o, k)
		}
	}
	return object{"volume": o}
}

func TestVolumesV1(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, []any{}, w.v1("GET", "/volumes", nil)["volumes"])
	made := w.v1("POST", "/volumes", volumeBody(object{
		"description": "all of it", "volumeType": "General SSD", "metadata": object{"k": "v"}, "size": 1000,
	}))["volume"].(object)
	sameShapeV1(t, "blockstorage-v1-create-volume", "volume", made)
	id := made["id"].(string)
	assert.Equal(t, object{
		"id": id, "name": "data", "description": "all of it", "status": "creating", "size": 1000., "volumeType": "General SSD",
		"availabilityZone": "kr-pub-a", "metadata": object{"k": "v"}, "attachments": []any{}, "createdAt": "2026-03-01T12:00:00.000000",
	}, made)
	w.v1Fails(40409, "DELETE", "/volumes?id="+id, nil)
	w.Done()
	made["status"] = "available"
	assert.Equal(t, []any{made}, w.v1("GET", "/volumes?id="+id, nil)["volumes"])
	res := w.Volume("GET", "/volumes/"+id, nil)
	assert.Equal(t, "General SSD", cloudtest.At(res.Body, "volume", "volume_type"))
	assert.Equal(t, "data", cloudtest.At(res.Body, "volume", "name"))

	plain := w.v1("POST", "/volumes", volumeBody(object{"size": "10"}))["volume"]
	assert.Nil(t, cloudtest.At(plain, "description"))
	assert.Equal(t, "General HDD", cloudtest.At(plain, "volumeType"))
	assert.Equal(t, object{}, cloudtest.At(plain, "metadata"))
	older := w.NewVolume("kr-pub-b")
	list := w.v1("GET", "/volumes", nil)["volumes"].([]any)
	require.Len(t, list, 3)
	assert.Equal(t, older, cloudtest.At(list, 0, "id"), "the newest first")
	server := w.instance("s", nil)
	w.v1("POST", "/instances/"+server+"/attachments", object{"attachment": object{"volumeId": id}})
	w.Done()
	sameShapeV1(t, "blockstorage-v1-list-volumes", "volumes", cloudtest.At(w.v1("GET", "/volumes?id="+id, nil), "volumes", 0))

	res = w.Volume("POST", "/snapshots", object{"snapshot": object{"volume_id": older}})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	w.Done()
	w.v1Fails(40409, "DELETE", "/volumes?id="+older, nil)
	require.Equal(t, 202, w.Volume("DELETE", "/snapshots/"+cloudtest.At(res.Body, "snapshot", "id").(string), nil).Status)
	w.Done()
	w.v1Empty("DELETE", "/volumes?id="+older, nil)
	assert.Equal(t, "deleting", cloudtest.At(w.v1("GET", "/volumes?id="+older, nil), "volumes", 0, "status"))
	w.Done()
	w.v1Fails(40404, "GET", "/volumes?id="+older, nil)
	assert.Equal(t, "gone", w.VolumeStatus(older))
	w.v1Fails(40404, "DELETE", "/volumes?id="+older, nil)
	w.v1Fails(-4, "DELETE", "/volumes", nil)

	for name, c := range map[string]struct {
		more object
		code int
	}{
		"no name":        {object{"name": nil}, -4},
		"long name":      {object{"name": strings.Repeat("x", 256)}, -4},
		"no zone":        {object{"availabilityZone": nil}, -4},
		"no size":        {object{"size": nil}, -4},
		"size 0":         {object{"size": 0}, -4},
		"size 1010":      {object{"size": 1010}, -4},
		"size 15":        {object{"size": 15}, -4},
		"size a word":    {object{"size": "big"}, -4},
		"type":           {object{"volumeType": "Encrypted SSD"}, -4},
		"description":    {object{"description": 1}, -4},
		"metadata":       {object{"metadata": "k=v"}, -4},
		"metadata value": {object{"metadata": object{"k": true}}, -4},
		"unknown zone":   {object{"availabilityZone": "nope"}, 12404},
	} {
		assert.NotEmpty(t, w.v1Fails(c.code, "POST", "/volumes", volumeBody(c.more)), name)
	}
	w.v1Fails(-4, "POST", "/volumes", object{})
}

func TestVolumeQuotaV1(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithQuota(nhncloudtest.Quota{Volumes: 1}))
	w.v1("POST", "/volumes", volumeBody(nil))
	assert.True(t, strings.HasPrefix(w.v1Fails(40413, "POST", "/volumes", volumeBody(nil)), "Quota exceeded"))
}

func TestImagesV1(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithPageLimits(2, 4))
	w.Advance(time.Hour)
	w.AddImage(nhncloudtest.Image{Name: "Newest", Size: 5, MinRAM: 1})
	images := w.v1("GET", "/images", nil)["images"].([]any)
	require.Len(t, images, 2)
	for _, img := range images {
		sameShapeV1(t, "image-v1-list-images", "images", img)
	}
	first := images[0].(object)
	assert.Equal(t, "linux", cloudtest.At(first, "properties", "os_type"))
	assert.Equal(t, object{
		"id": w.ImageID("Newest"), "name": "Newest", "status": "active", "isPublic": true, "protected": true, "minDisk": 20., "minRam": 1.,
		"diskFormat": "qcow2", "size": 5., "createdAt": "2026-03-01T13:00:00Z", "updatedAt": "2026-03-01T13:00:00Z",
		"properties": first["properties"],
	}, first)

	seen := map[any]bool{}
	marker := ""
	for {
		page := w.v1("GET", "/images?limit=4&marker="+marker, nil)["images"].([]any)
		for _, img := range page {
			seen[cloudtest.At(img, "id")] = true
		}
		if len(page) < 4 {
			break
		}
		marker = cloudtest.At(page, 3, "id").(string)
	}
	assert.Len(t, seen, 6)
	assert.Len(t, w.v1("GET", "/images?limit=100", nil)["images"], 4, "clamped")
	w.v1Fails(-4, "GET", "/images?limit=x", nil)
	w.v1Fails(-4, "GET", "/images?limit=-1", nil)
	w.v1Fails(30404, "GET", "/images?marker=nope", nil)

	w.v1Fails(-4, "DELETE", "/images", nil)
	w.v1Fails(30404, "DELETE", "/images?id=nope", nil)
	w.v1Fails(30403, "DELETE", "/images?id="+w.ImageID("Newest"), nil)
	id := w.U2("s")
	w.Action(id, 202, object{"createImage": object{"name": "mine"}})
	mine := w.ImageID("mine")
	w.v1Empty("DELETE", "/images?id="+mine, nil)
	w.Done()
	assert.Equal(t, 404, w.Call("GET", "/image/v2/images/"+mine, nil).Status)
	assert.Equal(t, "Newest", cloudtest.At(w.v1("GET", "/images", nil), "images", 0, "name"))
}
