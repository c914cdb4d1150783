package objectstorage_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
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

// inParts are options by which everything goes in small parts.
func inParts() *objectstorage.UploadOptions {
	return &objectstorage.UploadOptions{Threshold: 1, PartSize: new(int64(smallPart)), Concurrency: 4}
}
