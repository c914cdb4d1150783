package nks_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
	"github.com/nhncloud-go/nhncloud/nks"
)

// A cluster, from its creation to its end.
func Example() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := testclient.New(cloud)
	k := nks.New(client)
	externalNetwork, externalSubnet := wayOut(ctx, client)
	if _, err := keypair.New(client).KeyPairs.Create(ctx, "deploy"); err != nil {
		log.Fatal(err)
	}

	uuid, err := k.Clusters.CreateSimple(ctx, nks.SimpleCluster{
		Name:              "web",
		VPCID:             cloud.NetworkID(),
		SubnetID:          cloud.SubnetID(),
		InstanceType:      "m2.c4m8",
		KeyName:           "deploy",
		KubernetesVersion: "v1.32.3",
		AvailabilityZone:  "kr-pub-a",
		ExternalNetworkID: externalNetwork,
		ExternalSubnetID:  externalSubnet,
		NodeCount:         2,
	})
	if err != nil {
		log.Fatal(err)
	}
	cluster, err := k.Clusters.WaitForComplete(ctx, uuid, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cluster.Name, cluster.Labels.KubeTag, "with", cluster.NodeCount, "nodes:", cluster.Status)

	if err := k.Clusters.Delete(ctx, uuid); err != nil {
		log.Fatal(err)
	}
	if err := k.Clusters.WaitForDeletion(ctx, uuid, nil); err != nil {
		log.Fatal(err)
	}
	// Output: web v1.32.3 with 2 nodes: CREATE_COMPLETE
}

