package objectstorage_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

const (
	kib           = 1 << 10
	smallPart     = 64 * kib // in most tests
	depot         = "depot"  // container of most tests
	depotSegments = "depot_segments"
)

// rig is a cloud with a container, and a client of it whose requests tests can
// meddle with and whose connections are counted.
type rig struct {
	t       *testing.T
	cloud   *nhncloudtest.Server
	client  *nhncloud.Client
	objects *objectstorage.ObjectsService
	conns   *connections
	meddle  atomic.Pointer[meddler] // middleware; nil for none
}

// meddler answers a request of an operation in place of next, or passes it on.
type meddler func(operation string, r *http.Request, next http.RoundTripper) (*http.Response, error)

func newRig(t *testing.T, options ...nhncloud.Option) *rig {
	t.Helper()
	r := &rig{t: t, cloud: nhncloudtest.Start(t), conns: newConnections()}
	config, err := nhncloud.ConfigFrom(r.cloud.LookupEnv)
	require.NoError(t, err)
	r.client, err = nhncloud.NewClient(config, append([]nhncloud.Option{
		nhncloud.WithHTTPClient(&http.Client{Transport: r.conns.transport()}),
		nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond}),
		nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				if m := r.meddle.Load(); m != nil {
					call, _ := nhncloud.CallFromContext(req.Context())
					return (*m)(call.Operation, req, next)
				}
				return next.RoundTrip(req)
			})
		}, apitest.Record),
	}, options...)...)
	require.NoError(t, err)
	r.objects = objectstorage.New(r.client).Objects
	r.create(depot)
	t.Cleanup(func() {
		r.client.CloseIdleConnections()
		r.conns.none(t)
	})
	return r
}

func (r *rig) create(container string) {
	r.t.Helper()
	_, err := objectstorage.New(r.client).Containers.Create(r.t.Context(), container, nil)
	require.NoError(r.t, err)
}

func (r *rig) meddleWith(m meddler) { r.meddle.Store(&m) }

func (r *rig) leaveAlone() { r.meddle.Store(nil) }

// list returns the names in a container; nil when it does not exist.
func (r *rig) list(container string) []string {
	r.t.Helper()
	names := []string{}
	for entry, err := range r.objects.All(context.Background(), container, nil) {
		if err != nil {
			require.ErrorIs(r.t, err, objectstorage.ErrContainerNotFound)
			return nil
		}
		names = append(names, entry.Name)
	}
	return names
}

// get returns the content of an object.
func (r *rig) get(name string) []byte {
	r.t.Helper()
	content, err := r.objects.Get(context.Background(), depot, name, nil)
	require.NoError(r.t, err)
	defer content.Close()
	data, err := io.ReadAll(content)
	require.NoError(r.t, err)
	return data
}

// put stores an object with a single PUT.
func (r *rig) put(container, name string, data []byte) {
	r.t.Helper()
	_, err := r.objects.Put(context.Background(), container, name, bytes.NewReader(data), nil)
	require.NoError(r.t, err)
}

// putLarge stores an object in parts.
func (r *rig) putLarge(name string, data []byte) {
	r.t.Helper()
	_, err := r.objects.Upload(context.Background(), depot, name, bytes.NewReader(data), inParts())
	require.NoError(r.t, err)
}

// holds asserts that an object has the content.
func (r *rig) holds(name string, want []byte) {
	r.t.Helper()
	assert.Equal(r.t, digestOf(want), digestOf(r.get(name)), "content of %q", name)
}

// sentCounts counts the requests of an operation, as the client names it, that have
// passed the meddler; see [rig.counting].
type sentCounts struct {
	mu     sync.Mutex
	counts map[string]int
}

func (s *sentCounts) count(operation string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[operation]
}

// counting counts the requests from now on.
func (r *rig) counting() *sentCounts {
	s := &sentCounts{counts: map[string]int{}}
	r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		s.mu.Lock()
		s.counts[operation]++
		s.mu.Unlock()
		return next.RoundTrip(req)
	})
	return s
}

