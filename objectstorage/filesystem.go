package objectstorage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nhncloud-go/nhncloud"
)

// FS is a container as a file system, or what is below a prefix in it: an
// [fs.FS], and of its extensions [fs.ReadDirFS], [fs.StatFS], [fs.ReadFileFS],
// [fs.GlobFS] and [fs.SubFS]. It is made by [ObjectsService.FS], may be used by
// several goroutines, and only reads.
//
// An object is a file, which opens as a [*File], and a folder is what stands
// before a slash in the names of objects. An object of the content type
// application/directory is a folder as well, though there be nothing in it, and
// so is one whose name ends with a slash. Folders have no time, and all that can
// be read has the permissions of a file that may only be read.
//
// Names that are no paths by [fs.ValidPath] can't be opened and are left out of
// folders: those with an empty segment, as "/a", "a//b" have, or with "." or
// ".." as a segment. Objects below a name with empty segments are reached with
// it as the prefix, such as "a//".
//
// Where an object "a" stands beside an object "a/b", then "a" is the file, unless
// it is of the content type of a folder. Neither [fs.WalkDir] nor [FS.Glob] gets
// to "a/b" then; it can still be opened, and "a" be read with ReadDir, by those
// who know.
//
// Failures are an [*fs.PathError] with the [*nhncloud.Error] in it. What is
// missing is an [fs.ErrNotExist], the container as well, and what may not be read
// or listed an [fs.ErrPermission].
type FS struct {
	service   *ObjectsService
	ctx       context.Context
	container string
	prefix    string // "", or ends with a slash
}

var (
	_ fs.ReadDirFS  = (*FS)(nil)
	_ fs.StatFS     = (*FS)(nil)
	_ fs.ReadFileFS = (*FS)(nil)
	_ fs.GlobFS     = (*FS)(nil)
	_ fs.SubFS      = (*FS)(nil)
)

var (
	errIsFolder  = errors.New("is a folder")
	errNotFolder = errors.New("is not a folder")
)

// folderType is the content type of objects that stand for folders.
const folderType = "application/directory"

// FS returns a container as a file system, or the folder in it that the prefix
// names; a slash is put after that where there is none. It sends nothing. The
// context holds for all that is done with the file system, and for the files that
// are opened.
//
//	site, err := storage.Objects.FS(ctx, "www", "site/")
//	…
//	http.Handle("/", http.FileServerFS(site))
//
// A file is looked at when it is opened, which tells more of it and of a change
// than its content does, and is read with a request of its own. Its [fs.FileInfo]
// has an [*Object] in Sys. That of an entry of a folder comes of the listing, and
// has of the object Name, ContentType, Size, ETag, and the time; it is looked at
// where the listing has no bytes of it, because it may be a dynamic large object.
func (s *ObjectsService) FS(ctx context.Context, container, prefix string) (*FS, error) {
	const operation = "objectstorage-list-objects"
	if err := checkContainer(operation, "Container", container); err != nil {
		return nil, err
	}
	if prefix != "" {
		if fault := nameFault(prefix, maxObjectName); fault != "" {
			return nil, nhncloud.NewArgumentError(operation, "Prefix", fault)
		}
		if !strings.HasSuffix(prefix, "/") {
			prefix += "/"
		}
	}
	return &FS{s, ctx, container, prefix}, nil
}

// String names the container and the prefix.
func (f *FS) String() string { return fmt.Sprintf("container %q, prefix %q", f.container, f.prefix) }

