package blockstoragev1_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	blockstoragev1 "github.com/nhncloud-go/nhncloud/blockstorage/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const (
	volumesURL = apitest.AppKeyURL + "/volumes"
	volumeID   = "90712f4f-2faa-4e4f-8eb1-9313a8595570"
)

var (
	wantList = apitest.Want{Operation: "blockstorage-v1-list-volumes", Method: http.MethodGet, URL: volumesURL}
	wantGet  = apitest.Want{Operation: "blockstorage-v1-list-volumes", Method: http.MethodGet, URL: volumesURL + "?id=" + volumeID}
)

func wantCreate(body string) apitest.Want {
	return apitest.Want{Operation: "blockstorage-v1-create-volume", Method: http.MethodPost, URL: volumesURL, Body: body}
}

func documentedVolume() *blockstoragev1.Volume {
	return &blockstoragev1.Volume{
		ID:               volumeID,
		Name:             "data",
		Description:      "of the database",
		Status:           blockstoragev1.StatusInUse,
		Size:             100,
		VolumeType:       blockstoragev1.VolumeGeneralSSD,
		AvailabilityZone: "kr-pub-a",
		Attachments: []blockstoragev1.VolumeAttachment{{
			AttachmentID: "a07f71dc-8151-4e7d-a0cc-cd24a3f11113",
			InstanceID:   "4b293d31-ebd5-4a7f-be03-874b90021e54",
			Device:       "/dev/vdb",
		}},
		Metadata:  map[string]string{"role": "db", "readonly": "False"},
		CreatedAt: time.Date(2017, 5, 16, 2, 17, 50, 166563000, time.UTC),
	}
}

func TestVolumes(t *testing.T) {
	t.Parallel()
	apitest.LookUp[blockstoragev1.Volume]{
		All:   wantList,
		Key:   "volumes",
		By:    "id",
		Field: "volumeId",
		Items: []*blockstoragev1.Volume{documentedVolume()},
		Lists: map[string][]*blockstoragev1.Volume{
			`[{"id": "a", "name": null, "description": null, "size": null, "attachments": null, "metadata": null, "createdAt": null, "volumeType": null}]`: {{ID: "a"}},
			`[{"id": "a", "metadata": {"n": 4, "b": true, "z": null}}]`:                                                                                    {{ID: "a", Metadata: map[string]string{"n": "4", "b": "true", "z": ""}}},
		},
		Name: func(v *blockstoragev1.Volume) *string { return &v.ID },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*blockstoragev1.Volume, error) {
			return blockstoragev1.New(client).Volumes.List(ctx)
		},
		Get: func(ctx context.Context, client *nhncloud.Client, id string) (*blockstoragev1.Volume, error) {
			return blockstoragev1.New(client).Volumes.Get(ctx, id)
		},
	}.Check(t)
}

