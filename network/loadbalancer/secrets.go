package loadbalancer

import (
	"context"
	"encoding/base64"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// SecretsService calls the operations on the secrets of the key manager, such as
// certificates and their private keys. No call returns what is in one.
type SecretsService struct{ client *nhncloud.Client }

// Secret is what is known of a secret of the key manager, but for its content.
type Secret struct {
	Ref          KeyManagerRef     `json:"secret_ref"` // its address, with its id at the end
	Name         string            `json:"name"`
	Type         SecretType        `json:"secret_type"`
	Status       KeyManagerStatus  `json:"status"`
	ContentTypes map[string]string `json:"content_types"` // of the payload; "default" is the one it has
	CreatorID    string            `json:"creator_id"`
	Created      time.Time         `json:"created"`
	Updated      time.Time         `json:"updated"`
	Expiration   time.Time         `json:"expiration"` // when it is deleted; zero for never
	Algorithm    string            `json:"algorithm"`  // this and the next two are as they were given
	BitLength    int               `json:"bit_length"`
	Mode         string            `json:"mode"`
}

// SecretType is what a secret is. It is an open type.
type SecretType string

// The types of secrets.
const (
	SecretSymmetric   SecretType = "symmetric"
	SecretPublic      SecretType = "public"
	SecretPrivate     SecretType = "private"
	SecretPassphrase  SecretType = "passphrase"
	SecretCertificate SecretType = "certificate"
	SecretOpaque      SecretType = "opaque"
)

// The content types of payloads.
const (
	ContentTypeText        = "text/plain" // such as PEM
	ContentTypeBinary      = "application/octet-stream"
	ContentTypePKCS8       = "application/pkcs8"
	ContentTypeCertificate = "application/pkix-cert"
)

// SecretListOptions narrows a listing of secrets. A nil pointer and zero fields
// stand for all of them.
type SecretListOptions struct {
	Name      string `url:"name,omitempty"`
	Algorithm string `url:"alg,omitempty"`
	Mode      string `url:"mode,omitempty"`
	BitLength int    `url:"bits,omitempty"`
	Limit     int    `url:"limit,omitempty"`  // of a page; 0 for that of the service, which is 10
	Offset    int    `url:"offset,omitempty"` // how many to leave out before the first one wanted
}

type secretPage struct {
	Items []*Secret `json:"secrets"`
	Next  string    `json:"next"`
}

const listSecrets = "loadbalancer-v1-list-secrets"

func (s *SecretsService) page(ctx context.Context, options *SecretListOptions, next url.Values) (*linked.Page[Secret], error) {
	var o SecretListOptions
	if options != nil {
		o = *options
	}
	if err := linked.CheckPaging(listSecrets, o.Limit, o.Offset); err != nil {
		return nil, err
	}
	if err := turnTo(listSecrets, next, &o.Limit, &o.Offset); err != nil {
		return nil, err
	}
	page, err := nhncloud.Fetch[secretPage](ctx, s.client, nhncloud.Request{
		Operation: listSecrets,
		Service:   nhncloud.ServiceKeyManager,
		Method:    http.MethodGet,
		Path:      "/v1/secrets",
		Query:     o,
	})
	return (*linked.NextPage[Secret])(page).Linked(), err
}

// List returns one page of secrets. Use [SecretsService.All] for all of them.
//
// API: GET /v1/secrets (loadbalancer-v1-list-secrets; Network-Load-Balancer en/public-api.md)
func (s *SecretsService) List(ctx context.Context, options *SecretListOptions) ([]*Secret, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all secrets; it fetches page after page while the
// loop goes on.
func (s *SecretsService) All(ctx context.Context, options *SecretListOptions) iter.Seq2[*Secret, error] {
	return linked.All(listSecrets, func(next url.Values) (*linked.Page[Secret], error) { return s.page(ctx, options, next) })
}

// Get returns what is known of a secret. For the id of a reference, see
// [KeyManagerRef.ID].
//
// API: GET /v1/secrets/{secretId} (loadbalancer-v1-get-secret; Network-Load-Balancer en/public-api.md)
func (s *SecretsService) Get(ctx context.Context, id string) (*Secret, error) {
	return nhncloud.Fetch[Secret](ctx, s.client, nhncloud.Request{
		Operation: "loadbalancer-v1-get-secret",
		Service:   nhncloud.ServiceKeyManager,
		Method:    http.MethodGet,
		Path:      "/v1/secrets/{secretId}",
		Args:      []string{id},
	})
}

// SecretCreateRequest describes a secret to create. None of it is required; what
// has a Payload needs its PayloadContentType.
type SecretCreateRequest struct {
	Name       string     `json:"name,omitzero"`
	Type       SecretType `json:"secret_type,omitzero"` // "" for that of the service
	Expiration time.Time  `json:"expiration,omitzero"`  // when it is to be deleted; zero for never
	Algorithm  string     `json:"algorithm,omitzero"`   // this and the next two are for the caller's own use
	BitLength  int        `json:"bit_length,omitzero"`
	Mode       string     `json:"mode,omitzero"`
	// Payload is the content as it is, such as a private key in PEM. What is not
	// ContentTypeText is sent in base64. Without one it can be given later, with
	// [SecretsService.Update].
	Payload            nhncloud.Secret `json:"-"`
	PayloadContentType string          `json:"payload_content_type,omitzero"`
}

// Create creates a secret and returns its address, which a container takes.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [SecretsService.List] shows two of the Name.
//
// API: POST /v1/secrets (loadbalancer-v1-create-secret; Network-Load-Balancer en/public-api.md)
func (s *SecretsService) Create(ctx context.Context, request SecretCreateRequest) (KeyManagerRef, error) {
	const operation = "loadbalancer-v1-create-secret"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request.BitLength < 0, "BitLength", "must not be negative")
	check.RefuseIf(request.Payload != "" && request.PayloadContentType == "", "PayloadContentType", "must not be empty with a Payload")
	check.RefuseIf(request.Payload == "" && request.PayloadContentType != "", "Payload", "must not be empty with a PayloadContentType")
	if err := check.Err(operation); err != nil {
		return "", err
	}
	body := struct {
		SecretCreateRequest
		Expiration string `json:"expiration,omitzero"`
		Payload    string `json:"payload,omitzero"`
		Encoding   string `json:"payload_content_encoding,omitzero"`
	}{SecretCreateRequest: request, Payload: string(request.Payload)}
	if !request.Expiration.IsZero() {
		body.Expiration = request.Expiration.UTC().Format("2006-01-02T15:04:05.000000Z")
	}
	if request.Payload != "" && request.PayloadContentType != ContentTypeText {
		body.Payload, body.Encoding = base64.StdEncoding.EncodeToString([]byte(request.Payload)), "base64"
	}
	var secrets []nhncloud.Secret // services quote what they refuse
	if request.Payload != "" {
		secrets = []nhncloud.Secret{request.Payload, nhncloud.Secret(body.Payload)}
	}
	created, err := nhncloud.Fetch[struct {
		Ref KeyManagerRef `json:"secret_ref"`
	}](ctx, s.client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceKeyManager,
		Method:    http.MethodPost,
		Path:      "/v1/secrets",
		Body:      body,
		Secrets:   secrets,
	})
	if err != nil {
		return "", err
	}
	return created.Ref, nil
}

