package compute_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const patchType = "application/openstack-images-v2.1-json-patch"

func wantPatch(operation, body string) apitest.Want {
	return apitest.Want{Operation: operation, Method: http.MethodPatch, URL: imagesURL + "/" + imageID, Body: body, ContentType: patchType}
}

var imageReply = apitest.Reply{Body: "@image-v2-get-image.response.json"}

func TestImagesUpdate(t *testing.T) {
	t.Parallel()
	const operation = "image-v2-update-image"
	update := func(request compute.ImageUpdateRequest) func(context.Context, *nhncloud.Client) (*compute.Image, error) {
		return func(ctx context.Context, client *nhncloud.Client) (*compute.Image, error) {
			return compute.New(client).Images.Update(ctx, imageID, request)
		}
	}
	first := compute.ImageUpdateRequest{Properties: map[string]string{"metadata1": "value1", "metadata2": "1"}}
	apitest.Check(t, wantPatch(operation, "@image-v2-update-image.request.json"), imageReply, documentedImage(), update(first))
	for body, request := range map[string]compute.ImageUpdateRequest{
		"@image-v2-update-image.request.3.json": {RemoveProperties: []string{"metadata1"}},
		`[{"op": "replace", "path": "/name", "value": "새 이름"}, {"op": "replace", "path": "/min_disk", "value": 0},
		  {"op": "replace", "path": "/min_ram", "value": 512}, {"op": "replace", "path": "/protected", "value": false},
		  {"op": "replace", "path": "/tags", "value": []}, {"op": "add", "path": "/os_type", "value": "windows"},
		  {"op": "add", "path": "/os_distro", "value": ""}, {"op": "add", "path": "/os_version", "value": "2022"},
		  {"op": "add", "path": "/nhncloud_allow_download", "value": "false"}, {"op": "add", "path": "/a~1b~0c", "value": "값 <&>"},
		  {"op": "remove", "path": "/x~1y"}, {"op": "remove", "path": "/os_version"}]`: {
			Name: new("새 이름"), MinDisk: new(0), MinRAM: new(512), Protected: new(false), Tags: []string{}, OSType: new(compute.OSWindows), OSDistro: new(""),
			OSVersion: new("2022"), AllowDownload: new(false), Properties: map[string]string{"a/b~c": "값 <&>"}, RemoveProperties: []string{"x/y", "os_version"},
		},
	} {
		t.Run("sends "+body, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantPatch(operation, body), imageReply)
			_, err := update(request)(t.Context(), m.Client)
			require.NoError(t, err)
		})
	}
	for name, test := range map[string]struct {
		request compute.ImageUpdateRequest
		again   bool
	}{
		"set":    {first, true},
		"remove": {compute.ImageUpdateRequest{RemoveProperties: []string{"metadata1"}}, false},
	} {
		t.Run("again after a broken connection, "+name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t, nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 2, BaseDelay: 1}))
			body := map[bool]string{true: "@image-v2-update-image.request.json", false: "@image-v2-update-image.request.3.json"}[test.again]
			m.Expect(wantPatch(operation, body), apitest.Reply{Err: errors.New("connection reset by peer")})
			if test.again {
				m.Expect(wantPatch(operation, body), imageReply)
			}
			_, err := update(test.request)(t.Context(), m.Client)
			assert.Equal(t, test.again, err == nil, "%v", err)
		})
	}
	for field, request := range map[string]compute.ImageUpdateRequest{
		"Name":                         {},
		"OSType":                       {OSType: new(compute.OSType(""))},
		"MinDisk, MinRAM":              {MinDisk: new(-1), MinRAM: new(-1)},
		"Tags[0]":                      {Tags: []string{"_x"}},
		`Properties["status"]`:         {Properties: map[string]string{"status": "active"}},
		`Properties["name"]`:           {Properties: map[string]string{"name": "x"}},
		`RemoveProperties["checksum"]`: {RemoveProperties: []string{"checksum"}},
		`RemoveProperties["a"]`:        {RemoveProperties: []string{"a", "a"}},
		`RemoveProperties["b"]`:        {Properties: map[string]string{"b": ""}, RemoveProperties: []string{"b"}},
		"RemoveProperties":             {RemoveProperties: []string{""}},
	} {
		t.Run("refused "+field, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, operation, field, func(ctx context.Context, client *nhncloud.Client) error {
				_, err := update(request)(ctx, client)
				return err
			})
		})
	}
	for _, name := range []string{"", strings.Repeat("x", 256)} {
		apitest.Refused(t, operation, "Name", func(ctx context.Context, client *nhncloud.Client) error {
			_, err := update(compute.ImageUpdateRequest{Name: &name})(ctx, client)
			return err
		})
	}
	_, err := update(compute.ImageUpdateRequest{Name: new("\xff")})(t.Context(), apitest.New(t).Client)
	assert.ErrorContains(t, err, "UTF-8")
	apitest.RefusedSegments(t, operation, "imageId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := compute.New(client).Images.Update(ctx, id, first)
		return err
	})
}

