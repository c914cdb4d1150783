package oncebody

import (
	"io"
	"sync"
)

// maxKept is how much of a body is kept while it is read: as long as there was
// no more, it can be sent again.
const maxKept = 64 << 10

// pooled is how much is read at once, at least, where what is kept of it is put
// into a buffer of the pool: more will follow, and then nothing is kept.
const pooled = 4 << 10

var buffers = sync.Pool{New: func() any { return new([maxKept]byte) }}

// kept reads from a reader once, for several attempts one after the other.
type kept struct {
	r     io.Reader
	guard *Guard

	mu     sync.Mutex
	busy   bool           // r is being read
	begin  []byte         // what was read
	buffer *[maxKept]byte // that begin is in; nil for none of the pool
	lost   bool           // there was more than is kept
	err    error          // that r ended with
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
		k.forget()
	} else {
		k.keep(p[:n])
	}
	k.busy, k.err = false, err
	return n, err
}

func (k *kept) keep(read []byte) {
	if k.begin == nil && len(read) >= pooled {
		k.buffer = buffers.Get().(*[maxKept]byte)
		k.begin = k.buffer[:0]
	}
	k.begin = append(k.begin, read...)
}

func (k *kept) forget() {
	if k.buffer != nil {
		buffers.Put(k.buffer)
	}
	k.begin, k.buffer = nil, nil
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
