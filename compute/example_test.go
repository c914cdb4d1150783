package compute_test

import (
	"context"
	"fmt"
	"log"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// Images by their properties, such as the system.
func ExampleImagesService_All() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	images := compute.New(client).Images.All(ctx, &compute.ImageListOptions{
		Visibility: compute.ImagePublic,
		SortKey:    "name",
		SortDir:    "asc",
		Properties: map[string]string{"os_distro": "ubuntu"},
	})
	for image, err := range images {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(image.Name, image.Property("login_username"))
	}
	// Output:
	// Ubuntu Server 22.04.5 LTS (2025.11.18) ubuntu
	// Ubuntu Server 24.04.3 LTS (2025.11.18) ubuntu
}

// A flavor by its name, because servers are created with its id.
func ExampleFlavorsService_All() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	for flavor, err := range compute.New(client).Flavors.All(ctx, nil) {
		if err != nil {
			log.Fatal(err)
		}
		if flavor.Name == "m2.c2m4" {
			fmt.Printf("%d vCPUs, %d MB, local disk: %t\n", flavor.VCPUs, flavor.RAM, flavor.HasLocalDisk())
			break
		}
	}
	// Output: 2 vCPUs, 4096 MB, local disk: false
}

// The flavors with much memory.
func ExampleFlavorsService_List() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	flavors, err := compute.New(client).Flavors.List(ctx, &compute.FlavorListOptions{MinRAM: 32 * 1024})
	if err != nil {
		log.Fatal(err)
	}
	for _, flavor := range flavors {
		fmt.Println(flavor.Name, flavor.VCPUs, "vCPUs", flavor.RAM/1024, "GB")
	}
	// Unordered output:
	// r2.c4m32 4 vCPUs 32 GB
	// x1.c32m256 32 vCPUs 256 GB
}

// An image by its id. What its members do not tell is in its properties.
func ExampleImagesService_Get() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	image, err := compute.New(client).Images.Get(ctx, cloud.ImageID("Ubuntu Server 24.04"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(image.Status, image.MinDisk, "GB, log in as", image.Property("login_username"))
	// Output: active 20 GB, log in as ubuntu
}

// The availability zones of the region. A volume can be attached to servers of
// its own zone.
func ExampleZonesService_List() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	zones, err := compute.New(client).Zones.List(ctx)
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
func start(options ...nhncloudtest.Option) (*nhncloudtest.Server, *nhncloud.Client) {
	cloud := nhncloudtest.NewServer(append(options, nhncloudtest.WithTransition(0), nhncloudtest.WithEd25519Keys())...)
	client := testclient.New(cloud)
	if _, err := keypair.New(client).KeyPairs.Create(context.Background(), "deploy"); err != nil {
		log.Fatal(err)
	}
	return cloud, client
}
