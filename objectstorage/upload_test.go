package objectstorage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// A source is measured, cut and sent as its size asks for.
func TestUpload(t *testing.T) {
	t.Parallel()
	const threshold = 3 * smallPart
	readers := map[string]func(data []byte) io.Reader{
		"reader at": func(data []byte) io.Reader { return bytes.NewReader(data) },
		"seeker":    func(data []byte) io.Reader { return struct{ io.ReadSeeker }{bytes.NewReader(data)} },
		"buffer":    func(data []byte) io.Reader { return bytes.NewBuffer(data) },
		"plain":     func(data []byte) io.Reader { return onlyRead{bytes.NewReader(data)} },
		"in halves": func(data []byte) io.Reader { return iotest.HalfReader(bytes.NewReader(data)) },
		"early end": func(data []byte) io.Reader { return iotest.DataErrReader(bytes.NewReader(data)) },
	}
	for name, reader := range readers {
		measured := name == "reader at" || name == "seeker" || name == "buffer"
		for _, size := range []int{0, 1, smallPart - 1, smallPart, smallPart + 1, threshold, threshold + 1, 5 * smallPart} {
			for _, declared := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%d/%t", name, size, declared), func(t *testing.T) {
					t.Parallel()
					r := newRig(t)
					sent := r.counting()
					data := noise(1, size)
					story := &story{t: t}
					options := inParts()
					options.Threshold = threshold
					options.Progress = story.tell
					options.ContentType = "text/plain"
					options.Metadata = map[string]string{"color": "blue"}
					if declared {
						options.Size = int64(size)
					}
					result, err := r.objects.Upload(t.Context(), depot, "name", reader(data), options)
					require.NoError(t, err)

					parts := 1
					large := size > threshold
					if !measured {
						large = size > smallPart
					}
					if large {
						parts = (size + smallPart - 1) / smallPart
						assert.Equal(t, parts, sent.count("objectstorage-put-segment"))
						assert.Equal(t, 1, sent.count("objectstorage-put-slo-manifest"))
						assert.Zero(t, sent.count("objectstorage-put-object"))
						assert.Len(t, r.list(depotSegments), parts)
					} else {
						assert.Equal(t, 1, sent.count("objectstorage-put-object"))
						assert.Nil(t, r.list(depotSegments))
						assert.Equal(t, digestOf(data), result.ETag)
					}
					assert.Equal(t, parts, result.Parts)
					assert.Zero(t, result.Reused)
					assert.EqualValues(t, size, result.Size)
					assert.False(t, result.LastModified.IsZero())
					r.holds("name", data)
					object, err := r.objects.Head(t.Context(), depot, "name")
					require.NoError(t, err)
					assert.Equal(t, large, object.Static)
					assert.Equal(t, result.ETag, object.ETag)
					assert.Equal(t, "text/plain", object.ContentType)
					assert.Equal(t, map[string]string{"color": "blue"}, object.Metadata)

					want := objectstorage.Progress{Done: int64(size), Total: int64(size), Parts: parts, Count: parts}
					if large && !measured && !declared {
						want.Total, want.Count = -1, -1
					}
					assert.Equal(t, want, story.last)
				})
			}
		}
	}
}

// Without options the parts of what can be read only once are of 16 MiB.
func TestUploadDefaults(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(2, 33<<20)
	result, err := r.objects.Upload(t.Context(), depot, "name", onlyRead{bytes.NewReader(data)}, nil)
	require.NoError(t, err)
	assert.Equal(t, 3, result.Parts)
	r.holds("name", data)
	result, err = r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), nil)
	require.NoError(t, err)
	assert.Equal(t, 1, result.Parts, "up to 128 MiB in one piece")
	r.holds("name", data)
}

func TestUploadDynamic(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(3, 5*smallPart/2)
	options := inParts()
	options.Dynamic = true
	result, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
	require.NoError(t, err)
	assert.Equal(t, 3, result.Parts)
	assert.EqualValues(t, len(data), result.Size)
	r.holds("name", data)
	object, err := r.objects.Head(t.Context(), depot, "name")
	require.NoError(t, err)
	assert.False(t, object.Static)
	assert.True(t, strings.HasPrefix(object.Dynamic, depotSegments+"/depot/name/"), object.Dynamic)

	result, err = r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
	require.NoError(t, err)
	assert.Zero(t, result.Reused)
	assert.Len(t, r.list(depotSegments), 6, "each has its own")
}

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

