package compute_test

import (
	"context"
	"encoding/base64"
	stdjson "encoding/json"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const serversURL = apitest.ComputeURL + "/servers"

func documentedServer() *compute.Server {
	const image, flavor = "8b9f8d47-b89b-45af-b1d6-3f7ce7e06a11", "35a73b57-58a7-434d-aa08-5249aaa95b3e"
	return &compute.Server{
		ID:           serverID,
		Name:         "Web-Server",
		Status:       compute.StatusActive,
		TaskState:    "", // null in the answer
		VMState:      "active",
		PowerState:   compute.PowerOn,
		Created:      time.Date(2020, 2, 25, 1, 15, 46, 0, time.UTC),
		Updated:      time.Date(2020, 2, 25, 1, 22, 24, 0, time.UTC),
		LaunchedAt:   time.Date(2020, 2, 25, 1, 22, 23, 0, time.UTC),
		TerminatedAt: time.Time{}, // null in the answer
		Addresses: map[string][]compute.Address{
			"vpc2": {{Addr: "172.16.0.40", Version: 4, Type: compute.AddressFixed, MACAddr: "fa:16:3e:54:a7:64"}},
		},
		Flavor:           compute.FlavorRef{ID: flavor, Links: bookmark("flavors", flavor)},
		Image:            compute.ImageRef{ID: image, Links: bookmark("images", image)},
		KeyName:          "access-key",
		SecurityGroups:   []compute.SecurityGroupRef{{Name: "default"}},
		AvailabilityZone: "kr-pub-b",
		VolumesAttached:  []compute.VolumeRef{{ID: "90712f4f-2faa-4e4f-8eb1-9313a8595570"}},
		Metadata: map[string]string{
			"os_distro":        "Windows",
			"description":      "Windows 2012 R2 STD (2020.02.18)",
			"os_version":       "2012 R2 STD",
			"project_domain":   "NORMAL",
			"hypervisor_type":  "qemu",
			"monitoring_agent": "sysmon",
			"image_name":       "Windows 2012 R2 STD (2020.02.18) EN",
			"volume_size":      "50",
			"os_architecture":  "amd64",
			"login_username":   "Administrator",
			"os_type":          "Windows",
			"tc_env":           "sysmon",
		},
		TenantID:      apitest.TenantID,
		UserID:        "b6ab578c20c94306ac1f41ffc4415b29",
		HostID:        "078d06f898889699f8731d030812e43d2c417edb2cf641dda598c7bd",
		ConfigDrive:   "",
		AccessIPv4:    "",
		AccessIPv6:    "",
		Progress:      0,
		EphemeralDisk: 0,
		Protected:     false,
		Links:         links("servers", serverID),
	}
}

var (
	wantServers         = apitest.Want{Operation: "compute-v2-list-servers-detail", Method: http.MethodGet, URL: serversURL + "/detail"}
	wantServerSummaries = apitest.Want{Operation: "compute-v2-list-servers", Method: http.MethodGet, URL: serversURL}
	wantServer          = apitest.Want{Operation: "compute-v2-get-server", Method: http.MethodGet, URL: serverURL}
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
		return onePage(servers, err, func(s *compute.Server) string { return s.ID })
	}},
	"ListSummaries": {wantServerSummaries, func(ctx context.Context, client *nhncloud.Client, options *compute.ServerListOptions) iter.Seq2[string, error] {
		servers, err := compute.New(client).Servers.ListSummaries(ctx, options)
		return onePage(servers, err, func(s *compute.ServerSummary) string { return s.ID })
	}},
	"All": {wantServers, func(ctx context.Context, client *nhncloud.Client, options *compute.ServerListOptions) iter.Seq2[string, error] {
		return idsOf(compute.New(client).Servers.All(ctx, options), func(s *compute.Server) string { return s.ID })
	}},
	"AllSummaries": {wantServerSummaries, func(ctx context.Context, client *nhncloud.Client, options *compute.ServerListOptions) iter.Seq2[string, error] {
		return idsOf(compute.New(client).Servers.AllSummaries(ctx, options), func(s *compute.ServerSummary) string { return s.ID })
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
					var pages []exchange
					pages = append(pages, exchange{query, idPage("servers", []string{"a"}, `"servers_links": null`)})
					if strings.HasPrefix(name, "All") { // looks for a further page
						next := "?marker=a"
						if options.Marker != "" {
							next = strings.Replace(query, "marker=m", "marker=a", 1)
						}
						pages = append(pages, exchange{next, idPage("servers", nil)})
					}
					walk{pages: pages, ids: []string{"a"}}.
						run(t, listing.want.Operation, listing.want.URL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
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
	for name, w := range map[string]walk{
		"none":                   {pages: []exchange{{first, page()}}},
		"links":                  {pages: []exchange{{first, linked("a", "b")}, {b, linked("c", "d")}, {d, page("e")}}, ids: all},
		"links, empty last page": {pages: []exchange{{first, linked("a", "b")}, {b, page()}}, ids: all[:2]},
		"no links":               {pages: []exchange{{first, page("a", "b")}, {b, page("c", "d")}, {d, page("e")}, {e, page()}}, ids: all},
		"marker repeated":        {pages: []exchange{{first, page("a", "b")}, {b, page("b", "c", "d")}, {d, page("d", "e")}, {e, page("e")}}, ids: all},
		"marker repeated, links": {pages: []exchange{{first, linked("a", "b")}, {b, linked("b", "c", "d")}, {d, page("d", "e")}}, ids: all},
		"endless": {
			pages: []exchange{{first, page("a", "b")}, {b, page("c", "d")}, {d, page("a", "b")}},
			ids:   []string{"a", "b", "c", "d", "a", "b"},
			err:   nhncloud.ErrBadAnswer,
		},
		"nulls":              {pages: []exchange{{first, `{"servers": [null]}`}}},
		"stopped at the end": {pages: []exchange{{first, linked("a", "b")}}, ids: all[:2], stop: 2},
		"stopped":            {pages: []exchange{{first, linked("a", "b")}, {b, linked("c", "d")}}, ids: all[:3], stop: 3},
		"first page fails":   {pages: []exchange{{first, down}}, err: nhncloud.ErrUnavailable},
		"second page fails":  {pages: []exchange{{first, page("a", "b")}, {b, down}}, ids: all[:2], err: nhncloud.ErrUnavailable},
	} {
		for _, how := range []string{"All", "AllSummaries"} {
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				listing := serverListings[how]
				options := &compute.ServerListOptions{Limit: 2, Status: compute.StatusActive}
				w.run(t, listing.want.Operation, listing.want.URL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
					return listing.all(ctx, client, options)
				})
				assert.Empty(t, options.Marker, "the options are the caller's")
			})
		}
	}
	t.Run("from a marker", func(t *testing.T) {
		t.Parallel()
		walk{pages: []exchange{{"?marker=a", page("b")}, {"?marker=b", page()}}, ids: []string{"b"}}.
			run(t, wantServers.Operation, wantServers.URL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return serverListings["All"].all(ctx, client, &compute.ServerListOptions{Marker: "a"})
			})
	})
	t.Run("limit of 1, marker repeated", func(t *testing.T) {
		t.Parallel()
		walk{pages: []exchange{{"?limit=2", page("a", "b")}, {"?limit=2&marker=b", page("b", "c")}, {"?limit=2&marker=c", page("c")}}, ids: all[:3]}.
			run(t, wantServers.Operation, wantServers.URL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
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

func TestServersGet(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, client *nhncloud.Client, id string) (*compute.Server, error) {
		return compute.New(client).Servers.Get(ctx, id)
	}
	apitest.Check(t, wantServer, apitest.Reply{Body: "@compute-v2-get-server.response.json"}, documentedServer(),
		func(ctx context.Context, client *nhncloud.Client) (*compute.Server, error) {
			return get(ctx, client, serverID)
		})
	apitest.RefusedSegments(t, wantServer.Operation, "serverId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := get(ctx, client, id)
		return err
	})
	for name, test := range map[string]struct {
		body string
		want compute.Server
	}{
		"simple form": {"@compute-v2-get-server.gateway.response.json", compute.Server{
			ID:        "server-id-123",
			Name:      "my-instance",
			Status:    compute.StatusActive,
			Flavor:    compute.FlavorRef{ID: "flavor-id"},
			Image:     compute.ImageRef{ID: "image-id"},
			Addresses: map[string][]compute.Address{},
			Created:   time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
		}},
		"booted from a volume": {`{"server": {"id": "s", "image": ""}}`, compute.Server{ID: "s"}},
		"disk config of 2022":  {`{"server": {"id": "s", "OS-DCF:diskConfig": "MANUAL"}}`, compute.Server{ID: "s", DiskConfig: "MANUAL"}},
		"deleted": {`{"server": {"id": "s", "status": "DELETED", "OS-SRV-USG:terminated_at": "2020-02-25T01:22:23.120000"}}`, compute.Server{
			ID: "s", Status: compute.StatusDeleted, TerminatedAt: time.Date(2020, 2, 25, 1, 22, 23, 120000000, time.UTC),
		}},
		"other times": {`{"server": {"id": "s", "created": "2020-02-25T10:15:46+09:00", "updated": "2020-02-25 01:22:24", "OS-SRV-USG:launched_at": ""}}`, compute.Server{
			ID: "s", Created: time.Date(2020, 2, 25, 1, 15, 46, 0, time.UTC), Updated: time.Date(2020, 2, 25, 1, 22, 24, 0, time.UTC),
		}},
		"quoted": {`{"server": {"id": "s", "progress": "100", "OS-EXT-STS:power_state": "4", "NHN-EXT-ATTR:ephemeral_disk_size": "20", "NHN-EXT-ATTR:protect": "true",
			"addresses": {"vpc": [{"version": "4"}]}}}`, compute.Server{
			ID: "s", Progress: 100, PowerState: compute.PowerOff, EphemeralDisk: 20, Protected: true, Addresses: map[string][]compute.Address{"vpc": {{Version: 4}}},
		}},
		"nulls": {`{"server": {"id": "s", "name": null, "status": null, "addresses": null, "flavor": null, "image": null, "key_name": null, "security_groups": null,
			"os-extended-volumes:volumes_attached": null, "metadata": null, "links": null, "progress": null, "OS-EXT-STS:power_state": null, "created": null,
			"NHN-EXT-ATTR:protect": null}}`, compute.Server{ID: "s"}},
		"nulls within": {`{"server": {"id": "s", "addresses": {"vpc": null}, "flavor": {"id": "f", "links": null}, "image": {"id": null}, "metadata": {"a": null}}}`, compute.Server{
			ID: "s", Addresses: map[string][]compute.Address{"vpc": nil}, Flavor: compute.FlavorRef{ID: "f"}, Metadata: map[string]string{"a": ""},
		}},
		"unknown members": {`{"server": {"id": "s", "locked": {"by": 500}, "status": "THAWING"}, "more": 1}`, compute.Server{ID: "s", Status: "THAWING"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantServer, apitest.Reply{Body: test.body})
			server, err := get(t.Context(), m.Client, serverID)
			require.NoError(t, err)
			assert.Equal(t, test.want, *server)
		})
	}
}

