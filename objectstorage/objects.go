package objectstorage

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// ObjectsService calls the operations on objects.
type ObjectsService struct{ client *nhncloud.Client }

// Object is what the service tells of an object beside its content.
type Object struct {
	Name               string
	ContentType        string
	Size               int64     // bytes
	ETag               string    // MD5 of the content; of a large object, that of the ETags of its segments
	LastModified       time.Time // to the second
	Timestamp          time.Time // when the content or metadata was last written, to 10 microseconds
	ContentEncoding    string
	ContentDisposition string
	CacheControl       string
	Metadata           map[string]string // names are in lower case
	DeleteAt           time.Time         // when the service deletes it; zero for never
	RetainUntil        time.Time         // until when it is locked; zero for not
	Static             bool              // is a static large object (SLO)
	Dynamic            string            // "container/prefix" of the segments of a dynamic large object (DLO)
}

// objectOf reads the header of an answer.
func objectOf(name string, header http.Header) Object {
	o := Object{Name: name}
	for field, values := range header {
		switch value := values[0]; field {
		case "Content-Type":
			o.ContentType = value
		case "Content-Length":
			o.Size = intIn(value)
		case "Etag":
			o.ETag = trimETag(value)
		case "Last-Modified":
			o.LastModified = httpTimeIn(value)
		case "X-Timestamp":
			o.Timestamp = unixIn(value)
		case "Content-Encoding":
			o.ContentEncoding = value
		case "Content-Disposition":
			o.ContentDisposition = value
		case "Cache-Control":
			o.CacheControl = value
		case "X-Delete-At":
			o.DeleteAt = unixIn(value)
		case "X-Object-Worm-Retain-Until":
			o.RetainUntil = unixIn(value)
		case "X-Static-Large-Object":
			o.Static = boolIn(value)
		case "X-Object-Manifest":
			o.Dynamic = unescaped(value)
		}
	}
	o.Metadata = metadataOf(header, metaPrefix)
	return o
}

const metaPrefix = "X-Object-Meta-"

// unescaped takes percent-encoding off where it is whole.
func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// escapedPath encodes "container/name" for a header, and with it the characters
// that mean something in one, such as "&" and ";". Of the slashes in the name,
// that is one at its beginning.
func escapedPath(container, name string) string {
	name = escapes.Replace(url.QueryEscape(name))
	if rest, slash := strings.CutPrefix(name, "/"); slash {
		name = "%2F" + rest
	}
	return escapes.Replace(url.QueryEscape(container)) + "/" + name
}

var escapes = strings.NewReplacer("+", "%20", "%2F", "/")

// ObjectEntry is an object in a listing, or, in a listing with a delimiter, a
// group of objects.
type ObjectEntry struct {
	Name         string    `json:"name"`
	Bytes        int64     `json:"bytes"`
	Hash         string    `json:"hash"` // MD5 of the content; of a large object, what the service has for it
	ContentType  string    `json:"content_type"`
	LastModified time.Time `json:"last_modified"`
	SLOETag      string    `json:"slo_etag"` // of a static large object
	Subdir       string    `json:"subdir"`   // beginning that the objects of a group share; all else is empty
}

// ObjectListOptions narrows a listing of objects. A nil pointer and zero fields
// stand for all of them.
type ObjectListOptions struct {
	Prefix    string `url:"prefix,omitempty"`     // that the names begin with
	Delimiter string `url:"delimiter,omitempty"`  // groups names by what stands before it after the prefix, as "/" does with folders
	Marker    string `url:"marker,omitempty"`     // names after this one
	EndMarker string `url:"end_marker,omitempty"` // names before this one
	Limit     int    `url:"limit,omitempty"`      // of a page; the service has 10,000 by default and at the most
}

type objectQuery struct {
	ObjectListOptions
	Format string `url:"format"`
}

// List returns one page of the objects in a container, sorted by name.
//
// API: GET /v1/{Account}/{Container} (objectstorage-list-objects; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) List(ctx context.Context, container string, options *ObjectListOptions) ([]*ObjectEntry, error) {
	entries, err := s.page(ctx, container, options, 0)
	if err != nil {
		return nil, err
	}
	return pointers(entries), nil
}

func pointers[T any](items []T) []*T {
	list := make([]*T, len(items))
	for i := range items {
		list[i] = &items[i]
	}
	return list
}

