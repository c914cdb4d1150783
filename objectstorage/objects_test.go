package objectstorage_test

import (
	"bytes"
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

func TestNew(t *testing.T) {
	t.Parallel()
	client := objectstorage.New(apitest.New(t).Client)
	assert.NotNil(t, client.Account)
	assert.NotNil(t, client.Containers)
	assert.NotNil(t, client.Objects)
	assert.NotNil(t, client.Credentials)
}

func documentedEntries() []*objectstorage.ObjectEntry {
	return []*objectstorage.ObjectEntry{
		{
			Name: "ba6610.jpg", Hash: "bad093d7f49dc495751cb3f7f8b2530c", Bytes: 148585, ContentType: "image/jpeg",
			LastModified: time.Date(2022, 5, 30, 15, 16, 43, 289700000, time.UTC),
		},
		{
			Name: "20d33f.jpg", Hash: "6ce1ad6b1a8a4f0d9a4cfb4f8f0ff2f4", Bytes: 2097152, ContentType: "image/jpeg",
			LastModified: time.Date(2022, 5, 30, 15, 16, 44, 0, time.UTC), SLOETag: `"1c7a3f7e5bb9e5a1b0f4ef3f9e6e3a52"`,
		},
		{Subdir: "31466f/"},
	}
}

func TestObjectsList(t *testing.T) {
	t.Parallel()
	const operation = "objectstorage-list-objects"
	want := apitest.Want{Operation: operation, Method: http.MethodGet, URL: containerURL + "?format=json"}
	list := func(ctx context.Context, client *nhncloud.Client, container string) ([]*objectstorage.ObjectEntry, error) {
		return objectstorage.New(client).Objects.List(ctx, container, nil)
	}
	checkList(t, want, apitest.Reply{Body: "@" + operation + ".response.json"}, documentedEntries(), func(ctx context.Context, client *nhncloud.Client) ([]*objectstorage.ObjectEntry, error) {
		return list(ctx, client, "photos")
	})
	checkContainerName(t, want, apitest.Reply{Body: "[]"}, func(ctx context.Context, client *nhncloud.Client, name string) error {
		_, err := list(ctx, client, name)
		return err
	})
	t.Run("options", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		want := want
		want.URL = containerURL + "?delimiter=%2F&end_marker=z%F0%9F%98%80&format=json&limit=5&marker=a+%26+b&prefix=100%25%2B"
		m.Expect(want, apitest.Reply{Body: "[]"})
		entries, err := objectstorage.New(m.Client).Objects.List(t.Context(), "photos", &objectstorage.ObjectListOptions{
			Prefix: "100%+", Delimiter: "/", Marker: "a & b", EndMarker: "z😀", Limit: 5,
		})
		require.NoError(t, err)
		assert.Empty(t, entries)
		refusing(t, operation, "Limit", func(ctx context.Context, objects *objectstorage.ObjectsService) error {
			_, err := objects.List(ctx, "photos", &objectstorage.ObjectListOptions{Limit: -1})
			return err
		})
	})
	t.Run("no content", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Reply{Status: http.StatusNoContent})
		entries, err := list(t.Context(), m.Client, "photos")
		require.NoError(t, err)
		assert.Equal(t, []*objectstorage.ObjectEntry{}, entries)
	})
}

// entriesNamed is a page of a listing.
func entriesNamed(names ...string) string {
	entries := make([]string, len(names))
	for i, name := range names {
		member := "name"
		if strings.HasSuffix(name, "/") {
			member = "subdir"
		}
		entries[i] = fmt.Sprintf(`{%q: %q}`, member, name)
	}
	return "[" + strings.Join(entries, ",") + "]"
}

