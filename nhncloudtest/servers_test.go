package nhncloudtest_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFlavors(t *testing.T) {
	w := newWorld(t)
	sameShape(t, "compute-v2-list-flavors.response", w.compute("GET", "/flavors", nil).body)
	res := w.compute("GET", "/flavors/detail", nil)
	sameShape(t, "compute-v2-list-flavors-detail.response", res.body)
	all := res.body["flavors"].([]any)
	assert.Len(t, all, len(w.Flavors()))
	assert.Contains(t, res.text, `"rxtx_factor":1`)

	for query, check := range map[string]func(f any) bool{
		"minRam=8192": func(f any) bool { return at(f, "ram").(float64) >= 8192 },
		"minDisk=50":  func(f any) bool { return at(f, "disk").(float64) >= 50 },
	} {
		some := w.compute("GET", "/flavors/detail?"+query, nil).body["flavors"].([]any)
		assert.NotEmpty(t, some)
		assert.Less(t, len(some), len(all))
		for _, f := range some {
			assert.True(t, check(f), query)
		}
	}
	assert.Equal(t, 400, w.compute("GET", "/flavors?minRam=much", nil).status)
	assert.Equal(t, 400, w.compute("GET", "/flavors?limit=-1", nil).status)
	assert.Equal(t, 400, w.compute("GET", "/flavors?marker=nope", nil).status)
	assert.Equal(t, len(all), countPages(w, "/compute/v2/"+w.TenantID+"/flavors?limit=4", "flavors", "flavors_links"))

	id := w.FlavorID("x1.c32m256")
	res = w.compute("GET", "/flavors/"+id, nil)
	assert.EqualValues(t, 262144, at(res.body, "flavor", "ram"))
	assert.Equal(t, 404, w.compute("GET", "/flavors/nope", nil).status)
	assert.Empty(t, w.FlavorID("nope"))
}

// countPages follows the next links of a list and counts its elements.
func countPages(w *world, next, list, links string) int {
	w.t.Helper()
	n := 0
	for next != "" {
		res := w.call("GET", next, nil)
		require.Equal(w.t, 200, res.status, "%s", res.text)
		n += len(res.body[list].([]any))
		next = ""
		if l, ok := res.body[links]; ok {
			assert.Equal(w.t, "next", at(l, 0, "rel"))
			next = at(l, 0, "href").(string)
		}
	}
	return n
}

func TestZones(t *testing.T) {
	w := newWorld(t)
	res := w.compute("GET", "/os-availability-zone", nil)
	sameShape(t, "compute-v2-list-availability-zones.response", res.body)
	assert.Equal(t, "kr-pub-a", at(res.body, "availabilityZoneInfo", 0, "zoneName"))
}

