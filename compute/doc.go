// Package compute calls the Compute service of NHN Cloud (API v2): servers,
// which the console calls instances, their metadata and volume attachments,
// flavors, availability zones, server groups; and the Image service: the images
// to boot from, with their files, tags and members.
//
//	c := compute.New(client)
//	server, err := c.Servers.Get(ctx, id)
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
