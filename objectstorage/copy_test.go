package objectstorage_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestCopy(t *testing.T) {
	t.Parallel()
	type copying func(s *objectstorage.ObjectsService, ctx context.Context, from, to objectstorage.Location, options *objectstorage.CopyOptions) (*objectstorage.PutResult, error)
	image, movie := objectstorage.Location{Container: "curl_example", Name: "3a45e9.jpg"}, objectstorage.Location{Container: "curl_example", Name: "419da6e.mp4"}
	for operation, test := range map[string]struct {
		call     copying
		from     objectstorage.Location
		method   string
		path     string
		manifest bool
	}{
		"objectstorage-copy-object": {
			call: (*objectstorage.ObjectsService).Copy, from: image, method: "COPY", path: "/curl_example/3a45e9.jpg",
		},
		"objectstorage-copy-object-put": {
			call: (*objectstorage.ObjectsService).CopyByPut, from: image, method: http.MethodPut, path: "/copy_con/3a45e9.jpg",
		},
		"objectstorage-copy-manifest": {
			call: (*objectstorage.ObjectsService).Copy, from: movie, method: "COPY", path: "/curl_example/419da6e.mp4?multipart-manifest=get", manifest: true,
		},
		"objectstorage-copy-manifest-put": {
			call: (*objectstorage.ObjectsService).CopyByPut, from: movie, method: http.MethodPut, path: "/copy_con/419da6e.mp4", manifest: true,
		},
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			to := objectstorage.Location{Container: "copy_con", Name: test.from.Name}
			call := func(ctx context.Context, objects *objectstorage.ObjectsService, options objectstorage.CopyOptions) (*objectstorage.PutResult, error) {
				options.Manifest = test.manifest
				if options.Manifest || options.ContentType != "" {
					return test.call(objects, ctx, test.from, to, &options)
				}
				return test.call(objects, ctx, test.from, to, nil)
			}
			header := map[string]string{}
			for name, values := range fixture(t, operation+".request.headers.txt") {
				if name != "X-Auth-Token" {
					header[name] = values[0]
				}
			}
			apitest.Check(t, apitest.Want{Operation: operation, Method: test.method, URL: storageURL + test.path, Header: header}, apitest.Reply{
				Status: http.StatusCreated,
				Header: http.Header{"Etag": {`"bad093d7f49dc495751cb3f7f8b2530c"`}, "Last-Modified": {"Sun, 01 Mar 2026 12:00:01 GMT"}},
			}, &objectstorage.PutResult{ETag: "bad093d7f49dc495751cb3f7f8b2530c", LastModified: modified}, func(ctx context.Context, client *nhncloud.Client) (*objectstorage.PutResult, error) {
				return call(ctx, objectstorage.New(client).Objects, objectstorage.CopyOptions{})
			})
			failing(t, operation, test.method+" "+test.path, func(ctx context.Context, objects *objectstorage.ObjectsService) (any, error) {
				return call(ctx, objects, objectstorage.CopyOptions{})
			})
			t.Run("options", func(t *testing.T) {
				t.Parallel()
				s := newScript(t, lost, reply(http.StatusCreated, "", "X-Copied-From", "curl_example/a"))
				_, err := call(t.Context(), s.objects, objectstorage.CopyOptions{
					Metadata: map[string]string{"type": "사진"}, ContentType: "image/png", FreshMetadata: true,
				})
				require.NoError(t, err)
				a := s.arrival(2) // it may be repeated
				documented(t, operation+".request.headers.txt", a.header)
				assert.Equal(t, "사진", a.header.Get("X-Object-Meta-Type"))
				assert.Equal(t, "image/png", a.header.Get("Content-Type"))
				assert.Equal(t, "true", a.header.Get("X-Fresh-Metadata"))
				assert.Zero(t, a.length)
			})
			refusing(t, operation, `Metadata "a"`, func(ctx context.Context, objects *objectstorage.ObjectsService) error {
				_, err := call(ctx, objects, objectstorage.CopyOptions{ContentType: "x", Metadata: map[string]string{"a": " "}})
				return err
			})
			refusingNames(t, operation, "SourceContainer", "SourceObject", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
				_, err := test.call(objects, ctx, objectstorage.Location{Container: container, Name: name}, to, &objectstorage.CopyOptions{Manifest: test.manifest})
				return err
			})
			refusingNames(t, operation, "TargetContainer", "TargetObject", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
				_, err := test.call(objects, ctx, test.from, objectstorage.Location{Container: container, Name: name}, &objectstorage.CopyOptions{Manifest: test.manifest})
				return err
			})
		})
	}
}

