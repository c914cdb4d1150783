package objectstorage_test

import (
	"bufio"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
)

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
	resp, err := s.HTTP.Do(req)
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

	resp, err = s.HTTP.Do(s.request("GET", "/box/large", nil))
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
	assert.Equal(t, "xxxxxxx", res.Text)
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
	done := make(chan cloudtest.Result, 1)
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
	assert.Equal(t, 404, (<-done).Status)
}

func TestLocksAreCheckedAgain(t *testing.T) {
	s := newSwift(t)
	s.container("lock", "X-Container-Worm-Retention-Day", "1")
	r, w := io.Pipe()
	done := make(chan cloudtest.Result, 1)
	go func() {
		res, err := s.send("PUT", "/lock/x", r)
		assert.NoError(t, err)
		done <- res
	}()
	_, err := io.WriteString(w, strings.Repeat("x", 1<<17))
	require.NoError(t, err)
	s.object("/lock/x", "first")
	require.NoError(t, w.Close())
	assert.Equal(t, 403, (<-done).Status)
	assert.Equal(t, "first", s.want(200, "GET", "/lock/x", "").Text)
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
	s.T.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	require.NoError(s.T, err)
	defer func() { _ = conn.Close() }()
	method, path, _ := strings.Cut(line, " ")
	headers = append(headers, "Host: x", "X-Auth-Token: "+s.Token)
	_, err = fmt.Fprintf(conn, "%s %s%s\r\n%s\r\n\r\n", method, strings.TrimPrefix(s.base, s.URL()), path, strings.Join(headers, "\r\n"))
	require.NoError(s.T, err)
	reader := bufio.NewReader(conn)
	first, err := reader.ReadString('\n')
	require.NoError(s.T, err)
	assert.Contains(s.T, first, "100 Continue")
	_, err = io.WriteString(conn, "x")
	require.NoError(s.T, err)
	require.NoError(s.T, conn.(*net.TCPConn).CloseWrite())
	rest, _ := io.ReadAll(reader) // a reset is what it may get
	return string(rest)
}

type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error) { return 0, errors.New("broken") }
