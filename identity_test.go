package nhncloud_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const (
	identityTenant = "f5073eaa26b64cffbee89411df94ce01"
	identityToken  = "e42a092ed6ee4d99949bf25f5f6ecc60"
	appKeyToken    = "9a0cbcd2c5d44a0ab3d5a9d4b2f3d1ee"
)

// identityClient returns a client with the account of the documented payloads.
// Its one request has to be the one that is wanted.
func identityClient(t *testing.T, method, url, body string, reply step) (*nhncloud.Client, *script) {
	t.Helper()
	s := &script{steps: []step{func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, method, r.Method)
		assert.Equal(t, url, r.URL.String())
		assert.Equal(t, []string{"application/json"}, r.Header["Accept"])
		assert.NotContains(t, r.Header, "X-Auth-Token", "a login has no token to show")
		if body == "" {
			assert.NotContains(t, r.Header, "Content-Type")
		} else {
			assert.Equal(t, []string{"application/json"}, r.Header["Content-Type"])
		}
		return reply(r)
	}}}
	config := nhncloud.Config{
		Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: identityTenant, AppKey: "wZbYtXaQkLmNoPqR", Username: "user@example.com", Password: "secretsecret",
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithHTTPClient(&http.Client{Transport: s}), nhncloud.WithMiddleware(apitest.Record), nhncloud.WithRetry(nhncloud.NoRetry))
	require.NoError(t, err)
	t.Cleanup(func() {
		if assert.Len(t, s.sent, 1) && body != "" {
			assert.JSONEq(t, body, s.sent[0])
		}
	})
	return client, s
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return string(content)
}

// identityCalls are the three operations on tokens, each with the request that
// it has to send.
var identityCalls = map[string]struct {
	method, url string
	body        string // file
	call        func(context.Context, *nhncloud.Client) (*nhncloud.Token, error)
}{
	"identity-v2-create-token": {
		http.MethodPost, "https://api-identity-infrastructure.nhncloudservice.com/v2.0/tokens", "identity-v2-create-token.request.json",
		func(ctx context.Context, c *nhncloud.Client) (*nhncloud.Token, error) {
			return c.IssueToken(ctx, identityTenant)
		},
	},
	"identity-v1-create-token": {
		http.MethodPost, "https://api-compute.cloud.toast.com/compute/v1.0/appkeys/wZbYtXaQkLmNoPqR/tokens", "identity-v1-create-token.request.json",
		func(ctx context.Context, c *nhncloud.Client) (*nhncloud.Token, error) { return c.IssueAppKeyToken(ctx) },
	},
	"identity-v1-get-token": {
		http.MethodGet, "https://api-compute.cloud.toast.com/compute/v1.0/appkeys/wZbYtXaQkLmNoPqR/tokens?id=" + appKeyToken, "",
		func(ctx context.Context, c *nhncloud.Client) (*nhncloud.Token, error) {
			return c.GetAppKeyToken(ctx, appKeyToken)
		},
	},
}

// identityCall makes one of them against a reply.
func identityCall(t *testing.T, operation string, reply step) (*nhncloud.Token, error) {
	t.Helper()
	x := identityCalls[operation]
	body := ""
	if x.body != "" {
		body = fixture(t, x.body)
	}
	client, _ := identityClient(t, x.method, x.url, body, reply)
	return x.call(t.Context(), client)
}

