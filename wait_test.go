package nhncloud_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// look is what one look of a waiter sees.
type look struct {
	status string
	err    error
}

var (
	passingError = &nhncloud.Error{StatusCode: 503, Message: "busy"}
	lastingError = &nhncloud.Error{StatusCode: 403, Message: "no"}
	notFound     = &nhncloud.Error{StatusCode: 404, Message: "gone"}
)

// looker sees one thing after the other; the last one stays.
type looker struct {
	looks []look
	n     int
	at    []time.Time
}

func (l *looker) look(context.Context) (string, error) {
	next := l.looks[min(l.n, len(l.looks)-1)]
	l.n++
	l.at = append(l.at, time.Now())
	return next.status, next.err
}

// untilActive waits for ACTIVE, and gives up at ERROR.
func untilActive(status string) nhncloud.WaitStatus {
	s := nhncloud.WaitStatus{Status: status, Done: status == "ACTIVE"}
	if status == "ERROR" {
		s.Failed = "the server failed"
	}
	return s
}

func TestWaitEnds(t *testing.T) {
	t.Parallel()
	build, active := look{"BUILD", nil}, look{"ACTIVE", nil}
	passing := look{"", passingError}
	for name, test := range map[string]struct {
		options *nhncloud.WaitOptions
		looks   []look
		want    string // what was seen last
		n       int    // looks
		kind    error  // nil for a success
		text    string
	}{
		"at once":              {nil, []look{active}, "ACTIVE", 1, nil, ""},
		"after a while":        {nil, []look{build, build, active}, "ACTIVE", 3, nil, ""},
		"failed":               {nil, []look{build, {"ERROR", nil}}, "ERROR", 2, nhncloud.ErrFailedState, `nhncloud: the server failed (status "ERROR")`},
		"refused":              {nil, []look{build, {"", lastingError}}, "", 2, nhncloud.ErrForbidden, "403 Forbidden: no"},
		"not found":            {nil, []look{{"", notFound}}, "", 1, nhncloud.ErrNotFound, "gone"},
		"any other error":      {nil, []look{{"", errors.New("bug")}}, "", 1, nil, "bug"},
		"passing errors":       {nil, []look{passing, build, passing, passing, passing, passing, passing, active}, "ACTIVE", 8, nil, ""},
		"reset by a success":   {nil, []look{passing, passing, passing, passing, passing, build, passing, passing, passing, passing, passing, active}, "ACTIVE", 12, nil, ""},
		"too many":             {nil, []look{build, passing}, "", 7, nhncloud.ErrUnavailable, "busy"},
		"two at most":          {&nhncloud.WaitOptions{MaxErrors: 2}, []look{passing, passing, build, passing}, "", 6, nhncloud.ErrUnavailable, "busy"},
		"none at all":          {&nhncloud.WaitOptions{MaxErrors: -1}, []look{passing}, "", 1, nhncloud.ErrUnavailable, "busy"},
		"rate limited":         {nil, []look{{"", &nhncloud.Error{StatusCode: 429}}, active}, "ACTIVE", 2, nil, ""},
		"server fault":         {nil, []look{{"", &nhncloud.Error{StatusCode: 500}}, active}, "ACTIVE", 2, nil, ""},
		"wrapped":              {nil, []look{{"", fmt.Errorf("wrapped: %w", passingError)}, active}, "ACTIVE", 2, nil, ""},
		"conflict":             {nil, []look{{"", &nhncloud.Error{StatusCode: 409}}, active}, "", 1, nhncloud.ErrConflict, "409"},
		"failed before done":   {nil, []look{{"BOTH", nil}}, "BOTH", 1, nhncloud.ErrFailedState, "failed"},
		"intervals out of use": {&nhncloud.WaitOptions{Interval: -1, MaxInterval: -1}, []look{build, active}, "ACTIVE", 2, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := &looker{looks: test.looks}
				got, err := nhncloud.Wait(t.Context(), test.options, l.look, func(status string) nhncloud.WaitStatus {
					if status == "BOTH" {
						return nhncloud.WaitStatus{Status: status, Done: true, Failed: "failed"}
					}
					return untilActive(status)
				})
				assert.Equal(t, test.want, got)
				assert.Equal(t, test.n, l.n)
				if test.text == "" {
					require.NoError(t, err)
					return
				}
				require.ErrorContains(t, err, test.text)
				if test.kind != nil {
					assert.ErrorIs(t, err, test.kind)
				}
			})
		})
	}
}

