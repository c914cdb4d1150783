package objectstorage

import (
	"context"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// emptyMD5 is the MD5 of nothing.
const emptyMD5 = "d41d8cd98f00b204e9800998ecf8427e"

// maxHashedAhead is the size up to which content that can be read again is
// hashed before it is sent, so that the service itself refuses what arrives
// otherwise.
const maxHashedAhead = 1 << 20

// hashAhead returns the MD5 of such content, which may have been loaded, and ""
// for any other.
func hashAhead(ctx context.Context, c *transfer.Content, loaded []byte) (string, error) {
	switch {
	case loaded != nil:
		return transfer.HexMD5(loaded), nil
	case c.At == nil || c.Size > maxHashedAhead:
		return "", nil
	default:
		return c.Sum(ctx, transfer.MD5)
	}
}

// verifierOf returns what checks the content of an object, or nil where nothing
// can, as of dynamic large objects. Any other object has its MD5 as ETag: an
// answer without is not the service's, but the page of a proxy, say.
func (s *ObjectsService) verifierOf(ctx context.Context, container string, object *Object) (*transfer.Verifier, error) {
	switch {
	case object.Static:
		segments, err := s.Segments(ctx, container, object.Name)
		if err != nil {
			return nil, err
		}
		parts := make([]transfer.Piece, len(segments))
		total := int64(0)
		for i, segment := range segments {
			if total += segment.Bytes; total < 0 {
				return nil, &nhncloud.Error{Operation: opDownload, Message: "the segments of the object have more bytes than can be", Err: nhncloud.ErrBadAnswer}
			}
			if segment.Range != "" || segment.SubSLO {
				return nil, nil // the MD5s are not those of what is read
			}
			parts[i] = transfer.Piece{Size: segment.Bytes, Sum: segment.Hash}
		}
		return transfer.NewVerifier(transfer.MD5, parts...), nil
	case object.Dynamic != "":
		return nil, nil
	case !isMD5(object.ETag):
		return nil, &nhncloud.Error{Operation: opDownload, Message: "the answer has no MD5 as ETag that the content could be checked by; see SkipChecksum", Err: nhncloud.ErrBadAnswer}
	default:
		return transfer.NewVerifier(transfer.MD5, transfer.Piece{Size: -1, Sum: object.ETag}), nil
	}
}
