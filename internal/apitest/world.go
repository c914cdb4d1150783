package apitest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// Transition is how long a change takes in a [World].
const Transition = time.Minute

// World is an in-memory cloud whose clock stands still between the looks of
// its waiters, with a client of it and a key pair "deploy".
type World struct {
	*nhncloudtest.Server
	T    *testing.T
	Core *nhncloud.Client
	Seen []string // statuses that the last waiter saw
	Errs []error  // failures that it saw
}

// NewWorld starts such a cloud.
func NewWorld(t *testing.T, options ...nhncloudtest.Option) *World {
	t.Helper()
	options = append([]nhncloudtest.Option{nhncloudtest.WithManualClock(time.Time{}), nhncloudtest.WithTransition(Transition)}, options...)
	cloud, client := NewCloud(t, options...)
	_, err := keypair.New(client).KeyPairs.Create(t.Context(), "deploy")
	require.NoError(t, err)
	return &World{Server: cloud, T: t, Core: client}
}

// Waiting lets half a transition pass after each look.
func (w *World) Waiting() *nhncloud.WaitOptions {
	w.Seen, w.Errs = nil, nil
	return &nhncloud.WaitOptions{Interval: time.Millisecond, MaxInterval: time.Millisecond, Progress: func(p nhncloud.WaitProgress) {
		if p.Err != nil {
			w.Errs = append(w.Errs, p.Err)
		} else {
			w.Seen = append(w.Seen, p.Status)
		}
		w.Advance(Transition / 2)
	}}
}
