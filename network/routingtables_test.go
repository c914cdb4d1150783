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

const tableTenant = "8189ec9dc39c4a418359603e2b84a754"

func TestRoutingTablesList(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-routingtables"
	table := func(vpcs, subnets []network.Ref) []*network.RoutingTable {
		return []*network.RoutingTable{{
			ID: "51848e19-f4ae-489a-9428-71927b97f3b5", Name: "vpc-162de82d-7301", TenantID: "130f20670ac34949b64b10ad8a5989c8", State: network.StateAvailable,
			DefaultTable: true, GatewayID: "e0e51d26-f8e8-4643-9b1a-01562db00949", GatewayName: "ig-162de82d-7301",
			VPCs: vpcs, Subnets: subnets, CreateTime: at(t, "2022-08-17 06:55:17"),
		}}
	}
	list := func(options *network.RoutingTableListOptions) func(context.Context, *network.Client) ([]*network.RoutingTable, error) {
		return func(ctx context.Context, n *network.Client) ([]*network.RoutingTable, error) {
			return n.RoutingTables.List(ctx, options)
		}
	}
	apitest.Check(t, want(operation, http.MethodGet, "/routingtables", ""), documented(operation), table(nil, nil), on(list(nil)))
	t.Run("with Detail", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want(operation, http.MethodGet, "/routingtables?detail=true", ""), apitest.Reply{Body: "@" + operation + ".response.2.json"})
		tables, err := list(&network.RoutingTableListOptions{Detail: true})(t.Context(), network.New(m.Client))
		require.NoError(t, err)
		assert.Equal(t, table([]network.Ref{{ID: "162de82d-7301-4141-ae7a-36c3dc9a63f8", Name: "Default Network"}},
			[]network.Ref{{ID: "2f8919a1-d06b-480f-8e26-87c7c9eee16f", Name: "Default Network"}}), tables)
	})
}

func TestRoutingTablesGet(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-get-routingtable"
	const id, tenant, gateway = "51848e19-f4ae-489a-9428-71927b97f3b5", "130f20670ac34949b64b10ad8a5989c8", "e0e51d26-f8e8-4643-9b1a-01562db00949"
	apitest.Check(t, want(operation, http.MethodGet, "/routingtables/"+id, ""), documented(operation), &network.RoutingTable{
		ID: id, Name: "vpc-162de82d-7301", TenantID: tenant, State: network.StateAvailable, DefaultTable: true, GatewayID: gateway, GatewayName: "ig-162de82d-7301",
		VPCs:       []network.Ref{{ID: "162de82d-7301-4141-ae7a-36c3dc9a63f8"}},
		Subnets:    []network.Ref{{ID: "2f8919a1-d06b-480f-8e26-87c7c9eee16f"}},
		CreateTime: at(t, "2022-08-17 06:55:17"),
		Routes: []network.Route{
			{ID: "520336f6-8920-4ff9-a7c5-fe9db27f026a", TenantID: tenant, RoutingTableID: id, CIDR: "192.168.0.0/16", Mask: 16, Gateway: network.GatewayLocal},
			{ID: "ddd375f5-5b6b-4e1d-83d0-9d1444224db2", TenantID: tenant, RoutingTableID: id, CIDR: "0.0.0.0/0", Gateway: "192.168.120.82", GatewayID: gateway},
		},
	}, on(func(ctx context.Context, n *network.Client) (*network.RoutingTable, error) {
		return n.RoutingTables.Get(ctx, id)
	}))
	refusesIDs(t, operation, "routingtableId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.RoutingTables.Get(ctx, id)
		return err
	})
}

