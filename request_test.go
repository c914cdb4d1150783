package nhncloud_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// loginFails is a token source that must not be asked.
type loginFails struct{ t *testing.T }

func (s loginFails) Token(context.Context, nhncloud.Scope) (*nhncloud.Token, error) {
	s.t.Error("a login was made")
	return nil, errors.New("a login was made")
}

// Whatever is wrong with a request is found before anything is sent.
func TestRequestsAreChecked(t *testing.T) {
	t.Parallel()
	type wide struct {
		F float64 `json:"f"`
	}
	for name, test := range map[string]struct {
		change  func(*nhncloud.Request)
		field   string
		message string
	}{
		"no service":    {func(r *nhncloud.Request) { r.Service = "" }, "Service", "must not be empty"},
		"no method":     {func(r *nhncloud.Request) { r.Method = "" }, "Method", "must not be empty"},
		"bad method":    {func(r *nhncloud.Request) { r.Method = "GET /x HTTP/1.1\r\nX: " }, "Method", `is not one: "GET /x HTTP/1.1\r\nX: "`},
		"no path":       {func(r *nhncloud.Request) { r.Path = "" }, "Path", "must begin with a slash"},
		"relative path": {func(r *nhncloud.Request) { r.Path = "v2/{tenantId}/things/{thingId}" }, "Path", "must begin with a slash"},
		"URL":           {func(r *nhncloud.Request) { r.Path = "https://evil.example.com/{thingId}" }, "Path", "must begin with a slash"},
		"open brace":    {func(r *nhncloud.Request) { r.Path = "/v2/things/{thingId" }, "Path", "has a { without a }"},

		"no argument":       {func(r *nhncloud.Request) { r.Args = nil }, "thingId", "has no value"},
		"too few arguments": {func(r *nhncloud.Request) { r.Path += "/{otherId}" }, "otherId", "has no value"},
		"too many":          {func(r *nhncloud.Request) { r.Args = []string{"a", "b"} }, "Args", "has more values than the path has placeholders"},
		"arguments only":    {func(r *nhncloud.Request) { r.Path = "/v2/things" }, "Args", "has more values than the path has placeholders"},
		"empty":             {func(r *nhncloud.Request) { r.Args = []string{""} }, "thingId", "must not be empty"},
		"dot":               {func(r *nhncloud.Request) { r.Args = []string{"."} }, "thingId", `must not be "."`},
		"dots":              {func(r *nhncloud.Request) { r.Args = []string{".."} }, "thingId", `must not be ".."`},
		"slash":             {func(r *nhncloud.Request) { r.Args = []string{"a/b"} }, "thingId", `must not have a slash: "a/b"`},
		"only a slash":      {func(r *nhncloud.Request) { r.Args = []string{"/"} }, "thingId", `must not have a slash: "/"`},
		"newline":           {func(r *nhncloud.Request) { r.Args = []string{"a\nb"} }, "thingId", `must not have a control character: "a\nb"`},
		"NUL":               {func(r *nhncloud.Request) { r.Args = []string{"a\x00"} }, "thingId", `must not have a control character: "a\x00"`},
		"tab":               {func(r *nhncloud.Request) { r.Args = []string{"\t"} }, "thingId", `must not have a control character: "\t"`},
		"DEL":               {func(r *nhncloud.Request) { r.Args = []string{"\x7f"} }, "thingId", `must not have a control character: "\x7f"`},
		"C1":                {func(r *nhncloud.Request) { r.Args = []string{"\u009b"} }, "thingId", `must not have a control character: "\u009b"`},
		"long":              {func(r *nhncloud.Request) { r.Args = []string{strings.Repeat("한", 1000) + "/"} }, "thingId", "must not have a slash: \"\\ud55c"},

		"segments, empty":  {segments(""), "Object", "must not be empty"},
		"segments, dot":    {segments("a/./b"), "Object", `must not have "." between slashes: "a/./b"`},
		"segments, dots":   {segments("a/.."), "Object", `must not have ".." between slashes: "a/.."`},
		"segments, no UTF": {segments("a/\xff"), "Object", `must be UTF-8: "a/\xff"`},

		"header with a newline":  {func(r *nhncloud.Request) { r.Header = http.Header{"X-A": {"ok", "b\r\nX-Evil: 1"}} }, "header X-A", "has a control character"},
		"header with NUL":        {func(r *nhncloud.Request) { r.Header = http.Header{"x-a": {"\x00"}} }, "header x-a", "has a control character"},
		"header name, newline":   {func(r *nhncloud.Request) { r.Header = http.Header{"X-A\nX-Evil": {"1"}} }, `header "X-A\nX-Evil"`, "is not a header name"},
		"header name, space":     {func(r *nhncloud.Request) { r.Header = http.Header{"X A": {"1"}} }, `header "X A"`, "is not a header name"},
		"header name, colon":     {func(r *nhncloud.Request) { r.Header = http.Header{"X:A": {"1"}} }, `header "X:A"`, "is not a header name"},
		"header name, bracket":   {func(r *nhncloud.Request) { r.Header = http.Header{"X(A)": {"1"}} }, `header "X(A)"`, "is not a header name"},
		"header name, not ASCII": {func(r *nhncloud.Request) { r.Header = http.Header{"X-한": {"1"}} }, `header "X-\ud55c"`, "is not a header name"},
		"header name, empty":     {func(r *nhncloud.Request) { r.Header = http.Header{"": {"1"}} }, `header ""`, "is not a header name"},

		"query map":    {func(r *nhncloud.Request) { r.Query = map[string]string{"a": "b"} }, "Query", "can't be encoded"},
		"query text":   {func(r *nhncloud.Request) { r.Query = "a=b c" }, "Query", "is not encoded"},
		"body channel": {func(r *nhncloud.Request) { r.Body = make(chan int) }, "Body", "can't be encoded as JSON"},
		"body NaN":     {func(r *nhncloud.Request) { r.Body = wide{math.NaN()} }, "Body", "can't be encoded as JSON"},
		"body by hand": {func(r *nhncloud.Request) { r.Body = &nhncloud.Body{} }, "Body", "was not made by NewBody"},
		"body length": {
			func(r *nhncloud.Request) { r.Body = nhncloud.NewBodyReader("text/plain", -2, strings.NewReader("x")) }, "Body", "was not made by NewBody",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(loginFails{t})}, answer(200, thingAnswer))
			request := getRequest()
			test.change(&request)
			err := client.Do(t.Context(), request, nil)
			e := requireRefused(t, err, test.field)
			assert.Contains(t, e.Message, test.message)
			assert.Equal(t, "test-get", e.Operation)
			assert.LessOrEqual(t, len(err.Error()), 600)
			assert.Zero(t, sent.count())
			if name == "query map" || name == "body NaN" {
				require.Error(t, e.Err)
				assert.Contains(t, err.Error(), e.Err.Error())
			}
			got, err := nhncloud.Fetch[thing](t.Context(), client, request)
			assert.Nil(t, got)
			requireRefused(t, err, test.field)
		})
	}

	for name, out := range map[string]any{"value": thing{}, "nil pointer": (*thing)(nil), "map": map[string]string{}} {
		t.Run("out is a "+name, func(t *testing.T) {
			t.Parallel()
			client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(loginFails{t})}, answer(200, "null"))
			requireRefused(t, client.Do(t.Context(), getRequest(), out), "out")
			assert.Zero(t, sent.count())
		})
	}
}

