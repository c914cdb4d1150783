package interop

import (
	"testing"

	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v2/volumes"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/flavors"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/volumeattach"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestProvider makes the calls of a Terraform configuration with a flavor, a
// server that boots from a volume, and another volume attached to it: as the
// provider makes them, with an empty imageRef and with calls that NHN Cloud's
// guides do not have. The openstack command and its SDK do the same.
func TestProvider(t *testing.T) {
	c := newCloud(t)
	ctx, compute := t.Context(), c.compute()

	flavor := c.FlavorID("m2.c1m2")
	specs, err := flavors.ListExtraSpecs(ctx, compute, flavor).Extract()
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"flavor_type": "memory"}, specs)
	spec, err := flavors.GetExtraSpec(ctx, compute, flavor, "flavor_type").Extract()
	require.NoError(t, err)
	assert.Equal(t, specs, spec)

	image := c.ImageID("Rocky Linux")
	s := c.make(servers.CreateOpts{
		Name: "db", FlavorRef: flavor, ImageRef: "", Networks: c.networks(),
		BlockDevice: []servers.BlockDevice{{
			UUID: image, SourceType: servers.SourceImage, DestinationType: servers.DestinationVolume, VolumeSize: 20,
		}},
	})
	var seen struct{ Image struct{ Name, Status string } }
	_, err = compute.Get(ctx, compute.ServiceURL("images", image), &seen, nil)
	require.NoError(t, err)
	assert.Contains(t, seen.Image.Name, "Rocky Linux")
	assert.Equal(t, "ACTIVE", seen.Image.Status)

	merged, err := servers.UpdateMetadata(ctx, compute, s.ID, servers.MetadataOpts{"role": "db"}).Extract()
	require.NoError(t, err)
	assert.Equal(t, "db", merged["role"])
	assert.Equal(t, "linux", merged["os_type"])
	replaced, err := servers.ResetMetadata(ctx, compute, s.ID, servers.MetadataOpts{"role": "db"}).Extract()
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"role": "db"}, replaced)

	// Nobody named a zone, and still the volume is where the server is.
	storage := c.client(openstack.NewBlockStorageV2)
	for range 2 {
		data, err := volumes.Create(ctx, storage, volumes.CreateOpts{Size: 10}, nil).Extract()
		require.NoError(t, err)
		wait(t, storage, data.ID, "available")
		_, err = volumeattach.Create(ctx, compute, s.ID, volumeattach.CreateOpts{VolumeID: data.ID}).Extract()
		require.NoError(t, err)
		s = c.make(servers.CreateOpts{Name: "next", FlavorRef: c.FlavorID("u2.c1m1"), ImageRef: image, Networks: c.networks()})
	}
}