// page fetches a page. Room for as many entries as are expected saves the
// decoder from moving them.
func (s *ObjectsService) page(ctx context.Context, container string, options *ObjectListOptions, expected int) ([]ObjectEntry, error) {
	const operation = "objectstorage-list-objects"
	if err := checkContainer(operation, "Container", container); err != nil {
		return nil, err
	}
	query := objectQuery{Format: "json"}
	if options != nil {
		if options.Limit < 0 {
			return nil, nhncloud.NewArgumentError(operation, "Limit", "must not be negative")
		}
		query.ObjectListOptions = *options
	}
	entries := make([]ObjectEntry, 0, expected)
	err := s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceObjectStorage,
		Method:    http.MethodGet,
		Path:      "/v1/{Account}/{Container}",
		Args:      []string{container},
		Query:     query,
	}, &entries)
	switch {
	case noContent(err):
		return nil, nil
	case err == nil && entries == nil:
		err = &nhncloud.Error{Operation: operation, Message: "there is no list in the answer", Err: nhncloud.ErrBadAnswer}
	}
	return entries, noContainer(err)
}

// All returns an iterator over the objects in a container, sorted by name. It
// keeps one page in memory.
//
// API: GET /v1/{Account}/{Container} (objectstorage-list-objects; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) All(ctx context.Context, container string, options *ObjectListOptions) iter.Seq2[*ObjectEntry, error] {
	var own ObjectListOptions
	if options != nil {
		own = *options
	}
	return func(yield func(*ObjectEntry, error) bool) {
		expected := 0
		for {
			entries, err := s.page(ctx, container, &own, expected)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range entries {
				if !yield(&entries[i], nil) {
					return
				}
			}
			if len(entries) == 0 {
				return
			}
			last := entries[len(entries)-1].Name + entries[len(entries)-1].Subdir
			if last <= own.Marker {
				yield(nil, &nhncloud.Error{
					Operation: "objectstorage-list-objects", Message: fmt.Sprintf("the listing came back to %q", last), Err: nhncloud.ErrBadAnswer,
				})
				return
			}
			own.Marker, expected = last, len(entries)
		}
	}
}

// PutOptions says more about an object to be stored. A nil pointer stands for
// none of it.
type PutOptions struct {
	ContentType        string // the service guesses by the name when empty
	ContentEncoding    string
	ContentDisposition string
	CacheControl       string
	Metadata           map[string]string // values may be any UTF-8 without control characters; the service drops empty ones
	DeleteAt           time.Time         // when the service deletes it
	DeleteAfter        time.Duration     // after which the service deletes it, in whole seconds
	RetainUntil        time.Time         // until when it is locked, in a container with object lock
	// Size is that of content which does not tell it, in bytes. It is sent in
	// pieces when neither does: 0 and, as in net/http, -1 stand for unknown.
	Size int64
	// ETag is the MD5 of the content, where the caller knows it, in hexadecimal
	// form. The service then refuses other content.
	ETag string
	// NoOverwrite lets it fail with [nhncloud.ErrPreconditionFailed] when there
	// is an object of that name. After a broken connection, that object may be
	// the one that an earlier attempt of the same call stored.
	NoOverwrite bool
	// SkipChecksum leaves out to compare the MD5 of what was sent with that of
	// what arrived.
	SkipChecksum bool
	// Progress is called while the content is sent, from one goroutine at a time.
	Progress func(Progress)
}

// header returns the header fields for the options, or nil where there are none.
func (o *PutOptions) header(operation string) (http.Header, error) {
	if o == nil {
		return nil, nil
	}
	var header http.Header
	set := func(name, value string) {
		if value != "" {
			setHeader(&header, name, value)
		}
	}
	set("Content-Type", o.ContentType)
	set("Content-Encoding", o.ContentEncoding)
	set("Content-Disposition", o.ContentDisposition)
	set("Cache-Control", o.CacheControl)
	set("ETag", strings.ToLower(trimETag(o.ETag)))
	if o.NoOverwrite {
		set("If-None-Match", "*")
	}
	switch {
	case o.ETag != "" && len(header.Get("ETag")) != md5.Size*2:
		return nil, nhncloud.NewArgumentError(operation, "ETag", "is no MD5 in hexadecimal form")
	case o.DeleteAfter < 0 || o.DeleteAfter > 0 && o.DeleteAfter < time.Second:
		return nil, nhncloud.NewArgumentError(operation, "DeleteAfter", "must be at least a second")
	case o.DeleteAfter > 0 && !o.DeleteAt.IsZero():
		return nil, nhncloud.NewArgumentError(operation, "DeleteAfter", "can't stand beside DeleteAt")
	case o.DeleteAfter > 0:
		set("X-Delete-After", strconv.FormatInt(int64(o.DeleteAfter/time.Second), 10))
	}
	set("X-Delete-At", unixText(o.DeleteAt))
	set("X-Object-Worm-Retain-Until", unixText(o.RetainUntil))
	if header == nil && len(o.Metadata) > 0 {
		header = make(http.Header, len(o.Metadata))
	}
	return header, setMetadata(operation, header, metaPrefix, o.Metadata)
}

