package objectstorage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/parallel"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// part is a piece of the content.
type part struct {
	number  int
	content *transfer.Content
	etag    string // "" when it is not known yet
	buffer  []byte // that it is kept in; nil for content that can be read again
	last    bool   // the content was seen to end with it
}

// head reads the first part of content that can be read only once, and looks
// whether there is more.
func (u *uploading) head(ctx context.Context) (*part, error) {
	first, err := u.buffered(ctx, 0, nil)
	if err != nil || first.last || u.source.Size > u.partSize {
		return &first, err
	}
	one := make([]byte, 1)
	n, err := fill(ctx, u.source.First, one)
	switch {
	case err != nil && err != io.EOF:
		return nil, unreadable(ctx, err)
	case n > 0 && u.source.Size >= 0:
		return nil, u.wrongSize()
	}
	first.last = n == 0
	u.source.First = io.MultiReader(bytes.NewReader(one), u.source.First)
	return &first, nil
}

func (u *uploading) wrongSize() error {
	return nhncloud.NewArgumentError(opUpload, "content", fmt.Sprintf("does not have the %d bytes that Size is", u.source.Size))
}

// sendParts sends all parts. Some goroutines hash parts ahead, others send
// them, so that no connection waits for a hash.
func (u *uploading) sendParts(parent context.Context) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	if u.source.At == nil {
		u.free = make(chan []byte, u.options.Concurrency+1)
		for range u.options.Concurrency { // and the one of the first part
			u.free <- nil
		}
	}
	cut, hashed := make(chan part), make(chan part)
	var producer, hashing, sending sync.WaitGroup
	mishap := parallel.Mishap{Stop: func() { cancel(errPanicked) }}
	producer.Go(func() {
		defer close(cut)
		mishap.Guard(func() {
			if err := u.cut(ctx, cut); err != nil {
				cancel(err)
			}
		})
	})
	for range min(runtime.GOMAXPROCS(0), u.options.Concurrency) {
		hashing.Go(func() { mishap.Guard(func() { u.hash(ctx, cancel, cut, hashed) }) })
	}
	for range u.options.Concurrency {
		sending.Go(func() {
			mishap.Guard(func() {
				for p := range hashed {
					if ctx.Err() != nil {
						continue
					}
					if err := u.send(ctx, p); err != nil {
						cancel(err)
					}
					if p.buffer != nil {
						u.free <- p.buffer
					}
				}
			})
		})
	}
	producer.Wait()
	hashing.Wait()
	close(hashed)
	sending.Wait()
	mishap.Raise()
	return causeOf(parent, ctx, opUpload)
}

// hash passes parts on with their MD5, where that goes into their names.
func (u *uploading) hash(ctx context.Context, cancel context.CancelCauseFunc, cut <-chan part, hashed chan<- part) {
	for p := range cut {
		if u.named {
			var err error
			if p.etag, err = p.content.Sum(ctx, transfer.MD5); err != nil {
				cancel(transfer.Unsendable(opUpload, err))
				continue
			}
		}
		select {
		case hashed <- p:
		case <-ctx.Done():
		}
	}
}

// causeOf returns why the context of the parts of a transfer has ended, or nil
// when it has not: because the context of the whole has, or with the first
// failure of a part.
func causeOf(parent, ctx context.Context, operation string) error {
	cause := context.Cause(ctx)
	if cause != nil && cause == context.Cause(parent) {
		return &nhncloud.Error{Operation: operation, Err: parent.Err()}
	}
	return cause
}

// cut divides the content into parts.
func (u *uploading) cut(ctx context.Context, parts chan<- part) error {
	for number := 0; ; number++ {
		var p part
		switch {
		case u.source.At != nil:
			offset := int64(number) * u.partSize
			if offset >= u.source.Size {
				return nil
			}
			p = part{number: number, content: u.source.Section(offset, min(u.partSize, u.source.Size-offset))}
		case number == 0:
			p = *u.first
			u.first = nil
		default:
			var buffer []byte
			select {
			case buffer = <-u.free:
			case <-ctx.Done():
				return nil
			}
			var err error
			if p, err = u.buffered(ctx, number, buffer); err != nil || p.content.Size == 0 {
				return err
			}
		}
		select {
		case parts <- p:
		case <-ctx.Done():
			return nil
		}
		if p.last {
			return nil
		}
	}
}

