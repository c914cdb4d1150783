package objectstorage_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// A file that changes while it is sent is an error, and not stored.
func TestUploadFileChanges(t *testing.T) {
	t.Parallel()
	for _, size := range []int{10, 200 * kib, 3 << 20} {
		for name, change := range map[string]func(path string) error{
			"grows":   func(path string) error { return appendTo(path, []byte("more")) },
			"shrinks": func(path string) error { return os.Truncate(path, 5) },
			"touched": func(path string) error { return os.Chtimes(path, time.Time{}, time.Unix(1, 0)) },
		} {
			for _, options := range []*objectstorage.UploadOptions{nil, {Threshold: 1, PartSize: new(int64(smallPart))}} {
				if size <= 64*kib && options == nil {
					continue // it is read before anything is sent
				}
				t.Run(fmt.Sprintf("%d/%s/%t", size, name, options != nil), func(t *testing.T) {
					t.Parallel()
					r := newRig(t)
					r.put(depot, "name", []byte("old"))
					path := writeFile(t, t.TempDir(), "file", noise(21, size))
					var once sync.Once
					r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
						if operation == "objectstorage-put-segment" || operation == "objectstorage-put-object" && size > 64*kib {
							once.Do(func() { assert.NoError(t, change(path)) })
						}
						return next.RoundTrip(req)
					})
					_, err := r.objects.UploadFile(t.Context(), depot, "name", path, options)
					require.Error(t, err)
					require.ErrorAs(t, err, new(*nhncloud.Error))
					r.holds("name", []byte("old"))
					assert.Empty(t, r.list(depotSegments))
				})
			}
		}
	}
	t.Run("does not", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		data := noise(21, 200*kib)
		path := writeFile(t, t.TempDir(), "file", data)
		for _, options := range []*objectstorage.UploadOptions{nil, {Threshold: 1, PartSize: new(int64(smallPart))}} {
			_, err := r.objects.UploadFile(t.Context(), depot, "name", path, options)
			require.NoError(t, err)
			r.holds("name", data)
		}
	})
}

func appendTo(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}
