// Package objectstorage stores and reads objects, in the v1 API of the Object
// Storage service, which is OpenStack Swift's with additions of NHN Cloud.
//
// A container holds objects; the name of an object may have slashes, by which
// listings can be grouped like folders.
//
// This program stores a file and lists what is beside it, with the account in the
// environment:
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//
//		"github.com/nhncloud-go/nhncloud"
//		"github.com/nhncloud-go/nhncloud/objectstorage"
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
//		ctx := context.Background()
//		storage := objectstorage.New(client)
//		if _, err := storage.Containers.Create(ctx, "photos", nil); err != nil { // one that is there stays
//			log.Fatal(err)
//		}
//		if _, err := storage.Objects.UploadFile(ctx, "photos", "2026/sea.jpg", "sea.jpg", nil); err != nil {
//			log.Fatal(err)
//		}
//		for object, err := range storage.Objects.All(ctx, "photos", &objectstorage.ObjectListOptions{Prefix: "2026/"}) {
//			if err != nil {
//				log.Fatal(err)
//			}
//			fmt.Println(object.Name, object.Bytes, object.LastModified)
//		}
//	}
//
// [ObjectsService.Put] and [ObjectsService.Get] stream one object of at most 5 GB.
// [ObjectsService.Upload] and [ObjectsService.Download] move objects of any size, in
// parallel parts. All of them check what arrived against its MD5. What the service
// does not show to be stored is a failure, and what a failure leaves behind is
// deleted. That has a time of its own, at most 5 seconds once the context has
// ended and 30 otherwise; a [LeftoverError] names what could not be deleted.
//
// To code that knows files, [ObjectsService.FS] is a container as an [io/fs.FS],
// and [ObjectsService.Open] an object that is read at any place.
//
// What a reader, a writer or a Progress of the caller panics with reaches the
// caller, also where it was called in another goroutine.
//
// The service often has a tenant of its own: see
// [nhncloud.Config.ObjectStorageTenantID].
package objectstorage
