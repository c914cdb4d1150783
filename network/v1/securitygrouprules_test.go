package networkv1_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

const rulesURL = apitest.AppKeyURL + "/security-group-rules"

var wantRules = apitest.Want{Operation: "network-v1-list-security-group-rules", Method: http.MethodGet, URL: rulesURL}

// webRule lets a range of ports in.
func webRule() *networkv1.SecurityGroupRule {
	return &networkv1.SecurityGroupRule{
		ID:              ruleID,
		SecurityGroupID: groupID,
		Direction:       networkv1.DirectionIngress,
		Ethertype:       networkv1.EthertypeIPv4,
		Protocol:        networkv1.ProtocolTCP,
		PortRangeMin:    new(8000),
		PortRangeMax:    new(8080),
		RemoteGroupID:   "", // null in the answer
		RemoteIPPrefix:  "10.0.0.0/8",
		Description:     "", // not in the answer
	}
}

func TestSecurityGroupRules(t *testing.T) {
	t.Parallel()
	last := egressRule()
	last.ID = "c26a7a4f-0d8b-4f0e-9a55-3a7f6f9c2b0a"
	apitest.LookUp[networkv1.SecurityGroupRule]{
		All:   wantRules,
		Key:   "securityGroupRules",
		By:    "id",
		Field: "securityGroupRuleId",
		Items: []*networkv1.SecurityGroupRule{webRule(), {
			ID:              "f4a4a4f5-5b7b-4a4e-9c39-6a0d1a8f0f8e",
			SecurityGroupID: groupID,
			Direction:       networkv1.DirectionIngress,
			Ethertype:       networkv1.EthertypeIPv6,
			Protocol:        networkv1.ProtocolUDP,
			PortRangeMin:    new(53),
			PortRangeMax:    new(53),
			RemoteGroupID:   "a7734e61-b545-452d-a3cd-0189cbd9747a",
		}, &last},
		Name: func(r *networkv1.SecurityGroupRule) *string { return &r.ID },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*networkv1.SecurityGroupRule, error) {
			return networkv1.New(client).SecurityGroupRules.List(ctx)
		},
		Get: func(ctx context.Context, client *nhncloud.Client, id string) (*networkv1.SecurityGroupRule, error) {
			return networkv1.New(client).SecurityGroupRules.Get(ctx, id)
		},
	}.Check(t)
}

func TestSecurityGroupRulesNullAndZero(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]networkv1.SecurityGroupRule{
		`{"id": "1", "protocol": null, "portRangeMin": null, "portRangeMax": null}`: {ID: "1"},
		`{"id": "1", "protocol": "null", "remoteGroupId": null}`:                    {ID: "1"},
		`{"id": "1", "protocol": "", "remoteIpPrefix": null}`:                       {ID: "1"},
		`{"protocol": "icmp", "portRangeMin": 0, "portRangeMax": "0"}`:              {Protocol: networkv1.ProtocolICMP, PortRangeMin: new(0), PortRangeMax: new(0)},
		`{"protocol": 47, "direction": "sideways", "ethertype": "IPv10"}`:           {Protocol: "47", Direction: "sideways", Ethertype: "IPv10"},
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantRules, apitest.Success(`"securityGroupRules": [`+body+`]`))
			rules, err := networkv1.New(m.Client).SecurityGroupRules.List(t.Context())
			require.NoError(t, err)
			assert.Equal(t, []*networkv1.SecurityGroupRule{&want}, rules)
		})
	}
	t.Run("protocol of another kind", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantRules, apitest.Success(`"securityGroupRules": [{"protocol": ["tcp"]}]`))
		_, err := networkv1.New(m.Client).SecurityGroupRules.List(t.Context())
		assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
		assert.ErrorContains(t, err, "protocol")
	})
	t.Run("round trip", func(t *testing.T) {
		t.Parallel()
		for _, rule := range []networkv1.SecurityGroupRule{*webRule(), egressRule()} {
			encoded, err := json.Marshal(rule)
			require.NoError(t, err)
			var decoded networkv1.SecurityGroupRule
			require.NoError(t, json.Unmarshal(encoded, &decoded))
			assert.Equal(t, rule, decoded)
		}
	})
}

