package oncebody

import (
	"errors"
	"io"
	"sync/atomic"
)

// Guard reads from a reader of the caller in a goroutine of net/http, where a
// panic would end the process, and keeps what the reader panics with for the
// goroutine that made the call.
type Guard struct{ panicked atomic.Pointer[any] }

var errPanicked = errors.New("nhncloud: the reader of the body panicked")

// Read reads from r, and fails where that panics.
func (g *Guard) Read(r io.Reader, p []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			panicked := v // on its own, so that a read allocates nothing
			g.panicked.Store(&panicked)
			n, err = 0, errPanicked
		}
	}()
	return r.Read(p)
}

// Rethrow panics with what the reader panicked with, if it did.
func (g *Guard) Rethrow() {
	if v := g.panicked.Load(); v != nil {
		panic(*v)
	}
}
