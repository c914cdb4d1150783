package objectstorage

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// MaxSegments is how many segments a large object can have.
const MaxSegments = 10_000

// MaxPutSize is the most bytes that one PUT can store: 5 GB.
const MaxPutSize = 5 << 30

// Segment is a segment of a static large object.
type Segment struct {
	Container string
	Name      string
	Hash      string // MD5, in hexadecimal form
	Bytes     int64  // of the whole segment
	Range     string // "first-last" where only a part of it belongs to the object
	SubSLO    bool   // is itself a static large object
}

// PutSegment stores one segment of a large object in a container: as the object
// name/count, where count is a number such as "00000001". The names of the
// segments of a dynamic large object decide their order.
//
// API: PUT /v1/{Account}/{Container}/{Object}/{Count} (objectstorage-put-segment; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) PutSegment(ctx context.Context, container, name, count string, content io.Reader, options *PutOptions) (*PutResult, error) {
	up := uploadTo(container, name, count)
	return s.putOne(ctx, segmentRequest(up, nil), up, content, options)
}

func segmentRequest(up *upload, header http.Header) nhncloud.Request {
	return nhncloud.Request{
		Operation: "objectstorage-put-segment",
		Path:      "/v1/{Account}/{Container}/{Object...}/{Count}",
		Args:      up.args[:3],
		Header:    header,
	}
}

// PutStatic makes a static large object (SLO) of segments that are stored. The
// service checks that they have the hashes and sizes that are told. Of the
// options, those on the content are ignored.
//
// API: PUT /v1/{Account}/{Container}/{Object} (objectstorage-put-slo-manifest; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) PutStatic(ctx context.Context, container, name string, segments []Segment, options *PutOptions) (*PutResult, error) {
	const operation = "objectstorage-put-slo-manifest"
	if err := checkObject(operation, container, name); err != nil {
		return nil, err
	}
	switch {
	case len(segments) == 0:
		return nil, nhncloud.NewArgumentError(operation, "segments", "must have at least one")
	case len(segments) > MaxSegments:
		return nil, nhncloud.NewArgumentError(operation, "segments", fmt.Sprintf("has %d entries, at most %d are allowed", len(segments), MaxSegments))
	}
	type entry struct {
		Path  string `json:"path"`
		ETag  string `json:"etag,omitzero"`
		Bytes int64  `json:"size_bytes,omitzero"`
		Range string `json:"range,omitzero"`
	}
	manifest := make([]entry, len(segments))
	var size int64
	plain, measured := true, true
	for i, segment := range segments {
		if err := checkLocation(operation, "segments", "segments", Location{segment.Container, segment.Name}); err != nil {
			return nil, err
		}
		manifest[i] = entry{segment.Container + "/" + segment.Name, segment.Hash, segment.Bytes, segment.Range}
		size += segment.Bytes
		plain = plain && segment.Range == "" && !segment.SubSLO && segment.Hash != ""
		measured = measured && segment.Range == "" && segment.Bytes > 0
	}
	if !measured {
		size = 0
	}
	header, err := options.header(operation)
	if err != nil {
		return nil, err
	}
	want := combinedETag(segments)
	if header.Del("ETag"); plain {
		setHeader(&header, "ETag", want)
	}
	body, err := wire.Marshal(manifest)
	if err != nil {
		return nil, &nhncloud.Error{Operation: operation, Message: "the segments can't be encoded as JSON", Err: err}
	}
	resp, err := s.client.Open(ctx, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodPut,
		Path:         "/v1/{Account}/{Container}/{Object...}",
		Args:         []string{container, name},
		Query:        url.Values{"multipart-manifest": {"put"}},
		Header:       header,
		Body:         nhncloud.NewBodyBytes("", body), // a content type would be taken for that of the object
		SuccessCodes: codesCreated,
	})
	if err != nil {
		return nil, putFailure(err, header)
	}
	result := resultOf(resp, size)
	if !plain {
		want = result.ETag // of which only the service knows what it has to be
	}
	if !options.unchecked() {
		err = checkStored(operation, resp, result.ETag, want)
	}
	if err != nil {
		return nil, s.deleteBad(ctx, []string{container, name}, result.ETag, err)
	}
	return result, nil
}

