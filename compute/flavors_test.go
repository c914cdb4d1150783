package compute_test

import (
	"context"
	"iter"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

var (
	wantFlavors = apitest.Want{
		Operation: "compute-v2-list-flavors-detail",
		Method:    http.MethodGet,
		URL:       apitest.ComputeURL + "/flavors/detail",
	}
	wantFlavorSummaries = apitest.Want{
		Operation: "compute-v2-list-flavors",
		Method:    http.MethodGet,
		URL:       apitest.ComputeURL + "/flavors",
	}
)

func TestFlavorsList(t *testing.T) {
	t.Parallel()
	documented := func(id, name string, ram int) *compute.Flavor {
		return &compute.Flavor{
			ID:         id,
			Name:       name,
			VCPUs:      32,
			RAM:        ram,
			Disk:       0,
			Ephemeral:  0,
			Swap:       0, // "" in the answer
			RxTxFactor: 1,
			Disabled:   false,
			Public:     true,
			ExtraSpecs: map[string]string{"flavor_type": "performance"},
			Links:      links("flavors", id),
		}
	}
	apitest.Check(t, wantFlavors, apitest.Reply{Body: "@compute-v2-list-flavors-detail.response.json"}, []*compute.Flavor{
		documented("97604802-a090-43fa-a5ce-c7cfd737fbba", "x1.c32m256", 262144),
		documented("31fa632d-aeec-4f12-8a57-ce9d146228e5", "x1.c32m128", 131072),
	}, func(ctx context.Context, client *nhncloud.Client) ([]*compute.Flavor, error) {
		return compute.New(client).Flavors.List(ctx, nil)
	})
	for name, test := range map[string]struct {
		body string
		want []*compute.Flavor
	}{
		"simple form": {"@compute-v2-list-flavors-detail.gateway.response.json", []*compute.Flavor{{ID: "flavor-id-123", Name: "m2.c2m4", VCPUs: 2, RAM: 4096}}},
		"none":        {`{"flavors": []}`, []*compute.Flavor{}},
		"quoted numbers": {`{"flavors": [{"vcpus": "2", "ram": "4096.0", "disk": "", "swap": "1", "rxtx_factor": "0.5", "OS-FLV-EXT-DATA:ephemeral": "20"}]}`,
			[]*compute.Flavor{{VCPUs: 2, RAM: 4096, Swap: 1, RxTxFactor: 0.5, Ephemeral: 20}}},
		"quoted Boolean": {`{"flavors": [{"OS-FLV-DISABLED:disabled": "True", "os-flavor-access:is_public": 1}]}`, []*compute.Flavor{{Disabled: true, Public: true}}},
		"nulls": {`{"flavors": [{"id": "f", "name": null, "vcpus": null, "ram": null, "disk": null, "swap": null, "rxtx_factor": null,
			"extra_specs": null, "links": null, "OS-FLV-DISABLED:disabled": null, "os-flavor-access:is_public": null,
			"OS-FLV-EXT-DATA:ephemeral": null}, null]}`, []*compute.Flavor{{ID: "f"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantFlavors, apitest.Reply{Body: test.body})
			flavors, err := compute.New(m.Client).Flavors.List(t.Context(), nil)
			require.NoError(t, err)
			assert.Equal(t, test.want, flavors)
		})
	}
}

func TestFlavorsListSummaries(t *testing.T) {
	t.Parallel()
	const big, small = "013bea75-8541-4c6f-9abe-a03fee3d74fe", "0f19a344-bc66-4228-8cb1-fb9ca82c54f5"
	apitest.Check(t, wantFlavorSummaries, apitest.Reply{Body: "@compute-v2-list-flavors.response.json"}, []*compute.FlavorSummary{
		{ID: big, Name: "x1.c32m256", Links: links("flavors", big)},
		{ID: small, Name: "x1.c32m128", Links: links("flavors", small)},
	}, func(ctx context.Context, client *nhncloud.Client) ([]*compute.FlavorSummary, error) {
		return compute.New(client).Flavors.ListSummaries(ctx, nil)
	})
}

// flavorListings are the ways to list flavors: one page in two forms, and all
// of them in two forms.
var flavorListings = map[string]struct {
	want apitest.Want
	all  func(ctx context.Context, client *nhncloud.Client, options *compute.FlavorListOptions) iter.Seq2[string, error]
}{
	"List": {wantFlavors, func(ctx context.Context, client *nhncloud.Client, options *compute.FlavorListOptions) iter.Seq2[string, error] {
		flavors, err := compute.New(client).Flavors.List(ctx, options)
		return apitest.OnePage(flavors, err, func(f *compute.Flavor) string { return f.ID })
	}},
	"ListSummaries": {wantFlavorSummaries, func(ctx context.Context, client *nhncloud.Client, options *compute.FlavorListOptions) iter.Seq2[string, error] {
		flavors, err := compute.New(client).Flavors.ListSummaries(ctx, options)
		return apitest.OnePage(flavors, err, func(f *compute.FlavorSummary) string { return f.ID })
	}},
	"All": {wantFlavors, func(ctx context.Context, client *nhncloud.Client, options *compute.FlavorListOptions) iter.Seq2[string, error] {
		return apitest.IDsOf(compute.New(client).Flavors.All(ctx, options), func(f *compute.Flavor) string { return f.ID })
	}},
	"AllSummaries": {wantFlavorSummaries, func(ctx context.Context, client *nhncloud.Client, options *compute.FlavorListOptions) iter.Seq2[string, error] {
		return apitest.IDsOf(compute.New(client).Flavors.AllSummaries(ctx, options), func(f *compute.FlavorSummary) string { return f.ID })
	}},
}

func TestFlavorListOptions(t *testing.T) {
	t.Parallel()
	for name, listing := range flavorListings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for query, options := range map[string]*compute.FlavorListOptions{
				"":                         {},
				"?minDisk=20":              {MinDisk: 20},
				"?minDisk=20&minRam=32768": {MinDisk: 20, MinRAM: 32768},
			} {
				t.Run("query "+query, func(t *testing.T) {
					t.Parallel()
					apitest.Walk{Pages: []apitest.Page{{query, idPage("flavors", []string{"a"})}}, IDs: []string{"a"}}.
						Run(t, listing.want.Operation, listing.want.URL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
							return listing.all(ctx, client, options)
						})
				})
			}
			for field, options := range map[string]*compute.FlavorListOptions{
				"MinDisk": {MinDisk: -1}, "MinRAM": {MinRAM: -1}, "MinDisk, MinRAM": {MinDisk: -1, MinRAM: -1},
			} {
				t.Run("refused "+field, func(t *testing.T) {
					t.Parallel()
					apitest.Refused(t, listing.want.Operation, field, func(ctx context.Context, client *nhncloud.Client) error {
						_, err := nhncloud.Collect(listing.all(ctx, client, options))
						return err
					})
				})
			}
		})
	}
}

