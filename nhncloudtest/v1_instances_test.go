package nhncloudtest_test

import (
	"fmt"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// someKey makes sure that there is a key pair called key.
func (w *world) someKey() {
	w.t.Helper()
	if len(w.v1("GET", "/keypairs", nil)["keypairs"].([]any)) == 0 {
		w.v1("POST", "/keypairs", object{"keypair": object{"name": "key"}})
	}
}

// instanceBody asks for an instance with a local disk; more overrides fields,
// nil ones are left out.
func (w *world) instanceBody(name string, more object) object {
	w.t.Helper()
	w.someKey()
	o := object{
		"name": name, "image": w.ImageID("Ubuntu Server 24.04"), "flavor": w.FlavorID("u2.c1m1"),
		"networks": []object{{"id": w.NetworkID()}}, "availabilityZone": "kr-pub-a", "keyName": "key",
		"securityGroups": []object{{"name": "default"}},
	}
	for k, v := range more {
		o[k] = v
		if v == nil {
			delete(o, k)
		}
	}
	return object{"instance": o}
}

// instance makes an instance, ACTIVE.
func (w *world) instance(name string, more object) string {
	w.t.Helper()
	made := w.v1("POST", "/instances", w.instanceBody(name, more))["instance"]
	w.done()
	return at(made, "id").(string)
}

// bfv is what makes an instance boot from a volume.
func (w *world) bfv(size any) object {
	return object{"flavor": w.FlavorID("m2.c1m2"), "volume": object{"size": size}}
}

func (w *world) detail(id string) object {
	w.t.Helper()
	list := w.v1("GET", "/instances-detail?id="+id, nil)["instances"].([]any)
	require.Len(w.t, list, 1)
	return list[0].(object)
}

// statusV1 checks what v1.0 calls the status of an instance.
func (w *world) statusV1(id, want string) {
	w.t.Helper()
	assert.Equal(w.t, want, at(w.v1("GET", "/instances?id="+id, nil), "instances", 0, "status"))
}

// actV1 sends an action with pairs of parameters.
func (w *world) actV1(id, action string, parameters ...string) object {
	w.t.Helper()
	return w.v1("POST", "/instances/"+id+"/action", actionBody(action, parameters))
}

func (w *world) actFails(code int, id, action string, parameters ...string) string {
	w.t.Helper()
	return w.v1Fails(code, "POST", "/instances/"+id+"/action", actionBody(action, parameters))
}

func actionBody(action string, parameters []string) object {
	body := object{"action": action}
	for i := 0; i < len(parameters); i += 2 {
		if body["parameters"] == nil {
			body["parameters"] = object{}
		}
		body["parameters"].(object)[parameters[i]] = parameters[i+1]
	}
	return body
}

func TestCatalogsV1(t *testing.T) {
	w := newWorld(t)
	zones := w.v1("GET", "/availability-zones", nil)
	sameShapeV1(t, "compute-v1-list-availability-zones", "zones", at(zones, "zones", 0))
	assert.Len(t, zones["zones"], 2)
	flavors := w.v1("GET", "/flavors", nil)["flavors"].([]any)
	assert.Len(t, flavors, len(w.Flavors()))
	for _, f := range flavors {
		if f.(object)["volumeSize"] != nil {
			sameShapeV1(t, "compute-v1-list-flavors", "flavors", f)
			continue
		}
		assert.EqualValues(t, 1000, at(f, "maxVolumeSize"))
		sameShapeV1(t, "compute-v1-list-flavors", "flavors", without(f.(object), "maxVolumeSize"), "volumeSize")
	}
	assert.Equal(t, w.FlavorID("u2.c1m1"), at(flavors, 0, "id"))
	assert.EqualValues(t, 20, at(flavors, 0, "volumeSize"))
	assert.EqualValues(t, 1024, at(flavors, 0, "ram"))
	assert.Equal(t, "general", at(flavors, 0, "type"))
}

func TestInstances(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, []any{}, w.v1("GET", "/instances", nil)["instances"])
	made := w.v1("POST", "/instances", w.instanceBody("web-1.a", nil))["instance"].(object)
	sameShapeV1(t, "compute-v1-create-instance", "instance", made)
	assert.Equal(t, "web-1.a", made["name"])
	assert.Equal(t, "BUILD", made["status"])
	id := made["id"].(string)
	assert.Equal(t, []any{}, w.detail(id)["addresses"])
	assert.Nil(t, w.detail(id)["launchedAt"])
	w.done()

	list := w.v1("GET", "/instances", nil)["instances"].([]any)
	assert.Equal(t, []any{object{"id": id, "name": "web-1.a", "status": "ACTIVE"}}, list)
	sameShapeV1(t, "compute-v1-list-instances", "instances", list[0])
	o := w.detail(id)
	sameShapeV1(t, "compute-v1-list-instances-detail", "instances", o)
	assert.Equal(t, object{"id": w.FlavorID("u2.c1m1"), "name": "u2.c1m1", "cpu": 1., "ram": 1024.}, o["flavor"])
	assert.Equal(t, w.ImageID("Ubuntu Server 24.04"), o["image"])
	assert.Equal(t, "kr-pub-a", o["availabilityZone"])
	assert.Equal(t, "key", o["keyName"])
	assert.Equal(t, object{"root": object{"size": 20., "type": nil}, "attachments": []any{}}, o["volumes"])
	assert.Equal(t, []any{object{"name": "default"}}, o["securityGroups"])
	assert.Equal(t, "2026-03-01T12:01:00.000000", o["launchedAt"])
	assert.Equal(t, "2026-03-01T12:00:00Z", o["createdAt"])
	assert.Equal(t, "2026-03-01T12:01:00Z", o["updatedAt"])
	assert.Equal(t, "linux", at(o, "metadata", "os_type"))

	// the same machine as of v2
	s := w.server(id)
	assert.Equal(t, "ACTIVE", s["status"])
	assert.Equal(t, "key", s["key_name"])
	address := at(s, "addresses", "Default Network", 0)
	assert.Equal(t, []any{object{
		"ipAddress": at(address, "addr"), "macAddress": at(address, "OS-EXT-IPS-MAC:mac_addr"), "version": 4., "floatingIpAddress": nil,
	}}, o["addresses"])
	other := w.u2("v2")
	list = w.v1("GET", "/instances-detail", nil)["instances"].([]any)
	require.Len(t, list, 2)
	assert.Equal(t, other, at(list, 0, "id"), "the newest first")
	sameShapeV1(t, "compute-v1-list-instances-detail", "instances", list[0])
	assert.Nil(t, at(list, 0, "keyName"))

	w.v1Fails(10404, "GET", "/instances?id=nope", nil)
	assert.Equal(t, "Instance nope could not be found.", w.v1Fails(10404, "GET", "/instances-detail?id=nope", nil))

	w.v1Fails(-4, "DELETE", "/instances", nil)
	w.v1Fails(10404, "DELETE", "/instances?id=nope", nil)
	require.NoError(t, w.ProtectServer(id, true))
	assert.Contains(t, w.v1Fails(10409, "DELETE", "/instances?id="+id, nil), "protected")
	require.NoError(t, w.ProtectServer(id, false))
	w.v1Empty("DELETE", "/instances?id="+id, nil)
	w.statusV1(id, "DELETING")
	w.v1Empty("DELETE", "/instances?id="+id, nil)
	w.done()
	w.v1Fails(10404, "GET", "/instances?id="+id, nil)
	assert.Equal(t, 404, w.compute("GET", "/servers/"+id, nil).status)
}

