package wiretest_test

import (
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/internal/integration/wiretest"
	"github.com/stretchr/testify/require"
)

func TestInMemoryCloud(t *testing.T) {
	t.Parallel()
	cloud, client := apitest.NewCloud(t)
	token, err := client.IssueToken(t.Context(), cloud.ObjectStorageTenantID)
	require.NoError(t, err)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	wiretest.Run(t, wiretest.Target{
		URL: cloud.URL() + "/v1/AUTH_" + cloud.ObjectStorageTenantID, Token: string(token.ID), Client: &http.Client{Transport: transport},
	})
}
