package objectstorage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/nhncloud-go/nhncloud"
)

// DownloadOptions says how to download. A nil pointer stands for the defaults.
type DownloadOptions struct {
	// PartSize is the size in bytes above which an object is fetched in parts,
	// and that of the parts. Default 24 MiB. The parts of a static large object
	// are its segments, or several of them.
	PartSize *int64
	// Concurrency is how many parts are fetched at the same time. Default 8.
	Concurrency int
	// Overwrite lets DownloadFile and DownloadDir replace files that exist.
	Overwrite bool
	// SkipChecksum leaves out to compare the MD5 of the content.
	SkipChecksum bool
	// Progress is called while the content comes in, from one goroutine at a time.
	Progress func(Progress)
}

// opDownload names a download in errors that no single request has.
const opDownload = "objectstorage-get-object"

func (o *DownloadOptions) check() error {
	switch {
	case o.PartSize != nil && *o.PartSize <= 0:
		return nhncloud.NewArgumentError(opDownload, "PartSize", "must be positive")
	case o.Concurrency < 0:
		return nhncloud.NewArgumentError(opDownload, "Concurrency", "must not be negative")
	}
	if o.Concurrency == 0 {
		o.Concurrency = defaultConcurrency
	}
	return nil
}

// Download fetches an object of any size into w, larger ones in parts, several
// at the same time, and checks the MD5: that of each segment of a static large
// object, and that of the whole of any other. For the latter, w has to be an
// [io.ReaderAt] as well, from which what arrived is read back; if it is not, the
// object is fetched in one piece. There is none to check of dynamic large
// objects, and of static ones that have parts of segments or other large objects
// as segments.
//
// After a failure, anything may stand in w.
func (s *ObjectsService) Download(ctx context.Context, container, name string, w io.WriterAt, options *DownloadOptions) (*Object, error) {
	var o DownloadOptions
	if options != nil {
		o = *options
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	object, err := s.Head(ctx, container, name)
	if err != nil {
		return nil, err
	}
	d := &downloading{service: s, container: container, object: object, options: o, w: w}
	if err := d.plan(ctx); err != nil {
		return nil, err
	}
	if err := d.run(ctx); err != nil {
		return nil, err
	}
	return object, nil
}

// DownloadFile fetches an object into a file, as [ObjectsService.Download]
// does. The file appears when it is whole; a failure leaves nothing. A file that
// exists is an error that [errors.Is] finds to be [os.ErrExist], unless the
// options let it be replaced.
func (s *ObjectsService) DownloadFile(ctx context.Context, container, name, path string, options *DownloadOptions) (*Object, error) {
	if path == "" {
		return nil, nhncloud.NewArgumentError(opDownload, "path", "must not be empty")
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, fileError(opDownload, err)
	}
	defer root.Close()
	return s.downloadInto(ctx, container, name, root, filepath.Base(path), options)
}

// downloadInto fetches an object into a file below root, by way of a temporary
// one beside it, the name of which is short: that of the file may be as long as
// a name can be.
func (s *ObjectsService) downloadInto(ctx context.Context, container, name string, root *os.Root, path string, options *DownloadOptions) (*Object, error) {
	overwrite := options != nil && options.Overwrite
	if err := free(root, path, overwrite); err != nil {
		return nil, err
	}
	temporary := filepath.Join(filepath.Dir(path), "."+rand.Text()+".part")
	file, err := root.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, fileError(opDownload, err)
	}
	object, err := s.Download(ctx, container, name, file, options)
	if closeErr := file.Close(); err == nil && closeErr != nil {
		err = fileError(opDownload, closeErr)
	}
	if err == nil {
		err = free(root, path, overwrite) // it may have come up meanwhile
	}
	if err == nil {
		if err = root.Rename(temporary, path); err != nil {
			err = fileError(opDownload, err)
		}
	}
	if err != nil {
		_ = root.Remove(temporary)
		return nil, err
	}
	return object, nil
}

