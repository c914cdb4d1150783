package objectstorage_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// Each call knows the answers that it may have.
func TestUndocumentedSuccesses(t *testing.T) {
	t.Parallel()
	here, there := objectstorage.Location{Container: "photos", Name: "a"}, objectstorage.Location{Container: "photos", Name: "b"}
	for name, test := range map[string]struct {
		documented []int
		call       func(ctx context.Context, storage *objectstorage.Client) error
	}{
		"Containers.Create": {[]int{201, 202}, func(ctx context.Context, storage *objectstorage.Client) error {
			_, err := storage.Containers.Create(ctx, "photos", nil)
			return err
		}},
		"Containers.List": {[]int{204}, func(ctx context.Context, storage *objectstorage.Client) error { // or 200, with a list
			_, err := storage.Containers.List(ctx, nil)
			return err
		}},
		"Containers.Get": {[]int{204}, func(ctx context.Context, storage *objectstorage.Client) error {
			_, err := storage.Containers.Get(ctx, "photos")
			return err
		}},
		"Containers.Delete": {[]int{204}, func(ctx context.Context, storage *objectstorage.Client) error {
			return storage.Containers.Delete(ctx, "photos")
		}},
		"Containers.SetRFCETags": {[]int{204}, func(ctx context.Context, storage *objectstorage.Client) error {
			return storage.Containers.SetRFCETags(ctx, "photos", true)
		}},
		"Containers.SetPolicy": {[]int{204}, func(ctx context.Context, storage *objectstorage.Client) error {
			return storage.Containers.SetPolicy(ctx, "photos", objectstorage.ContainerPolicy{Lifecycle: &objectstorage.LifecyclePolicy{}})
		}},
		"List": {[]int{204}, func(ctx context.Context, storage *objectstorage.Client) error {
			_, err := storage.Objects.List(ctx, "photos", nil)
			return err
		}},
		"Segments": {nil, func(ctx context.Context, storage *objectstorage.Client) error {
			_, err := storage.Objects.Segments(ctx, "photos", "a")
			return err
		}},
		"Delete": {[]int{204}, func(ctx context.Context, storage *objectstorage.Client) error {
			return storage.Objects.Delete(ctx, "photos", "a")
		}},
		"Update": {[]int{202}, func(ctx context.Context, storage *objectstorage.Client) error {
			return storage.Objects.Update(ctx, "photos", "a", objectstorage.ObjectUpdate{ContentType: "text/plain"})
		}},
		"Head": {[]int{200}, func(ctx context.Context, storage *objectstorage.Client) error {
			_, err := storage.Objects.Head(ctx, "photos", "a")
			return err
		}},
		"Get": {[]int{200}, func(ctx context.Context, storage *objectstorage.Client) error {
			content, err := storage.Objects.Get(ctx, "photos", "a", nil)
			if err == nil {
				err = content.Close()
			}
			return err
		}},
		"PutStatic": {[]int{201}, func(ctx context.Context, storage *objectstorage.Client) error {
			_, err := storage.Objects.PutStatic(ctx, "photos", "a", whole(), nil)
			return err
		}},
		"PutDynamic": {[]int{201}, func(ctx context.Context, storage *objectstorage.Client) error {
			_, err := storage.Objects.PutDynamic(ctx, "photos", "a", "photos", "b", nil)
			return err
		}},
		"Copy": {[]int{201}, func(ctx context.Context, storage *objectstorage.Client) error {
			_, err := storage.Objects.Copy(ctx, here, there, nil)
			return err
		}},
		"CopyByPut": {[]int{201}, func(ctx context.Context, storage *objectstorage.Client) error {
			_, err := storage.Objects.CopyByPut(ctx, here, there, nil)
			return err
		}},
	} {
		for _, status := range []int{200, 201, 202, 203, 204, 205, 206, 207, 226, 299} {
			t.Run(fmt.Sprintf("%s/%d", name, status), func(t *testing.T) {
				t.Parallel()
				etag := combined(whole()[0].Hash, whole()[1].Hash)
				if name == "PutDynamic" {
					etag = digestOf(nil)
				}
				err := test.call(nhncloud.ContextWithRetry(t.Context(), nhncloud.NoRetry), objectstorage.New(newScript(t, reply(status, "", "ETag", etag, "X-Container-Object-Count", "0")).client))
				if slices.Contains(test.documented, status) {
					require.NoError(t, err)
					return
				}
				e := failsAs(t, nhncloud.ErrBadAnswer, err)
				assert.Equal(t, status, e.StatusCode)
			})
		}
	}
}
