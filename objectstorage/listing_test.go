package objectstorage_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func documentedEntries() []*objectstorage.ObjectEntry {
	return []*objectstorage.ObjectEntry{
		{
			Name: "ba6610.jpg", Hash: "bad093d7f49dc495751cb3f7f8b2530c", Bytes: 148585, ContentType: "image/jpeg",
			LastModified: time.Date(2022, 5, 30, 15, 16, 43, 289700000, time.UTC),
		},
		{
			Name: "20d33f.jpg", Hash: "6ce1ad6b1a8a4f0d9a4cfb4f8f0ff2f4", Bytes: 2097152, ContentType: "image/jpeg",
			LastModified: time.Date(2022, 5, 30, 15, 16, 44, 0, time.UTC), SLOETag: `"1c7a3f7e5bb9e5a1b0f4ef3f9e6e3a52"`,
		},
		{Subdir: "31466f/"},
	}
}

func TestObjectsList(t *testing.T) {
	t.Parallel()
	const operation = "objectstorage-list-objects"
	want := apitest.Want{Operation: operation, Method: http.MethodGet, URL: containerURL + "?format=json"}
	list := func(ctx context.Context, client *nhncloud.Client, container string) ([]*objectstorage.ObjectEntry, error) {
		return objectstorage.New(client).Objects.List(ctx, container, nil)
	}
	checkList(t, want, apitest.Reply{Body: "@" + operation + ".response.json"}, documentedEntries(), func(ctx context.Context, client *nhncloud.Client) ([]*objectstorage.ObjectEntry, error) {
		return list(ctx, client, "photos")
	})
	checkContainerName(t, want, apitest.Reply{Body: "[]"}, func(ctx context.Context, client *nhncloud.Client, name string) error {
		_, err := list(ctx, client, name)
		return err
	})
	t.Run("options", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		want := want
		want.URL = containerURL + "?delimiter=%2F&end_marker=z%F0%9F%98%80&format=json&limit=5&marker=a+%26+b&prefix=100%25%2B"
		m.Expect(want, apitest.Reply{Body: "[]"})
		entries, err := objectstorage.New(m.Client).Objects.List(t.Context(), "photos", &objectstorage.ObjectListOptions{
			Prefix: "100%+", Delimiter: "/", Marker: "a & b", EndMarker: "z😀", Limit: 5,
		})
		require.NoError(t, err)
		assert.Empty(t, entries)
		refusing(t, operation, "Limit", func(ctx context.Context, objects *objectstorage.ObjectsService) error {
			_, err := objects.List(ctx, "photos", &objectstorage.ObjectListOptions{Limit: -1})
			return err
		})
	})
	t.Run("no content", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Reply{Status: http.StatusNoContent})
		entries, err := list(t.Context(), m.Client, "photos")
		require.NoError(t, err)
		assert.Equal(t, []*objectstorage.ObjectEntry{}, entries)
	})
}

// entriesNamed is a page of a listing.
func entriesNamed(names ...string) string {
	entries := make([]string, len(names))
	for i, name := range names {
		member := "name"
		if strings.HasSuffix(name, "/") {
			member = "subdir"
		}
		entries[i] = fmt.Sprintf(`{%q: %q}`, member, name)
	}
	return "[" + strings.Join(entries, ",") + "]"
}

func TestObjectsAll(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pages   []string // query, and what it is answered with
		options *objectstorage.ObjectListOptions
		stop    int
		names   []string
		kind    error
	}{
		"empty": {pages: []string{"format=json", "[]"}},
		"pages": {
			pages: []string{"format=json", entriesNamed("a", "b"), "format=json&marker=b", entriesNamed("c"), "format=json&marker=c", "[]"},
			names: []string{"a", "b", "c"},
		},
		"options": {
			pages: []string{
				"delimiter=%2F&format=json&limit=2&marker=a&prefix=p", entriesNamed("b", "c/"),
				"delimiter=%2F&format=json&limit=2&marker=c%2F&prefix=p", "[]",
			},
			options: &objectstorage.ObjectListOptions{Prefix: "p", Delimiter: "/", Marker: "a", Limit: 2},
			names:   []string{"b", "c/"},
		},
		"stopped": {pages: []string{"format=json", entriesNamed("a", "b")}, stop: 1, names: []string{"a"}},
		"failure": {
			pages: []string{"format=json", entriesNamed("a"), "format=json&marker=a", "down"},
			names: []string{"a"}, kind: nhncloud.ErrUnavailable,
		},
		"same page again": {
			pages: []string{"format=json", entriesNamed("a"), "format=json&marker=a", entriesNamed("a")},
			names: []string{"a", "a"}, kind: nhncloud.ErrBadAnswer,
		},
		"no names": {pages: []string{"format=json", "[{}]"}, kind: nhncloud.ErrBadAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			for i := 0; i < len(test.pages); i += 2 {
				reply := apitest.Reply{Body: test.pages[i+1]}
				if reply.Body == "down" {
					reply.Status = http.StatusServiceUnavailable
				}
				m.Expect(apitest.Want{Operation: "objectstorage-list-objects", Method: http.MethodGet, URL: containerURL + "?" + test.pages[i]}, reply)
			}
			var names []string
			var failure error
			all := objectstorage.New(m.Client).Objects.All(t.Context(), "photos", test.options)
			for entry, err := range all {
				if err != nil {
					assert.Nil(t, entry)
					failure = err
					continue
				}
				if names = append(names, entry.Name+entry.Subdir); len(names) == test.stop {
					break
				}
			}
			assert.Equal(t, test.names, names)
			if test.kind == nil {
				assert.NoError(t, failure)
				return
			}
			var e *nhncloud.Error
			require.ErrorAs(t, failure, &e)
			assert.ErrorIs(t, e, test.kind)
			assert.Equal(t, "objectstorage-list-objects", e.Operation)
		})
	}
}
