package nhncloud

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/internal/parallel"
)

// GroupWaiter waits for many resources of a kind with one listing a look, however
// many there are. The waiters for many of the service packages are made of it,
// and a program can make its own of the [Waiter] of one:
//
//	backups := nhncloud.GroupWaiter[*Backup, string]{
//		Waiter: func(id string) nhncloud.Waiter[*Backup, string] { return backupWaiter(client, id) },
//		List:   func(ctx context.Context) iter.Seq2[*Backup, error] { return allBackups(ctx, client) },
//		Keys:   func(b *Backup) []string { return []string{b.ID} },
//	}
//	results, err := backups.Until(ctx, nil, ids, "available")
//
// What a listing leaves out is looked at by itself, and so is the last one that
// is waited for. So a resource that is not found ends as with the waiter of one:
// with its own [ErrNotFound], or as gone where that is waited for. A listing goes
// no further than to the last one that is waited for.
//
// A resource that failed does not end the wait for the others. A listing that
// fails for a passing reason is repeated as the look of a [Waiter] is, at most
// MaxErrors times in a row, and one that fails for another ends the wait for all
// that are left. The waits between the looks are those of [WaitOptions]. Progress
// is called once after each look, for all.
type GroupWaiter[T any, S ~string] struct {
	// Waiter returns the waiter of one.
	Waiter func(id string) Waiter[T, S]
	// List lists what may be waited for.
	List func(ctx context.Context) iter.Seq2[T, error]
	// Keys are what the resource is called by: its id, and its name where that
	// can be given in its place.
	Keys func(T) []string
	// Brief says that a listing tells less of a resource than a look at it. What
	// reached its end is then looked at once more.
	Brief bool
}

// WaitResult is what became of one of many.
type WaitResult[T any] struct {
	ID string // as it was given
	// Value is the resource as it was seen last, zero where it was not seen.
	Value T
	// Err is nil where what is waited for was reached, and otherwise what the
	// waiter of one would have ended with: the resource failed, or could not be
	// looked at, or the context ended first.
	Err error
}

// Until waits until each resource has one of the statuses and nothing is being
// done to it. It returns a result for each id, in their order, whatever the error
// is. An id may stand there several times, and no id at all is no wait.
//
// The error is nil where all results are without one. Otherwise it joins the
// errors of the results as [errors.Join] does, each id once, so that [errors.Is]
// tells whether any of them is of a kind. An id that can't be one is an
// [ErrInvalidArgument], before anything is sent, without results.
func (w GroupWaiter[T, S]) Until(ctx context.Context, options *WaitOptions, ids []string, wanted ...S) ([]WaitResult[T], error) {
	return w.wait(ctx, options, ids, false, func(one Waiter[T, S]) func(T) WaitStatus { return one.until(wanted) })
}

// UntilGone waits until none of the resources is found any more, each as
// [Waiter.UntilGone] does. It returns what [GroupWaiter.Until] does.
func (w GroupWaiter[T, S]) UntilGone(ctx context.Context, options *WaitOptions, ids []string) ([]WaitResult[T], error) {
	return w.wait(ctx, options, ids, true, Waiter[T, S].untilGone)
}

// awaited is one of those that are waited for.
type awaited[T any] struct {
	of       subject
	look     func(ctx context.Context) (T, error)
	judge    func(T) WaitStatus
	result   WaitResult[T]
	over     bool
	status   string // as seen last
	failures int    // of looks in a row
	looked   error  // what the last look failed with
}

// group is a wait for many.
type group[T any] struct {
	WaitOptions

	list     func(ctx context.Context) iter.Seq2[T, error]
	keys     func(T) []string
	brief    bool
	gone     bool // what is not found is what is waited for
	all      []*awaited[T]
	resource string // in progress
	looks    int
	failures int // of listings in a row
}

func (w GroupWaiter[T, S]) wait(ctx context.Context, options *WaitOptions, ids []string, gone bool, judge func(Waiter[T, S]) func(T) WaitStatus) ([]WaitResult[T], error) {
	var check ArgumentCheck
	for i, id := range ids {
		if fault := segmentFault(id); fault != "" {
			check.Refuse(fmt.Sprintf("ids[%d]", i), fault)
		}
	}
	if len(ids) == 0 {
		return []WaitResult[T]{}, nil
	}
	if err := check.Err(w.Waiter(ids[0]).Operation); err != nil {
		return nil, err
	}
	g := &group[T]{WaitOptions: options.withDefaults(), list: w.List, keys: w.Keys, brief: w.Brief, gone: gone}
	byID := make(map[string]*awaited[T], len(ids))
	for _, id := range ids {
		if byID[id] != nil {
			continue
		}
		one := w.Waiter(id)
		byID[id] = &awaited[T]{of: one.subject(), look: one.look, judge: judge(one), result: WaitResult[T]{ID: id}}
		g.all = append(g.all, byID[id])
		g.resource = one.Resource
	}
	g.resource = fmt.Sprintf("%d %ss", len(g.all), g.resource)
	g.run(ctx)
	results := make([]WaitResult[T], len(ids))
	for i, id := range ids {
		results[i] = byID[id].result
	}
	var failures []error
	for _, a := range g.all {
		failures = append(failures, a.result.Err)
	}
	return results, errors.Join(failures...)
}

