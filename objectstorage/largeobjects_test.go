package objectstorage_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// combined is the ETag of a static large object.
func combined(hashes ...string) string { return digestOf([]byte(strings.Join(hashes, ""))) }

// whole are two segments that nothing has to be looked up of.
func whole() []objectstorage.Segment {
	return []objectstorage.Segment{
		{Container: "photos_segments", Name: "a/1", Hash: digestOf([]byte("1")), Bytes: 1},
		{Container: "photos_segments", Name: "a/2", Hash: digestOf([]byte("22")), Bytes: 2},
	}
}

func TestPutStatic(t *testing.T) {
	t.Parallel()
	const operation, line = "objectstorage-put-slo-manifest", "PUT /photos/a%20b/c.mp4?multipart-manifest=put"
	put := func(ctx context.Context, objects *objectstorage.ObjectsService, segments []objectstorage.Segment, options *objectstorage.PutOptions) (*objectstorage.PutResult, error) {
		return objects.PutStatic(ctx, "photos", "a b/c.mp4", segments, options)
	}
	t.Run("documented", func(t *testing.T) {
		t.Parallel()
		const hash = "{Etag-of-Segment-Object}"
		s := newScript(t, reply(http.StatusCreated, "", "ETag", `"`+combined(hash, hash)+`"`, "Last-Modified", "Sun, 01 Mar 2026 12:00:01 GMT"))
		result, err := put(t.Context(), s.objects, []objectstorage.Segment{
			{Container: "{Segment-Container}", Name: "{Segment-Object}", Hash: hash, Bytes: 1 << 20},
			{Container: "{Segment-Container}", Name: "{Segment-Object1}", Hash: hash, Bytes: 1 << 20},
		}, nil)
		require.NoError(t, err)
		assert.Equal(t, &objectstorage.PutResult{ETag: combined(hash, hash), Size: 2 << 20, LastModified: modified}, result)
		a := s.arrival(1)
		assert.Equal(t, []string{line + " token-1"}, s.lines())
		assert.JSONEq(t, apitest.Text(t, "@"+operation+".request.json"), string(a.body))
		assert.NotContains(t, a.header, "Content-Type", "it would be that of the object")
		assert.Equal(t, combined(hash, hash), a.header.Get("ETag"), "so that the service checks it")
	})
	t.Run("options", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, lost, reply(http.StatusCreated, "", "ETag", combined(whole()[0].Hash, whole()[1].Hash)))
		result, err := put(t.Context(), s.objects, whole(), &objectstorage.PutOptions{
			ContentType: "video/mp4", Metadata: map[string]string{"type": "movie"}, NoOverwrite: true, DeleteAfter: time.Minute,
			ETag: digestOf(nil), Size: 7, // of the content
		})
		require.NoError(t, err)
		assert.EqualValues(t, 3, result.Size)
		got := s.arrival(2).header
		assert.Equal(t, "video/mp4", got.Get("Content-Type"))
		assert.Equal(t, "movie", got.Get("X-Object-Meta-Type"))
		assert.Equal(t, "60", got.Get("X-Delete-After"))
		assert.Equal(t, "*", got.Get("If-None-Match"))
		assert.Equal(t, combined(whole()[0].Hash, whole()[1].Hash), got.Get("ETag"))
	})
	t.Run("ranges and unknown", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, reply(http.StatusCreated, "", "ETag", digestOf([]byte("whatever"))))
		result, err := put(t.Context(), s.objects, []objectstorage.Segment{
			{Container: "c", Name: "한/글 \"😀\"\n<&>", Hash: digestOf(nil), Bytes: 100, Range: "0-9"}, {Container: "c", Name: "b"},
		}, &objectstorage.PutOptions{ETag: digestOf(nil)})
		require.NoError(t, err)
		assert.Equal(t, &objectstorage.PutResult{ETag: digestOf([]byte("whatever"))}, result, "the service alone knows the size")
		a := s.arrival(1)
		assert.JSONEq(t, `[{"path": "c/한/글 \"😀\"\n<&>", "etag": "`+digestOf(nil)+`", "size_bytes": 100, "range": "0-9"}, {"path": "c/b"}]`, string(a.body))
		assert.NotContains(t, a.header, "Etag")
	})
	t.Run("other checksum", func(t *testing.T) {
		t.Parallel()
		other := digestOf([]byte("other"))
		s := newScript(t, reply(http.StatusCreated, "", "ETag", other), reply(http.StatusOK, "", "ETag", other), reply(http.StatusNoContent, ""))
		result, err := put(t.Context(), s.objects, whole(), nil)
		assert.Nil(t, result)
		failsAs(t, nhncloud.ErrChecksumMismatch, err)
		var sum *nhncloud.ChecksumError
		require.ErrorAs(t, err, &sum)
		assert.Equal(t, &nhncloud.ChecksumError{Algorithm: "MD5", Want: combined(whole()[0].Hash, whole()[1].Hash), Got: other}, sum)
		assert.Equal(t, []string{line + " token-1", "HEAD /photos/a%20b/c.mp4 token-1", "DELETE /photos/a%20b/c.mp4 token-1"}, s.lines())
	})
	t.Run("refused by the service", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, html(http.StatusUnprocessableEntity, "Unprocessable Entity"), html(http.StatusNotFound, "Not Found"))
		_, err := put(t.Context(), s.objects, whole(), nil)
		require.ErrorIs(t, err, nhncloud.ErrChecksumMismatch)
		_, err = put(t.Context(), s.objects, whole(), nil)
		require.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
	})
	failing(t, operation, line, func(ctx context.Context, objects *objectstorage.ObjectsService) (any, error) {
		return put(ctx, objects, whole(), nil)
	})
	refusingNames(t, operation, "Container", "Object", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
		_, err := objects.PutStatic(ctx, container, name, whole(), nil)
		return err
	})
	refusingNames(t, operation, "segments", "segments", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
		_, err := put(ctx, objects, append(whole(), objectstorage.Segment{Container: container, Name: name}), nil)
		return err
	})
	for how, segments := range map[string][]objectstorage.Segment{"none": nil, "too many": make([]objectstorage.Segment, objectstorage.MaxSegments+1)} {
		t.Run("refused segments "+how, func(t *testing.T) {
			t.Parallel()
			refusing(t, operation, "segments", func(ctx context.Context, objects *objectstorage.ObjectsService) error {
				_, err := put(ctx, objects, segments, nil)
				return err
			})
		})
	}
	t.Run("not UTF-8", func(t *testing.T) {
		t.Parallel()
		_, err := put(t.Context(), newScript(t).objects, append(whole(), objectstorage.Segment{Container: "a", Name: "b", Range: "\xff"}), nil)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, operation, e.Operation)
		assert.ErrorContains(t, err, "UTF-8")
	})
	refusing(t, operation, "DeleteAfter", func(ctx context.Context, objects *objectstorage.ObjectsService) error {
		_, err := put(ctx, objects, whole(), &objectstorage.PutOptions{DeleteAfter: 1})
		return err
	})
}

