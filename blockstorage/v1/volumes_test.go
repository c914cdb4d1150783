package blockstoragev1_test

import (
	"context"
	"fmt"
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
	wantList   = apitest.Want{Operation: "blockstorage-v1-list-volumes", Method: http.MethodGet, URL: volumesURL}
	wantGet    = apitest.Want{Operation: "blockstorage-v1-list-volumes", Method: http.MethodGet, URL: volumesURL + "?id=" + volumeID}
	wantDelete = apitest.Want{Operation: "blockstorage-v1-delete-volume", Method: http.MethodDelete, URL: volumesURL + "?id=" + volumeID}
)

func wantCreate(body string) apitest.Want {
	return apitest.Want{Operation: "blockstorage-v1-create-volume", Method: http.MethodPost, URL: volumesURL, Body: body}
}

// success is an answer with a list of volumes.
func success(volumes string) apitest.Reply {
	return apitest.Reply{Body: `{"header": {"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}, "volumes": ` + volumes + `}`}
}

// failure is the answer to a call that failed.
func failure(code int, message string) apitest.Reply {
	return apitest.Reply{Body: fmt.Sprintf(`{"header": {"isSuccessful": false, "resultCode": %d, "resultMessage": %q}}`, code, message)}
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

// refusedIDs checks that a call refuses what can't be an id in a query.
func refusedIDs(t *testing.T, operation string, call func(ctx context.Context, client *nhncloud.Client, id string) error) {
	t.Helper()
	for why, id := range map[string]string{"empty": "", "newline": "a\nb", "zero": "a\x00b", "delete": "a\x7fb", "next line": "a\u0085b"} {
		t.Run("refused "+why, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, operation, "volumeId", func(ctx context.Context, client *nhncloud.Client) error {
				return call(ctx, client, id)
			})
		})
	}
}

func TestVolumesList(t *testing.T) {
	t.Parallel()
	apitest.Check(t, wantList, apitest.Reply{Body: "@blockstorage-v1-list-volumes.response.json"}, []*blockstoragev1.Volume{documentedVolume()},
		func(ctx context.Context, client *nhncloud.Client) ([]*blockstoragev1.Volume, error) {
			return blockstoragev1.New(client).Volumes.List(ctx)
		})
	for name, test := range map[string]struct {
		list string
		want []*blockstoragev1.Volume
	}{
		"none":          {`[]`, []*blockstoragev1.Volume{}},
		"null elements": {`[null, {"id": "a"}, null]`, []*blockstoragev1.Volume{{ID: "a"}}},
		"null members": {`[{"id": "a", "name": null, "description": null, "size": null, "attachments": null, "metadata": null, "createdAt": null, "volumeType": null}]`,
			[]*blockstoragev1.Volume{{ID: "a"}}},
		"metadata of other types": {`[{"id": "a", "metadata": {"n": 4, "b": true, "z": null}}]`, []*blockstoragev1.Volume{
			{ID: "a", Metadata: map[string]string{"n": "4", "b": "true", "z": ""}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantList, success(test.list))
			volumes, err := blockstoragev1.New(m.Client).Volumes.List(t.Context())
			require.NoError(t, err)
			assert.Equal(t, test.want, volumes)
		})
	}
	t.Run("null", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantList, success("null"))
		volumes, err := blockstoragev1.New(m.Client).Volumes.List(t.Context())
		assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
		assert.Nil(t, volumes)
	})
}

func TestVolumesGet(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, client *nhncloud.Client, id string) (*blockstoragev1.Volume, error) {
		return blockstoragev1.New(client).Volumes.Get(ctx, id)
	}
	apitest.Check(t, wantGet, apitest.Reply{Body: "@blockstorage-v1-list-volumes.response.json"}, documentedVolume(),
		func(ctx context.Context, client *nhncloud.Client) (*blockstoragev1.Volume, error) {
			return get(ctx, client, volumeID)
		})
	refusedIDs(t, wantGet.Operation, func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := get(ctx, client, id)
		return err
	})
	t.Run("escaped", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		want := wantGet
		want.URL = volumesURL + "?id=a%26id%3Db%231"
		m.Expect(want, success(`[{"id": "a&id=b#1"}]`))
		volume, err := get(t.Context(), m.Client, "a&id=b#1")
		require.NoError(t, err)
		assert.Equal(t, &blockstoragev1.Volume{ID: "a&id=b#1"}, volume)
	})
	for name, reply := range map[string]apitest.Reply{
		"no such volume": success(`[]`),
		"another volume": success(`[null, {"id": "21d2ec7b-6d07-4b4b-a3f7-57d4e7a5e2fc"}]`),
		"said so":        failure(40404, "FAIL: volume not found"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantGet, reply)
			volume, err := get(t.Context(), m.Client, volumeID)
			assert.ErrorIs(t, err, nhncloud.ErrNotFound)
			assert.Nil(t, volume)
		})
	}
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
	remove := func(ctx context.Context, client *nhncloud.Client, id string) error {
		return blockstoragev1.New(client).Volumes.Delete(ctx, id)
	}
	apitest.CheckEmpty(t, wantDelete, apitest.Reply{Body: "@blockstorage-v1-delete-volume.response.json"}, func(ctx context.Context, client *nhncloud.Client) error {
		return remove(ctx, client, volumeID)
	})
	refusedIDs(t, wantDelete.Operation, remove)
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

