package objectstorage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// buffer is a file in memory.
type buffer struct{ data []byte }

func (b *buffer) WriteAt(p []byte, offset int64) (int, error) { return copy(b.data[offset:], p), nil }

func (b *buffer) ReadAt(p []byte, offset int64) (int, error) {
	n := copy(p, b.data[offset:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// writeOnly hides that what was written can be read back.
type writeOnly struct{ io.WriterAt }

func inRanges() *objectstorage.DownloadOptions {
	return &objectstorage.DownloadOptions{PartSize: new(int64(smallPart)), Concurrency: 4}
}

// storing are the kinds of objects of a content that there are.
var storing = map[string]func(r *rig, data []byte){
	"plain":  func(r *rig, data []byte) { r.put(depot, "name", data) },
	"static": func(r *rig, data []byte) { r.putLarge("name", data) },
	"dynamic": func(r *rig, data []byte) {
		options := inParts()
		options.Dynamic = true
		_, err := r.objects.Upload(context.Background(), depot, "name", bytes.NewReader(data), options)
		require.NoError(r.t, err)
	},
	"small segments": func(r *rig, data []byte) {
		options := inParts()
		options.PartSize = new(int64(smallPart / 3))
		_, err := r.objects.Upload(context.Background(), depot, "name", bytes.NewReader(data), options)
		require.NoError(r.t, err)
	},
	"parts of segments": func(r *rig, data []byte) {
		half := len(data) / 2
		r.put(depot, "segment", data)
		_, err := r.objects.PutStatic(context.Background(), depot, "name", []objectstorage.Segment{
			{Container: depot, Name: "segment", Range: fmt.Sprintf("0-%d", half-1)},
			{Container: depot, Name: "segment", Range: fmt.Sprintf("%d-%d", half, len(data)-1)},
		}, nil)
		require.NoError(r.t, err)
	},
	"large segments": func(r *rig, data []byte) {
		r.putLarge("segment", data)
		_, err := r.objects.PutStatic(context.Background(), depot, "name", []objectstorage.Segment{{Container: depot, Name: "segment", SubSLO: true}}, nil)
		require.NoError(r.t, err)
	},
}

func TestDownload(t *testing.T) {
	t.Parallel()
	data := noise(30, 5*smallPart-7)
	for kind, store := range storing {
		for _, c := range []struct {
			name   string
			change func(o *objectstorage.DownloadOptions)
			once   bool // w can't be read
			parts  map[string]int
		}{
			{"in parts", func(*objectstorage.DownloadOptions) {}, false, map[string]int{"": 5}},
			{"in one piece", func(o *objectstorage.DownloadOptions) { o.PartSize = nil }, false, map[string]int{"": 1}},
			{"two segments", func(o *objectstorage.DownloadOptions) { o.PartSize = new(int64(2*smallPart + 1)) }, false, map[string]int{"": 3}},
			{"unchecked", func(o *objectstorage.DownloadOptions) { o.SkipChecksum = true }, false, map[string]int{"": 5}},
			{"write only", func(*objectstorage.DownloadOptions) {}, true, map[string]int{"": 5, "plain": 1}},
			{"defaults", func(o *objectstorage.DownloadOptions) { *o = objectstorage.DownloadOptions{} }, false, map[string]int{"": 1}},
		} {
			t.Run(kind+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				store(r, data)
				sent := r.counting()
				options := inRanges()
				c.change(options)
				story := &story{t: t}
				options.Progress = story.tell
				out := &buffer{make([]byte, len(data))}
				var w io.WriterAt = out
				if c.once {
					w = writeOnly{out}
				}
				object, err := r.objects.Download(t.Context(), depot, "name", w, options)
				require.NoError(t, err)
				assert.Equal(t, digestOf(data), digestOf(out.data))
				assert.EqualValues(t, len(data), object.Size)
				assert.Equal(t, "name", object.Name)
				want, ok := c.parts[kind]
				if !ok {
					want = c.parts[""]
				}
				assert.Equal(t, want, sent.count("objectstorage-get-object"))
				assert.Equal(t, nhncloud.TransferProgress{Done: int64(len(data)), Total: int64(len(data)), Parts: want, Count: want}, story.last)
			})
		}
	}
}

// Sizes at which something begins or ends.
func TestDownloadSizes(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, smallPart - 1, smallPart, smallPart + 1, 2 * smallPart} {
		for _, unchecked := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d/%t", size, unchecked), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				data := noise(31, size)
				r.put(depot, "name", data)
				options := inRanges()
				options.SkipChecksum = unchecked
				story := &story{t: t}
				options.Progress = story.tell
				out := &buffer{make([]byte, size)}
				_, err := r.objects.Download(t.Context(), depot, "name", out, options)
				require.NoError(t, err)
				assert.Equal(t, digestOf(data), digestOf(out.data))
				parts := max(1, (size+smallPart-1)/smallPart)
				assert.Equal(t, nhncloud.TransferProgress{Done: int64(size), Total: int64(size), Parts: parts, Count: parts}, story.last)
			})
		}
	}
	// Of a dynamic one with more segments than a listing has, the service does
	// not tell the size.
	t.Run("unknown", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		data := noise(31, 3*smallPart)
		storing["dynamic"](r, data)
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if err == nil {
				resp.Header.Del("Content-Length")
				resp.ContentLength, resp.TransferEncoding = -1, []string{"chunked"}
			}
			return resp, err
		})
		out := &buffer{make([]byte, len(data))}
		object, err := r.objects.Download(t.Context(), depot, "name", out, inRanges())
		require.NoError(t, err)
		assert.EqualValues(t, len(data), object.Size)
		assert.Equal(t, digestOf(data), digestOf(out.data))
	})
}

func TestDownloadRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.put(depot, "name", []byte("abc"))
	dir := t.TempDir()
	for field, options := range map[string]*objectstorage.DownloadOptions{
		"PartSize":    {PartSize: new(int64(0))},
		"Concurrency": {Concurrency: -1},
	} {
		_, err := r.objects.Download(t.Context(), depot, "name", &buffer{}, options)
		refusedField(t, field, err)
		_, err = r.objects.DownloadFile(t.Context(), depot, "name", filepath.Join(dir, "file"), options)
		refusedField(t, field, err)
	}
	_, err := r.objects.Download(t.Context(), depot, "", &buffer{}, nil)
	refusedField(t, "Object", err)
	_, err = r.objects.Download(t.Context(), "", "name", &buffer{}, nil)
	refusedField(t, "Container", err)
	_, err = r.objects.DownloadFile(t.Context(), depot, "name", "", nil)
	refusedField(t, "path", err)
	_, err = r.objects.DownloadFile(t.Context(), depot, "", filepath.Join(dir, "file"), nil)
	refusedField(t, "Object", err)
	_, err = r.objects.DownloadFile(t.Context(), depot, "missing", filepath.Join(dir, "file"), nil)
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	_, err = r.objects.DownloadFile(t.Context(), depot, "name", filepath.Join(dir, "nowhere", "file"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
	assert.Empty(t, treeOf(t, dir))
}

// failingFile fails to be written or read back.
type failingFile struct {
	buffer
	write, read error
}

func (f *failingFile) WriteAt(p []byte, offset int64) (int, error) {
	if f.write != nil && offset >= smallPart {
		return 0, f.write
	}
	return f.buffer.WriteAt(p, offset)
}

func (f *failingFile) ReadAt(p []byte, offset int64) (int, error) {
	if f.read != nil {
		return 0, f.read
	}
	return f.buffer.ReadAt(p, offset)
}

func TestDownloadTarget(t *testing.T) {
	t.Parallel()
	data := noise(33, 3*smallPart)
	broken := errors.New("disk full")
	for kind := range storing {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			storing[kind](r, data)
			for _, options := range []*objectstorage.DownloadOptions{nil, inRanges()} {
				_, err := r.objects.Download(t.Context(), depot, "name", &failingFile{buffer: buffer{make([]byte, len(data))}, write: broken}, options)
				e := failsAs(t, broken, err)
				assert.Equal(t, "what arrived can't be written", e.Message)
			}
			_, err := r.objects.Download(t.Context(), depot, "name", &failingFile{buffer: buffer{make([]byte, len(data))}, read: broken}, inRanges())
			if kind != "plain" {
				require.NoError(t, err, "nothing is read back")
				return
			}
			e := failsAs(t, broken, err)
			assert.Equal(t, "what arrived can't be read back", e.Message)
		})
	}
}
