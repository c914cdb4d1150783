package networkv1

import (
	"context"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
)

// FloatingIPsService calls the operations on floating IPs.
type FloatingIPsService struct{ client *nhncloud.Client }

// FloatingIP is a floating IP. FixedIPAddress, PortID and RouterID come only
// while it is in [FloatingIPActive].
type FloatingIP struct {
	ID                string           `json:"id"`
	FloatingIPAddress string           `json:"floatingIpAddress"`
	FixedIPAddress    string           `json:"fixedIpAddress"` // of the instance
	PortID            string           `json:"portId"`
	RouterID          string           `json:"routerId"`
	Pool              FloatingIPPool   `json:"pool"`
	Status            FloatingIPStatus `json:"status"`
}

// FloatingIPStatus is the status of a floating IP. It is an open type.
type FloatingIPStatus string

// The statuses of a floating IP.
const (
	FloatingIPActive FloatingIPStatus = "ACTIVE" // connected to an instance
	FloatingIPDown   FloatingIPStatus = "DOWN"   // not connected
	FloatingIPError  FloatingIPStatus = "ERROR"
)

// List returns the floating IPs of the project.
//
// API: GET /v1.0/appkeys/{appkey}/floating-ips (network-v1-list-floating-ips; Network-VPC en/api-guide.md)
func (s *FloatingIPsService) List(ctx context.Context) ([]*FloatingIP, error) {
	return nhncloud.FetchList[FloatingIP](ctx, s.client, nhncloud.Request{
		Operation:   "network-v1-list-floating-ips",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/floating-ips",
		ResponseKey: "floatingips",
	})
}

// Get returns a floating IP.
//
// API: GET /v1.0/appkeys/{appkey}/floating-ips (network-v1-list-floating-ips; Network-VPC en/api-guide.md)
func (s *FloatingIPsService) Get(ctx context.Context, id string) (*FloatingIP, error) {
	const operation = "network-v1-list-floating-ips"
	if err := nhncloud.CheckID(operation, "floatingIpId", id); err != nil {
		return nil, err
	}
	return nhncloud.FetchOne(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/floating-ips",
		Query:       url.Values{"id": {id}},
		ResponseKey: "floatingips",
	}, func(f *FloatingIP) bool { return f.ID == id })
}

// Create takes a floating IP out of a pool and returns it. For the pools see
// [FloatingIPPoolsService.List].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [FloatingIPsService.List] shows one more in [FloatingIPDown] than was
// returned, which costs until it is given back.
//
// API: POST /v1.0/appkeys/{appkey}/floating-ips (network-v1-create-floating-ip; Network-VPC en/api-guide.md)
func (s *FloatingIPsService) Create(ctx context.Context, poolID string) (*FloatingIP, error) {
	const operation = "network-v1-create-floating-ip"
	if poolID == "" {
		return nil, nhncloud.NewArgumentError(operation, "poolID", "must not be empty")
	}
	type pool struct {
		ID string `json:"id"`
	}
	return nhncloud.Fetch[FloatingIP](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodPost,
		Path:        "/v1.0/appkeys/{appkey}/floating-ips",
		Body:        map[string]pool{"pool": {poolID}},
		ResponseKey: "floatingip",
	})
}

// Delete gives a floating IP back. One that is connected to an instance has to
// be disconnected first.
//
// API: DELETE /v1.0/appkeys/{appkey}/floating-ips (network-v1-delete-floating-ip; Network-VPC en/api-guide.md)
func (s *FloatingIPsService) Delete(ctx context.Context, id string) error {
	const operation = "network-v1-delete-floating-ip"
	if err := nhncloud.CheckID(operation, "floatingIpId", id); err != nil {
		return err
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceAppKey,
		Method:    http.MethodDelete,
		Path:      "/v1.0/appkeys/{appkey}/floating-ips",
		Query:     url.Values{"id": {id}},
	}, nil)
}
