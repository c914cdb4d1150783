// Package loadbalancer is the load balancer service: load balancers with their
// listeners, pools, members and health monitors, L7 policies, error pages and IP
// ACL groups, below /v2.0/lbaas of the network endpoint. It speaks as NHN Cloud's
// guide has it, and as Octavia where that is silent.
package loadbalancer
