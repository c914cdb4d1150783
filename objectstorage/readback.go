package objectstorage

import (
	"context"
	"io"
	"sync"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// follower reads back what has arrived, in order, and hashes it.
type follower struct {
	back  io.ReaderAt
	spans *spans
	news  chan struct{} // has one when something arrived

	mu    sync.Mutex
	there map[int64]bool // what has arrived and was not read back
}

func newFollower(back io.ReaderAt, spans *spans) *follower {
	return &follower{back: back, spans: spans, news: make(chan struct{}, 1), there: map[int64]bool{}}
}

// arrived notes that a part is there.
func (f *follower) arrived(i int64) {
	f.mu.Lock()
	f.there[i] = true
	f.mu.Unlock()
	select {
	case f.news <- struct{}{}:
	default:
	}
}

// await waits for a part. It fails when the context ends.
func (f *follower) await(ctx context.Context, i int64) error {
	for {
		f.mu.Lock()
		there := f.there[i]
		delete(f.there, i)
		f.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-f.news:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// run hashes the parts as they come in and compares the result.
func (f *follower) run(ctx context.Context, want string) error {
	sum := transfer.NewSum(transfer.MD5)
	defer sum.Free()
	for i := range f.spans.count() {
		if f.await(ctx, i) != nil {
			return nil // why it has ended is known
		}
		part := f.spans.at(i)
		if _, err := transfer.Feed(ctx, sum, f.back, part.offset, part.size); err != nil {
			return &nhncloud.Error{Operation: opDownload, Message: "what arrived can't be read back", Err: err}
		}
	}
	if got := sum.Hex(); !transfer.Same(got, want) {
		return transfer.Mismatch(opDownload, "received", &nhncloud.ChecksumError{Algorithm: transfer.MD5, Want: want, Got: got})
	}
	return nil
}
