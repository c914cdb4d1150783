package objectstorage

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"sync"

	"github.com/nhncloud-go/nhncloud"
)

// UploadOptions says how to upload. A nil pointer stands for the defaults.
type UploadOptions struct {
	// PutOptions are those of the object. ETag counts only where it is sent in
	// one piece.
	PutOptions
	// Threshold is the size in bytes above which an object is sent in parts.
	// Default 128 MiB.
	Threshold int64
	// PartSize is that of the parts, in bytes. By default it is 64 MiB, or 16 MiB
	// for content that can be read only once, and more where there would be
	// more than [MaxSegments].
	PartSize *int64
	// Concurrency is how many parts are sent at the same time. Default 8, or 4
	// for content that can be read only once.
	Concurrency int
	// SegmentContainer is where the parts are stored. Default is the name of the
	// container with "_segments" after it. It is created when it does not exist.
	SegmentContainer string
	// Dynamic makes a dynamic large object instead of a static one. Its parts are
	// checked as they arrive, but the whole can't be, and an upload that was
	// interrupted can't be resumed.
	Dynamic bool
	// KeepParts leaves the parts that have arrived where they are when the upload
	// fails, so that the next one does not send them again.
	KeepParts bool
	// DeleteOldSegments deletes the segments of the large object that is
	// overwritten, once the new one is whole.
	DeleteOldSegments bool
}

// UploadResult tells what was stored.
type UploadResult struct {
	PutResult
	Parts  int // 1 when it was sent in one piece
	Reused int // of them, those that were there already
}

const (
	defaultThreshold    = 128 << 20
	defaultPartSize     = 64 << 20
	bufferedPartSize    = 16 << 20
	bufferedConcurrency = 4
	segmentsSuffix      = "_segments"
)

// Upload stores an object of any size. Up to a threshold it does what
// [ObjectsService.Put] does; above it the object is sent in parts, several at
// the same time, which become a static large object.
//
// Content that can be read again, as Put knows it, is not kept in memory. Of
// other content, as many parts are kept as are sent at the same time.
//
// Each part is checked when it arrives, and so is the whole. Parts that an
// upload of the same content has left are not sent again. A failure, also that
// of the context, deletes what was made, and leaves an older object of that
// name as it is.
func (s *ObjectsService) Upload(ctx context.Context, container, name string, source io.Reader, options *UploadOptions) (*UploadResult, error) {
	return s.upload(ctx, container, name, source, options, func() error { return nil })
}

// UploadFile stores a file as an object, as [ObjectsService.Upload] does. A file
// that changes while it is sent is an error.
func (s *ObjectsService) UploadFile(ctx context.Context, container, name, path string, options *UploadOptions) (*UploadResult, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fileError(opUpload, err)
	}
	defer file.Close()
	before, err := file.Stat()
	if err != nil {
		return nil, fileError(opUpload, err)
	}
	if before.IsDir() {
		return nil, nhncloud.NewArgumentError(opUpload, "path", "is a folder; use UploadDir")
	}
	return s.upload(ctx, container, name, file, options, func() error {
		after, err := file.Stat()
		if err == nil && (after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime())) {
			err = errors.New("the file changed while it was sent")
		}
		return err
	})
}

// opUpload names an upload in errors that no single request has.
const opUpload = "objectstorage-put-object"

func fileError(operation string, err error) error {
	return &nhncloud.Error{Operation: operation, Message: "the file can't be used", Err: err}
}

// uploading is an upload in parts.
type uploading struct {
	service   *ObjectsService
	container string
	name      string
	options   UploadOptions
	source    *content
	partSize  int64
	segments  string // container of them
	prefix    string // of their names, without a slash at the end
	named     bool   // the names have the MD5 of the content in them
	progress  *progress

	existing map[string]ObjectEntry // parts that were there before, by name

	mu     sync.Mutex
	parts  []Segment // by number
	made   []Location
	reused int
}

// part is a piece of the content.
type part struct {
	number  int
	content *content
	etag    string  // "" when it is not known yet
	buffer  *[]byte // that it is kept in; nil for content that can be read again
}

