package networkv1

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// FloatingIPPoolsService calls the operation on the pools of floating IPs.
type FloatingIPPoolsService struct{ client *nhncloud.Client }

// FloatingIPPool is a pool that floating IPs are taken out of.
type FloatingIPPool struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// List returns the pools of floating IPs.
//
// API: GET /v1.0/appkeys/{appkey}/floating-ip-pools (network-v1-list-floating-ip-pools; Network-VPC en/api-guide.md)
func (s *FloatingIPPoolsService) List(ctx context.Context) ([]*FloatingIPPool, error) {
	return nhncloud.FetchList[FloatingIPPool](ctx, s.client, nhncloud.Request{
		Operation:   "network-v1-list-floating-ip-pools",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/floating-ip-pools",
		ResponseKey: "pools",
	})
}