// setHeader sets a field of a header, which is made where there is none.
func setHeader(header *http.Header, name, value string) {
	if *header == nil {
		*header = make(http.Header, 4)
	}
	header.Set(name, value)
}

// unixText is a time as decimal Unix time, or "" for the zero time.
func unixText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.Unix(), 10)
}

// PutResult tells what was stored.
type PutResult struct {
	ETag         string // as in [Object]
	Size         int64  // bytes; 0 where only the service knows, as of copies
	LastModified time.Time
}

// resultOf reads the answer of a call that stored something, and closes it.
func resultOf(resp *http.Response, size int64) *PutResult {
	drain(resp.Body)
	return &PutResult{ETag: etagOf(resp.Header), Size: size, LastModified: httpTimeIn(resp.Header.Get("Last-Modified"))}
}

// Put stores an object of at most 5 GB; an older one of the same name is gone
// then. It reads the content while it sends it, and keeps no more of it in memory
// than a few buffers.
//
// Content that can be read again is sent again after a failure that is not
// final: an [io.ReaderAt] that is an [io.Seeker] as well, such as a file or a
// bytes.Reader, a mere io.Seeker, and a bytes.Buffer. It is read from where it
// stands, stands there again afterwards, and is not used any more when Put
// returns. Other readers are read once; see [nhncloud.NewBodyReader]. When Put
// fails, a read of them that is under way may go on for a while.
//
// What arrived is compared by its MD5. If it is not what was sent, the failure
// is an [nhncloud.ErrChecksumMismatch] with a [ChecksumError] in it, and the
// object is deleted. A container that does not exist is an
// [ErrContainerNotFound].
//
// API: PUT /v1/{Account}/{Container}/{Object} (objectstorage-put-object; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Put(ctx context.Context, container, name string, content io.Reader, options *PutOptions) (*PutResult, error) {
	up := uploadTo(container, name)
	return s.putOne(ctx, objectRequest(up, nil), up, content, options)
}

func objectRequest(up *upload, header http.Header) nhncloud.Request {
	return nhncloud.Request{
		Operation: "objectstorage-put-object",
		Path:      "/v1/{Account}/{Container}/{Object...}",
		Args:      up.args[:2],
		Header:    header,
	}
}

// putOne puts an object whose container and name are the arguments of the
// request.
func (s *ObjectsService) putOne(ctx context.Context, request nhncloud.Request, up *upload, content io.Reader, options *PutOptions) (*PutResult, error) {
	var o PutOptions
	if options != nil {
		o = *options
	}
	operation := request.Operation
	if err := checkObject(operation, request.Args[0], objectIn(request.Args)); err != nil {
		return nil, err
	}
	var err error
	if request.Header, err = o.header(operation); err != nil {
		return nil, err
	}
	if up.content, err = contentOf(operation, content, o.Size); err != nil {
		return nil, err
	}
	defer up.content.rewind()
	progress := newProgress(o.Progress, up.content.size, 1)
	up.tell = progress.part(0)
	return s.put(ctx, request, up, o.SkipChecksum, progress.partDone)
}

// objectIn returns the name of the object among the arguments of a path, where a
// segment has two.
func objectIn(args []string) string { return strings.Join(args[1:], "/") }

// put sends content with a request for a PUT and checks what arrived. It tells
// how far it is, and that it is done.
func (s *ObjectsService) put(ctx context.Context, request nhncloud.Request, up *upload, unchecked bool, done func()) (*PutResult, error) {
	operation, header, source := request.Operation, request.Header, &up.content
	known := header.Get("ETag")
	inMemory, err := source.load()
	if err == nil && known == "" && !unchecked {
		if known, err = source.hashAhead(ctx, inMemory); known != "" {
			setHeader(&header, "ETag", known)
		}
	}
	if err != nil {
		return nil, &nhncloud.Error{Operation: operation, Message: "the content can't be read", Err: err}
	}
	request.Service, request.Method, request.Header = nhncloud.ServiceObjectStorage, http.MethodPut, header
	up.ctx, up.hashed = ctx, known == "" && !unchecked
	request.Body = up.body(inMemory)
	resp, err := s.client.Open(ctx, request)
	sent := outcome{size: source.size}
	if inMemory == nil {
		sent = up.finish()
	}
	if known != "" {
		sent.etag = known
	}
	if err != nil {
		return nil, putFailure(err, header, sent.err)
	}
	result := resultOf(resp, sent.size)
	switch {
	case sent.cut:
		err = &nhncloud.Error{Operation: operation, Message: "the service answered before it had the content", Err: nhncloud.ErrBadAnswer}
	case !unchecked && result.ETag != "" && result.ETag != sent.etag:
		err = mismatch(operation, "stored", &ChecksumError{Want: sent.etag, Got: result.ETag})
	default:
		if inMemory != nil && up.tell != nil && sent.size > 0 {
			up.tell(sent.size)
		}
		done()
		return result, nil
	}
	s.deleteBad(ctx, request.Args, result.ETag)
	return nil, err
}

