package nks

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// AddonsService calls the operations on add-ons: on those that NKS offers, and on
// those of a cluster.
type AddonsService struct{ client *nhncloud.Client }

// AddonType is a purpose that an add-on serves.
type AddonType struct {
	UUID      string `json:"uuid" wire:"required"`
	Name      string `json:"name"`      // such as "cni" or "kube-dns"
	Mandatory bool   `json:"mandatory"` // a cluster can't do without one of the type
}

// Addon is an add-on that NKS offers, in one version.
type Addon struct {
	UUID          string              `json:"uuid" wire:"required"`
	Type          string              `json:"type"` // name of the [AddonType]
	Name          string              `json:"name"` // such as "calico"
	Version       string              `json:"version"`
	Description   string              `json:"description"`
	OptionSchemas []AddonOptionSchema `json:"option_schemas"`
	DeployTarget  string              `json:"deploy_target"`   // the guide says that it is for NKS itself
	K8sMinVersion string              `json:"k8s_min_version"` // as DeployTarget; "" for any
	K8sMaxVersion string              `json:"k8s_max_version"` // as DeployTarget; "" for any
}

// AddonOptionSchema tells what an option of an add-on may be.
type AddonOptionSchema struct {
	Name      string          `json:"name"`
	DataType  AddonOptionType `json:"data_type"`
	Default   string          `json:"default"`
	Updatable bool            `json:"updatable"`
	Mandatory bool            `json:"mandatory"`
	Choices   []string        `json:"choices"` // of [AddonOptionSelect]
}

// AddonOptionType is the type of an option of an add-on. It is an open type.
type AddonOptionType string

// The types of an option.
const (
	AddonOptionString  AddonOptionType = "STRING"
	AddonOptionInteger AddonOptionType = "INTEGER"
	AddonOptionSelect  AddonOptionType = "SELECT"
)

// ListTypes returns the types of add-ons.
//
// API: GET /v1/addon_types/ (nks-list-addon-types; Container-Kubernetes en/public-api.md)
func (s *AddonsService) ListTypes(ctx context.Context) ([]*AddonType, error) {
	return nhncloud.FetchList[AddonType](ctx, s.client, nhncloud.Request{
		Operation:   "nks-list-addon-types",
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodGet,
		Path:        "/v1/addon_types/",
		ResponseKey: "addon_types",
	})
}

// GetType returns a type of add-ons by its UUID or name.
//
// API: GET /v1/addon_types/{ADDON_TYPE_UUID_OR_NAME} (nks-get-addon-type; Container-Kubernetes en/public-api.md)
func (s *AddonsService) GetType(ctx context.Context, addonType string) (*AddonType, error) {
	return nhncloud.Fetch[AddonType](ctx, s.client, nhncloud.Request{
		Operation: "nks-get-addon-type",
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/addon_types/{ADDON_TYPE_UUID_OR_NAME}",
		Args:      []string{addonType},
	})
}

// List returns the add-ons that NKS offers, each version by itself.
//
// API: GET /v1/addons/ (nks-list-addons; Container-Kubernetes en/public-api.md)
func (s *AddonsService) List(ctx context.Context) ([]*Addon, error) {
	return nhncloud.FetchList[Addon](ctx, s.client, nhncloud.Request{
		Operation:   "nks-list-addons",
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodGet,
		Path:        "/v1/addons/",
		ResponseKey: "addons",
	})
}

// Get returns an add-on that NKS offers.
//
// API: GET /v1/addons/{ADDON_UUID} (nks-get-addon; Container-Kubernetes en/public-api.md)
func (s *AddonsService) Get(ctx context.Context, uuid string) (*Addon, error) {
	return nhncloud.Fetch[Addon](ctx, s.client, nhncloud.Request{
		Operation: "nks-get-addon",
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/addons/{ADDON_UUID}",
		Args:      []string{uuid},
	})
}
