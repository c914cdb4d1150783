package faultmatrix

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Containers and objects that are there from the start.
const (
	photos   = "photos"
	segments = photos + "_segments"
	small    = "small"   // in one piece
	large    = "large"   // above the size of a part of a download
	static   = "static"  // a large object of parts
	dynamic  = "dynamic" // another one
)

var (
	smallContent = pattern(3_000)
	largeContent = pattern(150_000)
)

// pattern is content whose pieces can be told apart.
func pattern(size int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "%d ", i)
	}
	return b.Bytes()[:size]
}

func md5Of(b []byte) string {
	digest := md5.Sum(b)
	return hex.EncodeToString(digest[:])
}

// object is content, or a manifest of one kind.
type object struct {
	data    []byte
	parts   []string // paths of those of a static large object
	dynamic string   // beginning of the paths of those of a dynamic one
	kind    string   // content type
}

// store is an object storage of one account.
type store struct {
	mu         sync.Mutex
	containers map[string]bool
	objects    map[string]*object // by path
	key        string             // of the container photos, for temporary URLs
}

func newStore() *store {
	s := &store{containers: map[string]bool{photos: true, segments: true, "empty": true}, objects: map[string]*object{
		photos + "/" + small: {data: smallContent, kind: "image/jpeg"},
		photos + "/" + large: {data: largeContent, kind: "image/jpeg"},
	}}
	for _, kind := range []string{static, dynamic} {
		whole := &object{kind: "image/jpeg"}
		for i := range 3 {
			path := fmt.Sprintf("%s/%s/%d", segments, kind, i)
			s.objects[path] = &object{data: smallContent[i*1000 : (i+1)*1000]}
			whole.parts = append(whole.parts, path)
		}
		if kind == dynamic {
			whole.parts, whole.dynamic = nil, segments+"/"+dynamic+"/"
		}
		s.objects[photos+"/"+kind] = whole
	}
	return s
}

// etag returns the ETag of an object.
func (s *store) etag(o *object) string {
	sum := ""
	for _, path := range s.partsOf(o) {
		sum += md5Of(s.objects[path].data)
	}
	if sum == "" {
		return md5Of(o.data)
	}
	return md5Of([]byte(sum))
}

// partsOf returns the paths of the parts of an object that are there.
func (s *store) partsOf(o *object) []string {
	if o.dynamic == "" {
		return slices.DeleteFunc(slices.Clone(o.parts), func(path string) bool { return s.objects[path] == nil })
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.objects)), func(path string) bool { return !strings.HasPrefix(path, o.dynamic) })
}

// content returns what is in an object.
func (s *store) content(o *object) []byte {
	data := slices.Clone(o.data)
	for _, path := range s.partsOf(o) {
		data = append(data, s.objects[path].data...)
	}
	return data
}

// read returns what is at a path, and whether there is an object.
func (s *store) read(path string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.objects[path]
	if o == nil {
		return nil, false
	}
	return s.content(o), true
}

// strays returns the paths of the parts that no object needs.
func (s *store) strays() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	needed := map[string]bool{}
	for _, o := range s.objects {
		for _, path := range s.partsOf(o) {
			needed[path] = true
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.objects)), func(path string) bool {
		return needed[path] || !strings.HasPrefix(path, segments+"/")
	})
}

// has reports whether there is a container.
func (s *store) has(container string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.containers[container]
}

// answer does what a request wants.
func (s *store) answer(r *http.Request, body []byte) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/v1/AUTH_"+tenantID), "/")
	container, name, _ := strings.Cut(path, "/")
	switch {
	case path == "":
		if r.Method == http.MethodHead {
			return plain(http.StatusNoContent, "X-Account-Container-Count", decimal(len(s.containers)), "X-Account-Object-Count", decimal(len(s.objects)), "X-Account-Bytes-Used", "9")
		}
		return s.listing(slices.Sorted(maps.Keys(s.containers)), "", r.URL.Query())
	case name == "":
		return s.container(r, container)
	case !s.containers[container]:
		return text(http.StatusNotFound, "text/html", "<html><h1>Not Found</h1></html>")
	}
	return s.object(r, path, body)
}

func (s *store) container(r *http.Request, name string) answer {
	there := s.containers[name]
	inside := slices.DeleteFunc(slices.Sorted(maps.Keys(s.objects)), func(path string) bool { return !strings.HasPrefix(path, name+"/") })
	switch {
	case r.Method == http.MethodPut:
		s.containers[name] = true
		if there {
			return plain(http.StatusAccepted)
		}
		return plain(http.StatusCreated)
	case !there:
		return text(http.StatusNotFound, "text/html", "<html><h1>Not Found</h1></html>")
	case r.Method == http.MethodPost:
		s.key = r.Header.Get("X-Container-Meta-Temp-Url-Key")
		return plain(http.StatusNoContent)
	case r.Method == http.MethodDelete && len(inside) > 0:
		return plain(http.StatusConflict)
	case r.Method == http.MethodDelete:
		delete(s.containers, name)
		return plain(http.StatusNoContent)
	}
	a := s.listing(inside, name+"/", r.URL.Query())
	a.header.Set("X-Container-Object-Count", decimal(len(inside)))
	a.header.Set("X-Timestamp", "1700000000.00000")
	return a
}

