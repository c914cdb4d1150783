package nhncloud_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// deleteRequest is a call without an answer.
func deleteRequest() nhncloud.Request {
	r := getRequest()
	r.Operation, r.Method, r.ResponseKey = "test-delete", http.MethodDelete, ""
	return r
}

// What is no answer of the service is no success, also where nothing has to be
// read from it.
func TestNoSuccess(t *testing.T) {
	t.Parallel()
	const page = "<html>log in here</html>"
	documented := deleteRequest()
	documented.SuccessCodes = []int{204}
	storage := deleteRequest()
	storage.Service = nhncloud.ServiceObjectStorage
	storage.Path = "/v1/{Account}/{Container}"
	for name, test := range map[string]struct {
		request nhncloud.Request
		answer  step
		ok      bool
	}{
		"nothing":                     {deleteRequest(), answer(204, ""), true},
		"accepted":                    {deleteRequest(), answer(202, ""), true},
		"JSON":                        {deleteRequest(), answer(200, "{}", "Content-Type", "application/json"), true},
		"page":                        {deleteRequest(), answer(200, page, "Content-Type", "text/html; charset=utf-8"), false},
		"page that calls itself JSON": {deleteRequest(), answer(200, " \n"+page, "Content-Type", "application/json"), false},
		"no HTTP that there is": {deleteRequest(), func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 204, ProtoMajor: 9, ProtoMinor: 9, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
		}, false},
		"page, capitals":           {actionRequest(), answer(202, page, "Content-Type", "Text/HTML"), false},
		"an empty page":            {deleteRequest(), answer(202, "", "Content-Type", "text/html; charset=UTF-8"), true},
		"partial":                  {deleteRequest(), answer(206, ""), false},
		"reset content":            {deleteRequest(), answer(205, ""), false},
		"documented":               {documented, answer(204, ""), true},
		"not documented":           {documented, answer(200, ""), false},
		"object storage has pages": {storage, answer(202, "<html><h1>Accepted</h1></html>", "Content-Type", "text/html; charset=UTF-8"), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, sent := scriptClient(t, nil, test.answer)
			if test.request.Service == nhncloud.ServiceObjectStorage {
				var err error
				client, err = client.With(nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, "https://storage.example.com/v1"))
				require.NoError(t, err)
			}
			err := client.Do(t.Context(), test.request, nil)
			assert.Equal(t, 1, sent.count())
			if test.ok {
				require.NoError(t, err)
				return
			}
			assertKind(t, nhncloud.ErrBadAnswer, asError(t, err))
		})
	}
}

func TestOpenSuccess(t *testing.T) {
	t.Parallel()
	for status, ok := range map[int]bool{200: true, 206: true, 204: true, 207: false, 226: false} {
		client, _ := scriptClient(t, nil, answer(status, "content"))
		resp, err := client.Open(t.Context(), getRequest())
		if !ok {
			assertKind(t, nhncloud.ErrBadAnswer, asError(t, err))
			continue
		}
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
	}
}

// stuck answers by hand, and then leaves the connection open until the test is
// over.
func stuck(t *testing.T, write func(net.Conn, <-chan struct{})) string {
	t.Helper()
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		write(conn, over)
		<-over
		_ = conn.Close()
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	return server.URL
}

