package faultmatrix

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// fault is what goes wrong with a request, or with the connection before it.
type fault struct {
	name string
	do   func(x *exchange) // answers the request

	connect func(conn net.Conn) // answers a connection; HTTP/1.1 alone
	refuse  bool                // there are no connections any more
	raw     bool                // can be had over HTTP/1.1 alone
	hangs   bool                // goes on for longer than anybody waits
	single  bool                // is the same to a call whether it passes or stays, and over either protocol
	good    bool                // is none: every call succeeds, once or always
	passes  bool                // every call that can be sent again succeeds when it passes
	claims  bool                // answers with a 2xx that is none of the operation
	page    bool                // with a page
	absent  bool                // answers that what is meant is not there
	sizes   bool                // tells another size, or none, and nothing to see that by
	etags   bool                // answers that something was stored, with an ETag
	lists   bool                // answers with a list, of other things
	agrees  bool                // says that a call of the v1.0 API succeeded
	knows   bool                // answers that something was stored, with its checksum
	empty   bool                // answers with 204
	objects bool                // is one of object storage alone
}

// faults are all of them.
func faults() []*fault {
	return slices.Concat(connectionFaults, framingFaults, informationalFaults, redirectFaults(), singly(statusFaults()), bodyFaults(), retryFaults, singly(secretFaults()), objectFaults)
}

// singly marks faults as single.
func singly(list []*fault) []*fault {
	for _, f := range list {
		f.single = true
	}
	return list
}

// half lets the cloud act and begins its answer, with so many bytes of the body.
func (x *exchange) half(size int) bool {
	a, ok := x.act()
	if ok {
		a = a.cutTo(min(size, len(a.body)/2))
		x.begin(a)
		x.piece(a, a.body)
	}
	return ok
}

// all is more than any body here has.
const all = 1 << 30

// connectionFaults break a connection, or keep silent on it.
var connectionFaults = []*fault{
	{name: "nothing", good: true, do: (*exchange).pass},
	{name: "connection refused", refuse: true, do: (*exchange).pass},
	{name: "connection closed at once", connect: func(conn net.Conn) { _ = conn.Close() }},
	{name: "connection reset at once", connect: func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }},
	{name: "connection that says nothing", hangs: true, connect: func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }},
	{name: "connection answered before the request", hangs: true, claims: true, connect: func(conn net.Conn) {
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
		_, _ = io.Copy(io.Discard, conn)
	}},
	{name: "connection of another protocol", hangs: true, connect: func(conn net.Conn) {
		_, _ = io.WriteString(conn, "SSH-2.0-OpenSSH_9.6\r\n")
		_, _ = io.Copy(io.Discard, conn)
	}},
	{name: "connection of HTTP/2 frames", hangs: true, connect: func(conn net.Conn) {
		_, _ = conn.Write([]byte("\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x05\x00\x00\x40\x00"))
		_, _ = io.Copy(io.Discard, conn)
	}},
	{name: "closed before the body", raw: true, do: func(x *exchange) { x.line.(*line1).close() }},
	{name: "reset before the body", do: func(x *exchange) { x.line.reset() }},
	{name: "closed after the request", raw: true, do: func(x *exchange) { x.drain(); x.line.(*line1).close() }},
	{name: "reset after the request", do: func(x *exchange) { x.drain(); x.line.reset() }},
	{name: "closed after acting", raw: true, do: func(x *exchange) { x.act(); x.line.(*line1).close() }},
	{name: "reset after acting", do: func(x *exchange) { x.act(); x.line.reset() }},
	{name: "closed in the status line", raw: true, do: func(x *exchange) { x.act(); x.line.raw("HTTP/1.1 20"); x.line.(*line1).close() }},
	{name: "closed in the header", raw: true, do: func(x *exchange) { x.act(); x.line.raw("HTTP/1.1 200 OK\r\nContent-Le"); x.line.(*line1).close() }},
	{name: "reset in the header", raw: true, do: func(x *exchange) { x.act(); x.line.raw("HTTP/1.1 200 OK\r\nContent-Le"); x.line.reset() }},
	{name: "closed after the header", raw: true, do: func(x *exchange) { x.half(0); x.line.(*line1).close() }},
	{name: "closed in the body", raw: true, do: func(x *exchange) { x.half(all); x.line.(*line1).close() }},
	{name: "reset in the body", do: func(x *exchange) {
		if x.half(all) {
			x.line.reset()
		}
	}},
	{name: "hangs before the body", hangs: true, do: (*exchange).hang},
	{name: "hangs after the request", hangs: true, do: func(x *exchange) { x.drain(); x.hang() }},
	{name: "hangs after acting", hangs: true, do: func(x *exchange) { x.act(); x.hang() }},
	{name: "hangs in the status line", hangs: true, raw: true, do: func(x *exchange) { x.act(); x.line.raw("HTTP/1.1 20"); x.hang() }},
	{name: "hangs in the header", hangs: true, raw: true, do: func(x *exchange) { x.act(); x.line.raw("HTTP/1.1 200 OK\r\nContent-Le"); x.hang() }},
	{name: "hangs after the header", hangs: true, do: func(x *exchange) { x.half(0); x.hang() }},
	{name: "hangs in the body", hangs: true, do: func(x *exchange) { x.half(all); x.hang() }},
	{name: "drips in the body", hangs: true, do: func(x *exchange) {
		a, ok := x.act()
		if !ok {
			return
		}
		x.begin(a)
		for i := 0; i < len(a.body) && x.r.Method != http.MethodHead && x.piece(a, a.body[i:i+1]); i++ {
			time.Sleep(20 * time.Millisecond)
		}
		x.line.end()
	}},
	{name: "drips in the header", hangs: true, raw: true, do: func(x *exchange) {
		x.act()
		x.line.raw("HTTP/1.1 200 OK\r\n")
		x.drip("X-A: b\r\n")
	}},
	{name: "header without an end", hangs: true, raw: true, do: func(x *exchange) {
		x.act()
		x.line.raw("HTTP/1.1 200 OK\r\n")
		flood := []byte(strings.Repeat("X-A: b\r\n", 1000))
		for x.line.body(flood) {
		}
	}},
}

