package objectstorage_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestUploadNoOverwrite(t *testing.T) {
	t.Parallel()
	data := noise(13, 3*smallPart)
	guarded := func() *objectstorage.UploadOptions {
		options := inParts()
		options.NoOverwrite = true
		return options
	}
	t.Run("is there", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.put(depot, "name", []byte("old"))
		sent := r.counting()
		_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), guarded())
		require.ErrorIs(t, err, nhncloud.ErrPreconditionFailed)
		assert.Zero(t, sent.count("objectstorage-put-segment"))
		assert.Nil(t, r.list(depotSegments))
		options := guarded()
		options.Threshold = 0
		_, err = r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
		require.ErrorIs(t, err, nhncloud.ErrPreconditionFailed)
		r.holds("name", []byte("old"))
	})
	// It comes up while the parts are sent.
	t.Run("race", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-put-slo-manifest" {
				r.leaveAlone()
				r.put(depot, "name", []byte("first"))
			}
			return next.RoundTrip(req)
		})
		_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), guarded())
		require.ErrorIs(t, err, nhncloud.ErrPreconditionFailed)
		r.holds("name", []byte("first"))
		assert.Empty(t, r.list(depotSegments))
	})
	// The first attempt stored it, so that the second finds it there.
	t.Run("own", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		fault := r.cloud.Inject(nhncloudtest.Fault{Operation: "objectstorage-put-slo-manifest", ResetAfter: true, Times: 1})
		result, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), guarded())
		require.NoError(t, err)
		assert.Equal(t, 1, fault.Fired())
		assert.EqualValues(t, len(data), result.Size)
		r.holds("name", data)
	})
	t.Run("nobody knows", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.cloud.Inject(nhncloudtest.Fault{Operation: "objectstorage-head-object", Status: http.StatusForbidden})
		_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), guarded())
		assert.ErrorIs(t, err, nhncloud.ErrForbidden)
		assert.Nil(t, r.list(depotSegments))
	})
}

// The answer to the last request is lost, again and again.
func TestUploadLostAnswer(t *testing.T) {
	t.Parallel()
	data := noise(14, 3*smallPart)
	for _, dynamic := range []bool{false, true} {
		operation := "objectstorage-put-slo-manifest"
		if dynamic {
			operation = "objectstorage-put-dlo-manifest"
		}
		options := inParts()
		options.Dynamic = dynamic
		run := func(name string, test func(t *testing.T, r *rig)) {
			t.Run(fmt.Sprintf("%s/%t", name, dynamic), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				r.put(depot, "name", []byte("old"))
				test(t, r)
			})
		}
		run("stored", func(t *testing.T, r *rig) {
			r.cloud.Inject(nhncloudtest.Fault{Operation: operation, ResetAfter: true})
			result, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
			require.NoError(t, err)
			assert.EqualValues(t, len(data), result.Size)
			object, err := r.objects.Head(t.Context(), depot, "name")
			require.NoError(t, err)
			assert.Equal(t, object.ETag, result.ETag)
			r.holds("name", data)
		})
		run("not stored", func(t *testing.T, r *rig) {
			r.cloud.Inject(nhncloudtest.Fault{Operation: operation, Reset: true})
			_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
			require.ErrorIs(t, err, nhncloud.ErrUnavailable)
			r.holds("name", []byte("old"))
			assert.Empty(t, r.list(depotSegments))
		})
		// Better parts without an object than the other way round.
		run("nobody knows", func(t *testing.T, r *rig) {
			r.cloud.Inject(nhncloudtest.Fault{Operation: operation, ResetAfter: true})
			r.cloud.Inject(nhncloudtest.Fault{Operation: "objectstorage-head-object", Status: http.StatusForbidden, After: 1})
			_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
			require.ErrorIs(t, err, nhncloud.ErrUnavailable)
			r.cloud.RemoveFaults()
			r.holds("name", data)
		})
		run("another came", func(t *testing.T, r *rig) {
			r.meddleWith(func(op string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
				if op != operation {
					return next.RoundTrip(req)
				}
				r.put(depot, "name", []byte("another"))
				return answer(http.StatusBadGateway), nil
			})
			_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
			require.ErrorIs(t, err, nhncloud.ErrUnavailable)
			r.holds("name", []byte("another"))
			assert.Empty(t, r.list(depotSegments))
		})
	}
	// An old object of the same parts is not taken for the new one.
	t.Run("nothing new", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.putLarge("name", data)
		r.cloud.Inject(nhncloudtest.Fault{Operation: "objectstorage-put-slo-manifest", Reset: true})
		_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), inParts())
		require.ErrorIs(t, err, nhncloud.ErrUnavailable)
		r.holds("name", data)
	})
	// Nor is one of the same content with parts of its own.
	t.Run("same content", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		var once sync.Once
		r.meddleWith(func(op string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if op != "objectstorage-put-slo-manifest" || strings.Contains(req.Header.Get("Content-Type"), "plain") {
				return next.RoundTrip(req)
			}
			once.Do(func() {
				options := inParts()
				options.SegmentContainer, options.ContentType = "elsewhere", "text/plain"
				_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
				assert.NoError(t, err)
			})
			return answer(http.StatusBadGateway), nil
		})
		_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), inParts())
		require.ErrorIs(t, err, nhncloud.ErrUnavailable)
		r.holds("name", data)
		assert.Empty(t, r.list(depotSegments))
	})
}

// answer is one without content.
func answer(status int) *http.Response {
	w := httptest.NewRecorder()
	w.WriteHeader(status)
	return w.Result()
}