// zeros reads as zeros without end.
type zeros struct{}

func (zeros) ReadAt(p []byte, _ int64) (int, error) {
	clear(p)
	return len(p), nil
}

// A container that does not exist is noticed before parts are sent.
func TestUploadWithoutContainer(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]*objectstorage.UploadOptions{"one piece": nil, "parts": inParts()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			_, err := r.objects.Upload(t.Context(), "nowhere", "name", bytes.NewReader(noise(5, 3*smallPart)), options)
			assert.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
			assert.ErrorIs(t, err, nhncloud.ErrNotFound)
			assert.Nil(t, r.list("nowhere_segments"), "not even made")
		})
	}
}

// Swift takes any name, and the parts have names made of it.
func TestUploadOddNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"a b", "100%", "%41", "q?x=y", "h#x", "p+x", "n\nl", "t\tb", "\U0001F30A", "사진/바다", "a//b", "trail/", "/lead", "a&b=c;d", `q"u'o`, "back\\slash", "...", ".hidden",
		strings.Repeat("n", 1024), strings.Repeat("바", 341), strings.Repeat("n/", 460), "slo", "a/slo/65536/00000000",
	} {
		for _, dynamic := range []bool{false, true} {
			t.Run(fmt.Sprintf("%.20s/%t", name, dynamic), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				data := noise(6, 2*smallPart+1)
				options := inParts()
				options.Dynamic = dynamic
				result, err := r.objects.Upload(t.Context(), depot, name, bytes.NewReader(data), options)
				require.NoError(t, err)
				assert.Equal(t, 3, result.Parts)
				assert.Equal(t, []string{name}, r.list(depot))
				r.holds(name, data)
				options.DeleteOldSegments = true
				_, err = r.objects.Upload(t.Context(), depot, name, onlyRead{strings.NewReader("new")}, options)
				require.NoError(t, err)
				r.holds(name, []byte("new"))
				assert.Empty(t, r.list(depotSegments))
			})
		}
	}
}

// The container of the parts of one with a very long name has another name.
func TestUploadLongContainer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	container := strings.Repeat("c", 256)
	r.create(container)
	result, err := r.objects.Upload(t.Context(), container, "name", bytes.NewReader(noise(7, 2*smallPart)), inParts())
	require.NoError(t, err)
	assert.Equal(t, 2, result.Parts)
	assert.Len(t, r.list(digestOf([]byte(container))+"_segments"), 2)
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
		assert.Equal(t, count(&sent, "objectstorage-put-segment"), count(&sent, "objectstorage-delete-object"))
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
			var first objectstorage.Progress
			_, err := objects(t, &sent).Upload(ctx, depot, "name", io.NewSectionReader(zeros{}, 0, size), &objectstorage.UploadOptions{
				PutOptions: objectstorage.PutOptions{SkipChecksum: true, Progress: func(p objectstorage.Progress) {
					if first == (objectstorage.Progress{}) {
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

// What is read only once can fail anywhere.
func TestUploadUnreadable(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	for name, c := range map[string]struct {
		good  int // bytes before it fails
		cause error
	}{
		"at once":            {0, broken},
		"first part":         {10, broken},
		"after one part":     {smallPart, broken},
		"in the middle":      {5*smallPart + 10, broken},
		"between parts":      {5 * smallPart, broken},
		"broke off":          {10, io.ErrUnexpectedEOF},
		"broke off later":    {5*smallPart + 10, io.ErrUnexpectedEOF},
		"wrapped end":        {5*smallPart + 10, fmt.Errorf("connection lost: %w", io.EOF)},
		"cancelled by other": {5*smallPart + 10, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.put(depot, "name", []byte("old"))
			source := io.MultiReader(bytes.NewReader(noise(8, c.good)), iotest.ErrReader(c.cause))
			_, err := r.objects.Upload(t.Context(), depot, "name", source, inParts())
			require.ErrorIs(t, err, c.cause)
			failure := new(nhncloud.Error)
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, "the content can't be read", failure.Message)
			assert.Empty(t, r.list(depotSegments))
			r.holds("name", []byte("old"))
		})
	}
	t.Run("reader at", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.put(depot, "name", []byte("old"))
		source := &failingAt{bytes.NewReader(noise(8, 8*smallPart)), 5 * smallPart, broken}
		_, err := r.objects.Upload(t.Context(), depot, "name", source, inParts())
		require.ErrorIs(t, err, broken)
		assert.Empty(t, r.list(depotSegments))
		r.holds("name", []byte("old"))
	})
}

// failingAt fails to read from an offset on.
type failingAt struct {
	*bytes.Reader
	from int64
	err  error
}

func (f *failingAt) ReadAt(p []byte, offset int64) (int, error) {
	if offset+int64(len(p)) > f.from {
		return 0, f.err
	}
	return f.Reader.ReadAt(p, offset)
}

// A read that never ends does not keep a cancelled upload.
func TestUploadStuckReader(t *testing.T) {
	t.Parallel()
	for _, good := range []int{0, 3 * smallPart} {
		t.Run(fmt.Sprint(good), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			ctx, cancel := context.WithCancel(t.Context())
			in, out := io.Pipe()
			go func() {
				_, _ = out.Write(noise(9, good))
				_, _ = out.Write([]byte("x")) // when this returns, a further read hangs
				cancel()
			}()
			_, err := r.objects.Upload(ctx, depot, "name", in, inParts())
			assert.ErrorIs(t, err, context.Canceled)
			assert.Empty(t, r.list(depotSegments))
			assert.Empty(t, r.list(depot))
			require.NoError(t, out.Close()) // ends the read
		})
	}
}

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
		options.Progress = func(objectstorage.Progress) { cancel(other) }
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
		options.Progress = func(p objectstorage.Progress) {
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
		own.Progress = func(p objectstorage.Progress) {
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
			assert.Equal(t, objectstorage.Progress{Done: int64(len(data)), Total: int64(len(data)), Parts: parts, Count: parts}, story.last)
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
		require.NoError(t, r.objects.DeleteLarge(t.Context(), "other", "name"))
		r.holds("name", data)
	})
}

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

