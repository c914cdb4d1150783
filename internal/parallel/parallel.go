package parallel

import (
	"runtime"
	"sync"
)

// Each calls work for each number below count, in their order and in at
// most concurrency goroutines, until one of them returns false. What work panics
// with reaches the caller.
func Each[N int | int64](concurrency int, count N, work func(i N) bool) {
	var group sync.WaitGroup
	var mu sync.Mutex
	var next N
	take := func() (N, bool) {
		mu.Lock()
		defer mu.Unlock()
		i := next
		if i < count {
			next++
		}
		return i, i < count
	}
	stop := func() {
		mu.Lock()
		defer mu.Unlock()
		count = next
	}
	mishap := Mishap{Stop: stop}
	for range min(int64(concurrency), int64(count)) {
		group.Go(func() {
			mishap.Guard(func() {
				for i, ok := take(); ok; i, ok = take() {
					if !work(i) {
						stop()
					}
				}
			})
		})
	}
	group.Wait()
	mishap.Raise()
}

// Mishap is what a function of the caller, such as a Read or a Progress, ended a
// goroutine with: a panic, or runtime.Goexit as the Fatal of a test does. The
// goroutine that waits for the others goes the same way then.
type Mishap struct {
	Stop func() // ends the others; may be nil

	mu       sync.Mutex
	happened bool
	value    any // nil for runtime.Goexit
}

// Guard runs work, and notes how it ended where it did not return.
func (m *Mishap) Guard(work func()) {
	returned := false
	defer func() {
		if !returned {
			m.note(recover())
		}
	}()
	work()
	returned = true
}

// note keeps the first value.
func (m *Mishap) note(value any) {
	m.mu.Lock()
	if !m.happened {
		m.happened, m.value = true, value
	}
	m.mu.Unlock()
	if m.Stop != nil {
		m.Stop()
	}
}

// Raise ends the calling goroutine as another one was ended, if one was.
func (m *Mishap) Raise() {
	m.mu.Lock()
	happened, value := m.happened, m.value
	m.mu.Unlock()
	switch {
	case !happened:
	case value == nil:
		runtime.Goexit()
	default:
		panic(value)
	}
}
