// Package store keeps tasks in a table of the gateway's own, beside the jobs of
// River that run them.
//
// What a task is could be read from River's rows as well. They were not made for
// it: their ids can be counted up, their arguments lie there in the clear, their
// eight states are those of a queue, and they are removed when River thinks so. So
// a job has the id of its task and nothing else, and can be replaced: the row of a
// task names the one job that may run it.
package store

import (
	"context"
	"errors"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/queue"
)

// State is how far a task is.
type State string

// The states.
const (
	Pending   State = "pending"
	Running   State = "running"
	Succeeded State = "succeeded"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// ErrNotFound means that the tenant has no such task.
var ErrNotFound = errors.New("no such task")

// Row is a task. Times are milliseconds since 1970 by the clock of the database;
// 0 stands for none.
type Row struct {
	ID       string
	Tenant   string
	Region   string
	Kind     string
	State    State
	Progress string
	Resource string // id of what it makes or changes
	Result   string // JSON, of one that succeeded
	Error    string
	Code     int64 // HTTP status of the Error

	Attempt   int64 // how often it was begun
	Sent      int64 // when what must not be done twice was about to be sent
	Cancelled bool  // the end was asked for
	Sealed    []byte
	KeyID     string // of the key that Sealed is encrypted with

	Job   int64  // the job that may run it
	Owner string // the gateway that runs it

	Created, Started, Finished int64
}

// columns are those of a [Row], in the order of fields.
const columns = `id, tenant, region, kind, state, progress, resource, result, error, code,
	attempt, sent, cancelled, sealed, key_id, job, owner, created, started, finished`

func (r *Row) fields() []any {
	return []any{
		&r.ID, &r.Tenant, &r.Region, &r.Kind, &r.State, &r.Progress, &r.Resource, &r.Result, &r.Error, &r.Code,
		&r.Attempt, &r.Sent, &r.Cancelled, &r.Sealed, &r.KeyID, &r.Job, &r.Owner, &r.Created, &r.Started, &r.Finished,
	}
}

// Schema makes the table. It is given to the migration of the queue.
var Schema = []string{
	`CREATE TABLE IF NOT EXISTS gateway_task (
		id TEXT PRIMARY KEY,
		tenant TEXT NOT NULL,
		region TEXT NOT NULL,
		kind TEXT NOT NULL,
		state TEXT NOT NULL,
		progress TEXT NOT NULL DEFAULT '',
		resource TEXT NOT NULL DEFAULT '',
		result TEXT NOT NULL DEFAULT '',
		error TEXT NOT NULL DEFAULT '',
		code BIGINT NOT NULL DEFAULT 0,
		attempt BIGINT NOT NULL DEFAULT 0,
		sent BIGINT NOT NULL DEFAULT 0,
		cancelled BOOLEAN NOT NULL DEFAULT FALSE,
		sealed {blob},
		key_id TEXT NOT NULL,
		job BIGINT NOT NULL,
		owner TEXT NOT NULL DEFAULT '',
		lease BIGINT NOT NULL DEFAULT 0,
		due BIGINT NOT NULL,
		created BIGINT NOT NULL,
		started BIGINT NOT NULL DEFAULT 0,
		finished BIGINT NOT NULL DEFAULT 0
	)`,
	`CREATE INDEX IF NOT EXISTS gateway_task_tenant ON gateway_task (tenant, created, id)`,
	`CREATE INDEX IF NOT EXISTS gateway_task_state ON gateway_task (state, lease)`,
}

// one returns the row that a query finds, or nil.
func one(ctx context.Context, db queue.DB, query string, args ...any) (*Row, error) {
	rows, err := all(ctx, db, query, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

func all(ctx context.Context, db queue.DB, query string, args ...any) ([]*Row, error) {
	var rows []*Row
	err := db.Each(ctx, func(scan func(...any) error) error {
		row := new(Row)
		rows = append(rows, row)
		return scan(row.fields()...)
	}, query, args...)
	return rows, err
}

// Add adds a task that waits for its job.
func Add(ctx context.Context, tx queue.Tx, row *Row) error {
	job, err := tx.Insert(ctx, row.ID)
	if err != nil {
		return err
	}
	added, err := one(ctx, tx, `INSERT INTO gateway_task (id, tenant, region, kind, state, sealed, key_id, job, due, created)
		VALUES ($1, $2, $3, $4, 'pending', $5, $6, $7, {now}, {now}) RETURNING `+columns,
		row.ID, row.Tenant, row.Region, row.Kind, row.Sealed, row.KeyID, job)
	if err == nil {
		*row = *added
	}
	return err
}

// Unfinished counts the tasks of a tenant that have not ended.
func Unfinished(ctx context.Context, db queue.DB, tenant string) (n int64, err error) {
	err = db.Each(ctx, func(scan func(...any) error) error { return scan(&n) },
		`SELECT count(*) FROM gateway_task WHERE tenant = $1 AND state IN ('pending', 'running')`, tenant)
	return n, err
}

// ForeignKeys counts the unfinished tasks that are encrypted with another key.
func ForeignKeys(ctx context.Context, db queue.DB, keyID string) (n int64, err error) {
	err = db.Each(ctx, func(scan func(...any) error) error { return scan(&n) },
		`SELECT count(*) FROM gateway_task WHERE sealed IS NOT NULL AND key_id <> $1`, keyID)
	return n, err
}

// Get returns a task of a tenant, or [ErrNotFound].
func Get(ctx context.Context, db queue.DB, tenant, id string) (*Row, error) {
	row, err := one(ctx, db, `SELECT `+columns+` FROM gateway_task WHERE id = $1 AND tenant = $2`, id, tenant)
	if err == nil && row == nil {
		err = ErrNotFound
	}
	return row, err
}

// List returns tasks of a tenant, the newest first, after the one with an id; ""
// for the first ones. An id that the tenant does not have is an [ErrNotFound].
func List(ctx context.Context, db queue.DB, tenant, after string, limit int) ([]*Row, error) {
	if after == "" {
		return all(ctx, db, `SELECT `+columns+` FROM gateway_task WHERE tenant = $1
			ORDER BY created DESC, id DESC LIMIT $2`, tenant, int64(limit))
	}
	last, err := Get(ctx, db, tenant, after)
	if err != nil {
		return nil, err
	}
	return all(ctx, db, `SELECT `+columns+` FROM gateway_task WHERE tenant = $1 AND (created, id) < ($2, $3)
		ORDER BY created DESC, id DESC LIMIT $4`, tenant, last.Created, last.ID, int64(limit))
}

// Cancel asks for the end of a task of a tenant: one that waits ends at once, one
// that runs when its gateway sees it. What has ended stays as it is.
func Cancel(ctx context.Context, tx queue.Tx, tenant, id string) (*Row, error) {
	row, err := one(ctx, tx, `UPDATE gateway_task SET
		state = CASE WHEN state = 'pending' THEN 'cancelled' ELSE state END,
		finished = CASE WHEN state = 'pending' THEN {now} ELSE finished END,
		sealed = CASE WHEN state = 'pending' THEN NULL ELSE sealed END,
		cancelled = TRUE
		WHERE id = $1 AND tenant = $2 AND state IN ('pending', 'running') RETURNING `+columns, id, tenant)
	if err != nil {
		return nil, err
	}
	if row == nil {
		return Get(ctx, tx, tenant, id)
	}
	return row, tx.Cancel(ctx, row.Job)
}

// Forget removes tasks that ended longer ago than so many milliseconds.
func Forget(ctx context.Context, db queue.DB, age int64) error {
	_, err := db.Exec(ctx, `DELETE FROM gateway_task WHERE finished > 0 AND finished < {now} - $1`, age)
	return err
}
