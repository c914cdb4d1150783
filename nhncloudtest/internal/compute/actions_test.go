package compute_test

import (
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStopAndStart(t *testing.T) {
	w := cloudtest.New(t)
	id := w.U2("s")
	assert.Contains(t, w.Do(id, "start", 409).Text, "Cannot 'start' instance "+id+" while it is in vm_state active")
	w.Do(id, "stop", 202)
	w.CheckStatus(id, "ACTIVE", "powering-off")
	assert.Contains(t, w.Do(id, "start", 409).Text, "while it is in task_state powering-off")
	w.Done()
	w.CheckStatus(id, "SHUTOFF", "")
	assert.EqualValues(t, 4, w.GetServer(id)["OS-EXT-STS:power_state"])
	cloudtest.SameError(t, "compute_409_stop_stopped", w.Do(id, "stop", 409))
	w.Do(id, "start", 202)
	w.CheckStatus(id, "SHUTOFF", "powering-on")
	w.Done()
	w.CheckStatus(id, "ACTIVE", "")

	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	w.Do(id, "stop", 202)
	w.Done()
	w.CheckStatus(id, "SHUTOFF", "")
}

func TestReboot(t *testing.T) {
	w := cloudtest.New(t)
	id := w.U2("s")
	w.Do(id, "reboot", 202)
	w.CheckStatus(id, "REBOOT", "rebooting")
	w.Do(id, "reboot", 409)
	hard := object{"reboot": object{"type": "HARD"}}
	w.Action(id, 202, hard)
	w.CheckStatus(id, "HARD_REBOOT", "rebooting_hard")
	w.Action(id, 202, hard)
	w.Done()
	w.CheckStatus(id, "ACTIVE", "")
	for _, status := range []string{"ERROR", "PAUSED", "SHUTOFF", "SUSPENDED"} {
		require.NoError(t, w.SetServerStatus(id, status))
		w.Do(id, "reboot", 409)
		w.Action(id, 202, hard)
		w.Done()
		w.CheckStatus(id, "ACTIVE", "")
	}
	require.NoError(t, w.SetServerStatus(id, "SHELVED_OFFLOADED"))
	w.Action(id, 409, hard)
	w.Action(id, 400, object{"reboot": object{"type": "GENTLE"}})
	w.Action(id, 400, object{"reboot": object{}})
	w.Action(id, 400, object{"reboot": nil})
	w.Action("nope", 404, hard)
}

func TestResize(t *testing.T) {
	w := cloudtest.New(t)
	id := w.U2("s")
	to := func(flavor string) object { return object{"resize": object{"flavorRef": flavor}} }
	w.Action(id, 400, object{"resize": object{}})
	assert.Contains(t, w.Action(id, 400, to("nope")).Text, "Flavor nope could not be found.")
	assert.Contains(t, w.Action(id, 400, to(w.FlavorID("u2.c1m1"))).Text, "must change flavor")
	assert.Contains(t, w.Action(id, 400, to(w.FlavorID("m2.c1m2"))).Text, "Server disk was unable to be resized")

	for i, c := range []struct{ flavor, status string }{{"u2.c2m4", "ACTIVE"}, {"u2.c4m8", "SHUTOFF"}} {
		require.NoError(t, w.SetServerStatus(id, c.status))
		w.Action(id, 202, to(w.FlavorID(c.flavor)))
		w.CheckStatus(id, "RESIZE", "resize_migrating")
		w.Action(id, 409, to(w.FlavorID("u2.c1m1")))
		w.Done()
		w.CheckStatus(id, "VERIFY_RESIZE", "")
		assert.Equal(t, "resized", w.GetServer(id)["OS-EXT-STS:vm_state"])
		w.Do(id, "stop", 409)
		w.Done()
		w.CheckStatus(id, c.status, "")
		assert.Equal(t, w.FlavorID(c.flavor), cloudtest.At(w.GetServer(id), "flavor", "id"), i)
	}
}

func TestShelve(t *testing.T) {
	w := cloudtest.New(t)
	res := w.Compute("POST", "/servers", object{"server": w.M2Body("s", nil)})
	id := cloudtest.At(res.Body, "server", "id").(string)
	w.Do(id, "shelve", 409) // still BUILD
	w.Done()
	root := cloudtest.At(w.GetServer(id), "os-extended-volumes:volumes_attached", 0, "id").(string)
	w.Do(id, "unshelve", 409)
	w.Do(id, "shelve", 202)
	w.CheckStatus(id, "ACTIVE", "shelving")
	w.Done()
	w.CheckStatus(id, "SHELVED_OFFLOADED", "")
	assert.Equal(t, "reserved", w.VolumeStatus(root))
	w.Do(id, "stop", 409)
	w.Do(id, "unshelve", 202)
	w.CheckStatus(id, "SHELVED_OFFLOADED", "unshelving")
	w.Done()
	w.CheckStatus(id, "ACTIVE", "")
	assert.Equal(t, "in-use", w.VolumeStatus(root))
}

func TestCreateImage(t *testing.T) {
	w := cloudtest.New(t)
	id := w.U2("s")
	res := w.Do(id, "create-image", 202)
	location := res.Header.Get("Location")
	assert.True(t, strings.HasPrefix(location, w.URL()+"/image/v2/images/"), location)
	w.CheckStatus(id, "ACTIVE", "image_snapshot")
	img := w.Call("GET", location, nil).Body
	assert.Equal(t, "saving", img["status"])
	assert.Nil(t, img["size"])
	w.Done()
	w.CheckStatus(id, "ACTIVE", "")
	img = w.Call("GET", location, nil).Body
	assert.Equal(t, "active", img["status"])
	assert.Equal(t, "foo-image", img["name"])
	assert.Equal(t, "private", img["visibility"])
	assert.Equal(t, w.TenantID, img["owner"])
	assert.Equal(t, "meta_val", img["meta_var"])
	assert.Equal(t, "ubuntu", img["login_username"])
	assert.EqualValues(t, 20, img["min_disk"])
	assert.NotNil(t, img["size"])

	body := w.U2Body("copy")
	body["imageRef"] = location
	assert.Equal(t, 202, w.Compute("POST", "/servers", object{"server": body}).Status)

	second := w.Do(id, "create-image", 202).Header.Get("Location")
	body["imageRef"] = second
	assert.Contains(t, w.Compute("POST", "/servers", object{"server": body}).Text, "is not active")

	w.Done()
	w.Action(id, 400, object{"createImage": object{}})
	w.Action(id, 400, object{"createImage": object{"name": "x", "metadata": object{"k": 1}}})
	res = w.Compute("POST", "/servers", object{"server": w.M2Body("m", nil)})
	w.Done()
	w.Do(cloudtest.At(res.Body, "server", "id").(string), "create-image", 400)
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	w.Do(id, "create-image", 409)

	w.Login(w.ObjectStorageTenantID)
	assert.Equal(t, 404, w.Call("GET", location, nil).Status, "private to its tenant")
}

func TestSecurityGroupsOfServer(t *testing.T) {
	w := cloudtest.New(t)
	id := w.U2("s")
	name := func(n string) object { return object{"name": n} }
	w.Action(id, 202, object{"addSecurityGroup": name("web")})
	w.Action(id, 202, object{"addSecurityGroup": name("web")})
	assert.Equal(t, []any{object{"name": "default"}, object{"name": "web"}}, w.GetServer(id)["security_groups"])
	w.Action(id, 202, object{"removeSecurityGroup": name("default")})
	assert.Equal(t, []any{object{"name": "web"}}, w.GetServer(id)["security_groups"])
	for _, action := range []string{"addSecurityGroup", "removeSecurityGroup"} {
		w.Action(id, 404, object{action: name("nope")})
		w.Action(id, 400, object{action: object{}})
		w.Action("nope", 404, object{action: name("web")})
	}
	w.Action(id, 404, object{"removeSecurityGroup": name("default")})
	w.Do(id, "add-security-group", 404) // the group of the documented example does not exist
	w.Do(id, "remove-security-group", 404)
}

func TestUnknownAction(t *testing.T) {
	w := cloudtest.New(t)
	id := w.U2("s")
	assert.Contains(t, w.Action(id, 400, object{"explode": nil}).Text, "There is no such action: explode")
	w.Action(id, 400, object{"os-start": nil, "os-stop": nil})
	w.Action(id, 400, object{})
	w.Action(id, 400, "{")
	w.Action("nope", 404, object{"explode": nil})
	for _, action := range []string{"start", "stop", "shelve", "unshelve", "resize", "create-image"} {
		w.Do("nope", action, 404)
	}
}

func TestSetServerStatus(t *testing.T) {
	w := cloudtest.New(t)
	id := w.U2("s")
	for _, status := range []string{
		"ACTIVE", "BUILD", "ERROR", "HARD_REBOOT", "MIGRATING", "PASSWORD", "PAUSED", "REBOOT", "REBUILD", "RESCUE",
		"RESIZE", "REVERT_RESIZE", "SHELVED_OFFLOADED", "SHUTOFF", "SUSPENDED", "UNKNOWN", "VERIFY_RESIZE",
	} {
		require.NoError(t, w.SetServerStatus(id, status))
		w.Done()
		assert.Equal(t, status, w.GetServer(id)["status"])
		got, ok := w.ServerStatus(id)
		assert.True(t, ok)
		assert.Equal(t, status, got)
	}
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	assert.Contains(t, cloudtest.At(w.GetServer(id), "fault", "message"), "No valid host")

	require.Error(t, w.SetServerStatus(id, "NOPE"))
	require.Error(t, w.SetServerStatus("nope", "ACTIVE"))
	require.NoError(t, w.SetServerStatus(id, "DELETED"))
	assert.Equal(t, 404, w.Compute("GET", "/servers/"+id, nil).Status)
	_, ok := w.ServerStatus(id)
	assert.False(t, ok)

	// A build that fails half way.
	res := w.Compute("POST", "/servers", object{"server": w.U2Body("bad")})
	id = cloudtest.At(res.Body, "server", "id").(string)
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	w.Done()
	w.CheckStatus(id, "ERROR", "")
}
