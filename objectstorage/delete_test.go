package objectstorage_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// answering is a client whose requests a function answers.
func answering(t *testing.T, answer func(r *http.Request) int) *objectstorage.ObjectsService {
	t.Helper()
	m := apitest.New(t, nhncloud.WithMiddleware(func(http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			if err := r.Context().Err(); err != nil {
				return nil, err
			}
			return &http.Response{StatusCode: answer(r), Header: http.Header{}, Body: http.NoBody, Request: r}, nil
		})
	}))
	return objectstorage.New(m.Client).Objects
}

// Each object has its result, in the order of the names.
func TestDeleteMany(t *testing.T) {
	t.Parallel()
	names := make([]string, 100)
	for i := range names {
		names[i] = fmt.Sprintf("%03d", i)
	}
	objects := answering(t, func(r *http.Request) int {
		switch {
		case strings.HasSuffix(r.URL.Path, "7"):
			return http.StatusConflict
		case strings.HasSuffix(r.URL.Path, "5"):
			return http.StatusNotFound
		}
		return http.StatusNoContent
	})
	results, err := objects.DeleteMany(t.Context(), "photos", names, 0)
	require.ErrorIs(t, err, nhncloud.ErrConflict)
	assert.ErrorContains(t, err, "007", "the first failure")
	require.Len(t, results, len(names))
	for i, result := range results {
		assert.Equal(t, names[i], result.Name)
		if i%10 == 7 {
			assert.ErrorIs(t, result.Err, nhncloud.ErrConflict)
			assert.ErrorContains(t, result.Err, names[i])
		} else {
			assert.NoError(t, result.Err)
		}
	}
}

// As many requests are on their way as was said, and no more.
func TestDeleteManyConcurrency(t *testing.T) {
	t.Parallel()
	for concurrency, most := range map[int]int{0: 8, 1: 1, 3: 3, 100: 12} {
		var mu sync.Mutex
		running, seen := 0, 0
		full := make(chan struct{})
		objects := answering(t, func(*http.Request) int {
			mu.Lock()
			running++
			seen = max(seen, running)
			if running == most && seen == most {
				select {
				case <-full:
				default:
					close(full)
				}
			}
			mu.Unlock()
			<-full // until as many as can be are there
			mu.Lock()
			defer mu.Unlock()
			running--
			return http.StatusNoContent
		})
		_, err := objects.DeleteMany(t.Context(), "photos", strings.Split("abcdefghijkl", ""), concurrency)
		require.NoError(t, err)
		assert.Equal(t, most, seen, "concurrency %d", concurrency)
	}
}

func TestDeleteManyRefused(t *testing.T) {
	t.Parallel()
	const operation = "objectstorage-delete-object"
	refusing(t, operation, "concurrency", func(ctx context.Context, objects *objectstorage.ObjectsService) error {
		results, err := objects.DeleteMany(ctx, "photos", []string{"a"}, -1)
		assert.Nil(t, results)
		return err
	})
	// One name that can't be keeps all others from being deleted.
	refusingNames(t, operation, "Container", "Object", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
		results, err := objects.DeleteMany(ctx, container, []string{"a", name}, 0)
		assert.Nil(t, results)
		return err
	})
	results, err := objectstorage.New(apitest.New(t).Client).Objects.DeleteMany(t.Context(), "photos", nil, 0)
	require.NoError(t, err)
	assert.Empty(t, results)
}

// When the context ends, what was not deleted says so.
func TestDeleteManyCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	objects := answering(t, func(r *http.Request) int {
		if strings.HasSuffix(r.URL.Path, "b") {
			cancel()
		}
		return http.StatusNoContent
	})
	results, err := objects.DeleteMany(ctx, "photos", []string{"a", "b", "c", "d"}, 1)
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, results, 4)
	assert.NoError(t, results[0].Err)
	assert.ErrorIs(t, results[2].Err, context.Canceled)
	assert.ErrorIs(t, results[3].Err, context.Canceled)
}

// The segments of large objects go with them, and nothing else.
func TestDeleteLarge(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	r.create("other")
	for _, name := range []string{"dlo/1", "dlo/2", "dlo", "dlox"} {
		r.put("other", name, []byte(name))
	}
	_, err := r.objects.PutDynamic(ctx, depot, "dynamic", "other", "dlo/", nil)
	require.NoError(t, err)
	r.put(depot, "small", []byte("small"))
	r.putLarge("static", noise(1, 3*smallPart))
	r.putLarge("other static", noise(2, 2*smallPart))
	require.Len(t, r.list(depotSegments), 5)

	require.NoError(t, r.objects.DeleteLarge(ctx, depot, "small"))
	require.NoError(t, r.objects.DeleteLargeWithin(ctx, depot, "dynamic", "other"))
	assert.Equal(t, []string{"dlo", "dlox"}, r.list("other"))
	require.NoError(t, r.objects.DeleteLarge(ctx, depot, "static"))
	assert.Len(t, r.list(depotSegments), 2)
	assert.Equal(t, []string{"other static"}, r.list(depot))
	require.ErrorIs(t, r.objects.DeleteLarge(ctx, depot, "static"), nhncloud.ErrNotFound)
}

