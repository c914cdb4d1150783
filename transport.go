package nhncloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Middleware wraps the transport that sends the requests, like those of
// net/http: anything that makes one http.RoundTripper of another fits, such as
// otelhttp.NewTransport. It sees every attempt; [CallFromContext] on the
// context of the request tells which call it belongs to. As any RoundTripper
// it must not change the request, but clone it.
type Middleware func(next http.RoundTripper) http.RoundTripper

// RoundTripperFunc makes an http.RoundTripper of a function.
type RoundTripperFunc func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f RoundTripperFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Call tells which call a request belongs to.
type Call struct {
	Operation string  // documented operation, such as "compute-v2-get-server"
	Service   Service // service that is called
	Attempt   int     // 1 for the first request of the call
}

type callKey struct{}

// CallFromContext returns the call that a request of the SDK belongs to, for
// middleware and transports: pass it the context of the request.
func CallFromContext(ctx context.Context) (Call, bool) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return Call{}, false
	}
	return Call{Operation: c.request.Operation, Service: c.request.Service, Attempt: int(c.attempts.Load())}, true
}

// maxSilence is how long a connection of the default transport may be silent in
// the middle of a request. Without a limit, a call whose context has no end
// would wait for ever for a server that is stuck.
const maxSilence = 2 * time.Minute

// defaultTransport is shared by all clients that bring no http.Client. The
// standard one keeps two idle connections a host, which makes busy programs
// dial again and again, and waits without end.
var defaultTransport = sync.OnceValue(func() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok { // replaced by the program, which then wants it so
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConns = 512
	t.MaxIdleConnsPerHost = 128
	dial := t.DialContext
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &guardedConn{Conn: conn, limit: maxSilence}, nil
	}
	return t
})

// guardedConn is a connection on which something has to happen within limit,
// counted anew with each piece that is sent or received. That is cheaper than a
// timer for each request, as ResponseHeaderTimeout of net/http is one, and also
// ends an answer that stops in the middle, but no large one that goes on.
type guardedConn struct {
	net.Conn
	limit    time.Duration
	extended atomic.Int64 // when the deadline was last set, in Unix nanoseconds
}

// extend moves the deadline where that was not done just now.
func (c *guardedConn) extend() {
	now := time.Now()
	since := time.Duration(now.UnixNano() - c.extended.Load())
	if since > c.limit/1000 || since < 0 {
		c.extended.Store(now.UnixNano())
		_ = c.SetDeadline(now.Add(c.limit))
	}
}

// Read reads from the connection. What counts is the time that it waits, not
// how long the reader took for what it got before.
func (c *guardedConn) Read(p []byte) (int, error) {
	c.extend()
	return c.Conn.Read(p)
}

// Write writes to the connection.
func (c *guardedConn) Write(p []byte) (int, error) {
	c.extend()
	return c.Conn.Write(p)
}

// ReadFrom sends what r has, piece by piece, because each piece extends the
// deadline. A file is sent by the system without copies, which knows it only
// where it stands in a single io.LimitedReader.
func (c *guardedConn) ReadFrom(r io.Reader) (int64, error) {
	limited, ok := r.(*io.LimitedReader)
	if !ok {
		limited = &io.LimitedReader{R: r, N: math.MaxInt64}
	}
	if _, ok := limited.R.(*os.File); !ok {
		buffer := pieces.Get().(*[pieceSize]byte)
		defer pieces.Put(buffer)
		return io.CopyBuffer((*onlyWriter)(c), limited, buffer[:])
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
type onlyWriter guardedConn

// Write writes to the connection.
func (w *onlyWriter) Write(p []byte) (int, error) { return (*guardedConn)(w).Write(p) }

// newHTTPClient returns an http.Client that behaves as the caller's does, but
// logs, runs the middleware, and keeps the token on its host.
func newHTTPClient(callers *http.Client, logger *slog.Logger, middleware []Middleware) *http.Client {
	hc := &http.Client{Transport: defaultTransport()}
	if callers != nil {
		*hc = *callers
		if hc.Transport == nil {
			hc.Transport = http.DefaultTransport
		}
	}
	base := hc.Transport
	wrapped := base
	for i := len(middleware) - 1; i >= 0; i-- {
		wrapped = middleware[i](wrapped)
	}
	hc.Transport = &transport{next: wrapped, base: base, logger: logger}
	hc.CheckRedirect = redirectPolicy(hc.CheckRedirect)
	return hc
}

// transport is the outermost RoundTripper. It has no CloseIdleConnections
// method, because go-retryablehttp calls that after every failure and would
// drop the idle connections of other calls.
type transport struct {
	next, base http.RoundTripper
	logger     *slog.Logger
}

// RoundTrip sends one request and logs it.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !t.logger.Enabled(r.Context(), slog.LevelDebug) {
		return t.send(r)
	}
	start := time.Now()
	resp, err := t.send(r)
	call, _ := CallFromContext(r.Context())
	attrs := []slog.Attr{
		slog.String("operation", call.Operation),
		slog.Int("attempt", call.Attempt),
		slog.String("method", r.Method),
		slog.String("url", redactURL(r.URL)),
		slog.Duration("duration", time.Since(start)),
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", transportCause(err).Error()))
	} else {
		attrs = append(attrs, slog.Int("status", resp.StatusCode), slog.String("request_id", requestID(resp.Header)))
	}
	t.logger.LogAttrs(r.Context(), slog.LevelDebug, "nhncloud: attempt", attrs...)
	return resp, err
}

