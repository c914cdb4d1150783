package apitest

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// Success is a good answer of the v1.0 API. Its members, such as
// `"volumes": []`, come beside the header.
func Success(members ...string) Reply {
	return Reply{Body: `{"header": {"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}` + strings.Join(append([]string{""}, members...), ", ") + `}`}
}

// Failure is the answer of the v1.0 API to a call that failed.
func Failure(code int, message string) Reply {
	return Reply{Body: fmt.Sprintf(`{"header": {"isSuccessful": false, "resultCode": %d, "resultMessage": %q}}`, code, message)}
}

// LookUp is an operation of the v1.0 API that answers with a list, of all
// resources or of the one that its query names.
type LookUp[T any] struct {
	All   Want   // the request for all
	Key   string // of the list in the answer
	By    string // the member that names a resource, which is that of the query too: "id" or "name"
	Field string // what errors call it
	Reply Reply  // documented, with Items; testdata/<operation>.response.json where it is zero
	Items []*T
	Lists map[string][]*T  // further lists in JSON, with what they have to become
	Name  func(*T) *string // the member By
	List  func(ctx context.Context, client *nhncloud.Client) ([]*T, error)
	Get   func(ctx context.Context, client *nhncloud.Client, name string) (*T, error) // nil where there is none
}

// Check runs the operation on its documented answer and on what else may come.
func (l LookUp[T]) Check(t *testing.T) {
	t.Helper()
	if l.Reply.Body == "" {
		l.Reply.Body = "@" + l.All.Operation + ".response.json"
	}
	t.Run("List", func(t *testing.T) {
		t.Parallel()
		l.checkList(t)
	})
	if l.Get != nil {
		t.Run("Get", func(t *testing.T) {
			t.Parallel()
			l.checkGet(t)
		})
	}
}

// list is an answer with resources that have the member By alone.
func (l LookUp[T]) list(names ...string) Reply {
	return Success(`"` + l.Key + `": ` + strings.ReplaceAll(IDList(names...), `"id"`, `"`+l.By+`"`))
}

func (l LookUp[T]) named(name string) *T {
	item := new(T)
	*l.Name(item) = name
	return item
}

func (l LookUp[T]) checkList(t *testing.T) {
	t.Helper()
	Check(t, l.All, l.Reply, l.Items, l.List)
	lists := map[string][]*T{`[]`: {}, `[null, {"` + l.By + `": "a"}, null]`: {l.named("a")}}
	maps.Copy(lists, l.Lists)
	for list, want := range lists {
		t.Run(list, func(t *testing.T) {
			t.Parallel()
			m := New(t)
			m.Expect(l.All, Success(`"`+l.Key+`": `+list))
			items, err := l.List(t.Context(), m.Client)
			require.NoError(t, err)
			assert.Equal(t, want, items)
		})
	}
	// A program that tidies up would take all that it knows for gone.
	t.Run("null is no empty list", func(t *testing.T) {
		t.Parallel()
		m := New(t)
		m.Expect(l.All, Success(`"`+l.Key+`": null`))
		items, err := l.List(t.Context(), m.Client)
		assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
		assert.Nil(t, items)
	})
}

// oddNames are names with their form in a query, of which they must not become
// a part.
var oddNames = map[string]string{
	"two words": "two+words", "100%": "100%25", "a%2Fb": "a%252Fb", "a&id=b": "a%26id%3Db", "a&name=b": "a%26name%3Db", "a+b": "a%2Bb", "#1": "%231",
	"a?": "a%3F", "me@example": "me%40example", "배포 키": "%EB%B0%B0%ED%8F%AC+%ED%82%A4", "...": "...",
}

// one is the request for the one of the name.
func (l LookUp[T]) one(escaped string) Want {
	want := l.All
	want.URL += "?" + l.By + "=" + escaped
	return want
}

func (l LookUp[T]) checkGet(t *testing.T) {
	t.Helper()
	for _, item := range l.Items {
		name := *l.Name(item)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			Check(t, l.one(name), l.Reply, item, func(ctx context.Context, client *nhncloud.Client) (*T, error) { return l.Get(ctx, client, name) })
		})
	}
	RefusedSegments(t, l.All.Operation, l.Field, func(ctx context.Context, client *nhncloud.Client, name string) error {
		_, err := l.Get(ctx, client, name)
		return err
	})
	for name, escaped := range oddNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := New(t)
			m.Expect(l.one(escaped), l.list(name))
			item, err := l.Get(t.Context(), m.Client, name)
			require.NoError(t, err)
			assert.Equal(t, l.named(name), item)
		})
	}
	// What matters is whether the wanted one is on the list.
	for name, test := range map[string]struct {
		reply Reply
		err   error
	}{
		"alone":      {l.list("abc"), nil},
		"among more": {Success(`"` + l.Key + `": [null, {"` + l.By + `": "b"}, {"` + l.By + `": "abc"}]`), nil},
		"none":       {l.list(), nhncloud.ErrNotFound},
		"null":       {Success(`"` + l.Key + `": null`), nhncloud.ErrNotFound},
		"another":    {Success(`"` + l.Key + `": [null, {"` + l.By + `": "b"}, {"` + l.By + `": ""}]`), nhncloud.ErrNotFound},
		"like it":    {l.list("abcd", "bc", "ABC"), nhncloud.ErrNotFound},
		"said so":    {Failure(-5, "FAIL: resource does not exist"), nhncloud.ErrNotFound},
		"no list":    {Success(`"` + l.Key + `": {"` + l.By + `": "abc"}`), nhncloud.ErrBadAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := New(t)
			m.Expect(l.one("abc"), test.reply)
			item, err := l.Get(t.Context(), m.Client, "abc")
			if test.err == nil {
				require.NoError(t, err)
				assert.Equal(t, l.named("abc"), item)
				return
			}
			assert.ErrorIs(t, err, test.err)
			assert.ErrorContains(t, err, l.All.Operation)
			assert.Nil(t, item)
		})
	}
}

// CheckRemoval runs a deletion of the v1.0 API, which names the resource in its
// query. By and field are those of [LookUp], name is that of the fixture
// testdata/<operation>.response.json.
func CheckRemoval(t *testing.T, operation, url, by, field, name string, remove func(ctx context.Context, client *nhncloud.Client, name string) error) {
	t.Helper()
	want := func(escaped string) Want {
		return Want{Operation: operation, Method: http.MethodDelete, URL: url + "?" + by + "=" + escaped}
	}
	reply := Reply{Body: "@" + operation + ".response.json"}
	CheckEmpty(t, want(name), reply, func(ctx context.Context, client *nhncloud.Client) error { return remove(ctx, client, name) })
	RefusedSegments(t, operation, field, remove)
	for name, escaped := range oddNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := New(t)
			m.Expect(want(escaped), reply)
			require.NoError(t, remove(t.Context(), m.Client, name))
		})
	}
}
