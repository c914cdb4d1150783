package objectstorage

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// DownloadOptions says how to download. A nil pointer stands for the defaults.
type DownloadOptions struct {
	// PartSize is the size in bytes above which an object is fetched in parts,
	// and that of the parts: at least 64 KiB. Default 24 MiB. The parts of a
	// static large object are its segments, or several of them.
	PartSize *int64
	// Concurrency is how many parts are fetched at the same time. Default 8.
	Concurrency int
	// Overwrite lets DownloadFile and DownloadDir replace files that exist.
	Overwrite bool
	// SkipChecksum leaves out to compare the MD5 of the content.
	SkipChecksum bool
	// Progress is called while the content comes in, from one goroutine at a time.
	Progress func(nhncloud.TransferProgress)
}

// leastPartSize keeps an object from being fetched in more parts than it has
// sense for.
const leastPartSize = 64 << 10

// opDownload names a download in errors that no single request has.
const opDownload = "objectstorage-get-object"

// partSize is that of the parts.
func (o *DownloadOptions) partSize() int64 {
	if o.PartSize == nil {
		return defaultPartSize
	}
	return *o.PartSize
}

func (o *DownloadOptions) check() error {
	switch {
	case o.PartSize != nil && *o.PartSize < leastPartSize:
		return nhncloud.NewArgumentError(opDownload, "PartSize", fmt.Sprintf("must be at least %d bytes", leastPartSize))
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
	d := &downloading{service: s, container: container, object: object, w: w}
	return d.do(ctx, &o)
}

// downloadListed is Download of an object that is in a listing. A small one comes
// with the first answer, instead of a look at it before. The options are checked
// already.
func (s *ObjectsService) downloadListed(ctx context.Context, container string, entry *ObjectEntry, w io.WriterAt, options DownloadOptions) (*Object, error) {
	if entry.Bytes > options.partSize() {
		return s.Download(ctx, container, entry.Name, w, &options)
	}
	content, err := s.Get(ctx, container, entry.Name, &GetOptions{SkipChecksum: true})
	if err != nil {
		return nil, err
	}
	defer content.Close()
	if object := &content.Object; object.Static || object.Dynamic != "" || object.Size != entry.Bytes {
		_ = content.Close() // it is another one, or one of parts
		return s.Download(ctx, container, entry.Name, w, &options)
	}
	d := &downloading{service: s, container: container, object: &content.Object, first: content, w: w}
	return d.do(ctx, &options)
}

// DownloadFile fetches an object into a file, as [ObjectsService.Download]
// does. The file appears when it is whole; a failure leaves nothing. A file that
// exists is an error that [errors.Is] finds to be [os.ErrExist], unless the
// options let it be replaced.
func (s *ObjectsService) DownloadFile(ctx context.Context, container, name, path string, options *DownloadOptions) (*Object, error) {
	var object *Object
	err := transfer.WriteFile(opDownload, path, options != nil && options.Overwrite, func(file *os.File) (err error) {
		object, err = s.Download(ctx, container, name, file, options)
		return err
	})
	if err != nil {
		return nil, err
	}
	return object, nil
}
