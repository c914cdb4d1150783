package blockstorage_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestVolumeTypesList(t *testing.T) {
	t.Parallel()
	const operation = "blockstorage-v2-list-volume-types"
	apitest.Check(t, want(operation, http.MethodGet, "/types", ""), documented(operation), []*blockstorage.VolumeType{
		{
			ID: "4e36aa51-df30-422e-aff1-eba1f3d9612f", Name: blockstorage.VolumeGeneralSSD, IsPublic: true,
			ExtraSpecs: map[string]string{"volume_backend_name": "ssd_general"},
		},
		{
			ID: "6bda35e2-b2b9-497a-8f65-67a73839c856", Name: blockstorage.VolumeGeneralHDD, IsPublic: true,
			ExtraSpecs: map[string]string{"volume_backend_name": "hdd_general"},
		},
	}, on(func(ctx context.Context, b *blockstorage.Client) ([]*blockstorage.VolumeType, error) {
		return b.VolumeTypes.List(ctx)
	}))
}