func TestRoutingTablesCreate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-create-routingtable"
	create := func(request network.RoutingTableCreateRequest) func(context.Context, *network.Client) (*network.RoutingTable, error) {
		return func(ctx context.Context, n *network.Client) (*network.RoutingTable, error) {
			return n.RoutingTables.Create(ctx, request)
		}
	}
	// The guide has the Boolean in quotes here, and nowhere else.
	w := want(operation, http.MethodPost, "/routingtables",
		`{"routingtable": {"name": "second_routing_table", "vpc_id": "e3c11abd-41d9-4f7d-a8c1-a5e62d65bce4", "distributed": true}}`)
	request := network.RoutingTableCreateRequest{Name: "second_routing_table", VPCID: "e3c11abd-41d9-4f7d-a8c1-a5e62d65bce4", Distributed: new(true)}
	apitest.CheckCreate(t, w, documented(operation), &network.RoutingTable{
		ID: "9abb4a7c-3609-4e1c-85e3-27f6ad127ee8", Name: "second_routing_table", TenantID: tableTenant, State: network.StateAvailable,
		CreateTime: at(t, "2023-07-25 05:46:40"),
	}, on(create(request)))
	for body, request := range map[string]network.RoutingTableCreateRequest{
		`{"routingtable": {"name": "n", "vpc_id": "v"}}`:                       {Name: "n", VPCID: "v"},
		`{"routingtable": {"name": "n", "vpc_id": "v", "distributed": false}}`: {Name: "n", VPCID: "v", Distributed: new(false)},
	} {
		sends(t, w, body, documented(operation), func(ctx context.Context, n *network.Client) error {
			_, err := create(request)(ctx, n)
			return err
		})
	}
	refuses(t, operation, "Name, VPCID", func(ctx context.Context, n *network.Client) error {
		_, err := create(network.RoutingTableCreateRequest{})(ctx, n)
		return err
	})
}

func TestRoutingTablesUpdate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-update-routingtable"
	const id = "9abb4a7c-3609-4e1c-85e3-27f6ad127ee8"
	update := func(id string, request network.RoutingTableUpdateRequest) func(context.Context, *network.Client) (*network.RoutingTable, error) {
		return func(ctx context.Context, n *network.Client) (*network.RoutingTable, error) {
			return n.RoutingTables.Update(ctx, id, request)
		}
	}
	w := want(operation, http.MethodPut, "/routingtables/"+id, "@")
	apitest.Check(t, w, documented(operation), &network.RoutingTable{
		ID: id, Name: "centralized", TenantID: tableTenant, State: network.StateAvailable, CreateTime: at(t, "2023-07-25 05:46:40"),
	}, on(update(id, network.RoutingTableUpdateRequest{Name: new("centralized"), Distributed: new(false)})))
	sends(t, w, `{"routingtable": {"distributed": false}}`, documented(operation), func(ctx context.Context, n *network.Client) error {
		_, err := update(id, network.RoutingTableUpdateRequest{Distributed: new(false)})(ctx, n)
		return err
	})
	for _, request := range []network.RoutingTableUpdateRequest{{}, {Name: new("")}} {
		refuses(t, operation, "Name", func(ctx context.Context, n *network.Client) error {
			_, err := update(id, request)(ctx, n)
			return err
		})
	}
	refusesIDs(t, operation, "routingtableId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := update(id, network.RoutingTableUpdateRequest{Name: new("n")})(ctx, n)
		return err
	})
}

// secondTable is the table of the answers about its gateway.
func secondTable(t *testing.T) *network.RoutingTable {
	t.Helper()
	const id = "9abb4a7c-3609-4e1c-85e3-27f6ad127ee8"
	return &network.RoutingTable{
		ID: id, Name: "second_routingtable", TenantID: tableTenant, State: network.StateAvailable, Distributed: true, Activated: true,
		VPCs: []network.Ref{{ID: "e3c11abd-41d9-4f7d-a8c1-a5e62d65bce4"}}, Subnets: []network.Ref{}, CreateTime: at(t, "2023-07-25 05:46:40"),
		Routes: []network.Route{{
			ID: "4e1cfa8d-7947-4aa8-b0dd-2012397e083f", TenantID: tableTenant, RoutingTableID: id, CIDR: "10.0.20.0/24", Mask: 24, Gateway: network.GatewayLocal,
		}},
	}
}

