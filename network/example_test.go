package network_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// A VPC, with the routing table that comes with it.
func ExampleVPCsService_Create() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()

	vpc, err := n.VPCs.Create(ctx, network.VPCCreateRequest{Name: "shop", CIDRv4: "10.0.0.0/16"})
	if err != nil {
		log.Fatal(err)
	}
	table, err := n.RoutingTables.FindDefault(ctx, vpc.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(vpc.Name, vpc.CIDRv4, vpc.State)
	fmt.Println("default routing table:", table.DefaultTable)
	// Output:
	// shop 10.0.0.0/16 available
	// default routing table: true
}

// The VPC that a project begins with.
func ExampleVPCsService_FindDefault() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()

	vpc, err := n.VPCs.FindDefault(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(vpc.Name, vpc.CIDRv4)
	// Output: Default Network 192.168.0.0/16
}

func ExampleSubnetsService_Create() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()
	vpc, err := n.VPCs.Create(ctx, network.VPCCreateRequest{Name: "shop", CIDRv4: "10.0.0.0/16"})
	if err != nil {
		log.Fatal(err)
	}

	subnet, err := n.Subnets.Create(ctx, network.SubnetCreateRequest{VPCID: vpc.ID, Name: "web", CIDR: "10.0.1.0/24"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(subnet.Name, subnet.CIDR, subnet.Gateway)
	// Output: web 10.0.1.0/24 10.0.1.1
}

// A routing table of its own for a subnet that is not to reach the internet.
func ExampleRoutingTablesService_Create() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()
	vpc, err := n.VPCs.FindDefault(ctx)
	if err != nil {
		log.Fatal(err)
	}

	table, err := n.RoutingTables.Create(ctx, network.RoutingTableCreateRequest{Name: "inner", VPCID: vpc.ID})
	if err != nil {
		log.Fatal(err)
	}
	subnet, err := n.Subnets.AttachRoutingTable(ctx, cloud.SubnetID(), table.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(subnet.RoutingTable.Name, subnet.RoutingTable.Explicit)
	// Output: inner true
}

// A route to a network behind a server that forwards.
func ExampleRoutesService_Create() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()
	table, err := n.RoutingTables.FindDefault(ctx, cloud.NetworkID())
	if err != nil {
		log.Fatal(err)
	}

	_, err = n.Routes.Create(ctx, network.RouteCreateRequest{
		RoutingTableID: table.ID, CIDR: "172.16.0.0/24", Gateway: "192.168.0.9", Description: "office",
	})
	if err != nil {
		log.Fatal(err)
	}
	for route, err := range n.Routes.All(ctx, &network.RouteListOptions{RoutingTableID: table.ID}) {
		if err != nil {
			log.Fatal(err)
		}
		if route.GatewayID == "" { // it does not lead to the internet
			fmt.Println(route.CIDR, "by", route.Gateway)
		}
	}
	// Unordered output:
	// 192.168.0.0/16 by local
	// 172.16.0.0/24 by 192.168.0.9
}

// The way of a VPC to the internet and back.
func ExampleGatewaysService_WaitForReady() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cloud, n := start()
	defer cloud.Close()
	vpc, err := n.VPCs.Create(ctx, network.VPCCreateRequest{Name: "shop", CIDRv4: "10.0.0.0/16"})
	if err != nil {
		log.Fatal(err)
	}
	external, err := n.VPCs.FindExternal(ctx)
	if err != nil {
		log.Fatal(err)
	}
	table, err := n.RoutingTables.FindDefault(ctx, vpc.ID)
	if err != nil {
		log.Fatal(err)
	}

	gateway, err := n.Gateways.Create(ctx, network.GatewayCreateRequest{Name: "way-out", ExternalNetworkID: external.ID})
	if err != nil {
		log.Fatal(err)
	}
	if _, err = n.RoutingTables.AttachGateway(ctx, table.ID, gateway.ID); err != nil {
		log.Fatal(err)
	}
	gateway, err = n.Gateways.WaitForReady(ctx, gateway.ID, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(gateway.Name, gateway.State)
	// Output: way-out available
}