// segments makes the last placeholder one that takes a name with slashes.
func segments(name string) func(r *nhncloud.Request) {
	return func(r *nhncloud.Request) { r.Path, r.Args = "/v2/{tenantId}/things/{Object...}", []string{name} }
}

// The names of objects have slashes and whatever else.
func TestPathOfSeveralSegments(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a":                "a",
		"a/b c/d":          "a/b%20c/d",
		"/a//b/":           "/a//b/",
		"a%2Fb/%2e%2e":     "a%252Fb/%252e%252e",
		"a?b#c/+&=;:@":     "a%3Fb%23c/+&=%3B:@",
		"line\nbreak/\x00": "line%0Abreak/%00",
		"...":              "...",
		"한글/🚀":             "%ED%95%9C%EA%B8%80/%F0%9F%9A%80",
	} {
		request := getRequest()
		segments(name)(&request)
		got, _ := sentBy(t, request)
		assert.Equal(t, "/v2/"+testTenant+"/things/"+want, got.URL.EscapedPath())
		assert.Equal(t, "/v2/"+testTenant+"/things/"+name, got.URL.Path)
	}

	request := getRequest()
	request.Path, request.Args = "/v2/{tenantId}/{Object...}/{Count}", []string{"a/b c", "0 1"}
	got, _ := sentBy(t, request)
	assert.Equal(t, "/v2/"+testTenant+"/a/b%20c/0%201", got.URL.EscapedPath())
}