// inParts are options by which everything goes in small parts.
func inParts() *objectstorage.UploadOptions {
	return &objectstorage.UploadOptions{Threshold: 1, PartSize: new(int64(smallPart)), Concurrency: 4}
}

func digestOf(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}

// noise returns bytes that differ from those of other seeds.
func noise(seed uint64, size int) []byte {
	data := make([]byte, size)
	var key [32]byte
	key[0], key[1] = byte(seed), byte(seed>>8)
	_, _ = rand.NewChaCha8(key).Read(data)
	return data
}

// onlyRead hides everything but Read.
type onlyRead struct{ io.Reader }

// connections counts those that a transport has.
type connections struct {
	event func() // is called before and after each read and write

	mu    sync.Mutex
	dials int
	open  int
	most  int
	gone  chan struct{} // closed when there are none; nil while nobody waits
}

func newConnections() *connections { return &connections{event: func() {}} }

func (c *connections) transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	t.MaxIdleConnsPerHost = 64
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.dials++
		c.open++
		c.most = max(c.most, c.open)
		return &countedConn{Conn: conn, count: c}, nil
	}
	return t
}

// counts returns how many were made, and how many there were at once.
func (c *connections) counts() (dials, most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dials, c.most
}

// none waits until there are none.
func (c *connections) none(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	if c.open == 0 {
		c.mu.Unlock()
		return
	}
	gone := make(chan struct{})
	c.gone = gone
	c.mu.Unlock()
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		c.mu.Lock()
		defer c.mu.Unlock()
		assert.Zero(t, c.open, "connections that are left")
	}
}

func (c *connections) closed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open--; c.open == 0 && c.gone != nil {
		close(c.gone)
		c.gone = nil
	}
}

type countedConn struct {
	net.Conn
	count *connections
	once  sync.Once
}

func (c *countedConn) Read(p []byte) (int, error) {
	c.count.event()
	defer c.count.event()
	return c.Conn.Read(p)
}

func (c *countedConn) Write(p []byte) (int, error) {
	c.count.event()
	defer c.count.event()
	return c.Conn.Write(p)
}

func (c *countedConn) Close() error {
	c.once.Do(c.count.closed)
	return c.Conn.Close()
}

// cancelSomewhere runs a transfer on a context that ends at one of so many
// events, and then makes sure that it leaves no connection.
func (r *rig) cancelSomewhere(t *testing.T, seed uint64, most int64, run func(ctx context.Context, objects *objectstorage.ObjectsService) error) error {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var left atomic.Int64
	left.Store(rand.New(rand.NewPCG(seed, 0)).Int64N(most))
	conns := newConnections()
	conns.event = func() {
		if left.Add(-1) == 0 {
			cancel()
		}
	}
	client, err := r.client.With(nhncloud.WithHTTPClient(&http.Client{Transport: conns.transport()}))
	require.NoError(t, err)
	err = run(ctx, objectstorage.New(client).Objects)
	client.CloseIdleConnections()
	conns.none(t)
	return err
}

// flaw is what goes wrong in the middle of a body.
type flaw func(w http.ResponseWriter, r *http.Request, forward http.Handler)

// picker returns a function that tells what happens to a request; nil for
// nothing.
type picker func() func(*http.Request) flaw

// flawedProxy stands between a client and the cloud.
func flawedProxy(t *testing.T, r *rig, flaws picker) {
	t.Helper()
	pick := flaws()
	target, err := url.Parse(r.cloud.URL())
	require.NoError(t, err)
	upstream := http.DefaultTransport.(*http.Transport).Clone()
	upstream.MaxIdleConnsPerHost = 64
	forward := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(target)
			p.Out.Host = p.In.Host
		},
		Transport:     upstream,
		FlushInterval: -1,
		ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if f := pick(req); f != nil {
			f(w, req, forward)
			return
		}
		forward.ServeHTTP(w, req)
	}))
	t.Cleanup(func() {
		server.Close()
		upstream.CloseIdleConnections()
	})
	through, err := r.client.With(nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, server.URL+"/object-store/v1"))
	require.NoError(t, err)
	r.objects = objectstorage.New(through).Objects
}

