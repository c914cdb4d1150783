package loadbalancer_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// states lists load balancers "a", "b", "c", … in these states, and leaves out
// those in none.
func states(list ...string) apitest.Reply {
	var items []string
	for i, status := range list {
		if status != "" {
			items = append(items, fmt.Sprintf(`{"id": %q, "provisioning_status": %q}`, string(rune('a'+i)), status))
		}
	}
	return apitest.Reply{Body: `{"loadbalancers": [` + strings.Join(items, ", ") + `]}`}
}

// Many load balancers take a listing a look, and what that leaves out a look at
// itself.
func TestLoadBalancersWaitForAll(t *testing.T) {
	t.Parallel()
	listing := want("loadbalancer-v2-list-loadbalancers", http.MethodGet, "/loadbalancers", "")
	synctest.Test(t, func(t *testing.T) {
		m := apitest.New(t)
		m.Expect(listing, states("PENDING_CREATE", "", "PENDING_CREATE", "ACTIVE"))
		m.Expect(look, state("PENDING_CREATE"))
		m.Expect(listing, states("ACTIVE", "ACTIVE", "ERROR"))
		var told []string
		results, err := loadbalancer.New(m.Client).LoadBalancers.WaitForReadyAll(t.Context(), []string{"a", "b", "c", "d"}, &nhncloud.WaitOptions{
			Progress: func(p nhncloud.WaitProgress) { told = append(told, p.Status) },
		})
		require.ErrorIs(t, err, nhncloud.ErrFailedState)
		require.EqualError(t, err, results[2].Err.Error())
		for _, i := range []int{0, 1, 3} {
			require.NoError(t, results[i].Err)
			assert.Equal(t, loadbalancer.ProvisioningActive, results[i].Value.ProvisioningStatus)
		}
		assert.Equal(t, []string{"ACTIVE 1, PENDING_CREATE 3", "ACTIVE 3, ERROR 1"}, told)
	})
	synctest.Test(t, func(t *testing.T) {
		m := apitest.New(t)
		m.Expect(listing, states("PENDING_DELETE", "PENDING_DELETE"))
		m.Expect(listing, states("PENDING_DELETE"))
		m.Expect(look, state("404"))
		m.Expect(want("loadbalancer-v2-get-loadbalancer", http.MethodGet, "/loadbalancers/a", ""), state("404"))
		_, err := loadbalancer.New(m.Client).LoadBalancers.WaitForDeletionAll(t.Context(), []string{"a", "b"}, nil)
		require.NoError(t, err)
	})
}

// The cloud has as many load balancers become ready, and go, with a listing a look.
func TestCloudWaitForAll(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var ids []string
	for range 5 {
		made, err := s.LoadBalancers.Create(s.ctx, loadbalancer.LoadBalancerCreateRequest{VIPSubnetID: s.SubnetID()})
		require.NoError(t, err)
		ids = append(ids, made.ID)
	}
	s.ResetRequests()
	results, err := s.LoadBalancers.WaitForReadyAll(s.ctx, ids, s.Waiting())
	require.NoError(t, err)
	for i, result := range results {
		assert.Equal(t, ids[i], result.Value.ID)
		assert.Equal(t, loadbalancer.ProvisioningActive, result.Value.ProvisioningStatus)
	}
	assert.Len(t, s.Requests(), len(s.Seen), "a listing a look")
	for _, id := range ids {
		require.NoError(t, s.LoadBalancers.Delete(s.ctx, id))
	}
	_, err = s.LoadBalancers.WaitForDeletionAll(s.ctx, ids, s.Waiting())
	require.NoError(t, err)
	_, err = s.LoadBalancers.Get(s.ctx, ids[0])
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
}
