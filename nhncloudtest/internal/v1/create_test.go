package v1_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInstanceFromVolume(t *testing.T) {
	w := newWorld(t)
	id := w.instance("m2", object{
		"flavor": w.FlavorID("m2.c1m2"), "volume": object{"size": 30, "type": "General SSD"},
		"networks": []object{{"id": w.NetworkID(), "subnetId": w.SubnetID()}}, "securityGroups": []object{{"name": "web"}, {"name": "default"}},
	})
	o := w.detail(id)
	sameShapeV1(t, "compute-v1-list-instances-detail", "instances", o)
	assert.Equal(t, object{"size": 30., "type": "General SSD"}, cloudtest.At(o, "volumes", "root"))
	assert.Equal(t, w.ImageID("Ubuntu Server 24.04"), o["image"])
	assert.Len(t, o["securityGroups"], 2)
	volumes := w.v1("GET", "/volumes", nil)["volumes"].([]any)
	require.Len(t, volumes, 1)
	assert.Equal(t, "in-use", cloudtest.At(volumes, 0, "status"))
	root := cloudtest.At(volumes, 0, "id").(string)
	assert.Contains(t, w.v1Fails(10400, "DELETE", "/instances/"+id+"/attachments?volumeId="+root, nil), "root")
	w.v1Fails(40409, "DELETE", "/volumes?id="+root, nil)
	w.v1Empty("DELETE", "/instances?id="+id, nil)
	w.Done()
	assert.Empty(t, w.v1("GET", "/volumes", nil)["volumes"], "the root volume goes with the instance")

	id = w.instance("hdd", w.bfv("20"))
	assert.Equal(t, "General HDD", cloudtest.At(w.detail(id), "volumes", "root", "type"))
	id = w.instance("hdd", object{"flavor": w.FlavorID("m2.c1m2"), "volume": object{"size": 20, "type": nil}})
	assert.Equal(t, "General HDD", cloudtest.At(w.detail(id), "volumes", "root", "type"))
}

func TestInstanceCount(t *testing.T) {
	w := newWorld(t)
	made := w.v1("POST", "/instances", w.instanceBody("n", object{"count": 10}))["instance"]
	assert.Equal(t, "n-1", cloudtest.At(made, "name"))
	list := w.v1("GET", "/instances", nil)["instances"].([]any)
	require.Len(t, list, 10)
	assert.Equal(t, "n-10", cloudtest.At(list, 0, "name"))
	assert.Equal(t, made, list[9])
	made = w.v1("POST", "/instances", w.instanceBody("one", object{"count": "1"}))["instance"]
	assert.Equal(t, "one", cloudtest.At(made, "name"))
}

func TestInstanceRefused(t *testing.T) {
	w := newWorld(t)
	m2 := w.FlavorID("m2.c1m2")
	networks := w.v1("GET", "/networks", nil)["networks"].([]any)
	external := cloudtest.At(networks, 1, "id")
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
