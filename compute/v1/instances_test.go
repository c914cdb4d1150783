package computev1_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const instancesURL = apitest.AppKeyURL + "/instances"

var (
	wantInstances = apitest.Want{Operation: "compute-v1-list-instances-detail", Method: http.MethodGet, URL: apitest.AppKeyURL + "/instances-detail"}
	wantInstance  = apitest.Want{Operation: wantInstances.Operation, Method: http.MethodGet, URL: wantInstances.URL + "?id=" + instanceID}
	wantSummaries = apitest.Want{Operation: "compute-v1-list-instances", Method: http.MethodGet, URL: instancesURL}
	wantSummary   = apitest.Want{Operation: wantSummaries.Operation, Method: http.MethodGet, URL: instancesURL + "?id=" + instanceID}
)

func documentedInstance() *computev1.Instance {
	return &computev1.Instance{
		ID:     instanceID,
		Name:   "web-1",
		Status: computev1.StatusActive,
		Addresses: []computev1.Address{
			{MACAddress: "fa:16:3e:54:a7:64", IPAddress: "192.168.0.12", Version: 4, FloatingIPAddress: "203.0.113.10"},
		},
		AvailabilityZone: "kr-pub-a",
		Flavor:           computev1.InstanceFlavor{ID: flavorID, Name: "r2.c4m32", CPU: 4, RAM: 32768},
		ImageID:          madeOf,
		KeyName:          "deploy",
		Metadata:         map[string]string{"role": "웹"},
		Volumes: computev1.InstanceVolumes{
			Root:        computev1.RootVolume{Size: 50, Type: computev1.VolumeGeneralSSD},
			Attachments: []computev1.AttachedVolume{{ID: volumeID, Name: "data", Size: 100, Type: computev1.VolumeGeneralHDD}},
		},
		SecurityGroups: []computev1.SecurityGroupRef{{Name: "default"}},
		LaunchedAt:     time.Date(2017, 5, 16, 2, 18, 30, 166563000, time.UTC),
		CreatedAt:      time.Date(2017, 5, 16, 2, 17, 50, 0, time.UTC),
		UpdatedAt:      time.Date(2017, 5, 16, 2, 18, 31, 0, time.UTC),
	}
}

// olderInstance is what the older edition of the guide tells: no volume types.
func olderInstance() *computev1.Instance {
	i := documentedInstance()
	i.Volumes.Root.Type, i.Volumes.Attachments[0].Type = "", ""
	return i
}

// editions are the answers of both editions of the guide.
var editions = map[string]struct {
	body string
	want func() *computev1.Instance
}{
	"newer edition": {"@compute-v1-list-instances-detail.response.json", documentedInstance},
	"older edition": {"@compute-v1-list-instances-detail.response.ed001.json", olderInstance},
}

func TestInstancesList(t *testing.T) {
	t.Parallel()
	list := func(ctx context.Context, client *nhncloud.Client) ([]*computev1.Instance, error) {
		return computev1.New(client).Instances.List(ctx)
	}
	for name, edition := range editions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apitest.Check(t, wantInstances, apitest.Reply{Body: edition.body}, []*computev1.Instance{edition.want()}, list)
		})
	}
	for name, test := range map[string]struct {
		instances string
		want      []*computev1.Instance
	}{
		"none":         {`[]`, []*computev1.Instance{}},
		"null element": {`[null, {"id": "a"}, null]`, []*computev1.Instance{{ID: "a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantInstances, apitest.Reply{Body: success(`"instances": ` + test.instances)})
			instances, err := list(t.Context(), m.Client)
			require.NoError(t, err)
			assert.Equal(t, test.want, instances)
		})
	}
}

