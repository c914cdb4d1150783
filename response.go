package nhncloud

import (
	"context"
	"net/http"
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
	response *Response
	outer    *capture
}

// CaptureResponse returns a context whose calls store the details of their
// answer in r, failed ones too. After several calls r has those of the last
// one, so calls at the same time need an r each. A nil r stores nothing.
func CaptureResponse(ctx context.Context, r *Response) context.Context {
	if r == nil {
		return ctx
	}
	outer, _ := ctx.Value(captureKey{}).(*capture)
	return context.WithValue(ctx, captureKey{}, &capture{r, outer})
}
