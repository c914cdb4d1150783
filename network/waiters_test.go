package network_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

// waitThrough lets a waiter see resources, each in JSON or the status of a
// failure, and checks the statuses that it shows, "" for a look that failed.
func waitThrough(t *testing.T, w apitest.Want, key string, answers []any, statuses []string, wait func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error) error {
	t.Helper()
	var looks []apitest.Look
	for i, answer := range answers {
		look := apitest.Look{Status: statuses[i], Reply: apitest.Reply{Body: fmt.Sprintf(`{%q: %v}`, key, answer)}}
		if status, fails := answer.(int); fails {
			look.Reply = apitest.Reply{Status: status}
		}
		look.Failed = statuses[i] == ""
		looks = append(looks, look)
	}
	return apitest.WaitThrough(t, w, looks, func(ctx context.Context, client *nhncloud.Client, options *nhncloud.WaitOptions) error {
		return wait(ctx, network.New(client), options)
	})
}

func TestFloatingIPsWaitForStatus(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		until    network.FloatingIPStatus
		answers  []any
		statuses []string
		err      error
	}{
		"active":          {network.FloatingIPActive, []any{`{"id": "f", "status": "DOWN"}`, `{"id": "f", "status": "ACTIVE"}`}, []string{"DOWN", "ACTIVE"}, nil},
		"down":            {network.FloatingIPDown, []any{`{"id": "f", "status": "ACTIVE"}`, `{"id": "f", "status": "DOWN"}`}, []string{"ACTIVE", "DOWN"}, nil},
		"failed":          {network.FloatingIPActive, []any{`{"id": "f", "status": "ERROR"}`}, []string{"ERROR"}, nhncloud.ErrFailedState},
		"gone":            {network.FloatingIPActive, []any{404}, []string{""}, nhncloud.ErrNotFound},
		"passing failure": {network.FloatingIPActive, []any{503, `{"id": "f", "status": "ACTIVE"}`}, []string{"", "ACTIVE"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitThrough(t, want("network-v2-get-floatingip", http.MethodGet, "/floatingips/f", ""), "floatingip", test.answers, test.statuses,
					func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error {
						ip, err := n.FloatingIPs.WaitForStatus(ctx, "f", test.until, options)
						if err == nil {
							assert.Equal(t, test.until, ip.Status)
						}
						return err
					})
				assert.ErrorIs(t, err, test.err)
			})
		})
	}
}

func TestGatewaysWaitForReady(t *testing.T) {
	t.Parallel()
	gateway := func(state, migrate string) string {
		return fmt.Sprintf(`{"id": "g", "state": %q, "migrate_status": %q, "migrate_error": "no host"}`, state, migrate)
	}
	for name, test := range map[string]struct {
		answers  []any
		statuses []string
		err      error
	}{
		"at once":              {[]any{gateway("available", "none")}, []string{"available"}, nil},
		"no migration is told": {[]any{gateway("available", "")}, []string{"available"}, nil},
		"attached":             {[]any{gateway("unavailable", "none"), gateway("available", "none")}, []string{"unavailable", "available"}, nil},
		"migrated": {
			[]any{gateway("migrating", "unbinding_progress"), gateway("migrating", "binding_progress"), gateway("available", "binding_progress"), gateway("available", "none")},
			[]string{"migrating, unbinding_progress", "migrating, binding_progress", "available, binding_progress", "available"}, nil,
		},
		"failed":           {[]any{gateway("unavailable", "none"), gateway("ERROR", "none")}, []string{"unavailable", "ERROR"}, nhncloud.ErrFailedState},
		"unbinding failed": {[]any{gateway("migrating", "unbinding_error")}, []string{"migrating, unbinding_error"}, nhncloud.ErrFailedState},
		"binding failed":   {[]any{gateway("available", "binding_error")}, []string{"available, binding_error"}, nhncloud.ErrFailedState},
		"gone":             {[]any{404}, []string{""}, nhncloud.ErrNotFound},
		"passing failure":  {[]any{502, gateway("available", "none")}, []string{"", "available"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitThrough(t, want("network-v2-get-internetgateway", http.MethodGet, "/internetgateways/g", ""), "internetgateway", test.answers, test.statuses,
					func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error {
						ready, err := n.Gateways.WaitForReady(ctx, "g", options)
						if err == nil {
							assert.Equal(t, network.GatewayAvailable, ready.State)
						}
						return err
					})
				assert.ErrorIs(t, err, test.err)
				if test.err == nhncloud.ErrFailedState {
					assert.ErrorContains(t, err, "internet gateway g does not become ready")
					assert.ErrorContains(t, err, "no host")
				}
			})
		})
	}
}

