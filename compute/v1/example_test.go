package computev1_test

import (
	"context"
	"fmt"
	"log"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// All images, however many pages there are.
func ExampleImagesService_All() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	for image, err := range computev1.New(client).Images.All(ctx, nil) {
		if err != nil {
			log.Fatal(err)
		}
		if image.Properties["os_distro"] == "ubuntu" {
			fmt.Println(image.Name, image.MinDisk, "GB")
		}
	}
	// Unordered output:
	// Ubuntu Server 22.04.5 LTS (2025.11.18) 20 GB
	// Ubuntu Server 24.04.3 LTS (2025.11.18) 20 GB
}

// A flavor by its name, because instances are created with its id.
func ExampleFlavorsService_List() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	flavors, err := computev1.New(client).Flavors.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, flavor := range flavors {
		if flavor.Name == "m2.c2m4" {
			fmt.Printf("%d vCPUs, %d MB, local disk: %t\n", flavor.VCPUs, flavor.RAM, flavor.HasLocalDisk())
		}
	}
	// Output: 2 vCPUs, 4096 MB, local disk: false
}

// The availability zones, of which an instance has to name one.
func ExampleZonesService_List() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	zones, err := computev1.New(client).Zones.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, zone := range zones {
		fmt.Println(zone.Name, zone.State.Available)
	}
	// Output:
	// kr-pub-a true
	// kr-pub-b true
}

// start returns an in-memory cloud in place of the real one, in which changes
// take no time, and a client of it. There is a key pair "deploy".
func start() (*nhncloudtest.Server, *nhncloud.Client) {
	cloud := nhncloudtest.NewServer(nhncloudtest.WithTransition(0), nhncloudtest.WithEd25519Keys())
	client := testclient.New(cloud)
	if _, err := keypair.New(client).KeyPairs.Create(context.Background(), "deploy"); err != nil {
		log.Fatal(err)
	}
	return cloud, client
}
