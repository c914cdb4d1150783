package objectstorage

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// Glob returns the names that match a pattern, as [fs.Glob] does, and asks only
// for those that begin as a part of the pattern does: "logs/2026-*.gz" lists what
// begins with "logs/2026-". Unlike fs.Glob it fails where a listing fails.
func (f *FS) Glob(pattern string) ([]string, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, err
	}
	names, err := f.glob(pattern, false)
	if err != nil {
		return nil, &fs.PathError{Op: "glob", Path: pattern, Err: err}
	}
	return names, nil
}

func (f *FS) glob(pattern string, foldersOnly bool) ([]string, error) {
	if !hasMeta(pattern) {
		_, err := f.look(pattern)
		switch {
		case err == nil:
			return []string{pattern}, nil
		case missing(err):
			return nil, nil
		}
		return nil, err
	}
	dir, file := path.Split(pattern)
	switch dir {
	case "":
		dir = "."
	case "/": // which is no path
	default:
		dir = dir[:len(dir)-1]
	}
	dirs := []string{dir}
	if hasMeta(dir) {
		var err error
		if dirs, err = f.glob(dir, true); err != nil {
			return nil, err
		}
	}
	var names []string
	for _, dir := range dirs {
		entries, err := f.readDir(dir, plainBegin(file))
		if err != nil && !missing(err) {
			return nil, err
		}
		for _, entry := range entries {
			if matched, _ := path.Match(file, entry.Name()); matched && (entry.IsDir() || !foldersOnly) {
				names = append(names, path.Join(dir, entry.Name()))
			}
		}
	}
	return names, nil
}

// missing reports whether nothing can match a name, for which a pattern is no
// error, unless there is no container at all.
func missing(err error) bool {
	return !errors.Is(err, ErrContainerNotFound) &&
		(errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, errNotFolder))
}

const meta = `*?[\`

func hasMeta(pattern string) bool { return strings.ContainsAny(pattern, meta) }

// plainBegin returns what every name that matches begins with.
func plainBegin(pattern string) string {
	if i := strings.IndexAny(pattern, meta); i >= 0 {
		return pattern[:i]
	}
	return pattern
}
