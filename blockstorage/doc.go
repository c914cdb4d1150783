// Package blockstorage calls the block storage service of NHN Cloud (API v2):
// volumes, their snapshots and their types.
//
// This program creates a volume and waits until it can be attached, with the
// account in the environment:
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//		"time"
//
//		"github.com/nhncloud-go/nhncloud"
//		"github.com/nhncloud-go/nhncloud/blockstorage"
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
//		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
//		defer cancel()
//		volumes := blockstorage.New(client).Volumes
//		volume, err := volumes.Create(ctx, blockstorage.VolumeCreateRequest{
//			Name:             "data",
//			Size:             100, // GB
//			VolumeType:       blockstorage.VolumeGeneralSSD,
//			AvailabilityZone: "kr-pub-a", // that of the server
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//		volume, err = volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusAvailable, nil)
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Println(volume.ID, volume.Size, volume.Status)
//	}
//
// What is made or deleted takes its time: the WaitFor methods look until it is
// done, and end where it has failed. Volumes are attached to servers and detached
// with package compute, which also boots servers from them, from snapshots, and
// from the images that [VolumesService.UploadImage] makes.
//
// A volume or a snapshot that is not in the state for a call is an
// [nhncloud.ErrConflict], although the service answers 400 there as to a request
// that makes no sense; the SDK tells it by the words.
//
// Statuses are open string types: the constants are those of the guide, and a
// value without a constant is passed on as it is.
package blockstorage
