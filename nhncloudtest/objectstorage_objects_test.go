package nhncloudtest_test

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUploads(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	for name, kind := range map[string]string{
		"a.txt": "text/plain", "a/b.PNG": "image/png", "plain": "application/octet-stream", "x.unknown": "application/octet-stream",
	} {
		s.object("/box/"+name, "x")
		assert.Equal(t, kind, s.want(200, "HEAD", "/box/"+name, "").header.Get("Content-Type"), name)
	}
	s.object("/box/a.txt", "x", "Content-Type", "image/gif", "X-Detect-Content-Type", "true")
	assert.Equal(t, "text/plain", s.do("HEAD", "/box/a.txt", "").header.Get("Content-Type"))

	// An empty object, and one in chunks.
	s.object("/box/empty", "")
	res := s.want(200, "GET", "/box/empty", "")
	assert.Equal(t, "d41d8cd98f00b204e9800998ecf8427e", res.header.Get("Etag"))
	assert.Equal(t, "0", res.header.Get("Content-Length"))
	res, err := s.send("PUT", "/box/chunks", io.MultiReader(strings.NewReader("one "), strings.NewReader("two")))
	require.NoError(t, err)
	assert.Equal(t, 201, res.status)
	assert.Equal(t, "one two", s.want(200, "GET", "/box/chunks", "").text)

	// The sum that the client gives is checked.
	s.object("/box/sum", "hello", "Etag", sum("hello"))
	s.object("/box/sum", "hello", "Etag", `"`+sum("hello")+`"`)
	res = s.want(422, "PUT", "/box/sum", "hullo", "Etag", sum("hello"))
	assert.Equal(t, "<html><h1>Unprocessable Entity</h1><p>Unable to process the contained instructions</p></html>", res.text)
	assert.NotEmpty(t, res.header.Get("Last-Modified"))
	assert.Equal(t, "hello", s.want(200, "GET", "/box/sum", "").text)

	s.want(404, "PUT", "/nope/x", "data")
	s.want(404, "POST", "/nope/x", "")
	s.want(404, "POST", "/box/nope", "")
	s.object("/box/"+strings.Repeat("n", 1024), "x")
	assert.Equal(t, "Object name length of 1025 longer than 1024", s.want(400, "PUT", "/box/"+strings.Repeat("n", 1025), "x").text)
	s.want(400, "PUT", "/box/x", "x", "X-Static-Large-Object", "True")
	s.want(400, "PUT", "/box/x", "x", "X-Object-Meta-X", strings.Repeat("x", 257))
	s.want(400, "POST", "/box/sum", "", "X-Object-Meta-X", strings.Repeat("x", 257))
}

func TestObjectSizeLimit(t *testing.T) {
	s := newSwift(t, nhncloudtest.WithObjectSizeLimit(10))
	s.container("box")
	s.object("/box/ten", "0123456789")
	res := s.want(413, "PUT", "/box/x", "0123456789a")
	assert.Equal(t, "Your request is too large.", res.text)
	assert.Equal(t, "text/plain", res.header.Get("Content-Type"))
	// In chunks it turns out later.
	res, err := s.send("PUT", "/box/x", io.MultiReader(strings.NewReader("01234567"), strings.NewReader("89abc")))
	require.NoError(t, err)
	assert.Equal(t, 413, res.status)
	assert.Contains(t, res.text, "<h1>Request Entity Too Large</h1>")
	s.want(404, "GET", "/box/x", "")

	// The limit is not one for manifests, nor for what they stand for.
	s.object("/box/large?multipart-manifest=put", `[{"path":"box/ten"},{"path":"box/ten"}]`)
	assert.Equal(t, "01234567890123456789", s.want(200, "GET", "/box/large", "").text)
	s.want(413, "COPY", "/box/large", "", "Destination", "box/copy")
	s.want(201, "COPY", "/box/large?multipart-manifest=get", "", "Destination", "box/copy")

	// By default it is 5 GiB, told from the header alone.
	s = &swift{world: &world{Server: nhncloudtest.Start(t), t: t, http: s.http}}
	s.login(s.ObjectStorageTenantID)
	s.base = s.ObjectStorageURL()
	s.container("box")
	answer := s.raw("PUT /box/x HTTP/1.1", "Content-Length: 5368709121", "Expect: 100-continue")
	assert.Contains(t, answer, "HTTP/1.1 413 ")
	assert.Contains(t, answer, "Your request is too large.")
}

