package linked_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

type thing struct{ name string }

func page(href string, names ...string) *linked.Page[thing] {
	p := &linked.Page[thing]{Links: []linked.Link{{Rel: "self", Href: "x?marker=z"}}, Items: []*thing{nil}}
	for _, name := range names {
		p.Items = append(p.Items, &thing{name})
	}
	if href != "" {
		p.Links = append(p.Links, linked.Link{Rel: "next", Href: href})
	}
	return p
}

func TestAll(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pages   map[string]*linked.Page[thing]
		names   []string
		queries []string
		err     error
	}{
		"one page":          {map[string]*linked.Page[thing]{"": page("", "a")}, []string{"a"}, []string{""}, nil},
		"two pages":         {map[string]*linked.Page[thing]{"": page("https://retired.example.com/v?limit=1&marker=a", "a"), "limit=1&marker=a": page("", "b")}, []string{"a", "b"}, []string{"", "limit=1&marker=a"}, nil},
		"link with nothing": {map[string]*linked.Page[thing]{"": page("https://retired.example.com/", "a")}, []string{"a"}, []string{""}, nil},
		"broken link":       {map[string]*linked.Page[thing]{"": page("?marker=%zz", "a")}, []string{"a"}, []string{""}, nhncloud.ErrBadAnswer},
		"endless":           {map[string]*linked.Page[thing]{"": page("?m=a", "a"), "m=a": page("?m=a", "b")}, []string{"a", "b"}, []string{"", "m=a"}, nhncloud.ErrBadAnswer},
		"failure":           {map[string]*linked.Page[thing]{"": page("?m=a", "a")}, []string{"a"}, []string{"", "m=a"}, nhncloud.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var queries, names []string
			items, err := nhncloud.Collect(linked.All("list-things", func(next url.Values) (*linked.Page[thing], error) {
				queries = append(queries, next.Encode())
				if p := test.pages[next.Encode()]; p != nil {
					return p, nil
				}
				return nil, &nhncloud.Error{StatusCode: 404}
			}))
			for _, item := range items {
				require.NotNil(t, item)
				names = append(names, item.name)
			}
			assert.ErrorIs(t, err, test.err)
			assert.Equal(t, test.names, names)
			assert.Equal(t, test.queries, queries)
		})
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "options", linked.Query("options", nil))
	assert.Equal(t, url.Values{}, linked.Query("options", url.Values{}))
}

// A listing by markers ends where its service says so, or with an empty page.
func TestByMarker(t *testing.T) {
	t.Parallel()
	type pages = map[string]*linked.Page[thing]
	for name, test := range map[string]struct {
		start   string
		limit   int
		pages   pages
		names   string
		markers string
		asked   int
		err     error
	}{
		"empty":                    {"", 0, pages{"": page("")}, "", ":", 0, nil},
		"until a page is empty":    {"", 5, pages{"": page("", "a", "b"), "b": page("", "c"), "c": page("")}, "abc", ":b:c:", 5, nil},
		"until nothing is linked":  {"", 5, pages{"": page("?x", "a", "b"), "b": page("", "c")}, "abc", ":b:", 5, nil},
		"linked and empty":         {"", 5, pages{"": page("?x", "a"), "a": page("?x")}, "a", ":a:", 5, nil},
		"from a marker":            {"a", 5, pages{"a": page("", "b"), "b": page("")}, "b", "a:b:", 5, nil},
		"marker on the page":       {"", 5, pages{"": page("", "a", "b"), "b": page("", "b", "c"), "c": page("", "c")}, "abc", ":b:c:", 5, nil},
		"pages of one":             {"", 1, pages{"": page("", "a", "b"), "b": page("")}, "ab", ":b:", 2, nil},
		"failure":                  {"", 5, pages{"": page("", "a")}, "a", ":a:", 5, nhncloud.ErrNotFound},
		"the same again and again": {"", 5, pages{"": page("", "a", "b"), "b": page("", "a", "b")}, "abab", ":b:", 5, nhncloud.ErrBadAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var names, markers string
			id := func(item *thing) string { return item.name }
			items, err := nhncloud.Collect(linked.ByMarker(test.start, test.limit, id, func(marker string, limit int) (*linked.Page[thing], error) {
				markers += marker + ":"
				assert.Equal(t, test.asked, limit)
				if p := test.pages[marker]; p != nil {
					return p, nil
				}
				return nil, &nhncloud.Error{StatusCode: 404}
			}))
			for _, item := range items {
				require.NotNil(t, item)
				names += item.name
			}
			assert.ErrorIs(t, err, test.err)
			assert.Equal(t, test.names, names)
			assert.Equal(t, test.markers, markers)
		})
	}
}

func TestNextPage(t *testing.T) {
	t.Parallel()
	links := func(next string) []linked.Link {
		items := []*int{new(4)}
		page := (&linked.NextPage[int]{Items: items, Next: next}).Linked()
		assert.Equal(t, items, page.Items)
		return page.Links
	}
	assert.Empty(t, links(""))
	assert.Equal(t, []linked.Link{{Rel: "next", Href: "https://example.com/x?limit=1"}}, links("https://example.com/x?limit=1"))
	assert.Nil(t, (*linked.NextPage[int])(nil).Linked())
}

func TestCheckPaging(t *testing.T) {
	t.Parallel()
	require.NoError(t, linked.CheckPaging("op", 0, 0))
	var e *nhncloud.Error
	require.ErrorAs(t, linked.CheckPaging("op", -1, -1), &e)
	assert.Equal(t, "Limit, Offset", e.Field)
	assert.Equal(t, "op", e.Operation)
}

func TestListed(t *testing.T) {
	t.Parallel()
	item := new(1)
	items, err := linked.Listed(&linked.Page[int]{Items: []*int{nil, item}}, nil)
	require.NoError(t, err)
	assert.Equal(t, []*int{item}, items)
	items, err = linked.Listed[int](nil, nhncloud.ErrNotFound)
	assert.Nil(t, items)
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
}
