package loadbalancer

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// IPACLGroupsService calls the operations on groups of IP ACLs.
type IPACLGroupsService struct{ client *nhncloud.Client }

// IPACLGroup is a group of addresses that load balancers let in or keep out. The
// addresses are its targets: see [IPACLTargetsService].
type IPACLGroup struct {
	ID            string                 `json:"id"`
	Name          string                 `json:"name"`
	Description   string                 `json:"description"`
	TenantID      string                 `json:"tenant_id"`
	Action        IPACLAction            `json:"action"`
	TargetCount   int                    `json:"ipacl_target_count"` // after Create, the guide shows 0 whatever was given
	LoadBalancers []IPACLLoadBalancerRef `json:"loadbalancers"`
}

// IPACLLoadBalancerRef names a load balancer that goes by a group.
type IPACLLoadBalancerRef struct {
	ID string `json:"loadbalancer_id"`
}

// IPACLGroupListOptions narrows a listing of groups. A nil pointer and zero fields
// stand for all of them.
type IPACLGroupListOptions struct {
	ID          string      `url:"id,omitempty"`
	Name        string      `url:"name,omitempty"`
	Description string      `url:"description,omitempty"`
	Action      IPACLAction `url:"action,omitempty"`
}

type ipaclGroupPage struct {
	Items []*IPACLGroup `json:"ipacl_groups"`
	Links []linked.Link `json:"ipacl_groups_links"`
}

const listIPACLGroups = "loadbalancer-v2-list-ipacl-groups"

func (s *IPACLGroupsService) page(ctx context.Context, options *IPACLGroupListOptions, next url.Values) (*linked.Page[IPACLGroup], error) {
	page, err := nhncloud.Fetch[ipaclGroupPage](ctx, s.client, nhncloud.Request{
		Operation: listIPACLGroups,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/lbaas/ipacl-groups",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[IPACLGroup])(page), err
}

// List returns one page of groups. Use [IPACLGroupsService.All] for all of them.
//
// API: GET /v2.0/lbaas/ipacl-groups (loadbalancer-v2-list-ipacl-groups; Network-Load-Balancer en/public-api.md)
func (s *IPACLGroupsService) List(ctx context.Context, options *IPACLGroupListOptions) ([]*IPACLGroup, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all groups. The guide knows of one page; where the
// service links another, it goes on.
func (s *IPACLGroupsService) All(ctx context.Context, options *IPACLGroupListOptions) iter.Seq2[*IPACLGroup, error] {
	return linked.All(listIPACLGroups, func(next url.Values) (*linked.Page[IPACLGroup], error) { return s.page(ctx, options, next) })
}

// Get returns a group.
//
// API: GET /v2.0/lbaas/ipacl-groups/{ipaclGroupId} (loadbalancer-v2-get-ipacl-group; Network-Load-Balancer en/public-api.md)
func (s *IPACLGroupsService) Get(ctx context.Context, id string) (*IPACLGroup, error) {
	return nhncloud.Fetch[IPACLGroup](ctx, s.client, nhncloud.Request{
		Operation:   "loadbalancer-v2-get-ipacl-group",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/lbaas/ipacl-groups/{ipaclGroupId}",
		Args:        []string{id},
		ResponseKey: "ipacl_group",
	})
}

// IPACLGroupTarget is a target that comes with its group.
type IPACLGroupTarget struct {
	CIDRAddress string `json:"cidr_address"` // IP address, or network in CIDR notation
	Description string `json:"description,omitzero"`
}

func checkGroupTargets(check *nhncloud.ArgumentCheck, targets []IPACLGroupTarget) {
	for i, target := range targets {
		checkCIDRAddress(check, fmt.Sprintf("Targets[%d].CIDRAddress", i), target.CIDRAddress)
	}
}

// checkCIDRAddress refuses what is neither an address nor a network. Host bits
// are taken: the guide has an example with some.
func checkCIDRAddress(check *nhncloud.ArgumentCheck, field, value string) {
	_, noNetwork := netip.ParsePrefix(value)
	address, noAddress := netip.ParseAddr(value)
	check.RefuseIf(noNetwork != nil && (noAddress != nil || address.Zone() != ""), field, "must be an IP address, or a network in CIDR notation such as 10.0.0.0/16")
}

// IPACLGroupCreateRequest describes a group to create. Action is required.
type IPACLGroupCreateRequest struct {
	Action      IPACLAction        `json:"action"`
	Name        string             `json:"name,omitzero"`
	Description string             `json:"description,omitzero"`
	Targets     []IPACLGroupTarget `json:"ipacl_targets,omitzero"` // are made with it
}

func (r *IPACLGroupCreateRequest) check(check *nhncloud.ArgumentCheck) {
	check.Required("Action", string(r.Action))
	checkGroupTargets(check, r.Targets)
}

// Create creates a group, which does nothing until it is bound to a load balancer,
// and returns it.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [IPACLGroupsService.List] shows two of the Name.
//
// API: POST /v2.0/lbaas/ipacl-groups (loadbalancer-v2-create-ipacl-group; Network-Load-Balancer en/public-api.md)
func (s *IPACLGroupsService) Create(ctx context.Context, request IPACLGroupCreateRequest) (*IPACLGroup, error) {
	const operation = "loadbalancer-v2-create-ipacl-group"
	var check nhncloud.ArgumentCheck
	request.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[IPACLGroup](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/lbaas/ipacl-groups",
		Body:        map[string]IPACLGroupCreateRequest{"ipacl_group": request},
		ResponseKey: "ipacl_group",
	})
}

// IPACLGroupUpdateRequest changes a group. A nil field is left as it is.
type IPACLGroupUpdateRequest struct {
	Name        *string `json:"name,omitzero"`
	Description *string `json:"description,omitzero"`
	// Targets are made in place of all that are there; [IPACLTargetsService]
	// changes them one by one.
	Targets []IPACLGroupTarget `json:"ipacl_targets,omitzero"`
}

// Update changes a group and returns it.
//
// API: PUT /v2.0/lbaas/ipacl-groups/{ipaclGroupId} (loadbalancer-v2-update-ipacl-group; Network-Load-Balancer en/public-api.md)
func (s *IPACLGroupsService) Update(ctx context.Context, id string, request IPACLGroupUpdateRequest) (*IPACLGroup, error) {
	const operation = "loadbalancer-v2-update-ipacl-group"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request.Name == nil && request.Description == nil && request.Targets == nil, "Name", nothingToChange)
	checkGroupTargets(&check, request.Targets)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[IPACLGroup](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/lbaas/ipacl-groups/{ipaclGroupId}",
		Args:        []string{id},
		Body:        map[string]IPACLGroupUpdateRequest{"ipacl_group": request},
		ResponseKey: "ipacl_group",
	})
}

