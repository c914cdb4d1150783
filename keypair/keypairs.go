package keypair

import (
	"context"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/keyfile"
)

// KeyPairsService calls the operations on key pairs.
type KeyPairsService struct{ client *nhncloud.Client }

// KeyPair is a key pair for logging in to servers. Which fields are filled
// depends on the call.
type KeyPair struct {
	Name        string `json:"name"`
	PublicKey   string `json:"public_key"`  // one line as in authorized_keys
	Fingerprint string `json:"fingerprint"` // such as "SHA256:…"
	// PrivateKey comes once, when the service has generated the pair, in PEM
	// form. It does not print itself.
	PrivateKey nhncloud.Secret `json:"private_key"`
	UserID     string          `json:"user_id"`    // not in listings
	ID         int             `json:"id"`         // of Get alone
	Deleted    bool            `json:"deleted"`    // of Get alone
	CreatedAt  time.Time       `json:"created_at"` // of Get alone
	UpdatedAt  time.Time       `json:"updated_at"` // of Get alone; zero when never
	DeletedAt  time.Time       `json:"deleted_at"` // of Get alone; zero when never
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

// List returns the key pairs of the user.
//
// API: GET /v2/{tenantId}/os-keypairs (keypair-v2-list-keypairs; Compute-Instance en/public-api.md)
func (s *KeyPairsService) List(ctx context.Context) ([]*KeyPair, error) {
	wrapped, err := nhncloud.Fetch[[]struct {
		KeyPair *KeyPair `json:"keypair"`
	}](ctx, s.client, nhncloud.Request{
		Operation:   "keypair-v2-list-keypairs",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/os-keypairs",
		ResponseKey: "keypairs",
	})
	if err != nil {
		return nil, err
	}
	pairs := make([]*KeyPair, 0, len(*wrapped))
	for _, w := range *wrapped {
		if w.KeyPair != nil {
			pairs = append(pairs, w.KeyPair)
		}
	}
	return pairs, nil
}

// Get returns a key pair, without its private key.
//
// API: GET /v2/{tenantId}/os-keypairs/{keypairName} (keypair-v2-get-keypair; Compute-Instance en/public-api.md)
func (s *KeyPairsService) Get(ctx context.Context, name string) (*KeyPair, error) {
	return nhncloud.Fetch[KeyPair](ctx, s.client, nhncloud.Request{
		Operation:   "keypair-v2-get-keypair",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/os-keypairs/{keypairName}",
		Args:        []string{name},
		ResponseKey: "keypair",
	})
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
// API: POST /v2/{tenantId}/os-keypairs (keypair-v2-create-keypair; Compute-Instance en/public-api.md)
func (s *KeyPairsService) Create(ctx context.Context, name string) (*KeyPair, error) {
	return s.create(ctx, name, nil)
}

// Import registers a public key of the caller's own, in one line as in
// authorized_keys. A name that is taken is an [nhncloud.ErrConflict]. It is
// repeated as Create is, unless [nhncloud.NoRetry] forbids it; if the service had
// acted all the same, [KeyPairsService.Get] shows the public key.
//
// API: POST /v2/{tenantId}/os-keypairs (keypair-v2-create-keypair; Compute-Instance en/public-api.md)
func (s *KeyPairsService) Import(ctx context.Context, name, publicKey string) (*KeyPair, error) {
	return s.create(ctx, name, &publicKey)
}

func (s *KeyPairsService) create(ctx context.Context, name string, publicKey *string) (*KeyPair, error) {
	const operation = "keypair-v2-create-keypair"
	var check nhncloud.ArgumentCheck
	check.Required("name", name)
	check.RefuseIf(publicKey != nil && *publicKey == "", "publicKey", "must not be empty")
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	type pair struct {
		Name      string  `json:"name"`
		PublicKey *string `json:"public_key,omitzero"`
	}
	return nhncloud.Fetch[KeyPair](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodPost,
		Path:        "/v2/{tenantId}/os-keypairs",
		Body:        map[string]pair{"keypair": {name, publicKey}},
		ResponseKey: "keypair",
		Sensitive:   true,
	})
}

// Delete deletes a key pair. Servers that were created with it stay as they
// are.
//
// API: DELETE /v2/{tenantId}/os-keypairs/{keypairName} (keypair-v2-delete-keypair; Compute-Instance en/public-api.md)
func (s *KeyPairsService) Delete(ctx context.Context, name string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "keypair-v2-delete-keypair",
		Service:   nhncloud.ServiceCompute,
		Method:    http.MethodDelete,
		Path:      "/v2/{tenantId}/os-keypairs/{keypairName}",
		Args:      []string{name},
	}, nil)
}