func TestServerLife(t *testing.T) {
	w := newWorld(t)
	res := w.compute("POST", "/servers", object{"server": w.u2Body("web")})
	require.Equal(t, 202, res.status, "%s", res.text)
	sameShape(t, "compute-v2-create-server.response", res.body)
	id := at(res.body, "server", "id").(string)
	assert.Equal(t, w.URL()+"/compute/v2/"+w.TenantID+"/servers/"+id, res.header.Get("Location"))
	assert.Equal(t, res.header.Get("Location"), at(res.body, "server", "links", 0, "href"))

	w.status(id, "BUILD", "scheduling")
	s := w.server(id)
	assert.Empty(t, s["addresses"])
	assert.Empty(t, s["hostId"])
	assert.Nil(t, s["OS-SRV-USG:launched_at"])
	w.Advance(transition / 2)
	w.status(id, "BUILD", "spawning")
	w.Advance(transition/2 - time.Second)
	w.status(id, "BUILD", "spawning")
	w.Advance(time.Second)
	w.status(id, "ACTIVE", "")

	sameShape(t, "compute-v2-get-server.response", w.compute("GET", "/servers/"+id, nil).body)
	s = w.server(id)
	assert.Equal(t, "active", s["OS-EXT-STS:vm_state"])
	assert.EqualValues(t, 1, s["OS-EXT-STS:power_state"])
	assert.Equal(t, "2026-03-01T12:00:00Z", s["created"])
	assert.Equal(t, "2026-03-01T12:01:00Z", s["updated"])
	assert.Equal(t, "2026-03-01T12:01:00.000000", s["OS-SRV-USG:launched_at"])
	assert.Equal(t, "192.168.0.2", at(s, "addresses", "Default Network", 0, "addr"))
	assert.Regexp(t, `^fa:16:3e(:[0-9a-f]{2}){3}$`, at(s, "addresses", "Default Network", 0, "OS-EXT-IPS-MAC:mac_addr"))
	assert.Len(t, s["hostId"], 56)
	assert.Equal(t, "default", at(s, "security_groups", 0, "name"))
	assert.Nil(t, s["key_name"])
	for key := range at(fixture(t, "compute-v2-get-server.response"), "server", "metadata").(object) {
		assert.Contains(t, s["metadata"], key)
	}
	sameShape(t, "compute-v2-list-servers.response", w.compute("GET", "/servers", nil).body)
	sameShape(t, "compute-v2-list-servers-detail.response", w.compute("GET", "/servers/detail", nil).body)

	res = w.compute("PUT", "/servers/"+id, fixture(t, "compute-v2-update-server.request"))
	assert.Equal(t, 200, res.status)
	sameShape(t, "compute-v2-get-server.response", res.body)
	assert.Equal(t, "new-server-test", w.server(id)["name"])
	assert.Equal(t, 400, w.compute("PUT", "/servers/"+id, object{"server": object{"name": " "}}).status)
	assert.Equal(t, 400, w.compute("PUT", "/servers/"+id, object{}).status)
	assert.Equal(t, 200, w.compute("PUT", "/servers/"+id, object{"server": object{}}).status)

	res = w.compute("DELETE", "/servers/"+id, nil)
	assert.Equal(t, 204, res.status)
	assert.Empty(t, res.text)
	assert.Equal(t, 204, w.compute("DELETE", "/servers/"+id, nil).status, "twice does no harm")
	w.status(id, "ACTIVE", "deleting")
	w.action(id, 409, object{"os-stop": nil})
	w.done()
	for method, path := range map[string]string{
		"GET": "", "DELETE": "", "PUT": "",
	} {
		res := w.compute(method, "/servers/"+id+path, bodyFor(method))
		sameError(t, "compute_404_server", res)
	}
	sameError(t, "compute_404_server", w.compute("POST", "/servers/"+id+"/action", object{"os-start": nil}))
	sameError(t, "compute_404_server", w.compute("GET", "/servers/"+id+"/metadata", nil))
	sameError(t, "compute_404_server", w.compute("GET", "/servers/"+id+"/os-volume_attachments", nil))
}

func bodyFor(method string) any {
	if method == "PUT" {
		return object{"server": object{"name": "x"}}
	}
	return nil
}

func TestProtectedServer(t *testing.T) {
	w := newWorld(t)
	id := w.u2("keep")
	require.NoError(t, w.ProtectServer(id, true))
	assert.Equal(t, true, w.server(id)["NHN-EXT-ATTR:protect"])
	assert.Equal(t, 409, w.compute("DELETE", "/servers/"+id, nil).status)
	require.NoError(t, w.ProtectServer(id, false))
	assert.Equal(t, 204, w.compute("DELETE", "/servers/"+id, nil).status)
	require.Error(t, w.ProtectServer("nope", true))
}