// Content that arrives damaged is never left behind.
func TestUploadChecksums(t *testing.T) {
	t.Parallel()
	data := noise(16, 3*smallPart)
	wrong := digestOf([]byte("wrong"))
	unchecked := func(o *objectstorage.UploadOptions) { o.SkipChecksum = true }
	header := func(etag string) http.Header { return http.Header{"Etag": {etag}} }
	combined := digestOf([]byte(digestOf(data[:smallPart]) + digestOf(data[smallPart:2*smallPart]) + digestOf(data[2*smallPart:])))
	part := func(n int) string { return digestOf(data[n*smallPart : (n+1)*smallPart]) }
	for name, c := range map[string]struct {
		fault  nhncloudtest.Fault
		proxy  picker
		change func(o *objectstorage.UploadOptions)
		want   string // MD5 that the error tells; "" for no error
		got    string
	}{
		"part":              {fault: nhncloudtest.Fault{Method: http.MethodPut, Path: depotSegments + "/.*/00000001-", Header: header(wrong)}, want: part(1), got: wrong},
		"part in quotes":    {fault: nhncloudtest.Fault{Method: http.MethodPut, Path: depotSegments + "/.*/00000001-", Header: header(`"` + part(1) + `"`)}},
		"no ETag":           {fault: nhncloudtest.Fault{Method: http.MethodPut, Path: depotSegments + "/.*/00000001-", Header: http.Header{"Etag": nil}}},
		"on its way":        {proxy: eachTime(9, isPart, garbleRequest), want: part(0)},
		"dynamic":           {proxy: eachTime(9, isPart, garbleRequest), want: part(0), change: func(o *objectstorage.UploadOptions) { o.Dynamic = true }},
		"whole":             {fault: nhncloudtest.Fault{Path: "/" + depot + "/name$", Header: header(wrong), After: 1}, want: combined, got: wrong},
		"manifest":          {fault: nhncloudtest.Fault{Operation: "objectstorage-put-slo-manifest", Header: header(wrong)}}, // and a look shows that it is right
		"manifest quoted":   {fault: nhncloudtest.Fault{Operation: "objectstorage-put-slo-manifest", Header: header(`"` + combined + `"`)}},
		"unchecked":         {fault: nhncloudtest.Fault{Method: http.MethodPut, Path: "/" + depot + "/name$", Header: header(wrong)}, change: func(o *objectstorage.UploadOptions) { o.Threshold, o.SkipChecksum = 0, true }},
		"part unchecked":    {fault: nhncloudtest.Fault{Method: http.MethodPut, Path: depotSegments + "/.*/00000001", Header: http.Header{"Etag": nil}}, change: unchecked},
		"one piece":         {fault: nhncloudtest.Fault{Path: "/" + depot + "/name$", Header: header(wrong)}, want: digestOf(data), got: wrong, change: func(o *objectstorage.UploadOptions) { o.Threshold = 0 }},
		"one piece on way":  {proxy: eachTime(9, func(r *http.Request) bool { return r.Method == http.MethodPut }, garbleRequest), want: digestOf(data), change: func(o *objectstorage.UploadOptions) { o.Threshold = 0 }},
		"told":              {change: func(o *objectstorage.UploadOptions) { o.Threshold, o.ETag = 0, wrong }, want: wrong},
		"told of the whole": {change: func(o *objectstorage.UploadOptions) { o.ETag = digestOf(data) }}, // it is none of a part
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if c.proxy != nil {
				flawedProxy(t, r, c.proxy)
			} else if c.fault.Header != nil {
				r.cloud.Inject(c.fault)
			}
			options := inParts()
			options.Concurrency = 1
			if c.change != nil {
				c.change(options)
			}
			_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
			r.cloud.RemoveFaults()
			if c.want == "" {
				require.NoError(t, err)
				r.holds("name", data)
				return
			}
			require.ErrorIs(t, err, nhncloud.ErrChecksumMismatch)
			var mismatch *objectstorage.ChecksumError
			require.ErrorAs(t, err, &mismatch)
			assert.Equal(t, c.want, mismatch.Want)
			assert.Equal(t, c.got, mismatch.Got)
			assert.Empty(t, r.list(depot))
			assert.Empty(t, r.list(depotSegments))
		})
	}
	t.Run("container with quotes", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		require.NoError(t, r.client.Do(t.Context(), nhncloud.Request{
			Operation: "objectstorage-put-container", Service: nhncloud.ServiceObjectStorage, Method: http.MethodPut, Path: "/v1/{Account}/{Container}",
			Args: []string{depotSegments}, Header: http.Header{"X-Container-Rfc-Compliant-Etags": {"true"}},
		}, nil))
		result, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), inParts())
		require.NoError(t, err)
		assert.Equal(t, combined, result.ETag)
		r.holds("name", data)
	})
}

