package objectstorage_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// store is a service without connections, so that its time can be that of the
// test. It knows what uploads need.
type store struct {
	mu         sync.Mutex
	containers map[string]map[string]*stored
	log        []string // operations
}

// stored is an object: content, or a manifest of one kind.
type stored struct {
	data     []byte
	etag     string
	segments []objectstorage.Segment
	dynamic  string // "container/prefix"
}

func newStore(containers ...string) *store {
	s := &store{containers: map[string]map[string]*stored{}}
	for _, name := range containers {
		s.containers[name] = map[string]*stored{}
	}
	return s
}

// stand answers a request of an operation in place of a service that is there
// too. It returns nil, nil for what it leaves to that.
type stand func(operation string, r *http.Request) (*http.Response, error)

// client returns a client of the store behind a stand, which may be nil.
func (s *store) client(t *testing.T, stand stand) *objectstorage.ObjectsService {
	t.Helper()
	client, err := nhncloud.NewClient(nhncloud.Config{Region: nhncloud.KR1, TenantID: "t"},
		nhncloud.WithTokenSource(nhncloud.StaticToken("token")), nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, "https://127.0.0.1/v1"),
		nhncloud.WithHTTPClient(&http.Client{Transport: nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			if err := r.Context().Err(); err != nil {
				return nil, err
			}
			call, _ := nhncloud.CallFromContext(r.Context())
			s.mu.Lock()
			s.log = append(s.log, call.Operation)
			s.mu.Unlock()
			if stand != nil {
				if resp, err := stand(call.Operation, r); resp != nil || err != nil {
					return resp, err
				}
			}
			body, err := sent(r)
			if err != nil {
				return nil, err
			}
			return s.answer(r, body), nil
		})}))
	require.NoError(t, err)
	return objectstorage.New(client).Objects
}

// answer does what a request asks for.
func (s *store) answer(r *http.Request, body []byte) *http.Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := strings.SplitN(strings.TrimPrefix(r.URL.Path, "/v1/"), "/", 3)
	container, there := s.containers[place[1]]
	if len(place) == 2 {
		switch {
		case r.Method == http.MethodPut:
			s.containers[place[1]] = map[string]*stored{}
			return answer(http.StatusCreated)
		case !there:
			return answer(http.StatusNotFound)
		}
		return s.listing(container, r)
	}
	if !there {
		return answer(http.StatusNotFound)
	}
	object := container[place[2]]
	switch {
	case r.Method == http.MethodPut:
		return s.put(container, place[2], r, body)
	case object == nil:
		return answer(http.StatusNotFound)
	case r.Method == http.MethodDelete:
		delete(container, place[2])
		return answer(http.StatusNoContent)
	case r.Method == http.MethodGet: // of a manifest
		var entries []map[string]any
		for _, segment := range object.segments {
			entries = append(entries, map[string]any{"name": "/" + segment.Container + "/" + segment.Name, "hash": segment.Hash, "bytes": segment.Bytes})
		}
		text, _ := json.Marshal(entries)
		return textAnswer(string(text))
	}
	resp := answer(http.StatusOK)
	resp.Header.Set("ETag", object.etag)
	data, _ := s.content(object)
	resp.Header.Set("Content-Length", strconv.Itoa(len(data)))
	if object.segments != nil {
		resp.Header.Set("X-Static-Large-Object", "True")
	}
	if object.dynamic != "" {
		resp.Header.Set("X-Object-Manifest", object.dynamic)
	}
	return resp
}

func (s *store) put(container map[string]*stored, name string, r *http.Request, body []byte) *http.Response {
	object := &stored{data: body, etag: digestOf(body), dynamic: r.Header.Get("X-Object-Manifest")}
	if r.URL.Query().Get("multipart-manifest") == "put" {
		var entries []struct {
			Path string `json:"path"`
		}
		if json.Unmarshal(body, &entries) != nil {
			return answer(http.StatusBadRequest)
		}
		object.data, object.etag = nil, ""
		for _, entry := range entries {
			from, name, _ := strings.Cut(entry.Path, "/")
			part := s.containers[from][name]
			if part == nil {
				return answer(http.StatusBadRequest)
			}
			object.segments = append(object.segments, objectstorage.Segment{Container: from, Name: name, Hash: part.etag, Bytes: int64(len(part.data))})
			object.etag += part.etag
		}
		object.etag = digestOf([]byte(object.etag))
	}
	container[name] = object
	resp := answer(http.StatusCreated)
	resp.Header.Set("ETag", object.etag)
	return resp
}

func (s *store) listing(container map[string]*stored, r *http.Request) *http.Response {
	query := r.URL.Query()
	entries := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(container)) {
		if strings.HasPrefix(name, query.Get("prefix")) && name > query.Get("marker") {
			entries = append(entries, map[string]any{"name": name, "bytes": len(container[name].data), "hash": container[name].etag})
		}
	}
	text, _ := json.Marshal(entries)
	return textAnswer(string(text))
}

var errSegmentGone = errors.New("a segment is not there")

// content is that of an object, which fails where a segment of it is missing.
func (s *store) content(object *stored) ([]byte, error) {
	if from, prefix, dynamic := strings.Cut(object.dynamic, "/"); dynamic {
		var data []byte
		for _, name := range slices.Sorted(maps.Keys(s.containers[from])) {
			if strings.HasPrefix(name, prefix) {
				data = append(data, s.containers[from][name].data...)
			}
		}
		return data, nil
	}
	data := slices.Clone(object.data)
	for _, segment := range object.segments {
		part := s.containers[segment.Container][segment.Name]
		if part == nil {
			return nil, errSegmentGone
		}
		data = append(data, part.data...)
	}
	return data, nil
}

// all are the objects in a container.
func (s *store) all(container string) []objectstorage.Location {
	var places []objectstorage.Location
	for _, name := range slices.Sorted(maps.Keys(s.containers[container])) {
		places = append(places, objectstorage.Location{Container: container, Name: name})
	}
	return places
}

// unused are the objects in a container that no manifest needs.
func (s *store) unused(container string) []objectstorage.Location {
	return slices.DeleteFunc(s.all(container), func(place objectstorage.Location) bool {
		for _, objects := range s.containers {
			for _, object := range objects {
				if object.dynamic != "" && strings.HasPrefix(place.Container+"/"+place.Name, object.dynamic) ||
					slices.ContainsFunc(object.segments, func(s objectstorage.Segment) bool { return s.Container == place.Container && s.Name == place.Name }) {
					return true
				}
			}
		}
		return false
	})
}

// sent reads the body of a request.
func sent(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

// hangs answers when the context of the request has ended.
func hangs(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// begins tells the trace of a request that its answer has begun to come.
func begins(r *http.Request) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.GotFirstResponseByte != nil {
		trace.GotFirstResponseByte()
	}
}
