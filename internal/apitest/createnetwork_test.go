package apitest_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network"
)

// TestActedAllTheSameOnNetworks is TestActedAllTheSame for package network.
func TestActedAllTheSameOnNetworks(t *testing.T) {
	t.Parallel()
	denied := func(m *made) *network.Client { return network.New(m.client) }
	honest := func(m *made) *network.Client { return network.New(m.honest) }
	external := func(ctx context.Context, m *made) string {
		vpc, err := honest(m).VPCs.FindExternal(ctx)
		require.NoError(m.t, err)
		return vpc.ID
	}
	table := func(ctx context.Context, m *made) string {
		table, err := honest(m).RoutingTables.FindDefault(ctx, m.cloud.NetworkID())
		require.NoError(m.t, err)
		return table.ID
	}
	https := func(group string) network.SecurityGroupRuleCreateRequest {
		return network.SecurityGroupRuleCreateRequest{
			SecurityGroupID: group, Direction: network.DirectionIngress, Protocol: network.ProtocolTCP, PortRangeMin: new(8443), PortRangeMax: new(8443),
		}
	}
	actAllTheSame(t, map[string]repeated{
		"VPCs.Create": {func(ctx context.Context, m *made) error {
			_, err := denied(m).VPCs.Create(ctx, network.VPCCreateRequest{Name: "shop", CIDRv4: "10.0.0.0/16"})
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			vpcs, err := honest(m).VPCs.List(ctx, &network.VPCListOptions{Name: "shop"})
			return count(m.t, vpcs, err, func(*network.VPC) bool { return true })
		}},
		"Subnets.Create": {func(ctx context.Context, m *made) error {
			_, err := denied(m).Subnets.Create(ctx, network.SubnetCreateRequest{VPCID: m.cloud.NetworkID(), Name: "shop", CIDR: "192.168.9.0/24"})
			return err
		}, nhncloud.ErrInvalidArgument, 1, func(ctx context.Context, m *made) int {
			subnets, err := honest(m).Subnets.List(ctx, &network.SubnetListOptions{Name: "shop"})
			return count(m.t, subnets, err, func(*network.Subnet) bool { return true })
		}},
		"RoutingTables.Create": {func(ctx context.Context, m *made) error {
			_, err := denied(m).RoutingTables.Create(ctx, network.RoutingTableCreateRequest{Name: "shop", VPCID: m.cloud.NetworkID()})
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			tables, err := honest(m).RoutingTables.List(ctx, &network.RoutingTableListOptions{Name: "shop"})
			return count(m.t, tables, err, func(*network.RoutingTable) bool { return true })
		}},
		"Routes.Create": {func(ctx context.Context, m *made) error {
			_, err := denied(m).Routes.Create(ctx, network.RouteCreateRequest{RoutingTableID: table(ctx, m), CIDR: "172.16.0.0/24", Gateway: "192.168.0.9"})
			return err
		}, nhncloud.ErrConflict, 1, func(ctx context.Context, m *made) int {
			routes, err := honest(m).Routes.List(ctx, &network.RouteListOptions{CIDR: "172.16.0.0/24"})
			return count(m.t, routes, err, func(*network.Route) bool { return true })
		}},
		"Gateways.Create": {func(ctx context.Context, m *made) error {
			_, err := denied(m).Gateways.Create(ctx, network.GatewayCreateRequest{Name: "shop", ExternalNetworkID: external(ctx, m)})
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			gateways, err := honest(m).Gateways.List(ctx, &network.GatewayListOptions{Name: "shop"})
			return count(m.t, gateways, err, func(*network.Gateway) bool { return true })
		}},
		"Ports.Create": {func(ctx context.Context, m *made) error {
			_, err := denied(m).Ports.Create(ctx, network.PortCreateRequest{NetworkID: m.cloud.NetworkID(), Name: "shop"})
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			ports, err := honest(m).Ports.List(ctx, &network.PortListOptions{Name: "shop"})
			return count(m.t, ports, err, func(*network.Port) bool { return true })
		}},
		"Ports.Create with an address": {func(ctx context.Context, m *made) error {
			_, err := denied(m).Ports.Create(ctx, network.PortCreateRequest{NetworkID: m.cloud.NetworkID(), Name: "shop", FixedIPs: []network.FixedIP{{IPAddress: "192.168.0.50"}}})
			return err
		}, nhncloud.ErrConflict, 1, func(ctx context.Context, m *made) int {
			ports, err := honest(m).Ports.List(ctx, &network.PortListOptions{FixedIP: network.FixedIPFilter{IPAddress: "192.168.0.50"}})
			return count(m.t, ports, err, func(*network.Port) bool { return true })
		}},
		"SecurityGroups.Create": {func(ctx context.Context, m *made) error {
			_, err := denied(m).SecurityGroups.Create(ctx, network.SecurityGroupCreateRequest{Name: "shop"})
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			groups, err := honest(m).SecurityGroups.List(ctx, &network.SecurityGroupListOptions{Name: "shop"})
			return count(m.t, groups, err, func(*network.SecurityGroup) bool { return true })
		}},
		"SecurityGroupRules.Create": {func(ctx context.Context, m *made) error {
			_, err := denied(m).SecurityGroupRules.Create(ctx, https(m.group()))
			return err
		}, nhncloud.ErrConflict, 1, func(ctx context.Context, m *made) int {
			rules, err := honest(m).SecurityGroupRules.List(ctx, &network.SecurityGroupRuleListOptions{PortRangeMin: new(8443)})
			return count(m.t, rules, err, func(r *network.SecurityGroupRule) bool {
				id, ok := network.ExistingRuleID(createAgain(ctx, m, r.SecurityGroupID, https))
				return ok && id == r.ID
			})
		}},
		"FloatingIPs.Create": {func(ctx context.Context, m *made) error {
			_, err := denied(m).FloatingIPs.Create(ctx, network.FloatingIPCreateRequest{FloatingNetworkID: external(ctx, m), Label: "shop"})
			return err
		}, nil, 2, func(ctx context.Context, m *made) int {
			ips, err := honest(m).FloatingIPs.List(ctx, &network.FloatingIPListOptions{Label: "shop", Status: network.FloatingIPDown})
			return count(m.t, ips, err, func(*network.FloatingIP) bool { return true })
		}},
	})
}

// createAgain is the error of making a rule that there is.
func createAgain(ctx context.Context, m *made, group string, rule func(string) network.SecurityGroupRuleCreateRequest) error {
	_, err := network.New(m.honest).SecurityGroupRules.Create(ctx, rule(group))
	return err
}