// raw sends a request line and headers as they are, and gives back the answer
// with its headers. The path is below the account.
func (s *swift) raw(line string, headers ...string) string {
	s.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	require.NoError(s.t, err)
	defer func() { _ = conn.Close() }()
	method, path, _ := strings.Cut(line, " ")
	headers = append(headers, "Host: x", "X-Auth-Token: "+s.token, "Connection: close")
	_, err = fmt.Fprintf(conn, "%s %s%s\r\n%s\r\n\r\n", method, strings.TrimPrefix(s.base, s.URL()), path, strings.Join(headers, "\r\n"))
	require.NoError(s.t, err)
	answer, err := io.ReadAll(conn)
	require.NoError(s.t, err)
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
	h := s.want(200, "HEAD", "/box/x", "").header
	assert.Equal(t, "한글", h.Get("X-Object-Meta-Raw"))
	assert.Equal(t, "%ED%95%9C", h.Get("X-Object-Meta-Encoded"))
	assert.Equal(t, "\xff", h.Get("X-Object-Meta-Bytes"))
	assert.NotContains(t, h, "X-Object-Meta-Empty")
}

func TestPostReplacesMetadata(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.object("/box/x", "data", "Content-Type", "text/css", "X-Object-Meta-A", "1", "X-Object-Meta-B", "2",
		"Content-Encoding", "br", "Content-Disposition", "inline", "Cache-Control", "no-store", "X-Delete-After", "100")
	before := s.want(200, "HEAD", "/box/x", "").header
	for k, v := range map[string]string{
		"X-Object-Meta-A": "1", "Content-Encoding": "br", "Content-Disposition": "inline", "Cache-Control": "no-store",
		"X-Delete-At": "1772366500",
	} {
		assert.Equal(t, v, before.Get(k), k)
	}
	s.Advance(time.Second)
	res := s.want(202, "POST", "/box/x", "", "X-Object-Meta-B", "3")
	assert.Empty(t, res.text)
	after := s.want(200, "HEAD", "/box/x", "").header
	for k, v := range map[string]string{
		"X-Object-Meta-A": "", "X-Object-Meta-B": "3", "Content-Encoding": "", "Content-Disposition": "", "Cache-Control": "",
		"X-Delete-At": "", "Content-Type": "text/css", "Etag": sum("data"), "Content-Length": "4", "X-Timestamp": "1772366401.00000",
	} {
		assert.Equal(t, v, after.Get(k), k)
	}
	s.want(202, "POST", "/box/x", "", "Content-Type", "text/plain", "X-Delete-At", "1772366500")
	s.Advance(100 * time.Second)
	s.want(404, "GET", "/box/x", "")
}

func TestConditions(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.object("/box/x", "hello")
	const before, at, after = "Sun, 01 Mar 2026 12:00:00 GMT", "Sun, 01 Mar 2026 12:00:01 GMT", "Sun, 01 Mar 2026 12:00:02 GMT"
	tag := sum("hello")
	for _, c := range []struct {
		header, value string
		status        int
	}{
		{"If-Match", tag, 200},
		{"If-Match", `"` + tag + `"`, 200},
		{"If-Match", "*", 200},
		{"If-Match", `"other", "` + tag + `"`, 200},
		{"If-Match", "other", 412},
		{"If-None-Match", tag, 304},
		{"If-None-Match", "*", 304},
		{"If-None-Match", `"other"`, 200},
		{"If-Modified-Since", before, 200},
		{"If-Modified-Since", at, 304},
		{"If-Modified-Since", "nonsense", 200},
		{"If-Unmodified-Since", before, 412},
		{"If-Unmodified-Since", at, 200},
		{"If-Unmodified-Since", after, 200},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			res := s.want(c.status, method, "/box/x", "", c.header, c.value)
			assert.Equal(t, tag, res.header.Get("Etag"), "%s: %s", c.header, c.value)
			if c.status != 200 {
				assert.Empty(t, res.text)
			}
		}
	}
	s.want(412, "PUT", "/box/x", "other", "If-None-Match", "*")
	assert.Equal(t, "If-None-Match only supports *", s.want(400, "PUT", "/box/x", "other", "If-None-Match", tag).text)
	s.object("/box/new", "other", "If-None-Match", "*")
	assert.Equal(t, "hello", s.want(200, "GET", "/box/x", "").text)
}

