package objectstorage_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// Content that ends too early goes on where it stopped.
func TestGetResumes(t *testing.T) {
	t.Parallel()
	data, changed := noise(1, 300*kib), noise(2, 300*kib)
	half := len(data) / 2
	etag := `"` + digestOf(data) + `"`
	for name, test := range map[string]struct {
		options *objectstorage.GetOptions
		policy  nhncloud.RetryPolicy
		steps   []http.HandlerFunc
		want    []byte
		ranges  []string // of the further requests
		kind    error
		text    string // in the error
	}{
		"once": {
			steps: []http.HandlerFunc{breaking(half, data), object(data)}, want: data,
			ranges: []string{fmt.Sprintf("bytes=%d-%d", half, len(data)-1)},
		},
		"quoted": {
			steps: []http.HandlerFunc{breaking(half, data, "ETag", etag), object(data, "ETag", etag)}, want: data,
			ranges: []string{fmt.Sprintf("bytes=%d-%d", half, len(data)-1)},
		},
		"before the first byte": {
			steps: []http.HandlerFunc{breaking(0, data), object(data)}, want: data,
			ranges: []string{fmt.Sprintf("bytes=0-%d", len(data)-1)},
		},
		"more often than the policy allows without progress": {
			policy: nhncloud.RetryPolicy{MaxAttempts: 2},
			steps:  []http.HandlerFunc{breaking(1000, data), breaking(1000, data), breaking(1000, data), breaking(0, data)},
			want:   data[:3000],
			ranges: []string{fmt.Sprintf("bytes=1000-%d", len(data)-1), fmt.Sprintf("bytes=2000-%d", len(data)-1), fmt.Sprintf("bytes=3000-%d", len(data)-1)},
			kind:   nhncloud.ErrUnavailable, text: "the content broke off after 3000 bytes",
		},
		"no progress": {
			steps:  []http.HandlerFunc{breaking(5, data), breaking(0, data), breaking(0, data), breaking(0, data)},
			want:   data[:5],
			ranges: []string{fmt.Sprintf("bytes=5-%d", len(data)-1), fmt.Sprintf("bytes=5-%d", len(data)-1), fmt.Sprintf("bytes=5-%d", len(data)-1)},
			kind:   nhncloud.ErrUnavailable, text: "the content broke off after 5 bytes",
		},
		"no retries": {
			policy: nhncloud.NoRetry, steps: []http.HandlerFunc{breaking(half, data)}, want: data[:half],
			kind: nhncloud.ErrUnavailable, text: fmt.Sprintf("the content broke off after %d bytes", half),
		},
		"unavailable for a while": {
			steps: []http.HandlerFunc{breaking(half, data), html(503, "Busy"), lost, object(data)}, want: data,
			ranges: slices.Repeat([]string{fmt.Sprintf("bytes=%d-%d", half, len(data)-1)}, 3),
		},
		"changed meanwhile": {
			steps: []http.HandlerFunc{breaking(half, data), object(changed, "ETag", `"`+digestOf(changed)+`"`)}, want: data[:half],
			ranges: []string{fmt.Sprintf("bytes=%d-%d", half, len(data)-1)},
			kind:   nhncloud.ErrPreconditionFailed, text: fmt.Sprintf("the content broke off after %d bytes", half),
		},
		"gone meanwhile": {
			steps: []http.HandlerFunc{breaking(half, data), html(404, "Not Found")}, want: data[:half],
			ranges: []string{fmt.Sprintf("bytes=%d-%d", half, len(data)-1)}, kind: nhncloud.ErrNotFound, text: "broke off",
		},
		"without an ETag": {
			steps: []http.HandlerFunc{breaking(half, data, "ETag", "", "X-Object-Manifest", "photos_segments/a/")}, want: data[:half], kind: nhncloud.ErrUnavailable, text: "broke off",
		},
		"range ignored": {
			steps:  []http.HandlerFunc{breaking(half, data), reply(200, string(data))},
			want:   data[:half],
			ranges: []string{fmt.Sprintf("bytes=%d-%d", half, len(data)-1)}, kind: nhncloud.ErrBadAnswer, text: "ignored the range",
		},
		"another size": {
			steps:  []http.HandlerFunc{breaking(half, data), reply(206, string(data[half:]), "Content-Range", fmt.Sprintf("bytes %d-%d/%d", half, len(data)-1, len(data)+1))},
			want:   data[:half],
			ranges: []string{fmt.Sprintf("bytes=%d-%d", half, len(data)-1)}, kind: nhncloud.ErrBadAnswer, text: "another object",
		},
		"another ETag": {
			steps:  []http.HandlerFunc{breaking(half, data), reply(206, string(data[half:]), "Content-Range", fmt.Sprintf("bytes %d-%d/%d", half, len(data)-1, len(data)), "ETag", digestOf(nil))},
			want:   data[:half],
			ranges: []string{fmt.Sprintf("bytes=%d-%d", half, len(data)-1)}, kind: nhncloud.ErrBadAnswer, text: "another object",
		},
		"another range": {
			steps:  []http.HandlerFunc{breaking(half, data), reply(206, "0", "Content-Range", "bytes 0-0/10")},
			want:   data[:half],
			ranges: []string{fmt.Sprintf("bytes=%d-%d", half, len(data)-1)}, kind: nhncloud.ErrBadAnswer, text: "another range",
		},
		"part": {
			options: &objectstorage.GetOptions{Offset: 100, Length: 2000},
			steps:   []http.HandlerFunc{breaking(50, data, "ETag", etag), breaking(50, data, "ETag", etag), object(data, "ETag", etag)},
			want:    data[100:2100], ranges: []string{"bytes=150-2099", "bytes=200-2099"},
		},
		"end": {
			options: &objectstorage.GetOptions{Offset: -2000},
			steps:   []http.HandlerFunc{breaking(50, data, "ETag", etag), object(data, "ETag", etag)},
			want:    data[len(data)-2000:], ranges: []string{fmt.Sprintf("bytes=%d-%d", len(data)-1950, len(data)-1)},
		},
		"of unknown length": {
			steps: []http.HandlerFunc{
				func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("ETag", digestOf(data))
					_, _ = w.Write(data[:half])
					_ = http.NewResponseController(w).Flush()
					panic(http.ErrAbortHandler)
				},
				object(data),
			},
			want: data, ranges: []string{fmt.Sprintf("bytes=%d-", half)},
		},
		"flipped byte": {
			steps: []http.HandlerFunc{breaking(half, data), func(w http.ResponseWriter, r *http.Request) {
				bad := bytes.Clone(data)
				bad[len(bad)-5] ^= 1
				object(bad, "ETag", digestOf(data))(w, r)
			}},
			ranges: []string{fmt.Sprintf("bytes=%d-%d", half, len(data)-1)},
			kind:   nhncloud.ErrChecksumMismatch, text: digestOf(data),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, test.steps...)
			policy := quick
			if test.policy.MaxAttempts > 0 {
				policy.MaxAttempts = test.policy.MaxAttempts
			}
			content, err := s.objects.Get(nhncloud.ContextWithRetry(t.Context(), policy), "photos", "a", test.options)
			require.NoError(t, err)
			got, err := readAll(t, content)
			var ranges []string
			for _, a := range s.arrivals()[1:] {
				ranges = append(ranges, a.header.Get("Range"))
				assert.Equal(t, etag, a.header.Get("If-Match"))
				assert.Equal(t, "*/*", a.header.Get("Accept"))
				assert.Equal(t, "identity", a.header.Get("Accept-Encoding"))
			}
			assert.Equal(t, test.ranges, ranges)
			if test.kind != nil {
				failsAs(t, test.kind, err)
				assert.ErrorContains(t, err, test.text)
				_, again := content.Read(make([]byte, 1))
				assert.Equal(t, err, again, "what failed stays so")
			} else {
				require.NoError(t, err)
			}
			if test.want != nil {
				assert.Equal(t, digestOf(test.want), digestOf(got))
			} else {
				assert.Less(t, len(got), len(data))
			}
		})
	}
}