// As many segments as there can be do reach the service.
func TestPutStaticMost(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.put(depot, "part", []byte("x"))
	segments := make([]objectstorage.Segment, objectstorage.MaxSegments)
	for i := range segments {
		segments[i] = objectstorage.Segment{Container: depot, Name: "part", Hash: digestOf([]byte("x")), Bytes: 1}
	}
	result, err := r.objects.PutStatic(t.Context(), depot, "large", segments, nil)
	require.NoError(t, err)
	assert.EqualValues(t, objectstorage.MaxSegments, result.Size)
	r.holds("large", []byte(strings.Repeat("x", objectstorage.MaxSegments)))
}

// The service compares what it is told of the segments with what it has.
func TestPutStaticWrongSegments(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.put(depot, "part", []byte("xyz"))
	good := objectstorage.Segment{Container: depot, Name: "part", Hash: digestOf([]byte("xyz")), Bytes: 3}
	for name, change := range map[string]func(s *objectstorage.Segment){
		"Etag Mismatch": func(s *objectstorage.Segment) { s.Hash = digestOf(nil) },
		"Size Mismatch": func(s *objectstorage.Segment) { s.Bytes = 4 },
		"404 Not Found": func(s *objectstorage.Segment) { s.Name = "none" },
	} {
		bad := good
		change(&bad)
		_, err := r.objects.PutStatic(t.Context(), depot, "large", []objectstorage.Segment{good, bad}, nil)
		e := failsAs(t, nhncloud.ErrInvalidArgument, err)
		assert.Contains(t, string(e.Body), name)
	}
	assert.Equal(t, []string{"part"}, r.list(depot), "nothing is left behind")
	_, err := r.objects.PutStatic(t.Context(), depot, "large", []objectstorage.Segment{good, {Container: depot, Name: "part", Range: "1-1"}}, nil)
	require.NoError(t, err)
	r.holds("large", []byte("xyzy"))
	segments, err := r.objects.Segments(t.Context(), depot, "large")
	require.NoError(t, err)
	ranged := good
	ranged.Range = "1-1"
	assert.Equal(t, []objectstorage.Segment{good, ranged}, segments)
}

