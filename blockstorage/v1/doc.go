// Package blockstoragev1 calls the block storage operations of NHN Cloud (API
// v1.0). Volumes are attached and detached with package computev1.
//
//	volumes := blockstoragev1.New(client).Volumes
//	volume, err := volumes.Get(ctx, id)
//
// The v1.0 API serves the regions of Korea alone, and needs
// [nhncloud.Config.AppKey]. Statuses and types are open string types: the
// constants are those of the guide, and a value without a constant is passed on
// as it is.
package blockstoragev1
