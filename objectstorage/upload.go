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
	"path"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// UploadOptions says how to upload. A nil pointer stands for the defaults.
type UploadOptions struct {
	// PutOptions are those of the object. ETag counts only where it is sent in
	// one piece. DeleteAt, DeleteAfter and RetainUntil are not those of its
	// segments, which stay.
	PutOptions
	// Threshold is the size in bytes above which an object is sent in parts.
	// Default 128 MiB.
	Threshold int64
	// PartSize is that of the parts, in bytes. By default it is at most 24 MiB,
	// so that a number of equal parts keeps eight connections busy to the end,
	// or 16 MiB for content that can be read only once. It is more where there
	// would be more than [MaxSegments].
	PartSize *int64
	// Concurrency is how many parts are sent at the same time. Default 8, or 4
	// for content that can be read only once.
	Concurrency int
	// SegmentContainer is where the parts are stored. Default is the name of the
	// container with "_segments" after it. It is created when it does not exist,
	// and stays.
	SegmentContainer string
	// Dynamic makes a dynamic large object instead of a static one. Its parts are
	// checked as they arrive, but the whole can't be, and an upload that was
	// interrupted can't be resumed.
	Dynamic bool
	// KeepParts leaves the parts that have arrived where they are when the upload
	// fails, so that the next one does not send them again: one of a static large
	// object with the same PartSize that does not skip the checksums.
	KeepParts bool
	// DeleteOldSegments deletes the segments of the large object that is
	// overwritten, once the new one is whole. A failure of that comes together
	// with a result.
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
	defaultPartSize     = 24 << 20
	bufferedPartSize    = 16 << 20
	bufferedConcurrency = 4
	segmentsSuffix      = "_segments"
)

// Upload stores an object of any size. Up to a threshold it does what
// [ObjectsService.Put] does; above it the object is sent in parts, several at
// the same time, which become a static large object.
//
// Content that can be read again, as Put knows it, is not kept in memory. Of
// other content, one part more is kept than are sent at the same time, and what
// fits into one part is sent in one piece. When the context ends, a read of it
// that is under way goes on.
//
// Each part is checked when it arrives, and so is the whole. Parts that an
// upload of the same content has left are not sent again. A failure, also that
// of the context, deletes what was made, and leaves an older object of that
// name as it is. Only a PUT of one piece can't be taken back once it was sent.
func (s *ObjectsService) Upload(ctx context.Context, container, name string, source io.Reader, options *UploadOptions) (*UploadResult, error) {
	return s.upload(ctx, container, name, source, options, nil)
}

// UploadFile stores a file as an object, as [ObjectsService.Upload] does. A file
// that changes while it is sent is an error.
func (s *ObjectsService) UploadFile(ctx context.Context, container, name, path string, options *UploadOptions) (*UploadResult, error) {
	if path == "" {
		return nil, nhncloud.NewArgumentError(opUpload, "path", "must not be empty")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fileError(opUpload, err)
	}
	defer file.Close()
	return s.uploadOpen(ctx, container, name, file, options)
}

