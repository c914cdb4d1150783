package network_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

// shop is a VPC with a subnet, and the way to the internet.
type shop struct {
	*apitest.World
	*network.Client
	ctx     context.Context
	vpc     *network.VPC
	subnet  *network.Subnet
	table   *network.RoutingTable
	gateway *network.Gateway
}

func newShop(t *testing.T) *shop {
	t.Helper()
	w := apitest.NewWorld(t)
	s := &shop{World: w, Client: network.New(w.Core), ctx: t.Context()}
	var err error
	s.vpc, err = s.VPCs.Create(s.ctx, network.VPCCreateRequest{Name: "shop", CIDRv4: "10.0.0.0/16"})
	require.NoError(t, err)
	s.subnet, err = s.Subnets.Create(s.ctx, network.SubnetCreateRequest{VPCID: s.vpc.ID, Name: "web", CIDR: "10.0.1.0/24"})
	require.NoError(t, err)
	s.table, err = s.RoutingTables.FindDefault(s.ctx, s.vpc.ID)
	require.NoError(t, err)
	external, err := s.VPCs.FindExternal(s.ctx)
	require.NoError(t, err)
	s.gateway, err = s.Gateways.Create(s.ctx, network.GatewayCreateRequest{Name: "way-out", ExternalNetworkID: external.ID})
	require.NoError(t, err)
	assert.Equal(t, network.GatewayUnavailable, s.gateway.State)
	_, err = s.RoutingTables.AttachGateway(s.ctx, s.table.ID, s.gateway.ID)
	require.NoError(t, err)
	s.gateway, err = s.Gateways.WaitForReady(s.ctx, s.gateway.ID, w.Waiting())
	require.NoError(t, err)
	return s
}

// server creates a server on a port.
func (s *shop) server(portID string) string {
	s.T.Helper()
	created, err := compute.New(s.Core).Servers.Create(s.ctx, compute.ServerCreateRequest{
		Name: "web", FlavorID: s.FlavorID("u2.c1m1"), ImageID: s.ImageID("Ubuntu"), KeyName: "deploy", Networks: []compute.ServerNetwork{{PortID: portID}},
	})
	require.NoError(s.T, err)
	return created.ID
}

func TestRoutingLife(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	assert.Equal(t, s.table.ID, s.gateway.RoutingTableID)
	table, err := s.RoutingTables.Get(s.ctx, s.table.ID)
	require.NoError(t, err)
	assert.Equal(t, s.gateway.ID, table.GatewayID)
	assert.Equal(t, []network.Ref{{ID: s.vpc.ID}}, table.VPCs)
	gateways := 0
	for _, route := range table.Routes {
		if route.GatewayID == s.gateway.ID {
			gateways++
			assert.Equal(t, "0.0.0.0/0", route.CIDR)
			assert.Error(t, s.Routes.Delete(s.ctx, route.ID), "it belongs to the service")
		}
	}
	assert.Equal(t, 1, gateways)

	inner, err := s.RoutingTables.Create(s.ctx, network.RoutingTableCreateRequest{Name: "inner", VPCID: s.vpc.ID})
	require.NoError(t, err)
	route, err := s.Routes.Create(s.ctx, network.RouteCreateRequest{RoutingTableID: inner.ID, CIDR: "172.16.0.0/24", Gateway: "10.0.1.9", Description: "office"})
	require.NoError(t, err)
	route, err = s.Routes.Update(s.ctx, route.ID, network.RouteUpdateRequest{Description: new("")})
	require.NoError(t, err)
	assert.Empty(t, route.Description)
	assert.Equal(t, "10.0.1.9", route.Gateway)
	subnet, err := s.Subnets.AttachRoutingTable(s.ctx, s.subnet.ID, inner.ID)
	require.NoError(t, err)
	assert.True(t, subnet.RoutingTable.Explicit)
	detailed, err := s.RoutingTables.List(s.ctx, &network.RoutingTableListOptions{ID: inner.ID, Detail: true})
	require.NoError(t, err)
	require.Len(t, detailed, 1)
	assert.Equal(t, []network.Ref{{ID: s.subnet.ID, Name: "web"}}, detailed[0].Subnets)
	subnet, err = s.Subnets.DetachRoutingTable(s.ctx, s.subnet.ID)
	require.NoError(t, err)
	assert.Equal(t, s.table.ID, subnet.RoutingTable.ID)
	require.NoError(t, s.Routes.Delete(s.ctx, route.ID))
	require.NoError(t, s.RoutingTables.Delete(s.ctx, inner.ID))
	require.NoError(t, s.RoutingTables.WaitForDeletion(s.ctx, inner.ID, s.Waiting()))
	related, err := s.Gateways.ListRelated(s.ctx, s.table.ID)
	require.NoError(t, err)
	assert.Empty(t, related)
}

