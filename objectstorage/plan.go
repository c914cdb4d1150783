package objectstorage

import (
	"fmt"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// check refuses options that can't work, and fills in defaults.
func (o *UploadOptions) check(container string) error {
	switch {
	case o.PartSize != nil && *o.PartSize <= 0:
		return nhncloud.NewArgumentError(opUpload, "PartSize", "must be positive")
	case o.PartSize != nil && *o.PartSize > MaxPutSize:
		return nhncloud.NewArgumentError(opUpload, "PartSize", fmt.Sprintf("must be at most %d bytes", int64(MaxPutSize)))
	case o.Threshold < 0:
		return nhncloud.NewArgumentError(opUpload, "Threshold", "must not be negative")
	case o.Threshold > MaxPutSize:
		return nhncloud.NewArgumentError(opUpload, "Threshold", fmt.Sprintf("must be at most %d bytes", int64(MaxPutSize)))
	case o.Concurrency < 0:
		return nhncloud.NewArgumentError(opUpload, "Concurrency", "must not be negative")
	}
	if o.Threshold == 0 {
		o.Threshold = defaultThreshold
	}
	if o.SegmentContainer == "" {
		o.SegmentContainer = segmentContainer(container)
	}
	return checkContainer(opUpload, "SegmentContainer", o.SegmentContainer)
}

// choosePartSize finds a size with which the parts are not too many. It depends
// on the content alone, so that parts are found again.
func (u *uploading) choosePartSize() error {
	const unit = 64 << 10
	size, concurrency := int64(defaultPartSize), defaultConcurrency
	if u.source.At == nil {
		size, concurrency = bufferedPartSize, bufferedConcurrency
	}
	if u.options.Concurrency == 0 {
		u.options.Concurrency = concurrency
	}
	u.options.Concurrency = min(u.options.Concurrency, MaxSegments)
	if least := (u.source.Size-1)/MaxSegments + 1; least > size {
		size = roundUp(least, unit)
	}
	if u.source.At != nil && u.source.Size > 0 {
		count := roundUp((u.source.Size-1)/size+1, defaultConcurrency)
		size = roundUp((u.source.Size-1)/count+1, unit)
	}
	if size > MaxPutSize {
		return nhncloud.NewArgumentError(opUpload, "content", fmt.Sprintf("has %d bytes, which do not fit into %d parts of at most %d bytes", u.source.Size, MaxSegments, int64(MaxPutSize)))
	}
	if u.options.PartSize != nil {
		size = *u.options.PartSize
	}
	u.partSize = size
	if count := u.count(); count > MaxSegments {
		return nhncloud.NewArgumentError(opUpload, "PartSize", fmt.Sprintf("makes %d parts of %d bytes, at most %d are allowed", count, u.source.Size, MaxSegments))
	}
	return nil
}

// roundUp returns the least multiple of unit that is not less than n.
func roundUp(n, unit int64) int64 { return ((n-1)/unit + 1) * unit }

// count returns how many parts there are, or -1 when that is not known.
func (u *uploading) count() int64 {
	if u.source.Size == transfer.UnknownSize {
		return -1
	}
	return (u.source.Size-1)/u.partSize + 1
}
