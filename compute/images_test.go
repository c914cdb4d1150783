package compute_test

import (
	"context"
	"iter"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const (
	imagesURL = apitest.ImageURL + "/v2/images"
	imageID   = "1c868787-6207-4ff2-a1e7-ae1331d6829b"
)

func documentedImage() *compute.Image {
	return &compute.Image{
		ID:              imageID,
		Name:            "CentOS 6.10 (2018.10.23)",
		Status:          compute.ImageActive,
		Visibility:      compute.ImagePublic,
		Owner:           "c289b99209ca4e189095cdecebbd092d",
		Size:            1778843648,
		VirtualSize:     0, // null in the answer
		Checksum:        "f803c5c15bcf9a75935980a900a04584",
		MinDisk:         20,
		MinRAM:          0,
		DiskFormat:      "qcow2",
		ContainerFormat: "bare",
		Protected:       true,
		Tags:            []string{},
		OSType:          compute.OSLinux,
		OSDistro:        "CentOS",
		OSVersion:       "6.10",
		CreatedAt:       time.Date(2018, 10, 23, 2, 17, 43, 0, time.UTC),
		UpdatedAt:       time.Date(2018, 12, 11, 1, 1, 35, 0, time.UTC),
		Self:            "/v2/images/" + imageID,
		File:            "/v2/images/" + imageID + "/file",
		Schema:          "/v2/schemas/image",
		Properties: map[string]any{
			"login_username":  "centos",
			"os_architecture": "amd64",
			"hypervisor_type": "qemu",
			"description":     "CentOS 6.10 (2018.10.23)",
		},
	}
}

var wantImages = apitest.Want{Operation: "image-v2-list-images", Method: http.MethodGet, URL: imagesURL}

func TestImagesList(t *testing.T) {
	t.Parallel()
	apitest.Check(t, wantImages, apitest.Reply{Body: "@image-v2-list-images.response.json"}, []*compute.Image{documentedImage()},
		func(ctx context.Context, client *nhncloud.Client) ([]*compute.Image, error) {
			return compute.New(client).Images.List(ctx, nil)
		})
	for name, test := range map[string]struct {
		body string
		want []*compute.Image
	}{
		"simple form": {"@image-v2-list-images.gateway.response.json", []*compute.Image{{
			ID: "image-id-123", Name: "Ubuntu 20.04", Status: compute.ImageActive, CreatedAt: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
		}}},
		"none":  {`{"images": []}`, []*compute.Image{}},
		"nulls": {`{"images": [null, {"id": "i", "size": null, "checksum": null, "tags": null, "owner": null, "updated_at": null, "protected": null}]}`, []*compute.Image{{ID: "i"}}},
		"quoted": {`{"images": [{"id": "i", "size": "1778843648", "min_disk": "20", "protected": "true"}]}`, []*compute.Image{{
			ID: "i", Size: 1778843648, MinDisk: 20, Protected: true,
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantImages, apitest.Reply{Body: test.body})
			images, err := compute.New(m.Client).Images.List(t.Context(), nil)
			require.NoError(t, err)
			assert.Equal(t, test.want, images)
		})
	}
}

func TestImageListOptions(t *testing.T) {
	t.Parallel()
	listings := map[string]func(ctx context.Context, client *nhncloud.Client, options *compute.ImageListOptions) iter.Seq2[string, error]{
		"List": func(ctx context.Context, client *nhncloud.Client, options *compute.ImageListOptions) iter.Seq2[string, error] {
			images, err := compute.New(client).Images.List(ctx, options)
			return apitest.OnePage(images, err, func(i *compute.Image) string { return i.ID })
		},
		"All": allImages,
	}
	for name, list := range listings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for query, options := range map[string]*compute.ImageListOptions{
				"": {},
				"?limit=5&marker=m&member_status=all&name=my+image%3F&os_type=linux&owner=o&size_max=2000000000&size_min=1000" +
					"&sort_dir=asc&sort_key=name&status=active&visibility=shared": {
					Name: "my image?", Visibility: compute.ImageShared, Owner: "o", Status: compute.ImageActive, SizeMin: 1000, SizeMax: 2000000000,
					SortKey: "name", SortDir: "asc", MemberStatus: "all", Limit: 5, Marker: "m", Properties: map[string]string{"os_type": "linux"},
				},
				"?nhncloud_allow_nks_cpu_flavor=true&visibility=public": {
					Visibility: compute.ImagePublic, Properties: map[string]string{compute.ImagesForNKS: "true"},
				},
				"?nhncloud_product=container&os_version=": {Properties: map[string]string{"nhncloud_product": "container", "os_version": ""}},
			} {
				t.Run("query "+query, func(t *testing.T) {
					t.Parallel()
					apitest.Walk{Pages: []apitest.Page{{query, idPage("images", []string{"a"})}}, IDs: []string{"a"}}.
						Run(t, wantImages.Operation, imagesURL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
							return list(ctx, client, options)
						})
				})
			}
			for field, options := range map[string]*compute.ImageListOptions{
				"Limit": {Limit: -1}, "SizeMin": {SizeMin: -1}, "SizeMax": {SizeMax: -1}, "Properties": {Properties: map[string]string{"": "linux"}},
				"Limit, SizeMin, SizeMax, Properties": {Limit: -1, SizeMin: -1, SizeMax: -1, Properties: map[string]string{"": ""}},
			} {
				t.Run("refused "+field, func(t *testing.T) {
					t.Parallel()
					apitest.Refused(t, wantImages.Operation, field, func(ctx context.Context, client *nhncloud.Client) error {
						_, err := nhncloud.Collect(list(ctx, client, options))
						return err
					})
				})
			}
		})
	}
}

