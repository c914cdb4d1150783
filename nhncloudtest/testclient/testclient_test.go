package testclient_test

import (
	"context"
	"fmt"
	"log"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The client reaches both APIs and both tenants.
func TestNew(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t, nhncloudtest.WithRegions("KR1", "JP1"))
	client := testclient.New(cloud)
	_, err := compute.New(client).Zones.List(t.Context())
	require.NoError(t, err)
	_, err = computev1.New(client).Zones.List(t.Context())
	require.NoError(t, err)
	_, err = objectstorage.New(client).Containers.Create(t.Context(), "photos", nil)
	require.NoError(t, err)

	client = testclient.New(cloud, nhncloud.WithRegion("JP1"))
	zones, err := compute.New(client).Zones.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "jp-pub-a", zones[0].Name)

	assert.Panics(t, func() { testclient.New(cloud, nhncloud.WithMaxResponse(-1)) })
}

// A server comes up in the time that the cloud takes for it, and the waiter
// needs no options.
func Example() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer(nhncloudtest.WithTransition(10*time.Millisecond), nhncloudtest.WithEd25519Keys())
	defer cloud.Close()
	client := testclient.New(cloud)

	if _, err := keypair.New(client).KeyPairs.Create(ctx, "deploy"); err != nil {
		log.Fatal(err)
	}
	servers := compute.New(client).Servers
	created, err := servers.Create(ctx, compute.ServerCreateRequest{
		Name: "web", FlavorID: cloud.FlavorID("u2.c1m1"), ImageID: cloud.ImageID("Ubuntu Server 24.04"), KeyName: "deploy",
		Networks: []compute.ServerNetwork{{NetworkID: cloud.NetworkID()}},
	})
	if err != nil {
		log.Fatal(err)
	}
	server, err := servers.WaitForStatus(ctx, created.ID, compute.StatusActive, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(server.Name, server.Status)
	// Output: web ACTIVE
}
