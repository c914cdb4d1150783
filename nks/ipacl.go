package nks

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nks/internal/label"
)

// APIEndpointIPACL tells from which addresses the Kubernetes API of a cluster can
// be reached. Where it is enabled, Action and Targets are required.
type APIEndpointIPACL struct {
	ClusterUUID string        `json:"cluster_uuid,omitzero"` // in answers
	Enable      bool          `json:"enable"`
	Action      IPACLAction   `json:"action,omitzero"`
	Targets     []IPACLTarget `json:"ipacl_targets,omitzero"`
}

// IPACLAction is what is done with the addresses of a list. It is an open type.
type IPACLAction string

// The actions of an [APIEndpointIPACL].
const (
	IPACLAllow IPACLAction = "ALLOW" // nobody else gets in
	IPACLDeny  IPACLAction = "DENY"
)

// IPACLTarget is an address of an [APIEndpointIPACL].
type IPACLTarget struct {
	CIDRAddress string `json:"cidr_address"` // an IP address, or a network such as "10.10.22.0/24"
	Description string `json:"description,omitzero"`
}

// ipACLBody is an APIEndpointIPACL on its way, where enable is a text.
type ipACLBody struct {
	APIEndpointIPACL
	ClusterUUID string `json:"cluster_uuid,omitzero"`
	Enable      string `json:"enable"`
}

func (a *APIEndpointIPACL) body() *ipACLBody {
	return &ipACLBody{APIEndpointIPACL: *a, Enable: label.Bool(a.Enable)}
}

func (a *APIEndpointIPACL) check(check *nhncloud.ArgumentCheck, prefix string) {
	if a.Enable {
		check.Required(prefix+"Action", string(a.Action))
		check.RefuseIf(len(a.Targets) == 0, prefix+"Targets", "must not be empty")
	}
	for i, target := range a.Targets {
		check.Required(indexed(prefix+"Targets", i)+".CIDRAddress", target.CIDRAddress)
	}
}

// GetAPIEndpointIPACL returns from which addresses the Kubernetes API of a cluster
// can be reached.
//
// API: GET /v1/clusters/{CLUSTER_ID_OR_NAME}/api_ep_ipacl (nks-get-api-endpoint-ipacl; Container-Kubernetes en/public-api.md)
func (s *ClustersService) GetAPIEndpointIPACL(ctx context.Context, cluster string) (*APIEndpointIPACL, error) {
	return nhncloud.Fetch[APIEndpointIPACL](ctx, s.client, nhncloud.Request{
		Operation: "nks-get-api-endpoint-ipacl",
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/clusters/{CLUSTER_ID_OR_NAME}/api_ep_ipacl",
		Args:      []string{cluster},
	})
}

// SetAPIEndpointIPACL begins to change from which addresses the Kubernetes API of a
// cluster can be reached, and returns the UUID of the cluster. The list takes the
// place of the one before; one that is not enabled lets everybody in. Wait with
// [ClustersService.WaitForComplete].
//
// API: POST /v1/clusters/{CLUSTER_ID_OR_NAME}/api_ep_ipacl (nks-set-api-endpoint-ipacl; Container-Kubernetes en/public-api.md)
func (s *ClustersService) SetAPIEndpointIPACL(ctx context.Context, cluster string, acl APIEndpointIPACL) (uuid string, err error) {
	const operation = "nks-set-api-endpoint-ipacl"
	var check nhncloud.ArgumentCheck
	acl.check(&check, "")
	if err := check.Err(operation); err != nil {
		return "", err
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPost,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/api_ep_ipacl",
		Args:        []string{cluster},
		Body:        acl.body(),
		ResponseKey: "uuid",
	})
}
