package nhncloud_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
		"408":                 {first: answer(408, ""), get: true},
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

// What the service said is kept when the context ends between attempts.
func TestContextEndsDuringBackoff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		start := time.Now()
		client, _ := scriptClient(t, nil, answer(503, `{"computeFault": {"code": 503, "message": "busy"}}`, "Retry-After", "30"))
		err := client.Do(ctx, getRequest(), nil)
		assert.Equal(t, 2*time.Second, time.Since(start))
		assert.ErrorIs(t, err, context.Canceled)
		assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, 503, e.StatusCode)
		assert.Equal(t, "busy", e.Message)
		assert.Equal(t, 1, e.Attempts)
	})
}

// The same for a context that ends while a further attempt is on its way.
func TestContextEndsDuringSecondAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		client, _ := scriptClient(t, nil, answer(503, "busy"), func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		err := client.Do(ctx, getRequest(), nil)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "busy", e.Message)
		assert.Equal(t, 2, e.Attempts)
	})
}

func TestContextEndsBeforeAndDuringACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, sent := scriptClient(t, nil, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, client.Do(ctx, getRequest(), nil), context.Canceled)
		assert.Zero(t, sent.count())

		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		err := client.Do(ctx, getRequest(), nil)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, time.Second, time.Since(start))
		assert.Equal(t, 1, sent.count())
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.NoError(t, e.Kind(), "a finished context says nothing about the service")
	})
}

// notedReader tells when it is read.
type notedReader struct {
	io.Reader
	read func()
}

func (r *notedReader) Read(p []byte) (int, error) {
	r.read()
	return r.Reader.Read(p)
}

// A call ends with its context even when nobody fills its body, which is not
// read any more then.
func TestContextEndsWhileABodyIsRead(t *testing.T) {
	t.Parallel()
	for name, length := range map[string]int64{"some": 1000, "asked for": 1 << 20, "unknown": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, err := io.Copy(io.Discard, r.Body)
				assert.Error(t, err)
			}))
			defer server.Close()
			pipe, filler := io.Pipe()
			var reads atomic.Int32
			body := &notedReader{io.MultiReader(strings.NewReader("0123456789"), pipe), func() {
				if reads.Add(1) == 2 {
					cancel()
				}
			}}
			request := getRequest()
			request.Method, request.Body = http.MethodPut, nhncloud.NewBodyReader("text/plain", length, body)
			client := staticClient(t, server.URL)
			require.ErrorIs(t, client.Do(ctx, request, nil), context.Canceled)

			assert.EqualValues(t, 2, reads.Load())
			_, err := filler.Write([]byte("late")) // which the read that is under way takes
			require.NoError(t, err)
			client.CloseIdleConnections()
			server.Close()
			assert.EqualValues(t, 2, reads.Load())
			_ = filler.Close()
		})
	}
}

// An answer that comes after that is closed.
func TestAnswerAfterTheContextEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	late := newClosing("{}")
	pipe, filler := io.Pipe()
	transport := nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		_, err := r.Body.Read(make([]byte, 10))
		assert.ErrorContains(t, err, "the call is over")
		_, err = r.Body.Read(make([]byte, 10))
		assert.ErrorContains(t, err, "the call is over")
		return &http.Response{StatusCode: 200, Body: late, Request: r}, nil
	})
	client := staticClient(t, "https://compute.example.com", nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
	request := getRequest()
	request.Method, request.Body = http.MethodPut, nhncloud.NewBodyReader("text/plain", 100, &notedReader{pipe, cancel})
	require.ErrorIs(t, client.Do(ctx, request, nil), context.Canceled)
	_, err := filler.Write([]byte("late"))
	require.NoError(t, err)
	<-late.gone
}

// The timeout of an http.Client ends it as well.
func TestTimeoutWhileABodyIsRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pipe, filler := io.Pipe()
		read := make(chan error, 1)
		transport := nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			_, err := r.Body.Read(make([]byte, 10))
			read <- err
			return nil, err
		})
		client := staticClient(t, "https://compute.example.com", nhncloud.WithHTTPClient(&http.Client{Transport: transport, Timeout: time.Minute}))
		request := getRequest()
		request.Method, request.Body = http.MethodPut, nhncloud.NewBodyReader("text/plain", -1, pipe)
		start := time.Now()
		err := client.Do(t.Context(), request, nil)
		assert.Equal(t, time.Minute, time.Since(start))
		assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorContains(t, err, "the body can be read only once")
		require.NoError(t, filler.Close())
		assert.ErrorContains(t, <-read, "the call is over")
	})
}

