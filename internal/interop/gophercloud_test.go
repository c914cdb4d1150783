package interop

import (
	"context"
	"net/http"
	"os"
	"path"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v2/volumes"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/availabilityzones"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/flavors"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/keypairs"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servergroups"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// cloud is an in-memory cloud with gophercloud logged in to it.
type cloud struct {
	*nhncloudtest.Server
	t        *testing.T
	provider *gophercloud.ProviderClient
}

func newCloud(t *testing.T, opts ...nhncloudtest.Option) *cloud {
	t.Parallel()
	opts = append([]nhncloudtest.Option{nhncloudtest.WithTransition(0), nhncloudtest.WithEd25519Keys()}, opts...)
	srv := nhncloudtest.Start(t, opts...)
	provider, err := openstack.AuthenticatedClient(t.Context(), gophercloud.AuthOptions{
		IdentityEndpoint: srv.AuthURL(), TenantID: srv.TenantID, Username: srv.Username, Password: srv.Password,
		AllowReauth: true,
	})
	require.NoError(t, err)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	provider.HTTPClient = http.Client{Transport: transport}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	return &cloud{Server: srv, t: t, provider: provider}
}

type newClient func(*gophercloud.ProviderClient, gophercloud.EndpointOpts) (*gophercloud.ServiceClient, error)

func (c *cloud) client(make newClient) *gophercloud.ServiceClient {
	c.t.Helper()
	sc, err := make(c.provider, gophercloud.EndpointOpts{Region: c.Region})
	require.NoError(c.t, err)
	return sc
}

func (c *cloud) compute() *gophercloud.ServiceClient { return c.client(openstack.NewComputeV2) }

func (c *cloud) networks() []servers.Network { return []servers.Network{{UUID: c.NetworkID()}} }

// u2 makes a server that boots from a local disk and waits for it.
func (c *cloud) u2(name string) *servers.Server {
	c.t.Helper()
	return c.make(servers.CreateOpts{
		Name: name, FlavorRef: c.FlavorID("u2.c1m1"), ImageRef: c.ImageID("Ubuntu Server 24.04"), Networks: c.networks(),
	})
}

func (c *cloud) make(opts servers.CreateOpts) *servers.Server {
	c.t.Helper()
	made, err := servers.Create(c.t.Context(), c.compute(), opts, servers.SchedulerHintOpts{}).Extract()
	require.NoError(c.t, err)
	return c.wait(made.ID, "ACTIVE")
}

// wait looks at a server, which is as far as it gets by then: changes take no
// time in this cloud.
func (c *cloud) wait(id, status string) *servers.Server {
	c.t.Helper()
	s, err := servers.Get(c.t.Context(), c.compute(), id).Extract()
	require.NoError(c.t, err)
	require.Equal(c.t, status, s.Status)
	require.Empty(c.t, s.TaskState)
	return s
}

func TestLogin(t *testing.T) {
	c := newCloud(t)
	assert.Equal(t, 1, c.Logins())

	for name, opts := range map[string]gophercloud.AuthOptions{
		"password": {TenantID: c.TenantID, Password: "wrong"},
		"tenant":   {TenantID: "00000000000000000000000000000000", Password: c.Password},
	} {
		opts.IdentityEndpoint, opts.Username = c.AuthURL(), c.Username
		_, err := openstack.AuthenticatedClient(t.Context(), opts)
		assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusUnauthorized), "%s: %v", name, err)
	}

	// Without a version in the URL, gophercloud asks which there are.
	_, err := openstack.AuthenticatedClient(t.Context(), gophercloud.AuthOptions{
		IdentityEndpoint: c.URL() + "/identity", TenantID: c.TenantID, Username: c.Username, Password: c.Password,
	})
	require.NoError(t, err)
}

