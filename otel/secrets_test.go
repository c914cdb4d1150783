package otelnhncloud_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

const (
	token    = "gAAAAABn-token-of-the-test-0123456789"
	password = "p4ssw0rd-of-the-test"
	appKey   = "appkey-of-the-test-0"
	storeKey = "temp-url-key-of-the-test"
	payload  = "-----BEGIN PRIVATE KEY----- MIIE-of-the-test"
	userData = "#!/bin/sh\necho sesame-of-the-test\n"
)

// parrot answers logins with the token, and all else with what it was sent: in
// its body, in headers and in a redirect.
func parrot(r *http.Request) (*http.Response, error) {
	answer := func(status int, body string) *http.Response {
		return &http.Response{
			StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Request: r, Body: io.NopCloser(strings.NewReader(body)),
			Header: http.Header{"Content-Type": {"application/json"}},
		}
	}
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	if strings.HasSuffix(r.URL.Path, "/tokens") {
		body, _ := json.Marshal(map[string]any{"access": map[string]any{"token": map[string]any{"id": token}}, "header": map[string]any{"isSuccessful": true}})
		return answer(200, string(body)), nil
	}
	all := r.Method + " " + r.URL.String() + " " + string(sent)
	for name, values := range r.Header {
		all += " " + name + ": " + strings.Join(values, ",")
	}
	if r.URL.RawQuery != "" && !strings.Contains(r.URL.RawQuery, "again") {
		resp := answer(302, all)
		resp.Header.Set("Location", "?again=1&"+r.URL.RawQuery+"&said="+url.QueryEscape(r.Header.Get("X-Auth-Token")))
		return resp, nil
	}
	body, _ := json.Marshal(map[string]any{"error": map[string]any{"code": all, "message": all}})
	resp := answer(400, string(body))
	resp.Header.Set("X-Openstack-Request-Id", strings.ReplaceAll(all, "\n", " "))
	resp.Header.Set("X-Quote", r.Header.Get("X-Auth-Token"))
	return resp, nil
}

// No secret gets into a span, a number or a log, also where the service repeats
// what it was sent.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	w := newWatch(t)
	client := w.scripted(parrot)
	ctx := t.Context()
	servers, balancer, storage := compute.New(client).Servers, loadbalancer.New(client), objectstorage.New(client)
	signed, err := storage.Objects.TempURL(ctx, storeKey, objectstorage.TempURLOptions{
		Container: "c", Name: "o", Lifetime: time.Hour,
	})
	require.NoError(t, err)
	query, err := url.Parse(signed)
	require.NoError(t, err)
	signature := query.Query().Get("temp_url_sig")
	require.NotEmpty(t, signature)

	calls := map[string]func() error{
		"get server":     func() error { _, err := servers.Get(ctx, "1"); return err },
		"token as an id": func() error { _, err := servers.Get(ctx, token); return err },
		"create server": func() error {
			_, err := servers.Create(ctx, compute.ServerCreateRequest{
				Name: "x", FlavorID: "f", ImageID: "i", Networks: []compute.ServerNetwork{{NetworkID: "n"}}, UserData: userData,
			})
			return err
		},
		"key manager": func() error {
			_, err := balancer.Secrets.Create(ctx, loadbalancer.SecretCreateRequest{Payload: payload, PayloadContentType: "text/plain"})
			return err
		},
		"key of a container": func() error { return storage.Containers.SetTempURLKey(ctx, "c", storeKey) },
		"signed URL":         func() error { _, err := storage.Objects.OpenTempURL(ctx, signed); return err },
		"S3 credential":      func() error { return storage.Credentials.Delete(ctx, "user", "access") },
		"v1.0 API": func() error {
			return client.Do(ctx, nhncloud.Request{Operation: "own", Service: nhncloud.ServiceAppKey, Method: "GET", Path: "/v1.0/appkeys/{appkey}/x"}, nil)
		},
		"marker": func() error {
			return client.Do(ctx, nhncloud.Request{
				Operation: "own", Service: nhncloud.ServiceCompute, Method: "GET", Path: "/v2/{tenantId}/x", Query: "marker=" + token + "&password=" + password,
			}, nil)
		},
	}
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		require.Error(t, calls[name](), name)
	}
	told := w.everything()
	assert.Contains(t, told, "[REDACTED]", "something was taken out")
	assert.Contains(t, told, "loadbalancer-v1-create-secret")
	for _, secret := range []string{token, password, appKey, storeKey, payload, userData, "sesame-of-the-test", "MIIE-of-the-test", signature} {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
			assert.NotContains(t, told, form)
		}
	}
}

// The same on the in-memory cloud, whose calls succeed.
func TestNoSecretsOfSuccesses(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	w := newWatch(t)
	client := w.client(cloud)
	ctx := t.Context()
	storage := objectstorage.New(client)
	_, err := storage.Containers.Create(ctx, "c", nil)
	require.NoError(t, err)
	require.NoError(t, storage.Containers.SetTempURLKey(ctx, "c", storeKey))
	_, err = storage.Objects.Put(ctx, "c", "o", strings.NewReader("content"), nil)
	require.NoError(t, err)
	signed, err := storage.Objects.TempURL(ctx, storeKey, objectstorage.TempURLOptions{
		Container: "c", Name: "o", Lifetime: time.Hour,
	})
	require.NoError(t, err)
	resp, err := storage.Objects.OpenTempURL(ctx, signed)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	issued, err := client.Token(ctx)
	require.NoError(t, err)
	key, err := storage.Credentials.Create(ctx, issued.UserID, cloud.TenantID)
	require.NoError(t, err)
	appKeyToken, err := client.AppKeyToken(ctx)
	require.NoError(t, err)
	_, err = client.GetAppKeyToken(ctx, appKeyToken.ID)
	require.NoError(t, err)

	told := w.everything()
	assert.Contains(t, told, "temp_url_sig=[REDACTED]")
	for _, secret := range []string{
		string(issued.ID), string(appKeyToken.ID), cloud.Password, storeKey, string(key.Secret), signed[strings.Index(signed, "temp_url_sig=")+13:][:20],
	} {
		require.NotEmpty(t, secret)
		assert.NotContains(t, told, secret)
	}
}
