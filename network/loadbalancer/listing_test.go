package loadbalancer_test

import (
	"context"
	"iter"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// listing is one of the listings, to be tried with options of its own.
type listing struct {
	operation, url, key string
	query               string // of all options; "" where there are none
	documented          func(t *testing.T)
	list, all           func(ctx context.Context, l *loadbalancer.Client, withOptions bool) iter.Seq2[string, error]
}

func newListing[T, O any](operation, url, key, query string, full O, expected []*T, id func(*T) string,
	list func(ctx context.Context, l *loadbalancer.Client, options *O) ([]*T, error), all func(ctx context.Context, l *loadbalancer.Client, options *O) iter.Seq2[*T, error],
) listing {
	choose := func(withOptions bool) *O {
		if withOptions {
			return &full
		}
		return nil
	}
	return listing{
		operation: operation, url: url, key: key, query: query,
		documented: func(t *testing.T) {
			t.Helper()
			apitest.Check(t, apitest.Want{Operation: operation, Method: http.MethodGet, URL: url}, documented(operation), expected,
				on(func(ctx context.Context, l *loadbalancer.Client) ([]*T, error) { return list(ctx, l, nil) }))
		},
		list: func(ctx context.Context, l *loadbalancer.Client, withOptions bool) iter.Seq2[string, error] {
			items, err := list(ctx, l, choose(withOptions))
			return apitest.OnePage(items, err, id)
		},
		all: func(ctx context.Context, l *loadbalancer.Client, withOptions bool) iter.Seq2[string, error] {
			return apitest.IDsOf(all(ctx, l, choose(withOptions)), id)
		},
	}
}

func listings() []listing {
	no, yes := new(false), new(true)
	balancers := newListing("loadbalancer-v2-list-loadbalancers", baseURL+"/loadbalancers", "loadbalancers",
		"description=d&id=i&loadbalancer_type=dedicated&name=n+%26&operating_status=ONLINE&provisioning_status=ACTIVE&vip_address=10.0.0.5&vip_port_id=p&vip_subnet_id=s",
		loadbalancer.LoadBalancerListOptions{
			ID: "i", Name: "n &", Description: "d", ProvisioningStatus: loadbalancer.ProvisioningActive, OperatingStatus: loadbalancer.OperatingOnline,
			Type: loadbalancer.TypeDedicated, VIPAddress: "10.0.0.5", VIPPortID: "p", VIPSubnetID: "s",
		},
		[]*loadbalancer.LoadBalancer{boundLoadBalancer()},
		func(b *loadbalancer.LoadBalancer) string { return b.ID },
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.LoadBalancerListOptions) ([]*loadbalancer.LoadBalancer, error) {
			return l.LoadBalancers.List(ctx, o)
		},
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.LoadBalancerListOptions) iter.Seq2[*loadbalancer.LoadBalancer, error] {
			return l.LoadBalancers.All(ctx, o)
		})
	listeners := newListing("loadbalancer-v2-list-listeners", baseURL+"/listeners", "listeners",
		"admin_state_up=false&connection_limit=0&default_pool_id=p&description=d&id=i&keepalive_timeout=0&name=n&protocol=HTTP&protocol_port=80",
		loadbalancer.ListenerListOptions{
			ID: "i", Name: "n", Description: "d", Protocol: loadbalancer.ProtocolHTTP, ProtocolPort: 80, DefaultPoolID: "p", AdminStateUp: no,
			ConnectionLimit: new(0), KeepaliveTimeout: new(0),
		},
		[]*loadbalancer.Listener{documentedListener()},
		func(i *loadbalancer.Listener) string { return i.ID },
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.ListenerListOptions) ([]*loadbalancer.Listener, error) {
			return l.Listeners.List(ctx, o)
		},
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.ListenerListOptions) iter.Seq2[*loadbalancer.Listener, error] {
			return l.Listeners.All(ctx, o)
		})
	pools := newListing("loadbalancer-v2-list-pools", baseURL+"/pools", "pools", "admin_state_up=true&healthmonitor_id=h&id=i&lb_algorithm=SOURCE_IP&name=n&protocol=TCP",
		loadbalancer.PoolListOptions{
			ID: "i", Name: "n", LBAlgorithm: loadbalancer.AlgorithmSourceIP, Protocol: loadbalancer.ProtocolTCP, AdminStateUp: yes, HealthMonitorID: "h",
		},
		[]*loadbalancer.Pool{documentedPool()},
		func(p *loadbalancer.Pool) string { return p.ID },
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.PoolListOptions) ([]*loadbalancer.Pool, error) {
			return l.Pools.List(ctx, o)
		},
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.PoolListOptions) iter.Seq2[*loadbalancer.Pool, error] {
			return l.Pools.All(ctx, o)
		})
	members := newListing("loadbalancer-v2-list-members", baseURL+membersPath, "members",
		"address=10.0.0.5&admin_state_up=false&id=i&operating_status=OFFLINE&protocol_port=80&subnet_id=s&tenant_id=t&weight=0",
		loadbalancer.MemberListOptions{
			ID: "i", TenantID: "t", SubnetID: "s", Address: "10.0.0.5", ProtocolPort: 80, Weight: new(0), AdminStateUp: no, OperatingStatus: loadbalancer.OperatingOffline,
		},
		[]*loadbalancer.Member{documentedMember()},
		func(m *loadbalancer.Member) string { return m.ID },
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.MemberListOptions) ([]*loadbalancer.Member, error) {
			return l.Members.List(ctx, poolID, o)
		},
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.MemberListOptions) iter.Seq2[*loadbalancer.Member, error] {
			return l.Members.All(ctx, poolID, o)
		})
	monitors := newListing("loadbalancer-v2-list-healthmonitors", baseURL+"/healthmonitors", "healthmonitors",
		"admin_state_up=true&delay=30&expected_codes=200%2C202&host_header=h&http_method=GET&id=i&max_retries=2&timeout=5&type=HTTP&url_path=%2Fhealthz",
		loadbalancer.HealthMonitorListOptions{
			ID: "i", Type: loadbalancer.MonitorHTTP, AdminStateUp: yes, Delay: 30, Timeout: 5, MaxRetries: 2, HTTPMethod: "GET", URLPath: "/healthz",
			ExpectedCodes: "200,202", HostHeader: "h",
		},
		[]*loadbalancer.HealthMonitor{documentedMonitor()},
		func(m *loadbalancer.HealthMonitor) string { return m.ID },
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.HealthMonitorListOptions) ([]*loadbalancer.HealthMonitor, error) {
			return l.HealthMonitors.List(ctx, o)
		},
		func(ctx context.Context, l *loadbalancer.Client, o *loadbalancer.HealthMonitorListOptions) iter.Seq2[*loadbalancer.HealthMonitor, error] {
			return l.HealthMonitors.All(ctx, o)
		})
	return append([]listing{balancers, listeners, pools, members, monitors}, ruleListings()...)
}

