package objectstorage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// once hides all but Read of content, so that it can be read only once.
func once(data []byte) io.Reader { return onlyRead{bytes.NewReader(data)} }

// seeking hides that content can be read at any place.
func seeking(data []byte) io.Reader {
	return struct{ io.ReadSeeker }{bytes.NewReader(data)}
}

func again(data []byte) io.Reader { return bytes.NewReader(data) }

// Content that can be read again is stored whole in spite of what happens on
// its way, and content that can't be fails and says why.
func TestPutFaults(t *testing.T) {
	t.Parallel()
	const readOnce = "the body can be read only once"
	small, medium, large := noise(1, 10*kib), noise(2, 300*kib), noise(3, 3<<20)
	least := noise(4, 1<<20) // that is not sent before the service agrees
	known := func(data []byte) *objectstorage.PutOptions {
		return &objectstorage.PutOptions{Size: int64(len(data))}
	}
	sources := map[string]func([]byte) io.Reader{"again": again, "seeking": seeking, "once": once, "once of known size": once}
	for name, test := range map[string]struct {
		sizes   [][]byte
		steps   []http.HandlerFunc // before that which takes it
		kind    error              // of the failure of content that can be read once
		note    string             // in it
		status  int
		tokens  int
		waiting bool // content that can be read once is not read before the service agrees
	}{
		"reset in the middle":     {sizes: [][]byte{medium, large}, steps: []http.HandlerFunc{cutOff(100 * kib)}, kind: nhncloud.ErrUnavailable, note: readOnce},
		"reset before the answer": {sizes: [][]byte{small, medium, large}, steps: []http.HandlerFunc{lost}, kind: nhncloud.ErrUnavailable, note: readOnce},
		"reset thrice":            {sizes: [][]byte{medium}, steps: []http.HandlerFunc{cutOff(5), lost, cutOff(200 * kib)}, kind: nhncloud.ErrUnavailable, note: readOnce},
		"unavailable":             {sizes: [][]byte{small, medium, large}, steps: []http.HandlerFunc{html(503, "Busy")}, kind: nhncloud.ErrUnavailable, note: readOnce, status: 503},
		"gateway":                 {sizes: [][]byte{medium}, steps: []http.HandlerFunc{html(502, "Bad"), html(504, "Late")}, kind: nhncloud.ErrUnavailable, note: readOnce, status: 502},
		"too many requests": {
			sizes: [][]byte{small, medium, large}, steps: []http.HandlerFunc{reply(429, "Slow down", "Retry-After", "30")},
			kind: nhncloud.ErrRateLimited, note: readOnce, status: 429,
		},
		"too many requests, as the service has it": {sizes: [][]byte{medium}, steps: []http.HandlerFunc{reply(498, "Rate limited")}, kind: nhncloud.ErrRateLimited, note: readOnce, status: 498},
		"token refused in the middle": {
			sizes: [][]byte{medium}, steps: []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.CopyN(io.Discard, r.Body, 100*kib)
				html(401, "Unauthorized")(w, r)
			}},
			kind: nhncloud.ErrUnauthorized, note: readOnce, status: 401, tokens: 2,
		},
		"token refused before": {sizes: [][]byte{least, large}, steps: []http.HandlerFunc{early(401, "Unauthorized", "Connection", "close")}, tokens: 2, waiting: true},
		"unavailable before":   {sizes: [][]byte{least, large}, steps: []http.HandlerFunc{early(503, "Busy", "Connection", "close")}, waiting: true},
	} {
		for source, open := range sources {
			for _, data := range test.sizes {
				if test.waiting && !strings.HasPrefix(source, "once") {
					continue // would be sent while the service answers
				}
				t.Run(fmt.Sprintf("%s/%s/%d", name, source, len(data)), func(t *testing.T) {
					t.Parallel()
					var options *objectstorage.PutOptions
					if source == "once of known size" {
						options = known(data)
					}
					fails := strings.HasPrefix(source, "once") && !test.waiting
					steps := test.steps
					if fails {
						steps = steps[:1]
					} else {
						steps = append(steps[:len(steps):len(steps)], keeps())
					}
					s := newScript(t, steps...)
					result, err := s.objects.Put(t.Context(), "photos", "a", open(data), options)
					arrivals := s.arrivals()
					require.Len(t, arrivals, len(steps))
					if fails {
						assert.Nil(t, result)
						e := failsAs(t, test.kind, err)
						assert.Contains(t, e.Note, test.note)
						assert.ErrorContains(t, err, test.note)
						assert.Equal(t, test.status, e.StatusCode)
						return
					}
					require.NoError(t, err)
					assert.Equal(t, &objectstorage.PutResult{ETag: digestOf(data), Size: int64(len(data)), LastModified: modified}, result)
					last := arrivals[len(arrivals)-1]
					assert.Equal(t, digestOf(data), digestOf(last.body))
					token := "token-1"
					if test.tokens > 0 {
						token = fmt.Sprintf("token-%d", test.tokens)
					}
					assert.Equal(t, token, last.header.Get("X-Auth-Token"))
					for i, a := range arrivals[:len(arrivals)-1] {
						assert.Equal(t, "token-1", a.header.Get("X-Auth-Token"))
						assert.True(t, bytes.HasPrefix(data, a.body), "attempt %d begins anew", i+1)
						if test.waiting {
							assert.Equal(t, "100-continue", a.header.Get("Expect"))
							assert.Empty(t, a.body)
						}
					}
				})
			}
		}
	}
}