// Each of these faults is survived, or leaves nothing.
func TestUploadFaults(t *testing.T) {
	t.Parallel()
	const parts = 5
	data := noise(17, parts*smallPart-100)
	put := func(f nhncloudtest.Fault) *nhncloudtest.Fault {
		f.Method, f.Path = http.MethodPut, "/"+depotSegments+"/"
		return &f
	}
	whole := func(f nhncloudtest.Fault) *nhncloudtest.Fault {
		f.Method, f.Path = http.MethodPut, "/"+depot+"/name$"
		return &f
	}
	for name, c := range map[string]struct {
		fault *nhncloudtest.Fault
		proxy picker
		fails error
		puts  int // of parts; 0 where that depends
	}{
		"none":                            {puts: parts},
		"reset at the beginning of each":  {proxy: eachTime(1, isPart, resetInRequest(1)), puts: 2 * parts},
		"reset in the middle of each":     {proxy: eachTime(1, isPart, resetInRequest(smallPart/2)), puts: 2 * parts},
		"twice":                           {proxy: eachTime(2, isPart, resetInRequest(smallPart/2)), puts: 3 * parts},
		"always":                          {proxy: eachTime(99, isPart, resetInRequest(smallPart/2)), fails: nhncloud.ErrUnavailable},
		"one always":                      {proxy: eachTime(99, isPartNumber(3), resetInRequest(smallPart/2)), fails: nhncloud.ErrUnavailable},
		"reset after each":                {fault: put(nhncloudtest.Fault{ResetAfter: true, Times: 3}), puts: parts + 3},
		"answer cut off":                  {fault: put(nhncloudtest.Fault{Truncate: true, Times: 3})},
		"503":                             {fault: put(nhncloudtest.Fault{Status: 503, Times: 3}), puts: parts + 3},
		"503 always":                      {fault: put(nhncloudtest.Fault{Status: 503}), fails: nhncloud.ErrUnavailable},
		"429":                             {fault: put(nhncloudtest.Fault{Status: 429, After: 2, Times: 2}), puts: parts + 2},
		"498":                             {fault: put(nhncloudtest.Fault{Status: 498, After: 2, Times: 2}), puts: parts + 2},
		"401 in the middle":               {fault: put(nhncloudtest.Fault{Status: 401, After: 2, Times: 1}), puts: parts + 1},
		"401 always":                      {fault: put(nhncloudtest.Fault{Status: 401, After: 2}), fails: nhncloud.ErrUnauthorized},
		"403 at the last":                 {fault: put(nhncloudtest.Fault{Status: 403, After: parts - 1}), fails: nhncloud.ErrForbidden, puts: parts},
		"507":                             {fault: put(nhncloudtest.Fault{Status: 507, After: 1, Times: 1}), fails: nhncloud.ErrServerFault},
		"slow part":                       {fault: put(nhncloudtest.Fault{Delay: 20 * time.Millisecond, After: 1, Times: 1}), puts: parts},
		"wrong ETag":                      {fault: put(nhncloudtest.Fault{Header: http.Header{"Etag": {"0cc175b9c0f1b6a831c399e269772661"}}, After: 2, Times: 1}), fails: nhncloud.ErrChecksumMismatch},
		"garbled":                         {proxy: eachTime(1, isPartNumber(2), garbleRequest), fails: nhncloud.ErrChecksumMismatch},
		"503 for the manifest":            {fault: whole(nhncloudtest.Fault{Status: 503, Times: 2}), puts: parts},
		"403 for the manifest":            {fault: whole(nhncloudtest.Fault{Status: 403}), fails: nhncloud.ErrForbidden, puts: parts},
		"401 for the manifest":            {fault: whole(nhncloudtest.Fault{Status: 401, Times: 1}), puts: parts},
		"reset before the manifest":       {fault: whole(nhncloudtest.Fault{Reset: true, Times: 3}), puts: parts},
		"reset after the manifest":        {fault: whole(nhncloudtest.Fault{ResetAfter: true, Times: 3}), puts: parts},
		"no listing":                      {fault: &nhncloudtest.Fault{Operation: "objectstorage-list-objects", Status: 403, Times: 1}, fails: nhncloud.ErrForbidden},
		"no segment container":            {fault: &nhncloudtest.Fault{Operation: "objectstorage-put-container", Status: 403, Times: 1}, fails: nhncloud.ErrForbidden},
		"connection lost at each request": {proxy: eachTime(1, func(*http.Request) bool { return true }, resetInRequest(0)), puts: 2 * parts},
	} {
		for _, once := range []bool{false, true} {
			for _, old := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%t/%t", name, once, old), func(t *testing.T) {
					t.Parallel()
					r := newRig(t)
					before := []byte("old")
					if old {
						before = noise(18, 2*smallPart)
						r.putLarge("name", before)
						if name == "no listing" || name == "no segment container" {
							return // these come before there is an object
						}
					}
					segments := r.list(depotSegments)
					if c.proxy != nil {
						flawedProxy(t, r, c.proxy)
					}
					if c.fault != nil {
						r.cloud.Inject(*c.fault)
					}
					sent := r.counting()
					var source io.Reader = bytes.NewReader(data)
					if once {
						source = onlyRead{source}
					}
					story := &story{t: t}
					options := inParts()
					options.Progress = story.tell
					_, err := r.objects.Upload(t.Context(), depot, "name", source, options)
					r.cloud.RemoveFaults()
					if c.fails == nil {
						require.NoError(t, err)
						r.holds("name", data)
						assert.Len(t, r.list(depotSegments), len(segments)+parts)
						assert.EqualValues(t, len(data), story.last.Done, "what was sent again counts once")
						assert.Equal(t, parts, story.last.Parts)
					} else {
						require.ErrorIs(t, err, c.fails)
						failsAs(t, c.fails, err)
						if old {
							r.holds("name", before)
							assert.Equal(t, segments, r.list(depotSegments))
						} else {
							assert.Empty(t, r.list(depot))
							assert.Empty(t, r.list(depotSegments))
						}
					}
					if c.puts > 0 {
						assert.Equal(t, c.puts, sent.count("objectstorage-put-segment"))
					}
					_, most := r.conns.counts()
					assert.LessOrEqual(t, most, 16)
				})
			}
		}
	}
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