// sentBy returns the request that a call sends, and its body.
func sentBy(t *testing.T, request nhncloud.Request, options ...nhncloud.Option) (*http.Request, string) {
	t.Helper()
	var got *http.Request
	client, sent := scriptClient(t, options, func(r *http.Request) (*http.Response, error) {
		got = r
		return answer(204, "")(r)
	})
	require.NoError(t, client.Do(t.Context(), request, nil))
	return got, sent.sent[0]
}

// Names with special characters reach the thing that they name.
func TestPathEscaping(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"a":         "a",
		"a b":       "a%20b",
		"100%":      "100%25",
		"a%2Fb":     "a%252Fb",
		"a?b":       "a%3Fb",
		"a#b":       "a%23b",
		"a+b":       "a+b",
		"a&b=c":     "a&b=c",
		"a;b,c":     "a%3Bb%2Cc",
		"...":       "...",
		"~a-b_c.d":  "~a-b_c.d",
		"서버":        "%EC%84%9C%EB%B2%84",
		"🚀":         "%F0%9F%9A%80",
		"\xff":      "%FF",
		`a\b"c<d>`:  "a%5Cb%22c%3Cd%3E",
		"{tenantId": "%7BtenantId",
		"a@b:c":     "a@b:c",
	} {
		request := getRequest()
		request.Args = []string{value}
		got, _ := sentBy(t, request)
		assert.Equal(t, "/v2/"+testTenant+"/things/"+want, got.URL.RequestURI(), value)

		// Beside others, and below a prefix that needs escaping itself.
		request.Path, request.Args = "/v2/{tenantId}/a/{a}/b c/{b}/{c}", []string{"x", value, "y z"}
		got, _ = sentBy(t, request, nhncloud.WithEndpoint(nhncloud.ServiceCompute, "https://c.example.com/p%20q"))
		segments := strings.Split(got.URL.EscapedPath(), "/")
		require.Len(t, segments, 9, value)
		assert.Equal(t, "p%20q", segments[1])
		unescaped, err := url.PathUnescape(segments[7])
		require.NoError(t, err)
		assert.Equal(t, value, unescaped)
		assert.Equal(t, "y%20z", segments[8])
		assert.Equal(t, "b%20c", segments[6])
	}
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{"", ".", "..", "a", "a/b", "a b", "%2e%2e", "%2F", "?", "#", "+", "한글", "🚀", "\xff", "\n", "\u0085", "{x}", ";", "//", "a%", ":", "*"} {
		f.Add(seed, "x")
		f.Add("x", seed)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		var uri, host string
		client, sent := scriptClient(t, nil, func(r *http.Request) (*http.Response, error) {
			uri, host = r.URL.RequestURI(), r.URL.Host
			return answer(204, "")(r)
		})
		request := getRequest()
		request.Path, request.Args = "/v2/{tenantId}/a/{first}/b/{second}", []string{first, second}
		err := client.Do(t.Context(), request, nil)
		for _, value := range []string{first, second} {
			if value == "" || value == "." || value == ".." || strings.ContainsFunc(value, func(r rune) bool { return r == '/' || unicode.IsControl(r) }) {
				require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
				assert.Zero(t, sent.count())
				return
			}
		}
		require.NoError(t, err)
		assert.Equal(t, "compute.example.com", host)
		// What a server makes of it.
		parsed, err := url.ParseRequestURI(uri)
		require.NoError(t, err)
		assert.Empty(t, parsed.RawQuery)
		segments := strings.Split(parsed.EscapedPath(), "/")
		require.Len(t, segments, 7, uri)
		for i, value := range map[int]string{2: testTenant, 4: first, 6: second} {
			got, err := url.PathUnescape(segments[i])
			require.NoError(t, err)
			assert.Equal(t, value, got, uri)
		}
	})
}

