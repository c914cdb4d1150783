package loadbalancer

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// PoolsService calls the operations on pools.
type PoolsService struct{ client *nhncloud.Client }

// Pool is a group of members that traffic is spread over.
type Pool struct {
	ID                 string              `json:"id"`
	Name               string              `json:"name"`
	Description        string              `json:"description"`
	TenantID           string              `json:"tenant_id"`
	LBAlgorithm        Algorithm           `json:"lb_algorithm"`
	Protocol           Protocol            `json:"protocol"`
	MemberPort         int                 `json:"member_port"` // that the members are given in the console; -1 for none
	AdminStateUp       bool                `json:"admin_state_up"`
	SessionPersistence *SessionPersistence `json:"session_persistence"` // nil for none
	HealthMonitorID    string              `json:"healthmonitor_id"`    // "" for none
	LoadBalancers      []Ref               `json:"loadbalancers"`
	Listeners          []Ref               `json:"listeners"`
	Members            []Ref               `json:"members"`
}

// Algorithm is how a pool chooses the member for a connection. It is an open
// type.
type Algorithm string

// The algorithms.
const (
	AlgorithmRoundRobin       Algorithm = "ROUND_ROBIN"
	AlgorithmLeastConnections Algorithm = "LEAST_CONNECTIONS"
	AlgorithmSourceIP         Algorithm = "SOURCE_IP" // the same one for the same client
)

// SessionPersistence keeps a client with the member that it got first. Cookies
// do so where the listener speaks HTTP or [ProtocolTerminatedHTTPS], and nothing
// elsewhere.
type SessionPersistence struct {
	Type       PersistenceType `json:"type"`
	CookieName string          `json:"cookie_name,omitzero"` // of PersistenceAppCookie
}

// PersistenceType is what a client is known by. It is an open type.
type PersistenceType string

// The types of session persistence.
const (
	PersistenceSourceIP   PersistenceType = "SOURCE_IP"
	PersistenceHTTPCookie PersistenceType = "HTTP_COOKIE" // the load balancer sets it
	PersistenceAppCookie  PersistenceType = "APP_COOKIE"  // the members set it
)

func (p *SessionPersistence) check(check *nhncloud.ArgumentCheck) {
	check.Required("SessionPersistence.Type", string(p.Type))
	switch p.Type {
	case PersistenceAppCookie:
		check.Required("SessionPersistence.CookieName", p.CookieName)
	case PersistenceSourceIP, PersistenceHTTPCookie:
		check.RefuseIf(p.CookieName != "", "SessionPersistence.CookieName", "must not be set without PersistenceAppCookie")
	}
}

// PoolListOptions narrows a listing of pools. A nil pointer and zero fields stand
// for all of them.
type PoolListOptions struct {
	ID              string    `url:"id,omitempty"`
	Name            string    `url:"name,omitempty"`
	LBAlgorithm     Algorithm `url:"lb_algorithm,omitempty"`
	Protocol        Protocol  `url:"protocol,omitempty"`
	AdminStateUp    *bool     `url:"admin_state_up,omitempty"`
	HealthMonitorID string    `url:"healthmonitor_id,omitempty"`
}

type poolPage struct {
	Items []*Pool       `json:"pools"`
	Links []linked.Link `json:"pools_links"`
}

const listPools = "loadbalancer-v2-list-pools"

