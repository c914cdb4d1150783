package parallel_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud/internal/parallel"
)

func TestEach(t *testing.T) {
	t.Parallel()
	done := make([]int, 100)
	parallel.Each(7, len(done), func(i int) bool {
		done[i]++
		return true
	})
	for i, n := range done {
		assert.Equal(t, 1, n, i)
	}
	var calls atomic.Int64
	parallel.Each(1, 100, func(i int) bool {
		calls.Add(1)
		return i < 3
	})
	assert.EqualValues(t, 4, calls.Load())
	parallel.Each(3, 0, func(int) bool {
		t.Error("there is nothing to do")
		return false
	})
}

func TestEachPanics(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	assert.PanicsWithValue(t, "no", func() {
		parallel.Each(2, 1_000_000, func(int) bool {
			calls.Add(1)
			panic("no")
		})
	})
	assert.LessOrEqual(t, calls.Load(), int64(2), "the others are stopped")
}

// A function that ends its goroutine, as the Fatal of a test does, ends that of
// the caller.
func TestEachGoexit(t *testing.T) {
	t.Parallel()
	returned := false
	var caller sync.WaitGroup
	caller.Go(func() {
		parallel.Each(2, 10, func(int) bool {
			runtime.Goexit()
			return true
		})
		returned = true
	})
	caller.Wait()
	assert.False(t, returned)
}
