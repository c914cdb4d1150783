package networkv1

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// SubnetsService calls the operation on subnets.
type SubnetsService struct{ client *nhncloud.Client }

// Subnet is a subnet of a network.
type Subnet struct {
	ID              string           `json:"id"`
	Name            string           `json:"name"`
	NetworkID       string           `json:"networkId"`
	CIDR            string           `json:"cidr"`
	IPVersion       int              `json:"ipVersion"` // 4
	GatewayIP       string           `json:"gatewayIp"`
	EnableDHCP      bool             `json:"enableDhcp"`
	AllocationPools []AllocationPool `json:"allocationPools"`
	HostRoutes      []HostRoute      `json:"hostRoutes"`
}

// AllocationPool is a range of addresses that the service gives to instances.
type AllocationPool struct {
	Start string `json:"start"` // first address
	End   string `json:"end"`   // last address
}

// HostRoute is a further route of the instances on a subnet. The guide shows
// none; its members are those of the v2.0 API.
type HostRoute struct {
	Destination string `json:"destination"` // CIDR
	Nexthop     string `json:"nexthop" wire:"fold"`
}

// List returns the subnets of all networks.
//
// API: GET /v1.0/appkeys/{appkey}/subnets (network-v1-list-subnets; Network-VPC en/api-guide.md)
func (s *SubnetsService) List(ctx context.Context) ([]*Subnet, error) {
	return nhncloud.FetchList[Subnet](ctx, s.client, nhncloud.Request{
		Operation:   "network-v1-list-subnets",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/subnets",
		ResponseKey: "subnets",
	})
}
