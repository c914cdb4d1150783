package computev1_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	blockstoragev1 "github.com/nhncloud-go/nhncloud/blockstorage/v1"
	"github.com/nhncloud-go/nhncloud/compute"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// world is a cloud to make instances in.
type world struct {
	*apitest.World
	*computev1.Client
}

func newWorld(t *testing.T, options ...nhncloudtest.Option) *world {
	t.Helper()
	w := apitest.NewWorld(t, options...)
	return &world{World: w, Client: computev1.New(w.Core)}
}

// until waits for a status and checks what was seen on the way.
func (w *world) until(id string, status computev1.InstanceStatus, seen ...string) *computev1.Instance {
	w.T.Helper()
	instance, err := w.Instances.WaitForStatus(w.T.Context(), id, status, w.Waiting())
	require.NoError(w.T, err)
	assert.Equal(w.T, seen, w.Seen)
	assert.Equal(w.T, status, instance.Status)
	return instance
}

// u2 describes an instance with a local disk.
func (w *world) u2(name string) computev1.InstanceCreateRequest {
	return computev1.InstanceCreateRequest{
		Name:             name,
		ImageID:          w.ImageID("Ubuntu Server 24.04"),
		FlavorID:         w.FlavorID("u2.c1m1"),
		Networks:         []computev1.InstanceNetwork{{NetworkID: w.NetworkID()}},
		AvailabilityZone: "kr-pub-a",
		KeyName:          "deploy",
		SecurityGroups:   []string{"default"},
	}
}

func (w *world) create(request computev1.InstanceCreateRequest) string {
	w.T.Helper()
	created, err := w.Instances.Create(w.T.Context(), request)
	require.NoError(w.T, err)
	assert.Equal(w.T, computev1.StatusBuild, created.Status)
	return created.ID
}

// running is an instance in ACTIVE.
func (w *world) running(name string) string {
	w.T.Helper()
	id := w.create(w.u2(name))
	w.until(id, computev1.StatusActive, "BUILD", "BUILD", "ACTIVE")
	return id
}

func TestInstanceLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	request := w.u2("web")
	request.Networks = []computev1.InstanceNetwork{{NetworkID: w.NetworkID(), SubnetID: w.SubnetID()}}
	id := w.create(request)

	instance := w.until(id, computev1.StatusActive, "BUILD", "BUILD", "ACTIVE")
	assert.Equal(t, "web", instance.Name)
	assert.Equal(t, "kr-pub-a", instance.AvailabilityZone)
	assert.Equal(t, "deploy", instance.KeyName)
	assert.Equal(t, request.ImageID, instance.ImageID)
	assert.Equal(t, computev1.InstanceFlavor{ID: request.FlavorID, Name: "u2.c1m1", CPU: 1, RAM: 1024}, instance.Flavor)
	assert.Equal(t, []computev1.SecurityGroupRef{{Name: "default"}}, instance.SecurityGroups)
	assert.Equal(t, "linux", instance.Metadata["os_type"])
	assert.Equal(t, 20, instance.Volumes.Root.Size)
	assert.Empty(t, instance.Volumes.Attachments)
	require.Len(t, instance.Addresses, 1)
	assert.Equal(t, 4, instance.Addresses[0].Version)
	assert.NotEmpty(t, instance.Addresses[0].IPAddress)
	assert.False(t, instance.CreatedAt.IsZero())
	assert.True(t, instance.LaunchedAt.After(instance.CreatedAt))
	server, err := compute.New(w.Core).Servers.Get(ctx, id)
	require.NoError(t, err)
	assert.Equal(t, "web", server.Name, "both APIs show the same machine")

	require.NoError(t, w.Instances.Stop(ctx, id))
	w.until(id, computev1.StatusStop, "POWERING_OFF", "POWERING_OFF", "STOP")
	require.NoError(t, w.Instances.Start(ctx, id))
	w.until(id, computev1.StatusActive, "POWERING_ON", "POWERING_ON", "ACTIVE")
	for _, how := range []computev1.RebootType{computev1.RebootSoft, computev1.RebootHard} {
		require.NoError(t, w.Instances.Reboot(ctx, id, how))
		w.until(id, computev1.StatusActive, "REBOOTING", "REBOOTING", "ACTIVE")
	}
	larger := w.FlavorID("u2.c2m4")
	require.NoError(t, w.Instances.Resize(ctx, id, larger))
	instance = w.until(id, computev1.StatusActive, "RESIZING", "RESIZING", "RESIZING", "RESIZING", "ACTIVE")
	assert.Equal(t, larger, instance.Flavor.ID)

	require.NoError(t, w.Instances.AddSecurityGroup(ctx, id, "default"))
	require.NoError(t, w.Instances.RemoveSecurityGroup(ctx, id, "default"))
	assert.ErrorIs(t, w.Instances.AddSecurityGroup(ctx, id, "absent"), nhncloud.ErrNotFound)
	assert.ErrorIs(t, w.Instances.Start(ctx, id), nhncloud.ErrConflict)

	require.NoError(t, w.Instances.Delete(ctx, id))
	require.NoError(t, w.Instances.WaitForDeletion(ctx, id, w.Waiting()))
	assert.Equal(t, []string{"DELETING", "DELETING", "gone"}, w.Seen)
	_, err = w.Instances.Get(ctx, id)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	_, err = w.Instances.GetSummary(ctx, id)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	assert.ErrorIs(t, w.Instances.Delete(ctx, id), nhncloud.ErrNotFound)
	require.NoError(t, w.Instances.WaitForDeletion(ctx, id, nil), "an instance that is gone is gone at once")
}