func TestServerFromVolume(t *testing.T) {
	w := newWorld(t)
	// The documented request, with ids of this cloud.
	doc := fixture(t, "compute-v2-create-server.request")
	group := w.compute("POST", "/os-server-groups", object{"server_group": object{"name": "g", "policies": []string{"anti-affinity"}}})
	w.compute("POST", "/os-keypairs", object{"keypair": object{"name": "access-key"}})
	req := doc["server"].(object)
	image := w.ImageID("Windows")
	req["imageRef"], req["flavorRef"] = image, w.FlavorID("m2.c1m2")
	req["networks"].([]any)[0].(object)["subnet"] = w.SubnetID()
	req["block_device_mapping_v2"].([]any)[0].(object)["uuid"] = image
	doc["os:scheduler_hints"].(object)["group"] = at(group.body, "server_group", "id")
	res := w.compute("POST", "/servers", doc)
	require.Equal(t, 202, res.status, "%s", res.text)
	id := at(res.body, "server", "id").(string)
	s := w.server(id)
	root := at(s, "os-extended-volumes:volumes_attached", 0, "id").(string)
	assert.Equal(t, "creating", w.volumeStatus(root))
	w.done()
	s = w.server(id)
	assert.Equal(t, image, at(s, "image", "id"))
	assert.Equal(t, "access-key", s["key_name"])
	assert.Equal(t, "Administrator", at(s, "metadata", "login_username"))

	vol := w.volume("GET", "/volumes/"+root, nil)
	assert.Equal(t, "in-use", at(vol.body, "volume", "status"))
	assert.Equal(t, "true", at(vol.body, "volume", "bootable"))
	assert.EqualValues(t, 1000, at(vol.body, "volume", "size"))
	assert.Nil(t, at(vol.body, "volume", "name"))
	assert.Equal(t, id, at(vol.body, "volume", "attachments", 0, "server_id"))
	assert.Equal(t, "/dev/vda", at(vol.body, "volume", "attachments", 0, "device"))

	w.compute("DELETE", "/servers/"+id, nil)
	w.done()
	assert.Equal(t, "gone", w.volumeStatus(root), "delete_on_termination was 1")
	assert.Empty(t, at(w.compute("GET", "/os-server-groups", nil).body, "server_groups", 0, "members"))

	// A root that outlives its server, and a second volume. The root boots
	// another server then.
	body := w.m2Body("first", object{"delete_on_termination": false})
	body["block_device_mapping_v2"] = append(body["block_device_mapping_v2"].([]object), object{
		"source_type": "blank", "destination_type": "volume", "boot_index": -1, "volume_size": "10",
		"volume_type": "General SSD", "delete_on_termination": "true", "nhn_encryption": object{"skm_appkey": "a", "skm_key_id": "k"},
	})
	res = w.compute("POST", "/servers", object{"server": body})
	require.Equal(t, 202, res.status, "%s", res.text)
	id = at(res.body, "server", "id").(string)
	w.done()
	attached := w.server(id)["os-extended-volumes:volumes_attached"].([]any)
	require.Len(t, attached, 2)
	root, data := at(attached[0], "id").(string), at(attached[1], "id").(string)
	assert.Equal(t, true, at(w.volume("GET", "/volumes/"+data, nil).body, "volume", "encrypted"))
	w.compute("DELETE", "/servers/"+id, nil)
	w.done()
	assert.Equal(t, "available", w.volumeStatus(root))
	assert.Equal(t, "gone", w.volumeStatus(data))

	res = w.compute("POST", "/servers", object{"server": w.m2Body("second", object{"source_type": "volume", "uuid": root})})
	require.Equal(t, 202, res.status, "%s", res.text)
	assert.Equal(t, "attaching", w.volumeStatus(root))
	w.done()
	assert.Equal(t, "in-use", w.volumeStatus(root))
	assert.Equal(t, "", w.server(at(res.body, "server", "id").(string))["image"], "nova's way to say none")
}

func TestServerWithEverything(t *testing.T) {
	w := newWorld(t)
	body := w.u2Body(" padded ")
	body["metadata"] = object{"role": "db", "os_type": "mine"}
	body["user_data"] = "IyEvYmluL3NoCg=="
	body["security_groups"] = []object{{"name": "web"}, {"name": "web"}, {"name": "default"}}
	body["networks"] = []object{{"fixed_ip": "192.168.0.77"}, {"subnet": w.SubnetID()}}
	body["block_device_mapping_v2"] = []object{
		{"source_type": "image", "uuid": w.ImageID("Rocky"), "destination_type": "local", "boot_index": "0"},
		{"source_type": "blank", "destination_type": "volume", "volume_size": 10, "delete_on_termination": 0},
	}
	delete(body, "imageRef")
	delete(body, "availability_zone")
	res := w.compute("POST", "/servers", object{"server": body})
	require.Equal(t, 202, res.status, "%s", res.text)
	w.done()
	s := w.server(at(res.body, "server", "id").(string))
	assert.Equal(t, "padded", s["name"])
	assert.Equal(t, w.ImageID("Rocky"), at(s, "image", "id"))
	assert.Equal(t, "db", at(s, "metadata", "role"))
	assert.Equal(t, "mine", at(s, "metadata", "os_type"))
	assert.Len(t, s["security_groups"], 2)
	assert.Equal(t, "192.168.0.77", at(s, "addresses", "Default Network", 0, "addr"))
	assert.Equal(t, "192.168.0.2", at(s, "addresses", "Default Network", 1, "addr"))
	assert.Equal(t, "kr-pub-a", s["OS-EXT-AZ:availability_zone"])
	volume := at(s, "os-extended-volumes:volumes_attached", 0, "id").(string)
	assert.Equal(t, "/dev/vdb", at(w.volume("GET", "/volumes/"+volume, nil).body, "volume", "attachments", 0, "device"))
}

