package nhncloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// checkSuccess refuses a success that is none of the operation: another status
// than the documented ones, another protocol, or the page of a proxy. Object
// storage does answer with pages.
func (c *call) checkSuccess(resp *http.Response) (head []byte, err error) {
	codes, status := c.request.SuccessCodes, resp.StatusCode
	documented := slices.Contains(codes, status)
	if len(codes) == 0 {
		documented = status <= http.StatusNoContent || c.open && status == http.StatusPartialContent
	}
	if !documented {
		return nil, errors.New("its status is not one that this operation succeeds with")
	}
	if resp.ProtoMajor > 3 {
		return nil, errors.New("it is of no version of HTTP that there is")
	}
	switch c.request.Service {
	case ServiceAppKey, ServiceObjectStorage:
		return nil, nil // what has an envelope is read, and what has pages may have one
	}
	if c.open || c.out != nil || resp.Body == http.NoBody {
		return nil, nil
	}
	head = make([]byte, maxHead)
	n, _ := io.ReadAtLeast(resp.Body, head, 1)
	head = head[:n]
	if n > 0 && (isPage(resp.Header) || bytes.HasPrefix(bytes.TrimSpace(head), []byte("<"))) {
		return head, errors.New("it is a page, which this operation does not answer with")
	}
	return nil, nil
}

// isPage reports whether an answer calls itself HTML. Some services do so where
// they answer nothing.
func isPage(h http.Header) bool {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "text/html")
}

// readAnswer reads and closes the body of a success, but for content that the
// caller wants to read.
func (c *call) readAnswer(resp *http.Response) error {
	head, err := c.checkSuccess(resp)
	switch {
	case err != nil:
		err = c.badAnswer(resp, head, err)
	case c.open:
		return nil
	case c.request.Service == ServiceAppKey:
		err = c.decodeEnvelope(resp)
	case c.out != nil:
		err = c.decode(resp, resp.Body)
		if err == nil { // read to its end
			_ = resp.Body.Close()
			return nil
		}
	}
	c.drainAndClose(resp.Body)
	return err
}

// memoryPerByte is how much memory an answer may take for each byte of it that
// is allowed. Real ones take less than one, a list of empty objects hundreds.
const memoryPerByte = 4

// decode decodes an answer of the v2 API into out.
func (c *call) decode(resp *http.Response, body io.Reader) error {
	if resp.StatusCode == http.StatusNoContent {
		return c.badAnswer(resp, nil, errors.New("it has no content"))
	}
	limit := c.client.maxResponse
	if resp.ContentLength > limit {
		return c.badAnswer(resp, nil, fmt.Errorf("answer of %d bytes is %w of %d; see WithMaxResponse", resp.ContentLength, errTooLarge, limit))
	}
	c.limited = limitedReader{r: body, left: limit, limit: limit}
	memory := min(limit, math.MaxInt64/memoryPerByte) * memoryPerByte
	if err := wire.DecodeLimited(c, &c.limited, memory, c.request.ResponseKey, c.out); err != nil {
		if errors.Is(err, wire.ErrTooMuch) {
			err = fmt.Errorf("its values are %w of %d bytes of memory; see WithMaxResponse", errTooLarge, memory)
		}
		return c.badAnswer(resp, c.limited.beginning(), err)
	}
	if out := reflect.ValueOf(c.out).Elem(); c.request.notZero && out.IsZero() {
		return c.badAnswer(resp, c.limited.beginning(), errors.New("no documented member in the answer"))
	} else if c.request.notZero && hasBlank(out) {
		return c.badAnswer(resp, c.limited.beginning(), errors.New("no documented member in an element of the list"))
	}
	if c.request.find != nil && !c.request.find() {
		e := answerError(resp)
		e.Message, e.kind = "the list that the service answered with does not hold it", ErrNotFound
		return e
	}
	return nil
}

// hasBlank reports whether an answer, a list or a page with one, has an element
// that tells nothing. The elements of such lists are pointers, and null is left
// out later.
func hasBlank(out reflect.Value) bool {
	switch out.Kind() {
	case reflect.Slice:
		if kind := out.Type().Elem(); kind.Kind() != reflect.Pointer || kind.Elem().Kind() != reflect.Struct {
			return false
		}
		for i := range out.Len() {
			if item := out.Index(i); !item.IsNil() && item.Elem().IsZero() {
				return true
			}
		}
	case reflect.Struct:
		for i := range out.NumField() {
			if field := out.Field(i); field.Kind() == reflect.Slice && hasBlank(field) {
				return true
			}
		}
	}
	return false
}

