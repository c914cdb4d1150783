package objectstorage

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

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
		return nil, nhncloud.NewArgumentError(opUpload, "dir", `must be the path of a folder, not ""`)
	case o.Symlinks < SymlinksSkip || o.Symlinks > SymlinksRefuse:
		return nil, nhncloud.NewArgumentError(opUpload, "Symlinks", "is none of the choices")
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fileError(opUpload, "dir", err)
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
		opened, err := root.OpenFile(file.path, os.O_RDONLY|nonblocking, 0)
		if err != nil {
			return 0, fileError(opUpload, "dir", err)
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
		return nil, fileError(opUpload, "dir", err)
	}
	return files, nil
}