func TestListings(t *testing.T) {
	t.Parallel()
	for _, l := range listings() {
		t.Run(l.operation, func(t *testing.T) {
			t.Parallel()
			l.documented(t)
			page := func(next string, ids ...string) string {
				links := `[{"rel": "previous", "href": "x?marker=z"}]`
				if next != "" {
					links = `[{"rel": "next", "href": "http://retired.example.com:9696/v2.0/x` + next + `"}]`
				}
				return `{"` + l.key + `": ` + apitest.IDList(ids...) + `, "` + l.key + `_links": ` + links + `}`
			}
			for name, walk := range map[string]apitest.Walk{
				"none":              {Pages: []apitest.Page{{"", page("")}}},
				"one page":          {Pages: []apitest.Page{{"", page("", "a", "b")}}, IDs: []string{"a", "b"}},
				"pages":             {Pages: []apitest.Page{{"", page("?marker=b", "a", "b")}, {"?marker=b", page("", "c")}}, IDs: []string{"a", "b", "c"}},
				"second page fails": {Pages: []apitest.Page{{"", page("?marker=b", "a")}, {"?marker=b", apitest.Down}}, IDs: []string{"a"}, Err: nhncloud.ErrUnavailable},
				"stopped":           {Pages: []apitest.Page{{"", page("?marker=b", "a", "b")}}, IDs: []string{"a"}, Stop: 1},
			} {
				t.Run("All "+name, func(t *testing.T) {
					t.Parallel()
					walk.Run(t, l.operation, l.url, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
						return l.all(ctx, loadbalancer.New(client), false)
					})
				})
			}
			for name, run := range map[string]func(context.Context, *loadbalancer.Client, bool) iter.Seq2[string, error]{"List": l.list, "All": l.all} {
				bodies := map[string]string{"": `{"` + l.key + `": [null, {"id": "a"}]}`} // with null in it
				if l.query != "" {
					bodies["?"+l.query] = page("", "a")
				}
				for query, body := range bodies {
					t.Run(name+" "+query, func(t *testing.T) {
						t.Parallel()
						m := apitest.New(t)
						m.Expect(apitest.Want{Operation: l.operation, Method: http.MethodGet, URL: l.url + query}, apitest.Reply{Body: body})
						ids, err := nhncloud.Collect(run(t.Context(), loadbalancer.New(m.Client), query != ""))
						require.NoError(t, err)
						assert.Equal(t, []string{"a"}, ids)
					})
				}
			}
		})
	}
	refusesIDs(t, "loadbalancer-v2-list-members", "poolId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.Members.List(ctx, id, nil)
		return err
	})
	refusesIDs(t, "loadbalancer-v2-list-l7rules", "l7policyId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.L7Rules.List(ctx, id, nil)
		return err
	})
	refusesIDs(t, "loadbalancer-v2-list-errorpages", "listenerId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.ErrorPages.List(ctx, id)
		return err
	})
}
