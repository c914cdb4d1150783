package objectstorage_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
)

func TestUploads(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	for name, kind := range map[string]string{
		"a.txt": "text/plain", "a/b.PNG": "image/png", "plain": "application/octet-stream", "x.unknown": "application/octet-stream",
	} {
		s.object("/box/"+name, "x")
		assert.Equal(t, kind, s.want(200, "HEAD", "/box/"+name, "").Header.Get("Content-Type"), name)
	}
	s.object("/box/a.txt", "x", "Content-Type", "image/gif", "X-Detect-Content-Type", "true")
	assert.Equal(t, "text/plain", s.do("HEAD", "/box/a.txt", "").Header.Get("Content-Type"))

	// An empty object, and one in chunks.
	s.object("/box/empty", "")
	res := s.want(200, "GET", "/box/empty", "")
	assert.Equal(t, "d41d8cd98f00b204e9800998ecf8427e", res.Header.Get("Etag"))
	assert.Equal(t, "0", res.Header.Get("Content-Length"))
	res, err := s.send("PUT", "/box/chunks", io.MultiReader(strings.NewReader("one "), strings.NewReader("two")))
	require.NoError(t, err)
	assert.Equal(t, 201, res.Status)
	assert.Equal(t, "one two", s.want(200, "GET", "/box/chunks", "").Text)

	// The sum that the client gives is checked.
	s.object("/box/sum", "hello", "Etag", sum("hello"))
	s.object("/box/sum", "hello", "Etag", `"`+sum("hello")+`"`)
	res = s.want(422, "PUT", "/box/sum", "hullo", "Etag", sum("hello"))
	assert.Equal(t, "<html><h1>Unprocessable Entity</h1><p>Unable to process the contained instructions</p></html>", res.Text)
	assert.NotEmpty(t, res.Header.Get("Last-Modified"))
	assert.Equal(t, "hello", s.want(200, "GET", "/box/sum", "").Text)

	s.want(404, "PUT", "/nope/x", "data")
	s.want(404, "POST", "/nope/x", "")
	s.want(404, "POST", "/box/nope", "")
	s.object("/box/"+strings.Repeat("n", 1024), "x")
	assert.Equal(t, "Object name length of 1025 longer than 1024", s.want(400, "PUT", "/box/"+strings.Repeat("n", 1025), "x").Text)
	s.want(400, "PUT", "/box/x", "x", "X-Static-Large-Object", "True")
	s.want(400, "PUT", "/box/x", "x", "X-Object-Meta-X", strings.Repeat("x", 257))
	s.want(400, "POST", "/box/sum", "", "X-Object-Meta-X", strings.Repeat("x", 257))
}

func TestObjectSizeLimit(t *testing.T) {
	s := newSwift(t, nhncloudtest.WithObjectSizeLimit(10))
	s.container("box")
	s.object("/box/ten", "0123456789")
	res := s.want(413, "PUT", "/box/x", "0123456789a")
	assert.Equal(t, "Your request is too large.", res.Text)
	assert.Equal(t, "text/plain", res.Header.Get("Content-Type"))
	// In chunks it turns out later.
	res, err := s.send("PUT", "/box/x", io.MultiReader(strings.NewReader("01234567"), strings.NewReader("89abc")))
	require.NoError(t, err)
	assert.Equal(t, 413, res.Status)
	assert.Contains(t, res.Text, "<h1>Request Entity Too Large</h1>")
	s.want(404, "GET", "/box/x", "")

	// The limit is not one for manifests, nor for what they stand for.
	s.object("/box/large?multipart-manifest=put", `[{"path":"box/ten"},{"path":"box/ten"}]`)
	assert.Equal(t, "01234567890123456789", s.want(200, "GET", "/box/large", "").Text)
	s.want(413, "COPY", "/box/large", "", "Destination", "box/copy")
	s.want(201, "COPY", "/box/large?multipart-manifest=get", "", "Destination", "box/copy")

	// By default it is 5 GiB, told from the header alone.
	s = &swift{World: &cloudtest.World{Server: nhncloudtest.Start(t), T: t, HTTP: s.HTTP}}
	s.Login(s.ObjectStorageTenantID)
	s.base = s.ObjectStorageURL()
	s.container("box")
	answer := s.raw("PUT /box/x HTTP/1.1", "Content-Length: 5368709121", "Expect: 100-continue")
	assert.Contains(t, answer, "HTTP/1.1 413 ")
	assert.Contains(t, answer, "Your request is too large.")
}