func TestPutDynamic(t *testing.T) {
	t.Parallel()
	const operation = "objectstorage-put-dlo-manifest"
	header := map[string]string{}
	for name, values := range fixture(t, operation+".request.headers.txt") {
		if name != "X-Auth-Token" {
			header[name] = values[0]
		}
	}
	put := func(ctx context.Context, objects *objectstorage.ObjectsService, options *objectstorage.PutOptions) (*objectstorage.PutResult, error) {
		return objects.PutDynamic(ctx, "photos", "a b/c.img", "curl_example", "large_obj.img/", options)
	}
	apitest.Check(t, apitest.Want{Operation: operation, Method: http.MethodPut, URL: containerURL + "/a%20b/c.img", Header: header}, apitest.Reply{
		Status: http.StatusCreated, Header: http.Header{"Etag": {digestOf(nil)}, "Last-Modified": {"Sun, 01 Mar 2026 12:00:01 GMT"}},
	}, &objectstorage.PutResult{ETag: digestOf(nil), LastModified: modified}, func(ctx context.Context, client *nhncloud.Client) (*objectstorage.PutResult, error) {
		return put(ctx, objectstorage.New(client).Objects, nil)
	})
	failing(t, operation, "PUT /photos/a%20b/c.img", func(ctx context.Context, objects *objectstorage.ObjectsService) (any, error) {
		return put(ctx, objects, nil)
	})
	t.Run("options", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, lost, reply(http.StatusCreated, "", "ETag", digestOf(nil)))
		_, err := put(t.Context(), s.objects, &objectstorage.PutOptions{ContentType: "image/x", Metadata: map[string]string{"a": "b"}, ETag: digestOf([]byte("1"))})
		require.NoError(t, err)
		a := s.arrival(2)
		assert.Equal(t, "image/x", a.header.Get("Content-Type"))
		assert.Equal(t, "b", a.header.Get("X-Object-Meta-A"))
		assert.NotContains(t, a.header, "Etag", "it is that of the content")
		assert.Zero(t, a.length)
	})
	t.Run("no container", func(t *testing.T) {
		t.Parallel()
		_, err := put(t.Context(), newScript(t, html(http.StatusNotFound, "Not Found")).objects, nil)
		assert.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
	})
	refusingNames(t, operation, "Container", "Object", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
		_, err := objects.PutDynamic(ctx, container, name, "b", "c", nil)
		return err
	})
	refusingNames(t, operation, "segmentContainer", "prefix", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
		_, err := objects.PutDynamic(ctx, "a", "b", container, name, nil)
		return err
	})
	refusing(t, operation, `Metadata "a"`, func(ctx context.Context, objects *objectstorage.ObjectsService) error {
		_, err := put(ctx, objects, &objectstorage.PutOptions{Metadata: map[string]string{"a": "\xff"}})
		return err
	})
}

