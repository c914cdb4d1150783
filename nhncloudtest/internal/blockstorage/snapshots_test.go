package blockstorage_test

import (
	"fmt"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newSnapshot makes a snapshot of a volume, available.
func newSnapshot(w *cloudtest.World, volume string, more object) string {
	w.T.Helper()
	request := object{"volume_id": volume}
	for k, v := range more {
		request[k] = v
	}
	res := w.Volume("POST", "/snapshots", object{"snapshot": request})
	require.Equal(w.T, 202, res.Status, "%s", res.Text)
	w.Done()
	return cloudtest.At(res.Body, "snapshot", "id").(string)
}

func TestSnapshotLife(t *testing.T) {
	w := cloudtest.New(t)
	volume := w.NewVolume("kr-pub-b")
	request := cloudtest.Fixture(t, "blockstorage-v2-create-snapshot.request")
	request["snapshot"].(object)["volume_id"] = volume
	res := w.Volume("POST", "/snapshots", request)
	require.Equal(t, 202, res.Status, "%s", res.Text)
	cloudtest.SameShape(t, "blockstorage-v2-create-snapshot.response", res.Body)
	id := cloudtest.At(res.Body, "snapshot", "id").(string)
	get := func() object {
		res := w.Volume("GET", "/snapshots/"+id, nil)
		require.Equal(t, 200, res.Status, "%s", res.Text)
		cloudtest.SameShape(t, "blockstorage-v2-get-snapshot.response", res.Body)
		return res.Body["snapshot"].(object)
	}
	assert.Equal(t, "creating", get()["status"])
	assert.Equal(t, "0%", get()["os-extended-snapshot-attributes:progress"])
	assert.Equal(t, 400, w.Volume("DELETE", "/snapshots/"+id, nil).Status, "it is not there yet")
	res = w.Volume("POST", "/volumes", object{"volume": object{"snapshot_id": id}})
	assert.Equal(t, 400, res.Status)
	assert.Contains(t, res.Text, "Invalid snapshot: Originating snapshot status must be")
	w.Done()
	assert.Equal(t, "available", get()["status"])
	assert.Equal(t, "SNAPSHOT-001", get()["name"])
	assert.Equal(t, "Daily backup", get()["description"])
	assert.EqualValues(t, 10, get()["size"])
	assert.Equal(t, w.TenantID, get()["os-extended-snapshot-attributes:project_id"])
	cloudtest.SameShape(t, "blockstorage-v2-list-snapshots.response", w.Volume("GET", "/snapshots", nil).Body)
	cloudtest.SameShape(t, "blockstorage-v2-list-snapshots-detail.response", w.Volume("GET", "/snapshots/detail", nil).Body)

	cloudtest.SameError(t, "volume_400_has_snapshots", w.Volume("DELETE", "/volumes/"+volume, nil))
	res = w.Volume("DELETE", "/snapshots/"+id, nil)
	assert.Equal(t, 202, res.Status)
	assert.Empty(t, res.Text)
	assert.Equal(t, "deleting", get()["status"])
	assert.Equal(t, 400, w.Volume("DELETE", "/volumes/"+volume, nil).Status, "it is still there")
	w.Done()
	for _, method := range []string{"GET", "DELETE"} {
		assert.Equal(t, 404, w.Volume(method, "/snapshots/"+id, nil).Status)
	}
	assert.Equal(t, 202, w.Volume("DELETE", "/volumes/"+volume, nil).Status)
}

func TestCreateSnapshot(t *testing.T) {
	w := cloudtest.New(t)
	create := func(body object) cloudtest.Result { return w.Volume("POST", "/snapshots", object{"snapshot": body}) }
	free, used := w.NewVolume("kr-pub-a"), w.NewVolume("kr-pub-a")
	server := w.U2("web")
	attach(w, server, used)
	busy := cloudtest.At(w.Volume("POST", "/volumes", object{"volume": object{"size": 10}}).Body, "volume", "id")

	for name, c := range map[string]struct {
		body   object
		status int
		words  string
	}{
		"no volume":      {object{}, 400, "'volume_id' is a required property"},
		"unknown volume": {object{"volume_id": "nope"}, 404, "Volume nope could not be found."},
		"in use":         {object{"volume_id": used}, 400, "status must be available, but current status is: in-use."},
		"being made":     {object{"volume_id": busy, "force": true}, 400, "status must be available or in-use, but current status is: creating."},
		"force":          {object{"volume_id": free, "force": "maybe"}, 400, "is not of type 'boolean'"},
		"name":           {object{"volume_id": free, "name": 1}, 400, "is not of type 'string'"},
		"metadata":       {object{"volume_id": free, "metadata": object{"k": 1}}, 400, "is not of type 'string'"},
	} {
		res := create(c.body)
		assert.Equal(t, c.status, res.Status, name)
		assert.Contains(t, res.Text, c.words, name)
	}
	assert.Equal(t, 400, w.Volume("POST", "/snapshots", object{}).Status)
	id := newSnapshot(w, used, object{"force": true, "metadata": object{"k": "v"}})
	got := w.Volume("GET", "/snapshots/"+id, nil).Body["snapshot"].(object)
	assert.Equal(t, object{"k": "v"}, got["metadata"])
	assert.Nil(t, got["name"])
}

// attach puts a volume on a server.
func attach(w *cloudtest.World, server, volume string) {
	w.T.Helper()
	res := w.Compute("POST", "/servers/"+server+"/os-volume_attachments", object{"volumeAttachment": object{"volumeId": volume}})
	require.Equal(w.T, 200, res.Status, "%s", res.Text)
	w.Done()
}

func TestVolumeFromSnapshot(t *testing.T) {
	w := cloudtest.New(t)
	res := w.Volume("POST", "/volumes", object{"volume": object{
		"size": 20, "imageRef": w.ImageID("Rocky"), "availability_zone": "kr-pub-b", "volume_type": "General SSD",
		"nhn_encryption": object{"skm_key_id": "key"},
	}})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	w.Done()
	original := res.Body["volume"].(object)
	snapshot := newSnapshot(w, original["id"].(string), nil)
	create := func(more object) cloudtest.Result {
		request := object{"snapshot_id": snapshot}
		for k, v := range more {
			request[k] = v
		}
		return w.Volume("POST", "/volumes", object{"volume": request})
	}
	made := create(nil).Body["volume"].(object)
	for _, key := range []string{"size", "volume_type", "availability_zone", "bootable", "encrypted", "nhn_encryption"} {
		assert.Equal(t, original[key], made[key], key)
	}
	assert.Equal(t, snapshot, made["snapshot_id"])
	assert.EqualValues(t, 30, cloudtest.At(create(object{"size": 30}).Body, "volume", "size"))
	for name, c := range map[string]struct {
		more  object
		words string
	}{
		"smaller": {object{"size": 10}, "Volume size '10'GB cannot be smaller than the snapshot size 20GB. They must be >= original snapshot size."},
		"zone":    {object{"availability_zone": "kr-pub-a"}, "Volume must be in the same availability zone as the snapshot"},
		"two":     {object{"source_volid": original["id"]}, "May specify only one of"},
	} {
		res := create(c.more)
		assert.Equal(t, 400, res.Status, name)
		assert.Contains(t, res.Text, c.words, name)
	}

	// The snapshot outlives neither its volume nor what was made of it.
	w.Done()
	assert.Equal(t, 400, w.Volume("DELETE", "/volumes/"+original["id"].(string)+"?cascade=perhaps", nil).Status)
	assert.Equal(t, 202, w.Volume("DELETE", "/volumes/"+original["id"].(string)+"?cascade=true", nil).Status)
	assert.Equal(t, "deleting", cloudtest.At(w.Volume("GET", "/snapshots/"+snapshot, nil).Body, "snapshot", "status"))
	w.Done()
	assert.Equal(t, 404, w.Volume("GET", "/snapshots/"+snapshot, nil).Status)
	assert.Equal(t, "gone", w.VolumeStatus(original["id"].(string)))
	assert.Equal(t, "available", w.VolumeStatus(made["id"].(string)))
}

// A volume in use is not deleted, with its snapshots or without.
func TestDeleteVolumeInUse(t *testing.T) {
	w := cloudtest.New(t)
	id, server := w.NewVolume("kr-pub-a"), w.U2("web")
	attach(w, server, id)
	snapshot := newSnapshot(w, id, object{"force": true})
	for _, path := range []string{id, id + "?cascade=true"} {
		cloudtest.SameError(t, "volume_400_delete_in_use", w.Volume("DELETE", "/volumes/"+path, nil))
	}
	require.Equal(t, 202, w.Compute("DELETE", "/servers/"+server+"/os-volume_attachments/"+id, nil).Status)
	w.Done()
	// Nor is one of which a snapshot is just being made.
	res := w.Volume("POST", "/snapshots", object{"snapshot": object{"volume_id": id}})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	assert.Equal(t, 400, w.Volume("DELETE", "/volumes/"+id+"?cascade=true", nil).Status)
	w.Done()
	require.Equal(t, 202, w.Volume("DELETE", "/snapshots/"+snapshot, nil).Status)
	assert.Equal(t, 202, w.Volume("DELETE", "/volumes/"+id+"?cascade=true", nil).Status)
	w.Done()
	assert.Empty(t, w.Volume("GET", "/snapshots", nil).Body["snapshots"])
}

// A server boots from a snapshot, and leaves its root volume behind where that
// has snapshots.
func TestBootFromSnapshot(t *testing.T) {
	w := cloudtest.New(t)
	res := w.Compute("POST", "/servers", object{"server": w.M2Body("first", object{"delete_on_termination": true})})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	w.Done()
	first := w.GetServer(cloudtest.At(res.Body, "server", "id").(string))
	root := cloudtest.At(first, "os-extended-volumes:volumes_attached", 0, "id").(string)
	snapshot := newSnapshot(w, root, object{"force": true})
	data := newSnapshot(w, w.NewVolume("kr-pub-a"), nil)

	boot := func(device object) cloudtest.Result {
		device["source_type"] = "snapshot"
		return w.Compute("POST", "/servers", object{"server": w.M2Body("second", device)})
	}
	for name, c := range map[string]struct {
		device object
		words  string
	}{
		"unknown":      {object{"uuid": "nope"}, "failed to get snapshot nope."},
		"smaller":      {object{"uuid": snapshot, "volume_size": 10}, "cannot be smaller than the snapshot size 20GB"},
		"local":        {object{"uuid": snapshot, "destination_type": "local"}, "Mapping snapshot to local is not supported."},
		"not bootable": {object{"uuid": data}, "is not bootable."},
	} {
		res := boot(c.device)
		assert.Equal(t, 400, res.Status, name)
		assert.Contains(t, res.Text, c.words, name)
	}
	res = boot(object{"uuid": snapshot, "volume_size": 30})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	w.Done()
	second := w.GetServer(cloudtest.At(res.Body, "server", "id").(string))
	assert.Equal(t, "ACTIVE", second["status"])
	copied := w.Volume("GET", "/volumes/"+cloudtest.At(second, "os-extended-volumes:volumes_attached", 0, "id").(string), nil).Body["volume"].(object)
	assert.Equal(t, snapshot, copied["snapshot_id"])
	assert.EqualValues(t, 30, copied["size"])
	assert.Equal(t, "true", copied["bootable"])

	require.Equal(t, 204, w.Compute("DELETE", "/servers/"+first["id"].(string), nil).Status)
	w.Done()
	assert.Equal(t, "available", w.VolumeStatus(root), "its snapshot keeps it")
}

func TestSnapshotLists(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithPageLimits(2, 2))
	one, other := w.NewVolume("kr-pub-a"), w.NewVolume("kr-pub-a")
	for i := range 5 {
		newSnapshot(w, one, object{"name": fmt.Sprintf("s%d", i)})
	}
	newSnapshot(w, other, object{"name": "other"})
	names := func(query string) string {
		res := w.Volume("GET", "/snapshots?"+query, nil)
		require.Equal(t, 200, res.Status, "%s", res.Text)
		out := ""
		for _, s := range res.Body["snapshots"].([]any) {
			out += cloudtest.At(s, "name").(string)
		}
		return out
	}
	assert.Equal(t, "others4", names(""))
	assert.Equal(t, "other", names("volume_id="+other))
	assert.Equal(t, "s3", names("name=s3&status=available"))
	assert.Equal(t, "others0", names("sort=name:asc"))
	assert.Equal(t, "s2", names("limit=1&offset=3"))
	assert.Equal(t, 6, w.CountPages("/volume/v2/"+w.TenantID+"/snapshots/detail", "snapshots", "snapshots_links"))
	assert.Equal(t, 404, w.Volume("GET", "/snapshots?marker=nope", nil).Status)
}

