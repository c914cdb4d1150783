package networkv1_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

func TestSecurityGroupLife(t *testing.T) {
	t.Parallel()
	cloud, client := apitest.NewCloud(t)
	groups, rules, ctx := networkv1.New(client).SecurityGroups, networkv1.New(client).SecurityGroupRules, t.Context()

	made, err := groups.Create(ctx, networkv1.SecurityGroupCreateRequest{Name: "앱", Description: "servers of the app"})
	require.NoError(t, err)
	require.NotEmpty(t, made.SecurityGroupRules, "a new group lets traffic out")
	for _, rule := range made.SecurityGroupRules {
		assert.Equal(t, networkv1.DirectionEgress, rule.Direction)
		assert.Equal(t, networkv1.ProtocolAny, rule.Protocol)
		assert.Nil(t, rule.PortRangeMin)
		assert.Nil(t, rule.PortRangeMax)
	}
	got, err := groups.Get(ctx, made.ID)
	require.NoError(t, err)
	assert.Equal(t, made, got)

	updated, err := groups.Update(ctx, made.ID, networkv1.SecurityGroupUpdateRequest{Name: "app"})
	require.NoError(t, err)
	assert.Equal(t, &networkv1.SecurityGroup{ID: made.ID, Name: "app", Description: "servers of the app"}, updated)
	updated, err = groups.Update(ctx, made.ID, networkv1.SecurityGroupUpdateRequest{Name: "app", Description: new("")})
	require.NoError(t, err)
	assert.Empty(t, updated.Description)

	request := networkv1.SecurityGroupRuleCreateRequest{
		SecurityGroupID: made.ID,
		Direction:       networkv1.DirectionIngress,
		Protocol:        networkv1.ProtocolTCP,
		PortRangeMin:    new(8000),
		PortRangeMax:    new(8080),
		RemoteIPPrefix:  "10.0.0.0/8",
	}
	rule, err := rules.Create(ctx, request)
	require.NoError(t, err)
	assert.Equal(t, &networkv1.SecurityGroupRule{
		ID:              rule.ID,
		SecurityGroupID: made.ID,
		Direction:       networkv1.DirectionIngress,
		Ethertype:       networkv1.EthertypeIPv4,
		Protocol:        networkv1.ProtocolTCP,
		PortRangeMin:    new(8000),
		PortRangeMax:    new(8080),
		RemoteIPPrefix:  "10.0.0.0/8",
	}, rule)
	_, err = rules.Create(ctx, request)
	assert.ErrorIs(t, err, nhncloud.ErrConflict)
	everything, err := rules.Create(ctx, networkv1.SecurityGroupRuleCreateRequest{
		SecurityGroupID: made.ID, Direction: networkv1.DirectionIngress, Ethertype: networkv1.EthertypeIPv6, RemoteGroupID: made.ID,
	})
	require.NoError(t, err)
	assert.Equal(t, networkv1.ProtocolAny, everything.Protocol)
	assert.Equal(t, made.ID, everything.RemoteGroupID)

	found, err := rules.Get(ctx, rule.ID)
	require.NoError(t, err)
	assert.Equal(t, rule, found)
	all, err := rules.List(ctx)
	require.NoError(t, err)
	assert.Contains(t, all, rule)
	assert.Contains(t, all, everything)
	got, err = groups.Get(ctx, made.ID)
	require.NoError(t, err)
	assert.Contains(t, got.SecurityGroupRules, *rule)
	require.NoError(t, rules.Delete(ctx, rule.ID))
	assert.ErrorIs(t, rules.Delete(ctx, rule.ID), nhncloud.ErrNotFound)
	_, err = rules.Get(ctx, rule.ID)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)

	server := cloud.AddServers(1)[0]
	servers := compute.New(client).Servers
	require.NoError(t, servers.AddSecurityGroup(ctx, server, "app"))
	assert.ErrorIs(t, groups.Delete(ctx, made.ID), nhncloud.ErrConflict, "a server has it")
	require.NoError(t, servers.RemoveSecurityGroup(ctx, server, "app"))
	require.NoError(t, groups.Delete(ctx, made.ID))
	assert.ErrorIs(t, groups.Delete(ctx, made.ID), nhncloud.ErrNotFound)
	_, err = groups.Update(ctx, made.ID, networkv1.SecurityGroupUpdateRequest{Name: "late"})
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	left, err := groups.List(ctx)
	require.NoError(t, err)
	require.NotEmpty(t, left, "there is a default group")
	for _, group := range left {
		assert.NotEqual(t, made.ID, group.ID)
	}
}

