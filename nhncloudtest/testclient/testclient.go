package testclient

import (
	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// New returns a client of a cloud that runs, for both APIs. It is logged in to
// both tenants with the first calls, and its waiters look as often as the cloud
// is fast, so that a test waits no longer than [nhncloudtest.WithTransition].
// It panics when an option is refused.
func New(cloud *nhncloudtest.Server, options ...nhncloud.Option) *nhncloud.Client {
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	if err != nil {
		panic("testclient: " + err.Error())
	}
	client, err := nhncloud.NewClient(config, options...)
	if err != nil {
		panic("testclient: " + err.Error())
	}
	return client
}
