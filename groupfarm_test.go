package nhncloud_test

import (
	"context"
	"iter"
	"strings"
	"sync"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// disk is what a look at one of many sees.
type disk struct {
	id    string
	state state
}

// moment is a state from a time on, since the test began. The state "" is a disk
// that is not found, and one with "?" before it is left out of listings.
type moment struct {
	from  time.Duration
	state state
}

// farm has disks that change with time.
type farm struct {
	mu         sync.Mutex
	start      time.Time
	disks      map[string][]moment
	order      []string
	lists      int
	listErrors []error // of the listings, one after the other, behind the first disk; nil is none
	looks      map[string]int
	listed     int // disks that were listed
	lookError  error
}

func newFarm() *farm {
	return &farm{start: time.Now(), disks: map[string][]moment{}, looks: map[string]int{}}
}

func (f *farm) add(id string, moments ...moment) string {
	f.disks[id] = moments
	f.order = append(f.order, id)
	return id
}

func (f *farm) state(id string) state {
	var now state
	for _, m := range f.disks[id] {
		if time.Since(f.start) >= m.from {
			now = m.state
		}
	}
	return now
}

func (f *farm) look(_ context.Context, id string) (disk, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looks[id]++
	if f.lookError != nil {
		return disk{}, f.lookError
	}
	switch seen := state(strings.TrimPrefix(string(f.state(id)), "?")); seen {
	case "":
		return disk{}, notFound
	case "busy":
		return disk{}, passingError
	default:
		return disk{id, seen}, nil
	}
}

func (f *farm) list(context.Context) iter.Seq2[disk, error] {
	return func(yield func(disk, error) bool) {
		f.lists++
		for _, id := range f.order {
			seen := f.state(id)
			if seen == "" || seen == "busy" || strings.HasPrefix(string(seen), "?") {
				continue
			}
			f.listed++
			if !yield(disk{id, seen}, nil) {
				return
			}
			if n := f.lists - 1; n < len(f.listErrors) && f.listErrors[n] != nil {
				yield(disk{}, f.listErrors[n])
				return
			}
		}
	}
}

func (f *farm) one(id string) nhncloud.Waiter[disk, diskStatus] {
	return nhncloud.Waiter[disk, diskStatus]{
		Operation: "get-disk", Resource: "disk", ID: id, Look: f.look,
		Status:         func(d disk) diskStatus { return d.state.status() },
		Busy:           func(d disk) bool { return strings.HasSuffix(string(d.state), "+") },
		Reason:         func(d disk) string { return d.state.reason() },
		Failed:         []diskStatus{"ERROR"},
		Deleting:       []diskStatus{"DELETING"},
		Deleted:        []diskStatus{"DELETED"},
		DeletionFailed: []diskStatus{"ERROR_DELETING"},
	}
}

func (f *farm) waiter() nhncloud.GroupWaiter[disk, diskStatus] {
	return nhncloud.GroupWaiter[disk, diskStatus]{Waiter: f.one, List: f.list, Keys: func(d disk) []string { return []string{d.id} }}
}

func (f *farm) singleLooks() (n int) {
	for _, looks := range f.looks {
		n += looks
	}
	return n
}
