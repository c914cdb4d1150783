package computev1_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// An instance that boots from a volume. With flavors that have a local disk
// (u2), Volume is left out.
func ExampleInstancesService_Create() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	instances := computev1.New(client).Instances

	created, err := instances.Create(ctx, computev1.InstanceCreateRequest{
		Name:             "web",
		ImageID:          cloud.ImageID("Ubuntu Server 24.04"),
		FlavorID:         cloud.FlavorID("m2.c2m4"),
		Networks:         []computev1.InstanceNetwork{{SubnetID: cloud.SubnetID()}},
		AvailabilityZone: "kr-pub-a",
		KeyName:          "deploy",
		Volume:           &computev1.InstanceVolume{Size: 50, Type: new(computev1.VolumeGeneralSSD)},
		SecurityGroups:   []string{"default"},
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	instance, err := instances.WaitForStatus(ctx, created.ID, computev1.StatusActive, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(instance.Name, instance.Status, instance.Volumes.Root.Size, "GB", instance.Volumes.Root.Type)
	// Output: web ACTIVE 50 GB General SSD
}

// All instances, in brief.
func ExampleInstancesService_ListSummaries() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	cloud.AddServers(2)

	instances, err := computev1.New(client).Instances.ListSummaries(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, instance := range instances {
		fmt.Println(instance.Name, instance.Status)
	}
	// Unordered output:
	// server-1 ACTIVE
	// server-2 ACTIVE
}

// A failure of the v1.0 API comes with HTTP status 200; its kind is that of the
// result code.
func ExampleInstancesService_Get() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	_, err := computev1.New(client).Instances.Get(ctx, "63c41d6d-be79-4f7d-bcee-6087422f411b")
	var e *nhncloud.Error
	if errors.As(err, &e) {
		fmt.Println(e.StatusCode, e.ResultCode, e.Message)
	}
	fmt.Println("not found:", errors.Is(err, nhncloud.ErrNotFound))
	// Output:
	// 200 10404 Instance 63c41d6d-be79-4f7d-bcee-6087422f411b could not be found.
	// not found: true
}

// An image of an instance, which has to be stopped for it.
func ExampleInstancesService_UploadImage() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	instances := computev1.New(client).Instances
	id := cloud.AddServers(1)[0]

	if err := instances.Stop(ctx, id); err != nil {
		log.Fatal(err)
	}
	if _, err := instances.WaitForStatus(ctx, id, computev1.StatusStop, nil); err != nil {
		log.Fatal(err)
	}
	image, err := instances.UploadImage(ctx, id, "golden")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(image.Name)
	// Output: golden
}

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

// start returns an in-memory cloud in place of the real one, in which changes
// take no time, and a client of it. There is a key pair "deploy".
func start() (*nhncloudtest.Server, *nhncloud.Client) {
	cloud := nhncloudtest.NewServer(nhncloudtest.WithTransition(0), nhncloudtest.WithEd25519Keys())
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	if err != nil {
		log.Fatal(err)
	}
	client, err := nhncloud.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := keypair.New(client).KeyPairs.Create(context.Background(), "deploy"); err != nil {
		log.Fatal(err)
	}
	return cloud, client
}
