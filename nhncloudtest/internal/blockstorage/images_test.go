package blockstorage_test

import (
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUploadImage(t *testing.T) {
	w := cloudtest.New(t)
	res := w.Volume("POST", "/volumes", object{"volume": object{"size": 30, "imageRef": w.ImageID("Windows")}})
	require.Equal(t, 400, res.Status, "it needs 50 GB")
	res = w.Volume("POST", "/volumes", object{"volume": object{"size": 60, "imageRef": w.ImageID("Windows"), "description": "d"}})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	id := cloudtest.At(res.Body, "volume", "id").(string)
	upload := func(request object) cloudtest.Result {
		return w.Volume("POST", "/volumes/"+id+"/action", object{"os-volume_upload_image": request})
	}
	res = upload(object{"image_name": "early"})
	assert.Equal(t, 400, res.Status)
	assert.Contains(t, res.Text, "status must be available, but current status is: creating.")
	w.Done()

	res = w.Volume("POST", "/volumes/"+id+"/action", cloudtest.Fixture(t, "blockstorage-v2-volume-action-upload-image.request"))
	require.Equal(t, 202, res.Status, "%s", res.Text)
	answer := res.Body["os-volume_upload_image"].(object)
	assert.Equal(t, "d", answer["display_description"], "in the table of the guide, but not in its example")
	delete(answer, "display_description")
	cloudtest.SameShape(t, "blockstorage-v2-volume-action-upload-image.response", res.Body)
	assert.Equal(t, "uploading", w.VolumeStatus(id))
	image := func() object {
		res := w.Call("GET", "/image/v2/images/"+answer["image_id"].(string), nil)
		require.Equal(t, 200, res.Status, "%s", res.Text)
		return res.Body
	}
	assert.Equal(t, "saving", image()["status"])
	assert.Equal(t, 400, w.Volume("POST", "/volumes", object{"volume": object{"size": 60, "imageRef": answer["image_id"]}}).Status)
	assert.Equal(t, 400, upload(object{"image_name": "again"}).Status)
	assert.Equal(t, 400, w.Volume("DELETE", "/volumes/"+id, nil).Status)
	w.Done()
	assert.Equal(t, "available", w.VolumeStatus(id))
	img := image()
	assert.Equal(t, "active", img["status"])
	assert.Equal(t, "VOLUME IMAGE", img["name"])
	assert.Equal(t, "private", img["visibility"])
	assert.Equal(t, false, img["protected"])
	assert.Equal(t, "qcow2", img["disk_format"])
	assert.EqualValues(t, 60, img["min_disk"])
	assert.Equal(t, "windows", img["os_type"], "it is of the image that the volume was made from")

	res = upload(object{"image_name": "raw", "visibility": "shared", "protected": true})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	answer = res.Body["os-volume_upload_image"].(object)
	w.Done()
	img = image()
	assert.Equal(t, "shared", img["visibility"])
	assert.Equal(t, true, img["protected"])
	assert.Equal(t, "raw", img["disk_format"])
	assert.Equal(t, "bare", img["container_format"])

	for name, request := range map[string]object{
		"no name":          {},
		"empty name":       {"image_name": ""},
		"name":             {"image_name": 1},
		"long name":        {"image_name": strings.Repeat("a", 256)},
		"disk format":      {"image_name": "x", "disk_format": "floppy"},
		"container format": {"image_name": "x", "container_format": 1},
		"visibility":       {"image_name": "x", "visibility": "public"},
		"protected":        {"image_name": "x", "protected": "perhaps"},
		"force":            {"image_name": "x", "force": 2},
	} {
		assert.Equal(t, 400, upload(request).Status, name)
	}
	assert.Equal(t, 400, w.Volume("POST", "/volumes/"+id+"/action", object{"os-extend": object{"new_size": 70}}).Status)
	assert.Equal(t, 400, w.Volume("POST", "/volumes/"+id+"/action", object{}).Status)
	for _, action := range []object{{"os-extend": nil}, {"os-volume_upload_image": object{"image_name": "x"}}} {
		assert.Equal(t, 404, w.Volume("POST", "/volumes/nope/action", action).Status)
	}
}

// A volume in use has to be forced, and is in use afterwards unless its server
// is gone by then.
func TestUploadImageInUse(t *testing.T) {
	w := cloudtest.New(t)
	id, server := w.NewVolume("kr-pub-a"), w.U2("web")
	attach(w, server, id)
	upload := func(force bool) int {
		return w.Volume("POST", "/volumes/"+id+"/action", object{"os-volume_upload_image": object{"image_name": "x", "force": force}}).Status
	}
	assert.Equal(t, 400, upload(false))
	require.Equal(t, 202, upload(true))
	assert.Equal(t, 400, w.Compute("DELETE", "/servers/"+server+"/os-volume_attachments/"+id, nil).Status)
	w.Done()
	assert.Equal(t, "in-use", w.VolumeStatus(id))
	require.Equal(t, 202, upload(true))
	require.Equal(t, 204, w.Compute("DELETE", "/servers/"+server, nil).Status)
	w.Done()
	assert.Equal(t, "available", w.VolumeStatus(id))
}
