package objectstorage

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"sync"

	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// UploadOptions says how to upload. A nil pointer stands for the defaults.
type UploadOptions struct {
	// PutOptions are those of the object. ETag counts only where it is sent in
	// one piece. DeleteAt, DeleteAfter and RetainUntil are not those of its
	// segments, which stay.
	PutOptions
	// Threshold is the size in bytes above which an object is sent in parts.
	// Default 128 MiB.
	Threshold int64
	// PartSize is that of the parts, in bytes. By default it is at most 24 MiB,
	// so that a number of equal parts keeps eight connections busy to the end,
	// or 16 MiB for content that can be read only once. It is more where there
	// would be more than [MaxSegments].
	PartSize *int64
	// Concurrency is how many parts are sent at the same time. Default 8, or 4
	// for content that can be read only once.
	Concurrency int
	// SegmentContainer is where the parts are stored. Default is the name of the
	// container with "_segments" after it. It is created when it does not exist,
	// and stays.
	SegmentContainer string
	// Dynamic makes a dynamic large object instead of a static one. Its parts are
	// checked as they arrive, but the whole can't be, and an upload that was
	// interrupted can't be resumed.
	Dynamic bool
	// KeepParts leaves the parts that have arrived where they are also when the
	// upload fails or its context ends, which deletes them otherwise. The next
	// upload does not send them again; until then they cost what they take.
	KeepParts bool
	// DeleteOldSegments deletes the segments of the large object that is
	// overwritten, once the service shows the new one. Those in other containers
	// than the object, the default SegmentContainer and that of the options stay. A
	// failure of that comes together with a result. Where the upload itself fails
	// so that the old object may be overwritten all the same, they stay, and a
	// [LeftoverError] names them.
	DeleteOldSegments bool
}

// UploadResult tells what was stored.
type UploadResult struct {
	PutResult
	Parts       int   // 1 when it was sent in one piece
	Reused      int   // of them, those that were there already
	ReusedBytes int64 // of Size, what was there already
}

const (
	defaultThreshold    = 128 << 20
	defaultPartSize     = 24 << 20
	bufferedPartSize    = 16 << 20
	bufferedConcurrency = 4
)

// Upload stores an object of any size. Up to a threshold it does what
// [ObjectsService.Put] does; above it the object is sent in parts, several at
// the same time, which become a static large object.
//
// Content that can be read again, as Put knows it, is not kept in memory. Of
// other content, one part more is kept than are sent at the same time, and what
// fits into one part is sent in one piece. When the context ends, a read of it
// that is under way goes on.
//
// Each part is checked when it arrives, and so is the whole. Parts that are there
// already are not sent again: those that an upload of the same content to the
// same name has left, with the same PartSize, to a static large object, and with
// checksums. What leaves them is a process that was killed, a machine or a
// network that went down, or KeepParts.
//
// Any other failure, also the end of the context, deletes what was made, and
// leaves an older object of that name as it is. That takes at most 5 seconds once
// the context has ended, with up to 2 of them for what was sent whole but not
// answered yet, and at most 30 seconds otherwise. What could not be deleted is
// told by name, in a [LeftoverError]. Only a PUT of one piece can't be taken back
// once it was sent.
func (s *ObjectsService) Upload(ctx context.Context, container, name string, source io.Reader, options *UploadOptions) (*UploadResult, error) {
	return s.upload(ctx, container, name, source, options, nil)
}

// UploadFile stores a file as an object, as [ObjectsService.Upload] does. A file
// that changes while it is sent is an error, and so is what is no regular file,
// such as a named pipe: open that, and use Upload.
func (s *ObjectsService) UploadFile(ctx context.Context, container, name, path string, options *UploadOptions) (*UploadResult, error) {
	source, err := transfer.Open(opUpload, path, hints)
	if err != nil {
		return nil, err
	}
	defer source.Close()
	return s.upload(ctx, container, name, source.File, options, source.Unchanged)
}

var hints = transfer.Hints{Folder: "; use UploadDir", Other: "use Upload for what can only be read"}

// uploadOpen stores what an open file has.
func (s *ObjectsService) uploadOpen(ctx context.Context, container, name string, file *os.File, options *UploadOptions) (*UploadResult, error) {
	source, err := transfer.SourceOf(opUpload, file, hints)
	if err != nil {
		return nil, err
	}
	return s.upload(ctx, container, name, file, options, source.Unchanged)
}

// errPanicked ends what goes on at the same time as a panic.
var errPanicked = errors.New("objectstorage: a function of the caller panicked")

