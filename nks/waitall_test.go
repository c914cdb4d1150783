package nks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nks"
)

// Many node groups, by UUID and by name, take a listing a look, and each has in
// the end what a look at it tells.
func TestNodeGroupsWaitForAll(t *testing.T) {
	t.Parallel()
	f := newFarm(t)
	worker := f.group(nks.DefaultNodeGroup)
	made, err := f.NodeGroups.Create(f.ctx, "web", nks.NodeGroupCreateRequest{
		Name: "batch", FlavorID: worker.FlavorID, ImageID: worker.ImageID,
		Labels: nks.NodeGroupLabels{AvailabilityZone: "kr-pub-b", BootVolumeType: "General HDD", BootVolumeSize: 30},
	})
	require.NoError(t, err)
	f.ResetRequests()
	results, err := f.NodeGroups.WaitForCompleteAll(f.ctx, "web", []string{"batch", nks.DefaultNodeGroup, made.UUID, "none"}, f.Waiting())
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	require.Len(t, results, 4)
	assert.Equal(t, results[0].Value.UUID, results[2].Value.UUID)
	assert.Equal(t, 30, results[0].Value.Labels.BootVolumeSize, "which listings do not tell")
	assert.Equal(t, worker.UUID, results[1].Value.UUID)
	require.ErrorIs(t, results[3].Err, nhncloud.ErrNotFound)
	assert.Equal(t, 4, f.Count("nks-get-nodegroup"))

	require.NoError(t, f.NodeGroups.Delete(f.ctx, "web", "batch"))
	_, err = f.NodeGroups.WaitForDeletionAll(f.ctx, "web", []string{"batch", "none"}, f.Waiting())
	require.NoError(t, err)
	_, err = f.NodeGroups.Get(f.ctx, "web", "batch")
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	_, err = f.NodeGroups.WaitForDeletionAll(f.ctx, "elsewhere", []string{"batch", "none"}, f.Waiting())
	require.NoError(t, err, "what is in no cluster is gone")

	_, err = f.NodeGroups.WaitForDeletionAll(f.ctx, "", []string{"batch"}, nil)
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	_, err = f.NodeGroups.WaitForCompleteAll(f.ctx, "", []string{"batch"}, nil)
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
}
