package nhncloud

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultLoginTimeout is the default of [WithLoginTimeout].
const DefaultLoginTimeout = 15 * time.Second

const (
	refreshInterval = 10 * time.Second // between failing background logins
	loginGrace      = time.Second      // for a source to notice that its time is over
)

// keeper holds the token of one scope and lets at most one login run.
type keeper struct {
	login   func(ctx context.Context, refused *session) (*session, error)
	timeout time.Duration // of a login, which no caller's context ends
	logger  *slog.Logger

	current  atomic.Pointer[session]
	refusing atomic.Bool  // some service has refused a token and accepted none since
	repeated atomic.Int32 // calls under way that are sent again with another token

	gate gate

	mu        sync.Mutex
	flight    *flight
	refreshAt time.Time             // no background login before
	standings map[Service]*standing // of the services that refuse
	barred    barrier               // after refused logins
}

// flight is a login that callers wait for.
type flight struct {
	done    chan struct{}
	over    bool // under the mutex of the keeper
	session *session
	err     error
	hung    bool // it took too long
}

// loginPanic is what the token source or the cache panicked with. It goes on in
// those who wait for the login, where the program may expect it.
type loginPanic struct{ value any }

func (p *loginPanic) Error() string { return fmt.Sprintf("the login panicked: %v", p.value) }

// session returns a session for a service, logging in where needed: one that is
// not the refused one, where there was a refusal.
func (k *keeper) session(ctx context.Context, service Service, after *refusal) (*session, error) {
	for joined := false; ; joined = true {
		s, f, own, err := k.sessionOrFlight(ctx, service, after)
		if f == nil {
			return s, err
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if p, ok := f.err.(*loginPanic); ok {
			panic(p.value)
		}
		// One that others had begun may have hung since the service was not well
		// yet, or bring the refused token again.
		useless := f.hung || f.err == nil && !f.session.isOtherThan(after.refused())
		if !useless || own || joined {
			return f.session, f.err
		}
		after = &refusal{session: after.refused()}
	}
}

// sessionOrFlight returns a session that can be used, or else a login to wait
// for, and whether it was begun for this call.
func (k *keeper) sessionOrFlight(ctx context.Context, service Service, after *refusal) (s *session, f *flight, own bool, err error) {
	refused := after.refused()
	if s := k.current.Load(); s != nil && s.isOtherThan(refused) && !s.due() && !k.refusing.Load() {
		return s, nil, false, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	s = k.current.Load()
	usable := s != nil && s.isOtherThan(refused) && !s.expired()
	switch {
	case usable && k.flight != nil && k.refuses(service, s):
		// The others need not find out the same.
		return nil, k.flight, false, nil
	case usable:
		if s.due() && k.flight == nil && !time.Now().Before(k.refreshAt) {
			k.start(ctx, nil)
		}
		return s, nil, false, nil
	case after != nil && after.flight != nil:
		return nil, after.flight, after.own, nil
	case k.flight != nil:
		return nil, k.flight, false, nil
	}
	if err := k.barred.err(); err != nil {
		return nil, nil, false, err
	}
	return nil, k.start(ctx, refused), true, nil
}

// start begins a login; k.mu is held. The login runs detached from the caller,
// so that nobody else fails when the caller goes away.
func (k *keeper) start(ctx context.Context, refused *session) *flight {
	f := &flight{done: make(chan struct{})}
	k.flight = f
	ctx, cancel := context.WithTimeout(forLogin(ctx), k.timeout)
	// A source that looks at its context ends by itself, and says where it was.
	stuck := time.AfterFunc(k.timeout+loginGrace, func() { k.land(ctx, f, nil, context.DeadlineExceeded) })
	go func() {
		defer cancel()
		defer stuck.Stop()
		s, err := (*session)(nil), errors.New("the token source ended the goroutine of the login")
		defer func() {
			if p := recover(); p != nil {
				err = &loginPanic{p}
			}
			k.land(ctx, f, s, err)
		}()
		s, err = k.login(ctx, refused)
	}()
	return f
}

// land ends a login, once.
func (k *keeper) land(ctx context.Context, f *flight, s *session, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if f.over {
		return
	}
	f.over = true
	f.session, f.err = s, err
	if err != nil && ctx.Err() != nil {
		f.hung = true
		f.err = &Error{Message: fmt.Sprintf("the login did not end within %v; see WithLoginTimeout", k.timeout), Err: err, kind: ErrUnavailable}
	}
	k.barred.note(f.err)
	if f.err == nil {
		k.current.Store(s)
	} else {
		k.refreshAt = time.Now().Add(refreshInterval)
		k.logger.LogAttrs(ctx, slog.LevelDebug, "nhncloud: login failed", slog.Any("error", f.err))
	}
	k.flight = nil
	close(f.done)
}

// forLogin returns a context for a login that a call began and others wait for:
// it does not end with the call, does not store its response where the caller
// captures that of the call, and follows the retry policy of the client.
func forLogin(ctx context.Context) context.Context {
	ctx = context.WithoutCancel(ctx)
	ctx = context.WithValue(ctx, captureKey{}, nil)
	return context.WithValue(ctx, retryKey{}, nil)
}
