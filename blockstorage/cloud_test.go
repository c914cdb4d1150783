package blockstorage_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// conflict checks that the service refused with 400 what is in the wrong state,
// and that its own words are kept.
func conflict(t *testing.T, err error, words string) {
	t.Helper()
	assert.ErrorIs(t, err, nhncloud.ErrConflict)
	assert.NotErrorIs(t, err, nhncloud.ErrInvalidArgument)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, http.StatusBadRequest, e.StatusCode)
	assert.Equal(t, "badRequest", e.Code)
	assert.Contains(t, e.Message, words)
}

func TestVolumeLife(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t)
	ctx, storage, attachments := t.Context(), blockstorage.New(w.Core), compute.New(w.Core).VolumeAttachments

	created, err := storage.Volumes.Create(ctx, blockstorage.VolumeCreateRequest{
		Name: "데이터", Description: "of the shop", Size: 100, VolumeType: blockstorage.VolumeGeneralSSD, AvailabilityZone: "kr-pub-a",
		Metadata: map[string]string{"role": "db"},
	})
	require.NoError(t, err)
	assert.Equal(t, blockstorage.StatusCreating, created.Status)
	assert.WithinDuration(t, w.Now(), created.CreatedAt, time.Millisecond)
	conflict(t, storage.Volumes.Delete(ctx, created.ID), "Volume status must be available or error")
	volume, err := storage.Volumes.WaitForStatus(ctx, created.ID, blockstorage.StatusAvailable, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, []string{"creating", "creating", "available"}, w.Seen)
	assert.Equal(t, "데이터", volume.Name)
	assert.Equal(t, "of the shop", volume.Description)
	assert.Equal(t, 100, volume.Size)
	assert.Equal(t, blockstorage.VolumeGeneralSSD, volume.VolumeType)
	assert.Equal(t, map[string]string{"role": "db"}, volume.Metadata)
	assert.Equal(t, w.TenantID, volume.TenantID)
	assert.False(t, volume.Bootable)

	server := w.AddServers(1)[0]
	attached, err := attachments.Attach(ctx, server, volume.ID)
	require.NoError(t, err)
	volume, err = storage.Volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusInUse, w.Waiting())
	require.NoError(t, err)
	require.Len(t, volume.Attachments, 1)
	assert.Equal(t, server, volume.Attachments[0].ServerID)
	assert.Equal(t, attached.Device, volume.Attachments[0].Device)
	_, err = attachments.Attach(ctx, server, volume.ID)
	conflict(t, err, "is already attached")
	conflict(t, storage.Volumes.Delete(ctx, volume.ID), "must not be migrating, attached")

	_, err = storage.Snapshots.Create(ctx, blockstorage.SnapshotCreateRequest{VolumeID: volume.ID})
	conflict(t, err, "status must be available, but current status is: in-use.")
	snapshot, err := storage.Snapshots.Create(ctx, blockstorage.SnapshotCreateRequest{VolumeID: volume.ID, Name: "before the update", Force: true})
	require.NoError(t, err)
	_, err = storage.Volumes.Create(ctx, blockstorage.VolumeCreateRequest{Size: 100, SnapshotID: snapshot.ID})
	conflict(t, err, "Originating snapshot status must be one of 'available' values")
	conflict(t, storage.Snapshots.Delete(ctx, snapshot.ID), "Snapshot status must be available or error")
	snapshot, err = storage.Snapshots.WaitForStatus(ctx, snapshot.ID, blockstorage.SnapshotAvailable, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, "100%", snapshot.Progress)
	assert.Equal(t, 100, snapshot.Size)
	assert.Equal(t, volume.ID, snapshot.VolumeID)

	restored, err := storage.Volumes.Create(ctx, blockstorage.VolumeCreateRequest{Name: "restored", Size: 120, SnapshotID: snapshot.ID})
	require.NoError(t, err)
	restored, err = storage.Volumes.WaitForStatus(ctx, restored.ID, blockstorage.StatusAvailable, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, snapshot.ID, restored.SnapshotID)
	assert.Equal(t, blockstorage.VolumeGeneralSSD, restored.VolumeType)

	require.NoError(t, attachments.Detach(ctx, server, volume.ID))
	volume, err = storage.Volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusAvailable, w.Waiting())
	require.NoError(t, err)
	assert.Empty(t, volume.Attachments)
	conflict(t, storage.Volumes.Delete(ctx, volume.ID), "have snapshots")
	require.NoError(t, storage.Volumes.DeleteWithSnapshots(ctx, volume.ID))
	require.NoError(t, storage.Volumes.WaitForDeletion(ctx, volume.ID, w.Waiting()))
	assert.Equal(t, []string{"deleting", "deleting", "gone"}, w.Seen)
	require.NoError(t, storage.Snapshots.WaitForDeletion(ctx, snapshot.ID, w.Waiting()))
	assert.Equal(t, []string{"gone"}, w.Seen)

	left, err := nhncloud.Collect(storage.Volumes.All(ctx, nil))
	require.NoError(t, err)
	assert.Equal(t, []*blockstorage.Volume{restored}, left)
	require.NoError(t, storage.Volumes.Delete(ctx, restored.ID))
	require.NoError(t, storage.Volumes.WaitForDeletion(ctx, restored.ID, w.Waiting()))
	for _, err := range []error{storage.Volumes.Delete(ctx, restored.ID), storage.Snapshots.Delete(ctx, snapshot.ID)} {
		assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	}
}

