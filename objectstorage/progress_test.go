package objectstorage_test

import (
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

// What has to be sent again counts once.
func TestPutProgress(t *testing.T) {
	t.Parallel()
	small, large := noise(1, 10*kib), noise(2, 3<<20)
	repeated := []http.HandlerFunc{cutOff(100 * kib), lost, cutOff(5), keeps()}
	for name, test := range map[string]struct {
		data  []byte
		open  func([]byte) io.Reader
		size  bool
		steps []http.HandlerFunc
		total int64
		fails bool
	}{
		"small":         {data: small, open: again, steps: repeated, total: 10 * kib},
		"large":         {data: large, open: again, steps: repeated, total: 3 << 20},
		"seeking":       {data: large, open: seeking, steps: repeated, total: 3 << 20},
		"once":          {data: large, open: once, steps: []http.HandlerFunc{keeps()}, total: -1},
		"of known size": {data: large, open: once, size: true, steps: []http.HandlerFunc{keeps()}, total: 3 << 20},
		"nothing":       {open: again, steps: []http.HandlerFunc{keeps()}},
		"failed":        {data: make([]byte, 32<<20), open: once, steps: []http.HandlerFunc{cutOff(100 * kib)}, total: -1, fails: true},
	} {
		for operation, put := range puts {
			t.Run(name+"/"+operation, func(t *testing.T) {
				t.Parallel()
				before := len(put.before)
				s := newScript(t, append(put.before[:before:before], test.steps...)...)
				told := &story{t: t}
				options := &objectstorage.PutOptions{Progress: told.tell}
				if test.size {
					options.Size = int64(len(test.data))
				}
				_, err := put.call(t.Context(), s.objects, "photos", "a", test.open(test.data), options)
				if test.fails {
					require.Error(t, err)
					assert.Positive(t, told.last.Done)
					assert.Zero(t, told.last.Parts)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, nhncloud.TransferProgress{Done: int64(len(test.data)), Total: test.total, Parts: 1, Count: 1}, told.last)
			})
		}
	}
}

func TestGetProgress(t *testing.T) {
	t.Parallel()
	data := noise(1, 300*kib)
	for name, test := range map[string]struct {
		options objectstorage.GetOptions
		steps   []http.HandlerFunc
		want    nhncloud.TransferProgress
		fails   bool
	}{
		"whole":   {steps: []http.HandlerFunc{object(data)}, want: nhncloud.TransferProgress{Done: 300 * kib, Total: 300 * kib, Parts: 1, Count: 1}},
		"resumed": {steps: []http.HandlerFunc{breaking(1000, data), breaking(0, data), breaking(5, data), object(data)}, want: nhncloud.TransferProgress{Done: 300 * kib, Total: 300 * kib, Parts: 1, Count: 1}},
		"part": {
			options: objectstorage.GetOptions{Offset: 1000, Length: 2000},
			steps:   []http.HandlerFunc{breaking(10, data), object(data)}, want: nhncloud.TransferProgress{Done: 2000, Total: 2000, Parts: 1, Count: 1},
		},
		"nothing": {steps: []http.HandlerFunc{object(nil)}, want: nhncloud.TransferProgress{Parts: 1, Count: 1}},
		"failed":  {steps: []http.HandlerFunc{breaking(1000, data), html(404, "Gone")}, want: nhncloud.TransferProgress{Done: 1000, Total: 300 * kib, Count: 1}, fails: true},
		"damaged": {steps: []http.HandlerFunc{object([]byte("hello"), "ETag", digestOf(nil))}, want: nhncloud.TransferProgress{Done: 5, Total: 5, Count: 1}, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := &story{t: t}
			test.options.Progress = told.tell
			content, err := newScript(t, test.steps...).objects.Get(t.Context(), "photos", "a", &test.options)
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, content)
			assert.Equal(t, test.fails, err != nil)
			_, err = content.Read(make([]byte, 1))
			require.Error(t, err, "the end is told once")
			require.NoError(t, content.Close())
			assert.Equal(t, test.want, told.last)
		})
	}
}

// A function that is told of the progress may make calls itself.
func TestProgressCalls(t *testing.T) {
	t.Parallel()
	s := newScript(t, keeps(), early(200, "", "ETag", digestOf(nil)), early(200, "", "ETag", digestOf(nil)))
	_, err := s.objects.Put(t.Context(), "photos", "a", strings.NewReader("hello"), &objectstorage.PutOptions{
		Progress: func(p nhncloud.TransferProgress) {
			_, err := s.objects.Head(t.Context(), "photos", fmt.Sprint(p.Parts))
			assert.NoError(t, err)
		},
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"PUT /photos/a token-1", "HEAD /photos/0 token-1", "HEAD /photos/1 token-1"}, s.lines())
}
