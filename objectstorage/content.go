package objectstorage

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

// unknownSize is the size of content that tells it only by its end.
const unknownSize = -1

// content is what is to be stored. It can be read again where it has at.
type content struct {
	at    io.ReaderAt // nil where there is only first
	start int64       // of the content in at
	size  int64       // bytes, or unknownSize
	first io.Reader   // reads the content once
}

// contentOf finds out what can be done with a reader: whether it can be read
// again, and how much is left in it. Declared is the size that the caller tells;
// 0 and unknownSize are none.
func contentOf(operation string, r io.Reader, declared int64) (content, error) {
	if declared < unknownSize {
		return content{}, nhncloud.NewArgumentError(operation, "Size", "must not be less than -1")
	}
	c := content{first: r, size: unknownSize}
	switch r := r.(type) {
	case nil:
		c.at, c.first, c.size = bytes.NewReader(nil), nil, 0
	case *bytes.Buffer:
		c.at, c.size = bytes.NewReader(r.Bytes()), int64(r.Len())
	case interface {
		io.ReaderAt
		io.Seeker
	}:
		if isRegular(r) {
			c.at = r
		}
	case io.ReadSeeker:
		c.at = &seekerAt{seeker: r}
	}
	if seeker, ok := r.(io.Seeker); ok && c.at != nil {
		if err := c.measure(seeker); err != nil {
			return content{}, &nhncloud.Error{Operation: operation, Field: "content", Message: "can't be measured", Err: err}
		}
	}
	if declared > 0 {
		if c.at != nil && declared != c.size {
			return content{}, nhncloud.NewArgumentError(operation, "content", fmt.Sprintf("has %d bytes, but Size is %d", c.size, declared))
		}
		c.size = declared
	}
	return c, nil
}

// measure finds out where the content begins and ends. What turns out not to
// seek can be read only once.
func (c *content) measure(seeker io.Seeker) error {
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		c.at = nil
		return nil
	}
	end, err := seeker.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	c.start, c.size = start, max(0, end-start)
	_, err = seeker.Seek(start, io.SeekStart)
	return err
}

// rewind puts a mere seeker back to where it stood.
func (c *content) rewind() {
	if s, ok := c.at.(*seekerAt); ok {
		s.mu.Lock()
		defer s.mu.Unlock()
		_, _ = s.seeker.Seek(c.start, io.SeekStart)
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
		more, err := readSome(s.seeker, p[n:])
		if n += more; err != nil {
			s.known = false
			return n, err
		}
	}
	s.next, s.known = offset+int64(n), true
	return n, nil
}

// section is a part of the content that can be read again.
func (c *content) section(offset, size int64) *content {
	return &content{at: c.at, start: c.start + offset, size: size}
}

// read reads on after so many bytes; content that can be read only once is
// always there.
func (c *content) read(p []byte, done int64) (int, error) {
	if c.at == nil {
		return readSome(c.first, p)
	}
	n, err := c.at.ReadAt(p, c.start+done)
	if n == 0 && err == nil && len(p) > 0 {
		err = io.ErrNoProgress // no reader that keeps to its contract
	}
	return n, err
}

// unsendable is the failure for content that can't be read, or has another
// length than was declared.
func unsendable(operation string, err error) *nhncloud.Error {
	return &nhncloud.Error{Operation: operation, Field: "content", Message: "can't be sent", Err: err}
}

// readSome reads at least a byte, unless r has none or does not get on.
func readSome(r io.Reader, p []byte) (int, error) {
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

// load returns such content, and nil for any other.
func (c *content) load() ([]byte, error) {
	if c.at == nil || c.size > maxInMemory {
		return nil, nil
	}
	b := make([]byte, c.size)
	n, err := c.at.ReadAt(b, c.start)
	if n == len(b) {
		err = nil
	}
	return b, c.short(int64(n), err)
}

// maxHashedAhead is the size up to which content that can be read again is
// hashed before it is sent, so that the service itself refuses what arrives
// otherwise.
const maxHashedAhead = 1 << 20

// hashAhead returns the MD5 of such content, which may have been loaded, and ""
// for any other.
func (c *content) hashAhead(ctx context.Context, loaded []byte) (string, error) {
	switch {
	case loaded != nil:
		return hexMD5(loaded), nil
	case c.at == nil || c.size > maxHashedAhead:
		return "", nil
	default:
		return c.md5(ctx)
	}
}

// md5 reads the content and returns its MD5 in hexadecimal form.
func (c *content) md5(ctx context.Context) (string, error) {
	sum := newHasher()
	defer sum.free()
	n, err := feed(ctx, sum, c.at, c.start, c.size)
	if err = c.short(n, err); err != nil {
		return "", err
	}
	return sum.hex(), nil
}

// feed hands so many bytes from an offset on to what hashes them. It stops when
// they end before, which is no error, and when the context does.
func feed(ctx context.Context, sum io.Writer, at io.ReaderAt, offset, size int64) (int64, error) {
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
func (c *content) short(done int64, err error) error {
	if done < c.size && (err == nil || err == io.EOF || err == io.ErrUnexpectedEOF) {
		return fmt.Errorf("ended after %d of %d bytes: %w", done, c.size, io.ErrUnexpectedEOF)
	}
	return err
}

const bufferSize = 128 << 10

var buffers = sync.Pool{New: func() any { return new([bufferSize]byte) }}

// onlyWriter hides what else a writer can do, so that io.CopyBuffer uses its
// buffer.
type onlyWriter struct{ io.Writer }

// onlyReader hides what else a reader can do, so that io.CopyBuffer uses its
// buffer.
type onlyReader struct{ io.Reader }
