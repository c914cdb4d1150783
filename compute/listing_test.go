package compute_test

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestServersList(t *testing.T) {
	t.Parallel()
	apitest.Check(t, wantServers, apitest.Reply{Body: "@compute-v2-list-servers-detail.response.json"}, []*compute.Server{documentedServer()},
		func(ctx context.Context, client *nhncloud.Client) ([]*compute.Server, error) {
			return compute.New(client).Servers.List(ctx, nil)
		})
	for name, test := range map[string]struct {
		body string
		want []*compute.Server
	}{
		"simple form": {"@compute-v2-list-servers-detail.gateway.response.json", []*compute.Server{{
			ID:        "server-id-123",
			Name:      "my-instance",
			Status:    compute.StatusActive,
			Addresses: map[string][]compute.Address{"Default Network": {{Addr: "192.168.0.10", Version: 4}}},
			Created:   time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
		}}},
		"none":         {`{"servers": []}`, []*compute.Server{}},
		"null element": {`{"servers": [null, {"id": "a"}, null]}`, []*compute.Server{{ID: "a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantServers, apitest.Reply{Body: test.body})
			servers, err := compute.New(m.Client).Servers.List(t.Context(), nil)
			require.NoError(t, err)
			assert.Equal(t, test.want, servers)
		})
	}
}

func TestServersListSummaries(t *testing.T) {
	t.Parallel()
	apitest.Check(t, wantServerSummaries, apitest.Reply{Body: "@compute-v2-list-servers.response.json"},
		[]*compute.ServerSummary{{ID: serverID, Name: "Web-Server", Links: links("servers", serverID)}},
		func(ctx context.Context, client *nhncloud.Client) ([]*compute.ServerSummary, error) {
			return compute.New(client).Servers.ListSummaries(ctx, nil)
		})
}

// TestNullLists: a listing that is null is no empty one. A program that tidies
// up would take all that it knows for gone.
func TestNullLists(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		want apitest.Want
		key  string
		list func(ctx context.Context, c *compute.Client) (any, error)
	}{
		"servers": {wantServers, "servers", func(ctx context.Context, c *compute.Client) (any, error) {
			return c.Servers.List(ctx, nil)
		}},
		"server summaries": {wantServerSummaries, "servers", func(ctx context.Context, c *compute.Client) (any, error) {
			return c.Servers.ListSummaries(ctx, nil)
		}},
		"flavors": {wantFlavors, "flavors", func(ctx context.Context, c *compute.Client) (any, error) {
			return c.Flavors.List(ctx, nil)
		}},
		"images": {wantImages, "images", func(ctx context.Context, c *compute.Client) (any, error) {
			return c.Images.List(ctx, nil)
		}},
		"zones": {wantZones, "availabilityZoneInfo", func(ctx context.Context, c *compute.Client) (any, error) {
			return c.Zones.List(ctx)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(test.want, apitest.Reply{Body: `{"` + test.key + `": null}`})
			items, err := test.list(t.Context(), compute.New(m.Client))
			assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
			assert.Empty(t, items)
		})
	}
}

// serverListings are the ways to list servers: one page in two forms, and all
// of them in two forms.
var serverListings = map[string]struct {
	want apitest.Want
	all  func(ctx context.Context, client *nhncloud.Client, options *compute.ServerListOptions) iter.Seq2[string, error]
}{
	"List": {wantServers, func(ctx context.Context, client *nhncloud.Client, options *compute.ServerListOptions) iter.Seq2[string, error] {
		servers, err := compute.New(client).Servers.List(ctx, options)
		return apitest.OnePage(servers, err, func(s *compute.Server) string { return s.ID })
	}},
	"ListSummaries": {wantServerSummaries, func(ctx context.Context, client *nhncloud.Client, options *compute.ServerListOptions) iter.Seq2[string, error] {
		servers, err := compute.New(client).Servers.ListSummaries(ctx, options)
		return apitest.OnePage(servers, err, func(s *compute.ServerSummary) string { return s.ID })
	}},
	"All": {wantServers, func(ctx context.Context, client *nhncloud.Client, options *compute.ServerListOptions) iter.Seq2[string, error] {
		return apitest.IDsOf(compute.New(client).Servers.All(ctx, options), func(s *compute.Server) string { return s.ID })
	}},
	"AllSummaries": {wantServerSummaries, func(ctx context.Context, client *nhncloud.Client, options *compute.ServerListOptions) iter.Seq2[string, error] {
		return apitest.IDsOf(compute.New(client).Servers.AllSummaries(ctx, options), func(s *compute.ServerSummary) string { return s.ID })
	}},
}

