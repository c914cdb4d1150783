package objectstorage

import (
	"context"
	"crypto/md5"

	"github.com/nhncloud-go/nhncloud"
)

// verifier compares what goes by with MD5s. A nil one finds everything good.
type verifier struct {
	parts []verified // those still to come
	sum   *hasher
	left  int64 // of the first part; negative for the last one, which has all that comes
}

// verified is a piece of content with a known MD5.
type verified struct {
	size int64 // bytes, or -1 up to the end
	etag string
}

func newVerifier(parts ...verified) *verifier {
	v := &verifier{parts: parts, sum: newHasher()}
	v.begin()
	return v
}

// begin begins with the first part.
func (v *verifier) begin() {
	v.sum.Reset()
	v.left = -1
	if len(v.parts) > 1 {
		v.left = v.parts[0].size
	}
}

// verifierOf returns what checks the content of an object, or nil where nothing
// can.
func (s *ObjectsService) verifierOf(ctx context.Context, container string, object *Object) (*verifier, error) {
	switch {
	case object.Static:
		segments, err := s.Segments(ctx, container, object.Name)
		if err != nil {
			return nil, err
		}
		parts := make([]verified, len(segments))
		total := int64(0)
		for i, segment := range segments {
			if total += segment.Bytes; total < 0 {
				return nil, &nhncloud.Error{Operation: opDownload, Message: "the segments of the object have more bytes than can be", Err: nhncloud.ErrBadAnswer}
			}
			if segment.Range != "" || segment.SubSLO {
				return nil, nil // the MD5s are not those of what is read
			}
			parts[i] = verified{segment.Bytes, segment.Hash}
		}
		return newVerifier(parts...), nil
	case object.Dynamic != "" || len(object.ETag) != md5.Size*2:
		return nil, nil
	default:
		return newVerifier(verified{-1, object.ETag}), nil
	}
}

// Write hashes what goes by. It fails with a *ChecksumError.
func (v *verifier) Write(p []byte) (int, error) {
	if v == nil {
		return len(p), nil
	}
	for rest := p; len(rest) > 0; {
		n := len(rest)
		if v.left >= 0 {
			n = int(min(int64(n), v.left))
			v.left -= int64(n)
		}
		v.sum.Write(rest[:n])
		rest = rest[n:]
		if v.left == 0 {
			if err := v.next(); err != nil {
				return 0, err
			}
		}
	}
	return len(p), nil
}

// next compares the first part and goes on to the one after it.
func (v *verifier) next() error {
	got, want := v.sum.hex(), v.parts[0].etag
	v.parts = v.parts[1:]
	v.begin()
	if !sameETag(got, want) {
		return &ChecksumError{Want: want, Got: got}
	}
	return nil
}

// Close compares what is left when the content ends.
func (v *verifier) Close() error {
	for v != nil && len(v.parts) > 0 {
		if err := v.next(); err != nil {
			return err
		}
	}
	return nil
}