func TestInstanceFromVolume(t *testing.T) {
	w := newWorld(t)
	id := w.instance("m2", object{
		"flavor": w.FlavorID("m2.c1m2"), "volume": object{"size": 30, "type": "General SSD"},
		"networks": []object{{"id": w.NetworkID(), "subnetId": w.SubnetID()}}, "securityGroups": []object{{"name": "web"}, {"name": "default"}},
	})
	o := w.detail(id)
	sameShapeV1(t, "compute-v1-list-instances-detail", "instances", o)
	assert.Equal(t, object{"size": 30., "type": "General SSD"}, at(o, "volumes", "root"))
	assert.Equal(t, w.ImageID("Ubuntu Server 24.04"), o["image"])
	assert.Len(t, o["securityGroups"], 2)
	volumes := w.v1("GET", "/volumes", nil)["volumes"].([]any)
	require.Len(t, volumes, 1)
	assert.Equal(t, "in-use", at(volumes, 0, "status"))
	root := at(volumes, 0, "id").(string)
	assert.Contains(t, w.v1Fails(10400, "DELETE", "/instances/"+id+"/attachments?volumeId="+root, nil), "root")
	w.v1Fails(40409, "DELETE", "/volumes?id="+root, nil)
	w.v1Empty("DELETE", "/instances?id="+id, nil)
	w.done()
	assert.Empty(t, w.v1("GET", "/volumes", nil)["volumes"], "the root volume goes with the instance")

	id = w.instance("hdd", w.bfv("20"))
	assert.Equal(t, "General HDD", at(w.detail(id), "volumes", "root", "type"))
	id = w.instance("hdd", object{"flavor": w.FlavorID("m2.c1m2"), "volume": object{"size": 20, "type": nil}})
	assert.Equal(t, "General HDD", at(w.detail(id), "volumes", "root", "type"))
}

