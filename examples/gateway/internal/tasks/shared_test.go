package tasks_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/postgres"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/seal"
)

// TestTwoEngines lets two engines work on one queue: each task is run once, by
// either, and can be seen and cancelled through both.
func TestTwoEngines(t *testing.T) {
	t.Parallel()
	url := postgres.New(t)
	const n = 40
	var runs [2]atomic.Int64
	var engines [2]*tasks.Engine
	for i := range engines {
		c := config(t, url, func(ctx context.Context, a *tasks.Attempt) (any, error) {
			runs[i].Add(1)
			var input map[string]string
			if err := a.Input(&input); err != nil {
				return nil, err
			}
			if input["name"] == "wait" {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			time.Sleep(10 * time.Millisecond) // so that one can't do them all
			return nil, nil
		})
		c.Workers = 4
		engines[i] = open(t, c)
	}
	var ids []string
	for i := range n {
		ids = append(ids, submit(t, engines[i%2]).ID)
	}
	for i, id := range ids {
		task := until(t, engines[(i+1)%2], id, ended)
		assert.Equal(t, tasks.Succeeded, task.State)
		assert.Equal(t, 1, task.Attempts)
	}
	assert.EqualValues(t, n, runs[0].Load()+runs[1].Load())
	assert.Positive(t, runs[0].Load())
	assert.Positive(t, runs[1].Load())

	for _, canceller := range engines {
		task, err := engines[0].Submit(t.Context(), tasks.Request{Kind: "test", Tenant: tenant, Input: map[string]string{"name": "wait"}})
		require.NoError(t, err)
		until(t, canceller, task.ID, func(task *tasks.Task) bool { return task.State == tasks.Running })
		_, err = canceller.Cancel(t.Context(), tenant, task.ID)
		require.NoError(t, err)
		assert.Equal(t, tasks.Cancelled, until(t, engines[0], task.ID, ended).State)
	}
}

func TestOneGatewayAFile(t *testing.T) {
	t.Parallel()
	run := func(context.Context, *tasks.Attempt) (any, error) { return 1, nil }
	path := filepath.Join(t.TempDir(), "tasks.db")
	e := open(t, config(t, path, run))
	_, err := tasks.Open(t.Context(), config(t, path, run))
	require.ErrorContains(t, err, "is in use by another gateway")
	assert.Equal(t, tasks.Succeeded, until(t, e, submit(t, e).ID, ended).State)

	other := filepath.Join(t.TempDir(), "notes.txt")
	require.NoError(t, os.WriteFile(other, []byte(strings.Repeat("These are notes. ", 100)), 0o600))
	_, err = tasks.Open(t.Context(), config(t, other, run))
	assert.ErrorContains(t, err, "is no database of SQLite")
}

func TestOtherKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tasks.db")
	begun := make(chan struct{}, 2)
	c := config(t, path, func(ctx context.Context, _ *tasks.Attempt) (any, error) {
		begun <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	})
	e := open(t, c)
	id := submit(t, e).ID
	<-begun
	require.NoError(t, e.Close(t.Context()))
	other := c
	other.Sealer = seal.Random()
	_, err := tasks.Open(t.Context(), other)
	require.ErrorContains(t, err, "encrypted with another key")
	e = open(t, c)
	<-begun
	_, err = e.Cancel(t.Context(), tenant, id)
	require.NoError(t, err)
	until(t, e, id, ended)
	require.NoError(t, e.Close(t.Context()))
	e = open(t, other) // nothing is encrypted any more
	assert.Equal(t, tasks.Cancelled, until(t, e, id, ended).State)
}

// TestNothingIsLeft looks for secrets in the files of the database, while a task
// runs and after it has ended in each way.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	const token, password = "token-gAAAAABm", "password-hunter2"
	dir := t.TempDir()
	begun, goOn := make(chan struct{}), make(chan error)
	e := open(t, config(t, filepath.Join(dir, "tasks.db"), func(ctx context.Context, a *tasks.Attempt) (any, error) {
		begun <- struct{}{}
		select {
		case err := <-goOn:
			return "result-7", err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}))
	files := func() string {
		names, err := filepath.Glob(filepath.Join(dir, "*"))
		require.NoError(t, err)
		var all strings.Builder
		for _, name := range names {
			info, err := os.Stat(name)
			require.NoError(t, err)
			assert.EqualValues(t, 0o600, info.Mode().Perm(), name)
			content, err := os.ReadFile(name)
			require.NoError(t, err)
			all.Write(content)
		}
		return all.String()
	}
	// What is encrypted is as long as it was, and some more: zeros that long, where
	// it was, would be the only sign that it is gone. So the row itself is looked at.
	for name, end := range map[string]func(id string){
		"success": func(string) { goOn <- nil },
		"failure": func(string) { goOn <- errFinal },
		"cancel": func(id string) {
			_, err := e.Cancel(t.Context(), tenant, id)
			require.NoError(t, err)
		},
	} {
		task, err := e.Submit(t.Context(), tasks.Request{
			Kind: "test", Tenant: tenant, Token: token, Input: map[string]string{"password": password},
		})
		require.NoError(t, err)
		<-begun
		sealed := tasks.Sealed(t, e, task.ID)
		require.NotEmpty(t, sealed)
		content := files()
		assert.Contains(t, content, task.ID, name)
		assert.Contains(t, content, string(sealed), name)
		assert.NotContains(t, content, token, name)
		assert.NotContains(t, content, password, name)
		end(task.ID)
		until(t, e, task.ID, ended)
		assert.Empty(t, tasks.Sealed(t, e, task.ID), name)
		// The files are scrubbed right after the task was seen to end.
		require.Eventually(t, func() bool { return !strings.Contains(files(), string(sealed)) }, 10*time.Second, 10*time.Millisecond, name)
		content = files()
		assert.NotContains(t, content, string(sealed[len(sealed)/2:]), name)
		assert.Contains(t, content, task.ID, name)
		assert.NotContains(t, content, token, name)
		assert.NotContains(t, content, password, name)
	}
}
