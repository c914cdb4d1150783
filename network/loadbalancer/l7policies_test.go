package loadbalancer_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

const policyID = "9376c901-64cc-46a0-bab3-1b4bf42699ad"

// createdPolicy is the L7 policy that has neither a name nor rules yet.
func createdPolicy() *loadbalancer.L7Policy {
	return &loadbalancer.L7Policy{
		ID: policyID, TenantID: tenantID, ListenerID: "2a38f448-c898-4694-9808-685dd6360dab", Action: loadbalancer.L7Reject, Position: 1, AdminStateUp: true,
		Rules: []loadbalancer.Ref{},
	}
}

func documentedPolicy() *loadbalancer.L7Policy {
	p := createdPolicy()
	p.Name, p.Rules = "L7Policy", []loadbalancer.Ref{{ID: "1e982fc1-0e54-4e1c-96c3-c9796cba373b"}}
	return p
}

func TestL7PoliciesGet(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-get-l7policy"
	get := func(ctx context.Context, l *loadbalancer.Client, id string) (*loadbalancer.L7Policy, error) {
		return l.L7Policies.Get(ctx, id)
	}
	checkGet(t, operation, "/l7policies", policyID, "l7policyId", documentedPolicy(), get)
	decodes(t, want(operation, http.MethodGet, "/l7policies/p", ""),
		apitest.Reply{Body: `{"l7policy": {"id": "p", "action": "REDIRECT_TO_URL", "redirect_url": "https://#{host}:443/#{path}?#{query}", "redirect_http_code": 301}}`},
		&loadbalancer.L7Policy{ID: "p", Action: loadbalancer.L7RedirectToURL, RedirectURL: "https://#{host}:443/#{path}?#{query}", RedirectHTTPCode: 301},
		func(ctx context.Context, l *loadbalancer.Client) (*loadbalancer.L7Policy, error) {
			return get(ctx, l, "p")
		})
}

func TestL7PoliciesCreate(t *testing.T) {
	t.Parallel()
	create[*loadbalancer.L7Policy, loadbalancer.L7PolicyCreateRequest]{
		operation: "loadbalancer-v2-create-l7policy", path: "/l7policies", key: "l7policy", request: "@", expected: createdPolicy(),
		sent: map[string]loadbalancer.L7PolicyCreateRequest{
			`{"listener_id": "i", "action": "REDIRECT_TO_POOL", "redirect_pool_id": "p", "name": "n", "description": "d", "admin_state_up": false}`: {
				ListenerID: "i", Action: loadbalancer.L7RedirectToPool, RedirectPoolID: "p", Name: "n", Description: "d", AdminStateUp: new(false),
			},
			`{"listener_id": "i", "action": "REDIRECT_TO_URL", "redirect_url": "https://#{host}/#{path}", "redirect_http_code": 301}`: {
				ListenerID: "i", Action: loadbalancer.L7RedirectToURL, RedirectURL: "https://#{host}/#{path}", RedirectHTTPCode: 301,
			},
		},
		refused: map[string]loadbalancer.L7PolicyCreateRequest{
			"ListenerID, Action":         {},
			"RedirectPoolID":             {ListenerID: "i", Action: loadbalancer.L7RedirectToPool, RedirectURL: "https://shop.example.com"},
			"RedirectURL":                {ListenerID: "i", Action: loadbalancer.L7RedirectToURL, RedirectPoolID: "p"},
			"RedirectHTTPCode, Position": {ListenerID: "i", Action: loadbalancer.L7Reject, RedirectHTTPCode: -1, Position: -1},
		},
		call: func(ctx context.Context, l *loadbalancer.Client, request loadbalancer.L7PolicyCreateRequest) (*loadbalancer.L7Policy, error) {
			return l.L7Policies.Create(ctx, request)
		},
	}.check(t, loadbalancer.L7PolicyCreateRequest{
		ListenerID: "2a38f448-c898-4694-9808-685dd6360dab", Action: loadbalancer.L7Reject, Position: 1, AdminStateUp: new(true),
	})
}

func TestL7PoliciesUpdate(t *testing.T) {
	t.Parallel()
	changed := createdPolicy()
	changed.Name, changed.Position = "L7Policy", 255
	update[*loadbalancer.L7Policy, loadbalancer.L7PolicyUpdateRequest]{
		operation: "loadbalancer-v2-update-l7policy", path: "/l7policies", key: "l7policy", id: policyID, field: "l7policyId", empty: "Name", expected: changed,
		sent: map[string]loadbalancer.L7PolicyUpdateRequest{
			`{"action": "REJECT"}`: {Action: new(loadbalancer.L7Reject)},
			`{"action": "REDIRECT_TO_POOL", "redirect_pool_id": "p"}`:  {Action: new(loadbalancer.L7RedirectToPool), RedirectPoolID: new("p")},
			`{"redirect_url": "https://a", "redirect_http_code": 302}`: {RedirectURL: new("https://a"), RedirectHTTPCode: new(302)},
			`{"name": "", "description": "", "admin_state_up": false}`: {Name: new(""), Description: new(""), AdminStateUp: new(false)},
		},
		refused: map[string]loadbalancer.L7PolicyUpdateRequest{
			"Action":                      {Action: new(loadbalancer.L7Action(""))},
			"RedirectPoolID":              {Action: new(loadbalancer.L7RedirectToPool)},
			"RedirectURL":                 {Action: new(loadbalancer.L7RedirectToURL)},
			"RedirectPoolID, RedirectURL": {RedirectPoolID: new(""), RedirectURL: new("")},
			"RedirectHTTPCode, Position":  {RedirectHTTPCode: new(0), Position: new(0)},
		},
		call: func(ctx context.Context, l *loadbalancer.Client, id string, request loadbalancer.L7PolicyUpdateRequest) (*loadbalancer.L7Policy, error) {
			return l.L7Policies.Update(ctx, id, request)
		},
	}.check(t, loadbalancer.L7PolicyUpdateRequest{Name: new("L7Policy"), Position: new(255), AdminStateUp: new(true)})
}

func TestL7PoliciesDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "loadbalancer-v2-delete-l7policy", "/l7policies", "l7policyId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.L7Policies.Delete(ctx, id)
	})
}
