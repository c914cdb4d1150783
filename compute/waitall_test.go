package compute_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

const (
	opGetServer   = "compute-v2-get-server"
	opListServers = "compute-v2-list-servers-detail"
)

// A hundred servers that are built in 3 s take a twentieth of the requests of as
// many waiters, and not more time.
func TestServersWaitForStatusAll(t *testing.T) {
	t.Parallel()
	const many = 100
	w := newWorld(t, nhncloudtest.WithTransition(3*time.Second))
	create := func(n int) (ids []string) {
		for i := range n {
			ids = append(ids, w.create(w.u2(fmt.Sprintf("s%d", i))))
		}
		return ids
	}
	second := func(told *[]nhncloud.WaitProgress) *nhncloud.WaitOptions {
		return &nhncloud.WaitOptions{Interval: time.Millisecond, MaxInterval: time.Millisecond, Progress: func(p nhncloud.WaitProgress) {
			p.Elapsed = 0
			*told = append(*told, p)
			w.Advance(time.Second)
		}}
	}

	ids := create(1)
	before := w.Now()
	var alone, together []nhncloud.WaitProgress
	_, err := w.Servers.WaitForStatus(t.Context(), ids[0], compute.StatusActive, second(&alone))
	require.NoError(t, err)
	took := w.Now().Sub(before)
	looks := w.Count(opGetServer)
	assert.Len(t, alone, looks)
	assert.Equal(t, 4, looks)

	ids = create(many)
	w.ResetRequests()
	before = w.Now()
	results, err := w.Servers.WaitForStatusAll(t.Context(), ids, compute.StatusActive, second(&together))
	require.NoError(t, err)
	require.Len(t, results, many)
	for i, result := range results {
		assert.Equal(t, ids[i], result.ID)
		assert.Equal(t, ids[i], result.Value.ID)
		assert.Equal(t, compute.StatusActive, result.Value.Status)
	}
	assert.LessOrEqual(t, w.Now().Sub(before), took)
	assert.LessOrEqual(t, 20*len(w.Requests()), many*looks, "%d requests instead of %d", len(w.Requests()), many*looks)
	assert.Equal(t, 4, w.Count(opListServers))
	assert.Zero(t, w.Count(opGetServer))
	assert.Equal(t, nhncloud.WaitProgress{Look: 1, Resource: "100 servers", Status: "BUILD 100", Total: many}, together[0])
	assert.Equal(t, nhncloud.WaitProgress{Look: 4, Resource: "100 servers", Status: "ACTIVE 100", Total: many, Done: many}, together[3])
}

// One that fails and one that is not there leave the others to become what they
// can, on several pages too.
func TestServersWaitForStatusAllFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nhncloudtest.WithPageLimits(2, 2))
	var ids []string
	for i := range 5 {
		ids = append(ids, w.create(w.u2(fmt.Sprintf("s%d", i))))
	}
	require.NoError(t, w.SetServerStatus(ids[2], "ERROR"))
	ids = append(ids, "none")
	results, err := w.Servers.WaitForStatusAll(t.Context(), ids, compute.StatusActive, w.Waiting())
	require.ErrorIs(t, err, nhncloud.ErrFailedState)
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	for i, result := range results {
		switch i {
		case 2:
			require.ErrorIs(t, result.Err, nhncloud.ErrFailedState)
			assert.Equal(t, compute.StatusError, result.Value.Status)
		case 5:
			require.ErrorIs(t, result.Err, nhncloud.ErrNotFound)
			assert.Nil(t, result.Value)
		default:
			require.NoError(t, result.Err)
			assert.Equal(t, compute.StatusActive, result.Value.Status)
		}
	}
	_, err = w.Servers.WaitForStatusAll(t.Context(), []string{"a", ""}, compute.StatusActive, nil)
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
}

func TestServersWaitForDeletionAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.AddServers(5)
	for _, id := range ids[:3] {
		require.NoError(t, w.Servers.Delete(t.Context(), id))
	}
	results, err := w.Servers.WaitForDeletionAll(t.Context(), append(ids[:3:3], "gone"), w.Waiting())
	require.NoError(t, err)
	require.Len(t, results, 4)
	left, err := nhncloud.Collect(w.Servers.All(t.Context(), nil))
	require.NoError(t, err)
	assert.Len(t, left, 2)
}
