package objectstorage

import (
	"context"
	"errors"
	"fmt"
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
// there already, with the same size and MD5, are not sent again. One that
// changes while it is sent is an error. Where it fails, it returns what it did
// until then.
func (s *ObjectsService) UploadDir(ctx context.Context, container, prefix, dir string, options *UploadDirOptions) (*DirResult, error) {
	var o UploadDirOptions
	if options != nil {
		o = *options
	}
	if err := checkContainer(opUpload, "Container", container); err != nil {
		return nil, err
	}
	if err := o.UploadOptions.check(container); err != nil {
		return nil, err
	}
	if err := checkFiles(opUpload, &o.Files); err != nil {
		return nil, err
	}
	switch {
	case dir == "":
		return nil, nhncloud.NewArgumentError(opUpload, "dir", "must not be empty")
	case o.Symlinks < SymlinksSkip || o.Symlinks > SymlinksRefuse:
		return nil, nhncloud.NewArgumentError(opUpload, "Symlinks", "is none of the choices")
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
	return all.run(ctx, o.Files, opUpload, func(ctx context.Context, file localFile, tell func(Progress)) (int64, error) {
		opened, err := root.Open(file.path)
		if err != nil {
			return 0, fileError(opUpload, err)
		}
		defer opened.Close()
		name := prefix + filepath.ToSlash(file.path)
		if entry := there[name]; entry != nil {
			same, err := s.same(ctx, opUpload, container, entry, opened)
			if err != nil {
				return 0, err
			}
			if same {
				return skipped, nil
			}
		}
		own := o.UploadOptions
		own.Progress = tell
		result, err := s.uploadOpen(ctx, container, name, opened, &own)
		if result == nil {
			return 0, err
		}
		return result.Size, err
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
	path  string // below the folder
	size  int64
	entry *ObjectEntry // in a download
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
func (s *ObjectsService) same(ctx context.Context, operation, container string, entry *ObjectEntry, file *os.File) (bool, error) {
	info, err := file.Stat()
	if err != nil {
		return false, fileError(operation, err)
	}
	if entry.Bytes != info.Size() {
		return false, nil
	}
	local := &content{at: file, size: info.Size()}
	sum, err := local.md5(ctx)
	if err != nil {
		return false, fileError(operation, err)
	}
	if sum == entry.Hash {
		return true, nil
	}
	// It may be a static large object, of which a listing tells no MD5 of the
	// content.
	object, err := s.Head(ctx, container, entry.Name)
	if err != nil || !object.Static || object.Size != local.size {
		return false, err
	}
	check, err := s.verifierOf(ctx, container, object)
	if err != nil || check == nil {
		return false, err
	}
	if _, err = feed(ctx, check, file, 0, local.size); err == nil {
		err = check.Close()
	}
	if errors.Is(err, nhncloud.ErrChecksumMismatch) {
		return false, nil
	}
	if err != nil {
		return false, fileError(operation, err)
	}
	return true, nil
}

// DownloadDir fetches all objects whose names begin with a prefix into a folder,
// under what is left of their names without the prefix. The folder is made when
// it does not exist. Files that are there already, with the same size and MD5,
// are not fetched again. Names that are no paths inside of the folder, on this
// system, and those that can't be there together, such as "a" and "a/b", are an
// error before anything is fetched. Where it fails later, it returns what it did
// until then.
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
	tree, err := s.remoteFiles(ctx, container, prefix)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fileError(opDownload, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fileError(opDownload, err)
	}
	defer root.Close()
	for _, folder := range tree.folders {
		if err := root.MkdirAll(folder, 0o777); err != nil {
			return nil, fileError(opDownload, err)
		}
	}
	all := newTransfer(o.Progress, tree.files)
	return all.run(ctx, o.Files, opDownload, func(ctx context.Context, file localFile, tell func(Progress)) (int64, error) {
		if !o.Force {
			same, err := s.sameAsFile(ctx, container, file.entry, root, file.path)
			if err != nil {
				return 0, err
			}
			if same {
				return skipped, nil
			}
		}
		if err := root.MkdirAll(filepath.Dir(file.path), 0o777); err != nil {
			return 0, fileError(opDownload, err)
		}
		own := o.DownloadOptions
		own.Progress = tell
		object, err := s.downloadInto(ctx, container, file.entry.Name, root, file.path, &own)
		if err != nil {
			return 0, err
		}
		return object.Size, nil
	})
}

// remoteTree is what is to be fetched.
type remoteTree struct {
	files   []localFile
	folders []string
}

// remoteFiles finds the objects to be fetched, and where they go.
func (s *ObjectsService) remoteFiles(ctx context.Context, container, prefix string) (*remoteTree, error) {
	var tree remoteTree
	taken := map[string]string{} // names of objects by the path of their file
	refuse := func(format string, args ...any) error {
		return &nhncloud.Error{Operation: opDownload, Message: fmt.Sprintf(format, args...), Err: nhncloud.ErrInvalidArgument}
	}
	for entry, err := range s.All(ctx, container, &ObjectListOptions{Prefix: prefix}) {
		if err != nil {
			return nil, err
		}
		below := strings.TrimPrefix(entry.Name, prefix)
		if prefix != "" && !strings.HasSuffix(prefix, "/") {
			below = strings.TrimPrefix(below, "/")
		}
		folder := entry.Bytes == 0 && (strings.HasSuffix(entry.Name, "/") || entry.ContentType == "application/directory")
		if folder {
			if below = strings.TrimSuffix(below, "/"); below == "" {
				continue // stands for the folder itself
			}
		}
		path, err := filepath.Localize(below)
		if err != nil || path == "." {
			return nil, refuse("the name %q is no path inside of a folder", entry.Name)
		}
		if folder {
			tree.folders = append(tree.folders, path)
			continue
		}
		if other, ok := taken[path]; ok {
			return nil, refuse("the names %q and %q stand for one file", other, entry.Name)
		}
		taken[path] = entry.Name
		tree.files = append(tree.files, localFile{path: path, size: entry.Bytes, entry: entry})
	}
	for _, file := range tree.files {
		for path := filepath.Dir(file.path); path != "."; path = filepath.Dir(path) {
			if other, ok := taken[path]; ok {
				return nil, refuse("the names %q and %q stand for a file and a folder", other, file.entry.Name)
			}
		}
	}
	for _, folder := range tree.folders {
		for path := folder; path != "."; path = filepath.Dir(path) {
			if other, ok := taken[path]; ok {
				return nil, refuse("the name %q stands for a file, where the folder %q is as well", other, folder)
			}
		}
	}
	return &tree, nil
}

// sameAsFile reports whether a file has the content of an object.
func (s *ObjectsService) sameAsFile(ctx context.Context, container string, entry *ObjectEntry, root *os.Root, path string) (bool, error) {
	info, err := root.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return false, nil
	}
	if err != nil {
		return false, fileError(opDownload, err)
	}
	file, err := root.Open(path)
	if err != nil {
		return false, fileError(opDownload, err)
	}
	defer file.Close()
	return s.same(ctx, opDownload, container, entry, file)
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

// skipped is what moving a file that is there already returns.
const skipped = -1

// run moves the files, several at a time. Move returns how many bytes it moved,
// or skipped.
func (t *transfer) run(parent context.Context, atATime int, operation string, move func(ctx context.Context, file localFile, tell func(Progress)) (int64, error)) (*DirResult, error) {
	ctx, cancel := context.WithCancelCause(parent)
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
		if moved == skipped {
			t.result.Unchanged++
		} else {
			t.result.Transferred++
			t.result.Bytes += moved
		}
		t.mu.Unlock()
		if part != nil {
			part(t.files[i].size)
		}
		t.progress.partDone()
	})
	return &t.result, causeOf(parent, ctx, operation)
}
