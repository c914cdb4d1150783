package objectstorage_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// open opens an object of the container of most tests, until the test ends.
func (r *rig) open(t *testing.T, name string) *objectstorage.File {
	t.Helper()
	file, err := r.objects.Open(context.Background(), depot, name)
	require.NoError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	return file
}

const opGet = "objectstorage-get-object"

func TestFile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(1, 300*kib)
	r.put(depot, "x", data)
	r.put(depot, "empty", nil)

	t.Run("reads as others do", func(t *testing.T) {
		require.NoError(t, iotest.TestReader(r.open(t, "x"), data))
		require.NoError(t, iotest.TestReader(r.open(t, "empty"), nil))
	})
	t.Run("from beginning to end with one request", func(t *testing.T) {
		file := r.open(t, "x")
		sent := r.counting()
		got, err := io.ReadAll(iotest.OneByteReader(io.LimitReader(file, 1000)))
		require.NoError(t, err)
		rest, err := io.ReadAll(iotest.HalfReader(file))
		require.NoError(t, err)
		assert.Equal(t, digestOf(data), digestOf(append(got, rest...)))
		assert.Equal(t, 1, sent.count(opGet))
		n, err := file.Read(make([]byte, 1))
		assert.Zero(t, n)
		assert.Equal(t, io.EOF, err)
		assert.Equal(t, 1, sent.count(opGet))
	})
	t.Run("seeking", func(t *testing.T) {
		file := r.open(t, "x")
		sent := r.counting()
		read := func(from int64, n int) {
			t.Helper()
			at, err := file.Seek(from, io.SeekStart)
			require.NoError(t, err)
			assert.Equal(t, from, at)
			got := make([]byte, n)
			_, err = io.ReadFull(file, got)
			require.NoError(t, err)
			assert.Equal(t, data[from:from+int64(n)], got)
		}
		end, err := file.Seek(0, io.SeekEnd)
		require.NoError(t, err)
		assert.EqualValues(t, len(data), end)
		assert.Zero(t, sent.count(opGet), "a seek sends nothing")
		read(0, 100)
		read(0, 512)
		read(400, 2000)
		read(10_000, 1000)
		assert.Equal(t, 1, sent.count(opGet), "a step forward, and back into the beginning")
		read(200*kib, 10)
		assert.Equal(t, 2, sent.count(opGet), "a leap")
		read(100*kib, 10)
		assert.Equal(t, 3, sent.count(opGet), "a leap back")
		read(int64(len(data)-1), 1)
		assert.Equal(t, 4, sent.count(opGet))
		for _, bad := range []struct {
			offset int64
			whence int
		}{{-1, io.SeekStart}, {0, 7}, {-int64(len(data)) - 1, io.SeekEnd}} {
			_, err := file.Seek(bad.offset, bad.whence)
			require.ErrorIs(t, err, fs.ErrInvalid)
		}
		_, err = file.Seek(1<<40, io.SeekStart)
		require.NoError(t, err)
		_, err = file.Read(make([]byte, 1))
		assert.Equal(t, io.EOF, err)
	})
	t.Run("pieces", func(t *testing.T) {
		file := r.open(t, "x")
		sent := r.counting()
		got, err := io.ReadAll(io.NewSectionReader(struct{ io.ReaderAt }{file}, 0, int64(len(data))))
		require.NoError(t, err)
		assert.Equal(t, digestOf(data), digestOf(got))
		assert.Less(t, sent.count(opGet), 10)
		p := make([]byte, 100)
		n, err := file.ReadAt(p, int64(len(data)-10))
		assert.Equal(t, io.EOF, err)
		assert.Equal(t, data[len(data)-10:], p[:n])
		_, err = file.ReadAt(p, -1)
		require.ErrorIs(t, err, fs.ErrInvalid)
		n, err = file.ReadAt(nil, 5)
		require.NoError(t, err)
		assert.Zero(t, n)
	})
	t.Run("pieces at once", func(t *testing.T) {
		file := r.open(t, "x")
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for j := range 20 {
					p, from := make([]byte, 1+100*i), (i*31+j*1999)%(len(data)-1000)
					_, err := file.ReadAt(p, int64(from))
					assert.NoError(t, err)
					assert.Equal(t, data[from:from+len(p)], p)
				}
			})
		}
		all.Wait()
	})
	t.Run("closed", func(t *testing.T) {
		file := r.open(t, "x")
		_, err := io.CopyN(io.Discard, file, 10)
		require.NoError(t, err)
		assert.Equal(t, `object "x" in container "depot"`, file.String())
		require.NoError(t, file.Close())
		for name, call := range map[string]func() error{
			"close": file.Close,
			"read":  func() error { _, err := file.Read(make([]byte, 1)); return err },
			"at":    func() error { _, err := file.ReadAt(make([]byte, 1), 0); return err },
			"seek":  func() error { _, err := file.Seek(0, io.SeekStart); return err },
			"stat":  func() error { _, err := file.Stat(); return err },
		} {
			require.ErrorIs(t, call(), fs.ErrClosed, name)
		}
	})
}

