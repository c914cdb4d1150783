package loadbalancer_test

import (
	"context"
	"iter"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

const (
	keyManagerURL = "https://kr1-api-key-manager-infrastructure.nhncloudservice.com/v1"

	certificateID = "adffcd66-ff63-4c66-8139-2f254e63aef5"
	privateKeyID  = "36f88d4c-16f0-4db2-80bc-4dda0125589b"
	containerID   = "2d1dcf4d-2e92-475e-bde7-e469880be924"

	// What the guide shows of a private key.
	privateKey = "-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANQE .... nyxm\n-----END PRIVATE KEY-----\n"
)

// wantKey is a request to the key manager.
func wantKey(operation, method, path, body string) apitest.Want {
	w := want(operation, method, path, body)
	w.URL = keyManagerURL + path
	return w
}

func documentedSecret() *loadbalancer.Secret {
	made := time.Date(2019, 12, 17, 8, 50, 39, 0, time.UTC)
	return &loadbalancer.Secret{
		Ref: keyManagerURL + "/secrets/" + certificateID, Name: "certificate", Type: loadbalancer.SecretCertificate, Status: loadbalancer.KeyManagerActive,
		ContentTypes: map[string]string{"default": "text/plain"}, CreatorID: "1da4ce9f59ed4f6487c9be39fa792be4", Created: made, Updated: made,
	}
}

func documentedContainer(secrets ...loadbalancer.ContainerSecret) *loadbalancer.SecretContainer {
	return &loadbalancer.SecretContainer{
		Ref: keyManagerURL + "/containers/" + containerID, Name: "The Certificate", Type: loadbalancer.ContainerCertificate, Status: loadbalancer.KeyManagerActive,
		CreatorID: "1da4ce9f59ed4f6487c9be39fa792be4", Created: time.Date(2019, 12, 17, 8, 50, 39, 0, time.UTC), Updated: time.Date(2024, 10, 18, 5, 7, 11, 0, time.UTC),
		Secrets: secrets, Consumers: []loadbalancer.ContainerConsumer{}, CommonName: "nhn.com.", Expiration: time.Date(2025, 10, 18, 5, 7, 11, 0, time.UTC),
	}
}

var (
	containedKey         = loadbalancer.ContainerSecret{Name: loadbalancer.ContainedPrivateKey, Ref: keyManagerURL + "/secrets/" + privateKeyID}
	containedCertificate = loadbalancer.ContainerSecret{Name: loadbalancer.ContainedCertificate, Ref: keyManagerURL + "/secrets/" + certificateID}
)

func TestSecretsList(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v1-list-secrets"
	key := documentedSecret()
	key.Ref, key.Name, key.Type = keyManagerURL+"/secrets/"+privateKeyID, "private_key", loadbalancer.SecretPrivate
	apitest.Check(t, wantKey(operation, http.MethodGet, "/secrets", ""), documented(operation), []*loadbalancer.Secret{documentedSecret(), key},
		on(func(ctx context.Context, l *loadbalancer.Client) ([]*loadbalancer.Secret, error) {
			return l.Secrets.List(ctx, nil)
		}))
	refuses(t, operation, "Limit, Offset", func(ctx context.Context, l *loadbalancer.Client) error {
		_, err := l.Secrets.List(ctx, &loadbalancer.SecretListOptions{Limit: -1, Offset: -1})
		return err
	})
	checkKeyManagerWalk(t, operation, "/secrets", "secrets", "secret_ref", "alg=aes&bits=256&limit=2&mode=cbc&name=n", "alg=aes&bits=256&limit=2&mode=cbc&name=n&offset=2",
		func(ctx context.Context, l *loadbalancer.Client) iter.Seq2[string, error] {
			options := &loadbalancer.SecretListOptions{Name: "n", Algorithm: "aes", BitLength: 256, Mode: "cbc", Limit: 2}
			return apitest.IDsOf(l.Secrets.All(ctx, options), func(s *loadbalancer.Secret) string { return s.Ref.ID() })
		})
}

func TestSecretContainersList(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v1-list-secret-containers"
	apitest.Check(t, wantKey(operation, http.MethodGet, "/containers", ""), documented(operation),
		[]*loadbalancer.SecretContainer{documentedContainer(containedCertificate, containedKey)},
		on(func(ctx context.Context, l *loadbalancer.Client) ([]*loadbalancer.SecretContainer, error) {
			return l.SecretContainers.List(ctx, nil)
		}))
	refuses(t, operation, "Limit", func(ctx context.Context, l *loadbalancer.Client) error {
		_, err := l.SecretContainers.List(ctx, &loadbalancer.SecretContainerListOptions{Limit: -1})
		return err
	})
	checkKeyManagerWalk(t, operation, "/containers", "containers", "container_ref", "limit=5&offset=1", "limit=2&offset=2",
		func(ctx context.Context, l *loadbalancer.Client) iter.Seq2[string, error] {
			options := &loadbalancer.SecretContainerListOptions{Limit: 5, Offset: 1}
			return apitest.IDsOf(l.SecretContainers.All(ctx, options), func(c *loadbalancer.SecretContainer) string { return c.Ref.ID() })
		})
}

// checkKeyManagerWalk walks over two pages, of which the first links the second
// by its limit and offset alone.
func checkKeyManagerWalk(t *testing.T, operation, path, key, ref, first, second string, all func(ctx context.Context, l *loadbalancer.Client) iter.Seq2[string, error]) {
	t.Helper()
	page := func(next string, ids ...string) string {
		items := ""
		for i, id := range ids {
			if i > 0 {
				items += ", "
			}
			items += `{"` + ref + `": "` + keyManagerURL + path + "/" + id + `"}`
		}
		if next != "" {
			next = `, "next": "http://retired.example.com` + path + next + `"`
		}
		return `{"` + key + `": [` + items + `], "total": 3` + next + `}`
	}
	for name, walk := range map[string]apitest.Walk{
		"pages":    {Pages: []apitest.Page{{"?" + first, page("?limit=2&offset=2", "a", "b")}, {"?" + second, page("", "c")}}, IDs: []string{"a", "b", "c"}},
		"none":     {Pages: []apitest.Page{{"?" + first, page("")}}},
		"endless":  {Pages: []apitest.Page{{"?" + first, page("?limit=2&offset=2", "a")}, {"?" + second, page("?limit=2&offset=2", "b")}}, IDs: []string{"a", "b"}, Err: nhncloud.ErrBadAnswer},
		"no place": {Pages: []apitest.Page{{"?" + first, page("?limit=2&offset=two", "a")}}, IDs: []string{"a"}, Err: nhncloud.ErrBadAnswer},
		"fails":    {Pages: []apitest.Page{{"?" + first, page("?limit=2&offset=2", "a")}, {"?" + second, apitest.Down}}, IDs: []string{"a"}, Err: nhncloud.ErrUnavailable},
		"stopped":  {Pages: []apitest.Page{{"?" + first, page("?limit=2&offset=2", "a", "b")}}, IDs: []string{"a"}, Stop: 1},
	} {
		t.Run("All "+name, func(t *testing.T) {
			t.Parallel()
			walk.Run(t, operation, keyManagerURL+path, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return all(ctx, loadbalancer.New(client))
			})
		})
	}
}

