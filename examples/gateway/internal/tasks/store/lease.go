package store

import (
	"context"
	"errors"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/queue"
)

// ErrLost means that a task is not this gateway's any more.
var ErrLost = errors.New("another gateway has taken the task over")

// A Lease is the right of a gateway to run a task. It holds as long as it is
// renewed, by the clock of the database, and for the job that the task names. So
// of all gateways, and of all jobs that were ever made for a task, one runs it.
type Lease struct {
	DB    queue.DB
	Task  string
	Job   int64
	Owner string
}

// held is what all changes under a lease are bound to; its parameters are $1 to $3.
const held = ` WHERE id = $1 AND job = $2 AND owner = $3 AND state = 'running'`

// change changes the task, or fails with [ErrLost].
func (l Lease) change(ctx context.Context, set string, args ...any) error {
	n, err := l.DB.Exec(ctx, `UPDATE gateway_task SET `+set+held, append([]any{l.Task, l.Job, l.Owner}, args...)...)
	if err == nil && n == 0 {
		err = ErrLost
	}
	return err
}

// Claim begins a task for so many milliseconds. It returns nil where the task has
// ended, is run elsewhere, or is another job's.
func (l Lease) Claim(ctx context.Context, ttl int64) (*Row, error) {
	return one(ctx, l.DB, `UPDATE gateway_task SET state = 'running', owner = $3, lease = {now} + $4, attempt = attempt + 1,
		started = CASE WHEN started = 0 THEN {now} ELSE started END
		WHERE id = $1 AND job = $2 AND state = 'pending' RETURNING `+columns, l.Task, l.Job, l.Owner, ttl)
}

// Progress notes how far the task is.
func (l Lease) Progress(ctx context.Context, text string) error {
	return l.change(ctx, `progress = $4`, text)
}

// Sending notes that what must not be done twice is about to be sent, and renews
// the lease for it.
func (l Lease) Sending(ctx context.Context, ttl int64) error {
	return l.change(ctx, `sent = {now}, lease = {now} + $4`, ttl)
}

// Made notes what the task has made.
func (l Lease) Made(ctx context.Context, resource string) error {
	return l.change(ctx, `resource = $4`, resource)
}

// Succeed ends the task with its result. What was encrypted goes, as at each end.
func (l Lease) Succeed(ctx context.Context, result string) error {
	return l.change(ctx, `state = 'succeeded', result = $4, error = '', code = 0, progress = '', sealed = NULL, owner = '', finished = {now}`, result)
}

// Fail ends the task with an error.
func (l Lease) Fail(ctx context.Context, code int, text string) error {
	return l.change(ctx, `state = 'failed', code = $4, error = $5, sealed = NULL, owner = '', finished = {now}`, int64(code), text)
}

// Stop ends the task because somebody asked for it.
func (l Lease) Stop(ctx context.Context) error {
	return l.change(ctx, `state = 'cancelled', sealed = NULL, owner = '', finished = {now}`)
}

// wait lets a task wait for its job, or end if its end was asked for.
const wait = `owner = '', state = CASE WHEN cancelled THEN 'cancelled' ELSE 'pending' END,
	sealed = CASE WHEN cancelled THEN NULL ELSE sealed END, finished = CASE WHEN cancelled THEN {now} ELSE 0 END, `

// Retry lets the task wait for its job again, which comes after so many
// milliseconds.
func (l Lease) Retry(ctx context.Context, after int64, progress string) error {
	return l.change(ctx, wait+`due = {now} + $4, progress = $5`, after, progress)
}

// Release gives the task back as it was before the claim.
func (l Lease) Release(ctx context.Context) error {
	return l.change(ctx, wait+`due = {now}, attempt = attempt - 1`)
}

// Renew renews all leases of a gateway for so many milliseconds, and tells for
// each whether the end of the task was asked for.
func Renew(ctx context.Context, db queue.DB, owner string, ttl int64) (cancelled map[string]bool, err error) {
	cancelled = map[string]bool{}
	err = db.Each(ctx, func(scan func(...any) error) error {
		var id string
		var asked bool
		err := scan(&id, &asked)
		cancelled[id] = asked
		return err
	}, `UPDATE gateway_task SET lease = {now} + $2 WHERE owner = $1 AND state = 'running' RETURNING id, cancelled`, owner, ttl)
	return cancelled, err
}

// Orphans returns the tasks whose gateway has stopped to renew the lease, and those
// that are due for so many milliseconds without a job having come.
func Orphans(ctx context.Context, db queue.DB, overdue int64) ([]*Row, error) {
	return all(ctx, db, `SELECT `+columns+` FROM gateway_task
		WHERE state = 'running' AND lease < {now} OR state = 'pending' AND due < {now} - $1 ORDER BY created`, overdue)
}

// Left returns all tasks that have not ended. They are orphans where the database
// is this gateway's alone, and it has begun none yet.
func Left(ctx context.Context, db queue.DB) ([]*Row, error) {
	return all(ctx, db, `SELECT `+columns+` FROM gateway_task WHERE state IN ('pending', 'running') ORDER BY created`)
}

// Adopt gives an orphan a new job. It does nothing to one that was seen to by
// another gateway meanwhile. One whose end was asked for ends instead.
func Adopt(ctx context.Context, q queue.Queue, row *Row) error {
	return q.Tx(ctx, func(tx queue.Tx) error {
		if row.Cancelled {
			_, err := tx.Exec(ctx, `UPDATE gateway_task SET state = 'cancelled', sealed = NULL, owner = '', finished = {now}
				WHERE id = $1 AND job = $2 AND owner = $3 AND state = $4`, row.ID, row.Job, row.Owner, string(row.State))
			return err
		}
		job, err := tx.Insert(ctx, row.ID)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE gateway_task SET state = 'pending', owner = '', job = $5, due = {now}
			WHERE id = $1 AND job = $2 AND owner = $3 AND state = $4`, row.ID, row.Job, row.Owner, string(row.State), job)
		if err == nil && n == 0 {
			err = errSeenTo
		}
		return err
	})
}

// errSeenTo rolls back a job that nobody needs.
var errSeenTo = errors.New("another gateway has seen to the task")

// SeenTo tells whether [Adopt] did nothing.
func SeenTo(err error) bool { return errors.Is(err, errSeenTo) }
