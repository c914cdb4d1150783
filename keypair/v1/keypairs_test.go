package keypairv1_test

import (
	"bytes"
	"context"
	stdjson "encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
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

func wantGet(escaped string) apitest.Want {
	return apitest.Want{Operation: "keypair-v1-list-keypairs", Method: http.MethodGet, URL: keypairsURL + "?name=" + escaped}
}

func wantCreate(body string) apitest.Want {
	return apitest.Want{Operation: "keypair-v1-create-keypair", Method: http.MethodPost, URL: keypairsURL, Body: body}
}

func wantDelete(escaped string) apitest.Want {
	return apitest.Want{Operation: "keypair-v1-delete-keypair", Method: http.MethodDelete, URL: keypairsURL + "?name=" + escaped}
}

// success is an answer with a list of key pairs.
func success(keypairs string) apitest.Reply {
	return apitest.Reply{Body: `{"header": {"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}, "keypairs": ` + keypairs + `}`}
}

// failure is the answer to a call that failed.
func failure(code int, message string) apitest.Reply {
	return apitest.Reply{Body: fmt.Sprintf(`{"header": {"isSuccessful": false, "resultCode": %d, "resultMessage": %q}}`, code, message)}
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

// oddNames are names that have to be escaped in a query.
var oddNames = map[string]string{
	"two words":  "two+words",
	"100%":       "100%25",
	"a%2Fb":      "a%252Fb",
	"a&name=b":   "a%26name%3Db",
	"#1?":        "%231%3F",
	"a+b":        "a%2Bb",
	"me@example": "me%40example",
	"배포 키":       "%EB%B0%B0%ED%8F%AC+%ED%82%A4",
}

// refusedNames checks that a call refuses what can't be a name in a query.
func refusedNames(t *testing.T, operation string, call func(ctx context.Context, client *nhncloud.Client, name string) error) {
	t.Helper()
	for why, name := range map[string]string{"empty": "", "newline": "a\nb", "zero": "a\x00b", "delete": "a\x7fb", "next line": "a\u0085b"} {
		t.Run("refused "+why, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, operation, "keypairName", func(ctx context.Context, client *nhncloud.Client) error {
				return call(ctx, client, name)
			})
		})
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	apitest.Check(t, wantList, apitest.Reply{Body: "@keypair-v1-list-keypairs.response.json"}, []*keypairv1.KeyPair{documented()},
		func(ctx context.Context, client *nhncloud.Client) ([]*keypairv1.KeyPair, error) {
			return keypairv1.New(client).KeyPairs.List(ctx)
		})
	for name, test := range map[string]struct {
		list string
		want []*keypairv1.KeyPair
	}{
		"without times": {`[{"name": "a", "publicKey": "ssh-rsa A", "fingerprint": "bb:44"}, {"name": "b", "createdAt": null}]`, []*keypairv1.KeyPair{
			{Name: "a", PublicKey: "ssh-rsa A", Fingerprint: "bb:44"}, {Name: "b"},
		}},
		"none":          {`[]`, []*keypairv1.KeyPair{}},
		"null elements": {`[null, {"name": "a", "publicKey": null}, null]`, []*keypairv1.KeyPair{{Name: "a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantList, success(test.list))
			pairs, err := keypairv1.New(m.Client).KeyPairs.List(t.Context())
			require.NoError(t, err)
			assert.Equal(t, test.want, pairs)
		})
	}
	t.Run("null", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantList, success("null"))
		pairs, err := keypairv1.New(m.Client).KeyPairs.List(t.Context())
		assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
		assert.Nil(t, pairs)
	})
}

