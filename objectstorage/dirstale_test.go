package objectstorage_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// ended answers for objects whose paths end in one of the names as the service
// does when they have ended and are still listed.
func ended(names ...string) meddler {
	return func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		if operation == "objectstorage-head-object" || operation == "objectstorage-get-object" || operation == "objectstorage-get-slo-manifest" {
			for _, name := range names {
				if strings.HasSuffix(req.URL.Path, name) {
					return answer(http.StatusNotFound), nil
				}
			}
		}
		return next.RoundTrip(req)
	}
}

// An object that is listed but not there is sent, whether it had the same content
// or not.
func TestUploadDirOfEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := t.TempDir()
	want := files()
	makeTree(t, dir, want)
	_, err := r.objects.UploadDir(t.Context(), depot, "", dir, uploadDir())
	require.NoError(t, err)
	want["a.txt"][0] ^= 1 // of the same size
	makeTree(t, dir, want)
	r.meddleWith(ended("/a.txt", "/empty", "/b/c/large"))
	result, err := r.objects.UploadDir(t.Context(), depot, "", dir, uploadDir())
	require.NoError(t, err)
	assert.Equal(t, 3, result.Transferred)
	assert.Equal(t, len(want)-3, result.Unchanged)
	r.leaveAlone()
	for name, data := range want {
		r.holds(name, data)
	}
	// One that was replaced since the listing is not the same either.
	replaced := false
	r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err == nil && operation == "objectstorage-head-object" && strings.HasSuffix(req.URL.Path, "/.hidden") && !replaced {
			replaced = true
			resp.Header.Set("ETag", digestOf([]byte("another")))
		}
		return resp, err
	})
	result, err = r.objects.UploadDir(t.Context(), depot, "", dir, uploadDir())
	require.NoError(t, err)
	assert.Equal(t, 1, result.Transferred)
}

// An object that is listed but not there is skipped and counted.
func TestDownloadDirOfEnded(t *testing.T) {
	t.Parallel()
	want := files()
	from := t.TempDir()
	makeTree(t, from, want)
	run := func(name string, test func(t *testing.T, r *rig, dir string)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			_, err := r.objects.UploadDir(t.Context(), depot, "", from, uploadDir())
			require.NoError(t, err)
			test(t, r, t.TempDir())
		})
	}
	run("some", func(t *testing.T, r *rig, dir string) {
		writeFile(t, dir, "empty", nil)
		writeFile(t, dir, "b/c/large", make([]byte, 3*smallPart+1)) // of the same size, so that it is compared
		r.meddleWith(ended("/a.txt", "/b/c/large"))
		options := downloadDir()
		options.Overwrite = true
		story := &story{t: t}
		options.Progress = story.tell
		result, err := r.objects.DownloadDir(t.Context(), depot, "", dir, options)
		require.NoError(t, err)
		assert.Equal(t, 2, result.Gone)
		assert.Equal(t, 1, result.Unchanged)
		assert.Equal(t, len(want)-3, result.Transferred)
		assert.Equal(t, len(want), story.last.Parts)
		assert.NotContains(t, treeOf(t, dir), "a.txt")
		for _, path := range treeOf(t, dir) {
			assert.NotContains(t, path, ".part")
		}
	})
	run("between two requests", func(t *testing.T, r *rig, dir string) {
		gone := ended("/a.txt")
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-get-object" && strings.HasSuffix(req.URL.Path, "/a.txt") {
				r.meddleWith(gone)
				return answer(http.StatusNotFound), nil
			}
			return next.RoundTrip(req)
		})
		result, err := r.objects.DownloadDir(t.Context(), depot, "", dir, downloadDir())
		require.NoError(t, err)
		assert.Equal(t, 1, result.Gone)
	})
	run("a part of it", func(t *testing.T, r *rig, dir string) { // which is a fault of the object
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-get-object" && strings.HasSuffix(req.URL.Path, "/a.txt") {
				return answer(http.StatusNotFound), nil
			}
			return next.RoundTrip(req)
		})
		_, err := r.objects.DownloadDir(t.Context(), depot, "", dir, downloadDir())
		failsAs(t, nhncloud.ErrNotFound, err)
		assert.ErrorContains(t, err, `the file is "a.txt"`)
	})
	run("the container", func(t *testing.T, r *rig, dir string) {
		listed := false
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-list-objects" && (!listed || req.URL.Query().Get("marker") != "") {
				listed = true
				return next.RoundTrip(req)
			}
			return answer(http.StatusNotFound), nil
		})
		result, err := r.objects.DownloadDir(t.Context(), depot, "", dir, downloadDir())
		require.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
		assert.Zero(t, result.Gone)
	})
}