// What is refused before a body that can be read only once was asked for is
// sent again.
func TestBodyIsAskedFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		length int64
		asked  bool
	}{"small": {1<<20 - 1, false}, "large": {1 << 20, true}, "unknown": {-1, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var attempts atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if test.asked {
					assert.Equal(t, "100-continue", r.Header.Get("Expect"))
				} else {
					assert.Empty(t, r.Header.Get("Expect"))
				}
				if attempts.Add(1) == 1 && test.asked {
					w.Header().Set("Connection", "close")
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				n, err := io.Copy(io.Discard, r.Body)
				assert.NoError(t, err)
				assert.EqualValues(t, max(1000, test.length), n)
			}))
			defer server.Close()
			request := getRequest()
			size := max(1000, test.length)
			request.Method, request.Body = http.MethodPut, nhncloud.NewBodyReader("text/plain", test.length, io.LimitReader(rand.Reader, size))
			require.NoError(t, staticClient(t, server.URL, nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond})).Do(t.Context(), request, nil))
			assert.EqualValues(t, map[bool]int{false: 1, true: 2}[test.asked], attempts.Load())
		})
	}
}

// The same of a service that refuses the body and keeps the connection, which
// net/http then sends it on, and of one that does not know how to ask.
func TestBodyIsNotAskedFor(t *testing.T) {
	t.Parallel()
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for name, test := range map[string]struct {
		refusals int
		attempts int
	}{"refused": {1, 2}, "never asked for": {0, 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var attempts atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				conn, stream, err := w.(http.Hijacker).Hijack()
				if !assert.NoError(t, err) {
					return
				}
				defer conn.Close()
				if int(attempts.Add(1)) <= test.refusals {
					_, _ = io.WriteString(conn, "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy")
					rest, _ := io.ReadAll(stream)
					assert.Empty(t, rest)
					return
				}
				got := make([]byte, len(content))
				_, err = io.ReadFull(stream, got)
				assert.NoError(t, err)
				assert.True(t, bytes.Equal(content, got))
				_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
			}))
			defer server.Close()
			request := getRequest()
			request.Method, request.Body = http.MethodPut, nhncloud.NewBodyReader("text/plain", int64(len(content)), bytes.NewReader(content))
			client := staticClient(t, server.URL, nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond}),
				nhncloud.WithHTTPClient(&http.Client{Transport: &http.Transport{ExpectContinueTimeout: 50 * time.Millisecond}}))
			require.NoError(t, client.Do(t.Context(), request, nil))
			client.CloseIdleConnections()
			assert.EqualValues(t, test.attempts, attempts.Load())
		})
	}
}

// A request of middleware that has the same context is not taken for the answer
// for long.
func TestBodyAfterAnotherRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			assert.Equal(t, "100-continue", r.Header.Get("Expect"))
			httptrace.ContextClientTrace(r.Context()).GotFirstResponseByte()
			got, err := io.ReadAll(r.Body)
			assert.NoError(t, err)
			assert.Equal(t, "content", string(got))
			return &http.Response{StatusCode: 204, Body: http.NoBody, Request: r}, nil
		})
		client := staticClient(t, "https://compute.example.com", nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
		request := getRequest()
		request.Method, request.Body = http.MethodPut, nhncloud.NewBodyReader("text/plain", -1, strings.NewReader("content"))
		start := time.Now()
		require.NoError(t, client.Do(t.Context(), request, nil))
		assert.Equal(t, time.Second, time.Since(start))
	})
}