func TestQueries(t *testing.T) {
	t.Parallel()
	type options struct {
		Name   string   `url:"name,omitempty"`
		Limit  int      `url:"limit,omitempty"`
		Public *bool    `url:"router:external,omitempty"`
		Tags   []string `url:"tag,omitempty"`
	}
	no := false
	for name, test := range map[string]struct {
		query any
		want  string
	}{
		"none":        {nil, ""},
		"struct":      {options{Name: "a b&c", Limit: 5, Public: &no, Tags: []string{"x", "y"}}, "limit=5&name=a+b%26c&router%3Aexternal=false&tag=x&tag=y"},
		"pointer":     {&options{Name: "한"}, "name=%ED%95%9C"},
		"empty":       {options{}, ""},
		"nil pointer": {(*options)(nil), ""},
		"values":      {url.Values{"b": {"2", "1"}, "a": {"x#y"}}, "a=x%23y&b=2&b=1"},
		"no values":   {url.Values(nil), ""},
		"encoded":     {"policy&a=b%20c", "policy&a=b%20c"},
		"newline":     {url.Values{"a": {"\r\nX: 1"}}, "a=%0D%0AX%3A+1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := getRequest()
			request.Query = test.query
			got, _ := sentBy(t, request)
			assert.Equal(t, test.want, got.URL.RawQuery)
			assert.NotContains(t, got.URL.RequestURI(), "?#")
		})
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	request := getRequest()
	header := http.Header{"openstack-api-version": {"container-infra latest"}, "Accept": {"text/plain"}, "X-Auth-Token": {"mine"}, "X-Empty": {""}, "X-Two": {"a", "b\tc"}}
	request.Header = header.Clone()
	got, _ := sentBy(t, request)
	assert.Equal(t, "container-infra latest", got.Header.Get("OpenStack-API-Version"))
	assert.Equal(t, []string{"text/plain"}, got.Header["Accept"])
	assert.Equal(t, []string{"static-token"}, got.Header["X-Auth-Token"], "the token is not the request's to choose")
	assert.Equal(t, []string{""}, got.Header["X-Empty"], "an empty value is sent, because it unsets a setting")
	assert.Equal(t, []string{"a", "b\tc"}, got.Header["X-Two"])
	assert.Empty(t, got.Header["Content-Type"])
	assert.Equal(t, header, request.Header, "the header of the caller is not changed")

	got, _ = sentBy(t, getRequest())
	assert.Equal(t, []string{"application/json"}, got.Header["Accept"])
}

func TestBodies(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body        any
		contentType string
		length      int64
		want        string
	}{
		"none":         {nil, "", 0, ""},
		"nil *Body":    {(*nhncloud.Body)(nil), "", 0, ""},
		"struct":       {thing{ID: "<1>"}, "application/json", 23, `{"id":"<1>","name":""}`},
		"map":          {map[string]any{"b": nil, "a": []int{}}, "application/json", 17, `{"a":[],"b":null}`},
		"null":         {struct{}{}, "application/json", 2, `{}`},
		"bytes":        {nhncloud.NewBodyBytes("text/x", []byte("abc")), "text/x", 3, "abc"},
		"no bytes":     {nhncloud.NewBodyBytes("text/x", nil), "text/x", 0, ""},
		"reader":       {nhncloud.NewBodyReader("text/x", 3, strings.NewReader("abc")), "text/x", 3, "abc"},
		"unknown size": {nhncloud.NewBodyReader("", -1, strings.NewReader("abc")), "", -1, "abc"},
		"open": {
			nhncloud.NewBody("text/x", 2, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("ab")), nil }), "text/x", 2, "ab",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := createRequest()
			request.Body = test.body
			got, body := sentBy(t, request)
			assert.Equal(t, test.want, body)
			assert.Equal(t, test.contentType, got.Header.Get("Content-Type"))
			if test.length > 0 {
				assert.EqualValues(t, len(test.want), got.ContentLength)
			} else {
				assert.Equal(t, test.length, got.ContentLength)
			}
		})
	}
	t.Run("own content type", func(t *testing.T) {
		t.Parallel()
		request := createRequest()
		request.Header = http.Header{"content-type": {"application/openstack-images-v2.1-json-patch"}}
		got, _ := sentBy(t, request)
		assert.Equal(t, []string{"application/openstack-images-v2.1-json-patch"}, got.Header["Content-Type"])
	})
	t.Run("can't be opened", func(t *testing.T) {
		t.Parallel()
		client, sent := scriptClient(t, nil, answer(204, ""))
		request := createRequest()
		request.Body = nhncloud.NewBody("", 1, func() (io.ReadCloser, error) { return nil, io.ErrClosedPipe })
		err := client.Do(t.Context(), request, nil)
		require.ErrorIs(t, err, io.ErrClosedPipe)
		assert.Equal(t, "nhncloud: test-create: open the body: io: read/write on closed pipe", err.Error())
		assert.Zero(t, sent.count())
	})
}

