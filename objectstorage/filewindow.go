package objectstorage

import (
	"io"
	"io/fs"
	"sync"
)

// Of what is read piece by piece, so much is asked for at a time, twice as much
// each time.
const (
	leastWindow = 64 << 10
	mostWindow  = 1 << 20
)

// window is a part of a file that is kept for the calls of ReadAt that follow.
type window struct {
	mu     sync.Mutex
	closed bool
	offset int64
	data   []byte
	next   int64 // where the call before ended
	size   int64 // of the last part that was asked for ahead; 0 for none
}

// take fills p with what is kept of the file from the offset on, and tells how
// much is to be asked for where that is not all.
func (w *window) take(p []byte, offset int64) (taken int, want int64, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return 0, 0, fs.ErrClosed
	}
	if i := offset - w.offset; i >= 0 && i < int64(len(w.data)) {
		taken = copy(p, w.data[i:])
	}
	follows := offset == w.next
	w.next = offset + int64(len(p))
	if taken == len(p) {
		return taken, 0, nil
	}
	want = int64(len(p) - taken)
	switch {
	case !follows:
		w.size = 0
	default:
		w.size = max(leastWindow, min(2*w.size, mostWindow))
		want = max(want, w.size)
	}
	return taken, want, nil
}

// keep keeps a part of the file.
func (w *window) keep(data []byte, offset int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.data, w.offset = data, offset
	}
}

func (w *window) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed, w.data = true, nil
}

// ReadAt reads at an offset. It neither uses nor moves the place of Read.
func (f *File) ReadAt(p []byte, offset int64) (int, error) {
	n, err := f.readAt(p, offset)
	return n, f.failed("read", err)
}

func (f *File) readAt(p []byte, offset int64) (int, error) {
	var end error
	switch left := f.object.Size - offset; {
	case offset < 0:
		return 0, fs.ErrInvalid
	case len(p) == 0:
		return 0, nil
	case left <= 0:
		return 0, io.EOF
	case left < int64(len(p)):
		p, end = p[:left], io.EOF
	}
	n, want, err := f.window.take(p, offset)
	if err == nil {
		err = f.ended()
	}
	if err != nil {
		return 0, err
	}
	if n == len(p) {
		return n, end
	}
	from, rest := offset+int64(n), p[n:]
	want = min(want, f.object.Size-from)
	if want == int64(len(rest)) {
		got, err := f.fetch(rest, from)
		if err != nil {
			return n + got, err
		}
		return len(p), end
	}
	data := make([]byte, want)
	got, err := f.fetch(data, from)
	n += copy(rest, data[:got])
	if err != nil {
		return n, err
	}
	f.window.keep(data, from)
	return n, end
}

// fetch reads a part of the object.
func (f *File) fetch(p []byte, offset int64) (int, error) {
	content, err := f.open(&GetOptions{Offset: offset, Length: int64(len(p)), SkipChecksum: true})
	if err != nil {
		return 0, err
	}
	defer content.Close()
	n, err := io.ReadFull(content, p)
	return n, f.explained(err)
}
