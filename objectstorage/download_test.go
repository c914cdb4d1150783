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
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
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
				assert.Equal(t, objectstorage.Progress{Done: int64(len(data)), Total: int64(len(data)), Parts: want, Count: want}, story.last)
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
				assert.Equal(t, objectstorage.Progress{Done: int64(size), Total: int64(size), Parts: parts, Count: parts}, story.last)
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
				resp.ContentLength = -1
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

// What arrives damaged is an error.
func TestDownloadChecksums(t *testing.T) {
	t.Parallel()
	data := noise(32, 4*smallPart)
	for kind, want := range map[string]string{"plain": digestOf(data), "static": digestOf(data[smallPart : 2*smallPart]), "dynamic": "", "parts of segments": ""} {
		for name, change := range map[string]func(o *objectstorage.DownloadOptions){
			"in parts":     func(*objectstorage.DownloadOptions) {},
			"in one piece": func(o *objectstorage.DownloadOptions) { o.PartSize = nil },
			"unchecked":    func(o *objectstorage.DownloadOptions) { o.SkipChecksum = true },
		} {
			t.Run(kind+"/"+name, func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				storing[kind](r, data)
				// The second segment, or what is in the middle of it.
				r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
					resp, err := next.RoundTrip(req)
					if err != nil || operation != "objectstorage-get-object" {
						return resp, err
					}
					var first, last, size int
					if _, err := fmt.Sscanf(resp.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &size); err != nil {
						first, last = 0, len(data)-1
					}
					if at := smallPart * 3 / 2; first <= at && at <= last {
						body, err := io.ReadAll(resp.Body)
						assert.NoError(t, err)
						body[at-first] ^= 1
						resp.Body = struct {
							io.Reader
							io.Closer
						}{bytes.NewReader(body), resp.Body}
					}
					return resp, nil
				})
				options := inRanges()
				change(options)
				dir := t.TempDir()
				path := writeFile(t, dir, "file", []byte("old"))
				options.Overwrite = true
				_, err := r.objects.DownloadFile(t.Context(), depot, "name", path, options)
				assert.Equal(t, []string{"file"}, treeOf(t, dir))
				got, readErr := os.ReadFile(path)
				require.NoError(t, readErr)
				if want == "" || options.SkipChecksum {
					require.NoError(t, err, "there is nothing to compare with")
					assert.Len(t, got, len(data))
					return
				}
				failsAs(t, nhncloud.ErrChecksumMismatch, err)
				var mismatch *objectstorage.ChecksumError
				require.ErrorAs(t, err, &mismatch)
				assert.Equal(t, want, mismatch.Want)
				assert.Len(t, mismatch.Got, 32)
				assert.NotEqual(t, want, mismatch.Got)
				assert.Equal(t, "old", string(got))
			})
		}
	}
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

// An object that is replaced while it is fetched is an error.
func TestDownloadReplaced(t *testing.T) {
	t.Parallel()
	for kind, store := range storing {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			store(r, noise(34, 4*smallPart))
			var count atomic.Int64
			r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
				if operation == "objectstorage-get-object" && count.Add(1) == 2 {
					r.put(depot, "name", noise(35, 4*smallPart))
				}
				return next.RoundTrip(req)
			})
			options := inRanges()
			options.Concurrency = 1
			dir := t.TempDir()
			_, err := r.objects.DownloadFile(t.Context(), depot, "name", filepath.Join(dir, "file"), options)
			require.ErrorIs(t, err, nhncloud.ErrPreconditionFailed)
			assert.Empty(t, treeOf(t, dir))
		})
	}
}

// Answers that are not what was asked for.
func TestDownloadBadAnswers(t *testing.T) {
	t.Parallel()
	data := noise(36, 3*smallPart)
	for name, change := range map[string]func(resp *http.Response){
		"no range":      func(resp *http.Response) { resp.StatusCode = http.StatusOK },
		"another range": func(resp *http.Response) { resp.Header.Set("Content-Range", "bytes 1-65536/196608") },
		"shorter": func(resp *http.Response) {
			resp.Header.Set("Content-Range", strings.Replace(resp.Header.Get("Content-Range"), "5535/", "5534/", 1))
			resp.ContentLength, resp.Body = 65535, struct {
				io.Reader
				io.Closer
			}{io.LimitReader(resp.Body, 65535), resp.Body}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.put(depot, "name", data)
			r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
				resp, err := next.RoundTrip(req)
				if err == nil && req.Header.Get("Range") == "bytes=0-65535" {
					change(resp)
				}
				return resp, err
			})
			dir := t.TempDir()
			_, err := r.objects.DownloadFile(t.Context(), depot, "name", filepath.Join(dir, "file"), inRanges())
			failsAs(t, nhncloud.ErrBadAnswer, err)
			assert.Empty(t, treeOf(t, dir))
		})
	}
	t.Run("no manifest", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.putLarge("name", data)
		r.cloud.Inject(nhncloudtest.Fault{Operation: "objectstorage-get-slo-manifest", Status: http.StatusForbidden})
		_, err := r.objects.Download(t.Context(), depot, "name", &buffer{make([]byte, len(data))}, inRanges())
		assert.ErrorIs(t, err, nhncloud.ErrForbidden)
	})
	t.Run("segment gone", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.putLarge("name", data)
		require.NoError(t, r.objects.Delete(t.Context(), depotSegments, r.list(depotSegments)[1]))
		dir := t.TempDir()
		_, err := r.objects.DownloadFile(t.Context(), depot, "name", filepath.Join(dir, "file"), inRanges())
		require.Error(t, err)
		require.ErrorAs(t, err, new(*nhncloud.Error))
		assert.Empty(t, treeOf(t, dir))
	})
}

