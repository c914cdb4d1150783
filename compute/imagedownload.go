package compute

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// ImageDownloadOptions says how to download the file of an image. A nil pointer
// stands for the defaults.
type ImageDownloadOptions struct {
	// Overwrite lets DownloadFile replace a file that exists.
	Overwrite bool
	// SkipChecksum leaves out to compare the checksum of the content.
	SkipChecksum bool
	// Progress is called while the content is read.
	Progress func(nhncloud.TransferProgress)
}

// ImageContent is the file of an image that is being read. It must be closed.
//
// When the connection breaks, it goes on where it stopped, as often as the retry
// policy allows; a service that hands out the whole only is read from the
// beginning. The end comes only if the checksum is right, otherwise the last Read
// fails with an [nhncloud.ErrChecksumMismatch].
type ImageContent struct {
	Length int64 // bytes there are to read; -1 when the service does not tell

	service *ImagesService
	request nhncloud.Request
	reader  transfer.Reader
}

// Read reads the content.
func (c *ImageContent) Read(p []byte) (int, error) { return c.reader.Read(p) }

// WriteTo writes the content to w, in larger pieces than io.Copy would.
func (c *ImageContent) WriteTo(w io.Writer) (int64, error) { return transfer.Copy(w, c) }

// Close ends the reading.
func (c *ImageContent) Close() error { return c.reader.Close() }

const downloadImage = "image-v2-download-image-file"

var (
	codesOKOrEmpty   = []int{http.StatusOK, http.StatusNoContent}
	codesOKOrPartial = []int{http.StatusOK, http.StatusPartialContent}
	acceptStored     = []string{"identity"} // what is stored, not what a proxy makes of it
)

// Download opens the file of an image for reading. The context must live until it
// was read. What comes is compared by the checksum that the answer has, or else by
// that of the image. An image of which the service does not hand the file out, as
// [Image.AllowsDownload] tells, is an [nhncloud.ErrForbidden], and one that has
// none yet an [nhncloud.ErrConflict].
//
// API: GET /v2/images/{imageId}/file (image-v2-download-image-file; Compute-Image en/public-api.md)
func (s *ImagesService) Download(ctx context.Context, id string, options *ImageDownloadOptions) (*ImageContent, error) {
	var o ImageDownloadOptions
	if options != nil {
		o = *options
	}
	request := nhncloud.Request{
		Operation:    downloadImage,
		Service:      nhncloud.ServiceImage,
		Method:       http.MethodGet,
		Path:         "/v2/images/{imageId}/file",
		Args:         []string{id},
		Header:       http.Header{"Accept-Encoding": acceptStored},
		SuccessCodes: codesOKOrEmpty,
	}
	resp, err := s.client.Open(ctx, request)
	if err != nil {
		return nil, err
	}
	c := &ImageContent{Length: resp.ContentLength, service: s, request: request}
	var check *transfer.Verifier
	if resp.StatusCode == http.StatusNoContent {
		err = (&nhncloud.Error{Operation: downloadImage, StatusCode: resp.StatusCode, Message: "the image has no file yet"}).WithKind(nhncloud.ErrConflict)
	} else {
		check, err = c.verifier(ctx, id, resp.Header, o.SkipChecksum)
	}
	if err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	progress := transfer.NewProgress(o.Progress, c.Length, 1)
	c.reader = transfer.Reader{
		Operation: downloadImage, Context: ctx, Policy: s.client.RetryPolicy, Body: resp.Body, Length: c.Length,
		Verifier: check, Tell: progress.Part(), Whole: progress.PartDone, Rest: c.rest,
	}
	return c, nil
}

// verifier returns what checks the content, or nil where nothing can. It looks at
// the image where the answer itself does not tell enough.
func (c *ImageContent) verifier(ctx context.Context, id string, header http.Header, unchecked bool) (*transfer.Verifier, error) {
	algorithm, sum := transfer.MD5, header.Get("Content-Md5") // as it is, where HTTP would have it in base64
	if unchecked {
		return nil, nil
	}
	if !transfer.Fits(algorithm, sum) {
		image, err := c.service.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		if c.Length < 0 && image.Size > 0 {
			c.Length = image.Size
		}
		if sum = image.Checksum; !transfer.Fits(algorithm, sum) {
			algorithm, sum = image.OSHashAlgo, image.OSHashValue
		}
		if !transfer.Fits(algorithm, sum) {
			return nil, nil
		}
	}
	return transfer.NewVerifier(algorithm, transfer.Piece{Size: -1, Sum: sum}), nil
}

// rest opens what follows after so many bytes. The file of an image does not
// change.
func (c *ImageContent) rest(ctx context.Context, done int64) (io.ReadCloser, error) {
	request := c.request
	request.Header = http.Header{"Accept-Encoding": acceptStored, "Range": {fmt.Sprintf("bytes=%d-", done)}}
	request.SuccessCodes = codesOKOrPartial
	resp, err := c.service.client.Open(ctx, request)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusOK {
		_, err := io.CopyN(io.Discard, resp.Body, done)
		if err != nil {
			err = &nhncloud.Error{Operation: downloadImage, Message: c.reader.BrokeOff(), Err: fmt.Errorf("%w: %w", nhncloud.ErrUnavailable, err)}
		}
		return resp.Body, err
	}
	place, err := transfer.ContentRange(resp.Header)
	if err == nil && (place.First != done || place.Last != place.Size-1 || c.Length >= 0 && place.Size != c.Length) {
		err = fmt.Errorf("the service went on with another range, %q", resp.Header.Get("Content-Range"))
	}
	if err != nil {
		err = &nhncloud.Error{Operation: downloadImage, StatusCode: resp.StatusCode, Message: err.Error() + "; " + c.reader.BrokeOff(), Err: nhncloud.ErrBadAnswer}
	}
	return resp.Body, err
}

// DownloadFile fetches the file of an image into a file, as
// [ImagesService.Download] does, and returns its size in bytes. The file appears
// when it is whole; a failure leaves nothing. A file that exists is an error that
// [errors.Is] finds to be [os.ErrExist], unless the options let it be replaced.
func (s *ImagesService) DownloadFile(ctx context.Context, id, path string, options *ImageDownloadOptions) (size int64, err error) {
	err = transfer.WriteFile(downloadImage, path, options != nil && options.Overwrite, func(file *os.File) error {
		content, err := s.Download(ctx, id, options)
		if err != nil {
			return err
		}
		defer content.Close()
		size, err = transfer.Copy(file, content)
		if err != nil && content.reader.Err() == nil {
			return &nhncloud.Error{Operation: downloadImage, Message: "what arrived can't be written", Err: err}
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return size, nil
}
