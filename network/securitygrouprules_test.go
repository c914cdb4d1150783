package network_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

const ruleID = "8eb7775f-1193-472a-98bd-e0599f94a64d"

// documentedRule is the rule of all answers.
func documentedRule() *network.SecurityGroupRule {
	return &network.SecurityGroupRule{
		ID: ruleID, TenantID: groupTenant, SecurityGroupID: defaultGroup, Direction: network.DirectionIngress, Ethertype: network.EthertypeIPv4,
		Protocol: network.ProtocolTCP, PortRangeMin: new(1), PortRangeMax: new(65535), RemoteIPPrefix: "0.0.0.0/0",
	}
}

func TestSecurityGroupRulesList(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-security-group-rules"
	apitest.Check(t, want(operation, http.MethodGet, "/security-group-rules", ""), documented(operation), []*network.SecurityGroupRule{documentedRule()},
		on(func(ctx context.Context, n *network.Client) ([]*network.SecurityGroupRule, error) {
			return n.SecurityGroupRules.List(ctx, nil)
		}))
}

func TestSecurityGroupRulesGet(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-get-security-group-rule"
	apitest.Check(t, want(operation, http.MethodGet, "/security-group-rules/"+ruleID, ""), documented(operation), documentedRule(),
		on(func(ctx context.Context, n *network.Client) (*network.SecurityGroupRule, error) {
			return n.SecurityGroupRules.Get(ctx, ruleID)
		}))
	apitest.Check(t, want(operation, http.MethodGet, "/security-group-rules/"+ruleID+"?fields=id", ""), apitest.Reply{Body: `{"security_group_rule": {"id": "` + ruleID + `"}}`},
		&network.SecurityGroupRule{ID: ruleID},
		on(func(ctx context.Context, n *network.Client) (*network.SecurityGroupRule, error) {
			return n.SecurityGroupRules.Get(ctx, ruleID, "id")
		}))
	refusesIDs(t, operation, "securityGroupRuleId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.SecurityGroupRules.Get(ctx, id)
		return err
	})
}

func TestSecurityGroupRulesCreate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-create-security-group-rule"
	create := func(request network.SecurityGroupRuleCreateRequest) func(context.Context, *network.Client) (*network.SecurityGroupRule, error) {
		return func(ctx context.Context, n *network.Client) (*network.SecurityGroupRule, error) {
			return n.SecurityGroupRules.Create(ctx, request)
		}
	}
	http80 := network.SecurityGroupRuleCreateRequest{
		SecurityGroupID: "a7734e61-b545-452d-a3cd-0189cbd9747a", Direction: network.DirectionIngress, Ethertype: network.EthertypeIPv4, Protocol: network.ProtocolTCP,
		PortRangeMin: new(80), PortRangeMax: new(80), RemoteGroupID: "85cc3048-abc3-43cc-89b3-377341426ac5",
	}
	// The guide has the ports in quotes here, and nowhere else.
	w := want(operation, http.MethodPost, "/security-group-rules", `{"security_group_rule": {"direction": "ingress", "port_range_min": 80, "ethertype": "IPv4", "port_range_max": 80,
		"protocol": "tcp", "remote_group_id": "85cc3048-abc3-43cc-89b3-377341426ac5", "security_group_id": "a7734e61-b545-452d-a3cd-0189cbd9747a"}}`)
	apitest.CheckCreate(t, w, documented(operation), documentedRule(), on(create(http80)))
	for body, request := range map[string]network.SecurityGroupRuleCreateRequest{
		`{"security_group_id": "g", "direction": "egress", "protocol": null, "port_range_min": null, "port_range_max": null}`: {SecurityGroupID: "g", Direction: network.DirectionEgress},
		`{"security_group_id": "g", "direction": "egress", "protocol": null, "port_range_min": null, "port_range_max": null, "description": "out"}`: {
			SecurityGroupID: "g", Direction: network.DirectionEgress, Protocol: "null", Description: "out",
		},
		`{"security_group_id": "g", "direction": "ingress", "protocol": "icmp", "port_range_min": 8, "port_range_max": 0, "remote_ip_prefix": "10.0.0.0/8"}`: {
			SecurityGroupID: "g", Direction: network.DirectionIngress, Protocol: network.ProtocolICMP, PortRangeMin: new(8), PortRangeMax: new(0), RemoteIPPrefix: "10.0.0.0/8",
		},
		`{"security_group_id": "g", "direction": "ingress", "protocol": "47", "port_range_min": null, "port_range_max": null}`: {
			SecurityGroupID: "g", Direction: network.DirectionIngress, Protocol: "47",
		},
	} {
		sends(t, w, `{"security_group_rule": `+body+`}`, documented(operation), func(ctx context.Context, n *network.Client) error {
			_, err := create(request)(ctx, n)
			return err
		})
	}
	for _, test := range []struct {
		field  string
		change func(*network.SecurityGroupRuleCreateRequest)
	}{
		{"SecurityGroupID, Direction", func(r *network.SecurityGroupRuleCreateRequest) { *r = network.SecurityGroupRuleCreateRequest{} }},
		{"Direction", func(r *network.SecurityGroupRuleCreateRequest) { r.Direction = "inbound" }},
		{"Ethertype", func(r *network.SecurityGroupRuleCreateRequest) { r.Ethertype = "IP" }},
		{"Protocol", func(r *network.SecurityGroupRuleCreateRequest) { r.Protocol = network.ProtocolAny }},
		{"PortRangeMin", func(r *network.SecurityGroupRuleCreateRequest) { r.PortRangeMin = new(0) }},
		{"PortRangeMin", func(r *network.SecurityGroupRuleCreateRequest) { r.PortRangeMin = new(81) }},
		{"PortRangeMax", func(r *network.SecurityGroupRuleCreateRequest) { r.PortRangeMax = new(65536) }},
		{"RemoteIPPrefix", func(r *network.SecurityGroupRuleCreateRequest) { r.RemoteIPPrefix = "0.0.0.0/0" }},
		{"RemoteIPPrefix", func(r *network.SecurityGroupRuleCreateRequest) { r.RemoteGroupID, r.RemoteIPPrefix = "", "10.0.0.1/8" }},
	} {
		refuses(t, operation, test.field, func(ctx context.Context, n *network.Client) error {
			request := http80
			test.change(&request)
			_, err := create(request)(ctx, n)
			return err
		})
	}
}

