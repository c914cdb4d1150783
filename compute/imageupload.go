package compute

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// ImageUploadOptions says how to upload the file of an image. A nil pointer
// stands for the defaults.
type ImageUploadOptions struct {
	// Size is that of content which does not tell it, in bytes. It is sent in
	// pieces when neither does: 0 and, as in net/http, -1 stand for unknown.
	Size int64
	// SkipChecksum leaves out to compare the checksum of what was sent with the
	// one that the image then has.
	SkipChecksum bool
	// Progress is called while the content is sent, from one goroutine at a time.
	Progress func(nhncloud.TransferProgress)
	// Wait says how to wait until the image is active.
	Wait *nhncloud.WaitOptions
}

const (
	uploadImage = "image-v2-upload-image-file"
	octetStream = "application/octet-stream"
)

var codesNoContent = []int{http.StatusNoContent}

// Upload gives an image in [ImageQueued] its file, waits until it is active, and
// returns it. It reads the content while it sends it, and keeps no more of it in
// memory than a few buffers.
//
// Content that can be read again is sent again after a failure that is not
// final: an [io.ReaderAt] that is an [io.Seeker] as well, such as a file or a
// bytes.Reader, a mere io.Seeker, and a bytes.Buffer. It is read from where it
// stands, stands there again afterwards, and is not used any more when Upload
// returns. Other readers are read once; see [nhncloud.NewBodyReader]. When Upload
// fails, a read of them that is under way may go on for a while.
//
// What arrived is compared by the MD5 that the image then has, or by the checksum
// of another algorithm where it has only that and the content can be read again.
// If it is not what was sent, the failure is an [nhncloud.ErrChecksumMismatch]
// with a [nhncloud.ChecksumError] in it, and the image is of no use any more:
// delete it. An image that has its file already is an [nhncloud.ErrConflict].
//
// API: PUT /v2/images/{imageId}/file (image-v2-upload-image-file; Compute-Image en/public-api.md)
func (s *ImagesService) Upload(ctx context.Context, id string, content io.Reader, options *ImageUploadOptions) (*Image, error) {
	u, err := s.uploading(content, options)
	if err != nil {
		return nil, err
	}
	defer u.content.Rewind()
	return u.run(ctx, id)
}

// UploadFile gives an image the file of a path, as [ImagesService.Upload] does. A
// file that changes while it is sent is an error, and so is what is no regular
// file: open that, and use Upload.
func (s *ImagesService) UploadFile(ctx context.Context, id, path string, options *ImageUploadOptions) (*Image, error) {
	source, err := transfer.Open(uploadImage, path, transfer.Hints{Other: "use Upload for what can only be read"})
	if err != nil {
		return nil, err
	}
	defer source.Close()
	u, err := s.uploading(source.File, options)
	if err != nil {
		return nil, err
	}
	u.content.Steady(source.Unchanged)
	return u.run(ctx, id)
}

// uploadingImage is the upload of a file on its way.
type uploadingImage struct {
	service  *ImagesService
	options  ImageUploadOptions
	content  transfer.Content
	progress *transfer.Progress
	tell     func(done int64)
}

// uploading refuses content that can't be that of an image.
func (s *ImagesService) uploading(content io.Reader, options *ImageUploadOptions) (*uploadingImage, error) {
	u := &uploadingImage{service: s}
	if options != nil {
		u.options = *options
	}
	var err error
	if u.content, err = transfer.ContentOf(uploadImage, content, u.options.Size); err != nil {
		return nil, err
	}
	if u.content.Size == 0 {
		return nil, nhncloud.NewArgumentError(uploadImage, "content", "must not be empty")
	}
	u.progress = transfer.NewProgress(u.options.Progress, u.content.Size, 1)
	u.tell = u.progress.Part()
	return u, nil
}

// run sends the content, waits for the image, and compares the two.
func (u *uploadingImage) run(ctx context.Context, id string) (*Image, error) {
	image, sent, err := u.send(ctx, id)
	if err != nil {
		return nil, err
	}
	if image == nil {
		if image, err = u.service.WaitForActive(ctx, id, u.options.Wait); err != nil {
			return nil, err
		}
	}
	if err := u.compare(ctx, image, sent); err != nil {
		return nil, err
	}
	u.progress.PartDone()
	return image, nil
}

