package objectstorage_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// No name leads out of the folder, and those that can't be paths are an error
// before anything is written.
func TestDownloadDirNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		names  []string
		prefix string
		want   []string // nil where it is refused
	}{
		"parent":               {names: []string{"good", "../x"}},
		"parent inside":        {names: []string{"good", "a/../../x"}},
		"parent at the end":    {names: []string{"good", "a/.."}},
		"dot":                  {names: []string{"good", "a/./x"}},
		"absolute":             {names: []string{"/abs", "good"}},
		"absolute in prefix":   {names: []string{"p//abs"}, prefix: "p/"},
		"empty element":        {names: []string{"a//b"}},
		"file and folder":      {names: []string{"a", "a/b"}},
		"deep":                 {names: []string{"a/b", "a/b-", "a/b/c/d/e"}},
		"file and marker":      {names: []string{"a", "a/"}},
		"file in marker":       {names: []string{"a/b", "a/b/c/"}},
		"one file twice":       {names: []string{"p/x", "px"}, prefix: "p"},
		"marker with content":  {names: []string{"full/"}},
		"null":                 {names: []string{"a\x00b"}},
		"the prefix itself":    {names: []string{"p"}, prefix: "p"},
		"marker of the prefix": {names: []string{"p/", "p/x"}, prefix: "p", want: []string{"x"}},
		"marker of it":         {names: []string{"p/", "p/x"}, prefix: "p/", want: []string{"x"}},
		"markers":              {names: []string{"d/", "d/e/", "d/f"}, want: []string{"d/", "d/e/", "d/f"}},
		"no slash":             {names: []string{"px", "p/y"}, prefix: "p", want: []string{"x", "y"}},
		"three dots":           {names: []string{".../x", "..y"}, want: []string{"..y", ".../", ".../x"}},
		"odd":                  {names: []string{"a b", "%2e%2e", "n\nl", "\U0001F30A", "back\\slash"}, want: []string{"%2e%2e", "a b", "back\\slash", "n\nl", "\U0001F30A"}},
		"nothing":              {names: []string{"x"}, prefix: "none/", want: []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			// The client refuses to make some of these.
			entries := make([]string, 0, len(c.names))
			for _, name := range c.names {
				size := 3
				if strings.HasSuffix(name, "/") && name != "full/" {
					size = 0
				}
				if strings.HasPrefix(name, c.prefix) {
					entries = append(entries, fmt.Sprintf(`{"name": %q, "bytes": %d, "hash": "900150983cd24fb0d6963f7d28e17f72", "content_type": "text/plain"}`, name, size))
				}
			}
			r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
				switch operation {
				case "objectstorage-list-objects":
					if req.URL.Query().Get("marker") != "" {
						return textAnswer("[]"), nil
					}
					return textAnswer("[" + strings.ReplaceAll(strings.Join(entries, ","), `\x00`, `\u0000`) + "]"), nil
				case "objectstorage-head-object", "objectstorage-get-object":
					resp := textAnswer("abc")
					resp.Header.Set("ETag", "900150983cd24fb0d6963f7d28e17f72")
					resp.Header.Set("Content-Length", "3")
					return resp, nil
				}
				return next.RoundTrip(req)
			})
			parent := t.TempDir()
			dir := filepath.Join(parent, "dir")
			result, err := r.objects.DownloadDir(t.Context(), depot, c.prefix, dir, nil)
			if c.want == nil {
				failsAs(t, nhncloud.ErrInvalidArgument, err)
				assert.Nil(t, result)
				assert.Empty(t, treeOf(t, parent), "not even the folder is made")
				return
			}
			require.NoError(t, err)
			slices.Sort(c.want)
			assert.Equal(t, c.want, treeOf(t, dir))
			assert.Equal(t, []string{"dir/"}, slices.DeleteFunc(treeOf(t, parent), func(path string) bool { return strings.HasPrefix(path, "dir/") && path != "dir/" }))
		})
	}
}

func textAnswer(text string) *http.Response {
	resp := answer(http.StatusOK)
	resp.Header.Set("Content-Type", "application/json")
	resp.ContentLength = int64(len(text))
	resp.Body = struct {
		*strings.Reader
		noClose
	}{strings.NewReader(text), noClose{}}
	return resp
}

type noClose struct{}

func (noClose) Close() error { return nil }

// A folder marker of the console has a type of its own.
func TestDownloadDirMarkers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.objects.Put(t.Context(), depot, "folder", strings.NewReader(""), &objectstorage.PutOptions{ContentType: "application/directory"})
	require.NoError(t, err)
	r.put(depot, "folder/file", []byte("abc"))
	dir := t.TempDir()
	for range 2 {
		result, err := r.objects.DownloadDir(t.Context(), depot, "", dir, nil)
		require.NoError(t, err)
		assert.Equal(t, 1, result.Transferred+result.Unchanged)
		assert.Equal(t, []string{"folder/", "folder/file"}, treeOf(t, dir))
	}
}