// Of many that want to be the first only one is.
func TestOnlyOneIsFirst(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	var wg sync.WaitGroup
	statuses := make([]int, 20)
	for i := range statuses {
		wg.Go(func() {
			res, err := s.send("PUT", "/box/x", io.MultiReader(strings.NewReader("a"), strings.NewReader("b")), "If-None-Match", "*")
			if assert.NoError(t, err) {
				statuses[i] = res.status
			}
		})
	}
	wg.Wait()
	first := 0
	for _, status := range statuses {
		if status == 201 {
			first++
			continue
		}
		assert.Equal(t, 412, status)
	}
	assert.Equal(t, 1, first)
}

func TestRanges(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.object("/box/x", "0123456789", "Content-Type", "text/plain", "X-Object-Meta-A", "b")
	s.object("/box/empty", "")
	for header, want := range map[string]string{
		"bytes=0-0": "0", "bytes=3-5": "345", "bytes=7-": "789", "bytes=-3": "789", "bytes=0-99": "0123456789", "bytes=-99": "0123456789",
		"bytes= 1-2": "12",
	} {
		res := s.want(206, "GET", "/box/x", "", "Range", header)
		assert.Equal(t, want, res.text, header)
		assert.Equal(t, fmt.Sprint(len(want)), res.header.Get("Content-Length"), header)
		first := strings.Index("0123456789", want)
		assert.Equal(t, fmt.Sprintf("bytes %d-%d/10", first, first+len(want)-1), res.header.Get("Content-Range"), header)
	}
	for _, header := range []string{"bytes=5-3", "bytes=x-", "bytes=-", "lines=1-2", "bytes=3", "bytes=1-x", "bytes=0-1,3-4", "bytes=--3"} {
		assert.Equal(t, "0123456789", s.want(200, "GET", "/box/x", "", "Range", header).text, header)
	}
	for _, header := range []string{"bytes=10-", "bytes=99-100", "bytes=-0"} {
		res := s.want(416, "GET", "/box/x", "", "Range", header)
		assert.Equal(t, "bytes */10", res.header.Get("Content-Range"))
		assert.Equal(t, "<html><h1>Requested Range Not Satisfiable</h1><p>The Range requested is not available.</p></html>", res.text)
		assert.Equal(t, "text/plain", res.header.Get("Content-Type"))
		assert.Equal(t, "b", res.header.Get("X-Object-Meta-A"))
	}
	s.want(416, "GET", "/box/empty", "", "Range", "bytes=0-")
	s.want(200, "GET", "/box/empty", "", "Range", "bytes=-5")
	s.want(200, "HEAD", "/box/x", "", "Range", "bytes=1-2")
}

func TestExpiry(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.object("/box/after", "x", "X-Delete-After", "10")
	s.object("/box/at", "x", "X-Delete-At", "1772366420")
	s.object("/box/again", "x", "X-Delete-After", "5")
	s.object("/box/again", "y") // stays
	assert.Equal(t, "1772366410", s.do("HEAD", "/box/after", "").header.Get("X-Delete-At"))
	s.Advance(9 * time.Second)
	s.want(200, "GET", "/box/after", "")
	s.Advance(time.Second)
	s.want(404, "GET", "/box/after", "")
	assert.Equal(t, []string{"again", "at"}, s.names("/box"))
	s.Advance(10 * time.Second)
	assert.Equal(t, []string{"again"}, s.names("/box"))

	for header, texts := range map[string]map[string]string{
		"X-Delete-At":    {"x": "Non-integer X-Delete-At", "1772366000": "X-Delete-At in past"},
		"X-Delete-After": {"1.5": "Non-integer X-Delete-After", "-1": "X-Delete-After in past", "0": "X-Delete-After in past"},
	} {
		for value, text := range texts {
			assert.Equal(t, text, s.want(400, "PUT", "/box/x", "x", header, value).text)
			assert.Equal(t, text, s.want(400, "POST", "/box/again", "", header, value).text)
		}
	}
}

