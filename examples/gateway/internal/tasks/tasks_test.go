package tasks_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/postgres"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/seal"
)

const tenant = "tenant-a"

// databases runs a test with each kind of database.
func databases(t *testing.T, test func(t *testing.T, url string)) {
	t.Parallel()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		test(t, "")
	})
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), "tasks.db"))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, postgres.New(t))
	})
}

var errFinal = errors.New("it can't get better")

// key is that of all tests.
var key = func() *seal.Sealer {
	s, err := seal.New(make([]byte, seal.KeySize))
	if err != nil {
		panic(err)
	}
	return s
}()

func config(t *testing.T, url string, run tasks.Run) tasks.Config {
	return tasks.Config{
		URL: url, Sealer: key, Kinds: map[string]tasks.Run{"test": run},
		Final: func(err error) bool { return errors.Is(err, errFinal) },
		Describe: func(err error) (int, string) {
			if errors.Is(err, errFinal) {
				return http.StatusBadRequest, err.Error()
			}
			return http.StatusInternalServerError, err.Error()
		},
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)), Lease: 2 * time.Second, Backoff: 10 * time.Millisecond,
	}
}

func open(t *testing.T, config tasks.Config) *tasks.Engine {
	t.Helper()
	e, err := tasks.Open(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { _ = e.Close(context.Background()) })
	return e
}

func submit(t *testing.T, e *tasks.Engine) *tasks.Task {
	t.Helper()
	task, err := e.Submit(t.Context(), tasks.Request{
		Kind: "test", Tenant: tenant, Region: nhncloud.KR1, Token: "the-token", Input: map[string]string{"name": "a"},
	})
	require.NoError(t, err)
	assert.Equal(t, tasks.Pending, task.State)
	return task
}

