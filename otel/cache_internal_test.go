package otelnhncloud

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A cache keeps some things, and makes the others anew.
func TestCache(t *testing.T) {
	t.Parallel()
	var c cache[int, int]
	var mu sync.Mutex
	made := map[int]int{}
	square := func(n int) int {
		mu.Lock()
		defer mu.Unlock()
		made[n]++
		return n * n
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for n := range maxKept + 10 {
				assert.Equal(t, n*n, c.get(n, square))
			}
		})
	}
	wg.Wait()
	assert.LessOrEqual(t, len(*c.known.Load()), maxKept)
	clear(made)
	for n := range 10 {
		c.get(n, square)
		c.get(-1-n, square)
	}
	assert.Len(t, made, 10, "those that there was no room for")
}
