package objectstorage_test

import (
	"fmt"
	"math"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// Whatever size the service tells, the ranges are made as they are needed.
func TestDownloadHuge(t *testing.T) {
	const most = 8 << 20 // bytes that a download allocates before its first range has come
	for _, size := range []int64{math.MaxInt64, math.MaxInt64 - 1, 110e12} {
		for name, options := range map[string]*objectstorage.DownloadOptions{
			"defaults": {Concurrency: 1}, "unchecked": {Concurrency: 1, SkipChecksum: true}, "small parts": {Concurrency: 1, PartSize: new(int64(64 << 10))},
		} {
			t.Run(fmt.Sprintf("%d/%s", size, name), func(t *testing.T) {
				r := newRig(t)
				r.put(depot, "name", []byte("abc"))
				r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
					resp, err := next.RoundTrip(req)
					if err == nil && operation == "objectstorage-head-object" {
						resp.Header.Set("Content-Length", strconv.FormatInt(size, 10))
					}
					return resp, err
				})
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				_, err := r.objects.Download(t.Context(), depot, "name", &buffer{make([]byte, 3)}, options)
				runtime.ReadMemStats(&after)
				failsAs(t, nhncloud.ErrBadAnswer, err)
				assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(most))
			})
		}
	}
}

// Parts of a byte would be more requests than anybody wants.
func TestDownloadLeastPartSize(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, size := range []int64{math.MinInt64, -1, 0, 1, 64<<10 - 1} {
		_, err := r.objects.Download(t.Context(), depot, "name", &buffer{}, &objectstorage.DownloadOptions{PartSize: &size})
		refusedField(t, "PartSize", err)
		assert.ErrorContains(t, err, "at least 65536 bytes")
	}
}

// An object that has not the size that its segments have is not what the
// service says.
func TestDownloadWrongManifest(t *testing.T) {
	t.Parallel()
	data := noise(1, 3*smallPart)
	segment := func(n int) string {
		part := data[n*smallPart : (n+1)*smallPart]
		return fmt.Sprintf(`{"name": "/depot_segments/%d", "hash": %q, "bytes": %d}`, n, digestOf(part), len(part))
	}
	for name, manifest := range map[string]string{
		"shorter":     segment(0) + "," + segment(1),
		"longer":      segment(0) + "," + segment(1) + "," + segment(2) + "," + segment(2),
		"negative":    segment(0) + "," + segment(1) + "," + strings.Replace(segment(2), "65536", "-65536", 1),
		"overflowing": segment(0) + "," + strings.Replace(segment(1), "65536", "9223372036854775807", 1) + "," + segment(2),
	} {
		for _, parts := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/%t", name, parts), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				r.putLarge("name", data)
				r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
					if operation == "objectstorage-get-slo-manifest" {
						return textAnswer("[" + manifest + "]"), nil
					}
					return next.RoundTrip(req)
				})
				options := inRanges()
				if !parts {
					options.PartSize = nil
				}
				_, err := r.objects.Download(t.Context(), depot, "name", &buffer{make([]byte, len(data))}, options)
				failsAs(t, nhncloud.ErrBadAnswer, err)
			})
		}
	}
	t.Run("size unknown", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.putLarge("name", data)
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if err == nil && operation == "objectstorage-head-object" {
				resp.Header.Del("Content-Length")
			}
			return resp, err
		})
		out := &buffer{make([]byte, len(data))}
		object, err := r.objects.Download(t.Context(), depot, "name", out, inRanges())
		require.NoError(t, err)
		assert.EqualValues(t, len(data), object.Size)
		assert.Equal(t, digestOf(data), digestOf(out.data))
	})
}

// An object that is empty in one answer and not in another is none.
func TestDownloadNotEmpty(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.put(depot, "name", []byte("abc"))
	r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		resp, err := next.RoundTrip(req)
		if err == nil && operation == "objectstorage-head-object" {
			resp.Header.Set("Content-Length", "0")
		}
		return resp, err
	})
	_, err := r.objects.Download(t.Context(), depot, "name", &buffer{make([]byte, 3)}, nil)
	failsAs(t, nhncloud.ErrBadAnswer, err)
}
