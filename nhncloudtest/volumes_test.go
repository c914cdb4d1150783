package nhncloudtest_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVolumeLife(t *testing.T) {
	w := newWorld(t)
	res := w.volume("POST", "/volumes", fixture(t, "blockstorage-v2-create-volume.request"))
	require.Equal(t, 202, res.status, "%s", res.text)
	sameShape(t, "blockstorage-v2-create-volume.response", res.body)
	id := at(res.body, "volume", "id").(string)
	assert.Equal(t, "creating", w.volumeStatus(id))
	assert.Equal(t, 400, w.volume("DELETE", "/volumes/"+id, nil).status)
	w.done()
	assert.Equal(t, "available", w.volumeStatus(id))
	sameShape(t, "blockstorage-v2-get-volume.response", w.volume("GET", "/volumes/"+id, nil).body)
	sameShape(t, "blockstorage-v2-list-volumes.response", w.volume("GET", "/volumes", nil).body)
	sameShape(t, "blockstorage-v2-list-volumes-detail.response", w.volume("GET", "/volumes/detail", nil).body)
	sameShape(t, "blockstorage-v2-list-volume-types.response", w.volume("GET", "/types", nil).body)

	res = w.volume("DELETE", "/volumes/"+id, nil)
	assert.Equal(t, 202, res.status)
	assert.Empty(t, res.text)
	assert.Equal(t, "deleting", w.volumeStatus(id))
	w.done()
	for _, method := range []string{"GET", "DELETE"} {
		assert.Equal(t, 404, w.volume(method, "/volumes/"+id, nil).status)
	}
}

func TestCreateVolume(t *testing.T) {
	w := newWorld(t)
	create := func(body object) result { return w.volume("POST", "/volumes", object{"volume": body}) }
	res := create(object{
		"size": "30", "name": "data", "description": "d", "volume_type": "General SSD", "availability_zone": "kr-pub-b",
		"metadata": object{"k": "v"}, "imageRef": w.ImageID("Rocky"), "nhn_encryption": object{"skm_key_id": "k"},
	})
	require.Equal(t, 202, res.status, "%s", res.text)
	v := res.body["volume"].(object)
	assert.EqualValues(t, 30, v["size"])
	assert.Equal(t, "data", v["name"])
	assert.Equal(t, "d", v["description"])
	assert.Equal(t, "General SSD", v["volume_type"])
	assert.Equal(t, "true", v["bootable"])
	assert.Equal(t, true, v["encrypted"])
	assert.Equal(t, object{"k": "v"}, v["metadata"])
	w.done()
	res = create(object{"source_volid": v["id"]})
	assert.EqualValues(t, 30, at(res.body, "volume", "size"))
	assert.Equal(t, v["id"], at(res.body, "volume", "source_volid"))

	for name, c := range map[string]struct {
		body   object
		status int
	}{
		"no size":       {object{}, 400},
		"size":          {object{"size": "x"}, 400},
		"size zero":     {object{"size": 0}, 400},
		"zone":          {object{"size": 1, "availability_zone": "nope"}, 400},
		"type":          {object{"size": 1, "volume_type": "nope"}, 404},
		"snapshot":      {object{"size": 1, "snapshot_id": "nope"}, 404},
		"source":        {object{"source_volid": "nope"}, 404},
		"smaller":       {object{"size": 5, "source_volid": v["id"]}, 400},
		"image":         {object{"size": 20, "imageRef": "nope"}, 400},
		"image minimum": {object{"size": 5, "imageRef": w.ImageID("Rocky")}, 400},
		"metadata":      {object{"size": 5, "metadata": object{"k": 1}}, 400},
	} {
		assert.Equal(t, c.status, create(c.body).status, name)
	}
	assert.Equal(t, 400, w.volume("POST", "/volumes", object{}).status)
}

