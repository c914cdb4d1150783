package nhncloud

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A token that is refused is replaced and the call is sent again: the service
// did nothing, so that any call may be. That goes wrong where a service refuses
// whatever it gets, which each of its calls would log in for. So a keeper counts,
// for each service, the tokens that were refused one after the other and none
// accepted in between. After one of them it logs in for that service only when
// the newest token has reached some age, which doubles each time. Where several
// calls are sent again at a time it takes some more: tokens may be revoked before
// any of them gets through, and a login for many costs little.
const (
	freeAlone    = 1
	freeTogether = 4
	minBackOff   = time.Second
	maxBackOff   = time.Minute
)

// maxReplacements bounds how often one call is sent again with another token.
// It takes tokens that are revoked, each while the call is on its way, to reach
// it.
const maxReplacements = 20

// backOff returns the wait after so many refusals too many.
func backOff(n int) time.Duration {
	switch {
	case n <= 0:
		return 0
	case n > 6:
		return maxBackOff
	default:
		return minBackOff << (n - 1)
	}
}

// standing is how a service takes the tokens that it gets.
type standing struct {
	last  *session // refused last
	row   int      // tokens that were refused since one was accepted
	fresh int      // of them, those that did not come from the cache
}

// wait returns how old a token has to be for its refusal to lead to a login.
func (s *standing) wait(together bool) time.Duration {
	if together {
		return backOff(s.fresh - freeTogether)
	}
	return backOff(s.row - freeAlone)
}

// refusal is that of a session, and what is done about it.
type refusal struct {
	session *session
	flight  *flight // the login for another; nil where there is one already
	own     bool    // the flight was begun for it
}

// refused returns the session, or nil where there was no refusal.
func (r *refusal) refused() *session {
	if r == nil {
		return nil
	}
	return r.session
}

// refused is told that a service has refused a session. It returns how the call
// gets another, or nil and how long that would have to wait.
func (k *keeper) refused(ctx context.Context, service Service, s *session) (*refusal, time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := &refusal{session: s}
	if current := k.current.Load(); current == nil || current.isOtherThan(s) {
		return r, 0 // it was replaced meanwhile
	}
	st := k.standing(service)
	if st.last != s {
		st.last = s
		st.row++
		if !s.cached {
			st.fresh++
		}
	}
	switch wait := st.wait(k.repeated.Load() > 1) - time.Since(s.since); {
	case k.flight != nil:
		r.flight = k.flight
	case wait > 0 && !s.cached:
		return nil, wait
	case k.barred.err() == nil:
		r.flight, r.own = k.start(ctx, s), true
	}
	return r, 0
}

// standing returns that of a service, which it begins where there is none; k.mu
// is held.
func (k *keeper) standing(service Service) *standing {
	service = service.canonical()
	st := k.standings[service]
	if st == nil {
		st = new(standing)
		if k.standings == nil {
			k.standings = map[Service]*standing{}
		}
		k.standings[service] = st
		k.refusing.Store(true)
	}
	return st
}

// refuses reports whether a service has refused a session; k.mu is held.
func (k *keeper) refuses(service Service, s *session) bool {
	st := k.standings[service.canonical()]
	return st != nil && st.last == s
}

// accepted is told that a service has accepted a session.
func (k *keeper) accepted(service Service, s *session) {
	if !k.refusing.Load() {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	service = service.canonical()
	if st := k.standings[service]; st != nil && !s.since.Before(st.last.since) {
		delete(k.standings, service)
		k.refusing.Store(len(k.standings) > 0)
	}
}

// A token that is revoked is refused to all calls that are on their way. If they
// were all sent again at once, the next one could be revoked before they get
// through. So maxRepeats of them go at a time, and none holds the others up for
// longer than maxRepeat.
const (
	maxRepeats = 32
	maxRepeat  = time.Second
)

// gate lets calls through that are sent again with another token.
type gate chan struct{}

// enter waits until a call may be sent. The call leaves when it has its answer.
func (g gate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	late := time.AfterFunc(maxRepeat, func() { <-g })
	return func() {
		if late.Stop() {
			<-g
		}
	}, nil
}

// freeLogins is how many logins in a row may be refused before they wait.
const freeLogins = 3

// barrier holds logins back when several in a row were refused: a wrong
// password does not become right by trying, and may lock the account.
type barrier struct {
	last *Error // of the refused logins
	row  int
	from time.Time // of the last one
}

// note is told how a login ended.
func (b *barrier) note(err error) {
	var e *Error
	if !errors.As(err, &e) || e.Kind() != ErrUnauthorized || e.StatusCode == 0 {
		*b = barrier{}
		return
	}
	b.last, b.row, b.from = e, b.row+1, time.Now()
}

// err returns why there may be no login now, or nil.
func (b *barrier) err() error {
	wait := backOff(b.row-freeLogins) - time.Since(b.from)
	if b.last == nil || wait <= 0 {
		return nil
	}
	e := asError(b.last)
	if e.Note != "" {
		e.Note += "; "
	}
	e.Note += fmt.Sprintf("not tried again for %v, because %d logins in a row were refused", wait.Round(time.Millisecond), b.row)
	return e
}
