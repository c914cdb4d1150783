package linked

import (
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// Link is a link beside a listing.
type Link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"`
}

// CheckPaging refuses what can't be the size or the place of a page.
func CheckPaging(operation string, limit, offset int) error {
	var check nhncloud.ArgumentCheck
	check.RefuseIf(limit < 0, "Limit", "must not be negative")
	check.RefuseIf(offset < 0, "Offset", "must not be negative")
	return check.Err(operation)
}

// Page is a page of a listing. A struct that has the members' names in its tags
// can be converted to it.
type Page[T any] struct {
	Items []*T
	Links []Link
}

// List returns the items of the page, without what is null in it, so that every
// one can be used without a look.
func (p *Page[T]) List() []*T {
	return slices.DeleteFunc(p.Items, func(item *T) bool { return item == nil })
}

// NextPage is a page of a service that gives the URL of the next one alone, ""
// where it is the last. A struct that has the members' names in its tags can be
// converted to it.
type NextPage[T any] struct {
	Items []*T
	Next  string
}

// Linked is the page as those with links; nil where there is none.
func (p *NextPage[T]) Linked() *Page[T] {
	switch {
	case p == nil:
		return nil
	case p.Next == "":
		return &Page[T]{Items: p.Items}
	}
	return &Page[T]{Items: p.Items, Links: []Link{{Rel: "next", Href: p.Next}}}
}

// Listed is what a List returns of its page.
func Listed[T any](page *Page[T], err error) ([]*T, error) {
	if err != nil {
		return nil, err
	}
	return page.List(), nil
}

// linksNext reports whether the service links a page after this one.
func (p *Page[T]) linksNext() bool {
	return slices.ContainsFunc(p.Links, func(l Link) bool { return l.Rel == "next" })
}

// next returns the query of the link to the next page. The rest of the link is
// not used: its host may be a retired one.
func (p *Page[T]) next() string {
	for _, l := range p.Links {
		if l.Rel == "next" {
			_, query, _ := strings.Cut(l.Href, "?")
			return query
		}
	}
	return ""
}

// All returns an iterator over all items of a listing. It fetches page after
// page while the loop goes on: fetch gets nil for the first, then the query of
// the link to the next.
func All[T any](operation string, fetch func(next url.Values) (*Page[T], error)) iter.Seq2[*T, error] {
	return nhncloud.Paginate("", func(next string) (nhncloud.Page[*T], error) {
		var query url.Values
		if next != "" {
			var err error
			if query, err = url.ParseQuery(next); err != nil {
				return nhncloud.Page[*T]{}, &nhncloud.Error{Operation: operation, Message: "the link to the next page can't be read", Err: nhncloud.ErrBadAnswer}
			}
		}
		page, err := fetch(query)
		if err != nil {
			return nhncloud.Page[*T]{}, err
		}
		return nhncloud.Page[*T]{Items: page.List(), Next: page.next()}, nil
	})
}

// ByMarker returns an iterator over all items of a listing in which a page begins
// behind the item that its marker names. It fetches page after page while the
// loop goes on: fetch gets the marker, start for the first page, and the limit to
// ask for, which is the one given or more.
//
// The guides do not say how a last page looks, so it goes on until a page is
// empty, unless the service links its next pages. Nor do they say whether the
// marker itself is on the page after it.
func ByMarker[T any](start string, limit int, id func(*T) string, fetch func(marker string, limit int) (*Page[T], error)) iter.Seq2[*T, error] {
	if limit == 1 {
		limit = 2 // a page with its marker alone would look like the last one
	}
	links := false
	return nhncloud.Paginate(start, func(marker string) (nhncloud.Page[*T], error) {
		page, err := fetch(marker, limit)
		if err != nil {
			return nhncloud.Page[*T]{}, err
		}
		items := page.List()
		if len(items) > 0 && marker != "" && id(items[0]) == marker {
			items = items[1:]
		}
		more := page.linksNext()
		links = links || more
		result := nhncloud.Page[*T]{Items: items}
		if len(items) > 0 && (more || !links) {
			result.Next = id(items[len(items)-1])
		}
		return result, nil
	})
}

// Query is the query of a page: that of the options, or of the link to it.
func Query(options any, next url.Values) any {
	if next == nil {
		return options
	}
	return next
}
