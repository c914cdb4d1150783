package compute_test

import (
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestServerFromVolume(t *testing.T) {
	w := cloudtest.New(t)
	// The documented request, with ids of this cloud.
	doc := cloudtest.Fixture(t, "compute-v2-create-server.request")
	group := w.Compute("POST", "/os-server-groups", object{"server_group": object{"name": "g", "policies": []string{"anti-affinity"}}})
	w.Compute("POST", "/os-keypairs", object{"keypair": object{"name": "access-key"}})
	req := doc["server"].(object)
	image := w.ImageID("Windows")
	req["imageRef"], req["flavorRef"] = image, w.FlavorID("m2.c1m2")
	req["networks"].([]any)[0].(object)["subnet"] = w.SubnetID()
	req["block_device_mapping_v2"].([]any)[0].(object)["uuid"] = image
	doc["os:scheduler_hints"].(object)["group"] = cloudtest.At(group.Body, "server_group", "id")
	res := w.Compute("POST", "/servers", doc)
	require.Equal(t, 202, res.Status, "%s", res.Text)
	id := cloudtest.At(res.Body, "server", "id").(string)
	s := w.GetServer(id)
	root := cloudtest.At(s, "os-extended-volumes:volumes_attached", 0, "id").(string)
	assert.Equal(t, "creating", w.VolumeStatus(root))
	w.Done()
	s = w.GetServer(id)
	assert.Equal(t, image, cloudtest.At(s, "image", "id"))
	assert.Equal(t, "access-key", s["key_name"])
	assert.Equal(t, "Administrator", cloudtest.At(s, "metadata", "login_username"))

	vol := w.Volume("GET", "/volumes/"+root, nil)
	assert.Equal(t, "in-use", cloudtest.At(vol.Body, "volume", "status"))
	assert.Equal(t, "true", cloudtest.At(vol.Body, "volume", "bootable"))
	assert.EqualValues(t, 1000, cloudtest.At(vol.Body, "volume", "size"))
	assert.Nil(t, cloudtest.At(vol.Body, "volume", "name"))
	assert.Equal(t, id, cloudtest.At(vol.Body, "volume", "attachments", 0, "server_id"))
	assert.Equal(t, "/dev/vda", cloudtest.At(vol.Body, "volume", "attachments", 0, "device"))

	w.Compute("DELETE", "/servers/"+id, nil)
	w.Done()
	assert.Equal(t, "gone", w.VolumeStatus(root), "delete_on_termination was 1")
	assert.Empty(t, cloudtest.At(w.Compute("GET", "/os-server-groups", nil).Body, "server_groups", 0, "members"))

	// A root that outlives its server, and a second volume. The root boots
	// another server then.
	body := w.M2Body("first", object{"delete_on_termination": false})
	body["block_device_mapping_v2"] = append(body["block_device_mapping_v2"].([]object), object{
		"source_type": "blank", "destination_type": "volume", "boot_index": -1, "volume_size": "10",
		"volume_type": "General SSD", "delete_on_termination": "true", "nhn_encryption": object{"skm_appkey": "a", "skm_key_id": "k"},
	})
	res = w.Compute("POST", "/servers", object{"server": body})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	id = cloudtest.At(res.Body, "server", "id").(string)
	w.Done()
	attached := w.GetServer(id)["os-extended-volumes:volumes_attached"].([]any)
	require.Len(t, attached, 2)
	root, data := cloudtest.At(attached[0], "id").(string), cloudtest.At(attached[1], "id").(string)
	assert.Equal(t, true, cloudtest.At(w.Volume("GET", "/volumes/"+data, nil).Body, "volume", "encrypted"))
	w.Compute("DELETE", "/servers/"+id, nil)
	w.Done()
	assert.Equal(t, "available", w.VolumeStatus(root))
	assert.Equal(t, "gone", w.VolumeStatus(data))

	res = w.Compute("POST", "/servers", object{"server": w.M2Body("second", object{"source_type": "volume", "uuid": root})})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	assert.Equal(t, "attaching", w.VolumeStatus(root))
	w.Done()
	assert.Equal(t, "in-use", w.VolumeStatus(root))
	assert.Equal(t, "", w.GetServer(cloudtest.At(res.Body, "server", "id").(string))["image"], "nova's way to say none")
}

// Most clients of OpenStack say so that there is no image beside the devices.
func TestServerWithEmptyImage(t *testing.T) {
	w := cloudtest.New(t)
	body := w.M2Body("x", nil)
	body["imageRef"] = ""
	res := w.Compute("POST", "/servers", object{"server": body})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	w.Done()
	w.CheckStatus(cloudtest.At(res.Body, "server", "id").(string), "ACTIVE", "")
}

// A server and a volume that ask for no zone fit together, however many there
// are of them.
func TestDefaultZone(t *testing.T) {
	w := cloudtest.New(t)
	for range 3 {
		body := w.U2Body("x")
		delete(body, "availability_zone")
		res := w.Compute("POST", "/servers", object{"server": body})
		require.Equal(t, 202, res.Status, "%s", res.Text)
		id, volume := cloudtest.At(res.Body, "server", "id").(string), w.NewVolume("")
		w.Done()
		res = w.Compute("POST", "/servers/"+id+"/os-volume_attachments", object{"volumeAttachment": object{"volumeId": volume}})
		assert.Equal(t, 200, res.Status, "%s", res.Text)
	}
}

func TestServerWithEverything(t *testing.T) {
	w := cloudtest.New(t)
	body := w.U2Body(" padded ")
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
	res := w.Compute("POST", "/servers", object{"server": body})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	w.Done()
	s := w.GetServer(cloudtest.At(res.Body, "server", "id").(string))
	assert.Equal(t, "padded", s["name"])
	assert.Equal(t, w.ImageID("Rocky"), cloudtest.At(s, "image", "id"))
	assert.Equal(t, "db", cloudtest.At(s, "metadata", "role"))
	assert.Equal(t, "mine", cloudtest.At(s, "metadata", "os_type"))
	assert.Len(t, s["security_groups"], 2)
	assert.Equal(t, "192.168.0.77", cloudtest.At(s, "addresses", "Default Network", 0, "addr"))
	assert.Equal(t, "192.168.0.2", cloudtest.At(s, "addresses", "Default Network", 1, "addr"))
	assert.Equal(t, "kr-pub-a", s["OS-EXT-AZ:availability_zone"])
	volume := cloudtest.At(s, "os-extended-volumes:volumes_attached", 0, "id").(string)
	assert.Equal(t, "/dev/vdb", cloudtest.At(w.Volume("GET", "/volumes/"+volume, nil).Body, "volume", "attachments", 0, "device"))
}

func TestNoAddressLeft(t *testing.T) {
	w := cloudtest.New(t)
	ids := w.AddServers(253 + 16381 + 2)
	assert.NotEmpty(t, w.GetServer(ids[16633])["addresses"])
	assert.Empty(t, w.GetServer(ids[16634])["addresses"])
	res := w.Compute("POST", "/servers", object{"server": w.U2Body("x")})
	assert.Equal(t, 400, res.Status)
	assert.Contains(t, res.Text, "No fixed IP addresses available for network: "+w.NetworkID())
	w.Compute("DELETE", "/servers/"+ids[7], nil)
	w.Done()
	body := w.U2Body("x")
	body["networks"] = []object{{"uuid": w.NetworkID()}, {"uuid": w.NetworkID()}}
	assert.Equal(t, 400, w.Compute("POST", "/servers", object{"server": body}).Status)
	assert.Equal(t, 202, w.Compute("POST", "/servers", object{"server": w.U2Body("x")}).Status, "the failure gave its address back")
}

func TestManyServersAtOnce(t *testing.T) {
	w := cloudtest.New(t)
	body := w.U2Body("n")
	body["min_count"], body["max_count"], body["return_reservation_id"] = 2, "3", true
	res := w.Compute("POST", "/servers", object{"server": body})
	require.Equal(t, 202, res.Status, "%s", res.Text)
	reservation, _ := res.Body["reservation_id"].(string)
	assert.Regexp(t, `^r-[0-9a-f]{8}$`, reservation)
	assert.Len(t, res.Body, 1)
	w.AddServers(1)
	list := w.Compute("GET", "/servers?reservation_id="+reservation, nil).Body["servers"].([]any)
	require.Len(t, list, 3)
	for i, name := range []string{"n-3", "n-2", "n-1"} {
		assert.Equal(t, name, cloudtest.At(list[i], "name"))
	}
}

func TestCreateServerRefused(t *testing.T) {
	w := cloudtest.New(t)
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
	u2 := func(kv ...any) object { return set(w.U2Body("x"), kv...) }
	m2 := func(kv ...any) object { return w.M2Body("x", set(object{}, kv...)) }
	used := w.U2("used")
	elsewhere, taken, blank := w.NewVolume("kr-pub-b"), w.NewVolume("kr-pub-a"), w.NewVolume("kr-pub-a")
	w.Compute("POST", "/servers/"+used+"/os-volume_attachments", object{"volumeAttachment": object{"volumeId": taken}})
	external := cloudtest.At(w.Call("GET", "/network/v2.0/networks?router:external=true", nil).Body, "networks", 0, "id")
	empty := cloudtest.At(w.Call("POST", "/network/v2.0/vpcs", object{"vpc": object{"name": "v", "cidrv4": "10.0.0.0/8"}}).Body, "vpc", "id")

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
		{"network without subnets", u2("networks", []object{{"uuid": empty}}), "requires a subnet in order to boot"},
		{"network outside", u2("networks", []object{{"uuid": external}}), "not allowed to create an interface on external network"},
		{"no image", u2("imageRef", missing), "Invalid imageRef provided."},
		{"image empty", u2("imageRef", ""), "Invalid imageRef provided."},
		{"image empty, with no devices", u2("imageRef", "", "block_device_mapping_v2", []any{}), "Invalid imageRef provided."},
		{"image of another kind", set(m2(), "imageRef", nil), "Invalid input for field/attribute imageRef. Value: None. None is not of type 'string'"},
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
		res := w.Compute("POST", "/servers", object{"server": c.body})
		if res.Status != 403 {
			assert.Equal(t, 400, res.Status, "%s: %s", c.name, res.Text)
		}
		assert.Contains(t, res.Text, c.message, c.name)
	}
	two := m2()
	two["block_device_mapping_v2"] = append(two["block_device_mapping_v2"].([]object), two["block_device_mapping_v2"].([]object)[0])
	assert.Contains(t, w.Compute("POST", "/servers", object{"server": two}).Text, "Boot sequence")

	cloudtest.SameError(t, "compute_400_schema", w.Compute("POST", "/servers", object{"server": object{"name": "x"}}))
	cloudtest.SameError(t, "compute_400_bad_flavor", w.Compute("POST", "/servers", object{"server": u2("flavorRef", "nope")}))
	cloudtest.SameError(t, "compute_400_bad_image", w.Compute("POST", "/servers", object{"server": u2("imageRef", "nope")}))
	hints := w.Compute("POST", "/servers", object{"server": u2(), "os:scheduler_hints": object{"group": "nope"}})
	assert.Equal(t, 400, hints.Status)
	assert.Contains(t, w.Compute("POST", "/servers", object{}).Text, "'server' is a required property")

	w.AddImage(nhncloudtest.Image{ID: "big", Name: "big", MinDisk: 500})
	assert.Contains(t, w.Compute("POST", "/servers", object{"server": u2("imageRef", "big")}).Text, "Flavor's disk is smaller")
	assert.Len(t, w.Compute("GET", "/servers", nil).Body["servers"], 1, "nothing was made")
}

