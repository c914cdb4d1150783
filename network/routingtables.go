package network

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// RoutingTablesService calls the operations on routing tables.
type RoutingTablesService struct{ client *nhncloud.Client }

// RoutingTable is a routing table of a VPC. What comes depends on the call:
//
//   - List and All without Detail: neither VPCs, Subnets nor Routes;
//   - List and All with Detail: VPCs and Subnets with their names, no Routes;
//   - Get, AttachGateway, DetachGateway and SetAsDefault: VPCs and Subnets with
//     their ids alone, and Routes;
//   - Create and Update: none of them, and no gateway.
type RoutingTable struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	TenantID     string    `json:"tenant_id"`
	State        State     `json:"state"`
	DefaultTable bool      `json:"default_table"` // of subnets that are attached to no other one
	Distributed  bool      `json:"distributed"`   // false where routing is centralized
	Activated    bool      `json:"activated"`     // in the examples of the guide alone
	GatewayID    string    `json:"gateway_id"`    // of the internet gateway; "" for none
	GatewayName  string    `json:"gateway_name"`
	VPCs         []Ref     `json:"vpcs"`
	Subnets      []Ref     `json:"subnets"`
	Routes       []Route   `json:"routes"`
	CreateTime   time.Time `json:"create_time"`
}

// Ref refers to a resource by its id and, where the service tells it, its name.
type Ref struct {
	ID   string `json:"id" wire:"alone"`
	Name string `json:"name"`
}

// RoutingTableListOptions narrows a listing of routing tables. A nil pointer and
// zero fields stand for all of them.
type RoutingTableListOptions struct {
	ID           string `url:"id,omitempty"`
	Name         string `url:"name,omitempty"`
	TenantID     string `url:"tenant_id,omitempty"`
	DefaultTable *bool  `url:"default_table,omitempty"`
	GatewayID    string `url:"gateway_id,omitempty"` // of an internet gateway
	Distributed  *bool  `url:"distributed,omitempty"`
	Detail       bool   `url:"detail,omitempty"`   // with VPCs and Subnets
	SortKey      string `url:"sort_key,omitempty"` // field of the answer
	SortDir      string `url:"sort_dir,omitempty"` // "asc" or "desc"
}

type routingTablePage struct {
	Items []*RoutingTable `json:"routingtables"`
	Links []linked.Link   `json:"routingtables_links"`
}

const listRoutingTables = "network-v2-list-routingtables"

func (s *RoutingTablesService) page(ctx context.Context, options *RoutingTableListOptions, next url.Values) (*linked.Page[RoutingTable], error) {
	page, err := nhncloud.Fetch[routingTablePage](ctx, s.client, nhncloud.Request{
		Operation: listRoutingTables,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/routingtables",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[RoutingTable])(page), err
}

// List returns one page of routing tables. Use [RoutingTablesService.All] for
// all of them.
//
// API: GET /v2.0/routingtables (network-v2-list-routingtables; Network-VPC en/public-api.md)
func (s *RoutingTablesService) List(ctx context.Context, options *RoutingTableListOptions) ([]*RoutingTable, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all routing tables.
func (s *RoutingTablesService) All(ctx context.Context, options *RoutingTableListOptions) iter.Seq2[*RoutingTable, error] {
	return linked.All(listRoutingTables, func(next url.Values) (*linked.Page[RoutingTable], error) { return s.page(ctx, options, next) })
}

// FindDefault returns the default routing table of a VPC, as a listing with
// Detail has it. None is an [nhncloud.ErrNotFound].
func (s *RoutingTablesService) FindDefault(ctx context.Context, vpcID string) (*RoutingTable, error) {
	if vpcID == "" {
		return nil, nhncloud.NewArgumentError(listRoutingTables, "vpcID", "must not be empty")
	}
	found, err := nhncloud.Collect(s.All(ctx, &RoutingTableListOptions{DefaultTable: new(true), Detail: true}))
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(table *RoutingTable) bool {
		return !table.DefaultTable || !slices.ContainsFunc(table.VPCs, func(vpc Ref) bool { return vpc.ID == vpcID })
	})
	return only(listRoutingTables, "default routing table of VPC "+vpcID, found, func(table *RoutingTable) string { return table.ID })
}

// Get returns a routing table with its routes.
//
// API: GET /v2.0/routingtables/{routingtableId} (network-v2-get-routingtable; Network-VPC en/public-api.md)
func (s *RoutingTablesService) Get(ctx context.Context, id string) (*RoutingTable, error) {
	return nhncloud.Fetch[RoutingTable](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-get-routingtable",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/routingtables/{routingtableId}",
		Args:        []string{id},
		ResponseKey: "routingtable",
	})
}

// RoutingTableCreateRequest describes a routing table to create. Name and VPCID
// are required.
type RoutingTableCreateRequest struct {
	Name        string `json:"name"`
	VPCID       string `json:"vpc_id"`
	Distributed *bool  `json:"distributed,omitzero"` // nil for that of the service, which is true
}

// Create creates a routing table and returns it. A quota that is used up is an
// [nhncloud.ErrQuotaExceeded].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [RoutingTablesService.List] shows two tables of the Name.
//
// API: POST /v2.0/routingtables (network-v2-create-routingtable; Network-VPC en/public-api.md)
func (s *RoutingTablesService) Create(ctx context.Context, request RoutingTableCreateRequest) (*RoutingTable, error) {
	const operation = "network-v2-create-routingtable"
	var check nhncloud.ArgumentCheck
	check.Required("Name", request.Name)
	check.Required("VPCID", request.VPCID)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[RoutingTable](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/routingtables",
		Body:        map[string]RoutingTableCreateRequest{"routingtable": request},
		ResponseKey: "routingtable",
	})
}

