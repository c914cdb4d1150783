package networkv1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud"
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
	apitest.LookUp[networkv1.Network]{
		All:   apitest.Want{Operation: "network-v1-list-networks", Method: http.MethodGet, URL: apitest.AppKeyURL + "/networks"},
		Key:   "networks",
		By:    "id",
		Field: "networkId",
		Items: []*networkv1.Network{{
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
		Name: func(n *networkv1.Network) *string { return &n.ID },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*networkv1.Network, error) {
			return networkv1.New(client).Networks.List(ctx)
		},
		Get: func(ctx context.Context, client *nhncloud.Client, id string) (*networkv1.Network, error) {
			return networkv1.New(client).Networks.Get(ctx, id)
		},
	}.Check(t)
}
