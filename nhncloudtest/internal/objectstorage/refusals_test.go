package objectstorage_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// dial opens a connection, and sends the headers of an upload of so many bytes.
func (s *swift) dial(path string, length int) (net.Conn, *bufio.Reader) {
	s.T.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	require.NoError(s.T, err)
	s.T.Cleanup(func() { _ = conn.Close() })
	require.NoError(s.T, conn.SetDeadline(time.Now().Add(30*time.Second)))
	_, err = fmt.Fprintf(conn, "PUT %s%s HTTP/1.1\r\nHost: x\r\nX-Auth-Token: %s\r\nContent-Length: %d\r\n\r\n",
		strings.TrimPrefix(s.base, s.URL()), path, s.Token, length)
	require.NoError(s.T, err)
	return conn, bufio.NewReader(conn)
}

func status(t *testing.T, r *bufio.Reader) int {
	t.Helper()
	resp, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func TestEarlyRefusals(t *testing.T) {
	s := newSwift(t, nhncloudtest.WithObjectSizeLimit(2<<20))
	s.container("box")
	// Who looks for the answer has it before the body is sent, and can go on with
	// the connection once it is.
	conn, answers := s.dial("/nope/x", 300<<10)
	assert.Equal(t, 404, status(t, answers))
	last := func() nhncloudtest.RecordedRequest { return s.Requests()[len(s.Requests())-1] }
	assert.Empty(t, last().Body)
	_, err := conn.Write([]byte(strings.Repeat("x", 300<<10) + "GET /info HTTP/1.1\r\nHost: x\r\n\r\n"))
	require.NoError(t, err)
	assert.Equal(t, 200, status(t, answers))
	assert.Len(t, s.Requests()[len(s.Requests())-2].Body, 1<<16, "what came is noted all the same")

	_, answers = s.dial("/box/x", 2<<20+1)
	assert.Equal(t, 413, status(t, answers))
	// Who sends everything first finds the answer then.
	conn, answers = s.dial("/nope/x", 4<<20)
	_, err = conn.Write(make([]byte, 4<<20))
	require.NoError(t, err)
	assert.Equal(t, 404, status(t, answers))

	// A fault is one after the body.
	s.Inject(nhncloudtest.Fault{Method: "PUT", Status: 503, Times: 1})
	conn, answers = s.dial("/box/x", 5)
	_, err = conn.Write([]byte("hello"))
	require.NoError(t, err)
	assert.Equal(t, 503, status(t, answers))
	assert.Equal(t, "hello", string(last().Body))
	// The cloud can be closed while somebody still holds a body back.
	_, answers = s.dial("/nope/x", 100)
	assert.Equal(t, 404, status(t, answers))
	s.Close()
}

func TestMoreRefusals(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.object("/box/x", "hello", "Content-Type", "text/plain")
	res := s.want(501, "COPY", "/box/x", "", "Destination", "box/y", "Range", "bytes=0-0,2-2")
	assert.Equal(t, "A copy of several ranges is not supported.", res.Text)
	s.want(201, "COPY", "/box/x", "", "Destination", "box/y", "Range", "bytes=0-0,9-")
	assert.Equal(t, "h", s.want(200, "GET", "/box/y", "").Text)

	// The limits of metadata are those of all that an account has.
	for i := range 2 {
		var headers []string
		for k := range 46 {
			headers = append(headers, fmt.Sprintf("X-Account-Meta-%d-%d", i, k), "x")
		}
		s.want([]int{204, 400}[i], "POST", "", "", headers...)
	}
	assert.Empty(t, s.want(200, "HEAD", "", "").Header.Get("X-Account-Meta-1-0"))
	s.want(204, "POST", "", "", "X-Account-Meta-0-0", "", "X-Account-Meta-New", "x")
	s.want(400, "PUT", "/box/x", "x", "X-Foo", strings.Repeat("x", 8193))

	for text, status := range map[string]int{"inf": 400, "nan": 400, "": 400, "0": 204} {
		s.want(status, "DELETE", "/box/y", "", "X-If-Delete-At", text)
	}
	s.want(404, "DELETE", "/box/y", "", "X-If-Delete-At", "0")
}