// The segments of a segment's name are part of the path.
func TestPutSegmentRefused(t *testing.T) {
	t.Parallel()
	for field, at := range map[string][2]string{"Count": {"a", "b/c"}, "Object": {"", "1"}, "Object:dots": {"a", ".."}, "Count:empty": {"a", ""}} {
		field, _, _ = strings.Cut(field, ":")
		refusing(t, "objectstorage-put-segment", field, func(ctx context.Context, objects *objectstorage.ObjectsService) error {
			_, err := objects.PutSegment(ctx, "photos", at[0], at[1], nil, nil)
			return err
		})
	}
}

// The encoding of the content is not that of the manifest.
func TestSegmentsOfEncoded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	options := inParts()
	options.ContentEncoding = "gzip"
	data := noise(1, 3*smallPart)
	_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
	require.NoError(t, err)
	segments, err := r.objects.Segments(t.Context(), depot, "name")
	require.NoError(t, err)
	assert.Len(t, segments, 3)
	r.holds("name", data)
}

func TestSegments(t *testing.T) {
	t.Parallel()
	const operation = "objectstorage-get-slo-manifest"
	want := apitest.Want{Operation: operation, Method: http.MethodGet, URL: containerURL + "/a%20b/c.mp4?multipart-manifest=get"}
	segments := func(ctx context.Context, client *nhncloud.Client) ([]objectstorage.Segment, error) {
		return objectstorage.New(client).Objects.Segments(ctx, "photos", "a b/c.mp4")
	}
	checkList(t, want, apitest.Reply{Body: "@" + operation + ".response.json"}, []objectstorage.Segment{
		{Container: "photos_segments", Name: "a b/c.mp4/00000001", Hash: "bad093d7f49dc495751cb3f7f8b2530c", Bytes: 1048576},
		{Container: "photos_segments", Name: "한글/2", Hash: "6ce1ad6b1a8a4f0d9a4cfb4f8f0ff2f4", Bytes: 2097152, Range: "0-1048575"},
		{Container: "photos", Name: "other.mp4", Hash: "1c7a3f7e5bb9e5a1b0f4ef3f9e6e3a52", Bytes: 5, SubSLO: true},
	}, segments)
	failing(t, operation, "GET /photos/a%20b/c.mp4?multipart-manifest=get", func(ctx context.Context, objects *objectstorage.ObjectsService) (any, error) {
		return objects.Segments(ctx, "photos", "a b/c.mp4")
	})
	refusingNames(t, operation, "Container", "Object", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
		_, err := objects.Segments(ctx, container, name)
		return err
	})
	for name, body := range map[string]string{"none": `[]`, "no name": `[{"hash": "x"}]`, "no container": `[{"name": "x"}]`, "null": `[null]`} {
		t.Run("no segments "+name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(want, apitest.Reply{Body: body})
			got, err := segments(t.Context(), m.Client)
			assert.Nil(t, got)
			e := failsAs(t, nhncloud.ErrBadAnswer, err)
			assert.Equal(t, operation, e.Operation)
		})
	}
}

// Segments of an object that is no large one are a failure, whatever it holds.
func TestSegmentsOfOthers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, content := range map[string]string{"text": "hello", "empty": "", "list": "[]", "null": "null"} {
		r.put(depot, name, []byte(content))
		_, err := r.objects.Segments(t.Context(), depot, name)
		failsAs(t, nhncloud.ErrBadAnswer, err)
	}
}
