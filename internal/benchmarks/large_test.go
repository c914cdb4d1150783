package benchmarks

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/ncw/swift/v2"

	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// putManifest takes the manifest of a static large object.
func (s *storage) putManifest(w http.ResponseWriter, r *http.Request) {
	var entries []struct {
		Path string `json:"path"`
		ETag string `json:"etag"`
		Size int64  `json:"size_bytes"`
	}
	if err := json.NewDecoder(r.Body).Decode(&entries); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	sum := md5.New()
	var answer []map[string]any
	size := int64(0)
	for _, e := range entries {
		_, _ = io.WriteString(sum, e.ETag)
		answer = append(answer, map[string]any{"name": e.Path, "hash": e.ETag, "bytes": e.Size})
		size += e.Size
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.segments, _ = json.Marshal(answer)
	s.etag, s.size = hex.EncodeToString(sum.Sum(nil)), size
	w.Header().Set("Etag", `"`+s.etag+`"`)
	w.WriteHeader(http.StatusCreated)
}

const (
	connection = 50 * mib // bytes a second
	parallel   = 8
)

// BenchmarkLarge moves 4 GiB over connections of 50 MiB/s with 5 ms latency. The
// figure "speedup" is how many times faster that is than one such connection.
func BenchmarkLarge(b *testing.B) {
	largeSize := int64(4 * gib)
	if testing.Short() {
		largeSize = 256 * mib
	}
	slow := func(s *storage) { s.latency, s.rate = 5*time.Millisecond, connection }
	report := func(b *testing.B, peak float64) {
		seconds := b.Elapsed().Seconds() / float64(b.N)
		b.ReportMetric(float64(largeSize)/connection/seconds, "speedup")
		b.ReportMetric(peak, "peak-MiB")
	}
	b.Run("upload", func(b *testing.B) {
		zeroMD5(24 * mib)
		objects, path := newObjects(b, newStorage(b, slow)), fileOf(b, largeSize)
		b.ReportAllocs()
		peak := watchHeap()
		for b.Loop() {
			if _, err := objects.UploadFile(context.Background(), "c", "large", path, &objectstorage.UploadOptions{Concurrency: parallel}); err != nil {
				b.Fatal(err)
			}
		}
		report(b, peak())
	})
	b.Run("download", func(b *testing.B) {
		server := newStorage(b, slow)
		server.large(largeSize, 24*mib)
		objects := newObjects(b, server)
		b.ReportAllocs()
		peak := watchHeap()
		for b.Loop() {
			if _, err := objects.Download(context.Background(), "c", "large", nowhere{}, &objectstorage.DownloadOptions{Concurrency: parallel}); err != nil {
				b.Fatal(err)
			}
		}
		report(b, peak())
	})
}

// large puts a static large object of zeros into the storage.
func (s *storage) large(size, segment int64) {
	sum := md5.New()
	var answer []map[string]any
	for offset := int64(0); offset < size; offset += segment {
		n := min(segment, size-offset)
		_, _ = io.WriteString(sum, zeroMD5(n))
		answer = append(answer, map[string]any{"name": "/c_segments/large/" + strconv.FormatInt(offset, 10), "hash": zeroMD5(n), "bytes": n})
	}
	s.segments, _ = json.Marshal(answer)
	s.etag, s.size = hex.EncodeToString(sum.Sum(nil)), size
}

type nowhere struct{}

func (nowhere) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }

// BenchmarkListObjects walks over 1,000,000 names in pages of 10,000.
func BenchmarkListObjects(b *testing.B) {
	count := 1_000_000
	if testing.Short() {
		count = 2 * pageNames
	}
	walk := func(name string, run func(b *testing.B, s *storage) int) {
		b.Run(name, func(b *testing.B) {
			s := newStorage(b, func(s *storage) { s.writeNames(b, count) })
			b.ReportAllocs()
			peak := watchHeap()
			for b.Loop() {
				if n := run(b, s); n != count {
					b.Fatal(n)
				}
			}
			b.ReportMetric(peak(), "peak-MiB")
		})
	}
	walk("raw", func(b *testing.B, s *storage) int {
		type entry struct {
			Name         string `json:"name"`
			Bytes        int64  `json:"bytes"`
			Hash         string `json:"hash"`
			ContentType  string `json:"content_type"`
			LastModified string `json:"last_modified"`
		}
		n, marker := 0, ""
		for {
			req, err := http.NewRequest(http.MethodGet, s.URL+"/v1/AUTH_x/c?format=json&marker="+marker, nil)
			if err != nil {
				b.Fatal(err)
			}
			req.Header.Set("X-Auth-Token", "token")
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			var page []entry
			err = json.NewDecoder(resp.Body).Decode(&page)
			_ = resp.Body.Close()
			if err != nil {
				b.Fatal(err)
			}
			if len(page) == 0 {
				return n
			}
			n += len(page)
			marker = page[len(page)-1].Name
		}
	})
	walk("sdk", func(b *testing.B, s *storage) int {
		n := 0
		for _, err := range newObjects(b, s).All(context.Background(), "c", nil) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		return n
	})
	walk("ncw-swift", func(b *testing.B, s *storage) int {
		n := 0
		err := newSwift(s).connection.ObjectsWalk(context.Background(), "c", nil, func(ctx context.Context, opts *swift.ObjectsOpts) (any, error) {
			page, err := newSwift(s).connection.Objects(ctx, "c", opts)
			n += len(page)
			return page, err
		})
		if err != nil {
			b.Fatal(err)
		}
		return n
	})
}
