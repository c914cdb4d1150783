package objectstorage_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// panicking is content, and a place for content, that panics beyond so many
// bytes.
type panicking struct {
	*bytes.Reader
	good int64
}

func (p *panicking) check(end int64) {
	if end > p.good {
		panic("the caller's own")
	}
}

func (p *panicking) Read(b []byte) (int, error) {
	p.check(p.Size() - int64(p.Len()) + int64(len(b)))
	return p.Reader.Read(b)
}

func (p *panicking) ReadAt(b []byte, offset int64) (int, error) {
	p.check(offset + int64(len(b)))
	return p.Reader.ReadAt(b, offset)
}

func (p *panicking) WriteAt(b []byte, offset int64) (int, error) {
	p.check(offset + int64(len(b)))
	return len(b), nil
}

// What the caller's own reader, writer or Progress panics with reaches the
// caller, wherever it was called, and nothing is left behind.
func TestPanics(t *testing.T) {
	t.Parallel()
	data := noise(1, 8*smallPart)
	telling := func(after int64) func(nhncloud.TransferProgress) {
		return func(p nhncloud.TransferProgress) {
			if p.Done > after {
				panic("the caller's own")
			}
		}
	}
	put := func(source func() io.Reader, options *objectstorage.PutOptions) func(t *testing.T, r *rig) {
		return func(t *testing.T, r *rig) { _, _ = r.objects.Put(t.Context(), depot, "name", source(), options) }
	}
	upload := func(source func() io.Reader, change func(o *objectstorage.UploadOptions)) func(t *testing.T, r *rig) {
		return func(t *testing.T, r *rig) {
			options := inParts()
			if change != nil {
				change(options)
			}
			_, _ = r.objects.Upload(t.Context(), depot, "name", source(), options)
		}
	}
	download := func(w func() io.WriterAt, tell func(nhncloud.TransferProgress), size *int64) func(t *testing.T, r *rig) {
		return func(t *testing.T, r *rig) {
			r.put(depot, "there", data)
			defer func() { assert.NoError(t, r.objects.Delete(context.Background(), depot, "there")) }()
			_, _ = r.objects.Download(t.Context(), depot, "there", w(), &objectstorage.DownloadOptions{PartSize: size, Progress: tell})
		}
	}
	at := func(good int64) func() io.Reader {
		return func() io.Reader { return &panicking{bytes.NewReader(data), good} }
	}
	once := func(good int64) func() io.Reader {
		return func() io.Reader { return onlyRead{&panicking{bytes.NewReader(data), good}} }
	}
	well := func() io.Reader { return bytes.NewReader(data) }
	parts := new(int64(smallPart))
	for name, call := range map[string]func(t *testing.T, r *rig){
		"Put at once":             put(at(0), nil),
		"Put later":               put(at(100*kib), &objectstorage.PutOptions{ETag: digestOf(data)}),
		"Put once at once":        put(once(0), nil),
		"Put once later":          put(once(100*kib), nil),
		"Put of known size":       put(once(100*kib), &objectstorage.PutOptions{Size: int64(len(data))}),
		"Put, Progress":           put(well, &objectstorage.PutOptions{Progress: telling(0)}),
		"Put, Progress later":     put(well, &objectstorage.PutOptions{Progress: telling(100 * kib)}),
		"Upload at once":          upload(at(0), nil),
		"Upload later":            upload(at(5*smallPart), nil),
		"Upload once at once":     upload(once(0), nil),
		"Upload once later":       upload(once(5*smallPart), nil),
		"Upload, Progress":        upload(well, func(o *objectstorage.UploadOptions) { o.Progress = telling(0) }),
		"Upload, Progress later":  upload(well, func(o *objectstorage.UploadOptions) { o.Progress = telling(5 * smallPart) }),
		"Upload of larger parts":  upload(at(6*smallPart), func(o *objectstorage.UploadOptions) { o.PartSize, o.Dynamic = new(int64(2*smallPart)), true }),
		"Download":                download(func() io.WriterAt { return &panicking{bytes.NewReader(data), 0} }, nil, nil),
		"Download in parts":       download(func() io.WriterAt { return &panicking{bytes.NewReader(data), 5 * smallPart} }, nil, parts),
		"Download, Progress":      download(func() io.WriterAt { return &buffer{make([]byte, len(data))} }, telling(0), nil),
		"Download, Progress late": download(func() io.WriterAt { return &buffer{make([]byte, len(data))} }, telling(5*smallPart), parts),
		"Download, read back":     download(func() io.WriterAt { return readBack{&panicking{bytes.NewReader(data), 5 * smallPart}} }, nil, parts),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			assert.PanicsWithValue(t, "the caller's own", func() { call(t, r) })
			assert.Empty(t, r.list(depot))
			assert.Empty(t, r.list(depotSegments))
		})
	}
}

// readBack panics only when it is read.
type readBack struct{ *panicking }

func (readBack) WriteAt(b []byte, _ int64) (int, error) { return len(b), nil }

// So it is with folders and files.
func TestPanicsInFolders(t *testing.T) {
	t.Parallel()
	for after := range 3 {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			from, to := t.TempDir(), t.TempDir()
			makeTree(t, from, files())
			_, err := r.objects.UploadDir(t.Context(), depot, "there/", from, uploadDir())
			require.NoError(t, err)
			tell := func(p nhncloud.TransferProgress) {
				if p.Parts >= after {
					panic("the caller's own")
				}
			}
			assert.PanicsWithValue(t, "the caller's own", func() {
				options := uploadDir()
				options.Progress = tell
				_, _ = r.objects.UploadDir(t.Context(), depot, "", from, options)
			})
			assert.PanicsWithValue(t, "the caller's own", func() {
				options := downloadDir()
				options.Progress = tell
				_, _ = r.objects.DownloadDir(t.Context(), depot, "there/", to, options)
			})
			for _, path := range treeOf(t, to) {
				assert.NotContains(t, path, ".part", "a temporary file")
			}
			path := filepath.Join(t.TempDir(), "file")
			assert.PanicsWithValue(t, "the caller's own", func() {
				_, _ = r.objects.DownloadFile(t.Context(), depot, "there/a.txt", path, &objectstorage.DownloadOptions{Progress: func(nhncloud.TransferProgress) { panic("the caller's own") }})
			})
			assert.Empty(t, treeOf(t, filepath.Dir(path)))
		})
	}
}

// A goroutine that one of its own functions ends does not hang.
func TestGoexit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(1, 3*smallPart)
	r.put(depot, "there", data)
	for name, call := range map[string]func(tell func(nhncloud.TransferProgress)){
		"download": func(tell func(nhncloud.TransferProgress)) {
			options := inRanges()
			options.Progress = tell
			_, _ = r.objects.Download(context.Background(), depot, "there", &buffer{make([]byte, len(data))}, options)
		},
		"upload": func(tell func(nhncloud.TransferProgress)) {
			options := inParts()
			options.Progress = func(p nhncloud.TransferProgress) {
				if p.Parts > 0 { // else it ends a goroutine of net/http
					tell(p)
				}
			}
			_, _ = r.objects.Upload(context.Background(), depot, "name", bytes.NewReader(data), options)
		},
	} {
		ended := make(chan bool)
		go func() {
			returned := false
			defer func() { ended <- returned }()
			call(func(nhncloud.TransferProgress) { runtime.Goexit() })
			returned = true
		}()
		assert.False(t, <-ended, name)
	}
	assert.Equal(t, []string{"there"}, r.list(depot))
	assert.Empty(t, r.list(depotSegments))
}
