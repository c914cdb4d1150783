package nhncloud

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// readAnswer reads and closes the body of a success.
func (c *call) readAnswer(resp *http.Response) error {
	var err error
	switch {
	case c.request.Service == ServiceAppKey:
		err = c.decodeEnvelope(resp)
	case c.out != nil:
		err = c.decode(resp, resp.Body)
		if err == nil { // read to its end
			_ = resp.Body.Close()
			return nil
		}
	}
	drainAndClose(resp.Body)
	return err
}

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
	if err := wire.Decode(&c.limited, c.request.ResponseKey, c.out); err != nil {
		return c.badAnswer(resp, c.limited.beginning(), err)
	}
	if c.request.notZero && reflect.ValueOf(c.out).Elem().IsZero() {
		return c.badAnswer(resp, c.limited.beginning(), errors.New("no documented member in the answer"))
	}
	if c.request.find != nil && !c.request.find() {
		e := answerError(resp)
		e.Message, e.kind = "the list that the service answered with does not hold it", ErrNotFound
		return e
	}
	return nil
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
		e.Message = readable(header.Message, c.secrets())
		e.keepBody(body, c.secrets())
		e.findQuota(e.status())
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

// badAnswer is the error for an answer that can't be read.
func (c *call) badAnswer(resp *http.Response, head []byte, err error) *Error {
	words := "not as documented"
	if !c.request.Sensitive || brokenAnswer(err) || errors.Is(err, errTooLarge) {
		words = readable(err.Error(), c.secrets())
	}
	e := answerError(resp)
	e.Message = "the answer can't be read"
	e.Err = &unreadable{words, err}
	e.kind = ErrBadAnswer
	if len(head) > 0 && !c.request.Sensitive {
		e.Message += fmt.Sprintf(" (it begins with %q)", cleanText(withoutCut(head, c.secrets()), c.secrets()))
	}
	return e
}

// unreadable is why an answer can't be read, in words that are free of secrets:
// the decoder quotes what it stumbles over.
type unreadable struct {
	words string
	cause error
}

func (u *unreadable) Error() string { return u.words }
func (u *unreadable) Unwrap() error { return u.cause }

// secrets returns what the answers of this call may not repeat.
func (c *call) secrets() []string {
	secrets := make([]string, 0, 3)
	if c.session != nil {
		secrets = append(secrets, c.session.header[0])
	}
	return append(secrets, string(c.client.config.Password), string(c.request.secret))
}

const maxDrain = 64 << 10

// drainAndClose reads the little that may be left of a body, so that its
// connection can be used again.
func drainAndClose(body io.ReadCloser) {
	if body != http.NoBody {
		_, _ = io.CopyN(io.Discard, body, maxDrain)
	}
	_ = body.Close()
}

// limitedReader fails once more than the limit was read, and remembers how the
// body began.
type limitedReader struct {
	r     io.Reader
	left  int64
	limit int64
	head  [200]byte // what the body began with
	held  int       // bytes in head
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
	l.left -= int64(n)
	if n > 0 && l.held < len(l.head) {
		l.held += copy(l.head[l.held:], p[:n])
	}
	return n, err
}

// beginning returns what the body began with.
func (l *limitedReader) beginning() []byte { return l.head[:l.held] }
