package network

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// FloatingIPsService calls the operations on floating IPs. For one of a server,
// see [FloatingIPsService.AssociateWithServer].
type FloatingIPsService struct{ client *nhncloud.Client }

// FloatingIP is an address of the external network. It costs from its creation
// to its deletion, whether a port has it or not.
type FloatingIP struct {
	ID                string           `json:"id"`
	TenantID          string           `json:"tenant_id"`
	FloatingNetworkID string           `json:"floating_network_id"` // of the external VPC
	FloatingIPAddress string           `json:"floating_ip_address"`
	FixedIPAddress    string           `json:"fixed_ip_address"` // of the port; "" without one
	PortID            string           `json:"port_id"`          // "" without one
	RouterID          string           `json:"router_id"`        // "" without a port
	Status            FloatingIPStatus `json:"status"`
	DeleteProtection  bool             `json:"delete_protection"`
	Label             string           `json:"label"`
}

// FloatingIPStatus is the status of a floating IP. It is an open type.
type FloatingIPStatus string

// The statuses of a floating IP.
const (
	FloatingIPActive FloatingIPStatus = "ACTIVE" // connected to a server
	FloatingIPDown   FloatingIPStatus = "DOWN"   // not connected
	FloatingIPError  FloatingIPStatus = "ERROR"  // could not be connected
)

// FloatingIPListOptions narrows a listing of floating IPs. A nil pointer and
// zero fields stand for all of them.
type FloatingIPListOptions struct {
	ID                string           `url:"id,omitempty"`
	TenantID          string           `url:"tenant_id,omitempty"`
	Status            FloatingIPStatus `url:"status,omitempty"`
	FloatingNetworkID string           `url:"floating_network_id,omitempty"`
	FloatingIPAddress string           `url:"floating_ip_address,omitempty"`
	FixedIPAddress    string           `url:"fixed_ip_address,omitempty"`
	PortID            string           `url:"port_id,omitempty"`
	DeleteProtection  *bool            `url:"delete_protection,omitempty"`
	Label             string           `url:"label,omitempty"`
	SortKey           string           `url:"sort_key,omitempty"` // field of the answer
	SortDir           string           `url:"sort_dir,omitempty"` // "asc" or "desc"
	Fields            []string         `url:"fields,omitempty"`   // those to have, such as "id"; nil for all
	Limit             int              `url:"limit,omitempty"`    // of a page
	Marker            string           `url:"marker,omitempty"`   // id of the floating IP before the first one wanted
}

type floatingIPPage struct {
	Items []*FloatingIP `json:"floatingips"`
	Links []linked.Link `json:"floatingips_links"`
}

const (
	listFloatingIPs     = "network-v2-list-floatingips"
	associateFloatingIP = "network-v2-associate-floatingip"
)

func (s *FloatingIPsService) page(ctx context.Context, options *FloatingIPListOptions, next url.Values) (*linked.Page[FloatingIP], error) {
	if options != nil {
		if err := linked.CheckPaging(listFloatingIPs, options.Limit, 0); err != nil {
			return nil, err
		}
	}
	page, err := nhncloud.Fetch[floatingIPPage](ctx, s.client, nhncloud.Request{
		Operation: listFloatingIPs,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/floatingips",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[FloatingIP])(page), err
}

// List returns one page of floating IPs. Use [FloatingIPsService.All] for all of
// them.
//
// API: GET /v2.0/floatingips (network-v2-list-floatingips; Floating-IP en/public-api.md)
func (s *FloatingIPsService) List(ctx context.Context, options *FloatingIPListOptions) ([]*FloatingIP, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all floating IPs; it fetches page after page
// while the loop goes on.
func (s *FloatingIPsService) All(ctx context.Context, options *FloatingIPListOptions) iter.Seq2[*FloatingIP, error] {
	return linked.All(listFloatingIPs, func(next url.Values) (*linked.Page[FloatingIP], error) { return s.page(ctx, options, next) })
}

// Get returns a floating IP.
//
// API: GET /v2.0/floatingips/{floatingIpId} (network-v2-get-floatingip; Floating-IP en/public-api.md)
func (s *FloatingIPsService) Get(ctx context.Context, id string) (*FloatingIP, error) {
	return nhncloud.Fetch[FloatingIP](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-get-floatingip",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/floatingips/{floatingIpId}",
		Args:        []string{id},
		ResponseKey: "floatingip",
	})
}

// FloatingIPCreateRequest describes a floating IP to create. FloatingNetworkID
// is required.
type FloatingIPCreateRequest struct {
	FloatingNetworkID string `json:"floating_network_id"` // as of VPCsService.FindExternal
	PortID            string `json:"port_id,omitzero"`    // to connect it to
	DeleteProtection  bool   `json:"delete_protection,omitzero"`
	Label             string `json:"label,omitzero"` // up to 64 characters
}

// Create takes a floating IP out of an external network and returns it. A quota
// that is used up is an [nhncloud.ErrQuotaExceeded].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [FloatingIPsService.List] shows one more in [FloatingIPDown] than was
// returned, which costs until it is deleted. A Label of the caller's own tells it
// from those of other calls.
//
// API: POST /v2.0/floatingips (network-v2-create-floatingip; Floating-IP en/public-api.md)
func (s *FloatingIPsService) Create(ctx context.Context, request FloatingIPCreateRequest) (*FloatingIP, error) {
	const operation = "network-v2-create-floatingip"
	if request.FloatingNetworkID == "" {
		return nil, nhncloud.NewArgumentError(operation, "FloatingNetworkID", "must not be empty")
	}
	return nhncloud.Fetch[FloatingIP](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/floatingips",
		Body:        map[string]FloatingIPCreateRequest{"floatingip": request},
		ResponseKey: "floatingip",
	})
}

// FloatingIPUpdateRequest changes a floating IP. A nil field is left as it is.
// What it is connected to is changed by [FloatingIPsService.Associate] and
// [FloatingIPsService.Disassociate].
type FloatingIPUpdateRequest struct {
	DeleteProtection *bool   `json:"delete_protection,omitzero"`
	Label            *string `json:"label,omitzero"`
}

// Update changes the label or the protection of a floating IP and returns it.
//
// API: PUT /v2.0/floatingips/{floatingIpId} (network-v2-update-floatingip; Floating-IP en/public-api.md)
func (s *FloatingIPsService) Update(ctx context.Context, id string, request FloatingIPUpdateRequest) (*FloatingIP, error) {
	const operation = "network-v2-update-floatingip"
	if request == (FloatingIPUpdateRequest{}) {
		return nil, nhncloud.NewArgumentError(operation, "DeleteProtection", nothingToChange)
	}
	return nhncloud.Fetch[FloatingIP](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/floatingips/{floatingIpId}",
		Args:        []string{id},
		Body:        map[string]FloatingIPUpdateRequest{"floatingip": request},
		ResponseKey: "floatingip",
	})
}

