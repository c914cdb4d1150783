package objectstorage

import (
	"context"
	"crypto/md5"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// PutOptions says more about an object to be stored. A nil pointer stands for
// none of it.
type PutOptions struct {
	ContentType        string // the service guesses by the name when empty
	ContentEncoding    string
	ContentDisposition string
	CacheControl       string
	Metadata           map[string]string // names come back in lower case, with "-" for "_"; values may be any UTF-8 without control characters
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
	// what arrived, and does without an ETag in the answer.
	SkipChecksum bool
	// Progress is called while the content is sent, from one goroutine at a time.
	Progress func(nhncloud.TransferProgress)
}

// unchecked reports whether what was stored is not compared with what was sent.
func (o *PutOptions) unchecked() bool { return o != nil && o.SkipChecksum }

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

// upload is what is sent to an object.
type upload struct {
	transfer.Sending
	args    [3]string // of the path of the request
	damaged string    // ETag of what was stored, where that is not the content
}

// uploadTo returns an upload to an object whose names are the arguments of a
// path. All that it takes is in one place, and so allocated at once.
func uploadTo(names ...string) *upload {
	u := new(upload)
	copy(u.args[:], names)
	return u
}

// PutResult tells what was stored.
type PutResult struct {
	ETag         string // as in [Object]
	Size         int64  // bytes; 0 where only the service knows, as of copies
	LastModified time.Time
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
// is an [nhncloud.ErrChecksumMismatch] with a [nhncloud.ChecksumError] in it, and the
// object is deleted: in at most 30 seconds, or 5 once the context has ended, and a
// [LeftoverError] tells where that fails. An answer that does not tell what was stored, or that comes
// before the content was read to its end, is no success but an
// [nhncloud.ErrBadAnswer]. A container that does not exist is an
// [ErrContainerNotFound].
//
// API: PUT /v1/{Account}/{Container}/{Object} (objectstorage-put-object; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Put(ctx context.Context, container, name string, content io.Reader, options *PutOptions) (*PutResult, error) {
	up := uploadTo(container, name)
	return s.putOne(ctx, objectRequest(up, nil), up, content, options)
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
	if up.Content, err = transfer.ContentOf(operation, content, o.Size); err != nil {
		return nil, err
	}
	defer up.Content.Rewind()
	progress := transfer.NewProgress(o.Progress, up.Content.Size, 1)
	up.Tell = progress.Part()
	return s.putWhole(ctx, request, up, o.SkipChecksum, progress.PartDone)
}

// putWhole is put for what has to be whole at once: it deletes what was stored
// otherwise.
func (s *ObjectsService) putWhole(ctx context.Context, request nhncloud.Request, up *upload, unchecked bool, done func()) (*PutResult, error) {
	result, err := s.put(ctx, request, up, unchecked, done)
	if err != nil {
		return nil, s.deleteBad(ctx, request.Args, up.damaged, err)
	}
	return result, nil
}

// objectIn returns the name of the object among the arguments of a path, where a
// segment has two.
func objectIn(args []string) string { return strings.Join(args[1:], "/") }

// put sends content with a request for a PUT and checks what arrived, of which
// it leaves the ETag where it is damaged. It tells how far it is, and that it is
// done.
func (s *ObjectsService) put(ctx context.Context, request nhncloud.Request, up *upload, unchecked bool, done func()) (*PutResult, error) {
	operation, header, source := request.Operation, request.Header, &up.Content
	known := header.Get("ETag")
	var inMemory []byte
	var err error
	if !unchecked { // else what was read of the content is all that tells whether it was sent
		inMemory, err = source.Load()
	}
	if err == nil && known == "" && !unchecked {
		if known, err = hashAhead(ctx, source, inMemory); known != "" {
			setHeader(&header, "ETag", known)
		}
	}
	if err != nil && ctx.Err() != nil {
		return nil, &nhncloud.Error{Operation: operation, Err: ctx.Err()}
	}
	if err != nil {
		return nil, transfer.Unsendable(operation, err)
	}
	request.Service, request.Method, request.Header, request.SuccessCodes = nhncloud.ServiceObjectStorage, http.MethodPut, header, codesCreated
	up.Context, up.Hashed = ctx, known == "" && !unchecked
	request.Body = up.Body(inMemory)
	resp, err := s.client.Open(ctx, request)
	sent := transfer.Outcome{Size: source.Size, Whole: true}
	if inMemory == nil {
		sent = up.Finish()
	}
	if known != "" {
		sent.MD5 = known
	}
	if err != nil {
		return nil, putFailure(sent.Failure(err), header)
	}
	result := resultOf(resp, sent.Size)
	if !sent.Whole {
		err = badAnswer(operation, resp, "the service answered before it had the content")
	} else if !unchecked {
		err = checkStored(operation, resp, result.ETag, sent.MD5)
	}
	if err != nil {
		up.damaged = result.ETag
		return nil, err
	}
	if inMemory != nil && up.Tell != nil && sent.Size > 0 {
		up.Tell(sent.Size)
	}
	done()
	return result, nil
}

// putFailure says more about the failure of a PUT.
func putFailure(err error, sent http.Header) error {
	var e *nhncloud.Error
	switch {
	case !errors.As(err, &e):
	case e.StatusCode == http.StatusUnprocessableEntity && sent.Get("ETag") != "":
		e.Err = &nhncloud.ChecksumError{Algorithm: transfer.MD5, Want: sent.Get("ETag")}
		return e.WithKind(nhncloud.ErrChecksumMismatch)
	case e.StatusCode == http.StatusPreconditionFailed && e.Attempts > 1:
		e.Note = "an earlier attempt may have stored it"
	}
	return noContainer(err)
}
