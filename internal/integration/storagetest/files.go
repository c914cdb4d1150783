package storagetest

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// files are what a container is as a file system.
func (s *suite) files(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	for _, name := range []string{"a.txt", "b-1", "b/c.txt", "b/d e/한글 100%", "both", "both/in", "no//path", "/none", "slash/"} {
		s.put(t, container, name, []byte(name))
	}
	s.put(t, container, "empty", nil)
	for _, name := range []string{"b", "void"} {
		_, err := s.storage.Objects.Put(ctx, container, name, strings.NewReader(""), &objectstorage.PutOptions{ContentType: "application/directory"})
		require.NoError(t, err)
	}
	b := content(2*partSize + 1)
	s.large(t, container, "static", b, nil)
	s.large(t, container, "dynamic", b, func(o *objectstorage.UploadOptions) { o.Dynamic = true })

	fsys, err := s.storage.Objects.FS(ctx, container, "")
	require.NoError(t, err)
	require.NoError(t, fstest.TestFS(fsys, "a.txt", "b/c.txt", "b/d e/한글 100%", "both", "empty", "static", "dynamic", "void", "slash"))
	in, err := s.storage.Objects.FS(ctx, container, "b")
	require.NoError(t, err)
	require.NoError(t, fstest.TestFS(in, "c.txt", "d e/한글 100%"))
	names, err := fs.Glob(fsys, "b*/*.txt")
	require.NoError(t, err)
	assert.Equal(t, []string{"b/c.txt"}, names)
	_, err = fs.Stat(fsys, "none")
	require.ErrorIs(t, err, fs.ErrNotExist)
	for _, name := range []string{"static", "dynamic"} {
		got, err := fs.ReadFile(fsys, name)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(b, got), name)
	}
}

// served is an object that a web server gives on.
func (s *suite) served(t *testing.T) {
	container := s.container(t)
	b := content(100_000)
	s.put(t, container, "x", b)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, err := s.storage.Objects.Open(r.Context(), container, "x")
		if !assert.NoError(t, err) {
			return
		}
		defer file.Close()
		w.Header().Set("ETag", strconv.Quote(file.Object().ETag))
		http.ServeContent(w, r, "x", file.Object().LastModified, file)
	}))
	defer server.Close()
	get := func(field, value string) (int, []byte) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		require.NoError(t, err)
		request.Header.Set(field, value)
		resp, err := server.Client().Do(request)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, body
	}
	status, body := get("Accept", "*/*")
	assert.Equal(t, http.StatusOK, status)
	assert.True(t, bytes.Equal(b, body))
	status, body = get("Range", "bytes=50000-50009")
	assert.Equal(t, http.StatusPartialContent, status)
	assert.True(t, bytes.Equal(b[50000:50010], body))
	status, _ = get("If-None-Match", strconv.Quote(md5Of(b)))
	assert.Equal(t, http.StatusNotModified, status)
}

// replaced is an object that is another one than was opened.
func (s *suite) replaced(t *testing.T) {
	container := s.container(t)
	s.put(t, container, "x", content(100_000))
	file, err := s.storage.Objects.Open(t.Context(), container, "x")
	require.NoError(t, err)
	defer file.Close()
	p := make([]byte, 10)
	_, err = file.ReadAt(p, 50_000)
	require.NoError(t, err)
	s.put(t, container, "x", content(100_000))
	_, err = file.Read(p)
	require.ErrorIs(t, err, nhncloud.ErrPreconditionFailed)
	_, err = file.ReadAt(p, 10)
	require.ErrorIs(t, err, nhncloud.ErrPreconditionFailed)
	require.NoError(t, s.storage.Objects.Delete(t.Context(), container, "x"))
	_, err = file.ReadAt(p, 10)
	require.ErrorIs(t, err, fs.ErrNotExist)
}
