package benchmarks

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/ncw/swift/v2"

	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

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
	slow := service.StorageOptions{Latency: 5 * time.Millisecond, Rate: connection, Size: 24 * mib}
	report := func(b *testing.B, peak float64) {
		seconds := b.Elapsed().Seconds() / float64(b.N)
		b.ReportMetric(float64(largeSize)/connection/seconds, "speedup")
		b.ReportMetric(peak, "peak-MiB")
	}
	b.Run("upload", func(b *testing.B) {
		objects, path := newObjects(b, service.NewStorage(b, slow)), fileOf(b, largeSize)
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
		slow.Large, slow.Segment = largeSize, slow.Size
		objects := newObjects(b, service.NewStorage(b, slow))
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

type nowhere struct{}

func (nowhere) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }

// BenchmarkListObjects walks over 1,000,000 names in pages of 10,000.
func BenchmarkListObjects(b *testing.B) {
	count := 1_000_000
	if testing.Short() {
		count = 2 * service.PageNames
	}
	walk := func(name string, run func(b *testing.B, s *service.Storage) int) {
		b.Run(name, func(b *testing.B) {
			s := service.NewStorage(b, service.StorageOptions{Names: count})
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
	walk("raw", func(b *testing.B, s *service.Storage) int {
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
	walk("sdk", func(b *testing.B, s *service.Storage) int {
		n := 0
		for _, err := range newObjects(b, s).All(context.Background(), "c", nil) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		return n
	})
	walk("ncw-swift", func(b *testing.B, s *service.Storage) int {
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
