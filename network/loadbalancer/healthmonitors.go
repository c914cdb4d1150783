package loadbalancer

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// HealthMonitorsService calls the operations on health monitors.
type HealthMonitorsService struct{ client *nhncloud.Client }

// HealthMonitor looks at the members of a pool, to find those that work.
type HealthMonitor struct {
	ID              string      `json:"id"`
	Type            MonitorType `json:"type"`
	Pools           []Ref       `json:"pools"`
	AdminStateUp    bool        `json:"admin_state_up"`
	Delay           int         `json:"delay"`             // seconds from one look to the next
	Timeout         int         `json:"timeout"`           // seconds to wait for an answer
	MaxRetries      int         `json:"max_retries"`       // looks
	HealthCheckPort MonitorPort `json:"health_check_port"` // MemberPort for that of each member
	// The rest is of HTTP and HTTPS.
	HTTPMethod    string `json:"http_method"`
	URLPath       string `json:"url_path"`
	ExpectedCodes string `json:"expected_codes"` // "200", "200,202" or "200-204"
	HostHeader    string `json:"host_header"`
}

// MonitorType is how a health monitor looks at a member. It is an open type.
type MonitorType string

// The types of health monitors.
const (
	MonitorTCP   MonitorType = "TCP" // connects
	MonitorHTTP  MonitorType = "HTTP"
	MonitorHTTPS MonitorType = "HTTPS"
)

// HealthMonitorListOptions narrows a listing of health monitors. A nil pointer
// and zero fields stand for all of them.
type HealthMonitorListOptions struct {
	ID            string      `url:"id,omitempty"`
	Type          MonitorType `url:"type,omitempty"`
	AdminStateUp  *bool       `url:"admin_state_up,omitempty"`
	Delay         int         `url:"delay,omitempty"`   // seconds
	Timeout       int         `url:"timeout,omitempty"` // seconds
	MaxRetries    int         `url:"max_retries,omitempty"`
	HTTPMethod    string      `url:"http_method,omitempty"`
	URLPath       string      `url:"url_path,omitempty"`
	ExpectedCodes string      `url:"expected_codes,omitempty"`
	HostHeader    string      `url:"host_header,omitempty"`
}

type healthMonitorPage struct {
	Items []*HealthMonitor `json:"healthmonitors"`
	Links []linked.Link    `json:"healthmonitors_links"`
}

const listHealthMonitors = "loadbalancer-v2-list-healthmonitors"

