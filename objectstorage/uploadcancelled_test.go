package objectstorage_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestUploadCancelled(t *testing.T) {
	t.Parallel()
	t.Run("before", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for _, options := range []*objectstorage.UploadOptions{nil, inParts()} {
			for _, source := range []io.Reader{bytes.NewReader(noise(1, 3*smallPart)), onlyRead{bytes.NewReader(noise(1, 3*smallPart))}} {
				_, err := r.objects.Upload(ctx, depot, "name", source, options)
				assert.ErrorIs(t, err, context.Canceled)
			}
		}
		assert.Empty(t, r.list(depot))
		assert.Nil(t, r.list(depotSegments))
	})
	t.Run("with a cause", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		// The failure of something else is not one of the upload.
		ctx, cancel := context.WithCancelCause(t.Context())
		other := &nhncloud.Error{Operation: "other", StatusCode: http.StatusNotFound}
		options := inParts()
		options.Progress = func(nhncloud.TransferProgress) { cancel(other) }
		_, err := r.objects.Upload(ctx, depot, "name", bytes.NewReader(noise(1, 8*smallPart)), options)
		e := failsAs(t, context.Canceled, err)
		assert.NotEqual(t, "other", e.Operation)
		assert.NotErrorIs(t, err, nhncloud.ErrNotFound)
		assert.Empty(t, r.list(depotSegments))
	})
	t.Run("before the manifest", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		ctx, cancel := context.WithCancel(t.Context())
		options := inParts()
		options.Progress = func(p nhncloud.TransferProgress) {
			if p.Parts == p.Count {
				cancel()
			}
		}
		_, err := r.objects.Upload(ctx, depot, "name", bytes.NewReader(noise(1, 3*smallPart)), options)
		require.ErrorIs(t, err, context.Canceled)
		assert.Empty(t, r.list(depot))
		assert.Empty(t, r.list(depotSegments))
	})
	t.Run("during the manifest", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		ctx, cancel := context.WithCancel(t.Context())
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-put-slo-manifest" {
				cancel()
			}
			return next.RoundTrip(req)
		})
		data := noise(1, 3*smallPart)
		_, err := r.objects.Upload(ctx, depot, "name", bytes.NewReader(data), inParts())
		require.NoError(t, err, "it was brought to an end")
		r.holds("name", data)
	})
}

// Whenever it is cancelled, the object is whole or as before, and no part is
// left.
func TestUploadCancelledAnywhere(t *testing.T) {
	t.Parallel()
	const seeds = 100
	r := newRig(t)
	data := noise(19, 9*smallPart-1)
	old := noise(20, 2*smallPart)
	var outcomes [2]atomic.Int64
	t.Run("seeds", func(t *testing.T) {
		for seed := range uint64(seeds) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				container := fmt.Sprintf("c%d", seed)
				r.create(container)
				ctx := context.Background()
				var segments []string
				if seed%2 == 0 {
					_, err := r.objects.Upload(ctx, container, "name", bytes.NewReader(old), inParts())
					require.NoError(t, err)
					segments = r.list(container + "_segments")
				}
				options := inParts()
				options.Dynamic = seed%5 == 4
				data := data[:6*smallPart-1]
				if seed%4 < 2 { // parts that are not read into memory
					*options.PartSize += smallPart / 2
					data = data[:cap(data)]
				}
				var source io.Reader = bytes.NewReader(data)
				if seed%3 == 0 {
					source = onlyRead{source}
				}
				err := r.cancelSomewhere(t, seed, 90, func(ctx context.Context, objects *objectstorage.ObjectsService) error {
					_, err := objects.Upload(ctx, container, "name", source, options)
					return err
				})
				now := r.list(container + "_segments")
				if err == nil {
					outcomes[0].Add(1)
					checkObject(t, r, container, data)
					assert.Len(t, now, len(segments)+6)
					return
				}
				outcomes[1].Add(1)
				require.ErrorIs(t, err, context.Canceled)
				if segments == nil {
					_, err := r.objects.Head(ctx, container, "name")
					assert.ErrorIs(t, err, nhncloud.ErrNotFound)
				} else {
					checkObject(t, r, container, old)
				}
				assert.ElementsMatch(t, segments, now)
			})
		}
	})
	t.Logf("%d whole, %d cancelled", outcomes[0].Load(), outcomes[1].Load())
	assert.NotZero(t, outcomes[1].Load())
}

func checkObject(t *testing.T, r *rig, container string, want []byte) {
	t.Helper()
	content, err := r.objects.Get(context.Background(), container, "name", nil)
	require.NoError(t, err)
	defer content.Close()
	got, err := io.ReadAll(content)
	require.NoError(t, err)
	assert.Equal(t, digestOf(want), digestOf(got))
}
