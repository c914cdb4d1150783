package nhncloud_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

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

func TestCheckID(t *testing.T) {
	t.Parallel()
	require.NoError(t, nhncloud.CheckID("op", "instanceId", "a b%2F"))
	for _, id := range []string{"", ".", "..", "a/b", "a\nb"} {
		e := requireRefused(t, nhncloud.CheckID("op", "instanceId", id), "instanceId")
		assert.Equal(t, "op", e.Operation)
	}
}