func TestInstanceOnVolume(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.u2("db")
	request.FlavorID = w.FlavorID("m2.c2m4")
	_, err := w.Instances.Create(t.Context(), request)
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument, "it needs a volume")
	for kind, volume := range map[computev1.VolumeType]*computev1.InstanceVolume{
		computev1.VolumeGeneralHDD: {Size: 30},
		computev1.VolumeGeneralSSD: {Size: 50, Type: new(computev1.VolumeGeneralSSD)},
	} {
		request.Volume = volume
		instance := w.until(w.create(request), computev1.StatusActive, "BUILD", "BUILD", "ACTIVE")
		assert.Equal(t, computev1.RootVolume{Size: volume.Size, Type: kind}, instance.Volumes.Root)
	}
	request = w.u2("local")
	request.Volume = &computev1.InstanceVolume{Size: 20}
	_, err = w.Instances.Create(t.Context(), request)
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument, "it has a local disk")
}

func TestVolumesOfInstance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	id := w.running("db")
	data, err := blockstoragev1.New(w.Core).Volumes.Create(ctx, blockstoragev1.VolumeCreateRequest{
		Name: "data", Size: 100, VolumeType: blockstoragev1.VolumeGeneralSSD, AvailabilityZone: "kr-pub-a",
	})
	require.NoError(t, err)
	w.Advance(apitest.Transition)

	attached, err := w.Instances.AttachVolume(ctx, id, data.ID)
	require.NoError(t, err)
	assert.Equal(t, data.ID, attached.VolumeID)
	assert.Equal(t, "/dev/vdb", attached.Device)
	assert.NotEmpty(t, attached.ID)
	w.Advance(apitest.Transition)
	instance, err := w.Instances.Get(ctx, id)
	require.NoError(t, err)
	assert.Equal(t, []computev1.AttachedVolume{{ID: data.ID, Name: "data", Size: 100, Type: computev1.VolumeGeneralSSD}}, instance.Volumes.Attachments)
	_, err = w.Instances.AttachVolume(ctx, id, data.ID)
	assert.ErrorIs(t, err, nhncloud.ErrConflict)

	require.NoError(t, w.Instances.DetachVolume(ctx, id, data.ID))
	w.Advance(apitest.Transition)
	instance, err = w.Instances.Get(ctx, id)
	require.NoError(t, err)
	assert.Empty(t, instance.Volumes.Attachments)
	assert.ErrorIs(t, w.Instances.DetachVolume(ctx, id, data.ID), nhncloud.ErrNotFound)
}

func TestFloatingIPOfInstance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	id := w.running("web")
	network := networkv1.New(w.Core)
	pools, err := network.FloatingIPPools.List(ctx)
	require.NoError(t, err)
	require.NotEmpty(t, pools)
	floating, err := network.FloatingIPs.Create(ctx, pools[0].ID)
	require.NoError(t, err)
	instance, err := w.Instances.Get(ctx, id)
	require.NoError(t, err)
	require.Len(t, instance.Addresses, 1)
	assert.Empty(t, instance.Addresses[0].FloatingIPAddress)

	require.NoError(t, w.Instances.AddFloatingIP(ctx, id, floating.FloatingIPAddress, instance.Addresses[0].IPAddress))
	instance, err = w.Instances.Get(ctx, id)
	require.NoError(t, err)
	assert.Equal(t, floating.FloatingIPAddress, instance.Addresses[0].FloatingIPAddress)
	require.NoError(t, w.Instances.RemoveFloatingIP(ctx, id, floating.FloatingIPAddress))
	instance, err = w.Instances.Get(ctx, id)
	require.NoError(t, err)
	assert.Empty(t, instance.Addresses[0].FloatingIPAddress)
	assert.ErrorIs(t, w.Instances.RemoveFloatingIP(ctx, id, "192.0.2.1"), nhncloud.ErrNotFound)
}

