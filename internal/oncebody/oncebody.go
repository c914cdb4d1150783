package oncebody

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"
)

// Source opens the body for the attempts of one call. It is not to be copied
// after Init.
type Source struct {
	kept    kept
	opened  bool
	first   Body                 // for the first attempt, without an allocation
	current atomic.Pointer[Body] // of the attempt under way
	begun   atomic.Bool          // it was read in the attempt under way
	guard   Guard
}

// Init gives the source its content.
func (s *Source) Init(r io.Reader) { s.kept.r, s.kept.guard = r, &s.guard }

// Open returns the body for the next attempt.
func (s *Source) Open() *Body {
	body := &s.first
	if s.opened { // the transport may still hold that
		body = new(Body)
	}
	s.opened = true
	s.begun.Store(false)
	body.content, body.begun = &s.kept, &s.begun
	body.changed.L = &body.mu
	s.current.Store(body)
	return body
}

// Begun reports whether the newest attempt has begun to read.
func (s *Source) Begun() bool { return s.begun.Load() }

// Spent ends the reading of the newest attempt, and reports whether the content
// can't be sent again: more of it was read than is kept, it is broken, or a read
// of it is still under way.
func (s *Source) Spent() bool {
	if body := s.current.Load(); body != nil {
		body.leave()
	}
	return s.kept.spent()
}

// Rethrow panics with what the reader panicked with, if it did.
func (s *Source) Rethrow() { s.guard.Rethrow() }

// Listen has a trace, that of the requests with the body, let the service ask
// for it.
func (s *Source) Listen(trace *httptrace.ClientTrace) {
	hear := func() { s.current.Load().hear() }
	trace.GotFirstResponseByte = both(trace.GotFirstResponseByte, hear)
	trace.Got100Continue = both(trace.Got100Continue, hear)
}

// both returns a function that calls two, of which the first may be nil.
func both(first, second func()) func() {
	if first == nil {
		return second
	}
	return func() {
		first()
		second()
	}
}

// Body is the content for one attempt. It notes that the transport began to read
// it, and knows whether it is reading.
type Body struct {
	content *kept
	begun   *atomic.Bool
	got     int // bytes that this attempt has read

	mu      sync.Mutex
	changed sync.Cond
	heard   int // what was heard from the service that may ask for it; see hear
	reading bool
	over    bool

	resp *http.Response // what the attempt with it ends with
	err  error
}

// maxGrace is how long a body waits for an answer that has begun to come.
const maxGrace = time.Second

var errOver = errors.New("nhncloud: the call is over")

// Read reads from the body.
func (b *Body) Read(p []byte) (int, error) {
	if !b.begin() {
		return 0, errOver
	}
	n, err := b.content.read(p, b.got)
	b.got += n
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reading = false
	if b.over {
		return 0, errOver
	}
	return n, err
}

// begin reports whether the body may be read. It may not be when the service has
// refused it: net/http wants to send it all the same then, to keep the
// connection, but what was not read can be sent again.
func (b *Body) begin() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.heard == 1 && !b.begun.Load() {
		late := false
		timer := time.AfterFunc(maxGrace, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			late = true
			b.changed.Broadcast()
		})
		defer timer.Stop()
		for b.heard == 1 && !b.over && !late {
			b.changed.Wait()
		}
	}
	if b.over {
		return false
	}
	b.reading = true
	b.begun.Store(true)
	return true
}

// hear is told of the first byte from a service that may ask for the body, and
// then that it does. Once alone it is the answer that is coming.
func (b *Body) hear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heard++
	b.changed.Broadcast()
}

// answered is told that the answer is here. A body that was not begun by then is
// not read any more.
func (b *Body) answered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = b.over || !b.begun.Load()
	b.changed.Broadcast()
}

// leave ends the reading, and reports whether a read is still under way.
func (b *Body) leave() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = true
	b.changed.Broadcast()
	return b.reading
}

// Close does nothing: the reader is the caller's.
func (b *Body) Close() error { return nil }

// RoundTrip sends a request with the body. When its context ends it does not
// wait for the body where that is being read, as net/http does: whoever fills it
// may never do so.
func (b *Body) RoundTrip(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	defer b.answered()
	if r.Context().Done() == nil {
		return next.RoundTrip(r)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.resp, b.err = next.RoundTrip(r)
	}()
	select {
	case <-done:
		return b.resp, b.err
	case <-r.Context().Done():
	}
	if !b.leave() {
		<-done
		return b.resp, b.err
	}
	go func() {
		if <-done; b.err == nil {
			_ = b.resp.Body.Close()
		}
	}()
	return nil, r.Context().Err()
}
