package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/store"
)

// Why an attempt ends before its time.
var (
	errCancelled = errors.New("the task was cancelled")
	errLost      = store.ErrLost
)

// Attempt is a task that runs.
type Attempt struct {
	ID     string // of the task
	Kind   string
	Tenant string
	Region nhncloud.Region
	Token  nhncloud.Secret
	Began  time.Time // by the clock of this process

	input    json.RawMessage
	sent     bool
	resource string
	progress string

	engine *Engine
	lease  store.Lease
	// end ends the context of the attempt, and abandon also that of [Attempt.Finish].
	end     context.CancelCauseFunc
	abandon context.CancelCauseFunc
	whole   context.Context // until abandon
	loss    sync.Mutex
	expiry  *time.Timer // when the lease is lost unless it is renewed
}

// Input decodes what the request brought.
func (a *Attempt) Input(into any) error {
	if err := json.Unmarshal(a.input, into); err != nil {
		return fmt.Errorf("read what the task was given: %w", err)
	}
	return nil
}

// Sent tells whether [Attempt.Sending] was called before, in this attempt or an
// earlier one: what must not be done twice may have been done.
func (a *Attempt) Sent() bool { return a.sent }

// Resource is what [Attempt.Made] has noted, or "".
func (a *Attempt) Resource() string { return a.resource }

// Sending notes that what must not be done twice is about to be sent. Nothing may
// be sent when it fails.
func (a *Attempt) Sending(ctx context.Context) error {
	asked := time.Now()
	if err := a.lease.Sending(ctx, a.engine.config.Lease.Milliseconds()); err != nil {
		return err
	}
	a.renewed(asked)
	a.sent = true
	return nil
}

// Made notes the id of what the task has made or changes.
func (a *Attempt) Made(ctx context.Context, resource string) error {
	if resource == a.resource {
		return nil
	}
	if err := a.lease.Made(ctx, resource); err != nil {
		return err
	}
	a.resource = resource
	return nil
}

// Progress notes how far the task is, for users to read. A note that can't be
// written is no reason to fail.
func (a *Attempt) Progress(ctx context.Context, text string) {
	if text == a.progress {
		return
	}
	a.progress = text
	if err := a.lease.Progress(ctx, text); err != nil && ctx.Err() == nil {
		a.engine.config.Logger.Warn("the progress of a task can't be noted", "task", a.ID, "error", err)
	}
}

// Finish returns a context for what is not to be broken off in the middle: it ends
// neither when the task is cancelled nor when the gateway stops, only when the time
// is over or the lease is lost.
func (a *Attempt) Finish(limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(a.whole, limit)
}

// renewed lets the lease be held for its time from asked on, when the database was
// asked. It has given the time later than that, so the attempt ends before another
// gateway can begin one.
func (a *Attempt) renewed(asked time.Time) {
	a.loss.Lock()
	defer a.loss.Unlock()
	a.expiry.Reset(time.Until(asked.Add(a.engine.config.Lease)))
}

// lost ends all that the attempt does.
func (a *Attempt) lost() { a.abandon(errLost) }
