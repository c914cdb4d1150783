package objectstorage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sync"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// File is an object that is open for reading at any place, as an [fs.File], an
// [io.ReadSeeker] and an [io.ReaderAt]. It may be used by several goroutines, of
// which those that Read or Seek share a place in it. It must be closed.
//
// Reading on from a place is one request, however many calls of Read it takes.
// Where that begins at the beginning and goes to the end, the MD5 is compared, as
// that of a [Content]. Seek sends nothing; a small step forward, and back into
// the first 512 bytes, by which a type is told, goes on with the same request.
// ReadAt asks for the bytes that it is called for, and for more of them, up to
// 1 MiB, once it is called for one piece after the other.
//
// What is read is always of the object that was opened. Where that was replaced
// or deleted meanwhile, reading fails with an [nhncloud.ErrPreconditionFailed]
// or an [nhncloud.ErrNotFound].
type File struct {
	service   *ObjectsService
	ctx       context.Context
	container string
	name      string // in errors
	object    Object

	mu     sync.Mutex
	closed bool
	place  int64
	stream *Content // nil where there is none
	at     int64    // place of the stream
	head   []byte   // what the stream began with, from 0 on

	window window
}

const (
	maxHead = 512      // bytes, as http.DetectContentType reads
	maxSkip = 64 << 10 // bytes that are rather read than asked for without
)

// Open opens an object for reading at any place. It looks at the object; its
// content is asked for when it is read. The context must live until the file is
// closed. To read an object once from its beginning, [ObjectsService.Get] is one
// request less.
//
//	file, err := storage.Objects.Open(r.Context(), "photos", "sea.jpg")
//	…
//	defer file.Close()
//	object := file.Object()
//	w.Header().Set("ETag", strconv.Quote(object.ETag))
//	w.Header().Set("Content-Type", object.ContentType)
//	http.ServeContent(w, r, object.Name, object.LastModified, file)
//
// A dynamic large object of so many segments that the service does not tell its
// size has the size of them all.
//
// API: HEAD /v1/{Account}/{Container}/{Object} (objectstorage-head-object; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Open(ctx context.Context, container, name string) (*File, error) {
	object, err := s.headSized(ctx, container, name)
	if err != nil {
		return nil, err
	}
	return newFile(ctx, s, container, name, object), nil
}

func newFile(ctx context.Context, s *ObjectsService, container, name string, object *Object) *File {
	return &File{service: s, ctx: ctx, container: container, name: name, object: *object, window: window{next: -1}}
}

// headSized is Head, with the size of every object.
func (s *ObjectsService) headSized(ctx context.Context, container, name string) (*Object, error) {
	object, err := s.Head(ctx, container, name)
	if err != nil || object.Size != transfer.UnknownSize {
		return object, err
	}
	segments, prefix, _ := cutLocation(object.Dynamic)
	if segments == "" {
		return nil, &nhncloud.Error{Operation: "objectstorage-head-object", Message: "the answer tells no size of the object", Err: nhncloud.ErrBadAnswer}
	}
	object.Size = 0
	for segment, err := range s.All(ctx, segments, &ObjectListOptions{Prefix: prefix}) {
		if err != nil {
			return nil, err
		}
		object.Size += segment.Bytes
	}
	return object, nil
}

// Object returns what the service told of the object when it was opened.
func (f *File) Object() Object { return f.object }

// Stat returns what the service told of the object when it was opened. Sys of it
// is an [*Object].
func (f *File) Stat() (fs.FileInfo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, f.failed("stat", fs.ErrClosed)
	}
	return fileInfo{path.Base(f.name), &f.object}, nil
}

// Read reads on from the place.
func (f *File) Read(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.read(p)
	f.place += int64(n)
	return n, f.failed("read", err)
}