func TestServerStatusCanonical(t *testing.T) {
	t.Parallel()
	same := []compute.ServerStatus{
		"ACTIVE", "BUILD", "DELETED", "ERROR", "HARD_REBOOT", "MIGRATING", "PASSWORD", "PAUSED", "REBOOT", "REBUILD", "RESCUE", "RESIZE",
		"REVERT_RESIZE", "SHELVED_OFFLOADED", "SHUTOFF", "SUSPENDED", "UNKNOWN", "VERIFY_RESIZE", "THAWING", "",
	}
	assert.Equal(t, same[:18], []compute.ServerStatus{
		compute.StatusActive, compute.StatusBuild, compute.StatusDeleted, compute.StatusError, compute.StatusHardReboot, compute.StatusMigrating,
		compute.StatusPassword, compute.StatusPaused, compute.StatusReboot, compute.StatusRebuild, compute.StatusRescue, compute.StatusResize,
		compute.StatusRevertResize, compute.StatusShelvedOffloaded, compute.StatusShutoff, compute.StatusSuspended, compute.StatusUnknown,
		compute.StatusVerifyResize,
	})
	for _, status := range same {
		assert.Equal(t, status, status.Canonical())
	}
	for old, status := range map[compute.ServerStatus]compute.ServerStatus{
		"BUILDING": compute.StatusBuild, "STOPPED": compute.StatusShutoff, "RESIZED": compute.StatusResize, "RESCUED": compute.StatusRescue,
	} {
		assert.Equal(t, status, old.Canonical())
	}
	assert.Equal(t, []compute.ServerStatus{"BUILDING", "STOPPED", "RESIZED", "RESCUED"},
		[]compute.ServerStatus{compute.StatusBuilding, compute.StatusStopped, compute.StatusResized, compute.StatusRescued})
}