// A token is renewed once, and what the service says then is the end.
func TestPutUnauthorized(t *testing.T) {
	t.Parallel()
	s := newScript(t, html(401, "Unauthorized"), html(401, "Unauthorized"))
	_, err := s.objects.Put(t.Context(), "photos", "a", again(noise(1, 300*kib)), nil)
	e := failsAs(t, nhncloud.ErrUnauthorized, err)
	assert.Equal(t, 2, e.Attempts)
	assert.Equal(t, []string{"PUT /photos/a token-1", "PUT /photos/a token-2"}, s.lines())
}

// The body of a limited request reaches the service whole each time.
func TestPutRateLimited(t *testing.T) {
	t.Parallel()
	data := noise(1, 300*kib)
	limited := reply(429, "Slow down", "Retry-After", "30")
	s := newScript(t, limited, limited, limited, limited)
	_, err := s.objects.Put(t.Context(), "photos", "a", again(data), nil)
	e := failsAs(t, nhncloud.ErrRateLimited, err)
	assert.Equal(t, 4, e.Attempts)
	assert.Equal(t, "30s", e.RetryAfter.String())
	for _, a := range s.arrivals() {
		assert.Equal(t, digestOf(data), digestOf(a.body))
	}
}

// Failures that are final are not repeated.
func TestPutFinal(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]error{400: nhncloud.ErrInvalidArgument, 403: nhncloud.ErrForbidden, 409: nhncloud.ErrConflict, 412: nhncloud.ErrPreconditionFailed, 413: nhncloud.ErrTooLarge} {
		s := newScript(t, html(status, "No"))
		_, err := s.objects.Put(t.Context(), "photos", "a", again(noise(1, 100)), nil)
		e := failsAs(t, kind, err)
		assert.Equal(t, 1, e.Attempts)
		assert.Empty(t, e.Note)
		assert.NotErrorIs(t, err, nhncloud.ErrChecksumMismatch)
	}
}

// The object that stands in the way may be that of an attempt before.
func TestPutNoOverwriteLostAnswer(t *testing.T) {
	t.Parallel()
	s := newScript(t, lost, html(412, "Precondition Failed"))
	_, err := s.objects.Put(t.Context(), "photos", "a", again(noise(1, 100)), &objectstorage.PutOptions{NoOverwrite: true})
	e := failsAs(t, nhncloud.ErrPreconditionFailed, err)
	assert.Equal(t, "an earlier attempt may have stored it", e.Note)
}

