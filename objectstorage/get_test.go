package objectstorage_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// object answers with content, or the part of it that is asked for, as the
// service does.
func object(content []byte, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", digestOf(content))
		fields(header).set(w.Header())
		if match := r.Header.Get("If-Match"); match != "" && match != "*" {
			if strings.Trim(match, `"`) != strings.Trim(w.Header().Get("ETag"), `"`) {
				w.WriteHeader(http.StatusPreconditionFailed)
				return
			}
			r = r.Clone(r.Context())
			r.Header.Del("If-Match") // http.ServeContent knows quoted ETags alone
		}
		http.ServeContent(w, r, "", modified, bytes.NewReader(content))
	}
}

// breaking is object that closes the connection after so many bytes of the
// answer, which all arrive.
func breaking(after int, content []byte, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		object(content, header...)(&broken{ResponseWriter: w, left: after}, r)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// broken drops what is too much.
type broken struct {
	http.ResponseWriter
	left int
}

func (b *broken) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	_, _ = b.ResponseWriter.Write(p[:n])
	return len(p), nil
}

// readAll reads content in odd pieces, and closes it.
func readAll(t *testing.T, content *objectstorage.Content) ([]byte, error) {
	t.Helper()
	data, err := io.ReadAll(iotest.HalfReader(content))
	require.NoError(t, content.Close())
	return data, err
}

func TestObjectsGet(t *testing.T) {
	t.Parallel()
	const operation, line = "objectstorage-get-object", "GET /photos/a%20b/c.jpg"
	t.Run("documented", func(t *testing.T) {
		t.Parallel()
		header := fixture(t, operation+".response.headers.txt")
		s := newScript(t, reply(http.StatusOK, "x", flat(header)...), reply(http.StatusOK, "x", flat(header)...))
		content, err := s.objects.Get(t.Context(), "photos", "a b/c.jpg", nil)
		require.NoError(t, err)
		assert.Equal(t, objectstorage.Object{
			Name: "a b/c.jpg", ContentType: "application/octet-stream", Size: 1, ETag: "bad093d7f49dc495751cb3f7f8b2530c",
			LastModified: time.Date(2022, 5, 30, 15, 16, 43, 0, time.UTC), Timestamp: time.Unix(1653923802, 289700000).UTC(),
		}, content.Object)
		assert.Zero(t, content.Offset)
		assert.EqualValues(t, 1, content.Length)
		data, err := readAll(t, content)
		assert.Empty(t, data)
		require.ErrorIs(t, err, nhncloud.ErrChecksumMismatch, "the document does not tell the content")
		var sum *objectstorage.ChecksumError
		require.ErrorAs(t, err, &sum)
		assert.Equal(t, &objectstorage.ChecksumError{Want: "bad093d7f49dc495751cb3f7f8b2530c", Got: digestOf([]byte("x"))}, sum)

		content, err = s.objects.Get(t.Context(), "photos", "a b/c.jpg", &objectstorage.GetOptions{SkipChecksum: true})
		require.NoError(t, err)
		data, err = readAll(t, content)
		require.NoError(t, err)
		assert.Equal(t, "x", string(data))
		assert.Equal(t, []string{line + " token-1", line + " token-1"}, s.lines())
		got := s.arrivals()[0].header
		assert.Equal(t, "*/*", got.Get("Accept"))
		assert.Equal(t, "identity", got.Get("Accept-Encoding"), "what is stored is wanted")
		for _, name := range []string{"Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"} {
			assert.NotContains(t, got, name)
		}
	})
	failing(t, operation, line, func(ctx context.Context, objects *objectstorage.ObjectsService) (any, error) {
		return objects.Get(ctx, "photos", "a b/c.jpg", nil)
	})
	refusingNames(t, operation, "Container", "Object", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
		_, err := objects.Get(ctx, container, name, nil)
		return err
	})
	for name, options := range map[string]objectstorage.GetOptions{
		"negative":      {Length: -1},
		"from the end":  {Offset: -5, Length: 2},
		"at the corner": {Offset: -1, Length: -1},
	} {
		t.Run("refused Length "+name, func(t *testing.T) {
			t.Parallel()
			refusing(t, operation, "Length", func(ctx context.Context, objects *objectstorage.ObjectsService) error {
				_, err := objects.Get(ctx, "photos", "a", &options)
				return err
			})
		})
	}
}