func wantCreate(body string) apitest.Want {
	return apitest.Want{Operation: "compute-v2-create-server", Method: http.MethodPost, URL: serversURL, Body: body}
}

// documentedCreateBody is the documented body, with a Boolean that the example
// shows as a number in spite of its description.
func documentedCreateBody(t *testing.T) string {
	t.Helper()
	body := apitest.Text(t, "@compute-v2-create-server.request.json")
	changed := strings.Replace(body, `"delete_on_termination": 1`, `"delete_on_termination": true`, 1)
	require.NotEqual(t, body, changed)
	return changed
}

const createImageID = "9956f822-29c9-4f81-9410-0c392d9c8c24"

func documentedCreate() compute.ServerCreateRequest {
	return compute.ServerCreateRequest{
		Name:             "DB-Master",
		ImageID:          createImageID,
		FlavorID:         "a4b6a0f7-aeff-4d78-a8d5-7de9f007012d",
		Networks:         []compute.ServerNetwork{{SubnetID: "b83863ff-0355-4c73-8c10-0bdf66a69aab"}},
		AvailabilityZone: "kr-pub-a",
		KeyName:          "access-key",
		MinCount:         1,
		MaxCount:         1,
		BlockDevices: []compute.BlockDevice{{
			SourceType:          compute.SourceImage,
			UUID:                createImageID,
			BootIndex:           0,
			VolumeSize:          1000,
			DestinationType:     compute.DestinationVolume,
			DeleteOnTermination: true,
		}},
		SecurityGroups: []string{"default"},
		ServerGroupID:  "f878bd5b-49a7-499f-966e-1eceb21cb06b",
	}
}

