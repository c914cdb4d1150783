package blockstorage_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// A volume for a server, from its creation to its end.
func Example() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := testclient.New(cloud)
	volumes, attachments := blockstorage.New(client).Volumes, compute.New(client).VolumeAttachments
	server := cloud.AddServers(1)[0]

	volume, err := volumes.Create(ctx, blockstorage.VolumeCreateRequest{
		Name:             "data",
		Size:             100,
		VolumeType:       blockstorage.VolumeGeneralSSD,
		AvailabilityZone: "kr-pub-a",
	})
	if err != nil {
		log.Fatal(err)
	}
	if volume, err = volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusAvailable, nil); err != nil {
		log.Fatal(err)
	}
	if _, err := attachments.Attach(ctx, server, volume.ID); err != nil {
		log.Fatal(err)
	}
	if volume, err = volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusInUse, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %d GB of %s, %s as %s\n", volume.Name, volume.Size, volume.VolumeType, volume.Status, volume.Attachments[0].Device)

	if err := attachments.Detach(ctx, server, volume.ID); err != nil {
		log.Fatal(err)
	}
	if _, err := volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusAvailable, nil); err != nil {
		log.Fatal(err)
	}
	if err := volumes.Delete(ctx, volume.ID); err != nil {
		log.Fatal(err)
	}
	if err := volumes.WaitForDeletion(ctx, volume.ID, nil); err != nil {
		log.Fatal(err)
	}
	// Output: data: 100 GB of General SSD, in-use as /dev/vdb
}

// All volumes that are attached to nothing, the largest first.
func ExampleVolumesService_All() {
	ctx := context.Background()
	cloud, storage := start()
	defer cloud.Close()
	for i, name := range []string{"logs", "data"} {
		newVolume(ctx, storage, blockstorage.VolumeCreateRequest{Name: name, Size: 10 * (i + 1)})
	}

	for volume, err := range storage.Volumes.All(ctx, &blockstorage.VolumeListOptions{Sort: "size:desc"}) {
		if err != nil {
			log.Fatal(err)
		}
		if len(volume.Attachments) == 0 {
			fmt.Println(volume.Name, volume.Size, "GB")
		}
	}
	// Output:
	// data 20 GB
	// logs 10 GB
}

// A volume with snapshots is only deleted together with them.
func ExampleVolumesService_DeleteWithSnapshots() {
	ctx := context.Background()
	cloud, storage := start()
	defer cloud.Close()
	volume := newVolume(ctx, storage, blockstorage.VolumeCreateRequest{Name: "data", Size: 10})
	newSnapshot(ctx, storage, volume.ID)

	err := storage.Volumes.Delete(ctx, volume.ID)
	if errors.Is(err, nhncloud.ErrConflict) {
		fmt.Println("the volume is attached or has snapshots")
		err = storage.Volumes.DeleteWithSnapshots(ctx, volume.ID)
	}
	if err != nil {
		log.Fatal(err)
	}
	if err := storage.Volumes.WaitForDeletion(ctx, volume.ID, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println("deleted")
	// Output:
	// the volume is attached or has snapshots
	// deleted
}

// An image of the root volume of a server, from which further servers can boot.
func ExampleVolumesService_UploadImage() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := testclient.New(cloud)
	storage, images := blockstorage.New(client), compute.New(client).Images
	root := newVolume(ctx, storage, blockstorage.VolumeCreateRequest{Size: 20, ImageID: cloud.ImageID("Rocky Linux")})

	upload, err := storage.Volumes.UploadImage(ctx, root.ID, blockstorage.ImageUploadRequest{
		ImageName:  "web, ready to run",
		DiskFormat: "qcow2",
		Force:      true, // while a server has it
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := storage.Volumes.WaitForUpload(ctx, root.ID, nil); err != nil {
		log.Fatal(err)
	}
	image, err := images.WaitForActive(ctx, upload.ImageID, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s, for disks of %d GB\n", image.Name, image.Status, image.MinDisk)
	// Output: web, ready to run: active, for disks of 20 GB
}

// A snapshot, and a larger volume that is made from it.
func ExampleSnapshotsService_Create() {
	ctx := context.Background()
	cloud, storage := start()
	defer cloud.Close()
	volume := newVolume(ctx, storage, blockstorage.VolumeCreateRequest{Name: "data", Size: 10})

	snapshot, err := storage.Snapshots.Create(ctx, blockstorage.SnapshotCreateRequest{VolumeID: volume.ID, Name: "before the update"})
	if err != nil {
		log.Fatal(err)
	}
	if snapshot, err = storage.Snapshots.WaitForStatus(ctx, snapshot.ID, blockstorage.SnapshotAvailable, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(snapshot.Name, snapshot.Status, snapshot.Progress)

	larger := newVolume(ctx, storage, blockstorage.VolumeCreateRequest{Name: "more data", Size: 50, SnapshotID: snapshot.ID})
	fmt.Println(larger.Name, larger.Size, "GB")
	// Output:
	// before the update available 100%
	// more data 50 GB
}

// The types that volumes can have.
func ExampleVolumeTypesService_List() {
	ctx := context.Background()
	cloud, storage := start()
	defer cloud.Close()

	types, err := storage.VolumeTypes.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, kind := range types {
		fmt.Println(kind.Name)
	}
	// Unordered output:
	// General HDD
	// General SSD
	// Encrypted HDD
	// Encrypted SSD
}

func newVolume(ctx context.Context, storage *blockstorage.Client, request blockstorage.VolumeCreateRequest) *blockstorage.Volume {
	volume, err := storage.Volumes.Create(ctx, request)
	if err != nil {
		log.Fatal(err)
	}
	if volume, err = storage.Volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusAvailable, nil); err != nil {
		log.Fatal(err)
	}
	return volume
}

func newSnapshot(ctx context.Context, storage *blockstorage.Client, volumeID string) {
	snapshot, err := storage.Snapshots.Create(ctx, blockstorage.SnapshotCreateRequest{VolumeID: volumeID})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := storage.Snapshots.WaitForStatus(ctx, snapshot.ID, blockstorage.SnapshotAvailable, nil); err != nil {
		log.Fatal(err)
	}
}

func start() (*nhncloudtest.Server, *blockstorage.Client) {
	cloud := nhncloudtest.NewServer()
	return cloud, blockstorage.New(testclient.New(cloud))
}
