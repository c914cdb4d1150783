package nhncloud_test

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// One that failed, one that is missing and one that listings leave out: each ends
// as with the waiter of one, in the order of the ids.
func TestGroupWaiterUntil(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFarm()
		f.add("new", moment{0, "NEW"}, moment{3 * time.Second, "READY"})
		f.add("task", moment{0, "READY+"}, moment{5 * time.Second, "READY"})
		f.add("broken", moment{0, "NEW"}, moment{2 * time.Second, "ERROR: no space"})
		f.add("hidden", moment{0, "?NEW"}, moment{4 * time.Second, "?READY"})
		f.add("busy", moment{0, "busy"}, moment{2 * time.Second, "READY"})
		ids := []string{"task", "new", "missing", "broken", "hidden", "new", "busy"}
		results, err := f.waiter().Until(t.Context(), nil, ids, "READY")
		require.Len(t, results, len(ids))
		want := map[string]string{"missing": "nhncloud: 404 Not Found: gone", "broken": `nhncloud: get-disk: disk broken does not become READY (status "ERROR"): no space`}
		for i, result := range results {
			assert.Equal(t, ids[i], result.ID)
			if text := want[ids[i]]; text != "" {
				require.EqualError(t, result.Err, text)
				continue
			}
			require.NoError(t, result.Err, ids[i])
			assert.Equal(t, disk{ids[i], result.Value.state}, result.Value)
			assert.Equal(t, diskStatus("READY"), result.Value.state.status())
		}
		require.ErrorIs(t, err, nhncloud.ErrNotFound)
		require.ErrorIs(t, err, nhncloud.ErrFailedState)
		assert.Equal(t, want["missing"]+"\n"+want["broken"], err.Error(), "each once, in the order of the ids")
		assert.Equal(t, state("ERROR: no space"), results[3].Value.state, "what was seen last")
		assert.Equal(t, 1, f.looks["missing"])
		assert.Zero(t, f.looks["new"], "the listing has it")
		assert.Positive(t, f.looks["hidden"], "the listing has it not")
	})
}

func TestGroupWaiterUntilGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFarm()
		f.add("gone")
		f.add("going", moment{0, "READY"}, moment{time.Second, "DELETING"}, moment{4 * time.Second, ""})
		f.add("shown", moment{0, "DELETED"})
		f.add("stuck", moment{0, "DELETING"}, moment{2 * time.Second, "ERROR: in use"})
		results, err := f.waiter().UntilGone(t.Context(), nil, []string{"gone", "going", "shown", "stuck"})
		require.ErrorIs(t, err, nhncloud.ErrFailedState)
		require.EqualError(t, err, `nhncloud: get-disk: disk stuck was not deleted (status "ERROR"): in use`)
		for i, result := range results {
			assert.Equal(t, i == 3, result.Err != nil, result.ID)
		}
		assert.Equal(t, state("DELETING"), results[1].Value.state, "what was seen last")
		assert.Equal(t, 1, f.looks["going"], "that it is gone")
	})
}

// None is no wait, and what can't be an id is refused, with nothing sent.
func TestGroupWaiterIDs(t *testing.T) {
	t.Parallel()
	f := newFarm()
	results, err := f.waiter().Until(t.Context(), nil, nil, "READY")
	require.NoError(t, err)
	assert.Equal(t, []nhncloud.WaitResult[disk]{}, results)
	results, err = f.waiter().UntilGone(t.Context(), nil, []string{"a", "", "b", "a/b"})
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	assert.Equal(t, "ids[1], ids[3]", asError(t, err).Field)
	assert.Equal(t, "get-disk", asError(t, err).Operation)
	assert.Nil(t, results)
	assert.Zero(t, f.lists+f.singleLooks())
}

// The last one is looked at by itself, and a listing goes no further than it has
// to.
func TestGroupWaiterSparesListings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFarm()
		for i := range 50 {
			f.add(fmt.Sprint(i), moment{0, "READY"})
		}
		_, err := f.waiter().Until(t.Context(), nil, []string{"3", "3"}, "READY")
		require.NoError(t, err)
		assert.Zero(t, f.lists)
		assert.Equal(t, 1, f.singleLooks())
		_, err = f.waiter().Until(t.Context(), nil, []string{"9", "3"}, "READY")
		require.NoError(t, err)
		assert.Equal(t, 1, f.lists)
		assert.Equal(t, 10, f.listed)
	})
}

