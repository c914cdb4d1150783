package nhncloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nhncloud-go/nhncloud/internal/redact"
)

// WaitOptions changes how a waiter asks. A nil *WaitOptions and zero fields
// stand for the defaults.
type WaitOptions struct {
	// Interval is the wait after the first look; it grows by half with each
	// further one. The default is that of the client that looks: 1 s, or what
	// [WithWaitInterval] or WaitInterval of its [Config] says.
	Interval time.Duration
	// MaxInterval caps the wait. Default 10 s.
	MaxInterval time.Duration
	// MaxErrors is how many looks in a row may fail for a passing reason
	// (unavailable, rate limited, server fault, bad answer). Default 5; a
	// negative number tolerates none.
	MaxErrors int
	// Progress is called after each look, from the goroutine that waits.
	Progress func(WaitProgress)
}

// WaitProgress tells about one look of a waiter.
type WaitProgress struct {
	Look    int           // 1 for the first
	Elapsed time.Duration // since the waiter began
	// Resource is the kind and the id of what is waited for, such as "server
	// 8fc8…", or the kind and the number of many, such as "100 servers". It tells
	// the waits apart of a call that makes several; "" for the function [Wait].
	Resource string
	// Status is what was seen, such as "BUILD", or of many how often each was
	// seen last, such as "ACTIVE 60, BUILD 40"; "" when the look failed, or
	// nothing was seen of any yet.
	Status string
	Err    error // why the look failed; nil when it did not

	// Of a wait for many, Total is how many there are, Done how many reached what
	// is waited for, and Failed how many never will; 0 for a wait for one.
	Total, Done, Failed int
}

func (o *WaitOptions) withDefaults() WaitOptions {
	var w WaitOptions
	if o != nil {
		w = *o
	}
	if w.MaxErrors == 0 {
		w.MaxErrors = 5
	}
	return w
}

// The defaults of [WaitOptions].
const (
	defaultWaitInterval    = time.Second
	defaultMaxWaitInterval = 10 * time.Second
)

// first is the wait after the first look, and longest what it grows to. A look
// that is made with a client has told the interval of that client.
func (o WaitOptions) first(told *pace) (first, longest time.Duration) {
	first = o.Interval
	if first <= 0 {
		first = cmp.Or(time.Duration(told.interval.Load()), defaultWaitInterval)
	}
	longest = o.MaxInterval
	if longest <= 0 {
		longest = max(defaultMaxWaitInterval, first)
	}
	return min(first, longest), longest
}

// pace is where a call leaves the interval of its client, for the waiter in
// whose look it is made.
type pace struct{ interval atomic.Int64 }

type paceKey struct{}

// tellPace tells the waiter, if there is one, how its client is to wait.
func (c *call) tellPace() {
	if interval := c.client.config.WaitInterval; interval > 0 {
		if p, ok := c.Value(paceKey{}).(*pace); ok {
			p.interval.Store(int64(interval))
		}
	}
}

// WaitStatus is what a waiter makes of one look.
type WaitStatus struct {
	Status string // shown in progress and errors
	Done   bool   // the wanted state is reached
	// Failed tells why the wanted state can't be reached any more; "" while it
	// can. The waiter then ends with an ErrFailedState.
	Failed string
	// Reason is what the service says of the failure. The error quotes it.
	Reason string
}

// Wait looks again and again until judge says that the wanted state is
// reached, and returns what was seen last. It ends with an [ErrFailedState]
// when that state can't be reached any more, with the error of the context
// when that ends first, and with the error of a look that is not a passing
// one. The waits between looks grow and vary, so that many waiters do not ask
// in step; where a look failed with Retry-After, that is waited, up to a minute.
// Time is counted here alone, never compared with that of a service.
func Wait[T any](ctx context.Context, options *WaitOptions, look func(context.Context) (T, error), judge func(T) WaitStatus) (T, error) {
	return wait(ctx, options, subject{}, look, judge)
}

