package objectstorage

import (
	"context"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/parallel"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// downloading is a download on its way.
type downloading struct {
	service   *ObjectsService
	container string
	object    *Object
	first     *Content // the whole of the object, where it is open already
	w         io.WriterAt
	spans     spans
	follow    *follower // hashes the whole while it comes in; nil where that is not needed
	progress  *transfer.Progress
}

// span is a part of an object.
type span struct {
	offset, size int64            // bytes; the size may be transfer.UnknownSize
	parts        []transfer.Piece // what is known of its content
}

// spans are the parts of an object: those that are listed, or as many of one
// size as it has, which are made as they are needed. The service tells the size,
// and may say anything.
type spans struct {
	listed      []span
	total, size int64
}

// count returns how many there are.
func (s *spans) count() int64 {
	if s.listed != nil {
		return int64(len(s.listed))
	}
	return (s.total-1)/s.size + 1
}

// at returns one of them.
func (s *spans) at(i int64) span {
	if s.listed != nil {
		return s.listed[i]
	}
	offset := i * s.size
	return span{offset: offset, size: min(s.size, s.total-offset)}
}

// do fetches the object.
func (d *downloading) do(ctx context.Context, options *DownloadOptions) (*Object, error) {
	if err := d.plan(ctx, options); err != nil {
		return nil, err
	}
	if err := d.run(ctx, options.Concurrency); err != nil {
		return nil, err
	}
	return d.object, nil
}

// plan divides the object into parts.
func (d *downloading) plan(ctx context.Context, options *DownloadOptions) error {
	size := options.partSize()
	var check *transfer.Verifier
	if !options.SkipChecksum {
		var err error
		if check, err = d.service.verifierOf(ctx, d.container, d.object); err != nil {
			return err
		}
	}
	total := d.object.Size
	back, readable := d.w.(io.ReaderAt)
	switch {
	case check != nil && d.object.Static:
		d.spans.listed = groupSegments(check.Pieces, size)
		last := d.spans.listed[len(d.spans.listed)-1]
		if whole := last.offset + last.size; total == transfer.UnknownSize {
			total, d.object.Size = whole, whole
		} else if whole != total {
			return &nhncloud.Error{
				Operation: opDownload, Message: fmt.Sprintf("the object has %d bytes, and its segments have %d", total, whole), Err: nhncloud.ErrBadAnswer,
			}
		}
	case total <= size || check != nil && !readable:
		whole := span{size: total}
		if check != nil {
			whole.parts = check.Pieces
		}
		d.spans.listed = []span{whole}
	default:
		d.spans.total, d.spans.size = total, size
		if check != nil {
			d.follow = newFollower(back, &d.spans)
		}
	}
	d.progress = transfer.NewProgress(options.Progress, total, int(min(d.spans.count(), math.MaxInt)))
	return nil
}

// groupSegments makes parts of whole segments, which can be checked.
func groupSegments(segments []transfer.Piece, size int64) []span {
	var list []span
	offset := int64(0)
	for _, segment := range segments {
		last := len(list) - 1
		if last < 0 || list[last].size+segment.Size > size {
			list = append(list, span{offset: offset})
			last++
		}
		list[last].size += segment.Size
		list[last].parts = append(list[last].parts, segment)
		offset += segment.Size
	}
	return list
}

// run fetches the parts.
func (d *downloading) run(parent context.Context, concurrency int) error {
	ctx, cancel := context.WithCancelCause(parent)
	mishap := parallel.Mishap{Stop: func() { cancel(errPanicked) }}
	var following sync.WaitGroup
	if d.follow != nil {
		following.Go(func() {
			mishap.Guard(func() {
				if err := d.follow.run(ctx, d.object.ETag); err != nil {
					cancel(err)
				}
			})
		})
	}
	defer following.Wait() // it reads what the caller wants back
	defer cancel(nil)
	parallel.Each(concurrency, d.spans.count(), func(i int64) bool {
		if err := d.fetch(ctx, i); err != nil {
			cancel(err)
		} else if d.follow != nil {
			d.follow.arrived(i)
		}
		return ctx.Err() == nil
	})
	following.Wait()
	mishap.Raise()
	return causeOf(parent, ctx, opDownload)
}

// fetch gets one part.
func (d *downloading) fetch(ctx context.Context, i int64) error {
	r := d.spans.at(i)
	content := d.first
	if content == nil {
		options := GetOptions{SkipChecksum: true, IfMatch: d.object.ETag}
		if d.spans.count() > 1 {
			options.Offset, options.Length = r.offset, r.size
		}
		var err error
		if content, err = d.service.Get(ctx, d.container, d.object.Name, &options); err != nil {
			return err
		}
	}
	defer content.Close()
	if content.Size >= 0 && d.object.Size >= 0 && content.Size != d.object.Size {
		return &nhncloud.Error{
			Operation: opDownload, Message: fmt.Sprintf("the object has %d bytes, and %d in another answer", d.object.Size, content.Size), Err: nhncloud.ErrBadAnswer,
		}
	}
	if len(r.parts) > 0 {
		content.reader.Verifier = transfer.NewVerifier(transfer.MD5, r.parts...)
	}
	content.reader.Tell = d.progress.Part()
	n, err := transfer.Copy(io.NewOffsetWriter(d.w, r.offset), content)
	switch {
	case err != nil && content.reader.Err() != nil:
		return content.reader.Err()
	case err != nil:
		return &nhncloud.Error{Operation: opDownload, Message: "what arrived can't be written", Err: err}
	case r.size == transfer.UnknownSize:
		d.object.Size = n
	case n != r.size:
		return &nhncloud.Error{Operation: opDownload, Message: fmt.Sprintf("%d bytes arrived in place of %d", n, r.size), Err: nhncloud.ErrBadAnswer}
	}
	d.progress.PartDone()
	return nil
}