func TestDownloadFile(t *testing.T) {
	t.Parallel()
	data := noise(37, 3*smallPart)
	load := func(t *testing.T, r *rig, path string, overwrite bool) error {
		t.Helper()
		options := inRanges()
		options.Overwrite = overwrite
		_, err := r.objects.DownloadFile(t.Context(), depot, "name", path, options)
		return err
	}
	has := func(t *testing.T, path string, want []byte) {
		t.Helper()
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, digestOf(want), digestOf(got))
	}
	run := func(name string, test func(t *testing.T, r *rig, dir string)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.put(depot, "name", data)
			test(t, r, t.TempDir())
		})
	}
	run("new", func(t *testing.T, r *rig, dir string) {
		require.NoError(t, load(t, r, filepath.Join(dir, "file"), false))
		has(t, filepath.Join(dir, "file"), data)
		assert.Equal(t, []string{"file"}, treeOf(t, dir))
	})
	run("long name", func(t *testing.T, r *rig, dir string) {
		name := strings.Repeat("n", 255)
		require.NoError(t, load(t, r, filepath.Join(dir, name), false))
		assert.Equal(t, []string{name}, treeOf(t, dir))
	})
	run("name too long", func(t *testing.T, r *rig, dir string) {
		require.ErrorAs(t, load(t, r, filepath.Join(dir, strings.Repeat("n", 256)), false), new(*nhncloud.Error))
		assert.Empty(t, treeOf(t, dir))
	})
	run("exists", func(t *testing.T, r *rig, dir string) {
		path := writeFile(t, dir, "file", []byte("old"))
		sent := r.counting()
		err := load(t, r, path, false)
		require.ErrorIs(t, err, os.ErrExist)
		refusedField(t, "path", err)
		assert.Zero(t, sent.count("objectstorage-get-object"))
		has(t, path, []byte("old"))
		require.NoError(t, load(t, r, path, true))
		has(t, path, data)
		assert.Equal(t, []string{"file"}, treeOf(t, dir))
	})
	run("folder", func(t *testing.T, r *rig, dir string) {
		for _, overwrite := range []bool{false, true} {
			err := load(t, r, dir, overwrite)
			require.ErrorIs(t, err, os.ErrExist)
			refusedField(t, "path", err)
		}
		assert.Empty(t, treeOf(t, dir))
	})
	run("comes up", func(t *testing.T, r *rig, dir string) {
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-get-object" {
				writeFile(t, dir, "file", []byte("other"))
			}
			return next.RoundTrip(req)
		})
		require.ErrorIs(t, load(t, r, filepath.Join(dir, "file"), false), os.ErrExist)
		has(t, filepath.Join(dir, "file"), []byte("other"))
		assert.Equal(t, []string{"file"}, treeOf(t, dir))
	})
	run("temporary file vanishes", func(t *testing.T, r *rig, dir string) {
		r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
			if operation == "objectstorage-get-object" {
				for _, name := range treeOf(t, dir) {
					assert.NoError(t, os.Remove(filepath.Join(dir, name)))
				}
			}
			return next.RoundTrip(req)
		})
		require.ErrorIs(t, load(t, r, filepath.Join(dir, "file"), false), os.ErrNotExist)
		assert.Empty(t, treeOf(t, dir))
	})
	run("link", func(t *testing.T, r *rig, dir string) {
		target := writeFile(t, t.TempDir(), "target", []byte("old"))
		link := filepath.Join(dir, "file")
		require.NoError(t, os.Symlink(target, link))
		require.ErrorIs(t, load(t, r, link, false), os.ErrExist)
		require.NoError(t, load(t, r, link, true))
		has(t, target, []byte("old"))
		has(t, link, data)
	})
}

