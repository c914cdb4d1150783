package apitest

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
)

// Walk is a walk over a listing in pages.
type Walk struct {
	Pages []Page
	IDs   []string // that the loop gets
	Err   error    // that it ends with
	Stop  int      // ends the loop after so many items
}

// Page is a page that a walk is expected to fetch: the query, with its question
// mark, and the body, or [Down].
type Page [2]string

// Down in place of the body of a page stands for a service that is down.
const Down = "down"

// Run expects the pages below url, and walks.
func (w Walk) Run(t *testing.T, operation, url string, all func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error]) {
	t.Helper()
	m := New(t)
	for _, page := range w.Pages {
		query, body := page[0], page[1]
		reply := Reply{Body: body}
		if body == Down {
			reply = Reply{Status: http.StatusServiceUnavailable}
		}
		m.Expect(Want{Operation: operation, Method: http.MethodGet, URL: url + query}, reply)
	}
	var ids []string
	var err error
	for id, e := range all(t.Context(), m.Client) {
		if e != nil {
			assert.NoError(t, err, "the loop goes on after an error")
			assert.Empty(t, id)
			err = e
			continue
		}
		ids = append(ids, id)
		if len(ids) == w.Stop {
			break
		}
	}
	assert.Equal(t, w.IDs, ids)
	if w.Err == nil {
		assert.NoError(t, err)
		return
	}
	var e *nhncloud.Error
	assert.ErrorIs(t, err, w.Err)
	assert.ErrorAs(t, err, &e)
}

// IDsOf makes the walk over resources one over their ids.
func IDsOf[T any](all iter.Seq2[*T, error], id func(*T) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for item, err := range all {
			text := ""
			if item != nil {
				text = id(item)
			}
			if !yield(text, err) {
				return
			}
		}
	}
}

// OnePage is a page as the walk that ends with it.
func OnePage[T any](items []*T, err error, id func(*T) string) iter.Seq2[string, error] {
	return IDsOf(func(yield func(*T, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}, id)
}

// IDList is a JSON array of resources that have an id alone.
func IDList(ids ...string) string {
	items := make([]string, 0, len(ids))
	for _, id := range ids {
		items = append(items, `{"id": "`+id+`"}`)
	}
	return "[" + strings.Join(items, ", ") + "]"
}
