package v1_test

import (
	"fmt"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// someKey makes sure that there is a key pair called key.
func (w *world) someKey() {
	w.T.Helper()
	if len(w.v1("GET", "/keypairs", nil)["keypairs"].([]any)) == 0 {
		w.v1("POST", "/keypairs", object{"keypair": object{"name": "key"}})
	}
}

// instanceBody asks for an instance with a local disk; more overrides fields,
// nil ones are left out.
func (w *world) instanceBody(name string, more object) object {
	w.T.Helper()
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
	w.T.Helper()
	made := w.v1("POST", "/instances", w.instanceBody(name, more))["instance"]
	w.Done()
	return cloudtest.At(made, "id").(string)
}

// bfv is what makes an instance boot from a volume.
func (w *world) bfv(size any) object {
	return object{"flavor": w.FlavorID("m2.c1m2"), "volume": object{"size": size}}
}

func (w *world) detail(id string) object {
	w.T.Helper()
	list := w.v1("GET", "/instances-detail?id="+id, nil)["instances"].([]any)
	require.Len(w.T, list, 1)
	return list[0].(object)
}

// statusV1 checks what v1.0 calls the status of an instance.
func (w *world) statusV1(id, want string) {
	w.T.Helper()
	assert.Equal(w.T, want, cloudtest.At(w.v1("GET", "/instances?id="+id, nil), "instances", 0, "status"))
}

// actV1 sends an action with pairs of parameters.
func (w *world) actV1(id, action string, parameters ...string) object {
	w.T.Helper()
	return w.v1("POST", "/instances/"+id+"/action", actionBody(action, parameters))
}

func (w *world) actFails(code int, id, action string, parameters ...string) string {
	w.T.Helper()
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
	sameShapeV1(t, "compute-v1-list-availability-zones", "zones", cloudtest.At(zones, "zones", 0))
	assert.Len(t, zones["zones"], 2)
	flavors := w.v1("GET", "/flavors", nil)["flavors"].([]any)
	assert.Len(t, flavors, len(w.Flavors()))
	for _, f := range flavors {
		if f.(object)["volumeSize"] != nil {
			sameShapeV1(t, "compute-v1-list-flavors", "flavors", f)
			continue
		}
		assert.EqualValues(t, 1000, cloudtest.At(f, "maxVolumeSize"))
		sameShapeV1(t, "compute-v1-list-flavors", "flavors", without(f.(object), "maxVolumeSize"), "volumeSize")
	}
	assert.Equal(t, w.FlavorID("u2.c1m1"), cloudtest.At(flavors, 0, "id"))
	assert.EqualValues(t, 20, cloudtest.At(flavors, 0, "volumeSize"))
	assert.EqualValues(t, 1024, cloudtest.At(flavors, 0, "ram"))
	assert.Equal(t, "general", cloudtest.At(flavors, 0, "type"))
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
	w.Done()

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
	assert.Equal(t, "linux", cloudtest.At(o, "metadata", "os_type"))

	// the same machine as of v2
	s := w.GetServer(id)
	assert.Equal(t, "ACTIVE", s["status"])
	assert.Equal(t, "key", s["key_name"])
	address := cloudtest.At(s, "addresses", "Default Network", 0)
	assert.Equal(t, []any{object{
		"ipAddress": cloudtest.At(address, "addr"), "macAddress": cloudtest.At(address, "OS-EXT-IPS-MAC:mac_addr"), "version": 4., "floatingIpAddress": nil,
	}}, o["addresses"])
	other := w.U2("v2")
	list = w.v1("GET", "/instances-detail", nil)["instances"].([]any)
	require.Len(t, list, 2)
	assert.Equal(t, other, cloudtest.At(list, 0, "id"), "the newest first")
	sameShapeV1(t, "compute-v1-list-instances-detail", "instances", list[0])
	assert.Nil(t, cloudtest.At(list, 0, "keyName"))

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
	w.Done()
	w.v1Fails(10404, "GET", "/instances?id="+id, nil)
	assert.Equal(t, 404, w.Compute("GET", "/servers/"+id, nil).Status)
}

func TestManyAppKeyClients(t *testing.T) {
	w := newWorld(t)
	w.someKey()
	done := make(chan error)
	for i := range 8 {
		body := w.instanceBody(fmt.Sprintf("s%d", i), nil)
		go func() {
			_, err := w.Try("POST", "/appkey/v1.0/appkeys/"+w.AppKey+"/instances", body, nil)
			if err == nil {
				_, err = w.Try("GET", "/appkey/v1.0/appkeys/"+w.AppKey+"/instances-detail", nil, nil)
			}
			done <- err
		}()
	}
	for range 8 {
		assert.NoError(t, <-done)
	}
	assert.Len(t, w.v1("GET", "/instances", nil)["instances"], 8)
}
