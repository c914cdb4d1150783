package computev1_test

import (
	"context"
	"iter"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const (
	imagesURL = apitest.AppKeyURL + "/images"
	imageID   = "1c868787-6207-4ff2-a1e7-ae1331d6829b"
)

var wantImages = apitest.Want{Operation: "image-v1-list-images", Method: http.MethodGet, URL: imagesURL}

func TestImages(t *testing.T) {
	t.Parallel()
	apitest.LookUp[computev1.Image]{
		All: wantImages,
		Key: "images",
		By:  "id",
		Items: []*computev1.Image{{
			ID:         imageID,
			Name:       "CentOS 6.10 (2018.10.23)",
			Status:     computev1.ImageActive,
			Size:       1778843648,
			MinDisk:    20,
			MinRAM:     1024,
			DiskFormat: "qcow2",
			Public:     true,
			Protected:  true,
			Properties: map[string]string{"os_distro": "CentOS", "login_username": "centos"},
			CreatedAt:  time.Date(2018, 10, 23, 2, 17, 43, 166563000, time.UTC),
			UpdatedAt:  time.Date(2018, 12, 11, 1, 1, 35, 0, time.UTC),
		}},
		Lists: map[string][]*computev1.Image{
			`[null, {"id": "i", "name": null, "status": null, "size": null, "minDisk": null, "minRam": null, "diskFormat": null, "isPublic": null,
				"protected": null, "properties": null, "createdAt": null, "updatedAt": null}]`: {{ID: "i"}},
			`[{"id": "i", "status": "saving", "size": "", "createdAt": "2017-05-16T02:17:50", "properties": {"hw": 2, "a": null, "b": true}}]`: {{
				ID: "i", Status: computev1.ImageSaving, CreatedAt: time.Date(2017, 5, 16, 2, 17, 50, 0, time.UTC), Properties: map[string]string{"hw": "2", "a": "", "b": "true"},
			}},
		},
		Name: func(i *computev1.Image) *string { return &i.ID },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*computev1.Image, error) {
			return computev1.New(client).Images.List(ctx, nil)
		},
	}.Check(t)
}

func TestImageListOptions(t *testing.T) {
	t.Parallel()
	for query, options := range map[string]*computev1.ImageListOptions{
		"":                     {},
		"?limit=5":             {Limit: 5},
		"?limit=5&marker=a%26": {Limit: 5, Marker: "a&"},
		"?marker=m":            {Marker: "m"},
	} {
		t.Run("query "+query, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			want := wantImages
			want.URL += query
			m.Expect(want, apitest.Success(`"images": `+apitest.IDList("a")))
			images, err := computev1.New(m.Client).Images.List(t.Context(), options)
			require.NoError(t, err)
			assert.Equal(t, []*computev1.Image{{ID: "a"}}, images)
		})
	}
	negative := &computev1.ImageListOptions{Limit: -1}
	for name, list := range map[string]func(ctx context.Context, client *nhncloud.Client) error{
		"List": func(ctx context.Context, client *nhncloud.Client) error {
			_, err := computev1.New(client).Images.List(ctx, negative)
			return err
		},
		"All": func(ctx context.Context, client *nhncloud.Client) error {
			_, err := nhncloud.Collect(computev1.New(client).Images.All(ctx, negative))
			return err
		},
	} {
		t.Run("refused "+name, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, wantImages.Operation, "Limit", list)
		})
	}
}

// allImages is the walk over the ids of all images.
func allImages(ctx context.Context, client *nhncloud.Client, options *computev1.ImageListOptions) iter.Seq2[string, error] {
	return apitest.IDsOf(computev1.New(client).Images.All(ctx, options), func(i *computev1.Image) string { return i.ID })
}

