package networkv1_test

import (
	"context"
	"fmt"
	"log"

	"github.com/nhncloud-go/nhncloud"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// A security group that lets HTTPS in from everywhere.
func ExampleSecurityGroupRulesService_Create() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	n := networkv1.New(client)

	group, err := n.SecurityGroups.Create(ctx, networkv1.SecurityGroupCreateRequest{Name: "https"})
	if err != nil {
		log.Fatal(err)
	}
	rule, err := n.SecurityGroupRules.Create(ctx, networkv1.SecurityGroupRuleCreateRequest{
		SecurityGroupID: group.ID,
		Direction:       networkv1.DirectionIngress,
		Ethertype:       networkv1.EthertypeIPv4,
		Protocol:        networkv1.ProtocolTCP,
		PortRangeMin:    new(443),
		PortRangeMax:    new(443),
		RemoteIPPrefix:  "0.0.0.0/0",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rule.Direction, rule.Protocol, *rule.PortRangeMin, rule.RemoteIPPrefix)
	// Output: ingress tcp 443 0.0.0.0/0
}

// A floating IP of the first pool.
func ExampleFloatingIPsService_Create() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	n := networkv1.New(client)

	pools, err := n.FloatingIPPools.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	ip, err := n.FloatingIPs.Create(ctx, pools[0].ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ip.Pool.Name, ip.Status)
	// Output: public_network DOWN
}

// start returns an in-memory cloud in place of the real one, and a client of it.
func start() (*nhncloudtest.Server, *nhncloud.Client) {
	cloud := nhncloudtest.NewServer()
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	if err != nil {
		log.Fatal(err)
	}
	client, err := nhncloud.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	return cloud, client
}
