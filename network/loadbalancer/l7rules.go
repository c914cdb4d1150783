package loadbalancer

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"regexp/syntax"
	"slices"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// L7RulesService calls the operations on the rules of L7 policies.
type L7RulesService struct{ client *nhncloud.Client }

// L7Rule is a condition on a request.
type L7Rule struct {
	ID           string        `json:"id"`
	TenantID     string        `json:"tenant_id"`
	Type         L7RuleType    `json:"type"`
	CompareType  L7CompareType `json:"compare_type"`
	Key          string        `json:"key"` // name of the cookie or the header field
	Value        string        `json:"value"`
	Invert       bool          `json:"invert"` // fits where the value does not
	AdminStateUp bool          `json:"admin_state_up"`
}

// L7RuleType is what of a request a rule looks at. It is an open type.
type L7RuleType string

// The types of rules.
const (
	L7Cookie   L7RuleType = "COOKIE"
	L7FileType L7RuleType = "FILE_TYPE" // the end of the path
	L7Header   L7RuleType = "HEADER"
	L7HostName L7RuleType = "HOST_NAME"
	L7Path     L7RuleType = "PATH"
)

// L7CompareType is how a rule compares. It is an open type.
type L7CompareType string

// The comparisons.
const (
	L7Contains   L7CompareType = "CONTAINS"
	L7EndsWith   L7CompareType = "ENDS_WITH"
	L7StartsWith L7CompareType = "STARTS_WITH"
	L7EqualTo    L7CompareType = "EQUAL_TO"
	L7Regex      L7CompareType = "REGEX"
)

// L7RuleListOptions narrows a listing of rules. A nil pointer and zero fields
// stand for all of them.
type L7RuleListOptions struct {
	ID          string        `url:"id,omitempty"`
	Type        L7RuleType    `url:"type,omitempty"`
	CompareType L7CompareType `url:"compare_type,omitempty"`
}

type l7RulePage struct {
	Items []*L7Rule     `json:"rules"`
	Links []linked.Link `json:"rules_links"`
}

const listL7Rules = "loadbalancer-v2-list-l7rules"

func (s *L7RulesService) page(ctx context.Context, policyID string, options *L7RuleListOptions, next url.Values) (*linked.Page[L7Rule], error) {
	page, err := nhncloud.Fetch[l7RulePage](ctx, s.client, nhncloud.Request{
		Operation: listL7Rules,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/lbaas/l7policies/{l7policyId}/rules",
		Args:      []string{policyID},
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[L7Rule])(page), err
}

// List returns one page of the rules of an L7 policy. Use [L7RulesService.All]
// for all of them.
//
// API: GET /v2.0/lbaas/l7policies/{l7policyId}/rules (loadbalancer-v2-list-l7rules; Network-Load-Balancer en/public-api.md)
func (s *L7RulesService) List(ctx context.Context, policyID string, options *L7RuleListOptions) ([]*L7Rule, error) {
	return linked.Listed(s.page(ctx, policyID, options, nil))
}

// All returns an iterator over all rules of an L7 policy. The guide knows of one
// page; where the service links another, it goes on.
func (s *L7RulesService) All(ctx context.Context, policyID string, options *L7RuleListOptions) iter.Seq2[*L7Rule, error] {
	return linked.All(listL7Rules, func(next url.Values) (*linked.Page[L7Rule], error) { return s.page(ctx, policyID, options, next) })
}

// Get returns a rule of an L7 policy.
//
// API: GET /v2.0/lbaas/l7policies/{l7policyId}/rules/{l7ruleId} (loadbalancer-v2-get-l7rule; Network-Load-Balancer en/public-api.md)
func (s *L7RulesService) Get(ctx context.Context, policyID, id string) (*L7Rule, error) {
	return nhncloud.Fetch[L7Rule](ctx, s.client, nhncloud.Request{
		Operation:   "loadbalancer-v2-get-l7rule",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/lbaas/l7policies/{l7policyId}/rules/{l7ruleId}",
		Args:        []string{policyID, id},
		ResponseKey: "rule",
	})
}

// L7RuleCreateRequest describes a rule to create. Type, CompareType and Value are
// required, and with [L7Cookie] and [L7Header] the Key.
type L7RuleCreateRequest struct {
	Type        L7RuleType    `json:"type"`
	CompareType L7CompareType `json:"compare_type"`
	Key         string        `json:"key,omitzero"` // name of the cookie or the header field
	Value       string        `json:"value"`
	// Invert makes the rule fit where the value does not. The guide says that a
	// service which gets none takes true, so it is always sent.
	Invert       bool  `json:"invert"`
	AdminStateUp *bool `json:"admin_state_up,omitzero"` // nil for that of the service
}

func (r *L7RuleCreateRequest) check(check *nhncloud.ArgumentCheck) {
	check.Required("Type", string(r.Type))
	check.Required("CompareType", string(r.CompareType))
	check.RefuseIf((r.Type == L7Cookie || r.Type == L7Header) && r.Key == "", "Key", "must not be empty with L7Cookie and L7Header")
	check.Required("Value", r.Value)
	checkExpression(check, r.CompareType, r.Value)
}

// Create creates a rule of an L7 policy and returns it. A load balancer with a
// change under way is an [nhncloud.ErrConflict].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call fails because the first one is still being done, or
// [L7RulesService.List] shows the rule twice, which does no harm.
//
// API: POST /v2.0/lbaas/l7policies/{l7policyId}/rules (loadbalancer-v2-create-l7rule; Network-Load-Balancer en/public-api.md)
func (s *L7RulesService) Create(ctx context.Context, policyID string, request L7RuleCreateRequest) (*L7Rule, error) {
	const operation = "loadbalancer-v2-create-l7rule"
	var check nhncloud.ArgumentCheck
	request.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[L7Rule](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/lbaas/l7policies/{l7policyId}/rules",
		Args:        []string{policyID},
		Body:        map[string]L7RuleCreateRequest{"rule": request},
		ResponseKey: "rule",
	})
}