const (
	existingRuleID = "067decb4-df5a-44c9-8814-ebf1d79325a3"
	ruleExists     = `{"NeutronError": {"type": "SecurityGroupRuleExists", "message": "Security group rule already exists. Rule id is ` + existingRuleID + `.", "detail": ""}}`
)

func TestExistingRuleID(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		reply apitest.Reply
		id    string
	}{
		"exists":     {apitest.Reply{Status: http.StatusConflict, Body: ruleExists}, existingRuleID},
		"without id": {apitest.Reply{Status: http.StatusConflict, Body: `{"NeutronError": {"type": "SecurityGroupRuleExists", "message": "Security group rule already exists.", "detail": ""}}`}, ""},
		"quota":      {apitest.Reply{Status: http.StatusConflict, Body: `{"NeutronError": {"type": "OverQuota", "message": "Quota exceeded for resources: ['security_group_rule'].", "detail": ""}}`}, ""},
		"no group":   {apitest.Reply{Status: http.StatusNotFound, Body: ruleExists}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(want("network-v2-create-security-group-rule", http.MethodPost, "/security-group-rules",
				`{"security_group_rule": {"security_group_id": "g", "direction": "egress", "protocol": null, "port_range_min": null, "port_range_max": null}}`), test.reply)
			_, err := network.New(m.Client).SecurityGroupRules.Create(t.Context(), network.SecurityGroupRuleCreateRequest{SecurityGroupID: "g", Direction: network.DirectionEgress})
			id, ok := network.ExistingRuleID(err)
			assert.Equal(t, test.id, id)
			assert.Equal(t, test.id != "", ok)
			if ok {
				assert.ErrorIs(t, err, nhncloud.ErrConflict)
			}
		})
	}
	for _, err := range []error{nil, errors.New("rule id is " + existingRuleID), nhncloud.ErrConflict} {
		_, ok := network.ExistingRuleID(err)
		assert.False(t, ok, "%v", err)
	}
}

func TestSecurityGroupRulesDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "network-v2-delete-security-group-rule", "/security-group-rules", "securityGroupRuleId", func(ctx context.Context, n *network.Client, id string) error {
		return n.SecurityGroupRules.Delete(ctx, id)
	})
}