// Open opens a file, as a [*File], or a folder, as an [fs.ReadDirFile] that lists
// page by page.
func (f *FS) Open(name string) (fs.File, error) {
	object, err := f.look(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	if object == nil {
		return &folder{fs: f, name: name}, nil
	}
	return newFile(f.ctx, f.service, f.container, name, object), nil
}

// Stat returns what there is to tell of a file or a folder.
func (f *FS) Stat(name string) (fs.FileInfo, error) {
	object, err := f.look(name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	return fileInfo{path.Base(name), object}, nil
}

// look finds out what is of a name: a file, or a folder where it returns nil.
func (f *FS) look(name string) (*Object, error) {
	object, err := f.head(name)
	switch {
	case err == nil && object != nil && isFolder(object.ContentType):
		return nil, nil
	case err == nil && object != nil:
		return object, nil
	case err != nil && !errors.Is(err, nhncloud.ErrNotFound):
		return nil, err
	}
	if there, listing := f.holds(name); there || listing != nil {
		return nil, listing
	}
	if name == "." { // the folder of the prefix may be an object
		return nil, f.marked()
	}
	return nil, err
}

// holds reports whether there is anything below a name. The whole container is
// there when it has nothing in it, too.
func (f *FS) holds(name string) (bool, error) {
	prefix := f.below(name)
	entries, err := f.service.List(f.ctx, f.container, &ObjectListOptions{Prefix: prefix, Limit: 1})
	return err == nil && (len(entries) > 0 || prefix == ""), err
}

// marked fails unless an object says that the prefix is a folder.
func (f *FS) marked() error {
	name := strings.TrimSuffix(f.prefix, "/")
	if name == "" || len(name) > maxObjectName {
		return fs.ErrNotExist
	}
	object, err := f.service.Head(f.ctx, f.container, name)
	if err == nil && !isFolder(object.ContentType) {
		err = errNotFolder
	}
	return err
}

// head looks at the object of a name. The root has none, and there is neither an
// object nor an error.
func (f *FS) head(name string) (*Object, error) {
	key, err := f.key(name)
	if err != nil || key == "" {
		return nil, err
	}
	return f.service.headSized(f.ctx, f.container, key)
}

// key returns the name of the object that a name is of, "" for the root.
func (f *FS) key(name string) (string, error) {
	switch {
	case !fs.ValidPath(name):
		return "", fs.ErrInvalid
	case name == ".":
		return "", nil
	case len(f.prefix+name) > maxObjectName:
		return "", fs.ErrNotExist // and can't
	}
	return f.prefix + name, nil
}

// below returns the prefix of what is in a folder.
func (f *FS) below(name string) string {
	if name == "." {
		return f.prefix
	}
	return f.prefix + name + "/"
}

// ReadFile returns the content of a file, whose MD5 was compared. It is one
// request, and so a folder is an [fs.ErrNotExist] to it.
func (f *FS) ReadFile(name string) ([]byte, error) {
	data, err := f.readFile(name)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return data, nil
}

func (f *FS) readFile(name string) ([]byte, error) {
	key, err := f.key(name)
	switch {
	case err != nil:
		return nil, err
	case key == "":
		return nil, errIsFolder
	}
	content, err := f.service.Get(f.ctx, f.container, key, nil)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	if isFolder(content.ContentType) {
		return nil, errIsFolder
	}
	return readSized(content)
}

// readSized reads a content into as much room as it is to take. What is announced
// may be anything, so that little is believed.
func readSized(content *Content) ([]byte, error) {
	data := make([]byte, 0, max(512, min(content.Length+1, 16<<20)))
	for {
		n, err := content.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case err == io.EOF:
			return data, nil
		case err != nil:
			return nil, err
		case len(data) == cap(data):
			data = append(data, 0)[:len(data)]
		}
	}
}

// Sub returns the folder as a file system. Whether it is there shows when it is
// used.
func (f *FS) Sub(dir string) (fs.FS, error) {
	switch {
	case !fs.ValidPath(dir):
		return nil, &fs.PathError{Op: "sub", Path: dir, Err: fs.ErrInvalid}
	case dir == ".":
		return f, nil
	}
	return &FS{f.service, f.ctx, f.container, f.below(dir)}, nil
}

func isFolder(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(kind), folderType)
}

// isName reports whether what stands between two slashes is a name in a folder.
func isName(name string) bool {
	return name != "" && name != "." && name != ".." && utf8.ValidString(name)
}

// fileInfo tells of a file, or of a folder where there is no object.
type fileInfo struct {
	name   string
	object *Object
}

func (i fileInfo) Name() string { return i.name }
func (i fileInfo) IsDir() bool  { return i.object == nil }

func (i fileInfo) Size() int64 {
	if i.IsDir() {
		return 0
	}
	return i.object.Size
}

func (i fileInfo) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

func (i fileInfo) ModTime() time.Time {
	switch {
	case i.IsDir():
		return time.Time{}
	case i.object.Timestamp.IsZero():
		return i.object.LastModified
	}
	return i.object.Timestamp
}

func (i fileInfo) Sys() any {
	if i.IsDir() {
		return nil
	}
	return i.object
}

func (i fileInfo) String() string { return fs.FormatFileInfo(i) }