// A volume that was made from an image is made an image of, from which a server
// boots.
func TestImageOfVolume(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t)
	ctx, volumes, c := t.Context(), blockstorage.New(w.Core).Volumes, compute.New(w.Core)
	volume, err := volumes.Create(ctx, blockstorage.VolumeCreateRequest{Size: 30, ImageID: w.ImageID("Rocky Linux")})
	require.NoError(t, err)
	volume, err = volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusAvailable, w.Waiting())
	require.NoError(t, err)
	assert.True(t, volume.Bootable)

	upload, err := volumes.UploadImage(ctx, volume.ID, blockstorage.ImageUploadRequest{ImageName: "golden", DiskFormat: "qcow2", Visibility: blockstorage.ImageShared})
	require.NoError(t, err)
	assert.Equal(t, volume.ID, upload.VolumeID)
	assert.Equal(t, blockstorage.StatusUploading, upload.Status)
	assert.Equal(t, blockstorage.VolumeGeneralHDD, upload.VolumeType.Name)
	assert.Equal(t, map[string]string{"volume_backend_name": "hdd_general"}, upload.VolumeType.ExtraSpecs)
	assert.True(t, upload.VolumeType.IsPublic)
	assert.WithinDuration(t, w.Now(), upload.UpdatedAt, time.Millisecond)
	_, err = volumes.UploadImage(ctx, volume.ID, blockstorage.ImageUploadRequest{ImageName: "again"})
	conflict(t, err, "current status is: uploading.")
	volume, err = volumes.WaitForUpload(ctx, volume.ID, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, []string{"uploading", "uploading", "available"}, w.Seen)

	image, err := c.Images.WaitForActive(ctx, upload.ImageID, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, "golden", image.Name)
	assert.Equal(t, "qcow2", image.DiskFormat)
	assert.Equal(t, compute.ImageShared, image.Visibility)
	assert.Equal(t, volume.Size, image.MinDisk)
	assert.Equal(t, "linux", image.Property("os_type"))

	server, err := c.Servers.Create(ctx, compute.ServerCreateRequest{
		Name: "web", FlavorID: w.FlavorID("m2.c1m2"), KeyName: "deploy", Networks: []compute.ServerNetwork{{SubnetID: w.SubnetID()}},
		BlockDevices: []compute.BlockDevice{{
			SourceType: compute.SourceImage, UUID: image.ID, DestinationType: compute.DestinationVolume, VolumeSize: 30,
			VolumeType: blockstorage.VolumeGeneralSSD, DeleteOnTermination: true,
		}},
	})
	require.NoError(t, err)
	_, err = c.Servers.WaitForStatus(ctx, server.ID, compute.StatusActive, w.Waiting())
	require.NoError(t, err)
}

func TestVolumeWalks(t *testing.T) {
	t.Parallel()
	cloud, client := apitest.NewCloud(t, nhncloudtest.WithTransition(0), nhncloudtest.WithPageLimits(3, 3))
	ctx, storage := t.Context(), blockstorage.New(client)
	var names []string
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		volume, err := storage.Volumes.Create(ctx, blockstorage.VolumeCreateRequest{Name: name, Size: 10})
		require.NoError(t, err)
		_, err = storage.Snapshots.Create(ctx, blockstorage.SnapshotCreateRequest{VolumeID: volume.ID, Name: name})
		require.NoError(t, err)
		names = append(names, name)
	}
	volumes, err := nhncloud.Collect(storage.Volumes.AllSummaries(ctx, &blockstorage.VolumeListOptions{Sort: "name:asc", Offset: 1, Limit: 2}))
	require.NoError(t, err)
	var got []string
	for _, v := range volumes {
		got = append(got, v.Name)
	}
	assert.Equal(t, names[1:], got)
	snapshots, err := nhncloud.Collect(storage.Snapshots.All(ctx, &blockstorage.SnapshotListOptions{Sort: "name:desc", Offset: 2}))
	require.NoError(t, err)
	got = nil
	for _, s := range snapshots {
		got = append(got, s.Name)
	}
	slices.Reverse(got)
	assert.Equal(t, names[:5], got)
	assert.Equal(t, 2, cloud.Count("blockstorage-v2-list-snapshots-detail"))

	types, err := storage.VolumeTypes.List(ctx)
	require.NoError(t, err)
	got = nil
	for _, kind := range types {
		got = append(got, kind.Name)
		assert.True(t, kind.IsPublic)
	}
	assert.ElementsMatch(t, []string{
		blockstorage.VolumeGeneralHDD, blockstorage.VolumeGeneralSSD, blockstorage.VolumeEncryptedHDD, blockstorage.VolumeEncryptedSSD,
	}, got)
}

