package nhncloud_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

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
