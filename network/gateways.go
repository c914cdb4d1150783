package network

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// GatewaysService calls the operations on internet gateways, and lists the
// gateways that routing tables lead to.
type GatewaysService struct{ client *nhncloud.Client }

// Gateway is an internet gateway. One that is attached to a routing table, with
// [RoutingTablesService.AttachGateway], connects its subnets with the external
// network.
type Gateway struct {
	ID                string        `json:"id"`
	Name              string        `json:"name"`
	TenantID          string        `json:"tenant_id"`
	ExternalNetworkID string        `json:"external_network_id"`
	RoutingTableID    string        `json:"routingtable_id"` // "" while it is attached to none
	State             GatewayState  `json:"state"`
	MigrateStatus     MigrateStatus `json:"migrate_status"`
	MigrateError      string        `json:"migrate_error"` // why a migration failed
	CreateTime        time.Time     `json:"create_time"`
}

// GatewayState is the state of an internet gateway. It is an open type.
type GatewayState string

// The states of an internet gateway.
const (
	GatewayAvailable   GatewayState = "available"
	GatewayUnavailable GatewayState = "unavailable" // attached to no routing table
	GatewayMigrating   GatewayState = "migrating"   // to another host, for maintenance
	GatewayError       GatewayState = "ERROR"       // attached, but it does not work
)

// MigrateStatus is how far the migration of an internet gateway is, which the
// service makes for maintenance. It is an open type.
type MigrateStatus string

// The steps of a migration.
const (
	MigrateNone              MigrateStatus = "none" // there is none, or it is over
	MigrateUnbindingProgress MigrateStatus = "unbinding_progress"
	MigrateUnbindingError    MigrateStatus = "unbinding_error"
	MigrateBindingProgress   MigrateStatus = "binding_progress"
	MigrateBindingError      MigrateStatus = "binding_error"
)

// GatewayListOptions narrows a listing of internet gateways. A nil pointer and
// zero fields stand for all of them.
type GatewayListOptions struct {
	ID                string `url:"id,omitempty"`
	Name              string `url:"name,omitempty"`
	TenantID          string `url:"tenant_id,omitempty"`
	ExternalNetworkID string `url:"external_network_id,omitempty"`
	RoutingTableID    string `url:"routingtable_id,omitempty"`
}

type gatewayPage struct {
	Items []*Gateway    `json:"internetgateways"`
	Links []linked.Link `json:"internetgateways_links"`
}

const listGateways = "network-v2-list-internetgateways"