// send sends the content as often as it takes. It returns the image where it
// turns out that an earlier attempt had been enough.
func (u *uploadingImage) send(ctx context.Context, id string) (*Image, transfer.Outcome, error) {
	most := u.service.client.RetryPolicy(ctx).MaxAttempts
	for round := 1; ; round++ {
		sent, err := u.put(ctx, id)
		var e *nhncloud.Error
		if !errors.Is(err, nhncloud.ErrConflict) || !errors.As(err, &e) || e.Attempts < 2 && round < 2 {
			return nil, sent, err
		}
		// The service may not have noticed yet that an earlier attempt broke off,
		// or it got all of it and its answer was lost.
		e.Note = "an earlier attempt may have stored it"
		image, lost := u.service.waiter(id).Until(ctx, u.options.Wait, ImageActive, ImageQueued)
		switch {
		case lost != nil:
			return nil, sent, err
		case image.Status == ImageActive:
			if u.content.At != nil {
				sent = transfer.Outcome{Size: u.content.Size, Whole: true} // what the refused attempt has read does not matter
			}
			if !sent.Whole || image.Size != sent.Size || u.compare(ctx, image, sent) != nil {
				return nil, sent, err
			}
			return image, sent, nil
		case u.content.At == nil || round >= most:
			return nil, sent, err
		}
	}
}

// put sends the content with a single request.
func (u *uploadingImage) put(ctx context.Context, id string) (transfer.Outcome, error) {
	up := &transfer.Sending{
		Context: ctx, Content: u.content, ContentType: octetStream, Hashed: !u.options.SkipChecksum, Tell: u.tell,
	}
	var answer nhncloud.Response
	err := u.service.client.Do(nhncloud.CaptureResponse(ctx, &answer), nhncloud.Request{
		Operation:    uploadImage,
		Service:      nhncloud.ServiceImage,
		Method:       http.MethodPut,
		Path:         "/v2/images/{imageId}/file",
		Args:         []string{id},
		Body:         up.Body(nil),
		SuccessCodes: codesNoContent,
	}, nil)
	sent := up.Finish()
	switch {
	case err != nil:
		return sent, sent.Failure(err)
	case !sent.Whole:
		return sent, &nhncloud.Error{
			Operation: uploadImage, StatusCode: answer.StatusCode, RequestID: answer.RequestID,
			Message: "the service answered before it had the content", Err: nhncloud.ErrBadAnswer,
		}
	case u.content.Size < 0 && sent.Size == 0:
		return sent, nhncloud.NewArgumentError(uploadImage, "content", "must not be empty")
	}
	return sent, nil
}

// compare compares what an image has with what was sent, as far as the service
// tells it.
func (u *uploadingImage) compare(ctx context.Context, image *Image, sent transfer.Outcome) error {
	if u.options.SkipChecksum {
		if size := sent.Size; image.Size > 0 && size > 0 && image.Size != size {
			return &nhncloud.Error{
				Operation: uploadImage, Message: fmt.Sprintf("%d bytes were sent, and the image has %d", size, image.Size), Err: nhncloud.ErrBadAnswer,
			}
		}
		return nil
	}
	algorithm, want := transfer.MD5, image.Checksum
	got := sent.MD5
	if !transfer.Fits(algorithm, want) {
		algorithm, want, got = image.OSHashAlgo, image.OSHashValue, ""
	}
	if !transfer.Fits(algorithm, want) {
		return nil
	}
	if got == "" {
		if u.content.At == nil {
			return nil
		}
		var err error
		if got, err = u.content.Sum(ctx, algorithm); err != nil {
			if ctx.Err() != nil {
				return &nhncloud.Error{Operation: uploadImage, Err: ctx.Err()}
			}
			return transfer.Unsendable(uploadImage, err)
		}
	}
	if !transfer.Same(got, want) {
		return transfer.Mismatch(uploadImage, "stored", &nhncloud.ChecksumError{Algorithm: transfer.Name(algorithm), Want: got, Got: want})
	}
	return nil
}
