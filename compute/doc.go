// Package compute calls the Compute service of NHN Cloud (API v2): servers,
// which the console calls instances, their metadata and volume attachments,
// flavors, availability zones, server groups, and the images to boot from.
//
//	c := compute.New(client)
//	server, err := c.Servers.Get(ctx, id)
//
// Statuses and other enumerations are open string types: the constants are
// those of the guides, and a value without a constant is passed on as it is.
package compute
