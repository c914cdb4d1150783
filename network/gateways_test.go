package network_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

const gatewayID = "71f8e19a-8af3-4d3f-9b0e-b45a547fd7a7"

func documentedGateway(t *testing.T) *network.Gateway {
	t.Helper()
	return &network.Gateway{
		ID: gatewayID, Name: "ig-7ef985c1-8568", TenantID: "130f20670ac34949b64b10ad8a5989c8", ExternalNetworkID: "50687905-7b9d-423a-b929-ab8b296a7f35",
		RoutingTableID: "7ef985c1-8568-4faa-a1ce-6a7116ba0e4d", State: network.GatewayAvailable, MigrateStatus: network.MigrateNone,
		CreateTime: at(t, "2025-02-11 00:44:18"),
	}
}

func TestGatewaysList(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-internetgateways"
	apitest.Check(t, want(operation, http.MethodGet, "/internetgateways", ""), documented(operation), []*network.Gateway{documentedGateway(t)},
		on(func(ctx context.Context, n *network.Client) ([]*network.Gateway, error) {
			return n.Gateways.List(ctx, nil)
		}))
}

func TestGatewaysListRelated(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-routingtable-gateways"
	const table = "51848e19-f4ae-489a-9428-71927b97f3b5"
	apitest.Check(t, want(operation, http.MethodGet, "/routingtables/"+table+"/related_gateways", ""), documented(operation), []*network.RelatedGateway{
		{ID: "8e2e97e3-4cff-461c-97f3-297f0b23025e", Type: network.GatewayNAT, Name: "Test NAT Gateway"},
		{ID: "2057f51f-75c1-40f2-bfd7-77c4a4c366a9", Type: network.GatewayPeering, Name: "Test Peering"},
	}, on(func(ctx context.Context, n *network.Client) ([]*network.RelatedGateway, error) {
		return n.Gateways.ListRelated(ctx, table)
	}))
	refusesIDs(t, operation, "routingtableId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.Gateways.ListRelated(ctx, id)
		return err
	})
}

func TestGatewaysGet(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-get-internetgateway"
	apitest.Check(t, want(operation, http.MethodGet, "/internetgateways/"+gatewayID, ""), documented(operation), documentedGateway(t),
		on(func(ctx context.Context, n *network.Client) (*network.Gateway, error) {
			return n.Gateways.Get(ctx, gatewayID)
		}))
	refusesIDs(t, operation, "internetgatewayId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.Gateways.Get(ctx, id)
		return err
	})
}

func TestGatewaysCreate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-create-internetgateway"
	expected := documentedGateway(t)
	expected.State, expected.RoutingTableID = network.GatewayUnavailable, ""
	request := network.GatewayCreateRequest{Name: expected.Name, ExternalNetworkID: expected.ExternalNetworkID}
	body := `{"internetgateway": {"name": "ig-7ef985c1-8568", "external_network_id": "50687905-7b9d-423a-b929-ab8b296a7f35"}}`
	apitest.CheckCreate(t, want(operation, http.MethodPost, "/internetgateways", body), documented(operation), expected,
		on(func(ctx context.Context, n *network.Client) (*network.Gateway, error) {
			return n.Gateways.Create(ctx, request)
		}))
	refuses(t, operation, "Name, ExternalNetworkID", func(ctx context.Context, n *network.Client) error {
		_, err := n.Gateways.Create(ctx, network.GatewayCreateRequest{})
		return err
	})
}

func TestGatewaysDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "network-v2-delete-internetgateway", "/internetgateways", "internetgatewayId", func(ctx context.Context, n *network.Client, id string) error {
		return n.Gateways.Delete(ctx, id)
	})
}
