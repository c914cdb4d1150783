package networkv1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

const (
	groupsURL = apitest.AppKeyURL + "/security-groups"
	groupID   = "85cc3048-abc3-43cc-89b3-377341426ac5"
	ruleID    = "3c0e45ff-adaf-4124-b083-bf390e5482ff"
)

// egressRule lets everything out.
func egressRule() networkv1.SecurityGroupRule {
	return networkv1.SecurityGroupRule{
		ID:              ruleID,
		SecurityGroupID: groupID,
		Direction:       networkv1.DirectionEgress,
		Ethertype:       networkv1.EthertypeIPv4,
		Protocol:        networkv1.ProtocolAny, // null in the answer
		PortRangeMin:    nil,                   // null in the answer
		PortRangeMax:    nil,                   // null in the answer
		RemoteGroupID:   "",                    // null in the answer
		RemoteIPPrefix:  "",                    // null in the answer
		Description:     "",
	}
}

func TestSecurityGroups(t *testing.T) {
	t.Parallel()
	apitest.LookUp[networkv1.SecurityGroup]{
		All:   apitest.Want{Operation: "network-v1-list-security-groups", Method: http.MethodGet, URL: groupsURL},
		Key:   "securityGroups",
		By:    "id",
		Field: "securityGroupId",
		Items: []*networkv1.SecurityGroup{{
			ID:          groupID,
			Name:        "web",
			Description: "web servers",
			SecurityGroupRules: []networkv1.SecurityGroupRule{egressRule(), {
				ID:              "9a2f7f0d-2fd1-4a4c-8a9b-0d3f5f6f0d11",
				SecurityGroupID: groupID,
				Direction:       networkv1.DirectionIngress,
				Ethertype:       networkv1.EthertypeIPv4,
				Protocol:        networkv1.ProtocolTCP,
				PortRangeMin:    new(8000),
				PortRangeMax:    new(8080),
				RemoteIPPrefix:  "10.0.0.0/8",
				Description:     "in-house",
			}},
		}},
		Name: func(g *networkv1.SecurityGroup) *string { return &g.ID },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*networkv1.SecurityGroup, error) {
			return networkv1.New(client).SecurityGroups.List(ctx)
		},
		Get: func(ctx context.Context, client *nhncloud.Client, id string) (*networkv1.SecurityGroup, error) {
			return networkv1.New(client).SecurityGroups.Get(ctx, id)
		},
	}.Check(t)
}

func TestSecurityGroupsCreate(t *testing.T) {
	t.Parallel()
	want := apitest.Want{Operation: "network-v1-create-security-group", Method: http.MethodPost, URL: groupsURL, Body: "@network-v1-create-security-group.request.json"}
	reply := apitest.Reply{Body: "@network-v1-create-security-group.response.json"}
	create := func(ctx context.Context, client *nhncloud.Client, request networkv1.SecurityGroupCreateRequest) (*networkv1.SecurityGroup, error) {
		return networkv1.New(client).SecurityGroups.Create(ctx, request)
	}
	apitest.CheckCreate(t, want, reply, &networkv1.SecurityGroup{
		ID:                 groupID,
		Name:               "web",
		Description:        "web servers",
		SecurityGroupRules: []networkv1.SecurityGroupRule{egressRule()},
	}, func(ctx context.Context, client *nhncloud.Client) (*networkv1.SecurityGroup, error) {
		return create(ctx, client, networkv1.SecurityGroupCreateRequest{Name: "web", Description: "web servers"})
	})
	t.Run("name alone", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		want := want
		want.Body = `{"securityGroup": {"name": "web"}}`
		m.Expect(want, reply)
		_, err := create(t.Context(), m.Client, networkv1.SecurityGroupCreateRequest{Name: "web"})
		require.NoError(t, err)
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, want.Operation, "Name", func(ctx context.Context, client *nhncloud.Client) error {
			_, err := create(ctx, client, networkv1.SecurityGroupCreateRequest{Description: "web servers"})
			return err
		})
	})
}

func TestSecurityGroupsUpdate(t *testing.T) {
	t.Parallel()
	want := apitest.Want{Operation: "network-v1-update-security-group", Method: http.MethodPut, URL: groupsURL + "/" + groupID, Body: "@network-v1-update-security-group.request.json"}
	reply := apitest.Reply{Body: "@network-v1-update-security-group.response.json"}
	update := func(ctx context.Context, client *nhncloud.Client, id string, request networkv1.SecurityGroupUpdateRequest) (*networkv1.SecurityGroup, error) {
		return networkv1.New(client).SecurityGroups.Update(ctx, id, request)
	}
	apitest.Check(t, want, reply, &networkv1.SecurityGroup{ID: groupID, Name: "web-1", Description: "first web servers"},
		func(ctx context.Context, client *nhncloud.Client) (*networkv1.SecurityGroup, error) {
			return update(ctx, client, groupID, networkv1.SecurityGroupUpdateRequest{Name: "web-1", Description: new("first web servers")})
		})
	apitest.RefusedSegments(t, want.Operation, "securityGroupId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := update(ctx, client, id, networkv1.SecurityGroupUpdateRequest{Name: "web-1"})
		return err
	})
	for body, request := range map[string]networkv1.SecurityGroupUpdateRequest{
		`{"securityGroup": {"name": "web-1"}}`:                    {Name: "web-1"},
		`{"securityGroup": {"name": "web-1", "description": ""}}`: {Name: "web-1", Description: new("")},
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			want := want
			want.Body = body
			m.Expect(want, reply)
			_, err := update(t.Context(), m.Client, groupID, request)
			require.NoError(t, err)
		})
	}
	for name, request := range map[string]networkv1.SecurityGroupUpdateRequest{"nothing": {}, "no name": {Description: new("first web servers")}} {
		t.Run("refused "+name, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, want.Operation, "Name", func(ctx context.Context, client *nhncloud.Client) error {
				_, err := update(ctx, client, groupID, request)
				return err
			})
		})
	}
	t.Run("not found", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Failure(24404, "FAIL: Security group does not exist"))
		_, err := update(t.Context(), m.Client, groupID, networkv1.SecurityGroupUpdateRequest{Name: "web-1", Description: new("first web servers")})
		assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	})
}

func TestSecurityGroupsDelete(t *testing.T) {
	t.Parallel()
	apitest.CheckRemoval(t, "network-v1-delete-security-group", groupsURL, "id", "securityGroupId", groupID, func(ctx context.Context, client *nhncloud.Client, id string) error {
		return networkv1.New(client).SecurityGroups.Delete(ctx, id)
	})
}
