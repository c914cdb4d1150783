// Package compute calls the Compute service of NHN Cloud (API v2): servers,
// which the console calls instances, their metadata and volume attachments,
// flavors, availability zones, server groups; and the Image service: the images
// to boot from, with their files, tags and members.
//
// This program creates a server and waits until it runs, with the account in the
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
//		"github.com/nhncloud-go/nhncloud/compute"
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
//		servers := compute.New(client).Servers
//		created, err := servers.CreateSimple(ctx, compute.SimpleServer{
//			Name:     "web",
//			ImageID:  os.Getenv("IMAGE_ID"), // as Images.All lists them
//			FlavorID: os.Getenv("FLAVOR_ID"),
//			SubnetID: os.Getenv("SUBNET_ID"),
//			KeyName:  "deploy",
//		})
//		if err != nil {
//			log.Fatal(err)
//		}
//		server, err := servers.WaitForStatus(ctx, created.ID, compute.StatusActive, nil)
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Println(server.ID, server.Status, server.Addresses)
//	}
//
// # Images
//
// An image of one's own begins without a file, which is uploaded then:
// [ImagesService.CreateAndUpload] does both, and leaves nothing behind where it
// fails. Uploads and downloads go through a few buffers, whatever the size; they
// are compared by the checksums that the service has, go on after a failure where
// that can be, and tell their progress as those of package objectstorage do.
// [ServersService.CreateImage] makes an image of a server with a local disk, and
// package blockstorage one of a volume. An image is shared with other tenants by
// [ImagesService.SetVisibility] and [ImageMembersService].
//
// Statuses and other enumerations are open string types: the constants are
// those of the guides, and a value without a constant is passed on as it is.
package compute
