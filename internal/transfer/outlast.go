package transfer

import (
	"context"
	"sync"
	"time"
)

// Cleaning up after a failure has a time of its own, because the failure may be
// that the context of the call has ended.
const (
	MaxCleanup = 30 * time.Second // at most
	MaxGrace   = 5 * time.Second  // at most, from the end of the context on
)

// Outlasting returns a context that goes on for so long when ctx has ended, if
// linger then says so.
func Outlasting(ctx context.Context, extra time.Duration, linger func() bool) (context.Context, context.CancelFunc) {
	long, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var mu sync.Mutex
	var timer *time.Timer
	over := false
	stop := context.AfterFunc(ctx, func() {
		if !linger() {
			cancel()
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if !over {
			timer = time.AfterFunc(extra, cancel)
		}
	})
	return long, func() {
		stop()
		cancel()
		mu.Lock()
		defer mu.Unlock()
		if over = true; timer != nil {
			timer.Stop()
		}
	}
}

// Always lingers.
func Always() bool { return true }

// CleanupContext returns a context for what has to be done after a failure.
func CleanupContext(ctx context.Context) (context.Context, context.CancelFunc) {
	long, end := Outlasting(ctx, MaxGrace, Always)
	long, cancel := context.WithTimeout(long, MaxCleanup)
	return long, func() {
		cancel()
		end()
	}
}
