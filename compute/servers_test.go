package compute_test

import (
	"context"
	"net/http"
	"testing"
	"time"

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
