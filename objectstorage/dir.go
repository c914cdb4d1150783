package objectstorage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/parallel"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// DirResult tells what UploadDir or DownloadDir did.
type DirResult struct {
	Transferred int   // files sent or fetched
	Unchanged   int   // files that were the same on both sides
	Updated     int   // of them, those whose object got other metadata or another end
	Gone        int   // objects that are still listed but not there any more, and were skipped
	Bytes       int64 // of the files sent or fetched
	ReusedBytes int64 // of them, what an upload before had sent already
}

// add adds what became of a file.
func (r *DirResult) add(one DirResult) {
	r.Transferred += one.Transferred
	r.Unchanged += one.Unchanged
	r.Updated += one.Updated
	r.Gone += one.Gone
	r.Bytes += one.Bytes
	r.ReusedBytes += one.ReusedBytes
}

const defaultFiles = 4

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

// same reports whether an object that is listed has the content of a file. It
// looks at the object itself, and returns that, only where the listing does not
// tell.
func (s *ObjectsService) same(ctx context.Context, operation, container string, entry *ObjectEntry, file *os.File) (bool, *Object, error) {
	info, err := file.Stat()
	if err != nil {
		return false, nil, transfer.FileError(operation, "dir", err)
	}
	if entry.Bytes != info.Size() {
		return false, nil, nil
	}
	local := &transfer.Content{At: file, Size: info.Size()}
	sum, err := local.Sum(ctx, transfer.MD5)
	if err != nil {
		return false, nil, transfer.FileError(operation, "dir", err)
	}
	if transfer.Same(sum, entry.Hash) {
		return true, nil, nil
	}
	// It may be a static large object, of which a listing tells no MD5 of the
	// content.
	object, err := s.Head(ctx, container, entry.Name)
	if err != nil || !object.Static || object.Size != local.Size {
		return false, object, err
	}
	check, err := s.verifierOf(ctx, container, object)
	if err != nil || check == nil {
		return false, object, err
	}
	if _, err = transfer.Feed(ctx, check, file, 0, local.Size); err == nil {
		err = check.Close()
	}
	if errors.Is(err, nhncloud.ErrChecksumMismatch) {
		return false, object, nil
	}
	if err != nil {
		return false, object, transfer.FileError(operation, "dir", err)
	}
	return true, object, nil
}

// moving moves many files.
type moving struct {
	operation string
	files     []localFile
	progress  *transfer.Progress

	mu         sync.Mutex
	result     DirResult
	unfinished []string      // paths of files that were on their way
	leftover   LeftoverError // of all files
}

func newTransfer(operation string, tell func(nhncloud.TransferProgress), files []localFile) *moving {
	var total int64
	for _, file := range files {
		total += min(file.size, math.MaxInt64-total)
	}
	return &moving{operation: operation, files: files, progress: transfer.NewProgress(tell, total, len(files))}
}

// run moves the files, several at a time. Move returns what it did.
func (t *moving) run(parent context.Context, atATime int, move func(ctx context.Context, file localFile, tell func(nhncloud.TransferProgress)) (DirResult, error)) (*DirResult, error) {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	parallel.Each(atATime, len(t.files), func(i int) bool {
		if ctx.Err() != nil {
			return false
		}
		var tell func(nhncloud.TransferProgress)
		part := t.progress.Part()
		if part != nil {
			tell = func(p nhncloud.TransferProgress) { part(p.Done) }
		}
		did, err := move(ctx, t.files[i], tell)
		if err != nil {
			cancel(t.failed(t.files[i], err))
			return false
		}
		t.mu.Lock()
		t.result.add(did)
		t.mu.Unlock()
		if part != nil {
			part(t.files[i].size)
		}
		t.progress.PartDone()
		return ctx.Err() == nil
	})
	err := causeOf(parent, ctx, t.operation)
	if err == nil {
		return &t.result, nil
	}
	if parent.Err() != nil && len(t.unfinished) > 0 {
		slices.Sort(t.unfinished)
		err = noting(err, "on the way: "+quoted(t.unfinished))
	}
	return &t.result, leaving(err, t.leftover.Objects, t.leftover.Reason)
}

// failed notes that a file failed, and what it left behind. It returns the
// failure, which tells of the file and not of that.
func (t *moving) failed(file localFile, err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unfinished = append(t.unfinished, file.path)
	var left *LeftoverError
	if errors.As(err, &left) {
		t.leftover.Objects = append(t.leftover.Objects, left.Objects...)
		if t.leftover.Reason == nil {
			t.leftover.Reason = left.Reason
		}
		own := *asError(t.operation, err)
		own.Err = left.Err
		err = &own
	}
	return noting(err, fmt.Sprintf("the file is %q", file.path))
}

// noting returns a failure with a further note.
func noting(err error, note string) error {
	own := *asError(opUpload, err)
	if own.Field != "" { // an argument that was refused is told without notes
		own.Message += " (" + note + ")"
		return &own
	}
	if own.Note != "" {
		note = own.Note + "; " + note
	}
	own.Note = note
	return &own
}

// quoted lists the first of some names.
func quoted(names []string) string {
	const most = 4
	list := make([]string, 0, most+1)
	for _, name := range names[:min(len(names), most)] {
		list = append(list, fmt.Sprintf("%q", name))
	}
	if more := len(names) - most; more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, ", ")
}
