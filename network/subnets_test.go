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

const subnetID = "8136b0e0-6360-4392-8947-48febf857cad"

// documentedSubnet is the subnet of the listing and of the single answer.
func documentedSubnet(t *testing.T) *network.Subnet {
	t.Helper()
	const tenant, vpc = "1fb0cf13afb341b699f74bbbecab2117", "8a725559-671f-486f-96f0-8d77a21f6394"
	return &network.Subnet{
		ID: subnetID, Name: "vpc-subnet-2", TenantID: tenant, VPCID: vpc,
		VPC:  network.VPCRef{ID: vpc, Name: "hcpak-network", State: network.StateAvailable, CIDRv4: "192.168.0.0/16"},
		CIDR: "192.168.1.0/24", Gateway: "192.168.1.1", State: network.StateAvailable, AvailableIPCount: 251, CreateTime: at(t, "2023-01-16 07:24:01"),
		RoutingTable: network.RoutingTableRef{
			ID: "01ea946c-08d0-44fe-8e65-3c2cddfaa527", Name: "vpc-8a725559-671f", GatewayID: "4d6f3b31-f58d-4b39-9787-c1c39c6282ac", DefaultTable: true,
		},
		Routes: []network.SubnetRoute{{
			ID: "c7f7b8cb-e2f4-498d-9e66-c7cfef0dcdad", SubnetID: subnetID, TenantID: tenant, CIDR: "192.168.100.0/24", Mask: 24, Gateway: "192.168.100.1",
		}},
	}
}

// attachedSubnet is the subnet of the answers to changes of its routing table.
func attachedSubnet(t *testing.T, available int, table network.RoutingTableRef) *network.Subnet {
	t.Helper()
	const vpc = "b9f8e7b1-45e8-4eb5-95b2-7256dc60f7ff"
	return &network.Subnet{
		ID: "ab33b9bc-c447-48fa-a6a0-bad40bc952f3", Name: "hcpak-subnet-2", TenantID: "1fb0cf13afb341b699f74bbbecab2117", VPCID: vpc,
		VPC:  network.VPCRef{ID: vpc, Name: "hcpak-network2", State: network.StateAvailable, CIDRv4: "10.0.0.0/8"},
		CIDR: "10.1.0.0/16", Gateway: "10.1.0.1", State: network.StateAvailable, AvailableIPCount: available, EnableDHCP: true,
		CreateTime: at(t, "2023-01-16 08:04:45"), RoutingTable: table, Routes: []network.SubnetRoute{},
	}
}

func TestSubnetsList(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-vpcsubnets"
	w := want(operation, http.MethodGet, "/vpcsubnets", "")
	list := on(func(ctx context.Context, n *network.Client) ([]*network.Subnet, error) {
		return n.Subnets.List(ctx, nil)
	})
	apitest.Check(t, w, documented(operation), []*network.Subnet{documentedSubnet(t)}, list)
	t.Run("simple form", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(w, documented(operation+".gateway"))
		subnets, err := list(t.Context(), m.Client)
		require.NoError(t, err)
		assert.Equal(t, []*network.Subnet{{ID: "subnet-id-123", Name: "my-subnet", VPCID: "vpc-id-123", CIDR: "10.0.1.0/24", Gateway: "10.0.1.1"}}, subnets)
	})
}

func TestSubnetsGet(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-get-vpcsubnet"
	apitest.Check(t, want(operation, http.MethodGet, "/vpcsubnets/"+subnetID, ""), documented(operation), documentedSubnet(t),
		on(func(ctx context.Context, n *network.Client) (*network.Subnet, error) {
			return n.Subnets.Get(ctx, subnetID)
		}))
	refusesIDs(t, operation, "subnetId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.Subnets.Get(ctx, id)
		return err
	})
}

func TestSubnetsCreate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-create-vpcsubnet"
	w := want(operation, http.MethodPost, "/vpcsubnets", "@")
	request := network.SubnetCreateRequest{VPCID: "b9f8e7b1-45e8-4eb5-95b2-7256dc60f7ff", CIDR: "10.3.0.0/16", Name: "vpc-subnet-1"}
	create := func(request network.SubnetCreateRequest) func(context.Context, *network.Client) (*network.Subnet, error) {
		return func(ctx context.Context, n *network.Client) (*network.Subnet, error) {
			return n.Subnets.Create(ctx, request)
		}
	}
	apitest.CheckCreate(t, w, documented(operation), &network.Subnet{
		ID: "bc6c7035-f9a7-4eea-a6c7-14c3036aa912", Name: "vpc-subnet-1", TenantID: "1fb0cf13afb341b699f74bbbecab2117", VPCID: request.VPCID,
		CIDR: "10.3.0.0/16", Gateway: "10.3.0.1", State: network.StateAvailable, CreateTime: at(t, "2023-01-17 05:39:28"),
	}, on(create(request)))
	everything := network.SubnetCreateRequest{VPCID: "v", CIDR: "10.3.0.0/16", Name: "n", TenantID: "t", Gateway: "10.3.255.254"}
	sends(t, w, `{"vpcsubnet": {"vpc_id": "v", "cidr": "10.3.0.0/16", "name": "n", "tenant_id": "t", "gateway": "10.3.255.254"}}`, documented(operation),
		func(ctx context.Context, n *network.Client) error {
			_, err := create(everything)(ctx, n)
			return err
		})
	for _, test := range []struct {
		field  string
		change func(*network.SubnetCreateRequest)
	}{
		{"VPCID, CIDR, Name", func(r *network.SubnetCreateRequest) { *r = network.SubnetCreateRequest{} }},
		{"CIDR", func(r *network.SubnetCreateRequest) { r.CIDR = "10.3.0.1/16" }},
		{"CIDR", func(r *network.SubnetCreateRequest) { r.CIDR, r.Gateway = "10.3.0.0", "10.4.0.1" }},
		{"CIDR", func(r *network.SubnetCreateRequest) { r.CIDR = "2001:db8::/64" }},
		{"Gateway", func(r *network.SubnetCreateRequest) { r.Gateway = "10.4.0.1" }},
		{"Gateway", func(r *network.SubnetCreateRequest) { r.Gateway = "10.3.0.0" }},
		{"Gateway", func(r *network.SubnetCreateRequest) { r.Gateway = "local" }},
	} {
		refuses(t, operation, test.field, func(ctx context.Context, n *network.Client) error {
			request := request
			test.change(&request)
			_, err := create(request)(ctx, n)
			return err
		})
	}
}