func create(ctx context.Context, client *nhncloud.Client, request compute.ServerCreateRequest) (*compute.CreatedServer, error) {
	return compute.New(client).Servers.Create(ctx, request)
}

func TestServersCreate(t *testing.T) {
	t.Parallel()
	const id = "3a005d5b-63cf-4493-bfc6-49db990b5b50"
	apitest.CheckCreate(t, wantCreate(documentedCreateBody(t)),
		apitest.Reply{Status: http.StatusAccepted, Body: "@compute-v2-create-server.response.json"},
		&compute.CreatedServer{ID: id, SecurityGroups: []compute.SecurityGroupRef{{Name: "default"}}, Links: links("servers", id)},
		func(ctx context.Context, client *nhncloud.Client) (*compute.CreatedServer, error) {
			return create(ctx, client, documentedCreate())
		})

	minimal := compute.ServerCreateRequest{Name: "web", FlavorID: "f", KeyName: "k", ImageID: "i", Networks: []compute.ServerNetwork{{NetworkID: "n"}}}
	with := func(change func(r *compute.ServerCreateRequest)) compute.ServerCreateRequest {
		r := minimal
		change(&r)
		return r
	}
	base := func(further string) string {
		return `{"server": {"name": "web", "flavorRef": "f", "key_name": "k", "imageRef": "i", "networks": [{"uuid": "n"}]` + further + `}}`
	}
	for name, test := range map[string]struct {
		request compute.ServerCreateRequest
		body    string
	}{
		"minimal": {minimal, base("")},
		"networks": {with(func(r *compute.ServerCreateRequest) {
			r.Networks = []compute.ServerNetwork{{NetworkID: "n", FixedIP: "192.168.0.9"}, {SubnetID: "s"}, {PortID: "p"}, {FixedIP: "10.0.0.9"}}
		}), `{"server": {"name": "web", "flavorRef": "f", "key_name": "k", "imageRef": "i", "networks": [{"uuid": "n", "fixed_ip": "192.168.0.9"}, {"subnet": "s"},
			{"port": "p"}, {"fixed_ip": "10.0.0.9"}]}}`},
		"devices": {with(func(r *compute.ServerCreateRequest) {
			r.ImageID = ""
			r.BlockDevices = []compute.BlockDevice{
				{SourceType: compute.SourceSnapshot, UUID: "snap", DestinationType: compute.DestinationVolume, VolumeSize: 100},
				{SourceType: compute.SourceVolume, UUID: "vol", BootIndex: 1, DestinationType: compute.DestinationVolume},
				{
					SourceType: compute.SourceBlank, BootIndex: -1, DestinationType: compute.DestinationVolume, VolumeSize: 10, VolumeType: "Encrypted SSD",
					DeleteOnTermination: true, Encryption: &compute.VolumeEncryption{SKMAppKey: "app", SKMKeyID: "key"},
				},
			}
		}), `{"server": {"name": "web", "flavorRef": "f", "key_name": "k", "networks": [{"uuid": "n"}], "block_device_mapping_v2": [
			{"source_type": "snapshot", "uuid": "snap", "boot_index": 0, "destination_type": "volume", "volume_size": 100, "delete_on_termination": false},
			{"source_type": "volume", "uuid": "vol", "boot_index": 1, "destination_type": "volume", "delete_on_termination": false},
			{"source_type": "blank", "boot_index": -1, "destination_type": "volume", "volume_size": 10, "volume_type": "Encrypted SSD",
				"delete_on_termination": true, "nhn_encryption": {"skm_appkey": "app", "skm_key_id": "key"}}]}}`},
		"local disk": {with(func(r *compute.ServerCreateRequest) {
			r.BlockDevices = []compute.BlockDevice{{SourceType: compute.SourceImage, UUID: "i", DestinationType: compute.DestinationLocal}}
		}), base(`, "block_device_mapping_v2": [{"source_type": "image", "uuid": "i", "boot_index": 0, "destination_type": "local", "delete_on_termination": false}]`)},
		"groups and counts": {with(func(r *compute.ServerCreateRequest) {
			r.SecurityGroups, r.MinCount, r.MaxCount = []string{"default", "웹"}, 2, 10
		}), base(`, "security_groups": [{"name": "default"}, {"name": "웹"}], "min_count": 2, "max_count": 10`)},
		"metadata": {with(func(r *compute.ServerCreateRequest) { r.Metadata = map[string]string{"이름": "웹", "": ""} }),
			base(`, "metadata": {"이름": "웹", "": ""}`)},
		"user data": {with(func(r *compute.ServerCreateRequest) { r.UserData = "#!/bin/sh\necho 안녕 >?~\n" }),
			base(`, "user_data": "` + base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\necho 안녕 >?~\n")) + `"`)},
		"more user data than documented": {with(func(r *compute.ServerCreateRequest) { r.UserData = nhncloud.Secret(strings.Repeat("#", 65536)) }),
			base(`, "user_data": "` + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("#", 65536))) + `"`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantCreate(test.body), apitest.Reply{
				Status: http.StatusAccepted,
				Body:   `{"server": {"id": "s", "OS-DCF:diskConfig": "MANUAL", "adminPass": "hunter2"}}`,
			})
			server, err := create(t.Context(), m.Client, test.request)
			require.NoError(t, err)
			assert.Equal(t, &compute.CreatedServer{ID: "s", DiskConfig: "MANUAL", AdminPass: "hunter2"}, server)
			assert.NotContains(t, fmt.Sprintf("%+v", server), "hunter2")
		})
	}
	t.Run("simple form", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantCreate(base("")), apitest.Reply{Status: http.StatusCreated, Body: "@compute-v2-create-server.gateway.response.json"})
		server, err := create(t.Context(), m.Client, minimal)
		require.NoError(t, err)
		assert.Equal(t, &compute.CreatedServer{ID: "new-server-id"}, server)
	})
}

