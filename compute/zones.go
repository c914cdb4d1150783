package compute

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// ZonesService calls the operation on availability zones.
type ZonesService struct{ client *nhncloud.Client }

// Zone is an availability zone of the region.
type Zone struct {
	Name  string    `json:"zoneName"` // such as "kr-pub-a"
	State ZoneState `json:"zoneState"`
}

// ZoneState tells whether a zone can be used.
type ZoneState struct {
	Available bool `json:"available"`
}

// List returns the availability zones of the region, which are never many.
//
// API: GET /v2/{tenantId}/os-availability-zone (compute-v2-list-availability-zones; Compute-Instance en/public-api.md)
func (s *ZonesService) List(ctx context.Context) ([]*Zone, error) {
	return nhncloud.FetchList[Zone](ctx, s.client, nhncloud.Request{
		Operation:   "compute-v2-list-availability-zones",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/os-availability-zone",
		ResponseKey: "availabilityZoneInfo",
	})
}