// Whoever may write to a container can make an object there of anything. Its
// deletion does not reach further than the containers that it is known to have.
func TestDeleteLargeElsewhere(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for kind, make := range map[string]func(r *rig) error{
		"dynamic": func(r *rig) error {
			_, err := r.objects.PutDynamic(ctx, depot, "trap", "other", "treasure", nil)
			return err
		},
		"static": func(r *rig) error {
			_, err := r.objects.PutStatic(ctx, depot, "trap", []objectstorage.Segment{{Container: "other", Name: "treasure/1"}}, nil)
			return err
		},
		"partly static": func(r *rig) error {
			r.put(depot, "own", []byte("own"))
			_, err := r.objects.PutStatic(ctx, depot, "trap", []objectstorage.Segment{{Container: depot, Name: "own"}, {Container: "other", Name: "treasure/1"}}, nil)
			return err
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.create("other")
			r.put("other", "treasure/1", []byte("gold"))
			require.NoError(t, make(r))
			sent := r.counting()
			for _, allowed := range [][]string{nil, {"another"}} {
				err := r.objects.DeleteLargeWithin(ctx, depot, "trap", allowed...)
				refusedField(t, "segmentContainers", err)
				assert.ErrorContains(t, err, `"other"`)
			}
			refusedField(t, "segmentContainers", r.objects.DeleteLarge(ctx, depot, "trap"))
			assert.Zero(t, sent.count("objectstorage-delete-object"))

			// Nor does an upload that is to delete what it overwrites.
			options := inParts()
			options.DeleteOldSegments = true
			result, err := r.objects.Upload(ctx, depot, "trap", bytes.NewReader(noise(1, 2*smallPart)), options)
			require.NotNil(t, result, "it is stored")
			refusedField(t, "SegmentContainer", err)
			assert.ErrorContains(t, err, `"other"`)
			assert.Equal(t, []string{"treasure/1"}, r.list("other"))
			r.holds("trap", noise(1, 2*smallPart))

			require.NoError(t, make(r))
			options.SegmentContainer = "other"
			_, err = r.objects.Upload(ctx, depot, "trap", bytes.NewReader(noise(2, 2*smallPart)), options)
			require.NoError(t, err)
			assert.NotContains(t, r.list("other"), "treasure/1")
			require.NoError(t, r.objects.DeleteLargeWithin(ctx, depot, "trap", "other"))
			assert.Empty(t, r.list("other"))
		})
	}
}

// What could not be deleted is named.
func TestDeleteLargeLeftovers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.putLarge("large", noise(1, 5*smallPart))
	r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		if operation == "objectstorage-delete-object" && isSegment(req) && !strings.Contains(req.URL.Path, "/00000002-") {
			return answer(http.StatusForbidden), nil
		}
		return next.RoundTrip(req)
	})
	err := r.objects.DeleteLarge(t.Context(), depot, "large")
	r.leaveAlone()
	failsAs(t, nhncloud.ErrForbidden, err)
	var left *objectstorage.LeftoverError
	require.ErrorAs(t, err, &left)
	var names []string
	for _, place := range left.Objects {
		assert.Equal(t, depotSegments, place.Container)
		names = append(names, place.Name)
	}
	assert.Equal(t, r.list(depotSegments), names)
	assert.Len(t, names, 4)
	assert.ErrorContains(t, err, "left behind: 4 objects that begin with \""+depotSegments+"/depot/large/slo/")
}

func isSegment(r *http.Request) bool { return strings.Contains(r.URL.Path, "/"+depotSegments+"/") }

func TestDeleteLargeFails(t *testing.T) {
	t.Parallel()
	manifest, _ := segmentsOf(noise(1, 30), 10)
	static := early(http.StatusOK, "", "X-Static-Large-Object", "True")
	dynamic := early(http.StatusOK, "", "X-Object-Manifest", "photos_segments/a/")
	for name, test := range map[string]struct {
		steps []http.HandlerFunc
		lines []string
		kind  error
	}{
		"look": {
			steps: []http.HandlerFunc{html(403, "Forbidden")}, kind: nhncloud.ErrForbidden,
			lines: []string{"HEAD /photos/a token-1"},
		},
		"manifest": {
			steps: []http.HandlerFunc{static, html(403, "Forbidden")}, kind: nhncloud.ErrForbidden,
			lines: []string{"HEAD /photos/a token-1", "GET /photos/a?multipart-manifest=get token-1"},
		},
		"listing": {
			steps: []http.HandlerFunc{dynamic, html(403, "Forbidden")}, kind: nhncloud.ErrForbidden,
			lines: []string{"HEAD /photos/a token-1", "GET /photos_segments?format=json&prefix=a%2F token-1"},
		},
		"object": { // whose segments stay then
			steps: []http.HandlerFunc{static, reply(200, manifest), html(409, "Locked")}, kind: nhncloud.ErrConflict,
			lines: []string{"HEAD /photos/a token-1", "GET /photos/a?multipart-manifest=get token-1", "DELETE /photos/a token-1"},
		},
		"segment": { // after which the others are deleted all the same
			steps: []http.HandlerFunc{static, reply(200, manifest), reply(204, ""), html(409, "Locked"), html(404, "Not Found"), reply(204, "")}, kind: nhncloud.ErrConflict,
		},
		"no prefix": { // which would be the whole container
			steps: []http.HandlerFunc{early(http.StatusOK, "", "X-Object-Manifest", "photos_segments/"), reply(204, "")},
			lines: []string{"HEAD /photos/a token-1", "DELETE /photos/a token-1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, test.steps...)
			err := s.objects.DeleteLarge(t.Context(), "photos", "a")
			if test.kind == nil {
				require.NoError(t, err)
			} else {
				failsAs(t, test.kind, err)
			}
			if test.lines != nil {
				assert.Equal(t, test.lines, s.lines())
			}
		})
	}
}