// RoutingTableUpdateRequest changes a routing table. A nil field is left as it
// is.
type RoutingTableUpdateRequest struct {
	Name        *string `json:"name,omitzero"`
	Distributed *bool   `json:"distributed,omitzero"`
}

// Update changes the name of a routing table, or how it routes, and returns it.
//
// API: PUT /v2.0/routingtables/{routingtableId} (network-v2-update-routingtable; Network-VPC en/public-api.md)
func (s *RoutingTablesService) Update(ctx context.Context, id string, request RoutingTableUpdateRequest) (*RoutingTable, error) {
	const operation = "network-v2-update-routingtable"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request == RoutingTableUpdateRequest{}, "Name", nothingToChange)
	if request.Name != nil {
		check.Required("Name", *request.Name)
	}
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[RoutingTable](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/routingtables/{routingtableId}",
		Args:        []string{id},
		Body:        map[string]RoutingTableUpdateRequest{"routingtable": request},
		ResponseKey: "routingtable",
	})
}

// AttachGateway connects a routing table with an internet gateway, which adds a
// route to it, and returns the table. Wait with [GatewaysService.WaitForReady].
//
// API: PUT /v2.0/routingtables/{routingtableId}/attach_gateway (network-v2-attach-routingtable-gateway; Network-VPC en/public-api.md)
func (s *RoutingTablesService) AttachGateway(ctx context.Context, id, gatewayID string) (*RoutingTable, error) {
	const operation = "network-v2-attach-routingtable-gateway"
	if gatewayID == "" {
		return nil, nhncloud.NewArgumentError(operation, "gatewayID", "must not be empty")
	}
	return nhncloud.Fetch[RoutingTable](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/routingtables/{routingtableId}/attach_gateway",
		Args:        []string{id},
		Body:        map[string]string{"gateway_id": gatewayID},
		ResponseKey: "routingtable",
	})
}

// DetachGateway takes the internet gateway off a routing table, with the route
// to it, and returns the table.
//
// API: PUT /v2.0/routingtables/{routingtableId}/detach_gateway (network-v2-detach-routingtable-gateway; Network-VPC en/public-api.md)
func (s *RoutingTablesService) DetachGateway(ctx context.Context, id string) (*RoutingTable, error) {
	return nhncloud.Fetch[RoutingTable](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-detach-routingtable-gateway",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/routingtables/{routingtableId}/detach_gateway",
		Args:        []string{id},
		ResponseKey: "routingtable",
	})
}

// SetAsDefault makes a routing table the default one of its VPC, in the place of
// that which was, and returns it.
//
// API: PUT /v2.0/routingtables/{routingtableId}/set_as_default (network-v2-set-default-routingtable; Network-VPC en/public-api.md)
func (s *RoutingTablesService) SetAsDefault(ctx context.Context, id string) (*RoutingTable, error) {
	return nhncloud.Fetch[RoutingTable](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-set-default-routingtable",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/routingtables/{routingtableId}/set_as_default",
		Args:        []string{id},
		ResponseKey: "routingtable",
	})
}

// Delete deletes a routing table. The default one goes with its VPC alone.
//
// API: DELETE /v2.0/routingtables/{routingtableId} (network-v2-delete-routingtable; Network-VPC en/public-api.md)
func (s *RoutingTablesService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "network-v2-delete-routingtable",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/routingtables/{routingtableId}",
		Args:      []string{id},
	}, nil)
}

// WaitForDeletion waits until a routing table is not found any more.
func (s *RoutingTablesService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return nhncloud.Waiter[*RoutingTable, State]{
		Operation: "network-v2-get-routingtable",
		Resource:  "routing table",
		ID:        id,
		Look:      s.Get,
		Status:    func(table *RoutingTable) State { return table.State },
	}.UntilGone(ctx, options)
}