// Each of these faults is survived, or leaves nothing.
func TestDownloadFaults(t *testing.T) {
	t.Parallel()
	const parts = 5
	data := noise(38, parts*smallPart-100)
	get := func(f nhncloudtest.Fault) *nhncloudtest.Fault {
		f.Operation = "objectstorage-get-object"
		return &f
	}
	for name, c := range map[string]struct {
		fault *nhncloudtest.Fault
		proxy picker
		fails error
		wants int // requests for content; 0 where that depends
	}{
		"none":                        {wants: parts},
		"reset before each":           {proxy: eachTime(1, isContent, resetInRequest(0))},
		"reset in the middle of each": {proxy: eachTime(1, isContent, resetInAnswer(smallPart/2)), wants: 2 * parts},
		"reset at the end of each":    {proxy: eachTime(1, isContent, resetInAnswer(smallPart-101)), wants: 2 * parts},
		"always in the middle":        {proxy: eachTime(99, isContent, resetInAnswer(smallPart/2))},
		"always at the beginning":     {proxy: eachTime(99, isContent, resetInAnswer(0)), fails: nhncloud.ErrUnavailable},
		"cut off":                     {fault: get(nhncloudtest.Fault{Truncate: true, Times: 3}), wants: parts + 3},
		"503":                         {fault: get(nhncloudtest.Fault{Status: 503, Times: 3}), wants: parts + 3},
		"503 always":                  {fault: get(nhncloudtest.Fault{Status: 503}), fails: nhncloud.ErrUnavailable},
		"401 in the middle":           {fault: get(nhncloudtest.Fault{Status: 401, After: 2, Times: 1}), wants: parts + 1},
		"403 at the last":             {fault: get(nhncloudtest.Fault{Status: 403, After: parts - 1}), fails: nhncloud.ErrForbidden, wants: parts},
		"404":                         {fault: get(nhncloudtest.Fault{Status: 404, After: 1}), fails: nhncloud.ErrNotFound},
		"wrong ETag":                  {fault: get(nhncloudtest.Fault{Status: 412, After: 1}), fails: nhncloud.ErrPreconditionFailed},
		"garbled":                     {proxy: eachTime(1, isContent, garbleAnswer), fails: nhncloud.ErrChecksumMismatch},
		"no object":                   {fault: &nhncloudtest.Fault{Operation: "objectstorage-head-object", Status: 404}, fails: nhncloud.ErrNotFound},
	} {
		for _, kind := range []string{"plain", "static"} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				storing[kind](r, data)
				if c.proxy != nil {
					flawedProxy(t, r, c.proxy)
				}
				if c.fault != nil {
					r.cloud.Inject(*c.fault)
				}
				sent := r.counting()
				story := &story{t: t}
				options := inRanges()
				options.Progress = story.tell
				dir := t.TempDir()
				path := filepath.Join(dir, "file")
				_, err := r.objects.DownloadFile(t.Context(), depot, "name", path, options)
				if c.fails == nil {
					require.NoError(t, err)
					got, err := os.ReadFile(path)
					require.NoError(t, err)
					assert.Equal(t, digestOf(data), digestOf(got))
					assert.Equal(t, []string{"file"}, treeOf(t, dir))
					assert.Equal(t, objectstorage.Progress{Done: int64(len(data)), Total: int64(len(data)), Parts: parts, Count: parts}, story.last)
				} else {
					failsAs(t, c.fails, err)
					assert.Empty(t, treeOf(t, dir))
				}
				if c.wants > 0 {
					assert.Equal(t, c.wants, sent.count("objectstorage-get-object"))
				}
				_, most := r.conns.counts()
				assert.LessOrEqual(t, most, 16)
			})
		}
	}
}

// Whenever it is cancelled, the file is whole or not there, and nothing else
// is.
func TestDownloadCancelledAnywhere(t *testing.T) {
	t.Parallel()
	const seeds = 100
	r := newRig(t)
	data := noise(39, 6*smallPart-1)
	r.put(depot, "plain", data)
	r.putLarge("static", data)
	var outcomes [2]atomic.Int64
	t.Run("seeds", func(t *testing.T) {
		for seed := range uint64(seeds) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				path := filepath.Join(dir, "file")
				name := "plain"
				if seed%2 == 0 {
					name = "static"
				}
				err := r.cancelSomewhere(t, seed, 90, func(ctx context.Context, objects *objectstorage.ObjectsService) error {
					_, err := objects.DownloadFile(ctx, depot, name, path, inRanges())
					return err
				})
				if err != nil {
					outcomes[1].Add(1)
					require.ErrorIs(t, err, context.Canceled)
					assert.Empty(t, treeOf(t, dir))
					return
				}
				outcomes[0].Add(1)
				got, err := os.ReadFile(path)
				require.NoError(t, err)
				assert.Equal(t, digestOf(data), digestOf(got))
				assert.Equal(t, []string{"file"}, treeOf(t, dir))
			})
		}
	})
	t.Logf("%d whole, %d cancelled", outcomes[0].Load(), outcomes[1].Load())
	assert.NotZero(t, outcomes[1].Load())
}
