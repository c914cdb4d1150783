package blockstoragev1_test

import (
	"context"
	"fmt"
	"log"
	"time"

	blockstoragev1 "github.com/nhncloud-go/nhncloud/blockstorage/v1"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// A volume that can be attached, and its end.
func ExampleVolumesService_Create() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer(nhncloudtest.WithTransition(0))
	defer cloud.Close()
	client := testclient.New(cloud)
	volumes := blockstoragev1.New(client).Volumes

	created, err := volumes.Create(ctx, blockstoragev1.VolumeCreateRequest{
		Name:             "data",
		AvailabilityZone: "kr-pub-a",
		Size:             100,
		VolumeType:       blockstoragev1.VolumeGeneralSSD,
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	volume, err := volumes.WaitForStatus(ctx, created.ID, blockstoragev1.StatusAvailable, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %d GB of %s, %s\n", volume.Name, volume.Size, volume.VolumeType, volume.Status)

	if err := volumes.Delete(ctx, volume.ID); err != nil {
		log.Fatal(err)
	}
	if err := volumes.WaitForDeletion(ctx, volume.ID, nil); err != nil {
		log.Fatal(err)
	}
	// Output: data: 100 GB of General SSD, available
}

// The volumes that are attached to nothing.
func ExampleVolumesService_List() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer(nhncloudtest.WithTransition(0))
	defer cloud.Close()
	client := testclient.New(cloud)
	volumes := blockstoragev1.New(client).Volumes
	for _, name := range []string{"data", "logs"} {
		if _, err := volumes.Create(ctx, blockstoragev1.VolumeCreateRequest{Name: name, AvailabilityZone: "kr-pub-a", Size: 10}); err != nil {
			log.Fatal(err)
		}
	}

	all, err := volumes.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, volume := range all {
		if len(volume.Attachments) == 0 {
			fmt.Println(volume.Name, volume.Size, "GB")
		}
	}
	// Unordered output:
	// data 10 GB
	// logs 10 GB
}