// No call outlives its context, whatever the service sends or leaves out. The
// test ends only where that is so.
func TestStuckAnswers(t *testing.T) {
	t.Parallel()
	repeat := func(text string) func(net.Conn, <-chan struct{}) {
		return func(conn net.Conn, over <-chan struct{}) {
			for {
				if _, err := io.WriteString(conn, text); err != nil {
					return
				}
				select {
				case <-over:
					return
				default:
				}
			}
		}
	}
	once := func(text string) func(net.Conn, <-chan struct{}) {
		return func(conn net.Conn, _ <-chan struct{}) { _, _ = io.WriteString(conn, text) }
	}
	for name, test := range map[string]struct {
		write func(net.Conn, <-chan struct{})
		early error // the call ends before its context, with this
	}{
		"nothing":              {write: once("")},
		"half a line":          {write: once("HTTP/1.1 20")},
		"switching protocols":  {write: once("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"), early: nhncloud.ErrBadAnswer},
		"endless 102":          {write: repeat("HTTP/1.1 102 Processing\r\n\r\n"), early: nhncloud.ErrBadAnswer},
		"endless 103":          {write: repeat("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"), early: nhncloud.ErrBadAnswer},
		"endless 100":          {write: repeat("HTTP/1.1 100 Continue\r\n\r\n"), early: nhncloud.ErrBadAnswer},
		"error body hangs":     {write: once("HTTP/1.1 404 Not Found\r\nContent-Length: 1000\r\n\r\n{")},
		"endless error body":   {early: nhncloud.ErrNotFound, write: repeat("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")},
		"answer hangs":         {write: once("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"thing\": {")},
		"what is left hangs":   {write: once("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + thingAnswer)},
		"nothing wanted hangs": {write: once("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := &http.Transport{}
			t.Cleanup(transport.CloseIdleConnections)
			client := staticClient(t, stuck(t, test.write), nhncloud.WithHTTPClient(&http.Client{Transport: transport}), nhncloud.WithRetry(nhncloud.NoRetry))
			limit := 100 * time.Millisecond
			if test.early != nil {
				limit = time.Minute
			}
			for _, request := range []nhncloud.Request{getRequest(), deleteRequest(), createRequest()} {
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				var out any
				if request.ResponseKey != "" {
					out = new(thing)
				}
				err := client.Do(ctx, request, out)
				cancel()
				switch {
				case test.early != nil:
					require.ErrorIs(t, err, test.early)
				case err != nil: // some have all that they want
					require.ErrorIs(t, err, context.DeadlineExceeded)
				}
			}
		})
	}
}

// The trace that a caller puts into the context still hears everything.
func TestCallersTrace(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		_, _ = io.WriteString(w, thingAnswer)
	}))
	t.Cleanup(server.Close)
	var connected, hints atomic.Int64
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn:        func(httptrace.GotConnInfo) { connected.Add(1) },
		Got1xxResponse: func(int, textproto.MIMEHeader) error { hints.Add(1); return nil },
	})
	require.NoError(t, staticClient(t, server.URL).Do(ctx, getRequest(), new(thing)))
	assert.EqualValues(t, 1, connected.Load())
	assert.EqualValues(t, 1, hints.Load())
}

// What a caller does wrong is borne, or reaches its own goroutine.
func TestNonsenseOfTheCaller(t *testing.T) {
	t.Parallel()
	for _, debug := range []nhncloud.Option{nil, withDebugLog()} {
		client, sent := scriptClient(t, []nhncloud.Option{debug}, func(*http.Request) (*http.Response, error) { return nil, nil })
		e := asError(t, client.Do(t.Context(), getRequest(), new(thing)))
		assertKind(t, nhncloud.ErrBadAnswer, e)
		assert.Equal(t, 1, sent.count())

		ctx, cancel := context.WithCancel(t.Context())
		returned := make(chan struct{})
		client, _ = scriptClient(t, []nhncloud.Option{debug}, func(*http.Request) (*http.Response, error) {
			cancel()
			defer close(returned)
			return nil, nil
		})
		request := createRequest()
		request.Body = nhncloud.NewBodyReader("text/plain", -1, strings.NewReader("x"))
		require.Error(t, client.Do(ctx, request, nil))
		<-returned

		client, _ = scriptClient(t, []nhncloud.Option{debug}, func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 204, Header: http.Header{}, Request: r}, nil
		})
		require.NoError(t, client.Do(t.Context(), deleteRequest(), nil), "without a body")
	}

	ctx := nhncloud.CaptureResponse(t.Context(), nil)
	client, _ := scriptClient(t, nil, answer(200, thingAnswer))
	request := getRequest()
	request.Header = http.Header{"X-Empty": {}, "Content-Type": nil, "Expect": {}}
	require.NoError(t, client.Do(ctx, request, new(thing)))
}