func TestVPCLife(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	updated, err := s.VPCs.Update(s.ctx, s.vpc.ID, network.VPCUpdateRequest{Name: new("store")})
	require.NoError(t, err)
	assert.Equal(t, "10.0.0.0/16", updated.CIDRv4)
	_, err = s.Subnets.Update(s.ctx, s.subnet.ID, network.SubnetUpdateRequest{Name: new("front")})
	require.NoError(t, err)
	vpc, err := s.VPCs.Get(s.ctx, s.vpc.ID)
	require.NoError(t, err)
	assert.Equal(t, "store", vpc.Name)
	require.Len(t, vpc.Subnets, 1)
	assert.Equal(t, "front", vpc.Subnets[0].Name)
	_, err = s.Subnets.Create(s.ctx, network.SubnetCreateRequest{VPCID: s.vpc.ID, Name: "again", CIDR: "10.0.1.128/25"})
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument, "it overlaps")

	networks, err := s.Networks.List(s.ctx, &network.NetworkListOptions{ID: s.vpc.ID})
	require.NoError(t, err)
	require.Len(t, networks, 1)
	assert.Equal(t, []string{s.subnet.ID}, networks[0].Subnets)
	subnets, err := s.NetworkSubnets.List(s.ctx, &network.NetworkSubnetListOptions{NetworkID: s.vpc.ID})
	require.NoError(t, err)
	require.Len(t, subnets, 1)
	assert.Equal(t, "10.0.1.0/24", subnets[0].CIDR)
	all, err := nhncloud.Collect(s.Networks.All(s.ctx, &network.NetworkListOptions{Limit: 1}))
	require.NoError(t, err)
	assert.Len(t, all, 3, "pages of one: that of the shop, the default one and the external one")
}

// TestVPCInUse takes a VPC down while it is in use, and then in order.
func TestVPCInUse(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	port, err := s.Ports.Create(s.ctx, network.PortCreateRequest{NetworkID: s.vpc.ID, FixedIPs: []network.FixedIP{{SubnetID: s.subnet.ID, IPAddress: "10.0.1.20"}}})
	require.NoError(t, err)
	_, err = s.Ports.Create(s.ctx, network.PortCreateRequest{NetworkID: s.vpc.ID, FixedIPs: []network.FixedIP{{SubnetID: s.subnet.ID, IPAddress: "10.0.1.20"}}})
	assert.ErrorIs(t, err, nhncloud.ErrConflict, "the address is taken")
	server := s.server(port.ID)
	bound, err := s.Ports.WaitForBound(s.ctx, port.ID, s.Waiting())
	require.NoError(t, err)
	assert.Equal(t, server, bound.DeviceID)
	ip, err := s.FloatingIPs.AssociateWithServer(s.ctx, network.ServerAssociation{ServerID: server, FixedIPAddress: "10.0.1.20", DeleteProtection: true}, s.Waiting())
	require.NoError(t, err)
	assert.Equal(t, "10.0.1.20", ip.FixedIPAddress)

	assert.ErrorIs(t, s.VPCs.Delete(s.ctx, s.vpc.ID), nhncloud.ErrConflict)
	assert.ErrorIs(t, s.Subnets.Delete(s.ctx, s.subnet.ID), nhncloud.ErrConflict)
	assert.ErrorIs(t, s.Gateways.Delete(s.ctx, s.gateway.ID), nhncloud.ErrConflict)
	assert.ErrorIs(t, s.FloatingIPs.Delete(s.ctx, ip.ID), nhncloud.ErrConflict)

	_, err = s.FloatingIPs.Update(s.ctx, ip.ID, network.FloatingIPUpdateRequest{DeleteProtection: new(false)})
	require.NoError(t, err)
	_, err = s.FloatingIPs.Disassociate(s.ctx, ip.ID)
	require.NoError(t, err)
	_, err = s.FloatingIPs.WaitForStatus(s.ctx, ip.ID, network.FloatingIPDown, s.Waiting())
	require.NoError(t, err)
	require.NoError(t, s.FloatingIPs.Delete(s.ctx, ip.ID))
	require.NoError(t, s.FloatingIPs.WaitForDeletion(s.ctx, ip.ID, s.Waiting()))
	servers := compute.New(s.Core).Servers
	require.NoError(t, servers.Delete(s.ctx, server))
	require.NoError(t, servers.WaitForDeletion(s.ctx, server, s.Waiting()))
	if _, err = s.Ports.Get(s.ctx, port.ID); err == nil { // a port that was made first may stay
		require.NoError(t, s.Ports.Delete(s.ctx, port.ID))
	}
	require.NoError(t, s.Ports.WaitForDeletion(s.ctx, port.ID, s.Waiting()))
	_, err = s.RoutingTables.DetachGateway(s.ctx, s.table.ID)
	require.NoError(t, err)
	require.NoError(t, s.Gateways.Delete(s.ctx, s.gateway.ID))
	require.NoError(t, s.Gateways.WaitForDeletion(s.ctx, s.gateway.ID, s.Waiting()))
	require.NoError(t, s.Subnets.Delete(s.ctx, s.subnet.ID))
	require.NoError(t, s.Subnets.WaitForDeletion(s.ctx, s.subnet.ID, s.Waiting()))
	require.NoError(t, s.VPCs.Delete(s.ctx, s.vpc.ID))
	require.NoError(t, s.VPCs.WaitForDeletion(s.ctx, s.vpc.ID, s.Waiting()))
	_, err = s.RoutingTables.Get(s.ctx, s.table.ID)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound, "the default table goes with its VPC")
}