func (f *File) read(p []byte) (int, error) {
	if f.closed {
		return 0, fs.ErrClosed
	}
	if err := f.ended(); err != nil {
		return 0, err
	}
	switch {
	case len(p) == 0:
		return 0, nil
	case f.place < int64(len(f.head)):
		return copy(p, f.head[f.place:]), nil
	}
	if f.stream == nil || f.place != f.at {
		if f.place >= f.object.Size {
			return 0, io.EOF
		}
		if err := f.turn(); err != nil {
			return 0, err
		}
	}
	n, err := f.stream.Read(p)
	f.keepHead(p[:n])
	f.at += int64(n)
	return n, f.explained(err)
}

// ended fails once the context has ended, though what is wanted be here.
func (f *File) ended() error {
	if err := f.ctx.Err(); err != nil {
		return &nhncloud.Error{Operation: opDownload, Err: err}
	}
	return nil
}

// keepHead keeps what the stream begins with.
func (f *File) keepHead(p []byte) {
	if f.at == int64(len(f.head)) {
		f.head = append(f.head, p[:min(len(p), maxHead-len(f.head))]...)
	}
}

// turn brings the stream to the place.
func (f *File) turn() error {
	if skip := f.place - f.at; f.stream != nil && skip > 0 && skip <= maxSkip {
		n, err := io.CopyN(&headKeeper{f}, f.stream, skip)
		if n == skip {
			return nil
		}
		f.hangUp()
		return f.explained(err)
	}
	f.hangUp()
	stream, err := f.open(&GetOptions{Offset: f.place})
	if err != nil {
		return err
	}
	f.stream, f.at = stream, f.place
	return nil
}

// headKeeper takes what is skipped.
type headKeeper struct{ f *File }

func (k *headKeeper) Write(p []byte) (int, error) {
	k.f.keepHead(p)
	k.f.at += int64(len(p))
	return len(p), nil
}

// hangUp ends the stream.
func (f *File) hangUp() {
	if f.stream != nil {
		_ = f.stream.Close()
		f.stream = nil
	}
}

// open asks for content of the object that was opened, and of no other.
func (f *File) open(options *GetOptions) (*Content, error) {
	options.IfMatch = f.object.ETag
	content, err := f.service.Get(f.ctx, f.container, f.object.Name, options)
	if err != nil {
		return nil, f.explained(err)
	}
	same := transfer.Same(content.ETag, f.object.ETag)
	if f.object.ETag == "" || content.ETag == "" {
		same = content.Timestamp.Equal(f.object.Timestamp) && content.LastModified.Equal(f.object.LastModified)
	}
	if !same {
		_ = content.Close()
		err := &nhncloud.Error{Operation: opDownload, Message: "the object is another one than was opened"}
		return nil, err.WithKind(nhncloud.ErrPreconditionFailed)
	}
	return content, nil
}

// explained tells of a failure to read on what it means.
func (f *File) explained(err error) error {
	var e *nhncloud.Error
	switch {
	case !errors.As(err, &e) || e.Note != "":
		return err
	case errors.Is(err, nhncloud.ErrPreconditionFailed):
		return noting(err, "the object was replaced since it was opened")
	case errors.Is(err, nhncloud.ErrNotFound):
		return noting(err, "the object was deleted since it was opened")
	}
	return err
}

// Seek sets the place that Read goes on from. It sends nothing.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += f.place
	case io.SeekEnd:
		offset += f.object.Size
	default:
		offset = -1
	}
	switch {
	case f.closed:
		return 0, f.failed("seek", fs.ErrClosed)
	case offset < 0:
		return 0, f.failed("seek", fs.ErrInvalid)
	}
	f.place = offset
	return offset, nil
}

// Close ends the reading.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return f.failed("close", fs.ErrClosed)
	}
	f.closed = true
	f.hangUp()
	f.window.close()
	return nil
}

// failed names the file in a failure.
func (f *File) failed(op string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return &fs.PathError{Op: op, Path: f.name, Err: err}
}

// String names the object.
func (f *File) String() string {
	return fmt.Sprintf("object %q in container %q", f.object.Name, f.container)
}
