package compute_test

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

const downloadImage = "image-v2-download-image-file"

var (
	wantDownload = apitest.Want{
		Operation: downloadImage, Method: http.MethodGet, URL: imagesURL + "/" + imageID + "/file", Header: map[string]string{"Accept-Encoding": "identity"},
	}
	octets = http.Header{"Content-Type": {"application/octet-stream"}}
)

func download(ctx context.Context, client *nhncloud.Client, options *compute.ImageDownloadOptions) (string, error) {
	content, err := compute.New(client).Images.Download(ctx, imageID, options)
	if err != nil {
		return "", err
	}
	defer content.Close()
	data, err := io.ReadAll(content)
	return string(data), err
}

func TestImagesDownload(t *testing.T) {
	t.Parallel()
	whole := sha512.Sum512([]byte(disk))
	hash := hex.EncodeToString(whole[:])
	for name, test := range map[string]struct {
		header    string // Content-MD5
		image     string // "" where it is not looked at
		unchecked bool
		err       error
	}{
		"MD5 in the answer":  {md5Of(disk), "", false, nil},
		"another":            {md5Of("x"), "", false, nhncloud.ErrChecksumMismatch},
		"another, unchecked": {md5Of("x"), "", true, nil},
		"in base64":          {"1B2M2Y8AsgTpgAmY7PhCfg==", activeImage(`, "checksum": "` + md5Of(disk) + `"`), false, nil},
		"of the image":       {"", activeImage(`, "checksum": "` + md5Of("x") + `"`), false, nhncloud.ErrChecksumMismatch},
		"SHA512":             {"", activeImage(`, "os_hash_algo": "sha512", "os_hash_value": "` + hash + `"`), false, nil},
		"another SHA512":     {"", activeImage(`, "os_hash_algo": "SHA512", "os_hash_value": "` + strings.Repeat("0", 128) + `"`), false, nhncloud.ErrChecksumMismatch},
		"nothing is known":   {"", activeImage(""), false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			header := octets.Clone()
			if test.header != "" {
				header.Set("Content-Md5", test.header)
			}
			m.Expect(wantDownload, apitest.Reply{Header: header, Body: disk})
			if test.image != "" {
				m.Expect(wantImage, apitest.Reply{Body: test.image})
			}
			var last nhncloud.TransferProgress
			got, err := download(t.Context(), m.Client, &compute.ImageDownloadOptions{
				SkipChecksum: test.unchecked, Progress: func(p nhncloud.TransferProgress) { last = p },
			})
			require.ErrorIs(t, err, test.err)
			if test.err == nil {
				assert.Equal(t, disk, got)
				size := int64(len(disk))
				assert.Equal(t, nhncloud.TransferProgress{Done: size, Total: size, Parts: 1, Count: 1}, last)
			}
		})
	}
	apitest.Failures(t, wantDownload, apitest.Reply{}, func(ctx context.Context, client *nhncloud.Client) error {
		_, err := download(ctx, client, nil)
		return err
	})
	apitest.RefusedSegments(t, downloadImage, "imageId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := compute.New(client).Images.Download(ctx, id, nil)
		return err
	})
	t.Run("no file yet", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantDownload, apitest.Reply{Status: http.StatusNoContent})
		_, err := download(t.Context(), m.Client, nil)
		assert.ErrorIs(t, err, nhncloud.ErrConflict)
		assert.ErrorContains(t, err, "has no file yet")
	})
	t.Run("image not told", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantDownload, apitest.Reply{Header: octets, Body: disk})
		m.Expect(wantImage, apitest.Reply{Status: http.StatusForbidden})
		_, err := download(t.Context(), m.Client, nil)
		assert.ErrorIs(t, err, nhncloud.ErrForbidden)
	})
}

// cloudWithImage is a cloud with an image that can be downloaded, and a client
// that tries again.
func cloudWithImage(t *testing.T, data string, options ...nhncloud.Option) (*nhncloudtest.Server, *compute.ImagesService, string) {
	t.Helper()
	cloud, client := apitest.NewCloud(t)
	client, err := client.With(append([]nhncloud.Option{retrying}, options...)...)
	require.NoError(t, err)
	images := compute.New(client).Images
	request := ubuntu()
	request.AllowDownload = true
	image, err := images.CreateAndUpload(t.Context(), request, strings.NewReader(data), nil)
	require.NoError(t, err)
	require.True(t, image.AllowsDownload())
	return cloud, images, image.ID
}

// withoutRange has the service ignore the ranges that are asked for.
func withoutRange(next http.RoundTripper) http.RoundTripper {
	return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		r.Header.Del("Range")
		return next.RoundTrip(r)
	})
}

// ranged has answers with ranges tell another one.
func ranged(text string) func(next http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err == nil && resp.StatusCode == http.StatusPartialContent {
				resp.Header.Set("Content-Range", text)
			}
			return resp, err
		})
	}
}