// listing lists names that begin with what is cut off.
func (s *store) listing(paths []string, cut string, query url.Values) answer {
	entries := []map[string]any{}
	for _, path := range paths {
		name := strings.TrimPrefix(path, cut)
		if !strings.HasPrefix(name, query.Get("prefix")) || name <= query.Get("marker") {
			continue
		}
		entry := map[string]any{"name": name, "count": 1, "bytes": 1}
		if o := s.objects[path]; o != nil {
			entry = map[string]any{"name": name, "bytes": len(s.content(o)), "hash": s.etag(o), "content_type": o.kind, "last_modified": "2026-01-01T00:00:00.000000"}
		}
		entries = append(entries, entry)
	}
	if query.Get("limit") == "1" && len(entries) > 1 {
		entries = entries[:1]
	}
	return jsonText(http.StatusOK, marshaled(entries))
}

func (s *store) object(r *http.Request, path string, body []byte) answer {
	o := s.objects[path]
	switch {
	case r.Method == http.MethodPut && r.Header.Get("X-Copy-From") != "":
		from, _ := url.PathUnescape(strings.TrimPrefix(r.Header.Get("X-Copy-From"), "/"))
		return s.copy(from, path)
	case r.Method == http.MethodPut:
		return s.put(r, path, body)
	case o == nil:
		return text(http.StatusNotFound, "text/html", "<html><h1>Not Found</h1></html>")
	case r.Method == "COPY":
		to, _ := url.PathUnescape(strings.TrimPrefix(r.Header.Get("Destination"), "/"))
		return s.copy(path, to)
	case r.Method == http.MethodDelete:
		delete(s.objects, path)
		return plain(http.StatusNoContent)
	case r.Method == http.MethodPost:
		o.kind = r.Header.Get("Content-Type")
		return plain(http.StatusAccepted)
	case r.URL.Query().Get("multipart-manifest") == "get":
		return s.manifest(o)
	}
	return s.get(r, o)
}

// copy copies the content of an object.
func (s *store) copy(from, to string) answer {
	o := s.objects[from]
	if o == nil {
		return plain(http.StatusNotFound)
	}
	s.objects[to] = &object{data: s.content(o), kind: o.kind}
	return plain(http.StatusCreated, "ETag", md5Of(s.objects[to].data), "X-Copied-From", from, "Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
}

// put stores an object, or refuses it when it is not what it is said to be.
func (s *store) put(r *http.Request, path string, body []byte) answer {
	o := &object{data: body, kind: r.Header.Get("Content-Type"), dynamic: r.Header.Get("X-Object-Manifest")}
	if r.URL.Query().Get("multipart-manifest") == "put" {
		var entries []struct {
			Path string `json:"path"`
			ETag string `json:"etag"`
		}
		if json.Unmarshal(body, &entries) != nil {
			return plain(http.StatusBadRequest)
		}
		o.data = nil
		for _, entry := range entries {
			if part := s.objects[entry.Path]; part == nil || md5Of(part.data) != entry.ETag {
				return jsonText(http.StatusBadRequest, `{"Errors": [["`+entry.Path+`", "404 Not Found"]]}`)
			}
			o.parts = append(o.parts, entry.Path)
		}
	}
	etag := s.etag(o)
	if o.dynamic != "" {
		etag = md5Of(body)
	}
	if want := r.Header.Get("ETag"); want != "" && want != etag {
		return plain(http.StatusUnprocessableEntity)
	}
	s.objects[path] = o
	return plain(http.StatusCreated, "ETag", etag, "Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
}

// manifest tells the parts of a static large object.
func (s *store) manifest(o *object) answer {
	entries := []map[string]any{}
	for _, path := range o.parts {
		data := s.objects[path].data
		entries = append(entries, map[string]any{"name": "/" + path, "hash": md5Of(data), "bytes": len(data), "content_type": "application/octet-stream"})
	}
	return jsonText(http.StatusOK, marshaled(entries))
}

// get answers with an object or a part of it.
func (s *store) get(r *http.Request, o *object) answer {
	data, etag := s.content(o), s.etag(o)
	if want := strings.Trim(r.Header.Get("If-Match"), `"`); want != "" && want != etag {
		return plain(http.StatusPreconditionFailed)
	}
	a := plain(http.StatusOK, "ETag", etag, "Content-Type", o.kind, "Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT", "X-Timestamp", "1767225600.00000", "Accept-Ranges", "bytes")
	if len(o.parts) > 0 {
		a.header.Set("X-Static-Large-Object", "True")
	}
	if o.dynamic != "" {
		a.header.Set("X-Object-Manifest", o.dynamic)
	}
	var first, last int
	switch n, _ := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last); {
	case n == 0:
		a.body = data
		return a
	case first < 0:
		first, last = max(0, len(data)+first), len(data)-1
	case n == 1:
		last = len(data) - 1
	}
	if first >= len(data) {
		return plain(http.StatusRequestedRangeNotSatisfiable)
	}
	last = min(last, len(data)-1)
	a.status, a.body = http.StatusPartialContent, data[first:last+1]
	a.header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(data)))
	return a
}

// kind returns the content type of what is at a path.
func (s *store) kind(path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.objects[path]; o != nil {
		return o.kind
	}
	return ""
}

// keyOf returns the key of the container for temporary URLs.
func (s *store) keyOf() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key
}