func TestRFCETags(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Rfc-Compliant-Etags", "true")
	tag := `"` + sum("x") + `"`
	assert.Equal(t, tag, s.object("/box/x", "x").header.Get("Etag"))
	assert.Equal(t, tag, s.want(200, "GET", "/box/x", "").header.Get("Etag"))
	assert.Equal(t, tag, s.want(201, "COPY", "/box/x", "", "Destination", "box/y").header.Get("Etag"))
	s.object("/box/y", "x", "Etag", tag)
	s.want(304, "GET", "/box/x", "", "If-None-Match", tag)
	s.want(204, "POST", "/box", "", "X-Container-Rfc-Compliant-Etags", "false")
	assert.Equal(t, sum("x"), s.want(200, "GET", "/box/x", "").header.Get("Etag"))
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
		assert.Equal(t, c.text, res.text)
		assert.Equal(t, "text/html; charset=UTF-8", res.header.Get("Content-Type"))
		s.want(409, "COPY", "/box"+c.good, "", "Destination", "/box"+c.bad)
		s.want(409, "PUT", "/box"+c.bad+"?multipart-manifest=put", "[]")
		s.want(204, "DELETE", "/box"+c.good, "")
		s.want(204, "DELETE", "/box", "")
	}
}

func TestCopies(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.container("other")
	s.object("/box/한%2F글", "hello", "Content-Type", "text/plain", "X-Object-Meta-A", "1", "X-Object-Meta-B", "2",
		"Content-Encoding", "br", "X-Delete-After", "1000")
	path := "/box/%ED%95%9C%2F%EA%B8%80"
	check := func(name string, want map[string]string) {
		t.Helper()
		res := s.want(200, "GET", name, "")
		assert.Equal(t, "hello", res.text)
		for k, v := range want {
			assert.Equal(t, v, res.header.Get(k), "%s: %s", name, k)
		}
	}
	same := map[string]string{
		"Content-Type": "text/plain", "X-Object-Meta-A": "1", "X-Object-Meta-B": "2", "Content-Encoding": "br", "X-Delete-At": "1772367400",
		"Etag": sum("hello"),
	}
	res := s.want(201, "COPY", path, "", "Destination", "other/copy%20one")
	check("/other/copy%20one", same)
	assert.Equal(t, sum("hello"), res.header.Get("Etag"))
	assert.Equal(t, "box/%ED%95%9C/%EA%B8%80", res.header.Get("X-Copied-From"))
	assert.Equal(t, "AUTH_"+s.ObjectStorageTenantID, res.header.Get("X-Copied-From-Account"))
	assert.NotEmpty(t, res.header.Get("X-Copied-From-Last-Modified"))
	assert.Equal(t, "1", res.header.Get("X-Object-Meta-A"))

	s.want(201, "PUT", "/other/two", "", "X-Copy-From", strings.TrimPrefix(path, "/"), "X-Object-Meta-B", "3", "X-Delete-After", "5")
	check("/other/two", map[string]string{"X-Object-Meta-A": "1", "X-Object-Meta-B": "3", "X-Delete-At": "1772366405"})
	s.want(201, "COPY", path, "", "Destination", "/other/three", "X-Fresh-Metadata", "true", "X-Object-Meta-C", "4")
	check("/other/three", map[string]string{
		"X-Object-Meta-A": "", "X-Object-Meta-C": "4", "Content-Type": "text/plain", "X-Delete-At": "", "Content-Encoding": "",
	})
	s.want(201, "COPY", path, "", "Destination", "/other/four", "Content-Type", "image/png")
	check("/other/four", map[string]string{"Content-Type": "image/png"})
	// Onto itself it changes the metadata.
	s.want(201, "COPY", path, "", "Destination", "/box/%ED%95%9C%2F%EA%B8%80", "X-Object-Meta-A", "5")
	check(path, map[string]string{"X-Object-Meta-A": "5", "X-Object-Meta-B": "2"})

	// A range makes a smaller object, and conditions are those of a GET.
	s.want(201, "COPY", path, "", "Destination", "/other/five", "Range", "bytes=1-2")
	assert.Equal(t, "el", s.want(200, "GET", "/other/five", "").text)
	s.want(412, "COPY", path, "", "Destination", "/other/six", "If-Match", "x")
	s.want(416, "COPY", path, "", "Destination", "/other/six", "Range", "bytes=99-")

	// The copy does not depend on the source.
	s.want(204, "DELETE", path, "")
	check("/other/copy%20one", same)

	s.want(404, "COPY", path, "", "Destination", "other/x")
	s.want(404, "COPY", "/other/four", "", "Destination", "nope/x")
	assert.Equal(t, "Destination header required", s.want(412, "COPY", path, "").text)
	for _, bad := range []string{"box", "/box", "/", "box/", "/box/%ff"} {
		s.want(412, "COPY", "/other/four", "", "Destination", bad)
		s.want(412, "PUT", "/other/x", "", "X-Copy-From", bad)
	}
	assert.Equal(t, "Copy requests require a zero byte body", s.want(400, "PUT", "/other/x", "body", "X-Copy-From", "other/four").text)
	s.want(405, "PUT", "/other/x?multipart-manifest=put", "", "X-Copy-From", "other/four")
	s.want(404, "PUT", "/other/x", "", "X-Copy-From", "other/four; something")
	s.want(400, "COPY", "/other/four", "", "Destination", "other/x", "X-Delete-At", "1")
}

