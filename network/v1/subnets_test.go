package networkv1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

func TestSubnets(t *testing.T) {
	t.Parallel()
	apitest.LookUp[networkv1.Subnet]{
		All: apitest.Want{Operation: "network-v1-list-subnets", Method: http.MethodGet, URL: apitest.AppKeyURL + "/subnets"},
		Key: "subnets",
		By:  "id",
		Items: []*networkv1.Subnet{{
			ID:              subnetID,
			Name:            "Default Network",
			NetworkID:       networkID,
			CIDR:            "10.161.244.0/25",
			IPVersion:       4,
			GatewayIP:       "10.161.244.1",
			EnableDHCP:      true,
			AllocationPools: []networkv1.AllocationPool{{Start: "10.161.244.13", End: "10.161.244.121"}},
			HostRoutes:      []networkv1.HostRoute{},
		}},
		// The tables call the name and the id of the network integers.
		Lists: map[string][]*networkv1.Subnet{
			`[{"name": 7, "networkId": 12, "gatewayIp": null}]`:                                            {{Name: "7", NetworkID: "12"}},
			`[{"hostRoutes": [{"destination": "192.0.2.0/24", "nexthop": "10.161.244.9"}]}]`:               {{HostRoutes: []networkv1.HostRoute{{Destination: "192.0.2.0/24", Nexthop: "10.161.244.9"}}}},
			`[{"hostRoutes": [{"destination": "192.0.2.0/24", "nextHop": "10.161.244.9"}]}]`:               {{HostRoutes: []networkv1.HostRoute{{Destination: "192.0.2.0/24", Nexthop: "10.161.244.9"}}}},
			`[{"id": "1", "allocationPools": null, "hostRoutes": null, "enableDhcp": null, "cidr": null}]`: {{ID: "1"}},
		},
		Name: func(s *networkv1.Subnet) *string { return &s.ID },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*networkv1.Subnet, error) {
			return networkv1.New(client).Subnets.List(ctx)
		},
	}.Check(t)
}