func TestVolumeLists(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithPageLimits(2, 4))
	var ids []string
	for _, name := range []string{"b", "a", "d", "c", "e"} {
		res := w.volume("POST", "/volumes", object{"volume": object{"size": 10, "name": name}})
		ids = append(ids, at(res.body, "volume", "id").(string))
	}
	names := func(query string) string {
		res := w.volume("GET", "/volumes?"+query, nil)
		require.Equal(t, 200, res.status, "%s", res.text)
		out := ""
		for _, v := range res.body["volumes"].([]any) {
			out += at(v, "name").(string)
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
	assert.Equal(t, 5, countPages(w, "/volume/v2/"+w.TenantID+"/volumes/detail?limit=2", "volumes", "volumes_links"))
	for query, status := range map[string]int{"limit=x": 400, "offset=-1": 400, "sort=nope": 400, "marker=nope": 404} {
		assert.Equal(t, status, w.volume("GET", "/volumes?"+query, nil).status, query)
	}
}

func TestAttachments(t *testing.T) {
	w := newWorld(t)
	id := w.u2("s")
	base := "/servers/" + id + "/os-volume_attachments"
	attach := func(volume string) result {
		return w.compute("POST", base, object{"volumeAttachment": object{"volumeId": volume}})
	}
	a, b := w.newVolume("kr-pub-a"), w.newVolume("kr-pub-a")
	res := attach(a)
	require.Equal(t, 200, res.status, "%s", res.text)
	sameShape(t, "compute-v2-attach-volume.response", res.body)
	assert.Equal(t, "/dev/vdb", at(res.body, "volumeAttachment", "device"))
	assert.Equal(t, a, at(res.body, "volumeAttachment", "id"))
	assert.Equal(t, "attaching", w.volumeStatus(a))
	assert.Equal(t, 400, w.compute("DELETE", base+"/"+a, nil).status, "not yet")
	assert.Equal(t, "/dev/vdc", at(attach(b).body, "volumeAttachment", "device"))
	w.done()
	assert.Equal(t, "in-use", w.volumeStatus(a))
	sameError(t, "compute_400_attach_twice", attach(a))
	assert.Equal(t, 400, w.volume("DELETE", "/volumes/"+a, nil).status)

	res = w.compute("GET", base, nil)
	sameShape(t, "compute-v2-list-volume-attachments.response", res.body)
	assert.Len(t, res.body["volumeAttachments"], 2)
	assert.Equal(t, b, at(w.compute("GET", base+"?limit=1&offset=1", nil).body, "volumeAttachments", 0, "id"))
	assert.Empty(t, w.compute("GET", base+"?offset=9", nil).body["volumeAttachments"])
	assert.Equal(t, 400, w.compute("GET", base+"?limit=x", nil).status)
	sameShape(t, "compute-v2-get-volume-attachment.response", w.compute("GET", base+"/"+a, nil).body)
	assert.Len(t, w.server(id)["os-extended-volumes:volumes_attached"], 2)

	res = w.compute("DELETE", base+"/"+a, nil)
	assert.Equal(t, 202, res.status)
	assert.Equal(t, "detaching", w.volumeStatus(a))
	assert.Equal(t, 200, w.compute("GET", base+"/"+a, nil).status)
	w.done()
	assert.Equal(t, "available", w.volumeStatus(a))
	for _, method := range []string{"GET", "DELETE"} {
		assert.Equal(t, 404, w.compute(method, base+"/"+a, nil).status)
	}
	assert.Equal(t, "/dev/vdb", at(attach(a).body, "volumeAttachment", "device"), "the device is free again")
}

func TestAttachmentsRefused(t *testing.T) {
	w := newWorld(t)
	res := w.compute("POST", "/servers", object{"server": w.m2Body("s", nil)})
	id := at(res.body, "server", "id").(string)
	base := "/servers/" + id + "/os-volume_attachments"
	attach := func(volume any) int {
		return w.compute("POST", base, object{"volumeAttachment": object{"volumeId": volume}}).status
	}
	w.done()
	free := w.newVolume("kr-pub-a")
	root := at(w.server(id), "os-extended-volumes:volumes_attached", 0, "id").(string)
	assert.Contains(t, w.compute("DELETE", base+"/"+root, nil).text, "Cannot detach a root device volume")
	assert.Equal(t, 404, attach("nope"))
	assert.Equal(t, 400, attach(nil))
	assert.Equal(t, 400, w.compute("POST", base, object{}).status)
	assert.Equal(t, 400, attach(w.newVolume("kr-pub-b")), "another zone")
	res = w.volume("POST", "/volumes", object{"volume": object{"size": 1}})
	assert.Equal(t, 400, attach(at(res.body, "volume", "id")), "still creating")
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	assert.Equal(t, 409, attach(free))
	require.NoError(t, w.SetServerStatus(id, "ACTIVE"))
	w.compute("DELETE", "/servers/"+id, nil)
	assert.Equal(t, 409, attach(free))
	for _, method := range []string{"GET", "POST", "DELETE"} {
		path := "/servers/nope/os-volume_attachments"
		if method == "DELETE" {
			path += "/" + free
		}
		assert.Equal(t, 404, w.compute(method, path, object{"volumeAttachment": object{"volumeId": free}}).status)
	}
}

func TestServerGoesWithAttachments(t *testing.T) {
	w := newWorld(t)
	id, vol := w.u2("s"), w.newVolume("kr-pub-a")
	base := "/servers/" + id + "/os-volume_attachments"
	w.compute("POST", base, object{"volumeAttachment": object{"volumeId": vol}})
	w.done()
	w.compute("DELETE", "/servers/"+id, nil)
	w.compute("DELETE", base+"/"+vol, nil) // due at the same time, behind the server
	w.done()
	assert.Equal(t, "available", w.volumeStatus(vol))
}