func TestImagesSetVisibility(t *testing.T) {
	t.Parallel()
	const operation = "image-v2-update-visibility"
	set := func(ctx context.Context, client *nhncloud.Client, visibility compute.ImageVisibility) (*compute.Image, error) {
		return compute.New(client).Images.SetVisibility(ctx, imageID, visibility)
	}
	apitest.Check(t, wantPatch(operation, "@image-v2-update-visibility.request.json"), imageReply, documentedImage(),
		func(ctx context.Context, client *nhncloud.Client) (*compute.Image, error) {
			return set(ctx, client, compute.ImageShared)
		})
	apitest.Refused(t, operation, "visibility", func(ctx context.Context, client *nhncloud.Client) error {
		_, err := set(ctx, client, "")
		return err
	})
	_, err := set(t.Context(), apitest.New(t).Client, "\xff")
	assert.ErrorContains(t, err, "UTF-8")
	apitest.RefusedSegments(t, operation, "imageId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := compute.New(client).Images.SetVisibility(ctx, id, compute.ImagePrivate)
		return err
	})
}

func TestImageTags(t *testing.T) {
	t.Parallel()
	const tag = "금 50% +?"
	at := imagesURL + "/" + imageID + "/tags/" + url.PathEscape(tag)
	type call func(ctx context.Context, images *compute.ImagesService, id, tag string) error
	for operation, test := range map[string]struct {
		method string
		call   call
	}{
		"image-v2-add-tag": {http.MethodPut, func(ctx context.Context, images *compute.ImagesService, id, tag string) error {
			return images.AddTag(ctx, id, tag)
		}},
		"image-v2-remove-tag": {http.MethodDelete, func(ctx context.Context, images *compute.ImagesService, id, tag string) error {
			return images.RemoveTag(ctx, id, tag)
		}},
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			apitest.CheckEmpty(t, apitest.Want{Operation: operation, Method: test.method, URL: at}, apitest.Reply{Status: http.StatusNoContent},
				func(ctx context.Context, client *nhncloud.Client) error {
					return test.call(ctx, compute.New(client).Images, imageID, tag)
				})
			apitest.RefusedSegments(t, operation, "imageId", func(ctx context.Context, client *nhncloud.Client, id string) error {
				return test.call(ctx, compute.New(client).Images, id, "x")
			})
			apitest.Refused(t, operation, "tag", func(ctx context.Context, client *nhncloud.Client) error {
				return test.call(ctx, compute.New(client).Images, imageID, "")
			})
			apitest.Refused(t, operation, "tag", func(ctx context.Context, client *nhncloud.Client) error {
				return test.call(ctx, compute.New(client).Images, imageID, "a/b")
			})
		})
	}
	for _, bad := range []string{"_x", strings.Repeat("가", 256)} {
		apitest.Refused(t, "image-v2-add-tag", "tag", func(ctx context.Context, client *nhncloud.Client) error {
			return compute.New(client).Images.AddTag(ctx, imageID, bad)
		})
	}
}