func TestSecurityGroupLife(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	group, err := s.SecurityGroups.Create(s.ctx, network.SecurityGroupCreateRequest{Name: "web", Description: "of the shop"})
	require.NoError(t, err)
	assert.Len(t, group.SecurityGroupRules, 2)
	group, err = s.SecurityGroups.Update(s.ctx, group.ID, network.SecurityGroupUpdateRequest{Description: new("")})
	require.NoError(t, err)
	assert.Equal(t, "web", group.Name)
	assert.Empty(t, group.Description)

	out := network.SecurityGroupRuleCreateRequest{Direction: network.DirectionEgress}
	https := network.SecurityGroupRuleCreateRequest{Direction: network.DirectionIngress, Protocol: network.ProtocolTCP, PortRangeMin: new(443), PortRangeMax: new(443), RemoteIPPrefix: "0.0.0.0/0"}
	changes, err := s.SecurityGroups.EnsureRules(s.ctx, group.ID, []network.SecurityGroupRuleCreateRequest{out, https})
	require.NoError(t, err)
	assert.Len(t, changes.Added, 1)
	assert.Len(t, changes.Removed, 1, "that of IPv6")
	assert.Len(t, changes.Kept, 1)
	sameHTTPS := https
	sameHTTPS.Protocol, sameHTTPS.RemoteIPPrefix = "6", ""
	changes, err = s.SecurityGroups.EnsureRules(s.ctx, group.ID, []network.SecurityGroupRuleCreateRequest{out, sameHTTPS})
	require.NoError(t, err)
	assert.Empty(t, changes.Added)
	assert.Empty(t, changes.Removed)
	https.SecurityGroupID = group.ID
	_, err = s.SecurityGroupRules.Create(s.ctx, https)
	id, exists := network.ExistingRuleID(err)
	require.True(t, exists, "%v", err)
	rule, err := s.SecurityGroupRules.Get(s.ctx, id)
	require.NoError(t, err)
	assert.Equal(t, new(443), rule.PortRangeMin)
	rules, err := nhncloud.Collect(s.SecurityGroupRules.All(s.ctx, &network.SecurityGroupRuleListOptions{SecurityGroupID: group.ID, Limit: 1}))
	require.NoError(t, err)
	assert.Len(t, rules, 2)

	port, err := s.Ports.Create(s.ctx, network.PortCreateRequest{NetworkID: s.vpc.ID, SecurityGroups: []string{group.ID}})
	require.NoError(t, err)
	users, err := s.SecurityGroups.ListPorts(s.ctx, group.ID, nil)
	require.NoError(t, err)
	require.Len(t, users, 1)
	assert.Equal(t, port.ID, users[0].ID)
	assert.ErrorIs(t, s.SecurityGroups.Delete(s.ctx, group.ID), nhncloud.ErrConflict)
	port, err = s.Ports.Update(s.ctx, port.ID, network.PortUpdateRequest{SecurityGroups: []string{}})
	require.NoError(t, err)
	assert.Empty(t, port.SecurityGroups)
	require.NoError(t, s.SecurityGroupRules.Delete(s.ctx, id))
	require.NoError(t, s.SecurityGroups.Delete(s.ctx, group.ID))
	_, err = s.SecurityGroups.Get(s.ctx, group.ID)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
}

// TestFloatingIPNotLeft: what can't work leaves no floating IP.
func TestFloatingIPNotLeft(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	_, err := s.RoutingTables.DetachGateway(s.ctx, s.table.ID)
	require.NoError(t, err)
	port, err := s.Ports.Create(s.ctx, network.PortCreateRequest{NetworkID: s.vpc.ID})
	require.NoError(t, err)
	server := s.server(port.ID)
	_, err = compute.New(s.Core).Servers.WaitForStatus(s.ctx, server, compute.StatusActive, s.Waiting())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(s.ctx, time.Minute)
	defer cancel()
	_, err = s.FloatingIPs.AssociateWithServer(ctx, network.ServerAssociation{ServerID: server}, s.Waiting())
	assert.ErrorIs(t, err, nhncloud.ErrNotFound, "the VPC has no way to the internet")
	left, err := nhncloud.Collect(s.FloatingIPs.All(s.ctx, nil))
	require.NoError(t, err)
	assert.Empty(t, left)
}