func TestVolumesCreate(t *testing.T) {
	t.Parallel()
	want := wantCreate("@blockstorage-v1-create-volume.request.json")
	request := blockstoragev1.VolumeCreateRequest{
		Name:             "data",
		AvailabilityZone: "kr-pub-a",
		Size:             100,
		Description:      "of the database",
		VolumeType:       blockstoragev1.VolumeGeneralSSD,
		Metadata:         map[string]string{"role": "db"},
	}
	created := func(volumeType blockstoragev1.VolumeType) *blockstoragev1.Volume {
		v := documentedVolume()
		v.Status, v.VolumeType, v.Attachments = blockstoragev1.StatusCreating, volumeType, []blockstoragev1.VolumeAttachment{}
		v.Metadata, v.CreatedAt = request.Metadata, time.Date(2017, 5, 16, 2, 17, 50, 0, time.UTC)
		return v
	}
	create := func(ctx context.Context, client *nhncloud.Client) (*blockstoragev1.Volume, error) {
		return blockstoragev1.New(client).Volumes.Create(ctx, request)
	}
	apitest.CheckCreate(t, want, apitest.Reply{Body: "@blockstorage-v1-create-volume.response.json"}, created(""), create)
	t.Run("answer with the type", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Reply{Body: "@blockstorage-v1-create-volume.response.ko.json"})
		volume, err := create(t.Context(), m.Client)
		require.NoError(t, err)
		assert.Equal(t, created(blockstoragev1.VolumeGeneralSSD), volume)
	})
	t.Run("required values alone", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantCreate(`{"volume": {"name": "data", "availabilityZone": "kr-pub-a", "size": 10}}`),
			apitest.Reply{Body: "@blockstorage-v1-create-volume.response.json"})
		_, err := blockstoragev1.New(m.Client).Volumes.Create(t.Context(), blockstoragev1.VolumeCreateRequest{Name: "data", AvailabilityZone: "kr-pub-a", Size: 10})
		require.NoError(t, err)
	})
	for field, change := range map[string]func(*blockstoragev1.VolumeCreateRequest){
		"Name":                         func(r *blockstoragev1.VolumeCreateRequest) { r.Name = "" },
		"AvailabilityZone":             func(r *blockstoragev1.VolumeCreateRequest) { r.AvailabilityZone = "" },
		"Size":                         func(r *blockstoragev1.VolumeCreateRequest) { r.Size = 0 },
		"Name, AvailabilityZone, Size": func(r *blockstoragev1.VolumeCreateRequest) { *r = blockstoragev1.VolumeCreateRequest{} },
	} {
		t.Run("refused "+field, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, want.Operation, field, func(ctx context.Context, client *nhncloud.Client) error {
				request := request
				change(&request)
				_, err := blockstoragev1.New(client).Volumes.Create(ctx, request)
				return err
			})
		})
	}
	t.Run("refused negative size", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, want.Operation, "Size", func(ctx context.Context, client *nhncloud.Client) error {
			_, err := blockstoragev1.New(client).Volumes.Create(ctx, blockstoragev1.VolumeCreateRequest{Name: "data", AvailabilityZone: "kr-pub-a", Size: -10})
			return err
		})
	})
}

func TestVolumesDelete(t *testing.T) {
	t.Parallel()
	apitest.CheckRemoval(t, "blockstorage-v1-delete-volume", volumesURL, "id", "volumeId", volumeID, func(ctx context.Context, client *nhncloud.Client, id string) error {
		return blockstoragev1.New(client).Volumes.Delete(ctx, id)
	})
}

// The words of the guide.
func TestConstants(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []blockstoragev1.VolumeStatus{
		"creating", "available", "attaching", "detaching", "in-use", "deleting", "error", "error_deleting", "backing-up", "restoring-backup",
		"error_backing-up", "error_restoring", "downloading", "uploading",
	}, []blockstoragev1.VolumeStatus{
		blockstoragev1.StatusCreating, blockstoragev1.StatusAvailable, blockstoragev1.StatusAttaching, blockstoragev1.StatusDetaching,
		blockstoragev1.StatusInUse, blockstoragev1.StatusDeleting, blockstoragev1.StatusError, blockstoragev1.StatusErrorDeleting,
		blockstoragev1.StatusBackingUp, blockstoragev1.StatusRestoringBackup, blockstoragev1.StatusErrorBackingUp,
		blockstoragev1.StatusErrorRestoring, blockstoragev1.StatusDownloading, blockstoragev1.StatusUploading,
	})
	assert.Equal(t, []blockstoragev1.VolumeType{"General HDD", "General SSD"},
		[]blockstoragev1.VolumeType{blockstoragev1.VolumeGeneralHDD, blockstoragev1.VolumeGeneralSSD})
}

// waitFor lets a waiter look at a volume.
func waitFor(t *testing.T, looks []apitest.LookV1, wait func(ctx context.Context, volumes *blockstoragev1.VolumesService, options *nhncloud.WaitOptions) error) error {
	t.Helper()
	return apitest.WaitThroughV1(t, wantGet, "volumes", volumeID, looks, func(ctx context.Context, client *nhncloud.Client, options *nhncloud.WaitOptions) error {
		return wait(ctx, blockstoragev1.New(client).Volumes, options)
	})
}

