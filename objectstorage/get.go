package objectstorage

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// GetOptions says which part of an object is wanted, and on which conditions. A
// nil pointer stands for the whole object without any.
type GetOptions struct {
	// Offset is where to begin, in bytes; a negative one counts from the end.
	Offset int64
	// Length is how much is wanted, in bytes; 0 is everything from Offset on.
	Length int64
	// IfMatch and IfNoneMatch are ETags: one that the object must have, else it
	// fails with [nhncloud.ErrPreconditionFailed], and one that it must not have,
	// else it fails with [nhncloud.ErrNotModified].
	IfMatch, IfNoneMatch string
	// IfModifiedSince and IfUnmodifiedSince are the same with times.
	IfModifiedSince, IfUnmodifiedSince time.Time
	// SkipChecksum leaves out to compare the MD5 of the content.
	SkipChecksum bool
	// Progress is called while the content is read.
	Progress func(Progress)
}

var (
	acceptAll    = []string{"*/*"}
	acceptStored = []string{"identity"} // what is stored, not what a proxy makes of it
)

func (o *GetOptions) header(operation string) (http.Header, error) {
	header := make(http.Header, 4)
	header["Accept"] = acceptAll
	header["Accept-Encoding"] = acceptStored
	switch {
	case o.Length < 0:
		return nil, nhncloud.NewArgumentError(operation, "Length", "must not be negative")
	case o.Offset < 0 && o.Length > 0:
		return nil, nhncloud.NewArgumentError(operation, "Length", "can't stand beside an Offset that counts from the end")
	case o.Offset < 0:
		header.Set("Range", "bytes="+strconv.FormatInt(o.Offset, 10))
	case o.Offset > 0 || o.Length > 0:
		header.Set("Range", byteRange(o.Offset, o.Length))
	}
	if o.IfMatch != "" {
		header.Set("If-Match", quotedETag(o.IfMatch))
	}
	if o.IfNoneMatch != "" {
		header.Set("If-None-Match", quotedETag(o.IfNoneMatch))
	}
	if !o.IfModifiedSince.IsZero() {
		header.Set("If-Modified-Since", o.IfModifiedSince.UTC().Format(http.TimeFormat))
	}
	if !o.IfUnmodifiedSince.IsZero() {
		header.Set("If-Unmodified-Since", o.IfUnmodifiedSince.UTC().Format(http.TimeFormat))
	}
	return header, nil
}

// quotedETag is an ETag as conditions have it.
func quotedETag(etag string) string {
	if etag == "*" {
		return etag
	}
	return `"` + trimETag(etag) + `"`
}

func byteRange(offset, length int64) string {
	end := ""
	if length > 0 {
		end = strconv.FormatInt(offset+length-1, 10)
	}
	return "bytes=" + strconv.FormatInt(offset, 10) + "-" + end
}

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

// Get opens an object, or a part of one, for reading. The context must live
// until it was read.
//
// API: GET /v1/{Account}/{Container}/{Object} (objectstorage-get-object; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Get(ctx context.Context, container, name string, options *GetOptions) (*Content, error) {
	const operation = "objectstorage-get-object"
	var o GetOptions
	if options != nil {
		o = *options
	}
	if err := checkObject(operation, container, name); err != nil {
		return nil, err
	}
	header, err := o.header(operation)
	if err != nil {
		return nil, err
	}
	request := nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceObjectStorage,
		Method:    http.MethodGet,
		Path:      "/v1/{Account}/{Container}/{Object...}",
		Args:      []string{container, name},
		Header:    header,
	}
	resp, err := s.client.Open(ctx, request)
	if err != nil {
		return nil, err
	}
	c := &Content{
		Object: objectOf(name, resp.Header), Length: resp.ContentLength,
		ctx: ctx, service: s, request: request, body: resp.Body,
	}
	if header.Get("Range") != "" {
		err = c.readRange(resp, o.Offset, o.Length)
	} else if !o.SkipChecksum {
		c.verifier, err = s.verifierOf(ctx, container, &c.Object)
	}
	if err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	p := newProgress(o.Progress, c.Length, 1)
	c.tell, c.whole = p.part(0), p.partDone
	return c, nil
}