func TestCopiesBetweenAccounts(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Read", s.TenantID+":*")
	s.object("/box/x", "hello")
	other := s.otherTenant()
	other.base = s.URL() + "/object-store/v1/AUTH_" + s.TenantID
	other.container("mine")
	account := "AUTH_" + s.ObjectStorageTenantID
	other.want(201, "PUT", "/mine/x", "", "X-Copy-From", "box/x", "X-Copy-From-Account", account)
	assert.Equal(t, "hello", other.want(200, "GET", "/mine/x", "").text)
	other.want(403, "COPY", "/mine/x", "", "Destination", "box/y", "Destination-Account", account)
	s.want(204, "POST", "/box", "", "X-Container-Write", "*:*")
	other.want(201, "COPY", "/mine/x", "", "Destination", "box/y", "Destination-Account", account)
	other.want(403, "COPY", "/mine/x", "", "Destination", "box/y", "Destination-Account", "AUTH_nobody")
	other.want(403, "PUT", "/mine/x", "", "X-Copy-From", "box/y", "X-Copy-From-Account", "AUTH_nobody")
	s.want(204, "POST", "/box", "", "X-Container-Read", "")
	other.want(403, "PUT", "/mine/x", "", "X-Copy-From", "box/x", "X-Copy-From-Account", account)
}