// What is sent is not kept in memory.
func TestUploadMemory(t *testing.T) {
	const workers, size = 4, 64 << 20
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, make([]byte, size), 0o666))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch {
		case r.Method == http.MethodHead:
			w.WriteHeader(http.StatusNotFound)
		case r.Method == http.MethodGet:
			_, _ = io.WriteString(w, "[]")
		default:
			w.Header().Set("ETag", r.Header.Get("ETag"))
			w.WriteHeader(http.StatusCreated)
		}
	}))
	defer server.Close()
	conns := newConnections()
	client, err := nhncloud.NewClient(nhncloud.Config{Region: nhncloud.KR1, TenantID: "t"},
		nhncloud.WithTokenSource(nhncloud.StaticToken("token")), nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, server.URL+"/v1"),
		nhncloud.WithHTTPClient(&http.Client{Transport: conns.transport()}))
	require.NoError(t, err)
	objects := objectstorage.New(client).Objects

	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	options := &objectstorage.UploadOptions{Threshold: 1, PartSize: new(int64(4 << 20)), Concurrency: workers}
	options.Progress = func(p objectstorage.Progress) {
		if p.Done%(1<<20) == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			most.Store(max(most.Load(), now.HeapAlloc))
		}
	}
	result, err := objects.UploadFile(t.Context(), depot, "name", path, options)
	require.NoError(t, err)
	assert.Equal(t, 16, result.Parts)
	require.NotZero(t, most.Load())
	held := int64(most.Load()) - int64(before.HeapAlloc)
	t.Logf("%d KiB held by %d workers", held/kib, workers)
	assert.Less(t, held, int64(workers*2<<20))
	client.CloseIdleConnections()
	conns.none(t)
	dials, _ := conns.counts()
	assert.LessOrEqual(t, dials, workers)
}

