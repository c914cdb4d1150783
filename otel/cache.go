package otelnhncloud

import (
	"maps"
	"sync"
	"sync/atomic"
)

// maxKept is how many things a cache keeps. There are some hundred documented
// operations, of which a program uses few; beyond that, as when a program makes
// up a name for each call, they are made anew each time.
const maxKept = 1000

// cache keeps what is made of a key, so that a call allocates nothing for names
// that it shares with others. The map is never written to but replaced, so that
// a look into it takes no lock, and no allocation as a sync.Map does.
type cache[K comparable, V any] struct {
	known atomic.Pointer[map[K]V]
	mu    sync.Mutex // of who replaces it
}

// get returns what is kept for a key, or else made of it.
func (c *cache[K, V]) get(key K, make func(K) V) V {
	if known := c.known.Load(); known != nil {
		if v, ok := (*known)[key]; ok {
			return v
		}
	}
	v := make(key)
	c.mu.Lock()
	defer c.mu.Unlock()
	next := map[K]V{}
	if known := c.known.Load(); known != nil {
		if len(*known) >= maxKept {
			return v
		}
		next = maps.Clone(*known)
	}
	next[key] = v
	c.known.Store(&next)
	return v
}
