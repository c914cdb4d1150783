package objectstorage_test

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestFSGlob(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, name := range []string{"logs/2025-12", "logs/2026-01", "logs/2026-02", "logs/[x]", "other/2026-01", "top"} {
		r.put(depot, name, []byte(name))
	}
	fsys := r.fs("")
	plain := struct{ fs.ReadDirFS }{fsys} // on which fs.Glob works by itself
	for _, pattern := range []string{
		"*", "top", "none", "logs/2026-*", "logs/*", "*/2026-01", "*/*", "l*/20[0-9]*", `logs/\[x\]`, "none/*", "top/*", "logs//2*", "/*", "..", "*/none", "logs/2026-01",
	} {
		want, err := fs.Glob(plain, pattern)
		require.NoError(t, err)
		got, err := fsys.Glob(pattern)
		require.NoError(t, err, "%q", pattern)
		assert.Equal(t, want, got, "%q", pattern)
	}
	_, err := fsys.Glob("[")
	require.ErrorContains(t, err, "syntax error in pattern")
	none, err := r.objects.FS(t.Context(), "none", "")
	require.NoError(t, err)
	_, err = none.Glob("*")
	require.ErrorIs(t, err, objectstorage.ErrContainerNotFound)

	var prefixes []string
	r.meddleWith(func(_ string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		prefixes = append(prefixes, req.URL.Query().Get("prefix"))
		return next.RoundTrip(req)
	})
	_, err = fsys.Glob("logs/2026-*")
	require.NoError(t, err)
	assert.Equal(t, "logs/2026-", prefixes[0])
}

// A folder comes page by page, and no further than it is read.
func TestFSFolderPages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 250 {
		r.put(depot, "d/"+strings.Repeat("x", 1+i), []byte("x"))
	}
	dir, err := r.fs("").Open("d")
	require.NoError(t, err)
	sent := r.counting()
	entries, err := dir.(fs.ReadDirFile).ReadDir(3)
	require.NoError(t, err)
	assert.Equal(t, []string{"x", "xx", "xxx"}, namesOf(entries))
	assert.Equal(t, 1, sent.count("objectstorage-list-objects"))
	entries, err = dir.(fs.ReadDirFile).ReadDir(100)
	require.NoError(t, err)
	assert.Len(t, entries, 100)
	assert.Equal(t, 2, sent.count("objectstorage-list-objects"))
	entries, err = dir.(fs.ReadDirFile).ReadDir(-1)
	require.NoError(t, err)
	assert.Len(t, entries, 147)
	entries, err = dir.(fs.ReadDirFile).ReadDir(1)
	assert.Equal(t, io.EOF, err)
	assert.Empty(t, entries)
	_, err = dir.Read(nil)
	require.ErrorContains(t, err, "is a folder")
	require.NoError(t, dir.Close())
	require.ErrorIs(t, dir.Close(), fs.ErrClosed)
	_, err = dir.(fs.ReadDirFile).ReadDir(1)
	require.ErrorIs(t, err, fs.ErrClosed)
	_, err = dir.Stat()
	require.ErrorIs(t, err, fs.ErrClosed)

	broken := errors.New("broken")
	dir, err = r.fs("").Open("d")
	require.NoError(t, err)
	defer dir.Close()
	_, err = dir.(fs.ReadDirFile).ReadDir(50)
	require.NoError(t, err)
	r.meddleWith(func(string, *http.Request, http.RoundTripper) (*http.Response, error) { return nil, broken })
	entries, err = dir.(fs.ReadDirFile).ReadDir(-1)
	require.ErrorIs(t, err, broken)
	require.ErrorIs(t, err, nhncloud.ErrUnavailable)
	assert.Len(t, entries, 50)
}
