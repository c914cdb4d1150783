package keypairv1_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	keypairv1 "github.com/nhncloud-go/nhncloud/keypair/v1"
)

const (
	keypairsURL = apitest.AppKeyURL + "/keypairs"
	public      = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ Generated-by-Nova"
	private     = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n"
	fingerprint = "bb:44:68:f2:6e:a1:3c:7d:10:1c:0e:3f:a4:1b:9b:c9"
)

var wantList = apitest.Want{Operation: "keypair-v1-list-keypairs", Method: http.MethodGet, URL: keypairsURL}

func wantCreate(body string) apitest.Want {
	return apitest.Want{Operation: "keypair-v1-create-keypair", Method: http.MethodPost, URL: keypairsURL, Body: body}
}

// documented is the key pair of the fixtures, as a look-up by name brings it.
func documented() *keypairv1.KeyPair {
	return &keypairv1.KeyPair{
		Name:        "deploy",
		PublicKey:   public,
		Fingerprint: fingerprint,
		CreatedAt:   time.Date(2017, 5, 16, 2, 17, 50, 166563000, time.UTC),
	}
}

func TestLookUp(t *testing.T) {
	t.Parallel()
	at := func(nanosecond int) []*keypairv1.KeyPair {
		return []*keypairv1.KeyPair{{Name: "deploy", CreatedAt: time.Date(2017, 5, 16, 2, 17, 50, nanosecond, time.UTC)}}
	}
	apitest.LookUp[keypairv1.KeyPair]{
		All:   wantList,
		Key:   "keypairs",
		By:    "name",
		Field: "keypairName",
		Items: []*keypairv1.KeyPair{documented()},
		Lists: map[string][]*keypairv1.KeyPair{
			`[{"name": "a", "publicKey": "ssh-rsa A", "fingerprint": "bb:44"}, {"name": "b", "createdAt": null}, {"name": "c", "publicKey": null}]`: {
				{Name: "a", PublicKey: "ssh-rsa A", Fingerprint: "bb:44"}, {Name: "b"}, {Name: "c"},
			},
			`[{"name": "deploy", "createdAt": "2017-05-16T02:17:50Z"}]`:      at(0),
			`[{"name": "deploy", "createdAt": "2017-05-16T02:17:50"}]`:       at(0),
			`[{"name": "deploy", "createdAt": "2017-05-16T02:17:50.5Z"}]`:    at(500000000),
			`[{"name": "deploy", "createdAt": "2017-05-16T11:17:50+09:00"}]`: at(0),
		},
		Name: func(k *keypairv1.KeyPair) *string { return &k.Name },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*keypairv1.KeyPair, error) {
			return keypairv1.New(client).KeyPairs.List(ctx)
		},
		Get: func(ctx context.Context, client *nhncloud.Client, name string) (*keypairv1.KeyPair, error) {
			return keypairv1.New(client).KeyPairs.Get(ctx, name)
		},
	}.Check(t)
}

func TestCreate(t *testing.T) {
	t.Parallel()
	want := wantCreate(`{"keypair": {"name": "deploy"}}`)
	create := func(ctx context.Context, client *nhncloud.Client, name string) (*keypairv1.KeyPair, error) {
		return keypairv1.New(client).KeyPairs.Create(ctx, name)
	}
	apitest.CheckCreate(t, want, apitest.Reply{Body: "@keypair-v1-create-keypair.response.json"},
		&keypairv1.KeyPair{Name: "deploy", PublicKey: public, PrivateKey: private, Fingerprint: fingerprint},
		func(ctx context.Context, client *nhncloud.Client) (*keypairv1.KeyPair, error) {
			return create(ctx, client, "deploy")
		})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, want.Operation, "name", func(ctx context.Context, client *nhncloud.Client) error {
			_, err := create(ctx, client, "")
			return err
		})
	})
	t.Run("name taken", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Failure(13409, "FAIL: Key pair 'deploy' already exists."))
		_, err := create(t.Context(), m.Client, "deploy")
		assert.ErrorIs(t, err, nhncloud.ErrConflict)
	})
	t.Run("unreadable answer is not quoted", func(t *testing.T) {
		t.Parallel()
		const header = `"header": {"isSuccessful": true, "resultCode": 0}`
		for name, body := range map[string]string{
			"cut off":       `{` + header + `, "keypair": {"privateKey": "hunter2`,
			"wrong type":    `{` + header + `, "keypair": {"privateKey": "hunter2", "name": {}}}`,
			"wrong time":    `{` + header + `, "keypair": {"createdAt": "hunter2"}}`,
			"wrong wrapper": `{` + header + `, "privateKey": "hunter2"}`,
			"no header":     `{"keypair": {"privateKey": "hunter2"}}`,
			"other form":    `["ssh-rsa", "hunter2"]`,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				m := apitest.New(t)
				m.Expect(want, apitest.Reply{Body: body})
				_, err := create(t.Context(), m.Client, "deploy")
				assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
				assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "hunter2")
			})
		}
	})
	t.Run("not repeated", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t, nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}))
		m.Expect(want, apitest.Failure(13502, "FAIL"))
		_, err := create(t.Context(), m.Client, "deploy")
		assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
	})
}

func TestImport(t *testing.T) {
	t.Parallel()
	want := wantCreate("@keypair-v1-create-keypair.request.json")
	importKey := func(ctx context.Context, client *nhncloud.Client, name, publicKey string) (*keypairv1.KeyPair, error) {
		return keypairv1.New(client).KeyPairs.Import(ctx, name, publicKey)
	}
	reply := apitest.Reply{Body: `{"header": {"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"},
		"keypair": {"name": "laptop", "publicKey": "` + public + `", "fingerprint": "` + fingerprint + `"}}`}
	apitest.CheckCreate(t, want, reply, &keypairv1.KeyPair{Name: "laptop", PublicKey: public, Fingerprint: fingerprint},
		func(ctx context.Context, client *nhncloud.Client) (*keypairv1.KeyPair, error) {
			return importKey(ctx, client, "laptop", public)
		})
	for field, arguments := range map[string][2]string{"name": {"", public}, "publicKey": {"laptop", ""}, "name, publicKey": {"", ""}} {
		t.Run("refused "+field, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, want.Operation, field, func(ctx context.Context, client *nhncloud.Client) error {
				_, err := importKey(ctx, client, arguments[0], arguments[1])
				return err
			})
		})
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	apitest.CheckRemoval(t, "keypair-v1-delete-keypair", keypairsURL, "name", "keypairName", "deploy", func(ctx context.Context, client *nhncloud.Client, name string) error {
		return keypairv1.New(client).KeyPairs.Delete(ctx, name)
	})
}

func TestPrivateKeyStaysSecret(t *testing.T) {
	t.Parallel()
	apitest.Hidden(t, "hunter2", keypairv1.KeyPair{Name: "deploy", PrivateKey: "hunter2"})
}

func TestSavePrivateKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deploy.pem")
	pair := &keypairv1.KeyPair{Name: "deploy", PrivateKey: "-----BEGIN KEY-----"}
	require.NoError(t, pair.SavePrivateKey(path))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "-----BEGIN KEY-----", string(content))
	assert.ErrorIs(t, pair.SavePrivateKey(path), os.ErrExist)

	path = filepath.Join(t.TempDir(), "none.pem")
	err = (&keypairv1.KeyPair{Name: "deploy"}).SavePrivateKey(path)
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "PrivateKey", e.Field)
	assert.NoFileExists(t, path)
}
