package faultmatrix

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

// atOnce is how many cells run at the same time. Most of them wait.
const atOnce = 96

// cells are all that there are: those whose fault their protocol can have.
func cells() []*cell {
	var list []*cell
	diagonal := 0
	add := func(f *fault, k *call, p protocol, once bool) {
		list = append(list, &cell{fault: f, call: k, protocol: p, once: once, number: len(list), diagonal: diagonal})
		diagonal += 2 // the ways that a fault meets a call are not chosen together
	}
	for i, f := range faults() {
		for j, k := range calls() {
			diagonal = i + j
			if f.objects && !k.storage {
				continue
			}
			add(f, k, http1, false)
			if !f.refuse && !f.single {
				add(f, k, http1, true)
			}
			if f.connect == nil && !f.raw && !f.single {
				add(f, k, http2, false)
			}
		}
	}
	return list
}

// TestMatrix lets every call meet every fault and holds what must never happen
// at 0.
func TestMatrix(t *testing.T) {
	t.Parallel()
	elsewhere := newElsewhere()
	file := filepath.Join(t.TempDir(), "content")
	require.NoError(t, os.WriteFile(file, largeContent, 0o600))
	start := time.Now()

	all := cells()
	list := chosen(all)
	work := make(chan *cell)
	var mu sync.Mutex
	var found []mishap
	var late []*cell
	var group sync.WaitGroup
	for range atOnce {
		group.Go(func() {
			for c := range work {
				c.file = file
				o := c.run(t, elsewhere)
				mishaps := c.judge(&o, elsewhere)
				mu.Lock()
				for _, m := range mishaps {
					if m.count == lateEnds {
						late = append(late, c)
						continue
					}
					found = append(found, m)
				}
				mu.Unlock()
			}
		})
	}
	for _, c := range list {
		work <- c
	}
	close(work)
	group.Wait()
	for _, c := range late { // by itself, where the machine is not too busy for it
		again := &cell{fault: c.fault, call: c.call, protocol: c.protocol, once: c.once, number: c.number, file: file}
		o := again.run(t, elsewhere)
		found = append(found, again.judge(&o, elsewhere)...)
	}
	elsewhere.Close()

	sums := [counts]int{}
	for _, m := range found {
		sums[m.count]++
		t.Log(m.text)
	}
	var summary strings.Builder
	for n, sum := range sums {
		_, _ = fmt.Fprintf(&summary, "\n%6d %s", sum, countNames[n])
	}
	t.Logf("%d of %d cells (%d faults × %d calls) in %v, %d looked late at first:%s", len(list), len(all), len(faults()), len(calls()), time.Since(start).Round(time.Second), len(late), summary.String())
	assert.Empty(t, found, "what must never happen")
}

// oneIn returns one in how many cells is run where not all are asked for.
func oneIn() int {
	if apitest.Race {
		return 30
	}
	return 10
}

// chosen are the cells that are run: some of them, so that each fault meets some
// of the calls, and each call some of the faults. FAULTMATRIX names parts of those
// that are wanted instead, with "|" between; all have "×" in them.
func chosen(list []*cell) []*cell {
	parts := strings.Split(os.Getenv("FAULTMATRIX"), "|")
	return slices.DeleteFunc(list, func(c *cell) bool {
		if parts[0] == "" {
			return c.diagonal%oneIn() != 0
		}
		return !slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(c.String(), part) })
	})
}
