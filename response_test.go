package nhncloud_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// What a caller captures is about its call, not about the login before it.
func TestCaptureResponse(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	client := cloudClient(t, cloud)
	var outer, inner nhncloud.Response
	ctx := nhncloud.CaptureResponse(nhncloud.CaptureResponse(t.Context(), &outer), &inner)
	_, err := compute.New(client).Servers.Get(ctx, "nope")
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	assert.Equal(t, 1, cloud.Logins())
	for _, r := range []nhncloud.Response{outer, inner} {
		assert.Equal(t, 404, r.StatusCode)
		assert.Equal(t, 1, r.Attempts)
		assert.NotEmpty(t, r.RequestID)
		assert.Equal(t, r.RequestID, r.Header.Get("X-Openstack-Request-Id"))
		assert.Positive(t, r.Duration)
	}
}