func TestImageOfInstance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	id := w.running("golden")
	_, err := w.Instances.UploadImage(ctx, id, "황금 이미지")
	assert.ErrorIs(t, err, nhncloud.ErrConflict, "it has to be stopped")
	require.NoError(t, w.Instances.Stop(ctx, id))
	w.until(id, computev1.StatusStop, "POWERING_OFF", "POWERING_OFF", "STOP")
	created, err := w.Instances.UploadImage(ctx, id, "황금 이미지")
	require.NoError(t, err)
	assert.Equal(t, "황금 이미지", created.Name)
	find := func() *computev1.Image {
		for image, err := range w.Images.All(ctx, nil) {
			require.NoError(t, err)
			if image.ID == created.ID {
				return image
			}
		}
		return nil
	}
	image := find()
	require.NotNil(t, image)
	assert.Equal(t, computev1.ImageSaving, image.Status)
	assert.Zero(t, image.Size)
	w.Advance(apitest.Transition)
	image = find()
	assert.Equal(t, computev1.ImageActive, image.Status)
	assert.Equal(t, "황금 이미지", image.Name)
	assert.Positive(t, image.Size)
	assert.False(t, image.Public)
	assert.Equal(t, "linux", image.Properties["os_type"])

	request := w.u2("copy")
	request.ImageID = created.ID
	w.until(w.create(request), computev1.StatusActive, "BUILD", "BUILD", "ACTIVE")
	require.NoError(t, w.Images.Delete(ctx, created.ID))
	assert.Nil(t, find())
	assert.ErrorIs(t, w.Images.Delete(ctx, created.ID), nhncloud.ErrNotFound)
	assert.ErrorIs(t, w.Images.Delete(ctx, w.ImageID("Ubuntu Server 24.04")), nhncloud.ErrForbidden)
}

func TestManyImages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nhncloudtest.WithPageLimits(2, 3))
	for i := range 10 {
		w.AddImage(nhncloudtest.Image{Name: fmt.Sprintf("image %d", i)})
	}
	var want []string
	for image, err := range compute.New(w.Core).Images.All(t.Context(), &compute.ImageListOptions{Limit: 3}) {
		require.NoError(t, err)
		want = append(want, image.ID)
	}
	require.Greater(t, len(want), 10)
	slices.Sort(want)
	for _, limit := range []int{0, 1, 2, 3} {
		w.ResetRequests()
		var found []string
		for image, err := range w.Images.All(t.Context(), &computev1.ImageListOptions{Limit: limit}) {
			require.NoError(t, err)
			found = append(found, image.ID)
		}
		slices.Sort(found)
		assert.Equal(t, want, found, "limit %d", limit)
		assert.Greater(t, w.Count("image-v1-list-images"), len(want)/3)
	}
	page, err := w.Images.List(t.Context(), nil)
	require.NoError(t, err)
	assert.Len(t, page, 2, "the page of the service")
}

func TestOtherLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	flavors, err := w.Client.Flavors.List(ctx)
	require.NoError(t, err)
	assert.Len(t, flavors, len(w.Server.Flavors()))
	for _, f := range flavors {
		assert.Equal(t, w.FlavorID(f.Name), f.ID)
		assert.Equal(t, f.HasLocalDisk(), f.VolumeSize > 0, f.Name)
		assert.Equal(t, f.HasLocalDisk(), f.MaxVolumeSize == 0, f.Name)
	}
	zones, err := w.Zones.List(ctx)
	require.NoError(t, err)
	assert.Contains(t, zones, &computev1.Zone{Name: "kr-pub-a", State: computev1.ZoneState{Available: true}})
	instances, err := w.Instances.List(ctx)
	require.NoError(t, err)
	assert.Empty(t, instances)
}

func TestCreateSeveral(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	request := w.u2("web")
	request.Count = 3
	first := w.create(request)
	w.Advance(apitest.Transition)

	summaries, err := w.Instances.ListSummaries(ctx)
	require.NoError(t, err)
	names := map[string]bool{}
	for _, s := range summaries {
		assert.Equal(t, computev1.StatusActive, s.Status)
		names[s.Name] = true
	}
	assert.Len(t, names, 3)
	instances, err := w.Instances.List(ctx)
	require.NoError(t, err)
	require.Len(t, instances, 3)
	assert.True(t, slices.ContainsFunc(instances, func(i *computev1.Instance) bool { return i.ID == first }))
	summary, err := w.Instances.GetSummary(ctx, first)
	require.NoError(t, err)
	assert.Contains(t, summaries, summary)
}
