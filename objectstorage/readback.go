package objectstorage

import (
	"context"
	"io"

	"github.com/nhncloud-go/nhncloud"
)

// follower reads back what has arrived, in order, and hashes it.
type follower struct {
	back     io.ReaderAt
	total    int64
	size     int64 // of a part
	finished []chan struct{}
}

func newFollower(back io.ReaderAt, total int64, count int, size int64) *follower {
	f := &follower{back: back, total: total, size: size, finished: make([]chan struct{}, count)}
	for i := range f.finished {
		f.finished[i] = make(chan struct{})
	}
	return f
}

// arrived notes that a part is there.
func (f *follower) arrived(i int) { close(f.finished[i]) }

// run hashes the parts as they come in and compares the result.
func (f *follower) run(ctx context.Context, want string) error {
	sum := newHasher()
	defer sum.free()
	for i, there := range f.finished {
		select {
		case <-there:
		case <-ctx.Done():
			return nil
		}
		offset := int64(i) * f.size
		if _, err := feed(ctx, sum, f.back, offset, min(f.size, f.total-offset)); err != nil {
			return &nhncloud.Error{Operation: opDownload, Message: "what arrived can't be read back", Err: err}
		}
	}
	if got := sum.hex(); got != want {
		return mismatch(opDownload, "received", &ChecksumError{Want: want, Got: got})
	}
	return nil
}
