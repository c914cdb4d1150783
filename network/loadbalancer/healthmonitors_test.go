package loadbalancer_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

const (
	monitorID     = "a567e19b-260f-4fda-8a66-d5e4c237a780"
	monitoredPool = "872dc92f-777b-4e0f-9413-0132b98bc60b"
)

func documentedMonitor() *loadbalancer.HealthMonitor {
	return &loadbalancer.HealthMonitor{
		ID: monitorID, Type: loadbalancer.MonitorHTTP, Pools: []loadbalancer.Ref{{ID: monitoredPool}}, AdminStateUp: true, Delay: 30, Timeout: 5, MaxRetries: 2,
		HealthCheckPort: 80, HTTPMethod: "GET", URLPath: "/", ExpectedCodes: "200",
	}
}

func TestHealthMonitorsGet(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-get-healthmonitor"
	get := func(ctx context.Context, l *loadbalancer.Client, id string) (*loadbalancer.HealthMonitor, error) {
		return l.HealthMonitors.Get(ctx, id)
	}
	checkGet(t, operation, "/healthmonitors", monitorID, "healthMonitorId", documentedMonitor(), get)
	decodes(t, want(operation, http.MethodGet, "/healthmonitors/m", ""),
		apitest.Reply{Body: `{"healthmonitor": {"id": "m", "type": "TCP", "health_check_port": "member-port", "host_header": "shop.example.com", "expected_codes": 200, "http_method": null}}`},
		&loadbalancer.HealthMonitor{ID: "m", Type: loadbalancer.MonitorTCP, HealthCheckPort: loadbalancer.MemberPort, HostHeader: "shop.example.com", ExpectedCodes: "200"},
		func(ctx context.Context, l *loadbalancer.Client) (*loadbalancer.HealthMonitor, error) {
			return get(ctx, l, "m")
		})
}

func TestHealthMonitorsCreate(t *testing.T) {
	t.Parallel()
	good := func(change func(*loadbalancer.HealthMonitorCreateRequest)) loadbalancer.HealthMonitorCreateRequest {
		r := loadbalancer.HealthMonitorCreateRequest{PoolID: "p", Type: loadbalancer.MonitorHTTPS, Delay: 10, Timeout: 5, MaxRetries: 3}
		change(&r)
		return r
	}
	expects := func(codes string) loadbalancer.HealthMonitorCreateRequest {
		return good(func(r *loadbalancer.HealthMonitorCreateRequest) { r.ExpectedCodes = codes })
	}
	const body = `{"pool_id": "p", "type": "HTTPS", "delay": 10, "timeout": 5, "max_retries": 3`
	call := func(ctx context.Context, l *loadbalancer.Client, request loadbalancer.HealthMonitorCreateRequest) (*loadbalancer.HealthMonitor, error) {
		return l.HealthMonitors.Create(ctx, request)
	}
	create[*loadbalancer.HealthMonitor, loadbalancer.HealthMonitorCreateRequest]{
		operation: "loadbalancer-v2-create-healthmonitor", path: "/healthmonitors", key: "healthmonitor", request: "@", expected: documentedMonitor(),
		sent: map[string]loadbalancer.HealthMonitorCreateRequest{
			body + `}`: good(func(*loadbalancer.HealthMonitorCreateRequest) {}),
			body + `, "admin_state_up": false, "host_header": "shop.example.com", "url_path": "/healthz?full=1"}`: good(func(r *loadbalancer.HealthMonitorCreateRequest) {
				r.AdminStateUp, r.HostHeader, r.URLPath = new(false), "shop.example.com", "/healthz?full=1"
			}),
			body + `, "expected_codes": "200, 202"}`:    expects("200, 202"),
			body + `, "expected_codes": "201-204"}`:     expects("201-204"),
			body + `, "expected_codes": "200,300-302"}`: expects("200,300-302"),
		},
		refused: map[string]loadbalancer.HealthMonitorCreateRequest{
			"PoolID, Type, Delay, Timeout, MaxRetries": {},
			"HealthCheckPort":                          good(func(r *loadbalancer.HealthMonitorCreateRequest) { r.HealthCheckPort = 70000 }),
			"URLPath":                                  good(func(r *loadbalancer.HealthMonitorCreateRequest) { r.URLPath = "healthz" }),
		},
		call: call,
	}.check(t, loadbalancer.HealthMonitorCreateRequest{
		PoolID: monitoredPool, Type: loadbalancer.MonitorHTTP, Delay: 30, Timeout: 5, MaxRetries: 2, AdminStateUp: new(true), HealthCheckPort: 80,
		HTTPMethod: "GET", URLPath: "/", ExpectedCodes: "200",
	})
	for _, codes := range []string{"OK", "20", "2000", "200,", "200-", "-200", "200;201", "900", " "} {
		refuses(t, "loadbalancer-v2-create-healthmonitor", "ExpectedCodes", func(ctx context.Context, l *loadbalancer.Client) error {
			_, err := call(ctx, l, expects(codes))
			return err
		})
	}
}

type monitorChange = loadbalancer.HealthMonitorUpdateRequest

func TestHealthMonitorsUpdate(t *testing.T) {
	t.Parallel()
	update[*loadbalancer.HealthMonitor, monitorChange]{
		operation: "loadbalancer-v2-update-healthmonitor", path: "/healthmonitors", key: "healthmonitor", id: monitorID, field: "healthMonitorId", empty: "Delay",
		expected: documentedMonitor(),
		sent: map[string]monitorChange{
			`{"health_check_port": 0}`:                     {HealthCheckPort: new(loadbalancer.MemberPort)},
			`{"host_header": "", "admin_state_up": false}`: {HostHeader: new(""), AdminStateUp: new(false)},
		},
		refused: map[string]monitorChange{
			"Delay, Timeout, MaxRetries":         {Delay: new(0), Timeout: new(-1), MaxRetries: new(0)},
			"URLPath, ExpectedCodes, HTTPMethod": {URLPath: new(""), ExpectedCodes: new(""), HTTPMethod: new("")},
			"URLPath, ExpectedCodes":             {URLPath: new("x"), ExpectedCodes: new("x")},
			"HealthCheckPort":                    {HealthCheckPort: new(loadbalancer.MonitorPort(-1))},
		},
		call: func(ctx context.Context, l *loadbalancer.Client, id string, request monitorChange) (*loadbalancer.HealthMonitor, error) {
			return l.HealthMonitors.Update(ctx, id, request)
		},
	}.check(t, monitorChange{
		Delay: new(30), Timeout: new(5), MaxRetries: new(2), AdminStateUp: new(true), HealthCheckPort: new(loadbalancer.MonitorPort(80)),
		HTTPMethod: new("GET"), URLPath: new("/"), ExpectedCodes: new("200"),
	})
}

func TestHealthMonitorsDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "loadbalancer-v2-delete-healthmonitor", "/healthmonitors", "healthMonitorId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.HealthMonitors.Delete(ctx, id)
	})
}
