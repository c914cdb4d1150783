package nhncloud_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// state is a status as the looks of these tests spell it: "ACTIVE", "ACTIVE+"
// while something is being done, "ERROR: why" with a reason.
type state string

type diskStatus string

func (s state) status() diskStatus {
	status, _, _ := strings.Cut(string(s), ":")
	return diskStatus(strings.TrimSuffix(status, "+"))
}

func (s state) reason() string {
	_, reason, _ := strings.Cut(string(s), ":")
	return reason
}

// waiterFor waits for a disk that is seen in one state after the other; the
// last one stays. "" is a disk that is not found.
func waiterFor(states ...state) (nhncloud.Waiter[state, diskStatus], *int) {
	looks := new(int)
	return nhncloud.Waiter[state, diskStatus]{
		Operation: "get-disk", Resource: "disk", ID: "d1",
		Look: func(_ context.Context, id string) (state, error) {
			if id != "d1" {
				return "", lastingError
			}
			seen := states[min(*looks, len(states)-1)]
			*looks++
			switch seen {
			case "":
				return "", notFound
			case "busy":
				return "", passingError
			}
			return seen, nil
		},
		Status:         state.status,
		Canonical:      func(s diskStatus) diskStatus { return diskStatus(strings.ToUpper(string(s))) },
		Busy:           func(s state) bool { return strings.HasSuffix(string(s), "+") },
		Reason:         state.reason,
		Failed:         []diskStatus{"ERROR"},
		Deleting:       []diskStatus{"DELETING"},
		Deleted:        []diskStatus{"DELETED"},
		DeletionFailed: []diskStatus{"ERROR_DELETING"},
	}, looks
}

func TestWaiterUntil(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		wanted []diskStatus
		states []state
		err    string // "" where the last state is reached
	}{
		"at once":           {[]diskStatus{"READY"}, []state{"READY"}, ""},
		"after a while":     {[]diskStatus{"READY"}, []state{"NEW", "busy", "NEW+", "READY"}, ""},
		"busy":              {[]diskStatus{"READY"}, []state{"READY+", "READY"}, ""},
		"one of several":    {[]diskStatus{"READY", "IN_USE"}, []state{"NEW", "IN_USE"}, ""},
		"other word":        {[]diskStatus{"ready"}, []state{"Ready"}, ""},
		"failure is wanted": {[]diskStatus{"ERROR"}, []state{"NEW", "ERROR: no space"}, ""},
		"failed":            {[]diskStatus{"READY"}, []state{"NEW", "ERROR"}, `nhncloud: get-disk: disk d1 does not become READY (status "ERROR")`},
		"other failure":     {[]diskStatus{"READY"}, []state{"error"}, `nhncloud: get-disk: disk d1 does not become READY (status "error")`},
		"with a reason": {[]diskStatus{"READY", "IN_USE"}, []state{`ERROR: no space <br> on "host"` + "\n"},
			`nhncloud: get-disk: disk d1 does not become READY or IN_USE (status "ERROR"): no space on "host"`},
		"reason with a secret": {[]diskStatus{"READY"}, []state{`ERROR:{"password": "hunter2"}`},
			`nhncloud: get-disk: disk d1 does not become READY (status "ERROR"): {"password": "[REDACTED]"}`},
		"long reason": {[]diskStatus{"READY"}, []state{state("ERROR:" + strings.Repeat("x", 10000))},
			`nhncloud: get-disk: disk d1 does not become READY (status "ERROR"): ` + strings.Repeat("x", 500) + "…"},
		"deleting":        {[]diskStatus{"READY"}, []state{"DELETING"}, `nhncloud: get-disk: disk d1 does not become READY (status "DELETING")`},
		"deleted":         {[]diskStatus{"READY"}, []state{"DELETED"}, `nhncloud: get-disk: disk d1 does not become READY (status "DELETED")`},
		"deletion failed": {[]diskStatus{"READY"}, []state{"ERROR_DELETING"}, `nhncloud: get-disk: disk d1 does not become READY (status "ERROR_DELETING")`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, looks := waiterFor(test.states...)
				var seen []string
				got, err := w.Until(t.Context(), &nhncloud.WaitOptions{Progress: func(p nhncloud.WaitProgress) {
					seen = append(seen, p.Status)
					assert.Equal(t, "disk d1", p.Resource)
				}}, test.wanted...)
				assert.Equal(t, len(test.states), *looks)
				assert.Equal(t, test.states[len(test.states)-1], got)
				assert.Equal(t, string(got.status()), seen[len(seen)-1])
				if test.err == "" {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, nhncloud.ErrFailedState)
				assert.EqualError(t, err, test.err)
				assert.Equal(t, "get-disk", asError(t, err).Operation)
			})
		})
	}
	t.Run("gone", func(t *testing.T) {
		t.Parallel()
		w, _ := waiterFor("")
		_, err := w.Until(t.Context(), nil, "READY")
		assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	})
}

