package nhncloud_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// uploadServer keeps the bodies it gets and answers with one status after the
// other.
type uploadServer struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
}

func newUploadServer(t *testing.T, statuses ...int) *uploadServer {
	s := &uploadServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read the body: %v", err)
		}
		s.mu.Lock()
		status := statuses[len(s.bodies)]
		s.bodies = append(s.bodies, body)
		s.mu.Unlock()
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *uploadServer) requireBodies(t *testing.T, want ...[]byte) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	require.Len(t, s.bodies, len(want))
	for i := range want {
		require.True(t, bytes.Equal(want[i], s.bodies[i]), "body %d has %d bytes", i, len(s.bodies[i]))
	}
}

// countingServer counts connections and requests.
type countingServer struct {
	*httptest.Server
	dials, requests atomic.Int64
}

func newCountingServer(t *testing.T, handler func(n int64, w http.ResponseWriter, r *http.Request)) *countingServer {
	s := &countingServer{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler(s.requests.Add(1), w, r)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.dials.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// One failing call must not cost the others their connections.
func TestOneDialForManyCalls(t *testing.T) {
	t.Parallel()
	page := strings.Repeat("<p>it does not work today</p>", 500)
	server := newCountingServer(t, func(n int64, w http.ResponseWriter, _ *http.Request) {
		switch n % 30 {
		case 10:
			w.WriteHeader(500)
			_, _ = io.WriteString(w, page)
		case 20:
			w.WriteHeader(404)
			_, _ = io.WriteString(w, `{"itemNotFound": {"code": 404, "message": "no"}}`)
		case 0:
			w.WriteHeader(503)
		default:
			_, _ = io.WriteString(w, thingAnswer)
		}
	})
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client := staticClient(t, server.URL,
		nhncloud.WithHTTPClient(&http.Client{Transport: transport}), nhncloud.WithRetry(nhncloud.NoRetry))
	failed := 0
	for range 1000 {
		if err := client.Do(t.Context(), getRequest(), new(thing)); err != nil {
			failed++
		}
	}
	assert.Equal(t, 100, failed-failed%100, "a tenth of the calls failed")
	assert.EqualValues(t, 1000, server.requests.Load())
	// On a busy machine net/http gives a connection up whose writer is slow to say
	// that the request is out; a failing call that costs one costs a hundred.
	assert.LessOrEqual(t, server.dials.Load(), int64(5))
}

// The connection breaks before anything of a request was written: net/http and
// the SDK may send it again. It breaks after: a create is not sent twice.
func TestConnectionReset(t *testing.T) {
	t.Parallel()
	quick := nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond})
	hangUp := func(w http.ResponseWriter) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		}
	}
	for _, test := range []struct {
		request  nhncloud.Request
		requests int64
		ok       bool
	}{{getRequest(), 2, true}, {createRequest(), 1, false}, {actionRequest(), 1, false}} {
		t.Run("after "+test.request.Operation+" was written", func(t *testing.T) {
			t.Parallel()
			server := newCountingServer(t, func(n int64, w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if n == 1 {
					hangUp(w)
					return
				}
				_, _ = io.WriteString(w, thingAnswer)
			})
			err := staticClient(t, server.URL, quick).Do(t.Context(), test.request, new(thing))
			assert.Equal(t, test.requests, server.requests.Load())
			if test.ok {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, nhncloud.ErrUnavailable)
			assert.Contains(t, err.Error(), "the request may have reached the service")
		})
		t.Run("before "+test.request.Operation+" was written", func(t *testing.T) {
			t.Parallel()
			server := newCountingServer(t, func(_ int64, w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, thingAnswer)
			})
			dials := 0
			transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				if dials++; dials < 3 {
					return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection reset by peer")}
				}
				return new(net.Dialer).DialContext(ctx, network, address)
			}}
			t.Cleanup(transport.CloseIdleConnections)
			client := staticClient(t, server.URL, quick, nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
			require.NoError(t, client.Do(t.Context(), test.request, new(thing)))
			assert.EqualValues(t, 1, server.requests.Load())
		})
	}
}

// A kept-alive connection that the server has closed meanwhile costs a reading
// call nothing, and a create is not sent twice for it.
func TestStaleConnection(t *testing.T) {
	t.Parallel()
	server := newCountingServer(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, thingAnswer)
	})
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client := staticClient(t, server.URL, nhncloud.WithRetry(nhncloud.NoRetry), nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
	for range 20 {
		require.NoError(t, client.Do(t.Context(), getRequest(), new(thing)))
		server.CloseClientConnections()
	}
	assert.EqualValues(t, 20, server.requests.Load())
	for range 20 {
		before := server.requests.Load()
		err := client.Do(t.Context(), createRequest(), new(thing))
		if err != nil {
			require.ErrorIs(t, err, nhncloud.ErrUnavailable)
		}
		assert.LessOrEqual(t, server.requests.Load()-before, int64(1))
		server.CloseClientConnections()
	}
}

// The http.Client of the caller is used as it is and not changed.
func TestCallersHTTPClient(t *testing.T) {
	t.Parallel()
	server := newCountingServer(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1"})
		_, _ = io.WriteString(w, thingAnswer)
	})
	var proxied atomic.Int64
	transport := &http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
		proxied.Add(1)
		return url.Parse(server.URL)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	jar := &recordingJar{}
	hc := &http.Client{Transport: transport, Jar: jar, Timeout: time.Minute}
	before := *hc
	client := staticClient(t, "http://127.0.0.1:1", nhncloud.WithHTTPClient(hc)) // reached through the proxy alone
	require.NoError(t, client.Do(t.Context(), getRequest(), new(thing)))
	assert.EqualValues(t, 1, proxied.Load())
	assert.EqualValues(t, 1, jar.set.Load())
	assert.Same(t, before.Transport, hc.Transport)
	assert.Nil(t, hc.CheckRedirect)

	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(slow.Close)
	client = staticClient(t, slow.URL, nhncloud.WithRetry(nhncloud.NoRetry), nhncloud.WithHTTPClient(&http.Client{Timeout: time.Millisecond}))
	err := client.Do(t.Context(), getRequest(), new(thing))
	require.ErrorIs(t, err, nhncloud.ErrUnavailable)
	assert.NoError(t, t.Context().Err())
	client.CloseIdleConnections()
}

