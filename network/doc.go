// Package network calls the network service of NHN Cloud (API v2.0): VPCs, their
// subnets, routing tables, routes and internet gateways, ports, security groups
// and their rules, and floating IPs.
//
//	n := network.New(client)
//	vpc, err := n.VPCs.Get(ctx, id)
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
