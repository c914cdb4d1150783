package network

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// NetworkSubnetsService lists the subnets as OpenStack's Neutron shows them. It
// is for programs that speak its words; [SubnetsService] shows more, and changes
// them.
type NetworkSubnetsService struct{ client *nhncloud.Client }

// NetworkSubnet is a subnet in the words of OpenStack. Its id is that of the
// [Subnet].
type NetworkSubnet struct {
	ID              string           `json:"id"`
	Name            string           `json:"name"`
	TenantID        string           `json:"tenant_id"`
	NetworkID       string           `json:"network_id"` // of the VPC
	CIDR            string           `json:"cidr"`
	IPVersion       int              `json:"ip_version"` // 4 or 6
	GatewayIP       string           `json:"gateway_ip"`
	EnableDHCP      bool             `json:"enable_dhcp"`
	DNSNameservers  []string         `json:"dns_nameservers"` // IP addresses
	AllocationPools []AllocationPool `json:"allocation_pools"`
	HostRoutes      []HostRoute      `json:"host_routes"`
	IPv6RAMode      string           `json:"ipv6_ra_mode"`      // "" with IPv4
	IPv6AddressMode string           `json:"ipv6_address_mode"` // "" with IPv4
	SubnetPoolID    string           `json:"subnetpool_id"`     // "" for none
}

// AllocationPool is a range of addresses that ports get theirs from.
type AllocationPool struct {
	Start string `json:"start"`
	End   string `json:"end"` // the last one of it
}

// HostRoute is a route that DHCP gives to the servers of a subnet.
type HostRoute struct {
	Destination string `json:"destination"` // CIDR
	NextHop     string `json:"nexthop"`     // IP address
}

// NetworkSubnetListOptions narrows a listing of subnets. A nil pointer and zero
// fields stand for all of them.
type NetworkSubnetListOptions struct {
	ID         string   `url:"id,omitempty"`
	Name       string   `url:"name,omitempty"`
	NetworkID  string   `url:"network_id,omitempty"` // of the VPC
	CIDR       string   `url:"cidr,omitempty"`
	EnableDHCP *bool    `url:"enable_dhcp,omitempty"`
	Shared     *bool    `url:"shared,omitempty"`
	SortKey    string   `url:"sort_key,omitempty"` // field of the answer
	SortDir    string   `url:"sort_dir,omitempty"` // "asc" or "desc"
	Fields     []string `url:"fields,omitempty"`   // those to have, such as "id"; nil for all
	Limit      int      `url:"limit,omitempty"`    // of a page
	Offset     int      `url:"offset,omitempty"`   // how many to leave out before the first one wanted
	Marker     string   `url:"marker,omitempty"`   // id of the subnet before the first one wanted
}

type networkSubnetPage struct {
	Items []*NetworkSubnet `json:"subnets"`
	Links []linked.Link    `json:"subnets_links"`
}

const listNetworkSubnets = "network-v2-list-subnets"

func (s *NetworkSubnetsService) page(ctx context.Context, options *NetworkSubnetListOptions, next url.Values) (*linked.Page[NetworkSubnet], error) {
	if options != nil {
		if err := linked.CheckPaging(listNetworkSubnets, options.Limit, options.Offset); err != nil {
			return nil, err
		}
	}
	page, err := nhncloud.Fetch[networkSubnetPage](ctx, s.client, nhncloud.Request{
		Operation: listNetworkSubnets,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/subnets",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[NetworkSubnet])(page), err
}

// List returns one page of subnets. Use [NetworkSubnetsService.All] for all of
// them.
//
// API: GET /v2.0/subnets (network-v2-list-subnets; Network-VPC en/public-api-compat.md)
func (s *NetworkSubnetsService) List(ctx context.Context, options *NetworkSubnetListOptions) ([]*NetworkSubnet, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all subnets; it fetches page after page while the
// loop goes on.
func (s *NetworkSubnetsService) All(ctx context.Context, options *NetworkSubnetListOptions) iter.Seq2[*NetworkSubnet, error] {
	return linked.All(listNetworkSubnets, func(next url.Values) (*linked.Page[NetworkSubnet], error) { return s.page(ctx, options, next) })
}
