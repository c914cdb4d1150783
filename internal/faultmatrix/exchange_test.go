package faultmatrix

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// exchange is a request that a fault answers. What is sent goes over either
// protocol; raw and reset of a connection are HTTP/1.1 alone.
type exchange struct {
	r    *http.Request
	cell *cell
	line line
}

// line sends what is said, to a client that may be gone.
type line interface {
	// head begins an answer. Its body has that length; -1 is one that ends when
	// it is said to.
	head(status int, header http.Header, length int64)
	// hint sends an informational answer.
	hint(status int, header http.Header)
	// body sends a piece of the body. It reports whether it was taken.
	body(piece []byte) bool
	// end ends the answer.
	end()
	// reset breaks the connection, or the stream, off.
	reset()
	// wait keeps silent until the client is gone or the cell is over.
	wait()
	// raw sends bytes as they are.
	raw(text string)
}

// act lets the cloud do what the request wants and returns what it says. It
// reads the body first; a request that does not come whole is none.
func (x *exchange) act() (answer, bool) {
	body, err := io.ReadAll(x.r.Body)
	if err != nil {
		x.line.reset()
		return answer{}, false
	}
	return x.cell.cloud.answer(x.r, body), true
}

// pass answers as the cloud does.
func (x *exchange) pass() {
	if a, ok := x.act(); ok {
		x.send(a)
	}
}

// send sends a whole answer.
func (x *exchange) send(a answer) {
	x.begin(a)
	x.piece(a, a.body)
	x.line.end()
}

// begin sends the head of an answer, whose body has the length it has unless
// the header says so.
func (x *exchange) begin(a answer) {
	length := int64(len(a.body))
	if text := a.header.Get("Content-Length"); text != "" {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			length = n
		}
		a.header = a.header.Clone()
		a.header.Del("Content-Length")
	}
	x.line.head(a.status, a.header, length)
}

// piece sends a piece of the body, where the answer can have one.
func (x *exchange) piece(a answer, piece []byte) bool {
	if x.r.Method == http.MethodHead || a.status == http.StatusNoContent || a.status == http.StatusNotModified {
		return true
	}
	return len(piece) == 0 || x.line.body(piece)
}

// drain reads the request and forgets it.
func (x *exchange) drain() { _, _ = io.Copy(io.Discard, x.r.Body) }

// hang keeps silent until the client is gone.
func (x *exchange) hang() { x.line.wait() }

// drip sends bytes one after the other, until the client is gone.
func (x *exchange) drip(piece string) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for x.line.body([]byte(piece)) {
		<-ticker.C
	}
}

// with returns the answer with other header fields; an empty value takes one
// away.
func (a answer) with(fields ...string) answer {
	a.header = a.header.Clone()
	for i := 0; i < len(fields); i += 2 {
		if a.header.Del(fields[i]); fields[i+1] != "" {
			a.header.Set(fields[i], fields[i+1])
		}
	}
	return a
}

// cutTo returns the answer with so much of its body, and the length that it had.
func (a answer) cutTo(size int) answer {
	own := a.with("Content-Length", decimal(len(a.body)))
	own.body = slices.Clone(a.body[:min(size, len(a.body))])
	return own
}
