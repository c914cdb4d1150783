package objectstorage

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
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
// again, and how much is left in it. Declared is the size that the caller tells,
// or nil.
func contentOf(operation string, r io.Reader, declared *int64) (*content, error) {
	if declared != nil && *declared < 0 {
		return nil, nhncloud.NewArgumentError(operation, "Size", "must not be negative")
	}
	c := &content{first: r, size: unknownSize}
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
			return nil, &nhncloud.Error{Operation: operation, Field: "content", Message: "can't be measured", Err: err}
		}
	}
	if declared != nil {
		if c.at != nil && *declared != c.size {
			return nil, nhncloud.NewArgumentError(operation, "content", fmt.Sprintf("has %d bytes, but Size is %d", c.size, *declared))
		}
		c.size = *declared
	}
	if c.at == nil && c.size == 0 { // nobody will read it to see
		if n, err := io.ReadFull(r, make([]byte, 1)); n > 0 {
			return nil, nhncloud.NewArgumentError(operation, "content", "is longer than Size, which is 0")
		} else if err != io.EOF {
			return nil, &nhncloud.Error{Operation: operation, Message: "the content can't be read", Err: err}
		}
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
		return c.first.Read(p)
	}
	return c.at.ReadAt(p, c.start+done)
}

// reader reads all of content that can be read again.
func (c *content) reader() io.Reader { return io.NewSectionReader(c.at, c.start, c.size) }

// readFull reads the content into p, which has its size.
func (c *content) readFull(p []byte) error {
	n, err := io.ReadFull(c.reader(), p)
	return c.short(int64(n), err)
}

// md5 reads the content and returns its MD5 in hexadecimal form.
func (c *content) md5(ctx context.Context) (string, error) {
	h := hashers.Get().(*hasher)
	defer hashers.Put(h)
	h.sum.Reset()
	n, err := io.CopyBuffer(onlyWriter{h.sum}, &contextReader{ctx, c.reader()}, h.buffer[:])
	if err = c.short(n, err); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.sum.Sum(h.digest[:0])), nil
}

// short makes an error of an end that came too early.
func (c *content) short(done int64, err error) error {
	if done < c.size && (err == nil || err == io.EOF || err == io.ErrUnexpectedEOF) {
		return fmt.Errorf("ended after %d of %d bytes: %w", done, c.size, io.ErrUnexpectedEOF)
	}
	return err
}

// hasher is what it takes to compute an MD5.
type hasher struct {
	sum    hash.Hash
	digest [md5.Size]byte
	buffer [bufferSize]byte
}

var hashers = sync.Pool{New: func() any { return &hasher{sum: md5.New()} }}

const bufferSize = 128 << 10

var buffers = sync.Pool{New: func() any { return new([bufferSize]byte) }}

// onlyWriter hides what else a writer can do, so that io.CopyBuffer uses its
// buffer.
type onlyWriter struct{ io.Writer }

// contextReader ends with its context.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

// Read reads unless the context has ended.
func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

func hexOf(sum hash.Hash) string {
	var digest [md5.Size]byte
	return hex.EncodeToString(sum.Sum(digest[:0]))
}

// stoppable reads ahead of what is sent, in a goroutine of its own, and so lets
// go of a read that goes on when the context ends: net/http waits for it. What
// reads it must not read it from several goroutines.
type stoppable struct {
	ctx     context.Context
	r       io.Reader
	full    chan piece  // what was read; nil before the first read
	empty   chan []byte // room to read into
	current piece
}

// piece is what one read brought.
type piece struct {
	buffer []byte
	unread []byte
	err    error
}

const (
	pieceSize  = 64 << 10
	pieceCount = 2
)

// Read reads what was read ahead.
func (s *stoppable) Read(p []byte) (int, error) {
	if s.full == nil {
		s.full, s.empty = make(chan piece, pieceCount), make(chan []byte, pieceCount)
		for range pieceCount {
			s.empty <- make([]byte, pieceSize)
		}
		go s.ahead()
	}
	for empty := 0; len(s.current.unread) == 0; empty++ {
		if s.current.err != nil {
			return 0, s.current.err
		}
		if empty > 100 {
			return 0, io.ErrNoProgress
		}
		if s.current.buffer != nil {
			s.empty <- s.current.buffer
		}
		select {
		case s.current = <-s.full:
		case <-s.ctx.Done():
			return 0, s.ctx.Err()
		}
	}
	n := copy(p, s.current.unread)
	s.current.unread = s.current.unread[n:]
	if len(s.current.unread) == 0 {
		return n, s.current.err
	}
	return n, nil
}