func TestSecurityGroupRulesCreate(t *testing.T) {
	t.Parallel()
	want := apitest.Want{Operation: "network-v1-create-security-group-rule", Method: http.MethodPost, URL: rulesURL, Body: `{"securityGroupRule": {
		"direction": "ingress", "ethertype": "IPv4", "portRangeMin": 8000, "portRangeMax": 8080, "protocol": "tcp", "remoteIpPrefix": "10.0.0.0/8",
		"securityGroupId": "` + groupID + `"}}`}
	reply := apitest.Reply{Body: "@network-v1-create-security-group-rule.response.json"}
	create := func(ctx context.Context, client *nhncloud.Client, change func(*networkv1.SecurityGroupRuleCreateRequest)) (*networkv1.SecurityGroupRule, error) {
		request := networkv1.SecurityGroupRuleCreateRequest{
			SecurityGroupID: groupID,
			Direction:       networkv1.DirectionIngress,
			Ethertype:       networkv1.EthertypeIPv4,
			Protocol:        networkv1.ProtocolTCP,
			PortRangeMin:    new(8000),
			PortRangeMax:    new(8080),
			RemoteIPPrefix:  "10.0.0.0/8",
		}
		change(&request)
		return networkv1.New(client).SecurityGroupRules.Create(ctx, request)
	}
	apitest.CheckCreate(t, want, reply, webRule(), func(ctx context.Context, client *nhncloud.Client) (*networkv1.SecurityGroupRule, error) {
		return create(ctx, client, func(*networkv1.SecurityGroupRuleCreateRequest) {})
	})
	for name, test := range map[string]struct {
		change func(*networkv1.SecurityGroupRuleCreateRequest)
		body   string
	}{
		"anything": {func(r *networkv1.SecurityGroupRuleCreateRequest) {
			*r = networkv1.SecurityGroupRuleCreateRequest{SecurityGroupID: "g", Direction: networkv1.DirectionEgress}
		}, `"direction": "egress", "portRangeMin": null, "portRangeMax": null, "protocol": null, "securityGroupId": "g"`},
		"word for anything": {func(r *networkv1.SecurityGroupRuleCreateRequest) {
			*r = networkv1.SecurityGroupRuleCreateRequest{SecurityGroupID: "g", Direction: networkv1.DirectionEgress, Protocol: "null"}
		}, `"direction": "egress", "portRangeMin": null, "portRangeMax": null, "protocol": null, "securityGroupId": "g"`},
		"group": {func(r *networkv1.SecurityGroupRuleCreateRequest) {
			*r = networkv1.SecurityGroupRuleCreateRequest{
				SecurityGroupID: "g", Direction: networkv1.DirectionIngress, Ethertype: networkv1.EthertypeIPv6, Protocol: networkv1.ProtocolUDP, RemoteGroupID: "h",
			}
		}, `"direction": "ingress", "ethertype": "IPv6", "portRangeMin": null, "portRangeMax": null, "protocol": "udp", "remoteGroupId": "h", "securityGroupId": "g"`},
		"one port": {func(r *networkv1.SecurityGroupRuleCreateRequest) {
			*r = networkv1.SecurityGroupRuleCreateRequest{
				SecurityGroupID: "g", Direction: networkv1.DirectionIngress, Protocol: networkv1.ProtocolTCP, PortRangeMin: new(22), PortRangeMax: new(22),
			}
		}, `"direction": "ingress", "portRangeMin": 22, "portRangeMax": 22, "protocol": "tcp", "securityGroupId": "g"`},
		"first port alone": {func(r *networkv1.SecurityGroupRuleCreateRequest) {
			*r = networkv1.SecurityGroupRuleCreateRequest{
				SecurityGroupID: "g", Direction: networkv1.DirectionIngress, Protocol: networkv1.ProtocolTCP, PortRangeMin: new(1024),
			}
		}, `"direction": "ingress", "portRangeMin": 1024, "portRangeMax": null, "protocol": "tcp", "securityGroupId": "g"`},
		"ICMP type and code": {func(r *networkv1.SecurityGroupRuleCreateRequest) {
			*r = networkv1.SecurityGroupRuleCreateRequest{
				SecurityGroupID: "g", Direction: networkv1.DirectionIngress, Protocol: networkv1.ProtocolICMP, PortRangeMin: new(8), PortRangeMax: new(0),
			}
		}, `"direction": "ingress", "portRangeMin": 8, "portRangeMax": 0, "protocol": "icmp", "securityGroupId": "g"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			want := want
			want.Body = `{"securityGroupRule": {` + test.body + `}}`
			m.Expect(want, reply)
			_, err := create(t.Context(), m.Client, test.change)
			require.NoError(t, err)
		})
	}
	for name, test := range map[string]struct {
		field  string
		change func(*networkv1.SecurityGroupRuleCreateRequest)
	}{
		"no group":           {"SecurityGroupID", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.SecurityGroupID = "" }},
		"no direction":       {"Direction", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.Direction = "" }},
		"ports, no protocol": {"Protocol", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.Protocol = networkv1.ProtocolAny }},
		"ports, null":        {"Protocol", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.Protocol = "null" }},
		"first port alone":   {"Protocol", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.Protocol, r.PortRangeMax = "", nil }},
		"last port alone":    {"Protocol", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.Protocol, r.PortRangeMin = "", nil }},
		"ports in disorder":  {"PortRangeMin", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.PortRangeMax = new(7999) }},
		"two remotes":        {"RemoteIPPrefix", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.RemoteGroupID = groupID }},
		"everything": {"SecurityGroupID, Direction, Protocol, PortRangeMin, RemoteIPPrefix", func(r *networkv1.SecurityGroupRuleCreateRequest) {
			r.SecurityGroupID, r.Direction, r.Protocol, r.PortRangeMax, r.RemoteGroupID = "", "", "", new(7999), groupID
		}},
		"two remotes of ICMP": {"RemoteIPPrefix", func(r *networkv1.SecurityGroupRuleCreateRequest) {
			r.RemoteGroupID, r.Protocol, r.PortRangeMin, r.PortRangeMax = groupID, networkv1.ProtocolICMP, nil, nil
		}},
		"unknown direction":   {"Direction", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.Direction = "inbound" }},
		"unknown ethertype":   {"Ethertype", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.Ethertype = "IPv5" }},
		"ports out of range":  {"PortRangeMin, PortRangeMax", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.PortRangeMin, r.PortRangeMax = new(0), new(65536) }},
		"network of no sense": {"RemoteIPPrefix", func(r *networkv1.SecurityGroupRuleCreateRequest) { r.RemoteIPPrefix = "10.0.0.1/8" }},
	} {
		t.Run("refused "+name, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, want.Operation, test.field, func(ctx context.Context, client *nhncloud.Client) error {
				_, err := create(ctx, client, test.change)
				return err
			})
		})
	}
}

func TestSecurityGroupRulesDelete(t *testing.T) {
	t.Parallel()
	apitest.CheckRemoval(t, "network-v1-delete-security-group-rule", rulesURL, "id", "securityGroupRuleId", ruleID, func(ctx context.Context, client *nhncloud.Client, id string) error {
		return networkv1.New(client).SecurityGroupRules.Delete(ctx, id)
	})
}
