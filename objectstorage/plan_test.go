package objectstorage_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestUploadRefused(t *testing.T) {
	t.Parallel()
	small := func() io.Reader { return bytes.NewReader(noise(4, 3*smallPart)) }
	huge := func() io.Reader { return io.NewSectionReader(zeros{}, 0, 60_000<<30) }
	for name, c := range map[string]struct {
		field     string
		container string // "" for depot
		object    string // "" for name
		source    func() io.Reader
		change    func(o *objectstorage.UploadOptions)
	}{
		"part of 0":             {field: "PartSize", change: func(o *objectstorage.UploadOptions) { o.PartSize = new(int64(0)) }},
		"negative part":         {field: "PartSize", change: func(o *objectstorage.UploadOptions) { o.PartSize = new(int64(-1)) }},
		"part over 5 GB":        {field: "PartSize", change: func(o *objectstorage.UploadOptions) { o.PartSize = new(int64(objectstorage.MaxPutSize + 1)) }},
		"10,001 parts":          {field: "PartSize", change: func(o *objectstorage.UploadOptions) { o.PartSize = new(int64(3*smallPart-1) / 10_000) }},
		"negative threshold":    {field: "Threshold", change: func(o *objectstorage.UploadOptions) { o.Threshold = -1 }},
		"threshold over 5 GB":   {field: "Threshold", change: func(o *objectstorage.UploadOptions) { o.Threshold = objectstorage.MaxPutSize + 1 }},
		"negative concurrency":  {field: "Concurrency", change: func(o *objectstorage.UploadOptions) { o.Concurrency = -1 }},
		"segment container":     {field: "SegmentContainer", change: func(o *objectstorage.UploadOptions) { o.SegmentContainer = "a/b" }},
		"negative size":         {field: "Size", change: func(o *objectstorage.UploadOptions) { o.Size = -2 }},
		"another size":          {field: "content", change: func(o *objectstorage.UploadOptions) { o.Size = 1 }},
		"expiry":                {field: "DeleteAfter", change: func(o *objectstorage.UploadOptions) { o.DeleteAfter = 1 }},
		"metadata":              {field: `Metadata "a"`, change: func(o *objectstorage.UploadOptions) { o.Metadata = map[string]string{"a": " b"} }},
		"slash in container":    {field: "Container", container: "a/b"},
		"long container":        {field: "Container", container: strings.Repeat("c", 257)},
		"long name":             {field: "Object", object: strings.Repeat("n", 1025)},
		"dots":                  {field: "Object", object: "a/../b"},
		"no UTF-8":              {field: "Object", object: "a\xff"},
		"larger than all parts": {field: "content", source: huge, change: func(o *objectstorage.UploadOptions) { o.PartSize = nil }},
		"too large by far": {
			field:  "content",
			source: func() io.Reader { return onlyRead{small()} },
			change: func(o *objectstorage.UploadOptions) { o.PartSize, o.Size = nil, math.MaxInt64 },
		},
		"shorter than declared": {
			field:  "content",
			source: func() io.Reader { return onlyRead{small()} },
			change: func(o *objectstorage.UploadOptions) { o.Size = 3*smallPart + 1 },
		},
		"longer than declared": {
			field:  "content",
			source: func() io.Reader { return onlyRead{small()} },
			change: func(o *objectstorage.UploadOptions) { o.Size = 3*smallPart - 1 },
		},
		"longer by whole parts": {
			field:  "content",
			source: func() io.Reader { return onlyRead{small()} },
			change: func(o *objectstorage.UploadOptions) { o.Size = 2 * smallPart },
		},
		"longer than one part": {
			field:  "content",
			source: func() io.Reader { return onlyRead{small()} },
			change: func(o *objectstorage.UploadOptions) { o.Size = smallPart },
		},
		"shorter, in one piece": {
			field:  "content",
			source: func() io.Reader { return onlyRead{strings.NewReader("abc")} },
			change: func(o *objectstorage.UploadOptions) { o.Size = 4 },
		},
		"longer, in one piece": {
			field:  "content",
			source: func() io.Reader { return onlyRead{strings.NewReader("abc")} },
			change: func(o *objectstorage.UploadOptions) { o.Size = 2 },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			options := inParts()
			if c.change != nil {
				c.change(options)
			}
			if c.source == nil {
				c.source = small
			}
			if c.container == "" {
				c.container = depot
			}
			if c.object == "" {
				c.object = "name"
			}
			result, err := r.objects.Upload(t.Context(), c.container, c.object, c.source(), options)
			assert.Nil(t, result)
			refusedField(t, c.field, err)
			assert.Empty(t, r.list(depot))
			assert.Empty(t, r.list(depotSegments))
		})
	}
	t.Run("empty names", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		_, err := r.objects.Upload(t.Context(), "", "name", small(), nil)
		refusedField(t, "Container", err)
		_, err = r.objects.Upload(t.Context(), depot, "", small(), nil)
		refusedField(t, "Object", err)
		_, err = r.objects.UploadFile(t.Context(), depot, "name", "", nil)
		refusedField(t, "path", err)
		_, err = r.objects.UploadFile(t.Context(), depot, "name", t.TempDir(), nil)
		refusedField(t, "path", err)
		_, err = r.objects.UploadFile(t.Context(), depot, "name", filepath.Join(t.TempDir(), "missing"), nil)
		assert.ErrorIs(t, err, os.ErrNotExist)
		assert.Empty(t, r.list(depot))
	})
}

