package nhncloud

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// call is one Do on its way. It is the context of its own requests, so that
// the retry layer and middleware find it.
//
// It is prepared once (prepare.go) and sent through the retry layer, which asks
// after each attempt what became of it and whether there is another
// (attempt.go); that reads the answer (answer.go).
type call struct {
	context.Context

	client  *Client
	request Request
	out     any
	open    bool // the body of a success goes to the caller unread, in response

	keeper  *keeper  // nil for anonymous calls
	session *session // token in use; nil for anonymous calls
	policy  RetryPolicy
	url     url.URL
	body    sending

	retry     retryablehttp.Client // of this call alone; it is only a bundle of functions
	retryable retryablehttp.Request
	attempts  atomic.Int32 // requests sent; middleware may look from anywhere
	past      history
	last      outcome
	wait      time.Duration // before the next attempt
	limited   limitedReader // of the answer that is being read
	response  *http.Response
}

// do runs the call, captures its details and logs it.
func (c *call) do() error {
	var start time.Time
	captured, _ := c.Context.Value(captureKey{}).(*capture)
	logging := c.client.logger.Enabled(c.Context, slog.LevelDebug)
	if captured != nil || logging {
		start = time.Now()
	}
	err := c.run()
	for ; captured != nil; captured = captured.outer {
		*captured.response = Response{
			StatusCode: c.last.status,
			Header:     c.last.header,
			RequestID:  requestID(c.last.header),
			Attempts:   int(c.attempts.Load()),
			Duration:   time.Since(start),
		}
	}
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
		c.client.logger.LogAttrs(c.Context, slog.LevelDebug, "nhncloud: call", attrs...)
	}
	return err
}

// run prepares the request and sends it through the retry layer.
func (c *call) run() error {
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

// complete adds the facts of the call to a failure.
func (c *call) complete(e *Error) {
	e.Operation = c.request.Operation
	e.Method = c.request.Method
	e.URL = redactURL(&c.url)
	e.Attempts = int(c.attempts.Load())
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

// Format keeps every verb of package fmt from printing the fields of the call,
// which middleware may do with the context of a request.
func (c *call) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// String names the call.
func (c *call) String() string { return "nhncloud.call(" + c.request.Operation + ")" }

// Value makes the call findable from the context of its requests.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}