// Errors tell the URL, without what another could use.
func TestURLsInErrors(t *testing.T) {
	t.Parallel()
	const base = "https://compute.example.com/v2/" + testTenant + "/things/"
	for name, test := range map[string]struct {
		change func(*nhncloud.Request)
		want   string
	}{
		"plain":       {func(*nhncloud.Request) {}, base + "1"},
		"query":       {func(r *nhncloud.Request) { r.Query = url.Values{"name": {"a b"}, "limit": {"5"}} }, base + "1?limit=5&name=a+b"},
		"escaped":     {func(r *nhncloud.Request) { r.Args = []string{"a b?"} }, base + "a%20b%3F"},
		"id of thing": {func(r *nhncloud.Request) { r.Query = url.Values{"id": {"7"}} }, base + "1?id=7"},
		"temp URL": {
			func(r *nhncloud.Request) { r.Query = url.Values{"temp_url_sig": {marker}, "temp_url_expires": {"9"}} },
			base + "1?temp_url_expires=9&temp_url_sig=[REDACTED]",
		},
		"S3": {
			func(r *nhncloud.Request) {
				r.Query = url.Values{"X-Amz-Signature": {marker}, "X-Amz-Credential": {marker}, "X-Amz-Security-Token": {marker}, "X-Amz-Date": {"d"}, "signature": {marker}}
			},
			base + "1?X-Amz-Credential=[REDACTED]&X-Amz-Date=d&X-Amz-Security-Token=[REDACTED]&X-Amz-Signature=[REDACTED]&signature=[REDACTED]",
		},
		"others": {
			func(r *nhncloud.Request) { r.Query = url.Values{"Token": {marker, marker}, "PASSWORD": {marker}} },
			base + "1?PASSWORD=[REDACTED]&Token=[REDACTED]",
		},
		"appkey": {
			func(r *nhncloud.Request) {
				r.Service, r.Path, r.Args = nhncloud.ServiceAppKey, "/v1.0/appkeys/{appkey}/a b/{x}", []string{"c d%"}
			},
			"https://compute.example.com/v2/" + testTenant + "/v1.0/appkeys/[REDACTED]/a%20b/c%20d%25",
		},
		"appkey alone": {
			func(r *nhncloud.Request) {
				r.Service, r.Path, r.Args = nhncloud.ServiceAppKey, "/v1.0/appkeys/{appkey}", nil
			},
			"https://compute.example.com/v2/" + testTenant + "/v1.0/appkeys/[REDACTED]",
		},
		"token look-up": {
			func(r *nhncloud.Request) {
				r.Service, r.Path, r.Args, r.Query = nhncloud.ServiceAppKey, "/v1.0/appkeys/{appkey}/tokens", nil, url.Values{"id": {marker}}
			},
			"https://compute.example.com/v2/" + testTenant + "/v1.0/appkeys/[REDACTED]/tokens?id=[REDACTED]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, step := range []step{answer(404, ""), fails(errors.New("broken")), answer(200, "<html>")} {
				client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, step)
				request := getRequest()
				test.change(&request)
				err := client.Do(t.Context(), request, new(thing))
				assert.Equal(t, test.want, asError(t, err).URL)
				assert.Contains(t, err.Error(), "[GET "+test.want)
				assertHidden(t, err, marker)
			}
		})
	}
	t.Run("transport that repeats the URL", func(t *testing.T) {
		t.Parallel()
		client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, func(r *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New("broken")}
		})
		request := getRequest()
		request.Query = url.Values{"temp_url_sig": {marker}}
		assertHidden(t, client.Do(t.Context(), request, nil), marker)
	})
}

