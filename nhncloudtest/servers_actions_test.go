package nhncloudtest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// do sends the documented request of an action.
func (w *world) do(id, action string, status int) result {
	w.t.Helper()
	return w.action(id, status, fixture(w.t, "compute-v2-server-action-"+action+".request"))
}

func TestStopAndStart(t *testing.T) {
	w := newWorld(t)
	id := w.u2("s")
	assert.Contains(t, w.do(id, "start", 409).text, "Cannot 'start' instance "+id+" while it is in vm_state active")
	w.do(id, "stop", 202)
	w.status(id, "ACTIVE", "powering-off")
	assert.Contains(t, w.do(id, "start", 409).text, "while it is in task_state powering-off")
	w.done()
	w.status(id, "SHUTOFF", "")
	assert.EqualValues(t, 4, w.server(id)["OS-EXT-STS:power_state"])
	sameError(t, "compute_409_stop_stopped", w.do(id, "stop", 409))
	w.do(id, "start", 202)
	w.status(id, "SHUTOFF", "powering-on")
	w.done()
	w.status(id, "ACTIVE", "")

	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	w.do(id, "stop", 202)
	w.done()
	w.status(id, "SHUTOFF", "")
}

func TestReboot(t *testing.T) {
	w := newWorld(t)
	id := w.u2("s")
	w.do(id, "reboot", 202)
	w.status(id, "REBOOT", "rebooting")
	w.do(id, "reboot", 409)
	hard := object{"reboot": object{"type": "HARD"}}
	w.action(id, 202, hard)
	w.status(id, "HARD_REBOOT", "rebooting_hard")
	w.action(id, 202, hard)
	w.done()
	w.status(id, "ACTIVE", "")
	for _, status := range []string{"ERROR", "PAUSED", "SHUTOFF", "SUSPENDED"} {
		require.NoError(t, w.SetServerStatus(id, status))
		w.do(id, "reboot", 409)
		w.action(id, 202, hard)
		w.done()
		w.status(id, "ACTIVE", "")
	}
	require.NoError(t, w.SetServerStatus(id, "SHELVED_OFFLOADED"))
	w.action(id, 409, hard)
	w.action(id, 400, object{"reboot": object{"type": "GENTLE"}})
	w.action(id, 400, object{"reboot": object{}})
	w.action(id, 400, object{"reboot": nil})
	w.action("nope", 404, hard)
}

func TestResize(t *testing.T) {
	w := newWorld(t)
	id := w.u2("s")
	to := func(flavor string) object { return object{"resize": object{"flavorRef": flavor}} }
	w.action(id, 400, object{"resize": object{}})
	assert.Contains(t, w.action(id, 400, to("nope")).text, "Flavor nope could not be found.")
	assert.Contains(t, w.action(id, 400, to(w.FlavorID("u2.c1m1"))).text, "must change flavor")
	assert.Contains(t, w.action(id, 400, to(w.FlavorID("m2.c1m2"))).text, "Server disk was unable to be resized")

	for i, c := range []struct{ flavor, status string }{{"u2.c2m4", "ACTIVE"}, {"u2.c4m8", "SHUTOFF"}} {
		require.NoError(t, w.SetServerStatus(id, c.status))
		w.action(id, 202, to(w.FlavorID(c.flavor)))
		w.status(id, "RESIZE", "resize_migrating")
		w.action(id, 409, to(w.FlavorID("u2.c1m1")))
		w.done()
		w.status(id, "VERIFY_RESIZE", "")
		assert.Equal(t, "resized", w.server(id)["OS-EXT-STS:vm_state"])
		w.do(id, "stop", 409)
		w.done()
		w.status(id, c.status, "")
		assert.Equal(t, w.FlavorID(c.flavor), at(w.server(id), "flavor", "id"), i)
	}
}

func TestShelve(t *testing.T) {
	w := newWorld(t)
	res := w.compute("POST", "/servers", object{"server": w.m2Body("s", nil)})
	id := at(res.body, "server", "id").(string)
	w.do(id, "shelve", 409) // still BUILD
	w.done()
	root := at(w.server(id), "os-extended-volumes:volumes_attached", 0, "id").(string)
	w.do(id, "unshelve", 409)
	w.do(id, "shelve", 202)
	w.status(id, "ACTIVE", "shelving")
	w.done()
	w.status(id, "SHELVED_OFFLOADED", "")
	assert.Equal(t, "reserved", w.volumeStatus(root))
	w.do(id, "stop", 409)
	w.do(id, "unshelve", 202)
	w.status(id, "SHELVED_OFFLOADED", "unshelving")
	w.done()
	w.status(id, "ACTIVE", "")
	assert.Equal(t, "in-use", w.volumeStatus(root))
}

