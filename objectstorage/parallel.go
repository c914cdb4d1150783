package objectstorage

import (
	"errors"
	"runtime"
	"sync"
)

// inParallel calls work for each number below count, in their order and in at
// most concurrency goroutines, until one of them returns false. What work panics
// with reaches the caller.
func inParallel[N int | int64](concurrency int, count N, work func(i N) bool) {
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
	mishap := mishap{stop: stop}
	for range min(int64(concurrency), int64(count)) {
		group.Go(func() {
			mishap.guard(func() {
				for i, ok := take(); ok; i, ok = take() {
					if !work(i) {
						stop()
					}
				}
			})
		})
	}
	group.Wait()
	mishap.raise()
}

// errPanicked ends what goes on at the same time as a panic.
var errPanicked = errors.New("objectstorage: a function of the caller panicked")

// mishap is what a function of the caller, such as a Read or a Progress, ended a
// goroutine with: a panic, or runtime.Goexit as the Fatal of a test does. The
// goroutine that waits for the others goes the same way then.
type mishap struct {
	stop func() // ends the others

	mu       sync.Mutex
	happened bool
	value    any // nil for runtime.Goexit
}

// guard runs work, and notes how it ended where it did not return.
func (m *mishap) guard(work func()) {
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
func (m *mishap) note(value any) {
	m.mu.Lock()
	if !m.happened {
		m.happened, m.value = true, value
	}
	m.mu.Unlock()
	if m.stop != nil {
		m.stop()
	}
}

// raise ends the calling goroutine as another one was ended, if one was.
func (m *mishap) raise() {
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