type loose struct {
	ID   string            `json:"id"`
	Size int               `json:"size"`
	Time time.Time         `json:"time"`
	On   bool              `json:"on"`
	Tags []string          `json:"tags"`
	Meta map[string]string `json:"meta"`
}

// An answer is decoded whole or not at all.
func TestUnreadableAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		text   string
	}{
		"empty":              {200, "", "unexpected EOF"},
		"no content":         {204, "", "it has no content"},
		"blank":              {200, " \n", "unexpected EOF"},
		"truncated":          {200, `{"thing": {"id": "1", "size": 4`, "unexpected EOF"},
		"truncated wrapper":  {200, `{"thing": {"id": "1"}`, "unexpected EOF"},
		"trailing garbage":   {200, `{"thing": {"id": "1"}} x`, "invalid character 'x'"},
		"two values":         {200, `{"thing": {"id": "1"}} {}`, "more than one JSON value"},
		"HTML":               {200, "<html><body>Welcome to the proxy</body></html>", "Welcome to the proxy"},
		"no wrapper":         {200, `{"id": "1"}`, `no member "thing" in the answer`},
		"array":              {200, `[{"thing": {}}]`, "an array"},
		"null":               {200, `null`, "null"},
		"wrapped null":       {200, `{"thing": null}`, "null in place of an object"},
		"wrapped text":       {200, `{"thing": "1"}`, "thing"},
		"text in a number":   {200, `{"thing": {"id": "1", "size": "large"}}`, `can't read "large" as an integer`},
		"object in a text":   {200, `{"thing": {"size": 4, "id": {"a": 1}}}`, "as a string"},
		"object, many lines": {200, "{\"thing\": {\"size\": 4, \"id\": {\n\"a\":\n1}}}", "as a string"},
		"text in a time":     {200, `{"thing": {"id": "1", "time": "yesterday"}}`, "as a time"},
		"text in a list":     {200, `{"thing": {"id": "1", "tags": "a"}}`, "tags"},
		"list in a map":      {200, `{"thing": {"id": "1", "meta": []}}`, "map of strings"},
		"number too large":   {200, `{"thing": {"id": "1", "size": 99999999999999999999}}`, "as an integer"},
		"not documented":     {200, `{"thing": {"hello": "world"}}`, "no documented member in the answer"},
		"zeroes":             {200, `{"thing": {"id": "", "size": 0}}`, "no documented member in the answer"},
		"our token":          {200, `{"thing": {"id": ["static-token"]}}`, "[REDACTED]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)},
				answer(test.status, test.body, "X-Openstack-Request-Id", "req-1", "Set-Cookie", "a=b"))
			got, err := nhncloud.Fetch[loose](t.Context(), client, getRequest())
			assert.Nil(t, got)
			e := asError(t, err)
			assertKind(t, nhncloud.ErrBadAnswer, e)
			assert.Equal(t, test.status, e.StatusCode)
			assert.Equal(t, "req-1", e.RequestID)
			assert.Equal(t, "[REDACTED]", e.Header.Get("Set-Cookie"))
			assert.Equal(t, 1, e.Attempts)
			assert.Contains(t, err.Error(), "the answer can't be read")
			assert.Contains(t, err.Error(), test.text)
			assert.NotContains(t, err.Error(), "static-token")
			assert.NotContains(t, err.Error(), "\n")
			assert.LessOrEqual(t, len(err.Error()), 1500)
			if strings.Contains(test.text, "EOF") {
				assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
			}
			// Nobody who wants no content is bothered by it.
			assert.NoError(t, client.Do(t.Context(), getRequest(), nil))
		})
	}
}

