package objectstorage_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
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

// No error shows the signature, whether the URL is not well formed or the service
// repeats it.
func TestTempURLStaysSecret(t *testing.T) {
	t.Parallel()
	const signature = "c0ffee5a1a0b9e84d1f7c2b3a4958677deadbeef00112233445566778899aabb"
	hides := func(t *testing.T, err error) {
		t.Helper()
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		text := fmt.Sprintf("%v\n%+v\n%#v\n%s\n%v\n%s", err, err, e, e.Body, e.Header, e.LogValue())
		for i := 0; i+12 <= len(signature); i += 12 {
			assert.NotContains(t, text, signature[i:i+12])
		}
	}
	const object, expires = "https://example.com/v1/AUTH_x/box/a", "temp_url_expires=1700000000"
	for name, tempURL := range map[string]string{
		"space":                   object + "?temp_url_sig=" + signature[:20] + " " + signature[20:] + "&" + expires,
		"bad escape":              object + "?temp_url_sig=" + signature + "%zz&" + expires,
		"bad escape before":       object + "?x=%g&temp_url_sig=" + signature + "&" + expires,
		"fragment":                object + "?" + expires + "#temp_url_sig=" + signature,
		"empty fragment":          object + "?temp_url_sig=" + signature + "&" + expires + "#",
		"capitals":                object + "?TEMP_URL_SIG=" + signature + "&" + expires,
		"some capitals":           object + "?temp_url_sig=" + signature + "&Temp_Url_Expires=1",
		"semicolon":               object + "?temp_url_sig=" + signature + ";" + expires,
		"semicolon in it":         object + "?temp_url_sig=" + signature[:20] + ";" + signature[20:] + "&" + expires,
		"user":                    "https://" + signature + ":" + signature + "@example.com/v1/AUTH_x/box/a?temp_url_sig=" + signature + "&" + expires,
		"twice":                   object + "?temp_url_sig=" + signature + "&temp_url_sig=" + signature + "&" + expires,
		"no end":                  object + "?temp_url_sig=" + signature,
		"no signature":            object + "?" + expires,
		"in the path":             "https://example.com/v1/AUTH_x/box?temp_url_sig=" + signature + "&" + expires,
		"control character":       object + "?temp_url_sig=" + signature + "\x01&" + expires,
		"no ASCII":                object + "?temp_url_sig=" + signature + "한&" + expires,
		"other scheme":            "ftp://example.com/v1/AUTH_x/box/a?temp_url_sig=" + signature + "&" + expires,
		"bad host":                "https://exa mple.com/v1/AUTH_x/box/a?temp_url_sig=" + signature + "&" + expires,
		"name that can't be sent": "https://example.com/v1/AUTH_x/box/a/../b?temp_url_sig=" + signature + "&" + expires,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := objectstorage.New(apitest.New(t).Client).Objects.OpenTempURL(t.Context(), tempURL)
			require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
			hides(t, err)
		})
	}
	for status, step := range map[int]http.HandlerFunc{
		401: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("X-Debug", r.RequestURI)
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, "<html><h1>Unauthorized</h1><p>%s</p><p>%s</p><p>%s</p></html>", r.RequestURI, strings.ReplaceAll(r.RequestURI, "&", "&amp;"), url.QueryEscape(r.RequestURI))
		},
		404: func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprintf(w, "{\"message\": %q}", r.RequestURI)
		},
		204: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) },
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			s := newScript(t, step)
			client, err := s.client.With(nhncloud.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			require.NoError(t, err)
			account, err := client.URL(t.Context(), nhncloud.Request{Service: nhncloud.ServiceObjectStorage, Method: http.MethodGet, Path: "/v1/{Account}"})
			require.NoError(t, err)
			_, err = objectstorage.New(client).Objects.OpenTempURL(t.Context(), account.String()+"/box/a?temp_url_sig="+signature+"&"+expires)
			hides(t, err)
			assert.NotEmpty(t, log.String())
			assert.NotContains(t, log.String(), signature[:12])
			assert.Contains(t, s.arrival(1).uri, "temp_url_sig="+signature)
		})
	}
}