// A download that breaks off goes on, and ends when the service does not.
func TestImagesDownloadGoesOn(t *testing.T) {
	t.Parallel()
	data := strings.Repeat("0123456789abcdef", 64<<10)
	for name, test := range map[string]struct {
		fault   nhncloudtest.Fault
		options []nhncloud.Option
		kind    error
	}{
		"once":          {nhncloudtest.Fault{Truncate: true, Times: 1}, nil, nil},
		"twice":         {nhncloudtest.Fault{Truncate: true, Times: 2}, nil, nil},
		"from the top":  {nhncloudtest.Fault{Truncate: true, Times: 1}, []nhncloud.Option{nhncloud.WithMiddleware(withoutRange)}, nil},
		"top again":     {nhncloudtest.Fault{Truncate: true, Times: 4}, []nhncloud.Option{nhncloud.WithMiddleware(withoutRange)}, nhncloud.ErrUnavailable},
		"another range": {nhncloudtest.Fault{Truncate: true, Times: 1}, []nhncloud.Option{nhncloud.WithMiddleware(ranged("bytes 1-2/3"))}, nhncloud.ErrBadAnswer},
		"no range":      {nhncloudtest.Fault{Truncate: true, Times: 1}, []nhncloud.Option{nhncloud.WithMiddleware(ranged("bytes"))}, nhncloud.ErrBadAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, images, id := cloudWithImage(t, data, test.options...)
			test.fault.Operation = downloadImage
			cloud.Inject(test.fault)
			content, err := images.Download(t.Context(), id, nil)
			require.NoError(t, err)
			defer content.Close()
			assert.EqualValues(t, len(data), content.Length)
			var got bytes.Buffer
			_, err = io.Copy(&got, content)
			require.ErrorIs(t, err, test.kind)
			if test.kind == nil {
				assert.True(t, got.String() == data)
			} else {
				assert.ErrorContains(t, err, "broke off after")
			}
		})
	}
	t.Run("deleted meanwhile", func(t *testing.T) {
		t.Parallel()
		cloud, images, id := cloudWithImage(t, data)
		cloud.Inject(nhncloudtest.Fault{Operation: downloadImage, Truncate: true, Times: 1})
		content, err := images.Download(t.Context(), id, nil)
		require.NoError(t, err)
		defer content.Close()
		require.NoError(t, images.Delete(t.Context(), id))
		_, err = io.Copy(io.Discard, content)
		assert.ErrorIs(t, err, nhncloud.ErrNotFound)
		assert.ErrorContains(t, err, "broke off after")
	})
}

func TestImagesDownloadFile(t *testing.T) {
	t.Parallel()
	cloud, images, id := cloudWithImage(t, disk)
	dir := t.TempDir()
	path := filepath.Join(dir, "disk.raw")
	size, err := images.DownloadFile(t.Context(), id, path, nil)
	require.NoError(t, err)
	assert.EqualValues(t, len(disk), size)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, disk, string(data))

	cloud.ResetRequests()
	_, err = images.DownloadFile(t.Context(), id, path, nil)
	assert.ErrorIs(t, err, os.ErrExist)
	assert.Zero(t, cloud.Count(downloadImage), "it is found out before anything is fetched")
	_, err = images.DownloadFile(t.Context(), id, path, &compute.ImageDownloadOptions{Overwrite: true})
	require.NoError(t, err)
	for _, bad := range []string{"", dir + string(os.PathSeparator)} {
		_, err = images.DownloadFile(t.Context(), id, bad, nil)
		assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	}
	_, err = images.DownloadFile(t.Context(), "absent", filepath.Join(dir, "other"), nil)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	cloud.Inject(nhncloudtest.Fault{Operation: downloadImage, Truncate: true})
	_, err = images.DownloadFile(t.Context(), id, filepath.Join(dir, "other"), nil)
	assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "a failure leaves nothing")
}

// Without the property the service does not hand the file out.
func TestImagesDownloadForbidden(t *testing.T) {
	t.Parallel()
	_, client := apitest.NewCloud(t)
	images := compute.New(client).Images
	image, err := images.CreateAndUpload(t.Context(), ubuntu(), strings.NewReader(disk), nil)
	require.NoError(t, err)
	_, err = images.Download(t.Context(), image.ID, nil)
	assert.ErrorIs(t, err, nhncloud.ErrForbidden)
	_, err = images.Update(t.Context(), image.ID, compute.ImageUpdateRequest{AllowDownload: new(true)})
	require.NoError(t, err)
	content, err := images.Download(t.Context(), image.ID, nil)
	require.NoError(t, err)
	require.NoError(t, content.Close())
	_, err = content.Read(make([]byte, 1))
	assert.ErrorContains(t, err, "closed")
}

// A file that can't be written to is told apart from one that can't be fetched.
func TestImagesDownloadToBrokenWriter(t *testing.T) {
	t.Parallel()
	_, images, id := cloudWithImage(t, disk)
	content, err := images.Download(t.Context(), id, nil)
	require.NoError(t, err)
	defer content.Close()
	full := errors.New("no space left")
	_, err = content.WriteTo(writerFunc(func([]byte) (int, error) { return 0, full }))
	assert.ErrorIs(t, err, full)
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
