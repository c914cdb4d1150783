package nhncloud_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

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
	t.Run("read once, little of it", func(t *testing.T) {
		t.Parallel()
		server := newUploadServer(t, 503, 401, 201)
		little := content[:64<<10]
		body := nhncloud.NewBodyReader("text/plain", int64(len(little)), iotest.HalfReader(bytes.NewReader(little)))
		require.NoError(t, staticClient(t, server.URL, policy, nhncloud.WithTokenSource(&numbered{})).Do(t.Context(), upload(body), nil))
		server.requireBodies(t, little, little, little)
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