func TestNoAddressLeft(t *testing.T) {
	w := newWorld(t)
	ids := w.AddServers(253 + 16381 + 2)
	assert.NotEmpty(t, w.server(ids[16633])["addresses"])
	assert.Empty(t, w.server(ids[16634])["addresses"])
	res := w.compute("POST", "/servers", object{"server": w.u2Body("x")})
	assert.Equal(t, 400, res.status)
	assert.Contains(t, res.text, "No fixed IP addresses available for network: "+w.NetworkID())
	w.compute("DELETE", "/servers/"+ids[7], nil)
	w.done()
	body := w.u2Body("x")
	body["networks"] = []object{{"uuid": w.NetworkID()}, {"uuid": w.NetworkID()}}
	assert.Equal(t, 400, w.compute("POST", "/servers", object{"server": body}).status)
	assert.Equal(t, 202, w.compute("POST", "/servers", object{"server": w.u2Body("x")}).status, "the failure gave its address back")
}

func TestManyServersAtOnce(t *testing.T) {
	w := newWorld(t)
	body := w.u2Body("n")
	body["min_count"], body["max_count"], body["return_reservation_id"] = 2, "3", true
	res := w.compute("POST", "/servers", object{"server": body})
	require.Equal(t, 202, res.status, "%s", res.text)
	reservation, _ := res.body["reservation_id"].(string)
	assert.Regexp(t, `^r-[0-9a-f]{8}$`, reservation)
	assert.Len(t, res.body, 1)
	w.AddServers(1)
	list := w.compute("GET", "/servers?reservation_id="+reservation, nil).body["servers"].([]any)
	require.Len(t, list, 3)
	for i, name := range []string{"n-3", "n-2", "n-1"} {
		assert.Equal(t, name, at(list[i], "name"))
	}
}

