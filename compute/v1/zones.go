package computev1

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// ZonesService calls the operation on availability zones.
type ZonesService struct{ client *nhncloud.Client }

// Zone is an availability zone.
type Zone struct {
	Name  string    `json:"zoneName"` // such as "kr-pub-a"
	State ZoneState `json:"zoneState"`
}

// ZoneState tells whether a zone can be used.
type ZoneState struct {
	Available bool `json:"available"`
}

// List returns the availability zones for instances and volumes.
//
// API: GET /v1.0/appkeys/{appkey}/availability-zones (compute-v1-list-availability-zones; Compute-Instance en/old/api-guide.md)
func (s *ZonesService) List(ctx context.Context) ([]*Zone, error) {
	return nhncloud.FetchList[Zone](ctx, s.client, nhncloud.Request{
		Operation:   "compute-v1-list-availability-zones",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/availability-zones",
		ResponseKey: "zones",
	})
}