// What is read is of the object that was opened, or fails.
func TestFileChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data, other := noise(1, 200*kib), noise(2, 200*kib)
	r.put(depot, "x", data)
	file, late := r.open(t, "x"), r.open(t, "x")
	_, err := io.CopyN(io.Discard, file, 1000)
	require.NoError(t, err)
	r.put(depot, "x", other)
	p := make([]byte, 10)
	for name, call := range map[string]func() error{
		"from the beginning": func() error { _, err := late.Read(p); return err },
		"a piece":            func() error { _, err := late.ReadAt(p, 0); return err },
		"pieces":             func() error { _, err := late.ReadAt(p, 10); return err },
		"after a seek": func() error {
			_, _ = file.Seek(150*kib, io.SeekStart)
			_, err := file.Read(p)
			return err
		},
	} {
		err := call()
		e := failsAs(t, nhncloud.ErrPreconditionFailed, err)
		assert.Contains(t, e.Error(), "the object was replaced since it was opened", name)
	}
	require.NoError(t, r.objects.Delete(t.Context(), depot, "x"))
	_, err = late.Read(p)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "the object was deleted since it was opened")
}

// Without ETags, which a dynamic large object of very many segments has none of,
// it is the time that tells.
func TestFileWithoutETag(t *testing.T) {
	t.Parallel()
	const list = "objectstorage-list-objects"
	const stamp, size = "1653923802.28970", 7
	reading := func(t *testing.T, getStamp string) ([]byte, error) {
		r := newRig(t)
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			resp := answer(http.StatusOK)
			resp.Header.Set("X-Object-Manifest", "seg%20ments/a/")
			resp.Header.Set("X-Timestamp", stamp)
			resp.ContentLength = -1
			switch operation {
			case list:
				assert.Contains(t, req.URL.Path, "/seg ments")
				if req.URL.Query().Get("marker") == "" {
					return textAnswer(`[{"name": "a/1", "bytes": 3}, {"name": "a/2", "bytes": 4}]`), nil
				}
				return textAnswer(`[]`), nil
			case opGet:
				resp.Header.Set("X-Timestamp", getStamp)
				resp.Header.Set("Content-Range", "bytes 0-6/7")
				resp.StatusCode = http.StatusPartialContent
				resp.Body = io.NopCloser(strings.NewReader("abcdefg"))
			}
			return resp, nil
		})
		file := r.open(t, "x")
		assert.EqualValues(t, size, file.Object().Size)
		p := make([]byte, size)
		n, err := file.ReadAt(p, 0)
		return p[:n], err
	}
	got, err := reading(t, stamp)
	require.NoError(t, err)
	assert.Equal(t, "abcdefg", string(got))
	_, err = reading(t, "1653923999.00000")
	require.ErrorIs(t, err, nhncloud.ErrPreconditionFailed)

	r := newRig(t)
	r.meddleWith(func(string, *http.Request, http.RoundTripper) (*http.Response, error) {
		resp := answer(http.StatusOK)
		resp.Header.Set("X-Timestamp", stamp)
		return resp, nil
	})
	_, err = r.objects.Open(t.Context(), depot, "x")
	require.ErrorIs(t, err, nhncloud.ErrBadAnswer, "nothing tells the size")
}

