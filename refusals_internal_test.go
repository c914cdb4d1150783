package nhncloud

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Of the calls that are sent again so many go at a time; one that takes long
// makes way.
func TestGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := make(gate, 2)
		first, err := g.enter(t.Context())
		require.NoError(t, err)
		_, err = g.enter(t.Context())
		require.NoError(t, err)

		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err = g.enter(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)

		first()
		third, err := g.enter(t.Context())
		require.NoError(t, err)
		first() // a second time does nothing
		assert.Len(t, g, 2)

		start := time.Now()
		fourth, err := g.enter(t.Context())
		require.NoError(t, err)
		assert.Equal(t, maxRepeat-time.Millisecond, time.Since(start), "the second has had its time")
		third()
		fourth()
		synctest.Wait()
		assert.Empty(t, g)
	})
}

func TestBackOff(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]time.Duration{
		-1: 0, 0: 0, 1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 6: 32 * time.Second, 7: time.Minute, 8: time.Minute, math.MaxInt: time.Minute,
	} {
		assert.Equal(t, want, backOff(n), n)
	}
}
