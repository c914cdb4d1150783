// Package blockstorage calls the block storage service of NHN Cloud (API v2):
// volumes, their snapshots and their types.
//
//	storage := blockstorage.New(client)
//	volume, err := storage.Volumes.Get(ctx, id)
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
