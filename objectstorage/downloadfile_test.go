package objectstorage_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

func TestDownloadFile(t *testing.T) {
	t.Parallel()
	data := noise(37, 3*smallPart)
	load := func(t *testing.T, r *rig, path string, overwrite bool) error {
		t.Helper()
		options := inRanges()
		options.Overwrite = overwrite
		_, err := r.objects.DownloadFile(t.Context(), depot, "name", path, options)
		return err
	}
	has := func(t *testing.T, path string, want []byte) {
		t.Helper()
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, digestOf(want), digestOf(got))
	}
	run := func(name string, test func(t *testing.T, r *rig, dir string)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.put(depot, "name", data)
			test(t, r, t.TempDir())
		})
	}
	run("new", func(t *testing.T, r *rig, dir string) {
		require.NoError(t, load(t, r, filepath.Join(dir, "file"), false))
		has(t, filepath.Join(dir, "file"), data)
		assert.Equal(t, []string{"file"}, treeOf(t, dir))
	})
	run("long name", func(t *testing.T, r *rig, dir string) {
		name := strings.Repeat("n", 255)
		require.NoError(t, load(t, r, filepath.Join(dir, name), false))
		assert.Equal(t, []string{name}, treeOf(t, dir))
	})
	run("name too long", func(t *testing.T, r *rig, dir string) {
		require.ErrorAs(t, load(t, r, filepath.Join(dir, strings.Repeat("n", 256)), false), new(*nhncloud.Error))
		assert.Empty(t, treeOf(t, dir))
	})
	run("exists", func(t *testing.T, r *rig, dir string) {
		path := writeFile(t, dir, "file", []byte("old"))
		sent := r.counting()
		err := load(t, r, path, false)
		require.ErrorIs(t, err, os.ErrExist)
		refusedField(t, "path", err)
		assert.Zero(t, sent.count("objectstorage-get-object"))
		has(t, path, []byte("old"))
		require.NoError(t, load(t, r, path, true))
		has(t, path, data)
		assert.Equal(t, []string{"file"}, treeOf(t, dir))
	})
	run("folder", func(t *testing.T, r *rig, dir string) {
		for _, overwrite := range []bool{false, true} {
			err := load(t, r, dir, overwrite)
			require.ErrorIs(t, err, os.ErrExist)
			refusedField(t, "path", err)
		}
		assert.Empty(t, treeOf(t, dir))
	})
	run("ends in a separator", func(t *testing.T, r *rig, dir string) {
		sent := r.counting()
		require.NoError(t, os.Mkdir(filepath.Join(dir, "foo"), 0o777))
		for _, path := range []string{"foo/", "foo//", "bar/", "/"} {
			for _, overwrite := range []bool{false, true} {
				refusedField(t, "path", load(t, r, dir+"/"+path, overwrite))
			}
		}
		for _, path := range []string{"foo/.", "foo/..", "."} {
			require.ErrorIs(t, load(t, r, dir+"/"+path, true), nhncloud.ErrInvalidArgument)
		}
		assert.Zero(t, sent.count("objectstorage-get-object"))
		assert.Equal(t, []string{"foo/"}, treeOf(t, dir))
	})
	run("comes up", func(t *testing.T, r *rig, dir string) {
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-get-object" {
				writeFile(t, dir, "file", []byte("other"))
			}
			return next.RoundTrip(req)
		})
		require.ErrorIs(t, load(t, r, filepath.Join(dir, "file"), false), os.ErrExist)
		has(t, filepath.Join(dir, "file"), []byte("other"))
		assert.Equal(t, []string{"file"}, treeOf(t, dir))
	})
	run("temporary file vanishes", func(t *testing.T, r *rig, dir string) {
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-get-object" {
				for _, name := range treeOf(t, dir) {
					assert.NoError(t, os.Remove(filepath.Join(dir, name)))
				}
			}
			return next.RoundTrip(req)
		})
		require.ErrorIs(t, load(t, r, filepath.Join(dir, "file"), false), os.ErrNotExist)
		assert.Empty(t, treeOf(t, dir))
	})
	run("link", func(t *testing.T, r *rig, dir string) {
		target := writeFile(t, t.TempDir(), "target", []byte("old"))
		link := filepath.Join(dir, "file")
		require.NoError(t, os.Symlink(target, link))
		require.ErrorIs(t, load(t, r, link, false), os.ErrExist)
		require.NoError(t, load(t, r, link, true))
		has(t, target, []byte("old"))
		has(t, link, data)
	})
}