type recordingJar struct{ set atomic.Int64 }

func (j *recordingJar) SetCookies(*url.URL, []*http.Cookie) { j.set.Add(1) }
func (j *recordingJar) Cookies(*url.URL) []*http.Cookie     { return nil }

func TestMiddlewareOrder(t *testing.T) {
	t.Parallel()
	var order []string
	named := func(name string) nhncloud.Middleware {
		return func(next http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				order = append(order, name)
				r = r.Clone(r.Context())
				r.Header.Add("X-Seen-By", name)
				return next.RoundTrip(r)
			})
		}
	}
	client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithMiddleware(named("a"), named("b"))}, func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, []string{"a", "b", "c"}, r.Header.Values("X-Seen-By"))
		return answer(200, thingAnswer)(r)
	})
	derived, err := client.With(nhncloud.WithMiddleware(named("c")))
	require.NoError(t, err)
	require.NoError(t, derived.Do(t.Context(), getRequest(), new(thing)))
	assert.Equal(t, []string{"a", "b", "c"}, order)
}

// Each attempt and each call is logged at debug, without secrets.
func TestLogging(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client, _ := scriptClient(t,
		[]nhncloud.Option{nhncloud.WithLogger(logger), nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond})},
		answer(500, "", "X-Openstack-Request-Id", "req-1"), fails(errors.New("broken")), answer(404, "{}", "X-Openstack-Request-Id", "req-3"))
	request := getRequest()
	request.Query = url.Values{"temp_url_sig": {"my-signature"}}
	require.Error(t, client.Do(t.Context(), request, new(thing)))

	var events []map[string]any
	for line := range strings.Lines(out.String()) {
		var event map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &event))
		assert.Equal(t, "DEBUG", event["level"])
		assert.Equal(t, "test-get", event["operation"])
		events = append(events, event)
	}
	require.Len(t, events, 4)
	assert.Equal(t, "nhncloud: attempt", events[0]["msg"])
	assert.EqualValues(t, 500, events[0]["status"])
	assert.Equal(t, "req-1", events[0]["request_id"])
	assert.EqualValues(t, 2, events[1]["attempt"])
	assert.Equal(t, "broken", events[1]["error"])
	assert.Equal(t, "nhncloud: call", events[3]["msg"])
	assert.EqualValues(t, 3, events[3]["attempts"])
	assert.Equal(t, "req-3", events[3]["error"].(map[string]any)["request_id"])
	assert.NotContains(t, out.String(), "static-token")
	assert.NotContains(t, out.String(), "my-signature")

	out.Reset()
	quiet, err := client.With(nhncloud.WithLogger(nil))
	require.NoError(t, err)
	require.Error(t, quiet.Do(t.Context(), getRequest(), nil))
	assert.Empty(t, out.String())
}

// An error of net/url that has no cause, which can't be printed, is told of in
// words of the SDK, whether there is a log or not.
func TestTransportErrorWithoutCause(t *testing.T) {
	t.Parallel()
	const want = "the transport failed without a cause"
	for name, failure := range map[string]error{
		"plain":   &url.Error{Op: "Get", URL: "https://example.com"},
		"nested":  &url.Error{Op: "Get", URL: "https://example.com", Err: new(url.Error)},
		"wrapped": fmt.Errorf("proxy: %w", new(url.Error)),
	} {
		for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo} {
			var out bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: level}))
			client, script := scriptClient(t,
				[]nhncloud.Option{nhncloud.WithLogger(logger), nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 2, BaseDelay: time.Nanosecond})},
				fails(failure), fails(failure))
			err := client.Do(t.Context(), getRequest(), new(thing))
			require.ErrorIs(t, err, nhncloud.ErrUnavailable, name)
			assert.Contains(t, err.Error(), want, name)
			assert.Equal(t, 2, script.count(), name)
			if level == slog.LevelDebug {
				assert.Equal(t, 2, strings.Count(out.String(), `"error":"`+want+`"`), "%s: %s", name, &out)
			} else {
				assert.Empty(t, out.String(), name)
			}
		}
	}
}

// A large answer that nobody wants must not be read to its end.
func TestUnwantedBodyIsNotReadForever(t *testing.T) {
	t.Parallel()
	body := &endless{}
	client, _ := scriptClient(t, nil, func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: body, ContentLength: -1}, nil
	})
	require.NoError(t, client.Do(t.Context(), getRequest(), nil))
	assert.True(t, body.closed)
	assert.LessOrEqual(t, body.read, 128<<10)
}

type endless struct {
	read   int
	closed bool
}

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

func (e *endless) Close() error {
	e.closed = true
	return nil
}

// The context ends in the middle of an answer: that is what the call fails
// with, at once.
func TestContextEndsDuringTheAnswer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, thingAnswer[:20])
		_ = http.NewResponseController(w).Flush()
		cancel()
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	err := staticClient(t, server.URL).Do(ctx, getRequest(), new(thing))
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, nhncloud.ErrBadAnswer)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, 1, e.Attempts)
}
