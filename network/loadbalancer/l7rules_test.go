package loadbalancer_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

const (
	rulesPath = "/l7policies/" + policyID + "/rules"
	ruleID    = "37492146-9105-40eb-9640-4da2e10c748a"
	pathRule  = "3c88bc9b-8fac-4a73-a611-df85417b656e"
)

func documentedRule() *loadbalancer.L7Rule {
	return &loadbalancer.L7Rule{ID: ruleID, TenantID: tenantID, Type: loadbalancer.L7HostName, CompareType: loadbalancer.L7EqualTo, Value: "Value", AdminStateUp: true}
}

func TestL7RulesGet(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-get-l7rule"
	checkGet(t, operation, rulesPath, ruleID, "l7ruleId", documentedRule(), func(ctx context.Context, l *loadbalancer.Client, id string) (*loadbalancer.L7Rule, error) {
		return l.L7Rules.Get(ctx, policyID, id)
	})
	refusesIDs(t, operation, "l7policyId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.L7Rules.Get(ctx, id, ruleID)
		return err
	})
}

func TestL7RulesCreate(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-create-l7rule"
	call := func(ctx context.Context, l *loadbalancer.Client, request loadbalancer.L7RuleCreateRequest) (*loadbalancer.L7Rule, error) {
		return l.L7Rules.Create(ctx, policyID, request)
	}
	matching := func(expression string) loadbalancer.L7RuleCreateRequest {
		return loadbalancer.L7RuleCreateRequest{Type: loadbalancer.L7Path, CompareType: loadbalancer.L7Regex, Value: expression}
	}
	images := loadbalancer.L7RuleCreateRequest{Type: loadbalancer.L7Path, CompareType: loadbalancer.L7StartsWith, Value: "/images", AdminStateUp: new(true)}
	create[*loadbalancer.L7Rule, loadbalancer.L7RuleCreateRequest]{
		operation: operation, path: rulesPath, key: "rule", request: "@",
		expected: &loadbalancer.L7Rule{ID: pathRule, TenantID: tenantID, Type: loadbalancer.L7Path, CompareType: loadbalancer.L7StartsWith, Value: "/images", AdminStateUp: true},
		sent: map[string]loadbalancer.L7RuleCreateRequest{
			`{"type": "HEADER", "compare_type": "EQUAL_TO", "key": "X-Beta", "value": "1", "invert": true, "admin_state_up": false}`: {
				Type: loadbalancer.L7Header, CompareType: loadbalancer.L7EqualTo, Key: "X-Beta", Value: "1", Invert: true, AdminStateUp: new(false),
			},
			`{"type": "PATH", "compare_type": "REGEX", "value": "^/v[12]/", "invert": false}`:    matching("^/v[12]/"),
			`{"type": "PATH", "compare_type": "REGEX", "value": "^/(?!admin)", "invert": false}`: matching("^/(?!admin)"), // not known to Go
			`{"type": "PATH", "compare_type": "REGEX", "value": "^/(a+)+\\1$", "invert": false}`: matching(`^/(a+)+\1$`),  // neither
			`{"type": "FILE_TYPE", "compare_type": "EQUAL_TO", "value": "(", "invert": false}`:   {Type: loadbalancer.L7FileType, CompareType: loadbalancer.L7EqualTo, Value: "("},
		},
		refused: map[string]loadbalancer.L7RuleCreateRequest{
			"Type, CompareType, Value": {},
			"Key":                      {Type: loadbalancer.L7Cookie, CompareType: loadbalancer.L7EqualTo, Value: "1"},
			"Key, Value":               {Type: loadbalancer.L7Header, CompareType: loadbalancer.L7Contains},
		},
		call: call,
	}.check(t, images)
	for _, expression := range []string{"(", ")", "[a", "*a", `a\`} {
		refuses(t, operation, "Value", func(ctx context.Context, l *loadbalancer.Client) error {
			_, err := call(ctx, l, matching(expression))
			return err
		})
	}
	refusesIDs(t, operation, "l7policyId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.L7Rules.Create(ctx, id, images)
		return err
	})
}

func TestL7RulesUpdate(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-update-l7rule"
	request := loadbalancer.L7RuleUpdateRequest{
		Type: new(loadbalancer.L7Path), CompareType: new(loadbalancer.L7Regex), Value: new("/images/modify"), Invert: new(true), AdminStateUp: new(true),
	}
	update[*loadbalancer.L7Rule, loadbalancer.L7RuleUpdateRequest]{
		operation: operation, path: rulesPath, key: "rule", id: pathRule, field: "l7ruleId", empty: "Value",
		expected: &loadbalancer.L7Rule{
			ID: pathRule, TenantID: tenantID, Type: loadbalancer.L7Path, CompareType: loadbalancer.L7Regex, Value: "/images/modify", Invert: true, AdminStateUp: true,
		},
		sent: map[string]loadbalancer.L7RuleUpdateRequest{
			`{"key": "", "invert": false}`: {Key: new(""), Invert: new(false)},
			`{"value": "("}`:               {Value: new("(")}, // how it is compared is not known
		},
		refused: map[string]loadbalancer.L7RuleUpdateRequest{
			"Type, CompareType, Value": {Type: new(loadbalancer.L7RuleType("")), CompareType: new(loadbalancer.L7CompareType("")), Value: new("")},
			"Value":                    {CompareType: new(loadbalancer.L7Regex), Value: new("(")},
		},
		call: func(ctx context.Context, l *loadbalancer.Client, id string, request loadbalancer.L7RuleUpdateRequest) (*loadbalancer.L7Rule, error) {
			return l.L7Rules.Update(ctx, policyID, id, request)
		},
	}.check(t, request)
	refusesIDs(t, operation, "l7policyId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.L7Rules.Update(ctx, id, pathRule, request)
		return err
	})
}

func TestL7RulesDelete(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-delete-l7rule"
	checkDeletion(t, operation, rulesPath, "l7ruleId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.L7Rules.Delete(ctx, policyID, id)
	})
	refusesIDs(t, operation, "l7policyId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.L7Rules.Delete(ctx, id, pathRule)
	})
}

// TestL7RulesWithKey has a rule of the kind that the guide shows no example of.
func TestL7RulesWithKey(t *testing.T) {
	t.Parallel()
	decodes(t, want("loadbalancer-v2-get-l7rule", http.MethodGet, "/l7policies/p/rules/r", ""),
		apitest.Reply{Body: `{"rule": {"id": "r", "type": "COOKIE", "compare_type": "CONTAINS", "key": "beta", "value": "1"}}`},
		&loadbalancer.L7Rule{ID: "r", Type: loadbalancer.L7Cookie, CompareType: loadbalancer.L7Contains, Key: "beta", Value: "1"},
		func(ctx context.Context, l *loadbalancer.Client) (*loadbalancer.L7Rule, error) {
			return l.L7Rules.Get(ctx, "p", "r")
		})
}