func TestIssueToken(t *testing.T) {
	t.Parallel()
	token, err := identityCall(t, "identity-v2-create-token", answer(200, fixture(t, "identity-v2-create-token.response.json")))
	require.NoError(t, err)
	both := func(service, name, kr2, kr1 string) nhncloud.CatalogEntry {
		return nhncloud.CatalogEntry{Type: service, Name: name, Endpoints: []nhncloud.CatalogEndpoint{{Region: "KR2", PublicURL: kr2}, {Region: "KR1", PublicURL: kr1}}}
	}
	const tenant = "/v2/" + identityTenant
	assert.Equal(t, &nhncloud.Token{
		ID:        identityToken,
		ExpiresAt: time.Date(2020, 4, 29, 15, 31, 21, 0, time.UTC),
		IssuedAt:  time.Date(2020, 4, 29, 3, 32, 28, 405000, time.UTC),
		TenantID:  identityTenant,
		UserID:    "436f727b7c9142f896ddd56be591dd7f",
		Roles:     []string{"project_admin"},
		Catalog: nhncloud.Catalog{
			both("compute", "nova", "https://kr2-api-instance-infrastructure.nhncloudservice.com"+tenant, "https://kr1-api-instance-infrastructure.nhncloudservice.com"+tenant),
			both("image", "glance", "https://kr2-api-image-infrastructure.nhncloudservice.com", "https://kr1-api-image-infrastructure.nhncloudservice.com"),
			{Type: "identity", Name: "keystone", Endpoints: []nhncloud.CatalogEndpoint{{Region: "KR1", PublicURL: "https://api-identity-infrastructure.nhncloudservice.com/v2.0"}}},
			both("key-manager", "barbican", "https://kr2-api-key-manager-infrastructure.nhncloudservice.com", "https://kr1-api-key-manager-infrastructure.nhncloudservice.com"),
			both("volumev2", "cinderv2", "https://kr2-api-block-storage-infrastructure.nhncloudservice.com"+tenant, "https://kr1-api-block-storage-infrastructure.nhncloudservice.com"+tenant),
			both("network", "neutron", "https://kr2-api-network-infrastructure.nhncloudservice.com", "https://kr1-api-network-infrastructure.nhncloudservice.com"),
		},
	}, token)
}

func TestIssueTokenForObjectStorage(t *testing.T) {
	t.Parallel()
	token, err := identityCall(t, "identity-v2-create-token", answer(200, fixture(t, "identity-v2-create-token.response.objectstorage.json")))
	require.NoError(t, err)
	assert.Equal(t, &nhncloud.Token{
		ID:        "b587ae461278419da6ecd21a2344c8aa",
		ExpiresAt: time.Date(2018, 1, 15, 8, 5, 5, 0, time.UTC),
		IssuedAt:  time.Date(2018, 1, 15, 7, 5, 5, 719672000, time.UTC),
		TenantID:  "*****",
		Catalog: nhncloud.Catalog{{Type: "object-store", Name: "swift", Endpoints: []nhncloud.CatalogEndpoint{
			{Region: "KR1", PublicURL: "https://kr1-api-object-storage.nhncloudservice.com/v1/AUTH_6dbc368b94894416bec4cdfc65b5e067"},
		}}},
	}, token)
}

func TestAppKeyTokens(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"identity-v1-create-token", "identity-v1-get-token"} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			token, err := identityCall(t, operation, answer(200, fixture(t, operation+".response.json")))
			require.NoError(t, err)
			assert.Equal(t, &nhncloud.Token{
				ID:        appKeyToken,
				ExpiresAt: time.Date(2020, 4, 29, 15, 31, 21, 0, time.UTC),
				IssuedAt:  time.Date(2020, 4, 29, 14, 31, 21, 405000, time.UTC),
				UserID:    "436f727b7c9142f896ddd56be591dd7f",
				Roles:     []string{"project_admin"},
			}, token)

			// The same with a header that calls it a failure is one.
			failed := regexp.MustCompile(`"isSuccessful"\s*:\s*true`).ReplaceAllString(fixture(t, operation+".response.json"), `"isSuccessful": false`)
			require.Contains(t, failed, `"isSuccessful": false`)
			token, err = identityCall(t, operation, answer(200, failed))
			assert.Nil(t, token)
			assertKind(t, nhncloud.ErrServerFault, asError(t, err))
		})
	}
}

