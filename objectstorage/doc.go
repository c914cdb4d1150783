// Package objectstorage stores and reads objects, in the v1 API of the Object
// Storage service, which is OpenStack Swift's with additions of NHN Cloud.
//
// A container holds objects; the name of an object may have slashes, by which
// listings can be grouped like folders.
//
//	storage := objectstorage.New(client)
//	_, err := storage.Containers.Create(ctx, "photos", nil)
//	…
//	_, err = storage.Objects.UploadFile(ctx, "photos", "2026/sea.jpg", "sea.jpg", nil)
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
