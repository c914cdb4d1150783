package objectstorage

import (
	"context"
	"errors"
	"io"
	"net/http/httptrace"
	"net/textproto"
	"sync"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// maxLinger is how much longer than its context a call may wait for the answer to
// what was sent whole; it is part of [transfer.MaxGrace].
const maxLinger = 2 * time.Second

// flight is a request that stores something. It knows whether the service may
// still act on it: not before it was sent whole, and not after it has answered.
type flight struct {
	mu       sync.Mutex
	whole    bool // all of it was read
	answered bool // the answer has begun to come
	closed   bool // it is not to be read any more
}

// traced returns a context for the request. What the service says before its
// answer is none.
func (f *flight) traced(ctx context.Context) context.Context {
	set := func(answered bool) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.answered = answered
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:              func(httptrace.GotConnInfo) { set(false) },
		GotFirstResponseByte: func() { set(true) },
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			set(false)
			return nil
		},
	})
}

// under reports whether the service may still act on the request.
func (f *flight) under() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.whole && !f.answered
}

// land ends the reading, and reports whether the service may act on what was
// sent by then.
func (f *flight) land() bool {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	return f.under()
}

// hurried is a context that goes on when another one has ended, and still has the
// deadline of that: nothing is begun that could not be done by then.
type hurried struct {
	context.Context
	parent context.Context
}

// Deadline returns that of the parent.
func (h hurried) Deadline() (time.Time, bool) { return h.parent.Deadline() }

// whileRead returns a context for the request that sends the content, and the
// request. The context ends with ctx while the content is being read, and a
// while later once that is done: the service then stores it whether its answer
// is waited for or not, and what comes to be there after the cleaning up would
// stay. From the end of ctx on, the content can't be read.
func whileRead(ctx context.Context, c *transfer.Content) (context.Context, *flight, context.CancelFunc) {
	f := new(flight)
	c.At = &guarded{at: c.At, end: c.Start + c.Size, flight: f}
	long, cancel := transfer.Outlasting(ctx, maxLinger, f.land)
	return f.traced(hurried{long, ctx}), f, cancel
}

// guarded is content that tells a flight whether it was read to its end.
type guarded struct {
	at     io.ReaderAt
	end    int64
	flight *flight
}

// ReadAt reads at an offset.
func (g *guarded) ReadAt(p []byte, offset int64) (int, error) {
	f := g.flight
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return 0, context.Canceled
	}
	f.whole = offset+int64(len(p)) >= g.end
	f.mu.Unlock()
	return g.at.ReadAt(p, offset)
}

// endedWith returns the failure of what outlasted ctx with the end of ctx in
// place of its own.
func endedWith(ctx context.Context, err error) error {
	var e *nhncloud.Error
	if ctx.Err() == nil || !errors.Is(err, context.Canceled) || !errors.As(err, &e) {
		return err
	}
	own := *e
	own.Err = ctx.Err()
	return &own
}
