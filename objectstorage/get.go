package objectstorage

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
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
	Progress func(nhncloud.TransferProgress)
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
	case o.Offset == math.MinInt64:
		return nil, nhncloud.NewArgumentError(operation, "Offset", "is too small")
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

// quotedETag is an ETag as conditions have it. An MD5 is in lower case there,
// because the service compares texts, whatever case something on the way has told
// it in.
func quotedETag(etag string) string {
	if etag == "*" {
		return etag
	}
	if etag = trimETag(etag); isMD5(etag) {
		etag = strings.ToLower(etag)
	}
	return `"` + etag + `"`
}

// Get opens an object, or a part of one, for reading. The context must live
// until it was read. Where the object has less than was asked for, what there is
// comes; an Offset beyond its end is an [nhncloud.ErrRangeNotSatisfiable]. An
// answer that shows no object, or no MD5 where its content is to be compared with
// one, is an [nhncloud.ErrBadAnswer]: it may be the page of a proxy.
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
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodGet,
		Path:         "/v1/{Account}/{Container}/{Object...}",
		Args:         []string{container, name},
		Header:       header,
		SuccessCodes: codesOKOrPartial,
	}
	ranged := o.Offset != 0 || o.Length > 0
	resp, err := s.client.Open(ctx, request)
	if err != nil && ranged && o.Offset <= 0 {
		if empty := s.openEmpty(ctx, request, err); empty != nil {
			resp, err, ranged = empty, nil, false
		}
	}
	if err != nil {
		return nil, err
	}
	c := &Content{
		Object: objectOf(name, resp.Header), Length: resp.ContentLength,
		service: s, request: request,
	}
	var check *transfer.Verifier
	switch {
	case ranged:
		err = c.readRange(resp, o.Offset, o.Length)
	case resp.StatusCode != http.StatusOK:
		err = badAnswer(operation, resp, "the service answered with a part of the object, which was not asked for")
	case !c.known():
		err = badAnswer(operation, resp, "the answer tells nothing of an object")
	case !o.SkipChecksum:
		check, err = s.verifierOf(ctx, container, &c.Object)
	}
	if err == nil && c.Length < 0 && check == nil && !tellsEnd(resp) {
		err = badAnswer(operation, resp, "nothing in the answer tells where the content ends")
	}
	if err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	c.begin(ctx, resp.Body, check, transfer.NewProgress(o.Progress, c.Length, 1))
	return c, nil
}

// tellsEnd reports whether the end of a content of unknown length can be told
// from a connection that broke.
func tellsEnd(resp *http.Response) bool {
	return resp.ProtoMajor != 1 || slices.Contains(resp.TransferEncoding, "chunked")
}

// openEmpty opens the whole object where a range of it was refused because there
// is nothing in it. It returns nil for any other.
func (s *ObjectsService) openEmpty(ctx context.Context, request nhncloud.Request, refusal error) *http.Response {
	if !errors.Is(refusal, nhncloud.ErrRangeNotSatisfiable) {
		return nil
	}
	request.Header = request.Header.Clone()
	request.Header.Del("Range")
	request.SuccessCodes = codesOK
	resp, err := s.client.Open(ctx, request)
	if err != nil {
		return nil
	}
	if resp.ContentLength != 0 {
		_ = resp.Body.Close()
		return nil
	}
	return resp
}
