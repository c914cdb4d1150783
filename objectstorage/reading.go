package objectstorage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// Content is an object that is being read. It must be closed.
//
// When the connection breaks, it goes on where it stopped, as often as the
// retry policy allows, provided that the object is still the same. The end of a
// whole object comes only if its MD5 is right, otherwise the last Read fails
// with an [nhncloud.ErrChecksumMismatch]; parts of objects and dynamic large
// objects have none that could be compared.
type Content struct {
	Object
	Offset int64 // of the first byte
	Length int64 // bytes there are to read; -1 when the service does not tell

	ctx      context.Context
	service  *ObjectsService
	request  nhncloud.Request
	body     io.ReadCloser
	done     int64 // bytes read
	verifier *verifier
	failures int // since the last byte
	tell     func(done int64)
	whole    func()
	err      error // what Read returns from now on
}

// Read reads the content.
func (c *Content) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	for {
		n, err := c.body.Read(p)
		c.done += int64(n)
		if n > 0 {
			c.failures = 0
			if c.tell != nil {
				c.tell(c.done)
			}
			if c.Length >= 0 && c.done > c.Length {
				message := fmt.Sprintf("the content goes on after the %d bytes that the service announced", c.Length)
				return 0, c.fail(&nhncloud.Error{Operation: opDownload, Message: message, Err: nhncloud.ErrBadAnswer})
			}
			if _, bad := c.verifier.Write(p[:n]); bad != nil {
				return 0, c.fail(mismatch(opDownload, "received", bad))
			}
		}
		if err == io.EOF && c.Length >= 0 && c.done < c.Length {
			err = io.ErrUnexpectedEOF
		}
		switch {
		case err == nil:
			return n, nil
		case err == io.EOF:
			if bad := c.verifier.Close(); bad != nil {
				return 0, c.fail(mismatch(opDownload, "received", bad))
			}
			c.err = io.EOF
			c.whole()
			return n, io.EOF
		}
		if err = c.resume(err); err != nil {
			err = c.fail(err)
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (c *Content) fail(err error) error {
	c.err = err
	return err
}

// WriteTo writes the content to w, in larger pieces than io.Copy would.
func (c *Content) WriteTo(w io.Writer) (int64, error) {
	buffer := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buffer)
	return io.CopyBuffer(onlyWriter{w}, onlyReader{c}, buffer[:])
}

// resume opens the rest of the content after a failure to read on.
func (c *Content) resume(cause error) error {
	_ = c.body.Close()
	if c.Length >= 0 && c.done == c.Length { // only its end was lost
		c.body = http.NoBody
		return nil
	}
	operation, policy := c.request.Operation, c.service.client.RetryPolicy(c.ctx)
	c.failures++
	if c.ctx.Err() == nil && (c.failures >= policy.MaxAttempts || c.ETag == "") {
		return &nhncloud.Error{Operation: operation, Message: c.brokeOff(), Err: fmt.Errorf("%w: %w", nhncloud.ErrUnavailable, cause)}
	}
	if err := pause(c.ctx, policy, c.failures-1); err != nil {
		return &nhncloud.Error{Operation: operation, Message: c.brokeOff(), Err: err}
	}
	request, offset, left := c.request, c.Offset+c.done, int64(0)
	if c.Length >= 0 {
		left = c.Length - c.done
	}
	request.Header = http.Header{
		"Accept": acceptAll, "Accept-Encoding": acceptStored,
		"If-Match": {quotedETag(c.ETag)}, "Range": {byteRange(offset, left)},
	}
	resp, err := c.service.client.Open(c.ctx, request)
	if err != nil {
		var e *nhncloud.Error
		if errors.As(err, &e) && e.Note == "" {
			e.Note = c.brokeOff()
		}
		return err
	}
	c.body = resp.Body
	rest := Content{request: request}
	if err := rest.readRange(resp, offset, left); err != nil {
		return err
	}
	if etag := etagOf(resp.Header); etag != "" && !sameETag(etag, c.ETag) || c.Size >= 0 && rest.Size != c.Size {
		return badAnswer(operation, resp, "the service went on with another object; "+c.brokeOff())
	}
	return nil
}

func (c *Content) brokeOff() string {
	return fmt.Sprintf("the content broke off after %d bytes", c.done)
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
func (c *Content) Close() error {
	if c.err == nil {
		c.err = errors.New("objectstorage: the content was closed")
	}
	return c.body.Close()
}
