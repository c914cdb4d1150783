package objectstorage

import (
	"io"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// The statuses that calls on containers and objects are documented to succeed
// with; a listing of nothing, and the header of an account, may have no content.
var (
	codesOK             = []int{http.StatusOK}
	codesOKOrEmpty      = []int{http.StatusOK, http.StatusNoContent}
	codesOKOrPartial    = []int{http.StatusOK, http.StatusPartialContent}
	codesCreated        = []int{http.StatusCreated}
	codesCreatedOrThere = []int{http.StatusCreated, http.StatusAccepted}
	codesAccepted       = []int{http.StatusAccepted}
	codesNoContent      = []int{http.StatusNoContent}
)

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
	switch {
	case got == "":
		return badAnswer(operation, resp, "the answer has no ETag, so that nothing tells what was stored")
	case !isMD5(got):
		return badAnswer(operation, resp, "the answer has an ETag that is no MD5, so that nothing tells what was stored") // and that may say anything
	}
	if !transfer.Same(got, want) {
		return transfer.Mismatch(operation, "stored", &nhncloud.ChecksumError{Algorithm: transfer.MD5, Want: want, Got: got})
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
