package nks

import (
	"iter"
	"net/url"

	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// page is a page of a listing. A struct that has the members' names in its tags
// can be converted to it.
type page[T any] struct {
	Items []*T
	Next  string // URL of the page after it, where there is one
}

// linked is the page with its link in the form of other services.
func (p *page[T]) linked() *linked.Page[T] {
	return &linked.Page[T]{Items: p.Items, Links: linked.Next(p.Next)}
}

// list is what a List returns of the page.
func (p *page[T]) list() []*T { return p.linked().List() }

// all walks along the links to the next pages.
func all[T any](operation string, fetch func(next url.Values) (*page[T], error)) iter.Seq2[*T, error] {
	return linked.All(operation, func(next url.Values) (*linked.Page[T], error) {
		page, err := fetch(next)
		if err != nil {
			return nil, err
		}
		return page.linked(), nil
	})
}
