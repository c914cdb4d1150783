package tasks

import (
	"context"
	"maps"
	"time"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/store"
)

// overdue is how long a task may wait for a job that should have come. Jobs that
// come late, behind many others, find that they were replaced.
const overdue = 5 * time.Minute

// renew renews the leases until the context ends, and ends the attempts whose
// lease is lost or whose end was asked for in another gateway.
func (e *Engine) renew(ctx context.Context) {
	every(ctx, e.config.Lease/5, func() {
		e.mu.Lock()
		before := maps.Clone(e.running)
		e.mu.Unlock()
		if len(before) == 0 {
			return
		}
		asked := time.Now()
		held, err := store.Renew(ctx, e.queue, e.owner, e.config.Lease.Milliseconds())
		if err != nil {
			if ctx.Err() == nil {
				e.config.Logger.Warn("leases can't be renewed", "error", err)
			}
			return // those that run out end their attempts
		}
		for id, attempt := range before {
			switch cancelled, ok := held[id]; {
			case !ok:
				attempt.lost() // or it has just ended, which makes no difference
			case cancelled:
				attempt.end(errCancelled)
				fallthrough
			default:
				attempt.renewed(asked)
			}
		}
	})
}

// tend looks for tasks that nobody runs, and for those that ended long ago.
func (e *Engine) tend(ctx context.Context) {
	every(ctx, e.config.Lease/3, func() {
		orphans, err := store.Orphans(ctx, e.queue, overdue.Milliseconds())
		if err == nil {
			e.adopt(ctx, orphans)
			err = store.Forget(ctx, e.queue, e.config.Keep.Milliseconds())
		}
		if err != nil && ctx.Err() == nil {
			e.config.Logger.Warn("tasks can't be looked after", "error", err)
		}
	})
}

// adopt lets tasks go on that nobody runs.
func (e *Engine) adopt(ctx context.Context, orphans []*store.Row) {
	for _, row := range orphans {
		switch err := store.Adopt(ctx, e.queue, row); {
		case err == nil:
			e.config.Logger.Info("a task that was left behind goes on", "task", row.ID, "kind", row.Kind, "state", row.State)
		case !store.SeenTo(err) && ctx.Err() == nil:
			e.config.Logger.Warn("a task that was left behind can't go on yet", "task", row.ID, "error", err)
		}
	}
}

// every calls do each time an interval has passed, until the context ends.
func every(ctx context.Context, interval time.Duration, do func()) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			do()
		}
	}
}