func TestSecretsGet(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v1-get-secret"
	get := func(ctx context.Context, l *loadbalancer.Client, id string) (*loadbalancer.Secret, error) {
		return l.Secrets.Get(ctx, id)
	}
	apitest.Check(t, wantKey(operation, http.MethodGet, "/secrets/"+certificateID, ""), documented(operation), documentedSecret(),
		on(func(ctx context.Context, l *loadbalancer.Client) (*loadbalancer.Secret, error) {
			return get(ctx, l, certificateID)
		}))
	// The guide has the key length as a number and as a text.
	for _, bits := range []string{`256`, `"256"`} {
		decodes(t, wantKey(operation, http.MethodGet, "/secrets/s", ""),
			apitest.Reply{Body: `{"secret_ref": "https://k/v1/secrets/s", "bit_length": ` + bits + `, "algorithm": "aes", "mode": "cbc", "expiration": "2025-12-31T00:00:00"}`},
			&loadbalancer.Secret{Ref: "https://k/v1/secrets/s", BitLength: 256, Algorithm: "aes", Mode: "cbc", Expiration: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)},
			func(ctx context.Context, l *loadbalancer.Client) (*loadbalancer.Secret, error) {
				return get(ctx, l, "s")
			})
	}
	refusesIDs(t, operation, "secretId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := get(ctx, l, id)
		return err
	})
}

