package objectstorage_test

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// endless is content that takes no room: a block, again and again.
type endless []byte

func (e endless) ReadAt(p []byte, offset int64) (int, error) {
	for n := 0; n < len(p); {
		n += copy(p[n:], e[(offset+int64(n))%int64(len(e)):])
	}
	return len(p), nil
}

// Objects pass through, they are not kept. The test runs alone, because it looks
// at the memory of the process.
func TestMemory(t *testing.T) {
	const size, most = 64 << 20, 8 << 20
	block := endless(noise(1, 100_003))
	content := func() *io.SectionReader { return io.NewSectionReader(block, 0, size) }
	whole := md5.New()
	_, err := io.Copy(whole, content())
	require.NoError(t, err)
	etag := hex.EncodeToString(whole.Sum(nil))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		if r.Method == http.MethodGet {
			w.Header().Set("Content-Length", strconv.Itoa(size))
			_, _ = io.Copy(w, content())
			return
		}
		sum := md5.New()
		_, err := io.Copy(sum, r.Body)
		assert.NoError(t, err)
		assert.Equal(t, etag, hex.EncodeToString(sum.Sum(nil)))
		w.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()
	conns := newConnections()
	client, err := nhncloud.NewClient(nhncloud.Config{Region: nhncloud.KR1, TenantID: "tenant"},
		nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, server.URL), nhncloud.WithTokenSource(nhncloud.StaticToken("token")),
		nhncloud.WithHTTPClient(&http.Client{Transport: conns.transport()}))
	require.NoError(t, err)
	objects := objectstorage.New(client).Objects

	put := func(open func() io.Reader) func(progress func(nhncloud.TransferProgress)) error {
		return func(progress func(nhncloud.TransferProgress)) error {
			result, err := objects.Put(t.Context(), "photos", "a", open(), &objectstorage.PutOptions{Progress: progress})
			if err == nil {
				assert.EqualValues(t, size, result.Size)
			}
			return err
		}
	}
	for name, transfer := range map[string]func(progress func(nhncloud.TransferProgress)) error{
		"put again":   put(func() io.Reader { return content() }),
		"put once":    put(func() io.Reader { return onlyRead{content()} }),
		"put seeking": put(func() io.Reader { return struct{ io.ReadSeeker }{content()} }),
		"get": func(progress func(nhncloud.TransferProgress)) error {
			got, err := objects.Get(t.Context(), "photos", "a", &objectstorage.GetOptions{Progress: progress})
			if err != nil {
				return err
			}
			defer got.Close()
			n, err := io.Copy(io.Discard, got)
			assert.EqualValues(t, size, n)
			return err
		},
	} {
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		inUse, next := before.HeapInuse, int64(0)
		require.NoError(t, transfer(func(p nhncloud.TransferProgress) {
			if p.Done >= next {
				next = p.Done + 4<<20
				runtime.ReadMemStats(&now)
				inUse = max(inUse, now.HeapInuse)
			}
		}), name)
		runtime.ReadMemStats(&now)
		assert.Less(t, int64(inUse-before.HeapInuse), int64(most), "%s: bytes in use", name)
		assert.Less(t, int64(now.TotalAlloc-before.TotalAlloc), int64(most), "%s: bytes allocated", name)
	}
	client.CloseIdleConnections()
	conns.none(t)
}
