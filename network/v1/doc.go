// Package networkv1 calls the network operations of NHN Cloud (API v1.0):
// security groups and their rules, networks, subnets, and floating IPs.
// Security groups and floating IPs are put on instances with package computev1.
//
//	n := networkv1.New(client)
//	group, err := n.SecurityGroups.Get(ctx, id)
//
// The v1.0 API serves the regions of Korea alone, and needs
// [nhncloud.Config.AppKey]. Statuses and other enumerations are open string
// types: the constants are those of the guide, and a value without a constant is
// passed on as it is.
package networkv1
