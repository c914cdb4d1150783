package loadbalancer

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// MembersService calls the operations on the members of pools.
type MembersService struct{ client *nhncloud.Client }

// Member is an address and a port that a pool sends traffic to.
type Member struct {
	ID              string          `json:"id"`
	TenantID        string          `json:"tenant_id"`
	SubnetID        string          `json:"subnet_id"`
	Address         string          `json:"address"` // IP address
	ProtocolPort    int             `json:"protocol_port"`
	Weight          int             `json:"weight"` // its share beside the others; 0 for no new connections
	AdminStateUp    bool            `json:"admin_state_up"`
	OperatingStatus OperatingStatus `json:"operating_status"`
}

// MemberListOptions narrows a listing of members. A nil pointer and zero fields
// stand for all of them.
type MemberListOptions struct {
	ID              string          `url:"id,omitempty"`
	TenantID        string          `url:"tenant_id,omitempty"`
	SubnetID        string          `url:"subnet_id,omitempty"`
	Address         string          `url:"address,omitempty"`
	ProtocolPort    int             `url:"protocol_port,omitempty"`
	Weight          *int            `url:"weight,omitempty"`
	AdminStateUp    *bool           `url:"admin_state_up,omitempty"`
	OperatingStatus OperatingStatus `url:"operating_status,omitempty"`
}

type memberPage struct {
	Items []*Member     `json:"members"`
	Links []linked.Link `json:"members_links"`
}

const (
	listMembers = "loadbalancer-v2-list-members"
	getMember   = "loadbalancer-v2-get-member"
)

func (s *MembersService) page(ctx context.Context, poolID string, options *MemberListOptions, next url.Values) (*linked.Page[Member], error) {
	page, err := nhncloud.Fetch[memberPage](ctx, s.client, nhncloud.Request{
		Operation: listMembers,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/lbaas/pools/{poolId}/members",
		Args:      []string{poolID},
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[Member])(page), err
}

// List returns one page of the members of a pool. Use [MembersService.All] for
// all of them.
//
// API: GET /v2.0/lbaas/pools/{poolId}/members (loadbalancer-v2-list-members; Network-Load-Balancer en/public-api.md)
func (s *MembersService) List(ctx context.Context, poolID string, options *MemberListOptions) ([]*Member, error) {
	return linked.Listed(s.page(ctx, poolID, options, nil))
}

// All returns an iterator over all members of a pool. The guide knows of one
// page; where the service links another, it goes on.
func (s *MembersService) All(ctx context.Context, poolID string, options *MemberListOptions) iter.Seq2[*Member, error] {
	return linked.All(listMembers, func(next url.Values) (*linked.Page[Member], error) { return s.page(ctx, poolID, options, next) })
}

// Get returns a member of a pool.
//
// API: GET /v2.0/lbaas/pools/{poolId}/members/{memberId} (loadbalancer-v2-get-member; Network-Load-Balancer en/public-api.md)
func (s *MembersService) Get(ctx context.Context, poolID, id string) (*Member, error) {
	return nhncloud.Fetch[Member](ctx, s.client, nhncloud.Request{
		Operation:   getMember,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/lbaas/pools/{poolId}/members/{memberId}",
		Args:        []string{poolID, id},
		ResponseKey: "member",
	})
}

// MemberCreateRequest describes a member to create. SubnetID, Address and
// ProtocolPort are required.
type MemberCreateRequest struct {
	SubnetID     string `json:"subnet_id"`
	Address      string `json:"address"` // IP address
	ProtocolPort int    `json:"protocol_port"`
	Weight       *int   `json:"weight,omitzero"`         // 0 to 256; nil for that of the service, which is 1
	AdminStateUp *bool  `json:"admin_state_up,omitzero"` // nil for that of the service, which is true
}

func (r *MemberCreateRequest) check(check *nhncloud.ArgumentCheck) {
	check.Required("SubnetID", r.SubnetID)
	netcheck.Address(check, "Address", r.Address)
	checkPort(check, "ProtocolPort", r.ProtocolPort, 1)
	checkWeight(check, r.Weight)
}

// Create creates a member of a pool and returns it. A load balancer with a change
// under way, and a member that is there already, are an [nhncloud.ErrConflict].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call fails because the member is there already or is still
// being made, and [MembersService.List] shows it.
//
// API: POST /v2.0/lbaas/pools/{poolId}/members (loadbalancer-v2-create-member; Network-Load-Balancer en/public-api.md)
func (s *MembersService) Create(ctx context.Context, poolID string, request MemberCreateRequest) (*Member, error) {
	const operation = "loadbalancer-v2-create-member"
	var check nhncloud.ArgumentCheck
	request.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Member](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/lbaas/pools/{poolId}/members",
		Args:        []string{poolID},
		Body:        map[string]MemberCreateRequest{"member": request},
		ResponseKey: "member",
	})
}

// MemberUpdateRequest changes a member. A nil field is left as it is.
type MemberUpdateRequest struct {
	Weight       *int  `json:"weight,omitzero"` // 0 to 256
	AdminStateUp *bool `json:"admin_state_up,omitzero"`
}

// Update changes a member of a pool and returns it. A load balancer with a change
// under way is an [nhncloud.ErrConflict].
//
// API: PUT /v2.0/lbaas/pools/{poolId}/members/{memberId} (loadbalancer-v2-update-member; Network-Load-Balancer en/public-api.md)
func (s *MembersService) Update(ctx context.Context, poolID, id string, request MemberUpdateRequest) (*Member, error) {
	const operation = "loadbalancer-v2-update-member"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request == MemberUpdateRequest{}, "Weight", nothingToChange)
	checkWeight(&check, request.Weight)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Member](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/lbaas/pools/{poolId}/members/{memberId}",
		Args:        []string{poolID, id},
		Body:        map[string]MemberUpdateRequest{"member": request},
		ResponseKey: "member",
	})
}

// Delete takes a member out of a pool. A load balancer with a change under way is
// an [nhncloud.ErrConflict].
//
// API: DELETE /v2.0/lbaas/pools/{poolId}/members/{memberId} (loadbalancer-v2-delete-member; Network-Load-Balancer en/public-api.md)
func (s *MembersService) Delete(ctx context.Context, poolID, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v2-delete-member",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/lbaas/pools/{poolId}/members/{memberId}",
		Args:      []string{poolID, id},
	}, nil)
}

// WaitForOperatingStatus waits until a member has an operating status, such as
// [OperatingActive], and returns it. A member that is [OperatingOffline] goes on
// being asked, because it may come back.
func (s *MembersService) WaitForOperatingStatus(ctx context.Context, poolID, id string, status OperatingStatus, options *nhncloud.WaitOptions) (*Member, error) {
	return nhncloud.Waiter[*Member, OperatingStatus]{
		Operation: getMember,
		Resource:  "member",
		ID:        id,
		Look:      func(ctx context.Context, id string) (*Member, error) { return s.Get(ctx, poolID, id) },
		Status:    func(m *Member) OperatingStatus { return m.OperatingStatus },
	}.Until(ctx, options, status)
}
