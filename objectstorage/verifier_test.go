package objectstorage_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// A flipped byte is found, with both values, and the end never comes.
func TestGetFlippedByte(t *testing.T) {
	t.Parallel()
	data := noise(5, 200*kib)
	for _, etag := range []string{digestOf(data), `"` + digestOf(data) + `"`} {
		bad := bytes.Clone(data)
		bad[100] ^= 0x80
		s := newScript(t, object(bad, "ETag", etag))
		content, err := s.objects.Get(t.Context(), "photos", "a", nil)
		require.NoError(t, err)
		got, err := readAll(t, content)
		assert.Less(t, len(got), len(data))
		failsAs(t, nhncloud.ErrChecksumMismatch, err)
		var sum *nhncloud.ChecksumError
		require.ErrorAs(t, err, &sum)
		assert.Equal(t, &nhncloud.ChecksumError{Algorithm: "MD5", Want: digestOf(data), Got: digestOf(bad)}, sum)
		assert.ErrorContains(t, err, "MD5 is "+digestOf(bad)+", not "+digestOf(data))
	}
}

// segmentsOf is the manifest of segments of a size, and their content.
func segmentsOf(data []byte, size int) (manifest string, segments [][]byte) {
	var entries []string
	for number := 0; len(data) > 0; number++ {
		n := min(size, len(data))
		segments = append(segments, data[:n])
		entries = append(entries, fmt.Sprintf(`{"name": "/photos_segments/a/%08d", "hash": %q, "bytes": %d, "content_type": "x", "last_modified": "2026-03-01T12:00:01.000000"}`, number, digestOf(data[:n]), n))
		data = data[n:]
	}
	return "[" + strings.Join(entries, ",") + "]", segments
}

// The content of a static large object is checked segment by segment.
func TestGetStatic(t *testing.T) {
	t.Parallel()
	data := noise(6, 100*kib)
	manifest, _ := segmentsOf(data, 30*kib)
	flipped := func(at int) []byte {
		bad := bytes.Clone(data)
		bad[at] ^= 1
		return bad
	}
	for name, test := range map[string]struct {
		content  []byte
		manifest string
		good     bool
		least    int // bytes that are good and come
	}{
		"whole":           {content: data, manifest: manifest, good: true},
		"first segment":   {content: flipped(5), manifest: manifest},
		"second segment":  {content: flipped(31 * kib), manifest: manifest, least: 29 * kib},
		"last segment":    {content: flipped(100*kib - 1), manifest: manifest, least: 90 * kib},
		"longer":          {content: append(bytes.Clone(data), 'x'), manifest: manifest, least: 90 * kib},
		"shorter":         {content: data[:99*kib], manifest: manifest, least: 90 * kib},
		"fewer segments":  {content: data[:60*kib], manifest: manifest, least: 29 * kib},
		"ranges":          {content: flipped(5), manifest: strings.Replace(manifest, `"bytes"`, `"range": "0-9", "bytes"`, 1), good: true},
		"large segments":  {content: flipped(5), manifest: strings.Replace(manifest, `"bytes"`, `"sub_slo": true, "bytes"`, 1), good: true},
		"single segment":  {content: data, manifest: `[{"name": "/a/b", "hash": "` + digestOf(data) + `", "bytes": ` + strconv.Itoa(len(data)) + `}]`, good: true},
		"empty at an end": {content: data, manifest: `[{"name": "/a/b", "hash": "` + digestOf(data) + `", "bytes": ` + strconv.Itoa(len(data)) + `}, {"name": "/a/c", "hash": "` + digestOf(nil) + `", "bytes": 0}]`, good: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, object(test.content, "X-Static-Large-Object", "True", "ETag", `"0123456789abcdef0123456789abcdef"`), reply(200, test.manifest))
			content, err := s.objects.Get(t.Context(), "photos", "a", nil)
			require.NoError(t, err)
			assert.Equal(t, []string{"GET /photos/a token-1", "GET /photos/a?multipart-manifest=get token-1"}, s.lines())
			got, err := readAll(t, content)
			assert.GreaterOrEqual(t, len(got), test.least)
			if test.good {
				require.NoError(t, err)
				assert.Equal(t, digestOf(test.content), digestOf(got))
				return
			}
			failsAs(t, nhncloud.ErrChecksumMismatch, err)
		})
	}
	t.Run("no manifest", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, object(data, "X-Static-Large-Object", "True"), html(403, "Forbidden"))
		content, err := s.objects.Get(t.Context(), "photos", "a", nil)
		assert.Nil(t, content)
		assert.ErrorIs(t, err, nhncloud.ErrForbidden)
	})
	t.Run("unchecked", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, object(flipped(5), "X-Static-Large-Object", "True"))
		content, err := s.objects.Get(t.Context(), "photos", "a", &objectstorage.GetOptions{SkipChecksum: true})
		require.NoError(t, err)
		_, err = readAll(t, content)
		require.NoError(t, err)
	})
}

