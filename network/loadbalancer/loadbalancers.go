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

// LoadBalancersService calls the operations on load balancers.
type LoadBalancersService struct{ client *nhncloud.Client }

// LoadBalancer is a load balancer.
type LoadBalancer struct {
	ID                 string             `json:"id"`
	Name               string             `json:"name"`
	Description        string             `json:"description"`
	TenantID           string             `json:"tenant_id"`
	Type               Type               `json:"loadbalancer_type"`
	Provider           string             `json:"provider"` // such as "haproxy"
	ProvisioningStatus ProvisioningStatus `json:"provisioning_status"`
	OperatingStatus    OperatingStatus    `json:"operating_status"`
	WorkflowStatus     string             `json:"workflow_status"` // in the examples of the guide alone, as "SUCCESS"
	AdminStateUp       bool               `json:"admin_state_up"`
	VIPAddress         string             `json:"vip_address"` // IP address
	VIPPortID          string             `json:"vip_port_id"`
	VIPSubnetID        string             `json:"vip_subnet_id"`
	Listeners          []Ref              `json:"listeners"`
	Pools              []Ref              `json:"pools"`
	IPACLGroups        []IPACLGroupRef    `json:"ipacl_groups"`
	IPACLGroupAction   IPACLAction        `json:"ipacl_group_action" wire:"null"` // of the groups; "" without one
}

// IPACLGroupRef names a group of IP ACLs that a load balancer goes by.
type IPACLGroupRef struct {
	ID string `json:"ipacl_group_id"`
}

// IPACLAction is what a group of IP ACLs does with those who are in it. It is an
// open type.
type IPACLAction string

// The actions of groups of IP ACLs.
const (
	IPACLAllow IPACLAction = "ALLOW" // lets them in, and no one else
	IPACLDeny  IPACLAction = "DENY"  // keeps them out
)

// Type is the type of a load balancer, which stays. It is an open type.
type Type string

// The types of load balancers.
const (
	TypeShared    Type = "shared"
	TypeDedicated Type = "dedicated"
)

// ProvisioningStatus tells whether what was ordered of a load balancer is done.
// It is an open type.
type ProvisioningStatus string

// The provisioning statuses.
const (
	ProvisioningActive        ProvisioningStatus = "ACTIVE" // all is done, and it can be changed
	ProvisioningPendingCreate ProvisioningStatus = "PENDING_CREATE"
	ProvisioningPendingUpdate ProvisioningStatus = "PENDING_UPDATE" // it, or what belongs to it, is being changed
	ProvisioningPendingDelete ProvisioningStatus = "PENDING_DELETE"
	ProvisioningError         ProvisioningStatus = "ERROR"
	ProvisioningErrorMigrate  ProvisioningStatus = "ERROR_MIGRATE" // could not be moved to another host
)

// OperatingStatus tells whether a load balancer or a member works. It is an open
// type.
type OperatingStatus string

// The operating statuses. A load balancer that works is ONLINE, a member that
// works is ACTIVE.
const (
	OperatingActive   OperatingStatus = "ACTIVE"   // member: connected, and healthy
	OperatingInactive OperatingStatus = "INACTIVE" // member: its health is not looked at
	OperatingOnline   OperatingStatus = "ONLINE"   // member: switched off; load balancer: works
	OperatingOffline  OperatingStatus = "OFFLINE"  // member: could not be connected
)

// LoadBalancerListOptions narrows a listing of load balancers. A nil pointer and
// zero fields stand for all of them.
type LoadBalancerListOptions struct {
	ID                 string             `url:"id,omitempty"`
	Name               string             `url:"name,omitempty"`
	Description        string             `url:"description,omitempty"`
	ProvisioningStatus ProvisioningStatus `url:"provisioning_status,omitempty"`
	OperatingStatus    OperatingStatus    `url:"operating_status,omitempty"`
	Type               Type               `url:"loadbalancer_type,omitempty"`
	VIPAddress         string             `url:"vip_address,omitempty"`
	VIPPortID          string             `url:"vip_port_id,omitempty"`
	VIPSubnetID        string             `url:"vip_subnet_id,omitempty"`
}

type loadBalancerPage struct {
	Items []*LoadBalancer `json:"loadbalancers"`
	Links []linked.Link   `json:"loadbalancers_links"`
}

const (
	listLoadBalancers = "loadbalancer-v2-list-loadbalancers"
	getLoadBalancer   = "loadbalancer-v2-get-loadbalancer"
)

