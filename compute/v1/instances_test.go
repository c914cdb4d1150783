package computev1_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const (
	instancesURL = apitest.AppKeyURL + "/instances"
	detailURL    = apitest.AppKeyURL + "/instances-detail"
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

func TestInstances(t *testing.T) {
	t.Parallel()
	for name, edition := range editions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apitest.LookUp[computev1.Instance]{
				All:   apitest.Want{Operation: "compute-v1-list-instances-detail", Method: http.MethodGet, URL: detailURL},
				Key:   "instances",
				By:    "id",
				Field: "instanceId",
				Reply: apitest.Reply{Body: edition.body},
				Items: []*computev1.Instance{edition.want()},
				Lists: oddInstances,
				Name:  func(i *computev1.Instance) *string { return &i.ID },
				List: func(ctx context.Context, client *nhncloud.Client) ([]*computev1.Instance, error) {
					return computev1.New(client).Instances.List(ctx)
				},
				Get: func(ctx context.Context, client *nhncloud.Client, id string) (*computev1.Instance, error) {
					return computev1.New(client).Instances.Get(ctx, id)
				},
			}.Check(t)
		})
	}
}

// oddInstances are lists of one instance with little to say.
var oddInstances = map[string][]*computev1.Instance{
	`[{"id": "times", "createdAt": "2017-05-16T02:17:50.166563", "launchedAt": "2017-05-16T02:17:50.166563Z", "updatedAt": "2017-05-16T11:17:50+09:00"}]`: {{
		ID:         "times",
		CreatedAt:  time.Date(2017, 5, 16, 2, 17, 50, 166563000, time.UTC),
		LaunchedAt: time.Date(2017, 5, 16, 2, 17, 50, 166563000, time.UTC),
		UpdatedAt:  time.Date(2017, 5, 16, 2, 17, 50, 0, time.UTC),
	}},
	`[{"id": "being built", "status": "BUILD", "addresses": [], "launchedAt": null, "updatedAt": "", "createdAt": "2017-05-16T02:17:50"}]`: {{
		ID: "being built", Status: computev1.StatusBuild, Addresses: []computev1.Address{}, CreatedAt: time.Date(2017, 5, 16, 2, 17, 50, 0, time.UTC),
	}},
	`[{"id": "nulls", "name": null, "status": null, "addresses": null, "availabilityZone": null, "flavor": null, "image": null, "metadata": null,
		"keyName": null, "volumes": null, "securityGroups": null, "createdAt": null}]`: {{ID: "nulls"}},
	`[{"id": "nulls within", "addresses": [{"version": null, "floatingIpAddress": null}], "flavor": {"cpu": null, "ram": null}, "metadata": {"a": null},
		"volumes": {"root": {"size": null, "type": null}, "attachments": [{"id": "v", "size": null, "type": null}]}, "securityGroups": [{"name": null}]}]`: {{
		ID:             "nulls within",
		Addresses:      []computev1.Address{{}},
		Metadata:       map[string]string{"a": ""},
		Volumes:        computev1.InstanceVolumes{Attachments: []computev1.AttachedVolume{{ID: "v"}}},
		SecurityGroups: []computev1.SecurityGroupRef{{}},
	}},
	`[{"id": "unknown members", "status": "THAWING", "fault": {"code": 500}, "volumes": {"root": {"type": "Ultra"}}}]`: {{
		ID: "unknown members", Status: "THAWING", Volumes: computev1.InstanceVolumes{Root: computev1.RootVolume{Type: "Ultra"}},
	}},
}

func TestInstanceSummaries(t *testing.T) {
	t.Parallel()
	apitest.LookUp[computev1.InstanceSummary]{
		All:   apitest.Want{Operation: "compute-v1-list-instances", Method: http.MethodGet, URL: instancesURL},
		Key:   "instances",
		By:    "id",
		Field: "instanceId",
		Items: []*computev1.InstanceSummary{
			{ID: instanceID, Name: "web-1", Status: computev1.StatusActive},
			{ID: "5f3a1c2b-0d4e-4f6a-8b7c-9d0e1f2a3b4c", Name: "web-2", Status: computev1.StatusPoweringOff},
		},
		Name: func(i *computev1.InstanceSummary) *string { return &i.ID },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*computev1.InstanceSummary, error) {
			return computev1.New(client).Instances.ListSummaries(ctx)
		},
		Get: func(ctx context.Context, client *nhncloud.Client, id string) (*computev1.InstanceSummary, error) {
			return computev1.New(client).Instances.GetSummary(ctx, id)
		},
	}.Check(t)
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

func TestInstancesDelete(t *testing.T) {
	t.Parallel()
	// The guides show no answer to it; it has the header that all have.
	apitest.CheckRemoval(t, "compute-v1-delete-instance", instancesURL, "id", "instanceId", instanceID, func(ctx context.Context, client *nhncloud.Client, id string) error {
		return computev1.New(client).Instances.Delete(ctx, id)
	})
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