// An answer that has a secret in it is not quoted.
func TestSensitiveAnswers(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"thing": {"id": ["` + marker + `"]}}`, `{"thing": {"size": "` + marker + `"}}`, `{"other": "` + marker + `"}`, `"` + marker + `"`, marker,
		`{"thing": {"id": "` + marker, `{"thing": {"id": "` + marker + `"}} ` + marker, `{"thing": "` + marker + `"}`, `{"thing": {"` + marker + `": 1}}`,
	} {
		client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, answer(200, body))
		request := getRequest()
		request.Sensitive = true
		_, err := nhncloud.Fetch[loose](t.Context(), client, request)
		assertKind(t, nhncloud.ErrBadAnswer, asError(t, err))
		assertHidden(t, err, marker)
	}
	// Too long, and broken off, is told all the same.
	client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry), nhncloud.WithMaxResponse(5)}, answer(200, thingAnswer))
	request := getRequest()
	request.Sensitive = true
	assert.ErrorContains(t, client.Do(t.Context(), request, new(thing)), "see WithMaxResponse")
}

// chunked is a step that answers without telling the length.
func chunked(body string) step {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: -1, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
}

// told is a step that answers and tells the length.
func told(body string) step {
	return func(r *http.Request) (*http.Response, error) {
		resp, err := chunked(body)(r)
		resp.ContentLength = int64(len(body))
		return resp, err
	}
}

func TestMaxResponse(t *testing.T) {
	t.Parallel()
	const v1Answer = `{"header": {"isSuccessful": true, "resultCode": 0}, "thing": {"id": "1", "name": "x"}}`
	for name, make := range map[string]func(string) step{"told": told, "chunked": chunked} {
		for api, request := range map[string]nhncloud.Request{thingAnswer: getRequest(), v1Answer: v1Request()} {
			t.Run(name+" "+request.Operation, func(t *testing.T) {
				t.Parallel()
				length := int64(len(api))
				for limit, fits := range map[int64]bool{1: false, length - 1: false, length: true, length + 1: true} {
					client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithMaxResponse(limit)}, make(api))
					got, err := nhncloud.Fetch[thing](t.Context(), client, request)
					if fits {
						require.NoError(t, err, "limit %d of %d", limit, length)
						assert.Equal(t, &thing{ID: "1", Name: "x"}, got)
						continue
					}
					assert.Nil(t, got)
					assertKind(t, nhncloud.ErrBadAnswer, asError(t, err))
					assert.ErrorContains(t, err, fmt.Sprint(limit))
					assert.ErrorContains(t, err, "see WithMaxResponse")
					assert.Equal(t, 1, sent.count(), "another attempt brings the same")
					if request.Service != nhncloud.ServiceAppKey {
						assert.NoError(t, client.Do(t.Context(), request, nil), "nothing is decoded")
					}
				}
			})
		}
	}
	t.Run("endless", func(t *testing.T) {
		t.Parallel()
		body := new(endlessBody)
		client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithMaxResponse(1000)}, func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: -1, Body: body, Request: r}, nil
		})
		_, err := nhncloud.Fetch[thing](t.Context(), client, v1Request())
		assertKind(t, nhncloud.ErrBadAnswer, asError(t, err))
		assert.Less(t, body.read.Load(), int64(256<<10))
	})
}