func TestSubnetsUpdate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-update-vpcsubnet"
	const id = "bc6c7035-f9a7-4eea-a6c7-14c3036aa912"
	update := func(id string, name *string) func(context.Context, *network.Client) (*network.Subnet, error) {
		return func(ctx context.Context, n *network.Client) (*network.Subnet, error) {
			return n.Subnets.Update(ctx, id, network.SubnetUpdateRequest{Name: name})
		}
	}
	apitest.Check(t, want(operation, http.MethodPut, "/vpcsubnets/"+id, "@"), documented(operation), &network.Subnet{
		ID: id, Name: "subnet_update_test", TenantID: "1fb0cf13afb341b699f74bbbecab2117", VPCID: "b9f8e7b1-45e8-4eb5-95b2-7256dc60f7ff",
		CIDR: "10.3.0.0/16", Gateway: "10.3.0.1", State: network.StateAvailable, CreateTime: at(t, "2023-01-17 05:39:28"),
	}, on(update(id, new("subnet_update_test"))))
	for _, name := range []*string{nil, new("")} {
		refuses(t, operation, "Name", func(ctx context.Context, n *network.Client) error {
			_, err := update(id, name)(ctx, n)
			return err
		})
	}
	refusesIDs(t, operation, "subnetId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := update(id, new("n"))(ctx, n)
		return err
	})
}

func TestSubnetsRoutingTable(t *testing.T) {
	t.Parallel()
	const id, table = "ab33b9bc-c447-48fa-a6a0-bad40bc952f3", "c577a618-1acb-444d-a82e-aeb4c6fce01e"
	t.Run("attach", func(t *testing.T) {
		t.Parallel()
		const operation = "network-v2-attach-vpcsubnet-routingtable"
		attach := func(id, table string) func(context.Context, *network.Client) (*network.Subnet, error) {
			return func(ctx context.Context, n *network.Client) (*network.Subnet, error) {
				return n.Subnets.AttachRoutingTable(ctx, id, table)
			}
		}
		apitest.Check(t, want(operation, http.MethodPut, "/vpcsubnets/"+id+"/attach_routingtable", "@"), documented(operation),
			attachedSubnet(t, 65532, network.RoutingTableRef{ID: "4c05e594-fa28-4651-8235-7c6d3757360f", Name: "test", Explicit: true}), on(attach(id, table)))
		refuses(t, operation, "routingTableID", func(ctx context.Context, n *network.Client) error {
			_, err := attach(id, "")(ctx, n)
			return err
		})
		refusesIDs(t, operation, "subnetId", func(ctx context.Context, n *network.Client, id string) error {
			_, err := attach(id, table)(ctx, n)
			return err
		})
	})
	t.Run("detach", func(t *testing.T) {
		t.Parallel()
		const operation = "network-v2-detach-vpcsubnet-routingtable"
		apitest.Check(t, want(operation, http.MethodPut, "/vpcsubnets/"+id+"/detach_routingtable", ""), documented(operation),
			attachedSubnet(t, 65531, network.RoutingTableRef{
				ID: "64b21edd-8cc7-4e78-a868-fd65091fee3c", Name: "vpc-b9f8e7b1-45e8", GatewayID: "76fc0ab6-ca7a-46e8-b3e3-c1b37658e836", DefaultTable: true,
			}), on(func(ctx context.Context, n *network.Client) (*network.Subnet, error) {
				return n.Subnets.DetachRoutingTable(ctx, id)
			}))
		refusesIDs(t, operation, "subnetId", func(ctx context.Context, n *network.Client, id string) error {
			_, err := n.Subnets.DetachRoutingTable(ctx, id)
			return err
		})
	})
}

func TestSubnetsDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "network-v2-delete-vpcsubnet", "/vpcsubnets", "subnetId", func(ctx context.Context, n *network.Client, id string) error {
		return n.Subnets.Delete(ctx, id)
	})
}
