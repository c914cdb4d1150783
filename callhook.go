package nhncloud

import (
	"context"
	"errors"
	"time"
)

// CallHook is told of every call as a whole, around its login and its attempts,
// as tracing and metrics want it; [Middleware] sees the attempts. It is called
// when the call begins, with the context of the caller and the call, whose
// Attempt is 0, and returns the context that the call goes on with, where nil
// stands for the one given, and what is called when the call is over, which may
// be nil.
//
// That gets what became of the call: a [Response] without the header, whose
// StatusCode is 0 where there was no answer, and the error that the caller gets.
// A call of [Client.Open] is over when its body can be read.
type CallHook func(ctx context.Context, call Call) (context.Context, func(Response, error))

// WithCallHook has a hook called around every call of the client, logins
// included. The first one given is the outermost. A client without hooks spends
// nothing on them.
func WithCallHook(hook CallHook) Option {
	return func(s *settings) error {
		if hook == nil {
			return NewArgumentError("", "WithCallHook", "must not be nil")
		}
		s.hooks = append(s.hooks, hook)
		return nil
	}
}

// errPanicked is what hooks are told of a call that panics, as that does whose
// body does.
var errPanicked = errors.New("nhncloud: the call panicked")

// doHooked runs the call with its hooks around it.
func (c *call) doHooked() (err error) {
	start := time.Now()
	ctx := c.Context
	ends := make([]func(Response, error), 0, len(c.client.hooks))
	err = errPanicked
	defer func() {
		response := Response{
			StatusCode: c.last.status,
			RequestID:  c.requestID(),
			Attempts:   int(c.attempts.Load()),
			Duration:   time.Since(start),
		}
		for i := len(ends) - 1; i >= 0; i-- {
			ends[i](response, err)
		}
	}()
	for _, hook := range c.client.hooks {
		next, end := hook(ctx, Call{Operation: c.request.Operation, Service: c.request.Service})
		if next != nil {
			ctx = next
		}
		if end != nil {
			ends = append(ends, end)
		}
	}
	c.Context = ctx
	return c.do()
}

// requestID returns the request id that the last answer had, fit to be shown.
func (c *call) requestID() string {
	id := requestID(c.last.header)
	if id == "" || isRequestID(id) {
		return id
	}
	return readable(c.secrets(), id, maxWord)
}

// isRequestID reports whether a text has the form that the services give their
// request ids, "req-" and a UUID, which nothing secret has.
func isRequestID(text string) bool {
	if len(text) != len("req-")+36 || text[:4] != "req-" {
		return false
	}
	for i, b := range []byte(text[4:]) {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if b != '-' {
				return false
			}
		case (b < '0' || b > '9') && (b < 'a' || b > 'f'):
			return false
		}
	}
	return true
}