// decodeEnvelope decodes an answer of the v1.0 API, which tells in its header
// whether the call succeeded.
func (c *call) decodeEnvelope(resp *http.Response) error {
	limit := c.client.maxResponse
	c.limited = limitedReader{r: resp.Body, left: limit, limit: limit}
	body, err := io.ReadAll(&c.limited)
	head := c.limited.beginning()
	if err != nil {
		return c.badAnswer(resp, head, err)
	}
	var header struct {
		IsSuccessful *bool  `json:"isSuccessful"`
		ResultCode   int    `json:"resultCode"`
		Message      string `json:"resultMessage"`
	}
	if err := wire.Decode(bytes.NewReader(body), "header", &header); err != nil {
		return c.badAnswer(resp, head, fmt.Errorf("no v1.0 answer: %w", err))
	}
	if header.IsSuccessful == nil {
		return c.badAnswer(resp, head, errors.New("no v1.0 answer: no header.isSuccessful"))
	}
	if !*header.IsSuccessful {
		e := answerError(resp)
		e.ResultCode = header.ResultCode
		e.Message, e.Body = header.Message, body
		e.findKind(e.status())
		if header.ResultCode == 0 {
			e.kind = ErrServerFault
		}
		return e
	}
	if c.out == nil {
		return nil
	}
	return c.decode(resp, bytes.NewReader(body))
}

// badAnswer is the error for an answer that can't be read. Of a sensitive one it
// quotes nothing, and neither does the decoder.
func (c *call) badAnswer(resp *http.Response, head []byte, err error) *Error {
	e := answerError(resp)
	e.Message, e.Err, e.kind = "the answer can't be read", err, ErrBadAnswer
	switch {
	case c.request.Sensitive:
		if head != nil && !c.brokeOff(err) && !errors.Is(err, errTooLarge) {
			e.Err = &cleaned{"not as documented", err}
		}
	case len(head) > 0:
		more := ""
		if len(head) == maxHead {
			more = "…"
		}
		e.Message += fmt.Sprintf(" (it begins with %q)", string(head)+more)
	}
	return e
}

// brokeOff reports whether the answer that was being read broke off on its way,
// so that another attempt may bring it whole.
func (c *call) brokeOff(err error) bool {
	return c.limited.broken || errors.Is(err, io.ErrUnexpectedEOF)
}

const maxDrain = 64 << 10

// drain reads the little that may be left of a body, so that its connection can
// be used again.
func drain(body io.Reader) {
	if body != http.NoBody {
		_, _ = io.CopyN(io.Discard, body, maxDrain)
	}
}

// drainAndClose drains a body, but not beyond the end of the context, and closes
// it.
func (c *call) drainAndClose(body io.ReadCloser) {
	defer c.closeWhenOver(body)()
	drain(body)
}

// closeWhenOver closes a body when the context ends or the returned function is
// called. Those of net/http fail by themselves then, others may not.
func (c *call) closeWhenOver(body io.ReadCloser) (done func()) {
	if c.Done() == nil || body == http.NoBody {
		return func() { _ = body.Close() }
	}
	stop := context.AfterFunc(c, func() { _ = body.Close() })
	return func() {
		if stop() {
			_ = body.Close()
		}
	}
}

// maxHead is how much of an answer that can't be read an error quotes, in bytes.
const maxHead = 200

// limitedReader fails once more than the limit was read, and remembers how the
// body began.
type limitedReader struct {
	r     io.Reader
	left  int64
	limit int64
	head  [maxHead]byte // what the body began with
	held  int           // bytes in head

	broken bool // it broke off
}

var errTooLarge = errors.New("larger than the limit")

// Read reads from the body.
func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		// Exactly at the limit the body may just end.
		var one [1]byte
		n, err := l.r.Read(one[:])
		if n > 0 {
			return 0, fmt.Errorf("answer is %w of %d bytes; see WithMaxResponse", errTooLarge, l.limit)
		}
		return 0, err
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.broken = err != nil && err != io.EOF
	l.left -= int64(n)
	if n > 0 && l.held < len(l.head) {
		l.held += copy(l.head[l.held:], p[:n])
	}
	return n, err
}

// beginning returns what the body began with.
func (l *limitedReader) beginning() []byte { return l.head[:l.held] }