// run looks until nothing is left to wait for.
func (g *group[T]) run(ctx context.Context) {
	start := time.Now()
	var told pace
	looking := context.WithValue(ctx, paceKey{}, &told)
	var interval, longest time.Duration
	for {
		err := g.tick(ctx, looking)
		g.looks++
		g.tell(start, err)
		left := g.left()
		if len(left) == 0 {
			return
		}
		if g.looks == 1 {
			interval, longest = g.first(&told)
		}
		for _, a := range left {
			err = longerAsked(err, a.looked)
		}
		if pause(ctx, interval, err) != nil {
			for _, a := range left {
				a.end(a.of.ended(ctx.Err(), a.status, time.Since(start), a.looked))
			}
			return
		}
		interval = min(interval+interval/2, longest)
	}
}

// longerAsked returns the failure after which is to be waited longer.
func longerAsked(a, b error) error {
	var asked, longer *Error
	if errors.As(b, &longer) && (!errors.As(a, &asked) || longer.RetryAfter > asked.RetryAfter) {
		return b
	}
	return a
}

// left are those that are still waited for.
func (g *group[T]) left() []*awaited[T] {
	return slices.DeleteFunc(slices.Clone(g.all), func(a *awaited[T]) bool { return a.over })
}

// tick looks once at all that are left, and returns what the listing failed with.
func (g *group[T]) tick(ctx, looking context.Context) error {
	left := g.left()
	if len(left) == 1 {
		g.lookAt(ctx, looking, left)
		return nil
	}
	found, err := g.listed(looking, left)
	var alone []*awaited[T] // are looked at by themselves
	for _, a := range left {
		seen, there := found[a]
		switch {
		case there && g.brief && g.ends(a, seen):
			alone = append(alone, a)
		case there:
			g.see(ctx, a, seen, nil)
		case err == nil:
			alone = append(alone, a)
		default:
			a.looked = err
		}
	}
	if err == nil {
		g.failures = 0
	} else {
		g.failures++
		if g.lasts(ctx, err, g.failures) {
			for _, a := range g.left() {
				a.end(err)
			}
			return err
		}
	}
	g.lookAt(ctx, looking, alone)
	return err
}

// listed lists until all that are left were seen. Where what they are listed in
// is not found, there are none.
func (g *group[T]) listed(ctx context.Context, left []*awaited[T]) (map[*awaited[T]]T, error) {
	byID := make(map[string]*awaited[T], len(left))
	for _, a := range left {
		byID[a.result.ID] = a
	}
	found := make(map[*awaited[T]]T, len(left))
	for seen, err := range g.list(ctx) {
		if errors.Is(err, ErrNotFound) {
			break
		}
		if err != nil {
			return found, err
		}
		for _, key := range g.keys(seen) {
			if a := byID[key]; a != nil {
				found[a] = seen
			}
		}
		if len(found) == len(left) {
			break
		}
	}
	return found, nil
}

// ends reports whether what a listing tells of a resource may end its wait.
func (g *group[T]) ends(a *awaited[T], seen T) bool {
	status := a.judge(seen)
	return status.Done || status.Failed != ""
}

// atATime is how many resources are looked at at the same time.
const atATime = 8

// lookAt looks at some by themselves.
func (g *group[T]) lookAt(ctx, looking context.Context, some []*awaited[T]) {
	seen, failures := make([]T, len(some)), make([]error, len(some))
	parallel.Each(atATime, len(some), func(i int) bool {
		seen[i], failures[i] = some[i].look(looking)
		return true
	})
	for i, a := range some {
		g.see(ctx, a, seen[i], failures[i])
	}
}

// see is what comes of a look at one.
func (g *group[T]) see(ctx context.Context, a *awaited[T], seen T, err error) {
	a.looked = err
	if err != nil {
		a.failures++
		switch {
		case g.gone && errors.Is(err, ErrNotFound):
			a.status = "gone"
			a.end(nil)
		case g.lasts(ctx, err, a.failures):
			a.end(err)
		}
		return
	}
	a.failures = 0
	a.result.Value = seen
	status := a.judge(seen)
	a.status = status.Status
	switch {
	case status.Failed != "":
		a.end(a.of.failed(status))
	case status.Done:
		a.end(nil)
	}
}

// lasts reports whether a look is not to be repeated after a failure, of which
// there were so many in a row. The end of the context is seen elsewhere.
func (g *group[T]) lasts(ctx context.Context, err error, failures int) bool {
	ended := ctx.Err() != nil && errors.Is(err, ctx.Err())
	return !ended && (!passing(err) || failures > g.MaxErrors)
}

func (a *awaited[T]) end(err error) { a.over, a.result.Err = true, err }

// tell tells of a look.
func (g *group[T]) tell(start time.Time, err error) {
	if g.Progress == nil {
		return
	}
	p := WaitProgress{Look: g.looks, Elapsed: time.Since(start), Resource: g.resource, Err: err, Total: len(g.all)}
	statuses := map[string]int{}
	for _, a := range g.all {
		switch {
		case a.over && a.result.Err == nil:
			p.Done++
		case a.over:
			p.Failed++
		}
		if a.status != "" {
			statuses[a.status]++
		}
	}
	var texts []string
	for _, status := range slices.Sorted(maps.Keys(statuses)) {
		texts = append(texts, fmt.Sprintf("%s %d", status, statuses[status]))
	}
	p.Status = strings.Join(texts, ", ")
	g.Progress(p)
}
