package compute_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const (
	groupsURL = apitest.ComputeURL + "/os-server-groups"
	groupID   = "11f5a850-9ecc-4895-af77-de6ea471b65a"
)

func documentedGroup() *compute.ServerGroup {
	return &compute.ServerGroup{
		ID:       groupID,
		Name:     "policy-test1",
		Policies: []compute.ServerGroupPolicy{compute.AntiAffinity},
		Members:  []string{"c040455d-6495-4628-ad81-ade79cf7b8d6", "524e7d81-f373-43a0-b2ff-0a15f8255bb5"},
		Metadata: map[string]string{},
	}
}

func TestServerGroupsList(t *testing.T) {
	t.Parallel()
	apitest.Check(t, apitest.Want{
		Operation: "compute-v2-list-server-groups",
		Method:    http.MethodGet,
		URL:       groupsURL,
	}, apitest.Reply{Body: "@compute-v2-list-server-groups.response.json"}, []*compute.ServerGroup{
		documentedGroup(),
		{
			ID:       "f947c657-cbe0-4bf2-a2aa-59d198f8e096",
			Name:     "policy-test2",
			Policies: []compute.ServerGroupPolicy{compute.AntiAffinity},
			Members:  []string{},
			Metadata: map[string]string{},
		},
	}, func(ctx context.Context, client *nhncloud.Client) ([]*compute.ServerGroup, error) {
		return compute.New(client).ServerGroups.List(ctx)
	})
}

func TestServerGroupsGet(t *testing.T) {
	t.Parallel()
	want := apitest.Want{
		Operation: "compute-v2-get-server-group",
		Method:    http.MethodGet,
		URL:       groupsURL + "/" + groupID,
	}
	get := func(ctx context.Context, client *nhncloud.Client, id string) (*compute.ServerGroup, error) {
		return compute.New(client).ServerGroups.Get(ctx, id)
	}
	apitest.Check(t, want, apitest.Reply{Body: "@compute-v2-get-server-group.response.json"}, documentedGroup(),
		func(ctx context.Context, client *nhncloud.Client) (*compute.ServerGroup, error) {
			return get(ctx, client, groupID)
		})
	apitest.RefusedSegments(t, want.Operation, "servergroupId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := get(ctx, client, id)
		return err
	})
	t.Run("nulls", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Reply{Body: `{"server_group": {"id": "` + groupID + `", "members": null, "policies": null, "metadata": null}}`})
		group, err := get(t.Context(), m.Client, groupID)
		require.NoError(t, err)
		require.Equal(t, &compute.ServerGroup{ID: groupID}, group)
	})
}

func TestServerGroupsCreate(t *testing.T) {
	t.Parallel()
	want := apitest.Want{
		Operation: "compute-v2-create-server-group",
		Method:    http.MethodPost,
		URL:       groupsURL,
		Body:      "@compute-v2-create-server-group.request.json",
	}
	created := documentedGroup()
	created.Members = []string{}
	for name, policies := range map[string][]compute.ServerGroupPolicy{"policy": {compute.AntiAffinity}, "default policy": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apitest.CheckCreate(t, want, apitest.Reply{Body: "@compute-v2-create-server-group.response.json"}, created,
				func(ctx context.Context, client *nhncloud.Client) (*compute.ServerGroup, error) {
					return compute.New(client).ServerGroups.Create(ctx, compute.ServerGroupCreateRequest{Name: "policy-test1", Policies: policies})
				})
		})
	}
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, want.Operation, "Name", func(ctx context.Context, client *nhncloud.Client) error {
			_, err := compute.New(client).ServerGroups.Create(ctx, compute.ServerGroupCreateRequest{})
			return err
		})
	})
}

func TestServerGroupsDelete(t *testing.T) {
	t.Parallel()
	want := apitest.Want{
		Operation: "compute-v2-delete-server-group",
		Method:    http.MethodDelete,
		URL:       groupsURL + "/" + groupID,
	}
	remove := func(ctx context.Context, client *nhncloud.Client, id string) error {
		return compute.New(client).ServerGroups.Delete(ctx, id)
	}
	apitest.CheckEmpty(t, want, apitest.Reply{Status: http.StatusNoContent}, func(ctx context.Context, client *nhncloud.Client) error {
		return remove(ctx, client, groupID)
	})
	apitest.RefusedSegments(t, want.Operation, "servergroupId", remove)
}
