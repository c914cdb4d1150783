// Package network is the network service: VPCs with their subnets and
// addresses, security groups and floating IPs. It speaks the reading calls of
// v2.0; whoever makes servers takes ports from it.
package network
