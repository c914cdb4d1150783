package transfer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"github.com/nhncloud-go/nhncloud"
)

// UnknownSize is the size of content that tells it only by its end.
const UnknownSize = -1

// Content is what is to be stored. It can be read again where it has At.
type Content struct {
	At    io.ReaderAt // nil where there is only First
	Start int64       // of the content in At
	Size  int64       // bytes, or UnknownSize
	First io.Reader   // reads the content once
}

// ContentOf finds out what can be done with a reader: whether it can be read
// again, and how much is left in it. Declared is the size that the caller tells;
// 0 and UnknownSize are none.
func ContentOf(operation string, r io.Reader, declared int64) (Content, error) {
	if declared < UnknownSize {
		return Content{}, nhncloud.NewArgumentError(operation, "Size", "must not be less than -1")
	}
	c := Content{First: r, Size: UnknownSize}
	switch r := r.(type) {
	case nil:
		c.At, c.First, c.Size = bytes.NewReader(nil), nil, 0
	case *bytes.Buffer:
		c.At, c.Size = bytes.NewReader(r.Bytes()), int64(r.Len())
	case interface {
		io.ReaderAt
		io.Seeker
	}:
		if isRegular(r) {
			c.At = r
		}
	case io.ReadSeeker:
		c.At = &seekerAt{seeker: r}
	}
	if seeker, ok := r.(io.Seeker); ok && c.At != nil {
		if err := c.measure(seeker); err != nil {
			return Content{}, &nhncloud.Error{Operation: operation, Field: "content", Message: "can't be measured", Err: err}
		}
	}
	if declared > 0 {
		if c.At != nil && declared != c.Size {
			return Content{}, nhncloud.NewArgumentError(operation, "content", fmt.Sprintf("has %d bytes, but Size is %d", c.Size, declared))
		}
		c.Size = declared
	}
	return c, nil
}

// measure finds out where the content begins and ends. What turns out not to
// seek can be read only once.
func (c *Content) measure(seeker io.Seeker) error {
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		c.At = nil
		return nil
	}
	end, err := seeker.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	c.Start, c.Size = start, max(0, end-start)
	_, err = seeker.Seek(start, io.SeekStart)
	return err
}

// Rewind puts a mere seeker back to where it stood.
func (c *Content) Rewind() {
	if s, ok := c.At.(*seekerAt); ok {
		s.mu.Lock()
		defer s.mu.Unlock()
		_, _ = s.seeker.Seek(c.Start, io.SeekStart)
		s.known = false
	}
}

// isRegular reports whether the size of what is read can be relied on: not that
// of a device.
func isRegular(r any) bool {
	file, ok := r.(*os.File)
	if !ok {
		return true
	}
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular()
}

// seekerAt reads a seeker at any place, for one reader at a time.
type seekerAt struct {
	mu     sync.Mutex
	seeker io.ReadSeeker
	next   int64
	known  bool // next is where the seeker stands
}

// ReadAt reads at an offset.
func (s *seekerAt) ReadAt(p []byte, offset int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.known || s.next != offset {
		if _, err := s.seeker.Seek(offset, io.SeekStart); err != nil {
			return 0, err
		}
	}
	n := 0
	for n < len(p) {
		more, err := ReadSome(s.seeker, p[n:])
		if n += more; err != nil {
			s.known = false
			return n, err
		}
	}
	s.next, s.known = offset+int64(n), true
	return n, nil
}

// Section is a part of the content that can be read again.
func (c *Content) Section(offset, size int64) *Content {
	return &Content{At: c.At, Start: c.Start + offset, Size: size}
}

// read reads on after so many bytes; content that can be read only once is
// always there.
func (c *Content) read(p []byte, done int64) (int, error) {
	if c.At == nil {
		return ReadSome(c.First, p)
	}
	n, err := c.At.ReadAt(p, c.Start+done)
	if n == 0 && err == nil && len(p) > 0 {
		err = io.ErrNoProgress // no reader that keeps to its contract
	}
	return n, err
}

// Unsendable is the failure for content that can't be read, or has another
// length than was declared.
func Unsendable(operation string, err error) *nhncloud.Error {
	return &nhncloud.Error{Operation: operation, Field: "content", Message: "can't be sent", Err: err}
}

// ReadSome reads at least a byte, unless r has none or does not get on.
func ReadSome(r io.Reader, p []byte) (int, error) {
	const tries = 100
	for range tries {
		if n, err := r.Read(p); n > 0 || err != nil {
			return n, err
		}
	}
	return 0, io.ErrNoProgress
}

// maxInMemory is the size up to which content that can be read again is read
// before it is sent, because net/http sends it together with the header then.
const maxInMemory = 64 << 10

// Load returns such content, and nil for any other.
func (c *Content) Load() ([]byte, error) {
	if c.At == nil || c.Size > maxInMemory {
		return nil, nil
	}
	b := make([]byte, c.Size)
	n, err := c.At.ReadAt(b, c.Start)
	if n == len(b) {
		err = nil
	}
	return b, c.short(int64(n), err)
}

// Sum reads content that can be read again and returns its checksum.
func (c *Content) Sum(ctx context.Context, algorithm string) (string, error) {
	sum := NewSum(algorithm)
	defer sum.Free()
	n, err := Feed(ctx, sum, c.At, c.Start, c.Size)
	if err = c.short(n, err); err != nil {
		return "", err
	}
	return sum.Hex(), nil
}

// Feed hands so many bytes from an offset on to what hashes them. It stops when
// they end before, which is no error, and when the context does.
func Feed(ctx context.Context, sum io.Writer, at io.ReaderAt, offset, size int64) (int64, error) {
	buffer := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buffer)
	for done := int64(0); done < size; {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		b := buffer[:min(bufferSize, size-done)]
		n, err := at.ReadAt(b, offset+done)
		if _, bad := sum.Write(b[:n]); bad != nil {
			return done, bad
		}
		if done += int64(n); n < len(b) {
			if err == io.EOF {
				err = nil
			}
			return done, err
		}
		runtime.Gosched() // what sends other parts has less to do, and waits for it
	}
	return size, nil
}

// short makes an error of an end that came too early.
func (c *Content) short(done int64, err error) error {
	if done < c.Size && (err == nil || err == io.EOF || err == io.ErrUnexpectedEOF) {
		return fmt.Errorf("ended after %d of %d bytes: %w", done, c.Size, io.ErrUnexpectedEOF)
	}
	return err
}

const bufferSize = 128 << 10

var buffers = sync.Pool{New: func() any { return new([bufferSize]byte) }}

// Copy is io.Copy in larger pieces, and with buffers that are used again.
func Copy(w io.Writer, r io.Reader) (int64, error) {
	buffer := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buffer)
	return io.CopyBuffer(onlyWriter{w}, onlyReader{r}, buffer[:])
}

// onlyWriter hides what else a writer can do, so that io.CopyBuffer uses its
// buffer.
type onlyWriter struct{ io.Writer }

// onlyReader hides what else a reader can do, so that io.CopyBuffer uses its
// buffer.
type onlyReader struct{ io.Reader }