// Unchanged files get the metadata and the end that the options say.
func TestUploadDirAligns(t *testing.T) {
	t.Parallel()
	end := time.Now().Add(24 * time.Hour).Truncate(time.Second).UTC()
	options := func(put objectstorage.PutOptions) *objectstorage.UploadDirOptions {
		o := uploadDir()
		o.PutOptions = put
		return o
	}
	first := objectstorage.PutOptions{
		ContentType: "text/x", ContentEncoding: "gzip", ContentDisposition: "inline", Metadata: map[string]string{"rev": "1", "Owner": "kim"}, DeleteAt: end,
	}
	change := func(c func(o *objectstorage.PutOptions)) objectstorage.PutOptions {
		own := first
		own.Metadata = map[string]string{"rev": "1", "Owner": "kim"}
		c(&own)
		return own
	}
	for name, c := range map[string]struct {
		second  objectstorage.PutOptions
		updates bool
		check   func(t *testing.T, object *objectstorage.Object)
	}{
		"the same":       {second: first},
		"nothing":        {second: objectstorage.PutOptions{}},
		"empty metadata": {second: change(func(o *objectstorage.PutOptions) { o.Metadata["none"] = "" })},
		"type left out":  {second: change(func(o *objectstorage.PutOptions) { o.ContentType = "" })},
		"metadata": {second: change(func(o *objectstorage.PutOptions) { o.Metadata["rev"] = "2" }), updates: true, check: func(t *testing.T, o *objectstorage.Object) {
			assert.Equal(t, map[string]string{"rev": "2", "owner": "kim"}, o.Metadata)
		}},
		"less metadata": {second: change(func(o *objectstorage.PutOptions) { delete(o.Metadata, "Owner") }), updates: true, check: func(t *testing.T, o *objectstorage.Object) {
			assert.Equal(t, map[string]string{"rev": "1"}, o.Metadata)
		}},
		"type":                {second: change(func(o *objectstorage.PutOptions) { o.ContentType = "text/y" }), updates: true, check: func(t *testing.T, o *objectstorage.Object) { assert.Equal(t, "text/y", o.ContentType) }},
		"encoding":            {second: change(func(o *objectstorage.PutOptions) { o.ContentEncoding = "br" }), updates: true, check: func(t *testing.T, o *objectstorage.Object) { assert.Equal(t, "br", o.ContentEncoding) }},
		"disposition":         {second: change(func(o *objectstorage.PutOptions) { o.ContentDisposition = "" }), updates: true, check: func(t *testing.T, o *objectstorage.Object) { assert.Empty(t, o.ContentDisposition) }},
		"end":                 {second: change(func(o *objectstorage.PutOptions) { o.DeleteAt = end.Add(time.Hour) }), updates: true, check: func(t *testing.T, o *objectstorage.Object) { assert.Equal(t, end.Add(time.Hour), o.DeleteAt) }},
		"no end":              {second: change(func(o *objectstorage.PutOptions) { o.DeleteAt = time.Time{} }), updates: true, check: func(t *testing.T, o *objectstorage.Object) { assert.Zero(t, o.DeleteAt) }},
		"from now on":         {second: change(func(o *objectstorage.PutOptions) { o.DeleteAt, o.DeleteAfter = time.Time{}, 48*time.Hour }), updates: true, check: func(t *testing.T, o *objectstorage.Object) { assert.True(t, o.DeleteAt.After(end)) }},
		"without overwriting": {second: change(func(o *objectstorage.PutOptions) { o.Metadata["rev"], o.NoOverwrite = "2", true })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			dir := t.TempDir()
			makeTree(t, dir, map[string][]byte{"small": noise(1, 10), "large": noise(2, 3*smallPart)})
			_, err := r.objects.UploadDir(t.Context(), depot, "", dir, options(first))
			require.NoError(t, err)
			sent := r.counting()
			result, err := r.objects.UploadDir(t.Context(), depot, "", dir, options(c.second))
			require.NoError(t, err)
			want := objectstorage.DirResult{Unchanged: 2}
			if c.updates {
				want.Updated = 2
			}
			assert.Equal(t, want, *result)
			assert.Equal(t, want.Updated, sent.count("objectstorage-post-object-metadata"))
			for name, data := range map[string][]byte{"small": noise(1, 10), "large": noise(2, 3*smallPart)} {
				r.holds(name, data)
				object, err := r.objects.Head(t.Context(), depot, name)
				require.NoError(t, err)
				assert.True(t, object.Static, "it keeps its parts")
				if c.check != nil {
					c.check(t, object)
				}
			}
		})
	}
	t.Run("fails", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		dir := t.TempDir()
		writeFile(t, dir, "file", []byte("abc"))
		r.put(depot, "file", []byte("abc"))
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-post-object-metadata" {
				return answer(http.StatusForbidden), nil
			}
			return next.RoundTrip(req)
		})
		_, err := r.objects.UploadDir(t.Context(), depot, "", dir, options(first))
		failsAs(t, nhncloud.ErrForbidden, err)
		assert.ErrorContains(t, err, `the file is "file"`)
	})
}

