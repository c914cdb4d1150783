package networkv1

import (
	"context"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
)

// NetworksService calls the operation on networks.
type NetworksService struct{ client *nhncloud.Client }

// Network is a network that instances can be on.
type Network struct {
	ID             string        `json:"id"`
	Name           string        `json:"name"`
	Status         NetworkStatus `json:"status"`
	AdminStateUp   bool          `json:"adminStateUp"`
	RouterExternal bool          `json:"router:external"` // gives floating IPs through a router
	Subnets        []string      `json:"subnets"`         // ids
}

// NetworkStatus is the status of a network. It is an open type.
type NetworkStatus string

// The statuses of a network.
const (
	NetworkBuild  NetworkStatus = "BUILD"
	NetworkActive NetworkStatus = "ACTIVE"
	NetworkDown   NetworkStatus = "DOWN"
	NetworkError  NetworkStatus = "ERROR"
)

// List returns the networks.
//
// API: GET /v1.0/appkeys/{appkey}/networks (network-v1-list-networks; Network-VPC en/api-guide.md)
func (s *NetworksService) List(ctx context.Context) ([]*Network, error) {
	return nhncloud.FetchList[Network](ctx, s.client, nhncloud.Request{
		Operation:   "network-v1-list-networks",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/networks",
		ResponseKey: "networks",
	})
}

// Get returns a network.
//
// API: GET /v1.0/appkeys/{appkey}/networks (network-v1-list-networks; Network-VPC en/api-guide.md)
func (s *NetworksService) Get(ctx context.Context, id string) (*Network, error) {
	const operation = "network-v1-list-networks"
	if err := nhncloud.CheckID(operation, "networkId", id); err != nil {
		return nil, err
	}
	return nhncloud.FetchOne(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/networks",
		Query:       url.Values{"id": {id}},
		ResponseKey: "networks",
	}, func(n *Network) bool { return n.ID == id })
}
