package networkv1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

func TestFloatingIPPools(t *testing.T) {
	t.Parallel()
	apitest.LookUp[networkv1.FloatingIPPool]{
		All:   apitest.Want{Operation: "network-v1-list-floating-ip-pools", Method: http.MethodGet, URL: apitest.AppKeyURL + "/floating-ip-pools"},
		Key:   "pools",
		By:    "id",
		Items: []*networkv1.FloatingIPPool{&publicPool},
		Name:  func(p *networkv1.FloatingIPPool) *string { return &p.ID },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*networkv1.FloatingIPPool, error) {
			return networkv1.New(client).FloatingIPPools.List(ctx)
		},
	}.Check(t)
}
