package compute_test

import (
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestServerLife(t *testing.T) {
	w := cloudtest.New(t)
	res := w.Compute("POST", "/servers", object{"server": w.U2Body("web")})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	cloudtest.SameShape(t, "compute-v2-create-server.response", res.Body)
	id := cloudtest.At(res.Body, "server", "id").(string)
	assert.Equal(t, w.URL()+"/compute/v2/"+w.TenantID+"/servers/"+id, res.Header.Get("Location"))
	assert.Equal(t, res.Header.Get("Location"), cloudtest.At(res.Body, "server", "links", 0, "href"))

	w.CheckStatus(id, "BUILD", "scheduling")
	s := w.GetServer(id)
	assert.Empty(t, s["addresses"])
	assert.Empty(t, s["hostId"])
	assert.Nil(t, s["OS-SRV-USG:launched_at"])
	w.Advance(cloudtest.Transition / 2)
	w.CheckStatus(id, "BUILD", "spawning")
	w.Advance(cloudtest.Transition/2 - time.Second)
	w.CheckStatus(id, "BUILD", "spawning")
	w.Advance(time.Second)
	w.CheckStatus(id, "ACTIVE", "")

	cloudtest.SameShape(t, "compute-v2-get-server.response", w.Compute("GET", "/servers/"+id, nil).Body)
	s = w.GetServer(id)
	assert.Equal(t, "active", s["OS-EXT-STS:vm_state"])
	assert.EqualValues(t, 1, s["OS-EXT-STS:power_state"])
	assert.Equal(t, "2026-03-01T12:00:00Z", s["created"])
	assert.Equal(t, "2026-03-01T12:01:00Z", s["updated"])
	assert.Equal(t, "2026-03-01T12:01:00.000000", s["OS-SRV-USG:launched_at"])
	assert.Equal(t, "192.168.0.2", cloudtest.At(s, "addresses", "Default Network", 0, "addr"))
	assert.Regexp(t, `^fa:16:3e(:[0-9a-f]{2}){3}$`, cloudtest.At(s, "addresses", "Default Network", 0, "OS-EXT-IPS-MAC:mac_addr"))
	assert.Len(t, s["hostId"], 56)
	assert.Equal(t, "default", cloudtest.At(s, "security_groups", 0, "name"))
	assert.Nil(t, s["key_name"])
	for key := range cloudtest.At(cloudtest.Fixture(t, "compute-v2-get-server.response"), "server", "metadata").(object) {
		assert.Contains(t, s["metadata"], key)
	}
	cloudtest.SameShape(t, "compute-v2-list-servers.response", w.Compute("GET", "/servers", nil).Body)
	cloudtest.SameShape(t, "compute-v2-list-servers-detail.response", w.Compute("GET", "/servers/detail", nil).Body)

	res = w.Compute("PUT", "/servers/"+id, cloudtest.Fixture(t, "compute-v2-update-server.request"))
	assert.Equal(t, 200, res.Status)
	cloudtest.SameShape(t, "compute-v2-get-server.response", res.Body)
	assert.Equal(t, "new-server-test", w.GetServer(id)["name"])
	assert.Equal(t, 400, w.Compute("PUT", "/servers/"+id, object{"server": object{"name": " "}}).Status)
	assert.Equal(t, 400, w.Compute("PUT", "/servers/"+id, object{}).Status)
	assert.Equal(t, 200, w.Compute("PUT", "/servers/"+id, object{"server": object{}}).Status)

	res = w.Compute("DELETE", "/servers/"+id, nil)
	assert.Equal(t, 204, res.Status)
	assert.Empty(t, res.Text)
	assert.Equal(t, 204, w.Compute("DELETE", "/servers/"+id, nil).Status, "twice does no harm")
	w.CheckStatus(id, "ACTIVE", "deleting")
	w.Action(id, 409, object{"os-stop": nil})
	w.Done()
	for method, path := range map[string]string{
		"GET": "", "DELETE": "", "PUT": "",
	} {
		res := w.Compute(method, "/servers/"+id+path, bodyFor(method))
		cloudtest.SameError(t, "compute_404_server", res)
	}
	cloudtest.SameError(t, "compute_404_server", w.Compute("POST", "/servers/"+id+"/action", object{"os-start": nil}))
	cloudtest.SameError(t, "compute_404_server", w.Compute("GET", "/servers/"+id+"/metadata", nil))
	cloudtest.SameError(t, "compute_404_server", w.Compute("GET", "/servers/"+id+"/os-volume_attachments", nil))
}

func bodyFor(method string) any {
	if method == "PUT" {
		return object{"server": object{"name": "x"}}
	}
	return nil
}

func TestProtectedServer(t *testing.T) {
	w := cloudtest.New(t)
	id := w.U2("keep")
	require.NoError(t, w.ProtectServer(id, true))
	assert.Equal(t, true, w.GetServer(id)["NHN-EXT-ATTR:protect"])
	assert.Equal(t, 409, w.Compute("DELETE", "/servers/"+id, nil).Status)
	require.NoError(t, w.ProtectServer(id, false))
	assert.Equal(t, 204, w.Compute("DELETE", "/servers/"+id, nil).Status)
	require.Error(t, w.ProtectServer("nope", true))
}
