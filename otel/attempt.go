package otelnhncloud

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/nhncloud-go/nhncloud"
)

// target is where an attempt goes.
type target struct {
	about
	method       string
	scheme, host string // of the URL; the host has the port where there is one
}

// attemptNames is what all attempts with a target have in common.
type attemptNames struct {
	name  string
	start []trace.SpanStartOption
}

func newAttemptNames(t target) *attemptNames {
	name := standardMethod(t.method)
	if name == methodOther {
		name = "HTTP"
	}
	if t.operation != "" {
		name += " " + t.operation
	}
	return &attemptNames{name, []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(append(t.attributes(true), keyService.String(string(t.service)))...),
	}}
}

const methodOther = "_OTHER"

// standardMethod returns a method that the semantic conventions know.
func standardMethod(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY":
		return method
	}
	return methodOther
}

func (t target) attributes(ofSpan bool) []attribute.KeyValue {
	u := url.URL{Scheme: t.scheme, Host: t.host}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		port = 443
		if t.scheme == "http" {
			port = 80
		}
	}
	method := standardMethod(t.method)
	attributes := []attribute.KeyValue{
		keyOperation.String(t.operation), semconv.HTTPRequestMethodKey.String(method),
		semconv.ServerAddress(u.Hostname()), semconv.ServerPort(port),
	}
	if ofSpan && method == methodOther {
		attributes = append(attributes, semconv.HTTPRequestMethodOriginal(t.method))
	}
	return attributes
}

// attemptResult is where an attempt went, and how it ended.
type attemptResult struct {
	target
	status    int // 0 without an answer
	major     int // of the version of HTTP
	minor     int
	errorType string // of what broke it off; "" where an answer came whole
}

func measuredAttempt(r attemptResult) *measured {
	return newMeasured(r.appendTo(r.target.attributes(false))...)
}

// appendTo appends the attributes of how it ended.
func (r attemptResult) appendTo(attributes []attribute.KeyValue) []attribute.KeyValue {
	if r.status != 0 {
		attributes = append(attributes, semconv.HTTPResponseStatusCode(r.status), semconv.NetworkProtocolVersion(protocol(r.major, r.minor)))
	}
	switch {
	case r.errorType != "":
		attributes = append(attributes, semconv.ErrorTypeKey.String(r.errorType))
	case r.status >= 400:
		attributes = append(attributes, semconv.ErrorTypeKey.String(strconv.Itoa(r.status)))
	}
	return attributes
}

// protocol is the version of HTTP as the semantic conventions have it.
func protocol(major, minor int) string {
	switch {
	case major == 1 && minor == 1:
		return "1.1"
	case major >= 2 && minor == 0:
		return strconv.Itoa(major)
	}
	return strconv.Itoa(major) + "." + strconv.Itoa(minor)
}

// middleware puts a span around each attempt, and measures it.
func (t *telemetry) middleware(next http.RoundTripper) http.RoundTripper {
	return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return t.roundTrip(next, r) })
}

// attempt is an attempt under way. It is the body of its answer.
type attempt struct {
	telemetry *telemetry
	ctx       context.Context
	span      trace.Span
	start     time.Time
	result    attemptResult
	url       string // fit to be shown; "" where nobody wants to see it
	number    int    // of the attempt in its call, from 1 on
	uploads   bool   // the request has a body
	sending   counted

	body  io.ReadCloser
	read  atomic.Int64
	ended atomic.Bool
}

func (t *telemetry) roundTrip(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	call, _ := nhncloud.CallFromContext(r.Context())
	a := &attempt{telemetry: t, start: time.Now(), uploads: r.ContentLength != 0}
	a.result.target = target{about{call.Operation, call.Service}, r.Method, r.URL.Scheme, r.URL.Host}
	names := t.attemptNames.get(a.result.target, newAttemptNames)
	a.ctx, a.span = t.tracer.Start(r.Context(), names.name, names.start...)
	if a.span.IsRecording() {
		a.url, a.number = nhncloud.RedactedURL(r), call.Attempt
	}
	resp, err := next.RoundTrip(a.request(r))
	if err != nil || resp == nil {
		a.end(err)
		return resp, err
	}
	a.result.status, a.result.major, a.result.minor = resp.StatusCode, resp.ProtoMajor, resp.ProtoMinor
	if resp.Body == nil || resp.Body == http.NoBody {
		a.end(nil)
		return resp, nil
	}
	a.body, resp.Body = resp.Body, a
	return resp, nil
}

// request returns the request that is sent: a copy where there is something to
// change.
func (a *attempt) request(r *http.Request) *http.Request {
	a.sending.n.Store(max(0, r.ContentLength))
	propagator := a.telemetry.propagator
	if propagator == nil && r.ContentLength >= 0 && !a.span.IsRecording() {
		return r // nobody would find the span in its context
	}
	if propagator == nil {
		r = r.WithContext(a.ctx)
	} else {
		r = r.Clone(a.ctx)
		propagator.Inject(a.ctx, propagation.HeaderCarrier(r.Header))
	}
	if r.ContentLength < 0 && r.Body != nil {
		a.sending.ReadCloser, r.Body = r.Body, &a.sending
	}
	return r
}

// counted is a body whose length is not known before it was sent.
type counted struct {
	io.ReadCloser
	n atomic.Int64
}

// Read reads from the body.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// Read reads from the answer. The attempt is over at its end.
func (a *attempt) Read(p []byte) (int, error) {
	n, err := a.body.Read(p)
	a.read.Add(int64(n))
	switch err {
	case nil:
	case io.EOF:
		a.end(nil)
	default:
		a.end(err)
	}
	return n, err
}

// Close closes the answer, and the attempt is over at the latest.
func (a *attempt) Close() error {
	err := a.body.Close()
	a.end(nil)
	return err
}

// end ends the span and measures the attempt, once.
func (a *attempt) end(err error) {
	if a.ended.Swap(true) {
		return
	}
	t, result := a.telemetry, a.result
	if err != nil {
		result.errorType = causeOf(err)
	}
	if a.span.IsRecording() {
		var room [5]attribute.KeyValue
		attributes := append(room[:0], semconv.URLFull(a.url))
		if a.number > 1 {
			attributes = append(attributes, semconv.HTTPRequestResendCount(a.number-1))
		}
		a.span.SetAttributes(result.appendTo(attributes)...)
		if result.errorType != "" || result.status >= 400 {
			a.span.SetStatus(codes.Error, "")
		}
	}
	a.span.End()
	if !t.attemptDuration.Enabled(a.ctx) && !t.sent.Enabled(a.ctx) && !t.received.Enabled(a.ctx) {
		return
	}
	set := t.attemptSets.get(result, measuredAttempt)
	t.attemptDuration.Record(a.ctx, time.Since(a.start).Seconds(), set.record...)
	if result.status == 0 {
		return
	}
	if a.uploads {
		t.sent.Record(a.ctx, a.sending.n.Load(), set.record...)
	}
	if n := a.read.Load(); n > 0 {
		t.received.Record(a.ctx, n, set.record...)
	}
}