// answers returns a fault that answers as the cloud does but for what edit
// makes of it.
func edited(edit func(a answer) answer) func(x *exchange) {
	return func(x *exchange) {
		if a, ok := x.act(); ok {
			x.send(edit(a))
		}
	}
}

// written answers by hand, with what the cloud says in it, and closes.
func written(write func(a answer) string) func(x *exchange) {
	return func(x *exchange) {
		if a, ok := x.act(); ok {
			text := write(a)
			if end := strings.Index(text, "\r\n\r\n"); x.r.Method == http.MethodHead && end >= 0 {
				text = text[:end+4]
			}
			x.line.raw(text)
			x.line.(*line1).close()
		}
	}
}

// headOf is the status line and the header of an answer, up to the length.
func headOf(version string, a answer) string {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "%s %d %s\r\n", version, a.status, http.StatusText(a.status))
	_ = a.header.Write(&b)
	return b.String()
}

// withLength is an answer with another Content-Length.
func withLength(length func(size int) string) func(x *exchange) {
	return written(func(a answer) string {
		return headOf("HTTP/1.1", a) + length(len(a.body)) + "\r\n" + string(a.body)
	})
}

// withVersion is an answer of another version.
func withVersion(version string) func(x *exchange) {
	return written(func(a answer) string {
		return headOf(version, a) + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(a.body), a.body)
	})
}

// inChunks is an answer in chunks, which are put together by hand.
func inChunks(body func(body []byte) string) func(x *exchange) {
	return written(func(a answer) string {
		return headOf("HTTP/1.1", a) + "Transfer-Encoding: chunked\r\n\r\n" + body(a.body)
	})
}

