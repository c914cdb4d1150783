// Package blockstoragev1 calls the block storage operations of NHN Cloud (API
// v1.0). Volumes are attached and detached with package computev1.
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
//		blockstoragev1 "github.com/nhncloud-go/nhncloud/blockstorage/v1"
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
//		volumes := blockstoragev1.New(client).Volumes
//		volume, err := volumes.Create(ctx, blockstoragev1.VolumeCreateRequest{
//			Name:             "data",
//			Size:             100, // GB
//			VolumeType:       blockstoragev1.VolumeGeneralSSD,
//			AvailabilityZone: "kr-pub-a", // that of the instance
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//		volume, err = volumes.WaitForStatus(ctx, volume.ID, blockstoragev1.StatusAvailable, nil)
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Println(volume.ID, volume.Size, volume.Status)
//	}
//
// The v1.0 API serves the regions of Korea alone, and needs
// [nhncloud.Config.AppKey]. Statuses and types are open string types: the
// constants are those of the guide, and a value without a constant is passed on
// as it is.
package blockstoragev1
