package nhncloud

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/nhncloud-go/nhncloud/internal/conn"
	"github.com/nhncloud-go/nhncloud/internal/oncebody"
)

// Middleware wraps the transport that sends the requests, like those of
// net/http: any function that makes one http.RoundTripper of another fits. It
// sees every attempt; [CallFromContext] on the context of the request tells
// which call it belongs to, and [RedactedURL] prints its URL. As any RoundTripper it must not change the request,
// but clone it.
//
// A function with options besides goes into another one, such as that of
// OpenTelemetry:
//
//	tracing := func(next http.RoundTripper) http.RoundTripper { return otelhttp.NewTransport(next) }
//	client, err := nhncloud.NewClient(config, nhncloud.WithMiddleware(tracing))
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
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return conn.Limit(c, maxSilence), nil
	}
	return t
})

// newHTTPClient returns an http.Client that behaves as the caller's does, but
// logs, runs the middleware, and stays on the host that is called.
func newHTTPClient(callers *http.Client, logger *slog.Logger, middleware []Middleware, redirectsElsewhere bool) *http.Client {
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
	hc.Transport = &transport{next: answering{wrapped}, base: base, logger: logger}
	hc.CheckRedirect = redirects{callers: hc.CheckRedirect, elsewhere: redirectsElsewhere}.check
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
	about, _ := CallFromContext(r.Context())
	attrs := []slog.Attr{
		slog.String("operation", about.Operation),
		slog.Int("attempt", about.Attempt),
		slog.String("method", r.Method),
		slog.String("url", RedactedURL(r)),
		slog.Duration("duration", time.Since(start)),
	}
	switch c, ok := r.Context().Value(callKey{}).(*call); {
	case !ok:
	case err != nil:
		attrs = append(attrs, slog.String("error", readable(c.secrets(), transportCause(err).Error(), maxMessage)))
	default:
		attrs = append(attrs, slog.Int("status", resp.StatusCode),
			slog.String("request_id", readable(c.secrets(), requestID(resp.Header), maxWord)))
	}
	t.logger.LogAttrs(r.Context(), slog.LevelDebug, "nhncloud: attempt", attrs...)
	return resp, err
}

// send sends one request.
func (t *transport) send(r *http.Request) (*http.Response, error) {
	if body, ok := r.Body.(*oncebody.Body); ok {
		return body.RoundTrip(t.next, r)
	}
	return t.next.RoundTrip(r)
}

// answering is a RoundTripper that keeps the promise to return an answer or an
// error, which one of the caller may not.
type answering struct{ next http.RoundTripper }

var errNoAnswer = errors.New("the transport returned neither an answer nor an error")

// RoundTrip sends one request.
func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := a.next.RoundTrip(r)
	switch {
	case resp == nil && err == nil:
		return nil, errNoAnswer
	case resp != nil && resp.Body == nil:
		resp.Body = http.NoBody
	case err != nil:
		resp = nil
	}
	return resp, err
}

func (t *transport) closeIdle() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
