package nhncloud_test

import (
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// Which failure is repeated for which kind of call. The transport of the test
// reads the body before it fails, so the request counts as sent.
func TestRetryByIdempotency(t *testing.T) {
	t.Parallel()
	reset := &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	for name, test := range map[string]struct {
		first        step
		get, create  bool // is it repeated? (an action never is)
		kind         error
		noteOfCreate string
	}{
		"reset":               {first: fails(reset), get: true, kind: nhncloud.ErrUnavailable, noteOfCreate: "may have reached the service"},
		"unexpected EOF":      {first: fails(io.ErrUnexpectedEOF), get: true, kind: nhncloud.ErrUnavailable},
		"certificate":         {first: fails(x509.UnknownAuthorityError{}), kind: nhncloud.ErrUnavailable},
		"no such host":        {first: fails(&net.DNSError{IsNotFound: true}), kind: nhncloud.ErrUnavailable},
		"400":                 {first: answer(400, ""), kind: nhncloud.ErrInvalidArgument},
		"403":                 {first: answer(403, ""), kind: nhncloud.ErrForbidden},
		"404":                 {first: answer(404, ""), kind: nhncloud.ErrNotFound},
		"408":                 {first: answer(408, ""), get: true, kind: nhncloud.ErrUnavailable},
		"409":                 {first: answer(409, ""), kind: nhncloud.ErrConflict},
		"413 quota":           {first: answer(413, `{"overLimit": {"code": 413, "message": "Quota exceeded", "retryAfter": "0"}}`, "Retry-After", "0"), kind: nhncloud.ErrQuotaExceeded},
		"429":                 {first: answer(429, ""), get: true, create: true, kind: nhncloud.ErrRateLimited},
		"498":                 {first: answer(498, "Slow down"), get: true, create: true, kind: nhncloud.ErrRateLimited},
		"500":                 {first: answer(500, ""), get: true, kind: nhncloud.ErrServerFault},
		"501":                 {first: answer(501, ""), kind: nhncloud.ErrNotSupported},
		"502":                 {first: answer(502, ""), get: true, kind: nhncloud.ErrUnavailable},
		"503":                 {first: answer(503, ""), get: true, kind: nhncloud.ErrUnavailable},
		"503 and Retry-After": {first: answer(503, "", "Retry-After", "1"), get: true, create: true, kind: nhncloud.ErrUnavailable},
		"504":                 {first: answer(504, ""), get: true, kind: nhncloud.ErrUnavailable},
		"cut off":             {first: cutOff, get: true, kind: nhncloud.ErrBadAnswer},
		"not JSON":            {first: answer(200, "<html>"), kind: nhncloud.ErrBadAnswer},
	} {
		for _, call := range []struct {
			name     string
			request  nhncloud.Request
			repeated bool
		}{{"get", getRequest(), test.get}, {"create", createRequest(), test.create}, {"action", actionRequest(), false}} {
			t.Run(name+"/"+call.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					client, sent := scriptClient(t, nil, test.first, answer(200, thingAnswer))
					var got thing
					var info nhncloud.Response
					err := client.Do(nhncloud.CaptureResponse(t.Context(), &info), call.request, &got)
					if call.repeated {
						require.NoError(t, err)
						assert.Equal(t, thing{"1", "x"}, got)
						assert.Equal(t, 2, sent.count())
						assert.Equal(t, 2, info.Attempts)
						assert.Equal(t, sent.sent[0], sent.sent[1], "both attempts carry the same body")
						return
					}
					require.Error(t, err)
					assert.Equal(t, 1, sent.count())
					var e *nhncloud.Error
					require.ErrorAs(t, err, &e)
					assert.Equal(t, 1, e.Attempts)
					assert.Equal(t, test.kind, e.Kind())
					if call.name == "create" {
						assert.Contains(t, e.Note, test.noteOfCreate)
					}
				})
			})
		}
	}
}

