package computev1_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/nhncloud-go/nhncloud"
	blockstoragev1 "github.com/nhncloud-go/nhncloud/blockstorage/v1"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
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

// All instances in full.
func ExampleInstancesService_List() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	cloud.AddServers(1)

	instances, err := computev1.New(client).Instances.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, instance := range instances {
		fmt.Println(instance.Name, instance.Flavor.CPU, "vCPUs", instance.Flavor.RAM, "MB", instance.Addresses[0].IPAddress)
	}
	// Output: server-1 1 vCPUs 1024 MB 192.168.0.2
}

// An instance is off, and on again, some time after the call.
func ExampleInstancesService_Stop() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	instances := computev1.New(client).Instances
	id := cloud.AddServers(1)[0]

	if err := instances.Stop(ctx, id); err != nil {
		log.Fatal(err)
	}
	stopped, err := instances.WaitForStatus(ctx, id, computev1.StatusStop, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := instances.Start(ctx, id); err != nil {
		log.Fatal(err)
	}
	started, err := instances.WaitForStatus(ctx, id, computev1.StatusActive, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stopped.Status, started.Status)
	// Output: STOP ACTIVE
}

// An address of the internet for an instance.
func ExampleInstancesService_AddFloatingIP() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	instances, network := computev1.New(client).Instances, networkv1.New(client)
	id := cloud.AddServers(1)[0]

	pools, err := network.FloatingIPPools.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	floating, err := network.FloatingIPs.Create(ctx, pools[0].ID)
	if err != nil {
		log.Fatal(err)
	}
	instance, err := instances.Get(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	if err := instances.AddFloatingIP(ctx, id, floating.FloatingIPAddress, instance.Addresses[0].IPAddress); err != nil {
		log.Fatal(err)
	}
	if instance, err = instances.Get(ctx, id); err != nil {
		log.Fatal(err)
	}
	fmt.Println(instance.Addresses[0].FloatingIPAddress == floating.FloatingIPAddress)
	// Output: true
}

// A volume for an instance, made in the zone of the instance.
func ExampleInstancesService_AttachVolume() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	instances, volumes := computev1.New(client).Instances, blockstoragev1.New(client).Volumes

	instance, err := instances.Get(ctx, cloud.AddServers(1)[0])
	if err != nil {
		log.Fatal(err)
	}
	volume, err := volumes.Create(ctx, blockstoragev1.VolumeCreateRequest{Name: "data", AvailabilityZone: instance.AvailabilityZone, Size: 100})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := volumes.WaitForStatus(ctx, volume.ID, blockstoragev1.StatusAvailable, nil); err != nil {
		log.Fatal(err)
	}
	attachment, err := instances.AttachVolume(ctx, instance.ID, volume.ID)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := volumes.WaitForStatus(ctx, volume.ID, blockstoragev1.StatusInUse, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(attachment.Device)
	// Output: /dev/vdb
}

// An instance is gone some time after the call to delete it.
func ExampleInstancesService_Delete() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	instances := computev1.New(client).Instances
	id := cloud.AddServers(1)[0]

	if err := instances.Delete(ctx, id); err != nil {
		log.Fatal(err)
	}
	if err := instances.WaitForDeletion(ctx, id, nil); err != nil {
		log.Fatal(err)
	}
	_, err := instances.Get(ctx, id)
	fmt.Println("gone:", errors.Is(err, nhncloud.ErrNotFound))
	// Output: gone: true
}
