package compute_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

// look is what a waiter sees of a server, or the status of the failure that it
// sees instead.
type look struct {
	status compute.ServerStatus
	task   string
	flavor string
	fails  int
	gone   bool // not found, where that is no failure
}

// waitFor lets a waiter look at a server.
func waitFor(t *testing.T, looks []look, wait func(ctx context.Context, servers *compute.ServersService, options *nhncloud.WaitOptions) error) error {
	t.Helper()
	var seen []apitest.Look
	for _, l := range looks {
		s := apitest.Look{Status: string(l.status), Reply: apitest.Reply{Body: fmt.Sprintf(
			`{"server": {"id": %q, "status": %q, "OS-EXT-STS:task_state": %q, "flavor": {"id": %q}}}`, serverID, l.status, l.task, l.flavor)}}
		switch {
		case l.fails != 0:
			s.Failed, s.Reply = true, apitest.Reply{Status: l.fails}
		case l.gone:
			s.Status, s.Reply = "gone", apitest.Reply{Status: http.StatusNotFound}
		}
		seen = append(seen, s)
	}
	return apitest.WaitThrough(t, wantServer, seen, func(ctx context.Context, client *nhncloud.Client, options *nhncloud.WaitOptions) error {
		return wait(ctx, compute.New(client).Servers, options)
	})
}

func TestWaitForStatus(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		until compute.ServerStatus
		looks []look
		err   error
	}{
		"at once":                {compute.StatusActive, []look{{status: "ACTIVE"}}, nil},
		"built":                  {compute.StatusActive, []look{{status: "BUILD", task: "scheduling"}, {status: "BUILD"}, {status: "ACTIVE"}}, nil},
		"task goes on":           {compute.StatusActive, []look{{status: "ACTIVE", task: "powering-off"}, {status: "ACTIVE"}}, nil},
		"words of 2022":          {compute.StatusShutoff, []look{{status: "ACTIVE"}, {status: "STOPPED"}}, nil},
		"asked in those of 2022": {compute.StatusStopped, []look{{status: "SHUTOFF"}}, nil},
		"own status":             {"THAWING", []look{{status: "ACTIVE"}, {status: "THAWING"}}, nil},
		"unknown status":         {compute.StatusActive, []look{{status: "THAWING"}, {status: ""}, {status: "ACTIVE"}}, nil},
		"failed":                 {compute.StatusActive, []look{{status: "BUILD"}, {status: "ERROR"}}, nhncloud.ErrFailedState},
		"failed with a task":     {compute.StatusActive, []look{{status: "ERROR", task: "spawning"}}, nhncloud.ErrFailedState},
		"failure is wanted":      {compute.StatusError, []look{{status: "BUILD"}, {status: "ERROR"}}, nil},
		"deleted":                {compute.StatusActive, []look{{status: "DELETED"}}, nhncloud.ErrFailedState},
		"gone":                   {compute.StatusActive, []look{{status: "BUILD"}, {fails: 404}}, nhncloud.ErrNotFound},
		"forbidden":              {compute.StatusActive, []look{{fails: 403}}, nhncloud.ErrForbidden},
		"passing failures":       {compute.StatusActive, []look{{fails: 503}, {status: "BUILD"}, {fails: 500}, {fails: 429}, {status: "ACTIVE"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitFor(t, test.looks, func(ctx context.Context, servers *compute.ServersService, options *nhncloud.WaitOptions) error {
					server, err := servers.WaitForStatus(ctx, serverID, test.until, options)
					if err == nil {
						assert.Equal(t, test.looks[len(test.looks)-1].status, server.Status)
					}
					return err
				})
				assert.ErrorIs(t, err, test.err)
				if test.err == nhncloud.ErrFailedState {
					assert.ErrorContains(t, err, "server "+serverID+" does not become ACTIVE")
				}
			})
		})
	}
}

