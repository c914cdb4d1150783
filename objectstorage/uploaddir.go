package objectstorage

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
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
	// TrustListing takes the word of the listing for what is in the container,
	// instead of looking at each object, which is much faster where little has
	// changed. The service lists an object for some minutes after its end
	// (DeleteAt), and may list one for a while that was deleted: such a file is
	// then not sent. Objects that the listing tells too little of, which are large
	// ones, are looked at all the same, and so are all where the options set
	// metadata, a type or an end.
	TrustListing bool
}

// UploadDir stores the files of a folder and the folders in it as objects, each
// under its path with the prefix before it, such as "backup/". Files that are
// there already, with the same size and MD5, are not sent again; each of those
// objects is looked at, because the service goes on listing what has ended, if
// TrustListing is not set. If
// the options set metadata, a type or an end of the objects, one that has others
// gets those of the options, as if its file had been sent, unless NoOverwrite is
// set. A file that changes while it is sent is an error. Where it fails, it
// returns what it did until then, and the error names the file.
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
		return nil, transfer.FileError(opUpload, "dir", err)
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
	all := newTransfer(opUpload, o.Progress, files)
	return all.run(ctx, o.Files, func(ctx context.Context, file localFile, tell func(nhncloud.TransferProgress)) (DirResult, error) {
		opened, err := root.OpenFile(file.path, os.O_RDONLY|transfer.NonBlocking, 0)
		if err != nil {
			return DirResult{}, transfer.FileError(opUpload, "dir", err)
		}
		defer opened.Close()
		name := prefix + filepath.ToSlash(file.path)
		if entry := there[name]; entry != nil {
			did, err := s.keep(ctx, container, entry, opened, &o)
			if err != nil || did.Unchanged > 0 {
				return did, err
			}
		}
		own := o.UploadOptions
		own.Progress = tell
		result, err := s.uploadOpen(ctx, container, name, opened, &own)
		if result == nil {
			return DirResult{}, err
		}
		return DirResult{Transferred: 1, Bytes: result.Size, ReusedBytes: result.ReusedBytes}, err
	})
}

// keep leaves the object that a file is stored as, but for what the options say
// beside its content. It does nothing where the file is not stored: the service
// goes on listing for a while what has ended.
func (s *ObjectsService) keep(ctx context.Context, container string, entry *ObjectEntry, file *os.File, o *UploadDirOptions) (DirResult, error) {
	same, object, err := s.same(ctx, opUpload, container, entry, file)
	if err == nil && same && object == nil {
		if o.TrustListing && !o.says() {
			return DirResult{Unchanged: 1}, nil
		}
		object, err = s.Head(ctx, container, entry.Name)
		same = err == nil && object.Size == entry.Bytes && transfer.Same(object.ETag, entry.Hash)
	}
	switch {
	case errors.Is(err, nhncloud.ErrNotFound):
		return DirResult{}, nil
	case err != nil || !same:
		return DirResult{}, err
	}
	return s.align(ctx, container, object, &o.PutOptions)
}

// align gives an object whose content is right what the options say beside it.
func (s *ObjectsService) align(ctx context.Context, container string, object *Object, o *PutOptions) (DirResult, error) {
	if o.NoOverwrite || !o.differ(object) {
		return DirResult{Unchanged: 1}, nil
	}
	err := s.Update(ctx, container, object.Name, ObjectUpdate{
		ContentType: o.ContentType, ContentEncoding: o.ContentEncoding, ContentDisposition: o.ContentDisposition, CacheControl: o.CacheControl,
		Metadata: o.Metadata, DeleteAt: o.DeleteAt, DeleteAfter: o.DeleteAfter, RetainUntil: o.RetainUntil,
	})
	return DirResult{Unchanged: 1, Updated: 1}, err
}

// says reports whether the options say anything beside the content.
func (o *PutOptions) says() bool {
	return o.ContentType != "" || o.ContentEncoding != "" || o.ContentDisposition != "" || o.CacheControl != "" ||
		len(o.Metadata) > 0 || o.DeleteAfter > 0 || !o.DeleteAt.IsZero() || !o.RetainUntil.IsZero()
}

// differ reports whether an object has not what the options say beside its
// content. Options that say nothing of it suit every object.
func (o *PutOptions) differ(object *Object) bool {
	if !o.says() {
		return false
	}
	return o.ContentType != "" && o.ContentType != object.ContentType || o.ContentEncoding != object.ContentEncoding ||
		o.ContentDisposition != object.ContentDisposition || o.CacheControl != object.CacheControl ||
		!maps.Equal(storedMetadata(o.Metadata), storedMetadata(object.Metadata)) ||
		o.DeleteAfter > 0 || unixText(o.DeleteAt) != unixText(object.DeleteAt) ||
		!o.RetainUntil.IsZero() && unixText(o.RetainUntil) != unixText(object.RetainUntil)
}

// storedMetadata is metadata as it comes back from the service.
func storedMetadata(metadata map[string]string) map[string]string {
	stored := make(map[string]string, len(metadata))
	for name, value := range metadata {
		if value != "" {
			stored[metadataName(name)] = value
		}
	}
	return stored
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
		return nil, transfer.FileError(opUpload, "dir", err)
	}
	return files, nil
}