func (s *ObjectsService) upload(ctx context.Context, container, name string, r io.Reader, options *UploadOptions, unchanged func() error) (*UploadResult, error) {
	var o UploadOptions
	if options != nil {
		o = *options
	}
	if err := checkObject(opUpload, container, name); err != nil {
		return nil, err
	}
	if err := o.check(container); err != nil {
		return nil, err
	}
	if _, err := o.header(opUpload); err != nil {
		return nil, err
	}
	source, err := contentOf(opUpload, r, o.Size)
	if err != nil {
		return nil, err
	}
	u := &uploading{service: s, container: container, name: name, options: o, source: source, segments: o.SegmentContainer}
	if err := u.choosePartSize(); err != nil {
		return nil, err
	}
	if source.at != nil && source.size <= o.Threshold {
		return u.inOnePiece(ctx, source, unchanged)
	}
	if source.at == nil {
		// What fits into one part is sent in one piece.
		head := make([]byte, u.partSize)
		n, err := io.ReadFull(&contextReader{ctx, r}, head)
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			if source.size >= 0 && source.size != int64(n) {
				return nil, nhncloud.NewArgumentError(opUpload, "content", fmt.Sprintf("has %d bytes, but Size is %d", n, source.size))
			}
			return u.inOnePiece(ctx, &content{at: bytes.NewReader(head[:n]), size: int64(n)}, unchanged)
		case err != nil:
			return nil, &nhncloud.Error{Operation: opUpload, Message: "the content can't be read", Err: err}
		}
		source.first = io.MultiReader(bytes.NewReader(head), r)
	}
	return u.run(ctx, unchanged)
}

// check refuses options that can't work, and fills in defaults.
func (o *UploadOptions) check(container string) error {
	switch {
	case o.PartSize != nil && *o.PartSize <= 0:
		return nhncloud.NewArgumentError(opUpload, "PartSize", "must be positive")
	case o.PartSize != nil && *o.PartSize > MaxPutSize:
		return nhncloud.NewArgumentError(opUpload, "PartSize", fmt.Sprintf("must be at most %d bytes", int64(MaxPutSize)))
	case o.Threshold < 0:
		return nhncloud.NewArgumentError(opUpload, "Threshold", "must not be negative")
	case o.Threshold > MaxPutSize:
		return nhncloud.NewArgumentError(opUpload, "Threshold", fmt.Sprintf("must be at most %d bytes", int64(MaxPutSize)))
	case o.Concurrency < 0:
		return nhncloud.NewArgumentError(opUpload, "Concurrency", "must not be negative")
	}
	if o.Threshold == 0 {
		o.Threshold = defaultThreshold
	}
	if o.SegmentContainer == "" {
		o.SegmentContainer = container + segmentsSuffix
	}
	return checkContainer(opUpload, "SegmentContainer", o.SegmentContainer)
}

// choosePartSize finds a size with which the parts are not too many.
func (u *uploading) choosePartSize() error {
	const unit = 1 << 20
	size, concurrency := int64(defaultPartSize), defaultConcurrency
	if u.source.at == nil {
		size, concurrency = bufferedPartSize, bufferedConcurrency
	}
	if u.options.Concurrency == 0 {
		u.options.Concurrency = concurrency
	}
	if least := (u.source.size + MaxSegments - 1) / MaxSegments; least > size {
		size = (least + unit - 1) / unit * unit
	}
	if chosen := u.options.PartSize; chosen != nil {
		size = *chosen
		if (u.source.size+size-1)/size > MaxSegments {
			return nhncloud.NewArgumentError(opUpload, "PartSize", fmt.Sprintf("makes %d parts of %d bytes, at most %d are allowed", (u.source.size+size-1)/size, u.source.size, MaxSegments))
		}
	}
	if size > MaxPutSize {
		return nhncloud.NewArgumentError(opUpload, "content", fmt.Sprintf("has %d bytes, which do not fit into %d parts of at most %d bytes", u.source.size, MaxSegments, int64(MaxPutSize)))
	}
	u.partSize = size
	return nil
}

// inOnePiece sends the content with a single PUT.
func (u *uploading) inOnePiece(ctx context.Context, source *content, unchanged func() error) (*UploadResult, error) {
	old, err := u.oldSegments(ctx)
	if err != nil {
		return nil, err
	}
	header, err := u.options.header(opUpload)
	if err != nil {
		return nil, err
	}
	progress := newProgress(u.options.Progress, source.size, 1)
	put, err := u.service.put(ctx, nhncloud.Request{
		Operation: "objectstorage-put-object",
		Path:      "/v1/{Account}/{Container}/{Object...}",
		Args:      []string{u.container, u.name},
		Header:    header,
	}, source, u.options.SkipChecksum, progress.part(0), progress.partDone)
	if err != nil {
		return nil, err
	}
	if err := unchanged(); err != nil {
		u.service.deleteBad(ctx, []string{u.container, u.name}, put.ETag)
		return nil, fileError(opUpload, err)
	}
	return &UploadResult{PutResult: *put, Parts: 1}, u.service.deleteSegments(ctx, old)
}