// look is what a waiter sees of a volume, or the resultCode of the failure that
// it sees instead.
type look struct {
	status blockstoragev1.VolumeStatus
	fails  int
	gone   bool // an empty list, where that is no failure
}

// waitFor lets a waiter look at a volume, in time that does not pass for real.
func waitFor(t *testing.T, looks []look, wait func(ctx context.Context, volumes *blockstoragev1.VolumesService, options *nhncloud.WaitOptions) error) error {
	t.Helper()
	m := apitest.New(t)
	for _, l := range looks {
		reply := success(fmt.Sprintf(`[{"id": %q, "status": %q}]`, volumeID, l.status))
		if l.fails != 0 {
			reply = failure(l.fails, "FAIL")
		}
		if l.gone {
			reply = success(`[]`)
		}
		m.Expect(wantGet, reply)
	}
	n := 0
	err := wait(t.Context(), blockstoragev1.New(m.Client).Volumes, &nhncloud.WaitOptions{Progress: func(p nhncloud.WaitProgress) {
		status := string(looks[n].status)
		if looks[n].gone && p.Err == nil {
			status = "gone"
		}
		assert.Equal(t, status, p.Status)
		n++
		assert.Equal(t, n, p.Look)
	}})
	assert.Len(t, looks, n, "looks")
	return err
}

func TestWaitForStatus(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		until blockstoragev1.VolumeStatus
		looks []look
		err   error
	}{
		"at once":           {blockstoragev1.StatusAvailable, []look{{status: "available"}}, nil},
		"created":           {blockstoragev1.StatusAvailable, []look{{status: "creating"}, {status: "downloading"}, {status: "available"}}, nil},
		"attached":          {blockstoragev1.StatusInUse, []look{{status: "available"}, {status: "attaching"}, {status: "in-use"}}, nil},
		"own status":        {"thawing", []look{{status: "available"}, {status: "thawing"}}, nil},
		"unknown status":    {blockstoragev1.StatusAvailable, []look{{status: "thawing"}, {status: ""}, {status: "available"}}, nil},
		"failed":            {blockstoragev1.StatusAvailable, []look{{status: "creating"}, {status: "error"}}, nhncloud.ErrFailedState},
		"deletion failed":   {blockstoragev1.StatusAvailable, []look{{status: "error_deleting"}}, nhncloud.ErrFailedState},
		"backup failed":     {blockstoragev1.StatusAvailable, []look{{status: "backing-up"}, {status: "error_backing-up"}}, nhncloud.ErrFailedState},
		"restore failed":    {blockstoragev1.StatusAvailable, []look{{status: "restoring-backup"}, {status: "error_restoring"}}, nhncloud.ErrFailedState},
		"failure is wanted": {blockstoragev1.StatusError, []look{{status: "creating"}, {status: "error"}}, nil},
		"deleted":           {blockstoragev1.StatusAvailable, []look{{status: "deleting"}}, nhncloud.ErrFailedState},
		"gone":              {blockstoragev1.StatusAvailable, []look{{status: "creating"}, {gone: true}}, nhncloud.ErrNotFound},
		"forbidden":         {blockstoragev1.StatusAvailable, []look{{fails: -3}}, nhncloud.ErrForbidden},
		"passing failures":  {blockstoragev1.StatusAvailable, []look{{fails: 40503}, {status: "creating"}, {fails: -2}, {fails: 40429}, {status: "available"}}, nil},
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
		looks []look
		err   error
	}{
		"gone at once":      {[]look{{gone: true}}, nil},
		"deleted":           {[]look{{status: "available"}, {status: "deleting"}, {status: "deleting"}, {gone: true}}, nil},
		"broken before":     {[]look{{status: "error"}, {status: "deleting"}, {gone: true}}, nil},
		"failed":            {[]look{{status: "deleting"}, {status: "error_deleting"}}, nhncloud.ErrFailedState},
		"failed at once":    {[]look{{status: "error_deleting"}}, nhncloud.ErrFailedState},
		"given up":          {[]look{{status: "deleting"}, {status: "available"}}, nhncloud.ErrFailedState},
		"passing failures":  {[]look{{fails: 40503}, {fails: 40502}, {gone: true}}, nil},
		"too many failures": {[]look{{fails: 40503}, {fails: 40503}, {fails: 40503}, {fails: 40503}, {fails: 40503}, {fails: 40503}}, nhncloud.ErrUnavailable},
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
