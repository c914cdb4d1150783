package nhncloud_test

import (
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// book gives out its pages by their markers and notes which were asked for.
type book struct {
	pages map[string]nhncloud.Page[int]
	asked []string
}

func (b *book) fetch(marker string) (nhncloud.Page[int], error) {
	b.asked = append(b.asked, marker)
	page, ok := b.pages[marker]
	if !ok {
		return nhncloud.Page[int]{Items: []int{-1}}, fmt.Errorf("no page %q", marker)
	}
	return page, nil
}

func page(next string, items ...int) nhncloud.Page[int] {
	return nhncloud.Page[int]{Items: items, Next: next}
}

func TestPaginate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pages map[string]nhncloud.Page[int]
		start string
		want  []int
		asked []string
		err   string
	}{
		"empty":           {map[string]nhncloud.Page[int]{"": page("")}, "", nil, []string{""}, ""},
		"one page":        {map[string]nhncloud.Page[int]{"": page("", 1, 2)}, "", []int{1, 2}, []string{""}, ""},
		"three pages":     {map[string]nhncloud.Page[int]{"": page("a", 1, 2), "a": page("b", 3), "b": page("", 4)}, "", []int{1, 2, 3, 4}, []string{"", "a", "b"}, ""},
		"from the middle": {map[string]nhncloud.Page[int]{"": page("a", 1, 2), "a": page("b", 3), "b": page("", 4)}, "a", []int{3, 4}, []string{"a", "b"}, ""},
		"empty pages":     {map[string]nhncloud.Page[int]{"": page("a", 1), "a": page("b"), "b": page("c"), "c": page("", 2)}, "", []int{1, 2}, []string{"", "a", "b", "c"}, ""},
		"error at once":   {nil, "x", nil, []string{"x"}, `no page "x"`},
		"error later":     {map[string]nhncloud.Page[int]{"": page("a", 1, 2)}, "", []int{1, 2}, []string{"", "a"}, `no page "a"`},
		"same marker":     {map[string]nhncloud.Page[int]{"": page("a", 1), "a": page("a", 2)}, "", []int{1, 2}, []string{"", "a"}, "the listing came back"},
		"back to start":   {map[string]nhncloud.Page[int]{"s": page("a", 1), "a": page("s", 2)}, "s", []int{1, 2}, []string{"s", "a"}, "the listing came back"},
		"circle":          {map[string]nhncloud.Page[int]{"": page("a", 1), "a": page("b", 2), "b": page("c", 3), "c": page("b", 4)}, "", []int{1, 2, 3, 4}, []string{"", "a", "b", "c"}, "the listing came back"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &book{pages: test.pages}
			got, err := nhncloud.Collect(nhncloud.Paginate(test.start, b.fetch))
			assert.Equal(t, test.want, got)
			assert.Equal(t, test.asked, b.asked)
			if test.err == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.err)
			assert.Equal(t, test.want != nil && len(test.asked) > 1 && b.pages[test.asked[len(test.asked)-1]].Next != "", errors.Is(err, nhncloud.ErrBadAnswer))
		})
	}
}

// A page is fetched when the loop gets there, and not before.
func TestPaginateIsLazy(t *testing.T) {
	t.Parallel()
	pages := map[string]nhncloud.Page[int]{"": page("a", 1, 2), "a": page("b", 3), "b": page("", 4)}
	b := &book{pages: pages}
	seq := nhncloud.Paginate("", b.fetch)
	assert.Empty(t, b.asked)
	for item, err := range seq {
		require.NoError(t, err)
		if item == 2 {
			break
		}
	}
	assert.Equal(t, []string{""}, b.asked)
	for item := range seq { // a second loop begins anew
		if item == 3 {
			break
		}
	}
	assert.Equal(t, []string{"", "", "a"}, b.asked)

	next, stop := iter.Pull2(seq)
	item, err, ok := next()
	assert.Equal(t, 1, item)
	require.NoError(t, err)
	assert.True(t, ok)
	stop()
	assert.Len(t, b.asked, 4)
}

// An error comes once, with a zero item, and is the end.
func TestPaginateEndsWithTheError(t *testing.T) {
	t.Parallel()
	for _, pages := range []map[string]nhncloud.Page[int]{
		{"": page("gone", 1)},
		{"": page("a", 1), "a": page("a")},
	} {
		b := &book{pages: pages}
		var items []int
		var failures int
		for item, err := range nhncloud.Paginate("", b.fetch) {
			items = append(items, item)
			if err != nil {
				failures++
			}
		}
		assert.Equal(t, []int{1, 0}, items)
		assert.Equal(t, 1, failures)
		for range nhncloud.Paginate("", b.fetch) {
			break
		}
	}
}

func TestCollectNothing(t *testing.T) {
	t.Parallel()
	items, err := nhncloud.Collect(func(func(int, error) bool) {})
	require.NoError(t, err)
	assert.Nil(t, items)
	items, err = nhncloud.Collect(nhncloud.Paginate("", func(string) (nhncloud.Page[int], error) { return nhncloud.Page[int]{}, nhncloud.ErrForbidden }))
	require.ErrorIs(t, err, nhncloud.ErrForbidden)
	assert.Nil(t, items)
}
