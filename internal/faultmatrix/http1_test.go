package faultmatrix

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// server1 is a server of HTTP/1.1 over plain TCP, for one cell.
type server1 struct {
	cell     *cell
	listener net.Listener

	mu    sync.Mutex
	open  map[net.Conn]bool
	over  bool
	group sync.WaitGroup
}

// serve1 starts the server of a cell.
func serve1(t testing.TB, c *cell) *server1 {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &server1{cell: c, listener: listener, open: map[net.Conn]bool{}}
	s.group.Go(s.accept)
	return s
}

// url is where the server is.
func (s *server1) url() string { return "http://" + s.listener.Addr().String() }

// refuse lets nobody connect any more.
func (s *server1) refuse() { _ = s.listener.Close() }

// connections returns how many are open.
func (s *server1) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// close ends everything.
func (s *server1) close() {
	_ = s.listener.Close()
	s.mu.Lock()
	s.over = true
	for conn := range s.open {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.group.Wait()
}

func (s *server1) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		over := s.over
		s.open[conn] = true
		s.mu.Unlock()
		if over {
			_ = conn.Close()
		}
		s.group.Go(func() {
			defer func() {
				_ = conn.Close()
				s.mu.Lock()
				delete(s.open, conn)
				s.mu.Unlock()
			}()
			s.serve(conn)
		})
	}
}

// serve answers the requests of a connection.
func (s *server1) serve(conn net.Conn) {
	if s.cell.meet(conn) {
		return
	}
	reader := bufio.NewReader(conn)
	for {
		r, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		l := &line1{cell: s.cell, conn: conn, reader: reader, w: bufio.NewWriter(conn), request: r}
		body := &requestBody{ReadCloser: r.Body, line: l, asked: r.Header.Get("Expect") != ""}
		r.Body = body
		s.cell.serve(l, r)
		if !l.whole() {
			return
		}
		if !body.ended && r.ContentLength != 0 { // an answer to half a request
			_ = conn.(*net.TCPConn).CloseWrite()
			_ = conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
			_, _ = io.Copy(io.Discard, reader)
			return
		}
	}
}

// requestBody is a body that is asked for when it is read.
type requestBody struct {
	io.ReadCloser
	line  *line1
	asked bool // for a go-ahead
	ended bool
}

// Read reads the body.
func (b *requestBody) Read(p []byte) (int, error) {
	if b.asked {
		b.asked = false
		b.line.hint(http.StatusContinue, nil)
	}
	n, err := b.ReadCloser.Read(p)
	b.ended = b.ended || err == io.EOF
	return n, err
}

// line1 is a line over HTTP/1.1.
type line1 struct {
	cell    *cell
	conn    net.Conn
	reader  *bufio.Reader
	w       *bufio.Writer
	request *http.Request

	begun   bool
	broken  bool
	chunked bool
	left    int64 // of the body
}

// whole reports whether a whole answer was sent, so that there may be another
// request.
func (l *line1) whole() bool { return l.begun && !l.broken && l.left == 0 && l.w.Flush() == nil }

func (l *line1) head(status int, header http.Header, length int64) {
	l.cell.said(status, header)
	_, _ = fmt.Fprintf(l.w, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	_ = header.Write(l.w)
	switch {
	case status == http.StatusNoContent || status == http.StatusNotModified:
		length = 0
	case length < 0:
		l.chunked, length = true, 0
		_, _ = io.WriteString(l.w, "Transfer-Encoding: chunked\r\n")
	default:
		_, _ = fmt.Fprintf(l.w, "Content-Length: %d\r\n", length)
	}
	_, _ = io.WriteString(l.w, "\r\n")
	l.begun, l.left = true, length
	if l.request.Method == http.MethodHead {
		l.left, l.chunked = 0, false
	}
}

func (l *line1) hint(status int, header http.Header) {
	_, _ = fmt.Fprintf(l.w, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	_ = header.Write(l.w)
	_, _ = io.WriteString(l.w, "\r\n")
	l.broken = l.w.Flush() != nil || l.broken
}

func (l *line1) body(piece []byte) bool {
	if l.chunked {
		_, _ = fmt.Fprintf(l.w, "%x\r\n%s\r\n", len(piece), piece)
	} else {
		_, _ = l.w.Write(piece)
		l.left -= int64(len(piece))
	}
	l.broken = l.w.Flush() != nil || l.broken
	return !l.broken
}

func (l *line1) end() {
	if l.chunked {
		_, _ = io.WriteString(l.w, "0\r\n\r\n")
	}
	l.broken = l.w.Flush() != nil || l.broken
}

func (l *line1) reset() {
	_ = l.w.Flush()
	_ = l.conn.(*net.TCPConn).SetLinger(0)
	l.close()
}

// close closes the connection.
func (l *line1) close() {
	l.broken = true
	_ = l.w.Flush()
	_ = l.conn.Close()
}

func (l *line1) wait() {
	l.broken = true
	_ = l.w.Flush()
	_, _ = io.Copy(io.Discard, l.reader)
}

func (l *line1) raw(text string) {
	if !l.begun {
		var status int
		_, _ = fmt.Sscanf(text[strings.IndexByte(text, ' ')+1:], "%d", &status)
		l.cell.said(status, nil)
	}
	_, _ = io.WriteString(l.w, text)
	if l.w.Flush() != nil {
		l.broken = true
	}
	l.begun, l.left = true, -1 // nothing comes after it
}