// Gigabytes would pass through in the same way: nothing of a large object
// stays in memory.
func TestStreaming(t *testing.T) {
	dir := t.TempDir()
	s := newSwift(t, nhncloudtest.WithObjectDir(dir))
	s.container("box")
	const size = 64 << 20
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse
	}
	before := heap()
	during := make(chan uint64, 1) // which net/http may get to see when the answer is there
	hash := md5.New()
	body := io.TeeReader(io.LimitReader(pattern{}, size), hash)
	watched := readerFunc(func(p []byte) (int, error) {
		n, err := body.Read(p)
		if err == io.EOF {
			select {
			case during <- heap():
			default:
			}
		}
		return n, err
	})
	req := s.request("PUT", "/box/large", watched)
	req.ContentLength = size
	resp, err := s.http.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 201, resp.StatusCode)
	whole := <-during
	want := hex.EncodeToString(hash.Sum(nil))
	assert.Equal(t, want, resp.Header.Get("Etag"))
	files := func() []string {
		all, err := filepath.Glob(filepath.Join(dir, "*", "*"))
		require.NoError(t, err)
		return all
	}
	assert.Len(t, files(), 1)

	resp, err = s.http.Do(s.request("GET", "/box/large", nil))
	require.NoError(t, err)
	hash.Reset()
	_, err = io.CopyN(hash, resp.Body, size/2)
	require.NoError(t, err)
	half := heap()
	// What is being read stays until it is.
	s.want(204, "DELETE", "/box/large", "")
	assert.Len(t, files(), 1)
	_, err = io.Copy(hash, resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, want, hex.EncodeToString(hash.Sum(nil)))
	for _, now := range []uint64{whole, half} {
		if now > before {
			assert.Less(t, now-before, uint64(size/4*3), "the whole would not fit; other tests use some, too")
		}
	}
	assert.Eventually(t, func() bool { return len(files()) == 0 }, 10*time.Second, time.Millisecond)

	// Closing the cloud removes the rest.
	s.object("/box/again", strings.Repeat("x", 1<<20+1))
	s.object("/box/small", strings.Repeat("x", 1<<20))
	assert.Len(t, files(), 1)
	res := s.want(206, "GET", "/box/again", "", "Range", "bytes=1048570-")
	assert.Equal(t, "xxxxxxx", res.text)
	s.Close()
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// pattern gives bytes without end.
type pattern struct{}

func (pattern) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i * 7)
	}
	return len(p), nil
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// Metadata can be looked at while somebody uploads.
func TestUploadsDoNotBlock(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	r, w := io.Pipe()
	done := make(chan result, 1)
	go func() {
		res, err := s.send("PUT", "/box/slow", r)
		assert.NoError(t, err)
		done <- res
	}()
	_, err := io.WriteString(w, strings.Repeat("x", 1<<17))
	require.NoError(t, err)
	s.object("/box/fast", "x")
	assert.Equal(t, []string{"fast"}, s.names("/box"))
	assert.NotZero(t, s.Now())
	// What happens meanwhile counts.
	s.want(204, "DELETE", "/box/fast", "")
	s.want(204, "DELETE", "/box", "")
	require.NoError(t, w.Close())
	assert.Equal(t, 404, (<-done).status)
}

func TestLocksAreCheckedAgain(t *testing.T) {
	s := newSwift(t)
	s.container("lock", "X-Container-Worm-Retention-Day", "1")
	r, w := io.Pipe()
	done := make(chan result, 1)
	go func() {
		res, err := s.send("PUT", "/lock/x", r)
		assert.NoError(t, err)
		done <- res
	}()
	_, err := io.WriteString(w, strings.Repeat("x", 1<<17))
	require.NoError(t, err)
	s.object("/lock/x", "first")
	require.NoError(t, w.Close())
	assert.Equal(t, 403, (<-done).status)
	assert.Equal(t, "first", s.want(200, "GET", "/lock/x", "").text)
}

// A client that breaks off leaves nothing behind.
func TestBrokenUploads(t *testing.T) {
	dir := t.TempDir()
	s := newSwift(t, nhncloudtest.WithObjectDir(dir))
	s.container("box")
	for _, size := range []int{10, 1 << 17, 2 << 20} {
		broken := io.MultiReader(strings.NewReader(strings.Repeat("x", size)), iotestErr{})
		_, err := s.send("PUT", "/box/x", broken)
		require.Error(t, err)
		for _, headers := range [][]string{
			{"PUT /box/x HTTP/1.1", "Expect: 100-continue"},
			{"PUT /box/x?multipart-manifest=put HTTP/1.1", "Expect: 100-continue"},
			{"POST /box HTTP/1.1", "Content-Type: application/json", "Expect: 100-continue"},
			{"POST /?bulk-delete HTTP/1.1", "Expect: 100-continue"},
		} {
			assert.NotContains(t, s.brokenOff(headers[0], append(headers[1:], "Content-Length: 5")...), "HTTP/1.1 2")
		}
	}
	s.want(404, "GET", "/box/x", "")
	// The cloud may notice later than the client.
	require.Eventually(t, func() bool {
		files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
		return err == nil && len(files) == 0
	}, 10*time.Second, time.Millisecond)
}