// A reset takes back what has arrived but was not read. What is missing comes
// with the next request.
func TestGetReset(t *testing.T) {
	t.Parallel()
	data := noise(7, 300*kib)
	resetting := func(w http.ResponseWriter, r *http.Request) {
		object(data)(&broken{ResponseWriter: w, left: 100 * kib}, r)
		_ = http.NewResponseController(w).Flush()
		resetConn(w)
	}
	s := newScript(t, resetting, resetting, object(data))
	content, err := s.objects.Get(t.Context(), "photos", "a", nil)
	require.NoError(t, err)
	got, err := readAll(t, content)
	require.NoError(t, err)
	assert.Equal(t, digestOf(data), digestOf(got))
}

// Where the connection ends after the last byte, nothing is missing.
func TestGetLostEnd(t *testing.T) {
	t.Parallel()
	data := noise(3, 100)
	s := newScript(t, object(data))
	cut, err := s.client.With(nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err == nil {
				resp.Body = struct {
					io.Reader
					io.Closer
				}{io.MultiReader(io.LimitReader(resp.Body, 100), iotest.ErrReader(io.ErrUnexpectedEOF)), resp.Body}
			}
			return resp, err
		})
	}))
	require.NoError(t, err)
	content, err := objectstorage.New(cut).Objects.Get(nhncloud.ContextWithRetry(t.Context(), nhncloud.NoRetry), "photos", "a", nil)
	require.NoError(t, err)
	got, err := readAll(t, content)
	require.NoError(t, err)
	assert.Equal(t, data, got)
}