// subject is what a waiter waits for, in the words of errors and progress.
type subject struct{ operation, resource string }

func wait[T any](ctx context.Context, options *WaitOptions, of subject, look func(context.Context) (T, error), judge func(T) WaitStatus) (T, error) {
	w := options.withDefaults()
	start := time.Now()
	var told pace
	looking := context.WithValue(ctx, paceKey{}, &told)
	var interval, longest time.Duration
	failures := 0
	var last string
	for n := 1; ; n++ {
		seen, err := look(looking)
		var status WaitStatus
		if err == nil {
			status = judge(seen)
			last = status.Status
			failures = 0
		}
		if w.Progress != nil {
			w.Progress(WaitProgress{Look: n, Elapsed: time.Since(start), Resource: of.resource, Status: status.Status, Err: err})
		}
		switch {
		case err == nil && status.Failed != "":
			return seen, of.failed(status)
		case err == nil && status.Done:
			return seen, nil
		case err != nil:
			failures++
			ended := ctx.Err() != nil && errors.Is(err, ctx.Err())
			if !ended && (!passing(err) || failures > w.MaxErrors) {
				return seen, err
			}
		}
		if n == 1 {
			interval, longest = w.first(&told)
		}
		if pause(ctx, interval, err) != nil {
			return seen, of.ended(ctx.Err(), last, time.Since(start), err)
		}
		interval = min(interval+interval/2, longest)
	}
}

// pause waits before the next look, for a time that varies, and for that which
// a failed look asked for. It fails with the end of the context.
func pause(ctx context.Context, interval time.Duration, failure error) error {
	pause := interval/2 + rand.N(interval/2+1)
	if asked := new(Error); errors.As(failure, &asked) {
		pause = max(pause, min(asked.RetryAfter, time.Minute))
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// failed is the error for a state from which the wanted one can't be reached.
func (of subject) failed(status WaitStatus) *Error {
	e := &Error{Operation: of.operation, Message: fmt.Sprintf("%s (status %q)", status.Failed, status.Status), kind: ErrFailedState}
	if reason := readable(redact.NewSet(), status.Reason, maxMessage); reason != "" {
		e.Message += ": " + reason
	}
	return e
}

// ended is the error for a context that ended first. The last look may have
// failed too.
func (of subject) ended(cause error, last string, elapsed time.Duration, look error) *Error {
	e := &Error{Operation: of.operation, Err: cause}
	switch {
	case last != "" && of.resource != "":
		e.Message = of.resource + " is "
		fallthrough
	case last != "":
		e.Message += fmt.Sprintf("still in status %q after %v", last, elapsed.Round(time.Millisecond))
	default:
		e.Message = strings.TrimSuffix("nothing was seen of "+of.resource, " of ")
	}
	if look != nil {
		e.Note = "the last look failed: " + look.Error()
	}
	return e
}

// WaitGone looks again and again until the resource is not found or judge says
// that it is gone. It ends in the other ways of [Wait].
func WaitGone[T any](ctx context.Context, options *WaitOptions, look func(context.Context) (T, error), judge func(T) WaitStatus) error {
	return waitGone(ctx, options, subject{}, look, judge)
}

func waitGone[T any](ctx context.Context, options *WaitOptions, of subject, look func(context.Context) (T, error), judge func(T) WaitStatus) error {
	gone := false
	_, err := wait(ctx, options, of, func(ctx context.Context) (T, error) {
		seen, err := look(ctx)
		if gone = errors.Is(err, ErrNotFound); gone {
			err = nil
		}
		return seen, err
	}, func(seen T) WaitStatus {
		if gone {
			return WaitStatus{Status: "gone", Done: true}
		}
		return judge(seen)
	})
	return err
}

// passing reports whether an error may be gone at the next look.
func passing(err error) bool {
	for _, kind := range []error{ErrUnavailable, ErrRateLimited, ErrServerFault, ErrBadAnswer} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