func TestCreateImage(t *testing.T) {
	w := newWorld(t)
	id := w.u2("s")
	res := w.do(id, "create-image", 202)
	location := res.header.Get("Location")
	assert.True(t, strings.HasPrefix(location, w.URL()+"/image/v2/images/"), location)
	w.status(id, "ACTIVE", "image_snapshot")
	img := w.call("GET", location, nil).body
	assert.Equal(t, "saving", img["status"])
	assert.Nil(t, img["size"])
	w.done()
	w.status(id, "ACTIVE", "")
	img = w.call("GET", location, nil).body
	assert.Equal(t, "active", img["status"])
	assert.Equal(t, "foo-image", img["name"])
	assert.Equal(t, "private", img["visibility"])
	assert.Equal(t, w.TenantID, img["owner"])
	assert.Equal(t, "meta_val", img["meta_var"])
	assert.Equal(t, "ubuntu", img["login_username"])
	assert.EqualValues(t, 20, img["min_disk"])
	assert.NotNil(t, img["size"])

	body := w.u2Body("copy")
	body["imageRef"] = location
	assert.Equal(t, 202, w.compute("POST", "/servers", object{"server": body}).status)

	second := w.do(id, "create-image", 202).header.Get("Location")
	body["imageRef"] = second
	assert.Contains(t, w.compute("POST", "/servers", object{"server": body}).text, "is not active")

	w.done()
	w.action(id, 400, object{"createImage": object{}})
	w.action(id, 400, object{"createImage": object{"name": "x", "metadata": object{"k": 1}}})
	res = w.compute("POST", "/servers", object{"server": w.m2Body("m", nil)})
	w.done()
	w.do(at(res.body, "server", "id").(string), "create-image", 400)
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	w.do(id, "create-image", 409)

	w.login(w.ObjectStorageTenantID)
	assert.Equal(t, 404, w.call("GET", location, nil).status, "private to its tenant")
}

func TestSecurityGroupsOfServer(t *testing.T) {
	w := newWorld(t)
	id := w.u2("s")
	name := func(n string) object { return object{"name": n} }
	w.action(id, 202, object{"addSecurityGroup": name("web")})
	w.action(id, 202, object{"addSecurityGroup": name("web")})
	assert.Equal(t, []any{object{"name": "default"}, object{"name": "web"}}, w.server(id)["security_groups"])
	w.action(id, 202, object{"removeSecurityGroup": name("default")})
	assert.Equal(t, []any{object{"name": "web"}}, w.server(id)["security_groups"])
	for _, action := range []string{"addSecurityGroup", "removeSecurityGroup"} {
		w.action(id, 404, object{action: name("nope")})
		w.action(id, 400, object{action: object{}})
		w.action("nope", 404, object{action: name("web")})
	}
	w.action(id, 404, object{"removeSecurityGroup": name("default")})
	w.do(id, "add-security-group", 404) // the group of the documented example does not exist
	w.do(id, "remove-security-group", 404)
}

func TestUnknownAction(t *testing.T) {
	w := newWorld(t)
	id := w.u2("s")
	assert.Contains(t, w.action(id, 400, object{"explode": nil}).text, "There is no such action: explode")
	w.action(id, 400, object{"os-start": nil, "os-stop": nil})
	w.action(id, 400, object{})
	w.action(id, 400, "{")
	w.action("nope", 404, object{"explode": nil})
	for _, action := range []string{"start", "stop", "shelve", "unshelve", "resize", "create-image"} {
		w.do("nope", action, 404)
	}
}

func TestSetServerStatus(t *testing.T) {
	w := newWorld(t)
	id := w.u2("s")
	for _, status := range []string{
		"ACTIVE", "BUILD", "ERROR", "HARD_REBOOT", "MIGRATING", "PASSWORD", "PAUSED", "REBOOT", "REBUILD", "RESCUE",
		"RESIZE", "REVERT_RESIZE", "SHELVED_OFFLOADED", "SHUTOFF", "SUSPENDED", "UNKNOWN", "VERIFY_RESIZE",
	} {
		require.NoError(t, w.SetServerStatus(id, status))
		w.done()
		assert.Equal(t, status, w.server(id)["status"])
		got, ok := w.ServerStatus(id)
		assert.True(t, ok)
		assert.Equal(t, status, got)
	}
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	assert.Contains(t, at(w.server(id), "fault", "message"), "No valid host")

	require.Error(t, w.SetServerStatus(id, "NOPE"))
	require.Error(t, w.SetServerStatus("nope", "ACTIVE"))
	require.NoError(t, w.SetServerStatus(id, "DELETED"))
	assert.Equal(t, 404, w.compute("GET", "/servers/"+id, nil).status)
	_, ok := w.ServerStatus(id)
	assert.False(t, ok)

	// A build that fails half way.
	res := w.compute("POST", "/servers", object{"server": w.u2Body("bad")})
	id = at(res.body, "server", "id").(string)
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	w.done()
	w.status(id, "ERROR", "")
}