// send sends one request. When its context ends it does not wait for a body that
// can be read only once and is being read, as net/http does: whoever fills it
// may never do so.
func (t *transport) send(r *http.Request) (*http.Response, error) {
	body, ok := r.Body.(*onceBody)
	if !ok {
		return t.next.RoundTrip(r)
	}
	defer body.answered()
	if r.Context().Done() == nil {
		return t.next.RoundTrip(r)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		body.resp, body.err = t.next.RoundTrip(r)
	}()
	select {
	case <-done:
		return body.resp, body.err
	case <-r.Context().Done():
	}
	if !body.leave() {
		<-done
		return body.resp, body.err
	}
	go func() {
		if <-done; body.err == nil {
			_ = body.resp.Body.Close()
		}
	}()
	return nil, r.Context().Err()
}

func (t *transport) closeIdle() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// redirectError is a redirect that is not followed.
type redirectError struct{ reason string }

func (e *redirectError) Error() string { return e.reason }

const maxRedirects = 10

// redirectPolicy follows redirects of reading calls only, and takes the token
// off the request when it leaves its host. The services redirect nothing; what
// does is a proxy or a wrong address.
func redirectPolicy(callers func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(r *http.Request, via []*http.Request) error {
		first := via[0]
		if first.Method != http.MethodGet && first.Method != http.MethodHead {
			return http.ErrUseLastResponse // the 3xx becomes an *Error
		}
		if !sameOrigin(first.URL, r.URL) {
			for _, name := range secretHeaders {
				r.Header.Del(name)
			}
		}
		if callers != nil {
			return callers(r, via)
		}
		if len(via) >= maxRedirects {
			return &redirectError{fmt.Sprintf("stopped after %d redirects", maxRedirects)}
		}
		return nil
	}
}

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && a.Host == b.Host
}

const maxDrain = 64 << 10

// drainAndClose reads the little that may be left of a body, so that its
// connection can be used again.
func drainAndClose(body io.ReadCloser) {
	if body != http.NoBody {
		_, _ = io.CopyN(io.Discard, body, maxDrain)
	}
	_ = body.Close()
}

// limitedReader fails once more than the limit was read, and remembers how the
// body began.
type limitedReader struct {
	r     io.Reader
	left  int64
	limit int64
	head  [200]byte // what the body began with
	held  int       // bytes in head
}

var errTooLarge = errors.New("larger than the limit")

// Read reads from the body.
func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		// Exactly at the limit the body may just end.
		var one [1]byte
		n, err := l.r.Read(one[:])
		if n > 0 {
			return 0, fmt.Errorf("answer is %w of %d bytes; see WithMaxResponse", errTooLarge, l.limit)
		}
		return 0, err
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	if n > 0 && l.held < len(l.head) {
		l.held += copy(l.head[l.held:], p[:n])
	}
	return n, err
}

// beginning returns what the body began with.
func (l *limitedReader) beginning() []byte { return l.head[:l.held] }
