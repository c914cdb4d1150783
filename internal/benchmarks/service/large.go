package service

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// largeObject is a static large object of zeros.
type largeObject struct {
	manifest []byte // as a GET of it answers
	etag     string
	size     int64
}

// segment is one in the manifest of a static large object, as it is put.
type segment struct {
	Path string `json:"path"`
	ETag string `json:"etag"`
	Size int64  `json:"size_bytes"`
}

// zeroSegments are those of a large object of zeros.
func zeroSegments(size, each int64) (segments []segment) {
	for offset := int64(0); offset < size; offset += each {
		n := min(each, size-offset)
		segments = append(segments, segment{"/c_segments/large/" + strconv.FormatInt(offset, 10), zeroMD5(n), n})
	}
	return segments
}

func (s *storage) putLarge(segments []segment) {
	sum := md5.New()
	var large largeObject
	var answer []map[string]any
	for _, e := range segments {
		_, _ = io.WriteString(sum, e.ETag)
		answer = append(answer, map[string]any{"name": e.Path, "hash": e.ETag, "bytes": e.Size})
		large.size += e.Size
	}
	large.manifest, _ = json.Marshal(answer)
	large.etag = `"` + hex.EncodeToString(sum.Sum(nil)) + `"`
	s.mu.Lock()
	defer s.mu.Unlock()
	s.large = large
}

func (s *storage) newest() largeObject {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.large
}

// putManifest takes the manifest of a static large object.
func (s *storage) putManifest(w http.ResponseWriter, r *http.Request) {
	var segments []segment
	if err := json.NewDecoder(r.Body).Decode(&segments); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.putLarge(segments)
	w.Header().Set("Etag", s.newest().etag)
	w.WriteHeader(http.StatusCreated)
}

func (s *storage) getManifest(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(s.newest().manifest)
}

func (s *storage) getLarge(w http.ResponseWriter, r *http.Request) {
	large := s.newest()
	w.Header().Set("Etag", large.etag)
	w.Header().Set("X-Static-Large-Object", "True")
	serve(w, r, large.size)
}