// What means something in a header is escaped there.
func TestCopyHeader(t *testing.T) {
	t.Parallel()
	for name, escaped := range map[string]string{
		"a b/c":                    "con%231/a%20b/c",
		"; multipart-manifest=get": "con%231/%3B%20multipart-manifest%3Dget",
		"a&b?c#d+e%20":             "con%231/a%26b%3Fc%23d%2Be%2520",
		"/line\nbreak":             "con%231/%2Fline%0Abreak",
		"한😀":                       "con%231/%ED%95%9C%F0%9F%98%80",
	} {
		s := newScript(t, reply(http.StatusCreated, "", "ETag", digestOf(nil)), reply(http.StatusCreated, "", "ETag", digestOf(nil)), reply(http.StatusCreated, "", "ETag", digestOf(nil)))
		odd, plain := objectstorage.Location{Container: "con#1", Name: name}, objectstorage.Location{Container: "a", Name: "b"}
		_, err := s.objects.Copy(t.Context(), plain, odd, nil)
		require.NoError(t, err)
		assert.Equal(t, escaped, s.arrival(1).header.Get("Destination"))
		_, err = s.objects.CopyByPut(t.Context(), odd, plain, &objectstorage.CopyOptions{Manifest: true})
		require.NoError(t, err)
		assert.Equal(t, escaped+"; multipart-manifest=get", s.arrival(2).header.Get("X-Copy-From"))
		_, err = s.objects.PutDynamic(t.Context(), "a", "b", "con#1", name, nil)
		require.NoError(t, err)
		assert.Equal(t, escaped, s.arrival(3).header.Get("X-Object-Manifest"))
	}
}

// A 201 that shows no copy is none of the service.
func TestCopyUnseen(t *testing.T) {
	t.Parallel()
	from, to := objectstorage.Location{Container: "photos", Name: "a"}, objectstorage.Location{Container: "photos", Name: "b"}
	for _, header := range []fields{nil, {"X-Trans-Id", "tx"}} {
		s := newScript(t, reply(http.StatusCreated, "", header...), reply(http.StatusCreated, "", header...))
		_, err := s.objects.Copy(t.Context(), from, to, nil)
		failsAs(t, nhncloud.ErrBadAnswer, err)
		_, err = s.objects.CopyByPut(t.Context(), from, to, nil)
		failsAs(t, nhncloud.ErrBadAnswer, err)
	}
}

// Where the documented form is not known, the error names the one that is.
func TestCopyManifestByPutElsewhere(t *testing.T) {
	t.Parallel()
	here, there := objectstorage.Location{Container: "photos", Name: "a"}, objectstorage.Location{Container: "photos", Name: "b"}
	for manifest, text := range map[bool]string{true: "only by Copy", false: "404 Not Found"} {
		s := newScript(t, html(http.StatusNotFound, "Not Found"))
		_, err := s.objects.CopyByPut(t.Context(), here, there, &objectstorage.CopyOptions{Manifest: manifest})
		failsAs(t, nhncloud.ErrNotFound, err)
		assert.ErrorContains(t, err, text)
		assert.Equal(t, manifest, strings.Contains(err.Error(), "only by Copy"))
	}
}

// Copies of manifests share the segments, those of content do not.
func TestCopyLarge(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	data := noise(1, 3*smallPart+5)
	r.putLarge("large", data)
	for how, copied := range map[string]func(ctx context.Context, from, to objectstorage.Location, options *objectstorage.CopyOptions) (*objectstorage.PutResult, error){
		"copy": r.objects.Copy, "put": r.objects.CopyByPut,
	} {
		from := objectstorage.Location{Container: depot, Name: "large"}
		for _, manifest := range []bool{false, true} {
			to := objectstorage.Location{Container: depot, Name: how}
			_, err := copied(ctx, from, to, &objectstorage.CopyOptions{Manifest: manifest})
			require.NoError(t, err)
			object, err := r.objects.Head(ctx, depot, how)
			require.NoError(t, err)
			assert.Equal(t, manifest, object.Static)
			assert.EqualValues(t, len(data), object.Size)
			r.holds(how, data)
		}
	}
	_, err := r.objects.Copy(ctx, objectstorage.Location{Container: depot, Name: "none"}, objectstorage.Location{Container: depot, Name: "x"}, nil)
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	_, err = r.objects.Copy(ctx, objectstorage.Location{Container: depot, Name: "large"}, objectstorage.Location{Container: "none", Name: "x"}, nil)
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
}