func TestCreateServerRefused(t *testing.T) {
	w := newWorld(t)
	set := func(body object, kv ...any) object {
		for i := 0; i < len(kv); i += 2 {
			if kv[i+1] == missing {
				delete(body, kv[i].(string))
			} else {
				body[kv[i].(string)] = kv[i+1]
			}
		}
		return body
	}
	u2 := func(kv ...any) object { return set(w.u2Body("x"), kv...) }
	m2 := func(kv ...any) object { return w.m2Body("x", set(object{}, kv...)) }
	used := w.u2("used")
	elsewhere, taken, blank := w.newVolume("kr-pub-b"), w.newVolume("kr-pub-a"), w.newVolume("kr-pub-a")
	w.compute("POST", "/servers/"+used+"/os-volume_attachments", object{"volumeAttachment": object{"volumeId": taken}})
	external := at(w.call("GET", "/network/v2.0/networks?router:external=true", nil).body, "networks", 0, "id")

	for _, c := range []struct {
		name    string
		body    object
		message string
	}{
		{"no name", u2("name", missing), "'name' is a required property"},
		{"no networks", u2("networks", missing), "'networks' is a required property"},
		{"empty name", u2("name", ""), "field/attribute name. Value: . '' is too short"},
		{"long name", u2("name", strings.Repeat("x", 256)), "is too long"},
		{"name of another kind", u2("name", 5), "5 is not of type 'string'"},
		{"networks auto", u2("networks", "auto"), "'auto' is not of type 'array'"},
		{"networks empty", u2("networks", []any{}), "[] is too short"},
		{"network unknown", u2("networks", []object{{"uuid": "nope"}}), "Network nope could not be found."},
		{"subnet unknown", u2("networks", []object{{"subnet": "nope"}}), "Subnet nope could not be found."},
		{"port unknown", u2("networks", []object{{"port": "nope"}}), "Port nope could not be found."},
		{"network of nothing", u2("networks", []object{{}}), "Bad networks format"},
		{"address unreadable", u2("networks", []object{{"fixed_ip": "nope"}}), "Invalid fixed IP Address nope"},
		{"address elsewhere", u2("networks", []object{{"uuid": w.NetworkID(), "fixed_ip": "10.0.0.1"}}), "not a valid ip address"},
		{"address of the gateway", u2("networks", []object{{"fixed_ip": "192.168.0.1"}}), "not a valid ip address"},
		{"address in use", u2("networks", []object{{"fixed_ip": "192.168.0.2"}}), "already in use on instance " + used},
		{"address for many", u2("networks", []object{{"fixed_ip": "192.168.0.9"}}, "max_count", 2), "Invalid fixed IP Address"},
		{"network outside", u2("networks", []object{{"uuid": external}}), "not allowed to create an interface on external network"},
		{"no image", u2("imageRef", missing), "Invalid imageRef provided."},
		{"image empty", u2("imageRef", ""), "Invalid imageRef provided."},
		{"image empty, with devices", set(m2(), "imageRef", ""), "Invalid imageRef provided."},
		{"metadata of another kind", u2("metadata", "x"), "is not of type 'object'"},
		{"metadata value of another kind", u2("metadata", object{"k": 1}), "is not of type 'string'"},
		{"metadata value long", u2("metadata", object{"k": strings.Repeat("x", 256)}), "value greater than 255"},
		{"metadata key empty", u2("metadata", object{"": "x"}), "Metadata property key"},
		{"zone unknown", u2("availability_zone", "nope"), "The requested availability zone is not available"},
		{"key unknown", u2("key_name", "nope"), "Invalid key_name provided."},
		{"security group unknown", u2("security_groups", []object{{"name": "nope"}}), "Unable to find security_group"},
		{"security groups of another kind", u2("security_groups", "web"), "is not of type 'array'"},
		{"count zero", u2("min_count", 0), "0 is less than the minimum of 1"},
		{"count high", u2("max_count", 11), "11 is greater than the maximum of 10"},
		{"counts crossed", u2("min_count", 3, "max_count", 2), "min_count must be <= max_count"},
		{"count no number", u2("max_count", true), "True is not of type 'integer'"},
		{"reservation of another kind", u2("return_reservation_id", []any{nil, "x"}), "[None, 'x'] is not of type 'boolean'"},
		{"user data no base64", u2("user_data", "%%%"), "'%%%' is not a 'base64'"},
		{"user data long", u2("user_data", strings.Repeat("A", 65536)), "is too long"},
		{"user data of another kind", u2("user_data", 1), "is not of type 'string'"},
		{"u2 from a volume", set(m2(), "flavorRef", w.FlavorID("u2.c1m1")), "Boot sequence"},
		{"u2 with Windows", u2("imageRef", w.ImageID("Windows"), "flavorRef", w.FlavorID("u2.c2m4")), "cannot boot Windows"},
		{"m2 without devices", u2("flavorRef", w.FlavorID("m2.c1m2")), "Boot sequence"},
		{"devices of another kind", u2("block_device_mapping_v2", "x"), "is not of type 'array'"},
		{"device of another kind", u2("block_device_mapping_v2", []any{"x"}), "is not of type 'object'"},
		{"source unknown", m2("source_type", "disk"), "'disk' is not one of ['volume', 'image', 'snapshot', 'blank']"},
		{"destination unknown", m2("destination_type", "x"), "'x' is not one of ['local', 'volume']"},
		{"destination local", m2("destination_type", "local"), "Boot sequence"},
		{"destination missing", m2("destination_type", ""), "Boot sequence"},
		{"device without id", m2("uuid", ""), "Missing device UUID"},
		{"image of a device unknown", m2("uuid", "nope"), "failed to get image nope"},
		{"snapshot unknown", m2("source_type", "snapshot", "uuid", "nope"), "failed to get snapshot nope"},
		{"volume unknown", m2("source_type", "volume", "uuid", "nope"), "failed to get volume nope"},
		{"volume elsewhere", m2("source_type", "volume", "uuid", elsewhere), "are not in the same availability_zone"},
		{"volume taken", m2("source_type", "volume", "uuid", taken), "is already attached to instances: " + used},
		{"volume not bootable", m2("source_type", "volume", "uuid", blank), "is not bootable"},
		{"volume for many", set(m2("source_type", "volume", "uuid", blank), "max_count", 2), "Cannot attach one or more volumes to multiple instances"},
		{"no size", m2("volume_size", 0), "need to have a non-zero size"},
		{"small", m2("volume_size", 10), "Volume is smaller than the minimum size"},
		{"size no number", m2("volume_size", "x"), "'x' is not of type 'integer'"},
		{"blank root", m2("source_type", "blank"), "Boot sequence"},
		{"blank without size", m2("source_type", "blank", "volume_size", nil), "Blank volumes"},
		{"not the first to boot", m2("boot_index", 1), "Boot sequence"},
		{"no boot index", m2("boot_index", nil), "Boot sequence"},
		{"volume type unknown", m2("volume_type", "nope"), "Volume type nope could not be found."},
		{"delete_on_termination", m2("delete_on_termination", 2), "Invalid input for field/attribute delete_on_termination. Value: 2. 2 is not of type 'boolean', 'string'"},
		{"memory", set(m2("uuid", w.ImageID("Windows"), "volume_size", 50), "flavorRef", w.FlavorID("t2.c1m1")), "memory is too small"},
		{"Windows name", set(m2("uuid", w.ImageID("Windows"), "volume_size", 50), "name", "a-name-of-16-chr"), "at most 15 characters"},
	} {
		res := w.compute("POST", "/servers", object{"server": c.body})
		if res.status != 403 {
			assert.Equal(t, 400, res.status, "%s: %s", c.name, res.text)
		}
		assert.Contains(t, res.text, c.message, c.name)
	}
	two := m2()
	two["block_device_mapping_v2"] = append(two["block_device_mapping_v2"].([]object), two["block_device_mapping_v2"].([]object)[0])
	assert.Contains(t, w.compute("POST", "/servers", object{"server": two}).text, "Boot sequence")

	sameError(t, "compute_400_schema", w.compute("POST", "/servers", object{"server": object{"name": "x"}}))
	sameError(t, "compute_400_bad_flavor", w.compute("POST", "/servers", object{"server": u2("flavorRef", "nope")}))
	sameError(t, "compute_400_bad_image", w.compute("POST", "/servers", object{"server": u2("imageRef", "nope")}))
	hints := w.compute("POST", "/servers", object{"server": u2(), "os:scheduler_hints": object{"group": "nope"}})
	assert.Equal(t, 400, hints.status)
	assert.Contains(t, w.compute("POST", "/servers", object{}).text, "'server' is a required property")

	w.AddImage(nhncloudtest.Image{ID: "big", Name: "big", MinDisk: 500})
	assert.Contains(t, w.compute("POST", "/servers", object{"server": u2("imageRef", "big")}).text, "Flavor's disk is smaller")
	assert.Len(t, w.compute("GET", "/servers", nil).body["servers"], 1, "nothing was made")
}

