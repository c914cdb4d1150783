package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network"
)

// printTree prints what there is in a VPC, as the cloud tells it.
func (b *builder) printTree(ctx context.Context, vpcID string) error {
	vpc, err := b.network.VPCs.Get(ctx, vpcID)
	if err != nil {
		return err
	}
	b.branch(0, "VPC %s, %s", vpc.Name, vpc.CIDRv4)
	for _, table := range vpc.RoutingTables {
		if err := b.printRoutes(ctx, table); err != nil {
			return err
		}
	}
	ips, err := nhncloud.Collect(b.network.FloatingIPs.All(ctx, nil))
	if err != nil {
		return err
	}
	floating := map[string]*network.FloatingIP{} // by the port that has it
	for _, ip := range ips {
		floating[ip.PortID] = ip
	}
	for _, subnet := range vpc.Subnets {
		b.branch(1, "subnet %s, %s", subnet.Name, subnet.CIDR)
		if err := b.printPorts(ctx, subnet.ID, floating); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) printRoutes(ctx context.Context, ref network.RoutingTableRef) error {
	table, err := b.network.RoutingTables.Get(ctx, ref.ID)
	if err != nil {
		return err
	}
	b.branch(1, "routing table %s", table.Name)
	for _, route := range table.Routes {
		to := route.Gateway
		if route.GatewayID != "" && route.GatewayID == table.GatewayID {
			to = "internet gateway " + table.GatewayName
		}
		b.branch(2, "%s to %s", route.CIDR, to)
	}
	return nil
}

func (b *builder) printPorts(ctx context.Context, subnetID string, floating map[string]*network.FloatingIP) error {
	options := network.PortListOptions{FixedIP: network.FixedIPFilter{SubnetID: subnetID}}
	for port, err := range b.network.Ports.All(ctx, &options) {
		if err != nil {
			return err
		}
		if !strings.HasPrefix(port.DeviceOwner, "compute:") || len(port.FixedIPs) == 0 {
			continue // it is not a server's
		}
		server, err := b.compute.Servers.Get(ctx, port.DeviceID)
		if err != nil {
			return err
		}
		outside := "no floating IP"
		if ip := floating[port.ID]; ip != nil {
			outside = "floating IP " + ip.FloatingIPAddress
		}
		b.branch(2, "server %s, %s, %s, key pair %s, %s", server.Name, server.Status, port.FixedIPs[0].IPAddress, server.KeyName, outside)
		for _, id := range port.SecurityGroups {
			if err := b.printRules(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *builder) printRules(ctx context.Context, groupID string) error {
	group, err := b.network.SecurityGroups.Get(ctx, groupID)
	if err != nil {
		return err
	}
	b.branch(3, "security group %s", group.Name)
	for _, rule := range group.SecurityGroupRules {
		what := cmp.Or(string(rule.Protocol), "everything")
		if rule.PortRangeMin != nil && rule.PortRangeMax != nil {
			what += fmt.Sprintf(" %d to %d", *rule.PortRangeMin, *rule.PortRangeMax)
		}
		b.branch(4, "%s %s %s %s", rule.Direction, rule.Ethertype, what, cmp.Or(rule.RemoteIPPrefix, rule.RemoteGroupID, "everywhere"))
	}
	return nil
}

func (b *builder) branch(depth int, format string, args ...any) {
	b.Say(strings.Repeat("  ", depth)+"- "+format, args...)
}
