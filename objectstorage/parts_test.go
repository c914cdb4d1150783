package objectstorage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// What is read only once can fail anywhere.
func TestUploadUnreadable(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	for name, c := range map[string]struct {
		good  int // bytes before it fails
		cause error
	}{
		"at once":            {0, broken},
		"first part":         {10, broken},
		"after one part":     {smallPart, broken},
		"in the middle":      {5*smallPart + 10, broken},
		"between parts":      {5 * smallPart, broken},
		"broke off":          {10, io.ErrUnexpectedEOF},
		"broke off later":    {5*smallPart + 10, io.ErrUnexpectedEOF},
		"wrapped end":        {5*smallPart + 10, fmt.Errorf("connection lost: %w", io.EOF)},
		"cancelled by other": {5*smallPart + 10, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.put(depot, "name", []byte("old"))
			source := io.MultiReader(bytes.NewReader(noise(8, c.good)), iotest.ErrReader(c.cause))
			_, err := r.objects.Upload(t.Context(), depot, "name", source, inParts())
			require.ErrorIs(t, err, c.cause)
			failure := new(nhncloud.Error)
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, "content", failure.Field)
			assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
			assert.Empty(t, r.list(depotSegments))
			r.holds("name", []byte("old"))
		})
	}
	t.Run("no progress", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		for name, source := range map[string]io.Reader{
			"once":    stuck{once(noise(8, 5*smallPart+10))},
			"seeker":  struct{ io.ReadSeeker }{&stuckSeeker{ReadSeeker: bytes.NewReader(noise(8, 8*smallPart)), good: 5*smallPart + 10}},
			"at once": stuck{once(nil)},
		} {
			_, err := r.objects.Upload(t.Context(), depot, "name", source, inParts())
			require.ErrorIs(t, err, io.ErrNoProgress, name)
			refusedField(t, "content", err)
			assert.Empty(t, r.list(depotSegments))
		}
	})
	t.Run("reader at", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.put(depot, "name", []byte("old"))
		source := &failingAt{bytes.NewReader(noise(8, 8*smallPart)), 5 * smallPart, broken}
		_, err := r.objects.Upload(t.Context(), depot, "name", source, inParts())
		require.ErrorIs(t, err, broken)
		assert.Empty(t, r.list(depotSegments))
		r.holds("name", []byte("old"))
	})
}

// failingAt fails to read from an offset on.
type failingAt struct {
	*bytes.Reader
	from int64
	err  error
}

func (f *failingAt) ReadAt(p []byte, offset int64) (int, error) {
	if offset+int64(len(p)) > f.from {
		return 0, f.err
	}
	return f.Reader.ReadAt(p, offset)
}

// A read that never ends does not keep a cancelled upload.
func TestUploadStuckReader(t *testing.T) {
	t.Parallel()
	for _, good := range []int{0, 3 * smallPart} {
		t.Run(fmt.Sprint(good), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			ctx, cancel := context.WithCancel(t.Context())
			in, out := io.Pipe()
			go func() {
				_, _ = out.Write(noise(9, good))
				_, _ = out.Write([]byte("x")) // when this returns, a further read hangs
				cancel()
			}()
			_, err := r.objects.Upload(ctx, depot, "name", in, inParts())
			assert.ErrorIs(t, err, context.Canceled)
			assert.Empty(t, r.list(depotSegments))
			assert.Empty(t, r.list(depot))
			require.NoError(t, out.Close()) // ends the read
		})
	}
}

// What is sent is not kept in memory.
func TestUploadMemory(t *testing.T) {
	const workers, size = 4, 64 << 20
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, make([]byte, size), 0o666))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch {
		case r.Method == http.MethodHead:
			w.WriteHeader(http.StatusNotFound)
		case r.Method == http.MethodGet:
			_, _ = io.WriteString(w, "[]")
		default:
			w.Header().Set("ETag", r.Header.Get("ETag"))
			w.WriteHeader(http.StatusCreated)
		}
	}))
	defer server.Close()
	conns := newConnections()
	client, err := nhncloud.NewClient(nhncloud.Config{Region: nhncloud.KR1, TenantID: "t"},
		nhncloud.WithTokenSource(nhncloud.StaticToken("token")), nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, server.URL+"/v1"),
		nhncloud.WithHTTPClient(&http.Client{Transport: conns.transport()}))
	require.NoError(t, err)
	objects := objectstorage.New(client).Objects

	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	options := &objectstorage.UploadOptions{Threshold: 1, PartSize: new(int64(4 << 20)), Concurrency: workers}
	options.Progress = func(p nhncloud.TransferProgress) {
		if p.Done%(1<<20) == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			most.Store(max(most.Load(), now.HeapAlloc))
		}
	}
	result, err := objects.UploadFile(t.Context(), depot, "name", path, options)
	require.NoError(t, err)
	assert.Equal(t, 16, result.Parts)
	require.NotZero(t, most.Load())
	held := int64(most.Load()) - int64(before.HeapAlloc)
	t.Logf("%d KiB held by %d workers", held/kib, workers)
	assert.Less(t, held, int64(workers*2<<20))
	client.CloseIdleConnections()
	conns.none(t)
	dials, _ := conns.counts()
	assert.LessOrEqual(t, dials, workers)
}
