package objectstorage

import (
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
)

// ReadDir returns what is in a folder, sorted by name, of one listing of it.
// Where that fails on a later page, what came until then is returned too.
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := f.readDir(name, "")
	if err != nil {
		err = &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	return entries, err
}

// readDir returns what is in a folder and has a name that begins so.
func (f *FS) readDir(name, begin string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	entries := []fs.DirEntry{}
	seen := false
	for entry, err := range f.entries(name, begin, 0, &seen) {
		if err != nil {
			return entries, err
		}
		entries = append(entries, entry)
	}
	if !seen && begin == "" && f.below(name) != "" {
		object, err := f.look(name)
		if err == nil && object != nil {
			err = errNotFolder
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// entries iterates over what is in a folder and has a name that begins so, in the
// order of the listing, in which "a-b" stands before the folder "a". It tells in
// seen whether the listing had anything.
func (f *FS) entries(name, begin string, limit int, seen *bool) iter.Seq2[fs.DirEntry, error] {
	return func(yield func(fs.DirEntry, error) bool) {
		prefix := f.below(name)
		// Names that a folder of the same name may still follow. Each begins with
		// the one before it.
		var open []string
		options := &ObjectListOptions{Prefix: prefix + begin, Delimiter: "/", Limit: limit}
		for listed, err := range f.service.All(f.ctx, f.container, options) {
			if err != nil {
				yield(nil, err)
				return
			}
			*seen = true
			base, isGroup := strings.CutSuffix(strings.TrimPrefix(listed.Name+listed.Subdir, prefix), "/")
			if !isName(base) {
				continue
			}
			for len(open) > 0 && !strings.HasPrefix(base, open[len(open)-1]) {
				open = open[:len(open)-1]
			}
			if isGroup && slices.Contains(open, base) {
				continue // it is there as what the object of its name is
			}
			entry := dirEntry{fs: f, name: base, parent: name}
			if !isGroup {
				open = append(open, base)
				if !isFolder(listed.ContentType) {
					entry.listed = listed
				}
			}
			if !yield(entry, nil) {
				return
			}
		}
	}
}

// dirEntry is an entry of a folder.
type dirEntry struct {
	fs     *FS
	parent string
	name   string
	listed *ObjectEntry // nil for a folder
}

func (e dirEntry) Name() string { return e.name }
func (e dirEntry) IsDir() bool  { return e.listed == nil }

func (e dirEntry) Type() fs.FileMode {
	if e.IsDir() {
		return fs.ModeDir
	}
	return 0
}

// Info tells of the entry what the listing does. Of an object without content it
// may be that the listing knows no better.
func (e dirEntry) Info() (fs.FileInfo, error) {
	switch {
	case e.IsDir():
		return fileInfo{name: e.name}, nil
	case e.listed.Bytes == 0:
		return e.fs.Stat(path.Join(e.parent, e.name))
	}
	return fileInfo{e.name, e.listed.object()}, nil
}

func (e dirEntry) String() string { return fs.FormatDirEntry(e) }

// object is what a listing tells of an object.
func (e *ObjectEntry) object() *Object {
	etag := e.Hash
	if e.SLOETag != "" {
		etag = trimETag(e.SLOETag)
	}
	return &Object{
		Name: e.Name, ContentType: e.ContentType, Size: e.Bytes, ETag: etag,
		LastModified: e.LastModified, Timestamp: e.LastModified, Static: e.SLOETag != "",
	}
}

// folder is a folder that is open.
type folder struct {
	fs     *FS
	name   string
	closed bool
	next   func() (fs.DirEntry, error, bool) // nil before the first look
	stop   func()
}

// Stat tells of the folder.
func (d *folder) Stat() (fs.FileInfo, error) {
	if d.closed {
		return nil, d.failed("stat", fs.ErrClosed)
	}
	return fileInfo{name: path.Base(d.name)}, nil
}

// Read fails: there is nothing to read.
func (d *folder) Read([]byte) (int, error) { return 0, d.failed("read", errIsFolder) }

// leastPage is the least that is asked for at a time. A page is hardly more
// expensive than an entry.
const (
	leastPage = 100
	mostPage  = 10_000
)

// ReadDir returns the next entries, in the order of the listing: as many as are
// wanted, or all where n is not positive. A first call for a few asks the service
// for pages that are not much larger.
func (d *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if d.closed {
		return nil, d.failed("readdir", fs.ErrClosed)
	}
	if d.next == nil {
		limit := 0
		if n > 0 {
			limit = min(max(n, leastPage), mostPage)
		}
		var seen bool
		d.next, d.stop = iter.Pull2(d.fs.entries(d.name, "", limit, &seen))
	}
	entries := []fs.DirEntry{}
	for n <= 0 || len(entries) < n {
		entry, err, more := d.next()
		if err != nil {
			return entries, d.failed("readdir", err)
		}
		if !more {
			if n > 0 && len(entries) == 0 {
				return entries, io.EOF
			}
			break
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// Close ends the listing.
func (d *folder) Close() error {
	if d.closed {
		return d.failed("close", fs.ErrClosed)
	}
	d.closed = true
	if d.stop != nil {
		d.stop()
	}
	return nil
}

func (d *folder) failed(op string, err error) error {
	return &fs.PathError{Op: op, Path: d.name, Err: err}
}
