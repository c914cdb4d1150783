package main

import (
	"context"
	"errors"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nks"
)

// createNetwork makes a VPC with a subnet that has a way to the internet, and
// puts it into what is said of the cluster.
func (b *builder) createNetwork(ctx context.Context, simple *nks.SimpleCluster) error {
	vpcs, subnets := b.network.VPCs, b.network.Subnets
	making := b.Making(ctx, "VPC "+b.name)
	vpc, err := vpcs.Create(making.Context, network.VPCCreateRequest{Name: b.name, CIDRv4: "10.20.0.0/16"})
	if err != nil {
		return making.Failed(err)
	}
	making.Made("VPC "+vpc.ID, func(ctx context.Context) error { return vpcs.Delete(ctx, vpc.ID) })
	b.Say("Made VPC %s of %s.", vpc.Name, vpc.CIDRv4)

	making = b.Making(ctx, "subnet "+b.name)
	subnet, err := subnets.Create(making.Context, network.SubnetCreateRequest{VPCID: vpc.ID, Name: b.name, CIDR: "10.20.1.0/24"})
	if err != nil {
		return making.Failed(err)
	}
	making.Made("subnet "+subnet.ID, func(ctx context.Context) error { return subnets.Delete(ctx, subnet.ID) })
	b.Say("Made its subnet %s.", subnet.CIDR)

	external, err := vpcs.FindExternal(ctx)
	if err != nil {
		return err
	}
	ways, err := nhncloud.Collect(subnets.All(ctx, &network.SubnetListOptions{VPCID: external.ID}))
	if err != nil {
		return err
	}
	if len(ways) == 0 {
		return errors.New("the external network has no subnet")
	}
	if err := b.openToInternet(ctx, vpc.ID, external.ID); err != nil {
		return err
	}
	simple.VPCID, simple.SubnetID, simple.ExternalNetworkID, simple.ExternalSubnetID = vpc.ID, subnet.ID, external.ID, ways[0].ID
	return nil
}

// openToInternet puts an internet gateway on the routing table of a VPC. The nodes
// get what they run from there.
func (b *builder) openToInternet(ctx context.Context, vpcID, externalID string) error {
	gateways, tables := b.network.Gateways, b.network.RoutingTables
	table, err := tables.FindDefault(ctx, vpcID)
	if err != nil {
		return err
	}
	making := b.Making(ctx, "internet gateway "+b.name)
	gateway, err := gateways.Create(making.Context, network.GatewayCreateRequest{Name: b.name, ExternalNetworkID: externalID})
	if err != nil {
		return making.Failed(err)
	}
	making.Made("internet gateway "+gateway.ID, func(ctx context.Context) error { return gateways.Delete(ctx, gateway.ID) })
	if _, err := tables.AttachGateway(ctx, table.ID, gateway.ID); err != nil {
		return err
	}
	if _, err := gateways.WaitForReady(ctx, gateway.ID, b.Progress()); err != nil {
		return err
	}
	b.Say("Made internet gateway %s; the routing table of the VPC leads to it.", gateway.Name)
	return nil
}