func TestServerCreateRefused(t *testing.T) {
	t.Parallel()
	type request = compute.ServerCreateRequest
	device := func(change func(d *compute.BlockDevice)) func(r *request) {
		return func(r *request) { change(&r.BlockDevices[0]) }
	}
	for name, test := range map[string]struct {
		field  string
		change func(r *request)
	}{
		"no name":        {"Name", func(r *request) { r.Name = "" }},
		"no flavor":      {"FlavorID", func(r *request) { r.FlavorID = "" }},
		"no key":         {"KeyName", func(r *request) { r.KeyName = "" }},
		"no networks":    {"Networks", func(r *request) { r.Networks = nil }},
		"empty network":  {"Networks[1]", func(r *request) { r.Networks = append(r.Networks, compute.ServerNetwork{}) }},
		"no image":       {"ImageID", func(r *request) { r.ImageID, r.BlockDevices = "", nil }},
		"no root":        {"ImageID", func(r *request) { r.ImageID, r.BlockDevices[0].BootIndex = "", 1 }},
		"no source":      {"BlockDevices[0].SourceType", device(func(d *compute.BlockDevice) { d.SourceType = "" })},
		"no destination": {"BlockDevices[0].DestinationType", device(func(d *compute.BlockDevice) { d.DestinationType = "" })},
		"no uuid":        {"BlockDevices[0].UUID", device(func(d *compute.BlockDevice) { d.UUID = "" })},
		"negative size":  {"BlockDevices[0].VolumeSize", device(func(d *compute.BlockDevice) { d.VolumeSize = -1 })},
		"blank root":     {"BlockDevices[0].BootIndex", device(func(d *compute.BlockDevice) { d.SourceType, d.UUID = compute.SourceBlank, "" })},
		"second device": {"BlockDevices[1].SourceType, BlockDevices[1].DestinationType", func(r *request) {
			r.BlockDevices = append(r.BlockDevices, compute.BlockDevice{})
		}},
		"negative MinCount":     {"MinCount", func(r *request) { r.MinCount = -1 }},
		"negative MaxCount":     {"MaxCount", func(r *request) { r.MaxCount = -1 }},
		"more than at the most": {"MinCount", func(r *request) { r.MinCount, r.MaxCount = 3, 2 }},
		"empty security group":  {"SecurityGroups[1]", func(r *request) { r.SecurityGroups = []string{"default", ""} }},
		"nothing at all":        {"Name, FlavorID, KeyName, Networks, ImageID", func(r *request) { *r = request{} }},
		"much at once": {"KeyName, Networks[0], BlockDevices[0].VolumeSize, MinCount, MaxCount, SecurityGroups[0]", func(r *request) {
			r.KeyName, r.Networks[0], r.BlockDevices[0].VolumeSize = "", compute.ServerNetwork{}, -1
			r.MinCount, r.MaxCount, r.SecurityGroups = -1, -1, []string{""}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := documentedCreate()
			test.change(&r)
			apitest.Refused(t, "compute-v2-create-server", test.field, func(ctx context.Context, client *nhncloud.Client) error {
				server, err := create(ctx, client, r)
				assert.Nil(t, server)
				return err
			})
			apitest.Refused(t, "compute-v2-create-server", test.field, func(ctx context.Context, client *nhncloud.Client) error {
				id, err := compute.New(client).Servers.CreateReserved(ctx, r)
				assert.Empty(t, id)
				return err
			})
		})
	}
}

