package computev1_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func TestWaitForFailingInstance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.create(w.u2("web"))
	require.NoError(t, w.SetServerStatus(id, "ERROR"))
	instance, err := w.Instances.WaitForStatus(t.Context(), id, computev1.StatusActive, w.Waiting())
	assert.ErrorIs(t, err, nhncloud.ErrFailedState)
	assert.ErrorContains(t, err, id)
	require.NotNil(t, instance, "what was seen last comes along")
	assert.Equal(t, computev1.StatusError, instance.Status)
}

func TestWaitThroughTrouble(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.create(w.u2("web"))
	fault := w.Inject(nhncloudtest.Fault{Operation: "compute-v1-list-instances-detail", After: 1, Times: 2, Status: http.StatusServiceUnavailable})
	_, err := w.Instances.WaitForStatus(t.Context(), id, computev1.StatusActive, w.Waiting())
	require.NoError(t, err)
	assert.Equal(t, 2, fault.Fired())
	assert.Equal(t, []string{"BUILD", "ACTIVE"}, w.Seen)
	require.Len(t, w.Errs, 2)
	for _, err := range w.Errs {
		assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, 10503, e.ResultCode)
	}
}

// TestLostAnswer: a delete whose answer got lost is sent again, and an action
// or a create is not.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	client, err := w.Core.With(nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}))
	require.NoError(t, err)
	instances := computev1.New(client).Instances
	id := w.running("web")
	w.ResetRequests()
	lose := func(operation string) {
		w.Inject(nhncloudtest.Fault{Operation: operation, Times: 1, ResetAfter: true})
	}

	const reboot, create, remove = "compute-v1-instance-action-reboot", "compute-v1-create-instance", "compute-v1-delete-instance"
	lose(reboot)
	assert.ErrorIs(t, instances.Reboot(ctx, id, computev1.RebootHard), nhncloud.ErrUnavailable)
	assert.Equal(t, 1, w.Count(reboot))
	w.until(id, computev1.StatusActive, "REBOOTING", "REBOOTING", "ACTIVE")
	lose(create)
	_, err = instances.Create(ctx, w.u2("lost"))
	assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
	assert.Equal(t, 1, w.Count(create))
	lose(remove)
	require.NoError(t, instances.Delete(ctx, id))
	assert.Equal(t, 2, w.Count(remove))
}

// TestTokenEnds: a token that the service does not know any more is replaced,
// for an action too.
func TestTokenEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.running("web")
	logins := w.Logins()
	w.RevokeTokens()
	require.NoError(t, w.Instances.Stop(t.Context(), id))
	assert.Equal(t, logins+1, w.Logins())
	assert.Equal(t, 2, w.Count("compute-v1-instance-action-stop"))
}

func TestQuota(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nhncloudtest.WithQuota(nhncloudtest.Quota{Servers: 1}))
	client, err := w.Core.With(nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}))
	require.NoError(t, err)
	instances := computev1.New(client).Instances
	_, err = instances.Create(t.Context(), w.u2("first"))
	require.NoError(t, err)
	_, err = instances.Create(t.Context(), w.u2("second"))
	assert.ErrorIs(t, err, nhncloud.ErrQuotaExceeded)
	assert.NotErrorIs(t, err, nhncloud.ErrForbidden, "it is no question of rights")
	assert.Equal(t, 2, w.Count("compute-v1-create-instance"))
}
