package objectstorage_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestUploadOverwrites(t *testing.T) {
	t.Parallel()
	large, other, small := noise(11, 3*smallPart), noise(12, 4*smallPart), []byte("small")
	common := append(bytes.Clone(large[:smallPart]), other...)
	static := func(t *testing.T, r *rig) { r.putLarge("name", large) }
	dynamic := func(t *testing.T, r *rig) {
		options := inParts()
		options.Dynamic = true
		_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(large), options)
		require.NoError(t, err)
	}
	beside := func(t *testing.T, r *rig) { // a dynamic one that counts itself among its segments
		r.put(depot, "name/1", large)
		_, err := r.objects.PutDynamic(t.Context(), depot, "name", depot, "name", nil)
		require.NoError(t, err)
	}
	for name, c := range map[string]struct {
		old  func(t *testing.T, r *rig)
		data []byte
		left int // segments, when the old ones were deleted
		kept int // segments, when they were not
	}{
		"nothing":            {data: large, left: 3, kept: 3},
		"static by static":   {old: static, data: other, left: 4, kept: 7},
		"some in common":     {old: static, data: common, left: 5, kept: 7},
		"static by small":    {old: static, data: small, left: 0, kept: 3},
		"dynamic by static":  {old: dynamic, data: other, left: 4, kept: 7},
		"dynamic by small":   {old: dynamic, data: small, left: 0, kept: 3},
		"small by static":    {old: func(t *testing.T, r *rig) { r.put(depot, "name", small) }, data: large, left: 3, kept: 3},
		"dynamic by itself":  {old: beside, data: small},
		"dynamic with parts": {old: beside, data: large, left: 3, kept: 3},
	} {
		for _, remove := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/%t", name, remove), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				if c.old != nil {
					c.old(t, r)
				}
				options := inParts()
				options.Threshold, options.DeleteOldSegments = smallPart, remove
				_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(c.data), options)
				require.NoError(t, err)
				r.holds("name", c.data)
				if remove {
					assert.Len(t, r.list(depotSegments), c.left)
					assert.Equal(t, []string{"name"}, r.list(depot))
				} else {
					assert.Len(t, r.list(depotSegments), c.kept)
				}
			})
		}
	}
	t.Run("deletion fails", func(t *testing.T) {
		t.Parallel()
		for _, data := range [][]byte{other, small} {
			r := newRig(t)
			static(t, r)
			fault := r.cloud.Inject(nhncloudtest.Fault{Method: http.MethodDelete, Status: http.StatusForbidden})
			options := inParts()
			options.Threshold, options.DeleteOldSegments = smallPart, true
			result, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
			assert.ErrorIs(t, err, nhncloud.ErrForbidden)
			require.NotNil(t, result, "it is stored")
			assert.EqualValues(t, len(data), result.Size)
			assert.Equal(t, 3, fault.Fired(), "each is tried")
			r.holds("name", data)
		}
	})
	t.Run("segments unknown", func(t *testing.T) {
		t.Parallel()
		for _, data := range [][]byte{other, small} {
			r := newRig(t)
			static(t, r)
			before := r.list(depotSegments)
			r.cloud.Inject(nhncloudtest.Fault{Operation: "objectstorage-get-slo-manifest", Status: http.StatusForbidden, Times: 1})
			options := inParts()
			options.Threshold, options.DeleteOldSegments = smallPart, true
			_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
			assert.ErrorIs(t, err, nhncloud.ErrForbidden)
			assert.Equal(t, before, r.list(depotSegments))
			r.holds("name", large)
		}
	})
}

// An upload that fails after it has overwritten the old object, or that may have,
// names the segments of that, and keeps them.
func TestUploadFailsOverAnother(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{"in one piece": []byte("small"), "in parts": noise(12, 4*smallPart)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.putLarge("name", noise(11, 3*smallPart))
			r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
				resp, err := next.RoundTrip(req)
				if err == nil && req.Method == http.MethodPut && !isPart(req) {
					resp.Header.Del("ETag")
				}
				return resp, err
			})
			options := inParts()
			options.Threshold, options.DeleteOldSegments = smallPart, true
			_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
			if name == "in parts" && err == nil {
				return // it was found to be made all the same
			}
			failsAs(t, nhncloud.ErrBadAnswer, err)
			var left *objectstorage.LeftoverError
			require.ErrorAs(t, err, &left)
			assert.Len(t, left.Objects, 3)
			assert.ErrorContains(t, left.Reason, "old object")
			r.holds("name", data)
		})
	}
}
