package objectstorage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// fs returns what is below a prefix in the container of most tests.
func (r *rig) fs(prefix string) *objectstorage.FS {
	r.t.Helper()
	fsys, err := r.objects.FS(context.Background(), depot, prefix)
	require.NoError(r.t, err)
	return fsys
}

// mark makes an object that stands for a folder.
func (r *rig) mark(name string) {
	r.t.Helper()
	_, err := r.objects.Put(context.Background(), depot, name, strings.NewReader(""), &objectstorage.PutOptions{ContentType: "application/directory"})
	require.NoError(r.t, err)
}

// namesOf are the names of entries, of folders with a slash.
func namesOf(entries []fs.DirEntry) []string {
	names := []string{}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() {
			name += "/"
		}
		names = append(names, name)
	}
	return names
}

func TestFS(t *testing.T) {
	t.Parallel()
	t.Run("files and folders", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		names := []string{"a.txt", "b/c.txt", "b/d/e.txt", "b/d/f g.txt", "b-1", "b.txt", "한글/파일.txt", "empty"}
		for i, name := range names {
			r.put(depot, name, noise(uint64(i), 1000*i))
		}
		require.NoError(t, fstest.TestFS(r.fs(""), append(names, "b", "b/d", "한글")...))
		sub, err := fs.Sub(r.fs(""), "b")
		require.NoError(t, err)
		require.NoError(t, fstest.TestFS(sub, "c.txt", "d/e.txt"))
		require.NoError(t, fstest.TestFS(r.fs("b/"), "c.txt", "d/e.txt"))
		same, err := sub.(fs.SubFS).Sub(".")
		require.NoError(t, err)
		assert.Equal(t, sub, same)
		data, err := fs.ReadFile(r.fs("b"), "d/f g.txt")
		require.NoError(t, err)
		assert.Equal(t, noise(3, 3000), data)
	})
	t.Run("names that are no paths", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		for _, name := range []string{"a//b", "/lead", "ok/x", "ok//y", "ok/", "only//deep", "trail/"} {
			r.put(depot, name, []byte(name))
		}
		require.NoError(t, fstest.TestFS(r.fs(""), "ok/x"))
		entries, err := r.fs("").ReadDir(".")
		require.NoError(t, err)
		assert.Equal(t, []string{"a/", "ok/", "only/", "trail/"}, namesOf(entries))
		for _, name := range []string{"a//b", "/lead", "ok/", "../ok/x", "./ok", "", "\xff"} {
			_, err := r.fs("").Open(name)
			require.ErrorIs(t, err, fs.ErrInvalid, "%q", name)
			_, err = r.fs("").ReadFile(name)
			require.ErrorIs(t, err, fs.ErrInvalid, "%q", name)
			_, err = r.fs("").ReadDir(name)
			require.ErrorIs(t, err, fs.ErrInvalid, "%q", name)
			_, err = r.fs("").Sub(name)
			require.ErrorIs(t, err, fs.ErrInvalid, "%q", name)
		}
		for prefix, name := range map[string]string{"a//": "b", "/": "lead", "only//": "deep"} {
			require.NoError(t, fstest.TestFS(r.fs(prefix), name), "a prefix reaches them")
		}
	})
	t.Run("file and folder of one name", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		for _, name := range []string{"a", "a-b", "a.txt", "a/b", "a/b/c", "aa/x"} {
			r.put(depot, name, []byte(name))
		}
		require.NoError(t, fstest.TestFS(r.fs(""), "a", "a-b", "a.txt", "aa/x"))
		entries, err := r.fs("").ReadDir(".")
		require.NoError(t, err)
		assert.Equal(t, []string{"a", "a-b", "a.txt", "aa/"}, namesOf(entries))
		data, err := r.fs("").ReadFile("a/b/c")
		require.NoError(t, err)
		assert.Equal(t, "a/b/c", string(data))
		entries, err = r.fs("").ReadDir("a")
		require.NoError(t, err)
		assert.Equal(t, []string{"b"}, namesOf(entries))
	})
	t.Run("marked folders", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.mark("dir")
		r.mark("dir/")
		r.mark("void")
		r.mark("slash/")
		r.put(depot, "dir/x", []byte("x"))
		r.put(depot, "dir-y", []byte("y"))
		fsys := r.fs("")
		require.NoError(t, fstest.TestFS(fsys, "dir", "dir/x", "dir-y", "void", "slash"))
		entries, err := fsys.ReadDir("void")
		require.NoError(t, err)
		assert.Empty(t, entries)
		_, err = fsys.ReadFile("void")
		require.ErrorContains(t, err, "is a folder")
	})
	t.Run("nothing", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		require.NoError(t, fstest.TestFS(r.fs("")))
		_, err := r.fs("folder").Open(".")
		require.ErrorIs(t, err, fs.ErrNotExist)
		_, err = r.fs("/").Stat(".")
		require.ErrorIs(t, err, fs.ErrNotExist)
		r.put(depot, "file", []byte("x"))
		_, err = r.fs("file").Stat(".")
		require.ErrorContains(t, err, "is not a folder")
	})
	t.Run("large objects", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		data := noise(7, 5*smallPart+3)
		r.putLarge("static", data)
		options := inParts()
		options.Dynamic = true
		_, err := r.objects.Upload(t.Context(), depot, "dynamic", bytes.NewReader(data), options)
		require.NoError(t, err)
		fsys := r.fs("")
		require.NoError(t, fstest.TestFS(fsys, "static", "dynamic"))
		for _, name := range []string{"static", "dynamic"} {
			info, err := fsys.Stat(name)
			require.NoError(t, err)
			assert.EqualValues(t, len(data), info.Size())
			got, err := fsys.ReadFile(name)
			require.NoError(t, err)
			assert.Equal(t, digestOf(data), digestOf(got))
		}
	})
}

