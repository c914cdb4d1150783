// Package nks calls the NHN Kubernetes Service (API v1): clusters, their node
// groups and add-ons, and what was done to them.
//
//	k := nks.New(client)
//	cluster, err := k.Clusters.Get(ctx, "web")
//
// Clusters and node groups go by their UUID or their name, but for events, which
// want the UUID of the cluster.
//
// # Changes
//
// What is changed takes its time, ten minutes for a new cluster and more for an
// upgrade, and NKS refuses a second change until it is done. The WaitFor methods
// look until then, and end where it failed, with what the service says of it. A
// context for a new cluster should live for 60 minutes.
//
// # Labels
//
// Most settings of clusters and node groups are labels: a map of texts on the wire,
// [ClusterLabels] and [NodeGroupLabels] here. What they have no field for is in
// their Other, and is sent along.
//
// Statuses and other enumerations are open string types: the constants are those
// of the guide, and a value without a constant is passed on as it is.
package nks
