package compute_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAttachments(t *testing.T) {
	w := cloudtest.New(t)
	id := w.U2("s")
	base := "/servers/" + id + "/os-volume_attachments"
	attach := func(volume string) cloudtest.Result {
		return w.Compute("POST", base, object{"volumeAttachment": object{"volumeId": volume}})
	}
	a, b := w.NewVolume("kr-pub-a"), w.NewVolume("kr-pub-a")
	res := attach(a)
	require.Equal(t, 200, res.Status, "%s", res.Text)
	cloudtest.SameShape(t, "compute-v2-attach-volume.response", res.Body)
	assert.Equal(t, "/dev/vdb", cloudtest.At(res.Body, "volumeAttachment", "device"))
	assert.Equal(t, a, cloudtest.At(res.Body, "volumeAttachment", "id"))
	assert.Equal(t, "attaching", w.VolumeStatus(a))
	assert.Equal(t, 400, w.Compute("DELETE", base+"/"+a, nil).Status, "not yet")
	assert.Equal(t, "/dev/vdc", cloudtest.At(attach(b).Body, "volumeAttachment", "device"))
	w.Done()
	assert.Equal(t, "in-use", w.VolumeStatus(a))
	cloudtest.SameError(t, "compute_400_attach_twice", attach(a))
	assert.Equal(t, 400, w.Volume("DELETE", "/volumes/"+a, nil).Status)

	res = w.Compute("GET", base, nil)
	cloudtest.SameShape(t, "compute-v2-list-volume-attachments.response", res.Body)
	assert.Len(t, res.Body["volumeAttachments"], 2)
	assert.Equal(t, b, cloudtest.At(w.Compute("GET", base+"?limit=1&offset=1", nil).Body, "volumeAttachments", 0, "id"))
	assert.Empty(t, w.Compute("GET", base+"?offset=9", nil).Body["volumeAttachments"])
	assert.Equal(t, 400, w.Compute("GET", base+"?limit=x", nil).Status)
	cloudtest.SameShape(t, "compute-v2-get-volume-attachment.response", w.Compute("GET", base+"/"+a, nil).Body)
	assert.Len(t, w.GetServer(id)["os-extended-volumes:volumes_attached"], 2)

	res = w.Compute("DELETE", base+"/"+a, nil)
	assert.Equal(t, 202, res.Status)
	assert.Equal(t, "detaching", w.VolumeStatus(a))
	assert.Equal(t, 200, w.Compute("GET", base+"/"+a, nil).Status)
	w.Done()
	assert.Equal(t, "available", w.VolumeStatus(a))
	for _, method := range []string{"GET", "DELETE"} {
		assert.Equal(t, 404, w.Compute(method, base+"/"+a, nil).Status)
	}
	assert.Equal(t, "/dev/vdb", cloudtest.At(attach(a).Body, "volumeAttachment", "device"), "the device is free again")
}

func TestAttachmentsRefused(t *testing.T) {
	w := cloudtest.New(t)
	res := w.Compute("POST", "/servers", object{"server": w.M2Body("s", nil)})
	id := cloudtest.At(res.Body, "server", "id").(string)
	base := "/servers/" + id + "/os-volume_attachments"
	attach := func(volume any) int {
		return w.Compute("POST", base, object{"volumeAttachment": object{"volumeId": volume}}).Status
	}
	w.Done()
	free := w.NewVolume("kr-pub-a")
	root := cloudtest.At(w.GetServer(id), "os-extended-volumes:volumes_attached", 0, "id").(string)
	assert.Contains(t, w.Compute("DELETE", base+"/"+root, nil).Text, "Cannot detach a root device volume")
	assert.Equal(t, 404, attach("nope"))
	assert.Equal(t, 400, attach(nil))
	assert.Equal(t, 400, w.Compute("POST", base, object{}).Status)
	assert.Equal(t, 400, attach(w.NewVolume("kr-pub-b")), "another zone")
	res = w.Volume("POST", "/volumes", object{"volume": object{"size": 1}})
	assert.Equal(t, 400, attach(cloudtest.At(res.Body, "volume", "id")), "still creating")
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	assert.Equal(t, 409, attach(free))
	require.NoError(t, w.SetServerStatus(id, "ACTIVE"))
	w.Compute("DELETE", "/servers/"+id, nil)
	assert.Equal(t, 409, attach(free))
	for _, method := range []string{"GET", "POST", "DELETE"} {
		path := "/servers/nope/os-volume_attachments"
		if method == "DELETE" {
			path += "/" + free
		}
		assert.Equal(t, 404, w.Compute(method, path, object{"volumeAttachment": object{"volumeId": free}}).Status)
	}
}

func TestServerGoesWithAttachments(t *testing.T) {
	w := cloudtest.New(t)
	id, vol := w.U2("s"), w.NewVolume("kr-pub-a")
	base := "/servers/" + id + "/os-volume_attachments"
	w.Compute("POST", base, object{"volumeAttachment": object{"volumeId": vol}})
	w.Done()
	w.Compute("DELETE", "/servers/"+id, nil)
	w.Compute("DELETE", base+"/"+vol, nil) // due at the same time, behind the server
	w.Done()
	assert.Equal(t, "available", w.VolumeStatus(vol))
}
