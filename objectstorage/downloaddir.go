package objectstorage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

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

// DownloadDir fetches all objects whose names begin with a prefix into a folder,
// under what is left of their names without the prefix. The folder is made when
// it does not exist. Files that are there already, with the same size and MD5,
// are not fetched again. Objects that are not there any more although the service
// still lists them, because they have ended, are skipped and counted. Names that
// are no paths inside of the folder, on this system, and those that can't be
// there together, such as "a" and "a/b", are an error before anything is fetched.
// Where it fails later, it returns what it did until then, and the error names
// the file.
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
		return nil, nhncloud.NewArgumentError(opDownload, "dir", `must be the path of a folder, not ""`)
	}
	tree, err := s.remoteFiles(ctx, container, prefix)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, transfer.FileError(opDownload, "dir", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, transfer.FileError(opDownload, "dir", err)
	}
	defer root.Close()
	for _, folder := range tree.folders {
		if err := root.MkdirAll(folder, 0o777); err != nil {
			return nil, transfer.FileError(opDownload, "dir", err)
		}
	}
	all := newTransfer(opDownload, o.Progress, tree.files)
	return all.run(ctx, o.Files, func(ctx context.Context, file localFile, tell func(nhncloud.TransferProgress)) (DirResult, error) {
		own := o
		own.Progress = tell
		did, err := s.downloadEntry(ctx, container, file, root, &own)
		if err == nil || !errors.Is(err, nhncloud.ErrNotFound) {
			return did, err
		}
		return s.gone(ctx, container, file.entry.Name, err)
	})
}

// downloadEntry fetches one object into its file.
func (s *ObjectsService) downloadEntry(ctx context.Context, container string, file localFile, root *os.Root, o *DownloadDirOptions) (DirResult, error) {
	if !o.Force {
		same, err := s.sameAsFile(ctx, container, file.entry, root, file.path)
		if err != nil {
			return DirResult{}, err
		}
		if same {
			return DirResult{Unchanged: 1}, nil
		}
	}
	if err := root.MkdirAll(filepath.Dir(file.path), 0o777); err != nil {
		return DirResult{}, transfer.FileError(opDownload, "dir", err)
	}
	var object *Object
	err := transfer.WriteFileIn(opDownload, root, file.path, o.Overwrite, func(to *os.File) (err error) {
		object, err = s.downloadListed(ctx, container, file.entry, to, o.DownloadOptions)
		return err
	})
	if err != nil {
		return DirResult{}, err
	}
	return DirResult{Transferred: 1, Bytes: object.Size}, nil
}

// gone finds out whether it is only the object that is missing: the service goes
// on listing for a while what has ended. Without its container nothing is well.
func (s *ObjectsService) gone(ctx context.Context, container, name string, failure error) (DirResult, error) {
	if _, err := s.Head(ctx, container, name); !errors.Is(err, nhncloud.ErrNotFound) {
		return DirResult{}, failure
	}
	if _, err := s.List(ctx, container, &ObjectListOptions{Prefix: name, Limit: 1}); err != nil {
		return DirResult{}, err
	}
	return DirResult{Gone: 1}, nil
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
		folder := entry.Bytes == 0 && (strings.HasSuffix(entry.Name, "/") || entry.ContentType == folderType)
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
		return false, transfer.FileError(opDownload, "dir", err)
	}
	file, err := root.Open(path)
	if err != nil {
		return false, transfer.FileError(opDownload, "dir", err)
	}
	defer file.Close()
	same, _, err := s.same(ctx, opDownload, container, entry, file)
	return same, err
}
