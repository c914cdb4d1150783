package network_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

const externalID = "751b8227-7b45-440a-9349-dbf829d0aba5"

func externalVPC(t *testing.T) *network.VPC {
	t.Helper()
	return &network.VPC{
		ID: externalID, Name: "public_network", TenantID: "e873d250f2ca40b78e2c12cfbaaeb740", State: network.StateAvailable,
		CIDRv4: "0.0.0.0/0", Shared: true, RouterExternal: true, CreateTime: at(t, "2020-02-27 03:16:05"),
	}
}

func TestVPCsList(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-vpcs"
	list := on(func(ctx context.Context, n *network.Client) ([]*network.VPC, error) { return n.VPCs.List(ctx, nil) })
	apitest.Check(t, want(operation, http.MethodGet, "/vpcs", ""), documented(operation), []*network.VPC{externalVPC(t)}, list)
	t.Run("simple form", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want(operation, http.MethodGet, "/vpcs", ""), documented(operation+".gateway"))
		vpcs, err := list(t.Context(), m.Client)
		require.NoError(t, err)
		assert.Equal(t, []*network.VPC{{ID: "vpc-id-123", Name: "my-vpc", CIDRv4: "10.0.0.0/16", State: network.StateAvailable}}, vpcs)
	})
}

func TestVPCsGet(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-get-vpc"
	w := want(operation, http.MethodGet, "/vpcs/"+externalID, "")
	expected := externalVPC(t)
	expected.RoutingTables = []network.RoutingTableRef{}
	expected.Subnets = []network.Subnet{{
		ID: "00ef6956-f03d-406b-81c5-eb05739a578e", Name: "public_snat_gateway", TenantID: "e873d250f2ca40b78e2c12cfbaaeb740", VPCID: externalID,
		VPC:  network.VPCRef{ID: externalID, Name: "public_network", State: network.StateAvailable, CIDRv4: "0.0.0.0/0", Shared: true},
		CIDR: "100.127.64.0/24", Gateway: "100.127.64.1", State: network.StateAvailable, AvailableIPCount: 1,
		RouterExternal: true, Shared: true, EnableDHCP: true, CreateTime: at(t, "2020-04-16 05:10:37"),
		Routes: []network.SubnetRoute{{
			ID: "c7f7b8cb-e2f4-498d-9e66-c7cfef0dcdad", SubnetID: "00ef6956-f03d-406b-81c5-eb05739a578e", TenantID: "e873d250f2ca40b78e2c12cfbaaeb740",
			CIDR: "192.168.100.0/24", Mask: 24, Gateway: "192.168.100.1",
		}},
	}}
	get := func(id string) func(context.Context, *network.Client) (*network.VPC, error) {
		return func(ctx context.Context, n *network.Client) (*network.VPC, error) { return n.VPCs.Get(ctx, id) }
	}
	apitest.Check(t, w, documented(operation), expected, on(get(externalID)))
	refusesIDs(t, operation, "vpcId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := get(id)(ctx, n)
		return err
	})
	for name, test := range map[string]struct {
		body string
		want *network.VPC
	}{
		"subnets repeated": {`{"id": "v", "subnets": [{"id": "a", "name": "1"}, {"id": "b"}, {"id": "a", "name": "2"}, {"id": "b"}]}`,
			&network.VPC{ID: "v", Subnets: []network.Subnet{{ID: "a", Name: "1"}, {ID: "b"}}}},
		"tables by id": {`{"id": "v", "routingtables": ["r1", {"id": "r2", "name": "second", "default_table": true, "gateway_id": "g"}]}`,
			&network.VPC{ID: "v", RoutingTables: []network.RoutingTableRef{{ID: "r1"}, {ID: "r2", Name: "second", DefaultTable: true, GatewayID: "g"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(w, apitest.Reply{Body: `{"vpc": ` + test.body + `}`})
			vpc, err := get(externalID)(t.Context(), network.New(m.Client))
			require.NoError(t, err)
			assert.Equal(t, test.want, vpc)
		})
	}
}

func TestVPCsCreate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-create-vpc"
	w := want(operation, http.MethodPost, "/vpcs", "@")
	request := network.VPCCreateRequest{Name: "vpc-test1", CIDRv4: "10.10.0.0/16"}
	apitest.CheckCreate(t, w, documented(operation), &network.VPC{
		ID: "88eb3d8b-32ef-46e4-85c4-8612ab544705", Name: "vpc-test1", TenantID: "1fb0cf13afb341b699f74bbbecab2117", State: network.StateAvailable,
		CIDRv4: "10.10.0.0/16", CreateTime: at(t, "2023-01-17 05:14:52").Add(37777 * time.Microsecond),
	}, on(func(ctx context.Context, n *network.Client) (*network.VPC, error) { return n.VPCs.Create(ctx, request) }))
	t.Run("simple form", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(w, documented(operation+".gateway"))
		vpc, err := network.New(m.Client).VPCs.Create(t.Context(), request)
		require.NoError(t, err)
		assert.Equal(t, &network.VPC{ID: "new-vpc-id", Name: "my-new-vpc", CIDRv4: "10.0.0.0/16"}, vpc)
	})
	t.Run("everything", func(t *testing.T) {
		t.Parallel()
		sends(t, w, `{"vpc": {"name": "n", "cidrv4": "10.0.0.0/8", "tenant_id": "t", "external_network_id": "e"}}`, documented(operation),
			func(ctx context.Context, n *network.Client) error {
				_, err := n.VPCs.Create(ctx, network.VPCCreateRequest{Name: "n", CIDRv4: "10.0.0.0/8", TenantID: "t", ExternalNetworkID: "e"})
				return err
			})
	})
	for field, refused := range map[string]network.VPCCreateRequest{
		"Name, CIDRv4": {}, "Name": {CIDRv4: "10.0.0.0/8"}, "CIDRv4": {Name: "n", CIDRv4: "10.0.0.1/8"},
	} {
		refuses(t, operation, field, func(ctx context.Context, n *network.Client) error {
			_, err := n.VPCs.Create(ctx, refused)
			return err
		})
	}
	for _, cidr := range []string{"10.0.0.0", "2001:db8::/32", "10.0.0.0/40"} {
		refuses(t, operation, "CIDRv4", func(ctx context.Context, n *network.Client) error {
			_, err := n.VPCs.Create(ctx, network.VPCCreateRequest{Name: "n", CIDRv4: cidr})
			return err
		})
	}
}