// buffered reads a part of content that can be read only once into the buffer,
// or into a new one when that is too small.
func (u *uploading) buffered(ctx context.Context, number int, buffer []byte) (part, error) {
	size, before := u.partSize, int64(number)*u.partSize
	if u.source.Size >= 0 {
		size = min(size, u.source.Size-before+1) // one more, to see that there is none
	}
	if int64(cap(buffer)) < size {
		buffer = make([]byte, size)
	}
	n, err := fill(ctx, u.source.First, buffer[:size])
	total := before + int64(n)
	switch {
	case err != nil && err != io.EOF:
		return part{}, unreadable(ctx, err)
	case u.source.Size >= 0 && (total > u.source.Size || err != nil && total < u.source.Size):
		return part{}, u.wrongSize()
	case n > 0 && number >= MaxSegments:
		return part{}, nhncloud.NewArgumentError(opUpload, "PartSize", fmt.Sprintf("is too small: there are more than %d parts", MaxSegments))
	}
	return part{number: number, content: &transfer.Content{At: bytes.NewReader(buffer[:n]), Size: int64(n)}, buffer: buffer, last: err != nil}, nil
}

// unreadable is the failure of a read that may have ended with the context.
func unreadable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &nhncloud.Error{Operation: opUpload, Err: ctx.Err()}
	}
	return transfer.Unsendable(opUpload, err)
}

// fill reads until b is full or r ends, which is an io.EOF. It does not wait for
// a read when the context ends: r and b are not to be used then.
func fill(ctx context.Context, r io.Reader, b []byte) (int, error) {
	var n int
	var err error
	var mishap parallel.Mishap
	done := make(chan struct{})
	go func() {
		defer close(done)
		mishap.Guard(func() {
			for n < len(b) && err == nil {
				if err = ctx.Err(); err == nil {
					var more int
					more, err = transfer.ReadSome(r, b[n:])
					n += more
				}
			}
		})
	}()
	select {
	case <-done:
		mishap.Raise()
		return n, err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// send sends one part, unless it is there already.
func (u *uploading) send(ctx context.Context, p part) error {
	count := fmt.Sprintf("%08d", p.number)
	header := http.Header{}
	if u.named {
		count += "-" + p.etag
		header.Set("ETag", p.etag)
	}
	tell := u.progress.Part()
	if there, ok := u.existing[count]; ok && there.Bytes == p.content.Size && transfer.Same(there.Hash, p.etag) {
		kept, err := u.stillThere(ctx, there)
		if err != nil {
			return err
		}
		if kept {
			u.keep(p.number, there, true)
			if tell != nil {
				tell(there.Bytes)
			}
			u.progress.PartDone()
			return nil
		}
	}
	place := Location{u.segments, u.prefix + "/" + count}
	u.mu.Lock()
	u.made = append(u.made, place)
	u.mu.Unlock()
	size := p.content.Size
	long, flight, done := whileRead(ctx, p.content)
	defer done()
	up := uploadTo(u.segments, u.prefix, count)
	up.Content, up.Tell = *p.content, tell
	put, err := u.service.put(long, segmentRequest(up, header), up, u.options.SkipChecksum, u.progress.PartDone)
	if err != nil {
		u.mu.Lock()
		defer u.mu.Unlock()
		if flight.under() && (long.Err() != nil || timedOut(err)) {
			u.adrift[place] = true
		}
		if up.damaged != "" {
			u.damaged = append(u.damaged, place)
		}
		return err
	}
	hash := strings.ToLower(put.ETag) // as it goes into the ETag of the whole
	u.keep(p.number, Segment{Container: place.Container, Name: place.Name, Hash: hash, Bytes: size}, false)
	return nil
}

// stillThere reports whether a part that a listing has can be used: the service
// goes on listing for a while what is gone.
func (u *uploading) stillThere(ctx context.Context, part Segment) (bool, error) {
	object, err := u.service.Head(ctx, part.Container, part.Name)
	if errors.Is(err, nhncloud.ErrNotFound) {
		return false, nil
	}
	return err == nil && object.Size == part.Bytes && transfer.Same(object.ETag, part.Hash), err
}

// keep remembers a part that is there.
func (u *uploading) keep(number int, segment Segment, reused bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for len(u.parts) <= number {
		u.parts = append(u.parts, Segment{})
	}
	u.parts[number] = segment
	if reused {
		u.reused++
		u.reusedBytes += segment.Bytes
	}
}
