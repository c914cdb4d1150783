// Package networkv1 calls the network operations of NHN Cloud (API v1.0):
// security groups and their rules, networks, subnets, and floating IPs.
// Security groups and floating IPs are put on instances with package computev1.
//
// This program makes a security group that lets HTTPS in, with the account in the
// environment:
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//
//		"github.com/nhncloud-go/nhncloud"
//		networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
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
//		n := networkv1.New(client)
//		group, err := n.SecurityGroups.Create(ctx, networkv1.SecurityGroupCreateRequest{Name: "https"})
//		if err != nil {
//			log.Fatal(err)
//		}
//		rule, err := n.SecurityGroupRules.Create(ctx, networkv1.SecurityGroupRuleCreateRequest{
//			SecurityGroupID: group.ID,
//			Direction:       networkv1.DirectionIngress,
//			Protocol:        networkv1.ProtocolTCP,
//			PortRangeMin:    new(443),
//			PortRangeMax:    new(443),
//			RemoteIPPrefix:  "0.0.0.0/0",
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Println(group.Name, rule.ID)
//	}
//
// The v1.0 API serves the regions of Korea alone, and needs
// [nhncloud.Config.AppKey]. Statuses and other enumerations are open string
// types: the constants are those of the guide, and a value without a constant is
// passed on as it is.
package networkv1
