package image_test

import (
	"crypto/md5"
	"crypto/sha512"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
)

const patchType = "application/openstack-images-v2.1-json-patch"

// room is a cloud to make images in.
type room struct {
	*cloudtest.World
	t *testing.T
}

func newRoom(t *testing.T, opts ...nhncloudtest.Option) *room {
	return &room{cloudtest.New(t, opts...), t}
}

// call sends a request for an image and checks the status of the answer.
func (r *room) call(status int, method, path string, body any) cloudtest.Result {
	r.t.Helper()
	return r.typed(status, method, path, "application/json", body)
}

func (r *room) typed(status int, method, path, contentType string, body any) cloudtest.Result {
	r.t.Helper()
	res, err := r.Try(method, "/image/v2/images"+path, body, http.Header{"Content-Type": {contentType}})
	require.NoError(r.t, err)
	require.Equal(r.t, status, res.Status, "%s", res.Text)
	return res
}

// create makes an image and returns its path.
func (r *room) create(more object) string {
	r.t.Helper()
	body := object{"name": "mine", "os_type": "linux", "container_format": "bare", "disk_format": "raw"}
	for k, v := range more {
		body[k] = v
	}
	return "/" + r.call(201, "POST", "", body).Body["id"].(string)
}

func (r *room) upload(status int, path, data string) cloudtest.Result {
	r.t.Helper()
	return r.typed(status, "PUT", path+"/file", "application/octet-stream", data)
}

func (r *room) patch(status int, path string, body any) cloudtest.Result {
	r.t.Helper()
	return r.typed(status, "PATCH", path, patchType, body)
}

func (r *room) get(path string) object {
	r.t.Helper()
	return r.call(200, "GET", path, nil).Body
}

func TestImageLife(t *testing.T) {
	dir := t.TempDir()
	w := newRoom(t, nhncloudtest.WithObjectDir(dir))
	files := func() int {
		found, err := filepath.Glob(filepath.Join(dir, "*", "*"))
		require.NoError(t, err)
		return len(found)
	}
	res := w.call(201, "POST", "", cloudtest.Fixture(t, "image-v2-create-image.request"))
	cloudtest.SameShape(t, "image-v2-create-image.response", res.Body)
	want := cloudtest.Fixture(t, "image-v2-create-image.response")
	for _, key := range []string{"status", "name", "visibility", "min_disk", "protected", "os_type", "os_version", "size", "checksum", "os_hash_value"} {
		assert.Equal(t, want[key], res.Body[key], key)
	}
	assert.True(t, strings.HasSuffix(res.Header.Get("Location"), "/image/v2/images/"+res.Body["id"].(string)))
	path := "/" + res.Body["id"].(string)

	w.Advance(time.Minute)
	small, large := strings.Repeat("s", 1<<20), strings.Repeat("l", 1<<20+1)
	other := w.create(object{"nhncloud_allow_download": "true"})
	w.upload(204, other, small)
	assert.Zero(t, files())
	w.upload(204, path, large)
	assert.Equal(t, 1, files(), "kept in a file")
	img := w.get(path)
	assert.Equal(t, "active", img["status"])
	assert.EqualValues(t, 1<<20+1, img["size"])
	sum, hash := md5.Sum([]byte(large)), sha512.Sum512([]byte(large))
	assert.Equal(t, hex.EncodeToString(sum[:]), img["checksum"])
	assert.Equal(t, "sha512", img["os_hash_algo"])
	assert.Equal(t, hex.EncodeToString(hash[:]), img["os_hash_value"])
	assert.NotEqual(t, img["created_at"], img["updated_at"])
	cloudtest.SameError(t, "image_409_upload_twice", w.upload(409, path, "again"))

	w.call(403, "GET", path+"/file", nil)
	w.patch(200, path, []object{{"op": "add", "path": "/nhncloud_allow_download", "value": "true"}})
	res = w.call(200, "GET", path+"/file", nil)
	assert.True(t, large == res.Text)
	assert.Equal(t, img["checksum"], res.Header.Get("Content-Md5"))
	part, err := w.Try("GET", "/image/v2/images"+path+"/file", nil, http.Header{"Range": {"bytes=1048570-"}})
	require.NoError(t, err)
	assert.Equal(t, 206, part.Status)
	assert.Equal(t, "bytes 1048570-1048576/1048577", part.Header.Get("Content-Range"))
	assert.Equal(t, "lllllll", part.Text)
	part, err = w.Try("GET", "/image/v2/images"+path+"/file", nil, http.Header{"Range": {"bytes=1048577-"}})
	require.NoError(t, err)
	assert.Equal(t, 416, part.Status)

	w.patch(200, path, []object{{"op": "replace", "path": "/protected", "value": true}})
	w.call(403, "DELETE", path, nil)
	w.patch(200, path, []object{{"op": "replace", "path": "/protected", "value": false}})
	w.call(204, "DELETE", path, nil)
	assert.Zero(t, files())
	w.call(404, "GET", path, nil)
	w.call(404, "GET", path+"/file", nil)
	w.call(403, "DELETE", "/"+w.ImageID("Rocky"), nil)
	w.call(204, "GET", w.create(object{"nhncloud_allow_download": "True"})+"/file", nil)
}

