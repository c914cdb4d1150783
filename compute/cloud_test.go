package compute_test

import (
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

// world is a cloud to make servers in.
type world struct {
	*apitest.World
	*compute.Client
}

func newWorld(t *testing.T, options ...nhncloudtest.Option) *world {
	t.Helper()
	w := apitest.NewWorld(t, options...)
	return &world{World: w, Client: compute.New(w.Core)}
}

// until waits for a status and checks what was seen on the way.
func (w *world) until(id string, status compute.ServerStatus, seen ...string) *compute.Server {
	w.T.Helper()
	server, err := w.Servers.WaitForStatus(w.T.Context(), id, status, w.Waiting())
	require.NoError(w.T, err)
	assert.Equal(w.T, seen, w.Seen)
	assert.Equal(w.T, status, server.Status)
	assert.Empty(w.T, server.TaskState)
	return server
}

// u2 describes a server with a local disk.
func (w *world) u2(name string) compute.ServerCreateRequest {
	return compute.ServerCreateRequest{
		Name:             name,
		FlavorID:         w.FlavorID("u2.c1m1"),
		ImageID:          w.ImageID("Ubuntu Server 24.04"),
		KeyName:          "deploy",
		Networks:         []compute.ServerNetwork{{NetworkID: w.NetworkID()}},
		AvailabilityZone: "kr-pub-a",
	}
}

func (w *world) create(request compute.ServerCreateRequest) string {
	w.T.Helper()
	created, err := w.Servers.Create(w.T.Context(), request)
	require.NoError(w.T, err)
	return created.ID
}

func TestServerLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	request := w.u2("web")
	request.Metadata = map[string]string{"role": "웹"}
	request.UserData = "#!/bin/sh\n"
	id := w.create(request)

	server := w.until(id, compute.StatusActive, "BUILD", "BUILD", "ACTIVE")
	assert.Equal(t, "web", server.Name)
	assert.Equal(t, "deploy", server.KeyName)
	assert.Equal(t, "웹", server.Metadata["role"])
	assert.Equal(t, compute.PowerOn, server.PowerState)
	assert.Equal(t, []compute.SecurityGroupRef{{Name: "default"}}, server.SecurityGroups)
	assert.Equal(t, request.ImageID, server.Image.ID)

	require.NoError(t, w.Servers.Stop(ctx, id))
	server = w.until(id, compute.StatusShutoff, "ACTIVE", "ACTIVE", "SHUTOFF")
	assert.Equal(t, compute.PowerOff, server.PowerState)
	require.NoError(t, w.Servers.Start(ctx, id))
	w.until(id, compute.StatusActive, "SHUTOFF", "SHUTOFF", "ACTIVE")
	require.NoError(t, w.Servers.Reboot(ctx, id, compute.RebootSoft))
	w.until(id, compute.StatusActive, "REBOOT", "REBOOT", "ACTIVE")
	require.NoError(t, w.Servers.Reboot(ctx, id, compute.RebootHard))
	w.until(id, compute.StatusActive, "HARD_REBOOT", "HARD_REBOOT", "ACTIVE")

	larger := w.FlavorID("u2.c2m4")
	require.NoError(t, w.Servers.Resize(ctx, id, larger))
	server, err := w.Servers.WaitForResize(ctx, id, larger, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, []string{"RESIZE", "RESIZE", "VERIFY_RESIZE", "VERIFY_RESIZE", "ACTIVE"}, w.Seen)
	assert.Equal(t, larger, server.Flavor.ID)

	renamed, err := w.Servers.Update(ctx, id, compute.ServerUpdateRequest{Name: new("web-1")})
	require.NoError(t, err)
	assert.Equal(t, "web-1", renamed.Name)
	require.NoError(t, w.Servers.AddSecurityGroup(ctx, id, "default"))
	require.NoError(t, w.Servers.RemoveSecurityGroup(ctx, id, "default"))
	assert.ErrorIs(t, w.Servers.AddSecurityGroup(ctx, id, "absent"), nhncloud.ErrNotFound)

	require.NoError(t, w.Servers.Shelve(ctx, id))
	w.until(id, compute.StatusShelvedOffloaded, "ACTIVE", "ACTIVE", "SHELVED_OFFLOADED")
	require.NoError(t, w.Servers.Unshelve(ctx, id))
	w.until(id, compute.StatusActive, "SHELVED_OFFLOADED", "SHELVED_OFFLOADED", "ACTIVE")

	require.NoError(t, w.ProtectServer(id, true))
	assert.ErrorIs(t, w.Servers.Delete(ctx, id), nhncloud.ErrConflict)
	require.NoError(t, w.ProtectServer(id, false))
	require.NoError(t, w.Servers.Delete(ctx, id))
	require.NoError(t, w.Servers.WaitForDeletion(ctx, id, w.Waiting()))
	assert.Len(t, w.Seen, 3)
	_, err = w.Servers.Get(ctx, id)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	require.NoError(t, w.Servers.WaitForDeletion(ctx, id, nil), "a server that is gone is gone at once")
}

func TestVolumesOfServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	id := w.create(w.u2("db"))
	w.until(id, compute.StatusActive, "BUILD", "BUILD", "ACTIVE")
	data, err := blockstorage.New(w.Core).Volumes.Create(ctx, blockstorage.VolumeCreateRequest{Size: 10, AvailabilityZone: "kr-pub-a"})
	require.NoError(t, err)
	w.Advance(apitest.Transition)

	attached, err := w.VolumeAttachments.Attach(ctx, id, data.ID)
	require.NoError(t, err)
	assert.Equal(t, &compute.VolumeAttachment{ID: data.ID, VolumeID: data.ID, ServerID: id, Device: "/dev/vdb"}, attached)
	w.Advance(apitest.Transition)
	got, err := w.VolumeAttachments.Get(ctx, id, data.ID)
	require.NoError(t, err)
	assert.Equal(t, attached, got)
	all, err := nhncloud.Collect(w.VolumeAttachments.All(ctx, id))
	require.NoError(t, err)
	assert.Equal(t, []*compute.VolumeAttachment{attached}, all)
	_, err = w.VolumeAttachments.Attach(ctx, id, data.ID)
	assert.ErrorIs(t, err, nhncloud.ErrConflict)

	require.NoError(t, w.VolumeAttachments.Detach(ctx, id, data.ID))
	require.NoError(t, w.VolumeAttachments.WaitForDetach(ctx, id, data.ID, w.Waiting()))
	require.NotEmpty(t, w.Seen)
	assert.Equal(t, "attached", w.Seen[0])
	listed, err := w.VolumeAttachments.List(ctx, id, nil)
	require.NoError(t, err)
	assert.Empty(t, listed)
}

func TestImageOfServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	id := w.create(w.u2("golden"))
	w.until(id, compute.StatusActive, "BUILD", "BUILD", "ACTIVE")
	imageID, err := w.Servers.CreateImage(ctx, id, compute.ServerImageRequest{Name: "황금 이미지", Metadata: map[string]string{"version": "7"}})
	require.NoError(t, err)
	image, err := w.Images.WaitForActive(ctx, imageID, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, []string{"saving", "saving", "active"}, w.Seen)
	assert.Equal(t, "황금 이미지", image.Name)
	assert.Equal(t, compute.ImagePrivate, image.Visibility)
	assert.Equal(t, "7", image.Property("version"))
	assert.Equal(t, "linux", image.Property("os_type"))
	w.until(id, compute.StatusActive, "ACTIVE")

	request := w.u2("copy")
	request.ImageID = imageID
	w.until(w.create(request), compute.StatusActive, "BUILD", "BUILD", "ACTIVE")
}

func TestMetadataOfServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	id := w.AddServers(1)[0]
	for key := range oddNames {
		value, err := w.Metadata.Set(ctx, id, key, "값 "+key)
		require.NoError(t, err, key)
		assert.Equal(t, "값 "+key, value)
		value, err = w.Metadata.Get(ctx, id, key)
		require.NoError(t, err, key)
		assert.Equal(t, "값 "+key, value)
		all, err := w.Metadata.List(ctx, id)
		require.NoError(t, err)
		assert.Equal(t, "값 "+key, all[key])
		require.NoError(t, w.Metadata.Delete(ctx, id, key), key)
		_, err = w.Metadata.Get(ctx, id, key)
		assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	}
}

func TestServerGroupLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	group, err := w.ServerGroups.Create(ctx, compute.ServerGroupCreateRequest{Name: "spread"})
	require.NoError(t, err)
	request := w.u2("web")
	request.ServerGroupID = group.ID
	id := w.create(request)
	group, err = w.ServerGroups.Get(ctx, group.ID)
	require.NoError(t, err)
	assert.Equal(t, []string{id}, group.Members)
	assert.Equal(t, []compute.ServerGroupPolicy{compute.AntiAffinity}, group.Policies)
	require.NoError(t, w.ServerGroups.Delete(ctx, group.ID))
	groups, err := w.ServerGroups.List(ctx)
	require.NoError(t, err)
	assert.Empty(t, groups)
}