// What is put into a status stays there, whatever was under way.
func TestSetStatus(t *testing.T) {
	w := cloudtest.New(t)
	id := w.NewVolume("kr-pub-a")
	snapshot := newSnapshot(w, id, nil)
	status := func() any {
		return cloudtest.At(w.Volume("GET", "/snapshots/"+snapshot, nil).Body, "snapshot", "status")
	}
	require.Equal(t, 202, w.Volume("DELETE", "/snapshots/"+snapshot, nil).Status)
	require.NoError(t, w.SetSnapshotStatus(snapshot, "error_deleting"))
	w.Done()
	assert.Equal(t, "error_deleting", status())
	assert.Equal(t, 400, w.Volume("DELETE", "/volumes/"+id+"?cascade=true", nil).Status)
	require.NoError(t, w.SetSnapshotStatus(snapshot, "error"))
	require.NoError(t, w.SetVolumeStatus(id, "error_extending"))
	require.Equal(t, 202, w.Volume("DELETE", "/volumes/"+id+"?cascade=true", nil).Status)
	require.NoError(t, w.SetVolumeStatus(id, "error_deleting"))
	w.Done()
	assert.Equal(t, "error_deleting", w.VolumeStatus(id))
	assert.Equal(t, "deleting", status())
	for text, err := range map[string]error{
		`no such volume: "nope"`:   w.SetVolumeStatus("nope", "error"),
		`no such snapshot: "nope"`: w.SetSnapshotStatus("nope", "error"),
		`no such status: "ERROR"`:  w.SetVolumeStatus(id, "ERROR"),
		`no such status: "in-use"`: w.SetSnapshotStatus(snapshot, "in-use"),
	} {
		assert.EqualError(t, err, "nhncloudtest: "+text)
	}
}
