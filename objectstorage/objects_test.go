package objectstorage_test

import (
	"bytes"
	"context"
	"fmt"
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