// cutOff answers with half of a body.
func cutOff(*http.Request) (*http.Response, error) {
	half := thingAnswer[:len(thingAnswer)/2]
	return &http.Response{
		StatusCode: 200, Header: http.Header{}, ContentLength: int64(len(thingAnswer)),
		Body: io.NopCloser(io.MultiReader(strings.NewReader(half), brokenReader{})),
	}, nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// What could not be sent may be sent again, whatever it is.
func TestRetryOfWhatWasNotSent(t *testing.T) {
	t.Parallel()
	upload := createRequest()
	upload.Operation, upload.Body = "test-upload", nhncloud.NewBodyReader("text/plain", 3, strings.NewReader("abc"))
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	for _, test := range []struct {
		request nhncloud.Request
		failure error
	}{
		{getRequest(), refused},
		{createRequest(), refused},
		{actionRequest(), refused},
		{createRequest(), &net.OpError{Op: "proxyconnect", Net: "tcp", Err: refused}},
		{createRequest(), &net.DNSError{IsTemporary: true}},
		{upload, io.ErrUnexpectedEOF}, // whose body was not read
	} {
		t.Run(test.request.Operation+" "+test.failure.Error(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				client := staticClient(t, "https://compute.example.com", nhncloud.WithHTTPClient(&http.Client{
					Transport: nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
						if attempts++; attempts < 3 {
							return nil, test.failure
						}
						return answer(200, thingAnswer)(r)
					}),
				}))
				require.NoError(t, client.Do(t.Context(), test.request, new(thing)))
				assert.Equal(t, 3, attempts)
			})
		})
	}
}

func TestRetryGivesUpWithTheLastError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, sent := scriptClient(t, nil,
			answer(500, `{"computeFault": {"code": 500, "message": "first"}}`),
			answer(503, `{"computeFault": {"code": 503, "message": "last"}}`, "X-Openstack-Request-Id", "req-last"))
		err := client.Do(t.Context(), getRequest(), nil)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, 4, e.Attempts)
		assert.Equal(t, 4, sent.count())
		assert.Equal(t, "last", e.Message)
		assert.Equal(t, "req-last", e.RequestID)
		assert.Contains(t, err.Error(), "4 attempts")
	})
}

func TestRetrySwitchedOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, answer(503, ""))
		require.ErrorIs(t, client.Do(t.Context(), getRequest(), nil), nhncloud.ErrUnavailable)
		assert.Equal(t, 1, sent.count())

		ctx := nhncloud.ContextWithRetry(t.Context(), nhncloud.RetryPolicy{MaxAttempts: 3})
		require.ErrorIs(t, client.Do(ctx, getRequest(), nil), nhncloud.ErrUnavailable)
		assert.Equal(t, 4, sent.count(), "one call may be repeated after all")

		ctx = nhncloud.ContextWithRetry(t.Context(), nhncloud.RetryPolicy{MaxAttempts: -1})
		require.ErrorIs(t, client.Do(ctx, getRequest(), nil), nhncloud.ErrInvalidArgument)
		assert.Equal(t, 4, sent.count())
	})
}

