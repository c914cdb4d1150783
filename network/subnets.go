package network

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// SubnetsService calls the operations on the subnets of VPCs.
type SubnetsService struct{ client *nhncloud.Client }

// Subnet is a subnet of a VPC. Its id is also that of a [NetworkSubnet]. After
// Create and Update, the service tells neither of VPC, RoutingTable, Routes and
// AvailableIPCount, nor whether it is RouterExternal.
type Subnet struct {
	ID               string          `json:"id"`
	Name             string          `json:"name"`
	TenantID         string          `json:"tenant_id"`
	VPCID            string          `json:"vpc_id"`
	VPC              VPCRef          `json:"vpc"`
	CIDR             string          `json:"cidr"`
	Gateway          string          `json:"gateway"` // IP address
	State            State           `json:"state"`
	AvailableIPCount int             `json:"available_ip_count"`
	RouterExternal   bool            `json:"router:external"`
	Shared           bool            `json:"shared"`
	EnableDHCP       bool            `json:"enable_dhcp"` // not in listings
	Hidden           bool            `json:"hidden"`      // not in listings; in the examples of the guide alone
	RoutingTable     RoutingTableRef `json:"routingtable"`
	Routes           []SubnetRoute   `json:"routes"`
	CreateTime       time.Time       `json:"create_time"`
}

// VPCRef is what a subnet tells of its VPC.
type VPCRef struct {
	ID     string `json:"id" wire:"alone"`
	Name   string `json:"name"`
	State  State  `json:"state"`
	CIDRv4 string `json:"cidrv4"`
	Shared bool   `json:"shared"`
}

// RoutingTableRef is what a subnet or a VPC tells of a routing table.
type RoutingTableRef struct {
	ID           string `json:"id" wire:"alone"`
	Name         string `json:"name"`
	GatewayID    string `json:"gateway_id"` // of an internet gateway; "" for none
	DefaultTable bool   `json:"default_table"`
	Explicit     bool   `json:"explicit"` // attached to the subnet, which takes the default one otherwise
}

// SubnetRoute is a static route of a subnet.
type SubnetRoute struct {
	ID       string `json:"id"`
	SubnetID string `json:"subnet_id"`
	TenantID string `json:"tenant_id"`
	CIDR     string `json:"cidr"`
	Mask     int    `json:"mask"`    // bits of the CIDR
	Gateway  string `json:"gateway"` // IP address
}

// SubnetListOptions narrows a listing of subnets. A nil pointer and zero fields
// stand for all of them.
type SubnetListOptions struct {
	ID      string `url:"id,omitempty"`
	Name    string `url:"name,omitempty"`
	VPCID   string `url:"vpc_id,omitempty"`
	CIDR    string `url:"cidr,omitempty"`
	Shared  *bool  `url:"shared,omitempty"`
	SortKey string `url:"sort_key,omitempty"` // field of the answer
	SortDir string `url:"sort_dir,omitempty"` // "asc" or "desc"
}

type subnetPage struct {
	Items []*Subnet     `json:"vpcsubnets"`
	Links []linked.Link `json:"vpcsubnets_links"`
}

const listSubnets = "network-v2-list-vpcsubnets"

func (s *SubnetsService) page(ctx context.Context, options *SubnetListOptions, next url.Values) (*linked.Page[Subnet], error) {
	page, err := nhncloud.Fetch[subnetPage](ctx, s.client, nhncloud.Request{
		Operation: listSubnets,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/vpcsubnets",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[Subnet])(page), err
}

// List returns one page of subnets. Use [SubnetsService.All] for all of them.
//
// API: GET /v2.0/vpcsubnets (network-v2-list-vpcsubnets; Network-VPC en/public-api.md)
func (s *SubnetsService) List(ctx context.Context, options *SubnetListOptions) ([]*Subnet, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all subnets.
func (s *SubnetsService) All(ctx context.Context, options *SubnetListOptions) iter.Seq2[*Subnet, error] {
	return linked.All(listSubnets, func(next url.Values) (*linked.Page[Subnet], error) { return s.page(ctx, options, next) })
}

// Get returns a subnet.
//
// API: GET /v2.0/vpcsubnets/{subnetId} (network-v2-get-vpcsubnet; Network-VPC en/public-api.md)
func (s *SubnetsService) Get(ctx context.Context, id string) (*Subnet, error) {
	return nhncloud.Fetch[Subnet](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-get-vpcsubnet",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/vpcsubnets/{subnetId}",
		Args:        []string{id},
		ResponseKey: "vpcsubnet",
	})
}

// SubnetCreateRequest describes a subnet to create. VPCID, CIDR and Name are
// required.
type SubnetCreateRequest struct {
	VPCID    string `json:"vpc_id"`
	CIDR     string `json:"cidr"` // in that of the VPC, such as "10.0.1.0/24"
	Name     string `json:"name"`
	TenantID string `json:"tenant_id,omitzero"`
	// Gateway is the address of the router in the subnet. The guide does not list
	// it among what can be given, and a service may refuse it; without it the first
	// address is taken.
	Gateway string `json:"gateway,omitzero"`
}

// Create creates a subnet and returns it. One that overlaps with another subnet
// of the VPC is an [nhncloud.ErrInvalidArgument], and a quota that is used up is
// an [nhncloud.ErrQuotaExceeded].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call fails because the subnet is there already, and
// [SubnetsService.List] shows it.
//
// API: POST /v2.0/vpcsubnets (network-v2-create-vpcsubnet; Network-VPC en/public-api.md)
func (s *SubnetsService) Create(ctx context.Context, request SubnetCreateRequest) (*Subnet, error) {
	const operation = "network-v2-create-vpcsubnet"
	var check nhncloud.ArgumentCheck
	check.Required("VPCID", request.VPCID)
	network := netcheck.NetworkV4(&check, "CIDR", request.CIDR)
	check.Required("Name", request.Name)
	if request.Gateway != "" {
		netcheck.Gateway(&check, "Gateway", request.Gateway, network)
	}
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Subnet](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/vpcsubnets",
		Body:        map[string]SubnetCreateRequest{"vpcsubnet": request},
		ResponseKey: "vpcsubnet",
	})
}