func TestRoutingTablesGateway(t *testing.T) {
	t.Parallel()
	const id, gateway = "9abb4a7c-3609-4e1c-85e3-27f6ad127ee8", "615d1cb1-fe54-4505-8a39-35faa6c868cd"
	t.Run("attach", func(t *testing.T) {
		t.Parallel()
		const operation = "network-v2-attach-routingtable-gateway"
		expected := secondTable(t)
		expected.GatewayID, expected.GatewayName = gateway, "ig-162de82d-7301"
		expected.Routes = append(expected.Routes, network.Route{
			ID: "06c233a7-d1c3-4e0e-83bc-b497420f346b", TenantID: tableTenant, RoutingTableID: id, CIDR: "0.0.0.0/0", Gateway: "100.127.65.120", GatewayID: gateway,
		})
		apitest.Check(t, want(operation, http.MethodPut, "/routingtables/"+id+"/attach_gateway", "@"), documented(operation), expected,
			on(func(ctx context.Context, n *network.Client) (*network.RoutingTable, error) {
				return n.RoutingTables.AttachGateway(ctx, id, gateway)
			}))
		refuses(t, operation, "gatewayID", func(ctx context.Context, n *network.Client) error {
			_, err := n.RoutingTables.AttachGateway(ctx, id, "")
			return err
		})
		refusesIDs(t, operation, "routingtableId", func(ctx context.Context, n *network.Client, id string) error {
			_, err := n.RoutingTables.AttachGateway(ctx, id, gateway)
			return err
		})
	})
	t.Run("detach", func(t *testing.T) {
		t.Parallel()
		const operation = "network-v2-detach-routingtable-gateway"
		apitest.Check(t, want(operation, http.MethodPut, "/routingtables/"+id+"/detach_gateway", ""), documented(operation), secondTable(t),
			on(func(ctx context.Context, n *network.Client) (*network.RoutingTable, error) {
				return n.RoutingTables.DetachGateway(ctx, id)
			}))
		refusesIDs(t, operation, "routingtableId", func(ctx context.Context, n *network.Client, id string) error {
			_, err := n.RoutingTables.DetachGateway(ctx, id)
			return err
		})
	})
}

func TestRoutingTablesSetAsDefault(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-set-default-routingtable"
	const id = "0cd5d6a2-fa9e-45c7-86e7-de72454ae08c"
	apitest.Check(t, want(operation, http.MethodPut, "/routingtables/"+id+"/set_as_default", ""), documented(operation), &network.RoutingTable{
		ID: id, Name: "3rd-router2", TenantID: tableTenant, State: network.StateAvailable, DefaultTable: true, Distributed: true, Activated: true,
		VPCs:       []network.Ref{{ID: "86325d48-fbb1-4117-8fa8-bcbf8c692c7f"}},
		Subnets:    []network.Ref{{ID: "cc39a1a1-4539-46b5-91a9-80c0eacb8184"}, {ID: "ccebb749-fb04-4f52-b18d-141326c0c9c5"}},
		CreateTime: at(t, "2021-09-02 08:47:02"),
		Routes: []network.Route{
			{ID: "a253f579-d0f8-472f-a834-5c4133481086", TenantID: tableTenant, RoutingTableID: id, CIDR: "10.3.0.0/16", Mask: 16, Gateway: network.GatewayLocal},
			{ID: "fc643476-efa1-4f0a-8fae-0c7e271ea0b5", TenantID: tableTenant, RoutingTableID: id, CIDR: "172.16.0.0/24", Mask: 24, Gateway: "10.3.1.12"},
		},
	}, on(func(ctx context.Context, n *network.Client) (*network.RoutingTable, error) {
		return n.RoutingTables.SetAsDefault(ctx, id)
	}))
	refusesIDs(t, operation, "routingtableId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.RoutingTables.SetAsDefault(ctx, id)
		return err
	})
}

func TestRoutingTablesDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "network-v2-delete-routingtable", "/routingtables", "routingtableId", func(ctx context.Context, n *network.Client, id string) error {
		return n.RoutingTables.Delete(ctx, id)
	})
}