// uploadOpen stores what an open file has.
func (s *ObjectsService) uploadOpen(ctx context.Context, container, name string, file *os.File, options *UploadOptions) (*UploadResult, error) {
	before, err := file.Stat()
	switch {
	case err != nil:
		return nil, fileError(opUpload, err)
	case before.IsDir():
		return nil, nhncloud.NewArgumentError(opUpload, "path", "is a folder; use UploadDir")
	case !before.Mode().IsRegular():
		return s.upload(ctx, container, name, file, options, nil)
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

// uploading is an upload on its way.
type uploading struct {
	service   *ObjectsService
	container string
	name      string
	options   UploadOptions
	header    http.Header // of a PUT in one piece
	source    *content
	unchanged func() error // fails when the source is not what it was; nil where nobody can tell
	partSize  int64
	segments  string      // container of the parts
	prefix    string      // of the names of those that are made, without a slash at the end
	named     bool        // the names have the MD5 of the content in them
	free      chan []byte // buffers for content that can be read only once; each is nil until it is needed
	first     *part       // was read to see whether there are more
	progress  *progress

	existing map[string]Segment // parts that were there before, by number and MD5

	mu     sync.Mutex
	parts  []Segment // by number
	made   []Location
	reused int
	asked  bool // for the object to be made
}

// part is a piece of the content.
type part struct {
	number  int
	content *content
	etag    string // "" when it is not known yet
	buffer  []byte // that it is kept in; nil for content that can be read again
	last    bool   // the content was seen to end with it
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
	header, err := o.header(opUpload)
	if err != nil {
		return nil, err
	}
	source, err := contentOf(opUpload, r, o.Size)
	if err != nil {
		return nil, err
	}
	u := &uploading{service: s, container: container, name: name, options: o, header: header, source: &source, unchanged: unchanged, segments: o.SegmentContainer}
	defer source.rewind()
	if err := u.choosePartSize(); err != nil {
		return nil, err
	}
	if source.at != nil {
		if source.size <= u.options.Threshold {
			return u.inOnePiece(ctx, &source)
		}
		return u.run(ctx)
	}
	if u.first, err = u.head(ctx); err != nil {
		return nil, err
	}
	if u.first.last {
		return u.inOnePiece(ctx, u.first.content)
	}
	return u.run(ctx)
}

// head reads the first part of content that can be read only once, and looks
// whether there is more.
func (u *uploading) head(ctx context.Context) (*part, error) {
	first, err := u.buffered(ctx, 0, nil)
	if err != nil || first.last || u.source.size > u.partSize {
		return &first, err
	}
	one := make([]byte, 1)
	n, err := fill(ctx, u.source.first, one)
	switch {
	case err != nil && err != io.EOF:
		return nil, unreadable(err)
	case n > 0 && u.source.size >= 0:
		return nil, u.wrongSize()
	}
	first.last = n == 0
	u.source.first = io.MultiReader(bytes.NewReader(one), u.source.first)
	return &first, nil
}

func (u *uploading) wrongSize() error {
	return nhncloud.NewArgumentError(opUpload, "content", fmt.Sprintf("does not have the %d bytes that Size is", u.source.size))
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
		if o.SegmentContainer = container + segmentsSuffix; len(o.SegmentContainer) > maxContainerName {
			o.SegmentContainer = hexMD5([]byte(container)) + segmentsSuffix
		}
	}
	return checkContainer(opUpload, "SegmentContainer", o.SegmentContainer)
}

// choosePartSize finds a size with which the parts are not too many. It depends
// on the content alone, so that parts are found again.
func (u *uploading) choosePartSize() error {
	const unit = 64 << 10
	size, concurrency := int64(defaultPartSize), defaultConcurrency
	if u.source.at == nil {
		size, concurrency = bufferedPartSize, bufferedConcurrency
	}
	if u.options.Concurrency == 0 {
		u.options.Concurrency = concurrency
	}
	if least := (u.source.size-1)/MaxSegments + 1; least > size {
		size = roundUp(least, unit)
	}
	if u.source.at != nil && u.source.size > 0 {
		count := roundUp((u.source.size-1)/size+1, defaultConcurrency)
		size = roundUp((u.source.size-1)/count+1, unit)
	}
	if size > MaxPutSize {
		return nhncloud.NewArgumentError(opUpload, "content", fmt.Sprintf("has %d bytes, which do not fit into %d parts of at most %d bytes", u.source.size, MaxSegments, int64(MaxPutSize)))
	}
	if u.options.PartSize != nil {
		size = *u.options.PartSize
	}
	u.partSize = size
	if count := u.count(); count > MaxSegments {
		return nhncloud.NewArgumentError(opUpload, "PartSize", fmt.Sprintf("makes %d parts of %d bytes, at most %d are allowed", count, u.source.size, MaxSegments))
	}
	return nil
}

// roundUp returns the least multiple of unit that is not less than n.
func roundUp(n, unit int64) int64 { return ((n-1)/unit + 1) * unit }

// count returns how many parts there are, or -1 when that is not known.
func (u *uploading) count() int64 {
	if u.source.size == unknownSize {
		return -1
	}
	return (u.source.size-1)/u.partSize + 1
}

// inOnePiece sends the content with a single PUT.
func (u *uploading) inOnePiece(ctx context.Context, source *content) (*UploadResult, error) {
	old, err := u.oldSegments(ctx)
	if err != nil {
		return nil, err
	}
	if u.unchanged != nil {
		source.at = &steady{source.at, source.start + source.size, u.unchanged}
	}
	progress := newProgress(u.options.Progress, source.size, 1)
	up := uploadTo(u.container, u.name)
	up.content, up.tell = *source, progress.part(0)
	put, err := u.service.put(ctx, objectRequest(up, u.header), up, u.options.SkipChecksum, progress.partDone)
	if err != nil {
		return nil, err
	}
	return &UploadResult{PutResult: *put, Parts: 1}, u.deleteOld(ctx, old)
}

// steady is content that must not change. It does not hand out its last bytes
// when it did, so that the service does not store it.
type steady struct {
	at        io.ReaderAt
	end       int64
	unchanged func() error
}

// ReadAt reads at an offset.
func (s *steady) ReadAt(p []byte, offset int64) (int, error) {
	n, err := s.at.ReadAt(p, offset)
	if offset+int64(n) >= s.end {
		if changed := s.unchanged(); changed != nil {
			return 0, changed
		}
	}
	return n, err
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

// deleteOld deletes the segments of the object that was overwritten, but for
// those that the new one has as well.
func (u *uploading) deleteOld(ctx context.Context, old []Location) error {
	used := []Location{{u.container, u.name}}
	for _, segment := range u.parts {
		used = append(used, Location{segment.Container, segment.Name})
	}
	return u.service.deleteSegments(ctx, without(old, used))
}

// without returns the places but for those that are used.
func without(places, used []Location) []Location {
	keep := make(map[Location]bool, len(used))
	for _, place := range used {
		keep[place] = true
	}
	return slices.DeleteFunc(places, func(place Location) bool { return keep[place] })
}

// run sends the content in parts.
func (u *uploading) run(ctx context.Context) (*UploadResult, error) {
	if err := u.look(ctx); err != nil {
		return nil, err
	}
	old, err := u.oldSegments(ctx)
	if err != nil {
		return nil, err
	}
	if err := u.findExisting(ctx); err != nil {
		return nil, err
	}
	u.progress = newProgress(u.options.Progress, u.source.size, int(u.count()))
	var put *PutResult
	if err = u.sendParts(ctx); err == nil {
		put, err = u.finish(ctx)
	}
	if err != nil {
		u.cleanUp(ctx)
		return nil, err
	}
	return &UploadResult{PutResult: *put, Parts: len(u.parts), Reused: u.reused}, u.deleteOld(ctx, old)
}

// look makes sure that the object may be stored, before parts are sent for
// nothing. The service looks again when all of them are there.
func (u *uploading) look(ctx context.Context) error {
	_, err := u.service.Head(ctx, u.container, u.name)
	switch {
	case err == nil && u.options.NoOverwrite:
		return &nhncloud.Error{Operation: opUpload, Message: "there is an object of that name", Err: nhncloud.ErrPreconditionFailed}
	case errors.Is(err, nhncloud.ErrNotFound):
		// The object or the container: only a listing tells.
		_, err = u.service.List(ctx, u.container, &ObjectListOptions{Prefix: u.name, Limit: 1})
	}
	return err
}

// findExisting looks for parts that an earlier upload has left, and makes sure
// that their container exists.
//
// All parts that are made have a prefix of their own: none that another object
// needs is ever overwritten, or deleted when the upload fails.
func (u *uploading) findExisting(ctx context.Context) error {
	base := u.container + "/" + u.name // objects of several containers can have their parts in one
	if len(base) > maxObjectName-100 {
		base = hexMD5([]byte(base))
	}
	u.named = !u.options.Dynamic && !u.options.SkipChecksum
	if u.named {
		base += fmt.Sprintf("/slo/%d", u.partSize)
	}
	u.prefix = base + "/" + rand.Text()
	there := u.prefix + "/" // nothing is, but there may be no container
	if u.named {
		there = base + "/"
	}
	u.existing = map[string]Segment{}
	for entry, err := range u.service.All(ctx, u.segments, &ObjectListOptions{Prefix: there}) {
		if errors.Is(err, nhncloud.ErrNotFound) {
			_, err := (&ContainersService{u.service.client}).Create(ctx, u.segments, nil)
			return err
		}
		if err != nil {
			return err
		}
		u.existing[path.Base(entry.Name)] = Segment{Container: u.segments, Name: entry.Name, Hash: entry.Hash, Bytes: entry.Bytes}
	}
	return nil
}

// sendParts sends all parts. Some goroutines hash parts ahead, others send
// them, so that no connection waits for a hash.
func (u *uploading) sendParts(parent context.Context) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	if u.source.at == nil {
		u.free = make(chan []byte, u.options.Concurrency+1)
		for range u.options.Concurrency { // and the one of the first part
			u.free <- nil
		}
	}
	cut, hashed := make(chan part), make(chan part)
	var producer, hashing, sending sync.WaitGroup
	producer.Go(func() {
		defer close(cut)
		if err := u.cut(ctx, cut); err != nil {
			cancel(err)
		}
	})
	for range min(runtime.GOMAXPROCS(0), u.options.Concurrency) {
		hashing.Go(func() {
			for p := range cut {
				if u.named {
					var err error
					if p.etag, err = p.content.md5(ctx); err != nil {
						cancel(unreadable(err))
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
					u.free <- p.buffer
				}
			}
		})
	}
	producer.Wait()
	hashing.Wait()
	close(hashed)
	sending.Wait()
	return causeOf(parent, ctx, opUpload)
}

// unreadable is the failure for content that can't be read.
func unreadable(err error) error {
	return &nhncloud.Error{Operation: opUpload, Message: "the content can't be read", Err: err}
}

// causeOf returns why the context of the parts of a transfer has ended, or nil
// when it has not: because the context of the whole has, or with the first
// failure of a part.
func causeOf(parent, ctx context.Context, operation string) error {
	cause := context.Cause(ctx)
	if cause != nil && cause == context.Cause(parent) {
		return &nhncloud.Error{Operation: operation, Err: parent.Err()}
	}
	return cause
}

// cut divides the content into parts.
func (u *uploading) cut(ctx context.Context, parts chan<- part) error {
	for number := 0; ; number++ {
		var p part
		switch {
		case u.source.at != nil:
			offset := int64(number) * u.partSize
			if offset >= u.source.size {
				return nil
			}
			p = part{number: number, content: u.source.section(offset, min(u.partSize, u.source.size-offset))}
		case number == 0:
			p = *u.first
			u.first = nil
		default:
			var buffer []byte
			select {
			case buffer = <-u.free:
			case <-ctx.Done():
				return nil
			}
			var err error
			if p, err = u.buffered(ctx, number, buffer); err != nil || p.content.size == 0 {
				return err
			}
		}
		select {
		case parts <- p:
		case <-ctx.Done():
			return nil
		}
		if p.last {
			return nil
		}
	}
}

// buffered reads a part of content that can be read only once into the buffer,
// or into a new one when that is too small.
func (u *uploading) buffered(ctx context.Context, number int, buffer []byte) (part, error) {
	size, before := u.partSize, int64(number)*u.partSize
	if u.source.size >= 0 {
		size = min(size, u.source.size-before+1) // one more, to see that there is none
	}
	if int64(cap(buffer)) < size {
		buffer = make([]byte, size)
	}
	n, err := fill(ctx, u.source.first, buffer[:size])
	total := before + int64(n)
	switch {
	case err != nil && err != io.EOF:
		return part{}, unreadable(err)
	case u.source.size >= 0 && (total > u.source.size || err != nil && total < u.source.size):
		return part{}, u.wrongSize()
	case n > 0 && number >= MaxSegments:
		return part{}, nhncloud.NewArgumentError(opUpload, "PartSize", fmt.Sprintf("is too small: there are more than %d parts", MaxSegments))
	}
	return part{number: number, content: &content{at: bytes.NewReader(buffer[:n]), size: int64(n)}, buffer: buffer, last: err != nil}, nil
}

// fill reads until b is full or r ends, which is an io.EOF. It does not wait for
// a read when the context ends: r and b are not to be used then.
func fill(ctx context.Context, r io.Reader, b []byte) (int, error) {
	var n int
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n < len(b) && err == nil {
			if err = ctx.Err(); err == nil {
				var more int
				more, err = r.Read(b[n:])
				n += more
			}
		}
	}()
	select {
	case <-done:
		return n, err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// send sends one part, unless it is there already.
func (u *uploading) send(ctx context.Context, p part) error {
	count := fmt.Sprintf("%08d", p.number)
	header := http.Header{}
	if u.named {
		count += "-" + p.etag
		header.Set("ETag", p.etag)
	}
	tell := u.progress.part(p.number)
	if there, ok := u.existing[count]; ok && there.Bytes == p.content.size && there.Hash == p.etag {
		u.keep(p.number, there, true)
		if tell != nil {
			tell(there.Bytes)
		}
		u.progress.partDone()
		return nil
	}
	segment := Segment{Container: u.segments, Name: u.prefix + "/" + count, Bytes: p.content.size}
	u.mu.Lock()
	u.made = append(u.made, Location{segment.Container, segment.Name})
	u.mu.Unlock()
	ctx, done := whileRead(ctx, p.content)
	defer done()
	up := uploadTo(u.segments, u.prefix, count)
	up.content, up.tell = *p.content, tell
	put, err := u.service.put(ctx, segmentRequest(up, header), up, u.options.SkipChecksum, u.progress.partDone)
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

// finish makes the object of the parts. That is either not begun or brought to
// an end, whatever becomes of the context: nobody could tell what an attempt
// that is broken off does.
func (u *uploading) finish(ctx context.Context) (*PutResult, error) {
	if u.unchanged != nil {
		if err := u.unchanged(); err != nil {
			return nil, fileError(opUpload, err)
		}
	}
	ctx, cancel := outlasting(ctx, func() bool { return true })
	defer cancel()
	u.asked = true
	var put *PutResult
	var err error
	if u.options.Dynamic {
		put, err = u.service.PutDynamic(ctx, u.container, u.name, u.segments, u.prefix+"/", &u.options.PutOptions)
	} else {
		put, err = u.service.PutStatic(ctx, u.container, u.name, u.parts, &u.options.PutOptions)
	}
	var e *nhncloud.Error
	if errors.As(err, &e) && (e.Attempts > 1 || e.StatusCode < 400 || e.StatusCode >= 500) {
		// It may have been done all the same.
		if found := u.find(ctx); found != nil {
			put, err = found, nil
		}
	}
	if err != nil {
		return nil, err
	}
	put.Size = 0
	for _, segment := range u.parts {
		put.Size += segment.Bytes
	}
	return put, nil
}

// maxLinger is how long a manifest, and a part that was sent, may take when the
// context has ended.
const maxLinger = 10 * time.Second

// outlasting returns a context that goes on for a while when ctx has ended, if
// linger then says so.
func outlasting(ctx context.Context, linger func() bool) (context.Context, context.CancelFunc) {
	long, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if linger() {
			time.AfterFunc(maxLinger, cancel)
		} else {
			cancel()
		}
	})
	return long, func() {
		stop()
		cancel()
	}
}

// whileRead returns a context for the request that sends the content. It ends
// with ctx while the content is being read, and a while later once that is done:
// the service then stores it whether its answer is waited for or not, and what
// comes to be there after the clean-up would stay. From the end of ctx on, the
// content can't be read.
func whileRead(ctx context.Context, c *content) (context.Context, context.CancelFunc) {
	g := &guarded{at: c.at, end: c.start + c.size}
	c.at = g
	return outlasting(ctx, g.close)
}

// guarded is content that knows whether it was read to its end.
type guarded struct {
	at  io.ReaderAt
	end int64

	mu     sync.Mutex
	whole  bool // was read to its end
	closed bool
}

// ReadAt reads at an offset.
func (g *guarded) ReadAt(p []byte, offset int64) (int, error) {
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return 0, context.Canceled
	}
	g.whole = offset+int64(len(p)) >= g.end
	g.mu.Unlock()
	return g.at.ReadAt(p, offset)
}

// close ends the reading, and reports whether there was nothing left to read.
func (g *guarded) close() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	return g.whole
}

