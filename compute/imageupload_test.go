package compute_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const (
	uploadImage = "image-v2-upload-image-file"
	disk        = "the content of a disk, 디스크"
)

func md5Of(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// activeImage is an image with what a service tells of its file.
func activeImage(more string) string {
	return `{"id": "` + imageID + `", "status": "active", "size": ` + fmt.Sprint(len(disk)) + more + `}`
}

var (
	wantUpload = apitest.Want{
		Operation: uploadImage, Method: http.MethodPut, URL: imagesURL + "/" + imageID + "/file", Body: disk, ContentType: "application/octet-stream",
	}
	uploaded = apitest.Reply{Status: http.StatusNoContent}
	stored   = apitest.Reply{Body: activeImage(`, "checksum": "` + md5Of(disk) + `"`)}
	retrying = nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 3, BaseDelay: 1})
)

// once hides everything but Read.
type once struct{ io.Reader }

func TestImagesUpload(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func() (io.Reader, *compute.ImageUploadOptions){
		"again": func() (io.Reader, *compute.ImageUploadOptions) { return strings.NewReader(disk), nil },
		"once": func() (io.Reader, *compute.ImageUploadOptions) {
			return once{strings.NewReader(disk)}, &compute.ImageUploadOptions{Size: int64(len(disk))}
		},
		"seeker": func() (io.Reader, *compute.ImageUploadOptions) {
			return struct{ io.ReadSeeker }{strings.NewReader(disk)}, &compute.ImageUploadOptions{}
		},
		"unchecked": func() (io.Reader, *compute.ImageUploadOptions) {
			return strings.NewReader(disk), &compute.ImageUploadOptions{SkipChecksum: true}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantUpload, uploaded)
			m.Expect(wantImage, stored)
			content, options := open()
			image, err := compute.New(m.Client).Images.Upload(t.Context(), imageID, content, options)
			require.NoError(t, err)
			assert.Equal(t, compute.ImageActive, image.Status)
			if seeker, ok := content.(io.Seeker); ok {
				at, err := seeker.Seek(0, io.SeekCurrent)
				require.NoError(t, err)
				assert.Zero(t, at, "stands where it stood")
			}
		})
	}
	apitest.Failures(t, wantUpload, apitest.Reply{}, func(ctx context.Context, client *nhncloud.Client) error {
		image, err := compute.New(client).Images.Upload(ctx, imageID, strings.NewReader(disk), nil)
		assert.Nil(t, image)
		return err
	})
	apitest.RefusedSegments(t, uploadImage, "imageId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := compute.New(client).Images.Upload(ctx, id, strings.NewReader(disk), nil)
		return err
	})
	for name, test := range map[string]struct {
		content io.Reader
		size    int64
		field   string
	}{
		"nothing":       {nil, 0, "content"},
		"empty":         {strings.NewReader(""), 0, "content"},
		"another size":  {strings.NewReader(disk), 5, "content"},
		"negative size": {once{strings.NewReader(disk)}, -2, "Size"},
	} {
		t.Run("refused "+name, func(t *testing.T) {
			t.Parallel()
			options := &compute.ImageUploadOptions{Size: test.size}
			apitest.Refused(t, uploadImage, test.field, func(ctx context.Context, client *nhncloud.Client) error {
				_, err := compute.New(client).Images.Upload(ctx, imageID, test.content, options)
				return err
			})
			apitest.Refused(t, uploadImage, test.field, func(ctx context.Context, client *nhncloud.Client) error {
				_, err := compute.New(client).Images.CreateAndUpload(ctx, ubuntu(), test.content, options)
				return err
			})
		})
	}
	t.Run("answered otherwise", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantUpload, apitest.Reply{Status: http.StatusOK})
		_, err := compute.New(m.Client).Images.Upload(t.Context(), imageID, strings.NewReader(disk), nil)
		assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
	})
}

