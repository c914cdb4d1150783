// Package queue is River over one of two databases: SQLite, in a file or in
// memory, for one gateway; PostgreSQL for several. It gives both the same face,
// which has the SQL of the caller's own tables as well, so that a task and its job
// are written in one transaction.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

// DB runs SQL that both databases understand. Parameters are $1, $2 and so on;
// {now} stands for the time of the database in milliseconds since 1970, and
// {blob} for the type of bytes.
type DB interface {
	// Exec returns how many rows it changed.
	Exec(ctx context.Context, query string, args ...any) (int64, error)
	// Each calls row for each row that is found. In row no other query can run.
	Each(ctx context.Context, row func(scan func(...any) error) error, query string, args ...any) error
}

// Tx is a transaction.
type Tx interface {
	DB
	// Insert adds a job for a task and returns its id.
	Insert(ctx context.Context, taskID string) (int64, error)
	// Cancel ends a job, in whatever gateway it runs.
	Cancel(ctx context.Context, jobID int64) error
}

// Queue is a database with River on it.
type Queue interface {
	DB
	// Tx runs f in a transaction, which is rolled back when f fails.
	Tx(ctx context.Context, f func(Tx) error) error
	// Migrate brings River's tables up to date, and then those of the caller.
	Migrate(ctx context.Context, statements ...string) error
	// Start begins to work on jobs.
	Start(ctx context.Context) error
	// Stop ends the contexts of the jobs that run here and waits for them.
	Stop(ctx context.Context) error
	// Scrub makes sure that what was deleted can't be found in the files of the
	// database, where it has a say in that.
	Scrub(ctx context.Context) error
	// Shared tells whether other gateways may work on the queue.
	Shared() bool
	// Close closes the database. Stop comes first.
	Close()
}

// Config says what to work on and how.
type Config struct {
	// Work works on a task. It returns nil or an error that [Again] made; those of
	// a context that was ended by Stop leave the job for the next start.
	Work    func(ctx context.Context, taskID string, jobID int64) error
	Owner   string // tells this gateway from others, and from itself before its last start
	Workers int    // tasks at a time
	// Timeout is how long a task may run at the most. After that a job is given up
	// for lost; the caller's leases find lost ones much sooner.
	Timeout time.Duration
	Logger  *slog.Logger
}

// Open opens the database of a URL: "" for memory, postgres://… for PostgreSQL,
// the path of a file for SQLite.
func Open(ctx context.Context, url string, config Config) (Queue, error) {
	config.Logger = slog.New(atLeast{config.Logger.Handler(), slog.LevelWarn})
	if IsPostgres(url) {
		return openPostgres(ctx, url, config)
	}
	return openSQLite(ctx, url, config)
}

// IsPostgres tells whether a URL is one of PostgreSQL.
func IsPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// Again is the error of work that is to be tried again after a while.
func Again(after time.Duration) error { return river.JobSnooze(after) }

// Cancelled tells whether the context of work ended because of [Tx.Cancel], by its
// cause.
func Cancelled(cause error) bool { return errors.Is(cause, rivertype.ErrJobCancelledRemotely) }

// job is all that River knows of a task.
type job struct {
	TaskID string `json:"task_id"`
}

// Kind is the name of the jobs.
func (job) Kind() string { return "gateway_task" }

// worker hands jobs on.
type worker struct {
	river.WorkerDefaults[job]
	work func(ctx context.Context, taskID string, jobID int64) error
}

func (w *worker) Work(ctx context.Context, j *river.Job[job]) error {
	return w.work(ctx, j.Args.TaskID, j.ID)
}

// newClient makes a client of River. The intervals are short, because who polls
// a task waits for it.
func newClient[TTx any](driver riverdriver.Driver[TTx], config Config, poll time.Duration) (*river.Client[TTx], error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{work: config.Work})
	return river.NewClient(driver, &river.Config{
		ID:                          config.Owner,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: config.Workers}},
		Workers:                     workers,
		Logger:                      config.Logger,
		FetchCooldown:               min(poll, 100*time.Millisecond),
		FetchPollInterval:           poll,
		JobTimeout:                  config.Timeout,
		RescueStuckJobsAfter:        config.Timeout + time.Hour,
		CompletedJobRetentionPeriod: time.Hour,
		CancelledJobRetentionPeriod: time.Hour,
		DiscardedJobRetentionPeriod: time.Hour,
	})
}

// migrateRiver brings the tables of River up to date.
func migrateRiver[TTx any](ctx context.Context, driver riverdriver.Driver[TTx], logger *slog.Logger) error {
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: logger})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the tables of the queue: %w", err)
	}
	return nil
}

// jobs inserts and cancels jobs in a transaction.
type jobs[TTx any] struct {
	client *river.Client[TTx]
	tx     TTx
}

func (j jobs[TTx]) Insert(ctx context.Context, taskID string) (int64, error) {
	inserted, err := j.client.InsertTx(ctx, j.tx, job{taskID}, nil)
	if err != nil {
		return 0, err
	}
	return inserted.Job.ID, nil
}

func (j jobs[TTx]) Cancel(ctx context.Context, jobID int64) error {
	_, err := j.client.JobCancelTx(ctx, j.tx, jobID)
	if errors.Is(err, river.ErrNotFound) {
		return nil // it has ended long ago
	}
	return err
}

// atLeast lets through what is of a level or above: River tells much.
type atLeast struct {
	slog.Handler
	level slog.Level
}

func (h atLeast) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= h.level && h.Handler.Enabled(ctx, level)
}

func (h atLeast) WithAttrs(attrs []slog.Attr) slog.Handler {
	return atLeast{h.Handler.WithAttrs(attrs), h.level}
}

func (h atLeast) WithGroup(name string) slog.Handler {
	return atLeast{h.Handler.WithGroup(name), h.level}
}
