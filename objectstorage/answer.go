package objectstorage

import (
	"context"
	"io"
	"net/http"
	"slices"

	"github.com/nhncloud-go/nhncloud"
)

// open sends a request. What has none of the statuses that are documented for
// its success is none.
func (s *ObjectsService) open(ctx context.Context, request nhncloud.Request, successes ...int) (*http.Response, error) {
	resp, err := s.client.Open(ctx, request)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(successes, resp.StatusCode) {
		drain(resp.Body)
		return nil, badAnswer(request.Operation, resp, "the status is not one that is documented for a success")
	}
	return resp, nil
}

// do is open for a call whose answer has no content.
func (s *ObjectsService) do(ctx context.Context, request nhncloud.Request, success int) error {
	var response nhncloud.Response
	err := s.client.Do(nhncloud.CaptureResponse(ctx, &response), request, nil)
	if err == nil && response.StatusCode != success && response.StatusCode != http.StatusNotFound { // which is one for a deletion
		return badAnswer(request.Operation, &http.Response{StatusCode: response.StatusCode}, "the status is not one that is documented for a success")
	}
	return err
}

// badAnswer is the failure for an answer that can't be relied on.
func badAnswer(operation string, resp *http.Response, message string) *nhncloud.Error {
	return &nhncloud.Error{Operation: operation, StatusCode: resp.StatusCode, Message: message, Err: nhncloud.ErrBadAnswer}
}

// resultOf reads the answer of a call that stored something, and closes it.
func resultOf(resp *http.Response, size int64) *PutResult {
	drain(resp.Body)
	return &PutResult{ETag: etagOf(resp.Header), Size: size, LastModified: httpTimeIn(resp.Header.Get("Last-Modified"))}
}

// checkStored compares the ETag that the answer has for what was stored with the
// MD5 of what was sent.
func checkStored(operation string, resp *http.Response, got, want string) error {
	if got == "" {
		return badAnswer(operation, resp, "the answer has no ETag, so that nothing tells what was stored")
	}
	if !sameETag(got, want) {
		return mismatch(operation, "stored", &ChecksumError{Want: want, Got: got})
	}
	return nil
}

const maxDrain = 64 << 10

// drain reads what little a body has and closes it, so that its connection can
// be used again.
func drain(body io.ReadCloser) {
	if body != http.NoBody {
		_, _ = io.CopyN(io.Discard, body, maxDrain)
	}
	_ = body.Close()
}