// What was stored other than it was sent is deleted, but only if it is still
// there.
func TestPutWrongETag(t *testing.T) {
	t.Parallel()
	other := digestOf([]byte("other"))
	for size, data := range map[string][]byte{"small": noise(1, 100), "medium": noise(2, 300*kib), "large": noise(3, 2<<20)} {
		for operation, put := range puts {
			if size != "small" && operation != "objectstorage-put-object" {
				continue // they are sent in the same way
			}
			for source, open := range map[string]func([]byte) io.Reader{"again": again, "once": once} {
				for name, clean := range map[string][]http.HandlerFunc{
					"deleted":    {early(200, "", "ETag", `"`+other+`"`), reply(204, "")},
					"replaced":   {early(200, "", "ETag", digestOf(data))},
					"gone":       {early(404, "")},
					"not whole":  {early(200, "", "ETag", other), early(503, ""), early(503, ""), early(503, ""), early(503, "")},
					"looked for": {early(503, ""), early(200, "", "ETag", other), reply(204, "")},
				} {
					t.Run(size+"/"+operation+"/"+source+"/"+name, func(t *testing.T) {
						t.Parallel()
						before := len(put.before)
						s := newScript(t, append(append(put.before[:before:before], reply(201, "", "ETag", `"`+other+`"`)), clean...)...)
						result, err := put.call(t.Context(), s.objects, "photos", "a b/c.txt", open(data), nil)
						assert.Nil(t, result)
						e := failsAs(t, nhncloud.ErrChecksumMismatch, err)
						assert.Equal(t, operation, e.Operation)
						var sum *objectstorage.ChecksumError
						require.ErrorAs(t, err, &sum)
						assert.Equal(t, &objectstorage.ChecksumError{Want: digestOf(data), Got: other}, sum)
						assert.ErrorContains(t, err, "MD5 is "+other+", not "+digestOf(data))
						path := strings.TrimPrefix(put.line, "PUT")
						for i, line := range s.lines()[before+1:] {
							assert.Contains(t, []string{"HEAD" + path + " token-1", "DELETE" + path + " token-1"}, line, "request %d after it", i)
						}
					})
				}
			}
		}
	}
}

// The cleaning up is done although the context has ended.
func TestPutWrongETagCancelled(t *testing.T) {
	t.Parallel()
	other := digestOf([]byte("other"))
	s := newScript(t, reply(201, "", "ETag", other), early(200, "", "ETag", other), reply(204, ""))
	ctx, cancel := context.WithCancel(t.Context())
	client, err := s.client.With(nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if r.Method == http.MethodPut {
				cancel()
			}
			return resp, err
		})
	}))
	require.NoError(t, err)
	_, err = objectstorage.New(client).Objects.Put(ctx, "photos", "a", strings.NewReader("hello"), &objectstorage.PutOptions{
		Progress: func(objectstorage.Progress) { t.Error("nothing was stored") },
	})
	failsAs(t, nhncloud.ErrChecksumMismatch, err)
	assert.Len(t, s.arrivals(), 3)
}

// A checksum is compared where there is one, and where it is wanted.
func TestPutUnchecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options *objectstorage.PutOptions
		etag    string
	}{
		"skipped":         {&objectstorage.PutOptions{SkipChecksum: true}, digestOf(nil)},
		"none told":       {nil, ""},
		"quoted":          {nil, `"` + digestOf([]byte("hello")) + `"`},
		"weak":            {nil, `W/"` + digestOf([]byte("hello")) + `"`},
		"known":           {&objectstorage.PutOptions{ETag: digestOf([]byte("hello"))}, digestOf([]byte("hello"))},
		"known but other": {&objectstorage.PutOptions{ETag: digestOf(nil), SkipChecksum: true}, digestOf([]byte("hello"))},
	} {
		for source, open := range map[string]func([]byte) io.Reader{"again": again, "once": once} {
			t.Run(name+"/"+source, func(t *testing.T) {
				t.Parallel()
				s := newScript(t, reply(201, "", "ETag", test.etag))
				result, err := s.objects.Put(t.Context(), "photos", "a", open([]byte("hello")), test.options)
				require.NoError(t, err)
				assert.EqualValues(t, 5, result.Size)
				assert.Equal(t, test.options != nil && test.options.ETag != "" || name != "skipped" && source == "again", s.arrival(1).header.Get("ETag") != "")
			})
		}
	}
}

// The service finds other content than was announced itself.
func TestPutUnprocessable(t *testing.T) {
	t.Parallel()
	data := noise(1, 300*kib)
	s := newScript(t, html(422, "Unprocessable Entity"), html(422, "Unprocessable Entity"), html(422, "Unprocessable Entity"))
	_, err := s.objects.Put(t.Context(), "photos", "a", again(data), nil)
	e := failsAs(t, nhncloud.ErrChecksumMismatch, err)
	assert.Equal(t, 422, e.StatusCode)
	assert.Equal(t, "tx123", e.RequestID)
	assert.ErrorContains(t, err, "MD5 is not "+digestOf(data))
	_, err = s.objects.Put(t.Context(), "photos", "a", once(data), &objectstorage.PutOptions{ETag: digestOf(nil)})
	var sum *objectstorage.ChecksumError
	require.ErrorAs(t, err, &sum)
	assert.Equal(t, &objectstorage.ChecksumError{Want: digestOf(nil)}, sum)
	_, err = s.objects.Put(t.Context(), "photos", "a", once(data), nil)
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	assert.NotErrorIs(t, err, nhncloud.ErrChecksumMismatch, "no checksum was announced")
}

