package objectstorage

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

// inMemory is how large an object can be that is kept in memory.
const inMemory = 1 << 20

// blobs keeps the data that are too large for memory in files.
type blobs struct {
	base string // directory for the directory

	mu   sync.Mutex
	dir  string
	done bool
}

// create makes a file.
func (b *blobs) create() (*os.File, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done {
		return nil, errors.New("the cloud is closed")
	}
	if b.dir == "" {
		dir, err := os.MkdirTemp(b.base, "nhncloudtest-")
		if err != nil {
			return nil, err
		}
		b.dir = dir
	}
	return os.CreateTemp(b.dir, "object-")
}

// close removes all files.
func (b *blobs) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done = true
	if b.dir != "" {
		_ = os.RemoveAll(b.dir)
	}
}

// blob is data that don't change. Objects and readers hold it; it goes away
// when the last of them lets go.
type blob struct {
	size    int64
	memory  []byte
	file    string
	holders atomic.Int64
}

func (b *blob) retain() { b.holders.Add(1) }

func (b *blob) release() {
	if b.holders.Add(-1) == 0 && b.file != "" {
		_ = os.Remove(b.file)
	}
}

// memoryBlob makes a blob of bytes, held once.
func memoryBlob(data []byte) *blob {
	b := &blob{size: int64(len(data)), memory: data}
	b.retain()
	return b
}

// blobWriter takes data in.
type blobWriter struct {
	blobs  *blobs
	memory bytes.Buffer
	file   *os.File
	size   int64
	sum    hash.Hash
}

// newBlobWriter expects so many bytes; -1 means that nobody knows.
func newBlobWriter(b *blobs, expected int64) *blobWriter {
	w := &blobWriter{blobs: b, sum: md5.New()}
	if expected > 0 && expected <= inMemory {
		w.memory.Grow(int(expected))
	}
	return w
}

func (w *blobWriter) Write(p []byte) (int, error) {
	w.size += int64(len(p))
	_, _ = w.sum.Write(p)
	if w.file == nil && w.size <= inMemory {
		return w.memory.Write(p)
	}
	if w.file == nil {
		file, err := w.blobs.create()
		if err != nil {
			return 0, fmt.Errorf("%w: %w", errNoSpace, err)
		}
		w.file = file
		if _, err := w.file.Write(w.memory.Bytes()); err != nil {
			return 0, fmt.Errorf("%w: %w", errNoSpace, err)
		}
		w.memory = bytes.Buffer{}
	}
	n, err := w.file.Write(p)
	if err != nil {
		err = fmt.Errorf("%w: %w", errNoSpace, err)
	}
	return n, err
}

var errNoSpace = errors.New("cannot keep the object")

// finish makes the blob, held once, and the MD5 sum of what is in it.
func (w *blobWriter) finish() (*blob, string, error) {
	sum := hex.EncodeToString(w.sum.Sum(nil))
	if w.file == nil {
		return memoryBlob(bytes.Clone(w.memory.Bytes())), sum, nil
	}
	b := &blob{size: w.size, file: w.file.Name()}
	b.retain()
	if err := w.file.Close(); err != nil {
		b.release()
		return nil, "", fmt.Errorf("%w: %w", errNoSpace, err)
	}
	return b, sum, nil
}

// discard drops what was written.
func (w *blobWriter) discard() {
	if w.file != nil {
		_ = w.file.Close()
		_ = os.Remove(w.file.Name())
	}
}
