package network_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		network.AllocationPool{}, network.AllowedAddressPair{}, network.ExtraDHCPOpt{}, network.FixedIP{}, network.FixedIPFilter{},
		network.FloatingIP{}, network.FloatingIPAssociateRequest{}, network.FloatingIPCreateRequest{}, network.FloatingIPListOptions{}, network.FloatingIPUpdateRequest{},
		network.Gateway{}, network.GatewayCreateRequest{}, network.GatewayListOptions{}, network.HostRoute{}, network.Network{}, network.NetworkListOptions{},
		network.NetworkSubnet{}, network.NetworkSubnetListOptions{}, network.Port{}, network.PortCreateRequest{}, network.PortListOptions{}, network.PortUpdateRequest{},
		network.Ref{}, network.RelatedGateway{}, network.Route{}, network.RouteCreateRequest{}, network.RouteListOptions{}, network.RouteUpdateRequest{},
		network.RoutingTable{}, network.RoutingTableCreateRequest{}, network.RoutingTableListOptions{}, network.RoutingTableRef{}, network.RoutingTableUpdateRequest{},
		network.RuleChanges{}, network.SecurityGroup{}, network.SecurityGroupCreateRequest{}, network.SecurityGroupListOptions{}, network.SecurityGroupPort{},
		network.SecurityGroupPortListOptions{}, network.SecurityGroupRule{}, network.SecurityGroupRuleCreateRequest{}, network.SecurityGroupRuleListOptions{},
		network.SecurityGroupUpdateRequest{}, network.ServerAssociation{}, network.Subnet{}, network.SubnetCreateRequest{}, network.SubnetListOptions{},
		network.SubnetRoute{}, network.SubnetUpdateRequest{}, network.VPC{}, network.VPCCreateRequest{}, network.VPCListOptions{}, network.VPCRef{}, network.VPCUpdateRequest{},
	)
}