// oldSegments returns the segments of the object that will be overwritten, as
// far as they are to be deleted.
func (u *uploading) oldSegments(ctx context.Context) ([]Location, error) {
	if !u.options.DeleteOldSegments {
		return nil, nil
	}
	places, err := u.service.segmentsOf(ctx, u.container, u.name)
	if errors.Is(err, nhncloud.ErrNotFound) {
		return nil, nil
	}
	return places, err
}

// run sends the content in parts.
func (u *uploading) run(ctx context.Context, unchanged func() error) (*UploadResult, error) {
	if u.options.NoOverwrite {
		// The service looks again when all parts are there.
		if _, err := u.service.Head(ctx, u.container, u.name); err == nil {
			return nil, &nhncloud.Error{Operation: opUpload, Message: "there is an object of that name", Err: nhncloud.ErrPreconditionFailed}
		} else if !errors.Is(err, nhncloud.ErrNotFound) {
			return nil, err
		}
	}
	old, err := u.oldSegments(ctx)
	if err != nil {
		return nil, err
	}
	if err := u.findExisting(ctx); err != nil {
		return nil, err
	}
	count := -1
	if u.source.size >= 0 {
		count = int((u.source.size + u.partSize - 1) / u.partSize)
	}
	u.progress = newProgress(u.options.Progress, u.source.size, count)

	err = u.sendParts(ctx)
	if err == nil {
		if err = unchanged(); err != nil {
			err = fileError(opUpload, err)
		}
	}
	var put *PutResult
	if err == nil {
		put, err = u.finish(ctx)
	}
	if err != nil {
		u.cleanUp(ctx)
		return nil, err
	}
	used := map[Location]bool{}
	for _, segment := range u.parts {
		used[Location{segment.Container, segment.Name}] = true
	}
	var gone []Location
	for _, place := range old {
		if !used[place] {
			gone = append(gone, place)
		}
	}
	return &UploadResult{PutResult: *put, Parts: len(u.parts), Reused: u.reused}, u.service.deleteSegments(ctx, gone)
}

// findExisting looks for parts that an earlier upload has left, and makes sure
// that their container exists. The name of a part has its size, number and
// MD5 in it, so that it can't be taken for another, and none that an older
// object needs is ever overwritten.
func (u *uploading) findExisting(ctx context.Context) error {
	base := u.name
	if len(base) > maxObjectName-100 {
		base = hexOfString(base)
	}
	u.named = !u.options.Dynamic && !u.options.SkipChecksum
	if u.named {
		u.prefix = fmt.Sprintf("%s/slo/%d", base, u.partSize)
	} else {
		u.prefix = base + "/" + rand.Text()
	}
	u.existing = map[string]ObjectEntry{}
	for entry, err := range u.service.All(ctx, u.segments, &ObjectListOptions{Prefix: u.prefix + "/"}) {
		if errors.Is(err, nhncloud.ErrNotFound) {
			_, err := (&ContainersService{u.service.client}).Create(ctx, u.segments, nil)
			return err
		}
		if err != nil {
			return err
		}
		u.existing[entry.Name] = *entry
	}
	return nil
}

// sendParts sends all parts. Some goroutines hash parts ahead, others send
// them, so that no connection waits for a hash.
func (u *uploading) sendParts(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cut, hashed := make(chan part), make(chan part)

	var producer sync.WaitGroup
	producer.Go(func() {
		defer close(cut)
		if err := u.cut(ctx, cut); err != nil {
			cancel(err)
		}
	})
	hashers := min(runtime.GOMAXPROCS(0), u.options.Concurrency)
	var hashing, sending sync.WaitGroup
	for range hashers {
		hashing.Go(func() {
			for p := range cut {
				if u.named {
					var err error
					if p.etag, err = p.content.md5(ctx); err != nil {
						cancel(&nhncloud.Error{Operation: opUpload, Message: "the content can't be read", Err: err})
						continue
					}
				}
				select {
				case hashed <- p:
				case <-ctx.Done():
				}
			}
		})
	}
	for range u.options.Concurrency {
		sending.Go(func() {
			for p := range hashed {
				if ctx.Err() != nil {
					continue
				}
				if err := u.send(ctx, p); err != nil {
					cancel(err)
				}
				if p.buffer != nil {
					partBuffers.Put(p.buffer)
				}
			}
		})
	}
	producer.Wait()
	hashing.Wait()
	close(hashed)
	sending.Wait()
	return causeOf(ctx, opUpload)
}

// causeOf returns why the context of the parts of a transfer has ended, as an
// *nhncloud.Error, or nil when it has not.
func causeOf(ctx context.Context, operation string) error {
	cause := context.Cause(ctx)
	if cause == nil || errors.As(cause, new(*nhncloud.Error)) {
		return cause
	}
	return &nhncloud.Error{Operation: operation, Err: cause}
}