func TestInstanceCount(t *testing.T) {
	w := newWorld(t)
	made := w.v1("POST", "/instances", w.instanceBody("n", object{"count": 10}))["instance"]
	assert.Equal(t, "n-1", at(made, "name"))
	list := w.v1("GET", "/instances", nil)["instances"].([]any)
	require.Len(t, list, 10)
	assert.Equal(t, "n-10", at(list, 0, "name"))
	assert.Equal(t, made, list[9])
	made = w.v1("POST", "/instances", w.instanceBody("one", object{"count": "1"}))["instance"]
	assert.Equal(t, "one", at(made, "name"))
}

func TestInstanceRefused(t *testing.T) {
	w := newWorld(t)
	m2 := w.FlavorID("m2.c1m2")
	networks := w.v1("GET", "/networks", nil)["networks"].([]any)
	external := at(networks, 1, "id")
	for name, c := range map[string]struct {
		more object
		code int
	}{
		"no name":            {object{"name": nil}, -4},
		"long name":          {object{"name": "abcdefghijklmnopqrstu"}, -4},
		"blank in the name":  {object{"name": "a b"}, -4},
		"no image":           {object{"image": nil}, -4},
		"no flavor":          {object{"flavor": nil}, -4},
		"flavor a number":    {object{"flavor": 1}, -4},
		"no networks":        {object{"networks": nil}, -4},
		"empty networks":     {object{"networks": []any{}}, -4},
		"empty network":      {object{"networks": []any{object{}}}, -4},
		"no zone":            {object{"availabilityZone": nil}, -4},
		"no key":             {object{"keyName": nil}, -4},
		"no groups":          {object{"securityGroups": nil}, -4},
		"empty group":        {object{"securityGroups": []any{object{}}}, -4},
		"count 0":            {object{"count": 0}, -4},
		"count 11":           {object{"count": 11}, -4},
		"count a word":       {object{"count": "many"}, -4},
		"volume for u2":      {object{"volume": object{"size": 20}}, -4},
		"no volume":          {object{"flavor": m2}, -4},
		"no size":            {object{"flavor": m2, "volume": object{}}, -4},
		"size below minDisk": {w.bfv(10), -4},
		"size too large":     {w.bfv(1010), -4},
		"size between":       {w.bfv(25), -4},
		"type of volume":     {object{"flavor": m2, "volume": object{"size": 20, "type": "Tape"}}, -4},
		"type a number":      {object{"flavor": m2, "volume": object{"size": 20, "type": 1}}, -4},
		"foreign subnet":     {object{"networks": []any{object{"id": external, "subnetId": w.SubnetID()}}}, -4},
		"windows name":       {object{"flavor": m2, "image": w.ImageID("Windows"), "name": "thirteen-long", "volume": object{"size": 50}}, -4},
		"unknown image":      {object{"image": "nope"}, 30404},
		"unknown flavor":     {object{"flavor": "nope"}, 11404},
		"unknown network":    {object{"networks": []any{object{"id": "nope"}}}, 20004},
		"unknown subnet":     {object{"networks": []any{object{"subnetId": "nope"}}}, 21404},
		"unknown zone":       {object{"availabilityZone": "nope"}, 12404},
		"unknown key":        {object{"keyName": "nope"}, 13404},
		"unknown group":      {object{"securityGroups": []any{object{"name": "nope"}}}, 24404},
		"external network":   {object{"networks": []any{object{"id": external}}}, 10403},
		"windows on u2":      {object{"image": w.ImageID("Windows")}, 10400},
	} {
		assert.NotEmpty(t, w.v1Fails(c.code, "POST", "/instances", w.instanceBody("name", c.more)), name)
	}
	w.v1Fails(-4, "POST", "/instances", object{})
	assert.Empty(t, w.v1("GET", "/instances", nil)["instances"])
	w.instance("twelve-chars", object{"flavor": m2, "image": w.ImageID("Windows"), "volume": object{"size": 50}, "count": nil})
}