// In the cloud, a wrong checksum leaves nothing behind.
func TestPutWrongChecksumInTheCloud(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i, source := range []io.Reader{strings.NewReader("hello"), once([]byte("hello")), once(noise(1, 300*kib))} {
		_, err := r.objects.Put(t.Context(), depot, fmt.Sprint(i), source, &objectstorage.PutOptions{ETag: digestOf(nil)})
		require.ErrorIs(t, err, nhncloud.ErrChecksumMismatch)
	}
	assert.Empty(t, r.list(depot))
}

// A byte that flips on its way is found by the service, or else afterwards.
func TestPutFlippedByte(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]io.Reader{
		"announced": again(noise(1, 300*kib)), "large": again(noise(2, 2<<20)), "once": once(noise(3, 300*kib)), "small": strings.NewReader("hello"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.meddleWith(func(_ string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
				if req.Method == http.MethodPut {
					req = req.Clone(req.Context())
					req.Body = struct {
						io.Reader
						io.Closer
					}{&flipping{Reader: req.Body}, req.Body}
				}
				return next.RoundTrip(req)
			})
			_, err := r.objects.Put(t.Context(), depot, "a", source, nil)
			require.ErrorIs(t, err, nhncloud.ErrChecksumMismatch)
			assert.Empty(t, r.list(depot))
		})
	}
}

// flipping is content whose first byte is another.
type flipping struct {
	io.Reader
	done bool
}

func (f *flipping) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if n > 0 && !f.done {
		p[0] ^= 1
		f.done = true
	}
	return n, err
}

// A source that fails ends the call at once, and nothing is stored.
func TestPutBrokenSource(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	file := writeFile(t, t.TempDir(), "shrinking", noise(1, 2<<20))
	shrinking, err := os.Open(file)
	require.NoError(t, err)
	defer shrinking.Close()
	for name, test := range map[string]struct {
		source   io.Reader
		options  *objectstorage.PutOptions
		cause    error
		text     string
		requests int
	}{
		"at once":           {source: iotest.ErrReader(errBroken), cause: errBroken, requests: 1},
		"in the middle":     {source: io.MultiReader(once(noise(1, 300*kib)), iotest.ErrReader(errBroken)), cause: errBroken, requests: 1},
		"of known size":     {source: io.MultiReader(once(noise(1, 300*kib)), iotest.ErrReader(errBroken)), options: &objectstorage.PutOptions{Size: 1 << 20}, cause: errBroken, requests: 1},
		"at its end":        {source: io.MultiReader(once(noise(1, 300*kib)), iotest.ErrReader(errBroken)), options: &objectstorage.PutOptions{Size: 300 * kib}, cause: errBroken, requests: 1},
		"read again":        {source: &brokenAt{ReadSeeker: bytes.NewReader(noise(1, 300*kib))}, cause: errBroken},
		"read again later":  {source: &brokenAt{ReadSeeker: bytes.NewReader(noise(1, 2<<20)), good: 100 * kib}, cause: errBroken, requests: 1},
		"small":             {source: &brokenAt{ReadSeeker: bytes.NewReader(noise(1, 100))}, options: &objectstorage.PutOptions{SkipChecksum: true}, cause: errBroken},
		"no progress":       {source: stuck{once(noise(1, 100))}, options: &objectstorage.PutOptions{Size: 100}, cause: io.ErrNoProgress, requests: 1},
		"can't seek":        {source: &brokenLater{ReadSeeker: bytes.NewReader(noise(1, 2<<20)), seeks: 3}, cause: errBroken, requests: 1},
		"seeker shrank":     {source: &brokenLater{ReadSeeker: bytes.NewReader(noise(1, 2<<20)), seeks: 9, most: 100 * kib}, cause: io.ErrUnexpectedEOF, text: "ended after 102400 of 2097152 bytes", requests: 1},
		"shorter":           {source: once(noise(1, 300*kib)), options: &objectstorage.PutOptions{Size: 300*kib + 1}, cause: io.ErrUnexpectedEOF, text: "ended after 307200 of 307201 bytes", requests: 1},
		"shorter small":     {source: once(noise(1, 100)), options: &objectstorage.PutOptions{Size: 101}, cause: io.ErrUnexpectedEOF, text: "ended after 100 of 101 bytes", requests: 1},
		"longer":            {source: once(noise(1, 300*kib)), options: &objectstorage.PutOptions{Size: 300*kib - 1}, text: "is longer than the 307199 bytes declared", requests: 1},
		"longer small":      {source: once(noise(1, 100)), options: &objectstorage.PutOptions{Size: 99}, text: "is longer than the 99 bytes declared", requests: 1},
		"shrank":            {source: &shrinkingFile{shrinking, file}, cause: io.ErrUnexpectedEOF, text: "ended after 1000 of 2097152 bytes", requests: 1},
		"can't seek to end": {source: &brokenSeeker{bytes.NewReader(noise(1, 100)), io.SeekEnd}, cause: errBroken, text: "can't be measured"},
		"can't seek back":   {source: &brokenSeeker{bytes.NewReader(noise(1, 100)), io.SeekStart}, cause: errBroken, text: "can't be measured"},
	} {
		t.Run(name, func(t *testing.T) {
			counts := r.counting()
			result, err := r.objects.Put(t.Context(), depot, "a", test.source, test.options)
			assert.Nil(t, result)
			var e *nhncloud.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "objectstorage-put-object", e.Operation)
			assert.LessOrEqual(t, e.Attempts, 1)
			if test.cause != nil {
				assert.ErrorIs(t, err, test.cause)
			}
			assert.ErrorContains(t, err, test.text)
			assert.NotErrorIs(t, err, nhncloud.ErrUnavailable)
			assert.Equal(t, test.requests, counts.count("objectstorage-put-object"))
			r.leaveAlone()
			assert.Empty(t, r.list(depot), "nothing is left behind")
		})
	}
}