func (s *GatewaysService) page(ctx context.Context, options *GatewayListOptions, next url.Values) (*linked.Page[Gateway], error) {
	page, err := nhncloud.Fetch[gatewayPage](ctx, s.client, nhncloud.Request{
		Operation: listGateways,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/internetgateways",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[Gateway])(page), err
}

// List returns one page of internet gateways. Use [GatewaysService.All] for all
// of them.
//
// API: GET /v2.0/internetgateways (network-v2-list-internetgateways; Internet-Gateway en/public-api.md)
func (s *GatewaysService) List(ctx context.Context, options *GatewayListOptions) ([]*Gateway, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all internet gateways.
func (s *GatewaysService) All(ctx context.Context, options *GatewayListOptions) iter.Seq2[*Gateway, error] {
	return linked.All(listGateways, func(next url.Values) (*linked.Page[Gateway], error) { return s.page(ctx, options, next) })
}

// RelatedGateway is a gateway of whatever type that the routes of a routing
// table lead to.
type RelatedGateway struct {
	ID   string      `json:"id"`
	Type GatewayType `json:"type"`
	Name string      `json:"name"`
}

// GatewayType is the type of a [RelatedGateway]. It is an open type.
type GatewayType string

// The types of gateways.
const (
	GatewayTransit             GatewayType = "goblin:transition"
	GatewayColocation          GatewayType = "goblin:colocation_gateway"
	GatewayPeering             GatewayType = "goblin:peering" // of VPCs
	GatewayInterProjectPeering GatewayType = "goblin:inter_project_peering"
	GatewayInterRegionPeering  GatewayType = "goblin:inter_region_peering"
	GatewayNAT                 GatewayType = "goblin:natgateway"
	GatewayVPN                 GatewayType = "goblin:vpngateway"
	GatewayTransitHub          GatewayType = "goblin:asterisk" // attachment of a Transit Hub
)

// ListRelated returns the gateways that the routes of a routing table lead to,
// of other types than internet gateways.
//
// API: GET /v2.0/routingtables/{routingtableId}/related_gateways (network-v2-list-routingtable-gateways; Network-VPC en/public-api.md)
func (s *GatewaysService) ListRelated(ctx context.Context, routingTableID string) ([]*RelatedGateway, error) {
	return nhncloud.FetchList[RelatedGateway](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-list-routingtable-gateways",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/routingtables/{routingtableId}/related_gateways",
		Args:        []string{routingTableID},
		ResponseKey: "gateways",
	})
}

// Get returns an internet gateway.
//
// API: GET /v2.0/internetgateways/{internetgatewayId} (network-v2-get-internetgateway; Internet-Gateway en/public-api.md)
func (s *GatewaysService) Get(ctx context.Context, id string) (*Gateway, error) {
	return nhncloud.Fetch[Gateway](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-get-internetgateway",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/internetgateways/{internetgatewayId}",
		Args:        []string{id},
		ResponseKey: "internetgateway",
	})
}

// GatewayCreateRequest describes an internet gateway to create. Both fields are
// required.
type GatewayCreateRequest struct {
	Name              string `json:"name"`
	ExternalNetworkID string `json:"external_network_id"` // as of VPCsService.FindExternal
}

// Create creates an internet gateway and returns it. It is of use as soon as it
// is attached to a routing table. A quota that is used up is an
// [nhncloud.ErrQuotaExceeded].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [GatewaysService.List] shows two gateways of the Name.
//
// API: POST /v2.0/internetgateways (network-v2-create-internetgateway; Internet-Gateway en/public-api.md)
func (s *GatewaysService) Create(ctx context.Context, request GatewayCreateRequest) (*Gateway, error) {
	const operation = "network-v2-create-internetgateway"
	var check nhncloud.ArgumentCheck
	check.Required("Name", request.Name)
	check.Required("ExternalNetworkID", request.ExternalNetworkID)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Gateway](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/internetgateways",
		Body:        map[string]GatewayCreateRequest{"internetgateway": request},
		ResponseKey: "internetgateway",
	})
}

// Delete deletes an internet gateway. One that is attached to a routing table is
// detached by that, which the service refuses while floating IPs are connected in
// the subnets of the table.
//
// API: DELETE /v2.0/internetgateways/{internetgatewayId} (network-v2-delete-internetgateway; Internet-Gateway en/public-api.md)
func (s *GatewaysService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "network-v2-delete-internetgateway",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/internetgateways/{internetgatewayId}",
		Args:      []string{id},
	}, nil)
}

func (s *GatewaysService) waiter(id string) nhncloud.Waiter[*Gateway, GatewayState] {
	return nhncloud.Waiter[*Gateway, GatewayState]{
		Operation: "network-v2-get-internetgateway",
		Resource:  "internet gateway",
		ID:        id,
		Look:      s.Get,
		Status:    func(g *Gateway) GatewayState { return g.State },
		Reason:    func(g *Gateway) string { return g.MigrateError },
	}
}

// WaitForReady waits until an internet gateway that is attached to a routing
// table works, and no migration is under way, and returns it. It ends with an
// [nhncloud.ErrFailedState] when the gateway gets into [GatewayError], or its
// migration fails, instead.
func (s *GatewaysService) WaitForReady(ctx context.Context, id string, options *nhncloud.WaitOptions) (*Gateway, error) {
	return s.waiter(id).Wait(ctx, options, func(g *Gateway) (w nhncloud.WaitStatus) {
		idle := g.MigrateStatus == MigrateNone || g.MigrateStatus == ""
		if !idle {
			w.Status = string(g.State) + ", " + string(g.MigrateStatus)
		}
		switch {
		case g.State == GatewayError, g.MigrateStatus == MigrateUnbindingError, g.MigrateStatus == MigrateBindingError:
			w.Failed = "internet gateway " + id + " does not become ready"
		case g.State == GatewayAvailable:
			w.Done = idle
		}
		return w
	})
}

// WaitForDeletion waits until an internet gateway is not found any more.
func (s *GatewaysService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return s.waiter(id).UntilGone(ctx, options)
}