func TestRetryDelays(t *testing.T) {
	t.Parallel()
	t.Run("grow and vary", func(t *testing.T) {
		t.Parallel()
		varied := map[time.Duration]bool{}
		for range 20 {
			synctest.Test(t, func(t *testing.T) {
				var at []time.Time
				client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.RetryPolicy{
					MaxAttempts: 6, BaseDelay: time.Second, MaxDelay: 4 * time.Second,
				})}, func(r *http.Request) (*http.Response, error) {
					at = append(at, time.Now())
					return answer(500, "")(r)
				})
				require.Error(t, client.Do(t.Context(), getRequest(), nil))
				for i, most := range []time.Duration{1, 2, 4, 4, 4} {
					delay := at[i+1].Sub(at[i])
					varied[delay] = true
					assert.LessOrEqual(t, delay, most*time.Second)
				}
			})
		}
		assert.Greater(t, len(varied), 50, "the delays are random")
	})
	t.Run("alone", func(t *testing.T) {
		t.Parallel()
		var policy nhncloud.RetryPolicy
		for range 100 {
			assert.LessOrEqual(t, policy.Delay(0), 500*time.Millisecond)
			assert.LessOrEqual(t, policy.Delay(2), 2*time.Second)
			for _, retries := range []int{10, 29, 30, 1000} {
				assert.LessOrEqual(t, policy.Delay(retries), 20*time.Second)
			}
		}
	})
	t.Run("Retry-After", func(t *testing.T) {
		t.Parallel()
		for value, want := range map[string]time.Duration{
			"7":    7 * time.Second,
			"0.5":  500 * time.Millisecond,
			"3600": time.Minute, // capped
		} {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				client, _ := scriptClient(t, nil, answer(429, "", "Retry-After", value), answer(200, thingAnswer))
				require.NoError(t, client.Do(t.Context(), getRequest(), new(thing)))
				assert.Equal(t, want, time.Since(start), value)
			})
		}
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			date := start.Add(9 * time.Second).UTC().Format(http.TimeFormat)
			client, _ := scriptClient(t, nil, answer(503, "", "Retry-After", date), answer(200, thingAnswer))
			require.NoError(t, client.Do(t.Context(), getRequest(), new(thing)))
			assert.Equal(t, 9*time.Second, time.Since(start))
		})
		for _, nonsense := range []string{"-1", "soon", "1e300", "NaN", "Fri, 31 Dec 1999 23:59:59 GMT"} {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				client, _ := scriptClient(t, nil, answer(429, "", "Retry-After", nonsense), answer(200, thingAnswer))
				require.NoError(t, client.Do(t.Context(), getRequest(), new(thing)))
				assert.LessOrEqual(t, time.Since(start), 500*time.Millisecond, "%s: the own back-off", nonsense)
			})
		}
	})
	t.Run("longer than the deadline", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			start := time.Now()
			client, sent := scriptClient(t, nil, answer(429, "", "Retry-After", "30"))
			err := client.Do(ctx, getRequest(), nil)
			require.ErrorIs(t, err, nhncloud.ErrRateLimited)
			assert.Zero(t, time.Since(start), "given up at once")
			assert.Equal(t, 1, sent.count())
			assert.Contains(t, err.Error(), "would outlast the deadline")
			var e *nhncloud.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, 30*time.Second, e.RetryAfter)
		})
	})
}

// A DELETE whose answer got lost finds nothing when it is repeated.
func TestDeleteRepeatedAfterALostAnswer(t *testing.T) {
	t.Parallel()
	remove := getRequest()
	remove.Method, remove.ResponseKey = http.MethodDelete, ""
	for name, test := range map[string]struct {
		first step
		ok    bool
	}{
		"answer lost":  {fails(io.ErrUnexpectedEOF), true},
		"gateway":      {answer(502, ""), true},
		"rate limited": {answer(429, ""), false}, // nothing had been done
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, sent := scriptClient(t, nil, test.first, answer(404, ""))
				err := client.Do(t.Context(), remove, nil)
				assert.Equal(t, 2, sent.count())
				if test.ok {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, nhncloud.ErrNotFound)
				}
			})
		})
	}
	client, _ := scriptClient(t, nil, answer(404, ""))
	require.ErrorIs(t, client.Do(t.Context(), remove, nil), nhncloud.ErrNotFound)
}

func TestAttemptsAreSeenByMiddleware(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen []string
		watch := func(next http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				resp, err := next.RoundTrip(r)
				call, ok := nhncloud.CallFromContext(r.Context())
				require.True(t, ok)
				seen = append(seen, call.Operation+" "+string(call.Service)+" "+strconv.Itoa(call.Attempt)+" "+strconv.Itoa(resp.StatusCode))
				return resp, err
			})
		}
		client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithMiddleware(watch)}, answer(500, ""), answer(502, ""), answer(200, thingAnswer))
		require.NoError(t, client.Do(t.Context(), getRequest(), new(thing)))
		assert.Equal(t, []string{"test-get compute 1 500", "test-get compute 2 502", "test-get compute 3 200"}, seen)
		_, ok := nhncloud.CallFromContext(t.Context())
		assert.False(t, ok)
	})
}