// Where listings tell less, each one is looked at when it reached its end, and
// that look counts.
func TestGroupWaiterBrief(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFarm()
		f.add("a", moment{0, "NEW"}, moment{3 * time.Second, "READY"})
		f.add("b", moment{0, "NEW"}, moment{3 * time.Second, "ERROR: why"})
		w := f.waiter()
		w.Brief = true
		w.List = func(ctx context.Context) iter.Seq2[disk, error] {
			return func(yield func(disk, error) bool) {
				for d := range f.list(ctx) {
					if !yield(disk{d.id, state(d.state.status())}, nil) {
						return
					}
				}
			}
		}
		w.Keys = func(d disk) []string { return []string{d.id, "name of " + d.id} }
		results, err := w.Until(t.Context(), nil, []string{"a", "b"}, "READY")
		assert.ErrorContains(t, err, ": why")
		assert.Equal(t, disk{"a", "READY"}, results[0].Value)
		assert.Equal(t, map[string]int{"a": 1, "b": 1}, f.looks)
	})
}

func TestGroupWaiterListingFails(t *testing.T) {
	t.Parallel()
	slow := &nhncloud.Error{StatusCode: 503, RetryAfter: 40 * time.Second}
	for name, test := range map[string]struct {
		errs []error
		max  int
		kind error
		n    int // listings
	}{
		"passing":        {[]error{passingError, passingError, passingError, passingError, passingError}, 0, nil, 0},
		"too often":      {[]error{passingError, passingError, passingError, passingError, passingError, passingError}, 0, nhncloud.ErrUnavailable, 6},
		"none tolerated": {[]error{passingError}, -1, nhncloud.ErrUnavailable, 1},
		"in between":     {[]error{passingError, passingError, nil, passingError, passingError}, 2, nil, 0},
		"refused":        {[]error{nil, lastingError}, 0, nhncloud.ErrForbidden, 2},
		"asks to wait":   {[]error{slow}, 0, nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFarm()
				// Those that came before the failure count.
				f.add("quick", moment{0, "READY"})
				f.add("z1", moment{0, "NEW"}, moment{30 * time.Second, "READY"})
				f.add("z2", moment{0, "NEW"}, moment{30 * time.Second, "READY"})
				f.listErrors = test.errs
				results, err := f.waiter().Until(t.Context(), &nhncloud.WaitOptions{MaxErrors: test.max}, []string{"z1", "missing", "quick", "z2"}, "READY")
				require.NoError(t, results[2].Err)
				if test.kind != nil {
					require.ErrorIs(t, err, test.kind)
					require.ErrorIs(t, results[0].Err, test.kind)
					require.ErrorIs(t, results[3].Err, test.kind)
					assert.Equal(t, test.n, f.lists)
					return
				}
				require.ErrorIs(t, err, nhncloud.ErrNotFound)
				require.NoError(t, results[0].Err)
				require.NoError(t, results[3].Err)
				if test.n > 0 {
					assert.Equal(t, test.n, f.lists, "it was waited as long as it was asked")
				}
			})
		})
	}
}

// Where there is nothing to list any more, each is looked at.
func TestGroupWaiterListingGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFarm()
		w := f.waiter()
		w.List = func(context.Context) iter.Seq2[disk, error] {
			return func(yield func(disk, error) bool) { yield(disk{}, notFound) }
		}
		_, err := w.UntilGone(t.Context(), nil, []string{"a", "b"})
		require.NoError(t, err)
		assert.Equal(t, map[string]int{"a": 1, "b": 1}, f.looks)
		results, err := w.Until(t.Context(), nil, []string{"a", "b"}, "READY")
		require.ErrorIs(t, err, nhncloud.ErrNotFound)
		assert.Error(t, results[1].Err)
	})
}

// A single look that fails concerns nobody else.
func TestGroupWaiterLookFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err   error
		looks int
	}{"for good": {lastingError, 1}, "again and again": {passingError, 6}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFarm()
				f.add("a", moment{0, "NEW"}, moment{60 * time.Second, "READY"})
				f.add("b", moment{0, "NEW"}, moment{60 * time.Second, "READY"})
				f.add("hidden", moment{0, "?NEW"})
				f.lookError = test.err
				results, err := f.waiter().Until(t.Context(), nil, []string{"hidden", "a", "b"}, "READY")
				require.ErrorIs(t, err, test.err)
				require.ErrorIs(t, results[0].Err, test.err)
				require.NoError(t, results[1].Err)
				require.NoError(t, results[2].Err)
				assert.Equal(t, test.looks, f.looks["hidden"])
			})
		})
	}
	t.Run("panics", func(t *testing.T) {
		t.Parallel()
		f := newFarm()
		w := f.waiter()
		w.Waiter = func(id string) nhncloud.Waiter[disk, diskStatus] {
			one := f.one(id)
			one.Look = func(context.Context, string) (disk, error) { panic("bug") }
			return one
		}
		assert.PanicsWithValue(t, "bug", func() { _, _ = w.Until(t.Context(), nil, []string{"a", "b"}, "READY") })
	})
}

func TestGroupWaiterEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFarm()
		f.add("a", moment{0, "READY"})
		f.add("b", moment{0, "NEW"})
		f.add("c", moment{0, "busy"})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		results, err := f.waiter().Until(ctx, &nhncloud.WaitOptions{MaxErrors: 100}, []string{"a", "b", "c"}, "READY")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, results[0].Err)
		require.EqualError(t, results[1].Err, `nhncloud: get-disk: disk b is still in status "NEW" after 20s: context deadline exceeded`)
		require.EqualError(t, results[2].Err, "nhncloud: get-disk: nothing was seen of disk c: context deadline exceeded; the last look failed: nhncloud: 503 Service Unavailable: busy")
	})
}

func TestGroupWaiterProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFarm()
		f.add("a", moment{0, "NEW"}, moment{100 * time.Millisecond, "READY"})
		f.add("b", moment{0, "NEW"}, moment{100 * time.Millisecond, "ERROR"})
		f.add("c", moment{0, "OLD"}, moment{100 * time.Millisecond, "READY"})
		f.listErrors = []error{nil, passingError}
		var told []nhncloud.WaitProgress
		start := time.Now()
		_, err := f.waiter().Until(t.Context(), &nhncloud.WaitOptions{
			Interval: time.Second, Progress: func(p nhncloud.WaitProgress) { told = append(told, p) },
		}, []string{"a", "b", "c", "d", "a"}, "READY")
		require.ErrorIs(t, err, nhncloud.ErrFailedState)
		require.Len(t, told, 3)
		assert.Equal(t, nhncloud.WaitProgress{Look: 1, Resource: "4 disks", Status: "NEW 2, OLD 1", Total: 4, Failed: 1}, told[0])
		assert.Equal(t, nhncloud.WaitProgress{
			Look: 2, Elapsed: told[1].Elapsed, Resource: "4 disks", Status: "NEW 1, OLD 1, READY 1", Err: passingError, Total: 4, Done: 1, Failed: 1,
		}, told[1], "the listing failed behind the first one")
		assert.Equal(t, nhncloud.WaitProgress{Look: 3, Elapsed: time.Since(start), Resource: "4 disks", Status: "ERROR 1, READY 2", Total: 4, Done: 2, Failed: 2}, told[2])
	})
}

// A hundred that are ready after 3 s: a twentieth of the looks of as many
// waiters, and not later than those are done.
func TestGroupWaiterAsksLittle(t *testing.T) {
	t.Parallel()
	const many, rounds = 100, 20
	var looks, lists int
	var alone, together time.Duration
	for range rounds {
		synctest.Test(t, func(t *testing.T) {
			f := newFarm()
			var ids []string
			for i := range many {
				ids = append(ids, f.add(fmt.Sprintf("d%d", i), moment{0, "NEW"}, moment{3 * time.Second, "READY"}))
			}
			var all sync.WaitGroup
			for _, id := range ids {
				all.Go(func() {
					_, err := f.one(id).Until(t.Context(), nil, "READY")
					assert.NoError(t, err)
				})
			}
			all.Wait()
			alone += time.Since(f.start)
			looks += f.singleLooks()
			clear(f.looks)
			f.start = time.Now()
			var at []time.Duration
			results, err := f.waiter().Until(t.Context(), &nhncloud.WaitOptions{Progress: func(p nhncloud.WaitProgress) { at = append(at, p.Elapsed) }}, ids, "READY")
			require.NoError(t, err)
			require.Len(t, results, many)
			took := time.Since(f.start)
			assert.Less(t, took, 3*time.Second+3375*time.Millisecond, "the longest that a waiter of one can take")
			assert.Less(t, at[len(at)-2], 3*time.Second, "at the first look that could see it")
			together += took
			lists += f.lists
			assert.Zero(t, f.singleLooks())
		})
	}
	assert.LessOrEqual(t, 20*lists, looks, "listings, and looks at single ones")
	assert.LessOrEqual(t, together, alone, "altogether")
	t.Logf("%d looks in %v, %d listings in %v", looks/rounds, alone/rounds, lists/rounds, together/rounds)
}