// Update gives a secret that was created without one its payload, as it is. The
// content type is one such as [ContentTypeText], which "" stands for. OpenStack refuses it
// for a secret that has a payload already.
//
// The guide shows the payload in JSON, and says that the content type of the
// request is that of the payload; it is sent the second way, which is that of
// OpenStack.
//
// API: PUT /v1/secrets/{secretId} (loadbalancer-v1-update-secret; Network-Load-Balancer en/public-api.md)
func (s *SecretsService) Update(ctx context.Context, id, contentType string, payload nhncloud.Secret) error {
	const operation = "loadbalancer-v1-update-secret"
	if payload == "" {
		return nhncloud.NewArgumentError(operation, "payload", "must not be empty")
	}
	if contentType == "" {
		contentType = ContentTypeText
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceKeyManager,
		Method:    http.MethodPut,
		Path:      "/v1/secrets/{secretId}",
		Args:      []string{id},
		Body:      nhncloud.NewBodyBytes(contentType, []byte(payload)),
		Secrets:   []nhncloud.Secret{payload},
	}, nil)
}

// Delete deletes a secret. Take it out of use first: the guide does not say what
// becomes of a listener whose container has it.
//
// API: DELETE /v1/secrets/{secretId} (loadbalancer-v1-delete-secret; Network-Load-Balancer en/public-api.md)
func (s *SecretsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v1-delete-secret",
		Service:   nhncloud.ServiceKeyManager,
		Method:    http.MethodDelete,
		Path:      "/v1/secrets/{secretId}",
		Args:      []string{id},
	}, nil)
}
