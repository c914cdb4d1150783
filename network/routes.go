package network

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// RoutesService calls the operations on the routes of routing tables.
type RoutesService struct{ client *nhncloud.Client }

// Route is a route of a routing table. Those whose Gateway is [GatewayLocal],
// and those to an internet gateway, which have a GatewayID, belong to the
// service: they can be neither changed nor deleted.
type Route struct {
	ID             string `json:"id"`
	TenantID       string `json:"tenant_id"`
	RoutingTableID string `json:"routingtable_id"`
	CIDR           string `json:"cidr"`        // where the route goes to
	Mask           int    `json:"mask"`        // bits of the CIDR
	Gateway        string `json:"gateway"`     // IP address, or GatewayLocal
	GatewayID      string `json:"gateway_id"`  // of an internet gateway; "" for none
	Description    string `json:"description"` // not in a RoutingTable
	Hidden         bool   `json:"hidden"`      // in the examples of the guide alone
}

// GatewayLocal is the gateway of the route to the VPC itself.
const GatewayLocal = "local"

// RouteListOptions narrows a listing of routes. A nil pointer and zero fields
// stand for all of them.
type RouteListOptions struct {
	ID             string `url:"id,omitempty"`
	CIDR           string `url:"cidr,omitempty"`
	Mask           *int   `url:"mask,omitempty"` // 0 is that of 0.0.0.0/0
	Gateway        string `url:"gateway,omitempty"`
	RoutingTableID string `url:"routingtable_id,omitempty"`
	GatewayID      string `url:"gateway_id,omitempty"` // of an internet gateway
}

type routePage struct {
	Items []*Route      `json:"routes"`
	Links []linked.Link `json:"routes_links"`
}

const listRoutes = "network-v2-list-routes"

func (s *RoutesService) page(ctx context.Context, options *RouteListOptions, next url.Values) (*linked.Page[Route], error) {
	page, err := nhncloud.Fetch[routePage](ctx, s.client, nhncloud.Request{
		Operation: listRoutes,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/routes",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[Route])(page), err
}

// List returns one page of routes. Use [RoutesService.All] for all of them.
//
// API: GET /v2.0/routes (network-v2-list-routes; Network-VPC en/public-api.md)
func (s *RoutesService) List(ctx context.Context, options *RouteListOptions) ([]*Route, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all routes.
func (s *RoutesService) All(ctx context.Context, options *RouteListOptions) iter.Seq2[*Route, error] {
	return linked.All(listRoutes, func(next url.Values) (*linked.Page[Route], error) { return s.page(ctx, options, next) })
}

// Get returns a route.
//
// API: GET /v2.0/routes/{routeId} (network-v2-get-route; Network-VPC en/public-api.md)
func (s *RoutesService) Get(ctx context.Context, id string) (*Route, error) {
	return nhncloud.Fetch[Route](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-get-route",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/routes/{routeId}",
		Args:        []string{id},
		ResponseKey: "route",
	})
}

// RouteCreateRequest describes a route to create. RoutingTableID, CIDR and
// Gateway are required.
type RouteCreateRequest struct {
	RoutingTableID string `json:"routingtable_id"`
	CIDR           string `json:"cidr"`        // such as "192.168.0.0/24"
	Gateway        string `json:"gateway"`     // IP address
	Description    string `json:"description"` // up to 256 bytes
}

// Create adds a route to a routing table and returns it. A quota that is used up
// is an [nhncloud.ErrQuotaExceeded].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call fails because the route is there already, and
// [RoutesService.List] shows it.
//
// API: POST /v2.0/routes (network-v2-create-route; Network-VPC en/public-api.md)
func (s *RoutesService) Create(ctx context.Context, request RouteCreateRequest) (*Route, error) {
	const operation = "network-v2-create-route"
	var check nhncloud.ArgumentCheck
	check.Required("RoutingTableID", request.RoutingTableID)
	netcheck.NetworkV4(&check, "CIDR", request.CIDR)
	netcheck.Address(&check, "Gateway", request.Gateway)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Route](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/routes",
		Body:        map[string]RouteCreateRequest{"route": request},
		ResponseKey: "route",
	})
}

// RouteUpdateRequest changes a route. A nil field is left as it is.
type RouteUpdateRequest struct {
	CIDR        *string `json:"cidr,omitzero"`
	Gateway     *string `json:"gateway,omitzero"`
	Description *string `json:"description,omitzero"`
}

// Update changes a route and returns it.
//
// API: PUT /v2.0/routes/{routeId} (network-v2-update-route; Network-VPC en/public-api.md)
func (s *RoutesService) Update(ctx context.Context, id string, request RouteUpdateRequest) (*Route, error) {
	const operation = "network-v2-update-route"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request == RouteUpdateRequest{}, "CIDR", nothingToChange)
	if request.CIDR != nil {
		netcheck.NetworkV4(&check, "CIDR", *request.CIDR)
	}
	if request.Gateway != nil {
		netcheck.Address(&check, "Gateway", *request.Gateway)
	}
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Route](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/routes/{routeId}",
		Args:        []string{id},
		Body:        map[string]RouteUpdateRequest{"route": request},
		ResponseKey: "route",
	})
}

// Delete takes a route out of its routing table.
//
// API: DELETE /v2.0/routes/{routeId} (network-v2-delete-route; Network-VPC en/public-api.md)
func (s *RoutesService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "network-v2-delete-route",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/routes/{routeId}",
		Args:      []string{id},
	}, nil)
}
