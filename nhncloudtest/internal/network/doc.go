// Package network is the network service: VPCs with their subnets, routing
// tables and internet gateways, ports, security groups and floating IPs. It
// speaks v2.0 as NHN Cloud's guides have it, and neutron where those are silent;
// whoever makes servers takes ports from it.
package network