func TestCreateRefused(t *testing.T) {
	w := newRoom(t)
	cloudtest.SameError(t, "image_400_not_json", w.call(400, "POST", "", `{`))
	cloudtest.SameError(t, "image_400_schema", w.call(400, "POST", "", object{"name": 1}))
	cloudtest.SameError(t, "image_403_publicize", w.call(403, "POST", "", object{"name": "x", "os_type": "linux", "visibility": "public"}))
	w.create(object{"id": "3d6258b2-4a5e-4623-98bc-e610beffbd8f"})
	cloudtest.SameError(t, "image_409_id_exists", w.call(409, "POST", "", object{"id": "3d6258b2-4a5e-4623-98bc-e610beffbd8f", "name": "dup", "os_type": "linux"}))
	many := object{}
	for i := range 128 {
		many["p"+strings.Repeat("x", i)] = ""
	}
	for name, test := range map[string]struct {
		body   any
		status int
	}{
		"no body":         {nil, 400},
		"list":            {[]any{}, 400},
		"number":          {`1`, 400},
		"two":             {`{} {}`, 400},
		"no name":         {object{"os_type": "linux"}, 400},
		"no system":       {object{"name": "a"}, 400},
		"another system":  {object{"name": "a", "os_type": "plan9"}, 400},
		"long name":       {object{"name": strings.Repeat("가", 256), "os_type": "linux"}, 400},
		"format":          {object{"name": "a", "os_type": "linux", "disk_format": "x"}, 400},
		"min_disk":        {object{"name": "a", "os_type": "linux", "min_disk": -1}, 400},
		"min_ram text":    {object{"name": "a", "os_type": "linux", "min_ram": "1"}, 400},
		"min_ram half":    {object{"name": "a", "os_type": "linux", "min_ram": 1.5}, 400},
		"tags":            {object{"name": "a", "os_type": "linux", "tags": "x"}, 400},
		"tag number":      {object{"name": "a", "os_type": "linux", "tags": []any{1}}, 400},
		"long tag":        {object{"name": "a", "os_type": "linux", "tags": []any{strings.Repeat("x", 256)}}, 400},
		"_ tag":           {object{"name": "a", "os_type": "linux", "tags": []any{"_x"}}, 400},
		"property":        {object{"name": "a", "os_type": "linux", "x": 1}, 400},
		"long property":   {object{"name": "a", "os_type": "linux", strings.Repeat("x", 256): ""}, 400},
		"hidden":          {object{"name": "a", "os_type": "linux", "os_hidden": true}, 400},
		"read-only":       {object{"name": "a", "os_type": "linux", "status": "active"}, 403},
		"self":            {object{"name": "a", "os_type": "linux", "self": "x"}, 403},
		"reserved":        {object{"name": "a", "os_type": "linux", "os_glance_x": "x"}, 403},
		"another's":       {object{"name": "a", "os_type": "linux", "owner": "x"}, 403},
		"community":       {object{"name": "a", "os_type": "linux", "visibility": "community"}, 403},
		"many properties": {withAll(many, object{"name": "a", "os_type": "linux"}), 413},
	} {
		t.Run(name, func(t *testing.T) { w.call(test.status, "POST", "", test.body) })
	}
}

func withAll(objects ...object) object {
	all := object{}
	for _, o := range objects {
		for k, v := range o {
			all[k] = v
		}
	}
	return all
}

