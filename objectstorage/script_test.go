package objectstorage_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// script is a service that answers the requests that it expects in their order,
// over real connections, and a client of it. Its tokens are token-1, token-2 and
// so on.
type script struct {
	t       *testing.T
	client  *nhncloud.Client
	objects *objectstorage.ObjectsService

	mu    sync.Mutex
	steps []http.HandlerFunc
	seen  []*arrival
}

// arrival is a request and as much of its body as was read.
type arrival struct {
	method string
	uri    string
	header http.Header
	length int64
	body   []byte
}

// quick is the default retry policy without its waits.
var quick = nhncloud.RetryPolicy{BaseDelay: time.Nanosecond, MaxDelay: time.Nanosecond, MaxRetryAfter: time.Nanosecond}

func newScript(t *testing.T, steps ...http.HandlerFunc) *script {
	t.Helper()
	s := &script{t: t, steps: steps}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	conns := newConnections()
	var err error
	s.client, err = nhncloud.NewClient(nhncloud.Config{Region: nhncloud.KR1, TenantID: "tenant"},
		nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, server.URL),
		nhncloud.WithTokenSource(new(counter)),
		nhncloud.WithHTTPClient(&http.Client{Transport: conns.transport()}),
		nhncloud.WithRetry(quick),
		nhncloud.WithMiddleware(apitest.Record),
	)
	require.NoError(t, err)
	s.objects = objectstorage.New(s.client).Objects
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		conns.none(t)
		server.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		assert.Empty(t, s.steps, "requests that were expected but not sent")
	})
	return s
}

// counter issues tokens.
type counter struct{ n atomic.Int32 }

func (c *counter) Token(context.Context, nhncloud.Scope) (*nhncloud.Token, error) {
	return &nhncloud.Token{ID: nhncloud.Secret(fmt.Sprintf("token-%d", c.n.Add(1)))}, nil
}

func (s *script) serve(w http.ResponseWriter, r *http.Request) {
	a := &arrival{method: r.Method, uri: r.RequestURI, header: r.Header, length: r.ContentLength}
	s.mu.Lock()
	s.seen = append(s.seen, a)
	if len(s.steps) == 0 {
		s.mu.Unlock()
		s.t.Errorf("unexpected request: %s %s", r.Method, r.RequestURI)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	step := s.steps[0]
	s.steps = s.steps[1:]
	s.mu.Unlock()
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r.Body, &tape{s, a}), r.Body}
	step(w, r)
}

// tape keeps what was read of a body.
type tape struct {
	script  *script
	arrival *arrival
}

func (t *tape) Write(p []byte) (int, error) {
	t.script.mu.Lock()
	defer t.script.mu.Unlock()
	t.arrival.body = append(t.arrival.body, p...)
	return len(p), nil
}

// arrivals are the requests up to now.
func (s *script) arrivals() []arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]arrival, len(s.seen))
	for i, a := range s.seen {
		list[i] = *a
		list[i].body = append([]byte(nil), a.body...)
	}
	return list
}

// arrival is the only request, or the last one of so many.
func (s *script) arrival(count int) arrival {
	s.t.Helper()
	list := s.arrivals()
	require.Len(s.t, list, count)
	return list[count-1]
}

// lines are the methods and paths of the requests, with their token.
func (s *script) lines() []string {
	var lines []string
	for _, a := range s.arrivals() {
		lines = append(lines, a.method+" "+strings.TrimPrefix(a.uri, "/v1/AUTH_tenant")+" "+a.header.Get("X-Auth-Token"))
	}
	return lines
}

// fields are names and values of header fields in turn.
type fields []string

func (f fields) set(h http.Header) {
	for i := 0; i < len(f); i += 2 {
		h.Set(f[i], f[i+1])
	}
}

// early answers without a look at the body of the request.
func early(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		fields(header).set(w.Header())
		if w.Header().Get("Content-Length") == "" {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// reply answers when the request was read.
func reply(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		early(status, body, header...)(w, r)
	}
}

// keeps answers as the service does when it has stored what came.
func keeps(header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // it was not whole
		}
		early(http.StatusCreated, "", append([]string{"ETag", digestOf(body), "Last-Modified", "Sun, 01 Mar 2026 12:00:01 GMT"}, header...)...)(w, r)
	}
}

// cutOff reads so many bytes and resets the connection.
func cutOff(after int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.CopyN(io.Discard, r.Body, after)
		resetConn(w)
	}
}

// lost reads the request and resets the connection in place of an answer.
func lost(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	resetConn(w)
}

// html is an error of the service.
func html(status int, text string) http.HandlerFunc {
	return reply(status, "<html><h1>"+text+"</h1><p>Sorry.</p></html>", "Content-Type", "text/html; charset=UTF-8", "X-Trans-Id", "tx123", "X-Openstack-Request-Id", "tx123")
}

// fixture returns a header of testdata.
func fixture(t *testing.T, name string) http.Header {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	if rest, isAnswer := strings.CutPrefix(string(text), "HTTP/1.1 "); isAnswer {
		_, rest, _ = strings.Cut(rest, "\n")
		text = []byte(rest)
	}
	header, err := textproto.NewReader(bufio.NewReader(strings.NewReader(string(text) + "\n"))).ReadMIMEHeader()
	require.NoError(t, err)
	return http.Header(header)
}

// flat makes names and values in turn of a header.
func flat(h http.Header) fields {
	var list fields
	for name, values := range h {
		list = append(list, name, values[0])
	}
	return list
}

