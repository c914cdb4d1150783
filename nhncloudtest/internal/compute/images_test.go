package compute_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
)

// Nova shows the images of the image service in its own words.
func TestImage(t *testing.T) {
	w := cloudtest.New(t)
	id := w.ImageID("Ubuntu Server 24.04")
	img := w.Compute("GET", "/images/"+id, nil).Body["image"]
	assert.Equal(t, id, cloudtest.At(img, "id"))
	assert.Equal(t, "ACTIVE", cloudtest.At(img, "status"))
	assert.EqualValues(t, 100, cloudtest.At(img, "progress"))
	assert.EqualValues(t, 20, cloudtest.At(img, "minDisk"))
	assert.Equal(t, "ubuntu", cloudtest.At(img, "metadata", "login_username"))
	assert.NotZero(t, cloudtest.At(img, "OS-EXT-IMG-SIZE:size"))
	assert.Equal(t, w.URL()+"/compute/v2/"+w.TenantID+"/images/"+id, cloudtest.At(img, "links", 0, "href"))
	assert.Equal(t, 200, w.Call("GET", cloudtest.At(img, "links", 2, "href").(string), nil).Status)

	server := w.U2("s")
	location := w.Do(server, "create-image", 202).Header.Get("Location")
	saving := w.Call("GET", location, nil).Body["id"].(string)
	img = w.Compute("GET", "/images/"+saving, nil).Body["image"]
	assert.Equal(t, "SAVING", cloudtest.At(img, "status"))
	assert.Nil(t, cloudtest.At(img, "OS-EXT-IMG-SIZE:size"))

	res := w.Compute("GET", "/images/nope", nil)
	assert.Equal(t, 404, res.Status)
	assert.Equal(t, "Image not found.", cloudtest.At(res.Body, "itemNotFound", "message"))
}
