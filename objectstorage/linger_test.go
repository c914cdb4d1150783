package objectstorage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// No upload outlives its context by more than what is documented, whatever the
// service hangs in, and its failure is the end of the context.
func TestUploadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	const deadline, linger, grace = 3 * time.Second, 2 * time.Second, 5 * time.Second
	on := func(operation string, do func(r *http.Request) (*http.Response, error)) stand {
		return func(op string, r *http.Request) (*http.Response, error) {
			if op != operation {
				return nil, nil
			}
			return do(r)
		}
	}
	readAndHang := func(r *http.Request) (*http.Response, error) {
		_, _ = sent(r)
		return hangs(r)
	}
	later := func(r *http.Request) (*http.Response, error) {
		_, _ = sent(r)
		begins(r)
		resp := answer(http.StatusTooManyRequests)
		resp.Header.Set("Retry-After", "60")
		return resp, nil
	}
	from := func(first string) stand { // everything hangs from an operation on
		var hanging atomic.Bool // parts are sent side by side
		return func(op string, r *http.Request) (*http.Response, error) {
			if op == first {
				hanging.Store(true)
			}
			if hanging.Load() {
				return readAndHang(r)
			}
			return nil, nil
		}
	}
	for name, test := range map[string]struct {
		service func() stand
		change  func(o *objectstorage.UploadOptions)
		longer  time.Duration // than the context
		left    bool          // parts, or nobody knows
	}{
		"part": {
			service: func() stand { return on("objectstorage-put-segment", hangs) },
			change:  func(o *objectstorage.UploadOptions) { o.PartSize = new(int64(100 * kib)) }, // which is not sent together with the header
		},
		"part that was sent":      {service: func() stand { return on("objectstorage-put-segment", readAndHang) }, longer: linger, left: true},
		"part that is sent later": {service: func() stand { return on("objectstorage-put-segment", later) }},
		"manifest":                {service: func() stand { return on("objectstorage-put-slo-manifest", readAndHang) }, longer: linger, left: true},
		"manifest later":          {service: func() stand { return on("objectstorage-put-slo-manifest", later) }},
		"dynamic manifest": {
			service: func() stand { return on("objectstorage-put-dlo-manifest", readAndHang) }, longer: linger, left: true,
			change: func(o *objectstorage.UploadOptions) { o.Dynamic = true },
		},
		"everything from the manifest on": {service: func() stand { return from("objectstorage-put-slo-manifest") }, longer: grace, left: true},
		"everything from the parts on":    {service: func() stand { return from("objectstorage-put-segment") }, longer: grace, left: true},
		"everything":                      {service: func() stand { return from("objectstorage-head-object") }},
		"listing":                         {service: func() stand { return from("objectstorage-list-objects") }},
		"segment container": {service: func() stand {
			return func(op string, r *http.Request) (*http.Response, error) {
				if op == "objectstorage-list-objects" && r.URL.Query().Get("limit") == "" {
					return answer(http.StatusNotFound), nil
				}
				return on("objectstorage-put-container", hangs)(op, r)
			}
		}},
		"one piece": {service: func() stand { return on("objectstorage-put-object", readAndHang) }, change: func(o *objectstorage.UploadOptions) { o.Threshold = 0 }},
	} {
		for _, cancelled := range []bool{false, true} {
			for _, once := range []bool{false, true} {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						ctx, cancel := context.WithTimeout(t.Context(), deadline)
						defer cancel()
						want, other := context.DeadlineExceeded, context.Canceled
						if cancelled { // the context may tell no deadline
							ctx, cancel = context.WithCancel(t.Context())
							time.AfterFunc(deadline, cancel)
							want, other = other, want
						}
						options := inParts()
						if test.change != nil {
							test.change(options)
						}
						var source io.Reader = bytes.NewReader(noise(1, 3*smallPart))
						if once {
							source = onlyRead{source}
						}
						if name == "one piece" && once {
							return // is sent in parts
						}
						start := time.Now()
						result, err := newStore(depot, depotSegments).client(t, test.service()).Upload(ctx, depot, "name", source, options)
						assert.Nil(t, result)
						if errors.Is(err, nhncloud.ErrRateLimited) {
							if !cancelled { // the wait would be longer than the context
								assert.Less(t, time.Since(start), deadline)
								return
							}
						}
						failsAs(t, want, err)
						assert.NotErrorIs(t, err, other)
						assert.NotErrorIs(t, err, nhncloud.ErrInvalidArgument)
						assert.Equal(t, deadline+test.longer, time.Since(start))
						assert.Equal(t, test.left, errors.As(err, new(*objectstorage.LeftoverError)))
					})
				})
			}
		}
	}
}

// Cleaning up has a time of its own where the context does not end.
func TestCleanupEnds(t *testing.T) {
	t.Parallel()
	const longest, grace = 30 * time.Second, 5 * time.Second
	for name, test := range map[string]struct {
		timeout time.Duration
		takes   time.Duration
	}{"no end": {0, longest}, "later": {time.Hour, longest}, "meanwhile": {10 * time.Second, 10*time.Second + grace}} {
		for how, call := range map[string]func(ctx context.Context, objects *objectstorage.ObjectsService) error{
			"Put": func(ctx context.Context, objects *objectstorage.ObjectsService) error {
				_, err := objects.Put(ctx, depot, "name", bytes.NewReader(noise(1, 100)), nil)
				return err
			},
			"PutStatic": func(ctx context.Context, objects *objectstorage.ObjectsService) error {
				_, err := objects.PutStatic(ctx, depot, "name", whole(), nil)
				return err
			},
			"Upload": func(ctx context.Context, objects *objectstorage.ObjectsService) error {
				_, err := objects.Upload(ctx, depot, "name", bytes.NewReader(noise(1, 3*smallPart)), inParts())
				return err
			},
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					ctx := t.Context()
					if test.timeout > 0 {
						var cancel context.CancelFunc
						ctx, cancel = context.WithTimeout(ctx, test.timeout)
						defer cancel()
					}
					wrong := digestOf([]byte("wrong"))
					objects := newStore(depot, depotSegments).client(t, func(op string, r *http.Request) (*http.Response, error) {
						switch {
						case op == "objectstorage-delete-object":
							return hangs(r)
						case op == "objectstorage-head-object":
							resp := answer(http.StatusOK)
							resp.Header.Set("ETag", wrong)
							return resp, nil
						case op == "objectstorage-put-segment" || op == "objectstorage-put-object" || op == "objectstorage-put-slo-manifest":
							_, err := sent(r)
							resp := answer(http.StatusCreated)
							resp.Header.Set("ETag", wrong)
							return resp, err
						}
						return nil, nil
					})
					start := time.Now()
					err := call(ctx, objects)
					failsAs(t, nhncloud.ErrChecksumMismatch, err)
					var left *objectstorage.LeftoverError
					require.ErrorAs(t, err, &left)
					assert.NotEmpty(t, left.Objects)
					assert.Equal(t, test.takes, time.Since(start))
				})
			})
		}
	}
}
