package nhncloud_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// A waiter whose look is made with a client waits as that says, without being
// told; what the caller says wins.
func TestWaitIntervalOfClient(t *testing.T) {
	t.Parallel()
	const own = 20 * time.Millisecond
	option := nhncloud.WithWaitInterval(own)
	for name, test := range map[string]struct {
		options []nhncloud.Option
		derive  []nhncloud.Option
		wait    *nhncloud.WaitOptions
		most    time.Duration
	}{
		"default":          {nil, nil, nil, time.Second},
		"of the client":    {[]nhncloud.Option{option}, nil, nil, own},
		"zero options":     {[]nhncloud.Option{option}, nil, new(nhncloud.WaitOptions), own},
		"derived":          {nil, []nhncloud.Option{option}, nil, own},
		"derived from one": {[]nhncloud.Option{option}, []nhncloud.Option{nhncloud.WithWaitInterval(time.Minute)}, nil, time.Minute},
		"inherited":        {[]nhncloud.Option{option}, []nhncloud.Option{nhncloud.WithUserAgent("x")}, nil, own},
		"of the call":      {[]nhncloud.Option{option}, nil, &nhncloud.WaitOptions{Interval: time.Hour}, time.Hour},
		"capped":           {[]nhncloud.Option{option}, nil, &nhncloud.WaitOptions{MaxInterval: own / 2}, own / 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := scriptClient(t, test.options, answer(http.StatusOK, thingAnswer))
				if test.derive != nil {
					var err error
					client, err = client.With(test.derive...)
					require.NoError(t, err)
				}
				var at []time.Time
				look := func(ctx context.Context) (*thing, error) {
					at = append(at, time.Now())
					return nhncloud.Fetch[thing](ctx, client, getRequest())
				}
				_, err := nhncloud.Wait(t.Context(), test.wait, look, func(*thing) nhncloud.WaitStatus {
					return nhncloud.WaitStatus{Done: len(at) == 2}
				})
				require.NoError(t, err)
				assert.GreaterOrEqual(t, at[1].Sub(at[0]), test.most/2)
				assert.LessOrEqual(t, at[1].Sub(at[0]), test.most)
			})
		})
	}
	for _, interval := range []time.Duration{0, -1} {
		_, err := nhncloud.NewClient(nhncloud.Config{}, nhncloud.WithWaitInterval(interval))
		requireRefused(t, err, "WithWaitInterval")
	}
}

func TestConfigWaitInterval(t *testing.T) {
	t.Parallel()
	config, err := nhncloud.ConfigFrom(lookupIn(map[string]string{"NHNCLOUD_WAIT_INTERVAL": " 250ms "}))
	require.NoError(t, err)
	assert.Equal(t, 250*time.Millisecond, config.WaitInterval)
	for _, value := range []string{"5", "soon", "0s", "-1s"} {
		_, err := nhncloud.ConfigFrom(lookupIn(map[string]string{"NHNCLOUD_WAIT_INTERVAL": value}))
		e := requireRefused(t, err, "NHNCLOUD_WAIT_INTERVAL")
		assert.Contains(t, e.Message, `"`+value+`" is not a positive duration such as 5s`)
	}
	_, err = nhncloud.NewClient(nhncloud.Config{WaitInterval: -1})
	assert.ErrorContains(t, err, "WaitInterval must not be negative")
}

// A client of the in-memory cloud waits as fast as that is.
func TestWaitIntervalOfCloud(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options []nhncloudtest.Option
		want    time.Duration
	}{
		"default":      {nil, 6 * time.Millisecond},
		"at once":      {[]nhncloudtest.Option{nhncloudtest.WithTransition(0)}, time.Millisecond},
		"slow":         {[]nhncloudtest.Option{nhncloudtest.WithTransition(2 * time.Second)}, 400 * time.Millisecond},
		"very slow":    {[]nhncloudtest.Option{nhncloudtest.WithTransition(time.Hour)}, time.Second},
		"manual clock": {[]nhncloudtest.Option{nhncloudtest.WithTransition(time.Hour), nhncloudtest.WithManualClock(time.Time{})}, 5 * time.Millisecond},
	} {
		config, err := nhncloud.ConfigFrom(nhncloudtest.Start(t, test.options...).LookupEnv)
		require.NoError(t, err, name)
		assert.Equal(t, test.want, config.WaitInterval, name)
	}
}
