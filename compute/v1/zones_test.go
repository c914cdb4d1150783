package computev1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

var wantZones = apitest.Want{
	Operation: "compute-v1-list-availability-zones",
	Method:    http.MethodGet,
	URL:       apitest.AppKeyURL + "/availability-zones",
}

func TestZonesList(t *testing.T) {
	t.Parallel()
	apitest.Check(t, wantZones, apitest.Reply{Body: "@compute-v1-list-availability-zones.response.json"}, []*computev1.Zone{
		{Name: "kr-pub-a", State: computev1.ZoneState{Available: true}},
		{Name: "kr-pub-b", State: computev1.ZoneState{Available: false}},
	}, func(ctx context.Context, client *nhncloud.Client) ([]*computev1.Zone, error) {
		return computev1.New(client).Zones.List(ctx)
	})
}

func TestZonesListOddities(t *testing.T) {
	t.Parallel()
	m := apitest.New(t)
	m.Expect(wantZones, apitest.Reply{Body: success(`"zones": [
		{"zoneName": "a", "zoneState": {"available": "True"}},
		null,
		{"zoneName": "b", "zoneState": {"available": null}},
		{"zoneName": "c", "zoneState": null}
	]`)})
	zones, err := computev1.New(m.Client).Zones.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []*computev1.Zone{{Name: "a", State: computev1.ZoneState{Available: true}}, {Name: "b"}, {Name: "c"}}, zones)
}