// brokenAt is content that fails beyond so many bytes, wherever it is read.
type brokenAt struct {
	io.ReadSeeker
	good int64
}

func (b *brokenAt) ReadAt(p []byte, offset int64) (int, error) {
	if offset+int64(len(p)) > b.good {
		return 0, errBroken
	}
	return len(p), nil
}

// stuck has no end.
type stuck struct{ io.Reader }

func (s stuck) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err == io.EOF {
		err = nil
	}
	return n, err
}

// shrinkingFile is cut when its content was measured.
type shrinkingFile struct {
	*os.File
	path string
}

func (f *shrinkingFile) Seek(offset int64, whence int) (int64, error) {
	at, err := f.File.Seek(offset, whence)
	if err == nil && whence == io.SeekStart {
		err = os.Truncate(f.path, 1000)
	}
	return at, err
}

// brokenLater can seek so many times, and has no more than it was measured.
type brokenLater struct {
	io.ReadSeeker
	seeks int
	most  int64 // bytes that can be read; 0 for all
}

func (b *brokenLater) Seek(offset int64, whence int) (int64, error) {
	if b.seeks--; b.seeks < 0 {
		return 0, errBroken
	}
	return b.ReadSeeker.Seek(offset, whence)
}

func (b *brokenLater) Read(p []byte) (int, error) {
	if b.most > 0 {
		at, _ := b.ReadSeeker.Seek(0, io.SeekCurrent)
		if at >= b.most {
			return 0, io.EOF
		}
		p = p[:min(int64(len(p)), b.most-at)]
	}
	return b.ReadSeeker.Read(p)
}

// brokenSeeker can't seek in one way.
type brokenSeeker struct {
	io.ReadSeeker
	whence int
}

func (b *brokenSeeker) Seek(offset int64, whence int) (int64, error) {
	if whence == b.whence {
		return 0, errBroken
	}
	return b.ReadSeeker.Seek(offset, whence)
}

