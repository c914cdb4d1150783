package compute_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// A failure after the creation leaves no image, not even a protected one.
func TestCreateAndUpload(t *testing.T) {
	t.Parallel()
	request := ubuntu()
	request.Protected = true
	for name, test := range map[string]struct {
		fault *nhncloudtest.Fault
		tell  func(cancel context.CancelFunc) func(nhncloud.TransferProgress)
		kind  error
		left  bool
	}{
		"works":   {nil, nil, nil, false},
		"refused": {&nhncloudtest.Fault{Operation: uploadImage, Status: http.StatusRequestEntityTooLarge}, nil, nhncloud.ErrTooLarge, false},
		"broken":  {&nhncloudtest.Fault{Operation: uploadImage, Reset: true}, nil, nhncloud.ErrUnavailable, false},
		"look":    {&nhncloudtest.Fault{Operation: "image-v2-get-image", Status: http.StatusForbidden}, nil, nhncloud.ErrForbidden, false},
		"cancelled": {nil, func(cancel context.CancelFunc) func(nhncloud.TransferProgress) {
			return func(nhncloud.TransferProgress) { cancel() }
		}, context.Canceled, false},
		"creation": {&nhncloudtest.Fault{Operation: "image-v2-create-image", Status: http.StatusForbidden}, nil, nhncloud.ErrForbidden, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, client := apitest.NewCloud(t)
			if test.fault != nil {
				cloud.Inject(*test.fault)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			options := new(compute.ImageUploadOptions)
			if test.tell != nil {
				options.Progress = test.tell(cancel)
			}
			images := compute.New(client).Images
			image, err := images.CreateAndUpload(ctx, request, strings.NewReader(disk), options)
			require.ErrorIs(t, err, test.kind)
			left, err := nhncloud.Collect(images.All(t.Context(), &compute.ImageListOptions{Owner: cloud.TenantID}))
			require.NoError(t, err)
			if test.kind != nil {
				assert.Nil(t, image)
				assert.Empty(t, left)
				return
			}
			assert.Equal(t, compute.ImageActive, image.Status)
			assert.Equal(t, md5Of(disk), image.Checksum)
			assert.True(t, image.Protected)
			assert.Len(t, left, 1)
		})
	}
}

// What the caller's own function panics with reaches the caller, and leaves
// nothing.
func TestCreateAndUploadPanics(t *testing.T) {
	t.Parallel()
	cloud, client := apitest.NewCloud(t)
	images := compute.New(client).Images
	assert.PanicsWithValue(t, "the caller's own", func() {
		_, _ = images.CreateAndUpload(t.Context(), ubuntu(), strings.NewReader(disk), &compute.ImageUploadOptions{
			Progress: func(nhncloud.TransferProgress) { panic("the caller's own") },
		})
	})
	left, err := nhncloud.Collect(images.All(t.Context(), &compute.ImageListOptions{Owner: cloud.TenantID}))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// Content that turns out to be empty makes no image.
func TestCreateAndUploadNothing(t *testing.T) {
	t.Parallel()
	cloud, client := apitest.NewCloud(t)
	images := compute.New(client).Images
	_, err := images.CreateAndUpload(t.Context(), ubuntu(), once{strings.NewReader("")}, nil)
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	left, err := nhncloud.Collect(images.All(t.Context(), &compute.ImageListOptions{Owner: cloud.TenantID}))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// A success that comes before the content was read is none.
func TestImagesUploadAnsweredEarly(t *testing.T) {
	t.Parallel()
	_, client := apitest.NewCloud(t)
	client, err := client.With(nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodPut {
				return next.RoundTrip(r)
			}
			return &http.Response{StatusCode: http.StatusNoContent, ProtoMajor: 1, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
		})
	}))
	require.NoError(t, err)
	_, err = compute.New(client).Images.Upload(t.Context(), imageID, strings.NewReader(disk), nil)
	assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
	assert.ErrorContains(t, err, "before it had the content")
}

// Where the image can't be deleted, the error names it.
func TestCreateAndUploadLeavesImage(t *testing.T) {
	t.Parallel()
	cloud, client := apitest.NewCloud(t)
	cloud.Inject(nhncloudtest.Fault{Operation: "image-v2-delete-image", Status: http.StatusServiceUnavailable})
	images := compute.New(client).Images
	for name, fault := range map[string]nhncloudtest.Fault{
		"told":   {Operation: uploadImage, Status: http.StatusRequestEntityTooLarge, Times: 1},
		"broken": {Operation: uploadImage, Reset: true, Times: 1},
	} {
		cloud.Inject(fault)
		_, err := images.CreateAndUpload(t.Context(), ubuntu(), strings.NewReader(disk), nil)
		var left *compute.LeftoverImageError
		require.ErrorAs(t, err, &left, name)
		assert.ErrorIs(t, left.Reason, nhncloud.ErrUnavailable)
		assert.ErrorContains(t, err, "image "+left.ID+" is left behind")
		assert.Equal(t, left.Err, errors.Unwrap(left))
		image, err := images.Get(t.Context(), left.ID)
		require.NoError(t, err)
		assert.Equal(t, compute.ImageQueued, image.Status)
	}
}