func TestFSFailures(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.put(depot, "a/b.txt", []byte("b"))
	for name, call := range map[string]func(fsys *objectstorage.FS, path string) error{
		"open":     func(fsys *objectstorage.FS, path string) error { _, err := fsys.Open(path); return err },
		"stat":     func(fsys *objectstorage.FS, path string) error { _, err := fsys.Stat(path); return err },
		"read":     func(fsys *objectstorage.FS, path string) error { _, err := fsys.ReadFile(path); return err },
		"read dir": func(fsys *objectstorage.FS, path string) error { _, err := fsys.ReadDir(path); return err },
		"sub": func(fsys *objectstorage.FS, path string) error {
			sub, err := fsys.Sub(path)
			require.NoError(t, err)
			_, err = fs.Stat(sub, ".")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			var path *fs.PathError
			for _, missing := range []string{"c.txt", "a/c", "a/b.txt/c", strings.Repeat("x", 1025)} {
				err := call(r.fs(""), missing)
				require.ErrorIs(t, err, fs.ErrNotExist, "%q", missing)
				require.ErrorAs(t, err, &path)
			}
			none, err := r.objects.FS(t.Context(), "none", "")
			require.NoError(t, err)
			err = call(none, "a/b.txt")
			require.ErrorIs(t, err, fs.ErrNotExist)
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			gone, err := r.objects.FS(ended, depot, "")
			require.NoError(t, err)
			require.ErrorIs(t, call(gone, "a/b.txt"), context.Canceled)
		})
	}
	_, err := r.fs("").ReadDir("a/b.txt")
	require.ErrorContains(t, err, "is not a folder")
	_, err = r.fs("").ReadFile(".")
	require.ErrorContains(t, err, "is a folder")

	r.meddleWith(func(string, *http.Request, http.RoundTripper) (*http.Response, error) {
		return answer(http.StatusForbidden), nil
	})
	defer r.leaveAlone()
	_, err = r.fs("").Open("a/b.txt")
	require.ErrorIs(t, err, fs.ErrPermission)
	_, err = r.fs("").ReadDir("a")
	require.ErrorIs(t, err, fs.ErrPermission)
	_, err = r.fs("").Glob("a/*")
	require.ErrorIs(t, err, fs.ErrPermission)
	_, err = r.fs("").Glob("a")
	require.ErrorIs(t, err, fs.ErrPermission)
}

