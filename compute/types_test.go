package compute_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		compute.Address{}, compute.BlockDevice{}, compute.CreatedServer{}, compute.Flavor{},
		compute.FlavorListOptions{}, compute.FlavorRef{}, compute.FlavorSummary{}, compute.Image{}, compute.ImageContent{}, compute.ImageCreateRequest{}, compute.ImageDownloadOptions{},
		compute.ImageListOptions{}, compute.ImageMember{}, compute.ImageRef{}, compute.ImageUpdateRequest{}, compute.ImageUploadOptions{},
		compute.LeftoverImageError{}, compute.Link{}, compute.SecurityGroupRef{},
		compute.Server{}, compute.ServerCreateRequest{}, compute.ServerFault{}, compute.ServerGroup{},
		compute.ServerGroupCreateRequest{}, compute.ServerImageRequest{}, compute.ServerListOptions{}, compute.ServerNetwork{},
		compute.ServerSummary{}, compute.ServerUpdateRequest{}, compute.SimpleServer{}, compute.VolumeAttachment{},
		compute.VolumeAttachmentListOptions{}, compute.VolumeEncryption{}, compute.VolumeRef{}, compute.Zone{},
		compute.ZoneState{},
	)
}
