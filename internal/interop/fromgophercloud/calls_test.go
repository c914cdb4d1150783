package fromgophercloud

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// ids are those of what the calls work on.
type ids struct {
	Server, Flavor, LargerFlavor, Image, Network, KeyPair, Volume, SecurityGroup, External, Port string
}

// world is a cloud with what the calls work on, each time a new one.
func world(t *testing.T) (*nhncloudtest.Server, *nhncloud.Client, ids) {
	t.Helper()
	cloud := nhncloudtest.Start(t, nhncloudtest.WithTransition(0), nhncloudtest.WithEd25519Keys())
	for _, name := range []string{
		"OS_AUTH_URL", "OS_TENANT_ID", "OS_PROJECT_ID", "OS_USERNAME", "OS_PASSWORD", "OS_REGION_NAME", "NHNCLOUD_OBJECT_STORAGE_TENANT_ID",
		"NHNCLOUD_WAIT_INTERVAL",
	} {
		value, _ := cloud.LookupEnv(name)
		t.Setenv(name, value)
	}
	client, err := logInAfter()
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	ctx := t.Context()
	id := ids{
		Server: cloud.AddServers(1)[0], Flavor: cloud.FlavorID("m2.c1m2"), LargerFlavor: cloud.FlavorID("u2.c2m4"), Image: cloud.ImageID("Rocky Linux"), Network: cloud.NetworkID(), KeyPair: "key",
	}
	_, err = keypair.New(client).KeyPairs.Create(ctx, id.KeyPair)
	require.NoError(t, err)
	volume, err := blockstorage.New(client).Volumes.Create(ctx, blockstorage.VolumeCreateRequest{Name: "v", Size: 10})
	require.NoError(t, err)
	n := network.New(client)
	group, err := n.SecurityGroups.Create(ctx, network.SecurityGroupCreateRequest{Name: "g"})
	require.NoError(t, err)
	external, err := n.VPCs.FindExternal(ctx)
	require.NoError(t, err)
	port, err := n.Ports.Create(ctx, network.PortCreateRequest{NetworkID: id.Network})
	require.NoError(t, err)
	id.Volume, id.SecurityGroup, id.External, id.Port = volume.ID, group.ID, external.ID, port.ID
	storage := objectstorage.New(client)
	_, err = storage.Containers.Create(ctx, "photos", nil)
	require.NoError(t, err)
	_, err = storage.Objects.Put(ctx, "photos", "sea.txt", strings.NewReader("sea"), nil)
	require.NoError(t, err)
	return cloud, client, id
}

type newService func(*gophercloud.ProviderClient, gophercloud.EndpointOpts) (*gophercloud.ServiceClient, error)

// Both do what the page says.
func TestCalls(t *testing.T) {
	services := map[string]newService{
		"listImages": openstack.NewImageV2, "createVolume": openstack.NewBlockStorageV2, "listNetworks": openstack.NewNetworkV2,
		"createRule": openstack.NewNetworkV2, "createFloating": openstack.NewNetworkV2,
		"putObject": openstack.NewObjectStorageV1, "getObject": openstack.NewObjectStorageV1,
	}
	require.Len(t, before, len(sections)-1)
	require.Len(t, after, len(sections)-1)
	for name, call := range before {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			_, client, id := world(t)
			require.NoError(t, after[name](t.Context(), client, id), "nhncloud")

			t.Chdir(t.TempDir())
			cloud, _, id := world(t)
			if strings.HasSuffix(name, "Object") {
				tenant, _ := cloud.LookupEnv("NHNCLOUD_OBJECT_STORAGE_TENANT_ID")
				t.Setenv("OS_TENANT_ID", tenant)
				t.Setenv("OS_PROJECT_ID", tenant)
			}
			t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
			assert.NoError(t, call(t.Context(), clientBefore(t, services[name], cloud.Region), id), "gophercloud")
		})
	}
}

// clientBefore is gophercloud's client of a service, where nil is the one that the
// page logs in for.
func clientBefore(t *testing.T, service newService, region string) *gophercloud.ServiceClient {
	t.Helper()
	if service == nil {
		client, err := logInBefore(t.Context())
		require.NoError(t, err)
		return client
	}
	options, err := openstack.AuthOptionsFromEnv()
	require.NoError(t, err)
	provider, err := openstack.AuthenticatedClient(t.Context(), options)
	require.NoError(t, err)
	client, err := service(provider, gophercloud.EndpointOpts{Region: region})
	require.NoError(t, err)
	return client
}
