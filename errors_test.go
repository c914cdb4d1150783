package nhncloud_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

func asError(t *testing.T, err error) *nhncloud.Error {
	t.Helper()
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	return e
}

// failure sends a request that is answered so, and returns what it fails with.
func failure(t *testing.T, status int, body string, header ...string) *nhncloud.Error {
	t.Helper()
	client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, answer(status, body, header...))
	e := asError(t, client.Do(t.Context(), createRequest(), nil))
	assert.Equal(t, 1, sent.count(), "after 401 too, because the fixed token is all there is")
	return e
}

// endlessBody is as long as its reader wants.
type endlessBody struct{ read atomic.Int64 }

func (b *endlessBody) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	b.read.Add(int64(len(p)))
	return len(p), nil
}

func (b *endlessBody) Close() error { return nil }

func TestHugeErrors(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"text":         strings.Repeat("long ", 2<<20),
		"one word":     strings.Repeat("한", 4<<20),
		"JSON":         `{"badRequest": {"code": 400, "message": "` + strings.Repeat("x", 10<<20) + `"}}`,
		"JSON, parsed": `{"NeutronError": {"type": "` + strings.Repeat("T", 10<<10) + `", "message": "` + strings.Repeat("한글", 1<<10) + `"}}`,
		"nested":       strings.Repeat(`{"a":`, 30<<10),
		"HTML":         "<html>" + strings.Repeat("<p>word</p>", 1<<20),
		"open tags":    strings.Repeat("<", 10<<20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := failure(t, 400, body)
			assertReadable(t, e)
			assert.NotEmpty(t, e.Message)
			assert.LessOrEqual(t, len(e.Error()), 2000)
			if name == "JSON, parsed" {
				assert.True(t, strings.HasPrefix(e.Message, "한글한글"))
				assert.True(t, strings.HasSuffix(e.Message, "…"))
			}
		})
	}
	t.Run("endless", func(t *testing.T) {
		t.Parallel()
		body := new(endlessBody)
		client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 500, Body: body, Header: http.Header{}, ContentLength: -1, Request: r}, nil
		})
		assertReadable(t, asError(t, client.Do(t.Context(), getRequest(), nil)))
		assert.LessOrEqual(t, body.read.Load(), int64(2<<20))
	})
	t.Run("broken off", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(http.StatusConflict)
			_, _ = io.WriteString(w, `{"conflictingRequest": {"message": "half`)
		}))
		defer server.Close()
		client := staticClient(t, server.URL, nhncloud.WithRetry(nhncloud.NoRetry))
		defer client.CloseIdleConnections()
		e := asError(t, client.Do(t.Context(), getRequest(), nil))
		assertKind(t, nhncloud.ErrConflict, e)
		assert.Contains(t, e.Message, "half")
	})
}

