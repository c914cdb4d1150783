// Package nks is the Kubernetes service, v1: clusters, their node groups, add-ons
// and events. Its nodes are servers of compute, with ports and a security group
// of the network service and volumes of block storage. Each cluster has a small
// Kubernetes API of its own on a TLS port of loopback.
package nks
