package compute_test

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const host = "https://kr1-api-instance-infrastructure.nhncloudservice.com"

// links are the links that the service gives with a resource.
func links(kind, id string) []compute.Link {
	return append([]compute.Link{{Href: apitest.ComputeURL + "/" + kind + "/" + id, Rel: "self"}}, bookmark(kind, id)...)
}

func bookmark(kind, id string) []compute.Link {
	return []compute.Link{{Href: host + "/" + apitest.TenantID + "/" + kind + "/" + id, Rel: "bookmark"}}
}

// idPage is a page of a listing with resources that have an id alone. Further
// members, such as a link to the next page, can go beside it.
func idPage(kind string, ids []string, members ...string) string {
	items := make([]string, 0, len(ids))
	for _, id := range ids {
		items = append(items, `{"id": "`+id+`"}`)
	}
	members = append([]string{`"` + kind + `": [` + strings.Join(items, ",") + `]`}, members...)
	return "{" + strings.Join(members, ",") + "}"
}

// exchange is a page that a walk over a listing is expected to fetch.
type exchange struct{ query, body string }

// down in place of the body of a page stands for a service that is down.
const down = "down"

// walk is a walk over a listing.
type walk struct {
	pages []exchange
	ids   []string // that the loop gets
	err   error    // that it ends with
	stop  int      // ends the loop after so many items
}

// run expects the pages below url, and walks.
func (w walk) run(t *testing.T, operation, url string, all func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error]) {
	t.Helper()
	m := apitest.New(t)
	for _, page := range w.pages {
		reply := apitest.Reply{Body: page.body}
		if page.body == down {
			reply = apitest.Reply{Status: http.StatusServiceUnavailable}
		}
		m.Expect(apitest.Want{Operation: operation, Method: http.MethodGet, URL: url + page.query}, reply)
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
		if len(ids) == w.stop {
			break
		}
	}
	assert.Equal(t, w.ids, ids)
	if w.err == nil {
		assert.NoError(t, err)
		return
	}
	var e *nhncloud.Error
	assert.ErrorIs(t, err, w.err)
	assert.ErrorAs(t, err, &e)
}

// idsOf makes the walk over resources one over their ids.
func idsOf[T any](all iter.Seq2[*T, error], id func(*T) string) iter.Seq2[string, error] {
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

// onePage is a page as the walk that ends with it.
func onePage[T any](items []*T, err error, id func(*T) string) iter.Seq2[string, error] {
	return idsOf(func(yield func(*T, error) bool) {
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