// readRange takes the place of the content from the answer to a request for a
// range, and makes sure that it is the one that was asked for.
func (c *Content) readRange(resp *http.Response, offset, length int64) error {
	err := c.parseRange(resp)
	if err == nil && (offset >= 0 && c.Offset != offset || offset < 0 && c.Length > -offset || length > 0 && c.Length > length) {
		err = errors.New("the service answered with another range")
	}
	if err != nil {
		return &nhncloud.Error{
			Operation: c.request.Operation, StatusCode: resp.StatusCode, Message: err.Error(), Err: nhncloud.ErrBadAnswer,
		}
	}
	return nil
}

func (c *Content) parseRange(resp *http.Response) error {
	if resp.StatusCode != http.StatusPartialContent {
		if resp.ContentLength == 0 {
			return nil // an empty object, which has no ranges
		}
		return errors.New("the service ignored the range")
	}
	place := strings.TrimPrefix(resp.Header.Get("Content-Range"), "bytes ")
	first, rest, _ := strings.Cut(place, "-")
	last, size, _ := strings.Cut(rest, "/")
	numbers := [3]int64{}
	for i, text := range []string{first, last, size} {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("the service answered with Content-Range %q", resp.Header.Get("Content-Range"))
		}
		numbers[i] = n
	}
	c.Offset, c.Length, c.Size = numbers[0], numbers[1]-numbers[0]+1, numbers[2]
	if resp.ContentLength >= 0 && resp.ContentLength != c.Length {
		return fmt.Errorf("the service answered with %d bytes for Content-Range %q", resp.ContentLength, resp.Header.Get("Content-Range"))
	}
	return nil
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
	return rest.readRange(resp, offset, left)
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

// verifier compares what goes by with MD5s. A nil one finds everything good.
type verifier struct {
	parts []verified // those still to come
	sum   *hasher
	left  int64 // of the first part; negative for the last one, which has all that comes
}

// verified is a piece of content with a known MD5.
type verified struct {
	size int64 // bytes, or -1 up to the end
	etag string
}

func newVerifier(parts ...verified) *verifier {
	v := &verifier{parts: parts, sum: newHasher()}
	v.begin()
	return v
}

// begin begins with the first part.
func (v *verifier) begin() {
	v.sum.Reset()
	v.left = -1
	if len(v.parts) > 1 {
		v.left = v.parts[0].size
	}
}

// verifierOf returns what checks the content of an object, or nil where nothing
// can.
func (s *ObjectsService) verifierOf(ctx context.Context, container string, object *Object) (*verifier, error) {
	switch {
	case object.Static:
		segments, err := s.Segments(ctx, container, object.Name)
		if err != nil {
			return nil, err
		}
		parts := make([]verified, len(segments))
		for i, segment := range segments {
			if segment.Range != "" || segment.SubSLO {
				return nil, nil // the MD5s are not those of what is read
			}
			parts[i] = verified{segment.Bytes, segment.Hash}
		}
		return newVerifier(parts...), nil
	case object.Dynamic != "" || len(object.ETag) != md5.Size*2:
		return nil, nil
	default:
		return newVerifier(verified{-1, object.ETag}), nil
	}
}

// Write hashes what goes by. It fails with a *ChecksumError.
func (v *verifier) Write(p []byte) (int, error) {
	if v == nil {
		return len(p), nil
	}
	for rest := p; len(rest) > 0; {
		n := len(rest)
		if v.left >= 0 {
			n = int(min(int64(n), v.left))
			v.left -= int64(n)
		}
		v.sum.Write(rest[:n])
		rest = rest[n:]
		if v.left == 0 {
			if err := v.next(); err != nil {
				return 0, err
			}
		}
	}
	return len(p), nil
}

// next compares the first part and goes on to the one after it.
func (v *verifier) next() error {
	got, want := v.sum.hex(), v.parts[0].etag
	v.parts = v.parts[1:]
	v.begin()
	if got != want {
		return &ChecksumError{Want: want, Got: got}
	}
	return nil
}

// Close compares what is left when the content ends.
func (v *verifier) Close() error {
	for v != nil && len(v.parts) > 0 {
		if err := v.next(); err != nil {
			return err
		}
	}
	return nil
}