// brokenOff sends less than it says, after it was told to go on.
func (s *swift) brokenOff(line string, headers ...string) string {
	s.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	require.NoError(s.t, err)
	defer func() { _ = conn.Close() }()
	method, path, _ := strings.Cut(line, " ")
	headers = append(headers, "Host: x", "X-Auth-Token: "+s.token)
	_, err = fmt.Fprintf(conn, "%s %s%s\r\n%s\r\n\r\n", method, strings.TrimPrefix(s.base, s.URL()), path, strings.Join(headers, "\r\n"))
	require.NoError(s.t, err)
	reader := bufio.NewReader(conn)
	first, err := reader.ReadString('\n')
	require.NoError(s.t, err)
	assert.Contains(s.t, first, "100 Continue")
	_, err = io.WriteString(conn, "x")
	require.NoError(s.t, err)
	require.NoError(s.t, conn.(*net.TCPConn).CloseWrite())
	rest, _ := io.ReadAll(reader) // a reset is what it may get
	return string(rest)
}

type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error) { return 0, errors.New("broken") }

func TestNoSpace(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	require.NoError(t, os.Mkdir(dir, 0o755))
	s := newSwift(t, nhncloudtest.WithObjectDir(dir))
	s.container("box")
	require.NoError(t, os.Remove(dir))
	res := s.want(507, "PUT", "/box/x", strings.Repeat("x", 2<<20))
	assert.Contains(t, res.text, "Insufficient Storage")
	s.object("/box/x", "small")
}

func TestObjectOptionsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for name, opt := range map[string]nhncloudtest.Option{
		"no directory":    nhncloudtest.WithObjectDir(filepath.Join(file, "none")),
		"file":            nhncloudtest.WithObjectDir(file),
		"size limit":      nhncloudtest.WithObjectSizeLimit(0),
		"writes a second": nhncloudtest.WithObjectWriteLimit(0),
	} {
		_, err := nhncloudtest.Listen(opt)
		require.Error(t, err, name)
	}
}

