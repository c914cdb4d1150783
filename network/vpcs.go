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
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// VPCsService calls the operations on VPCs.
type VPCsService struct{ client *nhncloud.Client }

// VPC is a Virtual Private Cloud. Its id is also that of a [Network].
type VPC struct {
	ID             string    `json:"id"`
	Name           string    `json:"name"`
	TenantID       string    `json:"tenant_id"`
	State          State     `json:"state"`
	CIDRv4         string    `json:"cidrv4"`
	Shared         bool      `json:"shared"`
	RouterExternal bool      `json:"router:external"` // floating IPs come out of it
	CreateTime     time.Time `json:"create_time"`
	// RoutingTables and Subnets come from [VPCsService.Get] alone, each subnet
	// once: the service repeats them.
	RoutingTables []RoutingTableRef `json:"routingtables"`
	Subnets       []Subnet          `json:"subnets"`
}

// State is the state of a VPC, a subnet or a routing table. It is an open type.
type State string

// StateAvailable is the one state that the guides know.
const StateAvailable State = "available"

// VPCListOptions narrows a listing of VPCs. A nil pointer and zero fields stand
// for all of them.
type VPCListOptions struct {
	ID             string `url:"id,omitempty"`
	Name           string `url:"name,omitempty"`
	TenantID       string `url:"tenant_id,omitempty"`
	RouterExternal *bool  `url:"router:external,omitempty"`
	Shared         *bool  `url:"shared,omitempty"`
	SortKey        string `url:"sort_key,omitempty"` // field of the answer
	SortDir        string `url:"sort_dir,omitempty"` // "asc" or "desc"
}

type vpcPage struct {
	Items []*VPC        `json:"vpcs"`
	Links []linked.Link `json:"vpcs_links"`
}

const listVPCs = "network-v2-list-vpcs"

func (s *VPCsService) page(ctx context.Context, options *VPCListOptions, next url.Values) (*linked.Page[VPC], error) {
	page, err := nhncloud.Fetch[vpcPage](ctx, s.client, nhncloud.Request{
		Operation: listVPCs,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/vpcs",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[VPC])(page), err
}

// List returns one page of VPCs, those of the project and those that are shared
// with it, without their subnets and routing tables. Use [VPCsService.All] for
// all of them.
//
// API: GET /v2.0/vpcs (network-v2-list-vpcs; Network-VPC en/public-api.md)
func (s *VPCsService) List(ctx context.Context, options *VPCListOptions) ([]*VPC, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all VPCs.
func (s *VPCsService) All(ctx context.Context, options *VPCListOptions) iter.Seq2[*VPC, error] {
	return linked.All(listVPCs, func(next url.Values) (*linked.Page[VPC], error) { return s.page(ctx, options, next) })
}

// FindExternal returns the external network, in the console "Public Network",
// out of which floating IPs come. None is an [nhncloud.ErrNotFound], and several
// are an [nhncloud.ErrConflict]: list those that are RouterExternal then.
func (s *VPCsService) FindExternal(ctx context.Context) (*VPC, error) {
	found, err := nhncloud.Collect(s.All(ctx, &VPCListOptions{RouterExternal: new(true)}))
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(v *VPC) bool { return !v.RouterExternal })
	return only(listVPCs, "external network", found, func(v *VPC) string { return v.ID })
}

// DefaultVPCName is the name of the VPC that a project begins with. The service
// has no other sign of it.
const DefaultVPCName = "Default Network"

// FindDefault returns the VPC that the project began with, which is found by
// [DefaultVPCName]. One that was renamed or deleted is an [nhncloud.ErrNotFound],
// and several of the name are an [nhncloud.ErrConflict].
func (s *VPCsService) FindDefault(ctx context.Context) (*VPC, error) {
	found, err := nhncloud.Collect(s.All(ctx, &VPCListOptions{Name: DefaultVPCName}))
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(v *VPC) bool { return v.Name != DefaultVPCName || v.RouterExternal || v.Shared })
	return only(listVPCs, "VPC "+DefaultVPCName, found, func(v *VPC) string { return v.ID })
}

// Get returns a VPC with its subnets and routing tables.
//
// API: GET /v2.0/vpcs/{vpcId} (network-v2-get-vpc; Network-VPC en/public-api.md)
func (s *VPCsService) Get(ctx context.Context, id string) (*VPC, error) {
	vpc, err := nhncloud.Fetch[VPC](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-get-vpc",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/vpcs/{vpcId}",
		Args:        []string{id},
		ResponseKey: "vpc",
	})
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	vpc.Subnets = slices.DeleteFunc(vpc.Subnets, func(subnet Subnet) bool {
		again := seen[subnet.ID]
		seen[subnet.ID] = true
		return again
	})
	return vpc, nil
}

