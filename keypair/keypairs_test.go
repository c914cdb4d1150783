package keypair_test

import (
	"context"
	stdjson "encoding/json"
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
	"github.com/nhncloud-go/nhncloud/keypair"
)

const keypairsURL = apitest.ComputeURL + "/os-keypairs"

var (
	wantList = apitest.Want{Operation: "keypair-v2-list-keypairs", Method: http.MethodGet, URL: keypairsURL}
	wantGet  = apitest.Want{Operation: "keypair-v2-get-keypair", Method: http.MethodGet, URL: keypairsURL + "/keypair"}
)

func wantCreate(body string) apitest.Want {
	return apitest.Want{Operation: "keypair-v2-create-keypair", Method: http.MethodPost, URL: keypairsURL, Body: body}
}

func wantDelete(escaped string) apitest.Want {
	return apitest.Want{Operation: "keypair-v2-delete-keypair", Method: http.MethodDelete, URL: keypairsURL + "/" + escaped}
}

// oddNames are names that have to be escaped in a path.
var oddNames = map[string]string{
	"two words":  "two%20words",
	"100%":       "100%25",
	"a%2Fb":      "a%252Fb",
	"what?":      "what%3F",
	"#1":         "%231",
	"a+b":        "a+b",
	"me@example": "me@example",
	"배포 키":       "%EB%B0%B0%ED%8F%AC%20%ED%82%A4",
	"...":        "...",
}

func TestList(t *testing.T) {
	t.Parallel()
	apitest.Check(t, wantList, apitest.Reply{Body: "@keypair-v2-list-keypairs.response.json"},
		[]*keypair.KeyPair{{Name: "keypair", PublicKey: "ssh-rsa ... Generated-by-Nova", Fingerprint: "SHA256:..."}},
		func(ctx context.Context, client *nhncloud.Client) ([]*keypair.KeyPair, error) {
			return keypair.New(client).KeyPairs.List(ctx)
		})
	for name, test := range map[string]struct {
		body string
		want []*keypair.KeyPair
	}{
		"simple form":   {"@keypair-v2-list-keypairs.gateway.response.json", []*keypair.KeyPair{{Name: "my-keypair", PublicKey: "ssh-rsa AAAA...", Fingerprint: "xx:xx:xx..."}}},
		"none":          {`{"keypairs": []}`, []*keypair.KeyPair{}},
		"null elements": {`{"keypairs": [null, {"keypair": null}, {"keypair": {"name": "a", "public_key": null, "fingerprint": null}}]}`, []*keypair.KeyPair{{Name: "a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantList, apitest.Reply{Body: test.body})
			pairs, err := keypair.New(m.Client).KeyPairs.List(t.Context())
			require.NoError(t, err)
			assert.Equal(t, test.want, pairs)
		})
	}
	t.Run("null", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantList, apitest.Reply{Body: `{"keypairs": null}`})
		_, err := keypair.New(m.Client).KeyPairs.List(t.Context())
		assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
	})
}

func TestGet(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, client *nhncloud.Client, name string) (*keypair.KeyPair, error) {
		return keypair.New(client).KeyPairs.Get(ctx, name)
	}
	apitest.Check(t, wantGet, apitest.Reply{Body: "@keypair-v2-get-keypair.response.json"}, &keypair.KeyPair{
		Name:        "keypair",
		PublicKey:   "ssh-rsa ... Generated-by-Nova",
		Fingerprint: "SHA256:...",
		PrivateKey:  "",
		UserID:      "826a1213b3f746829515486965690dfe",
		ID:          51,
		Deleted:     false,
		CreatedAt:   time.Date(2020, 2, 7, 3, 46, 48, 0, time.UTC),
		UpdatedAt:   time.Time{}, // null in the answer
		DeletedAt:   time.Time{}, // null in the answer
	}, func(ctx context.Context, client *nhncloud.Client) (*keypair.KeyPair, error) {
		return get(ctx, client, "keypair")
	})
	apitest.RefusedSegments(t, wantGet.Operation, "keypairName", func(ctx context.Context, client *nhncloud.Client, name string) error {
		_, err := get(ctx, client, name)
		return err
	})
	for name, escaped := range oddNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			want := wantGet
			want.URL = keypairsURL + "/" + escaped
			m.Expect(want, apitest.Reply{Body: `{"keypair": {"name": "` + name + `"}}`})
			pair, err := get(t.Context(), m.Client, name)
			require.NoError(t, err)
			assert.Equal(t, &keypair.KeyPair{Name: name}, pair)
		})
	}
	t.Run("quoted, with all times", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantGet, apitest.Reply{Body: `{"keypair": {"name": "keypair", "id": "51", "deleted": "true", "created_at": "2020-02-07T03:46:48.123456",
			"updated_at": "2020-02-08T03:46:48Z", "deleted_at": "2020-02-09T12:46:48+09:00"}}`})
		pair, err := get(t.Context(), m.Client, "keypair")
		require.NoError(t, err)
		assert.Equal(t, &keypair.KeyPair{
			Name: "keypair", ID: 51, Deleted: true,
			CreatedAt: time.Date(2020, 2, 7, 3, 46, 48, 123456000, time.UTC),
			UpdatedAt: time.Date(2020, 2, 8, 3, 46, 48, 0, time.UTC),
			DeletedAt: time.Date(2020, 2, 9, 3, 46, 48, 0, time.UTC),
		}, pair)
	})
}

