package apitest

import (
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// NewCloud starts an in-memory cloud for a test and returns it with a client of
// it, which makes no retries and has its own connections.
func NewCloud(t *testing.T, options ...nhncloudtest.Option) (*nhncloudtest.Server, *nhncloud.Client) {
	t.Helper()
	cloud := nhncloudtest.Start(t, append([]nhncloudtest.Option{nhncloudtest.WithEd25519Keys()}, options...)...)
	client := testclient.New(cloud,
		nhncloud.WithHTTPClient(&http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}),
		nhncloud.WithRetry(nhncloud.NoRetry),
		nhncloud.WithMiddleware(Record),
	)
	t.Cleanup(client.CloseIdleConnections)
	return cloud, client
}
