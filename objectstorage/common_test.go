package objectstorage_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// storageURL is the storage account of the client of a mock.
const storageURL = "https://kr1-api-object-storage.nhncloudservice.com/v1/AUTH_" + apitest.TenantID

const containerURL = storageURL + "/photos"

// oddNames are names of containers that have to be escaped in a path.
var oddNames = map[string]string{
	"100%":       "100%25",
	"a%2Fb":      "a%252Fb",
	"what?":      "what%3F",
	"#1":         "%231",
	"a+b":        "a+b",
	"me@example": "me@example",
	"사진":         "%EC%82%AC%EC%A7%84",
	"...":        "...",
}

// checkContainerName checks which names of containers a call refuses, how it
// escapes others, and that it tells when there is no such container.
func checkContainerName(t *testing.T, want apitest.Want, reply apitest.Reply, call func(ctx context.Context, client *nhncloud.Client, name string) error) {
	t.Helper()
	apitest.RefusedSegments(t, want.Operation, "Container", call)
	for how, name := range map[string]string{"long": strings.Repeat("x", 257), "not UTF-8": "\xff"} {
		t.Run("refused Container "+how, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, want.Operation, "Container", func(ctx context.Context, client *nhncloud.Client) error {
				return call(ctx, client, name)
			})
		})
	}
	for name, escaped := range oddNames {
		t.Run("name "+name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			want := want
			want.URL = strings.Replace(want.URL, "/photos", "/"+escaped, 1)
			m.Expect(want, reply)
			require.NoError(t, call(t.Context(), m.Client, name))
		})
	}
	t.Run("no container", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Reply{
			Status: http.StatusNotFound,
			Header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}},
			Body:   "<html><h1>Not Found</h1><p>The resource could not be found.</p></html>",
		})
		err := call(t.Context(), m.Client, "photos")
		assert.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
		assert.ErrorIs(t, err, nhncloud.ErrNotFound)
	})
}

// checkList is [apitest.Check] for answers that are a list without a wrapper.
func checkList[T any](t *testing.T, want apitest.Want, reply apitest.Reply, expected T, call func(ctx context.Context, client *nhncloud.Client) (T, error)) {
	t.Helper()
	t.Run("documented", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, reply)
		got, err := call(t.Context(), m.Client)
		require.NoError(t, err)
		assert.Equal(t, expected, got)
	})
	failing := func(ctx context.Context, client *nhncloud.Client) error {
		got, err := call(ctx, client)
		assert.Zero(t, got, "a failed call returns nothing else")
		return err
	}
	apitest.Failures(t, want, apitest.Reply{}, failing)
	for name, body := range map[string]string{
		"empty": "", "html": "<html><body>Welcome to the proxy</body></html>", "truncated": `[{"name": "a", "by`, "object": `{"hello": "world"}`,
		"numbers": `[1, 2]`, "text": "a\nb\n", "null": `null`, "wrong type": `[{"name": {}}]`,
	} {
		t.Run("unreadable "+name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(want, apitest.Reply{Body: body})
			err := failing(t.Context(), m.Client)
			assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
			if name == "empty" || name == "truncated" {
				assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
			}
		})
	}
}