// What the image then has is compared with what was sent, as far as it is told.
func TestImagesUploadCompares(t *testing.T) {
	t.Parallel()
	whole := sha512.Sum512([]byte(disk))
	hash := hex.EncodeToString(whole[:])
	other := strings.Repeat("0", 128)
	for name, test := range map[string]struct {
		more      string
		once      bool
		unchecked bool
		err       error
		cause     *nhncloud.ChecksumError
	}{
		"MD5":                {`, "checksum": "` + strings.ToUpper(md5Of(disk)) + `"`, false, false, nil, nil},
		"another MD5":        {`, "checksum": "` + md5Of("x") + `"`, true, false, nhncloud.ErrChecksumMismatch, &nhncloud.ChecksumError{Algorithm: "MD5", Want: md5Of(disk), Got: md5Of("x")}},
		"another, unchecked": {`, "checksum": "` + md5Of("x") + `"`, false, true, nil, nil},
		"SHA512":             {`, "checksum": null, "os_hash_algo": "sha512", "os_hash_value": "` + hash + `"`, false, false, nil, nil},
		"another SHA512":     {`, "os_hash_algo": "sha512", "os_hash_value": "` + other + `"`, false, false, nhncloud.ErrChecksumMismatch, &nhncloud.ChecksumError{Algorithm: "SHA512", Want: hash, Got: other}},
		"SHA512 of once":     {`, "os_hash_algo": "sha512", "os_hash_value": "` + other + `"`, true, false, nil, nil},
		"unknown algorithm":  {`, "os_hash_algo": "crc32", "os_hash_value": "00"`, false, false, nil, nil},
		"nothing":            {``, false, false, nil, nil},
		"size alone":         {`, "size": 3`, false, true, nhncloud.ErrBadAnswer, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantUpload, uploaded)
			body := activeImage(test.more)
			if name == "size alone" {
				body = `{"id": "i", "status": "active", "size": 3}`
			}
			m.Expect(wantImage, apitest.Reply{Body: body})
			content, options := io.Reader(strings.NewReader(disk)), &compute.ImageUploadOptions{SkipChecksum: test.unchecked}
			if test.once {
				content, options.Size = once{content}, int64(len(disk))
			}
			image, err := compute.New(m.Client).Images.Upload(t.Context(), imageID, content, options)
			require.ErrorIs(t, err, test.err)
			assert.Equal(t, test.err == nil, image != nil)
			var cause *nhncloud.ChecksumError
			if errors.As(err, &cause); test.cause != nil {
				assert.Equal(t, test.cause, cause)
			}
		})
	}
}

// It waits until the image is active.
func TestImagesUploadWaits(t *testing.T) {
	t.Parallel()
	for last, failure := range map[string]error{"active": nil, "killed": nhncloud.ErrFailedState} {
		t.Run(last, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := apitest.New(t)
				m.Expect(wantUpload, uploaded)
				for _, status := range []string{"saving", "queued", last} {
					m.Expect(wantImage, apitest.Reply{Body: `{"id": "i", "status": "` + status + `"}`})
				}
				var seen []string
				_, err := compute.New(m.Client).Images.Upload(t.Context(), imageID, strings.NewReader(disk), &compute.ImageUploadOptions{
					Wait: &nhncloud.WaitOptions{Progress: func(p nhncloud.WaitProgress) { seen = append(seen, p.Status) }},
				})
				assert.ErrorIs(t, err, failure)
				assert.Equal(t, []string{"saving", "queued", last}, seen)
			})
		})
	}
}

