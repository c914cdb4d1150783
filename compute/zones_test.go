package compute_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

var wantZones = apitest.Want{
	Operation: "compute-v2-list-availability-zones",
	Method:    http.MethodGet,
	URL:       apitest.ComputeURL + "/os-availability-zone",
}

func TestZonesList(t *testing.T) {
	t.Parallel()
	apitest.Check(t, wantZones, apitest.Reply{Body: "@compute-v2-list-availability-zones.response.json"}, []*compute.Zone{
		{Name: "kr-pub-a", State: compute.ZoneState{Available: true}},
		{Name: "kr-pub-b", State: compute.ZoneState{Available: true}},
	}, func(ctx context.Context, client *nhncloud.Client) ([]*compute.Zone, error) {
		return compute.New(client).Zones.List(ctx)
	})
}

func TestZonesListOddities(t *testing.T) {
	t.Parallel()
	m := apitest.New(t)
	m.Expect(wantZones, apitest.Reply{Body: `{"availabilityZoneInfo": [
		{"zoneName": "a", "zoneState": {"available": "true"}, "hosts": null},
		null,
		{"zoneName": "b", "zoneState": {"available": 0}},
		{"zoneName": "c", "zoneState": null}
	]}`})
	m.Expect(wantZones, apitest.Reply{Body: `{"availabilityZoneInfo": []}`})

	zones, err := compute.New(m.Client).Zones.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []*compute.Zone{{Name: "a", State: compute.ZoneState{Available: true}}, {Name: "b"}, {Name: "c"}}, zones)

	zones, err = compute.New(m.Client).Zones.List(t.Context())
	require.NoError(t, err)
	assert.Empty(t, zones)
}