func TestInstancesListSummaries(t *testing.T) {
	t.Parallel()
	apitest.Check(t, wantSummaries, apitest.Reply{Body: "@compute-v1-list-instances.response.json"}, []*computev1.InstanceSummary{
		{ID: instanceID, Name: "web-1", Status: computev1.StatusActive},
		{ID: "5f3a1c2b-0d4e-4f6a-8b7c-9d0e1f2a3b4c", Name: "web-2", Status: computev1.StatusPoweringOff},
	}, func(ctx context.Context, client *nhncloud.Client) ([]*computev1.InstanceSummary, error) {
		return computev1.New(client).Instances.ListSummaries(ctx)
	})
}

// TestNullLists: a listing that is null is no empty one. A program that tidies
// up would take all that it knows for gone.
func TestNullLists(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		want apitest.Want
		key  string
		list func(ctx context.Context, c *computev1.Client) (any, error)
	}{
		"instances": {wantInstances, "instances", func(ctx context.Context, c *computev1.Client) (any, error) {
			return c.Instances.List(ctx)
		}},
		"instance summaries": {wantSummaries, "instances", func(ctx context.Context, c *computev1.Client) (any, error) {
			return c.Instances.ListSummaries(ctx)
		}},
		"flavors": {wantFlavors, "flavors", func(ctx context.Context, c *computev1.Client) (any, error) {
			return c.Flavors.List(ctx)
		}},
		"zones": {wantZones, "zones", func(ctx context.Context, c *computev1.Client) (any, error) {
			return c.Zones.List(ctx)
		}},
		"images": {wantImages, "images", func(ctx context.Context, c *computev1.Client) (any, error) {
			return c.Images.List(ctx, nil)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(test.want, apitest.Reply{Body: success(`"` + test.key + `": null`)})
			items, err := test.list(t.Context(), computev1.New(m.Client))
			assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
			assert.Empty(t, items)
		})
	}
}

func TestInstancesGet(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, client *nhncloud.Client, id string) (*computev1.Instance, error) {
		return computev1.New(client).Instances.Get(ctx, id)
	}
	for name, edition := range editions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apitest.Check(t, wantInstance, apitest.Reply{Body: edition.body}, edition.want(),
				func(ctx context.Context, client *nhncloud.Client) (*computev1.Instance, error) {
					return get(ctx, client, instanceID)
				})
		})
	}
	apitest.RefusedSegments(t, wantInstance.Operation, "instanceId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := get(ctx, client, id)
		return err
	})
	for name, test := range map[string]struct {
		members string // of the instance, beside its id
		want    computev1.Instance
	}{
		"all times": {`, "createdAt": "2017-05-16T02:17:50.166563", "launchedAt": "2017-05-16T02:17:50.166563Z", "updatedAt": "2017-05-16T11:17:50+09:00"`, computev1.Instance{
			CreatedAt:  time.Date(2017, 5, 16, 2, 17, 50, 166563000, time.UTC),
			LaunchedAt: time.Date(2017, 5, 16, 2, 17, 50, 166563000, time.UTC),
			UpdatedAt:  time.Date(2017, 5, 16, 2, 17, 50, 0, time.UTC),
		}},
		"being built": {`, "status": "BUILD", "addresses": [], "launchedAt": null, "updatedAt": "", "createdAt": "2017-05-16T02:17:50"`, computev1.Instance{
			Status: computev1.StatusBuild, Addresses: []computev1.Address{}, CreatedAt: time.Date(2017, 5, 16, 2, 17, 50, 0, time.UTC),
		}},
		"nulls": {`, "name": null, "status": null, "addresses": null, "availabilityZone": null, "flavor": null, "image": null, "metadata": null,
			"keyName": null, "volumes": null, "securityGroups": null, "createdAt": null`, computev1.Instance{}},
		"nulls within": {`, "addresses": [{"version": null, "floatingIpAddress": null}], "flavor": {"cpu": null, "ram": null}, "metadata": {"a": null},
			"volumes": {"root": {"size": null, "type": null}, "attachments": [{"id": "v", "size": null, "type": null}]}, "securityGroups": [{"name": null}]`, computev1.Instance{
			Addresses:      []computev1.Address{{}},
			Metadata:       map[string]string{"a": ""},
			Volumes:        computev1.InstanceVolumes{Attachments: []computev1.AttachedVolume{{ID: "v"}}},
			SecurityGroups: []computev1.SecurityGroupRef{{}},
		}},
		"unknown members": {`, "status": "THAWING", "fault": {"code": 500}, "volumes": {"root": {"type": "Ultra"}}`, computev1.Instance{
			Status: "THAWING", Volumes: computev1.InstanceVolumes{Root: computev1.RootVolume{Type: "Ultra"}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantInstance, apitest.Reply{Body: success(`"instances": [{"id": "` + instanceID + `"` + test.members + `}]`)})
			instance, err := get(t.Context(), m.Client, instanceID)
			require.NoError(t, err)
			test.want.ID = instanceID
			assert.Equal(t, test.want, *instance)
		})
	}
}