// A file that changes while it is sent is an error, and not stored.
func TestUploadFileChanges(t *testing.T) {
	t.Parallel()
	for _, size := range []int{10, 200 * kib, 3 << 20} {
		for name, change := range map[string]func(path string) error{
			"grows":   func(path string) error { return appendTo(path, []byte("more")) },
			"shrinks": func(path string) error { return os.Truncate(path, 5) },
			"touched": func(path string) error { return os.Chtimes(path, time.Time{}, time.Unix(1, 0)) },
		} {
			for _, options := range []*objectstorage.UploadOptions{nil, {Threshold: 1, PartSize: new(int64(smallPart))}} {
				if size <= 64*kib && options == nil {
					continue // it is read before anything is sent
				}
				t.Run(fmt.Sprintf("%d/%s/%t", size, name, options != nil), func(t *testing.T) {
					t.Parallel()
					r := newRig(t)
					r.put(depot, "name", []byte("old"))
					path := writeFile(t, t.TempDir(), "file", noise(21, size))
					var once sync.Once
					r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
						if operation == "objectstorage-put-segment" || operation == "objectstorage-put-object" && size > 64*kib {
							once.Do(func() { assert.NoError(t, change(path)) })
						}
						return next.RoundTrip(req)
					})
					_, err := r.objects.UploadFile(t.Context(), depot, "name", path, options)
					require.Error(t, err)
					require.ErrorAs(t, err, new(*nhncloud.Error))
					r.holds("name", []byte("old"))
					assert.Empty(t, r.list(depotSegments))
				})
			}
		}
	}
	t.Run("does not", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		data := noise(21, 200*kib)
		path := writeFile(t, t.TempDir(), "file", data)
		for _, options := range []*objectstorage.UploadOptions{nil, {Threshold: 1, PartSize: new(int64(smallPart))}} {
			_, err := r.objects.UploadFile(t.Context(), depot, "name", path, options)
			require.NoError(t, err)
			r.holds("name", data)
		}
	})
}

func appendTo(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}