const missing = "\x00missing"

func TestQuota(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithQuota(nhncloudtest.Quota{Servers: 3, VCPUs: 20, RAM: 2048, KeyPairs: 1, Volumes: 1}), nhncloudtest.WithMaxCount(50))
	w.u2("one")
	body := w.u2Body("many")
	body["min_count"] = 50
	res := w.compute("POST", "/servers", object{"server": body})
	assert.Equal(t, 403, res.status)
	assert.Equal(t, "Quota exceeded for cores, instances, ram: Requested 50, 50, 51200, but already used 1, 1, 1024 of 20, 3, 2048 cores, instances, ram",
		at(res.body, "forbidden", "message"))
	want := fixture(t, "errors/compute_403_quota")
	compareShape(t, "", want["body"], res.body)

	body["min_count"], body["max_count"] = 1, 50
	assert.Equal(t, 202, w.compute("POST", "/servers", object{"server": body}).status)
	assert.Len(t, w.compute("GET", "/servers", nil).body["servers"], 2, "as many as there is room for")

	key := func(name string) result {
		return w.compute("POST", "/os-keypairs", object{"keypair": object{"name": name}})
	}
	assert.Equal(t, 200, key("a").status)
	assert.Equal(t, 403, key("b").status)

	w.newVolume("kr-pub-a")
	res = w.volume("POST", "/volumes", object{"volume": object{"size": 1}})
	assert.Equal(t, 413, res.status)
	assert.Equal(t, "0", res.header.Get("Retry-After"))
	assert.Equal(t, "0", at(res.body, "overLimit", "retryAfter"))
}

