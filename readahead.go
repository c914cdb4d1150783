package nhncloud

import (
	"context"
	"iter"

	"github.com/nhncloud-go/nhncloud/internal/parallel"
)

// ReadAhead returns an iterator over the same items, in the same order, that
// fetches the next page of a listing while the loop works on what came before:
//
//	for server, err := range nhncloud.ReadAhead(servers.All(ctx, nil), 100) {
//
// The listing runs in a goroutine, up to n items ahead of the loop. As many as are
// on a page let the next page come while the loop works on one; more of them read
// several pages ahead, and with fewer the next page is begun so many items before
// the end of one. Below 1 nothing is read ahead. Nothing is fetched before the
// loop begins, and each loop begins anew. An error comes behind the items that
// came before it.
//
// When the loop ends, by whatever way, the goroutine has ended too. A page that is
// on its way then is waited for, because it can be cancelled by nobody but who has
// the context of the listing; cancel that before you leave the loop, or let
// [ReadAheadContext] do it. What the listing panics with reaches the loop.
func ReadAhead[T any](seq iter.Seq2[T, error], n int) iter.Seq2[T, error] {
	if n < 1 {
		return seq
	}
	return func(yield func(T, error) bool) { readAhead(seq, n, func() {}, yield) }
}

// ReadAheadContext is [ReadAhead] for a listing that it begins itself, so that it
// can cancel the page that is on its way when the loop ends:
//
//	all := func(ctx context.Context) iter.Seq2[*compute.Server, error] { return servers.All(ctx, nil) }
//	for server, err := range nhncloud.ReadAheadContext(ctx, all, 100) {
//
// List is called once for each loop, when that begins, with a context that ends
// with the loop, and with ctx.
func ReadAheadContext[T any](ctx context.Context, list func(context.Context) iter.Seq2[T, error], n int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		if n < 1 {
			list(ctx)(yield)
			return
		}
		readAhead(list(ctx), n, cancel, yield)
	}
}

// readAhead runs a sequence ahead of its loop. Cancel hurries its end.
func readAhead[T any](seq iter.Seq2[T, error], n int, cancel func(), yield func(T, error) bool) {
	type pair struct {
		item T
		err  error
	}
	ahead, stop := make(chan pair, n), make(chan struct{})
	var mishap parallel.Mishap
	go func() {
		defer close(ahead)
		mishap.Guard(func() {
			seq(func(item T, err error) bool {
				select {
				case <-stop:
					return false
				case ahead <- pair{item, err}:
					return true
				}
			})
		})
	}()
	left := false // the loop, but not by a panic
	defer func() {
		close(stop)
		cancel()
		for range ahead { // until the goroutine has ended
		}
		if left {
			mishap.Raise()
		}
	}()
	for next := range ahead {
		if !yield(next.item, next.err) {
			break
		}
	}
	left = true
}