func TestWaiterUntilGone(t *testing.T) {
	t.Parallel()
	const failed = "nhncloud: get-disk: disk d1 was not deleted (status "
	for name, test := range map[string]struct {
		states []state
		err    string
	}{
		"at once":               {[]state{""}, ""},
		"deleting":              {[]state{"READY", "DELETING", "busy", "DELETING", ""}, ""},
		"busy":                  {[]state{"READY+", "READY+", ""}, ""},
		"seen for a moment":     {[]state{"DELETING", "DELETED", "DELETED", ""}, ""},
		"broken before":         {[]state{"ERROR", "ERROR+", ""}, ""},
		"broken, then deleting": {[]state{"ERROR", "DELETING", ""}, ""},
		"not begun yet":         {[]state{"READY", "READY", "DELETING", ""}, ""},
		"other task before":     {[]state{"READY+", "READY", "READY+", ""}, ""},
		"failed":                {[]state{"DELETING", "ERROR: no"}, failed + `"ERROR"): no`},
		"failed in a task":      {[]state{"READY+", "ERROR"}, failed + `"ERROR")`},
		"given up":              {[]state{"DELETING", "READY"}, failed + `"READY")`},
		"failed long ago":       {[]state{"ERROR_DELETING"}, failed + `"ERROR_DELETING")`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, looks := waiterFor(test.states...)
				err := w.UntilGone(t.Context(), nil)
				assert.Equal(t, len(test.states), *looks)
				if test.err == "" {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, nhncloud.ErrFailedState)
				assert.EqualError(t, err, test.err)
			})
		})
	}
}

// A resource that stays visible as deleted is gone, but not at the first look,
// and not when it comes back.
func TestWaiterUntilGoneBelievesDeletedAfterAWhile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		states []state
		least  time.Duration
	}{
		"lasts":      {[]state{"DELETED"}, 5 * time.Second},
		"interrupts": {[]state{"DELETED", "DELETED", "READY", "DELETED"}, 5*time.Second + 1500*time.Millisecond},
	} {
		for range 20 {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				w, looks := waiterFor(test.states...)
				require.NoError(t, w.UntilGone(t.Context(), nil))
				assert.GreaterOrEqual(t, time.Since(start), test.least, name)
				assert.Less(t, time.Since(start), 30*time.Second, name)
				assert.Greater(t, *looks, 2, name)
			})
		}
	}
}

func TestWaiterEndsWithTheContext(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		state state
		err   string
	}{
		"seen": {"NEW", `nhncloud: get-disk: disk d1 is still in status "NEW" after 20s: context deadline exceeded`},
		"not seen": {"busy", "nhncloud: get-disk: nothing was seen of disk d1: context deadline exceeded; " +
			"the last look failed: nhncloud: 503 Service Unavailable: busy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				w, _ := waiterFor(test.state)
				options := &nhncloud.WaitOptions{MaxErrors: 1000}
				_, err := w.Until(ctx, options, "READY")
				require.ErrorIs(t, err, context.DeadlineExceeded)
				assert.EqualError(t, err, test.err)
				require.ErrorIs(t, w.UntilGone(ctx, options), context.DeadlineExceeded)
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := nhncloud.Wait(ctx, nil, func(ctx context.Context) (string, error) { return "", ctx.Err() }, untilActive)
		assert.EqualError(t, err, "nhncloud: nothing was seen: context canceled; the last look failed: context canceled")
	})
}

// What a judge of its own leaves out is filled in; what it says stands.
func TestWaiterWait(t *testing.T) {
	t.Parallel()
	w, _ := waiterFor("NEW: made by hand")
	_, err := w.Wait(t.Context(), nil, func(state) nhncloud.WaitStatus { return nhncloud.WaitStatus{Failed: "it is too small"} })
	require.ErrorIs(t, err, nhncloud.ErrFailedState)
	assert.EqualError(t, err, `nhncloud: get-disk: it is too small (status "NEW"): made by hand`)
	_, err = w.Wait(t.Context(), nil, func(state) nhncloud.WaitStatus {
		return nhncloud.WaitStatus{Status: "1 GB", Failed: "it is too small", Reason: "no money"}
	})
	assert.EqualError(t, err, `nhncloud: get-disk: it is too small (status "1 GB"): no money`)

	// All but the look and the status can be left out.
	bare := nhncloud.Waiter[state, diskStatus]{Resource: "disk", ID: "d1", Look: w.Look, Status: state.status, Failed: []diskStatus{"NEW"}}
	_, err = bare.Until(t.Context(), nil, "READY")
	assert.EqualError(t, err, `nhncloud: disk d1 does not become READY (status "NEW")`)
}
