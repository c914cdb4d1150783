package loadbalancer_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

func documentedPool() *loadbalancer.Pool {
	return &loadbalancer.Pool{
		ID: poolID, TenantID: tenantID, LBAlgorithm: loadbalancer.AlgorithmRoundRobin, Protocol: loadbalancer.ProtocolHTTP, MemberPort: 80, AdminStateUp: true,
		HealthMonitorID: "607c4da1-4fe2-4a3a-9527-82dd5a5c430e", LoadBalancers: []loadbalancer.Ref{{ID: "2997cb9d-9c31-475d-b679-040569c9e27b"}},
		Listeners: []loadbalancer.Ref{{ID: listenerID}}, Members: []loadbalancer.Ref{{ID: "3e9a04d9-24a6-4304-83cc-6cf1e8deb7a7"}, {ID: "2c60e53b-5ca0-4d22-bed8-dffc1e5276be"}},
	}
}

func TestPoolsGet(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-get-pool"
	get := func(ctx context.Context, l *loadbalancer.Client, id string) (*loadbalancer.Pool, error) {
		return l.Pools.Get(ctx, id)
	}
	checkGet(t, operation, "/pools", poolID, "poolId", documentedPool(), get)
	decodes(t, want(operation, http.MethodGet, "/pools/p", ""), apitest.Reply{Body: `{"pool": {"id": "p", "member_port": -1, "session_persistence": {"type": "APP_COOKIE", "cookie_name": "sid"}}}`},
		&loadbalancer.Pool{ID: "p", MemberPort: -1, SessionPersistence: &loadbalancer.SessionPersistence{Type: loadbalancer.PersistenceAppCookie, CookieName: "sid"}},
		func(ctx context.Context, l *loadbalancer.Client) (*loadbalancer.Pool, error) { return get(ctx, l, "p") })
}

func TestPoolsCreate(t *testing.T) {
	t.Parallel()
	good := func(change func(*loadbalancer.PoolCreateRequest)) loadbalancer.PoolCreateRequest {
		r := loadbalancer.PoolCreateRequest{LoadBalancerID: "b", LBAlgorithm: loadbalancer.AlgorithmSourceIP, Protocol: loadbalancer.ProtocolTCP}
		change(&r)
		return r
	}
	persistence := func(kind loadbalancer.PersistenceType, cookie string) loadbalancer.PoolCreateRequest {
		return good(func(r *loadbalancer.PoolCreateRequest) {
			r.SessionPersistence = &loadbalancer.SessionPersistence{Type: kind, CookieName: cookie}
		})
	}
	create[*loadbalancer.Pool, loadbalancer.PoolCreateRequest]{
		operation: "loadbalancer-v2-create-pool", path: "/pools", key: "pool",
		// The guide sends empty texts and a session_persistence of null as well, which
		// say nothing.
		request:  `{"pool": {"listener_id": "` + listenerID + `", "lb_algorithm": "ROUND_ROBIN", "protocol": "HTTP", "admin_state_up": true, "member_port": 80}}`,
		expected: documentedPool(),
		sent: map[string]loadbalancer.PoolCreateRequest{
			`{"loadbalancer_id": "b", "lb_algorithm": "SOURCE_IP", "protocol": "TCP", "name": "n", "description": "d", "member_port": -1}`: good(func(r *loadbalancer.PoolCreateRequest) {
				r.Name, r.Description, r.MemberPort = "n", "d", -1
			}),
			`{"loadbalancer_id": "b", "lb_algorithm": "SOURCE_IP", "protocol": "TCP", "session_persistence": {"type": "SOURCE_IP"}}`:                        persistence(loadbalancer.PersistenceSourceIP, ""),
			`{"loadbalancer_id": "b", "lb_algorithm": "SOURCE_IP", "protocol": "TCP", "session_persistence": {"type": "APP_COOKIE", "cookie_name": "sid"}}`: persistence(loadbalancer.PersistenceAppCookie, "sid"),
			`{"loadbalancer_id": "b", "lb_algorithm": "SOURCE_IP", "protocol": "TCP", "session_persistence": {"type": "NEW", "cookie_name": "sid"}}`:        persistence("NEW", "sid"),
		},
		refused: map[string]loadbalancer.PoolCreateRequest{
			"ListenerID, LBAlgorithm, Protocol": {},
			"Protocol":                          good(func(r *loadbalancer.PoolCreateRequest) { r.Protocol = loadbalancer.ProtocolTerminatedHTTPS }),
			"MemberPort":                        good(func(r *loadbalancer.PoolCreateRequest) { r.MemberPort = -2 }),
			"SessionPersistence.Type":           persistence("", ""),
			"SessionPersistence.CookieName":     persistence(loadbalancer.PersistenceAppCookie, ""),
		},
		call: func(ctx context.Context, l *loadbalancer.Client, request loadbalancer.PoolCreateRequest) (*loadbalancer.Pool, error) {
			return l.Pools.Create(ctx, request)
		},
	}.check(t, loadbalancer.PoolCreateRequest{
		ListenerID: listenerID, LBAlgorithm: loadbalancer.AlgorithmRoundRobin, Protocol: loadbalancer.ProtocolHTTP, AdminStateUp: new(true), MemberPort: 80,
	})
	refuses(t, "loadbalancer-v2-create-pool", "SessionPersistence.CookieName", func(ctx context.Context, l *loadbalancer.Client) error {
		_, err := l.Pools.Create(ctx, persistence(loadbalancer.PersistenceHTTPCookie, "sid"))
		return err
	})
}

func TestPoolsUpdate(t *testing.T) {
	t.Parallel()
	update[*loadbalancer.Pool, loadbalancer.PoolUpdateRequest]{
		operation: "loadbalancer-v2-update-pool", path: "/pools", key: "pool", id: poolID, field: "poolId", empty: "Name", expected: documentedPool(),
		sent: map[string]loadbalancer.PoolUpdateRequest{
			`{"session_persistence": {"type": "HTTP_COOKIE"}}`: {SessionPersistence: &loadbalancer.SessionPersistence{Type: loadbalancer.PersistenceHTTPCookie}},
			`{"session_persistence": null}`:                    {SessionPersistence: &loadbalancer.SessionPersistence{}},
			`{"member_port": -1}`:                              {MemberPort: new(-1)},
			`{"admin_state_up": false}`:                        {AdminStateUp: new(false)},
		},
		refused: map[string]loadbalancer.PoolUpdateRequest{
			"LBAlgorithm, MemberPort": {LBAlgorithm: new(loadbalancer.Algorithm("")), MemberPort: new(0)},
			"SessionPersistence.Type": {SessionPersistence: &loadbalancer.SessionPersistence{CookieName: "sid"}},
		},
		call: func(ctx context.Context, l *loadbalancer.Client, id string, request loadbalancer.PoolUpdateRequest) (*loadbalancer.Pool, error) {
			return l.Pools.Update(ctx, id, request)
		},
	}.check(t, loadbalancer.PoolUpdateRequest{
		Name: new(""), Description: new(""), LBAlgorithm: new(loadbalancer.AlgorithmRoundRobin), AdminStateUp: new(true), MemberPort: new(80),
		SessionPersistence: &loadbalancer.SessionPersistence{},
	})
}

func TestPoolsDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "loadbalancer-v2-delete-pool", "/pools", "poolId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.Pools.Delete(ctx, id)
	})
}