func TestServersCreateReserved(t *testing.T) {
	t.Parallel()
	body := strings.Replace(documentedCreateBody(t), `"server": {`, `"server": {"return_reservation_id": true,`, 1)
	apitest.CheckCreate(t, wantCreate(body), apitest.Reply{Status: http.StatusAccepted, Body: `{"reservation_id": "r-3fhpjulh"}`}, "r-3fhpjulh",
		func(ctx context.Context, client *nhncloud.Client) (string, error) {
			return compute.New(client).Servers.CreateReserved(ctx, documentedCreate())
		})
}

// TestUserDataStaysSecret: the script of a server may hold passwords.
func TestUserDataStaysSecret(t *testing.T) {
	t.Parallel()
	request := documentedCreate()
	request.UserData = "password=hunter2"
	simple := compute.SimpleServer{Name: "web", UserData: request.UserData}
	texts := map[string]string{}
	for name, value := range map[string]any{"request": request, "pointer": &request, "simple": simple, "pointer to simple": &simple} {
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
			texts[name+" "+format] = fmt.Sprintf(format, value)
		}
		encoded, err := json.Marshal(value)
		require.NoError(t, err)
		texts[name+" JSON"] = string(encoded)
		encoded, err = stdjson.Marshal(value)
		require.NoError(t, err)
		texts[name+" JSON of the standard library"] = string(encoded)
	}
	for how, text := range texts {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			assert.NotContains(t, text, "hunter2")
			assert.NotContains(t, text, fmt.Sprintf("%x", "hunter2"))
			assert.NotContains(t, text, base64.StdEncoding.EncodeToString([]byte(request.UserData)))
		})
	}
}