func TestCreateSeveral(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	request := w.u2("web")
	request.MinCount, request.MaxCount = 2, 3
	reservation, err := w.Servers.CreateReserved(ctx, request)
	require.NoError(t, err)
	other := w.create(w.u2("other"))
	w.Advance(apitest.Transition)

	var names []string
	for server, err := range w.Servers.All(ctx, &compute.ServerListOptions{ReservationID: reservation}) {
		require.NoError(t, err)
		assert.NotEqual(t, other, server.ID)
		names = append(names, server.Name)
		w.until(server.ID, compute.StatusActive, "ACTIVE")
	}
	slices.Sort(names)
	assert.Equal(t, []string{"web-1", "web-2", "web-3"}, names)
}

func TestManyServers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	ids := w.AddServers(250)
	slices.Reverse(ids) // the newest come first
	w.ResetRequests()

	servers, err := nhncloud.Collect(w.Servers.All(ctx, nil))
	require.NoError(t, err)
	found := make([]string, len(servers))
	for i, s := range servers {
		found[i] = s.ID
	}
	assert.Equal(t, ids, found)
	assert.Equal(t, 3, w.Count("compute-v2-list-servers-detail"))

	summaries, err := nhncloud.Collect(w.Servers.AllSummaries(ctx, &compute.ServerListOptions{Limit: 50}))
	require.NoError(t, err)
	assert.Len(t, summaries, 250)
	assert.Equal(t, 6, w.Count("compute-v2-list-servers"), "the page after the last full one is empty")

	w.ResetRequests()
	n := 0
	for _, err := range w.Servers.All(ctx, nil) {
		require.NoError(t, err)
		if n++; n == 150 {
			break
		}
	}
	assert.Equal(t, 2, w.Count(""), "no page is fetched that the loop doesn't reach")

	w.Inject(nhncloudtest.Fault{Operation: "compute-v2-list-servers-detail", After: 1, Status: http.StatusBadGateway})
	servers, err = nhncloud.Collect(w.Servers.All(ctx, nil))
	assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
	assert.Len(t, servers, 100)
}

func TestOtherLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nhncloudtest.WithPageLimits(3, 3))
	ctx := t.Context()
	flavors, err := nhncloud.Collect(w.Client.Flavors.All(ctx, &compute.FlavorListOptions{MinRAM: 2048}))
	require.NoError(t, err)
	assert.Greater(t, len(flavors), 3)
	for _, f := range flavors {
		assert.GreaterOrEqual(t, f.RAM, 2048)
		assert.Equal(t, w.FlavorID(f.Name), f.ID)
	}
	summaries, err := nhncloud.Collect(w.Client.Flavors.AllSummaries(ctx, nil))
	require.NoError(t, err)
	assert.Len(t, summaries, len(w.Server.Flavors()))
	images, err := nhncloud.Collect(w.Images.All(ctx, &compute.ImageListOptions{Limit: 2, Properties: map[string]string{"os_type": "linux"}}))
	require.NoError(t, err)
	assert.Greater(t, len(images), 2)
	for _, i := range images {
		assert.Equal(t, "linux", i.Property("os_type"))
	}
	zones, err := w.Zones.List(ctx)
	require.NoError(t, err)
	assert.NotEmpty(t, zones)
}

func TestServersChangedSince(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddServers(1)
	w.Advance(time.Hour)
	since := w.Now().In(time.FixedZone("KST", 9*60*60))
	w.Advance(time.Minute)
	changed := w.AddServers(1)
	servers, err := nhncloud.Collect(w.Servers.All(t.Context(), &compute.ServerListOptions{ChangesSince: since}))
	require.NoError(t, err)
	require.Len(t, servers, 1)
	assert.Equal(t, changed[0], servers[0].ID)
}

func TestCreateSimpleOnCloud(t *testing.T) {
	t.Parallel()
	for flavor, volumes := range map[string]int{"m2.c2m4": 1, "u2.c1m1": 0} {
		t.Run(flavor, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			created, err := w.Servers.CreateSimple(t.Context(), compute.SimpleServer{
				Name: "web", ImageID: w.ImageID("Ubuntu Server 24.04"), FlavorID: w.FlavorID(flavor), SubnetID: w.SubnetID(), KeyName: "deploy",
			})
			require.NoError(t, err)
			assert.Equal(t, []compute.SecurityGroupRef{{Name: "default"}}, created.SecurityGroups)
			server := w.until(created.ID, compute.StatusActive, "BUILD", "BUILD", "ACTIVE")
			assert.Len(t, server.VolumesAttached, volumes)
			attachments, err := nhncloud.Collect(w.VolumeAttachments.All(t.Context(), created.ID))
			require.NoError(t, err)
			assert.Len(t, attachments, volumes)
		})
	}
}
