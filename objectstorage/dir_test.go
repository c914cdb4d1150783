package objectstorage_test

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// files are those of a folder, by path.
func files() map[string][]byte {
	return map[string][]byte{
		"a.txt": noise(40, 10), "empty": {}, "b/c/large": noise(41, 3*smallPart+1), "b/d e%?#+f": noise(42, 20), "사진/바다.jpg": noise(43, 30), "b/c.txt": noise(44, 40), ".hidden": noise(45, 1),
	}
}

func makeTree(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for path, data := range files {
		writeFile(t, dir, path, data)
	}
}

// hasTree asserts that a folder has these files and no others.
func hasTree(t *testing.T, dir string, want map[string][]byte) {
	t.Helper()
	var paths []string
	for _, path := range treeOf(t, dir) {
		if !strings.HasSuffix(path, "/") {
			paths = append(paths, path)
			data, err := os.ReadFile(filepath.Join(dir, path))
			require.NoError(t, err)
			assert.Equal(t, digestOf(want[path]), digestOf(data), path)
		}
	}
	assert.Equal(t, slices.Sorted(maps.Keys(want)), paths)
}

func uploadDir() *objectstorage.UploadDirOptions {
	return &objectstorage.UploadDirOptions{UploadOptions: *inParts()}
}

func downloadDir() *objectstorage.DownloadDirOptions {
	return &objectstorage.DownloadDirOptions{DownloadOptions: *inRanges()}
}

// A folder goes up and comes down again, and the second time nothing is moved.
func TestDirs(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "backup/", "a b/사진%/"} {
		t.Run(prefix, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			want := files()
			var total int64
			var names []string
			for path, data := range want {
				total += int64(len(data))
				names = append(names, prefix+path)
			}
			slices.Sort(names)
			from, to := t.TempDir(), filepath.Join(t.TempDir(), "new", "folder")
			makeTree(t, from, want)
			require.NoError(t, os.Mkdir(filepath.Join(from, "folder"), 0o777))
			moved := objectstorage.DirResult{Transferred: len(want), Bytes: total}
			unchanged := objectstorage.DirResult{Unchanged: len(want)}
			whole := nhncloud.TransferProgress{Done: total, Total: total, Parts: len(want), Count: len(want)}

			for i, want := range []objectstorage.DirResult{moved, unchanged, moved} {
				story := &story{t: t}
				options := uploadDir()
				options.Progress = story.tell
				options.Force = i == 2
				result, err := r.objects.UploadDir(t.Context(), depot, prefix, from, options)
				require.NoError(t, err)
				assert.Equal(t, i == 2, result.ReusedBytes > 0, "the parts are still there")
				result.ReusedBytes = 0
				assert.Equal(t, want, *result)
				assert.Equal(t, whole, story.last)
				assert.Equal(t, names, r.list(depot))
			}
			for i, expected := range []objectstorage.DirResult{moved, unchanged, moved} {
				story := &story{t: t}
				options := downloadDir()
				options.Progress = story.tell
				options.Force, options.Overwrite = i == 2, i == 2
				result, err := r.objects.DownloadDir(t.Context(), depot, prefix, to, options)
				require.NoError(t, err)
				assert.Equal(t, expected, *result)
				assert.Equal(t, whole, story.last)
				hasTree(t, to, want)
			}
		})
	}
}