func TestServerPages(t *testing.T) {
	w := newWorld(t)
	ids := w.AddServers(250)
	all := "/compute/v2/" + w.TenantID + "/servers"
	assert.Equal(t, 250, countPages(w, all, "servers", "servers_links"))
	assert.Equal(t, 3, w.Count("compute-v2-list-servers"))
	assert.Equal(t, 250, countPages(w, all+"/detail?limit=60&name=server", "servers", "servers_links"))
	assert.Equal(t, 5, w.Count("compute-v2-list-servers-detail"))

	res := w.compute("GET", "/servers?limit=2", nil)
	assert.Equal(t, []any{ids[249], ids[248]}, []any{at(res.body, "servers", 0, "id"), at(res.body, "servers", 1, "id")})
	res = w.compute("GET", "/servers?limit=2&marker="+ids[1], nil)
	assert.Len(t, res.body["servers"], 1)
	assert.NotContains(t, res.body, "servers_links")
	assert.Len(t, w.compute("GET", "/servers?limit=5000", nil).body["servers"], 250, "clamped")
	assert.Len(t, w.compute("GET", "/servers?limit=0", nil).body["servers"], 100)
	for _, query := range []string{"marker=nope", "limit=x", "limit=-1", "limit=%2B1", "name=(", "changes-since=yesterday"} {
		assert.Equal(t, 400, w.compute("GET", "/servers?"+query, nil).status, query)
	}
}

func TestServerFilters(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithPageLimits(2, 3))
	a, b := w.u2("web-1"), w.u2("db-1")
	w.action(b, 202, object{"os-stop": nil})
	w.done()
	list := func(query string) []string {
		res := w.compute("GET", "/servers?"+query, nil)
		require.Equal(t, 200, res.status, "%s", res.text)
		ids := []string{}
		for _, s := range res.body["servers"].([]any) {
			ids = append(ids, at(s, "id").(string))
		}
		return ids
	}
	assert.Equal(t, []string{b, a}, list(""))
	assert.Equal(t, []string{a}, list("name=^web"))
	assert.Equal(t, []string{b}, list("status=SHUTOFF"))
	assert.Equal(t, []string{a}, list("status=active"))
	assert.Empty(t, list("status=NOPE"))
	assert.Equal(t, []string{b, a}, list("image="+w.ImageID("Ubuntu Server 24.04")))
	assert.Empty(t, list("image="+w.ImageID("Rocky")))
	assert.Equal(t, []string{b, a}, list("flavor="+w.FlavorID("u2.c1m1")))
	assert.Empty(t, list("flavor=nope"))
	assert.Equal(t, []string{a}, list("marker="+b+"&status=ACTIVE"), "a marker that the filter leaves out")

	since := url.QueryEscape(w.Now().Format("2006-01-02T15:04:05"))
	assert.Equal(t, []string{b}, list("changes-since="+since))
	w.compute("DELETE", "/servers/"+a, nil)
	w.done()
	res := w.compute("GET", "/servers/detail?changes-since="+url.QueryEscape(w.Now().Format(time.RFC3339)), nil)
	require.Len(t, res.body["servers"], 1)
	assert.Equal(t, "DELETED", at(res.body, "servers", 0, "status"))
	assert.Equal(t, "2026-03-01T12:04:00.000000", at(res.body, "servers", 0, "OS-SRV-USG:terminated_at"))
	assert.Equal(t, []string{b}, list(""))

	w.AddServers(5)
	assert.Len(t, list(""), 2)
	assert.Len(t, list("limit=9"), 3)
}

