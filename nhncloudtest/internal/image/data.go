package image

import (
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

const octetStream = "application/octet-stream"

// received is what came in for an image.
type received struct {
	data        *blob.Blob
	md5, sha512 string
}

// upload takes the data of an image in, without holding the lock.
func (s *Service) upload(c *frame.Call) frame.Reply {
	img, r := s.beginUpload(c)
	if r != nil {
		return *r
	}
	got, err := s.receive(c)
	s.frame.Lock()
	defer s.frame.Unlock()
	there := slices.Contains(s.images[c.Region], img)
	switch {
	case err != nil || !there:
		if got.data != nil {
			got.data.Release()
		}
		if img.Status == "saving" {
			img.Status = "queued" // so that it can be uploaded again
		}
		switch {
		case errors.Is(err, blob.ErrNoSpace):
			return *failed(c, http.StatusRequestEntityTooLarge, "Image storage media is full: %v", err)
		case err != nil:
			return frame.Reply{} // the client broke off
		}
		return *failed(c, http.StatusGone, "Image %s could not be found after upload. The image may have been deleted "+
			"during the upload, cleaning up the chunks uploaded.", img.ID)
	}
	img.data, img.checksum, img.sha512, img.Size = got.data, got.md5, got.sha512, got.data.Size
	img.Status, img.Updated = "active", s.frame.Time()
	return frame.Reply{Status: http.StatusNoContent}
}

// beginUpload checks all that can be checked before the data come.
func (s *Service) beginUpload(c *frame.Call) (*Image, *frame.Reply) {
	s.frame.Lock()
	defer s.frame.Unlock()
	if kind, _, _ := mime.ParseMediaType(c.Request.Header.Get("Content-Type")); kind != octetStream {
		return nil, unsupported(c, kind)
	}
	img, r := s.own(c, "upload_image")
	if r != nil {
		return nil, r
	}
	if img.Status != "queued" {
		return nil, failed(c, http.StatusConflict, "Image status transition from %s to saving is not allowed", img.Status)
	}
	var missing []string
	for _, p := range [][2]string{{"disk_format", img.DiskFormat}, {"container_format", img.ContainerFormat}} {
		if p[1] == "" {
			missing = append(missing, p[0])
		}
	}
	switch len(missing) {
	case 1:
		return nil, failed(c, http.StatusBadRequest, "Property %s must be set prior to saving data.", missing[0])
	case 2:
		return nil, failed(c, http.StatusBadRequest, "Properties %s must be set prior to saving data.", strings.Join(missing, ", "))
	}
	img.Status = "saving"
	return img, nil
}

// receive keeps what comes.
func (s *Service) receive(c *frame.Call) (got received, err error) {
	w, sum := s.blobs.NewWriter(c.Request.ContentLength), sha512.New()
	if _, err = io.Copy(io.MultiWriter(w, sum), c.Stream); err != nil {
		w.Discard()
		return got, err
	}
	got.data, got.md5, err = w.Finish()
	got.sha512 = hex.EncodeToString(sum.Sum(nil))
	return got, err
}

// allowDownload is the property without which nobody can download an image.
const allowDownload = "nhncloud_allow_download"

// download hands the data of an image out, or a range of them.
func (s *Service) download(c *frame.Call) frame.Reply {
	img, r := s.find(c)
	switch {
	case r != nil:
		return *r
	case img.Status == "deactivated":
		return *failed(c, http.StatusForbidden, "The requested image has been deactivated. Image data download is forbidden.")
	case !strings.EqualFold(img.Properties[allowDownload], "true"):
		return *unauthorized(c, "download_image")
	case img.data == nil:
		return frame.Reply{Status: http.StatusNoContent}
	}
	rep := frame.Reply{Status: http.StatusOK, Header: http.Header{}}
	parts := []blob.Part{img.data.Whole()}
	off, n, ok := blob.Range(c.Request.Header.Get("Range"), img.Size)
	switch {
	case !ok:
		return *failed(c, http.StatusRequestedRangeNotSatisfiable, "The Range requested is not available.")
	case n >= 0:
		rep.Status = http.StatusPartialContent
		rep.Header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", off, off+n-1, img.Size))
		parts = blob.Cut(parts, off, n)
	}
	rep.Header.Set("Content-Type", octetStream)
	rep.Header.Set("Content-Md5", img.checksum)
	rep.Content = blob.NewContent(parts)
	return rep
}
