package nhncloudtest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// populateBalancers makes a load balancer with its tree, and secrets. It returns
// what leaves the removal of a member under way.
func populateBalancers(t *testing.T, cloud *nhncloudtest.Server, c *loadbalancer.Client) (later func()) {
	t.Helper()
	ctx := t.Context()
	lb := one[*loadbalancer.LoadBalancer](t)(c.LoadBalancers.Create(ctx, loadbalancer.LoadBalancerCreateRequest{VIPSubnetID: cloud.SubnetID(), Name: "front"}))
	cloud.Advance(transition)
	listener := one[*loadbalancer.Listener](t)(c.Listeners.Create(ctx, loadbalancer.ListenerCreateRequest{
		LoadBalancerID: lb.ID, Protocol: loadbalancer.ProtocolHTTP, ProtocolPort: 80,
	}))
	cloud.Advance(transition)
	pool := one[*loadbalancer.Pool](t)(c.Pools.Create(ctx, loadbalancer.PoolCreateRequest{
		ListenerID: listener.ID, Protocol: loadbalancer.ProtocolHTTP, LBAlgorithm: loadbalancer.AlgorithmRoundRobin,
	}))
	var members []string
	for _, address := range []string{"192.168.0.200", "192.168.0.201"} {
		cloud.Advance(transition)
		m := one[*loadbalancer.Member](t)(c.Members.Create(ctx, pool.ID, loadbalancer.MemberCreateRequest{
			SubnetID: cloud.SubnetID(), Address: address, ProtocolPort: 8080,
		}))
		members = append(members, m.ID)
	}
	cloud.Advance(transition)
	one[*loadbalancer.IPACLGroup](t)(c.IPACLGroups.Create(ctx, loadbalancer.IPACLGroupCreateRequest{Name: "who", Action: "ALLOW"}))
	one[loadbalancer.KeyManagerRef](t)(c.Secrets.Create(ctx, loadbalancer.SecretCreateRequest{Name: "stays"}))
	one[loadbalancer.KeyManagerRef](t)(c.Secrets.Create(ctx, loadbalancer.SecretCreateRequest{
		Name: "goes", Expiration: cloud.Now().Add(3 * transition).Truncate(time.Second),
	}))
	return func() { require.NoError(t, c.Members.Delete(ctx, pool.ID, members[0])) }
}

// lookAtBalancers notes what there is of them.
func lookAtBalancers(t *testing.T, note func(string, any, error), c *loadbalancer.Client) {
	t.Helper()
	ctx := t.Context()
	walk(t, note, "load balancers", c.LoadBalancers.All(ctx, nil))
	walk(t, note, "listeners", c.Listeners.All(ctx, nil))
	walk(t, note, "pools", c.Pools.All(ctx, nil))
	walk(t, note, "IP ACL groups", c.IPACLGroups.All(ctx, nil))
	walk(t, note, "secrets", c.Secrets.All(ctx, nil))
	for pool, err := range c.Pools.All(ctx, nil) {
		require.NoError(t, err)
		walk(t, note, "members", c.Members.All(ctx, pool.ID, nil))
	}
}
