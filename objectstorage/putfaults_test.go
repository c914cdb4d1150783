package objectstorage_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

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
		"token refused after it": {sizes: [][]byte{small}, steps: []http.HandlerFunc{html(401, "Unauthorized")}, tokens: 2},
		"token refused before":   {sizes: [][]byte{least, large}, steps: []http.HandlerFunc{early(401, "Unauthorized", "Connection", "close")}, tokens: 2, waiting: true},
		"unavailable before":     {sizes: [][]byte{least, large}, steps: []http.HandlerFunc{early(503, "Busy", "Connection", "close")}, waiting: true},
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
					fails := strings.HasPrefix(source, "once") && !test.waiting && len(data) > 64*kib // what is read of less is kept
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