func TestObjectsAll(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pages   []string // query, and what it is answered with
		options *objectstorage.ObjectListOptions
		stop    int
		names   []string
		kind    error
	}{
		"empty": {pages: []string{"format=json", "[]"}},
		"pages": {
			pages: []string{"format=json", entriesNamed("a", "b"), "format=json&marker=b", entriesNamed("c"), "format=json&marker=c", "[]"},
			names: []string{"a", "b", "c"},
		},
		"options": {
			pages: []string{
				"delimiter=%2F&format=json&limit=2&marker=a&prefix=p", entriesNamed("b", "c/"),
				"delimiter=%2F&format=json&limit=2&marker=c%2F&prefix=p", "[]",
			},
			options: &objectstorage.ObjectListOptions{Prefix: "p", Delimiter: "/", Marker: "a", Limit: 2},
			names:   []string{"b", "c/"},
		},
		"stopped": {pages: []string{"format=json", entriesNamed("a", "b")}, stop: 1, names: []string{"a"}},
		"failure": {
			pages: []string{"format=json", entriesNamed("a"), "format=json&marker=a", "down"},
			names: []string{"a"}, kind: nhncloud.ErrUnavailable,
		},
		"same page again": {
			pages: []string{"format=json", entriesNamed("a"), "format=json&marker=a", entriesNamed("a")},
			names: []string{"a", "a"}, kind: nhncloud.ErrBadAnswer,
		},
		"no names": {pages: []string{"format=json", "[{}]"}, names: []string{""}, kind: nhncloud.ErrBadAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			for i := 0; i < len(test.pages); i += 2 {
				reply := apitest.Reply{Body: test.pages[i+1]}
				if reply.Body == "down" {
					reply.Status = http.StatusServiceUnavailable
				}
				m.Expect(apitest.Want{Operation: "objectstorage-list-objects", Method: http.MethodGet, URL: containerURL + "?" + test.pages[i]}, reply)
			}
			var names []string
			var failure error
			all := objectstorage.New(m.Client).Objects.All(t.Context(), "photos", test.options)
			for entry, err := range all {
				if err != nil {
					assert.Nil(t, entry)
					failure = err
					continue
				}
				if names = append(names, entry.Name+entry.Subdir); len(names) == test.stop {
					break
				}
			}
			assert.Equal(t, test.names, names)
			if test.kind == nil {
				assert.NoError(t, failure)
				return
			}
			var e *nhncloud.Error
			require.ErrorAs(t, failure, &e)
			assert.ErrorIs(t, e, test.kind)
			assert.Equal(t, "objectstorage-list-objects", e.Operation)
		})
	}
}

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
		before: []http.HandlerFunc{reply(http.StatusOK, "")},
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

// Entries that differ in case alone would be one on their way.
func TestMetadataTwice(t *testing.T) {
	t.Parallel()
	err := apitest.New(t).Client.Do(t.Context(), nhncloud.Request{}, nil)
	require.Error(t, err)
	_, err = objectstorage.New(apitest.New(t).Client).Objects.Put(t.Context(), "photos", "a", nil, &objectstorage.PutOptions{Metadata: map[string]string{"Type": "a", "type": "b"}})
	e := failsAs(t, nhncloud.ErrInvalidArgument, err)
	assert.Contains(t, []string{`Metadata "Type"`, `Metadata "type"`}, e.Field)
}

