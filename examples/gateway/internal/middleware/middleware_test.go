package middleware_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/middleware"
)

// get sends a request through middleware.
func get(handler http.HandlerFunc, headers map[string]string, all ...middleware.Middleware) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/api/nhn/vpc/", nil)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	middleware.Chain(handler, all...).ServeHTTP(recorder, r)
	return recorder
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	ask := func(headers map[string]string) (seen, answered string) {
		answer := get(func(_ http.ResponseWriter, r *http.Request) { seen = middleware.RequestID(r.Context()) }, headers, middleware.WithRequestID)
		return seen, answer.Header().Get("X-Request-Id")
	}
	for _, id := range []string{"a", "req-7.b_C", strings.Repeat("x", 64)} {
		seen, answered := ask(map[string]string{"X-Request-Id": id})
		assert.Equal(t, id, seen)
		assert.Equal(t, id, answered)
	}
	first, _ := ask(nil)
	for _, id := range []string{"", "a b", "a\"b", "<script>", "번호", strings.Repeat("x", 65), "my-token", "a-my-token"} {
		seen, answered := ask(map[string]string{"X-Request-Id": id, "X-NHN-Token": "my-token"})
		assert.NotEqual(t, id, seen)
		assert.Equal(t, seen, answered)
		assert.NotEqual(t, first, seen)
		assert.GreaterOrEqual(t, len(seen), 20)
	}
	assert.Empty(t, middleware.RequestID(context.Background()))
}

func TestLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&out, nil))
	handler := func(w http.ResponseWriter, r *http.Request) {
		middleware.NoteFailure(r.Context(), "it broke")
		w.WriteHeader(http.StatusInternalServerError)
		w.WriteHeader(http.StatusOK)
		io.WriteString(w, "four")
	}
	get(handler, map[string]string{"X-Request-Id": "id-1", "X-NHN-Region": "kr1", "X-NHN-Token": "vpc"}, middleware.WithRequestID, middleware.WithLog(logger))
	for _, want := range []string{
		`"level":"ERROR"`, `"request_id":"id-1"`, `"method":"GET"`, `"path":"/api/nhn/[REDACTED]/"`, `"status":500`, `"bytes":4`, `"region":"kr1"`, `"error":"it broke"`, `"ms":`,
	} {
		assert.Contains(t, out.String(), want)
	}
	out.Reset()
	get(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "four") }, map[string]string{"X-NHN-Region": "elsewhere"},
		middleware.WithLog(slog.New(slog.NewJSONHandler(&out, nil))))
	assert.Contains(t, out.String(), `"level":"INFO"`)
	assert.Contains(t, out.String(), `"status":200`)
	assert.NotContains(t, out.String(), "elsewhere")
	out.Reset()
	get(func(w http.ResponseWriter, _ *http.Request) {}, nil, middleware.WithLog(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelError}))))
	assert.Empty(t, out.String())
}

func TestRecover(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	with := middleware.WithRecover(slog.New(slog.NewJSONHandler(&out, nil)), func(w http.ResponseWriter) { w.WriteHeader(http.StatusTeapot) })
	answer := get(func(http.ResponseWriter, *http.Request) { panic("with my-token in it") }, map[string]string{"X-NHN-Token": "my-token"}, with)
	assert.Equal(t, http.StatusTeapot, answer.Code)
	assert.Contains(t, out.String(), "with [REDACTED] in it")
	assert.Contains(t, out.String(), "middleware_test.go")
	assert.NotContains(t, out.String(), "my-token")

	assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
		get(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, nil, with)
	})
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
		get(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "half"); panic("late") }, nil, with)
	})
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	var left time.Duration
	get(func(_ http.ResponseWriter, r *http.Request) {
		deadline, ok := r.Context().Deadline()
		assert.True(t, ok)
		left = time.Until(deadline)
	}, nil, middleware.WithTimeout(time.Minute))
	assert.InDelta(t, time.Minute, left, float64(10*time.Second))
}

func TestCORS(t *testing.T) {
	t.Parallel()
	const ours, theirs = "https://app.example.com", "https://evil.example.com"
	preflight := func(cors middleware.Middleware, origin string) http.Header {
		r := httptest.NewRequest("OPTIONS", "/api/nhn/vpc/create/", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "DELETE")
		r.Header.Set("Access-Control-Request-Headers", "content-type,prefer,x-nhn-region,x-nhn-storage-account,x-nhn-tenant-id,x-nhn-token,x-request-id")
		recorder := httptest.NewRecorder()
		cors(http.NotFoundHandler()).ServeHTTP(recorder, r)
		return recorder.Header()
	}
	cors, err := middleware.WithCORS([]string{ours, "http://localhost:3000"})
	require.NoError(t, err)
	allowed := preflight(cors, ours)
	assert.Equal(t, ours, allowed.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "DELETE", allowed.Get("Access-Control-Allow-Methods"))
	assert.Contains(t, allowed.Get("Access-Control-Allow-Headers"), "x-nhn-token")
	assert.Empty(t, allowed.Get("Access-Control-Allow-Credentials"))
	assert.Contains(t, allowed.Values("Vary")[0], "Origin")
	assert.Empty(t, preflight(cors, theirs).Get("Access-Control-Allow-Origin"))
	assert.Empty(t, preflight(cors, theirs).Get("Access-Control-Allow-Headers"))

	nothing := func(http.ResponseWriter, *http.Request) {}
	answer := get(nothing, map[string]string{"Origin": ours}, cors).Header()
	assert.Equal(t, ours, answer.Get("Access-Control-Allow-Origin"))
	assert.Contains(t, answer.Get("Access-Control-Expose-Headers"), "Location")
	assert.Contains(t, answer.Get("Access-Control-Expose-Headers"), "X-Request-Id")
	assert.Empty(t, get(nothing, map[string]string{"Origin": theirs}, cors).Header().Get("Access-Control-Allow-Origin"))

	none, err := middleware.WithCORS(nil)
	require.NoError(t, err)
	assert.Empty(t, preflight(none, ours).Get("Access-Control-Allow-Origin"))
	all, err := middleware.WithCORS([]string{"*"})
	require.NoError(t, err)
	assert.Equal(t, "*", preflight(all, theirs).Get("Access-Control-Allow-Origin"))
	assert.Empty(t, preflight(all, theirs).Get("Access-Control-Allow-Credentials"))

	for _, origin := range []string{"", "app.example.com", "https://app.example.com/", "https://*.example.com", "ftp://a", "https://App.example.com", "https://a b", "null"} {
		_, err := middleware.WithCORS([]string{ours, origin})
		assert.ErrorContains(t, err, "is no origin", origin)
	}
}