// PutDynamic makes a dynamic large object (DLO) of all objects in a container
// whose names begin with a prefix, in the order of their names, and of those that
// come later. Of the options, those on the content are ignored.
//
// API: PUT /v1/{Account}/{Container}/{Object} (objectstorage-put-dlo-manifest; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) PutDynamic(ctx context.Context, container, name, segmentContainer, prefix string, options *PutOptions) (*PutResult, error) {
	const operation = "objectstorage-put-dlo-manifest"
	if err := checkObject(operation, container, name); err != nil {
		return nil, err
	}
	if err := checkContainer(operation, "segmentContainer", segmentContainer); err != nil {
		return nil, err
	}
	if fault := nameFault(prefix, maxObjectName); fault != "" {
		return nil, nhncloud.NewArgumentError(operation, "prefix", fault)
	}
	header, err := options.header(operation)
	if err != nil {
		return nil, err
	}
	header.Del("ETag")
	setHeader(&header, "X-Object-Manifest", escapedPath(segmentContainer, prefix))
	resp, err := s.client.Open(ctx, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodPut,
		Path:         "/v1/{Account}/{Container}/{Object...}",
		Args:         []string{container, name},
		Header:       header,
		Body:         nhncloud.NewBodyBytes("", nil),
		SuccessCodes: codesCreated,
	})
	if err != nil {
		return nil, noContainer(err)
	}
	result := resultOf(resp, 0)
	if !options.unchecked() {
		if err := checkStored(operation, resp, result.ETag, emptyMD5); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// Segments returns the segments of a static large object in their order. For
// any other object it fails with an [nhncloud.ErrBadAnswer].
//
// API: GET /v1/{Account}/{Container}/{Object} (objectstorage-get-slo-manifest; Storage-Object-Storage en/api-guide.md)
func (s *ObjectsService) Segments(ctx context.Context, container, name string) ([]Segment, error) {
	const operation = "objectstorage-get-slo-manifest"
	if err := checkObject(operation, container, name); err != nil {
		return nil, err
	}
	type entry struct {
		Name   string `json:"name"`
		Hash   string `json:"hash"`
		Bytes  int64  `json:"bytes"`
		Range  string `json:"range"`
		SubSLO bool   `json:"sub_slo"`
	}
	entries, err := nhncloud.Fetch[[]entry](ctx, s.client, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodGet,
		Path:         "/v1/{Account}/{Container}/{Object...}",
		Args:         []string{container, name},
		Query:        url.Values{"multipart-manifest": {"get"}},
		Header:       http.Header{"Accept-Encoding": acceptStored}, // else net/http takes the encoding of the content for that of the manifest
		SuccessCodes: codesOK,
	})
	if err != nil {
		return nil, err
	}
	if len(*entries) == 0 {
		return nil, &nhncloud.Error{Operation: operation, Message: "there are no segments in the answer", Err: nhncloud.ErrBadAnswer}
	}
	segments := make([]Segment, len(*entries))
	for i, e := range *entries {
		container, name, found := cutLocation(e.Name)
		if !found || e.Bytes < 0 {
			return nil, &nhncloud.Error{Operation: operation, Message: fmt.Sprintf("segment %d has %d bytes, or a name without a container", i, e.Bytes), Err: nhncloud.ErrBadAnswer}
		}
		segments[i] = Segment{Container: container, Name: name, Hash: e.Hash, Bytes: e.Bytes, Range: e.Range, SubSLO: e.SubSLO}
	}
	return segments, nil
}

// combinedETag is the ETag that a static large object of these segments has.
func combinedETag(segments []Segment) string {
	sum := transfer.NewSum(transfer.MD5)
	defer sum.Free()
	for _, segment := range segments {
		_, _ = io.WriteString(sum, segment.Hash)
	}
	return sum.Hex()
}

// cutLocation takes "container/name" apart.
func cutLocation(path string) (container, name string, found bool) {
	return strings.Cut(strings.TrimPrefix(path, "/"), "/")
}