// opUpload names an upload in errors that no single request has.
const opUpload = "objectstorage-put-object"

// uploading is an upload on its way.
type uploading struct {
	service   *ObjectsService
	container string
	name      string
	options   UploadOptions
	header    http.Header // of a PUT in one piece
	source    *transfer.Content
	unchanged func() error // fails when the source is not what it was; nil where nobody can tell
	partSize  int64
	segments  string      // container of the parts
	prefix    string      // of the names of those that are made, without a slash at the end
	named     bool        // the names have the MD5 of the content in them
	free      chan []byte // buffers for content that can be read only once; each is nil until it is needed
	first     *part       // was read to see whether there are more
	progress  *transfer.Progress

	existing map[string]Segment // parts that were there before, by number and MD5

	grace context.Context // lasts a while longer than that of the call, for what has to be brought to an end

	mu          sync.Mutex
	parts       []Segment // by number
	made        []Location
	adrift      map[Location]bool // of those made, what the service may still store
	damaged     []Location        // of those made, what is of no use
	reused      int
	reusedBytes int64

	asked     bool // for the object to be made
	uncertain bool // whether it will be
}

func (s *ObjectsService) upload(ctx context.Context, container, name string, r io.Reader, options *UploadOptions, unchanged func() error) (*UploadResult, error) {
	var o UploadOptions
	if options != nil {
		o = *options
	}
	if err := checkObject(opUpload, container, name); err != nil {
		return nil, err
	}
	if err := o.check(container); err != nil {
		return nil, err
	}
	header, err := o.header(opUpload)
	if err != nil {
		return nil, err
	}
	source, err := transfer.ContentOf(opUpload, r, o.Size)
	if err != nil {
		return nil, err
	}
	u := &uploading{service: s, container: container, name: name, options: o, header: header, source: &source, unchanged: unchanged, segments: o.SegmentContainer, adrift: map[Location]bool{}}
	defer source.Rewind()
	if err := u.choosePartSize(); err != nil {
		return nil, err
	}
	if source.At != nil {
		if source.Size <= u.options.Threshold {
			return u.inOnePiece(ctx, &source)
		}
		return u.run(ctx)
	}
	if u.first, err = u.head(ctx); err != nil {
		return nil, err
	}
	if u.first.last {
		return u.inOnePiece(ctx, u.first.content)
	}
	return u.run(ctx)
}

// inOnePiece sends the content with a single PUT.
func (u *uploading) inOnePiece(ctx context.Context, source *transfer.Content) (*UploadResult, error) {
	old, err := u.oldSegments(ctx)
	if err != nil {
		return nil, err
	}
	if u.unchanged != nil {
		source.Steady(u.unchanged)
	}
	progress := transfer.NewProgress(u.options.Progress, source.Size, 1)
	up := uploadTo(u.container, u.name)
	up.Content, up.Tell = *source, progress.Part()
	u.asked = true
	put, err := u.service.putWhole(ctx, objectRequest(up, u.header), up, u.options.SkipChecksum, progress.PartDone)
	if err != nil {
		return nil, u.leavingOld(old, err)
	}
	return &UploadResult{PutResult: *put, Parts: 1}, u.deleteOld(ctx, old, put)
}

// run sends the content in parts.
func (u *uploading) run(ctx context.Context) (*UploadResult, error) {
	if err := u.look(ctx); err != nil {
		return nil, err
	}
	old, err := u.oldSegments(ctx)
	if err != nil {
		return nil, err
	}
	if err := u.findExisting(ctx); err != nil {
		return nil, err
	}
	u.progress = transfer.NewProgress(u.options.Progress, u.source.Size, int(u.count()))
	var end context.CancelFunc
	u.grace, end = transfer.Outlasting(ctx, transfer.MaxGrace, transfer.Always)
	defer end()
	put, err := u.store(ctx)
	if err != nil {
		return nil, u.leavingOld(old, err)
	}
	result := &UploadResult{PutResult: *put, Parts: len(u.parts), Reused: u.reused, ReusedBytes: u.reusedBytes}
	return result, u.deleteOld(ctx, old, put)
}

// store sends the parts and makes the object of them. Where that fails, even by a
// panic, it cleans up.
func (u *uploading) store(ctx context.Context) (put *PutResult, err error) {
	err = errPanicked
	defer func() {
		if err != nil {
			err = u.cleanUp(err)
		}
	}()
	if err = u.sendParts(ctx); err != nil {
		return nil, err
	}
	return u.finish(ctx)
}
