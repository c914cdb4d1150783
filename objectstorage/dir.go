package objectstorage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/nhncloud-go/nhncloud"
)

// Symlinks says what UploadDir does with symbolic links.
type Symlinks int

const (
	// SymlinksSkip leaves them out.
	SymlinksSkip Symlinks = iota
	// SymlinksFollow stores what links to files point to. Those that lead out of
	// the folder are an error, those to folders are left out.
	SymlinksFollow
	// SymlinksRefuse makes them an error.
	SymlinksRefuse
)

// UploadDirOptions says how to upload a folder. A nil pointer stands for the
// defaults.
type UploadDirOptions struct {
	// UploadOptions are those of each file, but for Progress, which is told of
	// all files together; a part is then a file.
	UploadOptions
	// Files is how many files are sent at the same time. Default 4.
	Files int
	// Symlinks says what to do with symbolic links.
	Symlinks Symlinks
	// Force sends files that are in the container already, too.
	Force bool
}

// DownloadDirOptions says how to download a folder. A nil pointer stands for the
// defaults.
type DownloadDirOptions struct {
	// DownloadOptions are those of each file, but for Progress, which is told of
	// all files together; a part is then a file.
	DownloadOptions
	// Files is how many files are fetched at the same time. Default 4.
	Files int
	// Force fetches files that are in the folder already, too.
	Force bool
}

// DirResult tells what UploadDir or DownloadDir did.
type DirResult struct {
	Transferred int   // files sent or fetched
	Unchanged   int   // files that were the same on both sides
	Bytes       int64 // of the files sent or fetched
}

const defaultFiles = 4

// UploadDir stores the files of a folder and the folders in it as objects, each
// under its path with the prefix before it, such as "backup/". Files that are
// there already, with the same size and MD5, are not sent again. Where it
// fails, it returns what it did until then.
func (s *ObjectsService) UploadDir(ctx context.Context, container, prefix, dir string, options *UploadDirOptions) (*DirResult, error) {
	var o UploadDirOptions
	if options != nil {
		o = *options
	}
	if err := checkContainer(opUpload, "container", container); err != nil {
		return nil, err
	}
	if err := checkFiles(opUpload, &o.Files); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fileError(opUpload, err)
	}
	defer root.Close()
	files, err := localFiles(ctx, root, o.Symlinks)
	if err != nil {
		return nil, err
	}
	there := map[string]*ObjectEntry{}
	if !o.Force {
		for entry, err := range s.All(ctx, container, &ObjectListOptions{Prefix: prefix}) {
			if err != nil {
				return nil, err
			}
			there[entry.Name] = entry
		}
	}
	all := newTransfer(o.Progress, files)
	return all.run(ctx, o.Files, opUpload, func(ctx context.Context, file localFile, tell func(Progress)) (bool, error) {
		opened, err := root.Open(file.path)
		if err != nil {
			return false, fileError(opUpload, err)
		}
		defer opened.Close()
		name := prefix + filepath.ToSlash(file.path)
		if entry := there[name]; entry != nil {
			same, err := s.same(ctx, container, entry, opened, file.size)
			if same || err != nil {
				return false, err
			}
		}
		own := o.UploadOptions
		own.Progress = tell
		_, err = s.Upload(ctx, container, name, opened, &own)
		return err == nil, err
	})
}

func checkFiles(operation string, files *int) error {
	if *files < 0 {
		return nhncloud.NewArgumentError(operation, "Files", "must not be negative")
	}
	if *files == 0 {
		*files = defaultFiles
	}
	return nil
}

// localFile is a file in the folder.
type localFile struct {
	path string // below the folder
	size int64
	name string // of the object, in a download
}

// localFiles finds the files to be sent.
func localFiles(ctx context.Context, root *os.Root, symlinks Symlinks) ([]localFile, error) {
	var files []localFile
	err := fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			switch symlinks {
			case SymlinksSkip:
				return nil
			case SymlinksRefuse:
				return &fs.PathError{Op: "upload", Path: path, Err: errors.New("is a symbolic link")}
			}
			if info, err = root.Stat(path); err != nil {
				return err
			}
		}
		if info.Mode().IsRegular() {
			files = append(files, localFile{path: filepath.FromSlash(path), size: info.Size()})
		}
		return nil
	})
	if err != nil {
		return nil, fileError(opUpload, err)
	}
	return files, nil
}

// same reports whether an object has the content of a file.
func (s *ObjectsService) same(ctx context.Context, container string, entry *ObjectEntry, file *os.File, size int64) (bool, error) {
	if entry.Bytes != size {
		return false, nil
	}
	local := &content{at: file, size: size}
	sum, err := local.md5(ctx)
	if err != nil {
		return false, fileError(opUpload, err)
	}
	if sum == entry.Hash {
		return true, nil
	}
	return s.sameLarge(ctx, container, entry.Name, local)
}