func TestInstancesGetSummary(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, client *nhncloud.Client, id string) (*computev1.InstanceSummary, error) {
		return computev1.New(client).Instances.GetSummary(ctx, id)
	}
	apitest.Check(t, wantSummary, apitest.Reply{Body: "@compute-v1-list-instances.response.json"},
		&computev1.InstanceSummary{ID: instanceID, Name: "web-1", Status: computev1.StatusActive},
		func(ctx context.Context, client *nhncloud.Client) (*computev1.InstanceSummary, error) {
			return get(ctx, client, instanceID)
		})
	apitest.RefusedSegments(t, wantSummary.Operation, "instanceId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := get(ctx, client, id)
		return err
	})
}

// TestLookUps: a look-up is a listing, and what matters is whether the wanted
// instance is on it.
func TestLookUps(t *testing.T) {
	t.Parallel()
	for kind, test := range map[string]struct {
		want apitest.Want
		get  func(ctx context.Context, instances *computev1.InstancesService) (id string, err error)
	}{
		"Get": {wantInstance, func(ctx context.Context, instances *computev1.InstancesService) (string, error) {
			instance, err := instances.Get(ctx, instanceID)
			if err != nil {
				assert.Nil(t, instance)
				return "", err
			}
			return instance.ID, nil
		}},
		"GetSummary": {wantSummary, func(ctx context.Context, instances *computev1.InstancesService) (string, error) {
			instance, err := instances.GetSummary(ctx, instanceID)
			if err != nil {
				assert.Nil(t, instance)
				return "", err
			}
			return instance.ID, nil
		}},
	} {
		for name, look := range map[string]struct {
			body string
			err  error
		}{
			"alone":      {idPage("instances", instanceID), nil},
			"among more": {success(`"instances": [null, {"id": "other"}, {"id": "` + instanceID + `"}]`), nil},
			"none":       {idPage("instances"), nhncloud.ErrNotFound},
			"null":       {success(`"instances": null`), nhncloud.ErrNotFound},
			"another":    {idPage("instances", "other"), nhncloud.ErrNotFound},
			"prefix":     {idPage("instances", instanceID+"0", instanceID[1:]), nhncloud.ErrNotFound},
			"no list":    {success(`"instances": {"id": "` + instanceID + `"}`), nhncloud.ErrBadAnswer},
		} {
			t.Run(kind+" "+name, func(t *testing.T) {
				t.Parallel()
				m := apitest.New(t)
				m.Expect(test.want, apitest.Reply{Body: look.body})
				id, err := test.get(t.Context(), computev1.New(m.Client).Instances)
				if look.err == nil {
					require.NoError(t, err)
					assert.Equal(t, instanceID, id)
					return
				}
				assert.ErrorIs(t, err, look.err)
				assert.ErrorContains(t, err, test.want.Operation)
			})
		}
	}
}