func TestFSRefusals(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.objects.FS(t.Context(), "", "")
	refusedField(t, "Container", err)
	_, err = r.objects.FS(t.Context(), depot, "a/../b")
	refusedField(t, "Prefix", err)
	_, err = r.objects.Open(t.Context(), depot, "")
	refusedField(t, "Object", err)
}

// What there is to tell of files and folders.
func TestFSInfo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.put(depot, "d/x.txt", []byte("12345"))
	fsys := r.fs("")
	assert.Equal(t, `container "depot", prefix "d/"`, r.fs("d").String())
	info, err := fsys.Stat("d/x.txt")
	require.NoError(t, err)
	object, err := r.objects.Head(t.Context(), depot, "d/x.txt")
	require.NoError(t, err)
	assert.Equal(t, object, info.Sys())
	assert.Equal(t, object.Timestamp, info.ModTime())
	assert.Equal(t, fs.FormatFileInfo(info), info.(fmt.Stringer).String())

	entries, err := fsys.ReadDir("d")
	require.NoError(t, err)
	sent := r.counting()
	listed, err := entries[0].Info()
	require.NoError(t, err)
	assert.Zero(t, sent.count("objectstorage-head-object"), "the listing tells")
	assert.Equal(t, object.ETag, listed.Sys().(*objectstorage.Object).ETag)
	assert.Equal(t, info.ModTime(), listed.ModTime())
	assert.Equal(t, "- x.txt", entries[0].(fmt.Stringer).String())

	info, err = fsys.Stat("d")
	require.NoError(t, err)
	assert.True(t, info.IsDir())
	assert.Nil(t, info.Sys())
	assert.Zero(t, info.Size())
	assert.True(t, info.ModTime().IsZero())

	r.meddleWith(func(_ string, _ *http.Request, _ http.RoundTripper) (*http.Response, error) {
		resp := answer(http.StatusOK)
		resp.Header.Set("ETag", digestOf(nil))
		resp.Header.Set("Last-Modified", "Mon, 30 May 2022 15:16:43 GMT")
		resp.Header.Set("Content-Length", "0")
		return resp, nil
	})
	info, err = fsys.Stat("x")
	require.NoError(t, err)
	assert.Equal(t, time.Date(2022, 5, 30, 15, 16, 43, 0, time.UTC), info.ModTime(), "where no time tells more")
}

// A file is read whole, however much is announced of it, or not at all.
func TestFSReadFile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(1, 100*kib)
	r.put(depot, "x", data)
	cut := errors.New("cut")
	for name, test := range map[string]struct {
		change func(*http.Response)
		err    error
	}{
		"announced":  {func(*http.Response) {}, nil},
		"unknown":    {func(resp *http.Response) { resp.ContentLength = -1 }, nil},
		"other":      {func(resp *http.Response) { resp.Body = readCloser(bytes.NewReader(noise(2, 100*kib)), resp.Body) }, nhncloud.ErrChecksumMismatch},
		"broken off": {func(resp *http.Response) { resp.Body = readCloser(iotest.ErrReader(cut), resp.Body) }, cut},
	} {
		r.meddleWith(func(_ string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if err == nil {
				test.change(resp)
			}
			return resp, err
		})
		got, err := r.fs("").ReadFile("x")
		if test.err != nil {
			require.ErrorIs(t, err, test.err, name)
			assert.Nil(t, got)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, digestOf(data), digestOf(got), name)
	}
}

// readCloser reads something else in place of a body.
func readCloser(r io.Reader, body io.Closer) io.ReadCloser {
	return struct {
		io.Reader
		io.Closer
	}{r, body}
}