// find returns the object if it is made of the parts that this upload has made,
// or nil.
func (u *uploading) find(ctx context.Context) *PutResult {
	object, err := u.service.Head(ctx, u.container, u.name)
	if err != nil || len(u.made) == 0 {
		return nil
	}
	if u.options.Dynamic {
		if object.Dynamic != u.segments+"/"+u.prefix+"/" {
			return nil
		}
		return &PutResult{ETag: object.ETag, LastModified: object.LastModified}
	}
	if !object.Static || object.ETag != combinedETag(u.parts) {
		return nil
	}
	segments, err := u.service.Segments(ctx, u.container, u.name)
	if err != nil || !slices.EqualFunc(segments, u.parts, func(a, b Segment) bool { return a.Container == b.Container && a.Name == b.Name }) {
		return nil
	}
	return &PutResult{ETag: object.ETag, LastModified: object.LastModified}
}

// cleanUp deletes the parts that were made, but for those that an object of
// that name has by now: another upload of the same content may have taken them.
func (u *uploading) cleanUp(ctx context.Context) {
	if u.options.KeepParts || len(u.made) == 0 {
		return
	}
	ctx, cancel := cleanupContext(ctx)
	defer cancel()
	used, err := u.service.segmentsOf(ctx, u.container, u.name)
	if err != nil && !errors.Is(err, nhncloud.ErrNotFound) && u.asked {
		return // better parts without an object than the other way round
	}
	_ = u.service.deleteSegments(ctx, without(u.made, used))
}