// TestOddIDs: an id is never taken for a part of the query.
func TestOddIDs(t *testing.T) {
	t.Parallel()
	for id, escaped := range map[string]string{
		"a b": "a+b", "100%": "100%25", "a&id=b": "a%26id%3Db", "a+b": "a%2Bb", "#1": "%231", "a?": "a%3F", "웹": "%EC%9B%B9", "...": "...",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			get, remove := wantInstance, wantDelete
			get.URL, remove.URL = wantInstances.URL+"?id="+escaped, instancesURL+"?id="+escaped
			m.Expect(get, apitest.Reply{Body: idPage("instances", id)})
			m.Expect(remove, apitest.Reply{Body: success()})
			instances := computev1.New(m.Client).Instances
			instance, err := instances.Get(t.Context(), id)
			require.NoError(t, err)
			assert.Equal(t, id, instance.ID)
			require.NoError(t, instances.Delete(t.Context(), id))
		})
	}
}

func wantCreate(body string) apitest.Want {
	return apitest.Want{Operation: "compute-v1-create-instance", Method: http.MethodPost, URL: instancesURL, Body: body}
}

const (
	networkID = "fbcb6c1c-8d2c-4bd1-9a50-dc2a1f6a6f0e"
	subnetID  = "b83863ff-0355-4c73-8c10-0bdf66a69aab"
)

func documentedCreate() computev1.InstanceCreateRequest {
	return computev1.InstanceCreateRequest{
		Name:             "web-1",
		ImageID:          madeOf,
		FlavorID:         flavorID,
		Networks:         []computev1.InstanceNetwork{{NetworkID: networkID, SubnetID: subnetID}},
		AvailabilityZone: "kr-pub-a",
		KeyName:          "deploy",
		Count:            3,
		Volume:           &computev1.InstanceVolume{Size: 50, Type: new(computev1.VolumeGeneralSSD)},
		SecurityGroups:   []string{"default"},
	}
}

func create(ctx context.Context, client *nhncloud.Client, request computev1.InstanceCreateRequest) (*computev1.InstanceSummary, error) {
	return computev1.New(client).Instances.Create(ctx, request)
}