func TestGet(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, client *nhncloud.Client, name string) (*keypairv1.KeyPair, error) {
		return keypairv1.New(client).KeyPairs.Get(ctx, name)
	}
	apitest.Check(t, wantGet("deploy"), apitest.Reply{Body: "@keypair-v1-list-keypairs.response.json"}, documented(),
		func(ctx context.Context, client *nhncloud.Client) (*keypairv1.KeyPair, error) {
			return get(ctx, client, "deploy")
		})
	refusedNames(t, "keypair-v1-list-keypairs", func(ctx context.Context, client *nhncloud.Client, name string) error {
		_, err := get(ctx, client, name)
		return err
	})
	for name, escaped := range oddNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantGet(escaped), success(`[{"name": "`+name+`"}]`))
			pair, err := get(t.Context(), m.Client, name)
			require.NoError(t, err)
			assert.Equal(t, &keypairv1.KeyPair{Name: name}, pair)
		})
	}
	for text, want := range map[string]time.Time{
		"2017-05-16T02:17:50Z":      time.Date(2017, 5, 16, 2, 17, 50, 0, time.UTC),
		"2017-05-16T02:17:50":       time.Date(2017, 5, 16, 2, 17, 50, 0, time.UTC),
		"2017-05-16T02:17:50.5Z":    time.Date(2017, 5, 16, 2, 17, 50, 500000000, time.UTC),
		"2017-05-16T11:17:50+09:00": time.Date(2017, 5, 16, 2, 17, 50, 0, time.UTC),
	} {
		t.Run("created at "+text, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantGet("deploy"), success(`[{"name": "deploy", "createdAt": "`+text+`"}]`))
			pair, err := get(t.Context(), m.Client, "deploy")
			require.NoError(t, err)
			assert.Equal(t, want, pair.CreatedAt)
		})
	}
	for name, reply := range map[string]apitest.Reply{
		"no such pair": success(`[]`),
		"another pair": success(`[null, {"name": "Deploy"}, {"name": "deploy-2"}]`),
		"said so":      failure(13404, "FAIL: keypair not found"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantGet("deploy"), reply)
			pair, err := get(t.Context(), m.Client, "deploy")
			assert.ErrorIs(t, err, nhncloud.ErrNotFound)
			assert.Nil(t, pair)
		})
	}
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
		m.Expect(want, failure(13409, "FAIL: Key pair 'deploy' already exists."))
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
		m.Expect(want, failure(13502, "FAIL"))
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
	remove := func(ctx context.Context, client *nhncloud.Client, name string) error {
		return keypairv1.New(client).KeyPairs.Delete(ctx, name)
	}
	apitest.CheckEmpty(t, wantDelete("deploy"), apitest.Reply{Body: "@keypair-v1-delete-keypair.response.json"}, func(ctx context.Context, client *nhncloud.Client) error {
		return remove(ctx, client, "deploy")
	})
	refusedNames(t, "keypair-v1-delete-keypair", remove)
	for name, escaped := range oddNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantDelete(escaped), apitest.Reply{Body: "@keypair-v1-delete-keypair.response.json"})
			require.NoError(t, remove(t.Context(), m.Client, name))
		})
	}
}

func TestPrivateKeyStaysSecret(t *testing.T) {
	t.Parallel()
	pair := keypairv1.KeyPair{Name: "deploy", PrivateKey: "hunter2 is my key"}
	texts := []string{}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		texts = append(texts, fmt.Sprintf(format, pair), fmt.Sprintf(format, &pair), fmt.Sprintf(format, []keypairv1.KeyPair{pair}))
	}
	encoded, err := json.Marshal(pair)
	require.NoError(t, err)
	texts = append(texts, string(encoded))
	encoded, err = stdjson.Marshal(&pair)
	require.NoError(t, err)
	texts = append(texts, string(encoded))
	for _, handler := range []func(*bytes.Buffer) slog.Handler{
		func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var logged bytes.Buffer
		slog.New(handler(&logged)).Info("created", "pair", pair, "pointer", &pair, "key", pair.PrivateKey)
		texts = append(texts, logged.String())
	}
	for _, text := range texts {
		assert.NotContains(t, text, "hunter2")
		assert.Contains(t, text, "REDACTED")
	}
}

func TestSavePrivateKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deploy.pem")
	pair := &keypairv1.KeyPair{Name: "deploy", PrivateKey: private}
	require.NoError(t, pair.SavePrivateKey(path))
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, private, string(content))
	assert.ErrorIs(t, pair.SavePrivateKey(path), os.ErrExist)

	path = filepath.Join(t.TempDir(), "none.pem")
	err = (&keypairv1.KeyPair{Name: "deploy"}).SavePrivateKey(path)
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "PrivateKey", e.Field)
	assert.NoFileExists(t, path)
}