func TestWaitForStatus(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		until blockstoragev1.VolumeStatus
		looks []apitest.LookV1
		err   error
	}{
		"at once":           {blockstoragev1.StatusAvailable, []apitest.LookV1{{Status: "available"}}, nil},
		"created":           {blockstoragev1.StatusAvailable, []apitest.LookV1{{Status: "creating"}, {Status: "downloading"}, {Status: "available"}}, nil},
		"attached":          {blockstoragev1.StatusInUse, []apitest.LookV1{{Status: "available"}, {Status: "attaching"}, {Status: "in-use"}}, nil},
		"own status":        {"thawing", []apitest.LookV1{{Status: "available"}, {Status: "thawing"}}, nil},
		"unknown status":    {blockstoragev1.StatusAvailable, []apitest.LookV1{{Status: "thawing"}, {Status: ""}, {Status: "available"}}, nil},
		"failed":            {blockstoragev1.StatusAvailable, []apitest.LookV1{{Status: "creating"}, {Status: "error"}}, nhncloud.ErrFailedState},
		"deletion failed":   {blockstoragev1.StatusAvailable, []apitest.LookV1{{Status: "error_deleting"}}, nhncloud.ErrFailedState},
		"backup failed":     {blockstoragev1.StatusAvailable, []apitest.LookV1{{Status: "backing-up"}, {Status: "error_backing-up"}}, nhncloud.ErrFailedState},
		"restore failed":    {blockstoragev1.StatusAvailable, []apitest.LookV1{{Status: "restoring-backup"}, {Status: "error_restoring"}}, nhncloud.ErrFailedState},
		"failure is wanted": {blockstoragev1.StatusError, []apitest.LookV1{{Status: "creating"}, {Status: "error"}}, nil},
		"deleted":           {blockstoragev1.StatusAvailable, []apitest.LookV1{{Status: "deleting"}}, nhncloud.ErrFailedState},
		"gone":              {blockstoragev1.StatusAvailable, []apitest.LookV1{{Status: "creating"}, {Fails: 40404}}, nhncloud.ErrNotFound},
		"forbidden":         {blockstoragev1.StatusAvailable, []apitest.LookV1{{Fails: -3}}, nhncloud.ErrForbidden},
		"passing failures":  {blockstoragev1.StatusAvailable, []apitest.LookV1{{Fails: 40503}, {Status: "creating"}, {Fails: -2}, {Fails: 40429}, {Status: "available"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitFor(t, test.looks, func(ctx context.Context, volumes *blockstoragev1.VolumesService, options *nhncloud.WaitOptions) error {
					volume, err := volumes.WaitForStatus(ctx, volumeID, test.until, options)
					if err == nil {
						assert.Equal(t, &blockstoragev1.Volume{ID: volumeID, Status: test.until}, volume)
					}
					return err
				})
				assert.ErrorIs(t, err, test.err)
				if test.err == nhncloud.ErrFailedState {
					assert.ErrorContains(t, err, "volume "+volumeID+" does not become available")
				}
			})
		})
	}
}

func TestWaitForDeletion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		looks []apitest.LookV1
		err   error
	}{
		"gone at once":      {[]apitest.LookV1{{Gone: true}}, nil},
		"deleted":           {[]apitest.LookV1{{Status: "available"}, {Status: "deleting"}, {Status: "deleting"}, {Gone: true}}, nil},
		"broken before":     {[]apitest.LookV1{{Status: "error"}, {Status: "deleting"}, {Gone: true}}, nil},
		"failed":            {[]apitest.LookV1{{Status: "deleting"}, {Status: "error_deleting"}}, nhncloud.ErrFailedState},
		"failed at once":    {[]apitest.LookV1{{Status: "error_deleting"}}, nhncloud.ErrFailedState},
		"given up":          {[]apitest.LookV1{{Status: "deleting"}, {Status: "available"}}, nhncloud.ErrFailedState},
		"passing failures":  {[]apitest.LookV1{{Fails: 40503}, {Fails: 40502}, {Gone: true}}, nil},
		"too many failures": {[]apitest.LookV1{{Fails: 40503}, {Fails: 40503}, {Fails: 40503}, {Fails: 40503}, {Fails: 40503}, {Fails: 40503}}, nhncloud.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitFor(t, test.looks, func(ctx context.Context, volumes *blockstoragev1.VolumesService, options *nhncloud.WaitOptions) error {
					return volumes.WaitForDeletion(ctx, volumeID, options)
				})
				assert.ErrorIs(t, err, test.err)
				if test.err == nhncloud.ErrFailedState {
					assert.ErrorContains(t, err, "volume "+volumeID+" was not deleted")
				}
			})
		})
	}
}