// A cluster with all that can be decided: networks, a second volume for each node,
// an autoscaler and add-ons.
func ExampleClustersService_Create() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := testclient.New(cloud)
	k := nks.New(client)
	externalNetwork, externalSubnet := wayOut(ctx, client)
	if _, err := keypair.New(client).KeyPairs.Create(ctx, "deploy"); err != nil {
		log.Fatal(err)
	}

	uuid, err := k.Clusters.Create(ctx, nks.ClusterCreateRequest{
		Name:           "shop",
		KeyName:        "deploy",
		FlavorID:       cloud.FlavorID("m2.c4m8"),
		FixedNetworkID: cloud.NetworkID(),
		FixedSubnetID:  cloud.SubnetID(),
		NodeCount:      2,
		Labels: nks.ClusterLabels{
			NodeGroupLabels: nks.NodeGroupLabels{
				AvailabilityZone:  "kr-pub-a",
				NodeImage:         cloud.ImageID("Ubuntu"),
				KubeTag:           "v1.32.3",
				BootVolumeType:    "General SSD",
				BootVolumeSize:    50,
				ExternalNetworkID: externalNetwork,
				ExternalSubnetIDs: []string{externalSubnet},
				ExtraVolumes:      []nks.ExtraVolume{{VolumeType: "General HDD", VolumeSize: 100, MountPath: "/data"}},
				Autoscaler:        nks.Autoscaler{Enable: true, MinNodeCount: 2, MaxNodeCount: 5},
				StrictSGRules:     true,
			},
			MasterLBFloatingIPEnabled: true,
			PodsNetworkCIDR:           "10.100.0.0/16",
			PodsNetworkSubnet:         24,
			ServiceClusterIPRange:     "10.254.0.0/16",
		},
		Addons: []nks.AddonChoice{
			{Name: "calico", Version: "v3.28.2-nks1", Options: map[string]any{"mode": "vxlan"}},
			{Name: "coredns", Version: "1.8.4-nks1"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	cluster, err := k.Clusters.WaitForComplete(ctx, uuid, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cluster.Status, "pods in", cluster.Labels.PodsNetworkCIDR, "by", cluster.Labels.PodsNetworkSubnet)
	// Output: CREATE_COMPLETE pods in 10.100.0.0/16 by 24
}

// A kubeconfig for kubectl, and until when it is good.
func ExampleClustersService_SaveKubeconfig() {
	ctx := context.Background()
	k, done := start(ctx)
	defer done()
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "web.kubeconfig")

	if err := k.Clusters.SaveKubeconfig(ctx, "web", path, nil); err != nil {
		log.Fatal(err)
	}
	err = k.Clusters.SaveKubeconfig(ctx, "web", path, nil)
	fmt.Println("is there already:", errors.Is(err, os.ErrExist))

	config, err := k.Clusters.GetKubeconfig(ctx, "web")
	if err != nil {
		log.Fatal(err)
	}
	server, err := config.Server()
	if err != nil {
		log.Fatal(err)
	}
	cluster, err := k.Clusters.Get(ctx, "web")
	if err != nil {
		log.Fatal(err)
	}
	expiry, err := config.ClientCertificateExpiry()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("leads to the cluster:", server == cluster.APIAddress)
	fmt.Println("is good for", expiry.Year()-cluster.CreatedAt.Year(), "years:", config)
	// Output:
	// is there already: true
	// leads to the cluster: true
	// is good for 5 years: [REDACTED]
}

// The next Kubernetes version. The same call again goes on where one ended early.
func ExampleClustersService_Upgrade() {
	ctx := context.Background()
	k, done := start(ctx)
	defer done()

	err := k.Clusters.Upgrade(ctx, "web", "v1.32.3", &nks.UpgradeOptions{
		Progress: func(p nks.UpgradeProgress) { fmt.Println(p.NodeGroup, "with", p.Version, p.Stage) },
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// default-master with v1.31.4 begun
	// default-master with v1.31.4 done
	// default-worker with v1.31.4 begun
	// default-worker with v1.31.4 done
}

// Why something failed.
func ExampleClustersService_WaitForComplete() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	k := withCluster(ctx, cloud)
	if err := cloud.FailKubernetesTask("CLUSTER_RESIZE", "no host was found"); err != nil {
		log.Fatal(err)
	}

	_, err := k.Clusters.Resize(ctx, "web", nks.ResizeRequest{NodeGroup: nks.DefaultNodeGroup, NodeCount: 3})
	if err != nil {
		log.Fatal(err)
	}
	_, err = k.Clusters.WaitForComplete(ctx, "web", nil)
	if errors.Is(err, nhncloud.ErrFailedState) {
		fmt.Println(err)
	}
	// Output: nhncloud: nks-get-cluster: cluster web does not become COMPLETE (status "UPDATE_FAILED"): CLUSTER_RESIZE of default-worker failed: no host was found
}

// A second worker group, which takes care of its size itself.
func ExampleNodeGroupsService_Create() {
	ctx := context.Background()
	k, done := start(ctx)
	defer done()
	worker, err := k.NodeGroups.Get(ctx, "web", nks.DefaultNodeGroup)
	if err != nil {
		log.Fatal(err)
	}

	group, err := k.NodeGroups.Create(ctx, "web", nks.NodeGroupCreateRequest{
		Name:     "batch",
		FlavorID: worker.FlavorID,
		ImageID:  worker.ImageID,
		Labels: nks.NodeGroupLabels{
			AvailabilityZone: "kr-pub-b",
			BootVolumeType:   "General SSD",
			BootVolumeSize:   100,
			Autoscaler:       nks.Autoscaler{Enable: true, MinNodeCount: 1, MaxNodeCount: 5},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if group, err = k.NodeGroups.WaitForComplete(ctx, "web", group.UUID, nil); err != nil {
		log.Fatal(err)
	}
	a := group.Labels.Autoscaler
	fmt.Printf("%s: %d node, up to %d\n", group.Name, group.NodeCount, a.MaxNodeCount)
	// Output: batch: 1 node, up to 5
}

// The add-ons of a cluster, and what else there is of their type.
func ExampleAddonsService_ListInstalled() {
	ctx := context.Background()
	k, done := start(ctx)
	defer done()
	offered, err := k.Addons.List(ctx)
	if err != nil {
		log.Fatal(err)
	}

	installed, err := k.Addons.ListInstalled(ctx, "web")
	if err != nil {
		log.Fatal(err)
	}
	for _, addon := range installed {
		n := 0
		for _, offer := range offered {
			if offer.Type == addon.Type {
				n++
			}
		}
		fmt.Printf("%s: %s %s of %d that are offered\n", addon.Type, addon.Name, addon.Version, n)
	}
	// Unordered output:
	// cni: calico v3.28.2-nks1 of 4 that are offered
	// kube-dns: coredns 1.8.4-nks1 of 2 that are offered
}

// What was done to a cluster.
func ExampleEventsService_All() {
	ctx := context.Background()
	k, done := start(ctx)
	defer done()
	cluster, err := k.Clusters.Get(ctx, "web")
	if err != nil {
		log.Fatal(err)
	}

	for event, err := range k.Events.All(ctx, cluster.UUID) { // which do not go by the name
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Type, event.ResourceName, event.State)
	}
	// Output: CLUSTER_CREATE web SUCCESS
}

// The newest Kubernetes version that a cluster can have.
func ExampleSupportsService_Get() {
	ctx := context.Background()
	k, done := start(ctx)
	defer done()

	supports, err := k.Supports.Get(ctx)
	if err != nil {
		log.Fatal(err)
	}
	versions := supports.Versions()
	fmt.Println(versions[len(versions)-1])
	// Output: v1.32.3
}

// start starts a cloud with a cluster "web" of one node.
func start(ctx context.Context) (*nks.Client, func()) {
	cloud := nhncloudtest.NewServer()
	return withCluster(ctx, cloud), cloud.Close
}

func withCluster(ctx context.Context, cloud *nhncloudtest.Server) *nks.Client {
	client := testclient.New(cloud)
	k := nks.New(client)
	if _, err := keypair.New(client).KeyPairs.Create(ctx, "deploy"); err != nil {
		log.Fatal(err)
	}
	externalNetwork, externalSubnet := wayOut(ctx, client)
	uuid, err := k.Clusters.CreateSimple(ctx, nks.SimpleCluster{
		Name: "web", VPCID: cloud.NetworkID(), SubnetID: cloud.SubnetID(), InstanceType: "m2.c4m8", KeyName: "deploy", KubernetesVersion: "v1.31.4",
		AvailabilityZone: "kr-pub-a", ExternalNetworkID: externalNetwork, ExternalSubnetID: externalSubnet,
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := k.Clusters.WaitForComplete(ctx, uuid, nil); err != nil {
		log.Fatal(err)
	}
	return k
}

// wayOut are the ids of the VPC that has the internet gateway, and of its subnet.
func wayOut(ctx context.Context, client *nhncloud.Client) (networkID, subnetID string) {
	n := network.New(client)
	external, err := n.VPCs.FindExternal(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for subnet, err := range n.Subnets.All(ctx, &network.SubnetListOptions{VPCID: external.ID}) {
		if err != nil {
			log.Fatal(err)
		}
		subnetID = subnet.ID
	}
	return external.ID, subnetID
}