// A broken connection goes on where it broke, and what can't go on fails.
func TestFileBroken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(1, 200*kib)
	r.put(depot, "x", data)
	file := r.open(t, "x")
	broken := 0
	r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if broken++; err == nil && broken == 1 {
			resp.Body = readCloser(io.LimitReader(resp.Body, 50*kib), resp.Body)
		}
		return resp, err
	})
	got, err := io.ReadAll(file)
	require.NoError(t, err)
	assert.Equal(t, digestOf(data), digestOf(got))
	assert.Equal(t, 2, broken)

	ctx, cancel := context.WithCancel(t.Context())
	file, err = r.objects.Open(ctx, depot, "x")
	require.NoError(t, err)
	defer file.Close()
	_, err = io.CopyN(io.Discard, file, 1000)
	require.NoError(t, err)
	cancel()
	_, err = io.Copy(io.Discard, file)
	require.ErrorIs(t, err, context.Canceled)
	_, err = file.ReadAt(make([]byte, 10), 0)
	require.ErrorIs(t, err, context.Canceled)
	_, err = file.Seek(100, io.SeekCurrent)
	require.NoError(t, err)
	_, err = file.Read(make([]byte, 10))
	require.ErrorIs(t, err, context.Canceled, "nor on with the stream")
}

// An object goes out as a file that a web server has.
func TestFileServeContent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(1, 100*kib)
	_, err := r.objects.Put(t.Context(), depot, "a b.dat", bytes.NewReader(data), &objectstorage.PutOptions{ContentType: "application/x-data"})
	require.NoError(t, err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		file, err := r.objects.Open(req.Context(), depot, "a b.dat")
		if !assert.NoError(t, err) {
			return
		}
		defer file.Close()
		object := file.Object()
		w.Header().Set("ETag", strconv.Quote(object.ETag))
		w.Header().Set("Content-Type", object.ContentType)
		http.ServeContent(w, req, object.Name, object.LastModified, file)
	}))
	defer server.Close()
	etag := strconv.Quote(digestOf(data))
	for name, test := range map[string]struct {
		method string
		header []string
		status int
		body   []byte
		gets   int
	}{
		"whole":         {http.MethodGet, nil, http.StatusOK, data, 1},
		"HEAD":          {http.MethodHead, nil, http.StatusOK, nil, 0},
		"range":         {http.MethodGet, []string{"Range", "bytes=50000-50099"}, http.StatusPartialContent, data[50000:50100], 1},
		"last":          {http.MethodGet, []string{"Range", "bytes=-5"}, http.StatusPartialContent, data[len(data)-5:], 1},
		"beyond":        {http.MethodGet, []string{"Range", "bytes=999999-"}, http.StatusRequestedRangeNotSatisfiable, []byte("invalid range: failed to overlap\n"), 0},
		"If-None-Match": {http.MethodGet, []string{"If-None-Match", etag}, http.StatusNotModified, nil, 0},
		"If-Match":      {http.MethodGet, []string{"If-Match", `"other"`}, http.StatusPreconditionFailed, nil, 0},
		"If-Range":      {http.MethodGet, []string{"Range", "bytes=1-2", "If-Range", etag}, http.StatusPartialContent, data[1:3], 1},
	} {
		sent := r.counting()
		request, err := http.NewRequestWithContext(t.Context(), test.method, server.URL, nil)
		require.NoError(t, err)
		fields(test.header).set(request.Header)
		resp, err := server.Client().Do(request)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, test.status, resp.StatusCode, name)
		assert.Equal(t, digestOf(test.body), digestOf(body), name)
		assert.Equal(t, test.gets, sent.count(opGet), name)
		if test.status < 300 {
			assert.Equal(t, "application/x-data", resp.Header.Get("Content-Type"), name)
			assert.Equal(t, etag, resp.Header.Get("ETag"), name)
		}
	}
	server.Client().CloseIdleConnections()
}