// documented asserts that a request has the documented header.
func documented(t *testing.T, fixtureName string, got http.Header) {
	t.Helper()
	for name, values := range fixture(t, fixtureName) {
		if name != "X-Auth-Token" {
			assert.Equal(t, values, got[name], name)
		}
	}
}

// kinds are the failures that the service answers with, and what they are.
var kinds = map[int]error{
	304: nhncloud.ErrNotModified, 400: nhncloud.ErrInvalidArgument, 403: nhncloud.ErrForbidden, 404: nhncloud.ErrNotFound,
	409: nhncloud.ErrConflict, 412: nhncloud.ErrPreconditionFailed, 413: nhncloud.ErrTooLarge, 416: nhncloud.ErrRangeNotSatisfiable,
	422: nhncloud.ErrInvalidArgument, 429: nhncloud.ErrRateLimited, 498: nhncloud.ErrRateLimited, 500: nhncloud.ErrServerFault,
	503: nhncloud.ErrUnavailable, 507: nhncloud.ErrServerFault,
}

// failing runs a call whose one request fails through all that the service, the
// connection and the context may do. The call has to return nothing but its
// error.
func failing(t *testing.T, operation, line string, call func(ctx context.Context, objects *objectstorage.ObjectsService) (any, error)) {
	t.Helper()
	method, _, _ := strings.Cut(line, " ")
	fail := func(t *testing.T, step http.HandlerFunc) *nhncloud.Error {
		t.Helper()
		s := newScript(t, step)
		got, err := call(nhncloud.ContextWithRetry(t.Context(), nhncloud.NoRetry), s.objects)
		assert.Nil(t, got)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, operation, e.Operation)
		assert.Equal(t, method, e.Method)
		assert.Equal(t, 1, e.Attempts)
		assert.Equal(t, []string{line + " token-1"}, s.lines())
		assert.NotContains(t, err.Error(), "token-1")
		return e
	}
	for status, kind := range kinds {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			announced := false
			refuse := html(status, "Not <b>so</b>")
			e := fail(t, func(w http.ResponseWriter, r *http.Request) {
				announced = r.Method == http.MethodPut && r.Header.Get("ETag") != ""
				refuse(w, r)
			})
			if status == http.StatusUnprocessableEntity && announced {
				kind = nhncloud.ErrChecksumMismatch
			}
			assert.ErrorIs(t, e, kind)
			assert.Equal(t, status, e.StatusCode)
			assert.Equal(t, "tx123", e.RequestID)
			if method != http.MethodHead && status != http.StatusNotModified {
				assert.Equal(t, "Not so Sorry.", e.Message)
			}
		})
	}
	t.Run("text", func(t *testing.T) {
		t.Parallel()
		text, err := os.ReadFile(filepath.Join("testdata", "objectstorage-put-object.409.response.txt"))
		require.NoError(t, err)
		e := fail(t, reply(http.StatusConflict, strings.TrimSpace(string(text)), flat(fixture(t, "objectstorage-put-object.409.response.headers.txt"))...))
		assert.ErrorIs(t, e, nhncloud.ErrConflict)
		assert.Equal(t, "txddeb34d60f7f4b43a8b2a-0065b8b134", e.RequestID)
		if method != http.MethodHead {
			assert.Equal(t, strings.TrimSpace(string(text)), e.Message)
		}
	})
	t.Run("reset", func(t *testing.T) {
		t.Parallel()
		e := fail(t, lost)
		assert.ErrorIs(t, e, nhncloud.ErrUnavailable)
		assert.Zero(t, e.StatusCode)
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got, err := call(ctx, newScript(t).objects)
		assert.Nil(t, got)
		assert.ErrorIs(t, err, context.Canceled)
	})
}

// refusing checks that a call refuses an argument before it sends anything.
func refusing(t *testing.T, operation, field string, call func(ctx context.Context, objects *objectstorage.ObjectsService) error) {
	t.Helper()
	apitest.Refused(t, operation, field, func(ctx context.Context, client *nhncloud.Client) error {
		return call(ctx, objectstorage.New(client).Objects)
	})
}

// badContainers and badObjects are names that can't be.
var (
	badContainers = map[string]string{
		"empty": "", "slash": "a/b", "dots": "..", "dot": ".", "newline": "a\nb", "not UTF-8": "a\xff",
		"257 bytes": strings.Repeat("x", 257), "258 bytes in 86 letters": strings.Repeat("한", 86),
	}
	badObjects = map[string]string{
		"empty": "", "dots": "..", "leading dots": "../a", "inner dots": "a/../b", "last dot": "a/.", "not UTF-8": "a\xff",
		"1025 bytes": strings.Repeat("x", 1025), "1026 bytes in 342 letters": strings.Repeat("한", 342),
	}
)

// refusingNames checks that a call refuses names that can't be.
func refusingNames(t *testing.T, operation, containerField, objectField string, call func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error) {
	t.Helper()
	for field, bad := range map[string]map[string]string{containerField: badContainers, objectField: badObjects} {
		for how, name := range bad {
			t.Run("refused "+field+" "+how, func(t *testing.T) {
				t.Parallel()
				refusing(t, operation, field, func(ctx context.Context, objects *objectstorage.ObjectsService) error {
					if field == containerField {
						return call(ctx, objects, name, "a.txt")
					}
					return call(ctx, objects, "photos", name)
				})
			})
		}
	}
}

// errBroken is what broken sources fail with.
var errBroken = errors.New("disk on fire")