// Delete deletes a group with its targets. One that a load balancer goes by may be
// refused.
//
// API: DELETE /v2.0/lbaas/ipacl-groups/{ipaclGroupId} (loadbalancer-v2-delete-ipacl-group; Network-Load-Balancer en/public-api.md)
func (s *IPACLGroupsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v2-delete-ipacl-group",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/lbaas/ipacl-groups/{ipaclGroupId}",
		Args:      []string{id},
	}, nil)
}

// IPACLBinding is a group that a load balancer goes by.
type IPACLBinding struct {
	LoadBalancerID string `json:"loadbalancer_id"`
	IPACLGroupID   string `json:"ipacl_group_id"`
}

// Bind makes a load balancer go by the groups, and by no others any more, and
// returns what it goes by then. Without groups it goes by none. They have to have
// the same Action.
//
// API: PUT /v2.0/lbaas/loadbalancers/{lb_id}/bind_ipacl_groups (loadbalancer-v2-bind-ipacl-groups; Network-Load-Balancer en/public-api.md)
func (s *IPACLGroupsService) Bind(ctx context.Context, loadBalancerID string, groupIDs ...string) ([]*IPACLBinding, error) {
	const operation = "loadbalancer-v2-bind-ipacl-groups"
	var check nhncloud.ArgumentCheck
	check.RequiredEach("groupIDs", groupIDs)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	groups := make([]IPACLGroupRef, len(groupIDs))
	for i, id := range groupIDs {
		groups[i].ID = id
	}
	return nhncloud.FetchList[IPACLBinding](ctx, s.client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodPut,
		Path:      "/v2.0/lbaas/loadbalancers/{lb_id}/bind_ipacl_groups",
		Args:      []string{loadBalancerID},
		Body:      map[string][]IPACLGroupRef{"ipacl_groups_binding": groups},
	})
}
