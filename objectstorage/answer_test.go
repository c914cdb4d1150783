package objectstorage_test

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// page is what a proxy may answer with.
func page(status int, header ...string) http.HandlerFunc {
	return reply(status, "<html><body>Welcome</body></html>", append([]string{"Content-Type", "text/html"}, header...)...)
}

// What does not show that the content was stored is no success, and nothing is
// made undone for it.
func TestPutBadAnswers(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{"small": noise(1, 100), "medium": noise(2, 300*kib), "large": noise(3, 2<<20)} {
		for answer, step := range map[string]http.HandlerFunc{
			"page":           page(200),
			"page with ETag": page(200, "ETag", digestOf(data)),
			"200":            reply(200, "", "ETag", digestOf(data)),
			"202":            reply(202, "", "ETag", digestOf(data)),
			"204":            reply(204, "", "ETag", digestOf(data)),
			"206":            reply(206, "", "ETag", digestOf(data)),
			"no ETag":        reply(201, ""),
			"empty ETag":     reply(201, "", "ETag", `""`),
		} {
			for source, open := range map[string]func([]byte) io.Reader{"again": again, "seeking": seeking, "once": once} {
				for operation, put := range puts {
					if name != "small" && operation != "objectstorage-put-object" {
						continue // they are sent in the same way
					}
					t.Run(fmt.Sprintf("%s/%s/%s/%s", name, answer, source, operation), func(t *testing.T) {
						t.Parallel()
						s := newScript(t, append(slices.Clone(put.before), step)...)
						result, err := put.call(t.Context(), s.objects, "photos", "a", open(data), nil)
						assert.Nil(t, result)
						e := failsAs(t, nhncloud.ErrBadAnswer, err)
						assert.Equal(t, operation, e.Operation)
					})
				}
			}
		}
	}
}

// answered is a client whose PUTs are answered when so many bytes of them were
// read.
func answered(t *testing.T, s *script, etag string, after int64) *objectstorage.ObjectsService {
	t.Helper()
	client, err := s.client.With(nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			if req.Method != http.MethodPut {
				return next.RoundTrip(req)
			}
			_, err := io.CopyN(io.Discard, req.Body, after)
			assert.NoError(t, err)
			assert.NoError(t, req.Body.Close())
			return &http.Response{StatusCode: 201, Header: http.Header{"Etag": {etag}}, Body: http.NoBody, Request: req}, nil
		})
	}))
	require.NoError(t, err)
	return objectstorage.New(client).Objects
}

// Content that was not read to its end was not stored, even where nothing of it
// was read, and whatever the answer says.
func TestPutAnsweredBeforeItsEnd(t *testing.T) {
	t.Parallel()
	data := noise(1, 300*kib)
	small := data[:100]
	file, err := os.Open(writeFile(t, t.TempDir(), "file", data))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, file.Close()) })
	for name, test := range map[string]struct {
		source func() io.Reader
		size   int64
	}{
		"again":              {source: func() io.Reader { return again(data) }, size: 300 * kib},
		"seeking":            {source: func() io.Reader { return seeking(data) }, size: 300 * kib},
		"file":               {source: func() io.Reader { return io.NewSectionReader(file, 0, 300*kib) }, size: 300 * kib},
		"once":               {source: func() io.Reader { return once(data) }, size: 300 * kib},
		"once of known size": {source: func() io.Reader { return once(data) }, size: 300 * kib},
		"small, once":        {source: func() io.Reader { return once(small) }, size: 100},
		"small, unchecked":   {source: func() io.Reader { return again(small) }, size: 100},
	} {
		for _, read := range []int64{0, 1, test.size - 1} {
			t.Run(name+"/"+strconv.FormatInt(read, 10), func(t *testing.T) {
				t.Parallel()
				for _, unchecked := range []bool{false, true} {
					if name == "small, unchecked" && !unchecked {
						continue // goes with the header, and its ETag tells
					}
					s := newScript(t)
					options := &objectstorage.PutOptions{SkipChecksum: unchecked}
					if name == "once of known size" {
						options.Size = test.size
					}
					result, err := answered(t, s, "", read).Put(t.Context(), "photos", "a", test.source(), options)
					assert.Nil(t, result)
					failsAs(t, nhncloud.ErrBadAnswer, err)
				}
			})
		}
	}
	t.Run("without the end", func(t *testing.T) {
		t.Parallel()
		// All bytes were read, but not that there are no more.
		s := newScript(t, reply(200, "", "ETag", digestOf(data[:5])))
		_, err := answered(t, s, digestOf(data), 300*kib).Put(t.Context(), "photos", "a", once(data), nil)
		failsAs(t, nhncloud.ErrBadAnswer, err)
	})
}

// The same over HTTP/2, where an answer does not end the connection.
func TestPutAnsweredBeforeItsEndHTTP2(t *testing.T) {
	t.Parallel()
	data := make([]byte, 20<<20)
	path := writeFile(t, t.TempDir(), "file", data)
	for name, header := range map[string]fields{"no ETag": nil, "ETag of nothing": {"ETag", digestOf(nil)}, "ETag": {"ETag", digestOf(data)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				assert.Equal(t, 2, r.ProtoMajor)
				if r.Method != http.MethodPut {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				header.set(w.Header())
				w.WriteHeader(http.StatusCreated)
			}))
			server.EnableHTTP2 = true
			server.StartTLS()
			t.Cleanup(server.Close)
			client, err := nhncloud.NewClient(nhncloud.Config{Region: nhncloud.KR1, TenantID: "t"},
				nhncloud.WithTokenSource(nhncloud.StaticToken("token")), nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, server.URL), nhncloud.WithHTTPClient(server.Client()))
			require.NoError(t, err)
			objects := objectstorage.New(client).Objects
			for _, unchecked := range []bool{false, true} {
				options := &objectstorage.UploadOptions{PutOptions: objectstorage.PutOptions{SkipChecksum: unchecked}}
				result, err := objects.UploadFile(t.Context(), depot, "name", path, options)
				assert.Nil(t, result)
				failsAs(t, nhncloud.ErrBadAnswer, err)
				assert.ErrorContains(t, err, "before it had the content")
			}
		})
	}
}

