package compute_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// friendID is the second tenant.
const friendID = "8989447062e04a818baf9e073fd04fa7"

// neighbour is a client of the second tenant, with a key pair "deploy".
func neighbour(t *testing.T, w *world) *nhncloud.Client {
	t.Helper()
	config, err := nhncloud.ConfigFrom(w.LookupEnv)
	require.NoError(t, err)
	config.TenantID = friendID
	client, err := nhncloud.NewClient(config, nhncloud.WithRetry(nhncloud.NoRetry), nhncloud.WithMiddleware(apitest.Record))
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	_, err = keypair.New(client).KeyPairs.Create(t.Context(), "neighbour")
	require.NoError(t, err)
	return client
}

func TestImageLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nhncloudtest.WithTenants(friendID))
	ctx := t.Context()
	data := strings.Repeat("디스크 ", 200_000) // is kept in a file
	path := filepath.Join(t.TempDir(), "disk.raw")
	require.NoError(t, os.WriteFile(path, []byte(data), 0o600))

	image, err := w.Images.Create(ctx, compute.ImageCreateRequest{
		Name: "황금", OSType: compute.OSLinux, OSDistro: "ubuntu", DiskFormat: "raw", ContainerFormat: "bare", MinDisk: 20, MinRAM: 512,
		Tags: []string{"새것"}, Properties: map[string]string{"login_username": "ubuntu", "build": "7"},
	})
	require.NoError(t, err)
	assert.Equal(t, compute.ImageQueued, image.Status)
	assert.Equal(t, compute.ImagePrivate, image.Visibility)
	_, err = w.Servers.Create(ctx, w.from(image.ID))
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument, "it has no file yet")
	image, err = w.Images.UploadFile(ctx, image.ID, path, nil)
	require.NoError(t, err)
	assert.Equal(t, md5Of(data), image.Checksum)
	assert.EqualValues(t, len(data), image.Size)
	assert.Equal(t, "sha512", image.OSHashAlgo)
	_, err = w.Images.UploadFile(ctx, image.ID, path, nil)
	assert.ErrorIs(t, err, nhncloud.ErrConflict)

	image, err = w.Images.Update(ctx, image.ID, compute.ImageUpdateRequest{
		Name: new("황금 2"), AllowDownload: new(true), OSVersion: new("24.04"), Properties: map[string]string{"build": "8", "a/b~c": "x"},
		RemoveProperties: []string{"login_username"},
	})
	require.NoError(t, err)
	assert.Equal(t, "황금 2", image.Name)
	assert.Equal(t, "24.04", image.OSVersion)
	assert.Equal(t, "8", image.Property("build"))
	assert.Equal(t, "x", image.Property("a/b~c"))
	assert.NotContains(t, image.Properties, "login_username")
	assert.Equal(t, []string{"새것"}, image.Tags)
	_, err = w.Images.Update(ctx, image.ID, compute.ImageUpdateRequest{RemoveProperties: []string{"absent"}})
	assert.ErrorIs(t, err, nhncloud.ErrConflict)
	_, err = w.Images.SetVisibility(ctx, image.ID, compute.ImagePublic)
	assert.ErrorIs(t, err, nhncloud.ErrForbidden)
	require.NoError(t, w.Images.AddTag(ctx, image.ID, "금 50% +?"))
	require.NoError(t, w.Images.RemoveTag(ctx, image.ID, "새것"))
	assert.ErrorIs(t, w.Images.RemoveTag(ctx, image.ID, "새것"), nhncloud.ErrNotFound)
	tagged, err := w.Images.List(ctx, &compute.ImageListOptions{Properties: map[string]string{"tag": "금 50% +?"}})
	require.NoError(t, err)
	assert.Len(t, tagged, 1)

	w.share(image.ID, data)
	_, err = w.Images.Update(ctx, image.ID, compute.ImageUpdateRequest{Protected: new(true)})
	require.NoError(t, err)
	assert.ErrorIs(t, w.Images.Delete(ctx, image.ID), nhncloud.ErrForbidden)
	_, err = w.Images.Update(ctx, image.ID, compute.ImageUpdateRequest{Protected: new(false)})
	require.NoError(t, err)
	require.NoError(t, w.Images.Delete(ctx, image.ID))
	require.NoError(t, w.Images.WaitForDeletion(ctx, image.ID, w.Waiting()))
	assert.ErrorIs(t, w.Images.Delete(ctx, w.ImageID("Rocky")), nhncloud.ErrForbidden)
}

// from describes a server with an image.
func (w *world) from(imageID string) compute.ServerCreateRequest {
	request := w.u2("of an image")
	request.ImageID = imageID
	return request
}