// An answer that comes before the content is no success, whatever it says.
func TestPutEarlySuccess(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]func() io.Reader{
		"again": func() io.Reader { return &waiting{ReadSeeker: bytes.NewReader(noise(1, 300*kib)), from: 100 * kib} },
		"once": func() io.Reader {
			return onlyRead{&waiting{ReadSeeker: bytes.NewReader(noise(1, 300*kib)), from: 100 * kib}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answered := make(chan struct{})
			tag := digestOf(noise(1, 300*kib)[:100*kib])
			r := source()
			var w *waiting
			switch r := r.(type) {
			case *waiting:
				w = r
			case onlyRead:
				w = r.Reader.(*waiting)
			}
			w.until = answered
			s := newScript(t, early(200, "", "ETag", tag), reply(204, ""))
			client, err := s.client.With(nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
				return nhncloud.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
					if req.Method != http.MethodPut {
						return next.RoundTrip(req)
					}
					_, err := io.CopyN(io.Discard, req.Body, 100*kib)
					assert.NoError(t, err)
					return &http.Response{StatusCode: 201, Header: http.Header{"Etag": {tag}}, Body: http.NoBody, Request: req}, nil
				})
			}))
			require.NoError(t, err)
			result, err := objectstorage.New(client).Objects.Put(t.Context(), "photos", "a", r, &objectstorage.PutOptions{SkipChecksum: true})
			close(answered)
			assert.Nil(t, result)
			failsAs(t, nhncloud.ErrBadAnswer, err)
			assert.ErrorContains(t, err, "before it had the content")
			assert.Equal(t, []string{"HEAD /photos/a token-1", "DELETE /photos/a token-1"}, s.lines())
		})
	}
}

// waiting is content of which the rest comes only when something has happened.
type waiting struct {
	io.ReadSeeker
	from  int64
	until chan struct{}
	done  int64
}

func (w *waiting) Read(p []byte) (int, error) {
	if w.done >= w.from {
		<-w.until
	}
	n, err := w.ReadSeeker.Read(p[:min(int64(len(p)), max(1, w.from-w.done))])
	w.done += int64(n)
	return n, err
}

// Put returns when its context ends, even if the service or the source does
// nothing more.
func TestPutCancelled(t *testing.T) {
	t.Parallel()
	data := noise(1, 8<<20)
	for name, source := range map[string]func(hanging chan struct{}) io.Reader{
		"service, again":   func(chan struct{}) io.Reader { return again(data) },
		"service, seeking": func(chan struct{}) io.Reader { return seeking(data) },
		"service, once":    func(chan struct{}) io.Reader { return once(data) },
		"source": func(hanging chan struct{}) io.Reader {
			return onlyRead{&waiting{ReadSeeker: bytes.NewReader(data), from: 100 * kib, until: hanging}}
		},
		"source at its end": func(hanging chan struct{}) io.Reader {
			return io.MultiReader(once(data[:100*kib]), onlyRead{&waiting{ReadSeeker: bytes.NewReader(data), until: hanging}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arrived, hanging := make(chan struct{}), make(chan struct{})
			s := newScript(t, func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.CopyN(io.Discard, r.Body, 10*kib)
				close(arrived)
				<-hanging
			})
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-arrived
				cancel()
			}()
			result, err := s.objects.Put(ctx, "photos", "a", source(hanging), &objectstorage.PutOptions{SkipChecksum: true})
			close(hanging)
			assert.Nil(t, result)
			failsAs(t, context.Canceled, err)
			assert.NotErrorIs(t, err, nhncloud.ErrUnavailable)
		})
	}
}

// Content that can be read again is the caller's again when Put returns, however
// it does: the race detector watches.
func TestPutLeavesContent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		step http.HandlerFunc
		kind error
	}{
		"answered early": {early(503, "Busy"), nil}, // or the connection breaks: both are failures
		"cancelled":      {nil, context.Canceled},
		"reset":          {cutOff(100 * kib), nhncloud.ErrUnavailable},
		"stored":         {keeps(), nil},
	} {
		for source, open := range map[string]func([]byte) io.Reader{
			"again": again, "seeking": seeking, "buffer": func(data []byte) io.Reader { return bytes.NewBuffer(data) },
		} {
			t.Run(name+"/"+source, func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithCancel(nhncloud.ContextWithRetry(t.Context(), nhncloud.NoRetry))
				defer cancel()
				step, returned := test.step, make(chan struct{})
				if step == nil {
					step = func(_ http.ResponseWriter, r *http.Request) {
						_, _ = io.CopyN(io.Discard, r.Body, 10*kib)
						cancel()
						<-returned
					}
				}
				data := noise(1, 8<<20)
				s := newScript(t, step)
				_, err := s.objects.Put(ctx, "photos", "a", open(data), nil)
				close(returned)
				for i := range data {
					data[i]++
				}
				if name == "stored" {
					require.NoError(t, err)
					return
				}
				require.Error(t, err)
				if test.kind != nil {
					assert.ErrorIs(t, err, test.kind)
				}
			})
		}
	}
}

