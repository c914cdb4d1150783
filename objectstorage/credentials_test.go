package objectstorage_test

import (
	"context"
	stdjson "encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

const (
	userID         = "84db0c80-3c39-11e7-b29c-005056ac1497"
	swiftTenantID  = "84c9e9a51aea402e95389c08ac562ac5"
	accessKey      = "253a3c7ca27f4731a9c757addfac29ca"
	credentialsURL = "https://api-identity-infrastructure.nhncloudservice.com/v2.0/users/" + userID + "/credentials/OS-EC2"
)

var (
	wantCredentials      = apitest.Want{Operation: "s3credential-list-credentials", Method: http.MethodGet, URL: credentialsURL}
	wantCreateCredential = apitest.Want{
		Operation: "s3credential-create-credential", Method: http.MethodPost, URL: credentialsURL, Body: "@s3credential-create-credential.request.json",
	}
)

func documentedCredential(accessed time.Time) *objectstorage.Credential {
	return &objectstorage.Credential{
		Access:     accessKey,
		Secret:     "be057f235abf45ee8e2ba14edc5fb253",
		TenantID:   swiftTenantID,
		UserID:     userID,
		CreatedAt:  time.Date(2024, 10, 19, 8, 24, 46, 0, time.UTC),
		AccessedAt: accessed,
	}
}

// unreadable checks that a call refuses answers which are not as documented, and
// does not quote them.
func unreadable(t *testing.T, want apitest.Want, call func(ctx context.Context, client *nhncloud.Client) error) {
	t.Helper()
	for name, body := range map[string]string{
		"empty":         "",
		"html":          "<html>hunter2</html>",
		"cut off":       `{"credential": {"secret": "hunter2`,
		"wrong type":    `{"credential": {"secret": "hunter2", "access": {}}, "credentials": [{"secret": "hunter2", "access": {}}]}`,
		"wrong wrapper": `{"secret": "hunter2"}`,
		"array":         `["hunter2"]`,
		"null":          `null`,
	} {
		t.Run("unreadable "+name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(want, apitest.Reply{Body: body})
			err := call(t.Context(), m.Client)
			assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
			assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "hunter2")
		})
	}
}

func TestCredentialsCreate(t *testing.T) {
	t.Parallel()
	create := func(ctx context.Context, client *nhncloud.Client) (*objectstorage.Credential, error) {
		return objectstorage.New(client).Credentials.Create(ctx, userID, swiftTenantID)
	}
	failing := func(ctx context.Context, client *nhncloud.Client) error {
		credential, err := create(ctx, client)
		assert.Nil(t, credential)
		return err
	}
	t.Run("documented", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantCreateCredential, apitest.Reply{Body: "@s3credential-create-credential.response.json"})
		credential, err := create(t.Context(), m.Client)
		require.NoError(t, err)
		assert.Equal(t, documentedCredential(time.Date(2024, 10, 19, 8, 24, 46, 0, time.UTC)), credential)
	})
	apitest.Failures(t, wantCreateCredential, apitest.Reply{}, failing)
	unreadable(t, wantCreateCredential, failing)
	apitest.RefusedSegments(t, wantCreateCredential.Operation, "api-user-id", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := objectstorage.New(client).Credentials.Create(ctx, id, swiftTenantID)
		return err
	})
	t.Run("refused tenantID", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, wantCreateCredential.Operation, "tenantID", func(ctx context.Context, client *nhncloud.Client) error {
			_, err := objectstorage.New(client).Credentials.Create(ctx, userID, "")
			return err
		})
	})
	t.Run("not repeated", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t, nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}))
		m.Expect(wantCreateCredential, apitest.Reply{Status: http.StatusBadGateway})
		_, err := create(t.Context(), m.Client)
		assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
	})
}

func TestCredentialsList(t *testing.T) {
	t.Parallel()
	list := func(ctx context.Context, client *nhncloud.Client) ([]*objectstorage.Credential, error) {
		return objectstorage.New(client).Credentials.List(ctx, userID)
	}
	failing := func(ctx context.Context, client *nhncloud.Client) error {
		credentials, err := list(ctx, client)
		assert.Nil(t, credentials)
		return err
	}
	for name, test := range map[string]struct {
		body string
		want []*objectstorage.Credential
	}{
		"documented": {"@s3credential-list-credentials.response.json", []*objectstorage.Credential{documentedCredential(time.Date(2024, 10, 19, 8, 30, 42, 0, time.UTC))}},
		"none":       {`{"credentials": []}`, []*objectstorage.Credential{}},
		"nulls":      {`{"credentials": [null, {"access": "a", "secret": null, "accessed_at": null}]}`, []*objectstorage.Credential{{Access: "a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantCredentials, apitest.Reply{Body: test.body})
			credentials, err := list(t.Context(), m.Client)
			require.NoError(t, err)
			assert.Equal(t, test.want, credentials)
		})
	}
	apitest.Failures(t, wantCredentials, apitest.Reply{}, failing)
	unreadable(t, wantCredentials, failing)
	apitest.RefusedSegments(t, wantCredentials.Operation, "user-id", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := objectstorage.New(client).Credentials.List(ctx, id)
		return err
	})
}

func TestCredentialsDelete(t *testing.T) {
	t.Parallel()
	want := apitest.Want{Operation: "s3credential-delete-credential", Method: http.MethodDelete, URL: credentialsURL + "/" + accessKey}
	apitest.CheckEmpty(t, want, apitest.Reply{Status: http.StatusNoContent}, func(ctx context.Context, client *nhncloud.Client) error {
		return objectstorage.New(client).Credentials.Delete(ctx, userID, accessKey)
	})
	apitest.RefusedSegments(t, want.Operation, "user-id", func(ctx context.Context, client *nhncloud.Client, id string) error {
		return objectstorage.New(client).Credentials.Delete(ctx, id, accessKey)
	})
	apitest.RefusedSegments(t, want.Operation, "access", func(ctx context.Context, client *nhncloud.Client, access string) error {
		return objectstorage.New(client).Credentials.Delete(ctx, userID, access)
	})
}

func TestCredentialStaysSecret(t *testing.T) {
	t.Parallel()
	credential := objectstorage.Credential{Access: accessKey, Secret: "hunter2"}
	encoded, err := stdjson.Marshal([]*objectstorage.Credential{&credential})
	require.NoError(t, err)
	for _, text := range []string{fmt.Sprintf("%v", credential), fmt.Sprintf("%+v", &credential), fmt.Sprintf("%#v", credential), string(encoded)} {
		assert.NotContains(t, text, "hunter2")
		assert.Contains(t, text, "REDACTED")
	}
}