// putFailure says more about the failure of a PUT.
func putFailure(err error, sent http.Header, broken error) error {
	var e *nhncloud.Error
	switch {
	case !errors.As(err, &e):
	case broken != nil: // it is not that the service is unavailable
		return &nhncloud.Error{
			Operation: e.Operation, Method: e.Method, URL: e.URL, Attempts: e.Attempts, Message: "the content can't be sent", Err: broken,
		}
	case e.StatusCode == http.StatusUnprocessableEntity && sent.Get("ETag") != "":
		e.Err = &ChecksumError{Want: sent.Get("ETag")}
	case e.StatusCode == http.StatusPreconditionFailed && e.Attempts > 1:
		e.Note = "an earlier attempt may have stored it"
	}
	return noContainer(err)
}

// deleteBad deletes an object that arrived damaged, unless it was replaced
// since.
func (s *ObjectsService) deleteBad(ctx context.Context, args []string, etag string) {
	ctx, cancel := cleanupContext(ctx)
	defer cancel()
	name := objectIn(args)
	if object, err := s.Head(ctx, args[0], name); err == nil && object.ETag == etag {
		_ = s.Delete(ctx, args[0], name)
	}
}

// cleanupContext returns a context for what has to be done after a failure,
// which may be that the context of the call has ended.
func cleanupContext(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
}

// ChecksumError is the cause of an [nhncloud.ErrChecksumMismatch].
type ChecksumError struct {
	Want string // MD5 that the content should have
	Got  string // MD5 that it has; "" where the service did not say
}

// Error tells the two values.
func (e *ChecksumError) Error() string {
	if e.Got == "" {
		return fmt.Sprintf("checksum mismatch: MD5 is not %s", e.Want)
	}
	return fmt.Sprintf("checksum mismatch: MD5 is %s, not %s", e.Got, e.Want)
}

// Is makes it an nhncloud.ErrChecksumMismatch.
func (e *ChecksumError) Is(target error) bool { return target == nhncloud.ErrChecksumMismatch }

// mismatch is the failure for content that was stored or received wrong.
func mismatch(operation, what string, cause error) error {
	return &nhncloud.Error{Operation: operation, Message: "the content was " + what + " other than it was sent", Err: cause}
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

// Head returns what the service tells of an object.
//
// API: HEAD /v1/{Account}/{Container}/{Object} (objectstorage-head-object; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Head(ctx context.Context, container, name string) (*Object, error) {
	const operation = "objectstorage-head-object"
	if err := checkObject(operation, container, name); err != nil {
		return nil, err
	}
	resp, err := s.client.Open(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceObjectStorage,
		Method:    http.MethodHead,
		Path:      "/v1/{Account}/{Container}/{Object...}",
		Args:      []string{container, name},
	})
	if err != nil {
		return nil, err
	}
	drain(resp.Body)
	object := objectOf(name, resp.Header)
	return &object, nil
}

// Replace stores new content for an object that exists; where it does not, it
// fails with an [nhncloud.ErrNotFound]. Everything else is as with
// [ObjectsService.Put].
//
// API: PUT /v1/{Account}/{Container}/{Object} (objectstorage-update-object; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Replace(ctx context.Context, container, name string, content io.Reader, options *PutOptions) (*PutResult, error) {
	if _, err := s.Head(ctx, container, name); err != nil {
		return nil, err
	}
	up := uploadTo(container, name)
	return s.putOne(ctx, nhncloud.Request{
		Operation: "objectstorage-update-object",
		Path:      "/v1/{Account}/{Container}/{Object...}",
		Args:      up.args[:2],
	}, up, content, options)
}

// Delete deletes an object. The segments of a large object stay; see
// [ObjectsService.DeleteLarge].
//
// API: DELETE /v1/{Account}/{Container}/{Object} (objectstorage-delete-object; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Delete(ctx context.Context, container, name string) error {
	const operation = "objectstorage-delete-object"
	if err := checkObject(operation, container, name); err != nil {
		return err
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceObjectStorage,
		Method:    http.MethodDelete,
		Path:      "/v1/{Account}/{Container}/{Object...}",
		Args:      []string{container, name},
	}, nil)
}
