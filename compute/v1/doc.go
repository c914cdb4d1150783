// Package computev1 calls the instance and image parts of the v1.0 API of NHN
// Cloud: instances, their actions and volume attachments, flavors, availability
// zones, and images. Package compute calls the v2 API, which can do more.
//
// This program creates an instance and waits until it runs, with the account in the
// environment:
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//		"os"
//		"time"
//
//		"github.com/nhncloud-go/nhncloud"
//		computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
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
//		instances := computev1.New(client).Instances
//		created, err := instances.Create(ctx, computev1.InstanceCreateRequest{
//			Name:             "web",
//			ImageID:          os.Getenv("IMAGE_ID"), // as Images.All lists them
//			FlavorID:         os.Getenv("FLAVOR_ID"),
//			Networks:         []computev1.InstanceNetwork{{SubnetID: os.Getenv("SUBNET_ID")}},
//			AvailabilityZone: "kr-pub-a",
//			KeyName:          "deploy",
//			Volume:           &computev1.InstanceVolume{Size: 50}, // nil for a flavor with a local disk
//			SecurityGroups:   []string{"default"},
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//		instance, err := instances.WaitForStatus(ctx, created.ID, computev1.StatusActive, nil)
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Println(instance.ID, instance.Status, instance.Addresses)
//	}
//
// The v1.0 API serves the regions of Korea alone, and needs Config.AppKey.
// Statuses and other enumerations are open string types: the constants are
// those of the guides, and a value without a constant is passed on as it is.
package computev1
