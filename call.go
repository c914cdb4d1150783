package nhncloud

import (
	"context"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/nhncloud-go/nhncloud/internal/redact"
)

// call is one Do on its way. Its context is that of its requests, so that the
// retry layer and middleware find it.
//
// It is prepared once (prepare.go) and sent through the retry layer, which asks
// after each attempt what became of it and whether there is another
// (attempt.go); that reads the answer (answer.go).
type call struct {
	callContext

	client  *Client
	request Request
	out     any
	open    bool // the body of a success goes to the caller unread, in response

	keeper  *keeper  // nil for anonymous calls
	session *session // token in use; nil for anonymous calls
	leave   func()   // the gate of the keeper; nil outside
	policy  RetryPolicy
	url     url.URL
	body    sending

	retry     retryablehttp.Client // of this call alone; it is only a bundle of functions
	retryable retryablehttp.Request
	attempts  atomic.Int32          // requests sent; middleware may look from anywhere
	trace     httptrace.ClientTrace // that of the caller, and what the call wants to hear of
	hints     atomic.Int32          // informational answers to the attempt under way

	callers1xx func(int, textproto.MIMEHeader) error // of the caller's trace; may be nil

	past     history
	last     outcome
	wait     time.Duration // before the next attempt
	limited  limitedReader // of the answer that is being read
	response *http.Response
}

// newCall begins a call.
func newCall(ctx context.Context, client *Client, request Request) *call {
	c := &call{client: client, request: request}
	c.callContext = callContext{ctx, c}
	return c
}

// listen has the call hear of its requests, as the trace of its caller does.
func (c *call) listen() {
	if callers := httptrace.ContextClientTrace(c.Context); callers != nil {
		c.trace = *callers
	}
	c.callers1xx, c.trace.Got1xxResponse = c.trace.Got1xxResponse, c.hear1xx
}

// run runs the call, with hooks where there are any.
func (c *call) run() error {
	if len(c.client.hooks) > 0 {
		return c.doHooked()
	}
	return c.do()
}

// do runs the call, captures its details and logs it.
func (c *call) do() error {
	c.listen()
	c.tellPace()
	var start time.Time
	captured, _ := c.Value(captureKey{}).(*capture)
	logging := c.client.logger.Enabled(c, slog.LevelDebug)
	if captured != nil || logging {
		start = time.Now()
	}
	err := c.send()
	if c.request.ResponseHeader != nil {
		*c.request.ResponseHeader = c.last.header
	}
	var header http.Header
	if captured != nil && c.last.header != nil {
		header = c.secrets().Header(c.last.header)
	}
	captured.store(Response{
		StatusCode: c.last.status,
		Header:     header,
		RequestID:  requestID(header),
		Attempts:   int(c.attempts.Load()),
		Duration:   time.Since(start),
	})
	if logging {
		attrs := []slog.Attr{
			slog.String("operation", c.request.Operation),
			slog.Int("status", c.last.status),
			slog.Int("attempts", int(c.attempts.Load())),
			slog.Duration("duration", time.Since(start)),
		}
		if err != nil {
			attrs = append(attrs, slog.Any("error", err))
		}
		c.client.logger.LogAttrs(c, slog.LevelDebug, "nhncloud: call", attrs...)
	}
	return err
}

// send prepares the request and sends it through the retry layer.
func (c *call) send() error {
	if err := c.prepare(); err != nil {
		return c.explain(err)
	}
	req, err := c.httpRequest()
	if err != nil {
		return c.explain(err)
	}
	c.retry.HTTPClient = c.client.http
	c.retry.RetryMax = math.MaxInt // checkRetry counts
	c.retry.CheckRetry = checkRetry
	c.retry.ErrorHandler = retryablehttp.PassthroughErrorHandler
	c.retryable.Request = req

	c.attempts.Store(1)
	defer c.leaveKeeper()
	c.response, err = c.retry.Do(&c.retryable)
	if err == nil {
		return nil
	}
	if failure := c.last.failure; failure != nil && err == c.Err() {
		// The context ended during a back-off: keep what the service said.
		failure.Err = err
		return failure
	}
	return c.explain(err)
}

// complete adds the facts of the call to a failure, and frees it of secrets.
func (c *call) complete(e *Error) {
	e.Operation = c.request.Operation
	e.Method = c.request.Method
	e.URL = redact.URL(&c.url)
	e.Attempts = int(c.attempts.Load())
	c.clean(e)
}

// explain makes an *Error of what ended the call outside of an attempt, and
// leaves alone what is one already.
func (c *call) explain(err error) error {
	e := asError(err)
	if e.Operation == "" {
		e.Operation = c.request.Operation
	}
	if e.Attempts == 0 {
		e.Attempts = int(c.attempts.Load())
	}
	c.clean(e)
	return e
}

// asError returns err as an *Error that may be changed.
func asError(err error) *Error {
	if e, ok := err.(*Error); ok {
		own := *e // logins hand one error to all that wait
		return &own
	}
	return &Error{Err: err}
}
