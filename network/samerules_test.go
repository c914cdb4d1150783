package network_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

type ruleRequest = network.SecurityGroupRuleCreateRequest

// TestEnsureRulesWrittenOtherwise wants a rule to stay that is there, however it
// was written, and the cloud to take the two for the same.
func TestEnsureRulesWrittenOtherwise(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ there, wanted ruleRequest }{
		"all addresses":         {ruleRequest{RemoteIPPrefix: "0.0.0.0/0"}, ruleRequest{}},
		"no address":            {ruleRequest{}, ruleRequest{RemoteIPPrefix: "0.0.0.0/0"}},
		"all addresses of IPv6": {ruleRequest{Ethertype: "IPv6", RemoteIPPrefix: "::/0"}, ruleRequest{Ethertype: "IPv6"}},
		"name of a protocol":    {ruleRequest{Protocol: "tcp"}, ruleRequest{Protocol: "6"}},
		"number of a protocol":  {ruleRequest{Protocol: "17"}, ruleRequest{Protocol: network.ProtocolUDP}},
		"ICMP":                  {ruleRequest{Protocol: "1"}, ruleRequest{Protocol: network.ProtocolICMP}},
		"ICMP of IPv6":          {ruleRequest{Ethertype: "IPv6", Protocol: "icmp"}, ruleRequest{Ethertype: "IPv6", Protocol: "58"}},
		"a single address":      {ruleRequest{RemoteIPPrefix: "10.0.0.1/32"}, ruleRequest{RemoteIPPrefix: "10.0.0.1/32", Description: "office"}},
		"no ethertype":          {ruleRequest{Ethertype: "IPv4"}, ruleRequest{}},
		"any protocol":          {ruleRequest{Protocol: "null"}, ruleRequest{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apitest.NewWorld(t)
			n := network.New(w.Core)
			group, err := n.SecurityGroups.Create(t.Context(), network.SecurityGroupCreateRequest{Name: "shop"})
			require.NoError(t, err)
			test.there.SecurityGroupID, test.there.Direction, test.wanted.Direction = group.ID, network.DirectionIngress, network.DirectionIngress
			there, err := n.SecurityGroupRules.Create(t.Context(), test.there)
			require.NoError(t, err)
			again := test.wanted
			again.SecurityGroupID = group.ID
			_, err = n.SecurityGroupRules.Create(t.Context(), again)
			id, _ := network.ExistingRuleID(err)
			require.Equal(t, there.ID, id, "the cloud takes them for the same: %v", err)

			made := w.Count("network-v2-create-security-group-rule")
			for range 2 {
				changes, err := n.SecurityGroups.EnsureRules(t.Context(), group.ID, append(network.DefaultEgressRules(), test.wanted))
				require.NoError(t, err)
				assert.Empty(t, changes.Added)
				assert.Empty(t, changes.Removed)
				assert.Contains(t, ids(changes.Kept), there.ID)
			}
			assert.Equal(t, made, w.Count("network-v2-create-security-group-rule"), "nothing had to be tried")
		})
	}
}

// TestEnsureRulesHostBits: to the cloud these are two rules, of which one is
// enough.
func TestEnsureRulesHostBits(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t)
	n := network.New(w.Core)
	group, err := n.SecurityGroups.Create(t.Context(), network.SecurityGroupCreateRequest{Name: "shop"})
	require.NoError(t, err)
	var rules []string
	for _, prefix := range []string{"10.1.2.3/8", "10.0.0.0/8"} { // the SDK refuses to send the first one
		rule, err := nhncloud.Fetch[network.SecurityGroupRule](t.Context(), w.Core, nhncloud.Request{
			Operation: "network-v2-create-security-group-rule", Service: nhncloud.ServiceNetwork, Method: http.MethodPost, Path: "/v2.0/security-group-rules",
			Body: map[string]any{"security_group_rule": map[string]string{
				"security_group_id": group.ID, "direction": "ingress", "remote_ip_prefix": prefix,
			}},
			ResponseKey: "security_group_rule",
		})
		require.NoError(t, err)
		assert.Equal(t, prefix, rule.RemoteIPPrefix)
		rules = append(rules, rule.ID)
	}
	wanted := []ruleRequest{{Direction: network.DirectionIngress, RemoteIPPrefix: "10.0.0.0/8"}}
	changes, err := n.SecurityGroups.EnsureRules(t.Context(), group.ID, wanted)
	require.NoError(t, err)
	assert.Equal(t, rules[:1], ids(changes.Kept))
	assert.Empty(t, changes.Added)
	assert.Contains(t, ids(changes.Removed), rules[1])
	changes, err = n.SecurityGroups.EnsureRules(t.Context(), group.ID, wanted)
	require.NoError(t, err)
	assert.Equal(t, &network.RuleChanges{Kept: changes.Kept}, changes)
	assert.Len(t, changes.Kept, 1)
}
