package computev1_test

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	instanceID = "7a37d8ec-b1dd-4f1f-8ba1-7f7b3ed1c9d4"
	volumeID   = "1b8f0d52-3f5d-4c2e-9bd6-4b5c3b3e0f11"
	flavorID   = "9cb4b0a4-9d0c-4d3c-8a8d-1f6a4a4a7f10"
	madeOf     = "8b9f8d47-b89b-45af-b1d6-3f7ce7e06a11" // image of the instance
)

// success is an answer with further members beside the header.
func success(members ...string) string {
	return `{"header": {"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}` + strings.Join(append([]string{""}, members...), ", ") + `}`
}

// idPage is a listing with resources that have an id alone.
func idPage(kind string, ids ...string) string {
	items := make([]string, 0, len(ids))
	for _, id := range ids {
		items = append(items, `{"id": "`+id+`"}`)
	}
	return success(`"` + kind + `": [` + strings.Join(items, ", ") + `]`)
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