// What a service repeats of a request must not end up in a log.
func TestErrorsHideSecrets(t *testing.T) {
	t.Parallel()
	const token, password = "TOKEN-" + marker, "PASSWORD-" + marker
	bodies := map[string]string{
		"token":             `{"badRequest": {"message": "Token ` + token + ` is not good (` + token + `)"}}`,
		"password":          `<h1>Sorry</h1><p>` + password + `</p>`,
		"JSON":              `{"server": {"user_data": "` + marker + `", "adminPass":"` + marker + `", "name": "shown"}}`,
		"key pair":          `{"keypair": {"private_key": "-----BEGIN\n` + marker + ` \"` + marker + `\"", "name": "shown"}}`,
		"other members":     `{"secret": "` + marker + `", "SECRET_KEY" : "` + marker + `", "config": "` + marker + `", "password": "` + marker + `", "token": "` + marker + `", "X-Auth-Token": "` + marker + `", "name": "shown"}`,
		"Python":            `{"badRequest": {"message": "Invalid input. Value: {'name': 'shown', 'user_data': '` + marker + `', u'adminPass': u'` + marker + `', 'private_key': \"` + marker + `\"}."}}`,
		"Python, quotes":    `Value: {'user_data': 'it\'s ` + marker + `', 'name': 'shown'}`,
		"JSON in JSON":      `{"message": "{\"user_data\": \"` + marker + `\\n` + marker + `\", \"name\": \"shown\"}"}`,
		"broken off":        `{"name": "shown", "user_data": "` + strings.Repeat("A", 100) + marker,
		"broken off Python": `{'name': 'shown', 'user_data': '` + marker,
		"after a megabyte":  `{"name": "shown"}` + strings.Repeat(" ", 1<<20) + token,
		"beyond 16 KiB":     `{"name": "shown"}` + strings.Repeat(" ", 16<<10-20) + token,
	}
	for _, status := range []int{400, 200} {
		for name, body := range bodies {
			t.Run(fmt.Sprint(status, " ", name), func(t *testing.T) {
				t.Parallel()
				config := goodConfig()
				config.Password = password
				var log bytes.Buffer
				client, err := nhncloud.NewClient(config, nhncloud.WithTokenSource(nhncloud.StaticToken(token)), nhncloud.WithRetry(nhncloud.NoRetry),
					nhncloud.WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
					nhncloud.WithHTTPClient(&http.Client{Transport: nhncloud.RoundTripperFunc(answer(status, body,
						"Set-Cookie", "session="+marker, "X-Subject-Token", marker, "X-Auth-Token", marker, "X-Storage-Token", marker, "Authorization", "Basic "+marker, "X-Other", "shown"))}))
				require.NoError(t, err)
				request := getRequest()
				request.Query = url.Values{"temp_url_sig": {marker}, "limit": {"5"}}
				err = client.Do(t.Context(), request, &struct{ X chan int }{})
				e := asError(t, err)
				assertHidden(t, e, marker)
				assertHidden(t, fmt.Errorf("wrapped: %w", err), marker)
				assertHidden(t, e.Header, marker)
				assertHidden(t, string(e.Body), marker)
				assert.NotContains(t, log.String(), marker)
				assert.Equal(t, "shown", e.Header.Get("X-Other"))
				assert.Equal(t, "[REDACTED]", e.Header.Get("Set-Cookie"))
				assert.Contains(t, e.URL, "limit=5")
				if strings.Contains(body, "shown") && status == 400 {
					assert.Contains(t, string(e.Body), "shown", "what is no secret stays")
				}
			})
		}
	}
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection reset")
	for _, test := range []struct {
		err  *nhncloud.Error
		text string
		log  string // JSON
	}{
		{&nhncloud.Error{}, "nhncloud: failed", `{}`},
		{&nhncloud.Error{Operation: "op"}, "nhncloud: op: failed", `{"operation": "op"}`},
		{
			nhncloud.NewArgumentError("op", "id", "must not be empty"), "nhncloud: op: id must not be empty",
			`{"operation": "op", "field": "id", "message": "must not be empty"}`,
		},
		{
			&nhncloud.Error{Field: "Body", Message: "can't be encoded as JSON", Err: cause}, "nhncloud: Body can't be encoded as JSON: connection reset",
			`{"field": "Body", "message": "can't be encoded as JSON", "cause": "connection reset"}`,
		},
		{
			&nhncloud.Error{
				Operation: "op", Method: "GET", URL: "https://x/y", StatusCode: 404, Code: "itemNotFound", Message: "no such thing", RequestID: "req-1",
				Attempts: 1, RetryAfter: 2 * time.Second, Header: http.Header{"A": {"b"}}, Body: []byte("body"),
			},
			"nhncloud: op: 404 Not Found (itemNotFound): no such thing [GET https://x/y, request id req-1]",
			`{"operation": "op", "method": "GET", "url": "https://x/y", "status": 404, "code": "itemNotFound", "message": "no such thing", "request_id": "req-1", "attempts": 1, "retry_after": 2000000000}`,
		},
		{
			&nhncloud.Error{Operation: "op", Method: "PUT", URL: "https://x/y", Attempts: 4, Err: cause, Note: "not repeated, because"},
			"nhncloud: op: connection reset; not repeated, because [PUT https://x/y, 4 attempts]",
			`{"operation": "op", "method": "PUT", "url": "https://x/y", "attempts": 4, "note": "not repeated, because", "cause": "connection reset"}`,
		},
		{
			&nhncloud.Error{StatusCode: 401, Message: "Log in.", Note: "the password"}, "nhncloud: 401 Unauthorized: Log in; the password",
			`{"status": 401, "message": "Log in.", "note": "the password"}`,
		},
		{
			&nhncloud.Error{Message: "cut…", Note: "not repeated"}, "nhncloud: cut…; not repeated", `{"message": "cut…", "note": "not repeated"}`,
		},
		{
			&nhncloud.Error{StatusCode: 498, Message: "Slow down"}, "nhncloud: 498: Slow down", `{"status": 498, "message": "Slow down"}`,
		},
		{
			&nhncloud.Error{StatusCode: 200, ResultCode: -5, Message: "FAIL"}, "nhncloud: resultCode -5: FAIL", `{"status": 200, "result_code": -5, "message": "FAIL"}`,
		},
		{
			&nhncloud.Error{StatusCode: 503, Message: "busy", Err: cause}, "nhncloud: 503 Service Unavailable: busy: connection reset", `{"status": 503, "message": "busy", "cause": "connection reset"}`,
		},
	} {
		assert.Equal(t, test.text, test.err.Error())
		var out bytes.Buffer
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "error", test.err)
		var event struct {
			Error json.RawMessage `json:"error"`
		}
		require.NoError(t, json.Unmarshal(out.Bytes(), &event))
		if len(event.Error) == 0 {
			event.Error = []byte("{}") // a handler leaves an empty group out
		}
		assert.JSONEq(t, test.log, string(event.Error))
		assert.Equal(t, test.err.Err, errors.Unwrap(test.err))
		if test.err.Err != nil {
			require.ErrorIs(t, test.err, cause)
		}
	}
}