// raw sends a request line and headers as they are, and gives back the answer
// with its headers. The path is below the account.
func (s *swift) raw(line string, headers ...string) string {
	s.T.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	require.NoError(s.T, err)
	defer func() { _ = conn.Close() }()
	method, path, _ := strings.Cut(line, " ")
	headers = append(headers, "Host: x", "X-Auth-Token: "+s.Token, "Connection: close")
	_, err = fmt.Fprintf(conn, "%s %s%s\r\n%s\r\n\r\n", method, strings.TrimPrefix(s.base, s.URL()), path, strings.Join(headers, "\r\n"))
	require.NoError(s.T, err)
	answer, err := io.ReadAll(conn)
	require.NoError(s.T, err)
	return string(answer)
}

func TestLengthRequired(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	answer := s.raw("PUT /box/x HTTP/1.1")
	assert.Contains(t, answer, "HTTP/1.1 411 ")
	assert.Contains(t, answer, "Missing Content-Length header.")
	assert.Contains(t, s.raw("PUT /box/x?multipart-manifest=put HTTP/1.1"), "HTTP/1.1 411 ")
	assert.Contains(t, s.raw("PUT /box/x HTTP/1.1", "Content-Length: 0"), "HTTP/1.1 201 ")
	assert.Contains(t, s.raw("POST /box/x HTTP/1.1"), "HTTP/1.1 202 ")
}

func TestRawMetadata(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	// Bytes are kept as they come, encoded or not.
	answer := s.raw("PUT /box/x HTTP/1.1", "Content-Length: 0", "X-Object-Meta-Raw: 한글", "X-Object-Meta-Encoded: %ED%95%9C",
		"X-Object-Meta-Bytes: \xff", "X-Object-Meta-Empty:")
	require.Contains(t, answer, "HTTP/1.1 201 ")
	h := s.want(200, "HEAD", "/box/x", "").Header
	assert.Equal(t, "한글", h.Get("X-Object-Meta-Raw"))
	assert.Equal(t, "%ED%95%9C", h.Get("X-Object-Meta-Encoded"))
	assert.Equal(t, "\xff", h.Get("X-Object-Meta-Bytes"))
	assert.Equal(t, []string{""}, h["X-Object-Meta-Empty"])
}

func TestUploadPolicies(t *testing.T) {
	s := newSwift(t)
	for header, c := range map[string]struct{ value, good, bad, text string }{
		"X-Container-Object-Allow-Extension-Policy": {"exe, jpg", "/a.txt/b.jpg", "/test.jpgx", "Only the objects with the following extensions can be uploaded: exe, jpg"},
		"X-Container-Object-Allow-Keyword-Policy":   {"example", "/an-example", "/example/upload.txt", "The object name must contain the following keywords: example"},
		"X-Container-Object-Deny-Extension-Policy":  {"exe, jpg", "/a.jpg/b", "/test.jpg", "The objects with the following extensions cannot be uploaded: exe, jpg"},
		"X-Container-Object-Deny-Keyword-Policy":    {"%ED%95%9C%2C,example", "/example/upload.txt", "/upload_example.txt", "The object name must not contain the following keywords: 한,, example"},
	} {
		s.container("box", header, c.value)
		s.object("/box"+c.good, "x")
		res := s.want(409, "PUT", "/box"+c.bad, "x")
		assert.Equal(t, c.text, res.Text)
		assert.Equal(t, "text/html; charset=UTF-8", res.Header.Get("Content-Type"))
		s.want(409, "COPY", "/box"+c.good, "", "Destination", "/box"+c.bad)
		s.want(409, "PUT", "/box"+c.bad+"?multipart-manifest=put", "[]")
		s.want(204, "DELETE", "/box"+c.good, "")
		s.want(204, "DELETE", "/box", "")
	}
}

func TestNoSpace(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	require.NoError(t, os.Mkdir(dir, 0o755))
	s := newSwift(t, nhncloudtest.WithObjectDir(dir))
	s.container("box")
	require.NoError(t, os.Remove(dir))
	res := s.want(507, "PUT", "/box/x", strings.Repeat("x", 2<<20))
	assert.Contains(t, res.Text, "Insufficient Storage")
	s.object("/box/x", "small")
}
