package objectstorage_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

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
			r.meddleWith(replacing(t, func() error { return c.change(path) }))
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

// replacing changes something between the look at a folder and the sending of
// its files.
func replacing(t *testing.T, change func() error) meddler {
	return func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		if operation == "objectstorage-list-objects" && req.URL.Query().Get("marker") == "" {
			assert.NoError(t, change())
		}
		return next.RoundTrip(req)
	}
}
