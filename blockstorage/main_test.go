package blockstorage_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const baseURL = "https://kr1-api-block-storage-infrastructure.nhncloudservice.com/v2/" + apitest.TenantID

var service = apitest.Service[*blockstorage.Client]{New: blockstorage.New, BaseURL: baseURL}

var (
	want       = service.Want
	documented = apitest.Documented
	refuses    = service.Refuses
	refusesIDs = service.RefusesIDs
	sends      = service.Sends
)

// on makes a call of block storage one of any client.
func on[T any](call func(context.Context, *blockstorage.Client) (T, error)) func(context.Context, *nhncloud.Client) (T, error) {
	return apitest.On(service, call)
}

// checkDeletion checks an operation that deletes a resource.
func checkDeletion(t *testing.T, operation, path, query, field string, del func(ctx context.Context, b *blockstorage.Client, id string) error) {
	t.Helper()
	service.CheckDeletion(t, operation, path, query, http.StatusAccepted, field, del)
}

// at reads a time of a payload, which has no zone and is UTC.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse("2006-01-02T15:04:05", text)
	require.NoError(t, err)
	return parsed
}

// links are those of a resource, of which one has the version in its URL.
func links(tenant, path string) []blockstorage.Link {
	const host = "https://kr1-api-block-storage.infrastructure.cloud.toast.com"
	return []blockstorage.Link{{Href: host + "/v2/" + tenant + path, Rel: "self"}, {Href: host + "/" + tenant + path, Rel: "bookmark"}}
}

// TestConstants has the words of the guides.
func TestConstants(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []blockstorage.VolumeStatus{
		"creating", "available", "attaching", "detaching", "in-use", "reserved", "maintenance", "deleting", "awaiting-transfer", "error", "error_deleting",
		"backing-up", "restoring-backup", "error_backing-up", "error_restoring", "error_extending", "downloading", "uploading", "retyping", "extending",
	}, []blockstorage.VolumeStatus{
		blockstorage.StatusCreating, blockstorage.StatusAvailable, blockstorage.StatusAttaching, blockstorage.StatusDetaching, blockstorage.StatusInUse,
		blockstorage.StatusReserved, blockstorage.StatusMaintenance, blockstorage.StatusDeleting, blockstorage.StatusAwaitingTransfer, blockstorage.StatusError,
		blockstorage.StatusErrorDeleting, blockstorage.StatusBackingUp, blockstorage.StatusRestoringBackup, blockstorage.StatusErrorBackingUp,
		blockstorage.StatusErrorRestoring, blockstorage.StatusErrorExtending, blockstorage.StatusDownloading, blockstorage.StatusUploading,
		blockstorage.StatusRetyping, blockstorage.StatusExtending,
	})
	assert.Equal(t, []blockstorage.SnapshotStatus{
		"creating", "available", "backing-up", "deleting", "error", "deleted", "unmanaging", "restoring", "error_deleting",
	}, []blockstorage.SnapshotStatus{
		blockstorage.SnapshotCreating, blockstorage.SnapshotAvailable, blockstorage.SnapshotBackingUp, blockstorage.SnapshotDeleting,
		blockstorage.SnapshotError, blockstorage.SnapshotDeleted, blockstorage.SnapshotUnmanaging, blockstorage.SnapshotRestoring,
		blockstorage.SnapshotErrorDeleting,
	})
	assert.Equal(t, []string{"General HDD", "General SSD", "Encrypted HDD", "Encrypted SSD"}, []string{
		blockstorage.VolumeGeneralHDD, blockstorage.VolumeGeneralSSD, blockstorage.VolumeEncryptedHDD, blockstorage.VolumeEncryptedSSD,
	})
	assert.Equal(t, []blockstorage.ImageVisibility{"private", "shared"}, []blockstorage.ImageVisibility{blockstorage.ImagePrivate, blockstorage.ImageShared})
}