func TestSecretsCreate(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v1-create-secret"
	const ref loadbalancer.KeyManagerRef = keyManagerURL + "/secrets/9b2dcb7b-51fe-4408-a2bb-23da731758a6"
	create := func(request loadbalancer.SecretCreateRequest) func(context.Context, *loadbalancer.Client) (loadbalancer.KeyManagerRef, error) {
		return func(ctx context.Context, l *loadbalancer.Client) (loadbalancer.KeyManagerRef, error) {
			return l.Secrets.Create(ctx, request)
		}
	}
	plain := loadbalancer.SecretCreateRequest{
		Name: "example key", Expiration: time.Date(2025, 12, 31, 9, 0, 0, 0, time.FixedZone("KST", 9*60*60)), Algorithm: "example-algorithm", BitLength: 256, Mode: "example-mode",
	}
	text, binary := plain, plain
	text.Payload, text.PayloadContentType = privateKey, loadbalancer.ContentTypeText
	binary.Payload, binary.PayloadContentType = "example\n", loadbalancer.ContentTypeBinary
	apitest.CheckCreate(t, wantKey(operation, http.MethodPost, "/secrets", "@"), documented(operation), ref, on(create(plain)))
	decodes(t, wantKey(operation, http.MethodPost, "/secrets", "@"+operation+".request.2.json"), documented(operation), ref, create(text))
	decodes(t, wantKey(operation, http.MethodPost, "/secrets", "@"+operation+".request.3.json"), documented(operation), ref, create(binary))
	decodes(t, wantKey(operation, http.MethodPost, "/secrets", `{"secret_type": "passphrase"}`), documented(operation), ref, create(loadbalancer.SecretCreateRequest{Type: loadbalancer.SecretPassphrase}))
	for field, request := range map[string]loadbalancer.SecretCreateRequest{
		"PayloadContentType": {Payload: privateKey}, "Payload": {PayloadContentType: loadbalancer.ContentTypePKCS8}, "BitLength": {BitLength: -1},
	} {
		refuses(t, operation, field, func(ctx context.Context, l *loadbalancer.Client) error {
			_, err := create(request)(ctx, l)
			return err
		})
	}
}

// TestSecretsHidden wants a private key to be seen by the service alone, however
// it quotes it.
func TestSecretsHidden(t *testing.T) {
	t.Parallel()
	const secret = "MIIEvgIBADANBgkqhkiG9w0BAQEFAASC" //nolint:gosec // of no key
	apitest.Hidden(t, secret, loadbalancer.SecretCreateRequest{Name: "key", Payload: secret, PayloadContentType: loadbalancer.ContentTypeText})
	for name, call := range map[string]struct {
		want apitest.Want
		do   func(ctx context.Context, l *loadbalancer.Client) error
	}{
		"create": {
			wantKey("loadbalancer-v1-create-secret", http.MethodPost, "/secrets", `{"payload": "TUlJRXZnSUJBREFOQmdrcWhraUc5dzBCQVFFRkFBU0M=", "payload_content_type": "application/pkcs8", "payload_content_encoding": "base64"}`),
			func(ctx context.Context, l *loadbalancer.Client) error {
				_, err := l.Secrets.Create(ctx, loadbalancer.SecretCreateRequest{Payload: secret, PayloadContentType: loadbalancer.ContentTypePKCS8})
				return err
			},
		},
		"update": {
			apitest.Want{Operation: "loadbalancer-v1-update-secret", Method: http.MethodPut, URL: keyManagerURL + "/secrets/s", Body: secret, ContentType: "application/pkcs8"},
			func(ctx context.Context, l *loadbalancer.Client) error {
				return l.Secrets.Update(ctx, "s", loadbalancer.ContentTypePKCS8, secret)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(call.want, apitest.Reply{Status: http.StatusBadRequest, Body: `{"code": 400, "title": "Bad Request", "description": "not a key: ` + secret + `, TUlJRXZnSUJBREFOQmdrcWhraUc5dzBCQVFFRkFBU0M="}`})
			err := call.do(t.Context(), loadbalancer.New(m.Client))
			require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
			assert.ErrorContains(t, err, "not a key")
			assert.NotContains(t, err.Error(), secret)
			if name == "create" { // which sent it in that form
				assert.NotContains(t, err.Error(), "TUlJRXZnSUJBREFOQmdrcWhraUc5dzBCQVFFRkFBU0M")
			}
		})
	}
}

