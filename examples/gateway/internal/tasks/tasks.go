// Package tasks runs what takes long after the request that asked for it has been
// answered.
//
// A task survives the gateway: it lies in a database, and goes on when the gateway
// is killed and started again, or in another gateway that works on the same
// PostgreSQL. What a task must not do twice it notes before it does it, and looks
// for what it has made before it does it again. Of all gateways one runs a task,
// the one that holds its lease.
//
// What a request brought, its token above all, is encrypted as long as the task
// needs it, and removed when the task ends.
package tasks

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/queue"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/seal"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/store"
)

// What callers may do wrong.
var (
	// ErrNotFound: the tenant has no such task.
	ErrNotFound = store.ErrNotFound
	// ErrOver: the task has ended, and can't be cancelled.
	ErrOver = errors.New("the task has ended")
	// ErrTooMany: the tenant has too many tasks that have not ended.
	ErrTooMany = errors.New("too many tasks have not ended")
)

// Request is what a task is made of.
type Request struct {
	Kind   string
	Tenant string // of the Token, which was proven
	Region nhncloud.Region
	Token  nhncloud.Secret
	Input  any // what goes to [Attempt.Input], by way of JSON
}

// Run does what a kind of task is there for. It is called again after an error that
// can get better, and after its gateway has died. What it returns is the result of
// the task, by way of JSON.
type Run func(ctx context.Context, attempt *Attempt) (result any, err error)

// Config says how tasks run. All fields are required but those with a default.
type Config struct {
	// URL is where tasks are kept: "" for memory, the path of a file of SQLite, or
	// postgres://… for several gateways.
	URL string
	// Sealer encrypts what requests brought. The gateways of one database need
	// the same key.
	Sealer *seal.Sealer
	Kinds  map[string]Run
	// Final tells whether an error can't get better.
	Final func(error) bool
	// Describe makes of an error what users are told: an HTTP status and a text.
	Describe func(error) (code int, text string)
	Logger   *slog.Logger

	Workers    int           // tasks that run here at a time; 64
	Unfinished int           // tasks of a tenant that have not ended; 100
	Attempts   int64         // 20
	Backoff    time.Duration // before the second attempt, doubled for each further one up to a minute; 2 s
	Limit      time.Duration // for an attempt; 2 h
	Lease      time.Duration // how long a gateway that died keeps its tasks; 15 s
	Keep       time.Duration // how long a task can be seen after its end; 24 h
}

// The defaults of [Config].
func (c *Config) fill() {
	fill(&c.Workers, 64)
	fill(&c.Unfinished, 100)
	fill(&c.Attempts, 20)
	fill(&c.Backoff, 2*time.Second)
	fill(&c.Limit, 2*time.Hour)
	fill(&c.Lease, 15*time.Second)
	fill(&c.Keep, 24*time.Hour)
}