func TestLoginFromEnvironment(t *testing.T) {
	srv := nhncloudtest.Start(t)
	for _, name := range []string{"OS_AUTH_URL", "OS_TENANT_ID", "OS_PROJECT_ID", "OS_USERNAME", "OS_PASSWORD", "OS_REGION_NAME"} {
		value, ok := srv.LookupEnv(name)
		require.True(t, ok, name)
		t.Setenv(name, value)
	}
	opts, err := openstack.AuthOptionsFromEnv()
	require.NoError(t, err)
	provider, err := openstack.AuthenticatedClient(t.Context(), opts)
	require.NoError(t, err)
	_, err = openstack.NewComputeV2(provider, gophercloud.EndpointOpts{Region: os.Getenv("OS_REGION_NAME")})
	require.NoError(t, err)
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

func TestLoginAgain(t *testing.T) {
	c := newCloud(t)
	c.RevokeTokens()
	_, err := servers.List(c.compute(), nil).AllPages(t.Context())
	require.NoError(t, err)
	c.ExpireTokens()
	_, err = servers.List(c.compute(), nil).AllPages(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 3, c.Logins())
}

func TestRegions(t *testing.T) {
	c := newCloud(t, nhncloudtest.WithRegions("KR1", "JP1"))
	c.AddServers(2)
	for region, want := range map[string]int{"KR1": 2, "JP1": 0} {
		compute, err := openstack.NewComputeV2(c.provider, gophercloud.EndpointOpts{Region: region})
		require.NoError(t, err)
		pages, err := servers.List(compute, nil).AllPages(t.Context())
		require.NoError(t, err)
		all, err := servers.ExtractServers(pages)
		require.NoError(t, err)
		assert.Len(t, all, want, region)
	}
	_, err := openstack.NewComputeV2(c.provider, gophercloud.EndpointOpts{Region: "US1"})
	require.Error(t, err)
}

func TestFlavorsAndZones(t *testing.T) {
	c := newCloud(t)
	pages, err := flavors.ListDetail(c.compute(), flavors.ListOpts{MinRAM: 8192}).AllPages(t.Context())
	require.NoError(t, err)
	all, err := flavors.ExtractFlavors(pages)
	require.NoError(t, err)
	require.NotEmpty(t, all)
	for _, f := range all {
		assert.GreaterOrEqual(t, f.RAM, 8192)
		assert.True(t, f.IsPublic)
	}
	one, err := flavors.Get(t.Context(), c.compute(), all[0].ID).Extract()
	require.NoError(t, err)
	assert.Equal(t, all[0].Name, one.Name)

	pages, err = availabilityzones.List(c.compute()).AllPages(t.Context())
	require.NoError(t, err)
	zones, err := availabilityzones.ExtractAvailabilityZones(pages)
	require.NoError(t, err)
	require.Len(t, zones, 2)
	assert.Equal(t, "kr-pub-a", zones[0].ZoneName)
	assert.True(t, zones[0].ZoneState.Available)
}

func TestImages(t *testing.T) {
	c := newCloud(t)
	image := c.client(openstack.NewImageV2)
	pages, err := images.List(image, images.ListOpts{Limit: 2}).AllPages(t.Context())
	require.NoError(t, err)
	all, err := images.ExtractImages(pages)
	require.NoError(t, err)
	assert.Len(t, all, 5)

	one, err := images.Get(t.Context(), image, c.ImageID("Windows")).Extract()
	require.NoError(t, err)
	assert.Equal(t, images.ImageStatusActive, one.Status)
	assert.Equal(t, 50, one.MinDiskGigabytes)
	assert.Equal(t, "windows", one.Properties["os_type"])
	assert.False(t, one.CreatedAt.IsZero())

	_, err = images.Get(t.Context(), image, "00000000-0000-0000-0000-000000000000").Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusNotFound), err)
}

func TestServerFromLocalDisk(t *testing.T) {
	c := newCloud(t)
	ctx, compute := t.Context(), c.compute()
	s := c.u2("web")
	assert.Equal(t, "web", s.Name)
	assert.Equal(t, c.TenantID, s.TenantID)
	assert.Equal(t, c.ImageID("Ubuntu Server 24.04"), s.Image["id"])
	assert.Equal(t, c.FlavorID("u2.c1m1"), s.Flavor["id"])
	assert.EqualValues(t, servers.RUNNING, s.PowerState)
	assert.Equal(t, "ubuntu", s.Metadata["login_username"])
	assert.Contains(t, s.Addresses, "Default Network")
	assert.False(t, s.LaunchedAt.IsZero())
	assert.Empty(t, s.AttachedVolumes)

	renamed, err := servers.Update(ctx, compute, s.ID, servers.UpdateOpts{Name: "web-2"}).Extract()
	require.NoError(t, err)
	assert.Equal(t, "web-2", renamed.Name)

	require.NoError(t, servers.Stop(ctx, compute, s.ID).ExtractErr())
	s = c.wait(s.ID, "SHUTOFF")
	assert.EqualValues(t, servers.SHUTDOWN, s.PowerState)
	err = servers.Stop(ctx, compute, s.ID).ExtractErr()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusConflict), err)
	require.NoError(t, servers.Start(ctx, compute, s.ID).ExtractErr())
	c.wait(s.ID, "ACTIVE")
	for _, how := range []servers.RebootMethod{servers.SoftReboot, servers.HardReboot} {
		require.NoError(t, servers.Reboot(ctx, compute, s.ID, servers.RebootOpts{Type: how}).ExtractErr())
		c.wait(s.ID, "ACTIVE")
	}
	require.NoError(t, servers.Resize(ctx, compute, s.ID, servers.ResizeOpts{FlavorRef: c.FlavorID("u2.c2m4")}).ExtractErr())
	s = c.wait(s.ID, "ACTIVE") // comes back by itself: there is nothing to confirm
	assert.Equal(t, c.FlavorID("u2.c2m4"), s.Flavor["id"])

	require.NoError(t, servers.Shelve(ctx, compute, s.ID).ExtractErr())
	c.wait(s.ID, "SHELVED_OFFLOADED")
	require.NoError(t, servers.Unshelve(ctx, compute, s.ID, servers.UnshelveOpts{}).ExtractErr())
	c.wait(s.ID, "ACTIVE")

	require.NoError(t, servers.Delete(ctx, compute, s.ID).ExtractErr())
	_, err = servers.Get(ctx, compute, s.ID).Extract()
	gone(t, err)
}

