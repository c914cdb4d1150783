package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// Reader reads content as it comes. When the connection breaks, it goes on where
// it stopped, as often as the retry policy allows.
type Reader struct {
	Operation string
	Context   context.Context
	Policy    func(ctx context.Context) nhncloud.RetryPolicy
	Body      io.ReadCloser
	Length    int64 // bytes there are to read; -1 when the service does not tell
	Verifier  *Verifier
	Tell      func(done int64) // may be nil
	Whole     func()           // is called at the end
	// Rest opens what follows after so many bytes. It is nil where nothing
	// would tell that it is of the same content.
	Rest func(ctx context.Context, done int64) (io.ReadCloser, error)
	Done int64 // bytes read

	failures int   // since the last byte
	err      error // what Read returns from now on
}

// Err returns what went wrong with the content, if anything did.
func (r *Reader) Err() error {
	if r.err == io.EOF {
		return nil
	}
	return r.err
}

// Read reads the content.
func (r *Reader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	for {
		n, err := r.Body.Read(p)
		r.Done += int64(n)
		if n > 0 {
			r.failures = 0
			if r.Tell != nil {
				r.Tell(r.Done)
			}
			if r.Length >= 0 && r.Done > r.Length {
				message := fmt.Sprintf("the content goes on after the %d bytes that the service announced", r.Length)
				return 0, r.fail(&nhncloud.Error{Operation: r.Operation, Message: message, Err: nhncloud.ErrBadAnswer})
			}
			if _, bad := r.Verifier.Write(p[:n]); bad != nil {
				return 0, r.fail(Mismatch(r.Operation, "received", bad))
			}
		}
		if err == io.EOF && r.Length >= 0 && r.Done < r.Length {
			err = io.ErrUnexpectedEOF
		}
		switch {
		case err == nil:
			return n, nil
		case err == io.EOF:
			if bad := r.Verifier.Close(); bad != nil {
				return 0, r.fail(Mismatch(r.Operation, "received", bad))
			}
			r.err = io.EOF
			r.Whole()
			return n, io.EOF
		}
		if err = r.resume(err); err != nil {
			err = r.fail(err)
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (r *Reader) fail(err error) error {
	r.err = err
	return err
}

// resume opens the rest of the content after a failure to read on.
func (r *Reader) resume(cause error) error {
	_ = r.Body.Close()
	if r.Length >= 0 && r.Done == r.Length { // only its end was lost
		r.Body = http.NoBody
		return nil
	}
	policy := r.Policy(r.Context)
	r.failures++
	if r.Context.Err() == nil && (r.failures >= policy.MaxAttempts || r.Rest == nil) {
		return &nhncloud.Error{Operation: r.Operation, Message: r.BrokeOff(), Err: fmt.Errorf("%w: %w", nhncloud.ErrUnavailable, cause)}
	}
	if err := pause(r.Context, policy, r.failures-1); err != nil {
		return &nhncloud.Error{Operation: r.Operation, Message: r.BrokeOff(), Err: err}
	}
	body, err := r.Rest(r.Context, r.Done)
	if body != nil {
		r.Body = body
	}
	var e *nhncloud.Error
	if errors.As(err, &e) && e.Note == "" && e.Attempts > 0 {
		e.Note = r.BrokeOff()
	}
	return err
}

// BrokeOff says how far the content came.
func (r *Reader) BrokeOff() string {
	return fmt.Sprintf("the content broke off after %d bytes", r.Done)
}

// pause waits before a broken download goes on, as before any other attempt.
func pause(ctx context.Context, policy nhncloud.RetryPolicy, retries int) error {
	timer := time.NewTimer(policy.Delay(retries))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// Close ends the reading.
func (r *Reader) Close() error {
	if r.err == nil {
		r.err = errors.New("nhncloud: the content was closed")
	}
	return r.Body.Close()
}

// Range is the place of content in a whole.
type Range struct{ First, Last, Size int64 }

// ContentRange reads the Content-Range of an answer, "bytes 0-9/20". An error does
// not repeat it.
func ContentRange(header http.Header) (Range, error) {
	text := header.Get("Content-Range")
	place, found := strings.CutPrefix(text, "bytes ")
	first, rest, _ := strings.Cut(place, "-")
	last, size, _ := strings.Cut(rest, "/")
	numbers := [3]int64{}
	for i, text := range []string{first, last, size} {
		n, err := strconv.ParseUint(text, 10, 63)
		found = found && err == nil
		numbers[i] = int64(n)
	}
	if !found || numbers[0] > numbers[1] || numbers[1] >= numbers[2] {
		return Range{}, errors.New("the service answered with a Content-Range that is none") // and may say anything, a secret too
	}
	return Range{numbers[0], numbers[1], numbers[2]}, nil
}