func TestInstanceQuota(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithQuota(nhncloudtest.Quota{Servers: 2}), nhncloudtest.WithMaxCount(3))
	w.instance("a", nil)
	assert.Contains(t, w.v1Fails(10403, "POST", "/instances", w.instanceBody("b", object{"count": 2})), "Quota exceeded")
	w.v1Fails(-4, "POST", "/instances", w.instanceBody("b", object{"count": 4}))
	assert.Len(t, w.v1("GET", "/instances", nil)["instances"], 1)
}

func TestInstanceWithoutAddress(t *testing.T) {
	w := newWorld(t)
	body := w.instanceBody("a", object{"networks": []object{{"subnetId": w.SubnetID()}}, "count": 10})
	for range 25 { // 253 addresses
		w.v1("POST", "/instances", body)
	}
	assert.Equal(t, "No available IP", w.v1Fails(20001, "POST", "/instances", body))
	assert.Len(t, w.v1("GET", "/instances", nil)["instances"], 250)
}

func TestInstanceStatus(t *testing.T) {
	w := newWorld(t)
	id := w.u2("s")
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
	w.done()
	w.statusV1(id, "STOP")
	w.status(id, "SHUTOFF", "")
	w.actFails(10409, id, "reboot", "type", "SOFT")
	assert.Len(t, w.actV1(id, "start"), 1)
	w.statusV1(id, "POWERING_ON")
	w.done()
	w.statusV1(id, "ACTIVE")

	for _, kind := range []string{"SOFT", "HARD"} {
		assert.Len(t, w.actV1(id, "reboot", "type", kind), 1)
		w.statusV1(id, "REBOOTING")
		w.done()
		w.statusV1(id, "ACTIVE")
	}
	w.actFails(-4, id, "reboot", "type", "soft")
	w.actFails(-4, id, "reboot")

	big := w.FlavorID("u2.c2m4")
	assert.Len(t, w.actV1(id, "resize", "flavor", big), 1)
	w.statusV1(id, "RESIZING")
	w.done()
	w.statusV1(id, "RESIZING")
	w.done()
	w.statusV1(id, "ACTIVE")
	assert.Equal(t, "u2.c2m4", at(w.detail(id), "flavor", "name"))
	w.actFails(10400, id, "resize", "flavor", big)
	w.actFails(10400, id, "resize", "flavor", w.FlavorID("m2.c1m2"))
	w.actFails(11404, id, "resize", "flavor", "nope")
	w.actFails(-4, id, "resize")

	// done through v2, seen here
	w.do(id, "stop", 202)
	w.statusV1(id, "POWERING_OFF")
	w.actFails(10404, "nope", "start")
}

