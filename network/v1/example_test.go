package networkv1_test

import (
	"context"
	"fmt"
	"log"

	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// A security group that lets HTTPS in from everywhere.
func ExampleSecurityGroupRulesService_Create() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := testclient.New(cloud)
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
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := testclient.New(cloud)
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

// The security groups of the project, with what they let in.
func ExampleSecurityGroupsService_List() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := testclient.New(cloud)
	groups := networkv1.New(client).SecurityGroups
	if _, err := groups.Create(ctx, networkv1.SecurityGroupCreateRequest{Name: "shop"}); err != nil {
		log.Fatal(err)
	}

	all, err := groups.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, group := range all {
		in := 0
		for _, rule := range group.SecurityGroupRules {
			if rule.Direction == networkv1.DirectionIngress {
				in++
			}
		}
		fmt.Printf("%s: %d rules for what comes in\n", group.Name, in)
	}
	// Unordered output:
	// default: 2 rules for what comes in
	// web: 3 rules for what comes in
	// shop: 0 rules for what comes in
}

// A new name. The description stays, because it is nil in the request.
func ExampleSecurityGroupsService_Update() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := testclient.New(cloud)
	groups := networkv1.New(client).SecurityGroups
	group, err := groups.Create(ctx, networkv1.SecurityGroupCreateRequest{Name: "web", Description: "of the shop"})
	if err != nil {
		log.Fatal(err)
	}

	group, err = groups.Update(ctx, group.ID, networkv1.SecurityGroupUpdateRequest{Name: "shop"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(group.Name, group.Description)
	// Output: shop of the shop
}

// The networks that instances can be on, which are those that give no floating
// IPs.
func ExampleNetworksService_List() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := testclient.New(cloud)

	networks, err := networkv1.New(client).Networks.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, network := range networks {
		if !network.RouterExternal {
			fmt.Println(network.Name, network.Status, len(network.Subnets), "subnets")
		}
	}
	// Output: Default Network ACTIVE 2 subnets
}

func ExampleSubnetsService_List() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := testclient.New(cloud)

	subnets, err := networkv1.New(client).Subnets.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, subnet := range subnets {
		fmt.Println(subnet.Name, subnet.CIDR, subnet.GatewayIP)
	}
	// Unordered output:
	// Default Network 192.168.0.0/24 192.168.0.1
	// Wide Subnet 192.168.64.0/18 192.168.64.1
	// public_snat_gateway 100.127.64.0/24 100.127.64.1
}

// A pool, because floating IPs are taken out of one by its id.
func ExampleFloatingIPPoolsService_List() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := testclient.New(cloud)

	pools, err := networkv1.New(client).FloatingIPPools.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, pool := range pools {
		fmt.Println(pool.Name)
	}
	// Output: public_network
}
