package compute_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func TestWaitForFailingServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.create(w.u2("web"))
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	server, err := w.Servers.WaitForStatus(t.Context(), id, compute.StatusActive, w.Waiting())
	assert.ErrorIs(t, err, nhncloud.ErrFailedState)
	assert.ErrorContains(t, err, id)
	require.NotNil(t, server, "what was seen last comes along")
	assert.Equal(t, compute.StatusError, server.Status)

	w.until(id, compute.StatusError, "ERROR")
	require.NoError(t, w.Servers.Stop(t.Context(), id))
	_, err = w.Servers.WaitForResize(t.Context(), id, w.FlavorID("u2.c4m8"), w.Waiting())
	assert.ErrorIs(t, err, nhncloud.ErrFailedState)
}

func TestWaitThroughTrouble(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.create(w.u2("web"))
	fault := w.Inject(nhncloudtest.Fault{Operation: "compute-v2-get-server", After: 1, Times: 2, Status: http.StatusServiceUnavailable})
	_, err := w.Servers.WaitForStatus(t.Context(), id, compute.StatusActive, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, 2, fault.Fired())
	assert.Equal(t, []string{"BUILD", "ACTIVE"}, w.Seen)
	require.Len(t, w.Errs, 2)
	for _, err := range w.Errs {
		assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
	}

	w.Inject(nhncloudtest.Fault{Operation: "compute-v2-get-server", Status: http.StatusServiceUnavailable})
	options := w.Waiting()
	options.MaxErrors = -1
	_, err = w.Servers.WaitForStatus(t.Context(), id, compute.StatusShutoff, options)
	assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
	assert.Len(t, w.Errs, 1, "no failure is tolerated")
}

func TestWaitUntilDeadline(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.create(w.u2("web"))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := w.Servers.WaitForStatus(ctx, id, compute.StatusActive, &nhncloud.WaitOptions{Interval: time.Millisecond})
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
}

func TestStateConflict(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.AddServers(1)[0]
	err := w.Servers.Start(t.Context(), id)
	assert.ErrorIs(t, err, nhncloud.ErrConflict)
	assert.ErrorContains(t, err, "vm_state active")
}

func TestQuota(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nhncloudtest.WithQuota(nhncloudtest.Quota{Servers: 1}))
	client, err := w.Core.With(nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}))
	require.NoError(t, err)
	servers := compute.New(client).Servers
	_, err = servers.Create(t.Context(), w.u2("first"))
	require.NoError(t, err)
	_, err = servers.Create(t.Context(), w.u2("second"))
	assert.ErrorIs(t, err, nhncloud.ErrQuotaExceeded)
	assert.False(t, errors.Is(err, nhncloud.ErrForbidden), "it is no question of rights")
	assert.Equal(t, 2, w.Count("compute-v2-create-server"))
}
