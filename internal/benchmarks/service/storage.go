package service

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Storage is object storage that keeps nothing, in another process. It reads
// what is put, answers with the MD5 of so many zeros, and hands out zeros: as
// many as the last element of the path says. It has images, too.
type Storage struct {
	URL string
	process
}

// StorageOptions say how a [Storage] is to be.
type StorageOptions struct {
	Latency time.Duration // of every answer
	Rate    int64         // bytes a second on each connection; 0 for no limit
	Names   int           // in a container, in pages of PageNames
	Size    int64         // of objects, whose MD5 is to be known from the start
	Large   int64         // size of the static large object "large"
	Segment int64         // size of its segments
}

// PageNames is how many names a page of a listing has.
const PageNames = 10_000

// NewStorage starts a storage that stops at the end of the test or benchmark.
func NewStorage(tb testing.TB, options StorageOptions) *Storage {
	tb.Helper()
	p := start(tb)
	return &Storage{call[string](p, "Storage.Start", options), p}
}

// StorageCalls is what the process of a [Storage] is called with.
type StorageCalls struct{}

// Start starts the storage, and tells its URL.
func (*StorageCalls) Start(options StorageOptions, url *string) error {
	s := &storage{StorageOptions: options, pages: namePages(options.Names)}
	zeroMD5(options.Size)
	s.putLarge(zeroSegments(options.Large, options.Segment))
	server := httptest.NewUnstartedServer(s)
	if s.Rate > 0 {
		server.Listener = &slowListener{server.Listener, s.Rate}
	}
	server.Start()
	*url = server.URL
	return nil
}

type storage struct {
	StorageOptions
	pages [][]byte // of a listing

	mu    sync.Mutex
	large largeObject
}

func (s *storage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.Latency)
	name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	query := r.URL.Query()
	switch {
	case strings.HasPrefix(r.URL.Path, imagesPath):
		image(w, r)
	case r.Method == http.MethodPut && query.Has("multipart-manifest"):
		s.putManifest(w, r)
	case r.Method == http.MethodPut:
		n, _ := io.Copy(io.Discard, r.Body)
		w.Header().Set("Etag", zeroMD5(n))
		w.WriteHeader(http.StatusCreated)
	case query.Get("multipart-manifest") == "get":
		s.getManifest(w)
	case r.Method == http.MethodGet && query.Get("format") == "json":
		s.list(w, query.Get("marker"))
	case name == "large":
		s.getLarge(w, r)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		size, _ := strconv.ParseInt(name, 10, 64)
		w.Header().Set("Etag", zeroMD5(size))
		serve(w, r, size)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

var chunkOfZeros = make([]byte, 256<<10)

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
	for left := last - first + 1; left > 0; {
		n, err := w.Write(chunkOfZeros[:min(left, int64(len(chunkOfZeros)))])
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
		page = (n + 1) / PageNames
	}
	content := []byte("[]")
	if page < len(s.pages) {
		content = s.pages[page]
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content)
}

// namePages makes a listing.
func namePages(count int) (pages [][]byte) {
	for first := 0; first < count; first += PageNames {
		var page bytes.Buffer
		page.WriteByte('[')
		for i := first; i < min(count, first+PageNames); i++ {
			if i > first {
				page.WriteString(", ")
			}
			sum := md5.Sum([]byte(strconv.Itoa(i)))
			fmt.Fprintf(&page, `{"bytes": %d, "hash": "%x", "name": "object-%09d", "content_type": "application/octet-stream", "last_modified": "2026-01-02T03:04:05.%06d"}`, i, sum, i, i%1_000_000)
		}
		page.WriteByte(']')
		pages = append(pages, page.Bytes())
	}
	return pages
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
			for left := size; left > 0; left -= int64(len(chunkOfZeros)) {
				sum.Write(chunkOfZeros[:min(left, int64(len(chunkOfZeros)))])
			}
			known[size] = hex.EncodeToString(sum.Sum(nil))
		}
		return known[size]
	}
}()
