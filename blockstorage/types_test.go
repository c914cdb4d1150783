package blockstorage_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		blockstorage.ImageUpload{}, blockstorage.ImageUploadRequest{}, blockstorage.Link{},
		blockstorage.Snapshot{}, blockstorage.SnapshotCreateRequest{}, blockstorage.SnapshotListOptions{},
		blockstorage.Volume{}, blockstorage.VolumeAttachment{}, blockstorage.VolumeCreateRequest{}, blockstorage.VolumeEncryption{},
		blockstorage.VolumeListOptions{}, blockstorage.VolumeSummary{}, blockstorage.VolumeType{},
	)
}
