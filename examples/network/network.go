package main

import (
	"context"

	"github.com/nhncloud-go/nhncloud/network"
)

func (b *builder) createVPC(ctx context.Context) (*network.VPC, error) {
	vpcs := b.network.VPCs
	making := b.Making(ctx, "VPC "+b.name)
	vpc, err := vpcs.Create(making.Context, network.VPCCreateRequest{Name: b.name, CIDRv4: "10.20.0.0/16"})
	if err != nil {
		return nil, making.Failed(err)
	}
	making.Made("VPC "+vpc.ID, func(ctx context.Context) error { return vpcs.Delete(ctx, vpc.ID) })
	b.Say("Made VPC %s of %s.", vpc.Name, vpc.CIDRv4)
	return vpc, nil
}

func (b *builder) createSubnet(ctx context.Context, vpcID string) (*network.Subnet, error) {
	subnets := b.network.Subnets
	making := b.Making(ctx, "subnet "+b.name)
	subnet, err := subnets.Create(making.Context, network.SubnetCreateRequest{VPCID: vpcID, Name: b.name, CIDR: "10.20.1.0/24"})
	if err != nil {
		return nil, making.Failed(err)
	}
	making.Made("subnet "+subnet.ID, func(ctx context.Context) error { return subnets.Delete(ctx, subnet.ID) })
	b.Say("Made its subnet %s.", subnet.CIDR)
	return subnet, nil
}

// openToInternet puts an internet gateway on the routing table that a VPC begins
// with, which its subnets use.
func (b *builder) openToInternet(ctx context.Context, vpcID string) error {
	gateways, tables := b.network.Gateways, b.network.RoutingTables
	external, err := b.network.VPCs.FindExternal(ctx)
	if err != nil {
		return err
	}
	table, err := tables.FindDefault(ctx, vpcID)
	if err != nil {
		return err
	}
	making := b.Making(ctx, "internet gateway "+b.name)
	gateway, err := gateways.Create(making.Context, network.GatewayCreateRequest{Name: b.name, ExternalNetworkID: external.ID})
	if err != nil {
		return making.Failed(err)
	}
	making.Made("internet gateway "+gateway.ID, func(ctx context.Context) error {
		return gateways.Delete(ctx, gateway.ID) // it is detached by that
	})
	b.Say("Made internet gateway %s.", gateway.Name)
	if _, err := tables.AttachGateway(ctx, table.ID, gateway.ID); err != nil {
		return err
	}
	if _, err := gateways.WaitForReady(ctx, gateway.ID, b.Progress()); err != nil {
		return err
	}
	b.Say("The routing table of the VPC leads to it.")
	return nil
}

// createSecurityGroup makes a group that lets ssh in from some addresses and HTTP
// from all, and everything out.
func (b *builder) createSecurityGroup(ctx context.Context) error {
	groups := b.network.SecurityGroups
	making := b.Making(ctx, "security group "+b.name)
	group, err := groups.Create(making.Context, network.SecurityGroupCreateRequest{Name: b.name})
	if err != nil {
		return making.Failed(err)
	}
	making.Made("security group "+group.ID, func(ctx context.Context) error { return groups.Delete(ctx, group.ID) })
	b.Say("Made security group %s.", group.Name)
	from := b.sshFrom.Masked().String() // host bits are refused
	_, err = groups.EnsureRules(ctx, group.ID, append(network.DefaultEgressRules(), letIn(22, from), letIn(80, "0.0.0.0/0")))
	if err != nil {
		return err
	}
	b.Say("It lets ssh in from %s, and HTTP from everywhere.", from)
	return nil
}

func letIn(port int, from string) network.SecurityGroupRuleCreateRequest {
	return network.SecurityGroupRuleCreateRequest{
		Direction: network.DirectionIngress, Protocol: network.ProtocolTCP, PortRangeMin: &port, PortRangeMax: &port, RemoteIPPrefix: from,
	}
}

// addFloatingIP makes the server reachable from outside. The floating IP is
// created by itself first, so that its id is known whatever happens then.
func (b *builder) addFloatingIP(ctx context.Context, serverID string) error {
	ips := b.network.FloatingIPs
	external, err := b.network.VPCs.FindExternal(ctx)
	if err != nil {
		return err
	}
	making := b.Making(ctx, "a floating IP with label "+b.name)
	ip, err := ips.Create(making.Context, network.FloatingIPCreateRequest{FloatingNetworkID: external.ID, Label: b.name})
	if err != nil {
		return making.Failed(err)
	}
	making.Made("floating IP "+ip.ID, func(ctx context.Context) error {
		if _, err := ips.Disassociate(ctx, ip.ID); err != nil {
			return err
		}
		return ips.Delete(ctx, ip.ID)
	})
	b.Say("Took floating IP %s.", ip.FloatingIPAddress)
	association := network.ServerAssociation{ServerID: serverID, FloatingIPID: ip.ID}
	if _, err := ips.AssociateWithServer(ctx, association, b.Progress()); err != nil {
		return err
	}
	b.Say("Connected it with the server.")
	return nil
}
