package objectstorage_test

import (
	"bytes"
	"context"
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
				var mismatch *nhncloud.ChecksumError
				require.ErrorAs(t, err, &mismatch)
				assert.Equal(t, want, mismatch.Want)
				assert.Len(t, mismatch.Got, 32)
				assert.NotEqual(t, want, mismatch.Got)
				assert.Equal(t, "old", string(got))
			})
		}
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
					assert.Equal(t, nhncloud.TransferProgress{Done: int64(len(data)), Total: int64(len(data)), Parts: parts, Count: parts}, story.last)
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