func TestGetOptions(t *testing.T) {
	t.Parallel()
	data := []byte("0123456789")
	at := time.Date(2026, 3, 1, 21, 0, 1, 999, time.FixedZone("KST", 9*60*60))
	for name, test := range map[string]struct {
		options        objectstorage.GetOptions
		name, value    string // of the header field that is sent
		want           string
		offset, length int64
	}{
		"whole":           {length: 10, want: "0123456789"},
		"from":            {options: objectstorage.GetOptions{Offset: 4}, name: "Range", value: "bytes=4-", offset: 4, length: 6, want: "456789"},
		"first":           {options: objectstorage.GetOptions{Length: 3}, name: "Range", value: "bytes=0-2", length: 3, want: "012"},
		"middle":          {options: objectstorage.GetOptions{Offset: 4, Length: 3}, name: "Range", value: "bytes=4-6", offset: 4, length: 3, want: "456"},
		"beyond":          {options: objectstorage.GetOptions{Offset: 8, Length: 30}, name: "Range", value: "bytes=8-37", offset: 8, length: 2, want: "89"},
		"end":             {options: objectstorage.GetOptions{Offset: -3}, name: "Range", value: "bytes=-3", offset: 7, length: 3, want: "789"},
		"end of too few":  {options: objectstorage.GetOptions{Offset: -30}, name: "Range", value: "bytes=-30", length: 10, want: "0123456789"},
		"match":           {options: objectstorage.GetOptions{IfMatch: digestOf(data)}, name: "If-Match", value: `"` + digestOf(data) + `"`, length: 10, want: "0123456789"},
		"match quoted":    {options: objectstorage.GetOptions{IfMatch: `"` + digestOf(data) + `"`}, name: "If-Match", value: `"` + digestOf(data) + `"`, length: 10, want: "0123456789"},
		"match any":       {options: objectstorage.GetOptions{IfMatch: "*"}, name: "If-Match", value: "*", length: 10, want: "0123456789"},
		"none match":      {options: objectstorage.GetOptions{IfNoneMatch: "abc"}, name: "If-None-Match", value: `"abc"`, length: 10, want: "0123456789"},
		"modified":        {options: objectstorage.GetOptions{IfModifiedSince: at.Add(-time.Hour)}, name: "If-Modified-Since", value: "Sun, 01 Mar 2026 11:00:01 GMT", length: 10, want: "0123456789"},
		"unmodified":      {options: objectstorage.GetOptions{IfUnmodifiedSince: at}, name: "If-Unmodified-Since", value: "Sun, 01 Mar 2026 12:00:01 GMT", length: 10, want: "0123456789"},
		"quoted checksum": {options: objectstorage.GetOptions{IfNoneMatch: `W/"x"`}, name: "If-None-Match", value: `"x"`, length: 10, want: "0123456789"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, object(data, "ETag", `"`+digestOf(data)+`"`))
			content, err := s.objects.Get(t.Context(), "photos", "a", &test.options)
			require.NoError(t, err)
			assert.Equal(t, test.offset, content.Offset)
			assert.Equal(t, test.length, content.Length)
			assert.Equal(t, digestOf(data), content.ETag)
			assert.EqualValues(t, 10, content.Size, "of the object")
			got, err := readAll(t, content)
			require.NoError(t, err)
			assert.Equal(t, test.want, string(got))
			if test.name != "" {
				assert.Equal(t, test.value, s.arrival(1).header.Get(test.name))
			}
		})
	}
	for name, test := range map[string]struct {
		options objectstorage.GetOptions
		kind    error
	}{
		"match":      {objectstorage.GetOptions{IfMatch: "abc"}, nhncloud.ErrPreconditionFailed},
		"none match": {objectstorage.GetOptions{IfNoneMatch: digestOf(data)}, nhncloud.ErrNotModified},
		"modified":   {objectstorage.GetOptions{IfModifiedSince: at}, nhncloud.ErrNotModified},
		"unmodified": {objectstorage.GetOptions{IfUnmodifiedSince: at.Add(-time.Hour)}, nhncloud.ErrPreconditionFailed},
		"range":      {objectstorage.GetOptions{Offset: 10}, nhncloud.ErrRangeNotSatisfiable},
	} {
		t.Run("not "+name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, object(data, "ETag", `"`+digestOf(data)+`"`))
			content, err := s.objects.Get(t.Context(), "photos", "a", &test.options)
			assert.Nil(t, content)
			assert.ErrorIs(t, err, test.kind)
		})
	}
}

