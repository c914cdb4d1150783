package nhncloud

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const (
	loginTimeout    = time.Minute      // bounds a login, which no caller's context ends
	refreshInterval = 10 * time.Second // between failing background logins
)

// keeper holds the token of one scope and lets at most one login run.
type keeper struct {
	login  func(ctx context.Context, rejected *session) (*session, error)
	logger *slog.Logger

	current atomic.Pointer[session]

	mu        sync.Mutex
	flight    *flight
	refreshAt time.Time // no background login before
}

// flight is a login that callers wait for.
type flight struct {
	done    chan struct{}
	session *session
	err     error
}

// session returns a session that is not the rejected one, logging in where needed.
func (k *keeper) session(ctx context.Context, rejected *session) (*session, error) {
	if s := k.current.Load(); s != nil && s != rejected && !s.due() {
		return s, nil
	}
	k.mu.Lock()
	if s := k.current.Load(); s != nil && s != rejected && !s.expired() {
		if s.due() && k.flight == nil && !time.Now().Before(k.refreshAt) {
			k.start(ctx, nil)
		}
		k.mu.Unlock()
		return s, nil
	}
	if k.flight == nil {
		k.start(ctx, rejected)
	}
	f := k.flight
	k.mu.Unlock()

	select {
	case <-f.done:
		return f.session, f.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// start begins a login; k.mu is held. The login runs detached from the caller,
// so that nobody else fails when the caller goes away.
func (k *keeper) start(ctx context.Context, rejected *session) {
	f := &flight{done: make(chan struct{})}
	k.flight = f
	ctx, cancel := context.WithTimeout(forLogin(ctx), loginTimeout)
	go func() {
		defer cancel()
		f.session, f.err = k.login(ctx, rejected)
		k.mu.Lock()
		if f.err == nil {
			k.current.Store(f.session)
		} else {
			k.refreshAt = time.Now().Add(refreshInterval)
			k.logger.LogAttrs(ctx, slog.LevelDebug, "nhncloud: login failed", slog.Any("error", f.err))
		}
		k.flight = nil
		k.mu.Unlock()
		close(f.done)
	}()
}

// forLogin returns a context for a login that a call began and others wait for:
// it does not end with the call, does not store its response where the caller
// captures that of the call, and follows the retry policy of the client.
func forLogin(ctx context.Context) context.Context {
	ctx = context.WithoutCancel(ctx)
	ctx = context.WithValue(ctx, captureKey{}, nil)
	return context.WithValue(ctx, retryKey{}, nil)
}
