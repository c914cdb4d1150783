package conn

import (
	"io"
	"math"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Limit returns the connection with a limit on its silence: within that time
// something has to be sent or received.
func Limit(c net.Conn, silence time.Duration) *Conn { return &Conn{Conn: c, limit: silence} }

// Conn is a connection on which something has to happen within a limit,
// counted anew with each piece that is sent or received. That is cheaper than a
// timer for each request, as ResponseHeaderTimeout of net/http is one, and also
// ends an answer that stops in the middle, but no large one that goes on.
type Conn struct {
	net.Conn
	limit    time.Duration
	extended atomic.Int64 // when the deadline was last set, in Unix nanoseconds
}

// extend moves the deadline where that was not done just now.
func (c *Conn) extend() {
	now := time.Now()
	since := time.Duration(now.UnixNano() - c.extended.Load())
	if since > c.limit/1000 || since < 0 {
		c.extended.Store(now.UnixNano())
		_ = c.SetDeadline(now.Add(c.limit))
	}
}

// Read reads from the connection. What counts is the time that it waits, not
// how long the reader took for what it got before.
func (c *Conn) Read(p []byte) (int, error) {
	c.extend()
	return c.Conn.Read(p)
}

// Write writes to the connection.
func (c *Conn) Write(p []byte) (int, error) {
	c.extend()
	return c.Conn.Write(p)
}

// ReadFrom sends what r has, piece by piece, because each piece extends the
// deadline. A file is sent by the system without copies, which knows it only
// where it stands in a single io.LimitedReader.
func (c *Conn) ReadFrom(r io.Reader) (int64, error) {
	limited, ok := r.(*io.LimitedReader)
	if !ok {
		limited = &io.LimitedReader{R: r, N: math.MaxInt64}
	}
	if _, ok := limited.R.(*os.File); !ok {
		buffer := pieces.Get().(*[pieceSize]byte)
		defer pieces.Put(buffer)
		return io.CopyBuffer(onlyWriter{c}, limited, buffer[:])
	}
	const piece = 1 << 20
	var total int64
	for limited.N > 0 {
		c.extend()
		part := io.LimitedReader{R: limited.R, N: min(piece, limited.N)}
		want := part.N
		n, err := io.Copy(c.Conn, &part)
		total += n
		limited.N -= n
		if err != nil || n < want {
			return total, err
		}
	}
	return total, nil
}

const pieceSize = 64 << 10

var pieces = sync.Pool{New: func() any { return new([pieceSize]byte) }}

// onlyWriter is a connection that hides ReadFrom.
type onlyWriter struct{ to *Conn }

// Write writes to the connection.
func (w onlyWriter) Write(p []byte) (int, error) { return w.to.Write(p) }
