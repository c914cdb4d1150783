package blockstoragev1_test

import (
	"testing"

	blockstoragev1 "github.com/nhncloud-go/nhncloud/blockstorage/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		blockstoragev1.Volume{}, blockstoragev1.VolumeAttachment{}, blockstoragev1.VolumeCreateRequest{},
	)
}