// Only what differs in size or content is moved.
func TestDirsChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	want := files()
	dir := t.TempDir()
	makeTree(t, dir, want)
	_, err := r.objects.UploadDir(t.Context(), depot, "", dir, uploadDir())
	require.NoError(t, err)

	for _, path := range []string{"a.txt", "b/c/large"} { // of the same size
		want[path][0] ^= 1
	}
	want["empty"] = []byte("x")
	makeTree(t, dir, want)
	result, err := r.objects.UploadDir(t.Context(), depot, "", dir, uploadDir())
	require.NoError(t, err)
	assert.Equal(t, objectstorage.DirResult{Transferred: 3, Unchanged: len(want) - 3, Bytes: 10 + 3*smallPart + 1 + 1, ReusedBytes: 2*smallPart + 1}, *result)

	for _, path := range []string{"a.txt", "b/c/large"} {
		changed := bytes.Clone(want[path])
		changed[0] ^= 1
		writeFile(t, dir, path, changed)
	}
	require.NoError(t, os.Remove(filepath.Join(dir, "empty")))
	_, err = r.objects.DownloadDir(t.Context(), depot, "", dir, downloadDir())
	require.ErrorIs(t, err, os.ErrExist, "files are not overwritten unasked")
	options := downloadDir()
	options.Overwrite = true
	options.Files = 1
	result, err = r.objects.DownloadDir(t.Context(), depot, "", dir, options)
	require.NoError(t, err)
	assert.Equal(t, len(want), result.Transferred+result.Unchanged)
	hasTree(t, dir, want)
}

// A large object whose content has no MD5 that could be compared is always
// moved.
func TestDirsUncheckable(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"parts of segments", "large segments", "dynamic"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			data := noise(46, 3*smallPart)
			storing[kind](r, data)
			dir := t.TempDir()
			options := downloadDir()
			options.Overwrite = true
			_, err := r.objects.DownloadDir(t.Context(), depot, "", dir, options)
			require.NoError(t, err)
			result, err := r.objects.DownloadDir(t.Context(), depot, "", dir, options)
			require.NoError(t, err)
			assert.Equal(t, len(r.list(depot))-1, result.Unchanged)
			result.Unchanged = 0
			assert.Equal(t, objectstorage.DirResult{Transferred: 1, Bytes: int64(len(data))}, *result)
			got, err := os.ReadFile(filepath.Join(dir, "name"))
			require.NoError(t, err)
			assert.Equal(t, digestOf(data), digestOf(got))
		})
	}
}

func TestDirsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := t.TempDir()
	writeFile(t, dir, "file", []byte("abc"))
	for _, c := range []struct {
		field          string
		container, dir string
		change         func(o *objectstorage.UploadDirOptions)
	}{
		{"Container", "", dir, nil},
		{"dir", depot, "", nil},
		{"Files", depot, dir, func(o *objectstorage.UploadDirOptions) { o.Files = -1 }},
		{"Symlinks", depot, dir, func(o *objectstorage.UploadDirOptions) { o.Symlinks = 3 }},
		{"Symlinks", depot, dir, func(o *objectstorage.UploadDirOptions) { o.Symlinks = -1 }},
		{"PartSize", depot, dir, func(o *objectstorage.UploadDirOptions) { o.PartSize = new(int64(0)) }},
		{"content", depot, dir, func(o *objectstorage.UploadDirOptions) { o.Size = 2 }},
	} {
		options := uploadDir()
		if c.change != nil {
			c.change(options)
		}
		_, err := r.objects.UploadDir(t.Context(), c.container, "", c.dir, options)
		refusedField(t, c.field, err)
	}
	_, err := r.objects.UploadDir(t.Context(), depot, "../", dir, nil)
	refusedField(t, "Object", err)
	_, err = r.objects.UploadDir(t.Context(), depot, "", filepath.Join(dir, "missing"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = r.objects.UploadDir(t.Context(), "nowhere", "", dir, nil)
	require.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
	assert.Empty(t, r.list(depot))

	r.put(depot, "name", []byte("abc"))
	empty := t.TempDir()
	for _, c := range []struct {
		field          string
		container, dir string
		change         func(o *objectstorage.DownloadDirOptions)
	}{
		{"Container", "", empty, nil},
		{"dir", depot, "", nil},
		{"Files", depot, empty, func(o *objectstorage.DownloadDirOptions) { o.Files = -1 }},
		{"PartSize", depot, empty, func(o *objectstorage.DownloadDirOptions) { o.PartSize = new(int64(-1)) }},
		{"Concurrency", depot, empty, func(o *objectstorage.DownloadDirOptions) { o.Concurrency = -1 }},
	} {
		options := downloadDir()
		if c.change != nil {
			c.change(options)
		}
		_, err := r.objects.DownloadDir(t.Context(), c.container, "", c.dir, options)
		refusedField(t, c.field, err)
	}
	_, err = r.objects.DownloadDir(t.Context(), "nowhere", "", filepath.Join(empty, "new"), nil)
	require.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
	assert.Empty(t, treeOf(t, empty))
	_, err = r.objects.DownloadDir(t.Context(), depot, "", filepath.Join(dir, "file"), nil)
	require.Error(t, err, "there is a file of that name")
	hasTree(t, dir, map[string][]byte{"file": []byte("abc")})
}

// The first failure ends all, and what was done until then is told.
func TestDirsFail(t *testing.T) {
	t.Parallel()
	from := t.TempDir()
	makeTree(t, from, files())
	up := func(ctx context.Context, r *rig, options *objectstorage.UploadDirOptions) (*objectstorage.DirResult, error) {
		options.Files = 1
		return r.objects.UploadDir(ctx, depot, "", from, options)
	}
	down := func(ctx context.Context, r *rig, dir string, options *objectstorage.DownloadDirOptions) (*objectstorage.DirResult, error) {
		options.Files = 1
		return r.objects.DownloadDir(ctx, depot, "", dir, options)
	}
	t.Run("upload", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.cloud.Inject(nhncloudtest.Fault{Method: http.MethodPut, Path: "/a.txt$", Status: http.StatusForbidden})
		result, err := up(t.Context(), r, uploadDir())
		require.ErrorIs(t, err, nhncloud.ErrForbidden)
		assert.Equal(t, objectstorage.DirResult{Transferred: 1, Bytes: 1}, *result)
		assert.Equal(t, []string{".hidden"}, r.list(depot))
	})
	t.Run("upload cancelled", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		ctx, cancel := context.WithCancel(t.Context())
		options := uploadDir()
		options.Progress = func(p nhncloud.TransferProgress) {
			if p.Parts == 2 {
				cancel()
			}
		}
		result, err := up(ctx, r, options)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 2, result.Transferred)
		_, err = up(ctx, r, uploadDir())
		require.ErrorIs(t, err, context.Canceled)
	})
	t.Run("download", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		_, err := up(t.Context(), r, uploadDir())
		require.NoError(t, err)
		r.cloud.Inject(nhncloudtest.Fault{Operation: "objectstorage-get-object", Path: "/a.txt$", Status: http.StatusForbidden})
		dir := t.TempDir()
		result, err := down(t.Context(), r, dir, downloadDir())
		require.ErrorIs(t, err, nhncloud.ErrForbidden)
		assert.Equal(t, objectstorage.DirResult{Transferred: 1, Bytes: 1}, *result)
		assert.Equal(t, []string{".hidden"}, treeOf(t, dir))
	})
	t.Run("download cancelled", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		_, err := up(t.Context(), r, uploadDir())
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		options := downloadDir()
		options.Progress = func(p nhncloud.TransferProgress) {
			if p.Parts == 2 {
				cancel()
			}
		}
		dir := t.TempDir()
		result, err := down(ctx, r, dir, options)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 2, result.Transferred)
		assert.Len(t, treeOf(t, dir), 2)
	})
	t.Run("comparison", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		data := noise(48, 3*smallPart)
		r.putLarge("name", data)
		dir := t.TempDir()
		writeFile(t, dir, "name", data)
		for _, operation := range []string{"objectstorage-head-object", "objectstorage-get-slo-manifest"} {
			fault := r.cloud.Inject(nhncloudtest.Fault{Operation: operation, Status: http.StatusForbidden})
			_, err := r.objects.DownloadDir(t.Context(), depot, "", dir, downloadDir())
			require.ErrorIs(t, err, nhncloud.ErrForbidden)
			_, err = r.objects.UploadDir(t.Context(), depot, "", dir, uploadDir())
			require.ErrorIs(t, err, nhncloud.ErrForbidden)
			assert.Equal(t, 2, fault.Fired())
			fault.Remove()
		}
		hasTree(t, dir, map[string][]byte{"name": data})
		r.holds("name", data)
	})
}
