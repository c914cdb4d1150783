package computev1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestZones(t *testing.T) {
	t.Parallel()
	apitest.LookUp[computev1.Zone]{
		All: apitest.Want{Operation: "compute-v1-list-availability-zones", Method: http.MethodGet, URL: apitest.AppKeyURL + "/availability-zones"},
		Key: "zones",
		By:  "zoneName",
		Items: []*computev1.Zone{
			{Name: "kr-pub-a", State: computev1.ZoneState{Available: true}},
			{Name: "kr-pub-b", State: computev1.ZoneState{Available: false}},
		},
		Lists: map[string][]*computev1.Zone{
			`[{"zoneName": "a", "zoneState": {"available": "True"}}, {"zoneName": "b", "zoneState": {"available": null}}, {"zoneName": "c", "zoneState": null}]`: {
				{Name: "a", State: computev1.ZoneState{Available: true}}, {Name: "b"}, {Name: "c"},
			},
		},
		Name: func(z *computev1.Zone) *string { return &z.Name },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*computev1.Zone, error) {
			return computev1.New(client).Zones.List(ctx)
		},
	}.Check(t)
}
