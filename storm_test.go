package nhncloud_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// revoking revokes all tokens of the cloud after each so many answers.
func revoking(cloud *nhncloudtest.Server, every int64) nhncloud.Option {
	var answers atomic.Int64
	return nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if answers.Add(1)%every == 0 {
				cloud.RevokeTokens()
			}
			return resp, err
		})
	})
}

// Tokens that are revoked all the time fail no call, however many are on their
// way: with one client, and with several that share a file.
func TestRevocationStorm(t *testing.T) {
	t.Parallel()
	const callers, each = 100, 5
	for name, clients := range map[string]int{"one client": 1, "four clients and a file": 4} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := nhncloudtest.Start(t)
			option := revoking(cloud, int64(callers*clients))
			cache := nhncloud.FileTokenCache(cacheFolder(t))
			var zones []*compute.ZonesService
			for range clients {
				client := cloudClient(t, cloud, option, nhncloud.WithTokenCache(cache))
				zones = append(zones, compute.New(client).Zones)
			}
			var turn atomic.Int64
			failed := storm(callers, func() error {
				mine := zones[int(turn.Add(1))%clients]
				for range each {
					if _, err := mine.List(t.Context()); err != nil {
						return err
					}
				}
				return nil
			})
			assert.Zero(t, failed)
			assert.Greater(t, cloud.Logins(), clients, "there was something to survive")
		})
	}
}

// Of several clients with one file, each has a token of its own after a
// revocation, but the file has only the last one. After the next revocation that
// is as dead as theirs.
func TestDeadTokenInTheFile(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	cache := nhncloud.FileTokenCache(cacheFolder(t))
	first, second := run(t, cloud, cache), run(t, cloud, cache)
	list := func(c *nhncloud.Client) (statuses []int) {
		cloud.ResetRequests()
		_, err := compute.New(c).Zones.List(t.Context())
		require.NoError(t, err)
		for _, r := range cloud.Requests() {
			statuses = append(statuses, r.Status)
		}
		return statuses
	}
	cloud.RevokeTokens()
	assert.Equal(t, []int{401, 200, 200}, list(second), "refused, logged in, repeated")
	cloud.RevokeTokens()
	assert.Equal(t, []int{401, 401, 200, 200}, list(first), "its own refused, and that of the file; logged in, repeated")
	assert.Equal(t, []int{401, 200}, list(second), "what the other has left in the file is good")
}
