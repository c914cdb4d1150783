package blob

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"sync"
	"sync/atomic"
)

// InMemory is how large data can be that are kept in memory.
const InMemory = 1 << 20

// Store keeps the data that are too large for memory in files.
type Store struct {
	Base string // directory for the directory; that for temporary files when empty

	mu   sync.Mutex
	dir  string
	done bool
}

// create makes a file.
func (s *Store) create() (*os.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done {
		return nil, errors.New("the cloud is closed")
	}
	if s.dir == "" {
		dir, err := os.MkdirTemp(s.Base, "nhncloudtest-")
		if err != nil {
			return nil, err
		}
		s.dir = dir
	}
	return os.CreateTemp(s.dir, "data-")
}

// Close removes all files.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = true
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// Blob is data that don't change. What has them and readers hold it; it goes
// away when the last of them lets go.
type Blob struct {
	Size    int64
	memory  []byte
	file    string
	holders atomic.Int64
}

func (b *Blob) Retain() { b.holders.Add(1) }

func (b *Blob) Release() {
	if b.holders.Add(-1) == 0 && b.file != "" {
		_ = os.Remove(b.file)
	}
}

// Of makes a blob of bytes, held once.
func Of(data []byte) *Blob {
	b := &Blob{Size: int64(len(data)), memory: data}
	b.Retain()
	return b
}

// Writer takes data in.
type Writer struct {
	store  *Store
	memory bytes.Buffer
	file   *os.File
	size   int64
	sum    hash.Hash
}

// Size is how many bytes were written.
func (w *Writer) Size() int64 { return w.size }

// NewWriter expects so many bytes; -1 means that nobody knows.
func (s *Store) NewWriter(expected int64) *Writer {
	w := &Writer{store: s, sum: md5.New()}
	if expected > 0 && expected <= InMemory {
		w.memory.Grow(int(expected))
	}
	return w
}

func (w *Writer) Write(p []byte) (int, error) {
	w.size += int64(len(p))
	_, _ = w.sum.Write(p)
	if w.file == nil && w.size <= InMemory {
		return w.memory.Write(p)
	}
	if w.file == nil {
		file, err := w.store.create()
		if err != nil {
			return 0, fmt.Errorf("%w: %w", ErrNoSpace, err)
		}
		w.file = file
		if _, err := w.file.Write(w.memory.Bytes()); err != nil {
			return 0, fmt.Errorf("%w: %w", ErrNoSpace, err)
		}
		w.memory = bytes.Buffer{}
	}
	n, err := w.file.Write(p)
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	return n, err
}

// ErrNoSpace is the cause where the data can't be kept.
var ErrNoSpace = errors.New("cannot keep the data")

// Finish makes the blob, held once, and the MD5 sum of what is in it.
func (w *Writer) Finish() (*Blob, string, error) {
	sum := hex.EncodeToString(w.sum.Sum(nil))
	if w.file == nil {
		return Of(bytes.Clone(w.memory.Bytes())), sum, nil
	}
	b := &Blob{Size: w.size, file: w.file.Name()}
	b.Retain()
	if err := w.file.Close(); err != nil {
		b.Release()
		return nil, "", fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	return b, sum, nil
}

// Discard drops what was written.
func (w *Writer) Discard() {
	if w.file != nil {
		_ = w.file.Close()
		_ = os.Remove(w.file.Name())
	}
}
