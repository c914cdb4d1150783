package blockstorage_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

// Many volumes take a listing a look; one that fails leaves the others alone.
func TestVolumesWaitForAll(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t)
	ctx, volumes := t.Context(), blockstorage.New(w.Core).Volumes
	var ids []string
	for range 10 {
		created, err := volumes.Create(ctx, blockstorage.VolumeCreateRequest{Size: 10, AvailabilityZone: "kr-pub-a"})
		require.NoError(t, err)
		ids = append(ids, created.ID)
	}
	results, err := volumes.WaitForStatusAll(ctx, ids, blockstorage.StatusAvailable, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, []string{"creating 10", "creating 10", "available 10"}, w.Seen)
	assert.Equal(t, 3, w.Count("blockstorage-v2-list-volumes-detail"))
	assert.Zero(t, w.Count("blockstorage-v2-get-volume"))
	for i, result := range results {
		assert.Equal(t, ids[i], result.Value.ID)
		assert.Equal(t, blockstorage.StatusAvailable, result.Value.Status)
	}

	require.NoError(t, w.SetVolumeStatus(ids[0], "error"))
	results, err = volumes.WaitForStatusAll(ctx, ids[:3], blockstorage.StatusAvailable, w.Waiting())
	require.ErrorIs(t, err, nhncloud.ErrFailedState)
	require.ErrorContains(t, results[0].Err, "volume "+ids[0]+" does not become available")
	require.NoError(t, results[1].Err)

	for _, id := range ids[:4] {
		require.NoError(t, volumes.Delete(ctx, id))
	}
	results, err = volumes.WaitForDeletionAll(ctx, ids[:4], w.Waiting())
	require.NoError(t, err)
	assert.Len(t, results, 4)
	assert.Equal(t, "gone 4", w.Seen[len(w.Seen)-1])
	_, err = volumes.Get(ctx, ids[0])
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
}
