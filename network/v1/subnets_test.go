package networkv1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

func TestSubnets(t *testing.T) {
	t.Parallel()
	want := apitest.Want{Operation: "network-v1-list-subnets", Method: http.MethodGet, URL: apitest.AppKeyURL + "/subnets"}
	lookUp[networkv1.Subnet]{
		all: want,
		key: "subnets",
		items: []*networkv1.Subnet{{
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
		id: func(s *networkv1.Subnet) *string { return &s.ID },
		list: func(ctx context.Context, c *networkv1.Client) ([]*networkv1.Subnet, error) {
			return c.Subnets.List(ctx)
		},
	}.check(t)
	// The tables call the name and the id of the network integers.
	for body, subnet := range map[string]networkv1.Subnet{
		`{"name": 7, "networkId": 12, "gatewayIp": null}`:                                 {Name: "7", NetworkID: "12"},
		`{"hostRoutes": [{"destination": "192.0.2.0/24", "nexthop": "10.161.244.9"}]}`:    {HostRoutes: []networkv1.HostRoute{{Destination: "192.0.2.0/24", Nexthop: "10.161.244.9"}}},
		`{"hostRoutes": [{"destination": "192.0.2.0/24", "nextHop": "10.161.244.9"}]}`:    {HostRoutes: []networkv1.HostRoute{{Destination: "192.0.2.0/24", Nexthop: "10.161.244.9"}}},
		`{"allocationPools": null, "hostRoutes": null, "enableDhcp": null, "cidr": null}`: {},
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(want, success("subnets", "["+body+"]"))
			subnets, err := networkv1.New(m.Client).Subnets.List(t.Context())
			require.NoError(t, err)
			assert.Equal(t, []*networkv1.Subnet{&subnet}, subnets)
		})
	}
}
