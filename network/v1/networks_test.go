package networkv1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

const (
	networkID = "b83863ff-0355-4c73-8c10-0bdf66a69aef"
	publicID  = "751b8227-3738-4a9b-9d2f-2c8a0c3b9c5a"
	subnetID  = "5dd09eb5-8a6c-46c5-bf8e-8a5e7fdf4c5c"
)

func TestNetworks(t *testing.T) {
	t.Parallel()
	lookUp[networkv1.Network]{
		all:   apitest.Want{Operation: "network-v1-list-networks", Method: http.MethodGet, URL: apitest.AppKeyURL + "/networks"},
		key:   "networks",
		field: "networkId",
		items: []*networkv1.Network{{
			ID:             networkID,
			Name:           "Default Network",
			Status:         networkv1.NetworkActive,
			AdminStateUp:   true,
			RouterExternal: false,
			Subnets:        []string{subnetID},
		}, {
			ID:             publicID,
			Name:           "Public Network",
			Status:         networkv1.NetworkDown,
			AdminStateUp:   false,
			RouterExternal: true,
			Subnets:        []string{},
		}},
		id: func(n *networkv1.Network) *string { return &n.ID },
		list: func(ctx context.Context, c *networkv1.Client) ([]*networkv1.Network, error) {
			return c.Networks.List(ctx)
		},
		get: func(ctx context.Context, c *networkv1.Client, id string) (*networkv1.Network, error) {
			return c.Networks.Get(ctx, id)
		},
	}.check(t)
}
