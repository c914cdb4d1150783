package computev1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestFlavors(t *testing.T) {
	t.Parallel()
	apitest.LookUp[computev1.Flavor]{
		All: apitest.Want{Operation: "compute-v1-list-flavors", Method: http.MethodGet, URL: apitest.AppKeyURL + "/flavors"},
		Key: "flavors",
		By:  "id",
		// The guide lists maxVolumeSize without showing it.
		Items: []*computev1.Flavor{
			{
				ID: "0a5b9c1e-2f4a-4b8e-8e7a-4f1f2c6f1d20", Name: "u2.c2m4", Type: computev1.FlavorGeneral, VCPUs: 2, RAM: 4096,
				Ephemeral: 0, VolumeSize: 30, MaxVolumeSize: 0, Public: true, Disabled: false,
			},
			{
				ID: flavorID, Name: "r2.c4m32", Type: computev1.FlavorMemory, VCPUs: 4, RAM: 32768,
				Ephemeral: 100, VolumeSize: 0, MaxVolumeSize: 1000, Public: false, Disabled: true,
			},
		},
		Lists: map[string][]*computev1.Flavor{
			`[null, {"id": "f", "name": null, "type": null, "vcpus": null, "ram": null, "ephemeral": null, "volumeSize": null,
				"maxVolumeSize": null, "isPublic": null, "disabled": null}]`: {{ID: "f"}},
			`[{"id": "f", "type": "gpu", "ephemeral": ""}]`: {{ID: "f", Type: "gpu"}},
		},
		Name: func(f *computev1.Flavor) *string { return &f.ID },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*computev1.Flavor, error) {
			return computev1.New(client).Flavors.List(ctx)
		},
	}.Check(t)
}

func TestFlavorHasLocalDisk(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flavor computev1.Flavor
		want   bool
	}{
		"u2":              {computev1.Flavor{Name: "u2.c2m4", VolumeSize: 30}, true},
		"u2 without size": {computev1.Flavor{Name: "u2.c2m4"}, true},
		"other with size": {computev1.Flavor{Name: "g2.t4", VolumeSize: 100}, true},
		"m2":              {computev1.Flavor{Name: "m2.c2m4", MaxVolumeSize: 1000}, false},
		"name like u2":    {computev1.Flavor{Name: "u20.c1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, test.flavor.HasLocalDisk())
		})
	}
}