// cut divides the content into parts.
func (u *uploading) cut(ctx context.Context, parts chan<- part) error {
	for number := 0; ; number++ {
		var p part
		if u.source.at != nil {
			offset := int64(number) * u.partSize
			if offset >= u.source.size {
				return nil
			}
			p = part{number: number, content: u.source.section(offset, min(u.partSize, u.source.size-offset))}
		} else {
			var err error
			if p, err = u.buffered(ctx, number); err != nil || p.content == nil {
				return err
			}
		}
		select {
		case parts <- p:
		case <-ctx.Done():
			return nil
		}
	}
}

var partBuffers sync.Pool // of *[]byte

// buffered reads a part of content that can be read only once. At its end it
// returns a part without content.
func (u *uploading) buffered(ctx context.Context, number int) (part, error) {
	buffer, _ := partBuffers.Get().(*[]byte)
	if buffer == nil || int64(cap(*buffer)) < u.partSize {
		b := make([]byte, u.partSize)
		buffer = &b
	}
	b := (*buffer)[:u.partSize]
	n, err := io.ReadFull(&contextReader{ctx, u.source.first}, b)
	total := int64(number)*u.partSize + int64(n)
	switch {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return part{}, &nhncloud.Error{Operation: opUpload, Message: "the content can't be read", Err: err}
	case u.source.size >= 0 && (total > u.source.size || err != nil && total < u.source.size):
		return part{}, nhncloud.NewArgumentError(opUpload, "content", fmt.Sprintf("does not have the %d bytes declared", u.source.size))
	case n == 0:
		partBuffers.Put(buffer)
		return part{}, nil
	case number >= MaxSegments:
		return part{}, nhncloud.NewArgumentError(opUpload, "PartSize", fmt.Sprintf("is too small: there are more than %d parts", MaxSegments))
	}
	return part{number: number, content: &content{at: bytes.NewReader(b[:n]), size: int64(n)}, buffer: buffer}, nil
}

// send sends one part, unless it is there already.
func (u *uploading) send(ctx context.Context, p part) error {
	count := fmt.Sprintf("%08d", p.number)
	header := http.Header{}
	if u.named {
		count += "-" + p.etag
		header.Set("ETag", p.etag)
	}
	segment := Segment{Container: u.segments, Name: u.prefix + "/" + count, Hash: p.etag, Bytes: p.content.size}
	tell := u.progress.part(p.number)
	if there, ok := u.existing[segment.Name]; ok && there.Bytes == segment.Bytes && there.Hash == segment.Hash {
		u.keep(p.number, segment, true)
		if tell != nil {
			tell(segment.Bytes)
		}
		u.progress.partDone()
		return nil
	}
	u.mu.Lock()
	u.made = append(u.made, Location{segment.Container, segment.Name})
	u.mu.Unlock()
	put, err := u.service.put(ctx, segmentRequest(u.segments, u.prefix, count, header), p.content, u.options.SkipChecksum, tell, u.progress.partDone)
	if err != nil {
		return err
	}
	segment.Hash = put.ETag
	u.keep(p.number, segment, false)
	return nil
}

// keep remembers a part that is there.
func (u *uploading) keep(number int, segment Segment, reused bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for len(u.parts) <= number {
		u.parts = append(u.parts, Segment{})
	}
	u.parts[number] = segment
	if reused {
		u.reused++
	}
}

// finish makes the object of the parts.
func (u *uploading) finish(ctx context.Context) (*PutResult, error) {
	if u.options.Dynamic {
		put, err := u.service.PutDynamic(ctx, u.container, u.name, u.segments, u.prefix+"/", &u.options.PutOptions)
		if err != nil {
			return nil, err
		}
		for _, segment := range u.parts {
			put.Size += segment.Bytes
		}
		return put, nil
	}
	put, err := u.service.PutStatic(ctx, u.container, u.name, u.parts, &u.options.PutOptions)
	var e *nhncloud.Error
	if errors.As(err, &e) && e.StatusCode == 0 && e.Field == "" && !errors.Is(err, nhncloud.ErrChecksumMismatch) {
		// It may have been done all the same: then the parts belong to it.
		look, cancel := cleanupContext(ctx)
		defer cancel()
		if object, lookErr := u.service.Head(look, u.container, u.name); lookErr == nil && object.Static && object.ETag == combinedETag(u.parts) {
			return &PutResult{ETag: object.ETag, Size: object.Size, LastModified: object.LastModified}, nil
		}
	}
	return put, err
}

// cleanUp deletes the parts that were made.
func (u *uploading) cleanUp(ctx context.Context) {
	if u.options.KeepParts {
		return
	}
	ctx, cancel := cleanupContext(ctx)
	defer cancel()
	_ = u.service.deleteSegments(ctx, u.made)
}
