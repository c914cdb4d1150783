package compute_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const newImageID = "b2173dd3-7ad6-4362-baa6-a68bce3565cb"

// createdImage is the image of the answer to its creation.
func createdImage() *compute.Image {
	at := time.Date(2015, 11, 29, 22, 21, 42, 0, time.UTC)
	return &compute.Image{
		ID: newImageID, Name: "Ubuntu Image", Status: compute.ImageQueued, Visibility: compute.ImagePrivate,
		Owner: "bab7d5c60cd041a0a36f7c4b6e1dd978", DiskFormat: "qcow2", ContainerFormat: "bare",
		OSType: compute.OSLinux, OSDistro: "ubuntu", OSVersion: "Server 22.04 LTS", Tags: []string{}, CreatedAt: at, UpdatedAt: at,
		Self: "/v2/images/" + newImageID, File: "/v2/images/" + newImageID + "/file", Schema: "/v2/schemas/image",
		Properties: map[string]any{"locations": []any{}},
	}
}

func ubuntu() compute.ImageCreateRequest {
	return compute.ImageCreateRequest{
		Name: "Ubuntu Image", OSType: compute.OSLinux, ContainerFormat: "bare", DiskFormat: "qcow2", OSDistro: "ubuntu", OSVersion: "Server 22.04 LTS",
	}
}

var wantNewImage = apitest.Want{
	Operation: "image-v2-create-image", Method: http.MethodPost, URL: imagesURL, Body: "@image-v2-create-image.request.json",
}

func TestImagesCreate(t *testing.T) {
	t.Parallel()
	reply := apitest.Reply{Status: http.StatusCreated, Body: "@image-v2-create-image.response.json"}
	apitest.CheckCreate(t, wantNewImage, reply, createdImage(), func(ctx context.Context, client *nhncloud.Client) (*compute.Image, error) {
		return compute.New(client).Images.Create(ctx, ubuntu())
	})
	t.Run("everything", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		want := wantNewImage
		want.Body = `{"name": "황금 이미지", "os_type": "windows", "min_disk": 50, "min_ram": 2048, "visibility": "shared", "protected": true,
			"tags": ["금"], "nhncloud_allow_download": "true", "login_username": "관리자"}`
		m.Expect(want, reply)
		_, err := compute.New(m.Client).Images.Create(t.Context(), compute.ImageCreateRequest{
			Name: "황금 이미지", OSType: compute.OSWindows, MinDisk: 50, MinRAM: 2048, Visibility: compute.ImageShared, Protected: true,
			Tags: []string{"금"}, AllowDownload: true, Properties: map[string]string{"login_username": "관리자"},
		})
		require.NoError(t, err)
	})
	for field, change := range map[string]func(*compute.ImageCreateRequest){
		"Name":                   func(r *compute.ImageCreateRequest) { r.Name = strings.Repeat("가", 86) },
		"OSType":                 func(r *compute.ImageCreateRequest) { r.OSType = "" },
		"MinDisk, MinRAM":        func(r *compute.ImageCreateRequest) { r.MinDisk, r.MinRAM = -1, -1 },
		"Tags[1]":                func(r *compute.ImageCreateRequest) { r.Tags = []string{"a", "_b"} },
		"Tags[0]":                func(r *compute.ImageCreateRequest) { r.Tags = []string{strings.Repeat("a", 256)} },
		"Tags[2]":                func(r *compute.ImageCreateRequest) { r.Tags = []string{"a", "b", ""} },
		"Properties":             func(r *compute.ImageCreateRequest) { r.Properties = map[string]string{"": "x"} },
		`Properties["checksum"]`: func(r *compute.ImageCreateRequest) { r.Properties = map[string]string{"checksum": "x"} },
		`Properties["min_disk"]`: func(r *compute.ImageCreateRequest) { r.Properties = map[string]string{"min_disk": "20"} },
		`Properties["x "]`:       func(r *compute.ImageCreateRequest) { r.Properties = map[string]string{"x ": "x"} },
		`Properties["nhncloud_allow_download"]`: func(r *compute.ImageCreateRequest) {
			r.Properties = map[string]string{"nhncloud_allow_download": "true"}
		},
		`Properties["` + strings.Repeat("x", 256) + `"]`: func(r *compute.ImageCreateRequest) { r.Properties = map[string]string{strings.Repeat("x", 256): ""} },
	} {
		t.Run("refused "+field, func(t *testing.T) {
			t.Parallel()
			request := ubuntu()
			change(&request)
			for _, call := range []func(ctx context.Context, images *compute.ImagesService) error{
				func(ctx context.Context, images *compute.ImagesService) error {
					_, err := images.Create(ctx, request)
					return err
				},
				func(ctx context.Context, images *compute.ImagesService) error {
					_, err := images.CreateAndUpload(ctx, request, strings.NewReader("data"), nil)
					return err
				},
			} {
				apitest.Refused(t, "image-v2-create-image", field, func(ctx context.Context, client *nhncloud.Client) error {
					return call(ctx, compute.New(client).Images)
				})
			}
		})
	}
	t.Run("refused Name, empty", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, "image-v2-create-image", "Name", func(ctx context.Context, client *nhncloud.Client) error {
			_, err := compute.New(client).Images.Create(ctx, compute.ImageCreateRequest{OSType: compute.OSLinux})
			return err
		})
	})
}

func TestImagesDelete(t *testing.T) {
	t.Parallel()
	want := apitest.Want{Operation: "image-v2-delete-image", Method: http.MethodDelete, URL: imagesURL + "/" + imageID}
	remove := func(ctx context.Context, client *nhncloud.Client) error {
		return compute.New(client).Images.Delete(ctx, imageID)
	}
	apitest.CheckEmpty(t, want, apitest.Reply{Status: http.StatusNoContent}, remove)
	apitest.RefusedSegments(t, want.Operation, "imageId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		return compute.New(client).Images.Delete(ctx, id)
	})
	t.Run("protected", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Reply{Status: http.StatusForbidden, Body: `{"message": "Image x is protected and cannot be deleted.<br /><br />\n\n\n", "code": "403 Forbidden", "title": "Forbidden"}`})
		err := remove(t.Context(), m.Client)
		assert.ErrorIs(t, err, nhncloud.ErrForbidden)
		assert.ErrorContains(t, err, "is protected and cannot be deleted")
	})
}

func TestImagesWaitForDeletion(t *testing.T) {
	t.Parallel()
	m := apitest.New(t)
	m.Expect(wantImage, apitest.Reply{Status: http.StatusNotFound})
	require.NoError(t, compute.New(m.Client).Images.WaitForDeletion(t.Context(), imageID, nil))
}

func TestImageAllowsDownload(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"true": true, "True": true, "false": false, "": false, "maybe": false} {
		image := &compute.Image{Properties: map[string]any{"nhncloud_allow_download": value}}
		assert.Equal(t, want, image.AllowsDownload(), value)
	}
	assert.False(t, new(compute.Image).AllowsDownload())
}