// Nothing of the content is used where nothing is sent.
func TestPutNotSent(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, source := range []io.Reader{again(noise(1, 2<<20)), again(noise(1, 100*kib)), once(noise(1, 100*kib)), seeking(noise(1, 2<<20))} {
		_, err := newScript(t).objects.Put(ctx, "photos", "a", source, nil)
		failsAs(t, context.Canceled, err)
		rest, err := io.ReadAll(source)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, len(rest), 100*kib)
	}
}

// Whatever reads the content of a request gets what was declared and its end.
func TestPutReadByMiddleware(t *testing.T) {
	t.Parallel()
	data := noise(1, 300*kib)
	for _, source := range []io.Reader{again(data), seeking(data), once(data)} {
		s := newScript(t, keeps())
		client, err := s.client.With(nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				read, err := io.ReadAll(r.Body)
				assert.NoError(t, err)
				n, err := r.Body.Read(make([]byte, 10))
				assert.Zero(t, n)
				assert.Equal(t, io.EOF, err)
				r = r.Clone(r.Context())
				r.Body = io.NopCloser(bytes.NewReader(read))
				return next.RoundTrip(r)
			})
		}))
		require.NoError(t, err)
		_, err = objectstorage.New(client).Objects.Put(t.Context(), "photos", "a", source, &objectstorage.PutOptions{Size: int64(len(data))})
		require.NoError(t, err)
		assert.Equal(t, digestOf(data), digestOf(s.arrival(1).body))
	}
}

// What an attempt has left behind in the transport reads nothing any more, once
// the next one begins or Put has returned.
func TestPutEndsAttempts(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]io.Reader{"again": again(noise(1, 300*kib)), "seeking": seeking(noise(1, 300*kib))} {
		s := newScript(t)
		var bodies []io.Reader
		client, err := s.client.With(nhncloud.WithMiddleware(func(http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				for _, before := range bodies {
					n, err := before.Read(make([]byte, 10))
					assert.Zero(t, n)
					assert.ErrorContains(t, err, "over")
				}
				n, err := io.ReadFull(r.Body, make([]byte, 100))
				assert.Equal(t, 100, n)
				bodies = append(bodies, r.Body)
				return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Body: http.NoBody, Request: r}, err
			})
		}))
		require.NoError(t, err)
		_, err = objectstorage.New(client).Objects.Put(t.Context(), "photos", "a", source, nil)
		require.ErrorIs(t, err, nhncloud.ErrUnavailable, name)
		require.Len(t, bodies, 4)
		for _, body := range bodies {
			n, err := body.Read(make([]byte, 10))
			assert.Zero(t, n)
			assert.ErrorContains(t, err, "over")
		}
	}
}

// Content is read from where it stands, and stands there again afterwards.
func TestPutFromWhereItStands(t *testing.T) {
	t.Parallel()
	data := noise(1, 300*kib)
	path := writeFile(t, t.TempDir(), "file", data)
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	const from = 1000
	for name, source := range map[string]io.ReadSeeker{
		"file": file, "bytes": bytes.NewReader(data), "section": io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))),
		"seeker": seeking(data).(io.ReadSeeker), "text": strings.NewReader(string(data)),
	} {
		for answer, steps := range map[string][]http.HandlerFunc{"stored": {cutOff(100 * kib), keeps()}, "refused": {html(413, "Too large")}} {
			t.Run(name+"/"+answer, func(t *testing.T) {
				s := newScript(t, steps...)
				_, err := source.Seek(from, io.SeekStart)
				require.NoError(t, err)
				_, err = s.objects.Put(t.Context(), "photos", "a", source, nil)
				if answer == "refused" {
					require.ErrorIs(t, err, nhncloud.ErrTooLarge)
				} else {
					require.NoError(t, err)
					assert.Equal(t, digestOf(data[from:]), digestOf(s.arrival(2).body))
				}
				at, err := source.Seek(0, io.SeekCurrent)
				require.NoError(t, err)
				assert.EqualValues(t, from, at)
			})
		}
	}
	t.Run("beyond its end", func(t *testing.T) {
		s := newScript(t, keeps())
		_, err := file.Seek(int64(len(data)+10), io.SeekStart)
		require.NoError(t, err)
		result, err := s.objects.Put(t.Context(), "photos", "a", file, nil)
		require.NoError(t, err)
		assert.Zero(t, result.Size)
	})
	t.Run("buffer", func(t *testing.T) {
		s := newScript(t, lost, keeps())
		buffer := bytes.NewBuffer(bytes.Clone(data))
		buffer.Next(from)
		_, err := s.objects.Put(t.Context(), "photos", "a", buffer, nil)
		require.NoError(t, err)
		assert.Equal(t, digestOf(data[from:]), digestOf(s.arrival(2).body))
		assert.Equal(t, len(data)-from, buffer.Len())
	})
}