func TestCreate(t *testing.T) {
	t.Parallel()
	const private = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n"
	encoded, err := stdjson.Marshal(private)
	require.NoError(t, err)
	want := wantCreate(`{"keypair": {"name": "배포 키"}}`)
	create := func(ctx context.Context, client *nhncloud.Client, name string) (*keypair.KeyPair, error) {
		return keypair.New(client).KeyPairs.Create(ctx, name)
	}
	apitest.CheckCreate(t, want, apitest.Reply{Body: `{"keypair": {"name": "배포 키", "public_key": "ssh-rsa A", "fingerprint": "SHA256:a", "user_id": "u",
		"private_key": ` + string(encoded) + `}}`},
		&keypair.KeyPair{Name: "배포 키", PublicKey: "ssh-rsa A", Fingerprint: "SHA256:a", UserID: "u", PrivateKey: private},
		func(ctx context.Context, client *nhncloud.Client) (*keypair.KeyPair, error) {
			return create(ctx, client, "배포 키")
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
		m.Expect(want, apitest.Reply{Status: http.StatusConflict, Body: `{"conflictingRequest": {"code": 409, "message": "Key pair '배포 키' already exists."}}`})
		_, err := create(t.Context(), m.Client, "배포 키")
		assert.ErrorIs(t, err, nhncloud.ErrConflict)
	})
	t.Run("unreadable answer is not quoted", func(t *testing.T) {
		t.Parallel()
		for name, body := range map[string]string{
			"cut off":       `{"keypair": {"private_key": "hunter2`,
			"wrong type":    `{"keypair": {"private_key": "hunter2", "id": {}}}`,
			"wrong wrapper": `{"private_key": "hunter2"}`,
			"other form":    `["ssh-rsa", "hunter2"]`,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				m := apitest.New(t)
				m.Expect(want, apitest.Reply{Body: body})
				_, err := create(t.Context(), m.Client, "배포 키")
				assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
				assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "hunter2")
			})
		}
	})
	t.Run("not repeated", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t, nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}))
		m.Expect(want, apitest.Reply{Status: http.StatusBadGateway})
		_, err := create(t.Context(), m.Client, "배포 키")
		assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
	})
}

func TestImport(t *testing.T) {
	t.Parallel()
	const name, public = "keypair-d20a3d59-9433-4b79-8726-20b431d89c78", "ssh-rsa ... Generated-by-Nova"
	want := wantCreate("@keypair-v2-create-keypair.request.json")
	apitest.CheckCreate(t, want, apitest.Reply{Body: "@keypair-v2-create-keypair.response.json"}, &keypair.KeyPair{
		Name:        "keypair",
		PublicKey:   public,
		Fingerprint: "SHA256:+EZoD ... /DKiGnY4zf5tYrcix0",
		UserID:      "436f727b7c9142f896ddd56be591dd7f",
	}, func(ctx context.Context, client *nhncloud.Client) (*keypair.KeyPair, error) {
		return keypair.New(client).KeyPairs.Import(ctx, name, public)
	})
	for field, arguments := range map[string][2]string{"name": {"", public}, "publicKey": {name, ""}, "name, publicKey": {"", ""}} {
		t.Run("refused "+field, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, want.Operation, field, func(ctx context.Context, client *nhncloud.Client) error {
				_, err := keypair.New(client).KeyPairs.Import(ctx, arguments[0], arguments[1])
				return err
			})
		})
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	remove := func(ctx context.Context, client *nhncloud.Client, name string) error {
		return keypair.New(client).KeyPairs.Delete(ctx, name)
	}
	apitest.CheckEmpty(t, wantDelete("keypair"), apitest.Reply{Status: http.StatusAccepted}, func(ctx context.Context, client *nhncloud.Client) error {
		return remove(ctx, client, "keypair")
	})
	apitest.RefusedSegments(t, "keypair-v2-delete-keypair", "keypairName", remove)
	for name, escaped := range oddNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantDelete(escaped), apitest.Reply{Status: http.StatusAccepted})
			require.NoError(t, remove(t.Context(), m.Client, name))
		})
	}
}

func TestPrivateKeyStaysSecret(t *testing.T) {
	t.Parallel()
	apitest.Hidden(t, "hunter2", keypair.KeyPair{Name: "deploy", PrivateKey: "hunter2"})
}

func TestSavePrivateKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deploy.pem")
	pair := &keypair.KeyPair{Name: "deploy", PrivateKey: "-----BEGIN KEY-----"}
	require.NoError(t, pair.SavePrivateKey(path))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "-----BEGIN KEY-----", string(content))
	assert.ErrorIs(t, pair.SavePrivateKey(path), os.ErrExist)

	path = filepath.Join(t.TempDir(), "none.pem")
	err = (&keypair.KeyPair{Name: "deploy"}).SavePrivateKey(path)
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "PrivateKey", e.Field)
	assert.NoFileExists(t, path)
}