func fill[T int | int64 | time.Duration](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// Engine runs tasks. Its methods can be called from any number of goroutines.
type Engine struct {
	config Config
	owner  string
	queue  queue.Queue

	mu      sync.Mutex
	running map[string]*Attempt // by the id of the task

	stop    context.CancelFunc
	stopped sync.WaitGroup
}

// Open opens the database, brings its tables up to date and begins to work on
// tasks, those that were left behind included.
func Open(ctx context.Context, config Config) (*Engine, error) {
	config.fill()
	e := &Engine{config: config, owner: "gateway-" + rand.Text(), running: map[string]*Attempt{}}
	q, err := queue.Open(ctx, config.URL, queue.Config{
		Work: e.work, Owner: e.owner, Workers: config.Workers, Timeout: config.Limit + time.Hour, Logger: config.Logger,
	})
	if err != nil {
		return nil, err
	}
	e.queue = q
	if err := e.start(ctx); err != nil {
		q.Close()
		return nil, err
	}
	return e, nil
}

func (e *Engine) start(ctx context.Context) error {
	if err := e.queue.Migrate(ctx, store.Schema...); err != nil {
		return err
	}
	foreign, err := store.ForeignKeys(ctx, e.queue, e.config.Sealer.KeyID())
	if err != nil {
		return err
	}
	if foreign > 0 {
		return fmt.Errorf("%d tasks that have not ended were encrypted with another key; start with that one, or remove them", foreign)
	}
	if !e.queue.Shared() {
		left, err := store.Left(ctx, e.queue)
		if err != nil {
			return err
		}
		e.adopt(ctx, left)
	}
	// Both live longer than the context of the start.
	ctx, e.stop = context.WithCancel(context.WithoutCancel(ctx))
	if err := e.queue.Start(ctx); err != nil {
		e.stop()
		return err
	}
	e.stopped.Go(func() { e.renew(ctx) })
	e.stopped.Go(func() { e.tend(ctx) })
	return nil
}

// Close ends the attempts that run here, which go on elsewhere or with the next
// start, and closes the database.
func (e *Engine) Close(ctx context.Context) error {
	err := e.queue.Stop(ctx)
	e.stop() // leases are renewed until the last attempt has ended
	e.stopped.Wait()
	e.queue.Close()
	return err
}

// Ready tells whether the database answers.
func (e *Engine) Ready(ctx context.Context) error {
	_, err := store.Unfinished(ctx, e.queue, "")
	return err
}

// secrets is what is encrypted of a request.
type secrets struct {
	Token string          `json:"token"`
	Input json.RawMessage `json:"input"`
}

// Submit makes a task.
func (e *Engine) Submit(ctx context.Context, request Request) (*Task, error) {
	if e.config.Kinds[request.Kind] == nil {
		return nil, fmt.Errorf("there are no tasks of kind %q", request.Kind)
	}
	input, err := json.Marshal(request.Input)
	if err != nil {
		return nil, err
	}
	value, err := json.Marshal(secrets{string(request.Token), input})
	if err != nil {
		return nil, err
	}
	id := rand.Text() // 130 random bits
	row := &store.Row{
		ID: id, Tenant: request.Tenant, Region: string(request.Region), Kind: request.Kind,
		Sealed: e.config.Sealer.Seal(purpose(id), value), KeyID: e.config.Sealer.KeyID(),
	}
	err = e.queue.Tx(ctx, func(tx queue.Tx) error {
		unfinished, err := store.Unfinished(ctx, tx, request.Tenant)
		if err != nil {
			return err
		}
		if unfinished >= int64(e.config.Unfinished) {
			return ErrTooMany
		}
		return store.Add(ctx, tx, row)
	})
	if err != nil {
		return nil, err
	}
	return taskOf(row), nil
}

// purpose binds what is encrypted to its task.
func purpose(id string) string { return "task " + id }

// Get returns a task of a tenant, or [ErrNotFound].
func (e *Engine) Get(ctx context.Context, tenant, id string) (*Task, error) {
	row, err := store.Get(ctx, e.queue, tenant, id)
	if err != nil {
		return nil, err
	}
	return taskOf(row), nil
}

// List returns tasks of a tenant, the newest first, after the one with an id; ""
// for the first ones.
func (e *Engine) List(ctx context.Context, tenant, after string, limit int) ([]*Task, error) {
	rows, err := store.List(ctx, e.queue, tenant, after, limit)
	if err != nil {
		return nil, err
	}
	list := make([]*Task, 0, len(rows))
	for _, row := range rows {
		list = append(list, taskOf(row))
	}
	return list, nil
}

// Cancel asks for the end of a task, wherever it runs. One that waits ends at
// once, one that runs a little later: its state is [Running] until then. What has
// been sent to the cloud is not taken back.
func (e *Engine) Cancel(ctx context.Context, tenant, id string) (*Task, error) {
	var row *store.Row
	err := e.queue.Tx(ctx, func(tx queue.Tx) (err error) {
		row, err = store.Cancel(ctx, tx, tenant, id)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case row.State == store.Succeeded, row.State == store.Failed:
		return nil, ErrOver
	case row.State == store.Running:
		e.mu.Lock()
		attempt := e.running[id]
		e.mu.Unlock()
		if attempt != nil {
			attempt.end(errCancelled)
		}
	default:
		e.scrub(ctx)
	}
	return taskOf(row), nil
}

// scrub removes what was deleted from the files of the database. Where it fails
// the next one does it.
func (e *Engine) scrub(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), databaseTime)
	defer cancel()
	if err := e.queue.Scrub(ctx); err != nil {
		e.config.Logger.Warn("what has ended can't be removed from the database files yet", "error", err)
	}
}