// A folder that fails or is cancelled names the file.
func TestUploadDirNamesTheFile(t *testing.T) {
	t.Parallel()
	tree := map[string][]byte{"a/small": noise(1, 10), "b": noise(2, 4*smallPart), "c/large": noise(3, 4*smallPart)}
	run := func(name string, test func(t *testing.T, r *rig, dir string, options *objectstorage.UploadDirOptions)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			makeTree(t, dir, tree)
			options := uploadDir()
			options.Files = 1
			test(t, newRig(t), dir, options)
		})
	}
	run("refused by the service", func(t *testing.T, r *rig, dir string, options *objectstorage.UploadDirOptions) {
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-put-segment" && strings.Contains(req.URL.Path, "/c/large/") {
				return answer(http.StatusForbidden), nil
			}
			return next.RoundTrip(req)
		})
		result, err := r.objects.UploadDir(t.Context(), depot, "", dir, options)
		e := failsAs(t, nhncloud.ErrForbidden, err)
		assert.Equal(t, http.StatusForbidden, e.StatusCode, "the details stay")
		assert.ErrorContains(t, err, `the file is "c/large"`)
		assert.Equal(t, 2, result.Transferred)
	})
	run("refused by the name", func(t *testing.T, r *rig, dir string, options *objectstorage.UploadDirOptions) {
		_, err := r.objects.UploadDir(t.Context(), depot, "../", dir, options)
		refusedField(t, "Object", err)
		assert.ErrorContains(t, err, `the file is "a/small"`)
	})
	run("unreadable", func(t *testing.T, r *rig, dir string, options *objectstorage.UploadDirOptions) {
		var once sync.Once
		r.meddleWith(replacing(t, func() (err error) {
			once.Do(func() { err = os.Remove(filepath.Join(dir, "b")) })
			return err
		}))
		_, err := r.objects.UploadDir(t.Context(), depot, "", dir, options)
		require.ErrorIs(t, err, os.ErrNotExist)
		assert.ErrorContains(t, err, `the file is "b"`)
	})
	run("cancelled", func(t *testing.T, r *rig, dir string, options *objectstorage.UploadDirOptions) {
		ctx, cancel := context.WithCancel(t.Context())
		options.Progress = func(p nhncloud.TransferProgress) {
			if p.Done > 10+smallPart {
				cancel()
			}
		}
		result, err := r.objects.UploadDir(ctx, depot, "", dir, options)
		failsAs(t, context.Canceled, err)
		assert.ErrorContains(t, err, `on the way: "b"`)
		assert.Equal(t, 1, result.Transferred)
		assert.Len(t, r.list(depotSegments), 1, "that of the file before")
	})
	run("cancelled before", func(t *testing.T, r *rig, dir string, options *objectstorage.UploadDirOptions) {
		ctx, cancel := context.WithCancel(t.Context())
		r.meddleWith(replacing(t, func() error { cancel(); return nil }))
		_, err := r.objects.UploadDir(ctx, depot, "", dir, options)
		failsAs(t, context.Canceled, err)
	})
}

// What several files leave behind is told at once.
func TestUploadDirLeftovers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := t.TempDir()
	tree := map[string][]byte{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		tree[name] = noise(uint64(name[0]), 2*smallPart)
	}
	makeTree(t, dir, tree)
	ctx, cancel := context.WithCancel(t.Context())
	r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		switch operation {
		case "objectstorage-delete-object":
			return answer(http.StatusForbidden), nil
		case "objectstorage-put-slo-manifest":
			cancel()
			return answer(http.StatusForbidden), nil
		}
		return next.RoundTrip(req)
	})
	options := uploadDir()
	options.Files = len(tree)
	_, err := r.objects.UploadDir(ctx, depot, "", dir, options)
	failsAs(t, context.Canceled, err)
	var left *objectstorage.LeftoverError
	require.ErrorAs(t, err, &left)
	require.ErrorIs(t, left.Reason, nhncloud.ErrForbidden)
	r.leaveAlone()
	var names []string
	for _, place := range left.Objects {
		assert.Equal(t, depotSegments, place.Container)
		names = append(names, place.Name)
	}
	assert.ElementsMatch(t, r.list(depotSegments), names)
	assert.NotEmpty(t, names)
	assert.NotErrorIs(t, err, nhncloud.ErrForbidden, "that of the cleaning up is another failure")
	assert.ErrorContains(t, err, "on the way: ")
}

// The service does not tell "_" and "-" apart, and what is the same there is not
// set again.
func TestUploadDirAlignsNames(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := t.TempDir()
	writeFile(t, dir, "file", []byte("abc"))
	options := uploadDir()
	options.Metadata = map[string]string{"Rev_No": "1"}
	_, err := r.objects.UploadDir(t.Context(), depot, "", dir, options)
	require.NoError(t, err)
	r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err == nil && operation == "objectstorage-head-object" {
			resp.Header.Del("X-Object-Meta-Rev_No")
			resp.Header.Set("X-Object-Meta-Rev-No", "1")
		}
		return resp, err
	})
	result, err := r.objects.UploadDir(t.Context(), depot, "", dir, options)
	require.NoError(t, err)
	assert.Equal(t, objectstorage.DirResult{Unchanged: 1}, *result)
}
