// Package computev1 calls the instance and image parts of the v1.0 API of NHN
// Cloud: instances, their actions and volume attachments, flavors, availability
// zones, and images. Package compute calls the v2 API, which can do more.
//
//	c := computev1.New(client)
//	instance, err := c.Instances.Get(ctx, id)
//
// The v1.0 API serves the regions of Korea alone, and needs Config.AppKey.
// Statuses and other enumerations are open string types: the constants are
// those of the guides, and a value without a constant is passed on as it is.
package computev1
