package network

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// NetworksService lists the VPCs as OpenStack's Neutron shows networks. It is for
// programs that speak its words; [VPCsService] shows more, and changes them.
type NetworksService struct{ client *nhncloud.Client }

// Network is a VPC in the words of OpenStack. Its id is that of the [VPC].
type Network struct {
	ID                  string        `json:"id"`
	Name                string        `json:"name"`
	TenantID            string        `json:"tenant_id"`
	Status              NetworkStatus `json:"status"`
	AdminStateUp        bool          `json:"admin_state_up"`
	Subnets             []string      `json:"subnets"` // ids
	RouterExternal      bool          `json:"router:external"`
	Shared              bool          `json:"shared"`
	MTU                 int           `json:"mtu"`                   // bytes; 0 where the service sets none
	PortSecurityEnabled bool          `json:"port_security_enabled"` // of new ports in it
}

// NetworkStatus is the status of a network. It is an open type.
type NetworkStatus string

// The statuses of a network.
const (
	NetworkActive NetworkStatus = "ACTIVE"
	NetworkDown   NetworkStatus = "DOWN"
	NetworkBuild  NetworkStatus = "BUILD"
	NetworkError  NetworkStatus = "ERROR"
)

// NetworkListOptions narrows a listing of networks. A nil pointer and zero
// fields stand for all of them.
type NetworkListOptions struct {
	ID                  string   `url:"id,omitempty"`
	Name                string   `url:"name,omitempty"`
	TenantID            string   `url:"tenant_id,omitempty"`
	ProviderNetworkType string   `url:"provider:network_type,omitempty"` // "flat" or "vlan"
	RouterExternal      *bool    `url:"router:external,omitempty"`
	Shared              *bool    `url:"shared,omitempty"`
	SortKey             string   `url:"sort_key,omitempty"` // field of the answer
	SortDir             string   `url:"sort_dir,omitempty"` // "asc" or "desc"
	Fields              []string `url:"fields,omitempty"`   // those to have, such as "id"; nil for all
	Limit               int      `url:"limit,omitempty"`    // of a page
	Offset              int      `url:"offset,omitempty"`   // how many to leave out before the first one wanted
	Marker              string   `url:"marker,omitempty"`   // id of the network before the first one wanted
}

type networkPage struct {
	Items []*Network    `json:"networks"`
	Links []linked.Link `json:"networks_links"`
}

const listNetworks = "network-v2-list-networks"

func (s *NetworksService) page(ctx context.Context, options *NetworkListOptions, next url.Values) (*linked.Page[Network], error) {
	if options != nil {
		if err := linked.CheckPaging(listNetworks, options.Limit, options.Offset); err != nil {
			return nil, err
		}
	}
	page, err := nhncloud.Fetch[networkPage](ctx, s.client, nhncloud.Request{
		Operation: listNetworks,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/networks",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[Network])(page), err
}

// List returns one page of networks. Use [NetworksService.All] for all of them.
//
// API: GET /v2.0/networks (network-v2-list-networks; Network-VPC en/public-api-compat.md)
func (s *NetworksService) List(ctx context.Context, options *NetworkListOptions) ([]*Network, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all networks; it fetches page after page while
// the loop goes on.
func (s *NetworksService) All(ctx context.Context, options *NetworkListOptions) iter.Seq2[*Network, error] {
	return linked.All(listNetworks, func(next url.Values) (*linked.Page[Network], error) { return s.page(ctx, options, next) })
}