func TestNonsenseDelays(t *testing.T) {
	t.Parallel()
	for _, policy := range []nhncloud.RetryPolicy{
		{}, {BaseDelay: -1}, {MaxDelay: -1}, {MaxDelay: math.MaxInt64}, {BaseDelay: math.MaxInt64, MaxDelay: math.MaxInt64}, {BaseDelay: math.MaxInt64},
	} {
		for _, retries := range []int{-1, math.MinInt, 0, 29, 30, 63, 64, math.MaxInt} {
			assert.GreaterOrEqual(t, policy.Delay(retries), time.Duration(0), "%+v %d", policy, retries)
		}
	}
}

type panickingReader struct{}

func (panickingReader) Read([]byte) (int, error) { panic("on purpose") }
func (panickingReader) Close() error             { return nil }

// A reader of the caller is read in a goroutine of net/http, where a panic would
// end the process.
func TestPanicOfAReader(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	t.Cleanup(server.Close)
	for _, body := range []*nhncloud.Body{
		nhncloud.NewBodyReader("text/plain", -1, panickingReader{}),
		nhncloud.NewBody("text/plain", -1, func() (io.ReadCloser, error) { return panickingReader{}, nil }),
	} {
		request := createRequest()
		request.Body = body
		assert.PanicsWithValue(t, "on purpose", func() { _ = staticClient(t, server.URL).Do(t.Context(), request, nil) })
	}
}

func TestQuotaWords(t *testing.T) {
	t.Parallel()
	for body, status := range map[string]int{
		`{"forbidden": {"code": 403, "message": "Maximum number of ports exceeded"}}`:                                                                           403,
		`{"forbidden": {"code": 403, "message": "Maximum number of metadata items exceeds 128"}}`:                                                               403,
		`{"faultcode": "Client", "faultstring": "Quota has been met for resources: Load Balancer"}`:                                                             403,
		`{"errors": [{"status": 403, "title": "Resource limit exceeded: You have reached the maximum clusters per project"}]}`:                                  403,
		`<html><h1>Request Entity Too Large</h1><p>Upload exceeds quota.</p></html>`:                                                                            413,
		`<html><h1>413 Request Entity Too Large</h1>The limit has been exceeded on the number of allowed image properties. Attempted: 200, Maximum: 128</html>`: 413,
		`{"message": "The limit has been exceeded on the number of allowed image tags", "title": "Request Entity Too Large"}`:                                   413,
		`{"code": 403, "title": "Forbidden", "description": "Quota reached for project x. Only 1 secrets are allowed"}`:                                         403,
	} {
		assertKind(t, nhncloud.ErrQuotaExceeded, failure(t, status, body))
	}
	for body, status := range map[string]int{
		`{"forbidden": {"code": 403, "message": "Policy doesn't allow this to be performed"}}`:         403,
		`<html><h1>Request Entity Too Large</h1><p>The body of your request was too large.</p></html>`: 413,
	} {
		assert.NotErrorIs(t, failure(t, status, body), nhncloud.ErrQuotaExceeded)
	}
}

// The text of an error says nothing twice, and shows of a long URL the beginning.
func TestErrorTextsAreShort(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "nhncloud: 404 Not Found", (&nhncloud.Error{StatusCode: 404, Code: "Not Found", Message: "Not Found"}).Error())
	assert.Equal(t, "nhncloud: 404 Not Found", (&nhncloud.Error{StatusCode: 404, Code: "404 Not Found", Message: "not found."}).Error())
	assert.Equal(t, "nhncloud: 404 Not Found: The resource could not be found: the container is missing",
		(&nhncloud.Error{StatusCode: 404, Message: "The resource could not be found.", Err: errors.New("the container is missing")}).Error())
	long := (&nhncloud.Error{StatusCode: 414, Method: "GET", URL: "https://h/" + strings.Repeat("x", 9000)}).Error()
	assert.Less(t, len(long), 700)
	assert.Contains(t, long, "x…]")
	assert.Equal(t, `"nhncloud: failed"`, fmt.Sprintf("%q", &nhncloud.Error{}))
}

// withDebugLog logs everything, to nowhere.
func withDebugLog() nhncloud.Option {
	return nhncloud.WithLogger(slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug})))
}
