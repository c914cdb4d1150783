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
	"strconv"

	"github.com/nhncloud-go/nhncloud"
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
	Progress func(Progress)
}

// leastPartSize keeps an object from being fetched in more parts than it has
// sense for.
const leastPartSize = 64 << 10

// opDownload names a download in errors that no single request has.
const opDownload = "objectstorage-get-object"

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
	if err := d.plan(ctx, &o); err != nil {
		return nil, err
	}
	if err := d.run(ctx, o.Concurrency); err != nil {
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
		return nil, nhncloud.NewArgumentError(opDownload, "path", `must be the path of a file, not ""`)
	}
	if os.IsPathSeparator(path[len(path)-1]) { // what is left without it may be a folder, or come to be a file
		return nil, nhncloud.NewArgumentError(opDownload, "path", "must be the path of a file, and ends in a separator: "+strconv.Quote(path))
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, fileError(opDownload, "path", err)
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
		return nil, fileError(opDownload, "path", err)
	}
	done := false
	defer func() {
		if !done { // even by a panic
			_ = file.Close()
			_ = root.Remove(temporary)
		}
	}()
	object, err := s.Download(ctx, container, name, file, options)
	if err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, fileError(opDownload, "path", err)
	}
	if err := free(root, path, overwrite); err != nil { // it may have come up meanwhile
		return nil, err
	}
	if err := root.Rename(temporary, path); err != nil {
		return nil, fileError(opDownload, "path", err)
	}
	done = true
	return object, nil
}

// free fails unless a file may be made at path.
func free(root *os.Root, path string, overwrite bool) error {
	info, err := root.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fileError(opDownload, "path", err)
	case info.IsDir():
		return &nhncloud.Error{Operation: opDownload, Field: "path", Message: "is a folder: " + path, Err: fs.ErrExist}
	case !overwrite:
		return &nhncloud.Error{Operation: opDownload, Field: "path", Message: "exists, and Overwrite is not set: " + path, Err: fs.ErrExist}
	}
	return nil
}