// FloatingIPAssociateRequest says what a floating IP is to be connected to.
// PortID is required.
type FloatingIPAssociateRequest struct {
	PortID         string `json:"port_id"`
	FixedIPAddress string `json:"fixed_ip_address,omitzero"` // of a port with several
}

// Associate connects a floating IP to a port, in the place of the one that it is
// connected to, and returns it. Wait for [FloatingIPActive] with
// [FloatingIPsService.WaitForStatus].
//
// API: PUT /v2.0/floatingips/{floatingIpId} (network-v2-associate-floatingip; Floating-IP en/public-api.md)
func (s *FloatingIPsService) Associate(ctx context.Context, id string, request FloatingIPAssociateRequest) (*FloatingIP, error) {
	var check nhncloud.ArgumentCheck
	check.Required("PortID", request.PortID)
	if request.FixedIPAddress != "" {
		netcheck.Address(&check, "FixedIPAddress", request.FixedIPAddress)
	}
	if err := check.Err(associateFloatingIP); err != nil {
		return nil, err
	}
	return s.connect(ctx, id, request)
}

// Disassociate disconnects a floating IP from its port and returns it. It stays
// with the project.
//
// API: PUT /v2.0/floatingips/{floatingIpId} (network-v2-associate-floatingip; Floating-IP en/public-api.md)
func (s *FloatingIPsService) Disassociate(ctx context.Context, id string) (*FloatingIP, error) {
	return s.connect(ctx, id, map[string]*string{"port_id": nil})
}

func (s *FloatingIPsService) connect(ctx context.Context, id string, what any) (*FloatingIP, error) {
	return nhncloud.Fetch[FloatingIP](ctx, s.client, nhncloud.Request{
		Operation:   associateFloatingIP,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/floatingips/{floatingIpId}",
		Args:        []string{id},
		Body:        map[string]any{"floatingip": what},
		ResponseKey: "floatingip",
	})
}

// Delete gives a floating IP back. One that is connected or has DeleteProtection
// is refused: [FloatingIPsService.Disassociate] it, or take off its protection,
// first.
//
// API: DELETE /v2.0/floatingips/{floatingIpId} (network-v2-delete-floatingip; Floating-IP en/public-api.md)
func (s *FloatingIPsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "network-v2-delete-floatingip",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/floatingips/{floatingIpId}",
		Args:      []string{id},
	}, nil)
}

func (s *FloatingIPsService) waiter(id string) nhncloud.Waiter[*FloatingIP, FloatingIPStatus] {
	return nhncloud.Waiter[*FloatingIP, FloatingIPStatus]{
		Operation: "network-v2-get-floatingip",
		Resource:  "floating IP",
		ID:        id,
		Look:      s.Get,
		Status:    func(ip *FloatingIP) FloatingIPStatus { return ip.Status },
		Failed:    []FloatingIPStatus{FloatingIPError},
	}
}

// WaitForStatus waits until a floating IP has the status and returns it. It ends
// with an [nhncloud.ErrFailedState] when it gets into [FloatingIPError] instead.
func (s *FloatingIPsService) WaitForStatus(ctx context.Context, id string, status FloatingIPStatus, options *nhncloud.WaitOptions) (*FloatingIP, error) {
	return s.waiter(id).Until(ctx, options, status)
}

// WaitForDeletion waits until a floating IP is not found any more.
func (s *FloatingIPsService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return s.waiter(id).UntilGone(ctx, options)
}