// Replace does not make an object.
func TestReplaceNothing(t *testing.T) {
	t.Parallel()
	s := newScript(t, html(http.StatusNotFound, "Not Found"))
	result, err := s.objects.Replace(t.Context(), "photos", "a", strings.NewReader("hello"), nil)
	assert.Nil(t, result)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	assert.Equal(t, []string{"HEAD /photos/a token-1"}, s.lines())

	s = newScript(t, reply(http.StatusOK, ""), html(http.StatusServiceUnavailable, "Down"))
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

func TestObjectsHead(t *testing.T) {
	t.Parallel()
	const operation, line = "objectstorage-head-object", "HEAD /photos/a%20b/c.jpg"
	head := func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) (*objectstorage.Object, error) {
		return objects.Head(ctx, container, name)
	}
	for name, test := range map[string]struct {
		header fields
		want   objectstorage.Object
	}{
		"documented": {
			flat(fixture(t, operation+".response.headers.txt")),
			objectstorage.Object{
				ContentType: "image/jpeg", Size: 148585, ETag: "bad093d7f49dc495751cb3f7f8b2530c",
				LastModified: time.Date(2022, 5, 30, 15, 16, 43, 0, time.UTC), Timestamp: time.Unix(1653923802, 289700000).UTC(),
				DeleteAt: time.Unix(1729263600, 0).UTC(),
			},
		},
		"documented placeholders": { // which can't be read
			flat(fixture(t, operation+".optional.response.headers.txt")),
			objectstorage.Object{Metadata: map[string]string{"type": "photo"}, Dynamic: "{Segment-Container}/{Segment-Object}/"},
		},
		"all": {
			fields{
				"ETag", `"abc"`, "Content-Encoding", "gzip", "Content-Disposition", "inline", "Cache-Control", "no-cache", "X-Static-Large-Object", "True",
				"X-Object-Worm-Retain-Until", "1729263601", "X-Object-Meta-Owner-Name", "김😀", "X-Object-Meta-", "nobody", "X-Timestamp", "5",
				"X-Object-Manifest", "a%2Fb/c%20d/",
			},
			objectstorage.Object{
				ETag: "abc", ContentEncoding: "gzip", ContentDisposition: "inline", CacheControl: "no-cache", Static: true,
				RetainUntil: time.Unix(1729263601, 0).UTC(), Metadata: map[string]string{"owner-name": "김😀"}, Timestamp: time.Unix(5, 0).UTC(),
				Dynamic: "a/b/c d/",
			},
		},
		"unreadable": {
			fields{"ETag", `W/"abc"`, "X-Static-Large-Object", "1", "X-Delete-At", "soon", "Last-Modified", "today", "X-Object-Manifest", "100%/a"},
			objectstorage.Object{ETag: "abc", Static: true, Dynamic: "100%/a"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, early(http.StatusOK, "", test.header...))
			got, err := head(t.Context(), s.objects, "photos", "a b/c.jpg")
			require.NoError(t, err)
			test.want.Name = "a b/c.jpg"
			assert.Equal(t, &test.want, got)
			assert.Equal(t, []string{line + " token-1"}, s.lines())
		})
	}
	failing(t, operation, line, func(ctx context.Context, objects *objectstorage.ObjectsService) (any, error) {
		return head(ctx, objects, "photos", "a b/c.jpg")
	})
	refusingNames(t, operation, "Container", "Object", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
		_, err := head(ctx, objects, container, name)
		return err
	})
}

func TestObjectsDelete(t *testing.T) {
	t.Parallel()
	const operation, line = "objectstorage-delete-object", "DELETE /photos/a%20b/c.jpg"
	s := newScript(t, reply(http.StatusNoContent, ""))
	require.NoError(t, s.objects.Delete(t.Context(), "photos", "a b/c.jpg"))
	assert.Equal(t, []string{line + " token-1"}, s.lines())
	failing(t, operation, line, func(ctx context.Context, objects *objectstorage.ObjectsService) (any, error) {
		return nil, objects.Delete(ctx, "photos", "a b/c.jpg")
	})
	refusingNames(t, operation, "Container", "Object", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
		return objects.Delete(ctx, container, name)
	})
}

// A deletion whose answer was lost is one all the same.
func TestObjectsDeleteLostAnswer(t *testing.T) {
	t.Parallel()
	s := newScript(t, lost, html(http.StatusNotFound, "Not Found"))
	require.NoError(t, s.objects.Delete(t.Context(), "photos", "a"))
	assert.Len(t, s.arrivals(), 2)
}

