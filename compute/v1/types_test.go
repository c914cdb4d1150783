package computev1_test

import (
	"testing"

	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		computev1.Address{}, computev1.AttachedVolume{}, computev1.CreatedImage{}, computev1.Flavor{},
		computev1.Image{}, computev1.ImageListOptions{}, computev1.Instance{}, computev1.InstanceCreateRequest{},
		computev1.InstanceFlavor{}, computev1.InstanceNetwork{}, computev1.InstanceSummary{}, computev1.InstanceVolume{},
		computev1.InstanceVolumes{}, computev1.RootVolume{}, computev1.SecurityGroupRef{}, computev1.VolumeAttachment{},
		computev1.Zone{}, computev1.ZoneState{},
	)
}