func TestSecretsUpdate(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v1-update-secret"
	update := func(id, contentType string, payload nhncloud.Secret) func(context.Context, *nhncloud.Client) error {
		return func(ctx context.Context, client *nhncloud.Client) error {
			return loadbalancer.New(client).Secrets.Update(ctx, id, contentType, payload)
		}
	}
	w := apitest.Want{Operation: operation, Method: http.MethodPut, URL: keyManagerURL + "/secrets/s", Body: privateKey, ContentType: "text/plain"}
	done := apitest.Reply{Status: http.StatusNoContent}
	apitest.CheckEmpty(t, w, done, update("s", "", privateKey))
	m := apitest.New(t)
	w.Body, w.ContentType = "\x30\x82\x00", "application/pkix-cert"
	m.Expect(w, done)
	require.NoError(t, update("s", loadbalancer.ContentTypeCertificate, "\x30\x82\x00")(t.Context(), m.Client))
	apitest.Refused(t, operation, "payload", update("s", "", ""))
	refusesIDs(t, operation, "secretId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.Secrets.Update(ctx, id, "", privateKey)
	})
}

func TestSecretContainersGet(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v1-get-secret-container"
	get := func(id string) func(context.Context, *loadbalancer.Client) (*loadbalancer.SecretContainer, error) {
		return func(ctx context.Context, l *loadbalancer.Client) (*loadbalancer.SecretContainer, error) {
			return l.SecretContainers.Get(ctx, id)
		}
	}
	apitest.Check(t, wantKey(operation, http.MethodGet, "/containers/"+containerID, ""), documented(operation), documentedContainer(containedKey, containedCertificate), on(get(containerID)))
	decodes(t, wantKey(operation, http.MethodGet, "/containers/c", ""), apitest.Reply{Body: `{"container_ref": "https://k/v1/containers/c", "consumers": [{"name": "lbaas", "URL": "lbaas://listener/l"}]}`},
		&loadbalancer.SecretContainer{Ref: "https://k/v1/containers/c", Consumers: []loadbalancer.ContainerConsumer{{Name: "lbaas", URL: "lbaas://listener/l"}}}, get("c"))
	refusesIDs(t, operation, "containerId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := get(id)(ctx, l)
		return err
	})
}

func TestSecretContainersCreate(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v1-create-secret-container"
	create := func(request loadbalancer.SecretContainerCreateRequest) func(context.Context, *loadbalancer.Client) (loadbalancer.KeyManagerRef, error) {
		return func(ctx context.Context, l *loadbalancer.Client) (loadbalancer.KeyManagerRef, error) {
			return l.SecretContainers.Create(ctx, request)
		}
	}
	const ref loadbalancer.KeyManagerRef = keyManagerURL + "/containers/ea2e90fc-1ba2-412b-b7a0-61da4402bf58"
	apitest.CheckCreate(t, wantKey(operation, http.MethodPost, "/containers", "@"), documented(operation), ref, on(create(loadbalancer.SecretContainerCreateRequest{
		Type: loadbalancer.ContainerCertificate, Name: "test cert",
		Secrets: []loadbalancer.ContainerSecret{{
			Name: loadbalancer.ContainedPrivateKey, Ref: "https://kr1-api-key-manager-infrastructure.nhncloudservice.com/cf11edcf-f475-47f3-92c3-29de8bcdd639",
		}},
	})))
	decodes(t, wantKey(operation, http.MethodPost, "/containers", `{"type": "generic"}`), documented(operation), ref, create(loadbalancer.SecretContainerCreateRequest{Type: loadbalancer.ContainerGeneric}))
	for field, request := range map[string]loadbalancer.SecretContainerCreateRequest{
		"Type":                            {},
		"Secrets[0].Ref, Secrets[1].Name": {Type: loadbalancer.ContainerRSA, Secrets: []loadbalancer.ContainerSecret{{Name: loadbalancer.ContainedPublicKey}, {Ref: "https://k/v1/secrets/s"}}},
	} {
		refuses(t, operation, field, func(ctx context.Context, l *loadbalancer.Client) error {
			_, err := create(request)(ctx, l)
			return err
		})
	}
}

func TestKeyManagerDelete(t *testing.T) {
	t.Parallel()
	for operation, test := range map[string]struct {
		path, field string
		del         func(ctx context.Context, l *loadbalancer.Client, id string) error
	}{
		"loadbalancer-v1-delete-secret": {"/secrets", "secretId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
			return l.Secrets.Delete(ctx, id)
		}},
		"loadbalancer-v1-delete-secret-container": {"/containers", "containerId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
			return l.SecretContainers.Delete(ctx, id)
		}},
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			apitest.CheckEmpty(t, wantKey(operation, http.MethodDelete, test.path+"/x1", ""), apitest.Reply{Status: http.StatusNoContent}, func(ctx context.Context, client *nhncloud.Client) error {
				return test.del(ctx, loadbalancer.New(client), "x1")
			})
			refusesIDs(t, operation, test.field, test.del)
		})
	}
}