// resetInRequest reads a part of the body and resets the connection.
func resetInRequest(after int64) flaw {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		_, _ = io.CopyN(io.Discard, r.Body, after)
		resetConn(w)
	}
}

// resetInAnswer hands out a part of the body and resets the connection.
func resetInAnswer(after int) flaw {
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		recorder := httptest.NewRecorder()
		forward.ServeHTTP(recorder, r)
		for name, values := range recorder.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes()[:min(after, recorder.Body.Len())])
		_ = http.NewResponseController(w).Flush()
		resetConn(w)
	}
}

// garbleRequest changes a byte of the body on its way.
func garbleRequest(w http.ResponseWriter, r *http.Request, forward http.Handler) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	body[len(body)/2] ^= 1
	r.Body = io.NopCloser(bytes.NewReader(body))
	forward.ServeHTTP(w, r)
}

// garbleAnswer changes a byte of the body on its way.
func garbleAnswer(w http.ResponseWriter, r *http.Request, forward http.Handler) {
	recorder := httptest.NewRecorder()
	forward.ServeHTTP(recorder, r)
	for name, values := range recorder.Header() {
		w.Header()[name] = values
	}
	body := recorder.Body.Bytes()
	if len(body) > 0 {
		body[len(body)/2] ^= 1
	}
	w.WriteHeader(recorder.Code)
	_, _ = w.Write(body)
}

func resetConn(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

// isPart tells whether a request sends a part.
func isPart(r *http.Request) bool {
	return r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/"+depotSegments+"/")
}

// isPartNumber tells whether a request sends that part.
func isPartNumber(n int) func(*http.Request) bool {
	return func(r *http.Request) bool { return isPart(r) && strings.Contains(r.URL.Path, fmt.Sprintf("/%08d-", n)) }
}

// isContent tells whether a request fetches content of an object in depot.
func isContent(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/"+depot+"/") && r.URL.RawQuery == ""
}

// eachTime picks a flaw the first n times for each URL and range.
func eachTime(n int, matches func(*http.Request) bool, f flaw) picker {
	return func() func(*http.Request) flaw {
		var mu sync.Mutex
		counts := map[string]int{}
		return func(r *http.Request) flaw {
			if !matches(r) {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			key := r.URL.String() + r.Header.Get("Range")
			if counts[key]++; counts[key] <= n {
				return f
			}
			return nil
		}
	}
}

// writeFile makes a file with the content in a folder.
func writeFile(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, data, 0o666))
	return path
}

// treeOf returns the paths of what is in a folder, in order, folders with a slash
// after them.
func treeOf(t *testing.T, dir string) []string {
	t.Helper()
	paths := []string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		below, err := filepath.Rel(dir, path)
		if below = filepath.ToSlash(below); entry.IsDir() {
			below += "/"
		}
		paths = append(paths, below)
		return err
	}))
	slices.Sort(paths)
	return paths
}

// failsAs returns err as an *nhncloud.Error of the kind.
func failsAs(t *testing.T, kind, err error) *nhncloud.Error {
	t.Helper()
	require.ErrorIs(t, err, kind)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	return e
}

// refusedField asserts that err is an ErrInvalidArgument that names the field.
func refusedField(t *testing.T, field string, err error) {
	t.Helper()
	e := failsAs(t, nhncloud.ErrInvalidArgument, err)
	assert.Equal(t, field, e.Field)
	assert.NotEmpty(t, e.Message)
}

// story collects what a transfer tells of its progress, and checks that it only
// goes forward.
type story struct {
	t    *testing.T
	mu   sync.Mutex
	last objectstorage.Progress
	told int
}

func (s *story) tell(p objectstorage.Progress) {
	assert.True(s.t, s.mu.TryLock(), "one goroutine at a time")
	defer s.mu.Unlock()
	assert.GreaterOrEqual(s.t, p.Done, s.last.Done)
	assert.GreaterOrEqual(s.t, p.Parts, s.last.Parts)
	s.last = p
	s.told++
}
