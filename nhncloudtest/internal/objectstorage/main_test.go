package objectstorage_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = cloudtest.Object

// swift is a client of object storage that speaks plain HTTP.
type swift struct {
	*cloudtest.World
	base string // where the account is
}

func newSwift(t *testing.T, opts ...nhncloudtest.Option) *swift {
	t.Helper()
	w := cloudtest.New(t, opts...)
	w.Login(w.ObjectStorageTenantID)
	return &swift{World: w, base: w.ObjectStorageURL()}
}

// do sends a request; the path is below the account. Headers are given as
// names and values in turn.
func (s *swift) do(method, path, body string, headers ...string) cloudtest.Result {
	s.T.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	res, err := s.send(method, path, reader, headers...)
	require.NoError(s.T, err)
	return res
}

func (s *swift) request(method, path string, body io.Reader, headers ...string) *http.Request {
	s.T.Helper()
	req, err := http.NewRequestWithContext(s.T.Context(), method, s.base+path, body)
	require.NoError(s.T, err)
	if s.Token != "" {
		req.Header.Set("X-Auth-Token", s.Token)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return req
}

func (s *swift) send(method, path string, body io.Reader, headers ...string) (cloudtest.Result, error) {
	s.T.Helper()
	resp, err := s.HTTP.Do(s.request(method, path, body, headers...))
	if err != nil {
		return cloudtest.Result{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	return cloudtest.Result{Status: resp.StatusCode, Header: resp.Header, Text: string(data)}, err
}

// want sends a request and checks the status of the answer.
func (s *swift) want(status int, method, path, body string, headers ...string) cloudtest.Result {
	s.T.Helper()
	res := s.do(method, path, body, headers...)
	require.Equal(s.T, status, res.Status, "%s %s: %s", method, path, res.Text)
	return res
}

// container makes a container.
func (s *swift) container(name string, headers ...string) {
	s.T.Helper()
	s.want(201, "PUT", "/"+name, "", headers...)
}

// object makes an object.
func (s *swift) object(path, body string, headers ...string) cloudtest.Result {
	s.T.Helper()
	return s.want(201, "PUT", path, body, headers...)
}

// names are the names in a list.
func (s *swift) names(path string) []string {
	s.T.Helper()
	res := s.do("GET", path, "")
	require.Contains(s.T, []int{200, 204}, res.Status, "%s", res.Text)
	return strings.Fields(res.Text)
}

func (s *swift) list(path string) []object {
	s.T.Helper()
	res := s.want(200, "GET", path, "")
	var list []object
	require.NoError(s.T, json.Unmarshal([]byte(res.Text), &list))
	return list
}

// as is the same client with another token; "" is none.
func (s *swift) as(token string) *swift {
	w := *s.World
	w.Token = token
	return &swift{World: &w, base: s.base}
}

// otherTenant is the client with a token of the infrastructure tenant.
func (s *swift) otherTenant() *swift {
	s.T.Helper()
	other := s.as("")
	other.Login(s.TenantID)
	return other
}

func sum(text string) string {
	hash := md5.Sum([]byte(text))
	return hex.EncodeToString(hash[:])
}

func TestObjectsHappyPath(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	res := s.want(202, "PUT", "/box", "")
	assert.Contains(t, res.Text, "<h1>Accepted</h1>")

	res = s.object("/box/hello.txt", "hello", "X-Object-Meta-Color", "blue", "Content-Type", "text/plain")
	assert.Equal(t, sum("hello"), res.Header.Get("Etag"))
	assert.Equal(t, "Sun, 01 Mar 2026 12:00:01 GMT", res.Header.Get("Last-Modified"))
	assert.Equal(t, "0", res.Header.Get("Content-Length"))
	assert.Equal(t, "text/html; charset=UTF-8", res.Header.Get("Content-Type"))
	assert.Regexp(t, `^tx[0-9a-f]{21}-[0-9a-f]{10}$`, res.Header.Get("X-Trans-Id"))
	assert.Equal(t, res.Header.Get("X-Trans-Id"), res.Header.Get("X-Openstack-Request-Id"))
	assert.Equal(t, "Sun, 01 Mar 2026 12:00:00 GMT", res.Header.Get("Date"))

	res = s.want(200, "GET", "/box/hello.txt", "")
	assert.Equal(t, "hello", res.Text)
	for k, v := range map[string]string{
		"Content-Type": "text/plain", "Content-Length": "5", "Etag": sum("hello"), "Accept-Ranges": "bytes",
		"X-Object-Meta-Color": "blue", "Last-Modified": "Sun, 01 Mar 2026 12:00:01 GMT", "X-Timestamp": "1772366400.00002",
	} {
		assert.Equal(t, v, res.Header.Get(k), k)
	}
	head := s.want(200, "HEAD", "/box/hello.txt", "")
	assert.Empty(t, head.Text)
	assert.Equal(t, "5", head.Header.Get("Content-Length"))

	assert.Equal(t, []string{"hello.txt"}, s.names("/box"))
	assert.Equal(t, []object{{
		"name": "hello.txt", "hash": sum("hello"), "bytes": 5.0, "content_type": "text/plain",
		"last_modified": "2026-03-01T12:00:00.000020",
	}}, s.list("/box?format=json"))
	assert.Equal(t, []string{"box"}, s.names(""))

	res = s.want(409, "DELETE", "/box", "")
	assert.Equal(t, "<html><h1>Conflict</h1><p>There was a conflict when trying to complete your request.</p></html>", res.Text)
	s.want(204, "DELETE", "/box/hello.txt", "")
	s.want(404, "GET", "/box/hello.txt", "")
	s.want(404, "DELETE", "/box/hello.txt", "")
	s.want(204, "DELETE", "/box", "")
	res = s.want(404, "GET", "/box", "")
	assert.Equal(t, "<html><h1>Not Found</h1><p>The resource could not be found.</p></html>", res.Text)
}

func TestStaticLargeObjectHappyPath(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.object("/box/big/001", "hello ")
	s.object("/box/big/002", "world")
	manifest := `[{"path":"/box/big/001","etag":"` + sum("hello ") + `","size_bytes":6},{"path":"box/big/002"}]`
	res := s.object("/box/big?multipart-manifest=put", manifest)
	whole := `"` + sum(sum("hello ")+sum("world")) + `"`
	assert.Equal(t, whole, res.Header.Get("Etag"))
	res = s.want(200, "GET", "/box/big", "")
	assert.Equal(t, "hello world", res.Text)
	assert.Equal(t, whole, res.Header.Get("Etag"))
	assert.Equal(t, "True", res.Header.Get("X-Static-Large-Object"))
	res = s.want(206, "GET", "/box/big", "", "Range", "bytes=4-7")
	assert.Equal(t, "o wo", res.Text)
	assert.Equal(t, "bytes 4-7/11", res.Header.Get("Content-Range"))
	assert.Equal(t, "11", s.want(200, "HEAD", "/box/big", "").Header.Get("Content-Length"))
}

func TestObjectNamesAreLeftAlone(t *testing.T) {
	s := newSwift(t)
	s.container("상자")
	names := []string{"a//b", "./x", "a/../b", "../x", "a%2Fb", "한글 이름", "x/", "/", "//", "a+b c", "?#&", `"<>;`, "é/ü", "."}
	for _, name := range names {
		path := "/" + url.PathEscape("상자") + "/" + url.PathEscape(name)
		s.object(path, name)
		assert.Equal(t, name, s.want(200, "GET", path, "").Text, name)
	}
	list := s.want(200, "GET", "/"+url.PathEscape("상자"), "").Text
	assert.ElementsMatch(t, names, strings.Split(strings.TrimSuffix(list, "\n"), "\n"))
	// A slash in the name need not be encoded.
	assert.Equal(t, "a//b", s.want(200, "GET", "/%EC%83%81%EC%9E%90/a//b", "").Text)
	assert.Equal(t, names[2], s.want(200, "GET", "/%EC%83%81%EC%9E%90/a/%2e%2E/b", "").Text)
}

// The words are those that a real Swift answered.
func TestObjectStorageErrors(t *testing.T) {
	s := newSwift(t, nhncloudtest.WithObjectSizeLimit(100))
	s.container("box")
	s.object("/box/hello.txt", "hello", "Content-Type", "text/plain")
	const html, text = "text/html; charset=UTF-8", "text/plain"
	page := func(title, sentence string) string {
		return "<html><h1>" + title + "</h1><p>" + sentence + "</p></html>"
	}
	for _, c := range []struct {
		status            int
		contentType, want string
		got               cloudtest.Result
	}{
		{400, html, "Container name length of 300 longer than 256", s.do("PUT", "/"+strings.Repeat("n", 300), "")},
		{400, text, "Errors:\n/box/hello.txt, Etag Mismatch\n",
			s.do("PUT", "/box/slo?multipart-manifest=put", `[{"path":"/box/hello.txt","etag":"0"}]`)},
		{401, html, page("Unauthorized", "This server could not verify that you are authorized to access the document you requested."),
			s.as("").do("PUT", "/box/x", "x")},
		{401, html, "401 Unauthorized: Temp URL invalid\n", s.do("GET", "/box/hello.txt?temp_url_sig=00&temp_url_expires=1", "")},
		{403, html, page("Forbidden", "Access was denied to this resource."), s.otherTenant().do("GET", "", "")},
		{404, html, page("Not Found", "The resource could not be found."), s.do("PUT", "/a%2Fb", "x")},
		{409, html, page("Conflict", "There was a conflict when trying to complete your request."), s.do("DELETE", "/box", "")},
		{412, html, page("Precondition Failed", "A precondition for this request was not met."),
			s.do("PUT", "/box/hello.txt", "x", "If-None-Match", "*")},
		{413, text, "Your request is too large.", s.do("PUT", "/box/x", strings.Repeat("x", 101))},
		{416, text, page("Requested Range Not Satisfiable", "The Range requested is not available."),
			s.do("GET", "/box/hello.txt", "", "Range", "bytes=5-")},
		{422, html, page("Unprocessable Entity", "Unable to process the contained instructions"),
			s.do("PUT", "/box/x", "x", "Etag", "0")},
	} {
		assert.Equal(t, c.status, c.got.Status)
		assert.Equal(t, c.contentType, c.got.Header.Get("Content-Type"), c.want)
		assert.Equal(t, c.want, c.got.Text)
		assert.Regexp(t, `^tx[0-9a-f]{21}-[0-9a-f]{10}$`, c.got.Header.Get("X-Trans-Id"))
	}
	assert.Empty(t, s.want(404, "HEAD", "/box/nope", "").Text)
}
