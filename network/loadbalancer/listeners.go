package loadbalancer

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// ListenersService calls the operations on listeners.
type ListenersService struct{ client *nhncloud.Client }

// Listener takes the traffic of a port of a load balancer.
type Listener struct {
	ID               string   `json:"id"`
	Name             string   `json:"name"`
	Description      string   `json:"description"`
	TenantID         string   `json:"tenant_id"`
	LoadBalancers    []Ref    `json:"loadbalancers"`
	Protocol         Protocol `json:"protocol"`
	ProtocolPort     int      `json:"protocol_port"`
	DefaultPoolID    string   `json:"default_pool_id"` // "" for none
	AdminStateUp     bool     `json:"admin_state_up"`
	ConnectionLimit  int      `json:"connection_limit"`
	KeepaliveTimeout int      `json:"keepalive_timeout"` // seconds
	ProxyProtocol    bool     `json:"proxy_protocol"`
	// The three tell whether requests get the header field X-Forwarded-Proto,
	// -Port and -For. Nil is what the service does not tell.
	EnableXForwardedProto *bool `json:"enable_x_forwarded_proto"`
	EnableXForwardedPort  *bool `json:"enable_x_forwarded_port"`
	EnableXForwardedFor   *bool `json:"enable_x_forwarded_for"`
	// The rest is of ProtocolTerminatedHTTPS. The references are addresses of
	// secret containers in the key manager.
	TLSVersion             string          `json:"tls_version"` // the least one, such as "TLSv1.0"; not after Create
	DefaultTLSContainerRef KeyManagerRef   `json:"default_tls_container_ref"`
	SNIContainerRefs       []KeyManagerRef `json:"sni_container_refs"`
	SNIContainerIDs        []string        `json:"sni_container_ids"` // in the examples of the guide alone
	CertExpireDate         time.Time       `json:"cert_expire_date"`  // of the certificate
}

// Protocol is what a listener, or a pool with its members, speaks. It is an open
// type.
type Protocol string

// The protocols. A pool has the first three.
const (
	ProtocolTCP   Protocol = "TCP"
	ProtocolHTTP  Protocol = "HTTP"
	ProtocolHTTPS Protocol = "HTTPS" // is passed on as it is
	// ProtocolTerminatedHTTPS is HTTPS with a certificate of the load balancer,
	// which passes it on as HTTP.
	ProtocolTerminatedHTTPS Protocol = "TERMINATED_HTTPS"
)

// ListenerListOptions narrows a listing of listeners. A nil pointer and zero
// fields stand for all of them.
type ListenerListOptions struct {
	ID               string   `url:"id,omitempty"`
	Name             string   `url:"name,omitempty"`
	Description      string   `url:"description,omitempty"`
	Protocol         Protocol `url:"protocol,omitempty"`
	ProtocolPort     int      `url:"protocol_port,omitempty"`
	DefaultPoolID    string   `url:"default_pool_id,omitempty"`
	AdminStateUp     *bool    `url:"admin_state_up,omitempty"`
	ConnectionLimit  *int     `url:"connection_limit,omitempty"`
	KeepaliveTimeout *int     `url:"keepalive_timeout,omitempty"` // seconds
}

type listenerPage struct {
	Items []*Listener   `json:"listeners"`
	Links []linked.Link `json:"listeners_links"`
}

const listListeners = "loadbalancer-v2-list-listeners"