// A manifest whose answer tells nothing of it is not there.
func TestManifestsWithoutETag(t *testing.T) {
	t.Parallel()
	for _, unchecked := range []bool{false, true} {
		s := newScript(t, reply(201, ""), reply(201, ""))
		options := &objectstorage.PutOptions{SkipChecksum: unchecked}
		_, static := s.objects.PutStatic(t.Context(), "photos", "a", whole(), options)
		_, dynamic := s.objects.PutDynamic(t.Context(), "photos", "a", "photos", "b", options)
		for _, err := range []error{static, dynamic} {
			if unchecked {
				require.NoError(t, err)
			} else {
				failsAs(t, nhncloud.ErrBadAnswer, err)
			}
		}
	}
	s := newScript(t, reply(201, "", "ETag", digestOf([]byte("x"))))
	_, err := s.objects.PutDynamic(t.Context(), "photos", "a", "photos", "b", nil)
	failsAs(t, nhncloud.ErrChecksumMismatch, err)
}

// The size of an object that the service does not tell is not 0.
func TestHeadWithoutSize(t *testing.T) {
	t.Parallel()
	for name, length := range map[string]string{"none": "", "unreadable": "many", "negative": "-5", "too large": "9223372036854775808"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.put(depot, "name", []byte("abc"))
			r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
				resp, err := next.RoundTrip(req)
				if err == nil && operation == "objectstorage-head-object" {
					resp.Header.Set("Content-Length", length)
				}
				return resp, err
			})
			object, err := r.objects.Head(t.Context(), depot, "name")
			require.NoError(t, err)
			assert.EqualValues(t, -1, object.Size)
			out := &buffer{make([]byte, 3)}
			object, err = r.objects.Download(t.Context(), depot, "name", out, nil)
			require.NoError(t, err)
			assert.EqualValues(t, 3, object.Size)
			assert.Equal(t, "abc", string(out.data))
		})
	}
}

// What an old object was made of is deleted when the service shows the new one,
// and stays for any answer that only looks like a success.
func TestOldSegmentsStay(t *testing.T) {
	t.Parallel()
	old, data := noise(1, 3*smallPart), noise(2, 4*smallPart)
	lying := func(status int, etag string) meddler {
		return func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			switch operation {
			case "objectstorage-put-object", "objectstorage-put-slo-manifest", "objectstorage-put-dlo-manifest":
				if req.Body != nil {
					_, _ = io.Copy(io.Discard, req.Body)
				}
				resp := answer(status)
				resp.Header.Set("ETag", cmp.Or(etag, req.Header.Get("ETag")))
				return resp, nil
			}
			return next.RoundTrip(req)
		}
	}
	for name, lie := range map[string]meddler{
		"page": lying(200, ""), "204": lying(204, ""), "201": lying(201, ""), "201 without ETag": lying(201, `""`), "201 with that of nothing": lying(201, digestOf(nil)),
	} {
		for how, change := range map[string]func(o *objectstorage.UploadOptions){
			"one piece":            func(o *objectstorage.UploadOptions) { o.Threshold = 0 },
			"one piece, unchecked": func(o *objectstorage.UploadOptions) { o.Threshold, o.SkipChecksum = 0, true },
			"parts":                func(*objectstorage.UploadOptions) {},
			"parts, unchecked":     func(o *objectstorage.UploadOptions) { o.SkipChecksum = true },
			"dynamic":              func(o *objectstorage.UploadOptions) { o.Dynamic = true },
			"dynamic, unchecked":   func(o *objectstorage.UploadOptions) { o.Dynamic, o.SkipChecksum = true, true },
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				r.putLarge("name", old)
				segments := r.list(depotSegments)
				r.meddleWith(lie)
				options := inParts()
				options.DeleteOldSegments = true
				change(options)
				_, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
				r.leaveAlone()
				require.Error(t, err)
				require.ErrorAs(t, err, new(*nhncloud.Error))
				r.holds("name", old)
				assert.Subset(t, r.list(depotSegments), segments)
			})
		}
	}
	// The new object may not be seen yet, or it can't be looked for.
	t.Run("nobody knows", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.putLarge("name", old)
		segments := r.list(depotSegments)
		options := inParts()
		options.DeleteOldSegments = true
		var stored atomic.Bool // parts are sent side by side
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-head-object" && stored.Load() {
				return answer(http.StatusForbidden), nil
			}
			resp, err := next.RoundTrip(req)
			if operation == "objectstorage-put-slo-manifest" {
				stored.Store(true)
			}
			return resp, err
		})
		result, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
		r.leaveAlone()
		require.NotNil(t, result, "it is stored")
		failsAs(t, nhncloud.ErrForbidden, err)
		var left *objectstorage.LeftoverError
		require.ErrorAs(t, err, &left)
		assert.Len(t, left.Objects, 3)
		assert.Subset(t, r.list(depotSegments), segments)
		r.holds("name", data)
	})
}