// gone makes sure that a look-up says 404.
func gone(t *testing.T, err error) {
	t.Helper()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusNotFound), err)
}

func TestServerFromVolume(t *testing.T) {
	c := newCloud(t)
	ctx := t.Context()
	_, err := keypairs.Create(ctx, c.compute(), keypairs.CreateOpts{Name: "key"}).Extract()
	require.NoError(t, err)
	image := c.ImageID("Rocky Linux")
	made, err := servers.Create(ctx, c.compute(), keypairs.CreateOptsExt{
		KeyName: "key",
		CreateOptsBuilder: servers.CreateOpts{
			Name: "db", FlavorRef: c.FlavorID("m2.c1m2"), ImageRef: image, Networks: c.networks(),
			AvailabilityZone: "kr-pub-b", SecurityGroups: []string{"web"}, UserData: []byte("#!/bin/sh\n"),
			Metadata: map[string]string{"role": "db"},
			BlockDevice: []servers.BlockDevice{{
				BootIndex: 0, UUID: image, SourceType: servers.SourceImage, DestinationType: servers.DestinationVolume,
				VolumeSize: 20, DeleteOnTermination: true,
			}},
		},
	}, servers.SchedulerHintOpts{}).Extract()
	require.NoError(t, err)
	s := c.wait(made.ID, "ACTIVE")
	assert.Equal(t, "key", s.KeyName)
	assert.Equal(t, "kr-pub-b", s.AvailabilityZone)
	assert.Equal(t, "db", s.Metadata["role"])
	assert.Equal(t, "web", s.SecurityGroups[0]["name"])
	require.Len(t, s.AttachedVolumes, 1)

	storage := c.client(openstack.NewBlockStorageV2)
	root, err := volumes.Get(ctx, storage, s.AttachedVolumes[0].ID).Extract()
	require.NoError(t, err)
	assert.Equal(t, "in-use", root.Status)
	assert.Equal(t, "true", root.Bootable)
	require.Len(t, root.Attachments, 1)
	assert.Equal(t, s.ID, root.Attachments[0].ServerID)

	require.NoError(t, servers.Delete(ctx, c.compute(), s.ID).ExtractErr())
	_, err = volumes.Get(ctx, storage, root.ID).Extract()
	gone(t, err)
}

func TestWaiter(t *testing.T) {
	c := newCloud(t, nhncloudtest.WithTransition(100*time.Millisecond))
	made, err := servers.Create(t.Context(), c.compute(), servers.CreateOpts{
		Name: "s", FlavorRef: c.FlavorID("u2.c1m1"), ImageRef: c.ImageID("Rocky"), Networks: c.networks(),
	}, nil).Extract()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	require.NoError(t, servers.WaitForStatus(ctx, c.compute(), made.ID, "ACTIVE"))
}

func TestServerRefused(t *testing.T) {
	c := newCloud(t)
	_, err := servers.Create(t.Context(), c.compute(), servers.CreateOpts{
		Name: "x", FlavorRef: "nope", ImageRef: c.ImageID("Rocky"), Networks: c.networks(),
	}, nil).Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusBadRequest), err)
	assert.ErrorContains(t, err, "Flavor nope could not be found.")
	_, err = servers.Get(t.Context(), c.compute(), "nope").Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusNotFound), err)
}

func TestServerPages(t *testing.T) {
	c := newCloud(t)
	ids := c.AddServers(250) // three pages of 100, and a little
	pages, err := servers.List(c.compute(), nil).AllPages(t.Context())
	require.NoError(t, err)
	all, err := servers.ExtractServers(pages)
	require.NoError(t, err)
	require.Len(t, all, 250)
	assert.Equal(t, ids[249], all[0].ID, "the newest comes first")
	assert.Equal(t, 3, c.Count("compute-v2-list-servers-detail"))

	pages, err = servers.ListSimple(c.compute(), servers.ListOpts{Limit: 50, Name: "^server-1"}).AllPages(t.Context())
	require.NoError(t, err)
	all, err = servers.ExtractServers(pages)
	require.NoError(t, err)
	assert.Len(t, all, 111)
}

