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

// want is a request of an operation. The body is JSON, "@" for the documented
// one, or "".
func want(operation, method, path, body string) apitest.Want {
	if body == "@" {
		body = "@" + operation + ".request.json"
	}
	return apitest.Want{Operation: operation, Method: method, URL: baseURL + path, Body: body}
}

// documented is the documented answer to an operation.
func documented(operation string) apitest.Reply {
	return apitest.Reply{Body: "@" + operation + ".response.json"}
}

// on makes a call of block storage one of any client.
func on[T any](call func(ctx context.Context, b *blockstorage.Client) (T, error)) func(context.Context, *nhncloud.Client) (T, error) {
	return func(ctx context.Context, client *nhncloud.Client) (T, error) {
		return call(ctx, blockstorage.New(client))
	}
}

// refuses checks that a call refuses an argument.
func refuses(t *testing.T, operation, field string, call func(ctx context.Context, b *blockstorage.Client) error) {
	t.Helper()
	apitest.Refused(t, operation, field, func(ctx context.Context, client *nhncloud.Client) error { return call(ctx, blockstorage.New(client)) })
}

// refusesIDs checks that a call refuses what can't be an id in a path.
func refusesIDs(t *testing.T, operation, field string, call func(ctx context.Context, b *blockstorage.Client, id string) error) {
	t.Helper()
	apitest.RefusedSegments(t, operation, field, func(ctx context.Context, client *nhncloud.Client, id string) error {
		return call(ctx, blockstorage.New(client), id)
	})
}

// checkDeletion checks an operation that deletes a resource.
func checkDeletion(t *testing.T, operation, path, query, field string, del func(ctx context.Context, b *blockstorage.Client, id string) error) {
	t.Helper()
	w := want(operation, http.MethodDelete, path+"/x1"+query, "")
	apitest.CheckEmpty(t, w, apitest.Reply{Status: http.StatusAccepted}, func(ctx context.Context, client *nhncloud.Client) error {
		return del(ctx, blockstorage.New(client), "x1")
	})
	refusesIDs(t, operation, field, del)
}

// sends checks what body a call sends, whatever the answer is.
func sends(t *testing.T, w apitest.Want, body string, reply apitest.Reply, call func(ctx context.Context, b *blockstorage.Client) error) {
	t.Helper()
	m := apitest.New(t)
	w.Body = body
	m.Expect(w, reply)
	require.NoError(t, call(t.Context(), blockstorage.New(m.Client)))
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
