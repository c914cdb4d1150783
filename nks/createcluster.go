package nks

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// DefaultNodeGroup and ControlPlane are the names of the node groups that each
// cluster has. Only [ClustersService.Upgrade] and [NodeGroupsService.Upgrade]
// have to do with the one of the control plane.
const (
	DefaultNodeGroup = "default-worker"
	ControlPlane     = "default-master"
)

// ClusterCreateRequest describes a cluster to create. All fields but the last
// three are required. For most clusters the fields of [SimpleCluster] do.
type ClusterCreateRequest struct {
	Name           string        `json:"name"`
	KeyName        string        `json:"keypair"`       // key pair for the nodes
	FlavorID       string        `json:"flavor_id"`     // of the nodes
	FixedNetworkID string        `json:"fixed_network"` // VPC
	FixedSubnetID  string        `json:"fixed_subnet"`  // for the nodes
	NodeCount      int           `json:"node_count"`    // nodes of the default worker group
	Labels         ClusterLabels `json:"labels"`
	CreateTimeout  int           `json:"create_timeout,omitzero"` // minutes; the guide has it in its example alone
	Addons         []AddonChoice `json:"addons,omitzero"`         // to install; nil for those of the service
	// APIEndpointIPACL limits who reaches the Kubernetes API from the beginning. The
	// guide does not have it here; NHN Cloud's own fork of gophercloud does.
	APIEndpointIPACL *APIEndpointIPACL `json:"api_ep_ipacl,omitzero"`
}

// AddonChoice is an add-on that a cluster is created with.
type AddonChoice struct {
	Name    string         `json:"name"`
	Version string         `json:"version"`
	Options map[string]any `json:"options,omitzero"` // by the names of [AddonOptionSchema]
}

// clusterCreateBody is the body of a creation: the public request plus what is
// derived from it.
type clusterCreateBody struct {
	ClusterCreateRequest
	ClusterTemplateID string         `json:"cluster_template_id"`
	Labels            map[string]any `json:"labels"`
	APIEndpointIPACL  *ipACLBody     `json:"api_ep_ipacl,omitzero"`
}

const createCluster = "nks-create-cluster"

func (r *ClusterCreateRequest) check() error {
	var check nhncloud.ArgumentCheck
	check.Required("Name", r.Name)
	check.Required("KeyName", r.KeyName)
	check.Required("FlavorID", r.FlavorID)
	check.Required("FixedNetworkID", r.FixedNetworkID)
	check.Required("FixedSubnetID", r.FixedSubnetID)
	check.RefuseIf(r.NodeCount <= 0, "NodeCount", "must be positive")
	check.RefuseIf(r.CreateTimeout < 0, "CreateTimeout", "must not be negative")
	r.Labels.check(&check)
	for i, addon := range r.Addons {
		field := indexed("Addons", i)
		check.Required(field+".Name", addon.Name)
		check.Required(field+".Version", addon.Version)
	}
	if r.APIEndpointIPACL != nil {
		r.APIEndpointIPACL.check(&check, "APIEndpointIPACL.")
	}
	return check.Err(createCluster)
}

// Create begins to create a cluster and returns its UUID. It takes about ten
// minutes; wait with [ClustersService.WaitForComplete]. The label cert_manager_api
// and the template of the cluster, which can only have one value, are filled in.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [ClustersService.All] shows two clusters of the Name, which both cost
// until they are deleted.
//
// API: POST /v1/clusters (nks-create-cluster; Container-Kubernetes en/public-api.md)
func (s *ClustersService) Create(ctx context.Context, request ClusterCreateRequest) (uuid string, err error) {
	if err := request.check(); err != nil {
		return "", err
	}
	request.Labels.CertManagerAPI = true
	body := clusterCreateBody{
		ClusterCreateRequest: request,
		ClusterTemplateID:    "iaas_console",
		Labels:               request.Labels.body(),
	}
	if request.APIEndpointIPACL != nil {
		body.APIEndpointIPACL = request.APIEndpointIPACL.body()
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   createCluster,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPost,
		Path:        "/v1/clusters",
		Body:        body,
		ResponseKey: "uuid",
		Secrets:     request.Labels.secrets(),
	})
}