func (s *PoolsService) page(ctx context.Context, options *PoolListOptions, next url.Values) (*linked.Page[Pool], error) {
	page, err := nhncloud.Fetch[poolPage](ctx, s.client, nhncloud.Request{
		Operation: listPools,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/lbaas/pools",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[Pool])(page), err
}

// List returns one page of pools. Use [PoolsService.All] for all of them.
//
// API: GET /v2.0/lbaas/pools (loadbalancer-v2-list-pools; Network-Load-Balancer en/public-api.md)
func (s *PoolsService) List(ctx context.Context, options *PoolListOptions) ([]*Pool, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all pools. The guide knows of one page; where the
// service links another, it goes on.
func (s *PoolsService) All(ctx context.Context, options *PoolListOptions) iter.Seq2[*Pool, error] {
	return linked.All(listPools, func(next url.Values) (*linked.Page[Pool], error) { return s.page(ctx, options, next) })
}

// Get returns a pool.
//
// API: GET /v2.0/lbaas/pools/{poolId} (loadbalancer-v2-get-pool; Network-Load-Balancer en/public-api.md)
func (s *PoolsService) Get(ctx context.Context, id string) (*Pool, error) {
	return nhncloud.Fetch[Pool](ctx, s.client, nhncloud.Request{
		Operation:   "loadbalancer-v2-get-pool",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/lbaas/pools/{poolId}",
		Args:        []string{id},
		ResponseKey: "pool",
	})
}

// PoolCreateRequest describes a pool to create. LBAlgorithm and Protocol are
// required, and one of LoadBalancerID and ListenerID.
type PoolCreateRequest struct {
	LoadBalancerID     string              `json:"loadbalancer_id,omitzero"` // for a pool that L7 policies redirect to
	ListenerID         string              `json:"listener_id,omitzero"`     // whose default pool it becomes
	LBAlgorithm        Algorithm           `json:"lb_algorithm"`
	Protocol           Protocol            `json:"protocol"`
	Name               string              `json:"name,omitzero"`
	Description        string              `json:"description,omitzero"`
	AdminStateUp       *bool               `json:"admin_state_up,omitzero"`      // nil for that of the service, which is true
	MemberPort         int                 `json:"member_port,omitzero"`         // 0 for that of the service, which is -1 for none
	SessionPersistence *SessionPersistence `json:"session_persistence,omitzero"` // nil for none
}

func (r *PoolCreateRequest) check(check *nhncloud.ArgumentCheck) {
	check.RefuseIf(r.LoadBalancerID == "" && r.ListenerID == "", "ListenerID", "must not be empty without LoadBalancerID")
	check.Required("LBAlgorithm", string(r.LBAlgorithm))
	check.Required("Protocol", string(r.Protocol))
	check.RefuseIf(r.Protocol == ProtocolTerminatedHTTPS, "Protocol", "must be that of the members; behind TERMINATED_HTTPS it is HTTP")
	if r.MemberPort != 0 && r.MemberPort != -1 {
		checkPort(check, "MemberPort", r.MemberPort, 1)
	}
	if r.SessionPersistence != nil {
		r.SessionPersistence.check(check)
	}
}

// Create creates a pool and returns it. A load balancer with a change under way is
// an [nhncloud.ErrConflict].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call fails because the first one is still being done or
// took the place of the default pool, or [PoolsService.List] shows two of the
// Name.
//
// API: POST /v2.0/lbaas/pools (loadbalancer-v2-create-pool; Network-Load-Balancer en/public-api.md)
func (s *PoolsService) Create(ctx context.Context, request PoolCreateRequest) (*Pool, error) {
	const operation = "loadbalancer-v2-create-pool"
	var check nhncloud.ArgumentCheck
	request.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Pool](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/lbaas/pools",
		Body:        map[string]PoolCreateRequest{"pool": request},
		ResponseKey: "pool",
	})
}

// PoolUpdateRequest changes a pool. A nil field is left as it is.
type PoolUpdateRequest struct {
	Name         *string    `json:"name,omitzero"`
	Description  *string    `json:"description,omitzero"`
	LBAlgorithm  *Algorithm `json:"lb_algorithm,omitzero"`
	AdminStateUp *bool      `json:"admin_state_up,omitzero"`
	MemberPort   *int       `json:"member_port,omitzero"` // -1 for none
	// SessionPersistence without a type, &SessionPersistence{}, takes that of the
	// pool away.
	SessionPersistence *SessionPersistence `json:"session_persistence,omitzero"`
}

// Update changes a pool and returns it. A load balancer with a change under way
// is an [nhncloud.ErrConflict].
//
// API: PUT /v2.0/lbaas/pools/{poolId} (loadbalancer-v2-update-pool; Network-Load-Balancer en/public-api.md)
func (s *PoolsService) Update(ctx context.Context, id string, request PoolUpdateRequest) (*Pool, error) {
	const operation = "loadbalancer-v2-update-pool"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request == PoolUpdateRequest{}, "Name", nothingToChange)
	if request.LBAlgorithm != nil {
		check.Required("LBAlgorithm", string(*request.LBAlgorithm))
	}
	if request.MemberPort != nil && *request.MemberPort != -1 {
		checkPort(&check, "MemberPort", *request.MemberPort, 1)
	}
	if p := request.SessionPersistence; p != nil && *p != (SessionPersistence{}) {
		p.check(&check)
	}
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	type change struct {
		PoolUpdateRequest
		SessionPersistence any `json:"session_persistence,omitzero"`
	}
	return nhncloud.Fetch[Pool](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/lbaas/pools/{poolId}",
		Args:        []string{id},
		Body:        map[string]change{"pool": {request, orNull(request.SessionPersistence)}},
		ResponseKey: "pool",
	})
}

// Delete deletes a pool, with its members and its health monitor. A load balancer
// with a change under way is an [nhncloud.ErrConflict].
//
// API: DELETE /v2.0/lbaas/pools/{poolId} (loadbalancer-v2-delete-pool; Network-Load-Balancer en/public-api.md)
func (s *PoolsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v2-delete-pool",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/lbaas/pools/{poolId}",
		Args:      []string{id},
	}, nil)
}
