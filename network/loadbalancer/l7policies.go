package loadbalancer

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// L7PoliciesService calls the operations on L7 policies.
type L7PoliciesService struct{ client *nhncloud.Client }

// L7Policy is what a listener that speaks HTTP or [ProtocolTerminatedHTTPS] does
// with a request that all rules of the policy fit.
type L7Policy struct {
	ID               string   `json:"id"`
	Name             string   `json:"name"`
	Description      string   `json:"description"`
	TenantID         string   `json:"tenant_id"`
	ListenerID       string   `json:"listener_id"`
	Action           L7Action `json:"action"`
	RedirectPoolID   string   `json:"redirect_pool_id"`   // of L7RedirectToPool
	RedirectURL      string   `json:"redirect_url"`       // of L7RedirectToURL
	RedirectHTTPCode int      `json:"redirect_http_code"` // of L7RedirectToURL; 0 where the service does not tell
	Position         int      `json:"position"`           // the first comes first among those of its Action
	AdminStateUp     bool     `json:"admin_state_up"`
	Rules            []Ref    `json:"rules"`
}

// L7Action is what an L7 policy does with a request. It is an open type.
type L7Action string

// The actions. A listener goes by the policies that reject first, then by those
// that redirect to a URL, then by those that redirect to a pool.
const (
	L7RedirectToPool L7Action = "REDIRECT_TO_POOL"
	L7RedirectToURL  L7Action = "REDIRECT_TO_URL"
	L7Reject         L7Action = "REJECT" // with 403
)

// L7PolicyListOptions narrows a listing of L7 policies. A nil pointer and zero
// fields stand for all of them.
type L7PolicyListOptions struct {
	ID               string   `url:"id,omitempty"`
	Name             string   `url:"name,omitempty"`
	Description      string   `url:"description,omitempty"`
	ListenerID       string   `url:"listener_id,omitempty"`
	Action           L7Action `url:"action,omitempty"`
	RedirectPoolID   string   `url:"redirect_pool_id,omitempty"`
	RedirectURL      string   `url:"redirect_url,omitempty"`
	RedirectHTTPCode int      `url:"redirect_http_code,omitempty"`
	Position         int      `url:"position,omitempty"`
}

type l7PolicyPage struct {
	Items []*L7Policy   `json:"l7policies"`
	Links []linked.Link `json:"l7policies_links"`
}

const listL7Policies = "loadbalancer-v2-list-l7policies"