func TestPatch(t *testing.T) {
	w := newRoom(t)
	path := w.create(object{"tags": []string{"a", "a", "b"}, "owner": w.TenantID})
	for _, name := range []string{"image-v2-update-image.request", "image-v2-update-image.request.2", "image-v2-update-image.request.3"} {
		w.patch(200, path, documentedList(t, name))
	}
	img := w.get(path)
	assert.Equal(t, "1", img["metadata2"])
	assert.NotContains(t, img, "metadata1")
	assert.Equal(t, []any{"a", "b"}, img["tags"])
	w.ResetRequests()
	w.patch(200, path, documentedList(t, "image-v2-update-visibility.request"))
	assert.Equal(t, 1, w.Count("image-v2-update-visibility"))
	assert.Zero(t, w.Count("image-v2-update-image"))
	assert.Equal(t, "shared", w.get(path)["visibility"])

	res := w.patch(200, path, []object{
		{"op": "replace", "path": "/name", "value": "새 이름"}, {"op": "add", "path": "/a~1b~0c", "value": "odd"},
		{"op": "add", "path": "/metadata2", "value": "2"}, {"op": "replace", "path": "/tags", "value": []string{"c"}},
		{"op": "replace", "path": "/min_disk", "value": 30}, {"op": "replace", "path": "/min_ram", "value": 512},
		{"op": "replace", "path": "/disk_format", "value": "qcow2"}, {"op": "replace", "path": "/container_format", "value": nil},
	})
	for key, want := range (object{"name": "새 이름", "a/b~c": "odd", "metadata2": "2", "tags": []any{"c"}, "min_disk": 30., "min_ram": 512., "disk_format": "qcow2", "container_format": nil}) {
		assert.Equal(t, want, res.Body[key], key)
	}
	res = w.typed(200, "PATCH", path, "application/openstack-images-v2.0-json-patch", []object{{"add": "/old", "value": "x"}, {"remove": "/metadata2"}})
	assert.Equal(t, "x", res.Body["old"])
	assert.NotContains(t, res.Body, "metadata2")
	w.patch(200, path, []object{})

	before := w.get(path)
	cloudtest.SameError(t, "image_415_patch", w.call(415, "PATCH", path, []object{{"op": "replace"}}))
	assert.Equal(t, "application/openstack-images-v2.0-json-patch, application/openstack-images-v2.1-json-patch",
		w.call(415, "PATCH", path, "[]").Header.Get("Accept-Patch"))
	for name, test := range map[string]struct {
		body   any
		status int
	}{
		"object":        {object{}, 400},
		"strings":       {[]string{"a"}, 400},
		"not JSON":      {"[", 400},
		"no op":         {[]object{{"path": "/name"}}, 400},
		"another op":    {[]object{{"op": "move", "path": "/name"}}, 400},
		"no path":       {[]object{{"op": "add", "value": "x"}}, 400},
		"no value":      {[]object{{"op": "add", "path": "/x"}}, 400},
		"no slash":      {[]object{{"op": "add", "path": "x", "value": "x"}}, 400},
		"root":          {[]object{{"op": "add", "path": "/", "value": "x"}}, 400},
		"slash at end":  {[]object{{"op": "add", "path": "/x/", "value": "x"}}, 400},
		"slashes":       {[]object{{"op": "add", "path": "/x//y", "value": "x"}}, 400},
		"deep":          {[]object{{"op": "add", "path": "/tags/-", "value": "x"}}, 400},
		"tilde":         {[]object{{"op": "add", "path": "/x~2", "value": "x"}}, 400},
		"number":        {[]object{{"op": "add", "path": "/x", "value": 1}}, 400},
		"min_ram":       {[]object{{"op": "replace", "path": "/min_ram", "value": -1}}, 400},
		"read-only":     {[]object{{"op": "replace", "path": "/checksum", "value": "x"}}, 403},
		"reserved":      {[]object{{"op": "add", "path": "/deleted", "value": "x"}}, 403},
		"locations":     {[]object{{"op": "add", "path": "/locations/-", "value": object{}}}, 403},
		"owner":         {[]object{{"op": "replace", "path": "/owner", "value": "x"}}, 403},
		"public":        {[]object{{"op": "replace", "path": "/visibility", "value": "public"}}, 403},
		"base removed":  {[]object{{"op": "remove", "path": "/name"}}, 403},
		"absent":        {[]object{{"op": "replace", "path": "/absent", "value": "x"}}, 409},
		"absent gone":   {[]object{{"op": "remove", "path": "/absent"}}, 409},
		"second fails":  {[]object{{"op": "replace", "path": "/name", "value": "half"}, {"op": "remove", "path": "/absent"}}, 409},
		"unknown image": {[]object{{"op": "replace", "path": "/name", "value": "x"}}, 404},
	} {
		t.Run(name, func(t *testing.T) {
			target := path
			if test.status == 404 {
				target = "/nope"
			}
			w.patch(test.status, target, test.body)
		})
	}
	for _, body := range []any{
		[]object{{"value": "x"}}, []object{{"add": "/x", "remove": "/x", "value": "x"}},
	} {
		w.typed(400, "PATCH", path, "application/openstack-images-v2.0-json-patch", body)
	}
	w.typed(409, "PATCH", path, "application/openstack-images-v2.0-json-patch", []object{{"add": "/old", "value": "y"}})
	assert.Equal(t, before, w.get(path), "all or nothing")
	w.patch(403, "/"+w.ImageID("Rocky"), []object{{"op": "replace", "path": "/name", "value": "mine"}})
	w.patch(200, path, []object{{"op": "replace", "path": "/container_format", "value": "bare"}})
	w.upload(204, path, "data")
	w.patch(403, path, []object{{"op": "replace", "path": "/disk_format", "value": "raw"}})
}

