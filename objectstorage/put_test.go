package objectstorage_test

import (
	"context"
	"fmt"
	"io"
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

var modified = time.Date(2026, 3, 1, 12, 0, 1, 0, time.UTC)

// puts are the calls that store content, by their operation.
var puts = map[string]struct {
	line   string
	before []http.HandlerFunc // of another operation, that come first
	call   func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string, content io.Reader, options *objectstorage.PutOptions) (*objectstorage.PutResult, error)
}{
	"objectstorage-put-object": {
		line: "PUT /photos/a%20b/c.txt",
		call: func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string, content io.Reader, options *objectstorage.PutOptions) (*objectstorage.PutResult, error) {
			return objects.Put(ctx, container, name, content, options)
		},
	},
	"objectstorage-update-object": {
		line:   "PUT /photos/a%20b/c.txt",
		before: []http.HandlerFunc{reply(http.StatusOK, "", "ETag", digestOf(nil))},
		call: func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string, content io.Reader, options *objectstorage.PutOptions) (*objectstorage.PutResult, error) {
			return objects.Replace(ctx, container, name, content, options)
		},
	},
	"objectstorage-put-segment": {
		line: "PUT /photos/a%20b/c.txt/00000001",
		call: func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string, content io.Reader, options *objectstorage.PutOptions) (*objectstorage.PutResult, error) {
			return objects.PutSegment(ctx, container, name, "00000001", content, options)
		},
	},
}

func TestObjectsPut(t *testing.T) {
	t.Parallel()
	for operation, put := range puts {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			t.Run("stored", func(t *testing.T) {
				t.Parallel()
				s := newScript(t, append(put.before, keeps())...)
				result, err := put.call(t.Context(), s.objects, "photos", "a b/c.txt", strings.NewReader("hello"), nil)
				require.NoError(t, err)
				assert.Equal(t, &objectstorage.PutResult{ETag: digestOf([]byte("hello")), Size: 5, LastModified: modified}, result)
				a := s.arrival(len(put.before) + 1)
				assert.Equal(t, "/v1/AUTH_tenant"+strings.TrimPrefix(put.line, "PUT "), a.uri)
				assert.Equal(t, http.MethodPut, a.method)
				assert.Equal(t, "token-1", a.header.Get("X-Auth-Token"))
				assert.Equal(t, digestOf([]byte("hello")), a.header.Get("ETag"))
				assert.NotContains(t, a.header, "Content-Type", "the service guesses it")
				assert.NotContains(t, a.header, "Expect")
				assert.EqualValues(t, 5, a.length)
				assert.Equal(t, "hello", string(a.body))
			})
			t.Run("options", func(t *testing.T) {
				t.Parallel()
				s := newScript(t, append(put.before, keeps())...)
				_, err := put.call(t.Context(), s.objects, "photos", "a", strings.NewReader("hello"), &objectstorage.PutOptions{
					ContentType: "text/plain; charset=utf-8", ContentEncoding: "gzip", ContentDisposition: `attachment; filename="a"`, CacheControl: "no-store",
					Metadata:    map[string]string{"type": "photo", "Owner-Name": "김 nhn 😀 \t%2B", "wide": "\u3000김\u00a0"},
					DeleteAt:    time.Unix(1729263600, 5),
					RetainUntil: time.Unix(1729263500, 0),
					Size:        5, ETag: `"` + strings.ToUpper(digestOf([]byte("hello"))) + `"`, NoOverwrite: true,
				})
				require.NoError(t, err)
				got := s.arrival(len(put.before) + 1).header
				for i, want := 0, (fields{
					"Content-Type", "text/plain; charset=utf-8", "Content-Encoding", "gzip", "Content-Disposition", `attachment; filename="a"`, "Cache-Control", "no-store",
					"X-Object-Meta-Type", "photo", "X-Object-Meta-Owner-Name", "김 nhn 😀 \t%2B", "X-Object-Meta-Wide", "\u3000김\u00a0", "X-Delete-At", "1729263600", "X-Object-Worm-Retain-Until", "1729263500",
					"ETag", digestOf([]byte("hello")), "If-None-Match", "*",
				}); i < len(want); i += 2 {
					assert.Equal(t, want[i+1], got.Get(want[i]), want[i])
				}
				assert.NotContains(t, got, "X-Delete-After")
			})
			if put.before == nil {
				failing(t, operation, put.line, func(ctx context.Context, objects *objectstorage.ObjectsService) (any, error) {
					return put.call(ctx, objects, "photos", "a b/c.txt", strings.NewReader("hello"), nil)
				})
				refusingNames(t, operation, "Container", "Object", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
					_, err := put.call(ctx, objects, container, name, strings.NewReader("hello"), nil)
					return err
				})
				for field, options := range badPutOptions() {
					t.Run("refused "+field, func(t *testing.T) {
						t.Parallel()
						name, _, _ := strings.Cut(field, ":")
						refusing(t, operation, name, func(ctx context.Context, objects *objectstorage.ObjectsService) error {
							_, err := put.call(ctx, objects, "photos", "a", strings.NewReader("hello"), &options)
							return err
						})
					})
				}
			}
		})
	}
}

