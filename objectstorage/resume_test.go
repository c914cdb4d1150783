package objectstorage_test

import (
	"bytes"
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// Parts that are there are not sent again.
func TestUploadResumes(t *testing.T) {
	t.Parallel()
	const parts = 6
	data := noise(10, parts*smallPart-5)
	interrupted := func(t *testing.T, r *rig, options *objectstorage.UploadOptions) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		own := *options
		own.Concurrency, own.KeepParts = 1, true
		own.Progress = func(p nhncloud.TransferProgress) {
			if p.Parts == 3 {
				cancel()
			}
		}
		_, err := r.objects.Upload(ctx, depot, "name", bytes.NewReader(data), &own)
		require.ErrorIs(t, err, context.Canceled)
	}
	for name, c := range map[string]struct {
		options func(first, second *objectstorage.UploadOptions)
		data    func(data []byte) []byte
		name    string
		reused  int
	}{
		"same":           {reused: 3},
		"other part":     {data: func(d []byte) []byte { d[0]++; return d }, reused: 2},
		"moved":          {data: func(d []byte) []byte { return append([]byte("x"), d...) }},
		"other name":     {name: "other"},
		"other size":     {options: func(_, second *objectstorage.UploadOptions) { second.PartSize = new(int64(smallPart + 1)) }},
		"dynamic":        {options: func(_, second *objectstorage.UploadOptions) { second.Dynamic = true }},
		"dynamic before": {options: func(first, _ *objectstorage.UploadOptions) { first.Dynamic = true }},
		"unchecked":      {options: func(_, second *objectstorage.UploadOptions) { second.SkipChecksum = true }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			first, second := inParts(), inParts()
			if c.options != nil {
				c.options(first, second)
			}
			interrupted(t, r, first)
			require.Len(t, r.list(depotSegments), 3)
			assert.Empty(t, r.list(depot))

			data := bytes.Clone(data)
			if c.data != nil {
				data = c.data(data)
			}
			if c.name == "" {
				c.name = "name"
			}
			sent := r.counting()
			story := &story{t: t}
			second.Progress = story.tell
			result, err := r.objects.Upload(t.Context(), depot, c.name, bytes.NewReader(data), second)
			require.NoError(t, err)
			assert.Equal(t, c.reused, result.Reused)
			assert.Equal(t, parts-c.reused, sent.count("objectstorage-put-segment"))
			assert.Equal(t, nhncloud.TransferProgress{Done: int64(len(data)), Total: int64(len(data)), Parts: parts, Count: parts}, story.last)
			r.holds(c.name, data)
		})
	}
	t.Run("plain reader", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		interrupted(t, r, inParts())
		result, err := r.objects.Upload(t.Context(), depot, "name", onlyRead{bytes.NewReader(data)}, inParts())
		require.NoError(t, err)
		assert.Equal(t, 3, result.Reused)
		r.holds("name", data)
	})
	t.Run("damaged part", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		interrupted(t, r, inParts())
		names := r.list(depotSegments)
		r.put(depotSegments, names[0], noise(99, smallPart))
		r.put(depotSegments, names[1], []byte("short"))
		result, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), inParts())
		require.NoError(t, err)
		assert.Equal(t, 1, result.Reused)
		r.holds("name", data)
	})
	t.Run("fails again", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		interrupted(t, r, inParts())
		before := r.list(depotSegments)
		r.cloud.Inject(nhncloudtest.Fault{Operation: "objectstorage-put-slo-manifest", Status: http.StatusForbidden})
		_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), inParts())
		require.ErrorIs(t, err, nhncloud.ErrForbidden)
		assert.Equal(t, before, r.list(depotSegments), "only what this one made is deleted")
	})
	t.Run("everything there", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.putLarge("name", data)
		before := r.list(depotSegments)
		options := inParts()
		options.DeleteOldSegments = true
		result, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
		require.NoError(t, err)
		assert.Equal(t, parts, result.Reused)
		assert.Equal(t, before, r.list(depotSegments), "both objects have them")
		r.holds("name", data)
	})
	// Objects of that name in other containers do not share parts.
	t.Run("other container", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.create("other")
		options := inParts()
		options.SegmentContainer = "shared"
		for _, container := range []string{depot, "other"} {
			result, err := r.objects.Upload(t.Context(), container, "name", bytes.NewReader(data), options)
			require.NoError(t, err)
			assert.Zero(t, result.Reused)
		}
		require.NoError(t, r.objects.DeleteLargeWithin(t.Context(), "other", "name", "shared"))
		r.holds("name", data)
	})
}

// An upload takes over parts that another one of the same content has just
// sent. That one fails, and leaves them alone.
func TestUploadsShareParts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(15, 3*smallPart)
	r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		if operation != "objectstorage-put-slo-manifest" {
			return next.RoundTrip(req)
		}
		r.leaveAlone()
		result, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), inParts())
		assert.NoError(t, err)
		assert.Equal(t, 3, result.Reused)
		return answer(http.StatusForbidden), nil
	})
	_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), inParts())
	require.ErrorIs(t, err, nhncloud.ErrForbidden)
	r.holds("name", data)
}
