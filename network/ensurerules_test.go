package network_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

const (
	ruleSSH   = `{"id": "ssh", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22, "remote_ip_prefix": "10.0.0.0/8"}`
	ruleSSH6  = `{"id": "ssh-6", "direction": "ingress", "ethertype": "IPv4", "protocol": "6", "port_range_min": 22, "port_range_max": 22, "remote_ip_prefix": "10.1.2.3/8"}`
	ruleOut   = `{"id": "out", "direction": "egress", "ethertype": "IPv4", "remote_ip_prefix": "0.0.0.0/0"}`
	ruleOutV6 = `{"id": "out-v6", "direction": "egress", "ethertype": "IPv6"}`
	ruleHTTP  = `{"id": "http", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 80, "port_range_max": 80}`
)

var (
	wantSSH  = network.SecurityGroupRuleCreateRequest{Direction: network.DirectionIngress, Protocol: network.ProtocolTCP, PortRangeMin: new(22), PortRangeMax: new(22), RemoteIPPrefix: "10.0.0.0/8"}
	wantHTTP = network.SecurityGroupRuleCreateRequest{Direction: network.DirectionIngress, Protocol: network.ProtocolTCP, PortRangeMin: new(80), PortRangeMax: new(80), Description: "shop"}
)

// ids are those of rules, in their order.
func ids(rules []*network.SecurityGroupRule) []string {
	var ids []string
	for _, rule := range rules {
		ids = append(ids, rule.ID)
	}
	return ids
}

// groupMock expects a look at a group with the rules.
func groupMock(t *testing.T, rules string) *apitest.Mock {
	t.Helper()
	m := apitest.New(t)
	m.Expect(want("network-v2-get-security-group", http.MethodGet, "/security-groups/g", ""), apitest.Reply{Body: `{"security_group": {"id": "g", "security_group_rules": [` + rules + `]}}`})
	return m
}

func expectHTTP(m *apitest.Mock, reply apitest.Reply) {
	m.Expect(want("network-v2-create-security-group-rule", http.MethodPost, "/security-group-rules",
		`{"security_group_rule": {"security_group_id": "g", "direction": "ingress", "protocol": "tcp", "port_range_min": 80, "port_range_max": 80, "description": "shop"}}`), reply)
}

func expectDeletion(m *apitest.Mock, id string, status int) {
	m.Expect(want("network-v2-delete-security-group-rule", http.MethodDelete, "/security-group-rules/"+id, ""), apitest.Reply{Status: status})
}

