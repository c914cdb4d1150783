package nhncloud

import (
	"bytes"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/nhncloud-go/nhncloud/internal/oncebody"
	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// Body is a request body that is not a JSON value.
type Body struct {
	contentType string
	length      int64 // -1 when unknown
	open        func() (io.ReadCloser, error)
	reader      io.Reader // is read once; open is nil then
	inMemory    bool      // it is content; open is nil then
	content     []byte
}

// NewBody returns a body that open returns anew for each attempt, so that the
// request can be sent again. The length is in bytes, or -1 when it is unknown.
func NewBody(contentType string, length int64, open func() (io.ReadCloser, error)) *Body {
	return &Body{contentType: contentType, length: length, open: open}
}

// NewBodyBytes returns a body with the bytes of b, which must not change until
// the call is over.
func NewBodyBytes(contentType string, b []byte) *Body {
	return &Body{contentType: contentType, length: int64(len(b)), inMemory: true, content: b}
}

// NewBodyReader returns a body that is read from r once. The first 64 KiB of it
// are kept while they are read; a request of which more was read is not sent
// again, and the error says so. From 1 MiB on, or where the length is unknown, it
// is read when the service has agreed to take it. When the context ends the call
// does too, and a Read of r that is under way goes on.
func NewBodyReader(contentType string, length int64, r io.Reader) *Body {
	return &Body{contentType: contentType, length: length, reader: r}
}

// expectSize is the size from which a body that can be read only once waits for
// the service to ask for it. What is refused before can be sent again.
const expectSize = 1 << 20

// refusableSize is the size from which any body waits for the service to ask for
// it after an attempt that broke off. The service may have refused it, and
// closed the connection while the body was sent; its answer gets lost then.
const refusableSize = 64 << 10

// isAskedFor reports whether the body is sent when the service asks for it.
func (b *Body) isAskedFor() bool {
	return b != nil && b.reader != nil && (b.length < 0 || b.length >= expectSize)
}

// mayBeRefused reports whether the body waits for the service after an attempt
// that broke off.
func (b *Body) mayBeRefused() bool {
	return b != nil && (b.length < 0 || b.length >= refusableSize)
}

// BodyError is what the reader of a body returns when what it reads is at
// fault, such as a file that is shorter than it was. The request is then not
// sent again.
type BodyError struct{ Err error }

// Error tells what is at fault.
func (e *BodyError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *BodyError) Unwrap() error { return e.Err }

const contentTypeJSON = "application/json"

// requestBody returns the body to send, or nil.
func (r *Request) requestBody() (*Body, error) {
	switch b := r.Body.(type) {
	case nil:
		return nil, nil
	case *Body:
		if b == nil {
			return nil, nil
		}
		if b.open == nil && b.reader == nil && !b.inMemory || b.length < -1 {
			return nil, NewArgumentError(r.Operation, "Body", "was not made by NewBody")
		}
		return b, nil
	default:
		encoded, err := wire.Marshal(b)
		if err != nil {
			return nil, &Error{Operation: r.Operation, Field: "Body", Message: "can't be encoded as JSON", Err: err}
		}
		return NewBodyBytes(contentTypeJSON, encoded), nil
	}
}

// sending is the body of a call, opened anew for each attempt. Only a body in
// memory is opened in a way that net/http knows, which then writes it together
// with the header.
type sending struct {
	body   *Body
	memory bytes.Reader    // of a body in memory, for the first attempt
	once   oncebody.Source // of a body that can be read only once
	opened bool            // the body was
	first  watchedBody     // of a body opened by a function, for the first attempt
	guard  oncebody.Guard  // of such a body
	begun  atomic.Bool     // of a body opened by a function: this attempt may have read of it
}

// init gives the call its body, which may be nil.
func (s *sending) init(b *Body) {
	s.body = b
	if b != nil && b.reader != nil {
		s.once.Init(b.reader)
	}
}

// length returns the length in bytes, 0 for no body and -1 where it is unknown.
func (s *sending) length() int64 {
	if s.body == nil {
		return 0
	}
	return s.body.length
}

// open opens the body for an attempt. Where it matters how far the attempt came,
// the body is watched.
func (s *sending) open(watch bool) (io.ReadCloser, error) {
	switch {
	case s.body.inMemory:
		memory := &s.memory
		if s.opened { // the transport may still hold that
			memory = new(bytes.Reader)
		}
		s.opened = true
		memory.Reset(s.body.content)
		return io.NopCloser(memory), nil
	case s.body.reader != nil:
		return s.once.Open(), nil
	}
	rc, err := s.body.open()
	if err != nil {
		return nil, fmt.Errorf("open the body: %w", err)
	}
	s.begun.Store(!watch)
	body := &s.first
	if s.opened {
		body = new(watchedBody)
	}
	s.opened = true
	body.ReadCloser, body.sending = rc, s
	return body, nil
}

// mayHaveLeft reports whether the service can have got the body.
func (s *sending) mayHaveLeft() bool {
	switch {
	case s.length() == 0 || s.body.inMemory: // not watched
		return true
	case s.body.reader != nil:
		return s.once.Begun()
	}
	return s.begun.Load()
}

// spent reports whether the body can't be opened any more.
func (s *sending) spent() bool {
	return s.body != nil && s.body.reader != nil && s.once.Spent()
}

// rethrow panics with what the caller's reader panicked with, if it did.
func (s *sending) rethrow() {
	s.once.Rethrow()
	s.guard.Rethrow()
}

// watchedBody notes that the transport began to read it, and keeps a panic of
// its reader from ending the process.
type watchedBody struct {
	io.ReadCloser
	sending *sending
}

// Read reads from the body.
func (b *watchedBody) Read(p []byte) (int, error) {
	b.sending.begun.Store(true)
	return b.sending.guard.Read(b.ReadCloser, p)
}