func (s *L7PoliciesService) page(ctx context.Context, options *L7PolicyListOptions, next url.Values) (*linked.Page[L7Policy], error) {
	page, err := nhncloud.Fetch[l7PolicyPage](ctx, s.client, nhncloud.Request{
		Operation: listL7Policies,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/lbaas/l7policies",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[L7Policy])(page), err
}

// List returns one page of L7 policies. Use [L7PoliciesService.All] for all of
// them.
//
// API: GET /v2.0/lbaas/l7policies (loadbalancer-v2-list-l7policies; Network-Load-Balancer en/public-api.md)
func (s *L7PoliciesService) List(ctx context.Context, options *L7PolicyListOptions) ([]*L7Policy, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all L7 policies. The guide knows of one page; where
// the service links another, it goes on.
func (s *L7PoliciesService) All(ctx context.Context, options *L7PolicyListOptions) iter.Seq2[*L7Policy, error] {
	return linked.All(listL7Policies, func(next url.Values) (*linked.Page[L7Policy], error) { return s.page(ctx, options, next) })
}

// Get returns an L7 policy.
//
// API: GET /v2.0/lbaas/l7policies/{l7policyId} (loadbalancer-v2-get-l7policy; Network-Load-Balancer en/public-api.md)
func (s *L7PoliciesService) Get(ctx context.Context, id string) (*L7Policy, error) {
	return nhncloud.Fetch[L7Policy](ctx, s.client, nhncloud.Request{
		Operation:   "loadbalancer-v2-get-l7policy",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/lbaas/l7policies/{l7policyId}",
		Args:        []string{id},
		ResponseKey: "l7policy",
	})
}

// L7PolicyCreateRequest describes an L7 policy to create. ListenerID and Action
// are required, and what the action redirects to.
type L7PolicyCreateRequest struct {
	ListenerID     string   `json:"listener_id"`
	Action         L7Action `json:"action"`
	Name           string   `json:"name,omitzero"`
	Description    string   `json:"description,omitzero"`
	RedirectPoolID string   `json:"redirect_pool_id,omitzero"` // of L7RedirectToPool
	// RedirectURL is of L7RedirectToURL, in the form
	// "#{protocol}://#{host}:#{port}/#{path}?#{query}": what stays as "#{…}" is
	// that of the request. One of the first four has to be another, or the
	// redirect never ends.
	RedirectURL      string `json:"redirect_url,omitzero"`
	RedirectHTTPCode int    `json:"redirect_http_code,omitzero"` // 301 or 302; 0 for that of the service, which is 302
	Position         int    `json:"position,omitzero"`           // from 1 on; 0 for the last one
	AdminStateUp     *bool  `json:"admin_state_up,omitzero"`     // nil for that of the service, which is true
}

func (r *L7PolicyCreateRequest) check(check *nhncloud.ArgumentCheck) {
	check.Required("ListenerID", r.ListenerID)
	check.Required("Action", string(r.Action))
	check.RefuseIf(r.Action == L7RedirectToPool && r.RedirectPoolID == "", "RedirectPoolID", "must not be empty with L7RedirectToPool")
	check.RefuseIf(r.Action == L7RedirectToURL && r.RedirectURL == "", "RedirectURL", "must not be empty with L7RedirectToURL")
	check.RefuseIf(r.RedirectHTTPCode < 0, "RedirectHTTPCode", "must not be negative")
	check.RefuseIf(r.Position < 0, "Position", "must not be negative")
}

// Create creates an L7 policy, which does nothing until it has rules, and returns
// it. A load balancer with a change under way is an [nhncloud.ErrConflict].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call fails because the first one is still being done, or
// [L7PoliciesService.List] shows two of the Name.
//
// API: POST /v2.0/lbaas/l7policies (loadbalancer-v2-create-l7policy; Network-Load-Balancer en/public-api.md)
func (s *L7PoliciesService) Create(ctx context.Context, request L7PolicyCreateRequest) (*L7Policy, error) {
	const operation = "loadbalancer-v2-create-l7policy"
	var check nhncloud.ArgumentCheck
	request.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[L7Policy](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/lbaas/l7policies",
		Body:        map[string]L7PolicyCreateRequest{"l7policy": request},
		ResponseKey: "l7policy",
	})
}

// L7PolicyUpdateRequest changes an L7 policy. A nil field is left as it is. A
// redirecting Action goes with what it redirects to.
type L7PolicyUpdateRequest struct {
	Name             *string   `json:"name,omitzero"`
	Description      *string   `json:"description,omitzero"`
	Action           *L7Action `json:"action,omitzero"`
	RedirectPoolID   *string   `json:"redirect_pool_id,omitzero"`
	RedirectURL      *string   `json:"redirect_url,omitzero"`
	RedirectHTTPCode *int      `json:"redirect_http_code,omitzero"`
	Position         *int      `json:"position,omitzero"`
	AdminStateUp     *bool     `json:"admin_state_up,omitzero"`
}

func (r *L7PolicyUpdateRequest) check(check *nhncloud.ArgumentCheck) {
	check.RefuseIf(*r == L7PolicyUpdateRequest{}, "Name", nothingToChange)
	var action L7Action
	if r.Action != nil {
		action = *r.Action
		check.Required("Action", string(action))
	}
	if r.RedirectPoolID != nil || action == L7RedirectToPool {
		check.RefuseIf(r.RedirectPoolID == nil || *r.RedirectPoolID == "", "RedirectPoolID", "must not be empty")
	}
	if r.RedirectURL != nil || action == L7RedirectToURL {
		check.RefuseIf(r.RedirectURL == nil || *r.RedirectURL == "", "RedirectURL", "must not be empty")
	}
	check.RefuseIf(r.RedirectHTTPCode != nil && *r.RedirectHTTPCode <= 0, "RedirectHTTPCode", "must be positive")
	check.RefuseIf(r.Position != nil && *r.Position <= 0, "Position", "must be positive")
}

// Update changes an L7 policy and returns it. A load balancer with a change under
// way is an [nhncloud.ErrConflict].
//
// API: PUT /v2.0/lbaas/l7policies/{l7policyId} (loadbalancer-v2-update-l7policy; Network-Load-Balancer en/public-api.md)
func (s *L7PoliciesService) Update(ctx context.Context, id string, request L7PolicyUpdateRequest) (*L7Policy, error) {
	const operation = "loadbalancer-v2-update-l7policy"
	var check nhncloud.ArgumentCheck
	request.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[L7Policy](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/lbaas/l7policies/{l7policyId}",
		Args:        []string{id},
		Body:        map[string]L7PolicyUpdateRequest{"l7policy": request},
		ResponseKey: "l7policy",
	})
}

// Delete deletes an L7 policy with its rules. A load balancer with a change under
// way is an [nhncloud.ErrConflict].
//
// API: DELETE /v2.0/lbaas/l7policies/{l7policyId} (loadbalancer-v2-delete-l7policy; Network-Load-Balancer en/public-api.md)
func (s *L7PoliciesService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v2-delete-l7policy",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/lbaas/l7policies/{l7policyId}",
		Args:      []string{id},
	}, nil)
}
