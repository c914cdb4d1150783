package faultmatrix

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
)

// server2 is a server of HTTP/2 over TLS, for one cell.
type server2 struct {
	*httptest.Server
	cell *cell
	open atomic.Int64
	over chan struct{}
}

// serve2 starts the server of a cell.
func serve2(c *cell) *server2 {
	s := &server2{cell: c, over: make(chan struct{})}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.serve(&line2{server: s, w: w, r: r, control: http.NewResponseController(w)}, r)
	}))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = quiet
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			s.open.Add(1)
		case http.StateClosed, http.StateHijacked:
			s.open.Add(-1)
		}
	}
	s.StartTLS()
	return s
}

func (s *server2) url() string      { return s.URL }
func (s *server2) refuse()          { _ = s.Listener.Close() }
func (s *server2) connections() int { return int(s.open.Load()) }

func (s *server2) close() {
	close(s.over)
	s.CloseClientConnections()
	s.Close()
}

// line2 is a line over HTTP/2.
type line2 struct {
	server  *server2
	w       http.ResponseWriter
	r       *http.Request
	control *http.ResponseController
	begun   bool // else a flush would begin it
}

func (l *line2) flush() {
	if l.begun {
		_ = l.control.Flush()
	}
}

func (l *line2) head(status int, header http.Header, length int64) {
	l.server.cell.said(status, header)
	for name, values := range header {
		l.w.Header()[name] = values
	}
	if length >= 0 && status != http.StatusNoContent && status != http.StatusNotModified {
		l.w.Header().Set("Content-Length", decimal(int(length)))
	}
	l.w.WriteHeader(status)
	l.begun = true
	if l.r.Method == http.MethodHead {
		_ = l.control.Flush()
	}
}

// The header is left out, and nothing follows once the client is gone: net/http
// may still be writing it then.
func (l *line2) hint(status int, _ http.Header) {
	l.w.WriteHeader(status)
	if l.r.Context().Err() != nil {
		panic(http.ErrAbortHandler)
	}
}

func (l *line2) body(piece []byte) bool {
	_, err := l.w.Write(piece)
	return err == nil && l.control.Flush() == nil && l.r.Context().Err() == nil
}

func (l *line2) end() {}

func (l *line2) reset() {
	l.flush()
	panic(http.ErrAbortHandler)
}

func (l *line2) wait() {
	l.flush()
	select {
	case <-l.r.Context().Done():
	case <-l.server.over:
	}
}

func (l *line2) raw(string) { panic("HTTP/2 has no lines") }