// Where what stands before the service hides that the connection broke, the
// length tells.
func TestGetHiddenBreak(t *testing.T) {
	t.Parallel()
	data := noise(3, 100)
	s := newScript(t, object(data), object(data))
	cut, err := s.client.With(nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err == nil && resp.StatusCode == http.StatusOK {
				resp.Body = struct {
					io.Reader
					io.Closer
				}{io.LimitReader(resp.Body, 60), resp.Body}
			}
			return resp, err
		})
	}))
	require.NoError(t, err)
	content, err := objectstorage.New(cut).Objects.Get(t.Context(), "photos", "a", nil)
	require.NoError(t, err)
	got, err := readAll(t, content)
	require.NoError(t, err)
	assert.Equal(t, data, got)
	assert.Equal(t, "bytes=60-99", s.arrival(2).header.Get("Range"))
}

// What takes the content may fail, too.
func TestGetWriteTo(t *testing.T) {
	t.Parallel()
	data := noise(4, 300*kib)
	s := newScript(t, breaking(100*kib, data), object(data), object(data), object([]byte("hello"), "ETag", digestOf(nil)))
	var got bytes.Buffer
	for _, want := range []error{nil, errBroken, nhncloud.ErrChecksumMismatch} {
		content, err := s.objects.Get(t.Context(), "photos", "a", nil)
		require.NoError(t, err)
		var w io.Writer = &got
		if want == errBroken {
			w = brokenWriter{}
		}
		n, err := content.WriteTo(w)
		require.ErrorIs(t, err, want)
		require.NoError(t, content.Close())
		if want == nil {
			assert.EqualValues(t, len(data), n)
			assert.Equal(t, digestOf(data), digestOf(got.Bytes()))
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

// The pause before a download goes on ends with the context.
func TestGetCancelledInPause(t *testing.T) {
	t.Parallel()
	s := newScript(t, breaking(5, noise(4, 100)))
	ctx, cancel := context.WithCancel(t.Context())
	policy := nhncloud.RetryPolicy{BaseDelay: 1 << 62, MaxDelay: 1 << 62}
	content, err := s.objects.Get(nhncloud.ContextWithRetry(ctx, policy), "photos", "a", nil)
	require.NoError(t, err)
	_, err = io.ReadFull(content, make([]byte, 5))
	require.NoError(t, err)
	go cancel()
	_, err = content.Read(make([]byte, 5))
	failsAs(t, context.Canceled, err)
	assert.ErrorContains(t, err, "after 5 bytes")
	require.NoError(t, content.Close())
}

// A read that waits for the service ends with the context.
func TestGetCancelled(t *testing.T) {
	t.Parallel()
	s := newScript(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.Header().Set("ETag", digestOf(nil))
		_, _ = io.WriteString(w, "hello")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	content, err := s.objects.Get(ctx, "photos", "a", nil)
	require.NoError(t, err)
	_, err = io.ReadFull(content, make([]byte, 5))
	require.NoError(t, err)
	go cancel()
	_, err = content.Read(make([]byte, 5))
	e := failsAs(t, context.Canceled, err)
	assert.Equal(t, "objectstorage-get-object", e.Operation)
	require.NoError(t, content.Close())
}

func TestGetClosed(t *testing.T) {
	t.Parallel()
	s := newScript(t, object([]byte("hello")), object([]byte("hello")))
	content, err := s.objects.Get(t.Context(), "photos", "a", nil)
	require.NoError(t, err)
	require.NoError(t, content.Close())
	_, err = content.Read(make([]byte, 5))
	require.ErrorContains(t, err, "closed")
	require.NoError(t, content.Close())

	content, err = s.objects.Get(t.Context(), "photos", "a", nil)
	require.NoError(t, err)
	require.NoError(t, iotest.TestReader(content, []byte("hello")))
	require.NoError(t, content.Close())
	_, err = content.Read(make([]byte, 5))
	assert.Equal(t, io.EOF, err)
}

// Content whose length the service does not tell comes all the same.
func TestGetChunked(t *testing.T) {
	t.Parallel()
	s := newScript(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", digestOf([]byte("hello")))
		for _, piece := range []string{"hel", "lo"} {
			_, _ = io.WriteString(w, piece)
			_ = http.NewResponseController(w).Flush()
		}
	})
	content, err := s.objects.Get(t.Context(), "photos", "a", nil)
	require.NoError(t, err)
	assert.EqualValues(t, -1, content.Length)
	got, err := readAll(t, content)
	require.NoError(t, err)
	assert.Equal(t, "hello", string(got))
}
