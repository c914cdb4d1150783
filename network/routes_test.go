package network_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

const routeID = "83729f84-90c2-422f-8f08-394e1e4310bb"

// documentedRoute is the route of all answers.
func documentedRoute() *network.Route {
	return &network.Route{
		ID: routeID, TenantID: tableTenant, RoutingTableID: "0101dbfa-d504-4a1f-ae28-45d721e8cf69", CIDR: "192.168.0.0/24", Mask: 24, Gateway: "172.16.10.19", Description: "description text",
	}
}

func TestRoutesList(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-routes"
	const table = "0101dbfa-d504-4a1f-ae28-45d721e8cf69"
	apitest.Check(t, want(operation, http.MethodGet, "/routes", ""), documented(operation), []*network.Route{
		{ID: "02ab0653-42d4-433f-81d9-776ceb23f3bf", TenantID: tableTenant, RoutingTableID: table, CIDR: "172.16.0.0/16", Mask: 16, Gateway: network.GatewayLocal},
		documentedRoute(),
		{
			ID: "a9e4a335-a251-4387-9fef-f98c58281ce7", TenantID: tableTenant, RoutingTableID: table, CIDR: "0.0.0.0/0", Gateway: "100.127.64.9",
			GatewayID: "ad7f3e7f-35b9-4ff1-b7b9-2451d7fc9982",
		},
	}, on(func(ctx context.Context, n *network.Client) ([]*network.Route, error) { return n.Routes.List(ctx, nil) }))
}

func TestRoutesGet(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-get-route"
	apitest.Check(t, want(operation, http.MethodGet, "/routes/"+routeID, ""), documented(operation), documentedRoute(),
		on(func(ctx context.Context, n *network.Client) (*network.Route, error) {
			return n.Routes.Get(ctx, routeID)
		}))
	refusesIDs(t, operation, "routeId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.Routes.Get(ctx, id)
		return err
	})
}

func TestRoutesCreate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-create-route"
	request := network.RouteCreateRequest{
		RoutingTableID: "0101dbfa-d504-4a1f-ae28-45d721e8cf69", CIDR: "192.168.0.0/24", Gateway: "172.16.10.19", Description: "description text",
	}
	create := func(request network.RouteCreateRequest) func(context.Context, *network.Client) (*network.Route, error) {
		return func(ctx context.Context, n *network.Client) (*network.Route, error) {
			return n.Routes.Create(ctx, request)
		}
	}
	w := want(operation, http.MethodPost, "/routes", "@")
	apitest.CheckCreate(t, w, documented(operation), documentedRoute(), on(create(request)))
	// The guide wants a description in any case.
	sends(t, w, `{"route": {"routingtable_id": "r", "cidr": "10.0.0.0/8", "gateway": "10.0.0.1", "description": ""}}`, documented(operation),
		func(ctx context.Context, n *network.Client) error {
			_, err := create(network.RouteCreateRequest{RoutingTableID: "r", CIDR: "10.0.0.0/8", Gateway: "10.0.0.1"})(ctx, n)
			return err
		})
	for _, test := range []struct {
		field   string
		request network.RouteCreateRequest
	}{
		{"RoutingTableID, CIDR, Gateway", network.RouteCreateRequest{}},
		{"CIDR", network.RouteCreateRequest{RoutingTableID: "r", CIDR: "192.168.0.1/24", Gateway: "10.0.0.1"}},
		{"CIDR", network.RouteCreateRequest{RoutingTableID: "r", CIDR: "::/0", Gateway: "10.0.0.1"}},
		{"Gateway", network.RouteCreateRequest{RoutingTableID: "r", CIDR: "192.168.0.0/24", Gateway: "local"}},
	} {
		refuses(t, operation, test.field, func(ctx context.Context, n *network.Client) error {
			_, err := create(test.request)(ctx, n)
			return err
		})
	}
}

func TestRoutesUpdate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-update-route"
	update := func(id string, request network.RouteUpdateRequest) func(context.Context, *network.Client) (*network.Route, error) {
		return func(ctx context.Context, n *network.Client) (*network.Route, error) {
			return n.Routes.Update(ctx, id, request)
		}
	}
	w := want(operation, http.MethodPut, "/routes/"+routeID, "@")
	apitest.Check(t, w, documented(operation), documentedRoute(), on(update(routeID, network.RouteUpdateRequest{
		CIDR: new("192.168.0.0/24"), Gateway: new("172.16.10.19"), Description: new("description text"),
	})))
	for body, request := range map[string]network.RouteUpdateRequest{
		`{"route": {"description": ""}}`:       {Description: new("")},
		`{"route": {"cidr": "10.0.0.0/8"}}`:    {CIDR: new("10.0.0.0/8")},
		`{"route": {"gateway": "10.0.0.254"}}`: {Gateway: new("10.0.0.254")},
	} {
		sends(t, w, body, documented(operation), func(ctx context.Context, n *network.Client) error {
			_, err := update(routeID, request)(ctx, n)
			return err
		})
	}
	for _, test := range []struct {
		field   string
		request network.RouteUpdateRequest
	}{
		{"CIDR", network.RouteUpdateRequest{}},
		{"CIDR, Gateway", network.RouteUpdateRequest{CIDR: new("10.0.0.1/8"), Gateway: new("")}},
	} {
		refuses(t, operation, test.field, func(ctx context.Context, n *network.Client) error {
			_, err := update(routeID, test.request)(ctx, n)
			return err
		})
	}
	refusesIDs(t, operation, "routeId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := update(id, network.RouteUpdateRequest{Description: new("")})(ctx, n)
		return err
	})
}

func TestRoutesDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "network-v2-delete-route", "/routes", "routeId", func(ctx context.Context, n *network.Client, id string) error { return n.Routes.Delete(ctx, id) })
}