// Content that can be read again is sent again, also where the service has not
// noticed yet that an earlier attempt broke off, or had all of it.
func TestImagesUploadAgain(t *testing.T) {
	t.Parallel()
	broken := apitest.Reply{Err: errors.New("connection reset by peer")}
	conflict := apitest.Reply{Status: http.StatusConflict, Body: `{"message": "Image status transition from saving to saving is not allowed<br /><br />\n\n\n", "code": "409 Conflict", "title": "Conflict"}`}
	image := func(status, more string) apitest.Reply {
		return apitest.Reply{Body: `{"id": "i", "size": ` + fmt.Sprint(len(disk)) + `, "status": "` + status + `"` + more + `}`}
	}
	right, wrong := `, "checksum": "`+md5Of(disk)+`"`, `, "checksum": "`+md5Of("x")+`"`
	for name, test := range map[string]struct {
		puts  []apitest.Reply
		looks []apitest.Reply
		once  bool
		kind  error
	}{
		"down":              {[]apitest.Reply{{Status: http.StatusServiceUnavailable}, uploaded}, []apitest.Reply{stored}, false, nil},
		"broken":            {[]apitest.Reply{broken, uploaded}, []apitest.Reply{stored}, false, nil},
		"answer lost":       {[]apitest.Reply{broken, conflict}, []apitest.Reply{image("active", right)}, false, nil},
		"another stored":    {[]apitest.Reply{broken, conflict}, []apitest.Reply{image("active", wrong)}, false, nhncloud.ErrConflict},
		"broke off late":    {[]apitest.Reply{broken, conflict, uploaded}, []apitest.Reply{image("saving", ""), image("queued", ""), stored}, false, nil},
		"never in time":     {[]apitest.Reply{broken, conflict, conflict, conflict}, []apitest.Reply{image("queued", ""), image("queued", ""), image("queued", "")}, false, nhncloud.ErrConflict},
		"look fails":        {[]apitest.Reply{broken, conflict}, []apitest.Reply{{Status: http.StatusNotFound}}, false, nhncloud.ErrConflict},
		"first refusal":     {[]apitest.Reply{conflict}, nil, false, nhncloud.ErrConflict},
		"once, answer lost": {[]apitest.Reply{broken, conflict}, []apitest.Reply{image("active", right)}, true, nil},
		"once, queued":      {[]apitest.Reply{broken, conflict}, []apitest.Reply{image("queued", "")}, true, nhncloud.ErrConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := apitest.New(t, retrying)
				for _, reply := range test.puts {
					m.Expect(wantUpload, reply)
				}
				for _, reply := range test.looks {
					m.Expect(wantImage, reply)
				}
				content, size := io.Reader(strings.NewReader(disk)), int64(0)
				if test.once {
					content, size = once{content}, int64(len(disk))
				}
				var last nhncloud.TransferProgress
				got, err := compute.New(m.Client).Images.Upload(t.Context(), imageID, content, &compute.ImageUploadOptions{
					Size: size, Progress: func(p nhncloud.TransferProgress) { last = p },
				})
				require.ErrorIs(t, err, test.kind)
				if test.kind == nil {
					assert.Equal(t, compute.ImageActive, got.Status)
					total := int64(len(disk))
					assert.Equal(t, nhncloud.TransferProgress{Done: total, Total: total, Parts: 1, Count: 1}, last)
				} else if name != "first refusal" {
					assert.ErrorContains(t, err, "an earlier attempt may have stored it")
				}
			})
		})
	}
}

// Content of another length than was declared leaves the image as it was.
func TestImagesUploadLength(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int64{"longer": int64(len(disk)) - 1, "shorter": int64(len(disk)) + 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, client := apitest.NewCloud(t)
			images := compute.New(client).Images
			created, err := images.Create(t.Context(), ubuntu())
			require.NoError(t, err)
			_, err = images.Upload(t.Context(), created.ID, once{strings.NewReader(disk)}, &compute.ImageUploadOptions{Size: size})
			var e *nhncloud.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "content", e.Field)
			require.Eventually(t, func() bool {
				image, err := images.Get(context.Background(), created.ID)
				return err == nil && image.Status == compute.ImageQueued
			}, 10*time.Second, time.Millisecond)
		})
	}
}

func TestImagesUploadFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "disk.raw")
	require.NoError(t, os.WriteFile(path, []byte(disk), 0o666))
	m := apitest.New(t)
	m.Expect(wantUpload, uploaded)
	m.Expect(wantImage, stored)
	image, err := compute.New(m.Client).Images.UploadFile(t.Context(), imageID, path, nil)
	require.NoError(t, err)
	assert.Equal(t, md5Of(disk), image.Checksum)

	upload := func(path string) func(ctx context.Context, client *nhncloud.Client) error {
		return func(ctx context.Context, client *nhncloud.Client) error {
			_, err := compute.New(client).Images.UploadFile(ctx, imageID, path, nil)
			return err
		}
	}
	apitest.Refused(t, uploadImage, "path", upload(""))
	apitest.Refused(t, uploadImage, "path", upload(dir))
	assert.ErrorIs(t, upload(filepath.Join(dir, "absent"))(t.Context(), apitest.New(t).Client), os.ErrNotExist)
	empty := filepath.Join(dir, "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o666))
	apitest.Refused(t, uploadImage, "content", upload(empty))
}

func TestImagesUploadFileThatChanges(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "disk.raw")
	require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("x"), 1<<20), 0o666))
	_, client := apitest.NewCloud(t)
	images := compute.New(client).Images
	created, err := images.Create(t.Context(), ubuntu())
	require.NoError(t, err)
	_, err = images.UploadFile(t.Context(), created.ID, path, &compute.ImageUploadOptions{Progress: func(nhncloud.TransferProgress) {
		assert.NoError(t, os.WriteFile(path, []byte("other"), 0o666))
	}})
	assert.Error(t, err)
}