// Links in the folder lead nowhere outside.
func TestDownloadDirLinks(t *testing.T) {
	t.Parallel()
	run := func(name string, test func(t *testing.T, r *rig, dir, outside string)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.put(depot, "a/file", []byte("new"))
			outside := t.TempDir()
			writeFile(t, outside, "file", []byte("old"))
			test(t, r, t.TempDir(), outside)
			hasTree(t, outside, map[string][]byte{"file": []byte("old")})
		})
	}
	overwrite := &objectstorage.DownloadDirOptions{DownloadOptions: objectstorage.DownloadOptions{Overwrite: true}, Force: true}
	for _, options := range []*objectstorage.DownloadDirOptions{nil, overwrite} {
		run(fmt.Sprintf("folder/%t", options != nil), func(t *testing.T, r *rig, dir, outside string) {
			require.NoError(t, os.Symlink(outside, filepath.Join(dir, "a")))
			_, err := r.objects.DownloadDir(t.Context(), depot, "", dir, options)
			require.ErrorContains(t, err, "path escapes")
			require.ErrorAs(t, err, new(*nhncloud.Error))
		})
		run(fmt.Sprintf("marker/%t", options != nil), func(t *testing.T, r *rig, dir, outside string) {
			r.put(depot, "a/b/", nil)
			require.NoError(t, os.Symlink(outside, filepath.Join(dir, "a")))
			_, err := r.objects.DownloadDir(t.Context(), depot, "", dir, options)
			require.ErrorContains(t, err, "path escapes")
		})
		run(fmt.Sprintf("file/%t", options != nil), func(t *testing.T, r *rig, dir, outside string) {
			require.NoError(t, os.Mkdir(filepath.Join(dir, "a"), 0o777))
			require.NoError(t, os.Symlink(filepath.Join(outside, "file"), filepath.Join(dir, "a", "file")))
			_, err := r.objects.DownloadDir(t.Context(), depot, "", dir, options)
			if options == nil {
				require.ErrorContains(t, err, "path escapes")
				return
			}
			require.NoError(t, err, "the link itself is replaced")
			hasTree(t, dir, map[string][]byte{"a/file": []byte("new")})
		})
		run(fmt.Sprintf("inside/%t", options != nil), func(t *testing.T, r *rig, dir, _ string) {
			require.NoError(t, os.Mkdir(filepath.Join(dir, "b"), 0o777))
			require.NoError(t, os.Symlink("b", filepath.Join(dir, "a")))
			_, err := r.objects.DownloadDir(t.Context(), depot, "", dir, options)
			require.NoError(t, err)
			data, err := os.ReadFile(filepath.Join(dir, "b", "file"))
			require.NoError(t, err)
			assert.Equal(t, "new", string(data))
		})
	}
	run("no folder", func(t *testing.T, r *rig, dir, _ string) {
		writeFile(t, dir, "a", []byte("file"))
		for _, options := range []*objectstorage.DownloadDirOptions{nil, overwrite} {
			_, err := r.objects.DownloadDir(t.Context(), depot, "", dir, options)
			require.Error(t, err)
			require.ErrorAs(t, err, new(*nhncloud.Error))
		}
		hasTree(t, dir, map[string][]byte{"a": []byte("file")})
	})
	run("no file", func(t *testing.T, r *rig, dir, _ string) {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "a", "file"), 0o777))
		for _, options := range []*objectstorage.DownloadDirOptions{nil, overwrite} {
			_, err := r.objects.DownloadDir(t.Context(), depot, "", dir, options)
			require.ErrorIs(t, err, os.ErrExist)
		}
	})
}

// Small files come with one request each, also where the listing says other than
// what is there.
func TestDownloadDirRequests(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	want := files()
	from := t.TempDir()
	makeTree(t, from, want)
	_, err := r.objects.UploadDir(t.Context(), depot, "", from, nil)
	require.NoError(t, err)
	var looks, gets, lies atomic.Int32
	r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		switch operation {
		case "objectstorage-head-object":
			looks.Add(1)
		case "objectstorage-get-object":
			gets.Add(1)
		}
		resp, err := next.RoundTrip(req)
		if err == nil && operation == "objectstorage-list-objects" && lies.Load() > 0 {
			list, readErr := io.ReadAll(resp.Body)
			require.NoError(t, errors.Join(readErr, resp.Body.Close()))
			list = bytes.ReplaceAll(list, []byte(`"bytes":40`), []byte(`"bytes":41`))
			resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(list)), int64(len(list))
			resp.Header.Set("Content-Length", strconv.Itoa(len(list)))
		}
		return resp, err
	})
	to := t.TempDir()
	_, err = r.objects.DownloadDir(t.Context(), depot, "", to, nil)
	require.NoError(t, err)
	hasTree(t, to, want)
	assert.Zero(t, looks.Load())
	assert.EqualValues(t, len(want), gets.Load())

	lies.Store(1)
	to = t.TempDir()
	_, err = r.objects.DownloadDir(t.Context(), depot, "", to, nil)
	require.NoError(t, err)
	hasTree(t, to, want)
	assert.EqualValues(t, 1, looks.Load(), "at the one that has not the size of the listing")
}
