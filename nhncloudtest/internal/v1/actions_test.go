package v1_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInstanceStatus(t *testing.T) {
	w := newWorld(t)
	id := w.U2("s")
	for status, want := range map[string]string{
		"ACTIVE": "ACTIVE", "BUILD": "BUILD", "ERROR": "ERROR", "SHUTOFF": "STOP", "REBOOT": "REBOOTING", "HARD_REBOOT": "REBOOTING",
		"RESIZE": "RESIZING", "VERIFY_RESIZE": "RESIZING", "REVERT_RESIZE": "RESIZING", "MIGRATING": "MIGRATING",
		"SHELVED_OFFLOADED": "SHELVED_OFFLOADED",
	} {
		require.NoError(t, w.SetServerStatus(id, status))
		w.statusV1(id, want)
	}
}

func TestInstanceActions(t *testing.T) {
	w := newWorld(t)
	id := w.instance("s", nil)
	assert.Contains(t, w.actFails(10409, id, "start"), "vm_state active")
	assert.Len(t, w.actV1(id, "stop"), 1)
	w.statusV1(id, "POWERING_OFF")
	w.actFails(10409, id, "stop")
	w.Done()
	w.statusV1(id, "STOP")
	w.CheckStatus(id, "SHUTOFF", "")
	w.actFails(10409, id, "reboot", "type", "SOFT")
	assert.Len(t, w.actV1(id, "start"), 1)
	w.statusV1(id, "POWERING_ON")
	w.Done()
	w.statusV1(id, "ACTIVE")

	for _, kind := range []string{"SOFT", "HARD"} {
		assert.Len(t, w.actV1(id, "reboot", "type", kind), 1)
		w.statusV1(id, "REBOOTING")
		w.Done()
		w.statusV1(id, "ACTIVE")
	}
	w.actFails(-4, id, "reboot", "type", "soft")
	w.actFails(-4, id, "reboot")

	big := w.FlavorID("u2.c2m4")
	assert.Len(t, w.actV1(id, "resize", "flavor", big), 1)
	w.statusV1(id, "RESIZING")
	w.Done()
	w.statusV1(id, "RESIZING")
	w.Done()
	w.statusV1(id, "ACTIVE")
	assert.Equal(t, "u2.c2m4", cloudtest.At(w.detail(id), "flavor", "name"))
	w.actFails(10400, id, "resize", "flavor", big)
	w.actFails(10400, id, "resize", "flavor", w.FlavorID("m2.c1m2"))
	w.actFails(11404, id, "resize", "flavor", "nope")
	w.actFails(-4, id, "resize")

	// done through v2, seen here
	w.Do(id, "stop", 202)
	w.statusV1(id, "POWERING_OFF")
	w.actFails(10404, "nope", "start")
}

func TestUploadImage(t *testing.T) {
	w := newWorld(t)
	for want, more := range map[float64]object{20: nil, 50: w.bfv(50)} {
		id := w.instance("s", more)
		assert.Contains(t, w.actFails(10409, id, "uploadImage", "name", "mine"), "vm_state active")
		w.actV1(id, "stop")
		w.Done()
		w.actFails(-4, id, "uploadImage")
		made := w.actV1(id, "uploadImage", "name", "mine")["createdImage"]
		sameShapeV1(t, "compute-v1-instance-action-upload-image", "createdImage", made)
		w.statusV1(id, "STOP")
		w.actFails(10409, id, "start")
		img := cloudtest.At(w.v1("GET", "/images?limit=1", nil), "images", 0)
		assert.Equal(t, cloudtest.At(made, "id"), cloudtest.At(img, "id"))
		assert.Equal(t, "saving", cloudtest.At(img, "status"))
		assert.Nil(t, cloudtest.At(img, "size"))
		w.Done()
		img = cloudtest.At(w.v1("GET", "/images?limit=1", nil), "images", 0)
		assert.Equal(t, "active", cloudtest.At(img, "status"))
		assert.Equal(t, false, cloudtest.At(img, "isPublic"))
		assert.Equal(t, want, cloudtest.At(img, "minDisk"))
		assert.Equal(t, 200, w.Call("GET", "/image/v2/images/"+cloudtest.At(made, "id").(string), nil).Status)
	}
}

func TestInstanceGroups(t *testing.T) {
	w := newWorld(t)
	id := w.instance("s", nil)
	assert.Len(t, w.actV1(id, "addSecurityGroup", "name", "web"), 1)
	assert.Len(t, w.actV1(id, "addSecurityGroup", "name", "web"), 1)
	assert.Len(t, w.detail(id)["securityGroups"], 2)
	assert.Len(t, w.GetServer(id)["security_groups"], 2)
	assert.Len(t, w.actV1(id, "removeSecurityGroup", "name", "default"), 1)
	assert.Equal(t, []any{object{"name": "web"}}, w.detail(id)["securityGroups"])
	w.actFails(24404, id, "removeSecurityGroup", "name", "default")
	w.actFails(24404, id, "removeSecurityGroup", "name", "nope")
	w.actFails(24404, id, "addSecurityGroup", "name", "nope")
	w.actFails(-4, id, "addSecurityGroup")
}

func TestAttachmentsV1(t *testing.T) {
	w := newWorld(t)
	id := w.instance("s", nil)
	path := "/instances/" + id + "/attachments"
	ask := func(volume any) object { return object{"attachment": object{"volumeId": volume}} }
	vol := w.NewVolume("kr-pub-a")
	made := w.v1("POST", path, ask(vol))["attachment"].(object)
	sameShapeV1(t, "compute-v1-attach-volume", "attachment", made)
	assert.Equal(t, "/dev/vdb", made["device"])
	assert.Equal(t, vol, made["volumeId"])
	assert.Equal(t, "attaching", w.VolumeStatus(vol))
	w.v1Fails(40409, "POST", path, ask(vol))
	w.v1Fails(40409, "DELETE", path+"?volumeId="+vol, nil)
	w.Done()
	assert.Equal(t, []any{object{"id": vol, "name": nil, "size": 10., "type": "General HDD"}}, cloudtest.At(w.detail(id), "volumes", "attachments"))
	shown := cloudtest.At(w.v1("GET", "/volumes?id="+vol, nil), "volumes", 0)
	assert.Equal(t, []any{object{"device": "/dev/vdb", "instanceId": id, "attachmentId": made["id"]}}, cloudtest.At(shown, "attachments"))
	assert.Len(t, w.Compute("GET", "/servers/"+id+"/os-volume_attachments", nil).Body["volumeAttachments"], 1)
	w.v1Fails(40409, "DELETE", "/volumes?id="+vol, nil)

	w.v1Empty("DELETE", path+"?volumeId="+vol, nil)
	assert.Equal(t, "detaching", w.VolumeStatus(vol))
	w.Done()
	assert.Equal(t, "available", w.VolumeStatus(vol))
	w.v1Fails(40404, "DELETE", path+"?volumeId="+vol, nil)

	w.v1Fails(-4, "DELETE", path, nil)
	w.v1Fails(-4, "POST", path, object{})
	w.v1Fails(-4, "POST", path, ask(""))
	w.v1Fails(40404, "POST", path, ask("nope"))
	w.v1Fails(10404, "POST", "/instances/nope/attachments", ask(vol))
	w.v1Fails(10404, "DELETE", "/instances/nope/attachments?volumeId="+vol, nil)
	w.v1Fails(10400, "POST", path, ask(w.NewVolume("kr-pub-b")))
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	w.v1Fails(10409, "POST", path, ask(vol))
}
