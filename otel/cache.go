package otelnhncloud

import (
	"sync"
	"sync/atomic"
)

// maxKept is how many things a cache keeps. There are some hundred documented
// operations, of which a program uses few; beyond that, as when a program makes
// up a name for each call, they are made anew each time.
const maxKept = 2000

// cache keeps what is made of a key, so that a call allocates nothing for names
// that it shares with others.
type cache[K comparable, V any] struct {
	known sync.Map
	size  atomic.Int64
}

// get returns what is kept for a key, or else made of it.
func (c *cache[K, V]) get(key K, make func(K) V) V {
	if v, ok := c.known.Load(key); ok {
		return v.(V)
	}
	v := make(key)
	if c.size.Load() < maxKept {
		if _, loaded := c.known.LoadOrStore(key, v); !loaded {
			c.size.Add(1)
		}
	}
	return v
}
