package objectstorage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
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
			whole := objectstorage.Progress{Done: total, Total: total, Parts: len(want), Count: len(want)}

			for i, want := range []objectstorage.DirResult{moved, unchanged, moved} {
				story := &story{t: t}
				options := uploadDir()
				options.Progress = story.tell
				options.Force = i == 2
				result, err := r.objects.UploadDir(t.Context(), depot, prefix, from, options)
				require.NoError(t, err)
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
	assert.Equal(t, objectstorage.DirResult{Transferred: 3, Unchanged: len(want) - 3, Bytes: 10 + 3*smallPart + 1 + 1}, *result)

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

func TestUploadDirLinks(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	writeFile(t, outside, "secret", []byte("secret"))
	for name, c := range map[string]struct {
		link  string // where "link" leads
		want  [3][]string
		fails [3]bool
	}{
		"none":          {want: [3][]string{{"dir/file"}, {"dir/file"}, {"dir/file"}}},
		"to a file":     {link: "dir/file", want: [3][]string{{"dir/file"}, {"dir/file", "link"}, {}}, fails: [3]bool{2: true}},
		"to a folder":   {link: "dir", want: [3][]string{{"dir/file"}, {"dir/file"}, {}}, fails: [3]bool{2: true}},
		"out":           {link: filepath.Join(outside, "secret"), want: [3][]string{{"dir/file"}, {}, {}}, fails: [3]bool{1: true, 2: true}},
		"to its parent": {link: "..", want: [3][]string{{"dir/file"}, {}, {}}, fails: [3]bool{1: true, 2: true}},
		"to nothing":    {link: "missing", want: [3][]string{{"dir/file"}, {}, {}}, fails: [3]bool{1: true, 2: true}},
	} {
		for _, choice := range []objectstorage.Symlinks{objectstorage.SymlinksSkip, objectstorage.SymlinksFollow, objectstorage.SymlinksRefuse} {
			t.Run(fmt.Sprintf("%s/%d", name, choice), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				dir := t.TempDir()
				writeFile(t, dir, "dir/file", []byte("abc"))
				if c.link != "" {
					require.NoError(t, os.Symlink(c.link, filepath.Join(dir, "link")))
				}
				_, err := r.objects.UploadDir(t.Context(), depot, "", dir, &objectstorage.UploadDirOptions{Symlinks: choice})
				if c.fails[choice] {
					require.ErrorAs(t, err, new(*nhncloud.Error))
				} else {
					require.NoError(t, err)
				}
				assert.Equal(t, c.want[choice], r.list(depot))
			})
		}
	}
}

// A file that vanishes or changes between the walk and its turn.
func TestUploadDirChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(path string) error
		want   string // what the object has; "" where it fails
	}{
		"vanishes": {change: os.Remove},
		"grows":    {change: func(path string) error { return appendTo(path, []byte("def")) }, want: "abcdef"},
		"is the same": {
			change: func(path string) error {
				return errors.Join(os.Remove(path), os.WriteFile(path, []byte("old"), 0o666))
			},
			want: "old",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.put(depot, "file", []byte("old"))
			dir := t.TempDir()
			path := writeFile(t, dir, "file", []byte("abc"))
			r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
				if operation == "objectstorage-list-objects" && req.URL.Query().Get("marker") == "" {
					assert.NoError(t, c.change(path))
				}
				return next.RoundTrip(req)
			})
			result, err := r.objects.UploadDir(t.Context(), depot, "", dir, nil)
			r.leaveAlone()
			if c.want == "" {
				require.ErrorIs(t, err, os.ErrNotExist)
				assert.Equal(t, objectstorage.DirResult{}, *result)
				r.holds("file", []byte("old"))
				return
			}
			require.NoError(t, err)
			assert.EqualValues(t, len(c.want)*result.Transferred, result.Bytes)
			r.holds("file", []byte(c.want))
		})
	}
	t.Run("while it is sent", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		dir := t.TempDir()
		path := writeFile(t, dir, "file", noise(47, 4*smallPart))
		var once atomic.Bool
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-put-segment" && once.CompareAndSwap(false, true) {
				assert.NoError(t, appendTo(path, []byte("more")))
			}
			return next.RoundTrip(req)
		})
		_, err := r.objects.UploadDir(t.Context(), depot, "", dir, uploadDir())
		require.ErrorContains(t, err, "the file changed while it was sent")
		assert.Empty(t, r.list(depot))
		assert.Empty(t, r.list(depotSegments))
	})
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
		options.Progress = func(p objectstorage.Progress) {
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
		options.Progress = func(p objectstorage.Progress) {
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