// A wrong password, an unknown token, and everything else that can be wrong
// with a login.
func TestTokensFail(t *testing.T) {
	t.Parallel()
	var wrong recording
	require.NoError(t, json.Unmarshal([]byte(fixture(t, "errors/identity/err_401_bad_password.json")), &wrong))
	const success = `"header": {"isSuccessful": true, "resultCode": 0}, `
	for operation := range identityCalls {
		v1 := operation != "identity-v2-create-token"
		sentSecret := "secretsecret"
		if operation == "identity-v1-get-token" {
			sentSecret = appKeyToken
		}
		for name, test := range map[string]struct {
			reply step
			kind  error
			text  string
		}{
			"wrong password":  {wrong.answer(), nhncloud.ErrUnauthorized, "401 Unauthorized: The request you have made requires authentication"},
			"envelope":        {answer(200, envelope(50401, "FAIL: wrong password")), nhncloud.ErrUnauthorized, "resultCode 50401: FAIL: wrong password"},
			"unknown":         {answer(200, envelope(50404, "FAIL: no token")), nhncloud.ErrNotFound, "resultCode 50404: FAIL: no token"},
			"repeats all":     {answer(400, "What are "+sentSecret+" and secretsecret?"), nhncloud.ErrInvalidArgument, "400 Bad Request: What are [REDACTED] and"},
			"service down":    {answer(503, ""), nhncloud.ErrUnavailable, "503 Service Unavailable"},
			"no connection":   {fails(errors.New("refused")), nhncloud.ErrUnavailable, "refused"},
			"HTML":            {answer(200, "<html>"+marker), nhncloud.ErrBadAnswer, "the answer can't be read: not as documented"},
			"truncated":       {answer(200, `{`+success+`"access": {"token": {"id": "`+marker), nhncloud.ErrBadAnswer, "unexpected EOF"},
			"no token":        {answer(200, `{`+success+`"access": {"user": {"id": "x"}}}`), nhncloud.ErrBadAnswer, "the answer has no token"},
			"token elsewhere": {answer(200, `{`+success+`"access": {"token": "`+marker+`"}}`), nhncloud.ErrBadAnswer, "not as documented"},
			"flat":            {answer(200, `{`+success+`"token": "`+marker+`"}`), nhncloud.ErrBadAnswer, "not as documented"},
		} {
			if !v1 && (name == "envelope" || name == "unknown") {
				continue
			}
			t.Run(operation+" "+name, func(t *testing.T) {
				t.Parallel()
				token, err := identityCall(t, operation, test.reply)
				assert.Nil(t, token)
				e := asError(t, err)
				assertKind(t, test.kind, e)
				assert.Equal(t, operation, e.Operation)
				assert.ErrorContains(t, err, test.text)
				const advice = "the password has to be the API password"
				wantAdvice := test.kind == nhncloud.ErrUnauthorized && operation != "identity-v1-get-token"
				assert.Equal(t, wantAdvice, strings.Contains(err.Error(), advice), err)
				assertHidden(t, err, marker, "secretsecret", appKeyToken, "wZbYtXaQkLmNoPqR")
			})
		}
	}
}

func TestTokensAreAskedForRightly(t *testing.T) {
	t.Parallel()
	client, sent := scriptClient(t, nil, answer(200, "{}"))
	_, err := client.IssueToken(t.Context(), "")
	requireRefused(t, err, "tenantID")
	_, err = client.GetAppKeyToken(t.Context(), "")
	requireRefused(t, err, "id")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, x := range identityCalls {
		_, err = x.call(ctx, client)
		require.ErrorIs(t, err, context.Canceled)
	}
	assert.Zero(t, sent.count())
}

// A call that fails because its login does tells which of the two failed.
func TestCallsWithoutAToken(t *testing.T) {
	t.Parallel()
	for service, operation := range map[nhncloud.Service]string{nhncloud.ServiceNetwork: "identity-v2-create-token", nhncloud.ServiceAppKey: "identity-v1-create-token"} {
		x := identityCalls[operation]
		client, sent := identityClient(t, x.method, x.url, fixture(t, x.body), func(r *http.Request) (*http.Response, error) {
			if service == nhncloud.ServiceAppKey {
				return answer(200, envelope(-1, "FAIL: wrong password"))(r)
			}
			return answer(401, `{"error": {"code": 401, "title": "Unauthorized", "message": "wrong password"}}`)(r)
		})
		err := client.Do(t.Context(), call(service, "/v2.0/networks"), nil)
		e := asError(t, err)
		assertKind(t, nhncloud.ErrUnauthorized, e)
		assert.Equal(t, operation, e.Operation)
		assert.Equal(t, 1, e.Attempts)
		assert.ErrorContains(t, err, "wrong password")
		assert.ErrorContains(t, err, "the password has to be the API password")
		assert.Equal(t, 1, sent.count())
	}
}

// No stranger gets the account: a login is not redirected.
func TestLoginIsNotRedirected(t *testing.T) {
	t.Parallel()
	for operation, x := range identityCalls {
		if x.body == "" {
			continue
		}
		for _, status := range []int{301, 302, 303, 307, 308} {
			token, err := identityCall(t, operation, func(r *http.Request) (*http.Response, error) {
				if r.Body != nil {
					_, _ = io.Copy(io.Discard, r.Body)
				}
				return answer(status, "", "Location", "https://evil.example.com/v2.0/tokens")(r)
			})
			assert.Nil(t, token)
			assert.Equal(t, status, asError(t, err).StatusCode)
		}
	}
}