// There is nothing that the content of these could be compared with.
func TestGetUnchecked(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]fields{
		"dynamic": {"X-Object-Manifest", "photos_segments/a/", "ETag", `"0123456789abcdef0123456789abcdef"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, object([]byte("hello"), header...))
			content, err := s.objects.Get(t.Context(), "photos", "a", nil)
			require.NoError(t, err)
			got, err := readAll(t, content)
			require.NoError(t, err)
			assert.Equal(t, "hello", string(got))
		})
	}
}

// What shows no object, or has no MD5 to compare its content with, is the page of
// somebody else. Without a checksum, what shows an object at all is taken.
func TestGetNothingToCheck(t *testing.T) {
	t.Parallel()
	times := fields{"Last-Modified", "Sun, 01 Mar 2026 12:00:01 GMT"}
	for name, test := range map[string]struct {
		header fields
		object bool
	}{
		"no tag":          {append(fields{"ETag", ""}, times...), true},
		"tag of a page":   {append(fields{"ETag", `"5f3-62a1b2c3"`}, times...), true},
		"tag like an MD5": {append(fields{"ETag", "0123456789abcdef0123456789abcdeg"}, times...), true},
		"a page":          {fields{"Content-Type", "text/html"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, reply(http.StatusOK, "<html>hello</html>", test.header...), reply(http.StatusOK, "<html>hello</html>", test.header...))
			_, err := s.objects.Get(t.Context(), "photos", "a", nil)
			failsAs(t, nhncloud.ErrBadAnswer, err)
			content, err := s.objects.Get(t.Context(), "photos", "a", &objectstorage.GetOptions{SkipChecksum: true})
			if !test.object {
				failsAs(t, nhncloud.ErrBadAnswer, err)
				return
			}
			require.NoError(t, err)
			require.NoError(t, content.Close())
		})
	}
}

// Content whose end nothing tells, and that nothing is compared with, may be cut
// off.
func TestGetWithoutEnd(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		encoding, etag string
		manifest       string
		ok             bool
	}{
		"dynamic":           {"Connection: close", "x", "X-Object-Manifest: photos_segments/a/", false},
		"dynamic in chunks": {"Transfer-Encoding: chunked", "x", "X-Object-Manifest: photos_segments/a/", true},
		"checked":           {"Connection: close", digestOf([]byte("5\r\nhello\r\n0\r\n\r\n")), "X-A: b", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err == nil {
					_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nETag: %s\r\n%s\r\n%s\r\n\r\n5\r\nhello\r\n0\r\n\r\n", test.etag, test.manifest, test.encoding)
					_ = conn.Close()
				}
			})
			content, err := s.objects.Get(t.Context(), "photos", "a", nil)
			if !test.ok {
				failsAs(t, nhncloud.ErrBadAnswer, err)
				return
			}
			require.NoError(t, err)
			_, err = readAll(t, content)
			require.NoError(t, err)
		})
	}
}