// The id under which the service knows the request, and how long it asks to wait.
func TestErrorHeaders(t *testing.T) {
	t.Parallel()
	const openstack, compute, swift, other = "X-Openstack-Request-Id", "X-Compute-Request-Id", "X-Trans-Id", "X-Request-Id"
	for _, test := range []struct {
		header []string
		want   string
	}{
		{nil, ""},
		{[]string{openstack, "a", compute, "b", swift, "c", other, "d"}, "a"},
		{[]string{compute, "b", swift, "c", other, "d"}, "b"},
		{[]string{swift, "c", other, "d"}, "c"},
		{[]string{other, "d"}, "d"},
	} {
		assert.Equal(t, test.want, failure(t, 400, "", test.header...).RequestID)
	}
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "1.5": 1500 * time.Millisecond, "-1": 0, "soon": 0, "NaN": 0, "Inf": 0, "1e300": 0,
		"Sat, 01 Jan 2000 00:00:00 GMT": 0,
	} {
		assert.Equal(t, want, failure(t, 429, "", "Retry-After", value).RetryAfter, value)
	}
	inAnHour := failure(t, 503, "", "Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)).RetryAfter
	assert.InDelta(t, time.Hour, inAnHour, float64(time.Minute))
	assert.NotNil(t, failure(t, 503, "").Header, "an answer has a header")
}

func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{
		"", "text", "<html><title>x</title><br>", `{"badRequest": {"code": 400, "message": "x"}}`, `{"error": {"code": 401, "title": "t", "message": "m"}}`,
		`{"error": "x", "code": 1}`, `{"errors": [{"code": "c", "title": "t"}]}`, `{"faultcode": "a", "faultstring": "b"}`, `{"NeutronError": {"type": "a"}}`,
		`{"user_data": "x`, `{'adminPass': u'x'}`, `{"header": {"isSuccessful": false, "resultCode": -1}}`, "\xff\x00<", `{"a":{"message":"<br>\u2028"}}`, "&#x85;&#27;<p>",
	} {
		f.Add([]byte(seed), uint16(404))
		f.Add([]byte(seed), uint16(200))
	}
	f.Fuzz(func(t *testing.T, body []byte, status uint16) {
		code := 200 + int(status)%400
		for _, request := range []nhncloud.Request{getRequest(), v1Request()} {
			client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, answer(code, string(body)))
			err := client.Do(t.Context(), request, new(thing))
			if err == nil {
				assert.Less(t, code, 300)
				continue
			}
			e := asError(t, err)
			assert.Equal(t, code, e.StatusCode)
			assert.LessOrEqual(t, len(e.Body), 16<<10)
			for _, text := range []string{e.Message, e.Code} {
				assert.True(t, utf8.ValidString(text), "%q", text)
				assert.NotContains(t, text, "\n")
				if code >= 300 {
					assert.LessOrEqual(t, len(text), 500+len("…"))
				}
			}
			_ = e.LogValue()
			if code >= 300 {
				assertReadableLine(t, e.Error())
			}
		}
	})
}

func assertReadableLine(t *testing.T, text string) {
	t.Helper()
	assert.True(t, utf8.ValidString(text), "%q", text)
	assert.False(t, strings.ContainsFunc(text, unicode.IsControl), "%q", text)
}
