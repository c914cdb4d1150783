package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/nhncloud-go/nhncloud"
)

// Sending is a request body that is read from content. It hashes what goes by
// and checks that it has the length it should.
type Sending struct {
	Context     context.Context // without which nothing is read
	Content     Content
	ContentType string      // of the body; may be empty
	Hashed      bool        // compute the MD5
	Tell        func(int64) // is told how many bytes of the content were read; may be nil

	request nhncloud.Body // that reads it

	mu    sync.Mutex
	last  *attempt // the newest
	first attempt
}

// Body returns the request body. Loaded is the content where that is in memory.
func (s *Sending) Body(loaded []byte) *nhncloud.Body {
	switch {
	case loaded != nil:
		s.request = *nhncloud.NewBodyBytes(s.ContentType, loaded)
	case s.Content.At == nil:
		s.request = *nhncloud.NewBodyReader(s.ContentType, s.Content.Size, s.open())
	default:
		s.request = *nhncloud.NewBody(s.ContentType, s.Content.Size, func() (io.ReadCloser, error) { return s.open(), nil })
	}
	return &s.request
}

// open begins to read the content for an attempt. The attempt before, which the
// transport may still hold, ends.
func (s *Sending) open() *attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &s.first
	if s.last != nil {
		s.last.stop()
		a = new(attempt)
	}
	a.sending, s.last = s, a
	if s.Hashed {
		a.sum = NewSum(MD5)
	}
	return a
}

// Outcome is what became of a [Sending].
type Outcome struct {
	MD5   string // of what was read, in hexadecimal form; "" where it was not computed
	Size  int64  // bytes that were read
	Whole bool   // the content was read to its end
	Err   error  // what is wrong with the content
}

// Finish ends the last attempt. After it the content is the caller's again, but
// for one that can be read only once: a read of it may be under way that never
// ends.
func (s *Sending) Finish() Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.last
	if a == nil {
		return Outcome{Whole: s.Content.Size == 0}
	}
	a.stop()
	a.mu.Lock()
	defer a.mu.Unlock()
	out := Outcome{Size: a.done, Whole: a.ends || s.Content.Size == 0, Err: a.err}
	if a.sum != nil {
		out.MD5 = a.sum.Hex()
		a.sum.Free()
		a.sum = nil
	}
	return out
}

// Failure says more about the failure of the request that sent the content,
// where that is at fault: it is not that the service is unavailable then.
func (o Outcome) Failure(err error) error {
	var e *nhncloud.Error
	if o.Err == nil || !errors.As(err, &e) {
		return err
	}
	failure := Unsendable(e.Operation, o.Err)
	failure.Method, failure.URL, failure.Attempts = e.Method, e.URL, e.Attempts
	return failure
}

// attempt reads the content for one attempt.
type attempt struct {
	sending *Sending

	reading sync.Mutex // held while the content is read

	mu   sync.Mutex
	sum  *Sum
	done int64
	ends bool  // it was seen to end
	over bool  // the attempt is
	err  error // what is wrong with the content

	extra [1]byte // what stands where the content should end
}

var errOver = errors.New("nhncloud: the attempt is over")

// Read reads the content, hashes it, and fails rather than to hand out the last
// bytes of content that is longer than it should be: the service would take it
// for whole.
func (a *attempt) Read(p []byte) (int, error) {
	a.reading.Lock()
	defer a.reading.Unlock()
	if err := a.begin(); err != nil {
		return 0, err
	}
	size := a.sending.Content.Size
	if size >= 0 && int64(len(p)) > size-a.done {
		p = p[:size-a.done]
	}
	n, err := a.sending.Content.read(p, a.done)
	if err == nil && a.done+int64(n) == size {
		err = a.end()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over || a.sending.Context.Err() != nil {
		return 0, errOver
	}
	a.done += int64(n)
	if a.sum != nil {
		a.sum.Write(p[:n])
	}
	if err == io.EOF {
		err = a.sending.Content.short(a.done, err)
	}
	if err != nil && err != io.EOF {
		a.err = &nhncloud.BodyError{Err: err}
		return 0, a.err
	}
	a.ends = err == io.EOF
	if a.sending.Tell != nil && n > 0 {
		a.sending.Tell(a.done)
	}
	return n, err
}

// begin fails when there is nothing to read any more.
func (a *attempt) begin() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.over || a.err != nil || a.sending.Context.Err() != nil:
		return errOver
	case a.ends:
		return io.EOF
	}
	return nil
}

// end makes sure that the content ends here. What can be read again was
// measured.
func (a *attempt) end() error {
	if a.sending.Content.At != nil {
		return io.EOF
	}
	n, err := ReadSome(a.sending.Content.First, a.extra[:])
	if n > 0 {
		err = fmt.Errorf("is longer than the %d bytes declared", a.sending.Content.Size)
	}
	return err
}

// stop ends the attempt. It waits for a read of content that can be read again.
func (a *attempt) stop() {
	a.mu.Lock()
	a.over = true
	a.mu.Unlock()
	if a.sending.Content.At != nil {
		a.reading.Lock()
		defer a.reading.Unlock()
	}
}

// Close ends the attempt. It does not close the content.
func (a *attempt) Close() error { return nil }