func TestVPCsUpdate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-update-vpc"
	const id = "88eb3d8b-32ef-46e4-85c4-8612ab544705"
	w := want(operation, http.MethodPut, "/vpcs/"+id, "@")
	update := func(id string, request network.VPCUpdateRequest) func(context.Context, *network.Client) (*network.VPC, error) {
		return func(ctx context.Context, n *network.Client) (*network.VPC, error) {
			return n.VPCs.Update(ctx, id, request)
		}
	}
	both := network.VPCUpdateRequest{Name: new("vpc-update_test"), CIDRv4: new("10.10.0.0/20")}
	apitest.Check(t, w, documented(operation), &network.VPC{
		ID: id, Name: "vpc-update_test", TenantID: "1fb0cf13afb341b699f74bbbecab2117", State: network.StateAvailable,
		CIDRv4: "10.10.0.0/20", CreateTime: at(t, "2023-01-17 05:14:52").Add(37777 * time.Microsecond),
	}, on(update(id, both)))
	for body, request := range map[string]network.VPCUpdateRequest{
		`{"vpc": {"name": "n"}}`:            {Name: new("n")},
		`{"vpc": {"cidrv4": "10.0.0.0/8"}}`: {CIDRv4: new("10.0.0.0/8")},
	} {
		sends(t, w, body, documented(operation), func(ctx context.Context, n *network.Client) error {
			_, err := update(id, request)(ctx, n)
			return err
		})
	}
	for _, test := range []struct {
		field   string
		request network.VPCUpdateRequest
	}{
		{"Name", network.VPCUpdateRequest{}},
		{"Name, CIDRv4", network.VPCUpdateRequest{Name: new(""), CIDRv4: new("")}},
		{"CIDRv4", network.VPCUpdateRequest{CIDRv4: new("10.0.0.1/8")}},
	} {
		refuses(t, operation, test.field, func(ctx context.Context, n *network.Client) error {
			_, err := update(id, test.request)(ctx, n)
			return err
		})
	}
	refusesIDs(t, operation, "vpcId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := update(id, both)(ctx, n)
		return err
	})
}

func TestVPCsDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "network-v2-delete-vpc", "/vpcs", "vpcId", func(ctx context.Context, n *network.Client, id string) error { return n.VPCs.Delete(ctx, id) })
}