func TestRefusedByTheCloud(t *testing.T) {
	t.Parallel()
	_, client := apitest.NewCloud(t, nhncloudtest.WithTransition(0), nhncloudtest.WithQuota(nhncloudtest.Quota{Gigabytes: 100, Snapshots: 1}))
	ctx, storage := t.Context(), blockstorage.New(client)
	volume, err := storage.Volumes.Create(ctx, blockstorage.VolumeCreateRequest{
		Size: 20, VolumeType: blockstorage.VolumeEncryptedHDD, Encryption: &blockstorage.VolumeEncryption{SKMAppKey: "appkey", SKMKeyID: "key"},
	})
	require.NoError(t, err)
	assert.True(t, volume.Encrypted)
	assert.Equal(t, "key", volume.Encryption.SKMKeyID)
	_, err = storage.Snapshots.Create(ctx, blockstorage.SnapshotCreateRequest{VolumeID: volume.ID})
	require.NoError(t, err)
	for name, test := range map[string]struct {
		call func() error
		kind error
	}{
		"type": {func() error { return create(t, storage, blockstorage.VolumeCreateRequest{Size: 1, VolumeType: "Tape"}) }, nhncloud.ErrNotFound},
		"zone": {func() error {
			return create(t, storage, blockstorage.VolumeCreateRequest{Size: 1, AvailabilityZone: "nope"})
		}, nhncloud.ErrInvalidArgument},
		"smaller": {func() error {
			return create(t, storage, blockstorage.VolumeCreateRequest{Size: 1, SourceVolumeID: volume.ID})
		}, nhncloud.ErrInvalidArgument},
		"volume quota":  {func() error { return create(t, storage, blockstorage.VolumeCreateRequest{Size: 61}) }, nhncloud.ErrQuotaExceeded},
		"no such image": {func() error { return create(t, storage, blockstorage.VolumeCreateRequest{Size: 20, ImageID: "nope"}) }, nhncloud.ErrInvalidArgument},
		"snapshot quota": {func() error {
			_, err := storage.Snapshots.Create(ctx, blockstorage.SnapshotCreateRequest{VolumeID: volume.ID})
			return err
		}, nhncloud.ErrQuotaExceeded},
	} {
		err := test.call()
		assert.ErrorIs(t, err, test.kind, name)
		var e *nhncloud.Error
		require.True(t, errors.As(err, &e), name)
		assert.Equal(t, 1, e.Attempts, name)
	}
}

// Waiters end with what fails in the cloud.
func TestFailedStates(t *testing.T) {
	t.Parallel()
	w := apitest.NewWorld(t)
	ctx, storage := t.Context(), blockstorage.New(w.Core)
	volume, err := storage.Volumes.Create(ctx, blockstorage.VolumeCreateRequest{Size: 10})
	require.NoError(t, err)
	require.NoError(t, w.SetVolumeStatus(volume.ID, "error"))
	_, err = storage.Volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusAvailable, w.Waiting())
	assert.ErrorIs(t, err, nhncloud.ErrFailedState)
	assert.ErrorContains(t, err, "volume "+volume.ID+` does not become available (status "error")`)

	require.NoError(t, w.SetVolumeStatus(volume.ID, "available"))
	snapshot, err := storage.Snapshots.Create(ctx, blockstorage.SnapshotCreateRequest{VolumeID: volume.ID})
	require.NoError(t, err)
	require.NoError(t, w.SetSnapshotStatus(snapshot.ID, "error"))
	_, err = storage.Snapshots.WaitForStatus(ctx, snapshot.ID, blockstorage.SnapshotAvailable, w.Waiting())
	assert.ErrorIs(t, err, nhncloud.ErrFailedState)

	require.NoError(t, storage.Volumes.DeleteWithSnapshots(ctx, volume.ID))
	require.NoError(t, w.SetVolumeStatus(volume.ID, "error_deleting"))
	require.NoError(t, w.SetSnapshotStatus(snapshot.ID, "error_deleting"))
	assert.ErrorIs(t, storage.Volumes.WaitForDeletion(ctx, volume.ID, w.Waiting()), nhncloud.ErrFailedState)
	assert.ErrorIs(t, storage.Snapshots.WaitForDeletion(ctx, snapshot.ID, w.Waiting()), nhncloud.ErrFailedState)
}

func create(t *testing.T, storage *blockstorage.Client, request blockstorage.VolumeCreateRequest) error {
	t.Helper()
	_, err := storage.Volumes.Create(t.Context(), request)
	return err
}