// documentedList is a documented payload that is a list.
func documentedList(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../cloudtest/testdata/" + name + ".json")
	require.NoError(t, err)
	return string(data)
}

func TestUploadRefused(t *testing.T) {
	w := newRoom(t)
	path := w.create(nil)
	w.typed(415, "PUT", path+"/file", "application/json", `{}`)
	w.upload(404, "/nope", "x")
	w.upload(403, "/"+w.ImageID("Rocky"), "x")
	bare := "/" + w.call(201, "POST", "", object{"name": "a", "os_type": "linux"}).Body["id"].(string)
	w.upload(400, bare, "x")
	w.patch(200, bare, []object{{"op": "replace", "path": "/disk_format", "value": "raw"}})
	assert.Contains(t, w.upload(400, bare, "x").Text, "Property container_format must be set")
	assert.Equal(t, "queued", w.get(bare)["status"])

	// A client that breaks off leaves an image that can be uploaded again.
	req, err := http.NewRequestWithContext(t.Context(), "PUT", w.URL()+"/image/v2/images"+path+"/file", &breaks{left: 100 << 10})
	require.NoError(t, err)
	req.Header = http.Header{"X-Auth-Token": {w.Token}, "Content-Type": {"application/octet-stream"}}
	req.ContentLength = 1 << 20
	_, err = w.HTTP.Do(req)
	require.Error(t, err)
	require.Eventually(t, func() bool { return w.get(path)["status"] == "queued" }, 5*time.Second, time.Millisecond)
	w.upload(204, path, "whole")

	require.NoError(t, w.SetImageStatus(path[1:], "deactivated"))
	w.call(403, "GET", path+"/file", nil)
	require.NoError(t, w.SetImageStatus(path[1:], "deleted"))
	w.call(404, "GET", path, nil)
	assert.ErrorContains(t, w.SetImageStatus(path[1:], "killed"), "no image")
	assert.ErrorContains(t, w.SetImageStatus(bare[1:], "ready"), "no status")
}

// breaks gives so many bytes and fails.
type breaks struct{ left int }

func (b *breaks) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, os.ErrClosed
	}
	n := min(len(p), b.left)
	b.left -= n
	return n, nil
}

// An image that is deleted while its data come is gone.
func TestDeletedWhileUploading(t *testing.T) {
	w := newRoom(t)
	path := w.create(nil)
	body := &held{there: make(chan struct{}), go_: make(chan struct{})}
	answered := make(chan cloudtest.Result, 1)
	req, err := http.NewRequestWithContext(t.Context(), "PUT", w.URL()+"/image/v2/images"+path+"/file", body)
	require.NoError(t, err)
	req.Header = http.Header{"X-Auth-Token": {w.Token}, "Content-Type": {"application/octet-stream"}, "Expect": {"100-continue"}}
	go func() {
		res, err := w.HTTP.Do(req)
		if err != nil {
			answered <- cloudtest.Result{}
			return
		}
		_ = res.Body.Close()
		answered <- cloudtest.Result{Status: res.StatusCode}
	}()
	<-body.there
	require.Eventually(t, func() bool { return w.get(path)["status"] == "saving" }, 5*time.Second, time.Millisecond)
	assert.Contains(t, w.upload(409, path, "x").Text, "transition from saving to saving")
	w.call(204, "DELETE", path, nil)
	close(body.go_)
	assert.Equal(t, 410, (<-answered).Status)
}

// held is a body that ends when it is let go.
type held struct{ there, go_ chan struct{} }

func (h *held) Read(p []byte) (int, error) {
	select {
	case <-h.there:
		<-h.go_
		return 0, io.EOF
	default:
		close(h.there)
		return copy(p, "data"), nil
	}
}
