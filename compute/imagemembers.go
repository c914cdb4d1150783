package compute

import (
	"context"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// ImageMembersService calls the operations on the members of an image: the
// tenants that it is shared with. The image has to be [ImageShared].
//
// Its owner creates and deletes members, each of which says itself what it makes
// of the image. It can use it at once, but its lists show it only when it has
// accepted it, or are asked for more by MemberStatus of [ImageListOptions].
type ImageMembersService struct{ client *nhncloud.Client }

// ImageMember is a tenant that an image is shared with.
type ImageMember struct {
	ImageID   string            `json:"image_id" wire:"required"` // an answer has no wrapper
	MemberID  string            `json:"member_id"`                // tenant id
	Status    ImageMemberStatus `json:"status"`
	CreatedAt time.Time         `json:"created_at"`
	UpdatedAt time.Time         `json:"updated_at"`
	Schema    string            `json:"schema"`
}

// ImageMemberStatus is what a member makes of an image. It is an open type.
type ImageMemberStatus string

// The statuses of a member.
const (
	ImageMemberPending  ImageMemberStatus = "pending"  // not answered yet
	ImageMemberAccepted ImageMemberStatus = "accepted" // its lists show the image
	ImageMemberRejected ImageMemberStatus = "rejected"
	ImageMemberAll      ImageMemberStatus = "all" // in lists of images: whatever they are
)

// Create shares an image with a tenant and returns the member, which is
// [ImageMemberPending]. One that is a member already is an [nhncloud.ErrConflict];
// after a service that answers 429, or 503 with Retry-After, it may come from an
// earlier attempt that the service acted on all the same, as
// [ImageMembersService.Get] shows. [nhncloud.ContextWithRetry] with
// [nhncloud.NoRetry] forbids to ask again. An image that is not shared is an
// [nhncloud.ErrForbidden].
//
// API: POST /v2/images/{imageId}/members (image-v2-create-member; Compute-Image en/public-api.md)
func (s *ImageMembersService) Create(ctx context.Context, imageID, tenantID string) (*ImageMember, error) {
	const operation = "image-v2-create-member"
	if tenantID == "" {
		return nil, nhncloud.NewArgumentError(operation, "tenantID", "must not be empty")
	}
	return nhncloud.Fetch[ImageMember](ctx, s.client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceImage,
		Method:    http.MethodPost,
		Path:      "/v2/images/{imageId}/members",
		Args:      []string{imageID},
		Body: struct {
			Member string `json:"member"`
		}{tenantID},
	})
}

// List returns the members of an image: all of them to its owner, and itself to a
// member.
//
// API: GET /v2/images/{imageId}/members (image-v2-list-members; Compute-Image en/public-api.md)
func (s *ImageMembersService) List(ctx context.Context, imageID string) ([]*ImageMember, error) {
	members, err := nhncloud.Fetch[[]*ImageMember](ctx, s.client, nhncloud.Request{
		Operation:   "image-v2-list-members",
		Service:     nhncloud.ServiceImage,
		Method:      http.MethodGet,
		Path:        "/v2/images/{imageId}/members",
		Args:        []string{imageID},
		ResponseKey: "members",
	})
	if err != nil {
		return nil, err
	}
	return present(*members), nil
}

// Get returns a member of an image. The owner of the image sees all of them, a
// member itself.
//
// API: GET /v2/images/{imageId}/members/{memberId} (image-v2-get-member; Compute-Image en/public-api.md)
func (s *ImageMembersService) Get(ctx context.Context, imageID, memberID string) (*ImageMember, error) {
	return nhncloud.Fetch[ImageMember](ctx, s.client, nhncloud.Request{
		Operation: "image-v2-get-member",
		Service:   nhncloud.ServiceImage,
		Method:    http.MethodGet,
		Path:      "/v2/images/{imageId}/members/{memberId}",
		Args:      []string{imageID, memberID},
	})
}

// Update says what a member makes of an image, [ImageMemberAccepted] or
// [ImageMemberRejected], and returns the member. It is called with a client of
// that tenant, whose id is memberID; to all others it is an
// [nhncloud.ErrForbidden] or an [nhncloud.ErrNotFound].
//
// API: PUT /v2/images/{imageId}/members/{memberId} (image-v2-update-member; Compute-Image en/public-api.md)
func (s *ImageMembersService) Update(ctx context.Context, imageID, memberID string, status ImageMemberStatus) (*ImageMember, error) {
	const operation = "image-v2-update-member"
	if status == "" {
		return nil, nhncloud.NewArgumentError(operation, "status", "must not be empty")
	}
	return nhncloud.Fetch[ImageMember](ctx, s.client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceImage,
		Method:    http.MethodPut,
		Path:      "/v2/images/{imageId}/members/{memberId}",
		Args:      []string{imageID, memberID},
		Body: struct {
			Status ImageMemberStatus `json:"status"`
		}{status},
	})
}

// Delete ends the sharing of an image with a tenant. Servers that it has made of
// the image stay.
//
// API: DELETE /v2/images/{imageId}/members/{memberId} (image-v2-delete-member; Compute-Image en/public-api.md)
func (s *ImageMembersService) Delete(ctx context.Context, imageID, memberID string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "image-v2-delete-member",
		Service:   nhncloud.ServiceImage,
		Method:    http.MethodDelete,
		Path:      "/v2/images/{imageId}/members/{memberId}",
		Args:      []string{imageID, memberID},
	}, nil)
}
