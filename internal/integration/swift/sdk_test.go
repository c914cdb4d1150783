package swift_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/integration/storagetest"
	"github.com/nhncloud-go/nhncloud/internal/integration/wiretest"
)

// The SDK does with a real Swift what it does with the in-memory cloud.
func TestSDK(t *testing.T) {
	t.Parallel()
	rig := Start(t)
	client, err := nhncloud.NewClient(nhncloud.Config{Region: nhncloud.KR1, TenantID: "test"},
		nhncloud.WithHTTPClient(rig.Client), nhncloud.WithInsecureHTTP(),
		nhncloud.WithTokenSource(nhncloud.StaticToken(nhncloud.Secret(rig.Token))),
		nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, rig.StorageURL))
	require.NoError(t, err)
	storagetest.Run(t, client)
}

// What the in-memory cloud answers is what a real Swift answers.
func TestWire(t *testing.T) {
	t.Parallel()
	rig := Start(t)
	wiretest.Run(t, wiretest.Target{URL: rig.StorageURL, Token: rig.Token, Client: rig.Client})
}
