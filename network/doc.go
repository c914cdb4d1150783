// Package network calls the network service of NHN Cloud (API v2.0): VPCs, their
// subnets, routing tables, routes and internet gateways, ports, security groups
// and their rules, and floating IPs.
//
// This program makes a VPC with a subnet, and a security group that lets HTTPS in,
// with the account in the environment:
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//
//		"github.com/nhncloud-go/nhncloud"
//		"github.com/nhncloud-go/nhncloud/network"
//	)
//
//	func main() {
//		config, err := nhncloud.ConfigFromEnv()
//		if err != nil {
//			log.Fatal(err)
//		}
//		client, err := nhncloud.NewClient(config)
//		if err != nil {
//			log.Fatal(err)
//		}
//		ctx := context.Background()
//		n := network.New(client)
//		vpc, err := n.VPCs.Create(ctx, network.VPCCreateRequest{Name: "shop", CIDRv4: "10.0.0.0/16"})
//		if err != nil {
//			log.Fatal(err)
//		}
//		subnet, err := n.Subnets.Create(ctx, network.SubnetCreateRequest{VPCID: vpc.ID, Name: "web", CIDR: "10.0.1.0/24"})
//		if err != nil {
//			log.Fatal(err)
//		}
//		group, err := n.SecurityGroups.Create(ctx, network.SecurityGroupCreateRequest{Name: "https"})
//		if err != nil {
//			log.Fatal(err)
//		}
//		_, err = n.SecurityGroupRules.Create(ctx, network.SecurityGroupRuleCreateRequest{
//			SecurityGroupID: group.ID, Direction: network.DirectionIngress,
//			Protocol: network.ProtocolTCP, PortRangeMin: new(443), PortRangeMax: new(443), RemoteIPPrefix: "0.0.0.0/0",
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Println(subnet.ID, subnet.CIDR, group.ID)
//	}
//
// A VPC with its subnets can be seen in two ways. [VPCsService] and
// [SubnetsService] show all of it, in the words of NHN Cloud, and change it. Use
// them unless a program speaks the words of OpenStack: [NetworksService] and
// [NetworkSubnetsService] list the same things under the same ids as Neutron
// does, with what it calls them. A port names its VPC by NetworkID.
//
// Statuses and other enumerations are open string types: the constants are
// those of the guides, and a value without a constant is passed on as it is.
package network
