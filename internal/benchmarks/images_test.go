package benchmarks

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
)

// imager is one way to move the files of images, of so many bytes each.
type imager interface {
	upload(ctx context.Context, content io.Reader, size int64) error
	download(ctx context.Context, size int64) error
	downloadFile(ctx context.Context, path string, size int64) error
}

var imagers = []struct {
	name string
	make func(tb testing.TB, s *service.Storage) imager
}{
	{"raw-md5", func(_ testing.TB, s *service.Storage) imager { return &rawImager{s.URL + "/v2/images/"} }},
	{"sdk", newSDKImager},
}

type sdkImager struct{ images *compute.ImagesService }

func newSDKImager(tb testing.TB, s *service.Storage) imager {
	tb.Helper()
	client, err := nhncloud.NewClient(nhncloud.Config{
		Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: "x",
		Endpoints: map[nhncloud.Service]string{nhncloud.ServiceImage: s.URL},
	}, nhncloud.WithTokenSource(nhncloud.StaticToken("token")))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.CloseIdleConnections)
	return &sdkImager{compute.New(client).Images}
}

func idOf(size int64) string { return strconv.FormatInt(size, 10) }

func (s *sdkImager) upload(ctx context.Context, content io.Reader, size int64) error {
	_, err := s.images.Upload(ctx, idOf(size), content, &compute.ImageUploadOptions{Size: size})
	return err
}

func (s *sdkImager) download(ctx context.Context, size int64) error {
	content, err := s.images.Download(ctx, idOf(size), nil)
	if err != nil {
		return err
	}
	defer content.Close()
	_, err = io.Copy(io.Discard, content)
	return err
}

func (s *sdkImager) downloadFile(ctx context.Context, path string, size int64) error {
	_, err := s.images.DownloadFile(ctx, idOf(size), path, nil)
	return err
}

// rawImager does with net/http what the SDK does: it compares the MD5 with that
// of the image after an upload, and with that of the answer of a download.
type rawImager struct{ url string }

func (r *rawImager) do(ctx context.Context, method, path string, content io.Reader, size int64) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.url+path, content)
	if err != nil {
		return nil, err
	}
	if content != nil {
		req.ContentLength = size
		req.Header.Set("Content-Type", "application/octet-stream")
	}
	req.Header.Set("X-Auth-Token", "token")
	resp, err := http.DefaultClient.Do(req)
	if err == nil && resp.StatusCode >= 300 {
		_ = resp.Body.Close()
		err = fmt.Errorf("status %s", resp.Status)
	}
	return resp, err
}

func (r *rawImager) upload(ctx context.Context, content io.Reader, size int64) error {
	sum := md5.New()
	resp, err := r.do(ctx, http.MethodPut, idOf(size)+"/file", io.NopCloser(io.TeeReader(content, sum)), size)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if resp, err = r.do(ctx, http.MethodGet, idOf(size), nil, 0); err != nil {
		return err
	}
	defer resp.Body.Close()
	var image struct{ Checksum string }
	if err := json.NewDecoder(resp.Body).Decode(&image); err != nil {
		return err
	}
	return same(sum, image.Checksum)
}

func same(sum hash.Hash, want string) error {
	if got := hex.EncodeToString(sum.Sum(nil)); got != want {
		return fmt.Errorf("MD5 %s", got)
	}
	return nil
}

func (r *rawImager) download(ctx context.Context, size int64) error {
	return r.copy(ctx, io.Discard, size)
}

func (r *rawImager) copy(ctx context.Context, w io.Writer, size int64) error {
	resp, err := r.do(ctx, http.MethodGet, idOf(size)+"/file", nil, 0)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	sum := md5.New()
	if _, err := io.Copy(w, io.TeeReader(resp.Body, sum)); err != nil {
		return err
	}
	return same(sum, resp.Header.Get("Content-Md5"))
}

func (r *rawImager) downloadFile(ctx context.Context, path string, size int64) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := r.copy(ctx, file, size); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

// imageMoves are the ways that the file of an image goes.
func imageMoves(tb testing.TB, size int64) map[string]func(i imager) error {
	tb.Helper()
	ctx := context.Background()
	dir := tb.TempDir()
	source := filepath.Join(dir, "source")
	file, err := os.Create(source)
	if err == nil {
		err = file.Truncate(size) // zeros that take no space
	}
	if err != nil {
		tb.Fatal(err)
	}
	_ = file.Close()
	return map[string]func(i imager) error{
		"upload/file": func(i imager) error {
			file, err := os.Open(source)
			if err != nil {
				return err
			}
			defer file.Close()
			return i.upload(ctx, file, size)
		},
		"upload/generator": func(i imager) error { return i.upload(ctx, generator(size), size) },
		"download/discard": func(i imager) error { return i.download(ctx, size) },
		"download/file": func(i imager) error {
			path := filepath.Join(dir, "copy")
			defer os.Remove(path)
			return i.downloadFile(ctx, path, size)
		},
	}
}

func BenchmarkImage(b *testing.B) {
	size := int64(256 * mib)
	if testing.Short() {
		size = mib
	}
	for name, move := range imageMoves(b, size) {
		for _, p := range imagers {
			b.Run(name+"/"+p.name, func(b *testing.B) {
				i := p.make(b, service.NewStorage(b, service.StorageOptions{Size: size}))
				b.SetBytes(size)
				b.ReportAllocs()
				peak := watchHeap()
				for b.Loop() {
					if err := move(i); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(peak(), "peak-MiB")
			})
		}
	}
}

// TestImagePeak holds the files of images to 1 MiB of memory, garbage included,
// whatever their size.
func TestImagePeak(t *testing.T) {
	if underRace() {
		out, err := goCommand(t, "test", "-count=1", "-run=^TestImagePeak$", ".").CombinedOutput()
		require.NoError(t, err, "without the race detector: %s", out)
		return
	}
	const size = 256 * mib
	i := newSDKImager(t, service.NewStorage(t, service.StorageOptions{Size: size}))
	for name, move := range imageMoves(t, size) {
		require.NoError(t, move(i), name) // the buffers that are used again
		peak := watchHeap()
		require.NoError(t, move(i), name)
		got := peak()
		t.Logf("%s: %.2f MiB", name, got)
		assert.LessOrEqual(t, got, 1.0, name)
	}
}
