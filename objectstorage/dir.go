package objectstorage

import (
	"context"
	"errors"
	"os"
	"sync"

	"github.com/nhncloud-go/nhncloud"
)

// DirResult tells what UploadDir or DownloadDir did.
type DirResult struct {
	Transferred int   // files sent or fetched
	Unchanged   int   // files that were the same on both sides
	Bytes       int64 // of the files sent or fetched
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

// same reports whether an object has the content of a file.
func (s *ObjectsService) same(ctx context.Context, operation, container string, entry *ObjectEntry, file *os.File) (bool, error) {
	info, err := file.Stat()
	if err != nil {
		return false, fileError(operation, "dir", err)
	}
	if entry.Bytes != info.Size() {
		return false, nil
	}
	local := &content{at: file, size: info.Size()}
	sum, err := local.md5(ctx)
	if err != nil {
		return false, fileError(operation, "dir", err)
	}
	if sameETag(sum, entry.Hash) {
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
		return false, fileError(operation, "dir", err)
	}
	return true, nil
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
	inParallel(atATime, len(t.files), func(i int) bool {
		if ctx.Err() != nil {
			return false
		}
		var tell func(Progress)
		part := t.progress.part()
		if part != nil {
			tell = func(p Progress) { part(p.Done) }
		}
		moved, err := move(ctx, t.files[i], tell)
		if err != nil {
			cancel(err)
			return false
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
		return ctx.Err() == nil
	})
	return &t.result, causeOf(parent, ctx, operation)
}
