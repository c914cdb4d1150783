package objectstorage_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// object answers with content, or the part of it that is asked for, as the
// service does.
func object(content []byte, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", digestOf(content))
		fields(header).set(w.Header())
		if match := r.Header.Get("If-Match"); match != "" && match != "*" {
			if strings.Trim(match, `"`) != strings.Trim(w.Header().Get("ETag"), `"`) {
				w.WriteHeader(http.StatusPreconditionFailed)
				return
			}
			r = r.Clone(r.Context())
			r.Header.Del("If-Match") // http.ServeContent knows quoted ETags alone
		}
		http.ServeContent(w, r, "", modified, bytes.NewReader(content))
	}
}

// breaking is object that closes the connection after so many bytes of the
// answer, which all arrive.
func breaking(after int, content []byte, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		object(content, header...)(&broken{ResponseWriter: w, left: after}, r)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// broken drops what is too much.
type broken struct {
	http.ResponseWriter
	left int
}

func (b *broken) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	_, _ = b.ResponseWriter.Write(p[:n])
	return len(p), nil
}

// readAll reads content in odd pieces, and closes it.
func readAll(t *testing.T, content *objectstorage.Content) ([]byte, error) {
	t.Helper()
	data, err := io.ReadAll(iotest.HalfReader(content))
	require.NoError(t, content.Close())
	return data, err
}

func TestObjectsGet(t *testing.T) {
	t.Parallel()
	const operation, line = "objectstorage-get-object", "GET /photos/a%20b/c.jpg"
	t.Run("documented", func(t *testing.T) {
		t.Parallel()
		header := fixture(t, operation+".response.headers.txt")
		s := newScript(t, reply(http.StatusOK, "x", flat(header)...), reply(http.StatusOK, "x", flat(header)...))
		content, err := s.objects.Get(t.Context(), "photos", "a b/c.jpg", nil)
		require.NoError(t, err)
		assert.Equal(t, objectstorage.Object{
			Name: "a b/c.jpg", ContentType: "application/octet-stream", Size: 1, ETag: "bad093d7f49dc495751cb3f7f8b2530c",
			LastModified: time.Date(2022, 5, 30, 15, 16, 43, 0, time.UTC), Timestamp: time.Unix(1653923802, 289700000).UTC(),
		}, content.Object)
		assert.Zero(t, content.Offset)
		assert.EqualValues(t, 1, content.Length)
		data, err := readAll(t, content)
		assert.Empty(t, data)
		require.ErrorIs(t, err, nhncloud.ErrChecksumMismatch, "the document does not tell the content")
		var sum *nhncloud.ChecksumError
		require.ErrorAs(t, err, &sum)
		assert.Equal(t, &nhncloud.ChecksumError{Algorithm: "MD5", Want: "bad093d7f49dc495751cb3f7f8b2530c", Got: digestOf([]byte("x"))}, sum)

		content, err = s.objects.Get(t.Context(), "photos", "a b/c.jpg", &objectstorage.GetOptions{SkipChecksum: true})
		require.NoError(t, err)
		data, err = readAll(t, content)
		require.NoError(t, err)
		assert.Equal(t, "x", string(data))
		assert.Equal(t, []string{line + " token-1", line + " token-1"}, s.lines())
		got := s.arrivals()[0].header
		assert.Equal(t, "*/*", got.Get("Accept"))
		assert.Equal(t, "identity", got.Get("Accept-Encoding"), "what is stored is wanted")
		for _, name := range []string{"Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"} {
			assert.NotContains(t, got, name)
		}
	})
	failing(t, operation, line, func(ctx context.Context, objects *objectstorage.ObjectsService) (any, error) {
		return objects.Get(ctx, "photos", "a b/c.jpg", nil)
	})
	refusingNames(t, operation, "Container", "Object", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
		_, err := objects.Get(ctx, container, name, nil)
		return err
	})
	for name, options := range map[string]objectstorage.GetOptions{
		"negative":      {Length: -1},
		"from the end":  {Offset: -5, Length: 2},
		"at the corner": {Offset: -1, Length: -1},
	} {
		t.Run("refused Length "+name, func(t *testing.T) {
			t.Parallel()
			refusing(t, operation, "Length", func(ctx context.Context, objects *objectstorage.ObjectsService) error {
				_, err := objects.Get(ctx, "photos", "a", &options)
				return err
			})
		})
	}
}