// framingFaults are answers whose form is wrong.
var framingFaults = []*fault{
	{name: "Content-Length too short", raw: true, sizes: true, do: withLength(func(n int) string { return fmt.Sprintf("Content-Length: %d\r\n", max(0, n-1)) })},
	{name: "Content-Length too long", raw: true, sizes: true, do: withLength(func(n int) string { return fmt.Sprintf("Content-Length: %d\r\n", n+1) })},
	{name: "Content-Length too long, in time", sizes: true, do: func(x *exchange) {
		if a, ok := x.act(); ok {
			x.send(a.with("Content-Length", decimal(len(a.body)+1)))
		}
	}},
	{name: "Content-Length of everything", raw: true, sizes: true, do: withLength(func(int) string { return "Content-Length: 9223372036854775807\r\n" })},
	{name: "Content-Length of more", raw: true, do: withLength(func(int) string { return "Content-Length: 99999999999999999999\r\n" })},
	{name: "Content-Length of a terabyte", raw: true, sizes: true, do: withLength(func(int) string { return "Content-Length: 1099511627776\r\n" })},
	{name: "Content-Length negative", raw: true, do: withLength(func(int) string { return "Content-Length: -1\r\n" })},
	{name: "Content-Length no number", raw: true, do: withLength(func(int) string { return "Content-Length: many\r\n" })},
	{name: "Content-Length twice", raw: true, do: withLength(func(n int) string { return fmt.Sprintf("Content-Length: %d\r\nContent-Length: %d\r\n", n, n+1) })},
	{name: "Content-Length zero", raw: true, sizes: true, do: withLength(func(int) string { return "Content-Length: 0\r\n" })},
	{name: "no length", raw: true, sizes: true, do: withLength(func(int) string { return "Connection: close\r\n" })},
	{name: "no length, half", raw: true, sizes: true, do: written(func(a answer) string {
		return headOf("HTTP/1.1", a) + "\r\n" + string(a.body[:len(a.body)/2])
	})},
	{name: "unannounced length", good: true, do: func(x *exchange) {
		if a, ok := x.act(); ok {
			if x.r.Method != http.MethodHead {
				x.line.head(a.status, a.header, -1)
				x.piece(a, a.body)
				x.line.end()
				return
			}
			x.send(a)
		}
	}},
	{name: "chunks without an end", raw: true, sizes: true, do: inChunks(func(b []byte) string { return fmt.Sprintf("%x\r\n%s\r\n", len(b), b) })},
	{name: "chunk without a size", raw: true, sizes: true, do: inChunks(func(b []byte) string { return fmt.Sprintf("zz\r\n%s\r\n0\r\n\r\n", b) })},
	{name: "chunk too large", raw: true, sizes: true, do: inChunks(func(b []byte) string { return "ffffffffffffffff\r\n" + string(b) })},
	{name: "chunk too short", raw: true, sizes: true, do: inChunks(func(b []byte) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(b)+10, b) })},
	{name: "chunk of comments", raw: true, sizes: true, do: inChunks(func(b []byte) string {
		var text strings.Builder
		for _, c := range b[:min(len(b), 200)] {
			_, _ = fmt.Fprintf(&text, "1;x=%s\r\n%c\r\n", strings.Repeat("y", 3000), c)
		}
		_, _ = fmt.Fprintf(&text, "%x\r\n%s\r\n0\r\n\r\n", len(b)-min(len(b), 200), b[min(len(b), 200):])
		return text.String()
	})},
	{name: "chunks with a bad trailer", raw: true, sizes: true, do: inChunks(func(b []byte) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\nno trailer\r\n\r\n", len(b), b) })},
	{name: "chunks and a length", raw: true, sizes: true, do: written(func(a answer) string {
		return headOf("HTTP/1.1", a) + fmt.Sprintf("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(a.body), a.body)
	})},
	{name: "another Transfer-Encoding", raw: true, do: written(func(a answer) string {
		return headOf("HTTP/1.1", a) + "Transfer-Encoding: gzip\r\n\r\n" + string(a.body)
	})},
	{name: "HTTP/9.9", raw: true, do: withVersion("HTTP/9.9")},
	{name: "HTTP/1.0", raw: true, do: withVersion("HTTP/1.0")},
	{name: "HTTP/0.9", raw: true, do: written(func(a answer) string { return string(a.body) })},
	{name: "no HTTP", raw: true, do: written(func(answer) string { return "what do you want?\r\n\r\n" })},
	{name: "status of two digits", raw: true, do: written(func(answer) string { return "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n" })},
	{name: "status of four digits", raw: true, do: written(func(answer) string { return "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n" })},
	{name: "header line without a name", raw: true, do: written(func(a answer) string {
		return headOf("HTTP/1.1", a) + fmt.Sprintf(": value\r\nContent-Length: %d\r\n\r\n%s", len(a.body), a.body)
	})},
	{name: "header of 200 KB", raw: true, do: written(func(a answer) string {
		return headOf("HTTP/1.1", a) + strings.Repeat("X-Flood: "+strings.Repeat("x", 2000)+"\r\n", 100) + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(a.body), a.body)
	})},
	{name: "two answers", raw: true, do: written(func(a answer) string {
		one := headOf("HTTP/1.1", a) + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(a.body), a.body)
		return one + one
	})},
	{name: "compressed by name alone", do: edited(func(a answer) answer { return a.with("Content-Encoding", "gzip") })},
	{name: "another content type", do: edited(func(a answer) answer { return a.with("Content-Type", "application/octet-stream") })},
}

// hints answers as the cloud does after informational answers.
func hints(status, count int) func(x *exchange) {
	return func(x *exchange) {
		if a, ok := x.act(); ok {
			for range count {
				x.line.hint(status, http.Header{"Link": {"</a>"}})
			}
			x.send(a)
		}
	}
}

// informationalFaults are what comes before an answer.
var informationalFaults = []*fault{
	{name: "100 again", good: true, raw: true, do: hints(100, 1)},
	{name: "103", good: true, do: hints(103, 1)},
	{name: "102", do: hints(102, 1)},
	{name: "199", do: hints(199, 1)},
	{name: "100 without an end", hangs: true, raw: true, do: hints(100, 5000)},
	{name: "102 without an end", hangs: true, do: hints(102, 5000)},
	{name: "103 without an end", hangs: true, do: hints(103, 5000)},
	{name: "101 and silence", hangs: true, raw: true, do: func(x *exchange) {
		x.drain()
		x.line.raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
		x.hang()
	}},
}
