package nhncloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"time"
)

// outcome is what an attempt ended with.
type outcome struct {
	status  int // 0 without an answer
	header  http.Header
	failure *Error // nil after a success
	cause   error  // of the failure, where it is not an answer that says so
}

// answered reports whether the service itself said that the call failed.
func (o *outcome) answered() bool { return o.failure != nil && o.cause == nil }

// accepted reports whether the outcome shows that the service took the token.
func (o *outcome) accepted() bool {
	if o.failure == nil {
		return true
	}
	switch o.failure.Kind() {
	case ErrForbidden, ErrNotFound, ErrConflict, ErrInvalidArgument, ErrPreconditionFailed, ErrQuotaExceeded:
		return o.answered()
	}
	return false // it may be said without a look at the token
}

// history is what is known of all attempts so far.
type history struct {
	retries   int      // attempts after a failure
	refused   int      // tokens that were
	refusal   *refusal // of the last token that was; nil where none was
	ambiguous bool     // an attempt may have done its work unseen
}

// verdict is whether there is another attempt.
type verdict struct {
	again bool
	wait  time.Duration // before it
	note  string        // why there is none, where that is not obvious
}

// checkRetry is asked by the retry layer after each attempt. It returns whether
// there is another, and else the error that the call ends with.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	return ctx.Value(callKey{}).(*call).checkRetry(resp, err)
}

func (c *call) checkRetry(resp *http.Response, err error) (bool, error) {
	c.leaveGate()
	o := c.conclude(resp, err)
	if o.failure != nil && c.alreadyGone(&o) {
		o.failure = nil
	}
	c.last = o
	if c.session != nil && o.accepted() {
		c.keeper.accepted(c.request.Service, c.session)
	}
	if o.failure == nil {
		return false, nil
	}
	c.complete(o.failure)
	v := c.judge(&o)
	if v.note != "" {
		o.failure.Note = v.note
	}
	if !v.again {
		return false, o.failure
	}
	c.wait = v.wait
	c.retry.Backoff = c.backoff
	c.retry.PrepareRetry = c.prepareRetry
	return true, nil
}

func (c *call) backoff(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return c.wait }

// conclude finds out what an attempt ended with. It reads the answer, but for
// the content that the caller wants to read.
func (c *call) conclude(resp *http.Response, err error) outcome {
	if err != nil {
		c.body.rethrow()
		return outcome{failure: c.transportFailure(err), cause: err}
	}
	o := outcome{status: resp.StatusCode, header: resp.Header}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		o.failure = c.readError(resp)
		return o
	}
	if err := c.readAnswer(resp); err != nil {
		var failure *Error // on its own, so that a success allocates nothing here
		if !errors.As(err, &failure) {
			failure = &Error{Err: err, kind: ErrBadAnswer}
		}
		o.failure = failure
		if o.failure.ResultCode == 0 {
			o.cause = err
		}
		if c.Err() != nil {
			o.failure.Err, o.failure.kind, o.cause = c.Err(), nil, c.Err()
		}
	}
	return o
}

// transportFailure is the failure of an attempt without an answer. Where the
// context has ended, what the service said before is kept.
func (c *call) transportFailure(err error) *Error {
	if c.Err() == nil {
		return &Error{Err: transportCause(err), kind: kindOfTransport(err)}
	}
	failure := c.last.failure
	if failure == nil || failure.StatusCode == 0 {
		failure = new(Error)
	}
	failure.Err = c.Err()
	return failure
}

// alreadyGone reports whether the failure is what it looks like when an earlier
// attempt to delete something did the work.
func (c *call) alreadyGone(o *outcome) bool {
	return c.request.Method == http.MethodDelete && c.past.ambiguous && o.answered() && o.failure.Kind() == ErrNotFound
}

// judge decides whether there is another attempt after a failure.
func (c *call) judge(o *outcome) verdict {
	var v verdict
	switch {
	case o.answered():
		v = c.afterAnswer(o.failure)
	case c.Err() != nil:
		return v
	case o.status == 0:
		v = c.afterTransportError(o)
	default:
		v = c.afterBadAnswer(o)
	}
	if v.again && c.body.spent() {
		return verdict{note: noteSpent}
	}
	return v
}

const noteSpent = "not repeated, because the body can be read only once; use NewBody"

// afterAnswer decides after an answer that says that the call failed, in its
// status or in the envelope of the v1.0 API.
func (c *call) afterAnswer(e *Error) verdict {
	if e.Kind() == ErrUnauthorized && c.session != nil {
		return c.afterRefusal()
	}
	if !retryableStatus(c.request.idempotency(), e) {
		return verdict{}
	}
	c.past.ambiguous = c.past.ambiguous || e.status() >= 500
	return c.schedule(e.RetryAfter)
}

// afterRefusal decides after an answer that refuses the token. The service did
// nothing then, so that any call may be repeated with another.
func (c *call) afterRefusal() verdict {
	if c.body.spent() {
		return verdict{note: noteSpent} // and no login for it
	}
	if c.past.refused == maxReplacements {
		return verdict{note: fmt.Sprintf("not repeated, because %d tokens were refused one after the other", c.past.refused+1)}
	}
	if c.past.refused == 0 {
		c.keeper.repeated.Add(1) // until the call is over
	}
	c.past.refused++
	r, wait := c.keeper.refused(c, c.request.Service, c.session)
	if r == nil {
		return verdict{note: fmt.Sprintf("not repeated, because the service refuses new tokens too; there is no login for it for %v", wait.Round(time.Millisecond))}
	}
	c.past.refusal = r
	return verdict{again: true}
}

// afterTransportError decides after an attempt without an answer.
func (c *call) afterTransportError(o *outcome) verdict {
	if permanentFailure(o.cause) {
		return verdict{}
	}
	acted := !neverConnected(o.cause) && c.body.mayHaveLeft()
	if acted && c.request.idempotency() != IdempotencyAlways {
		return verdict{note: "not repeated, because the request may have reached the service"}
	}
	c.past.ambiguous = c.past.ambiguous || acted
	return c.schedule(0)
}

// afterBadAnswer decides after a success whose content can't be read.
func (c *call) afterBadAnswer(o *outcome) verdict {
	if c.request.idempotency() != IdempotencyAlways || o.failure.Kind() != ErrBadAnswer || !c.brokeOff(o.cause) {
		return verdict{}
	}
	c.past.ambiguous = true
	v := c.schedule(0)
	if v.again && c.out != nil {
		// Nothing of this answer may be left in the next one.
		reflect.ValueOf(c.out).Elem().SetZero()
	}
	return v
}

// schedule plans a further attempt, unless there were enough or it could not
// begin before the deadline.
func (c *call) schedule(asked time.Duration) verdict {
	if c.past.retries+1 >= c.policy.MaxAttempts {
		return verdict{}
	}
	wait := c.policy.Delay(c.past.retries)
	if asked > 0 {
		wait = min(asked, c.policy.MaxRetryAfter)
	}
	if deadline, ok := c.Deadline(); ok && time.Until(deadline) <= wait {
		return verdict{note: fmt.Sprintf("not repeated, because the wait of %v would outlast the deadline of the context", wait.Round(time.Millisecond))}
	}
	c.past.retries++
	return verdict{again: true, wait: wait}
}
