package objectstorage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/nhncloud-go/nhncloud"
)

// upload is a request body that is read from content. It hashes what goes by
// and checks that it has the length it should.
type upload struct {
	args    [3]string // of the path of the request
	ctx     context.Context
	content content
	hashed  bool          // compute the MD5
	tell    func(int64)   // is told how many bytes of the content were read; may be nil
	request nhncloud.Body // that reads it
	damaged string        // ETag of what was stored, where that is not the content

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
	etag  string // MD5 of what was read, in hexadecimal form; "" where it was not computed
	size  int64  // bytes that were read
	whole bool   // the content was read to its end
	err   error  // what is wrong with the content
}

// finish ends the last attempt. After it the content is the caller's again, but
// for one that can be read only once: a read of it may be under way that never
// ends.
func (u *upload) finish() outcome {
	u.mu.Lock()
	defer u.mu.Unlock()
	r := u.last
	if r == nil {
		return outcome{whole: u.content.size == 0}
	}
	r.stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	out := outcome{size: r.done, whole: r.ends || u.content.size == 0, err: r.err}
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

	mu   sync.Mutex
	sum  *hasher
	done int64
	ends bool  // it was seen to end
	over bool  // the attempt is
	err  error // what is wrong with the content

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