func allImages(ctx context.Context, client *nhncloud.Client, options *compute.ImageListOptions) iter.Seq2[string, error] {
	return apitest.IDsOf(compute.New(client).Images.All(ctx, options), func(i *compute.Image) string { return i.ID })
}

func TestImagesAll(t *testing.T) {
	t.Parallel()
	page := func(next string, ids ...string) string {
		return idPage("images", ids, `"first": "/v2/images?visibility=public"`, `"next": "`+next+`"`)
	}
	last := func(ids ...string) string { return idPage("images", ids) }
	const first = "?visibility=public"
	const next = "/v2/images?visibility=public&marker="
	const second = "?marker=b&visibility=public"
	for name, w := range map[string]apitest.Walk{
		"one page": {Pages: []apitest.Page{{first, last("a", "b")}}, IDs: []string{"a", "b"}},
		"none":     {Pages: []apitest.Page{{first, last()}}},
		"three pages": {Pages: []apitest.Page{
			{first, page(next+"b", "a", "b")}, {second, page(next+"d", "c", "d")}, {"?marker=d&visibility=public", last("e")},
		}, IDs: []string{"a", "b", "c", "d", "e"}},
		"empty last page":     {Pages: []apitest.Page{{first, page(next+"b", "a", "b")}, {second, last()}}, IDs: []string{"a", "b"}},
		"whole link":          {Pages: []apitest.Page{{first, page("https://retired.example.com/v2/images?marker=b", "a", "b")}, {second, last("c")}}, IDs: []string{"a", "b", "c"}},
		"link without marker": {Pages: []apitest.Page{{first, page("/v2/images?limit=2", "a", "b")}}, Err: nhncloud.ErrBadAnswer},
		"broken link":         {Pages: []apitest.Page{{first, page("http://[::1", "a", "b")}}, Err: nhncloud.ErrBadAnswer},
		"endless":             {Pages: []apitest.Page{{first, page(next+"b", "a", "b")}, {second, page(next+"b", "a", "b")}}, IDs: []string{"a", "b", "a", "b"}, Err: nhncloud.ErrBadAnswer},
		"stopped":             {Pages: []apitest.Page{{first, page(next+"b", "a", "b")}}, IDs: []string{"a", "b"}, Stop: 2},
		"second page fails":   {Pages: []apitest.Page{{first, page(next+"b", "a", "b")}, {second, apitest.Down}}, IDs: []string{"a", "b"}, Err: nhncloud.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w.Run(t, wantImages.Operation, imagesURL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return allImages(ctx, client, &compute.ImageListOptions{Visibility: compute.ImagePublic})
			})
		})
	}
	t.Run("nil options", func(t *testing.T) {
		t.Parallel()
		apitest.Walk{Pages: []apitest.Page{{"", last("a")}}, IDs: []string{"a"}}.
			Run(t, wantImages.Operation, imagesURL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return allImages(ctx, client, nil)
			})
	})
}

var wantImage = apitest.Want{Operation: "image-v2-get-image", Method: http.MethodGet, URL: imagesURL + "/" + imageID}

func TestImagesGet(t *testing.T) {
	t.Parallel()
	apitest.Check(t, wantImage, apitest.Reply{Body: "@image-v2-get-image.response.json"}, documentedImage(),
		func(ctx context.Context, client *nhncloud.Client) (*compute.Image, error) {
			return compute.New(client).Images.Get(ctx, imageID)
		})
	apitest.RefusedSegments(t, wantImage.Operation, "imageId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := compute.New(client).Images.Get(ctx, id)
		return err
	})
}

func TestImageProperty(t *testing.T) {
	t.Parallel()
	m := apitest.New(t)
	m.Expect(wantImage, apitest.Reply{Body: `{"id": "i", "os_type": "linux", "count": 3, "on": true, "off": null, "tags": ["a"]}`})
	image, err := compute.New(m.Client).Images.Get(t.Context(), imageID)
	require.NoError(t, err)
	for name, want := range map[string]string{"os_type": "linux", "os_distro": "", "os_version": "", "count": "3", "on": "true", "off": "", "absent": "", "tags": "", "id": ""} {
		assert.Equal(t, want, image.Property(name), name)
	}
	assert.Equal(t, []string{"a"}, image.Tags)
	assert.Empty(t, new(compute.Image).Property("os_type"))
}

func TestImagesWaitForActive(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		statuses []string
		err      error
	}{
		"at once":        {[]string{"active"}, nil},
		"saved":          {[]string{"queued", "saving", "saving", "active"}, nil},
		"unknown status": {[]string{"importing", "active"}, nil},
		"killed":         {[]string{"saving", "killed"}, nhncloud.ErrFailedState},
		"deleted":        {[]string{"deleted"}, nhncloud.ErrFailedState},
		"to be deleted":  {[]string{"saving", "pending_delete"}, nhncloud.ErrFailedState},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := apitest.New(t)
				for _, status := range test.statuses {
					m.Expect(wantImage, apitest.Reply{Body: `{"id": "` + imageID + `", "status": "` + status + `"}`})
				}
				var seen []string
				image, err := compute.New(m.Client).Images.WaitForActive(t.Context(), imageID, &nhncloud.WaitOptions{
					Progress: func(p nhncloud.WaitProgress) { seen = append(seen, p.Status) },
				})
				assert.ErrorIs(t, err, test.err)
				assert.Equal(t, test.statuses, seen)
				assert.Equal(t, test.statuses[len(test.statuses)-1], string(image.Status))
				if test.err != nil {
					assert.ErrorContains(t, err, imageID)
				}
			})
		})
	}
}