// The waits grow by half up to the cap, each somewhere between half and all of
// what it may be.
func TestWaitIntervals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options *nhncloud.WaitOptions
		most    []time.Duration
	}{
		"default": {nil, []time.Duration{1000, 1500, 2250, 3375, 5062, 7593, 10000, 10000}},
		"zero":    {new(nhncloud.WaitOptions), []time.Duration{1000, 1500, 2250, 3375, 5062, 7593, 10000, 10000}},
		"own": {
			&nhncloud.WaitOptions{Interval: 100 * time.Millisecond, MaxInterval: 300 * time.Millisecond}, []time.Duration{100, 150, 225, 300, 300},
		},
		"even":          {&nhncloud.WaitOptions{Interval: time.Second, MaxInterval: time.Second}, []time.Duration{1000, 1000, 1000}},
		"cap below":     {&nhncloud.WaitOptions{Interval: time.Minute, MaxInterval: time.Second}, []time.Duration{1000, 1000}},
		"long, no cap":  {&nhncloud.WaitOptions{Interval: time.Minute}, []time.Duration{60000, 60000}},
		"cap by itself": {&nhncloud.WaitOptions{MaxInterval: 2 * time.Second}, []time.Duration{1000, 1500, 2000, 2000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				varied := false
				for range 20 {
					l := &looker{looks: []look{{"BUILD", nil}}}
					for range len(test.most) - 1 {
						l.looks = append(l.looks, look{"BUILD", nil})
					}
					l.looks = append(l.looks, look{"ACTIVE", nil})
					_, err := nhncloud.Wait(t.Context(), test.options, l.look, untilActive)
					require.NoError(t, err)
					require.Len(t, l.at, len(test.most)+1)
					for i, most := range test.most {
						most *= time.Millisecond
						waited := l.at[i+1].Sub(l.at[i])
						assert.GreaterOrEqual(t, waited, most/2, "wait %d", i)
						assert.LessOrEqual(t, waited, most+time.Millisecond, "wait %d", i)
						varied = varied || waited != most
					}
				}
				assert.True(t, varied)
			})
		})
	}
}

func TestWaitProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &looker{looks: []look{{"BUILD", nil}, {"ignored", passingError}, {"BUILD", nil}, {"ACTIVE", nil}}}
		start := time.Now()
		var seen []nhncloud.WaitProgress
		_, err := nhncloud.Wait(t.Context(), &nhncloud.WaitOptions{Progress: func(p nhncloud.WaitProgress) { seen = append(seen, p) }}, l.look, untilActive)
		require.NoError(t, err)
		var want []nhncloud.WaitProgress
		for i, status := range []string{"BUILD", "", "BUILD", "ACTIVE"} {
			want = append(want, nhncloud.WaitProgress{Look: i + 1, Elapsed: l.at[i].Sub(start), Status: status, Err: l.looks[i].err})
		}
		assert.Equal(t, want, seen)
		assert.Zero(t, seen[0].Elapsed)
		assert.Positive(t, seen[1].Elapsed)
	})
	// Whatever ends the wait is reported too.
	synctest.Test(t, func(t *testing.T) {
		for _, last := range []look{{"ERROR", nil}, {"", lastingError}} {
			l := &looker{looks: []look{last}}
			var seen []nhncloud.WaitProgress
			_, err := nhncloud.Wait(t.Context(), &nhncloud.WaitOptions{Progress: func(p nhncloud.WaitProgress) { seen = append(seen, p) }}, l.look, untilActive)
			require.Error(t, err)
			assert.Equal(t, []nhncloud.WaitProgress{{Look: 1, Status: last.status, Err: last.err}}, seen)
		}
	})
}