// share shares an image with the second tenant, which boots a server from it.
func (w *world) share(imageID, data string) {
	t, ctx, friend := w.T, w.T.Context(), friendID
	client := neighbour(t, w)
	theirs := compute.New(client)
	_, err := w.ImageMembers.Create(ctx, imageID, friend)
	assert.ErrorIs(t, err, nhncloud.ErrForbidden, "it is private")
	_, err = theirs.Images.Get(ctx, imageID)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	image, err := w.Images.SetVisibility(ctx, imageID, compute.ImageShared)
	require.NoError(t, err)
	assert.Equal(t, compute.ImageShared, image.Visibility)
	member, err := w.ImageMembers.Create(ctx, imageID, friend)
	require.NoError(t, err)
	assert.Equal(t, compute.ImageMemberPending, member.Status)
	_, err = w.ImageMembers.Create(ctx, imageID, friend)
	assert.ErrorIs(t, err, nhncloud.ErrConflict)
	_, err = w.ImageMembers.Update(ctx, imageID, friend, compute.ImageMemberAccepted)
	assert.ErrorIs(t, err, nhncloud.ErrForbidden, "only the member itself may")

	listed := func(status compute.ImageMemberStatus) int {
		t.Helper()
		images, err := nhncloud.Collect(theirs.Images.All(ctx, &compute.ImageListOptions{Visibility: compute.ImageShared, MemberStatus: status}))
		require.NoError(t, err)
		return len(images)
	}
	assert.Equal(t, 0, listed(""))
	assert.Equal(t, 1, listed(compute.ImageMemberPending))
	assert.Equal(t, 1, listed(compute.ImageMemberAll))
	member, err = theirs.ImageMembers.Update(ctx, imageID, friend, compute.ImageMemberAccepted)
	require.NoError(t, err)
	assert.Equal(t, compute.ImageMemberAccepted, member.Status)
	assert.Equal(t, 1, listed(""))
	members, err := theirs.ImageMembers.List(ctx, imageID)
	require.NoError(t, err)
	assert.Equal(t, []*compute.ImageMember{member}, members)
	_, err = theirs.Images.Update(ctx, imageID, compute.ImageUpdateRequest{Name: new("theirs")})
	assert.ErrorIs(t, err, nhncloud.ErrForbidden)

	path := filepath.Join(t.TempDir(), "copy")
	size, err := theirs.Images.DownloadFile(ctx, imageID, path, nil)
	require.NoError(t, err)
	assert.EqualValues(t, len(data), size)
	w.boot(ctx, client, imageID)

	require.NoError(t, w.ImageMembers.Delete(ctx, imageID, friend))
	_, err = w.ImageMembers.Get(ctx, imageID, friend)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	_, err = theirs.Images.Get(ctx, imageID)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
}

// boot boots a server of the second tenant from an image.
func (w *world) boot(ctx context.Context, client *nhncloud.Client, imageID string) {
	t := w.T
	t.Helper()
	theirs := compute.New(client)
	vpcs, err := nhncloud.Collect(network.New(client).VPCs.All(ctx, &network.VPCListOptions{RouterExternal: new(false)}))
	require.NoError(t, err)
	require.NotEmpty(t, vpcs)
	request := w.from(imageID)
	request.KeyName, request.Networks = "neighbour", []compute.ServerNetwork{{NetworkID: vpcs[0].ID}}
	created, err := theirs.Servers.Create(ctx, request)
	require.NoError(t, err)
	server, err := theirs.Servers.WaitForStatus(ctx, created.ID, compute.StatusActive, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, imageID, server.Image.ID)
}

// A server on a volume is not made into an image by an action, and the error
// tells what is done instead.
func TestCreateImageOfServerOnVolume(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	created, err := w.Servers.CreateSimple(t.Context(), compute.SimpleServer{
		Name: "web", ImageID: w.ImageID("Ubuntu Server 24.04"), FlavorID: w.FlavorID("m2.c2m4"), SubnetID: w.SubnetID(), KeyName: "deploy",
	})
	require.NoError(t, err)
	w.until(created.ID, compute.StatusActive, "BUILD", "BUILD", "ACTIVE")
	_, err = w.Servers.CreateImage(t.Context(), created.ID, compute.ServerImageRequest{Name: "web"})
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	assert.ErrorContains(t, err, "UploadImage of package blockstorage")
}

// An image that is killed ends the waiting for it.
func TestImageKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	image, err := w.Images.Create(t.Context(), ubuntu())
	require.NoError(t, err)
	require.NoError(t, w.SetImageStatus(image.ID, "killed"))
	_, err = w.Images.WaitForActive(t.Context(), image.ID, w.Waiting())
	assert.ErrorIs(t, err, nhncloud.ErrFailedState)
}