func TestEnsureRules(t *testing.T) {
	t.Parallel()
	made := apitest.Reply{Status: http.StatusCreated, Body: `{"security_group_rule": ` + ruleHTTP + `}`}
	for name, test := range map[string]struct {
		rules                string
		wanted               []network.SecurityGroupRuleCreateRequest
		expect               func(m *apitest.Mock)
		added, removed, kept []string
		err                  error
	}{
		"nothing to do": {
			rules: ruleOut + "," + ruleOutV6 + "," + ruleSSH, wanted: append(network.DefaultEgressRules(), wantSSH), kept: []string{"out", "out-v6", "ssh"},
		},
		"written otherwise": {rules: ruleSSH6, wanted: []network.SecurityGroupRuleCreateRequest{wantSSH}, kept: []string{"ssh-6"}},
		"wanted twice":      {rules: ruleSSH, wanted: []network.SecurityGroupRuleCreateRequest{wantSSH, wantSSH}, kept: []string{"ssh"}},
		"there twice": {
			rules: ruleSSH + "," + ruleSSH6, wanted: []network.SecurityGroupRuleCreateRequest{wantSSH}, kept: []string{"ssh"}, removed: []string{"ssh-6"},
			expect: func(m *apitest.Mock) { expectDeletion(m, "ssh-6", http.StatusNoContent) },
		},
		"add, keep and remove": {
			rules: ruleOut + "," + ruleSSH + "," + ruleOutV6, wanted: []network.SecurityGroupRuleCreateRequest{wantHTTP, wantSSH}, added: []string{"http"}, kept: []string{"ssh"}, removed: []string{"out", "out-v6"},
			expect: func(m *apitest.Mock) {
				expectHTTP(m, made)
				expectDeletion(m, "out", http.StatusNoContent)
				expectDeletion(m, "out-v6", http.StatusNoContent)
			},
		},
		"none at all": {
			rules: ruleSSH, removed: []string{"ssh"},
			expect: func(m *apitest.Mock) { expectDeletion(m, "ssh", http.StatusNoContent) },
		},
		"removed by others": {
			rules: ruleSSH, removed: []string{"ssh"},
			expect: func(m *apitest.Mock) { expectDeletion(m, "ssh", http.StatusNotFound) },
		},
		"added by others": {
			wanted: []network.SecurityGroupRuleCreateRequest{wantHTTP}, kept: []string{"http"},
			expect: func(m *apitest.Mock) {
				expectHTTP(m, apitest.Reply{Status: http.StatusConflict, Body: ruleExists})
				m.Expect(want("network-v2-get-security-group-rule", http.MethodGet, "/security-group-rules/"+existingRuleID, ""), made)
			},
		},
		"the same to the service": { // which the SDK took for others
			rules: `{"id": "` + existingRuleID + `", "direction": "ingress", "ethertype": "IPv4", "protocol": "http"}`, wanted: []network.SecurityGroupRuleCreateRequest{wantHTTP}, kept: []string{existingRuleID},
			expect: func(m *apitest.Mock) {
				expectHTTP(m, apitest.Reply{Status: http.StatusConflict, Body: ruleExists})
				m.Expect(want("network-v2-get-security-group-rule", http.MethodGet, "/security-group-rules/"+existingRuleID, ""), apitest.Reply{Body: `{"security_group_rule": {"id": "` + existingRuleID + `"}}`})
			},
		},
		"conflict of another kind": {
			rules: ruleSSH, wanted: []network.SecurityGroupRuleCreateRequest{wantSSH, wantHTTP}, kept: []string{"ssh"}, err: nhncloud.ErrConflict,
			expect: func(m *apitest.Mock) { expectHTTP(m, apitest.Reply{Status: http.StatusConflict}) },
		},
		"quota, before anything is removed": {
			rules: ruleOut, wanted: []network.SecurityGroupRuleCreateRequest{wantHTTP}, err: nhncloud.ErrQuotaExceeded,
			expect: func(m *apitest.Mock) {
				expectHTTP(m, apitest.Reply{Status: http.StatusConflict, Body: `{"NeutronError": {"type": "OverQuota", "message": "Quota exceeded for resources: ['security_group_rule'].", "detail": ""}}`})
			},
		},
		"removal fails": {
			rules: ruleOut + "," + ruleOutV6, wanted: []network.SecurityGroupRuleCreateRequest{wantHTTP}, added: []string{"http"}, removed: []string{"out"}, err: nhncloud.ErrForbidden,
			expect: func(m *apitest.Mock) {
				expectHTTP(m, made)
				expectDeletion(m, "out", http.StatusNoContent)
				expectDeletion(m, "out-v6", http.StatusForbidden)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := groupMock(t, test.rules)
			if test.expect != nil {
				test.expect(m)
			}
			changes, err := network.New(m.Client).SecurityGroups.EnsureRules(t.Context(), "g", test.wanted)
			assert.ErrorIs(t, err, test.err)
			require.NotNil(t, changes)
			assert.Equal(t, test.added, ids(changes.Added), "added")
			assert.Equal(t, test.removed, ids(changes.Removed), "removed")
			assert.Equal(t, test.kept, ids(changes.Kept), "kept")
		})
	}
}

func TestEnsureRulesFails(t *testing.T) {
	t.Parallel()
	w := want("network-v2-get-security-group", http.MethodGet, "/security-groups/g", "")
	apitest.Failures(t, w, documented(w.Operation), func(ctx context.Context, client *nhncloud.Client) error {
		changes, err := network.New(client).SecurityGroups.EnsureRules(ctx, "g", []network.SecurityGroupRuleCreateRequest{wantSSH})
		assert.Nil(t, changes)
		return err
	})
	wrong := network.SecurityGroupRuleCreateRequest{SecurityGroupID: "other", Direction: "in", RemoteIPPrefix: "10.0.0.1/8"}
	refuses(t, "network-v2-create-security-group-rule", "wanted[1].SecurityGroupID, wanted[1].Direction, wanted[1].RemoteIPPrefix", func(ctx context.Context, n *network.Client) error {
		_, err := n.SecurityGroups.EnsureRules(ctx, "g", []network.SecurityGroupRuleCreateRequest{wantSSH, wrong})
		return err
	})
	refusesIDs(t, "network-v2-get-security-group", "securityGroupId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.SecurityGroups.EnsureRules(ctx, id, nil)
		return err
	})
}
