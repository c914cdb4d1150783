package nhncloud

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Response tells about the answer to a call beyond its content.
type Response struct {
	StatusCode int
	Header     http.Header   // without tokens, cookies and keys
	RequestID  string        // id to quote to the support of NHN Cloud
	Attempts   int           // requests sent for the call
	Duration   time.Duration // from the start of the call to its end
}

type captureKey struct{}

// capture is a place to store responses in; outer is that of a caller further out.
type capture struct {
	mu       sync.Mutex
	response *Response
	outer    *capture
}

// store stores a response, here and further out. Some calls make several at the
// same time.
func (c *capture) store(r Response) {
	for ; c != nil; c = c.outer {
		c.mu.Lock()
		*c.response = r
		c.mu.Unlock()
	}
}

// CaptureResponse returns a context whose calls store the details of their
// answer in r, failed ones too. After several calls r has those of the last
// one, so calls at the same time need an r each; of a call that makes several,
// such as an upload in parts, it is one of them. A nil r stores nothing.
func CaptureResponse(ctx context.Context, r *Response) context.Context {
	if r == nil {
		return ctx
	}
	outer, _ := ctx.Value(captureKey{}).(*capture)
	return context.WithValue(ctx, captureKey{}, &capture{response: r, outer: outer})
}
