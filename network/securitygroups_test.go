package network_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

const (
	groupTenant  = "19eeb40d58684543aef29cbb5ebfe8f0"
	defaultGroup = "877b092c-2a31-4509-8d23-deeb02d95633"
	webGroup     = "148cfc28-a58c-497f-aaab-c610bf7b5f18"
)

// openRule is a rule of the documented groups, for everything of an ethertype.
func openRule(id, group, remote string, direction network.Direction, ethertype network.Ethertype) network.SecurityGroupRule {
	return network.SecurityGroupRule{ID: id, TenantID: groupTenant, SecurityGroupID: group, RemoteGroupID: remote, Direction: direction, Ethertype: ethertype}
}

func documentedDefaultGroup() *network.SecurityGroup {
	return &network.SecurityGroup{
		ID: defaultGroup, Name: "default", TenantID: groupTenant, Description: "Default security group",
		SecurityGroupRules: []network.SecurityGroupRule{
			openRule("0c7279cd-657e-43cd-a635-6886ca3a8acd", defaultGroup, defaultGroup, network.DirectionIngress, network.EthertypeIPv4),
			openRule("4c5ae06e-44f0-4ea9-a999-29473873bca2", defaultGroup, "", network.DirectionEgress, network.EthertypeIPv6),
			openRule("4e21389a-bb3c-469c-8139-29da582bc3c5", defaultGroup, "", network.DirectionEgress, network.EthertypeIPv4),
			openRule("72af180f-c425-4ec4-b7a3-90f86d4ce145", defaultGroup, defaultGroup, network.DirectionIngress, network.EthertypeIPv6),
		},
	}
}

func documentedWebGroup(name, description string) *network.SecurityGroup {
	return &network.SecurityGroup{
		ID: webGroup, Name: name, TenantID: groupTenant, Description: description,
		SecurityGroupRules: []network.SecurityGroupRule{
			openRule("057e031a-ec2a-4bee-859a-6bc1d88c57d0", webGroup, "", network.DirectionEgress, network.EthertypeIPv4),
			openRule("cd37d4a7-75ac-4246-95cf-e93b37b75a9f", webGroup, "", network.DirectionEgress, network.EthertypeIPv6),
		},
	}
}

func TestSecurityGroupsList(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-security-groups"
	apitest.Check(t, want(operation, http.MethodGet, "/security-groups", ""), documented(operation), []*network.SecurityGroup{documentedDefaultGroup()},
		on(func(ctx context.Context, n *network.Client) ([]*network.SecurityGroup, error) {
			return n.SecurityGroups.List(ctx, nil)
		}))
}

func TestSecurityGroupsGet(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-get-security-group"
	apitest.Check(t, want(operation, http.MethodGet, "/security-groups/"+defaultGroup, ""), documented(operation), documentedDefaultGroup(),
		on(func(ctx context.Context, n *network.Client) (*network.SecurityGroup, error) {
			return n.SecurityGroups.Get(ctx, defaultGroup)
		}))
	refusesIDs(t, operation, "securityGroupId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.SecurityGroups.Get(ctx, id)
		return err
	})
	t.Run("fields", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want(operation, http.MethodGet, "/security-groups/g?fields=id&fields=name", ""), apitest.Reply{Body: `{"security_group": {"id": "g", "name": "웹"}}`})
		group, err := network.New(m.Client).SecurityGroups.Get(t.Context(), "g", "id", "name")
		require.NoError(t, err)
		assert.Equal(t, &network.SecurityGroup{ID: "g", Name: "웹"}, group)
	})
}

func TestSecurityGroupsCreate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-create-security-group"
	create := func(request network.SecurityGroupCreateRequest) func(context.Context, *network.Client) (*network.SecurityGroup, error) {
		return func(ctx context.Context, n *network.Client) (*network.SecurityGroup, error) {
			return n.SecurityGroups.Create(ctx, request)
		}
	}
	w := want(operation, http.MethodPost, "/security-groups", "@")
	apitest.CheckCreate(t, w, documented(operation), documentedWebGroup("webservers", "security group for webservers"),
		on(create(network.SecurityGroupCreateRequest{Name: "webservers", Description: "security group for webservers"})))
	sends(t, w, `{"security_group": {}}`, documented(operation), func(ctx context.Context, n *network.Client) error {
		_, err := create(network.SecurityGroupCreateRequest{})(ctx, n) // the guide requires nothing
		return err
	})
}

func TestSecurityGroupsUpdate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-update-security-group"
	update := func(id string, request network.SecurityGroupUpdateRequest) func(context.Context, *network.Client) (*network.SecurityGroup, error) {
		return func(ctx context.Context, n *network.Client) (*network.SecurityGroup, error) {
			return n.SecurityGroups.Update(ctx, id, request)
		}
	}
	w := want(operation, http.MethodPut, "/security-groups/"+webGroup, "@")
	apitest.Check(t, w, documented(operation), documentedWebGroup("new-webservers", "security group for new webservers"),
		on(update(webGroup, network.SecurityGroupUpdateRequest{Name: new("new-webservers"), Description: new("security group for new webservers")})))
	sends(t, w, `{"security_group": {"description": ""}}`, documented(operation), func(ctx context.Context, n *network.Client) error {
		_, err := update(webGroup, network.SecurityGroupUpdateRequest{Description: new("")})(ctx, n)
		return err
	})
	refuses(t, operation, "Name", func(ctx context.Context, n *network.Client) error {
		_, err := update(webGroup, network.SecurityGroupUpdateRequest{})(ctx, n)
		return err
	})
	refusesIDs(t, operation, "securityGroupId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := update(id, network.SecurityGroupUpdateRequest{Name: new("n")})(ctx, n)
		return err
	})
}

func TestSecurityGroupsDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "network-v2-delete-security-group", "/security-groups", "securityGroupId", func(ctx context.Context, n *network.Client, id string) error {
		return n.SecurityGroups.Delete(ctx, id)
	})
}

func TestSecurityGroupsListPorts(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-security-group-ports"
	const group = "22156aef-48c8-4ecd-9b29-83f28cad3bcb"
	apitest.Check(t, want(operation, http.MethodGet, "/security-group-ports?security_group_id="+group, ""), documented(operation), []*network.SecurityGroupPort{{
		ID: "54ad4dfb-8fcb-413c-ad9c-dc381d1a93e2", TenantID: "76841f7d054a40b88b2a99828280998c", ProjectID: "71843f7d054a20b88b2a97628270998c",
		NetworkID: "1031cd94-425a-4d23-9833-d7f19de30c1e", Status: network.PortActive, AdminStateUp: true, MACAddress: "fa:16:3e:08:3f:e9",
		FixedIPs: []network.FixedIP{{SubnetID: "f70ae850-3f8a-4fab-9b57-926871bd2c27", IPAddress: "192.168.10.91"}},
		DeviceID: "418ce9ea-752e-4f4e-9c72-5a32479ee85a", DeviceOwner: "compute:kr-pub-a", SecurityGroups: []string{group, "564e8224-7d50-4865-b044-4fbb89c5e911"},
	}}, on(func(ctx context.Context, n *network.Client) ([]*network.SecurityGroupPort, error) {
		return n.SecurityGroups.ListPorts(ctx, group, nil)
	}))
}