func TestServerMetadata(t *testing.T) {
	c := newCloud(t)
	ctx, compute, s := t.Context(), c.compute(), c.u2("meta")
	set, err := servers.CreateMetadatum(ctx, compute, s.ID, servers.MetadatumOpts{"stage": "test"}).Extract()
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"stage": "test"}, set)
	one, err := servers.Metadatum(ctx, compute, s.ID, "stage").Extract()
	require.NoError(t, err)
	assert.Equal(t, "test", one["stage"])
	all, err := servers.Metadata(ctx, compute, s.ID).Extract()
	require.NoError(t, err)
	assert.Equal(t, "linux", all["os_type"])
	require.NoError(t, servers.DeleteMetadatum(ctx, compute, s.ID, "stage").ExtractErr())
	_, err = servers.Metadatum(ctx, compute, s.ID, "stage").Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusNotFound), err)
}

func TestServerImage(t *testing.T) {
	c := newCloud(t)
	ctx, s := t.Context(), c.u2("golden")
	made := servers.CreateImage(ctx, c.compute(), s.ID, servers.CreateImageOpts{Name: "golden image"})
	require.NoError(t, made.Err)
	// ExtractImageID wants the microversion header, which /v2 does not send.
	id := path.Base(made.Header.Get("Location"))
	image := c.client(openstack.NewImageV2)
	img, err := images.Get(ctx, image, id).Extract()
	require.NoError(t, err)
	assert.Equal(t, images.ImageStatusActive, img.Status)
	c.make(servers.CreateOpts{Name: "copy", FlavorRef: c.FlavorID("u2.c1m1"), ImageRef: id, Networks: c.networks()})
}

func TestKeyPairs(t *testing.T) {
	c := newCloud(t)
	ctx, compute := t.Context(), c.compute()
	made, err := keypairs.Create(ctx, compute, keypairs.CreateOpts{Name: "made"}).Extract()
	require.NoError(t, err)
	assert.Contains(t, made.PrivateKey, "PRIVATE KEY")
	imported, err := keypairs.Create(ctx, compute, keypairs.CreateOpts{Name: "imported", PublicKey: made.PublicKey}).Extract()
	require.NoError(t, err)
	assert.Empty(t, imported.PrivateKey)
	assert.Equal(t, made.Fingerprint, imported.Fingerprint)

	one, err := keypairs.Get(ctx, compute, "made", nil).Extract()
	require.NoError(t, err)
	assert.Equal(t, made.PublicKey, one.PublicKey)
	pages, err := keypairs.List(compute, nil).AllPages(ctx)
	require.NoError(t, err)
	all, err := keypairs.ExtractKeyPairs(pages)
	require.NoError(t, err)
	assert.Len(t, all, 2)

	_, err = keypairs.Create(ctx, compute, keypairs.CreateOpts{Name: "made"}).Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusConflict), err)
	require.NoError(t, keypairs.Delete(ctx, compute, "made", nil).ExtractErr())
	err = keypairs.Delete(ctx, compute, "made", nil).ExtractErr()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusNotFound), err)
}

func TestServerGroups(t *testing.T) {
	c := newCloud(t)
	ctx, compute := t.Context(), c.compute()
	group, err := servergroups.Create(ctx, compute, servergroups.CreateOpts{Name: "apart", Policies: []string{"anti-affinity"}}).Extract()
	require.NoError(t, err)
	s, err := servers.Create(ctx, compute, servers.CreateOpts{
		Name: "member", FlavorRef: c.FlavorID("u2.c1m1"), ImageRef: c.ImageID("Rocky"), Networks: c.networks(),
	}, servers.SchedulerHintOpts{Group: group.ID}).Extract()
	require.NoError(t, err)
	group, err = servergroups.Get(ctx, compute, group.ID).Extract()
	require.NoError(t, err)
	assert.Equal(t, []string{s.ID}, group.Members)
	pages, err := servergroups.List(compute, nil).AllPages(ctx)
	require.NoError(t, err)
	all, err := servergroups.ExtractServerGroups(pages)
	require.NoError(t, err)
	assert.Len(t, all, 1)
	require.NoError(t, servergroups.Delete(ctx, compute, group.ID).ExtractErr())
	_, err = servergroups.Create(ctx, compute, servergroups.CreateOpts{Name: "near", Policies: []string{"affinity"}}).Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusBadRequest), err)
}