// A port with an address of the caller's choice, to be given to a new server.
func ExamplePortsService_Create() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()

	port, err := n.Ports.Create(ctx, network.PortCreateRequest{
		NetworkID: cloud.NetworkID(),
		Name:      "web",
		FixedIPs:  []network.FixedIP{{SubnetID: cloud.SubnetID(), IPAddress: "192.168.0.50"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(port.Name, port.FixedIPs[0].IPAddress, port.Status)
	// Output: web 192.168.0.50 DOWN
}

// A port without security. The empty lists take away what it has, where nil
// would leave it.
func ExamplePortsService_Update() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()
	port, err := n.Ports.Create(ctx, network.PortCreateRequest{NetworkID: cloud.NetworkID(), Name: "router"})
	if err != nil {
		log.Fatal(err)
	}

	port, err = n.Ports.Update(ctx, port.ID, network.PortUpdateRequest{
		PortSecurityEnabled: new(false),
		SecurityGroups:      []string{},
		AllowedAddressPairs: []network.AllowedAddressPair{},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(port.Name, len(port.SecurityGroups), "security groups")
	// Output: router 0 security groups
}

// A security group with exactly these rules, however often this runs.
func ExampleSecurityGroupsService_EnsureRules() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()
	group, err := n.SecurityGroups.Create(ctx, network.SecurityGroupCreateRequest{Name: "shop"})
	if err != nil {
		log.Fatal(err)
	}

	wanted := network.DefaultEgressRules()
	for _, port := range []int{22, 443} {
		wanted = append(wanted, network.SecurityGroupRuleCreateRequest{
			Direction: network.DirectionIngress, Protocol: network.ProtocolTCP, PortRangeMin: &port, PortRangeMax: &port,
		})
	}
	for range 2 {
		changes, err := n.SecurityGroups.EnsureRules(ctx, group.ID, wanted)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(changes.Added), "added,", len(changes.Removed), "removed,", len(changes.Kept), "kept")
	}
	// Output:
	// 2 added, 0 removed, 2 kept
	// 0 added, 0 removed, 4 kept
}

// The service refuses a rule that is there already, and says which it is.
func ExampleExistingRuleID() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()
	group, err := n.SecurityGroups.Create(ctx, network.SecurityGroupCreateRequest{Name: "shop"})
	if err != nil {
		log.Fatal(err)
	}
	https := network.SecurityGroupRuleCreateRequest{
		SecurityGroupID: group.ID, Direction: network.DirectionIngress, Protocol: network.ProtocolTCP, PortRangeMin: new(443), PortRangeMax: new(443),
	}
	rule, err := n.SecurityGroupRules.Create(ctx, https)
	if err != nil {
		log.Fatal(err)
	}

	_, err = n.SecurityGroupRules.Create(ctx, https)
	id, exists := network.ExistingRuleID(err)
	fmt.Println(exists, id == rule.ID, errors.Is(err, nhncloud.ErrConflict))
	// Output: true true true
}

// Ping from everywhere. ICMP has no ports.
func ExampleSecurityGroupRulesService_Create() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()
	group, err := n.SecurityGroups.Create(ctx, network.SecurityGroupCreateRequest{Name: "shop"})
	if err != nil {
		log.Fatal(err)
	}

	rule, err := n.SecurityGroupRules.Create(ctx, network.SecurityGroupRuleCreateRequest{
		SecurityGroupID: group.ID, Direction: network.DirectionIngress, Protocol: network.ProtocolICMP, RemoteIPPrefix: "0.0.0.0/0",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rule.Direction, rule.Ethertype, rule.Protocol, rule.RemoteIPPrefix)
	// Output: ingress IPv4 icmp 0.0.0.0/0
}

// A floating IP for a server. Where it fails, no new floating IP is left.
func ExampleFloatingIPsService_AssociateWithServer() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cloud, n := start()
	defer cloud.Close()
	server := cloud.AddServers(1)[0]

	ip, err := n.FloatingIPs.AssociateWithServer(ctx, network.ServerAssociation{ServerID: server, Label: "shop"}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ip.Status, ip.Label)

	ip, err = n.FloatingIPs.Disassociate(ctx, ip.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ip.PortID == "")
	// Output:
	// ACTIVE shop
	// true
}

// The VPCs as OpenStack shows them.
func ExampleNetworksService_All() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()

	for net, err := range n.Networks.All(ctx, &network.NetworkListOptions{RouterExternal: new(false)}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(net.Name, net.Status, len(net.Subnets), "subnets")
	}
	// Output: Default Network ACTIVE 2 subnets
}

func ExampleNetworkSubnetsService_List() {
	ctx := context.Background()
	cloud, n := start()
	defer cloud.Close()

	subnets, err := n.NetworkSubnets.List(ctx, &network.NetworkSubnetListOptions{NetworkID: cloud.NetworkID()})
	if err != nil {
		log.Fatal(err)
	}
	for _, subnet := range subnets {
		fmt.Println(subnet.Name, subnet.CIDR, subnet.GatewayIP)
	}
	// Unordered output:
	// Default Network 192.168.0.0/24 192.168.0.1
	// Wide Subnet 192.168.64.0/18 192.168.64.1
}

// start returns an in-memory cloud in place of the real one, and its network.
func start() (*nhncloudtest.Server, *network.Client) {
	cloud := nhncloudtest.NewServer()
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	if err != nil {
		log.Fatal(err)
	}
	client, err := nhncloud.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	return cloud, network.New(client)
}