// A service that refuses a body may close the connection while it is sent, and
// its answer gets lost. The next attempt lets it answer first.
func TestRefusalOfABodyGetsLost(t *testing.T) {
	t.Parallel()
	const large = 4 << 20
	for name, test := range map[string]struct {
		body   func() *nhncloud.Body
		status int
		kind   error // of the failure; nil for none
		want   []string
	}{
		"token": {
			func() *nhncloud.Body {
				return nhncloud.NewBody("text/plain", large, func() (io.ReadCloser, error) { return io.NopCloser(io.LimitReader(rand.Reader, large)), nil })
			}, 401, nil, []string{"", "100-continue", "100-continue"},
		},
		"size": {
			func() *nhncloud.Body { return nhncloud.NewBodyBytes("text/plain", make([]byte, large)) },
			413, nhncloud.ErrTooLarge, []string{"", "100-continue"},
		},
		"unknown length": {
			func() *nhncloud.Body {
				return nhncloud.NewBody("text/plain", -1, func() (io.ReadCloser, error) { return io.NopCloser(io.LimitReader(rand.Reader, large)), nil })
			}, 412, nhncloud.ErrPreconditionFailed, []string{"", "100-continue"},
		},
		"small": {
			func() *nhncloud.Body { return nhncloud.NewBodyBytes("text/plain", make([]byte, 1000)) },
			413, nhncloud.ErrUnavailable, []string{"", "", "", ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var asked []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				expect := r.Header.Get("Expect")
				mu.Lock()
				asked = append(asked, expect)
				mu.Unlock()
				switch {
				case r.Header.Get("X-Auth-Token") == "token-2":
					n, err := io.Copy(io.Discard, r.Body)
					assert.NoError(t, err)
					assert.EqualValues(t, large, n)
				case expect == "":
					_, _ = io.CopyN(io.Discard, r.Body, 100)
					panic(http.ErrAbortHandler)
				default:
					w.Header().Set("Connection", "close")
					w.WriteHeader(test.status)
				}
			}))
			defer server.Close()
			client := staticClient(t, server.URL, nhncloud.WithTokenSource(&numbered{}), nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond}))
			request := getRequest()
			request.Method, request.Body = http.MethodPut, test.body()
			err := client.Do(t.Context(), request, nil)
			if test.kind == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, test.kind)
			}
			server.Close()
			mu.Lock()
			defer mu.Unlock()
			assert.Equal(t, test.want, asked)
		})
	}
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

// Every attempt of an upload carries the whole body, or there is none.
func TestRetryOfUploads(t *testing.T) {
	t.Parallel()
	content := bytes.Repeat([]byte("0123456789abcdef"), 64<<10) // 1 MiB
	upload := func(body *nhncloud.Body) nhncloud.Request {
		return nhncloud.Request{
			Operation: "test-upload", Service: nhncloud.ServiceCompute, Method: http.MethodPut,
			Path: "/v2/{tenantId}/things/{thingId}/file", Args: []string{"1"}, Body: body,
		}
	}
	policy := nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond})

	t.Run("opened again", func(t *testing.T) {
		t.Parallel()
		for _, length := range []int64{int64(len(content)), -1} {
			server := newUploadServer(t, 429, 503, 201)
			body := nhncloud.NewBody("application/octet-stream", length, func() (io.ReadCloser, error) {
				return io.NopCloser(bytes.NewReader(content)), nil
			})
			require.NoError(t, staticClient(t, server.URL, policy).Do(t.Context(), upload(body), nil))
			server.requireBodies(t, content, content, content)
		}
	})
	t.Run("bytes", func(t *testing.T) {
		t.Parallel()
		server := newUploadServer(t, 429, 201)
		require.NoError(t, staticClient(t, server.URL, policy).Do(t.Context(), upload(nhncloud.NewBodyBytes("text/plain", content)), nil))
		server.requireBodies(t, content, content)
	})
	t.Run("empty", func(t *testing.T) {
		t.Parallel()
		server := newUploadServer(t, 503, 201)
		require.NoError(t, staticClient(t, server.URL, policy).Do(t.Context(), upload(nhncloud.NewBodyBytes("text/plain", nil)), nil))
		server.requireBodies(t, nil, nil)
	})
	t.Run("read once", func(t *testing.T) {
		t.Parallel()
		server := newUploadServer(t, 429, 201)
		body := nhncloud.NewBodyReader("text/plain", int64(len(content)), bytes.NewReader(content))
		err := staticClient(t, server.URL, policy).Do(t.Context(), upload(body), nil)
		require.ErrorIs(t, err, nhncloud.ErrRateLimited)
		assert.Contains(t, err.Error(), "the body can be read only once")
		server.requireBodies(t, content)
	})
	t.Run("can't be opened again", func(t *testing.T) {
		t.Parallel()
		server := newUploadServer(t, 503, 201)
		gone := errors.New("the file is gone")
		opened := 0
		body := nhncloud.NewBody("text/plain", int64(len(content)), func() (io.ReadCloser, error) {
			if opened++; opened > 1 {
				return nil, gone
			}
			return io.NopCloser(bytes.NewReader(content)), nil
		})
		err := staticClient(t, server.URL, policy).Do(t.Context(), upload(body), nil)
		require.ErrorIs(t, err, gone)
		require.ErrorIs(t, err, nhncloud.ErrUnavailable)
		server.requireBodies(t, content)
	})
	t.Run("can't be opened at all", func(t *testing.T) {
		t.Parallel()
		gone := errors.New("no such file")
		body := nhncloud.NewBody("text/plain", 3, func() (io.ReadCloser, error) { return nil, gone })
		client, sent := scriptClient(t, nil, answer(200, ""))
		require.ErrorIs(t, client.Do(t.Context(), upload(body), nil), gone)
		assert.Zero(t, sent.count())
	})
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