// SubnetUpdateRequest changes a subnet. A nil field is left as it is.
type SubnetUpdateRequest struct {
	Name *string `json:"name,omitzero"`
}

// Update renames a subnet and returns it.
//
// API: PUT /v2.0/vpcsubnets/{subnetId} (network-v2-update-vpcsubnet; Network-VPC en/public-api.md)
func (s *SubnetsService) Update(ctx context.Context, id string, request SubnetUpdateRequest) (*Subnet, error) {
	const operation = "network-v2-update-vpcsubnet"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request == SubnetUpdateRequest{}, "Name", nothingToChange)
	if request.Name != nil {
		check.Required("Name", *request.Name)
	}
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Subnet](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/vpcsubnets/{subnetId}",
		Args:        []string{id},
		Body:        map[string]SubnetUpdateRequest{"vpcsubnet": request},
		ResponseKey: "vpcsubnet",
	})
}

// AttachRoutingTable attaches a subnet to a routing table of its VPC, in the
// place of the default one or of another, and returns the subnet.
//
// API: PUT /v2.0/vpcsubnets/{subnetId}/attach_routingtable (network-v2-attach-vpcsubnet-routingtable; Network-VPC en/public-api.md)
func (s *SubnetsService) AttachRoutingTable(ctx context.Context, id, routingTableID string) (*Subnet, error) {
	const operation = "network-v2-attach-vpcsubnet-routingtable"
	if routingTableID == "" {
		return nil, nhncloud.NewArgumentError(operation, "routingTableID", "must not be empty")
	}
	return nhncloud.Fetch[Subnet](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/vpcsubnets/{subnetId}/attach_routingtable",
		Args:        []string{id},
		Body:        map[string]string{"routingtable_id": routingTableID},
		ResponseKey: "vpcsubnet",
	})
}

// DetachRoutingTable puts a subnet back to the default routing table of its VPC
// and returns the subnet.
//
// API: PUT /v2.0/vpcsubnets/{subnetId}/detach_routingtable (network-v2-detach-vpcsubnet-routingtable; Network-VPC en/public-api.md)
func (s *SubnetsService) DetachRoutingTable(ctx context.Context, id string) (*Subnet, error) {
	return nhncloud.Fetch[Subnet](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-detach-vpcsubnet-routingtable",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/vpcsubnets/{subnetId}/detach_routingtable",
		Args:        []string{id},
		ResponseKey: "vpcsubnet",
	})
}

// Delete deletes a subnet. One with ports is an [nhncloud.ErrConflict].
//
// API: DELETE /v2.0/vpcsubnets/{subnetId} (network-v2-delete-vpcsubnet; Network-VPC en/public-api.md)
func (s *SubnetsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "network-v2-delete-vpcsubnet",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/vpcsubnets/{subnetId}",
		Args:      []string{id},
	}, nil)
}

// WaitForDeletion waits until a subnet is not found any more.
func (s *SubnetsService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return nhncloud.Waiter[*Subnet, State]{
		Operation: "network-v2-get-vpcsubnet",
		Resource:  "subnet",
		ID:        id,
		Look:      s.Get,
		Status:    func(subnet *Subnet) State { return subnet.State },
	}.UntilGone(ctx, options)
}