// ahead reads until the content or the context ends.
func (s *stoppable) ahead() {
	for {
		select {
		case buffer := <-s.empty:
			n, err := s.r.Read(buffer)
			s.full <- piece{buffer, buffer[:n], err} // which has room for all buffers
			if err != nil {
				return
			}
		case <-s.ctx.Done():
			return
		}
	}
}

// upload is a request body that is read from content. It hashes what goes by
// and checks that it has the length it should.
type upload struct {
	ctx     context.Context
	cancel  context.CancelFunc
	content content
	hashed  bool        // compute the MD5
	tell    func(int64) // is told how many bytes of the content were read; may be nil

	mu    sync.Mutex
	last  *uploadReader // of the newest attempt
	first uploadReader
}

func newUpload(ctx context.Context, c *content, hashed bool, tell func(int64)) *upload {
	u := &upload{content: *c, hashed: hashed, tell: tell}
	u.ctx, u.cancel = context.WithCancel(ctx)
	if c.at == nil {
		u.content.first = &stoppable{ctx: u.ctx, r: c.first}
	}
	return u
}

// body returns the request body.
func (u *upload) body() *nhncloud.Body {
	if u.content.at == nil {
		return nhncloud.NewBodyReader("", u.content.size, u.open())
	}
	return nhncloud.NewBody("", u.content.size, func() (io.ReadCloser, error) { return u.open(), nil })
}

// open begins to read the content for an attempt. The attempt before, which the
// transport may still hold, ends.
func (u *upload) open() *uploadReader {
	u.mu.Lock()
	defer u.mu.Unlock()
	r := &u.first
	if u.last != nil {
		u.last.detach()
		r = new(uploadReader)
	}
	r.upload, u.last = u, r
	if u.hashed {
		r.sum = md5.New()
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
	u.cancel()
	u.mu.Lock()
	defer u.mu.Unlock()
	r := u.last
	if r == nil {
		return outcome{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	out := outcome{size: r.done, cut: !r.ends && (r.done > 0 || r.err != nil), err: r.err}
	if r.sum != nil {
		out.etag = hexOf(r.sum)
	}
	return out
}

// uploadReader reads the content for one attempt.
type uploadReader struct {
	upload *upload

	mu   sync.Mutex // held while reading
	sum  hash.Hash
	done int64
	ends bool  // the content was seen to end
	over bool  // the attempt is
	err  error // what is wrong with the content
}

var errOver = errors.New("objectstorage: the attempt is over")

// Read reads the content, hashes it, and fails rather than to hand out the last
// bytes of content that is longer than it should be: the service would take it
// for whole.
func (r *uploadReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.over || r.err != nil || r.upload.ctx.Err() != nil:
		return 0, errOver
	case r.ends:
		return 0, io.EOF
	}
	size := r.upload.content.size
	if size >= 0 && int64(len(p)) > size-r.done {
		p = p[:size-r.done]
	}
	n, err := r.upload.content.read(p, r.done)
	if r.upload.ctx.Err() != nil {
		return 0, errOver
	}
	r.done += int64(n)
	if r.sum != nil {
		r.sum.Write(p[:n])
	}
	switch {
	case size >= 0 && r.done == size && err == nil:
		err = r.end()
	case err == io.EOF:
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

// end makes sure that the content ends here. What can be read again was
// measured.
func (r *uploadReader) end() error {
	if r.upload.content.at != nil {
		return io.EOF
	}
	n, err := r.upload.content.first.Read(make([]byte, 1))
	if n > 0 {
		err = fmt.Errorf("is longer than the %d bytes declared", r.upload.content.size)
	}
	return err
}

// detach ends the attempt, once a read that is under way is over.
func (r *uploadReader) detach() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
}

// Close ends the attempt. It does not close the content.
func (r *uploadReader) Close() error { return nil }

func hexOfString(s string) string {
	sum := md5.New()
	_, _ = io.WriteString(sum, s)
	return hexOf(sum)
}