const missing = "\x00missing"

func TestQuota(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithQuota(nhncloudtest.Quota{Servers: 3, VCPUs: 20, RAM: 2048, KeyPairs: 1, Volumes: 1}), nhncloudtest.WithMaxCount(50))
	w.U2("one")
	body := w.U2Body("many")
	body["min_count"] = 50
	res := w.Compute("POST", "/servers", object{"server": body})
	assert.Equal(t, 403, res.Status)
	assert.Equal(t, "Quota exceeded for cores, instances, ram: Requested 50, 50, 51200, but already used 1, 1, 1024 of 20, 3, 2048 cores, instances, ram",
		cloudtest.At(res.Body, "forbidden", "message"))
	want := cloudtest.Fixture(t, "errors/compute_403_quota")
	cloudtest.CompareShape(t, "", want["body"], res.Body)

	body["min_count"], body["max_count"] = 1, 50
	assert.Equal(t, 202, w.Compute("POST", "/servers", object{"server": body}).Status)
	assert.Len(t, w.Compute("GET", "/servers", nil).Body["servers"], 2, "as many as there is room for")

	key := func(name string) cloudtest.Result {
		return w.Compute("POST", "/os-keypairs", object{"keypair": object{"name": name}})
	}
	assert.Equal(t, 200, key("a").Status)
	assert.Equal(t, 403, key("b").Status)

	w.NewVolume("kr-pub-a")
	res = w.Volume("POST", "/volumes", object{"volume": object{"size": 1}})
	assert.Equal(t, 413, res.Status)
	assert.Equal(t, "0", res.Header.Get("Retry-After"))
	assert.Equal(t, "0", cloudtest.At(res.Body, "overLimit", "retryAfter"))
}

// TestWithoutNetworks takes the VPC away that servers go into.
func TestWithoutNetworks(t *testing.T) {
	w := cloudtest.New(t)
	body := w.U2Body("s")
	require.Equal(t, 204, w.Call("DELETE", "/network/v2.0/vpcs/"+w.NetworkID(), nil).Status)
	for _, net := range []object{{"uuid": w.NetworkID()}, {"subnet": w.SubnetID()}, {"fixed_ip": "192.168.0.5"}} {
		body["networks"] = []object{net}
		res := w.Compute("POST", "/servers", object{"server": body})
		assert.Equal(t, 400, res.Status, "%v: %s", net, res.Text)
	}
	id := w.AddServers(1)[0]
	assert.Empty(t, w.GetServer(id)["addresses"])
}