// badPutOptions are options that are refused, by the field that is at fault.
func badPutOptions() map[string]objectstorage.PutOptions {
	metadata := func(name, value string) objectstorage.PutOptions {
		return objectstorage.PutOptions{Metadata: map[string]string{name: value}}
	}
	return map[string]objectstorage.PutOptions{
		"Size":                             {Size: -2},
		"content:longer":                   {Size: 4},
		"content:shorter":                  {Size: 6},
		"ETag":                             {ETag: "d41d8"},
		"DeleteAfter":                      {DeleteAfter: time.Second - 1},
		"DeleteAfter:negative":             {DeleteAfter: -time.Hour},
		"DeleteAfter:twice":                {DeleteAfter: time.Hour, DeleteAt: time.Unix(1, 0)},
		"Metadata":                         metadata("", "x"),
		`Metadata "a"`:                     metadata("a", "x "),
		`Metadata "a":tab`:                 metadata("a", "\tx"),
		`Metadata "a":not UTF-8`:           metadata("a", "\xff"),
		"header X-Object-Meta-A":           metadata("a", "x\ny"),
		`header "X-Object-Meta-\uae40"`:    metadata("김", "x"),
		`header "X-Object-Meta-a b"`:       metadata("a b", "x"),
		"header Content-Type":              {ContentType: "text/plain\r\nX-Evil: 1"},
		"header Content-Disposition:break": {ContentDisposition: "a\x00"},
	}
}

// Entries whose names the service does not tell apart would be one there.
func TestMetadataTwice(t *testing.T) {
	t.Parallel()
	storage := objectstorage.New(apitest.New(t).Client)
	for _, names := range [][2]string{{"Type", "type"}, {"a_b", "a-b"}, {"A-b_c", "a_B-c"}} {
		metadata := map[string]string{names[0]: "1", names[1]: "2"}
		_, put := storage.Objects.Put(t.Context(), "photos", "a", nil, &objectstorage.PutOptions{Metadata: metadata})
		_, create := storage.Containers.Create(t.Context(), "photos", &objectstorage.CreateContainerOptions{Settings: objectstorage.ContainerSettings{Metadata: metadata}})
		here := objectstorage.Location{Container: "photos", Name: "a"}
		_, copied := storage.Objects.Copy(t.Context(), here, here, &objectstorage.CopyOptions{Metadata: metadata})
		for _, err := range []error{
			put, create, copied, storage.Objects.Update(t.Context(), "photos", "a", objectstorage.ObjectUpdate{Metadata: metadata}),
			storage.Containers.Update(t.Context(), "photos", objectstorage.ContainerSettings{Metadata: metadata}),
		} {
			e := failsAs(t, nhncloud.ErrInvalidArgument, err)
			assert.Contains(t, []string{fmt.Sprintf("Metadata %q", names[0]), fmt.Sprintf("Metadata %q", names[1])}, e.Field)
			assert.ErrorContains(t, err, "tells neither cases nor _ and - apart")
		}
	}
}

// An underscore comes back as a hyphen.
func TestMetadataUnderscore(t *testing.T) {
	t.Parallel()
	s := newScript(t, keeps())
	_, err := s.objects.Put(t.Context(), "photos", "a", nil, &objectstorage.PutOptions{Metadata: map[string]string{"a_b": "1"}})
	require.NoError(t, err)
	assert.Equal(t, "1", s.arrival(1).header.Get("X-Object-Meta-a_b"))
}

// Replace does not make an object.
func TestReplaceNothing(t *testing.T) {
	t.Parallel()
	s := newScript(t, html(http.StatusNotFound, "Not Found"))
	result, err := s.objects.Replace(t.Context(), "photos", "a", strings.NewReader("hello"), nil)
	assert.Nil(t, result)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	assert.Equal(t, []string{"HEAD /photos/a token-1"}, s.lines())

	s = newScript(t, reply(http.StatusOK, "", "ETag", digestOf(nil)), html(http.StatusServiceUnavailable, "Down"))
	result, err = s.objects.Replace(nhncloud.ContextWithRetry(t.Context(), nhncloud.NoRetry), "photos", "a", strings.NewReader("hello"), nil)
	assert.Nil(t, result)
	e := failsAs(t, nhncloud.ErrUnavailable, err)
	assert.Equal(t, "objectstorage-update-object", e.Operation)
}

// What may be missing for a PUT is the container alone.
func TestPutWithoutContainer(t *testing.T) {
	t.Parallel()
	s := newScript(t, html(http.StatusNotFound, "Not Found"), html(http.StatusNotFound, "Not Found"))
	_, err := s.objects.Put(t.Context(), "photos", "a", nil, nil)
	require.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	_, err = s.objects.Head(t.Context(), "photos", "a")
	assert.NotErrorIs(t, err, objectstorage.ErrContainerNotFound, "it may as well be the object")
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
}

// DeleteAfter goes in whole seconds.
func TestPutDeleteAfter(t *testing.T) {
	t.Parallel()
	s := newScript(t, keeps())
	_, err := s.objects.Put(t.Context(), "photos", "a", nil, &objectstorage.PutOptions{DeleteAfter: 90*time.Second + 999*time.Millisecond})
	require.NoError(t, err)
	a := s.arrival(1)
	assert.Equal(t, "90", a.header.Get("X-Delete-After"))
	assert.NotContains(t, a.header, "X-Delete-At")
	assert.Equal(t, []string{"0"}, a.header["Content-Length"])
	assert.Equal(t, digestOf(nil), a.header.Get("ETag"))
}

// An object that is to be deleted some time is gone then.
func TestPutExpires(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.objects.Put(t.Context(), depot, "after", nil, &objectstorage.PutOptions{DeleteAfter: time.Hour})
	require.NoError(t, err)
	at := r.cloud.Now().Add(time.Hour).Truncate(time.Second)
	_, err = r.objects.Put(t.Context(), depot, "at", nil, &objectstorage.PutOptions{DeleteAt: at})
	require.NoError(t, err)
	assert.Equal(t, []string{"after", "at"}, r.list(depot))
	r.cloud.Advance(time.Hour + time.Second)
	assert.Empty(t, r.list(depot))
}
