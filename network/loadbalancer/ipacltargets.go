package loadbalancer

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// IPACLTargetsService calls the operations on the targets of groups of IP ACLs.
type IPACLTargetsService struct{ client *nhncloud.Client }

// IPACLTarget is an address, or a network, in a group of IP ACLs.
type IPACLTarget struct {
	ID           string `json:"id"`
	TenantID     string `json:"tenant_id"`
	IPACLGroupID string `json:"ipacl_group_id"`
	CIDRAddress  string `json:"cidr_address"` // IP address, or network in CIDR notation
	Description  string `json:"description"`
}

// IPACLTargetListOptions narrows a listing of targets. A nil pointer and zero
// fields stand for all of them.
type IPACLTargetListOptions struct {
	ID           string `url:"id,omitempty"`
	IPACLGroupID string `url:"ipacl_group_id,omitempty"`
	CIDRAddress  string `url:"cidr_address,omitempty"`
	Description  string `url:"description,omitempty"`
}

type ipaclTargetPage struct {
	Items []*IPACLTarget `json:"ipacl_targets"`
	Links []linked.Link  `json:"ipacl_targets_links"`
}

const listIPACLTargets = "loadbalancer-v2-list-ipacl-targets"

func (s *IPACLTargetsService) page(ctx context.Context, options *IPACLTargetListOptions, next url.Values) (*linked.Page[IPACLTarget], error) {
	page, err := nhncloud.Fetch[ipaclTargetPage](ctx, s.client, nhncloud.Request{
		Operation: listIPACLTargets,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/lbaas/ipacl-targets",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[IPACLTarget])(page), err
}

// List returns one page of targets. Use [IPACLTargetsService.All] for all of them.
//
// API: GET /v2.0/lbaas/ipacl-targets (loadbalancer-v2-list-ipacl-targets; Network-Load-Balancer en/public-api.md)
func (s *IPACLTargetsService) List(ctx context.Context, options *IPACLTargetListOptions) ([]*IPACLTarget, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all targets. The guide knows of one page; where the
// service links another, it goes on.
func (s *IPACLTargetsService) All(ctx context.Context, options *IPACLTargetListOptions) iter.Seq2[*IPACLTarget, error] {
	return linked.All(listIPACLTargets, func(next url.Values) (*linked.Page[IPACLTarget], error) { return s.page(ctx, options, next) })
}

// Get returns a target.
//
// API: GET /v2.0/lbaas/ipacl-targets/{ipaclTargetId} (loadbalancer-v2-get-ipacl-target; Network-Load-Balancer en/public-api.md)
func (s *IPACLTargetsService) Get(ctx context.Context, id string) (*IPACLTarget, error) {
	return nhncloud.Fetch[IPACLTarget](ctx, s.client, nhncloud.Request{
		Operation:   "loadbalancer-v2-get-ipacl-target",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/lbaas/ipacl-targets/{ipaclTargetId}",
		Args:        []string{id},
		ResponseKey: "ipacl_target",
	})
}

// IPACLTargetCreateRequest describes a target to create. IPACLGroupID and
// CIDRAddress are required.
type IPACLTargetCreateRequest struct {
	IPACLGroupID string `json:"ipacl_group_id"`
	CIDRAddress  string `json:"cidr_address"` // IP address, or network in CIDR notation
	Description  string `json:"description,omitzero"`
}

// Create creates a target of a group and returns it. It counts at once for the
// load balancers that go by the group.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call may fail because the target is there already, or
// [IPACLTargetsService.List] shows it twice, which does no harm.
//
// API: POST /v2.0/lbaas/ipacl-targets (loadbalancer-v2-create-ipacl-target; Network-Load-Balancer en/public-api.md)
func (s *IPACLTargetsService) Create(ctx context.Context, request IPACLTargetCreateRequest) (*IPACLTarget, error) {
	const operation = "loadbalancer-v2-create-ipacl-target"
	var check nhncloud.ArgumentCheck
	check.Required("IPACLGroupID", request.IPACLGroupID)
	checkCIDRAddress(&check, "CIDRAddress", request.CIDRAddress)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[IPACLTarget](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/lbaas/ipacl-targets",
		Body:        map[string]IPACLTargetCreateRequest{"ipacl_target": request},
		ResponseKey: "ipacl_target",
	})
}

// IPACLTargetUpdateRequest changes a target. A nil field is left as it is.
type IPACLTargetUpdateRequest struct {
	Description *string `json:"description,omitzero"`
}

// Update changes the description of a target and returns it.
//
// API: PUT /v2.0/lbaas/ipacl-targets/{ipaclTargetId} (loadbalancer-v2-update-ipacl-target; Network-Load-Balancer en/public-api.md)
func (s *IPACLTargetsService) Update(ctx context.Context, id string, request IPACLTargetUpdateRequest) (*IPACLTarget, error) {
	const operation = "loadbalancer-v2-update-ipacl-target"
	if request == (IPACLTargetUpdateRequest{}) {
		return nil, nhncloud.NewArgumentError(operation, "Description", nothingToChange)
	}
	return nhncloud.Fetch[IPACLTarget](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/lbaas/ipacl-targets/{ipaclTargetId}",
		Args:        []string{id},
		Body:        map[string]IPACLTargetUpdateRequest{"ipacl_target": request},
		ResponseKey: "ipacl_target",
	})
}

// Delete takes a target out of its group.
//
// API: DELETE /v2.0/lbaas/ipacl-targets/{ipaclTargetId} (loadbalancer-v2-delete-ipacl-target; Network-Load-Balancer en/public-api.md)
func (s *IPACLTargetsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v2-delete-ipacl-target",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/lbaas/ipacl-targets/{ipaclTargetId}",
		Args:      []string{id},
	}, nil)
}
