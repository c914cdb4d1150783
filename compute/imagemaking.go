package compute

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// LeftoverImageError is the cause of a failure after which an image is left
// behind that could not be deleted.
type LeftoverImageError struct {
	ID     string // of the image
	Reason error  // why it could not be deleted
	Err    error  // cause of the failure itself; nil where the service told it
}

// Error tells what is left.
func (e *LeftoverImageError) Error() string {
	text := ""
	if e.Err != nil {
		text = e.Err.Error() + "; "
	}
	return fmt.Sprintf("%simage %s is left behind: %v", text, e.ID, e.Reason)
}

// Unwrap returns the cause of the failure itself.
func (e *LeftoverImageError) Unwrap() error { return e.Err }

// CreateAndUpload creates an image, gives it its file, waits until it is active,
// and returns it, as [ImagesService.Create] and [ImagesService.Upload] do.
//
// A failure after the creation, also the end of the context, deletes the image: in
// at most 30 seconds, or 5 once the context has ended. Where that fails, the error
// has a [LeftoverImageError] in it. Only an image that was created without the
// answer coming back is not known here.
func (s *ImagesService) CreateAndUpload(ctx context.Context, request ImageCreateRequest, content io.Reader, options *ImageUploadOptions) (image *Image, err error) {
	if err := request.check(); err != nil {
		return nil, err
	}
	u, err := s.uploading(content, options)
	if err != nil {
		return nil, err
	}
	defer u.content.Rewind()
	created, err := s.Create(ctx, request)
	if err != nil {
		return nil, err
	}
	whole := false
	defer func() {
		if !whole { // even by a panic
			image, err = nil, s.discard(ctx, created, err)
		}
	}()
	if image, err = u.run(ctx, created.ID); err == nil {
		whole = true
	}
	return image, err
}

// discard deletes an image that was half made, and returns the failure, which
// tells whether the image is still there.
func (s *ImagesService) discard(ctx context.Context, image *Image, failure error) error {
	ctx, cancel := transfer.CleanupContext(ctx)
	defer cancel()
	var err error
	if image.Protected {
		_, err = s.Update(ctx, image.ID, ImageUpdateRequest{Protected: new(bool)})
	}
	if err == nil {
		err = s.Delete(ctx, image.ID)
	}
	if err == nil || errors.Is(err, nhncloud.ErrNotFound) {
		return failure
	}
	var e *nhncloud.Error
	if !errors.As(failure, &e) {
		e = &nhncloud.Error{Operation: uploadImage, Err: failure}
	}
	own := *e
	own.Err = &LeftoverImageError{ID: image.ID, Reason: err, Err: own.Err}
	return &own
}
