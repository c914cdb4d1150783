// Package nks calls the NHN Kubernetes Service (API v1): clusters, their node
// groups and add-ons, and what was done to them.
//
// This program creates a cluster of three nodes, waits until it is there, and
// writes the file that kubectl wants, with the account in the environment:
//
//	package main
//
//	import (
//		"context"
//		"log"
//		"os"
//		"time"
//
//		"github.com/nhncloud-go/nhncloud"
//		"github.com/nhncloud-go/nhncloud/nks"
//	)
//
//	func main() {
//		config, err := nhncloud.ConfigFromEnv()
//		if err != nil {
//			log.Fatal(err)
//		}
//		client, err := nhncloud.NewClient(config)
//		if err != nil {
//			log.Fatal(err)
//		}
//		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
//		defer cancel()
//		clusters := nks.New(client).Clusters
//		uuid, err := clusters.CreateSimple(ctx, nks.SimpleCluster{
//			Name:              "web",
//			VPCID:             os.Getenv("VPC_ID"),
//			SubnetID:          os.Getenv("SUBNET_ID"), // routed to an internet gateway
//			ExternalNetworkID: os.Getenv("EXTERNAL_NETWORK_ID"),
//			ExternalSubnetID:  os.Getenv("EXTERNAL_SUBNET_ID"),
//			InstanceType:      "m2.c4m8",
//			KeyName:           "deploy",
//			KubernetesVersion: "v1.32.3", // Supports.Get tells which there are
//			AvailabilityZone:  "kr-pub-a",
//			NodeCount:         3,
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//		if _, err := clusters.WaitForComplete(ctx, uuid, nil); err != nil {
//			log.Fatal(err)
//		}
//		if err := clusters.SaveKubeconfig(ctx, uuid, "web.kubeconfig", nil); err != nil {
//			log.Fatal(err)
//		}
//	}
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