// An answer that broke off leaves nothing behind in the one that is whole.
func TestNothingIsLeftOfABrokenAnswer(t *testing.T) {
	t.Parallel()
	client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond})},
		answer(200, `{"thing": {"id": "stale", "size": 7, "on": true, "meta": {"a": "stale"}, "tags": ["stale", "stale"], "x": `),
		answer(200, `{"thing": {"id": "1", "meta": {"b": "new"}, "tags": ["new"]}}`))
	var out loose
	require.NoError(t, client.Do(t.Context(), getRequest(), &out))
	assert.Equal(t, loose{ID: "1", Meta: map[string]string{"b": "new"}, Tags: []string{"new"}}, out)
	assert.Equal(t, 2, sent.count())
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body string
		want loose
	}{
		"whole":     {`{"thing": {"id": "1", "size": 4, "on": true, "tags": ["a"], "meta": {"a": "b"}, "time": "2020-04-29T03:32:28.000405"}, "other": {}}`, loose{"1", 4, time.Date(2020, 4, 29, 3, 32, 28, 405000, time.UTC), true, []string{"a"}, map[string]string{"a": "b"}}},
		"lenient":   {`{"thing": {"id": 1, "size": "4", "on": "True", "tags": null, "meta": {"a": 1}, "time": null, "new": [1, {"a": 2}]}}`, loose{ID: "1", Size: 4, On: true, Meta: map[string]string{"a": "1"}}},
		"last one":  {`{"thing": {"id": "1", "size": 4}, "thing": {"id": "2"}}`, loose{ID: "2"}},
		"not UTF-8": {"{\"thing\": {\"id\": \"a\xffb\"}}\n", loose{ID: "a\uFFFDb"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := scriptClient(t, nil, answer(200, test.body))
			got, err := nhncloud.Fetch[loose](t.Context(), client, getRequest())
			require.NoError(t, err)
			assert.Equal(t, &test.want, got)
		})
	}
	t.Run("without a wrapper", func(t *testing.T) {
		t.Parallel()
		client, _ := scriptClient(t, nil, answer(200, `{"id": "1"}`))
		request := getRequest()
		request.ResponseKey = ""
		got, err := nhncloud.Fetch[loose](t.Context(), client, request)
		require.NoError(t, err)
		assert.Equal(t, &loose{ID: "1"}, got)
		list := []string{"left"}
		client, _ = scriptClient(t, nil, answer(200, `["a", "b"]`))
		require.NoError(t, client.Do(t.Context(), request, &list))
		assert.Equal(t, []string{"a", "b"}, list)
	})
	t.Run("stranger", func(t *testing.T) {
		t.Parallel()
		// Do takes what it gets; Fetch wants something that it knows.
		client, _ := scriptClient(t, nil, answer(200, `{"thing": {"hello": "world"}}`))
		require.NoError(t, client.Do(t.Context(), getRequest(), new(thing)))
		_, err := nhncloud.Fetch[thing](t.Context(), client, getRequest())
		require.ErrorIs(t, err, nhncloud.ErrBadAnswer)
	})
}

// A real connection that breaks in the middle of an answer.
func TestAnswerBreaksOff(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(http.ResponseWriter){
		"told": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, thingAnswer[:20])
		},
		"chunked": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, thingAnswer[:20])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { write(w) }))
			defer server.Close()
			client := staticClient(t, server.URL, nhncloud.WithRetry(nhncloud.NoRetry))
			for _, request := range []nhncloud.Request{getRequest(), v1Request()} {
				got, err := nhncloud.Fetch[thing](t.Context(), client, request)
				assert.Nil(t, got)
				e := asError(t, err)
				assertKind(t, nhncloud.ErrBadAnswer, e)
				assert.Equal(t, 200, e.StatusCode)
				assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
			}
		})
	}
}

// The bytes of a body are sent as they are.
func TestBodyBytesAreNotChanged(t *testing.T) {
	t.Parallel()
	content := bytes.Repeat([]byte{0, 0xff, '\r', '\n'}, 1<<16)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.True(t, bytes.Equal(content, got))
		assert.EqualValues(t, len(content), r.ContentLength)
	}))
	defer server.Close()
	client := staticClient(t, server.URL)
	request := createRequest()
	request.Body = nhncloud.NewBodyBytes("application/octet-stream", content)
	require.NoError(t, client.Do(t.Context(), request, nil))
}

// The beginning of an answer that is quoted may end in the middle of a token.
func TestTokenAtTheEndOfWhatIsQuoted(t *testing.T) {
	t.Parallel()
	const token = "static-token"
	for padding := 180; padding < 205; padding++ {
		client, _ := scriptClient(t, nil, answer(200, strings.Repeat("x", padding)+token))
		err := client.Do(t.Context(), getRequest(), new(thing))
		require.ErrorIs(t, err, nhncloud.ErrBadAnswer)
		assert.NotContains(t, err.Error(), "static")
	}
}

func TestCheckID(t *testing.T) {
	t.Parallel()
	require.NoError(t, nhncloud.CheckID("op", "instanceId", "a b%2F"))
	for _, id := range []string{"", ".", "..", "a/b", "a\nb"} {
		e := requireRefused(t, nhncloud.CheckID("op", "instanceId", id), "instanceId")
		assert.Equal(t, "op", e.Operation)
	}
}
