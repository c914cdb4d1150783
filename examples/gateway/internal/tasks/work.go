package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/queue"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/store"
)

const (
	databaseTime = 30 * time.Second // for what must be written at the end
	maxBackoff   = time.Minute
)

// work is called by the queue for each job.
func (e *Engine) work(ctx context.Context, taskID string, jobID int64) error {
	lease := store.Lease{DB: e.queue, Task: taskID, Job: jobID, Owner: e.owner}
	asked := time.Now()
	row, err := lease.Claim(ctx, e.config.Lease.Milliseconds())
	if err != nil {
		return err
	}
	if row == nil { // it has ended, or is another job's
		return nil
	}
	whole, abandon := context.WithCancelCause(context.WithoutCancel(ctx))
	defer abandon(nil)
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	defer context.AfterFunc(whole, func() { end(context.Cause(whole)) })()
	attempt := &Attempt{
		ID: row.ID, Kind: row.Kind, Tenant: row.Tenant, Region: nhncloud.Region(row.Region), Began: asked,
		sent: row.Sent != 0, resource: row.Resource, progress: row.Progress,
		engine: e, lease: lease, end: end, abandon: abandon, whole: whole,
	}
	attempt.expiry = time.AfterFunc(time.Until(asked.Add(e.config.Lease)), attempt.lost)
	defer attempt.expiry.Stop()
	e.mu.Lock()
	e.running[row.ID] = attempt
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.running[row.ID] == attempt {
			delete(e.running, row.ID)
		}
	}()
	limited, cancel := context.WithTimeout(ctx, e.config.Limit)
	defer cancel()
	result, err := e.run(limited, attempt, row)
	return e.conclude(limited, attempt, row, result, err)
}

// run opens what is encrypted and runs the task. A panic is an error of the task.
func (e *Engine) run(ctx context.Context, attempt *Attempt, row *store.Row) (result []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			e.config.Logger.Error("a task panicked", "task", row.ID, "kind", row.Kind, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = final{errors.New("the gateway has a fault")}
		}
	}()
	if row.Cancelled {
		return nil, errCancelled
	}
	if row.Attempt > e.config.Attempts {
		return nil, final{fmt.Errorf("given up after %d attempts: %s", e.config.Attempts, row.Progress)}
	}
	do := e.config.Kinds[row.Kind]
	if do == nil {
		return nil, fmt.Errorf("this gateway has no tasks of kind %q", row.Kind) // a newer one may have
	}
	value, err := e.config.Sealer.Open(purpose(row.ID), row.Sealed)
	if err != nil {
		return nil, final{fmt.Errorf("the request can't be decrypted: %w", err)}
	}
	var given secrets
	if err := json.Unmarshal(value, &given); err != nil {
		return nil, final{errors.New("what was decrypted is no request")}
	}
	attempt.Token, attempt.input = nhncloud.Secret(given.Token), given.Input
	made, err := do(ctx, attempt)
	if err != nil {
		return nil, err
	}
	return json.Marshal(made)
}

// final is an error that can't get better.
type final struct{ error }

func (f final) Unwrap() error { return f.error }

// conclude writes down how an attempt ended. The attempt may have ended because of
// its context, and must be written down nevertheless.
func (e *Engine) conclude(ctx context.Context, attempt *Attempt, row *store.Row, result []byte, err error) error {
	cause := context.Cause(ctx)
	write, cancel := context.WithTimeout(context.WithoutCancel(ctx), databaseTime)
	defer cancel()
	lease, logger := attempt.lease, e.config.Logger.With("task", row.ID, "kind", row.Kind)
	var again error // of the job
	switch {
	case errors.Is(err, errLost), errors.Is(cause, errLost):
		logger.Warn("another gateway takes a task over, because the database did not answer here in time")
		return nil
	case err == nil:
		logger.Info("a task succeeded", "resource", attempt.resource)
		err = lease.Succeed(write, string(result))
	case errors.Is(err, errCancelled), errors.Is(cause, errCancelled), queue.Cancelled(cause):
		logger.Info("a task was cancelled", "resource", attempt.resource)
		err = lease.Stop(write)
	case errors.Is(cause, context.DeadlineExceeded):
		err = e.fail(write, lease, logger, fmt.Errorf("it did not end within %v, while %s: %w", e.config.Limit, attempt.progress, err))
	case cause != nil: // the gateway stops
		if err := lease.Release(write); err != nil && !errors.Is(err, errLost) {
			return err
		}
		return cause
	case errors.As(err, new(final)), e.config.Final(err):
		err = e.fail(write, lease, logger, err)
	default:
		_, text := e.config.Describe(err)
		after := backoff(e.config.Backoff, row.Attempt)
		logger.Info("a task is tried again", "attempt", row.Attempt, "after", after, "error", text)
		err, again = lease.Retry(write, after.Milliseconds(), fmt.Sprintf("waits %v to try again, after: %s", after, text)), queue.Again(after)
	}
	if errors.Is(err, errLost) { // nothing is this gateway's to say any more
		return nil
	}
	if err == nil {
		e.scrub(write)
	}
	return errors.Join(err, again)
}

func (e *Engine) fail(ctx context.Context, lease store.Lease, logger interface{ Info(string, ...any) }, err error) error {
	code, text := e.config.Describe(err)
	logger.Info("a task failed", "code", code, "error", text)
	return lease.Fail(ctx, code, text)
}

// backoff is how long to wait after an attempt.
func backoff(first time.Duration, attempt int64) time.Duration {
	wait := first
	for range min(attempt-1, 16) {
		wait *= 2
	}
	return min(wait, max(first, maxBackoff))
}
