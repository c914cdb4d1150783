package compute_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const (
	sharedID = "a96be11e-8536-4910-92cb-de50aa19dfe6"
	memberID = "8989447062e04a818baf9e073fd04fa7"
)

func member(imageID, id string, status compute.ImageMemberStatus, created, updated time.Time) *compute.ImageMember {
	return &compute.ImageMember{ImageID: imageID, MemberID: id, Status: status, CreatedAt: created, UpdatedAt: updated, Schema: "/v2/schemas/member"}
}

func utc(year int, month time.Month, day, hour, minute, second int) time.Time {
	return time.Date(year, month, day, hour, minute, second, 0, time.UTC)
}

func wantMember(operation, method, path, body string) apitest.Want {
	return apitest.Want{Operation: operation, Method: method, URL: imagesURL + "/" + sharedID + "/members" + path, Body: body}
}

func TestImageMembersCreate(t *testing.T) {
	t.Parallel()
	const operation = "image-v2-create-member"
	apitest.CheckCreate(t, wantMember(operation, http.MethodPost, "", "@"+operation+".request.json"), apitest.Reply{Body: "@" + operation + ".response.json"},
		member(sharedID, memberID, compute.ImageMemberPending, utc(2013, 9, 20, 19, 22, 19), utc(2013, 9, 20, 19, 25, 31)),
		func(ctx context.Context, client *nhncloud.Client) (*compute.ImageMember, error) {
			return compute.New(client).ImageMembers.Create(ctx, sharedID, memberID)
		})
	apitest.Refused(t, operation, "tenantID", func(ctx context.Context, client *nhncloud.Client) error {
		_, err := compute.New(client).ImageMembers.Create(ctx, sharedID, "")
		return err
	})
	apitest.RefusedSegments(t, operation, "imageId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := compute.New(client).ImageMembers.Create(ctx, id, memberID)
		return err
	})
}

func TestImageMembersList(t *testing.T) {
	t.Parallel()
	const operation = "image-v2-list-members"
	const image = "dbc999e3-c52f-4200-bedd-3b18fe7f87fe"
	list := func(ctx context.Context, client *nhncloud.Client) ([]*compute.ImageMember, error) {
		return compute.New(client).ImageMembers.List(ctx, sharedID)
	}
	want := wantMember(operation, http.MethodGet, "", "")
	apitest.Check(t, want, apitest.Reply{Body: "@" + operation + ".response.json"}, []*compute.ImageMember{
		member(image, "123456789", compute.ImageMemberPending, utc(2013, 10, 7, 17, 58, 3), utc(2013, 10, 7, 17, 58, 3)),
		member(image, "987654321", compute.ImageMemberAccepted, utc(2013, 10, 7, 17, 58, 55), utc(2013, 10, 8, 12, 8, 55)),
	}, list)
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Reply{Body: `{"members": [null], "schema": "/v2/schemas/members"}`})
		members, err := list(t.Context(), m.Client)
		require.NoError(t, err)
		assert.Empty(t, members)
	})
	apitest.RefusedSegments(t, operation, "imageId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := compute.New(client).ImageMembers.List(ctx, id)
		return err
	})
}

func TestImageMember(t *testing.T) {
	t.Parallel()
	type call func(ctx context.Context, members *compute.ImageMembersService, imageID, memberID string) (*compute.ImageMember, error)
	for operation, test := range map[string]struct {
		method, body string
		call         call
		expected     *compute.ImageMember
	}{
		"image-v2-get-member": {http.MethodGet, "", func(ctx context.Context, members *compute.ImageMembersService, imageID, memberID string) (*compute.ImageMember, error) {
			return members.Get(ctx, imageID, memberID)
		}, member("0ae74cc5-5147-4239-9ce2-b0c580f7067e", memberID, compute.ImageMemberPending, utc(2013, 11, 26, 7, 21, 21), utc(2013, 11, 26, 7, 21, 21))},
		"image-v2-update-member": {http.MethodPut, "@image-v2-update-member.request.json", func(ctx context.Context, members *compute.ImageMembersService, imageID, memberID string) (*compute.ImageMember, error) {
			return members.Update(ctx, imageID, memberID, compute.ImageMemberAccepted)
		}, member(sharedID, memberID, compute.ImageMemberAccepted, utc(2013, 9, 20, 19, 22, 19), utc(2013, 9, 20, 20, 15, 31))},
		"image-v2-delete-member": {http.MethodDelete, "", func(ctx context.Context, members *compute.ImageMembersService, imageID, memberID string) (*compute.ImageMember, error) {
			return nil, members.Delete(ctx, imageID, memberID)
		}, nil},
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			reply := apitest.Reply{Body: "@" + operation + ".response.json"}
			if test.expected == nil {
				reply = apitest.Reply{Status: http.StatusNoContent}
			}
			apitest.Check(t, wantMember(operation, test.method, "/"+memberID, test.body), reply, test.expected,
				func(ctx context.Context, client *nhncloud.Client) (*compute.ImageMember, error) {
					return test.call(ctx, compute.New(client).ImageMembers, sharedID, memberID)
				})
			for field, try := range map[string]func(ctx context.Context, client *nhncloud.Client, id string) error{
				"imageId": func(ctx context.Context, client *nhncloud.Client, id string) error {
					_, err := test.call(ctx, compute.New(client).ImageMembers, id, memberID)
					return err
				},
				"memberId": func(ctx context.Context, client *nhncloud.Client, id string) error {
					_, err := test.call(ctx, compute.New(client).ImageMembers, sharedID, id)
					return err
				},
			} {
				apitest.RefusedSegments(t, operation, field, try)
			}
		})
	}
	apitest.Refused(t, "image-v2-update-member", "status", func(ctx context.Context, client *nhncloud.Client) error {
		_, err := compute.New(client).ImageMembers.Update(ctx, sharedID, memberID, "")
		return err
	})
}