// free fails unless a file may be made at path.
func free(root *os.Root, path string, overwrite bool) error {
	info, err := root.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fileError(opDownload, err)
	case info.IsDir():
		return &nhncloud.Error{Operation: opDownload, Field: "path", Message: "is a folder: " + path, Err: fs.ErrExist}
	case !overwrite:
		return &nhncloud.Error{Operation: opDownload, Field: "path", Message: "exists, and Overwrite is not set: " + path, Err: fs.ErrExist}
	}
	return nil
}

// downloading is a download on its way.
type downloading struct {
	service   *ObjectsService
	container string
	object    *Object
	options   DownloadOptions
	w         io.WriterAt
	ranges    []span
	follow    *follower // hashes the whole while it comes in; nil where that is not needed
	progress  *progress
}

// span is a part of an object.
type span struct {
	offset, size int64
	parts        []verified // what is known of its content
}

// plan divides the object into parts.
func (d *downloading) plan(ctx context.Context) error {
	size := int64(defaultPartSize)
	if d.options.PartSize != nil {
		size = *d.options.PartSize
	}
	var check *verifier
	if !d.options.SkipChecksum {
		var err error
		if check, err = d.service.verifierOf(ctx, d.container, d.object); err != nil {
			return err
		}
	}
	total := d.object.Size
	back, readable := d.w.(io.ReaderAt)
	switch {
	case check != nil && d.object.Static:
		d.planSegments(check.parts, size)
	case total <= size || check != nil && !readable:
		d.ranges = []span{{size: total}}
		if check != nil {
			d.ranges[0].parts = check.parts
		}
	default:
		for offset := int64(0); offset < total; offset += size {
			d.ranges = append(d.ranges, span{offset: offset, size: min(size, total-offset)})
		}
		if check != nil {
			d.follow = newFollower(back, total, len(d.ranges), size)
		}
	}
	d.progress = newProgress(d.options.Progress, total, len(d.ranges))
	return nil
}

// planSegments makes parts of whole segments, which can be checked.
func (d *downloading) planSegments(segments []verified, size int64) {
	offset := int64(0)
	for _, segment := range segments {
		last := len(d.ranges) - 1
		if last < 0 || d.ranges[last].size+segment.size > size {
			d.ranges = append(d.ranges, span{offset: offset})
			last++
		}
		d.ranges[last].size += segment.size
		d.ranges[last].parts = append(d.ranges[last].parts, segment)
		offset += segment.size
	}
}

// run fetches the parts.
func (d *downloading) run(parent context.Context) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	var following sync.WaitGroup
	if d.follow != nil {
		following.Go(func() {
			if err := d.follow.run(ctx, d.object.ETag); err != nil {
				cancel(err)
			}
		})
	}
	inParallel(d.options.Concurrency, len(d.ranges), func(i int) {
		if ctx.Err() != nil {
			return
		}
		if err := d.fetch(ctx, i); err != nil {
			cancel(err)
		} else if d.follow != nil {
			d.follow.arrived(i)
		}
	})
	following.Wait()
	return causeOf(parent, ctx, opDownload)
}

// fetch gets one part.
func (d *downloading) fetch(ctx context.Context, i int) error {
	r := d.ranges[i]
	options := GetOptions{SkipChecksum: true, IfMatch: d.object.ETag}
	if len(d.ranges) > 1 {
		options.Offset, options.Length = r.offset, r.size
	}
	content, err := d.service.Get(ctx, d.container, d.object.Name, &options)
	if err != nil {
		return err
	}
	defer content.Close()
	if len(r.parts) > 0 {
		content.verifier = newVerifier(r.parts...)
	}
	content.tell = d.progress.part(i)
	buffer := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buffer)
	n, err := io.CopyBuffer(onlyWriter{io.NewOffsetWriter(d.w, r.offset)}, onlyReader{content}, buffer[:])
	switch {
	case err != nil && content.err != nil && content.err != io.EOF:
		return content.err
	case err != nil:
		return &nhncloud.Error{Operation: opDownload, Message: "what arrived can't be written", Err: err}
	case r.size == 0:
		d.object.Size = n // the service does not tell that of a dynamic large object with very many segments
	case n != r.size:
		return &nhncloud.Error{Operation: opDownload, Message: fmt.Sprintf("%d bytes arrived in place of %d", n, r.size), Err: nhncloud.ErrBadAnswer}
	}
	d.progress.partDone()
	return nil
}