func TestNetworksOfTheCloud(t *testing.T) {
	t.Parallel()
	cloud, client := apitest.NewCloud(t)
	n, ctx := networkv1.New(client), t.Context()

	network, err := n.Networks.Get(ctx, cloud.NetworkID())
	require.NoError(t, err)
	assert.Equal(t, networkv1.NetworkActive, network.Status)
	assert.True(t, network.AdminStateUp)
	assert.False(t, network.RouterExternal)
	assert.Contains(t, network.Subnets, cloud.SubnetID())
	networks, err := n.Networks.List(ctx)
	require.NoError(t, err)
	assert.Contains(t, networks, network)
	_, err = n.Networks.Get(ctx, "no-such-network")
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)

	subnets, err := n.Subnets.List(ctx)
	require.NoError(t, err)
	for _, subnet := range subnets {
		assert.Equal(t, 4, subnet.IPVersion)
		assert.NotEmpty(t, subnet.CIDR)
		assert.Len(t, subnet.AllocationPools, 1)
		if subnet.ID == cloud.SubnetID() {
			assert.Equal(t, network.ID, subnet.NetworkID)
			return
		}
	}
	t.Error("the subnet is not in the list")
}

func TestFloatingIPLife(t *testing.T) {
	t.Parallel()
	cloud, client := apitest.NewCloud(t)
	n, ctx := networkv1.New(client), t.Context()

	pools, err := n.FloatingIPPools.List(ctx)
	require.NoError(t, err)
	require.Len(t, pools, 1)
	made, err := n.FloatingIPs.Create(ctx, pools[0].ID)
	require.NoError(t, err)
	assert.Equal(t, &networkv1.FloatingIP{
		ID: made.ID, FloatingIPAddress: made.FloatingIPAddress, Pool: *pools[0], Status: networkv1.FloatingIPDown,
	}, made)
	_, err = n.FloatingIPs.Create(ctx, cloud.NetworkID())
	assert.ErrorIs(t, err, nhncloud.ErrNotFound, "no pool has this id")

	id := cloud.AddServers(1)[0]
	server, err := compute.New(client).Servers.Get(ctx, id)
	require.NoError(t, err)
	var fixed string
	for _, addresses := range server.Addresses {
		fixed = addresses[0].Addr
	}
	act := func(operation, action string, parameters map[string]string) {
		require.NoError(t, client.Do(ctx, nhncloud.Request{
			Operation: operation,
			Service:   nhncloud.ServiceAppKey,
			Method:    http.MethodPost,
			Path:      "/v1.0/appkeys/{appkey}/instances/{instanceId}/action",
			Args:      []string{id},
			Body:      map[string]any{"action": action, "parameters": parameters},
		}, nil))
	}
	act("compute-v1-instance-action-add-floating-ip", "addFloatingIp", map[string]string{"address": made.FloatingIPAddress, "ipAddress": fixed})
	active, err := n.FloatingIPs.Get(ctx, made.ID)
	require.NoError(t, err)
	assert.Equal(t, networkv1.FloatingIPActive, active.Status)
	assert.Equal(t, fixed, active.FixedIPAddress)
	assert.NotEmpty(t, active.PortID)
	assert.NotEmpty(t, active.RouterID)
	assert.ErrorIs(t, n.FloatingIPs.Delete(ctx, made.ID), nhncloud.ErrConflict, "it is in use")

	act("compute-v1-instance-action-remove-floating-ip", "removeFloatingIp", map[string]string{"address": made.FloatingIPAddress})
	listed, err := n.FloatingIPs.List(ctx)
	require.NoError(t, err)
	assert.Equal(t, []*networkv1.FloatingIP{made}, listed)
	require.NoError(t, n.FloatingIPs.Delete(ctx, made.ID))
	_, err = n.FloatingIPs.Get(ctx, made.ID)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	assert.ErrorIs(t, n.FloatingIPs.Delete(ctx, made.ID), nhncloud.ErrNotFound)
}
