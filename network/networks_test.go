package network_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

func TestNetworksList(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-networks"
	apitest.Check(t, want(operation, http.MethodGet, "/networks", ""), documented(operation), []*network.Network{
		{
			ID: "245ff686-4ca2-4176-a069-81013537ac3a", Name: "Default Network", TenantID: "6cdebe3eb0094910bc41f1d42ebe4cb7", Status: network.NetworkActive,
			AdminStateUp: true, Subnets: []string{"b83863ff-0355-4c73-8c10-0bdf66a69aab"}, MTU: 0, PortSecurityEnabled: true,
		},
		{
			ID: "b04b1c31-f2e9-4ae0-a264-02b7d61ad618", Name: "public_network", TenantID: "e873d250f2ca40b78e2c12cfbaaeb740", Status: network.NetworkActive, AdminStateUp: true,
			Subnets: []string{"6b3f7d6d-df61-4345-beb5-1621fd274659", "f22ae5cb-5e52-4704-9c31-83dc3826efb7"}, RouterExternal: true, Shared: true, PortSecurityEnabled: true,
		},
	}, on(func(ctx context.Context, n *network.Client) ([]*network.Network, error) {
		return n.Networks.List(ctx, nil)
	}))
}

func TestNetworkSubnetsList(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-subnets"
	w := want(operation, http.MethodGet, "/subnets", "")
	list := on(func(ctx context.Context, n *network.Client) ([]*network.NetworkSubnet, error) {
		return n.NetworkSubnets.List(ctx, nil)
	})
	apitest.Check(t, w, documented(operation), []*network.NetworkSubnet{{
		ID: "b83863ff-0355-4c73-8c10-0bdf66a69aab", Name: "default", TenantID: "6cdebe3eb0094910bc41f1d42ebe4cb7", NetworkID: "245ff686-4ca2-4176-a069-81013537ac3a",
		CIDR: "192.168.0.0/24", IPVersion: 4, GatewayIP: "192.168.0.1", EnableDHCP: true, DNSNameservers: []string{},
		AllocationPools: []network.AllocationPool{{Start: "192.168.0.2", End: "192.168.0.254"}}, HostRoutes: []network.HostRoute{},
	}}, list)
	apitest.Check(t, w, apitest.Reply{Body: `{"subnets": [{"id": "s", "ip_version": 6, "ipv6_ra_mode": "slaac", "ipv6_address_mode": "slaac", "subnetpool_id": "p",
		"dns_nameservers": ["8.8.8.8"], "host_routes": [{"destination": "10.1.0.0/16", "nexthop": "10.0.0.9"}]}]}`}, []*network.NetworkSubnet{{
		ID: "s", IPVersion: 6, IPv6RAMode: "slaac", IPv6AddressMode: "slaac", SubnetPoolID: "p",
		DNSNameservers: []string{"8.8.8.8"}, HostRoutes: []network.HostRoute{{Destination: "10.1.0.0/16", NextHop: "10.0.0.9"}},
	}}, list)
}