// The names and values that people give reach the service and come back as they
// are.
func TestOddNames(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const target = "한글-100%+#?"
	r.create(target)
	names := []string{
		"a b", "100%", "100%25", "what?x=1", "#1", "a+b", "line\nbreak", "tab\tand\rreturn", "😀", "한글", "a/b/c", "한글/사진 1.jpg",
		"/leading", "trailing/", "a//b", "...", "a/.../b", ".hidden", "a&b=c;d,e", "; multipart-manifest=get", `quo"te'`, "back\\slash", "<tag>",
		"a:b@c$d!e*f(g)", "~tilde|pipe^`{}[]", "a%2Fb", "a%2fb", " space ", "é", "e\u0301", strings.Repeat("한", 341) + "x", // 1,024 bytes
	}
	for i, name := range names {
		t.Run(fmt.Sprint(i, name[:min(len(name), 40)]), func(t *testing.T) {
			t.Parallel()
			ctx, data := t.Context(), []byte("content of "+name)
			metadata := map[string]string{"value": "<" + strings.NewReplacer("\n", "", "\r", "").Replace(name[:min(len(name), 3*66)]) + ">"}
			_, err := r.objects.Put(ctx, depot, name, bytes.NewReader(data), &objectstorage.PutOptions{Metadata: metadata, ContentType: "text/x"})
			require.NoError(t, err)
			object, err := r.objects.Head(ctx, depot, name)
			require.NoError(t, err)
			assert.Equal(t, name, object.Name)
			assert.EqualValues(t, len(data), object.Size)
			assert.Equal(t, metadata, object.Metadata)
			r.holds(name, data)

			entries, err := r.objects.List(ctx, depot, &objectstorage.ObjectListOptions{Prefix: name, Limit: 1})
			require.NoError(t, err)
			require.Len(t, entries, 1)
			assert.Equal(t, name, entries[0].Name)

			here, there := objectstorage.Location{Container: depot, Name: name}, objectstorage.Location{Container: target, Name: name}
			for method, copied := range map[string]func(ctx context.Context, from, to objectstorage.Location, options *objectstorage.CopyOptions) (*objectstorage.PutResult, error){
				"COPY": r.objects.Copy, "PUT": r.objects.CopyByPut,
			} {
				result, err := copied(ctx, here, there, &objectstorage.CopyOptions{ContentType: "text/y"})
				require.NoError(t, err, method)
				assert.Equal(t, digestOf(data), result.ETag)
				object, err := r.objects.Head(ctx, target, name)
				require.NoError(t, err)
				assert.Equal(t, metadata, object.Metadata)
				assert.Equal(t, "text/y", object.ContentType)
				// And back, so that the odd container is a source, too.
				require.NoError(t, r.objects.Delete(ctx, depot, name))
				_, err = copied(ctx, there, here, nil)
				require.NoError(t, err, method)
				r.holds(name, data)
				require.NoError(t, r.objects.Delete(ctx, target, name))
			}
			require.NoError(t, r.objects.Update(ctx, depot, name, objectstorage.ObjectUpdate{Metadata: map[string]string{"new": "김"}}))
			object, err = r.objects.Head(ctx, depot, name)
			require.NoError(t, err)
			assert.Equal(t, map[string]string{"new": "김"}, object.Metadata)
			assert.Equal(t, "text/y", object.ContentType)

			// The name as a segment of large objects, in the manifests of both kinds.
			segment := objectstorage.Segment{Container: depot, Name: name, Hash: digestOf(data), Bytes: int64(len(data))}
			manifest := fmt.Sprint("large ", i)
			_, err = r.objects.PutStatic(ctx, depot, manifest, []objectstorage.Segment{segment}, nil)
			require.NoError(t, err)
			r.holds(manifest, data)
			segments, err := r.objects.Segments(ctx, depot, manifest)
			require.NoError(t, err)
			assert.Equal(t, []objectstorage.Segment{segment}, segments)
			_, err = r.objects.PutDynamic(ctx, target, manifest, depot, name, nil)
			require.NoError(t, err)
			object, err = r.objects.Head(ctx, target, manifest)
			require.NoError(t, err)
			assert.Equal(t, depot+"/"+name, object.Dynamic)
			assert.GreaterOrEqual(t, object.Size, int64(len(data)), "names may be prefixes of others")

			results, err := r.objects.DeleteMany(ctx, depot, []string{name, manifest}, 0)
			require.NoError(t, err)
			assert.Equal(t, []objectstorage.DeleteResult{{Name: name}, {Name: manifest}}, results)
			_, err = r.objects.Head(ctx, depot, name)
			assert.ErrorIs(t, err, nhncloud.ErrNotFound)
		})
	}
}
