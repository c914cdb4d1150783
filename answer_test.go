package nhncloud_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

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
			// Nobody who wants no content is bothered by it, unless it is a page.
			err = client.Do(t.Context(), getRequest(), nil)
			if name == "HTML" {
				assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
				return
			}
			assert.NoError(t, err)
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

// A small answer can be large in memory.
func TestAnswersThatGrow(t *testing.T) {
	t.Parallel()
	list := "[" + strings.Repeat("{},", 5000) + "{}]"
	for name, body := range map[string]string{
		"test-get": `{"thing": ` + list + `}`,
		"test-v1":  `{"header": {"isSuccessful": true, "resultCode": 0}, "thing": ` + list + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := getRequest()
			if name == "test-v1" {
				request = v1Request()
			}
			for _, sensitive := range []bool{false, true} {
				request.Sensitive = sensitive
				client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithMaxResponse(int64(len(body)))}, answer(200, body))
				var things []*loose
				err := client.Do(t.Context(), request, &things)
				assertKind(t, nhncloud.ErrBadAnswer, asError(t, err))
				assert.ErrorContains(t, err, fmt.Sprintf("its values are larger than the limit of %d bytes of memory; see WithMaxResponse", 4*len(body)))
				assert.Equal(t, 1, sent.count(), "another attempt brings the same")
				var texts []map[string]string
				assert.Error(t, client.Do(t.Context(), request, &texts))
				var short []*struct{}
				assert.NoError(t, client.Do(t.Context(), request, &short))
			}
		})
	}
}

// The end of the context ends the decoding of an answer that is here already.
func TestContextEndsWhileAnAnswerIsDecoded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	body := &cancelling{cancel: cancel}
	client, _ := scriptClient(t, nil, func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: -1, Body: body, Request: r}, nil
	})
	var things []struct{}
	err := client.Do(ctx, getRequest(), &things)
	require.ErrorIs(t, err, context.Canceled)
	assert.NotErrorIs(t, err, nhncloud.ErrBadAnswer)
	assert.Less(t, body.reads, 50, "one was under way, and a little is drained")
}

// cancelling is a list without an end, during which a context is cancelled.
type cancelling struct {
	cancel context.CancelFunc
	reads  int
}

func (c *cancelling) Read(p []byte) (int, error) {
	if c.reads++; c.reads == 1 {
		return copy(p, `{"thing": [`), nil
	}
	c.cancel()
	return copy(p, strings.Repeat("{},", len(p)/3+1)), nil
}

func (c *cancelling) Close() error { return nil }

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