func TestServersUpdate(t *testing.T) {
	t.Parallel()
	want := apitest.Want{
		Operation: "compute-v2-update-server",
		Method:    http.MethodPut,
		URL:       serverURL,
		Body:      "@compute-v2-update-server.request.json",
	}
	update := func(ctx context.Context, client *nhncloud.Client, id string, name *string) (*compute.Server, error) {
		return compute.New(client).Servers.Update(ctx, id, compute.ServerUpdateRequest{Name: name})
	}
	// The guide documents the answer as that of compute-v2-get-server.
	apitest.Check(t, want, apitest.Reply{Body: "@compute-v2-get-server.response.json"}, documentedServer(),
		func(ctx context.Context, client *nhncloud.Client) (*compute.Server, error) {
			return update(ctx, client, serverID, new("new-server-test"))
		})
	apitest.RefusedSegments(t, want.Operation, "serverId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := update(ctx, client, id, new("new-server-test"))
		return err
	})
	for name, value := range map[string]*string{"nothing": nil, "empty name": new("")} {
		t.Run("refused "+name, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, want.Operation, "Name", func(ctx context.Context, client *nhncloud.Client) error {
				_, err := update(ctx, client, serverID, value)
				return err
			})
		})
	}
}

func TestServersDelete(t *testing.T) {
	t.Parallel()
	want := apitest.Want{Operation: "compute-v2-delete-server", Method: http.MethodDelete, URL: serverURL}
	remove := func(ctx context.Context, client *nhncloud.Client, id string) error {
		return compute.New(client).Servers.Delete(ctx, id)
	}
	apitest.CheckEmpty(t, want, apitest.Reply{Status: http.StatusNoContent}, func(ctx context.Context, client *nhncloud.Client) error {
		return remove(ctx, client, serverID)
	})
	apitest.RefusedSegments(t, want.Operation, "serverId", remove)
}