// L7RuleUpdateRequest changes a rule. A nil field is left as it is.
type L7RuleUpdateRequest struct {
	Type         *L7RuleType    `json:"type,omitzero"`
	CompareType  *L7CompareType `json:"compare_type,omitzero"`
	Key          *string        `json:"key,omitzero"`
	Value        *string        `json:"value,omitzero"`
	Invert       *bool          `json:"invert,omitzero"`
	AdminStateUp *bool          `json:"admin_state_up,omitzero"`
}

// Update changes a rule of an L7 policy and returns it. A load balancer with a
// change under way is an [nhncloud.ErrConflict].
//
// API: PUT /v2.0/lbaas/l7policies/{l7policyId}/rules/{l7ruleId} (loadbalancer-v2-update-l7rule; Network-Load-Balancer en/public-api.md)
func (s *L7RulesService) Update(ctx context.Context, policyID, id string, request L7RuleUpdateRequest) (*L7Rule, error) {
	const operation = "loadbalancer-v2-update-l7rule"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request == L7RuleUpdateRequest{}, "Value", nothingToChange)
	if request.Type != nil {
		check.Required("Type", string(*request.Type))
	}
	if request.CompareType != nil {
		check.Required("CompareType", string(*request.CompareType))
	}
	if request.Value != nil {
		check.Required("Value", *request.Value)
		if request.CompareType != nil {
			checkExpression(&check, *request.CompareType, *request.Value)
		}
	}
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[L7Rule](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/lbaas/l7policies/{l7policyId}/rules/{l7ruleId}",
		Args:        []string{policyID, id},
		Body:        map[string]L7RuleUpdateRequest{"rule": request},
		ResponseKey: "rule",
	})
}

// Delete deletes a rule of an L7 policy. A load balancer with a change under way
// is an [nhncloud.ErrConflict].
//
// API: DELETE /v2.0/lbaas/l7policies/{l7policyId}/rules/{l7ruleId} (loadbalancer-v2-delete-l7rule; Network-Load-Balancer en/public-api.md)
func (s *L7RulesService) Delete(ctx context.Context, policyID, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v2-delete-l7rule",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/lbaas/l7policies/{l7policyId}/rules/{l7ruleId}",
		Args:      []string{policyID, id},
	}, nil)
}

// brokenAnywhere are the faults of a regular expression that it has in every
// dialect. What else Go does not know, such as a look-ahead, the service may.
var brokenAnywhere = []syntax.ErrorCode{
	syntax.ErrMissingBracket, syntax.ErrMissingParen, syntax.ErrUnexpectedParen, syntax.ErrTrailingBackslash, syntax.ErrMissingRepeatArgument,
}

// checkExpression refuses a regular expression that is broken.
func checkExpression(check *nhncloud.ArgumentCheck, compare L7CompareType, value string) {
	if compare != L7Regex {
		return
	}
	_, err := syntax.Parse(value, syntax.Perl)
	var fault *syntax.Error
	check.RefuseIf(errors.As(err, &fault) && slices.Contains(brokenAnywhere, fault.Code), "Value", "must be a regular expression")
}