func TestWaitForResize(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		looks []look
		err   error
	}{
		"at once":       {[]look{{status: "ACTIVE", flavor: "new"}}, nil},
		"not begun yet": {[]look{{status: "ACTIVE", flavor: "old"}, {status: "ACTIVE", flavor: "old"}, {status: "ACTIVE", flavor: "new"}}, nil},
		"running server": {[]look{
			{status: "ACTIVE", task: "resize_prep", flavor: "old"}, {status: "RESIZE", task: "resize_migrating", flavor: "old"},
			{status: "VERIFY_RESIZE", flavor: "new"}, {status: "ACTIVE", flavor: "new"},
		}, nil},
		"stopped server":    {[]look{{status: "SHUTOFF", flavor: "old"}, {status: "RESIZE", flavor: "old"}, {status: "SHUTOFF", flavor: "new"}}, nil},
		"words of 2022":     {[]look{{status: "RESIZED", flavor: "old"}, {status: "STOPPED", flavor: "new"}}, nil},
		"task still on":     {[]look{{status: "ACTIVE", task: "resize_finish", flavor: "new"}, {status: "ACTIVE", flavor: "new"}}, nil},
		"rolled back":       {[]look{{status: "RESIZE", flavor: "old"}, {status: "REVERT_RESIZE", flavor: "old"}, {status: "ACTIVE", flavor: "old"}}, nhncloud.ErrFailedState},
		"given up":          {[]look{{status: "ACTIVE", task: "resize_prep", flavor: "old"}, {status: "ACTIVE", flavor: "old"}}, nhncloud.ErrFailedState},
		"failed":            {[]look{{status: "RESIZE", flavor: "old"}, {status: "ERROR", flavor: "old"}}, nhncloud.ErrFailedState},
		"deleted meanwhile": {[]look{{status: "DELETED"}}, nhncloud.ErrFailedState},
		"gone":              {[]look{{status: "RESIZE"}, {fails: 404}}, nhncloud.ErrNotFound},
		"passing failure":   {[]look{{status: "RESIZE"}, {fails: 502}, {status: "ACTIVE", flavor: "new"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitFor(t, test.looks, func(ctx context.Context, servers *compute.ServersService, options *nhncloud.WaitOptions) error {
					server, err := servers.WaitForResize(ctx, serverID, "new", options)
					if err == nil {
						assert.Equal(t, "new", server.Flavor.ID)
					}
					return err
				})
				assert.ErrorIs(t, err, test.err)
			})
		})
	}
}

func TestWaitForDeletion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		looks []look
		err   error
	}{
		"gone at once":      {[]look{{gone: true}}, nil},
		"deleted":           {[]look{{status: "ACTIVE", task: "deleting"}, {status: "ACTIVE", task: "deleting"}, {gone: true}}, nil},
		"seen as deleted":   {[]look{{status: "ACTIVE"}, {status: "DELETED"}, {status: "DELETED"}, {gone: true}}, nil},
		"broken before":     {[]look{{status: "ERROR"}, {status: "ERROR", task: "deleting"}, {gone: true}}, nil},
		"failed":            {[]look{{status: "ACTIVE", task: "deleting"}, {status: "ERROR"}}, nhncloud.ErrFailedState},
		"passing failures":  {[]look{{fails: 503}, {fails: 503}, {gone: true}}, nil},
		"too many failures": {[]look{{fails: 503}, {fails: 503}, {fails: 503}, {fails: 503}, {fails: 503}, {fails: 503}}, nhncloud.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitFor(t, test.looks, func(ctx context.Context, servers *compute.ServersService, options *nhncloud.WaitOptions) error {
					return servers.WaitForDeletion(ctx, serverID, options)
				})
				assert.ErrorIs(t, err, test.err)
			})
		})
	}
}

// TestWaitEndsWithContext: the deadline ends a wait, and the error tells what
// was seen last.
func TestWaitEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := apitest.New(t)
		for range 3 {
			m.Expect(wantServer, apitest.Reply{Body: `{"server": {"id": "s", "status": "BUILD"}}`})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		looks := 0
		start := time.Now()
		_, err := compute.New(m.Client).Servers.WaitForStatus(ctx, serverID, compute.StatusActive, &nhncloud.WaitOptions{
			Interval: 10 * time.Second, MaxInterval: 10 * time.Second, Progress: func(nhncloud.WaitProgress) {
				if looks++; looks == 3 {
					cancel()
				}
			},
		})
		assert.ErrorIs(t, err, context.Canceled)
		assert.ErrorContains(t, err, "compute-v2-get-server: server "+serverID+` is still in status "BUILD"`)
		assert.Equal(t, 3, looks)
		assert.GreaterOrEqual(t, time.Since(start), 10*time.Second)
	})
}

// TestServerFault: a server tells why it failed, and the waiters quote it.
func TestServerFault(t *testing.T) {
	t.Parallel()
	m := apitest.New(t)
	for range 3 {
		m.Expect(wantServer, apitest.Reply{Body: `{"server": {"id": "` + serverID + `", "status": "ERROR", "flavor": {"id": "old"}, "fault": {
			"code": 500, "created": "2020-02-25T01:15:46Z", "message": "No valid host was found.", "details": "at line 7"}}}`})
	}
	servers := compute.New(m.Client).Servers
	server, err := servers.Get(t.Context(), serverID)
	require.NoError(t, err)
	assert.Equal(t, compute.ServerFault{
		Code: 500, Created: time.Date(2020, 2, 25, 1, 15, 46, 0, time.UTC), Message: "No valid host was found.", Details: "at line 7",
	}, server.Fault)

	_, err = servers.WaitForStatus(t.Context(), serverID, compute.StatusActive, nil)
	require.ErrorIs(t, err, nhncloud.ErrFailedState)
	assert.EqualError(t, err, "nhncloud: compute-v2-get-server: server "+serverID+` does not become ACTIVE (status "ERROR"): No valid host was found.`)
	_, err = servers.WaitForResize(t.Context(), serverID, "new", nil)
	require.ErrorIs(t, err, nhncloud.ErrFailedState)
	assert.EqualError(t, err, "nhncloud: compute-v2-get-server: server "+serverID+` was not resized (status "ERROR"): No valid host was found.`)
}
