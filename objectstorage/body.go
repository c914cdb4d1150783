package objectstorage

import (
	"bytes"
	"context"
	"errors"
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
	n, err := io.ReadFull(s.seeker, p)
	s.next, s.known = offset+int64(n), err == nil
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
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
	return c.at.ReadAt(p, c.start+done)
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

// upload is a request body that is read from content. It hashes what goes by
// and checks that it has the length it should.
type upload struct {
	args    [3]string // of the path of the request
	ctx     context.Context
	content content
	hashed  bool          // compute the MD5
	tell    func(int64)   // is told how many bytes of the content were read; may be nil
	request nhncloud.Body // that reads it

	mu    sync.Mutex
	last  *uploadReader // of the newest attempt
	first uploadReader
}

// uploadTo returns an upload to an object whose names are the arguments of a
// path. All that it takes is in one place, and so allocated at once.
func uploadTo(names ...string) *upload {
	u := new(upload)
	copy(u.args[:], names)
	return u
}

// body returns the request body. Loaded is the content where that is in memory.
func (u *upload) body(loaded []byte) *nhncloud.Body {
	switch {
	case loaded != nil:
		u.request = *nhncloud.NewBodyBytes("", loaded)
	case u.content.at == nil:
		u.request = *nhncloud.NewBodyReader("", u.content.size, u.open())
	default:
		u.request = *nhncloud.NewBody("", u.content.size, func() (io.ReadCloser, error) { return u.open(), nil })
	}
	return &u.request
}

// open begins to read the content for an attempt. The attempt before, which the
// transport may still hold, ends.
func (u *upload) open() *uploadReader {
	u.mu.Lock()
	defer u.mu.Unlock()
	r := &u.first
	if u.last != nil {
		u.last.stop()
		r = new(uploadReader)
	}
	r.upload, u.last = u, r
	if u.hashed {
		r.sum = newHasher()
	}
	return r
}

// outcome is what became of an upload.
type outcome struct {
	etag string // MD5 of what was read, in hexadecimal form; "" where it was not computed
	size int64  // bytes that were read
	cut  bool   // it ended in the middle of the content
	err  error  // what is wrong with the content
}

// finish ends the last attempt. After it the content is the caller's again, but
// for one that can be read only once: a read of it may be under way that never
// ends.
func (u *upload) finish() outcome {
	u.mu.Lock()
	defer u.mu.Unlock()
	r := u.last
	if r == nil {
		return outcome{}
	}
	r.stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	out := outcome{size: r.done, cut: !r.ends && (r.done > 0 || r.reads || r.err != nil), err: r.err}
	if r.sum != nil {
		out.etag = r.sum.hex()
		r.sum.free()
		r.sum = nil
	}
	return out
}

// uploadReader reads the content for one attempt.
type uploadReader struct {
	upload *upload

	reading sync.Mutex // held while the content is read

	mu    sync.Mutex
	sum   *hasher
	done  int64
	reads bool  // the content is being read
	ends  bool  // it was seen to end
	over  bool  // the attempt is
	err   error // what is wrong with the content

	extra [1]byte // what stands where the content should end
}

var errOver = errors.New("objectstorage: the attempt is over")

// Read reads the content, hashes it, and fails rather than to hand out the last
// bytes of content that is longer than it should be: the service would take it
// for whole.
func (r *uploadReader) Read(p []byte) (int, error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	if err := r.begin(); err != nil {
		return 0, err
	}
	size := r.upload.content.size
	if size >= 0 && int64(len(p)) > size-r.done {
		p = p[:size-r.done]
	}
	n, err := r.upload.content.read(p, r.done)
	if err == nil && r.done+int64(n) == size {
		err = r.end()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads = false
	if r.over || r.upload.ctx.Err() != nil {
		return 0, errOver
	}
	r.done += int64(n)
	if r.sum != nil {
		r.sum.Write(p[:n])
	}
	if err == io.EOF {
		err = r.upload.content.short(r.done, err)
	}
	if err != nil && err != io.EOF {
		r.err = &nhncloud.BodyError{Err: err}
		return 0, r.err
	}
	r.ends = err == io.EOF
	if r.upload.tell != nil && n > 0 {
		r.upload.tell(r.done)
	}
	return n, err
}

// begin fails when there is nothing to read any more.
func (r *uploadReader) begin() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.over || r.err != nil || r.upload.ctx.Err() != nil:
		return errOver
	case r.ends:
		return io.EOF
	}
	r.reads = true
	return nil
}

// end makes sure that the content ends here. What can be read again was
// measured.
func (r *uploadReader) end() error {
	if r.upload.content.at != nil {
		return io.EOF
	}
	n, err := readSome(r.upload.content.first, r.extra[:])
	if n > 0 {
		err = fmt.Errorf("is longer than the %d bytes declared", r.upload.content.size)
	}
	return err
}

// stop ends the attempt. It waits for a read of content that can be read again.
func (r *uploadReader) stop() {
	r.mu.Lock()
	r.over = true
	r.mu.Unlock()
	if r.upload.content.at != nil {
		r.reading.Lock()
		defer r.reading.Unlock()
	}
}

// Close ends the attempt. It does not close the content.
func (r *uploadReader) Close() error { return nil }