func (s *ListenersService) page(ctx context.Context, options *ListenerListOptions, next url.Values) (*linked.Page[Listener], error) {
	page, err := nhncloud.Fetch[listenerPage](ctx, s.client, nhncloud.Request{
		Operation: listListeners,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/lbaas/listeners",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[Listener])(page), err
}

// List returns one page of listeners. Use [ListenersService.All] for all of them.
//
// API: GET /v2.0/lbaas/listeners (loadbalancer-v2-list-listeners; Network-Load-Balancer en/public-api.md)
func (s *ListenersService) List(ctx context.Context, options *ListenerListOptions) ([]*Listener, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all listeners. The guide knows of one page; where
// the service links another, it goes on.
func (s *ListenersService) All(ctx context.Context, options *ListenerListOptions) iter.Seq2[*Listener, error] {
	return linked.All(listListeners, func(next url.Values) (*linked.Page[Listener], error) { return s.page(ctx, options, next) })
}

// Get returns a listener.
//
// API: GET /v2.0/lbaas/listeners/{listenerId} (loadbalancer-v2-get-listener; Network-Load-Balancer en/public-api.md)
func (s *ListenersService) Get(ctx context.Context, id string) (*Listener, error) {
	return nhncloud.Fetch[Listener](ctx, s.client, nhncloud.Request{
		Operation:   "loadbalancer-v2-get-listener",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/lbaas/listeners/{listenerId}",
		Args:        []string{id},
		ResponseKey: "listener",
	})
}

// ListenerCreateRequest describes a listener to create. LoadBalancerID, Protocol
// and ProtocolPort are required, and with [ProtocolTerminatedHTTPS] the
// DefaultTLSContainerRef.
type ListenerCreateRequest struct {
	LoadBalancerID         string          `json:"loadbalancer_id"`
	Protocol               Protocol        `json:"protocol"`
	ProtocolPort           int             `json:"protocol_port"`
	Name                   string          `json:"name,omitzero"`
	Description            string          `json:"description,omitzero"`
	DefaultPoolID          string          `json:"default_pool_id,omitzero"`          // "" for none
	AdminStateUp           *bool           `json:"admin_state_up,omitzero"`           // nil for that of the service, which is true
	ConnectionLimit        *int            `json:"connection_limit,omitzero"`         // up to 60000, or 480000 of TypeDedicated; nil for that of the service
	KeepaliveTimeout       *int            `json:"keepalive_timeout,omitzero"`        // seconds; nil for that of the service
	ProxyProtocol          bool            `json:"proxy_protocol,omitzero"`           // tells members of TCP and HTTPS the address of the client
	EnableXForwardedProto  *bool           `json:"enable_x_forwarded_proto,omitzero"` // this and the next two: nil for that of the service, which is true
	EnableXForwardedPort   *bool           `json:"enable_x_forwarded_port,omitzero"`
	EnableXForwardedFor    *bool           `json:"enable_x_forwarded_for,omitzero"`
	TLSVersion             string          `json:"tls_version,omitzero"`               // the least one, such as "TLSv1.0"
	DefaultTLSContainerRef KeyManagerRef   `json:"default_tls_container_ref,omitzero"` // of the certificate
	SNIContainerRefs       []KeyManagerRef `json:"sni_container_refs,omitzero"`        // of certificates for further names
}

func (r *ListenerCreateRequest) check(check *nhncloud.ArgumentCheck) {
	check.Required("LoadBalancerID", r.LoadBalancerID)
	check.Required("Protocol", string(r.Protocol))
	checkPort(check, "ProtocolPort", r.ProtocolPort, 1)
	checkListenerLimits(check, r.ConnectionLimit, r.KeepaliveTimeout)
	checkRefs(check, "SNIContainerRefs", r.SNIContainerRefs)
	switch r.Protocol {
	case ProtocolTerminatedHTTPS:
		check.Required("DefaultTLSContainerRef", string(r.DefaultTLSContainerRef))
	case ProtocolTCP, ProtocolHTTP, ProtocolHTTPS:
		const needless = "must not be set with a Protocol that has no certificate, such as %s"
		check.RefuseIf(r.TLSVersion != "", "TLSVersion", fmt.Sprintf(needless, r.Protocol))
		check.RefuseIf(r.DefaultTLSContainerRef != "", "DefaultTLSContainerRef", fmt.Sprintf(needless, r.Protocol))
		check.RefuseIf(len(r.SNIContainerRefs) > 0, "SNIContainerRefs", fmt.Sprintf(needless, r.Protocol))
	}
}

// Create creates a listener and returns it. A load balancer with a change under
// way, and a port that another listener has, are an [nhncloud.ErrConflict].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call fails because the first one took the port or is still
// being done, and [ListenersService.List] shows the listener.
//
// API: POST /v2.0/lbaas/listeners (loadbalancer-v2-create-listener; Network-Load-Balancer en/public-api.md)
func (s *ListenersService) Create(ctx context.Context, request ListenerCreateRequest) (*Listener, error) {
	const operation = "loadbalancer-v2-create-listener"
	var check nhncloud.ArgumentCheck
	request.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Listener](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/lbaas/listeners",
		Body:        map[string]ListenerCreateRequest{"listener": request},
		ResponseKey: "listener",
	})
}

// ListenerUpdateRequest changes a listener. A nil field is left as it is. A
// pointer to "" takes the default pool away, and an empty list that is not nil all
// certificates for further names.
type ListenerUpdateRequest struct {
	Name                   *string         `json:"name,omitzero"`
	Description            *string         `json:"description,omitzero"`
	DefaultPoolID          *string         `json:"default_pool_id,omitzero"` // "" for none
	AdminStateUp           *bool           `json:"admin_state_up,omitzero"`
	ConnectionLimit        *int            `json:"connection_limit,omitzero"`
	KeepaliveTimeout       *int            `json:"keepalive_timeout,omitzero"` // seconds
	ProxyProtocol          *bool           `json:"proxy_protocol,omitzero"`
	EnableXForwardedProto  *bool           `json:"enable_x_forwarded_proto,omitzero"`
	EnableXForwardedPort   *bool           `json:"enable_x_forwarded_port,omitzero"`
	EnableXForwardedFor    *bool           `json:"enable_x_forwarded_for,omitzero"`
	TLSVersion             *string         `json:"tls_version,omitzero"`
	DefaultTLSContainerRef *KeyManagerRef  `json:"default_tls_container_ref,omitzero"`
	SNIContainerRefs       []KeyManagerRef `json:"sni_container_refs,omitzero"`
}

func (r *ListenerUpdateRequest) isEmpty() bool {
	return r.Name == nil && r.Description == nil && r.DefaultPoolID == nil && r.AdminStateUp == nil && r.ConnectionLimit == nil &&
		r.KeepaliveTimeout == nil && r.ProxyProtocol == nil && r.EnableXForwardedProto == nil && r.EnableXForwardedPort == nil &&
		r.EnableXForwardedFor == nil && r.TLSVersion == nil && r.DefaultTLSContainerRef == nil && r.SNIContainerRefs == nil
}

// Update changes a listener and returns it. A load balancer with a change under
// way is an [nhncloud.ErrConflict].
//
// API: PUT /v2.0/lbaas/listeners/{listenerId} (loadbalancer-v2-update-listener; Network-Load-Balancer en/public-api.md)
func (s *ListenersService) Update(ctx context.Context, id string, request ListenerUpdateRequest) (*Listener, error) {
	const operation = "loadbalancer-v2-update-listener"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request.isEmpty(), "Name", nothingToChange)
	checkListenerLimits(&check, request.ConnectionLimit, request.KeepaliveTimeout)
	if request.DefaultTLSContainerRef != nil {
		check.Required("DefaultTLSContainerRef", string(*request.DefaultTLSContainerRef))
	}
	checkRefs(&check, "SNIContainerRefs", request.SNIContainerRefs)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	type change struct {
		ListenerUpdateRequest
		DefaultPoolID any `json:"default_pool_id,omitzero"`
	}
	return nhncloud.Fetch[Listener](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/lbaas/listeners/{listenerId}",
		Args:        []string{id},
		Body:        map[string]change{"listener": {request, orNull(request.DefaultPoolID)}},
		ResponseKey: "listener",
	})
}

// Delete deletes a listener. A load balancer with a change under way is an
// [nhncloud.ErrConflict].
//
// API: DELETE /v2.0/lbaas/listeners/{listenerId} (loadbalancer-v2-delete-listener; Network-Load-Balancer en/public-api.md)
func (s *ListenersService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v2-delete-listener",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/lbaas/listeners/{listenerId}",
		Args:      []string{id},
	}, nil)
}
