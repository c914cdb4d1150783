package objectstorage

import (
	"context"
	"io"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
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

	service *ObjectsService
	request nhncloud.Request
	reader  transfer.Reader
}

// begin begins to read the content of an answer.
func (c *Content) begin(ctx context.Context, body io.ReadCloser, check *transfer.Verifier, progress *transfer.Progress) {
	c.reader = transfer.Reader{
		Operation: c.request.Operation, Context: ctx, Policy: c.service.client.RetryPolicy, Body: body, Length: c.Length,
		Verifier: check, Tell: progress.Part(), Whole: progress.PartDone,
	}
	if c.ETag != "" {
		c.reader.Rest = c.rest
	}
}

// Read reads the content.
func (c *Content) Read(p []byte) (int, error) { return c.reader.Read(p) }

// WriteTo writes the content to w, in larger pieces than io.Copy would.
func (c *Content) WriteTo(w io.Writer) (int64, error) { return transfer.Copy(w, c) }

// Close ends the reading.
func (c *Content) Close() error { return c.reader.Close() }

// rest opens what follows after so many bytes.
func (c *Content) rest(ctx context.Context, done int64) (io.ReadCloser, error) {
	request, offset, left := c.request, c.Offset+done, int64(0)
	if c.Length >= 0 {
		left = c.Length - done
	}
	request.Header = http.Header{
		"Accept": acceptAll, "Accept-Encoding": acceptStored,
		"If-Match": {quotedETag(c.ETag)}, "Range": {byteRange(offset, left)},
	}
	resp, err := c.service.client.Open(ctx, request)
	if err != nil {
		return nil, err
	}
	rest := Content{request: request}
	err = rest.readRange(resp, offset, left)
	if etag := etagOf(resp.Header); err == nil && (etag != "" && !transfer.Same(etag, c.ETag) || c.Size >= 0 && rest.Size != c.Size) {
		err = badAnswer(request.Operation, resp, "the service went on with another object; "+c.reader.BrokeOff())
	}
	return resp.Body, err
}