func TestFlavorsAll(t *testing.T) {
	t.Parallel()
	page := func(next string, ids ...string) string {
		if next == "" {
			return idPage("flavors", ids)
		}
		return idPage("flavors", ids, `"flavors_links": [{"rel": "self", "href": "x?marker=z"}, {"rel": "next", "href": "`+next+`"}]`)
	}
	const first = "?minRam=1024"
	const next = "http://retired.example.com/v2/t/flavors/detail?limit=2&minRam=1024&marker="
	link := func(marker string) string { return "?limit=2&marker=" + marker + "&minRam=1024" }
	for name, w := range map[string]apitest.Walk{
		"one page": {Pages: []apitest.Page{{first, page("", "a", "b")}}, IDs: []string{"a", "b"}},
		"three pages": {Pages: []apitest.Page{
			{first, page(next+"b", "a", "b")}, {link("b"), page(next+"d", "c", "d")}, {link("d"), page("", "e")},
		}, IDs: []string{"a", "b", "c", "d", "e"}},
		"empty last page":   {Pages: []apitest.Page{{first, page(next+"b", "a", "b")}, {link("b"), page("")}}, IDs: []string{"a", "b"}},
		"relative link":     {Pages: []apitest.Page{{first, page("?marker=b", "a", "b")}, {"?marker=b", page("", "c")}}, IDs: []string{"a", "b", "c"}},
		"link with nothing": {Pages: []apitest.Page{{first, page("http://retired.example.com/", "a")}}, IDs: []string{"a"}},
		"broken link":       {Pages: []apitest.Page{{first, page("?marker=%zz", "a")}}, IDs: []string{"a"}, Err: nhncloud.ErrBadAnswer},
		"endless":           {Pages: []apitest.Page{{first, page(next+"b", "a", "b")}, {link("b"), page(next+"b", "a", "b")}}, IDs: []string{"a", "b", "a", "b"}, Err: nhncloud.ErrBadAnswer},
		"stopped":           {Pages: []apitest.Page{{first, page(next+"b", "a", "b")}}, IDs: []string{"a", "b"}, Stop: 2},
		"second page fails": {Pages: []apitest.Page{{first, page(next+"b", "a", "b")}, {link("b"), apitest.Down}}, IDs: []string{"a", "b"}, Err: nhncloud.ErrUnavailable},
	} {
		for _, how := range []string{"All", "AllSummaries"} {
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				listing := flavorListings[how]
				w.Run(t, listing.want.Operation, listing.want.URL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
					return listing.all(ctx, client, &compute.FlavorListOptions{MinRAM: 1024})
				})
			})
		}
	}
}

func TestFlavorHasLocalDisk(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flavor compute.Flavor
		want   bool
	}{
		"u2":              {compute.Flavor{Name: "u2.c2m4", Disk: 50}, true},
		"u2 without size": {compute.Flavor{Name: "u2.c2m4"}, true},
		"GPU":             {compute.Flavor{Name: "g2.t4", Disk: 100}, true},
		"m2":              {compute.Flavor{Name: "m2.c2m4"}, false},
		"name like u2":    {compute.Flavor{Name: "u20.c1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, test.flavor.HasLocalDisk())
		})
	}
}
