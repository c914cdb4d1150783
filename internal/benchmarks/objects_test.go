package benchmarks

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ncw/swift/v2"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

const (
	kib = 1 << 10
	mib = 1 << 20
	gib = 1 << 30
)

// storage is object storage that keeps nothing: it reads what is put and
// answers with the MD5 that the name tells, and hands out zeros.
type storage struct {
	*httptest.Server
	latency time.Duration
	rate    int64    // bytes a second on each connection; 0 for no limit
	names   *os.File // of a listing, with its pages one after the other
	pages   []int64  // where each page ends

	mu       sync.Mutex
	segments []byte // newest manifest, as a GET of it answers
	etag     string
	size     int64
}

func newStorage(b testing.TB, configure func(*storage)) *storage {
	b.Helper()
	s := new(storage)
	if configure != nil {
		configure(s)
	}
	s.Server = httptest.NewUnstartedServer(s)
	if s.rate > 0 {
		s.Server.Listener = &slowListener{s.Server.Listener, s.rate}
	}
	s.Server.Start()
	b.Cleanup(s.Server.Close)
	return s
}

// zeroMD5 is the MD5 of so many zeros.
var zeroMD5 = func() func(size int64) string {
	var mu sync.Mutex
	known := map[int64]string{}
	return func(size int64) string {
		mu.Lock()
		defer mu.Unlock()
		if known[size] == "" {
			sum := md5.New()
			_, _ = io.CopyN(sum, zeros{}, size)
			known[size] = hex.EncodeToString(sum.Sum(nil))
		}
		return known[size]
	}
}()

func (s *storage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.latency)
	name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	size, _ := strconv.ParseInt(name, 10, 64)
	query := r.URL.Query()
	switch {
	case r.Method == http.MethodPut && query.Has("multipart-manifest"):
		s.putManifest(w, r)
	case r.Method == http.MethodPut:
		n, _ := io.Copy(io.Discard, r.Body)
		_ = r.Body.Close() // or Go 1.26 allocates to look for what was left unread
		w.Header().Set("Etag", zeroMD5(n))
		w.WriteHeader(http.StatusCreated)
	case query.Get("multipart-manifest") == "get":
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(s.segments)
	case r.Method == http.MethodGet && query.Get("format") == "json":
		s.list(w, query.Get("marker"))
	case name == "large":
		w.Header().Set("Etag", `"`+s.etag+`"`)
		w.Header().Set("X-Static-Large-Object", "True")
		serve(w, r, s.size)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		w.Header().Set("Etag", zeroMD5(size))
		serve(w, r, size)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// serve hands out a range of so many zeros.
func serve(w http.ResponseWriter, r *http.Request, size int64) {
	first, last, status := int64(0), size-1, http.StatusOK
	if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last); err == nil || first > 0 {
		status = http.StatusPartialContent
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, size))
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(last-first+1, 10))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	chunk := chunkOfZeros
	for left := last - first + 1; left > 0; {
		n, err := w.Write(chunk[:min(left, int64(len(chunk)))])
		if err != nil {
			return
		}
		left -= int64(n)
	}
}

func (s *storage) list(w http.ResponseWriter, marker string) {
	page := 0
	if marker != "" {
		n, _ := strconv.Atoi(marker[len("object-"):])
		page = (n + 1) / pageNames
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if page >= len(s.pages) {
		_, _ = w.Write([]byte("[]"))
		return
	}
	begin := int64(0)
	if page > 0 {
		begin = s.pages[page-1]
	}
	w.Header().Set("Content-Length", strconv.FormatInt(s.pages[page]-begin, 10))
	_, _ = io.Copy(w, io.NewSectionReader(s.names, begin, s.pages[page]-begin))
}

const pageNames = 10_000

var chunkOfZeros = make([]byte, 256*kib)

// writeNames makes a listing. It is a file, so that its size does not show in
// the heap.
func (s *storage) writeNames(b *testing.B, count int) {
	b.Helper()
	file, err := os.Create(filepath.Join(b.TempDir(), "names"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = file.Close() })
	s.names, s.pages = file, nil
	end := int64(0)
	for first := 0; first < count; first += pageNames {
		var page bytes.Buffer
		page.WriteByte('[')
		for i := first; i < min(count, first+pageNames); i++ {
			if i > first {
				page.WriteString(", ")
			}
			sum := md5.Sum([]byte(strconv.Itoa(i)))
			fmt.Fprintf(&page, `{"bytes": %d, "hash": "%x", "name": "object-%09d", "content_type": "application/octet-stream", "last_modified": "2026-01-02T03:04:05.%06d"}`, i, sum, i, i%1_000_000)
		}
		page.WriteByte(']')
		if _, err := file.Write(page.Bytes()); err != nil {
			b.Fatal(err)
		}
		end += int64(page.Len())
		s.pages = append(s.pages, end)
	}
}

// slowListener limits each connection it accepts, in both directions.
type slowListener struct {
	net.Listener
	rate int64
}

func (l *slowListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &slowConn{Conn: conn, in: throttle{rate: l.rate}, out: throttle{rate: l.rate}}, nil
}

type slowConn struct {
	net.Conn
	in, out throttle
}

func (c *slowConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.in.wait(n)
	return n, err
}

func (c *slowConn) Write(p []byte) (int, error) {
	c.out.wait(len(p))
	return c.Conn.Write(p)
}

// throttle lets so many bytes through a second.
type throttle struct {
	mu   sync.Mutex
	rate int64
	free time.Time
}

func (t *throttle) wait(n int) {
	t.mu.Lock()
	now := time.Now()
	if t.free.Before(now.Add(-20 * time.Millisecond)) {
		t.free = now.Add(-20 * time.Millisecond)
	}
	t.free = t.free.Add(time.Duration(int64(n) * int64(time.Second) / t.rate))
	pause := time.Until(t.free)
	t.mu.Unlock()
	if pause > 0 {
		time.Sleep(pause)
	}
}

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
	make func(b testing.TB, s *storage) storer
}{
	{"raw", func(b testing.TB, s *storage) storer { return &rawStorer{url: s.URL + "/v1/AUTH_x/c/"} }},
	{"raw-md5", func(b testing.TB, s *storage) storer { return &rawStorer{url: s.URL + "/v1/AUTH_x/c/", checked: true} }},
	{"sdk-unchecked", func(b testing.TB, s *storage) storer { return &sdkStorer{objects: newObjects(b, s), unchecked: true} }},
	{"sdk", func(b testing.TB, s *storage) storer { return &sdkStorer{objects: newObjects(b, s)} }},
	{"ncw-swift", func(b testing.TB, s *storage) storer { return newSwift(s) }},
}

func newObjects(b testing.TB, s *storage) *objectstorage.ObjectsService {
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

func newSwift(s *storage) *swiftStorer {
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
					zeroMD5(s.size)
					storer := p.make(b, newStorage(b, nil))
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
				zeroMD5(s.size)
				storer := p.make(b, newStorage(b, nil))
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
