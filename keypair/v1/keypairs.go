package keypairv1

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/keyfile"
)

// KeyPairsService calls the operations on key pairs.
type KeyPairsService struct{ client *nhncloud.Client }

// KeyPair is a key pair for logging in to instances. Which fields are filled
// depends on the call.
type KeyPair struct {
	Name        string `json:"name"`
	PublicKey   string `json:"publicKey"` // one line as in authorized_keys
	Fingerprint string `json:"fingerprint"`
	// PrivateKey comes once, when the service has generated the pair, in PEM
	// form. It does not print itself.
	PrivateKey nhncloud.Secret `json:"privateKey"`
	CreatedAt  time.Time       `json:"createdAt"` // of Get alone
}

// SavePrivateKey writes the private key to a new file of mode 0600, as ssh
// wants it. It does not overwrite: a file that exists is an error that
// [errors.Is] finds to be [os.ErrExist].
func (k *KeyPair) SavePrivateKey(path string) error {
	if k.PrivateKey == "" {
		return nhncloud.NewArgumentError("", "PrivateKey", "is empty; the service gives it only when it generates the pair")
	}
	return keyfile.Write(path, string(k.PrivateKey))
}

// List returns the key pairs.
//
// API: GET /v1.0/appkeys/{appkey}/keypairs (keypair-v1-list-keypairs; Compute-Instance en/old/api-guide.md)
func (s *KeyPairsService) List(ctx context.Context) ([]*KeyPair, error) {
	return nhncloud.FetchList[KeyPair](ctx, s.client, nhncloud.Request{
		Operation:   "keypair-v1-list-keypairs",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/keypairs",
		ResponseKey: "keypairs",
	})
}

// Get returns a key pair, without its private key.
//
// API: GET /v1.0/appkeys/{appkey}/keypairs (keypair-v1-list-keypairs; Compute-Instance en/old/api-guide.md)
func (s *KeyPairsService) Get(ctx context.Context, name string) (*KeyPair, error) {
	const operation = "keypair-v1-list-keypairs"
	if err := nhncloud.CheckID(operation, "keypairName", name); err != nil {
		return nil, err
	}
	return nhncloud.FetchOne(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/keypairs",
		Query:       url.Values{"name": {name}},
		ResponseKey: "keypairs",
	}, func(k *KeyPair) bool { return k.Name == name })
}

// Create lets the service generate a key pair and returns it with its private
// key, which can't be had again. A name that is taken is an
// [nhncloud.ErrConflict].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call finds the name taken, and the private key is lost:
// delete the key pair and create it again.
//
// API: POST /v1.0/appkeys/{appkey}/keypairs (keypair-v1-create-keypair; Compute-Instance en/old/api-guide.md)
func (s *KeyPairsService) Create(ctx context.Context, name string) (*KeyPair, error) {
	return s.create(ctx, name, nil)
}

// Import registers a public key of the caller's own, in one line as in
// authorized_keys. A name that is taken is an [nhncloud.ErrConflict]. It is
// repeated as Create is, unless [nhncloud.NoRetry] forbids it; if the service had
// acted all the same, [KeyPairsService.Get] shows the public key.
//
// API: POST /v1.0/appkeys/{appkey}/keypairs (keypair-v1-create-keypair; Compute-Instance en/old/api-guide.md)
func (s *KeyPairsService) Import(ctx context.Context, name, publicKey string) (*KeyPair, error) {
	return s.create(ctx, name, &publicKey)
}

func (s *KeyPairsService) create(ctx context.Context, name string, publicKey *string) (*KeyPair, error) {
	const operation = "keypair-v1-create-keypair"
	var check nhncloud.ArgumentCheck
	check.Required("name", name)
	check.RefuseIf(publicKey != nil && *publicKey == "", "publicKey", "must not be empty")
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	type pair struct {
		Name      string  `json:"name"`
		PublicKey *string `json:"publicKey,omitzero"`
	}
	return nhncloud.Fetch[KeyPair](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodPost,
		Path:        "/v1.0/appkeys/{appkey}/keypairs",
		Body:        map[string]pair{"keypair": {name, publicKey}},
		ResponseKey: "keypair",
		Sensitive:   true,
	})
}

// Delete deletes a key pair. Instances that were created with it stay as they
// are.
//
// API: DELETE /v1.0/appkeys/{appkey}/keypairs (keypair-v1-delete-keypair; Compute-Instance en/old/api-guide.md)
func (s *KeyPairsService) Delete(ctx context.Context, name string) error {
	const operation = "keypair-v1-delete-keypair"
	if err := nhncloud.CheckID(operation, "keypairName", name); err != nil {
		return err
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceAppKey,
		Method:    http.MethodDelete,
		Path:      "/v1.0/appkeys/{appkey}/keypairs",
		Query:     url.Values{"name": {name}},
	}, nil)
}
