package transfer

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/nhncloud-go/nhncloud"
)

// FileError is the failure for a file or folder of this machine, which the
// argument of that name has.
func FileError(operation, field string, err error) error {
	if err == context.Canceled || err == context.DeadlineExceeded {
		return &nhncloud.Error{Operation: operation, Err: err}
	}
	return &nhncloud.Error{Operation: operation, Field: field, Message: "can't be used", Err: err}
}

// Hints say what to do with a path that is not that of a regular file.
type Hints struct{ Folder, Other string }

func (h Hints) refuse(operation string, info fs.FileInfo) error {
	problem := "must be a regular file; " + h.Other
	if info.IsDir() {
		problem = "is a folder" + h.Folder
	}
	return nhncloud.NewArgumentError(operation, "path", problem)
}

// Source is a file that is sent.
type Source struct {
	*os.File
	Size   int64
	before fs.FileInfo
}

// Open opens a regular file to be sent. The caller closes it.
func Open(operation, path string, hints Hints) (*Source, error) {
	if path == "" {
		return nil, nhncloud.NewArgumentError(operation, "path", `must be the path of a file, not ""`)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // which the opening alone may wait for, or change
		return nil, hints.refuse(operation, info)
	}
	file, err := os.OpenFile(path, os.O_RDONLY|NonBlocking, 0)
	if err != nil {
		return nil, FileError(operation, "path", err)
	}
	source, err := SourceOf(operation, file, hints)
	if err != nil {
		_ = file.Close()
	}
	return source, err
}

// SourceOf is an open file as a source.
func SourceOf(operation string, file *os.File, hints Hints) (*Source, error) {
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, FileError(operation, "path", err)
	case !info.Mode().IsRegular():
		return nil, hints.refuse(operation, info)
	}
	return &Source{File: file, Size: info.Size(), before: info}, nil
}

// Unchanged fails when the file is not what it was when it was opened.
func (s *Source) Unchanged() error {
	after, err := s.Stat()
	if err == nil && (after.Size() != s.before.Size() || !after.ModTime().Equal(s.before.ModTime())) {
		err = errors.New("the file changed while it was sent")
	}
	return err
}

// Steady makes content one that must not change, as the function tells: its last
// bytes are not handed out when it did, so that the service does not store it.
func (c *Content) Steady(unchanged func() error) {
	c.At = &steady{c.At, c.Start + c.Size, unchanged}
}

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

// WriteFile makes a file, as [WriteFileIn] does.
func WriteFile(operation, path string, overwrite bool, write func(*os.File) error) error {
	return writeFile(operation, path, shared, overwrite, write)
}

// WritePrivateFile is [WriteFile] for a file that nobody else may read, from its
// beginning on.
func WritePrivateFile(operation, path string, overwrite bool, write func(*os.File) error) error {
	return writeFile(operation, path, private, overwrite, write)
}

// The modes of the files that are made. What others may do is less where the
// umask says so.
const (
	shared  fs.FileMode = 0o666
	private fs.FileMode = 0o600
)

func writeFile(operation, path string, mode fs.FileMode, overwrite bool, write func(*os.File) error) error {
	if path == "" {
		return nhncloud.NewArgumentError(operation, "path", `must be the path of a file, not ""`)
	}
	if os.IsPathSeparator(path[len(path)-1]) { // what is left without it may be a folder, or come to be a file
		return nhncloud.NewArgumentError(operation, "path", "must be the path of a file, and ends in a separator: "+strconv.Quote(path))
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return FileError(operation, "path", err)
	}
	defer root.Close()
	return writeFileIn(operation, root, filepath.Base(path), mode, overwrite, write)
}

// WriteFileIn makes a file below root that appears when all is written, by way
// of a temporary one beside it, the name of which is short: that of the file may
// be as long as a name can be. A failure, and a panic too, leaves nothing. A file
// that exists is an fs.ErrExist, unless it may be overwritten; that is found out
// before anything is written.
func WriteFileIn(operation string, root *os.Root, path string, overwrite bool, write func(*os.File) error) error {
	return writeFileIn(operation, root, path, shared, overwrite, write)
}

func writeFileIn(operation string, root *os.Root, path string, mode fs.FileMode, overwrite bool, write func(*os.File) error) error {
	if err := free(operation, root, path, overwrite); err != nil {
		return err
	}
	temporary := filepath.Join(filepath.Dir(path), "."+rand.Text()+".part")
	file, err := root.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return FileError(operation, "path", err)
	}
	done := false
	defer func() {
		if !done { // even by a panic
			_ = file.Close()
			_ = root.Remove(temporary)
		}
	}()
	if err := write(file); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return FileError(operation, "path", err)
	}
	if err := free(operation, root, path, overwrite); err != nil { // it may have come up meanwhile
		return err
	}
	if err := root.Rename(temporary, path); err != nil {
		return FileError(operation, "path", err)
	}
	done = true
	return nil
}

// free fails unless a file may be made at path.
func free(operation string, root *os.Root, path string, overwrite bool) error {
	info, err := root.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return FileError(operation, "path", err)
	case info.IsDir():
		return &nhncloud.Error{Operation: operation, Field: "path", Message: "is a folder: " + path, Err: fs.ErrExist}
	case !overwrite:
		return &nhncloud.Error{Operation: operation, Field: "path", Message: "exists, and Overwrite is not set: " + path, Err: fs.ErrExist}
	}
	return nil
}