func (s *LoadBalancersService) page(ctx context.Context, options *LoadBalancerListOptions, next url.Values) (*linked.Page[LoadBalancer], error) {
	page, err := nhncloud.Fetch[loadBalancerPage](ctx, s.client, nhncloud.Request{
		Operation: listLoadBalancers,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/lbaas/loadbalancers",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[LoadBalancer])(page), err
}

// List returns one page of load balancers. Use [LoadBalancersService.All] for
// all of them.
//
// API: GET /v2.0/lbaas/loadbalancers (loadbalancer-v2-list-loadbalancers; Network-Load-Balancer en/public-api.md)
func (s *LoadBalancersService) List(ctx context.Context, options *LoadBalancerListOptions) ([]*LoadBalancer, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all load balancers. The guide knows of one page;
// where the service links another, it goes on.
func (s *LoadBalancersService) All(ctx context.Context, options *LoadBalancerListOptions) iter.Seq2[*LoadBalancer, error] {
	return linked.All(listLoadBalancers, func(next url.Values) (*linked.Page[LoadBalancer], error) { return s.page(ctx, options, next) })
}

// Get returns a load balancer.
//
// API: GET /v2.0/lbaas/loadbalancers/{loadbalancerId} (loadbalancer-v2-get-loadbalancer; Network-Load-Balancer en/public-api.md)
func (s *LoadBalancersService) Get(ctx context.Context, id string) (*LoadBalancer, error) {
	return nhncloud.Fetch[LoadBalancer](ctx, s.client, nhncloud.Request{
		Operation:   getLoadBalancer,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/lbaas/loadbalancers/{loadbalancerId}",
		Args:        []string{id},
		ResponseKey: "loadbalancer",
	})
}

// LoadBalancerCreateRequest describes a load balancer to create. VIPSubnetID is
// required.
type LoadBalancerCreateRequest struct {
	VIPSubnetID  string `json:"vip_subnet_id"`
	VIPAddress   string `json:"vip_address,omitzero"` // IP address in the subnet; "" for one that the service chooses
	Name         string `json:"name,omitzero"`
	Description  string `json:"description,omitzero"`
	AdminStateUp *bool  `json:"admin_state_up,omitzero"`    // nil for that of the service, which is true
	Type         Type   `json:"loadbalancer_type,omitzero"` // "" for that of the service, which is TypeShared
}

func (r *LoadBalancerCreateRequest) check(check *nhncloud.ArgumentCheck) {
	check.Required("VIPSubnetID", r.VIPSubnetID)
	if r.VIPAddress != "" {
		netcheck.Address(check, "VIPAddress", r.VIPAddress)
	}
}

// Create creates a load balancer and returns it. Before anything can be added to
// it, it has to be ready: see [LoadBalancersService.WaitForReady]. An address that
// is in use is an [nhncloud.ErrConflict].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [LoadBalancersService.List] shows two of the Name, or with a
// VIPAddress the second call fails because the first one took it.
//
// API: POST /v2.0/lbaas/loadbalancers (loadbalancer-v2-create-loadbalancer; Network-Load-Balancer en/public-api.md)
func (s *LoadBalancersService) Create(ctx context.Context, request LoadBalancerCreateRequest) (*LoadBalancer, error) {
	const operation = "loadbalancer-v2-create-loadbalancer"
	var check nhncloud.ArgumentCheck
	request.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[LoadBalancer](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/lbaas/loadbalancers",
		Body:        map[string]LoadBalancerCreateRequest{"loadbalancer": request},
		ResponseKey: "loadbalancer",
	})
}

// LoadBalancerUpdateRequest changes a load balancer. A nil field is left as it
// is.
type LoadBalancerUpdateRequest struct {
	Name         *string `json:"name,omitzero"`
	Description  *string `json:"description,omitzero"`
	AdminStateUp *bool   `json:"admin_state_up,omitzero"`
}

// Update changes a load balancer and returns it.
//
// API: PUT /v2.0/lbaas/loadbalancers/{loadbalancerId} (loadbalancer-v2-update-loadbalancer; Network-Load-Balancer en/public-api.md)
func (s *LoadBalancersService) Update(ctx context.Context, id string, request LoadBalancerUpdateRequest) (*LoadBalancer, error) {
	const operation = "loadbalancer-v2-update-loadbalancer"
	if request == (LoadBalancerUpdateRequest{}) {
		return nil, nhncloud.NewArgumentError(operation, "Name", nothingToChange)
	}
	return nhncloud.Fetch[LoadBalancer](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/lbaas/loadbalancers/{loadbalancerId}",
		Args:        []string{id},
		Body:        map[string]LoadBalancerUpdateRequest{"loadbalancer": request},
		ResponseKey: "loadbalancer",
	})
}

// Delete deletes a load balancer, which is done when
// [LoadBalancersService.WaitForDeletion] ends. One that has listeners or pools is
// refused.
//
// API: DELETE /v2.0/lbaas/loadbalancers/{loadbalancerId} (loadbalancer-v2-delete-loadbalancer; Network-Load-Balancer en/public-api.md)
func (s *LoadBalancersService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v2-delete-loadbalancer",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/lbaas/loadbalancers/{loadbalancerId}",
		Args:      []string{id},
	}, nil)
}
