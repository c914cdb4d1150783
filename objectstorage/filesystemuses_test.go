package objectstorage_test

import (
	"archive/zip"
	"bytes"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Others' code works on it.
func TestFSUses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	page := []byte("<h1>{{.}}</h1>")
	r.put(depot, "site/index.html", []byte("<p>welcome</p>"))
	r.put(depot, "site/pages/one.html", page)
	r.put(depot, "site/big.bin", noise(1, 300*kib))
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for name, data := range map[string][]byte{"in/side.txt": []byte("inside"), "noise": noise(2, 700*kib)} {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	r.put(depot, "site/archive.zip", archive.Bytes())
	fsys := r.fs("site")

	t.Run("fs.WalkDir", func(t *testing.T) {
		var paths []string
		require.NoError(t, fs.WalkDir(fsys, ".", func(path string, entry fs.DirEntry, err error) error {
			paths = append(paths, path)
			return err
		}))
		assert.Equal(t, []string{".", "archive.zip", "big.bin", "index.html", "pages", "pages/one.html"}, paths)
	})
	t.Run("template.ParseFS", func(t *testing.T) {
		parsed, err := template.ParseFS(fsys, "pages/*.html")
		require.NoError(t, err)
		var out strings.Builder
		require.NoError(t, parsed.ExecuteTemplate(&out, "one.html", "<3"))
		assert.Equal(t, "<h1>&lt;3</h1>", out.String())
	})
	t.Run("zip.NewReader", func(t *testing.T) {
		file, err := fsys.Open("archive.zip")
		require.NoError(t, err)
		defer file.Close()
		sent := r.counting()
		reader, err := zip.NewReader(file.(io.ReaderAt), int64(archive.Len()))
		require.NoError(t, err)
		require.NoError(t, fstest.TestFS(reader, "in/side.txt", "noise"))
		assert.Less(t, sent.count("objectstorage-get-object"), 100, "not a request for every 4 KiB")
		data, err := fs.ReadFile(reader, "noise")
		require.NoError(t, err)
		assert.Equal(t, digestOf(noise(2, 700*kib)), digestOf(data))
	})
	t.Run("http.FileServerFS", func(t *testing.T) {
		server := httptest.NewServer(http.FileServerFS(fsys))
		defer server.Close()
		get := func(path, ranges string) (*http.Response, []byte) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
			require.NoError(t, err)
			if ranges != "" {
				request.Header.Set("Range", ranges)
			}
			resp, err := server.Client().Do(request)
			require.NoError(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			return resp, body
		}
		resp, body := get("/", "")
		assert.Equal(t, "<p>welcome</p>", string(body))
		assert.Equal(t, "text/html; charset=utf-8", resp.Header.Get("Content-Type"))
		resp, body = get("/pages/", "")
		assert.Equal(t, http.StatusOK, resp.StatusCode)
		assert.Contains(t, string(body), `<a href="one.html">`)
		resp, _ = get("/none", "")
		assert.Equal(t, http.StatusNotFound, resp.StatusCode)
		sent := r.counting()
		resp, body = get("/big.bin", "")
		assert.Equal(t, http.StatusOK, resp.StatusCode)
		assert.Equal(t, digestOf(noise(1, 300*kib)), digestOf(body))
		assert.Equal(t, 1, sent.count("objectstorage-head-object"))
		assert.Equal(t, 1, sent.count("objectstorage-get-object"), "though its beginning is looked at for the type")
		resp, body = get("/big.bin", "bytes=1000-1999")
		assert.Equal(t, http.StatusPartialContent, resp.StatusCode)
		assert.Equal(t, noise(1, 300*kib)[1000:2000], body)
	})
}