// sameLarge does so for what may be a static large object, of which a listing
// tells no MD5 of the content.
func (s *ObjectsService) sameLarge(ctx context.Context, container, name string, local *content) (bool, error) {
	object, err := s.Head(ctx, container, name)
	if err != nil || !object.Static || object.Size != local.size {
		return false, err
	}
	check, err := s.verifierOf(ctx, container, object)
	if err != nil || check == nil {
		return false, err
	}
	buffer := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buffer)
	_, err = io.CopyBuffer(onlyWriter{check}, &contextReader{ctx, io.NewSectionReader(local.at, 0, local.size)}, buffer[:])
	if err == nil {
		err = check.Close()
	}
	if errors.Is(err, nhncloud.ErrChecksumMismatch) {
		return false, nil
	}
	if err != nil {
		return false, fileError(opUpload, err)
	}
	return true, nil
}

// DownloadDir fetches all objects whose names begin with a prefix into a folder,
// under what is left of their names without the prefix. The folder is made when
// it does not exist. Files that are there already, with the same size and MD5,
// are not fetched again. Names that are no paths inside of the folder, on this
// system, are an error before anything is fetched. Where it fails later, it
// returns what it did until then.
func (s *ObjectsService) DownloadDir(ctx context.Context, container, prefix, dir string, options *DownloadDirOptions) (*DirResult, error) {
	var o DownloadDirOptions
	if options != nil {
		o = *options
	}
	if err := o.DownloadOptions.check(); err != nil {
		return nil, err
	}
	if err := checkFiles(opDownload, &o.Files); err != nil {
		return nil, err
	}
	if dir == "" {
		return nil, nhncloud.NewArgumentError(opDownload, "dir", "must not be empty")
	}
	var files []localFile
	var folders []string
	entries := map[string]*ObjectEntry{}
	for entry, err := range s.All(ctx, container, &ObjectListOptions{Prefix: prefix}) {
		if err != nil {
			return nil, err
		}
		below := strings.TrimPrefix(strings.TrimPrefix(entry.Name, prefix), "/")
		folder := strings.HasSuffix(below, "/") || entry.ContentType == "application/directory"
		below = strings.TrimSuffix(below, "/")
		if below == "" {
			continue // stands for the folder itself
		}
		path, err := filepath.Localize(below)
		if err != nil {
			return nil, &nhncloud.Error{Operation: opDownload, Message: fmt.Sprintf("the name %q is no path inside of a folder", entry.Name), Err: nhncloud.ErrInvalidArgument}
		}
		if folder {
			folders = append(folders, path)
			continue
		}
		files = append(files, localFile{path, entry.Bytes, entry.Name})
		entries[entry.Name] = entry
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fileError(opDownload, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fileError(opDownload, err)
	}
	defer root.Close()
	for _, folder := range folders {
		if err := root.MkdirAll(folder, 0o777); err != nil {
			return nil, fileError(opDownload, err)
		}
	}
	all := newTransfer(o.Progress, files)
	return all.run(ctx, o.Files, opDownload, func(ctx context.Context, file localFile, tell func(Progress)) (bool, error) {
		own := o.DownloadOptions
		own.Progress = tell
		if !o.Force {
			same, err := s.sameAsFile(ctx, container, entries[file.name], root, file.path)
			if same || err != nil {
				return false, err
			}
		}
		if err := root.MkdirAll(filepath.Dir(file.path), 0o777); err != nil {
			return false, fileError(opDownload, err)
		}
		_, err := s.downloadInto(ctx, container, file.name, root, file.path, &own)
		return err == nil, err
	})
}

// sameAsFile reports whether a file has the content of an object.
func (s *ObjectsService) sameAsFile(ctx context.Context, container string, entry *ObjectEntry, root *os.Root, path string) (bool, error) {
	file, err := root.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fileError(opDownload, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return false, fileError(opDownload, err)
	}
	if !info.Mode().IsRegular() {
		return false, nil
	}
	return s.same(ctx, container, entry, file, info.Size())
}

// transfer moves many files.
type transfer struct {
	files    []localFile
	progress *progress

	mu     sync.Mutex
	result DirResult
}

func newTransfer(tell func(Progress), files []localFile) *transfer {
	var total int64
	for _, file := range files {
		total += file.size
	}
	return &transfer{files: files, progress: newProgress(tell, total, len(files))}
}

// run moves the files, several at a time. Move reports whether it did anything.
func (t *transfer) run(ctx context.Context, atATime int, operation string, move func(ctx context.Context, file localFile, tell func(Progress)) (bool, error)) (*DirResult, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	inParallel(atATime, len(t.files), func(i int) {
		if ctx.Err() != nil {
			return
		}
		var tell func(Progress)
		part := t.progress.part(i)
		if part != nil {
			tell = func(p Progress) { part(p.Done) }
		}
		moved, err := move(ctx, t.files[i], tell)
		if err != nil {
			cancel(err)
			return
		}
		t.mu.Lock()
		if moved {
			t.result.Transferred++
			t.result.Bytes += t.files[i].size
		} else {
			t.result.Unchanged++
		}
		t.mu.Unlock()
		if part != nil {
			part(t.files[i].size)
		}
		t.progress.partDone()
	})
	return &t.result, causeOf(ctx, operation)
}