func TestInstancesCreate(t *testing.T) {
	t.Parallel()
	created := &computev1.InstanceSummary{ID: instanceID, Name: "web-1", Status: computev1.StatusBuild}
	apitest.CheckCreate(t, wantCreate("@compute-v1-create-instance.request.json"), apitest.Reply{Body: "@compute-v1-create-instance.response.json"}, created,
		func(ctx context.Context, client *nhncloud.Client) (*computev1.InstanceSummary, error) {
			return create(ctx, client, documentedCreate())
		})

	minimal := computev1.InstanceCreateRequest{
		Name: "web", ImageID: "i", FlavorID: "f", Networks: []computev1.InstanceNetwork{{NetworkID: "n"}}, AvailabilityZone: "z", KeyName: "k",
		SecurityGroups: []string{"default"},
	}
	with := func(change func(r *computev1.InstanceCreateRequest)) computev1.InstanceCreateRequest {
		r := minimal
		change(&r)
		return r
	}
	base := func(further string) string {
		return `{"instance": {"name": "web", "image": "i", "flavor": "f", "networks": [{"id": "n"}], "availabilityZone": "z", "keyName": "k",
			"securityGroups": [{"name": "default"}]` + further + `}}`
	}
	older := strings.Replace(apitest.Text(t, "@compute-v1-create-instance.request.ed001.json"), `"size": 50`, `"size": 50, "type": null`, 1)
	for name, test := range map[string]struct {
		request computev1.InstanceCreateRequest
		body    string
	}{
		"minimal": {minimal, base("")},
		"older edition": {computev1.InstanceCreateRequest{
			Name: "web-1", ImageID: madeOf, FlavorID: flavorID, Networks: []computev1.InstanceNetwork{{NetworkID: networkID}}, AvailabilityZone: "kr-pub-a",
			KeyName: "deploy", Count: 1, Volume: &computev1.InstanceVolume{Size: 50}, SecurityGroups: []string{"default"},
		}, older},
		"null type": {with(func(r *computev1.InstanceCreateRequest) { r.Volume = &computev1.InstanceVolume{Size: 20} }), base(`, "volume": {"size": 20, "type": null}`)},
		"type alone": {with(func(r *computev1.InstanceCreateRequest) {
			r.Volume = &computev1.InstanceVolume{Type: new(computev1.VolumeGeneralHDD)}
		}), base(`, "volume": {"type": "General HDD"}`)},
		"unknown type": {with(func(r *computev1.InstanceCreateRequest) {
			r.Volume = &computev1.InstanceVolume{Type: new(computev1.VolumeType("Ultra"))}
		}), base(`, "volume": {"type": "Ultra"}`)},
		"large volume":         {with(func(r *computev1.InstanceCreateRequest) { r.Volume = &computev1.InstanceVolume{Size: 2000} }), base(`, "volume": {"size": 2000, "type": null}`)},
		"more than documented": {with(func(r *computev1.InstanceCreateRequest) { r.Count = 11 }), base(`, "count": 11`)},
		"several": {with(func(r *computev1.InstanceCreateRequest) {
			r.Networks = []computev1.InstanceNetwork{{SubnetID: "s"}, {NetworkID: "n", SubnetID: "s"}}
			r.SecurityGroups = []string{"web", "기본"}
		}), `{"instance": {"name": "web", "image": "i", "flavor": "f", "networks": [{"subnetId": "s"}, {"id": "n", "subnetId": "s"}], "availabilityZone": "z",
			"keyName": "k", "securityGroups": [{"name": "web"}, {"name": "기본"}]}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantCreate(test.body), apitest.Reply{Body: "@compute-v1-create-instance.response.json"})
			instance, err := create(t.Context(), m.Client, test.request)
			require.NoError(t, err)
			assert.Equal(t, created, instance)
		})
	}
}

func TestInstanceCreateRefused(t *testing.T) {
	t.Parallel()
	type request = computev1.InstanceCreateRequest
	for name, test := range map[string]struct {
		field  string
		change func(r *request)
	}{
		"no name":                    {"Name", func(r *request) { r.Name = "" }},
		"no image":                   {"ImageID", func(r *request) { r.ImageID = "" }},
		"no flavor":                  {"FlavorID", func(r *request) { r.FlavorID = "" }},
		"no zone":                    {"AvailabilityZone", func(r *request) { r.AvailabilityZone = "" }},
		"no key":                     {"KeyName", func(r *request) { r.KeyName = "" }},
		"no networks":                {"Networks", func(r *request) { r.Networks = nil }},
		"neither network nor subnet": {"Networks[1]", func(r *request) { r.Networks = append(r.Networks, computev1.InstanceNetwork{}) }},
		"no security groups":         {"SecurityGroups", func(r *request) { r.SecurityGroups = nil }},
		"empty security group":       {"SecurityGroups[1]", func(r *request) { r.SecurityGroups = []string{"default", ""} }},
		"negative count":             {"Count", func(r *request) { r.Count = -1 }},
		"negative size":              {"Volume.Size", func(r *request) { r.Volume.Size = -1 }},
		"nothing at all":             {"Name, ImageID, FlavorID, Networks, AvailabilityZone, KeyName, SecurityGroups", func(r *request) { *r = request{} }},
		"much at once": {"KeyName, Count, Volume.Size, SecurityGroups[0]", func(r *request) {
			r.KeyName, r.Count, r.Volume.Size, r.SecurityGroups = "", -1, -1, []string{""}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := documentedCreate()
			test.change(&r)
			apitest.Refused(t, "compute-v1-create-instance", test.field, func(ctx context.Context, client *nhncloud.Client) error {
				instance, err := create(ctx, client, r)
				assert.Nil(t, instance)
				return err
			})
		})
	}
}

var wantDelete = apitest.Want{Operation: "compute-v1-delete-instance", Method: http.MethodDelete, URL: instancesURL + "?id=" + instanceID}

func TestInstancesDelete(t *testing.T) {
	t.Parallel()
	remove := func(ctx context.Context, client *nhncloud.Client, id string) error {
		return computev1.New(client).Instances.Delete(ctx, id)
	}
	// The guides show no answer to it; it has the header that all have.
	apitest.CheckEmpty(t, wantDelete, apitest.Reply{Body: "@compute-v1-delete-instance.response.json"}, func(ctx context.Context, client *nhncloud.Client) error {
		return remove(ctx, client, instanceID)
	})
	apitest.RefusedSegments(t, wantDelete.Operation, "instanceId", remove)
}

func TestConstants(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []computev1.InstanceStatus{
		"BUILD", "POWERING_ON", "ACTIVE", "POWERING_OFF", "STOP", "REBOOTING", "RESIZING", "MIGRATING", "DELETING", "ERROR",
	}, []computev1.InstanceStatus{
		computev1.StatusBuild, computev1.StatusPoweringOn, computev1.StatusActive, computev1.StatusPoweringOff, computev1.StatusStop,
		computev1.StatusRebooting, computev1.StatusResizing, computev1.StatusMigrating, computev1.StatusDeleting, computev1.StatusError,
	})
	assert.Equal(t, []computev1.VolumeType{"General HDD", "General SSD"}, []computev1.VolumeType{computev1.VolumeGeneralHDD, computev1.VolumeGeneralSSD})
	assert.Equal(t, []computev1.FlavorType{"general", "compute", "memory"},
		[]computev1.FlavorType{computev1.FlavorGeneral, computev1.FlavorCompute, computev1.FlavorMemory})
	assert.Equal(t, []computev1.ImageStatus{"queued", "saving", "active", "killed", "deleted", "pending_delete", "deactivated"}, []computev1.ImageStatus{
		computev1.ImageQueued, computev1.ImageSaving, computev1.ImageActive, computev1.ImageKilled, computev1.ImageDeleted,
		computev1.ImagePendingDelete, computev1.ImageDeactivated,
	})
}

// look is what a waiter sees of an instance, or the resultCode of the failure
// that it sees instead.
type look struct {
	status computev1.InstanceStatus
	fails  int
	gone   bool // not on the list, or with fails: not found, where that is no failure
}

// waitFor lets a waiter look at an instance, in time that does not pass for
// real.
func waitFor(t *testing.T, looks []look, wait func(ctx context.Context, instances *computev1.InstancesService, options *nhncloud.WaitOptions) error) error {
	t.Helper()
	m := apitest.New(t)
	for _, l := range looks {
		body := success(fmt.Sprintf(`"instances": [{"id": %q, "status": %q}]`, instanceID, l.status))
		switch {
		case l.fails != 0:
			body = fmt.Sprintf(`{"header": {"isSuccessful": false, "resultCode": %d, "resultMessage": "FAIL"}}`, l.fails)
		case l.gone:
			body = idPage("instances")
		}
		m.Expect(wantInstance, apitest.Reply{Body: body})
	}
	n := 0
	err := wait(t.Context(), computev1.New(m.Client).Instances, &nhncloud.WaitOptions{Progress: func(p nhncloud.WaitProgress) {
		status := string(looks[n].status)
		if looks[n].gone {
			status = "gone"
		}
		assert.Equal(t, status, p.Status)
		assert.Equal(t, looks[n].fails != 0 && !looks[n].gone, p.Err != nil)
		n++
		assert.Equal(t, n, p.Look)
	}})
	assert.Len(t, looks, n, "looks")
	return err
}

func TestWaitForStatus(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		until computev1.InstanceStatus
		looks []look
		err   error
	}{
		"at once":          {computev1.StatusActive, []look{{status: "ACTIVE"}}, nil},
		"built":            {computev1.StatusActive, []look{{status: "BUILD"}, {status: "POWERING_ON"}, {status: "ACTIVE"}}, nil},
		"stopped":          {computev1.StatusStop, []look{{status: "ACTIVE"}, {status: "POWERING_OFF"}, {status: "STOP"}}, nil},
		"rebooted":         {computev1.StatusActive, []look{{status: "REBOOTING"}, {status: "ACTIVE"}}, nil},
		"resized":          {computev1.StatusActive, []look{{status: "RESIZING"}, {status: "MIGRATING"}, {status: "ACTIVE"}}, nil},
		"own status":       {"THAWING", []look{{status: "ACTIVE"}, {status: "THAWING"}}, nil},
		"unknown status":   {computev1.StatusActive, []look{{status: "THAWING"}, {status: ""}, {status: "ACTIVE"}}, nil},
		"failed":           {computev1.StatusActive, []look{{status: "BUILD"}, {status: "ERROR"}}, nhncloud.ErrFailedState},
		"failure wanted":   {computev1.StatusError, []look{{status: "BUILD"}, {status: "ERROR"}}, nil},
		"being deleted":    {computev1.StatusActive, []look{{status: "DELETING"}}, nhncloud.ErrFailedState},
		"deletion wanted":  {computev1.StatusDeleting, []look{{status: "ACTIVE"}, {status: "DELETING"}}, nil},
		"gone":             {computev1.StatusActive, []look{{status: "BUILD"}, {fails: -5}}, nhncloud.ErrNotFound},
		"forbidden":        {computev1.StatusActive, []look{{fails: -3}}, nhncloud.ErrForbidden},
		"passing failures": {computev1.StatusActive, []look{{fails: -2}, {status: "BUILD"}, {fails: -6}, {fails: 10429}, {status: "ACTIVE"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitFor(t, test.looks, func(ctx context.Context, instances *computev1.InstancesService, options *nhncloud.WaitOptions) error {
					instance, err := instances.WaitForStatus(ctx, instanceID, test.until, options)
					if err == nil {
						assert.Equal(t, test.until, instance.Status)
					}
					return err
				})
				assert.ErrorIs(t, err, test.err)
				if test.err == nhncloud.ErrFailedState {
					assert.ErrorContains(t, err, "instance "+instanceID+" does not become ACTIVE")
				}
			})
		})
	}
}

func TestWaitForDeletion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		looks []look
		err   error
	}{
		"gone at once":      {[]look{{gone: true}}, nil},
		"not found":         {[]look{{status: "DELETING"}, {fails: -5, gone: true}}, nil},
		"not found, status": {[]look{{status: "DELETING"}, {fails: 10404, gone: true}}, nil},
		"deleted":           {[]look{{status: "ACTIVE"}, {status: "DELETING"}, {status: "DELETING"}, {gone: true}}, nil},
		"broken before":     {[]look{{status: "ERROR"}, {status: "ERROR"}, {status: "DELETING"}, {gone: true}}, nil},
		"failed":            {[]look{{status: "DELETING"}, {status: "ERROR"}}, nhncloud.ErrFailedState},
		"passing failures":  {[]look{{fails: -6}, {fails: 10429}, {gone: true}}, nil},
		"too many failures": {[]look{{fails: -6}, {fails: -6}, {fails: -6}, {fails: -6}, {fails: -6}, {fails: -6}}, nhncloud.ErrServerFault},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitFor(t, test.looks, func(ctx context.Context, instances *computev1.InstancesService, options *nhncloud.WaitOptions) error {
					return instances.WaitForDeletion(ctx, instanceID, options)
				})
				assert.ErrorIs(t, err, test.err)
				if test.err == nhncloud.ErrFailedState {
					assert.ErrorContains(t, err, "instance "+instanceID+" was not deleted")
				}
			})
		})
	}
}
