package benchmarks

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"testing"
	"time"

	"github.com/ncw/swift/v2"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

const (
	kib = 1 << 10
	mib = 1 << 20
	gib = 1 << 30
)

// zeros is content without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// generator is content that can be read only once.
func generator(size int64) io.Reader { return struct{ io.Reader }{io.LimitReader(zeros{}, size)} }

// storer is one way to store and read objects.
type storer interface {
	put(ctx context.Context, name string, content io.Reader, size int64) error
	get(ctx context.Context, name string, w io.Writer) error
}

var storers = []struct {
	name string
	make func(b testing.TB, s *service.Storage) storer
}{
	{"raw", func(b testing.TB, s *service.Storage) storer { return &rawStorer{url: s.URL + "/v1/AUTH_x/c/"} }},
	{"raw-md5", func(b testing.TB, s *service.Storage) storer {
		return &rawStorer{url: s.URL + "/v1/AUTH_x/c/", checked: true}
	}},
	{"sdk-unchecked", func(b testing.TB, s *service.Storage) storer {
		return &sdkStorer{objects: newObjects(b, s), unchecked: true}
	}},
	{"sdk", func(b testing.TB, s *service.Storage) storer { return &sdkStorer{objects: newObjects(b, s)} }},
	{"ncw-swift", func(b testing.TB, s *service.Storage) storer { return newSwift(s) }},
}

func newObjects(b testing.TB, s *service.Storage) *objectstorage.ObjectsService {
	b.Helper()
	client, err := nhncloud.NewClient(nhncloud.Config{
		Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: "x",
		Endpoints: map[nhncloud.Service]string{nhncloud.ServiceObjectStorage: s.URL + "/v1/AUTH_x"},
	}, nhncloud.WithTokenSource(nhncloud.StaticToken("token")))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(client.CloseIdleConnections)
	return objectstorage.New(client).Objects
}

type sdkStorer struct {
	objects   *objectstorage.ObjectsService
	unchecked bool
}

func (s *sdkStorer) put(ctx context.Context, name string, content io.Reader, size int64) error {
	_, err := s.objects.Put(ctx, "c", name, content, &objectstorage.PutOptions{SkipChecksum: s.unchecked, Size: size})
	return err
}

func (s *sdkStorer) get(ctx context.Context, name string, w io.Writer) error {
	content, err := s.objects.Get(ctx, "c", name, &objectstorage.GetOptions{SkipChecksum: s.unchecked})
	if err != nil {
		return err
	}
	defer content.Close()
	_, err = io.Copy(w, content)
	return err
}

type rawStorer struct {
	url     string
	checked bool
}

func (s *rawStorer) put(ctx context.Context, name string, content io.Reader, size int64) error {
	var sum hash.Hash
	if s.checked {
		sum = md5.New()
		content = io.TeeReader(content, sum)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, s.url+name, io.NopCloser(content))
	if err != nil {
		return err
	}
	req.ContentLength = size
	req.Header.Set("X-Auth-Token", "token")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	return s.check(sum, resp)
}

// check compares the MD5 with what the service says.
func (s *rawStorer) check(sum hash.Hash, resp *http.Response) error {
	if !s.checked {
		return nil
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != resp.Header.Get("Etag") {
		return fmt.Errorf("MD5 %s", got)
	}
	return nil
}

func (s *rawStorer) get(ctx context.Context, name string, w io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+name, nil)
	if err != nil {
		return err
	}
	req.Header.Set("X-Auth-Token", "token")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var content io.Reader = resp.Body
	var sum hash.Hash
	if s.checked {
		sum = md5.New()
		content = io.TeeReader(content, sum)
	}
	if _, err = io.Copy(w, content); err != nil {
		return err
	}
	return s.check(sum, resp)
}

type swiftStorer struct{ connection *swift.Connection }

func newSwift(s *service.Storage) *swiftStorer {
	return &swiftStorer{&swift.Connection{StorageUrl: s.URL + "/v1/AUTH_x", AuthToken: "token", Retries: 1}}
}

func (s *swiftStorer) put(ctx context.Context, name string, content io.Reader, size int64) error {
	_, err := s.connection.ObjectPut(ctx, "c", name, content, true, "", "application/octet-stream", swift.Headers{"Content-Length": strconv.FormatInt(size, 10)})
	return err
}

func (s *swiftStorer) get(ctx context.Context, name string, w io.Writer) error {
	_, err := s.connection.ObjectGet(ctx, "c", name, w, true, nil)
	return err
}

type size struct {
	name string
	size int64
}

// sizes are those of objects in the benchmarks.
func sizes() []size {
	all := []size{{"1KiB", kib}, {"1MiB", mib}, {"256MiB", 256 * mib}}
	if testing.Short() {
		return all[:2]
	}
	return all
}

// fileOf returns a file of zeros that takes no space.
func fileOf(b *testing.B, size int64) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "content")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	if err := file.Truncate(size); err != nil {
		b.Fatal(err)
	}
	return path
}

func BenchmarkPut(b *testing.B) {
	for _, s := range sizes() {
		for _, source := range []string{"memory", "file", "generator"} {
			if source == "memory" == (s.size > mib) {
				continue
			}
			for _, p := range storers {
				b.Run(s.name+"/"+source+"/"+p.name, func(b *testing.B) {
					storer := p.make(b, service.NewStorage(b, service.StorageOptions{Size: s.size}))
					name := strconv.FormatInt(s.size, 10)
					var path string
					var memory []byte
					switch source {
					case "file":
						path = fileOf(b, s.size)
					case "memory":
						memory = make([]byte, s.size)
					}
					b.SetBytes(s.size)
					b.ReportAllocs()
					peak := watchHeap()
					for b.Loop() {
						content := generator(s.size)
						switch source {
						case "file":
							file, err := os.Open(path)
							if err != nil {
								b.Fatal(err)
							}
							defer file.Close()
							content = file
						case "memory":
							content = bytes.NewReader(memory)
						}
						if err := storer.put(context.Background(), name, content, s.size); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(peak(), "peak-MiB")
				})
			}
		}
	}
}

func BenchmarkGet(b *testing.B) {
	for _, s := range sizes() {
		for _, p := range storers {
			b.Run(s.name+"/"+p.name, func(b *testing.B) {
				storer := p.make(b, service.NewStorage(b, service.StorageOptions{Size: s.size}))
				name := strconv.FormatInt(s.size, 10)
				b.SetBytes(s.size)
				b.ReportAllocs()
				peak := watchHeap()
				for b.Loop() {
					if err := storer.get(context.Background(), name, io.Discard); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(peak(), "peak-MiB")
			})
		}
	}
}

// watchHeap measures the heap until the function it returns is called, which
// tells by how many MiB it was at most larger than at the beginning.
func watchHeap() func() float64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	runtime.GC()
	metrics.Read(sample)
	idle := sample[0].Value.Uint64()
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		own := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		top := idle
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(own)
			top = max(top, own[0].Value.Uint64())
			select {
			case <-tick.C:
			case <-stop:
				most <- top
				return
			}
		}
	}()
	return func() float64 {
		close(stop)
		return float64(<-most-idle) / mib
	}
}