func TestServerListOptions(t *testing.T) {
	t.Parallel()
	korea := time.FixedZone("KST", 9*60*60)
	for name, listing := range serverListings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for query, options := range map[string]*compute.ServerListOptions{
				"": {},
				"?changes-since=2026-02-28T15%3A30%3A05Z&flavor=f&image=i&limit=5&marker=m&name=%5Eweb-.%2B&reservation_id=r-1&status=SHUTOFF": {
					ReservationID: "r-1", ChangesSince: time.Date(2026, 3, 1, 0, 30, 5, 999, korea), ImageID: "i", FlavorID: "f", Name: "^web-.+",
					Status: compute.StatusShutoff, Limit: 5, Marker: "m",
				},
			} {
				t.Run("query "+query, func(t *testing.T) {
					t.Parallel()
					var pages []apitest.Page
					pages = append(pages, apitest.Page{query, idPage("servers", []string{"a"}, `"servers_links": null`)})
					if strings.HasPrefix(name, "All") { // looks for a further page
						next := "?marker=a"
						if options.Marker != "" {
							next = strings.Replace(query, "marker=m", "marker=a", 1)
						}
						pages = append(pages, apitest.Page{next, idPage("servers", nil)})
					}
					apitest.Walk{Pages: pages, IDs: []string{"a"}}.
						Run(t, listing.want.Operation, listing.want.URL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
							return listing.all(ctx, client, options)
						})
				})
			}
			t.Run("refused Limit", func(t *testing.T) {
				t.Parallel()
				apitest.Refused(t, listing.want.Operation, "Limit", func(ctx context.Context, client *nhncloud.Client) error {
					_, err := nhncloud.Collect(listing.all(ctx, client, &compute.ServerListOptions{Limit: -1}))
					return err
				})
			})
		})
	}
}

func TestServersAll(t *testing.T) {
	t.Parallel()
	const next = `"servers_links": [{"rel": "self", "href": "x"}, {"rel": "next", "href": "http://retired.example.com/v2/t/servers?marker=zz"}]`
	page := func(ids ...string) string { return idPage("servers", ids) }
	linked := func(ids ...string) string { return idPage("servers", ids, next) }
	const first = "?limit=2&status=ACTIVE"
	const b, d, e = "?limit=2&marker=b&status=ACTIVE", "?limit=2&marker=d&status=ACTIVE", "?limit=2&marker=e&status=ACTIVE"
	all := []string{"a", "b", "c", "d", "e"}
	for name, w := range map[string]apitest.Walk{
		"none":                   {Pages: []apitest.Page{{first, page()}}},
		"links":                  {Pages: []apitest.Page{{first, linked("a", "b")}, {b, linked("c", "d")}, {d, page("e")}}, IDs: all},
		"links, empty last page": {Pages: []apitest.Page{{first, linked("a", "b")}, {b, page()}}, IDs: all[:2]},
		"no links":               {Pages: []apitest.Page{{first, page("a", "b")}, {b, page("c", "d")}, {d, page("e")}, {e, page()}}, IDs: all},
		"marker repeated":        {Pages: []apitest.Page{{first, page("a", "b")}, {b, page("b", "c", "d")}, {d, page("d", "e")}, {e, page("e")}}, IDs: all},
		"marker repeated, links": {Pages: []apitest.Page{{first, linked("a", "b")}, {b, linked("b", "c", "d")}, {d, page("d", "e")}}, IDs: all},
		"endless": {
			Pages: []apitest.Page{{first, page("a", "b")}, {b, page("c", "d")}, {d, page("a", "b")}},
			IDs:   []string{"a", "b", "c", "d", "a", "b"},
			Err:   nhncloud.ErrBadAnswer,
		},
		"nulls":              {Pages: []apitest.Page{{first, `{"servers": [null]}`}}},
		"stopped at the end": {Pages: []apitest.Page{{first, linked("a", "b")}}, IDs: all[:2], Stop: 2},
		"stopped":            {Pages: []apitest.Page{{first, linked("a", "b")}, {b, linked("c", "d")}}, IDs: all[:3], Stop: 3},
		"first page fails":   {Pages: []apitest.Page{{first, apitest.Down}}, Err: nhncloud.ErrUnavailable},
		"second page fails":  {Pages: []apitest.Page{{first, page("a", "b")}, {b, apitest.Down}}, IDs: all[:2], Err: nhncloud.ErrUnavailable},
	} {
		for _, how := range []string{"All", "AllSummaries"} {
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				listing := serverListings[how]
				options := &compute.ServerListOptions{Limit: 2, Status: compute.StatusActive}
				w.Run(t, listing.want.Operation, listing.want.URL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
					return listing.all(ctx, client, options)
				})
				assert.Empty(t, options.Marker, "the options are the caller's")
			})
		}
	}
	t.Run("from a marker", func(t *testing.T) {
		t.Parallel()
		apitest.Walk{Pages: []apitest.Page{{"?marker=a", page("b")}, {"?marker=b", page()}}, IDs: []string{"b"}}.
			Run(t, wantServers.Operation, wantServers.URL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return serverListings["All"].all(ctx, client, &compute.ServerListOptions{Marker: "a"})
			})
	})
	t.Run("limit of 1, marker repeated", func(t *testing.T) {
		t.Parallel()
		apitest.Walk{Pages: []apitest.Page{{"?limit=2", page("a", "b")}, {"?limit=2&marker=b", page("b", "c")}, {"?limit=2&marker=c", page("c")}}, IDs: all[:3]}.
			Run(t, wantServers.Operation, wantServers.URL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return serverListings["All"].all(ctx, client, &compute.ServerListOptions{Limit: 1})
			})
	})
	t.Run("twice", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		for range 2 {
			m.Expect(wantServers, apitest.Reply{Body: linked("a")})
			m.Expect(apitest.Want{Operation: wantServers.Operation, Method: http.MethodGet, URL: wantServers.URL + "?marker=a"}, apitest.Reply{Body: page("b")})
		}
		servers := compute.New(m.Client).Servers.All(t.Context(), nil)
		for range 2 {
			found, err := nhncloud.Collect(servers)
			require.NoError(t, err)
			assert.Len(t, found, 2)
		}
	})
}