func TestServerMetadata(t *testing.T) {
	w := newWorld(t)
	id := w.u2("meta")
	base := "/servers/" + id + "/metadata"
	sameShape(t, "compute-v2-list-server-metadata.response", w.compute("GET", base, nil).body)
	sameShape(t, "compute-v2-get-server-metadata.response", w.compute("GET", base+"/os_version", nil).body)
	res := w.compute("PUT", base+"/os_version", fixture(t, "compute-v2-set-server-metadata.response"))
	assert.Equal(t, 200, res.status)
	sameShape(t, "compute-v2-set-server-metadata.response", res.body)
	assert.Equal(t, "Server 20.04 LTS", at(w.server(id), "metadata", "os_version"))
	for _, body := range []object{
		{}, {"meta": object{"other": "x"}}, {"meta": object{"k": "a", "l": "b"}}, {"meta": object{"k": 1}},
		{"meta": object{"k": strings.Repeat("x", 256)}},
	} {
		assert.Equal(t, 400, w.compute("PUT", base+"/k", body).status, "%v", body)
	}
	odd := url.PathEscape("a/b 한글")
	assert.Equal(t, 200, w.compute("PUT", base+"/"+odd, object{"meta": object{"a/b 한글": "v"}}).status)
	assert.Equal(t, "v", at(w.compute("GET", base+"/"+odd, nil).body, "meta", "a/b 한글"))
	assert.Equal(t, 204, w.compute("DELETE", base+"/"+odd, nil).status)
	for _, method := range []string{"GET", "DELETE"} {
		res := w.compute(method, base+"/"+odd, nil)
		assert.Equal(t, 404, res.status)
		assert.Equal(t, "Metadata item was not found", at(res.body, "itemNotFound", "message"))
	}
	for _, method := range []string{"GET", "DELETE", "PUT"} {
		assert.Equal(t, 404, w.compute(method, "/servers/nope/metadata/k", object{"meta": object{"k": "v"}}).status)
	}
}

func TestServerGroups(t *testing.T) {
	w := newWorld(t)
	create := func(group object) result {
		return w.compute("POST", "/os-server-groups", object{"server_group": group})
	}
	policies := []string{"anti-affinity"}
	res := create(object{"name": "policy-test1", "policies": policies})
	assert.Equal(t, 200, res.status)
	sameShape(t, "compute-v2-create-server-group.response", res.body)
	id := at(res.body, "server_group", "id").(string)
	made := w.compute("POST", "/servers", object{"server": w.u2Body("m"), "os:scheduler_hints": object{"group": id}})
	require.Equal(t, 202, made.status, "%s", made.text)
	res = w.compute("GET", "/os-server-groups/"+id, nil)
	sameShape(t, "compute-v2-get-server-group.response", res.body)
	assert.Equal(t, at(made.body, "server", "id"), at(res.body, "server_group", "members", 0))
	sameShape(t, "compute-v2-list-server-groups.response", w.compute("GET", "/os-server-groups", nil).body)
	for _, group := range []object{
		{"policies": policies}, {"name": "x"}, {"name": "", "policies": policies}, {"name": "x", "policies": []string{}},
		{"name": "x", "policies": []string{"affinity"}}, {"name": "x", "policies": []string{"anti-affinity", "affinity"}},
	} {
		assert.Equal(t, 400, create(group).status, "%v", group)
	}
	assert.Equal(t, 400, w.compute("POST", "/os-server-groups", object{}).status)
	assert.Equal(t, 204, w.compute("DELETE", "/os-server-groups/"+id, nil).status)
	assert.Equal(t, 404, w.compute("DELETE", "/os-server-groups/"+id, nil).status)
	assert.Equal(t, 404, w.compute("GET", "/os-server-groups/"+id, nil).status)
}

func TestManyServers(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithPageLimits(1000, 1000))
	ids := w.AddServers(300) // more than the first subnet has addresses
	assert.Len(t, ids, 300)
	assert.Equal(t, "192.168.64.", fmt.Sprint(at(w.server(ids[299]), "addresses", "Default Network", 0, "addr"))[:11])
	for _, id := range ids {
		w.compute("DELETE", "/servers/"+id, nil)
	}
	w.done()
	assert.Empty(t, w.compute("GET", "/servers", nil).body["servers"])
	assert.Equal(t, "192.168.0.2", at(w.server(w.AddServers(1)[0]), "addresses", "Default Network", 0, "addr"), "addresses are free again")
}