func (s *HealthMonitorsService) page(ctx context.Context, options *HealthMonitorListOptions, next url.Values) (*linked.Page[HealthMonitor], error) {
	page, err := nhncloud.Fetch[healthMonitorPage](ctx, s.client, nhncloud.Request{
		Operation: listHealthMonitors,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/lbaas/healthmonitors",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[HealthMonitor])(page), err
}

// List returns one page of health monitors. Use [HealthMonitorsService.All] for
// all of them.
//
// API: GET /v2.0/lbaas/healthmonitors (loadbalancer-v2-list-healthmonitors; Network-Load-Balancer en/public-api.md)
func (s *HealthMonitorsService) List(ctx context.Context, options *HealthMonitorListOptions) ([]*HealthMonitor, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all health monitors. The guide knows of one page;
// where the service links another, it goes on.
func (s *HealthMonitorsService) All(ctx context.Context, options *HealthMonitorListOptions) iter.Seq2[*HealthMonitor, error] {
	return linked.All(listHealthMonitors, func(next url.Values) (*linked.Page[HealthMonitor], error) { return s.page(ctx, options, next) })
}

// Get returns a health monitor.
//
// API: GET /v2.0/lbaas/healthmonitors/{healthMonitorId} (loadbalancer-v2-get-healthmonitor; Network-Load-Balancer en/public-api.md)
func (s *HealthMonitorsService) Get(ctx context.Context, id string) (*HealthMonitor, error) {
	return nhncloud.Fetch[HealthMonitor](ctx, s.client, nhncloud.Request{
		Operation:   "loadbalancer-v2-get-healthmonitor",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/lbaas/healthmonitors/{healthMonitorId}",
		Args:        []string{id},
		ResponseKey: "healthmonitor",
	})
}

// HealthMonitorCreateRequest describes a health monitor to create. PoolID, Type,
// Delay, Timeout and MaxRetries are required.
type HealthMonitorCreateRequest struct {
	PoolID          string      `json:"pool_id"`
	Type            MonitorType `json:"type"`
	Delay           int         `json:"delay"`                      // seconds from one look to the next
	Timeout         int         `json:"timeout"`                    // seconds to wait for an answer
	MaxRetries      int         `json:"max_retries"`                // looks
	AdminStateUp    *bool       `json:"admin_state_up,omitzero"`    // nil for that of the service, which is true
	HealthCheckPort MonitorPort `json:"health_check_port,omitzero"` // MemberPort for that of each member
	HTTPMethod      string      `json:"http_method,omitzero"`       // "" for that of the service, which is GET
	URLPath         string      `json:"url_path,omitzero"`          // "" for that of the service, which is "/"
	ExpectedCodes   string      `json:"expected_codes,omitzero"`    // "200", "200,202" or "200-204"; "" for that of the service, which is "200"
	HostHeader      string      `json:"host_header,omitzero"`
}

func (r *HealthMonitorCreateRequest) check(check *nhncloud.ArgumentCheck) {
	check.Required("PoolID", r.PoolID)
	check.Required("Type", string(r.Type))
	monitorValues{&r.Delay, &r.Timeout, &r.MaxRetries, &r.HealthCheckPort, r.URLPath, r.ExpectedCodes}.check(check)
}

// Create creates the health monitor of a pool and returns it. A load balancer with
// a change under way, and a pool that has one already, are an
// [nhncloud.ErrConflict].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call fails because the pool has one already or it is still
// being made, and [PoolsService.Get] tells its id.
//
// API: POST /v2.0/lbaas/healthmonitors (loadbalancer-v2-create-healthmonitor; Network-Load-Balancer en/public-api.md)
func (s *HealthMonitorsService) Create(ctx context.Context, request HealthMonitorCreateRequest) (*HealthMonitor, error) {
	const operation = "loadbalancer-v2-create-healthmonitor"
	var check nhncloud.ArgumentCheck
	request.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[HealthMonitor](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/lbaas/healthmonitors",
		Body:        map[string]HealthMonitorCreateRequest{"healthmonitor": request},
		ResponseKey: "healthmonitor",
	})
}

// HealthMonitorUpdateRequest changes a health monitor. A nil field is left as it
// is.
type HealthMonitorUpdateRequest struct {
	Delay           *int         `json:"delay,omitzero"`   // seconds
	Timeout         *int         `json:"timeout,omitzero"` // seconds
	MaxRetries      *int         `json:"max_retries,omitzero"`
	AdminStateUp    *bool        `json:"admin_state_up,omitzero"`
	HealthCheckPort *MonitorPort `json:"health_check_port,omitzero"`
	HTTPMethod      *string      `json:"http_method,omitzero"`
	URLPath         *string      `json:"url_path,omitzero"`
	ExpectedCodes   *string      `json:"expected_codes,omitzero"`
	HostHeader      *string      `json:"host_header,omitzero"`
}

// Update changes a health monitor and returns it. A load balancer with a change
// under way is an [nhncloud.ErrConflict].
//
// API: PUT /v2.0/lbaas/healthmonitors/{healthMonitorId} (loadbalancer-v2-update-healthmonitor; Network-Load-Balancer en/public-api.md)
func (s *HealthMonitorsService) Update(ctx context.Context, id string, request HealthMonitorUpdateRequest) (*HealthMonitor, error) {
	const operation = "loadbalancer-v2-update-healthmonitor"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request == HealthMonitorUpdateRequest{}, "Delay", nothingToChange)
	values := monitorValues{delay: request.Delay, timeout: request.Timeout, retries: request.MaxRetries, port: request.HealthCheckPort}
	if request.URLPath != nil {
		check.Required("URLPath", *request.URLPath)
		values.path = *request.URLPath
	}
	if request.ExpectedCodes != nil {
		check.Required("ExpectedCodes", *request.ExpectedCodes)
		values.codes = *request.ExpectedCodes
	}
	if request.HTTPMethod != nil {
		check.Required("HTTPMethod", *request.HTTPMethod)
	}
	values.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[HealthMonitor](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/lbaas/healthmonitors/{healthMonitorId}",
		Args:        []string{id},
		Body:        map[string]HealthMonitorUpdateRequest{"healthmonitor": request},
		ResponseKey: "healthmonitor",
	})
}

// Delete deletes a health monitor. The members of its pool are not looked at any
// more. A load balancer with a change under way is an [nhncloud.ErrConflict].
//
// API: DELETE /v2.0/lbaas/healthmonitors/{healthMonitorId} (loadbalancer-v2-delete-healthmonitor; Network-Load-Balancer en/public-api.md)
func (s *HealthMonitorsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v2-delete-healthmonitor",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/lbaas/healthmonitors/{healthMonitorId}",
		Args:      []string{id},
	}, nil)
}
