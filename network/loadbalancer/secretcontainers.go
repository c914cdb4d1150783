package loadbalancer

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// SecretContainersService calls the operations on the containers of the key
// manager, which hold together what belongs together, such as a certificate and
// its private key. A listener takes the address of one.
type SecretContainersService struct{ client *nhncloud.Client }

// SecretContainer is a container of secrets.
type SecretContainer struct {
	Ref        KeyManagerRef       `json:"container_ref"` // its address, with its id at the end
	Name       string              `json:"name"`
	Type       ContainerType       `json:"type"`
	Status     KeyManagerStatus    `json:"status"`
	CreatorID  string              `json:"creator_id"`
	Created    time.Time           `json:"created"`
	Updated    time.Time           `json:"updated"`
	Secrets    []ContainerSecret   `json:"secret_refs"`
	Consumers  []ContainerConsumer `json:"consumers"`   // that are registered as using it
	CommonName string              `json:"common_name"` // this and the next one are of ContainerCertificate
	Expiration time.Time           `json:"expiration"`  // of the certificate
}

// ContainerSecret is a secret in a container.
type ContainerSecret struct {
	Name ContainerSecretName `json:"name"`
	Ref  KeyManagerRef       `json:"secret_ref"`
}

// ContainerConsumer is what uses a container.
type ContainerConsumer struct {
	Name string `json:"name"`
	URL  string `json:"URL"`
}

// ContainerType is what a container holds. It is an open type.
type ContainerType string

// The types of containers.
const (
	ContainerGeneric     ContainerType = "generic"
	ContainerRSA         ContainerType = "rsa"
	ContainerCertificate ContainerType = "certificate"
)

// ContainerSecretName is what a secret is in its container. It is an open type.
type ContainerSecretName string

// What a secret is in a container. [ContainerCertificate] has all but the last,
// [ContainerRSA] the private key with its passphrase and the public key.
const (
	ContainedCertificate   ContainerSecretName = "certificate"
	ContainedPrivateKey    ContainerSecretName = "private_key"
	ContainedPassphrase    ContainerSecretName = "private_key_passphrase"
	ContainedIntermediates ContainerSecretName = "intermediates"
	ContainedPublicKey     ContainerSecretName = "public_key"
)

// SecretContainerListOptions chooses a part of the containers. A nil pointer and
// zero fields stand for all of them.
type SecretContainerListOptions struct {
	Limit  int `url:"limit,omitempty"`  // of a page; 0 for that of the service, which is 10
	Offset int `url:"offset,omitempty"` // how many to leave out before the first one wanted
}

type secretContainerPage struct {
	Items []*SecretContainer `json:"containers"`
	Next  string             `json:"next"`
}

const listSecretContainers = "loadbalancer-v1-list-secret-containers"

func (s *SecretContainersService) page(ctx context.Context, options *SecretContainerListOptions, next url.Values) (*linked.Page[SecretContainer], error) {
	var o SecretContainerListOptions
	if options != nil {
		o = *options
	}
	if err := linked.CheckPaging(listSecretContainers, o.Limit, o.Offset); err != nil {
		return nil, err
	}
	if err := turnTo(listSecretContainers, next, &o.Limit, &o.Offset); err != nil {
		return nil, err
	}
	page, err := nhncloud.Fetch[secretContainerPage](ctx, s.client, nhncloud.Request{
		Operation: listSecretContainers,
		Service:   nhncloud.ServiceKeyManager,
		Method:    http.MethodGet,
		Path:      "/v1/containers",
		Query:     o,
	})
	return (*linked.NextPage[SecretContainer])(page).Linked(), err
}

// List returns one page of containers. Use [SecretContainersService.All] for all
// of them.
//
// API: GET /v1/containers (loadbalancer-v1-list-secret-containers; Network-Load-Balancer en/public-api.md)
func (s *SecretContainersService) List(ctx context.Context, options *SecretContainerListOptions) ([]*SecretContainer, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all containers; it fetches page after page while
// the loop goes on.
func (s *SecretContainersService) All(ctx context.Context, options *SecretContainerListOptions) iter.Seq2[*SecretContainer, error] {
	return linked.All(listSecretContainers, func(next url.Values) (*linked.Page[SecretContainer], error) { return s.page(ctx, options, next) })
}

// Get returns a container. For the id of a reference, see [KeyManagerRef.ID].
//
// API: GET /v1/containers/{containerId} (loadbalancer-v1-get-secret-container; Network-Load-Balancer en/public-api.md)
func (s *SecretContainersService) Get(ctx context.Context, id string) (*SecretContainer, error) {
	return nhncloud.Fetch[SecretContainer](ctx, s.client, nhncloud.Request{
		Operation: "loadbalancer-v1-get-secret-container",
		Service:   nhncloud.ServiceKeyManager,
		Method:    http.MethodGet,
		Path:      "/v1/containers/{containerId}",
		Args:      []string{id},
	})
}

// SecretContainerCreateRequest describes a container to create. Type is required.
type SecretContainerCreateRequest struct {
	Type    ContainerType     `json:"type"`
	Name    string            `json:"name,omitzero"`
	Secrets []ContainerSecret `json:"secret_refs,omitzero"`
}

// Create creates a container and returns its address, which a listener takes.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [SecretContainersService.List] shows two of the Name.
//
// API: POST /v1/containers (loadbalancer-v1-create-secret-container; Network-Load-Balancer en/public-api.md)
func (s *SecretContainersService) Create(ctx context.Context, request SecretContainerCreateRequest) (KeyManagerRef, error) {
	const operation = "loadbalancer-v1-create-secret-container"
	var check nhncloud.ArgumentCheck
	check.Required("Type", string(request.Type))
	for i, secret := range request.Secrets {
		check.Required(fmt.Sprintf("Secrets[%d].Name", i), string(secret.Name))
		check.Required(fmt.Sprintf("Secrets[%d].Ref", i), string(secret.Ref))
	}
	if err := check.Err(operation); err != nil {
		return "", err
	}
	created, err := nhncloud.Fetch[struct {
		Ref KeyManagerRef `json:"container_ref"`
	}](ctx, s.client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceKeyManager,
		Method:    http.MethodPost,
		Path:      "/v1/containers",
		Body:      request,
	})
	if err != nil {
		return "", err
	}
	return created.Ref, nil
}

// Delete deletes a container, and leaves the secrets.
//
// API: DELETE /v1/containers/{containerId} (loadbalancer-v1-delete-secret-container; Network-Load-Balancer en/public-api.md)
func (s *SecretContainersService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v1-delete-secret-container",
		Service:   nhncloud.ServiceKeyManager,
		Method:    http.MethodDelete,
		Path:      "/v1/containers/{containerId}",
		Args:      []string{id},
	}, nil)
}
