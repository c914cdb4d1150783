package networkv1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

func TestFloatingIPPools(t *testing.T) {
	t.Parallel()
	lookUp[networkv1.FloatingIPPool]{
		all:   apitest.Want{Operation: "network-v1-list-floating-ip-pools", Method: http.MethodGet, URL: apitest.AppKeyURL + "/floating-ip-pools"},
		key:   "pools",
		items: []*networkv1.FloatingIPPool{&publicPool},
		id:    func(p *networkv1.FloatingIPPool) *string { return &p.ID },
		list: func(ctx context.Context, c *networkv1.Client) ([]*networkv1.FloatingIPPool, error) {
			return c.FloatingIPPools.List(ctx)
		},
	}.check(t)
}