// What looks as if it could seek but can't, or has no size of its own, is read
// once.
func TestPutFilesThatCannotSeek(t *testing.T) {
	t.Parallel()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	defer reader.Close()
	go func() {
		defer writer.Close()
		_, _ = io.WriteString(writer, "hello")
	}()
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer null.Close()
	for want, source := range map[string]io.Reader{
		"hello": reader, "": null, "seeker": &brokenSeeker{strings.NewReader("seeker"), io.SeekCurrent},
	} {
		s := newScript(t, keeps())
		result, err := s.objects.Put(t.Context(), "photos", "a", source, nil)
		require.NoError(t, err)
		assert.EqualValues(t, len(want), result.Size)
		a := s.arrival(1)
		assert.Equal(t, want, string(a.body))
		assert.EqualValues(t, -1, a.length, "it is sent in pieces")
		assert.Equal(t, "100-continue", a.header.Get("Expect"))
	}
}

// A folder is no content.
func TestPutFolder(t *testing.T) {
	t.Parallel()
	folder, err := os.Open(filepath.Dir(t.TempDir()))
	require.NoError(t, err)
	defer folder.Close()
	s := newScript(t, func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		assert.Error(t, err)
	})
	_, err = s.objects.Put(t.Context(), "photos", "a", folder, nil)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	assert.ErrorContains(t, err, "directory")
	assert.False(t, errors.Is(err, nhncloud.ErrUnavailable))
}

// What the cloud does wrong once does not reach the program, in both directions.
func TestFaultsInTheCloud(t *testing.T) {
	t.Parallel()
	data := noise(1, 300*kib)
	for name, fault := range map[string]nhncloudtest.Fault{
		"reset": {Reset: true, Times: 2}, "reset after": {ResetAfter: true, Times: 2}, "truncated": {Truncate: true, Times: 3},
		"busy": {Status: 503, Times: 2}, "limited": {Status: 429, RetryAfter: 1, Times: 1}, "login ended": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			ctx := nhncloud.ContextWithRetry(t.Context(), quick)
			trouble := func(operation string) *nhncloudtest.Injected {
				if name == "login ended" {
					r.cloud.RevokeTokens()
					return nil
				}
				fault := fault
				fault.Operation = operation
				return r.cloud.Inject(fault)
			}
			put := trouble("objectstorage-put-object")
			result, err := r.objects.Put(ctx, depot, "a", again(data), nil)
			require.NoError(t, err)
			assert.Equal(t, digestOf(data), result.ETag)
			get := trouble("objectstorage-get-object")
			content, err := r.objects.Get(ctx, depot, "a", nil)
			require.NoError(t, err)
			got, err := readAll(t, content)
			require.NoError(t, err)
			assert.Equal(t, digestOf(data), digestOf(got))
			if put != nil {
				assert.Positive(t, put.Fired()) // what is cut off the answer to a PUT is not missed
				assert.Equal(t, fault.Times, get.Fired())
			}
		})
	}
}

// A token that ends while content that can be read only once is on its way is
// renewed before the content is read.
func TestPutOnceRenewsToken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(1, 300*kib)
	r.cloud.RevokeTokens()
	_, err := r.objects.Put(t.Context(), depot, "a", once(data), nil)
	require.NoError(t, err)
	r.holds("a", data)
	assert.Equal(t, 2, r.cloud.Logins())
}

// An object that is to be deleted some time is gone then.
func TestPutExpires(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.objects.Put(t.Context(), depot, "after", nil, &objectstorage.PutOptions{DeleteAfter: time.Hour})
	require.NoError(t, err)
	at := r.cloud.Now().Add(time.Hour).Truncate(time.Second)
	_, err = r.objects.Put(t.Context(), depot, "at", nil, &objectstorage.PutOptions{DeleteAt: at})
	require.NoError(t, err)
	assert.Equal(t, []string{"after", "at"}, r.list(depot))
	r.cloud.Advance(time.Hour + time.Second)
	assert.Empty(t, r.list(depot))
}