// VPCCreateRequest describes a VPC to create. Name and CIDRv4 are required.
type VPCCreateRequest struct {
	Name              string `json:"name"`
	CIDRv4            string `json:"cidrv4"` // such as "10.0.0.0/16"
	TenantID          string `json:"tenant_id,omitzero"`
	ExternalNetworkID string `json:"external_network_id,omitzero"` // to connect the VPC to
}

// createdVPC is the answer to a creation, with the slip in a name that the guide
// shows in it.
type createdVPC struct {
	VPC
	Slip string `json:"id:"`
}

// Create creates a VPC, with a routing table that is its default one, and
// returns it without that. A quota that is used up is an
// [nhncloud.ErrQuotaExceeded].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [VPCsService.List] shows two VPCs of the Name.
//
// API: POST /v2.0/vpcs (network-v2-create-vpc; Network-VPC en/public-api.md)
func (s *VPCsService) Create(ctx context.Context, request VPCCreateRequest) (*VPC, error) {
	const operation = "network-v2-create-vpc"
	var check nhncloud.ArgumentCheck
	check.Required("Name", request.Name)
	netcheck.NetworkV4(&check, "CIDRv4", request.CIDRv4)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	created, err := nhncloud.Fetch[createdVPC](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/vpcs",
		Body:        map[string]VPCCreateRequest{"vpc": request},
		ResponseKey: "vpc",
	})
	if err != nil {
		return nil, err
	}
	if created.ID == "" {
		created.ID = created.Slip
	}
	return &created.VPC, nil
}

// VPCUpdateRequest changes a VPC. A nil field is left as it is.
type VPCUpdateRequest struct {
	Name   *string `json:"name,omitzero"`
	CIDRv4 *string `json:"cidrv4,omitzero"`
}

// Update changes the name or the CIDR of a VPC and returns it.
//
// API: PUT /v2.0/vpcs/{vpcId} (network-v2-update-vpc; Network-VPC en/public-api.md)
func (s *VPCsService) Update(ctx context.Context, id string, request VPCUpdateRequest) (*VPC, error) {
	const operation = "network-v2-update-vpc"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request == VPCUpdateRequest{}, "Name", nothingToChange)
	if request.Name != nil {
		check.Required("Name", *request.Name)
	}
	if request.CIDRv4 != nil {
		netcheck.NetworkV4(&check, "CIDRv4", *request.CIDRv4)
	}
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[VPC](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/vpcs/{vpcId}",
		Args:        []string{id},
		Body:        map[string]VPCUpdateRequest{"vpc": request},
		ResponseKey: "vpc",
	})
}

// Delete deletes a VPC with its subnets, its routing tables and the internet
// gateways that are attached to those. One in which something has a port, such as
// a server, is an [nhncloud.ErrConflict].
//
// API: DELETE /v2.0/vpcs/{vpcId} (network-v2-delete-vpc; Network-VPC en/public-api.md)
func (s *VPCsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "network-v2-delete-vpc",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/vpcs/{vpcId}",
		Args:      []string{id},
	}, nil)
}

// WaitForDeletion waits until a VPC is not found any more.
func (s *VPCsService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return nhncloud.Waiter[*VPC, State]{
		Operation: "network-v2-get-vpc",
		Resource:  "VPC",
		ID:        id,
		Look:      s.Get,
		Status:    func(v *VPC) State { return v.State },
	}.UntilGone(ctx, options)
}