func TestGetOptions(t *testing.T) {
	t.Parallel()
	data := []byte("0123456789")
	at := time.Date(2026, 3, 1, 21, 0, 1, 999, time.FixedZone("KST", 9*60*60))
	for name, test := range map[string]struct {
		options        objectstorage.GetOptions
		name, value    string // of the header field that is sent
		want           string
		offset, length int64
	}{
		"whole":           {length: 10, want: "0123456789"},
		"from":            {options: objectstorage.GetOptions{Offset: 4}, name: "Range", value: "bytes=4-", offset: 4, length: 6, want: "456789"},
		"first":           {options: objectstorage.GetOptions{Length: 3}, name: "Range", value: "bytes=0-2", length: 3, want: "012"},
		"middle":          {options: objectstorage.GetOptions{Offset: 4, Length: 3}, name: "Range", value: "bytes=4-6", offset: 4, length: 3, want: "456"},
		"beyond":          {options: objectstorage.GetOptions{Offset: 8, Length: 30}, name: "Range", value: "bytes=8-37", offset: 8, length: 2, want: "89"},
		"end":             {options: objectstorage.GetOptions{Offset: -3}, name: "Range", value: "bytes=-3", offset: 7, length: 3, want: "789"},
		"end of too few":  {options: objectstorage.GetOptions{Offset: -30}, name: "Range", value: "bytes=-30", length: 10, want: "0123456789"},
		"match":           {options: objectstorage.GetOptions{IfMatch: digestOf(data)}, name: "If-Match", value: `"` + digestOf(data) + `"`, length: 10, want: "0123456789"},
		"match quoted":    {options: objectstorage.GetOptions{IfMatch: `"` + digestOf(data) + `"`}, name: "If-Match", value: `"` + digestOf(data) + `"`, length: 10, want: "0123456789"},
		"match any":       {options: objectstorage.GetOptions{IfMatch: "*"}, name: "If-Match", value: "*", length: 10, want: "0123456789"},
		"none match":      {options: objectstorage.GetOptions{IfNoneMatch: "abc"}, name: "If-None-Match", value: `"abc"`, length: 10, want: "0123456789"},
		"modified":        {options: objectstorage.GetOptions{IfModifiedSince: at.Add(-time.Hour)}, name: "If-Modified-Since", value: "Sun, 01 Mar 2026 11:00:01 GMT", length: 10, want: "0123456789"},
		"unmodified":      {options: objectstorage.GetOptions{IfUnmodifiedSince: at}, name: "If-Unmodified-Since", value: "Sun, 01 Mar 2026 12:00:01 GMT", length: 10, want: "0123456789"},
		"quoted checksum": {options: objectstorage.GetOptions{IfNoneMatch: `W/"x"`}, name: "If-None-Match", value: `"x"`, length: 10, want: "0123456789"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, object(data, "ETag", `"`+digestOf(data)+`"`))
			content, err := s.objects.Get(t.Context(), "photos", "a", &test.options)
			require.NoError(t, err)
			assert.Equal(t, test.offset, content.Offset)
			assert.Equal(t, test.length, content.Length)
			assert.Equal(t, digestOf(data), content.ETag)
			assert.EqualValues(t, 10, content.Size, "of the object")
			got, err := readAll(t, content)
			require.NoError(t, err)
			assert.Equal(t, test.want, string(got))
			if test.name != "" {
				assert.Equal(t, test.value, s.arrival(1).header.Get(test.name))
			}
		})
	}
	for name, test := range map[string]struct {
		options objectstorage.GetOptions
		kind    error
	}{
		"match":      {objectstorage.GetOptions{IfMatch: "abc"}, nhncloud.ErrPreconditionFailed},
		"none match": {objectstorage.GetOptions{IfNoneMatch: digestOf(data)}, nhncloud.ErrNotModified},
		"modified":   {objectstorage.GetOptions{IfModifiedSince: at}, nhncloud.ErrNotModified},
		"unmodified": {objectstorage.GetOptions{IfUnmodifiedSince: at.Add(-time.Hour)}, nhncloud.ErrPreconditionFailed},
		"range":      {objectstorage.GetOptions{Offset: 10}, nhncloud.ErrRangeNotSatisfiable},
	} {
		t.Run("not "+name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, object(data, "ETag", `"`+digestOf(data)+`"`))
			content, err := s.objects.Get(t.Context(), "photos", "a", &test.options)
			assert.Nil(t, content)
			assert.ErrorIs(t, err, test.kind)
		})
	}
}
