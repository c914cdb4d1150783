package objectstorage_test

import (
	"io"
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

// A URL that the client makes opens the object for somebody who has no token,
// until the key changes.
func TestTempURLOfTheClient(t *testing.T) {
	t.Parallel()
	cloud, client := apitest.NewCloud(t)
	storage := objectstorage.New(client)
	ctx := t.Context()
	_, err := storage.Containers.Create(ctx, "box", nil)
	require.NoError(t, err)
	require.NoError(t, storage.Containers.SetTempURLKey(ctx, "box", "the key"))
	_, err = storage.Objects.Put(ctx, "box", "사진/a b", strings.NewReader("content"), nil)
	require.NoError(t, err)

	signed, err := storage.Objects.TempURL(ctx, "the key", objectstorage.TempURLOptions{Container: "box", Name: "사진/a b", Expires: cloud.Now().Add(time.Hour)})
	require.NoError(t, err)
	stranger, err := nhncloud.NewClient(nhncloud.Config{Region: nhncloud.KR1, TenantID: "stranger"}, nhncloud.WithTokenSource(nhncloud.StaticToken("none")),
		nhncloud.WithInsecureHTTP(), nhncloud.WithMiddleware(apitest.Record), nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				assert.NotContains(t, r.Header, "X-Auth-Token")
				return next.RoundTrip(r)
			})
		}))
	require.NoError(t, err)
	objects := objectstorage.New(stranger).Objects
	resp, err := objects.OpenTempURL(ctx, signed)
	require.NoError(t, err)
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, "content", string(b))

	require.NoError(t, storage.Containers.SetTempURLKey(ctx, "box", "another key"))
	_, err = objects.OpenTempURL(ctx, signed)
	require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
	assert.NotContains(t, err.Error(), signed[strings.LastIndex(signed, "=")+1:], "the signature is hidden")

	for _, wrong := range []string{"", "x", "https://example.com/v1/AUTH_x/box", "https://example.com/x", "/v1/a/b/c", ":"} {
		_, err = objects.OpenTempURL(ctx, wrong)
		require.ErrorIs(t, err, nhncloud.ErrInvalidArgument, "%q", wrong)
	}
	_, err = storage.Objects.TempURL(ctx, "", objectstorage.TempURLOptions{Container: "box", Name: "x", Lifetime: time.Hour})
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
}
