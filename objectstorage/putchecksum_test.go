package objectstorage_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// What was stored other than it was sent is deleted, but only if it is still
// there.
func TestPutWrongETag(t *testing.T) {
	t.Parallel()
	other := digestOf([]byte("other"))
	for size, data := range map[string][]byte{"small": noise(1, 100), "medium": noise(2, 300*kib), "large": noise(3, 2<<20)} {
		for operation, put := range puts {
			if size != "small" && operation != "objectstorage-put-object" {
				continue // they are sent in the same way
			}
			for source, open := range map[string]func([]byte) io.Reader{"again": again, "once": once} {
				for name, clean := range map[string][]http.HandlerFunc{
					"deleted":    {early(200, "", "ETag", `"`+other+`"`), reply(204, "")},
					"replaced":   {early(200, "", "ETag", digestOf(data))},
					"gone":       {early(404, "")},
					"not whole":  {early(200, "", "ETag", other), early(503, ""), early(503, ""), early(503, ""), early(503, "")},
					"looked for": {early(503, ""), early(200, "", "ETag", other), reply(204, "")},
				} {
					t.Run(size+"/"+operation+"/"+source+"/"+name, func(t *testing.T) {
						t.Parallel()
						before := len(put.before)
						s := newScript(t, append(append(put.before[:before:before], reply(201, "", "ETag", `"`+other+`"`)), clean...)...)
						result, err := put.call(t.Context(), s.objects, "photos", "a b/c.txt", open(data), nil)
						assert.Nil(t, result)
						e := failsAs(t, nhncloud.ErrChecksumMismatch, err)
						assert.Equal(t, operation, e.Operation)
						var sum *nhncloud.ChecksumError
						require.ErrorAs(t, err, &sum)
						assert.Equal(t, &nhncloud.ChecksumError{Algorithm: "MD5", Want: digestOf(data), Got: other}, sum)
						assert.ErrorContains(t, err, "MD5 is "+other+", not "+digestOf(data))
						path := strings.TrimPrefix(put.line, "PUT")
						for i, line := range s.lines()[before+1:] {
							assert.Contains(t, []string{"HEAD" + path + " token-1", "DELETE" + path + " token-1"}, line, "request %d after it", i)
						}
					})
				}
			}
		}
	}
}

// The cleaning up is done although the context has ended.
func TestPutWrongETagCancelled(t *testing.T) {
	t.Parallel()
	other := digestOf([]byte("other"))
	s := newScript(t, reply(201, "", "ETag", other), early(200, "", "ETag", other), reply(204, ""))
	ctx, cancel := context.WithCancel(t.Context())
	client, err := s.client.With(nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if r.Method == http.MethodPut {
				cancel()
			}
			return resp, err
		})
	}))
	require.NoError(t, err)
	_, err = objectstorage.New(client).Objects.Put(ctx, "photos", "a", strings.NewReader("hello"), &objectstorage.PutOptions{
		Progress: func(nhncloud.TransferProgress) { t.Error("nothing was stored") },
	})
	failsAs(t, nhncloud.ErrChecksumMismatch, err)
	assert.Len(t, s.arrivals(), 3)
}

// A checksum is compared where there is one, and where it is wanted.
func TestPutUnchecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options *objectstorage.PutOptions
		etag    string
	}{
		"skipped":         {&objectstorage.PutOptions{SkipChecksum: true}, digestOf(nil)},
		"none told":       {&objectstorage.PutOptions{SkipChecksum: true}, ""},
		"capitals":        {nil, strings.ToUpper(digestOf([]byte("hello")))},
		"quoted":          {nil, `"` + digestOf([]byte("hello")) + `"`},
		"weak":            {nil, `W/"` + digestOf([]byte("hello")) + `"`},
		"known":           {&objectstorage.PutOptions{ETag: digestOf([]byte("hello"))}, digestOf([]byte("hello"))},
		"known but other": {&objectstorage.PutOptions{ETag: digestOf(nil), SkipChecksum: true}, digestOf([]byte("hello"))},
	} {
		for source, open := range map[string]func([]byte) io.Reader{"again": again, "once": once} {
			t.Run(name+"/"+source, func(t *testing.T) {
				t.Parallel()
				s := newScript(t, reply(201, "", "ETag", test.etag))
				result, err := s.objects.Put(t.Context(), "photos", "a", open([]byte("hello")), test.options)
				require.NoError(t, err)
				assert.EqualValues(t, 5, result.Size)
				announced := test.options == nil && source == "again" || test.options != nil && test.options.ETag != ""
				assert.Equal(t, announced, s.arrival(1).header.Get("ETag") != "")
			})
		}
	}
}

// The service finds other content than was announced itself.
func TestPutUnprocessable(t *testing.T) {
	t.Parallel()
	data := noise(1, 300*kib)
	s := newScript(t, html(422, "Unprocessable Entity"), html(422, "Unprocessable Entity"), html(422, "Unprocessable Entity"))
	_, err := s.objects.Put(t.Context(), "photos", "a", again(data), nil)
	e := failsAs(t, nhncloud.ErrChecksumMismatch, err)
	assert.NotErrorIs(t, err, nhncloud.ErrInvalidArgument, "one kind")
	assert.Equal(t, 422, e.StatusCode)
	assert.Equal(t, "tx123", e.RequestID)
	assert.ErrorContains(t, err, "MD5 is not "+digestOf(data))
	_, err = s.objects.Put(t.Context(), "photos", "a", once(data), &objectstorage.PutOptions{ETag: digestOf(nil)})
	var sum *nhncloud.ChecksumError
	require.ErrorAs(t, err, &sum)
	assert.Equal(t, &nhncloud.ChecksumError{Algorithm: "MD5", Want: digestOf(nil)}, sum)
	_, err = s.objects.Put(t.Context(), "photos", "a", once(data), nil)
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	assert.NotErrorIs(t, err, nhncloud.ErrChecksumMismatch, "no checksum was announced")
}

// In the cloud, a wrong checksum leaves nothing behind.
func TestPutWrongChecksumInTheCloud(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i, source := range []io.Reader{strings.NewReader("hello"), once([]byte("hello")), once(noise(1, 300*kib))} {
		_, err := r.objects.Put(t.Context(), depot, fmt.Sprint(i), source, &objectstorage.PutOptions{ETag: digestOf(nil)})
		require.ErrorIs(t, err, nhncloud.ErrChecksumMismatch)
	}
	assert.Empty(t, r.list(depot))
}

// A byte that flips on its way is found by the service, or else afterwards.
func TestPutFlippedByte(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]io.Reader{
		"announced": again(noise(1, 300*kib)), "large": again(noise(2, 2<<20)), "once": once(noise(3, 300*kib)), "small": strings.NewReader("hello"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.meddleWith(func(_ string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
				if req.Method == http.MethodPut {
					req = req.Clone(req.Context())
					req.Body = struct {
						io.Reader
						io.Closer
					}{&flipping{Reader: req.Body}, req.Body}
				}
				return next.RoundTrip(req)
			})
			_, err := r.objects.Put(t.Context(), depot, "a", source, nil)
			require.ErrorIs(t, err, nhncloud.ErrChecksumMismatch)
			assert.Empty(t, r.list(depot))
		})
	}
}

// flipping is content whose first byte is another.
type flipping struct {
	io.Reader
	done bool
}

func (f *flipping) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if n > 0 && !f.done {
		p[0] ^= 1
		f.done = true
	}
	return n, err
}
