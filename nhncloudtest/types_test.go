package nhncloudtest_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		nhncloudtest.Fault{}, nhncloudtest.Flavor{}, nhncloudtest.Image{}, nhncloudtest.Injected{},
		nhncloudtest.Quota{}, nhncloudtest.RecordedRequest{}, nhncloudtest.Resource{}, nhncloudtest.Server{},
	)
}
