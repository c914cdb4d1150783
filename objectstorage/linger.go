package objectstorage

import (
	"context"
	"io"
	"sync"
	"time"
)

// maxLinger is how long a manifest, and a part that was sent, may take when the
// context has ended.
const maxLinger = 10 * time.Second

// outlasting returns a context that goes on for a while when ctx has ended, if
// linger then says so.
func outlasting(ctx context.Context, linger func() bool) (context.Context, context.CancelFunc) {
	long, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if linger() {
			time.AfterFunc(maxLinger, cancel)
		} else {
			cancel()
		}
	})
	return long, func() {
		stop()
		cancel()
	}
}

// whileRead returns a context for the request that sends the content. It ends
// with ctx while the content is being read, and a while later once that is done:
// the service then stores it whether its answer is waited for or not, and what
// comes to be there after the clean-up would stay. From the end of ctx on, the
// content can't be read.
func whileRead(ctx context.Context, c *content) (context.Context, context.CancelFunc) {
	g := &guarded{at: c.at, end: c.start + c.size}
	c.at = g
	return outlasting(ctx, g.close)
}

// guarded is content that knows whether it was read to its end.
type guarded struct {
	at  io.ReaderAt
	end int64

	mu     sync.Mutex
	whole  bool // was read to its end
	closed bool
}

// ReadAt reads at an offset.
func (g *guarded) ReadAt(p []byte, offset int64) (int, error) {
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return 0, context.Canceled
	}
	g.whole = offset+int64(len(p)) >= g.end
	g.mu.Unlock()
	return g.at.ReadAt(p, offset)
}

// close ends the reading, and reports whether there was nothing left to read.
func (g *guarded) close() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	return g.whole
}
