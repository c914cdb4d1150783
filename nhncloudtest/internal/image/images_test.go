package image_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
)

func TestImages(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithImages(nhncloudtest.Image{ID: "extra", Name: "Extra", Properties: map[string]string{"nhncloud_product": "gpu"}}))
	res := w.Call("GET", "/image/v2/images?limit=2", nil)
	require.Equal(t, 200, res.Status, "%s", res.Text)
	cloudtest.SameShape(t, "image-v2-list-images.response", object{
		"images": []any{res.Body["images"].([]any)[1]}, "first": res.Body["first"], "next": res.Body["next"], "schema": res.Body["schema"],
	})
	assert.Equal(t, "/v2/images?limit=2", res.Body["first"])
	assert.Equal(t, "extra", cloudtest.At(res.Body, "images", 0, "id"))
	cloudtest.SameShape(t, "image-v2-get-image.response", w.Call("GET", "/image/v2/images/"+w.ImageID("CentOS"), nil).Body)

	n, next := 0, "/v2/images?limit=4"
	for next != "" {
		res := w.Call("GET", "/image"+next, nil)
		n += len(res.Body["images"].([]any))
		next, _ = res.Body["next"].(string)
	}
	assert.Equal(t, 6, n)

	res = w.Call("GET", "/image/v2/images/nope", nil)
	assert.Equal(t, 404, res.Status)
	assert.Equal(t, "404 Not Found", res.Body["code"])
	assert.Equal(t, "No image found with ID nope<br /><br />\n\n\n", res.Body["message"])
	assert.Empty(t, w.ImageID("nope"))
}

func TestImageFilters(t *testing.T) {
	w := cloudtest.New(t)
	w.Advance(time.Hour)
	img := w.AddImage(nhncloudtest.Image{Name: "Small", Size: 5, MinRAM: 1, Properties: map[string]string{"nhncloud_product": "gpu"}})
	assert.NotEmpty(t, img.ID)
	assert.Equal(t, 20, img.MinDisk)
	list := func(query string) []any {
		res := w.Call("GET", "/image/v2/images?"+query, nil)
		require.Equal(t, 200, res.Status, "%s", res.Text)
		return res.Body["images"].([]any)
	}
	for query, want := range map[string]int{
		"": 6, "name=Small": 1, "name=Sm": 0, "visibility=public": 6, "visibility=private": 0, "status=active": 6,
		"status=saving": 0, "owner=nobody": 0, "size_max=5": 1, "size_min=6": 5, "os_type=windows": 1, "min_disk=50": 1,
		"nhncloud_product=gpu": 1, "protected=true": 6, "nhncloud_allow_nks_cpu_flavor=true": 5, "nhncloud_allow_nks_cpu_flavor=false": 6, "member_status=all": 6,
		"tags=x": 0, "limit=0": 6, "size=5": 1,
	} {
		assert.Len(t, list(query), want, query)
	}
	assert.Equal(t, "Small", cloudtest.At(list("")[0], "name"), "the newest first")
	for key, first := range map[string]string{
		"name": "CentOS 7.9 (2024.05.21)", "size": "Small", "min_ram": "", "min_disk": "", "id": "", "status": "", "owner": "",
		"updated_at": "", "created_at": "",
	} {
		got := list("sort_dir=asc&sort_key=" + key)
		assert.Len(t, got, 6, key)
		if first != "" {
			assert.Equal(t, first, cloudtest.At(got[0], "name"), key)
		}
	}
	for query, status := range map[string]int{
		"limit=x": 400, "limit=-1": 400, "size_min=x": 400, "sort_key=nope": 400, "sort_dir=up": 400, "marker=nope": 404,
	} {
		assert.Equal(t, status, w.Call("GET", "/image/v2/images?"+query, nil).Status, query)
	}
}