func TestPortsWaitForBound(t *testing.T) {
	t.Parallel()
	port := func(status, device string) string {
		return fmt.Sprintf(`{"id": "p", "status": %q, "device_id": %q}`, status, device)
	}
	for name, test := range map[string]struct {
		answers  []any
		statuses []string
		err      error
	}{
		"bound":          {[]any{port("DOWN", ""), port("DOWN", "d"), port("BUILD", "d"), port("ACTIVE", "d")}, []string{"DOWN", "DOWN", "BUILD", "ACTIVE"}, nil},
		"without device": {[]any{port("ACTIVE", ""), port("ACTIVE", "d")}, []string{"ACTIVE", "ACTIVE"}, nil},
		"failed":         {[]any{port("ERROR", "d")}, []string{"ERROR"}, nhncloud.ErrFailedState},
		"gone":           {[]any{404}, []string{""}, nhncloud.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitThrough(t, want("network-v2-get-port", http.MethodGet, "/ports/p", ""), "port", test.answers, test.statuses,
					func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error {
						bound, err := n.Ports.WaitForBound(ctx, "p", options)
						if err == nil {
							assert.Equal(t, "d", bound.DeviceID)
						}
						return err
					})
				assert.ErrorIs(t, err, test.err)
			})
		})
	}
}

func TestPortsWaitForServer(t *testing.T) {
	t.Parallel()
	w := want("network-v2-list-ports", http.MethodGet, "/ports?device_id=d", "")
	for name, test := range map[string]struct {
		answers  []any
		statuses []string
		err      error
	}{
		"there":     {[]any{`[]`, `[{"id": "p", "device_id": "d", "status": "BUILD"}]`, `[{"id": "p", "device_id": "d", "status": "DOWN", "fixed_ips": [{"ip_address": "10.0.0.5"}]}]`}, []string{"not there", "BUILD", "DOWN"}, nil},
		"two":       {[]any{`[{"id": "p", "device_id": "d"}, {"id": "q", "device_id": "d"}]`}, []string{""}, nhncloud.ErrConflict},
		"forbidden": {[]any{403}, []string{""}, nhncloud.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitThrough(t, w, "ports", test.answers, test.statuses, func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error {
					port, err := n.Ports.WaitForServer(ctx, "d", "", options)
					if err == nil {
						assert.Equal(t, "p", port.ID)
					}
					return err
				})
				assert.ErrorIs(t, err, test.err)
			})
		})
	}
}

// deletions are the waiters for the end of resources.
var deletions = map[string]struct {
	operation, path, key string
	wait                 func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error
}{
	"VPC": {"network-v2-get-vpc", "/vpcs/x", "vpc", func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error {
		return n.VPCs.WaitForDeletion(ctx, "x", options)
	}},
	"subnet": {"network-v2-get-vpcsubnet", "/vpcsubnets/x", "vpcsubnet", func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error {
		return n.Subnets.WaitForDeletion(ctx, "x", options)
	}},
	"routing table": {"network-v2-get-routingtable", "/routingtables/x", "routingtable", func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error {
		return n.RoutingTables.WaitForDeletion(ctx, "x", options)
	}},
	"internet gateway": {"network-v2-get-internetgateway", "/internetgateways/x", "internetgateway", func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error {
		return n.Gateways.WaitForDeletion(ctx, "x", options)
	}},
	"port": {"network-v2-get-port", "/ports/x", "port", func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error {
		return n.Ports.WaitForDeletion(ctx, "x", options)
	}},
	"floating IP": {"network-v2-get-floatingip", "/floatingips/x", "floatingip", func(ctx context.Context, n *network.Client, options *nhncloud.WaitOptions) error {
		return n.FloatingIPs.WaitForDeletion(ctx, "x", options)
	}},
}

func TestWaitForDeletion(t *testing.T) {
	t.Parallel()
	const there = `{"id": "x", "state": "s", "status": "s"}`
	for name, deletion := range deletions {
		for outcome, test := range map[string]struct {
			answers  []any
			statuses []string
			err      error
		}{
			"gone":            {[]any{there, 404}, []string{"s", "gone"}, nil},
			"passing failure": {[]any{503, there, 404}, []string{"", "s", "gone"}, nil},
			"forbidden":       {[]any{403}, []string{""}, nhncloud.ErrForbidden},
		} {
			t.Run(name+" "+outcome, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					err := waitThrough(t, want(deletion.operation, http.MethodGet, deletion.path, ""), deletion.key, test.answers, test.statuses, deletion.wait)
					assert.ErrorIs(t, err, test.err)
				})
			})
		}
	}
}