// A range of an empty object is nothing.
func TestGetRangeOfNothing(t *testing.T) {
	t.Parallel()
	s := newScript(t, reply(http.StatusOK, "", "ETag", digestOf(nil)))
	content, err := s.objects.Get(t.Context(), "photos", "a", &objectstorage.GetOptions{Offset: -5})
	require.NoError(t, err)
	assert.Zero(t, content.Offset)
	assert.Zero(t, content.Length)
	data, err := readAll(t, content)
	require.NoError(t, err)
	assert.Empty(t, data)
}

// An answer with another part of the object than was asked for is none.
func TestGetBadRanges(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options objectstorage.GetOptions
		step    http.HandlerFunc
	}{
		"ignored":        {objectstorage.GetOptions{Offset: 5}, reply(http.StatusOK, "0123456789")},
		"missing":        {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "56789")},
		"unreadable":     {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "56789", "Content-Range", "bytes five-9/10")},
		"unknown end":    {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "56789", "Content-Range", "bytes 5-/10")},
		"other offset":   {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "456789", "Content-Range", "bytes 4-9/10")},
		"more":           {objectstorage.GetOptions{Offset: 5, Length: 2}, reply(http.StatusPartialContent, "56789", "Content-Range", "bytes 5-9/10")},
		"more of end":    {objectstorage.GetOptions{Offset: -2}, reply(http.StatusPartialContent, "789", "Content-Range", "bytes 7-9/10")},
		"other length":   {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "5678", "Content-Range", "bytes 5-9/10")},
		"the wrong way":  {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "", "Content-Range", "bytes 5-2/10")},
		"whole of it":    {objectstorage.GetOptions{Length: 2}, reply(http.StatusOK, "0123456789")},
		"empty and part": {objectstorage.GetOptions{Offset: 1}, reply(http.StatusPartialContent, "", "Content-Range", "bytes */0")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, test.step)
			content, err := s.objects.Get(t.Context(), "photos", "a", &test.options)
			assert.Nil(t, content)
			e := failsAs(t, nhncloud.ErrBadAnswer, err)
			assert.Equal(t, "objectstorage-get-object", e.Operation)
		})
	}
}

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
			steps: []http.HandlerFunc{breaking(half, data, "ETag", "")}, want: data[:half], kind: nhncloud.ErrUnavailable, text: "broke off",
		},
		"range ignored": {
			steps:  []http.HandlerFunc{breaking(half, data), reply(200, string(data))},
			want:   data[:half],
			ranges: []string{fmt.Sprintf("bytes=%d-%d", half, len(data)-1)}, kind: nhncloud.ErrBadAnswer, text: "ignored the range",
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

// A flipped byte is found, with both values, and the end never comes.
func TestGetFlippedByte(t *testing.T) {
	t.Parallel()
	data := noise(5, 200*kib)
	for _, etag := range []string{digestOf(data), `"` + digestOf(data) + `"`} {
		bad := bytes.Clone(data)
		bad[100] ^= 0x80
		s := newScript(t, object(bad, "ETag", etag))
		content, err := s.objects.Get(t.Context(), "photos", "a", nil)
		require.NoError(t, err)
		got, err := readAll(t, content)
		assert.Less(t, len(got), len(data))
		failsAs(t, nhncloud.ErrChecksumMismatch, err)
		var sum *objectstorage.ChecksumError
		require.ErrorAs(t, err, &sum)
		assert.Equal(t, &objectstorage.ChecksumError{Want: digestOf(data), Got: digestOf(bad)}, sum)
		assert.ErrorContains(t, err, "MD5 is "+digestOf(bad)+", not "+digestOf(data))
	}
}

// segmentsOf is the manifest of segments of a size, and their content.
func segmentsOf(data []byte, size int) (manifest string, segments [][]byte) {
	var entries []string
	for number := 0; len(data) > 0; number++ {
		n := min(size, len(data))
		segments = append(segments, data[:n])
		entries = append(entries, fmt.Sprintf(`{"name": "/photos_segments/a/%08d", "hash": %q, "bytes": %d, "content_type": "x", "last_modified": "2026-03-01T12:00:01.000000"}`, number, digestOf(data[:n]), n))
		data = data[n:]
	}
	return "[" + strings.Join(entries, ",") + "]", segments
}

// The content of a static large object is checked segment by segment.
func TestGetStatic(t *testing.T) {
	t.Parallel()
	data := noise(6, 100*kib)
	manifest, _ := segmentsOf(data, 30*kib)
	flipped := func(at int) []byte {
		bad := bytes.Clone(data)
		bad[at] ^= 1
		return bad
	}
	for name, test := range map[string]struct {
		content  []byte
		manifest string
		good     bool
		least    int // bytes that are good and come
	}{
		"whole":           {content: data, manifest: manifest, good: true},
		"first segment":   {content: flipped(5), manifest: manifest},
		"second segment":  {content: flipped(31 * kib), manifest: manifest, least: 29 * kib},
		"last segment":    {content: flipped(100*kib - 1), manifest: manifest, least: 90 * kib},
		"longer":          {content: append(bytes.Clone(data), 'x'), manifest: manifest, least: 90 * kib},
		"shorter":         {content: data[:99*kib], manifest: manifest, least: 90 * kib},
		"fewer segments":  {content: data[:60*kib], manifest: manifest, least: 29 * kib},
		"ranges":          {content: flipped(5), manifest: strings.Replace(manifest, `"bytes"`, `"range": "0-9", "bytes"`, 1), good: true},
		"large segments":  {content: flipped(5), manifest: strings.Replace(manifest, `"bytes"`, `"sub_slo": true, "bytes"`, 1), good: true},
		"single segment":  {content: data, manifest: `[{"name": "/a/b", "hash": "` + digestOf(data) + `", "bytes": ` + strconv.Itoa(len(data)) + `}]`, good: true},
		"empty at an end": {content: data, manifest: `[{"name": "/a/b", "hash": "` + digestOf(data) + `", "bytes": ` + strconv.Itoa(len(data)) + `}, {"name": "/a/c", "hash": "` + digestOf(nil) + `", "bytes": 0}]`, good: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, object(test.content, "X-Static-Large-Object", "True", "ETag", `"0123456789abcdef0123456789abcdef"`), reply(200, test.manifest))
			content, err := s.objects.Get(t.Context(), "photos", "a", nil)
			require.NoError(t, err)
			assert.Equal(t, []string{"GET /photos/a token-1", "GET /photos/a?multipart-manifest=get token-1"}, s.lines())
			got, err := readAll(t, content)
			assert.GreaterOrEqual(t, len(got), test.least)
			if test.good {
				require.NoError(t, err)
				assert.Equal(t, digestOf(test.content), digestOf(got))
				return
			}
			failsAs(t, nhncloud.ErrChecksumMismatch, err)
		})
	}
	t.Run("no manifest", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, object(data, "X-Static-Large-Object", "True"), html(403, "Forbidden"))
		content, err := s.objects.Get(t.Context(), "photos", "a", nil)
		assert.Nil(t, content)
		assert.ErrorIs(t, err, nhncloud.ErrForbidden)
	})
	t.Run("unchecked", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, object(flipped(5), "X-Static-Large-Object", "True"))
		content, err := s.objects.Get(t.Context(), "photos", "a", &objectstorage.GetOptions{SkipChecksum: true})
		require.NoError(t, err)
		_, err = readAll(t, content)
		require.NoError(t, err)
	})
}

// There is nothing that the content of these could be compared with.
func TestGetUnchecked(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]fields{
		"dynamic":   {"X-Object-Manifest", "photos_segments/a/", "ETag", `"0123456789abcdef0123456789abcdef"`},
		"other tag": {"ETag", "5"},
		"no tag":    {"ETag", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, object([]byte("hello"), header...))
			content, err := s.objects.Get(t.Context(), "photos", "a", nil)
			require.NoError(t, err)
			got, err := readAll(t, content)
			require.NoError(t, err)
			assert.Equal(t, "hello", string(got))
		})
	}
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