// until asks for a task until it is as wanted.
func until(t *testing.T, e *tasks.Engine, id string, wanted func(*tasks.Task) bool) *tasks.Task {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		task, err := e.Get(t.Context(), tenant, id)
		require.NoError(t, err)
		if wanted(task) {
			return task
		}
		if time.Now().After(deadline) {
			require.Failf(t, "the task did not get there", "%+v", task)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func ended(task *tasks.Task) bool { return !task.Finished.IsZero() }

func TestSuccess(t *testing.T) {
	databases(t, func(t *testing.T, url string) {
		e := open(t, config(t, url, func(ctx context.Context, a *tasks.Attempt) (any, error) {
			var input map[string]string
			if err := a.Input(&input); err != nil {
				return nil, err
			}
			a.Progress(ctx, "half way")
			if err := a.Made(ctx, "made-1"); err != nil {
				return nil, err
			}
			return fmt.Sprint(a.Token, a.Tenant, a.Region, input["name"]) + string(a.Token), nil
		}))
		task := until(t, e, submit(t, e).ID, ended)
		assert.Equal(t, tasks.Succeeded, task.State)
		assert.Contains(t, string(task.Result), "the-token")
		assert.Equal(t, "made-1", task.Resource)
		assert.Equal(t, 1, task.Attempts)
		assert.WithinDuration(t, time.Now(), task.Finished, time.Minute)
		assert.False(t, task.Started.Before(task.Created))
		_, err := e.Cancel(t.Context(), tenant, task.ID)
		assert.ErrorIs(t, err, tasks.ErrOver)
		assert.NoError(t, e.Ready(t.Context()))
	})
}

func TestRetries(t *testing.T) {
	databases(t, func(t *testing.T, url string) {
		var calls atomic.Int64
		e := open(t, config(t, url, func(context.Context, *tasks.Attempt) (any, error) {
			if calls.Add(1) < 3 {
				return nil, errors.New("not yet")
			}
			return nil, errFinal
		}))
		task := until(t, e, submit(t, e).ID, ended)
		assert.Equal(t, tasks.Failed, task.State)
		assert.Equal(t, 3, task.Attempts)
		assert.Equal(t, http.StatusBadRequest, task.Code)
		assert.Equal(t, errFinal.Error(), task.Error)
	})
}

func TestGivenUp(t *testing.T) {
	databases(t, func(t *testing.T, url string) {
		c := config(t, url, func(context.Context, *tasks.Attempt) (any, error) { return nil, errors.New("never") })
		c.Attempts = 2
		e := open(t, c)
		task := until(t, e, submit(t, e).ID, ended)
		assert.Equal(t, tasks.Failed, task.State)
		assert.Contains(t, task.Error, "given up after 2 attempts")
		assert.Contains(t, task.Error, "never")
	})
}

func TestPanic(t *testing.T) {
	databases(t, func(t *testing.T, url string) {
		e := open(t, config(t, url, func(context.Context, *tasks.Attempt) (any, error) { panic("secret") }))
		task := until(t, e, submit(t, e).ID, ended)
		assert.Equal(t, tasks.Failed, task.State)
		assert.Equal(t, "the gateway has a fault", task.Error)
	})
}

func TestCancelRunning(t *testing.T) {
	databases(t, func(t *testing.T, url string) {
		e := open(t, config(t, url, func(ctx context.Context, a *tasks.Attempt) (any, error) {
			a.Progress(ctx, "waiting")
			<-ctx.Done()
			return nil, ctx.Err()
		}))
		id := submit(t, e).ID
		until(t, e, id, func(task *tasks.Task) bool { return task.Progress == "waiting" })
		task, err := e.Cancel(t.Context(), tenant, id)
		require.NoError(t, err)
		assert.Equal(t, tasks.Running, task.State)
		assert.True(t, task.Cancelling)
		task = until(t, e, id, ended)
		assert.Equal(t, tasks.Cancelled, task.State)
		assert.False(t, task.Cancelling)
		task, err = e.Cancel(t.Context(), tenant, id) // again
		require.NoError(t, err)
		assert.Equal(t, tasks.Cancelled, task.State)
	})
}

func TestCancelPending(t *testing.T) {
	databases(t, func(t *testing.T, url string) {
		c := config(t, url, func(ctx context.Context, _ *tasks.Attempt) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		c.Workers = 1
		e := open(t, c)
		first := submit(t, e).ID
		until(t, e, first, func(task *tasks.Task) bool { return task.State == tasks.Running })
		task, err := e.Cancel(t.Context(), tenant, submit(t, e).ID)
		require.NoError(t, err)
		assert.Equal(t, tasks.Cancelled, task.State)
		assert.Zero(t, task.Attempts)
	})
}

func TestForeign(t *testing.T) {
	databases(t, func(t *testing.T, url string) {
		e := open(t, config(t, url, func(context.Context, *tasks.Attempt) (any, error) { return 1, nil }))
		id := submit(t, e).ID
		_, err := e.Get(t.Context(), "tenant-b", id)
		assert.ErrorIs(t, err, tasks.ErrNotFound)
		_, err = e.Cancel(t.Context(), "tenant-b", id)
		assert.ErrorIs(t, err, tasks.ErrNotFound)
		_, err = e.List(t.Context(), "tenant-b", id, 10)
		assert.ErrorIs(t, err, tasks.ErrNotFound)
		list, err := e.List(t.Context(), "tenant-b", "", 10)
		require.NoError(t, err)
		assert.Empty(t, list)
		assert.Equal(t, tasks.Succeeded, until(t, e, id, ended).State)
	})
}

func TestList(t *testing.T) {
	databases(t, func(t *testing.T, url string) {
		e := open(t, config(t, url, func(context.Context, *tasks.Attempt) (any, error) { return 1, nil }))
		var ids []string
		for range 5 {
			ids = append(ids, submit(t, e).ID)
		}
		var seen []string
		for after := ""; ; {
			page, err := e.List(t.Context(), tenant, after, 2)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			for i, task := range page {
				seen = append(seen, task.ID)
				if i > 0 {
					assert.False(t, task.Created.After(page[i-1].Created))
				}
			}
			after = seen[len(seen)-1]
		}
		assert.ElementsMatch(t, ids, seen)
	})
}

func TestTooMany(t *testing.T) {
	databases(t, func(t *testing.T, url string) {
		c := config(t, url, func(ctx context.Context, _ *tasks.Attempt) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		c.Unfinished = 2
		e := open(t, c)
		submit(t, e)
		submit(t, e)
		_, err := e.Submit(t.Context(), tasks.Request{Kind: "test", Tenant: tenant})
		assert.ErrorIs(t, err, tasks.ErrTooMany)
		_, err = e.Submit(t.Context(), tasks.Request{Kind: "test", Tenant: "tenant-b"})
		assert.NoError(t, err)
		_, err = e.Submit(t.Context(), tasks.Request{Kind: "other", Tenant: tenant})
		assert.ErrorContains(t, err, `"other"`)
	})
}

// TestRestart stops an engine in mid-task, in good order, and starts another.
func TestRestart(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(t *testing.T) string{
		"SQLite":     func(t *testing.T) string { return filepath.Join(t.TempDir(), "tasks.db") },
		"PostgreSQL": func(t *testing.T) string { return postgres.New(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := url(t)
			var once sync.Once
			begun, resumed := make(chan struct{}), make(chan bool, 1)
			c := config(t, url, func(ctx context.Context, a *tasks.Attempt) (any, error) {
				first := false
				once.Do(func() { first = true })
				if !first {
					resumed <- a.Sent()
					return a.Resource(), nil
				}
				if err := a.Sending(ctx); err != nil {
					return nil, err
				}
				if err := a.Made(ctx, "made-1"); err != nil {
					return nil, err
				}
				close(begun)
				<-ctx.Done()
				return nil, ctx.Err()
			})
			e := open(t, c)
			id := submit(t, e).ID
			<-begun
			require.NoError(t, e.Close(t.Context()))
			start := time.Now()
			e = open(t, c)
			task := until(t, e, id, ended)
			assert.Equal(t, tasks.Succeeded, task.State)
			assert.Equal(t, `"made-1"`, string(task.Result))
			assert.Equal(t, 1, task.Attempts, "the one that the stop ended does not count")
			assert.True(t, <-resumed)
			assert.Less(t, time.Since(start), 10*time.Second)
		})
	}
}
