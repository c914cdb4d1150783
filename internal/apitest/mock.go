package apitest

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// What the client of a [Mock] is configured with.
const (
	TenantID = "6cdebe3eb0094910bc41f1d42ebe4cb7"
	AppKey   = "wZbYtXaQkLmNoPqR"
	Token    = "e42a092ed6ee4d99949bf25f5f6ecc60"

	ComputeURL = "https://kr1-api-instance-infrastructure.nhncloudservice.com/v2/" + TenantID
	ImageURL   = "https://kr1-api-image-infrastructure.nhncloudservice.com"
	AppKeyURL  = "https://api-compute.cloud.toast.com/compute/v1.0/appkeys/" + AppKey
)

// Want is a request that a test expects.
type Want struct {
	Operation string // documented id
	Method    string
	URL       string            // whole, with the query in the order of its names
	Header    map[string]string // further header fields to check
	Body      string            // JSON, unless ContentType says otherwise; "@name" takes testdata/name; "" for none
	// ContentType is that of the body, "application/json" when empty.
	ContentType string
}

// Reply is the answer to it.
type Reply struct {
	Status int // 200 when zero
	Header http.Header
	Body   string // "@name" takes testdata/name
	Err    error  // fails the exchange instead
}

// Mock is a client without network. Every request must be expected.
type Mock struct {
	Client *nhncloud.Client

	t         *testing.T
	transport *httpmock.MockTransport
	mu        sync.Mutex
	queues    map[string][]exchange
}

type exchange struct {
	want  Want
	reply Reply
}

// New returns a mock in region KR1 of the public environment, with a fixed
// token and without retries. When the test ends, everything expected must have
// been sent.
func New(t *testing.T, options ...nhncloud.Option) *Mock {
	t.Helper()
	m := &Mock{t: t, transport: httpmock.NewMockTransport(), queues: map[string][]exchange{}}
	m.transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		t.Errorf("unexpected request: %s %s", r.Method, r.URL)
		return nil, errors.New("unexpected request")
	})
	client, err := nhncloud.NewClient(nhncloud.Config{
		Environment: nhncloud.Public,
		Region:      nhncloud.KR1,
		TenantID:    TenantID,
		AppKey:      AppKey,
	}, append([]nhncloud.Option{
		nhncloud.WithHTTPClient(&http.Client{Transport: m.transport}),
		nhncloud.WithTokenSource(nhncloud.StaticToken(Token)),
		nhncloud.WithRetry(nhncloud.NoRetry),
		nhncloud.WithMiddleware(Record),
	}, options...)...)
	require.NoError(t, err)
	m.Client = client
	t.Cleanup(func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		for key, queue := range m.queues {
			assert.Empty(t, queue, "expected but not sent: %s", key)
		}
	})
	return m
}

// Expect adds a request to those that are expected. Several for one method and
// URL are answered in their order.
func (m *Mock) Expect(want Want, reply Reply) {
	m.t.Helper()
	key := want.Method + " " + want.URL
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.queues[key]; !ok {
		m.transport.RegisterResponder(want.Method, want.URL, func(r *http.Request) (*http.Response, error) {
			return m.respond(key, r)
		})
	}
	m.queues[key] = append(m.queues[key], exchange{want, reply})
}

func (m *Mock) respond(key string, r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	queue := m.queues[key]
	if len(queue) == 0 {
		m.mu.Unlock()
		m.t.Errorf("sent once too often: %s", key)
		return nil, errors.New("sent once too often")
	}
	x := queue[0]
	m.queues[key] = queue[1:]
	m.mu.Unlock()

	checkRequest(m.t, x.want, r)
	if x.reply.Err != nil {
		return nil, x.reply.Err
	}
	body := Text(m.t, x.reply.Body)
	resp := &http.Response{
		StatusCode:    x.reply.Status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{},
		Body:          io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       r,
	}
	if resp.StatusCode == 0 {
		resp.StatusCode = http.StatusOK
	}
	resp.Status = strconv.Itoa(resp.StatusCode) + " " + http.StatusText(resp.StatusCode)
	for name, values := range x.reply.Header {
		resp.Header[http.CanonicalHeaderKey(name)] = values
	}
	if resp.Header.Get("Content-Type") == "" && body != "" {
		resp.Header.Set("Content-Type", "application/json")
	}
	return resp, nil
}

func checkRequest(t *testing.T, want Want, r *http.Request) {
	t.Helper()
	call, ok := nhncloud.CallFromContext(r.Context())
	assert.True(t, ok, "the request belongs to no call")
	assert.Equal(t, want.Operation, call.Operation)
	assert.Equal(t, want.Method, r.Method)
	assert.Equal(t, want.URL, r.URL.String())
	assert.Equal(t, Token, r.Header.Get("X-Auth-Token"))
	assert.Equal(t, "application/json", r.Header.Get("Accept"))
	assert.Contains(t, r.Header.Get("User-Agent"), "nhncloud-go/")
	for name, value := range want.Header {
		assert.Equal(t, value, r.Header.Get(name), name)
	}
	if want.Body == "" {
		assert.Empty(t, r.Header.Get("Content-Type"))
		assert.True(t, r.Body == nil || r.Body == http.NoBody, "a body was sent, but none was expected")
		return
	}
	contentType := cmp.Or(want.ContentType, "application/json")
	assert.Equal(t, contentType, r.Header.Get("Content-Type"))
	if !assert.NotNil(t, r.Body, "no body was sent") {
		return
	}
	sent, err := io.ReadAll(r.Body)
	assert.NoError(t, err)
	assert.Equal(t, r.ContentLength, int64(len(sent)), "Content-Length")
	if strings.Contains(contentType, "json") {
		assert.JSONEq(t, Text(t, want.Body), string(sent))
		return
	}
	assert.Equal(t, Text(t, want.Body), string(sent))
}

// Text returns the text itself, or for "@name" the content of testdata/name.
func Text(t *testing.T, text string) string {
	t.Helper()
	name, isFile := strings.CutPrefix(text, "@")
	if !isFile {
		return text
	}
	content, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return string(content)
}
