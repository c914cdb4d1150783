package nhncloud

import "iter"

// Page is one page of a listing, as [Paginate] gets it.
type Page[T any] struct {
	Items []T
	// Next is the marker of the next page, and "" on the last page.
	Next string
}

// Paginate returns an iterator over all items of a listing. It fetches a page
// when the loop gets there: fetch is first called with the marker start, then
// with the Next of each page. The first error is yielded with a zero item and
// ends the loop. A marker that comes back is an [ErrBadAnswer] instead of an
// endless loop.
//
// The All methods of the services are made of it; a program can use it with
// [Client.Do].
func Paginate[T any](start string, fetch func(marker string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		marker := start
		seen := map[string]bool{}
		for {
			page, err := fetch(marker)
			if err != nil {
				yield(zero, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			seen[marker] = true
			if seen[page.Next] {
				yield(zero, &Error{Message: "the listing came back to a marker that it had before", kind: ErrBadAnswer})
				return
			}
			marker = page.Next
		}
	}
}

// Collect returns all items of an iterator as a slice. With the first error it
// stops and returns the items until then beside it.
func Collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var items []T
	for item, err := range seq {
		if err != nil {
			return items, err
		}
		items = append(items, item)
	}
	return items, nil
}
