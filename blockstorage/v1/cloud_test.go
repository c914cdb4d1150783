package blockstoragev1_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	blockstoragev1 "github.com/nhncloud-go/nhncloud/blockstorage/v1"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestVolumeLife(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t)
	volumes, attachments, ctx := blockstoragev1.New(w.Core).Volumes, compute.New(w.Core).VolumeAttachments, t.Context()

	created, err := volumes.Create(ctx, blockstoragev1.VolumeCreateRequest{
		Name:             "데이터",
		AvailabilityZone: "kr-pub-a",
		Size:             100,
		VolumeType:       blockstoragev1.VolumeGeneralSSD,
		Metadata:         map[string]string{"role": "db"},
	})
	require.NoError(t, err)
	assert.Equal(t, blockstoragev1.StatusCreating, created.Status)
	assert.WithinDuration(t, w.Now(), created.CreatedAt, time.Millisecond)
	volume, err := volumes.WaitForStatus(ctx, created.ID, blockstoragev1.StatusAvailable, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, []string{"creating", "creating", "available"}, w.Seen)
	created.Status = blockstoragev1.StatusAvailable
	assert.Equal(t, created, volume)
	assert.Equal(t, "데이터", volume.Name)
	assert.Equal(t, 100, volume.Size)
	assert.Equal(t, blockstoragev1.VolumeGeneralSSD, volume.VolumeType)
	assert.Equal(t, map[string]string{"role": "db"}, volume.Metadata)

	server := w.AddServers(1)[0]
	attached, err := attachments.Attach(ctx, server, volume.ID)
	require.NoError(t, err)
	volume, err = volumes.WaitForStatus(ctx, volume.ID, blockstoragev1.StatusInUse, w.Waiting())
	require.NoError(t, err)
	require.Len(t, volume.Attachments, 1)
	assert.Equal(t, server, volume.Attachments[0].InstanceID)
	assert.Equal(t, attached.Device, volume.Attachments[0].Device)
	assert.NotEmpty(t, volume.Attachments[0].AttachmentID)
	require.NoError(t, attachments.Detach(ctx, server, volume.ID))
	volume, err = volumes.WaitForStatus(ctx, volume.ID, blockstoragev1.StatusAvailable, w.Waiting())
	require.NoError(t, err)
	assert.Empty(t, volume.Attachments)

	plain, err := volumes.Create(ctx, blockstoragev1.VolumeCreateRequest{Name: "plain", AvailabilityZone: "kr-pub-b", Size: 10})
	require.NoError(t, err)
	listed, err := volumes.List(ctx)
	require.NoError(t, err)
	assert.ElementsMatch(t, []*blockstoragev1.Volume{plain, volume}, listed)

	assert.ErrorIs(t, volumes.Delete(ctx, plain.ID), nhncloud.ErrConflict, "it is still being created")
	require.NoError(t, volumes.Delete(ctx, volume.ID))
	require.NoError(t, volumes.WaitForDeletion(ctx, volume.ID, w.Waiting()))
	assert.Equal(t, []string{"deleting", "deleting", "gone"}, w.Seen)
	_, err = volumes.Get(ctx, volume.ID)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	assert.ErrorIs(t, volumes.Delete(ctx, volume.ID), nhncloud.ErrNotFound)
	require.NoError(t, volumes.WaitForDeletion(ctx, volume.ID, nil), "a volume that is gone is gone at once")
}

func TestVolumeRefusedByTheCloud(t *testing.T) {
	t.Parallel()
	_, client := apitest.NewCloud(t)
	for name, test := range map[string]struct {
		request blockstoragev1.VolumeCreateRequest
		err     error
	}{
		"size":    {blockstoragev1.VolumeCreateRequest{Name: "data", AvailabilityZone: "kr-pub-a", Size: 15}, nhncloud.ErrInvalidArgument},
		"type":    {blockstoragev1.VolumeCreateRequest{Name: "data", AvailabilityZone: "kr-pub-a", Size: 10, VolumeType: "Tape"}, nhncloud.ErrInvalidArgument},
		"nowhere": {blockstoragev1.VolumeCreateRequest{Name: "data", AvailabilityZone: "kr-pub-z", Size: 10}, nhncloud.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := blockstoragev1.New(client).Volumes.Create(t.Context(), test.request)
			assert.ErrorIs(t, err, test.err)
			var e *nhncloud.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, 1, e.Attempts, "the service refuses it, not the SDK")
		})
	}
}
