package objectstorage_test

import (
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

func TestObjectsUpdate(t *testing.T) {
	t.Parallel()
	const operation = "objectstorage-post-object-metadata"
	update := objectstorage.ObjectUpdate{Metadata: map[string]string{"type": "photo"}}
	header := map[string]string{}
	for name, values := range fixture(t, operation+".request.headers.txt") {
		if name != "X-Auth-Token" {
			header[name] = values[0]
		}
	}
	apitest.CheckEmpty(t, apitest.Want{Operation: operation, Method: http.MethodPost, URL: containerURL + "/a%20b/c.jpg", Header: header}, apitest.Reply{Status: http.StatusAccepted},
		func(ctx context.Context, client *nhncloud.Client) error {
			return objectstorage.New(client).Objects.Update(ctx, "photos", "a b/c.jpg", update)
		})
	failing(t, operation, "POST /photos/a%20b/c.jpg", func(ctx context.Context, objects *objectstorage.ObjectsService) (any, error) {
		return nil, objects.Update(ctx, "photos", "a b/c.jpg", update)
	})
	refusingNames(t, operation, "Container", "Object", func(ctx context.Context, objects *objectstorage.ObjectsService, container, name string) error {
		return objects.Update(ctx, container, name, update)
	})
	for field, update := range map[string]objectstorage.ObjectUpdate{
		`Metadata "a"`:         {Metadata: map[string]string{"a": " b"}},
		"DeleteAfter":          {DeleteAfter: 1},
		"Dynamic":              {Dynamic: "segments"},
		"Dynamic:no prefix":    {Dynamic: "segments/"},
		"Dynamic:no name":      {Dynamic: "//a"},
		"header Cache-Control": {CacheControl: "\n"},
	} {
		t.Run("refused "+field, func(t *testing.T) {
			t.Parallel()
			name, _, _ := strings.Cut(field, ":")
			refusing(t, operation, name, func(ctx context.Context, objects *objectstorage.ObjectsService) error {
				return objects.Update(ctx, "photos", "a", update)
			})
		})
	}
	t.Run("all", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, lost, reply(http.StatusAccepted, "")) // it may be repeated
		require.NoError(t, s.objects.Update(t.Context(), "photos", "a", objectstorage.ObjectUpdate{
			ContentType: "text/plain", ContentEncoding: "gzip", ContentDisposition: "inline", CacheControl: "no-cache",
			DeleteAfter: time.Minute, RetainUntil: time.Unix(1729263600, 0), Dynamic: "seg ments/a/",
		}))
		got := s.arrival(2).header
		for i, want := 0, (fields{
			"Content-Type", "text/plain", "Content-Encoding", "gzip", "Content-Disposition", "inline", "Cache-Control", "no-cache",
			"X-Delete-After", "60", "X-Object-Worm-Retain-Until", "1729263600", "X-Object-Manifest", "seg%20ments/a/",
		}); i < len(want); i += 2 {
			assert.Equal(t, want[i+1], got.Get(want[i]), want[i])
		}
	})
}

// What an update leaves out is gone, but for the content type.
func TestUpdateReplaces(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	expiry := r.cloud.Now().Add(time.Hour).Truncate(time.Second).UTC()
	_, err := r.objects.Put(ctx, depot, "a", strings.NewReader("hello"), &objectstorage.PutOptions{
		ContentType: "text/x", ContentEncoding: "gzip", Metadata: map[string]string{"one": "1", "two": "2"}, DeleteAt: expiry,
	})
	require.NoError(t, err)
	object, err := r.objects.Head(ctx, depot, "a")
	require.NoError(t, err)
	assert.Equal(t, expiry, object.DeleteAt)
	require.NoError(t, r.objects.Update(ctx, depot, "a", objectstorage.ObjectUpdate{Metadata: map[string]string{"two": "zwei"}}))
	object, err = r.objects.Head(ctx, depot, "a")
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"two": "zwei"}, object.Metadata)
	assert.Equal(t, "text/x", object.ContentType)
	assert.Empty(t, object.ContentEncoding)
	assert.Zero(t, object.DeleteAt)

	require.NoError(t, r.objects.Update(ctx, depot, "a", objectstorage.ObjectUpdate{DeleteAfter: time.Minute}))
	r.cloud.Advance(2 * time.Minute)
	_, err = r.objects.Head(ctx, depot, "a")
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
}

// A dynamic large object keeps its segments where the update tells them.
func TestUpdateDynamic(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	r.put(depot, "parts/1", []byte("hello"))
	_, err := r.objects.PutDynamic(ctx, depot, "a", depot, "parts/", nil)
	require.NoError(t, err)
	object, err := r.objects.Head(ctx, depot, "a")
	require.NoError(t, err)
	require.NoError(t, r.objects.Update(ctx, depot, "a", objectstorage.ObjectUpdate{Dynamic: object.Dynamic}))
	r.holds("a", []byte("hello"))
}