// The context ends between two looks, or during one.
func TestWaitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	t.Run("between", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			start := time.Now()
			got, err := nhncloud.Wait(ctx, nil, (&looker{looks: []look{{"BUILD", nil}}}).look, untilActive)
			assert.Equal(t, 20*time.Second, time.Since(start), "no longer than asked")
			assert.Equal(t, "BUILD", got)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, `nhncloud: still in status "BUILD" after 20s: context deadline exceeded`, err.Error())
		})
	})
	t.Run("between, after a failure", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 1100*time.Millisecond)
			defer cancel()
			_, err := nhncloud.Wait(ctx, &nhncloud.WaitOptions{Interval: time.Second, MaxErrors: 100}, (&looker{looks: []look{{"BUILD", nil}, {"", passingError}}}).look, untilActive)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, `still in status "BUILD" after 1.1s`, asError(t, err).Message)
			assert.Equal(t, "the last look failed: nhncloud: 503 Service Unavailable: busy", asError(t, err).Note)
		})
	})
	t.Run("during", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			n := 0
			_, err := nhncloud.Wait(ctx, nil, func(ctx context.Context) (string, error) {
				if n++; n < 3 {
					return "BUILD", nil
				}
				time.AfterFunc(time.Second, cancel)
				<-ctx.Done()
				return "", &nhncloud.Error{Operation: "compute-v2-get-server", Err: ctx.Err()}
			}, untilActive)
			require.ErrorIs(t, err, context.Canceled)
			assert.Contains(t, asError(t, err).Message, `still in status "BUILD" after `)
			assert.Contains(t, asError(t, err).Note, "compute-v2-get-server")
			assert.Equal(t, 3, n)
		})
	})
	t.Run("during, with another error", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			_, err := nhncloud.Wait(ctx, nil, func(context.Context) (string, error) {
				cancel()
				return "", lastingError
			}, untilActive)
			assert.Equal(t, error(lastingError), err, "what the service said is not lost")
		})
	})
	t.Run("before", func(t *testing.T) {
		t.Parallel()
		client, sent := scriptClient(t, nil, answer(200, thingAnswer))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := nhncloud.Wait(ctx, nil, func(ctx context.Context) (*thing, error) {
			return nhncloud.Fetch[thing](ctx, client, getRequest())
		}, func(*thing) nhncloud.WaitStatus { return nhncloud.WaitStatus{Done: true} })
		require.ErrorIs(t, err, context.Canceled)
		assert.Zero(t, sent.count())
	})
	t.Run("too late", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		_, err := nhncloud.Wait(ctx, nil, func(context.Context) (string, error) {
			cancel()
			return "ACTIVE", nil
		}, untilActive)
		assert.NoError(t, err, "what was reached is reached")
	})
}

func TestWaitGone(t *testing.T) {
	t.Parallel()
	judge := func(status string) nhncloud.WaitStatus {
		s := untilActive(status)
		s.Done = status == "DELETED"
		return s
	}
	for name, test := range map[string]struct {
		looks []look
		n     int
		kind  error
		text  string
	}{
		"not found":       {[]look{{"ACTIVE", nil}, {"ACTIVE", nil}, {"", notFound}}, 3, nil, ""},
		"at once":         {[]look{{"", notFound}}, 1, nil, ""},
		"wrapped":         {[]look{{"", fmt.Errorf("wrapped: %w", notFound)}}, 1, nil, ""},
		"says so":         {[]look{{"ACTIVE", nil}, {"DELETED", nil}}, 2, nil, ""},
		"failed":          {[]look{{"ERROR", nil}}, 1, nhncloud.ErrFailedState, "the server failed"},
		"refused":         {[]look{{"", lastingError}}, 1, nhncloud.ErrForbidden, "no"},
		"passing errors":  {[]look{{"", passingError}, {"", notFound}}, 2, nil, ""},
		"too many errors": {[]look{{"", passingError}}, 6, nhncloud.ErrUnavailable, "busy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := &looker{looks: test.looks}
				err := nhncloud.WaitGone(t.Context(), nil, l.look, judge)
				assert.Equal(t, test.n, l.n)
				if test.kind == nil {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, test.kind)
				assert.ErrorContains(t, err, test.text)
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := nhncloud.WaitGone(ctx, nil, (&looker{looks: []look{{"ACTIVE", nil}}}).look, judge)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorContains(t, err, `still in status "ACTIVE" after 1m0s`)
	})
}

// A look that was turned away waits as long as the service asks for.
func TestWaitHonoursRetryAfter(t *testing.T) {
	t.Parallel()
	for asked, want := range map[time.Duration]time.Duration{30 * time.Second: 30 * time.Second, time.Hour: time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			looks := 0
			_, err := nhncloud.Wait(t.Context(), nil, func(context.Context) (int, error) {
				if looks++; looks == 1 {
					return 0, &nhncloud.Error{StatusCode: 429, RetryAfter: asked}
				}
				return looks, nil
			}, func(int) nhncloud.WaitStatus { return nhncloud.WaitStatus{Done: true} })
			require.NoError(t, err)
			assert.Equal(t, want, time.Since(start))
		})
	}
}
