package oncebody

import (
	"io"
	"sync"
)

// maxKept is how much of a body is kept while it is read: as long as there was
// no more, it can be sent again.
const maxKept = 64 << 10

// kept reads from a reader once, for several attempts one after the other.
type kept struct {
	r     io.Reader
	guard *Guard

	mu    sync.Mutex
	busy  bool   // r is being read
	begin []byte // what was read
	lost  bool   // there was more than is kept
	err   error  // that r ended with
}

// read reads for an attempt that has got so many bytes.
func (k *kept) read(p []byte, got int) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if got < len(k.begin) {
		return copy(p, k.begin[got:]), nil
	}
	if k.err != nil {
		return 0, k.err
	}
	n, err := k.readMore(p)
	if k.lost = k.lost || len(k.begin)+n > maxKept; k.lost {
		k.begin = nil
	} else {
		k.begin = append(k.begin, p[:n]...)
	}
	k.busy, k.err = false, err
	return n, err
}

// readMore reads what no attempt has got, and lets go of the lock meanwhile.
func (k *kept) readMore(p []byte) (int, error) {
	k.busy = true
	k.mu.Unlock()
	defer k.mu.Lock()
	return k.guard.Read(k.r, p)
}

// spent reports whether there may be content that another attempt could not
// read: not all is kept, the reader failed, or it is being read.
func (k *kept) spent() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.busy || k.lost || k.err != nil && k.err != io.EOF
}