func TestObjectFaults(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	text := strings.Repeat("x", 1000)
	s.object("/box/x", text)

	fault := s.Inject(nhncloudtest.Fault{Operation: "objectstorage-get-object", Status: 503, RetryAfter: time.Second, Times: 1})
	res := s.want(503, "GET", "/box/x", "")
	assert.Equal(t, "<html><h1>Service Unavailable</h1><p>The server is currently unavailable. Please try again at a later time.</p></html>", res.text)
	assert.Equal(t, "1", res.header.Get("Retry-After"))
	assert.NotEmpty(t, res.header.Get("X-Trans-Id"))
	assert.Equal(t, 1, fault.Fired())
	s.want(200, "GET", "/box/x", "")
	s.Inject(nhncloudtest.Fault{Status: 418, Times: 1})
	assert.Contains(t, s.want(418, "PUT", "/box/x", text).text, "teapot")
	s.Inject(nhncloudtest.Fault{Method: "PUT", Path: "/box/x$", Status: 500, Body: `{"own":"body"}`, Times: 1})
	assert.Equal(t, `{"own":"body"}`, s.want(500, "PUT", "/box/x", text).text)

	// Half of a large body comes.
	s.Inject(nhncloudtest.Fault{Truncate: true, Times: 1})
	resp, err := s.http.Do(s.request("GET", "/box/x", nil))
	require.NoError(t, err)
	half, err := io.ReadAll(resp.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NoError(t, resp.Body.Close())
	assert.Len(t, half, 500)
	assert.Equal(t, "1000", resp.Header.Get("Content-Length"))

	for _, f := range []nhncloudtest.Fault{{Reset: true, Times: 1}, {ResetAfter: true, Times: 1}} {
		s.Inject(f)
		_, err = s.send("PUT", "/box/new", bytes.NewReader([]byte(text)))
		require.Error(t, err)
		status := map[bool]int{true: 404, false: 200}[f.Reset]
		s.want(status, "HEAD", "/box/new", "")
	}
	// A delay ends with the cloud.
	s.Inject(nhncloudtest.Fault{Delay: time.Hour})
	gone := make(chan error, 1)
	go func() {
		_, err := s.send("GET", "/box/x", nil)
		gone <- err
	}()
	assert.Eventually(t, func() bool { return s.Requests()[len(s.Requests())-1].Status == 0 }, 10*time.Second, time.Millisecond)
	s.Close()
	require.Error(t, <-gone)
}

func TestObjectRecords(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.ResetRequests()
	s.object("/box/a//b", "hello")
	large := strings.Repeat("x", 1<<17)
	s.object("/box/large", large)
	s.object("/box/waits", large, "Expect", "100-continue")
	s.want(404, "PUT", "/nope/refused", large)
	all := s.Requests()
	require.Len(t, all, 4)
	assert.Equal(t, "PUT", all[0].Method)
	assert.True(t, strings.HasSuffix(all[0].Path, "/box/a//b"))
	assert.Equal(t, "objectstorage-put-object", all[0].Operation)
	assert.Equal(t, 201, all[0].Status)
	assert.Equal(t, "hello", string(all[0].Body))
	assert.Len(t, all[1].Body, 1<<16)
	assert.Len(t, all[2].Body, 1<<16)
	assert.Equal(t, 404, all[3].Status)

	for _, c := range []struct{ method, path, header, operation string }{
		{"HEAD", "", "", "head-account"},
		{"GET", "", "", "list-containers"},
		{"PUT", "/box", "", "put-container"},
		{"GET", "/box", "", "list-objects"},
		{"POST", "/box", "", "post-container"},
		{"DELETE", "/box", "", "delete-container"},
		{"GET", "/box?policy", "", "get-container-policy"},
		{"POST", "/box", "Content-Type: application/json", "set-container-policy"},
		{"PUT", "/box/x", "", "put-object"},
		{"PUT", "/box/x?multipart-manifest=put", "", "put-slo-manifest"},
		{"PUT", "/box/x", "X-Object-Manifest: box/y", "put-dlo-manifest"},
		{"PUT", "/box/x", "X-Copy-From: box/y", "copy-object-put"},
		{"PUT", "/box/x", "X-Copy-From: box/y; multipart-manifest=get", "copy-manifest-put"},
		{"GET", "/box/x", "", "get-object"},
		{"GET", "/box/x?multipart-manifest=get", "", "get-slo-manifest"},
		{"GET", "/box/x?temp_url_sig=1", "", "temp-url"},
		{"HEAD", "/box/x", "", "head-object"},
		{"POST", "/box/x", "", "post-object-metadata"},
		{"DELETE", "/box/x", "", "delete-object"},
		{"COPY", "/box/x", "", "copy-object"},
		{"COPY", "/box/x?multipart-manifest=get", "", "copy-manifest"},
	} {
		operation := "objectstorage-" + c.operation
		before := s.Count(operation)
		k, v, _ := strings.Cut(c.header, ": ")
		body := ""
		if k == "Content-Type" {
			body = "{}"
		}
		if k == "" {
			s.do(c.method, c.path, body)
		} else {
			s.do(c.method, c.path, body, k, v)
		}
		assert.Equal(t, before+1, s.Count(operation), operation)
	}
	unnamed := s.Count("")
	s.do("HEAD", "/box", "")
	s.do("POST", "?bulk-delete", "x")
	s.call("GET", "/object-store/v1", nil)
	assert.Equal(t, unnamed+3, s.Count(""))
	assert.Equal(t, http.MethodGet, s.Requests()[len(s.Requests())-1].Method)
	assert.Empty(t, s.Requests()[len(s.Requests())-1].Operation)
}