func TestUploadLimits(t *testing.T) {
	t.Parallel()
	// What is sent is thrown away, so that many parts take little time.
	objects := func(t *testing.T, sent *sync.Map) *objectstorage.ObjectsService {
		client, err := nhncloud.NewClient(nhncloud.Config{Region: nhncloud.KR1, TenantID: "t"},
			nhncloud.WithTokenSource(nhncloud.StaticToken("token")), nhncloud.WithRetry(nhncloud.NoRetry),
			nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, "http://127.0.0.1/v1"),
			nhncloud.WithHTTPClient(&http.Client{Transport: nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				if r.Body != nil {
					if _, err := io.Copy(io.Discard, r.Body); err != nil {
						return nil, err
					}
				}
				call, _ := nhncloud.CallFromContext(r.Context())
				count, _ := sent.LoadOrStore(call.Operation, new(atomic.Int64))
				count.(*atomic.Int64).Add(1)
				answer := httptest.NewRecorder()
				switch {
				case call.Operation == "objectstorage-list-objects":
					_, _ = answer.WriteString("[]")
				case r.Method == http.MethodHead:
					answer.WriteHeader(http.StatusNotFound)
				case r.Method == http.MethodDelete:
					answer.WriteHeader(http.StatusNoContent)
				default:
					answer.Header().Set("ETag", r.Header.Get("ETag"))
					answer.WriteHeader(http.StatusCreated)
				}
				return answer.Result(), nil
			})}))
		require.NoError(t, err)
		return objectstorage.New(client).Objects
	}
	count := func(sent *sync.Map, operation string) int64 {
		if n, ok := sent.Load(operation); ok {
			return n.(*atomic.Int64).Load()
		}
		return 0
	}
	for name, reader := range map[string]func(io.Reader) io.Reader{
		"measured": func(r io.Reader) io.Reader { return r },
		"plain":    func(r io.Reader) io.Reader { return onlyRead{r} },
	} {
		t.Run("10,000 parts/"+name, func(t *testing.T) {
			t.Parallel()
			var sent sync.Map
			result, err := objects(t, &sent).Upload(t.Context(), depot, "name", reader(bytes.NewReader(make([]byte, 20_000))), &objectstorage.UploadOptions{Threshold: 1, PartSize: new(int64(2))})
			require.NoError(t, err)
			assert.Equal(t, 10_000, result.Parts)
			assert.EqualValues(t, 10_000, count(&sent, "objectstorage-put-segment"))
		})
	}
	t.Run("10,001 parts", func(t *testing.T) {
		t.Parallel()
		var sent sync.Map
		_, err := objects(t, &sent).Upload(t.Context(), depot, "name", onlyRead{bytes.NewReader(make([]byte, 10_001))}, &objectstorage.UploadOptions{PartSize: new(int64(1))})
		refusedField(t, "PartSize", err)
		assert.GreaterOrEqual(t, count(&sent, "objectstorage-delete-object"), count(&sent, "objectstorage-put-segment"), "also what was broken off is deleted")
		assert.Zero(t, count(&sent, "objectstorage-put-slo-manifest"))
	})
	for size, want := range map[int64]int{
		129 << 20: 8,    // of 16.125 MiB
		4 << 30:   176,  // of 23.3125 MiB
		1 << 40:   9999, // of 104.875 MiB, because there may be 10,000
	} {
		t.Run(fmt.Sprintf("default parts of %d bytes", size), func(t *testing.T) {
			t.Parallel()
			var sent sync.Map
			ctx, cancel := context.WithCancel(t.Context())
			var first nhncloud.TransferProgress
			_, err := objects(t, &sent).Upload(ctx, depot, "name", io.NewSectionReader(zeros{}, 0, size), &objectstorage.UploadOptions{
				PutOptions: objectstorage.PutOptions{SkipChecksum: true, Progress: func(p nhncloud.TransferProgress) {
					if first == (nhncloud.TransferProgress{}) {
						first = p
					}
					cancel()
				}},
				Concurrency: 1,
			})
			assert.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, want, first.Count)
		})
	}
}

// zeros reads as zeros without end.
type zeros struct{}

func (zeros) ReadAt(p []byte, _ int64) (int, error) {
	clear(p)
	return len(p), nil
}