func TestImagesAll(t *testing.T) {
	t.Parallel()
	page := func(ids ...string) string { return apitest.Success(`"images": ` + apitest.IDList(ids...)).Body }
	const first = "?limit=2"
	const b, d, e = "?limit=2&marker=b", "?limit=2&marker=d", "?limit=2&marker=e"
	all := []string{"a", "b", "c", "d", "e"}
	for name, w := range map[string]apitest.Walk{
		"none":              {Pages: []apitest.Page{{first, page()}}},
		"three pages":       {Pages: []apitest.Page{{first, page("a", "b")}, {b, page("c", "d")}, {d, page("e")}, {e, page()}}, IDs: all},
		"pages of its own":  {Pages: []apitest.Page{{first, page("a", "b", "c", "d")}, {d, page("e")}, {e, page()}}, IDs: all},
		"marker repeated":   {Pages: []apitest.Page{{first, page("a", "b")}, {b, page("b", "c", "d")}, {d, page("d", "e")}, {e, page("e")}}, IDs: all},
		"empty last page":   {Pages: []apitest.Page{{first, page("a", "b")}, {b, page()}}, IDs: all[:2]},
		"marker alone":      {Pages: []apitest.Page{{first, page("a", "b")}, {b, page("b")}}, IDs: all[:2]},
		"nulls":             {Pages: []apitest.Page{{first, apitest.Success(`"images": [null]`).Body}}},
		"null":              {Pages: []apitest.Page{{first, page("a", "b")}, {b, apitest.Success(`"images": null`).Body}}, IDs: all[:2], Err: nhncloud.ErrBadAnswer},
		"endless":           {Pages: []apitest.Page{{first, page("a", "b")}, {b, page("c", "d")}, {d, page("a", "b")}}, IDs: []string{"a", "b", "c", "d", "a", "b"}, Err: nhncloud.ErrBadAnswer},
		"stopped at an end": {Pages: []apitest.Page{{first, page("a", "b")}}, IDs: all[:2], Stop: 2},
		"stopped":           {Pages: []apitest.Page{{first, page("a", "b")}, {b, page("c", "d")}}, IDs: all[:3], Stop: 3},
		"first page fails":  {Pages: []apitest.Page{{first, apitest.Down}}, Err: nhncloud.ErrUnavailable},
		"second page fails": {Pages: []apitest.Page{{first, page("a", "b")}, {b, apitest.Down}}, IDs: all[:2], Err: nhncloud.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := &computev1.ImageListOptions{Limit: 2}
			w.Run(t, wantImages.Operation, imagesURL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return allImages(ctx, client, options)
			})
			assert.Equal(t, &computev1.ImageListOptions{Limit: 2}, options, "the options are the caller's")
		})
	}
	for name, test := range map[string]struct {
		options *computev1.ImageListOptions
		walk    apitest.Walk
	}{
		"no options":    {nil, apitest.Walk{Pages: []apitest.Page{{"?limit=100", page("a")}, {"?limit=100&marker=a", page()}}, IDs: all[:1]}},
		"from a marker": {&computev1.ImageListOptions{Marker: "a"}, apitest.Walk{Pages: []apitest.Page{{"?limit=100&marker=a", page("b")}, {"?limit=100&marker=b", page()}}, IDs: all[1:2]}},
		"from a marker, repeated": {&computev1.ImageListOptions{Marker: "a"}, apitest.Walk{
			Pages: []apitest.Page{{"?limit=100&marker=a", page("a", "b")}, {"?limit=100&marker=b", page("b")}}, IDs: all[1:2],
		}},
		"limit of 1, marker repeated": {&computev1.ImageListOptions{Limit: 1}, apitest.Walk{
			Pages: []apitest.Page{{first, page("a", "b")}, {b, page("b", "c")}, {"?limit=2&marker=c", page("c")}}, IDs: all[:3],
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.walk.Run(t, wantImages.Operation, imagesURL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return allImages(ctx, client, test.options)
			})
		})
	}
	t.Run("twice", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		for range 2 {
			for query, body := range map[string]string{"?limit=100": page("a"), "?limit=100&marker=a": page()} {
				want := wantImages
				want.URL += query
				m.Expect(want, apitest.Reply{Body: body})
			}
		}
		images := computev1.New(m.Client).Images.All(t.Context(), nil)
		for range 2 {
			found, err := nhncloud.Collect(images)
			require.NoError(t, err)
			assert.Len(t, found, 1)
		}
	})
}

func TestImagesDelete(t *testing.T) {
	t.Parallel()
	apitest.CheckRemoval(t, "image-v1-delete-image", imagesURL, "id", "imageId", imageID, func(ctx context.Context, client *nhncloud.Client, id string) error {
		return computev1.New(client).Images.Delete(ctx, id)
	})
}