func TestUploadImage(t *testing.T) {
	w := newWorld(t)
	for want, more := range map[float64]object{20: nil, 50: w.bfv(50)} {
		id := w.instance("s", more)
		assert.Contains(t, w.actFails(10409, id, "uploadImage", "name", "mine"), "vm_state active")
		w.actV1(id, "stop")
		w.done()
		w.actFails(-4, id, "uploadImage")
		made := w.actV1(id, "uploadImage", "name", "mine")["createdImage"]
		sameShapeV1(t, "compute-v1-instance-action-upload-image", "createdImage", made)
		w.statusV1(id, "STOP")
		w.actFails(10409, id, "start")
		img := at(w.v1("GET", "/images?limit=1", nil), "images", 0)
		assert.Equal(t, at(made, "id"), at(img, "id"))
		assert.Equal(t, "saving", at(img, "status"))
		assert.Nil(t, at(img, "size"))
		w.done()
		img = at(w.v1("GET", "/images?limit=1", nil), "images", 0)
		assert.Equal(t, "active", at(img, "status"))
		assert.Equal(t, false, at(img, "isPublic"))
		assert.Equal(t, want, at(img, "minDisk"))
		assert.Equal(t, 200, w.call("GET", "/image/v2/images/"+at(made, "id").(string), nil).status)
	}
}

func TestInstanceGroups(t *testing.T) {
	w := newWorld(t)
	id := w.instance("s", nil)
	assert.Len(t, w.actV1(id, "addSecurityGroup", "name", "web"), 1)
	assert.Len(t, w.actV1(id, "addSecurityGroup", "name", "web"), 1)
	assert.Len(t, w.detail(id)["securityGroups"], 2)
	assert.Len(t, w.server(id)["security_groups"], 2)
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
	vol := w.newVolume("kr-pub-a")
	made := w.v1("POST", path, ask(vol))["attachment"].(object)
	sameShapeV1(t, "compute-v1-attach-volume", "attachment", made)
	assert.Equal(t, "/dev/vdb", made["device"])
	assert.Equal(t, vol, made["volumeId"])
	assert.Equal(t, "attaching", w.volumeStatus(vol))
	w.v1Fails(40409, "POST", path, ask(vol))
	w.v1Fails(40409, "DELETE", path+"?volumeId="+vol, nil)
	w.done()
	assert.Equal(t, []any{object{"id": vol, "name": nil, "size": 10., "type": "General HDD"}}, at(w.detail(id), "volumes", "attachments"))
	shown := at(w.v1("GET", "/volumes?id="+vol, nil), "volumes", 0)
	assert.Equal(t, []any{object{"device": "/dev/vdb", "instanceId": id, "attachmentId": made["id"]}}, at(shown, "attachments"))
	assert.Len(t, w.compute("GET", "/servers/"+id+"/os-volume_attachments", nil).body["volumeAttachments"], 1)
	w.v1Fails(40409, "DELETE", "/volumes?id="+vol, nil)

	w.v1Empty("DELETE", path+"?volumeId="+vol, nil)
	assert.Equal(t, "detaching", w.volumeStatus(vol))
	w.done()
	assert.Equal(t, "available", w.volumeStatus(vol))
	w.v1Fails(40404, "DELETE", path+"?volumeId="+vol, nil)

	w.v1Fails(-4, "DELETE", path, nil)
	w.v1Fails(-4, "POST", path, object{})
	w.v1Fails(-4, "POST", path, ask(""))
	w.v1Fails(40404, "POST", path, ask("nope"))
	w.v1Fails(10404, "POST", "/instances/nope/attachments", ask(vol))
	w.v1Fails(10404, "DELETE", "/instances/nope/attachments?volumeId="+vol, nil)
	w.v1Fails(10400, "POST", path, ask(w.newVolume("kr-pub-b")))
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	w.v1Fails(10409, "POST", path, ask(vol))
}

func TestManyAppKeyClients(t *testing.T) {
	w := newWorld(t)
	w.someKey()
	done := make(chan error)
	for i := range 8 {
		body := w.instanceBody(fmt.Sprintf("s%d", i), nil)
		go func() {
			_, err := w.try("POST", "/appkey/v1.0/appkeys/"+w.AppKey+"/instances", body, nil)
			if err == nil {
				_, err = w.try("GET", "/appkey/v1.0/appkeys/"+w.AppKey+"/instances-detail", nil, nil)
			}
			done <- err
		}()
	}
	for range 8 {
		assert.NoError(t, <-done)
	}
	assert.Len(t, w.v1("GET", "/instances", nil)["instances"], 8)
}
